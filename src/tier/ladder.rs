//! The ladder of one customer: at which value which tier begins, is entered and is kept.

use super::calibration::TierCalibration;
use super::policy::{Dampening, Steps, TierMethod, TierPolicy};
use super::state::ReviewedTier;
use super::tiers::{Tier, TierOutside};
use crate::id::CustomerId;
use crate::rank::{Cut, Direction, Ranking, Ties};

/// The whole, in basis points.
const WHOLE: i64 = 10_000;

/// The least values of one tier, for one customer; `None` cannot be reached.
#[derive(Debug, Clone, Copy, Default)]
struct Rung {
    /// At the limit itself.
    plain: Option<i64>,
    /// To be promoted to the tier.
    promote: Option<i64>,
    /// To be kept in it.
    keep: Option<i64>,
}

/// Everything but the value that decides a tier. The dampening of the past is in it, so the tier is a
/// function of the value alone, and a rising one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ladder {
    a: Rung,
    b: Rung,
    pub(super) reviewed: Option<ReviewedTier>,
    pub(super) dwelt_days: i64,
    dampening: Dampening,
}

impl Ladder {
    pub(super) fn new(
        policy: &TierPolicy,
        calibration: &TierCalibration,
        key: CustomerId,
        reviewed: Option<ReviewedTier>,
        dwelt_days: i64,
    ) -> Result<Self, TierOutside> {
        let (ties, a, b) = cuts(policy, calibration)?;
        let dampening = policy.dampening;
        let ranking = Ranking { direction: Direction::MoreIsBetter, ties };
        let rung = |cut: Option<Cut>| {
            // Who brings nothing or less is in C, wherever the cut lies.
            let plain = cut.and_then(|cut| ranking.least(&cut, key)).map(|least| least.max(1));
            let moved = |margin: i64| plain.and_then(|least| shifted(least, margin));
            let demote = dampening.demote_margin.0.clamp(0, WHOLE).saturating_neg();
            Rung {
                plain,
                promote: moved(dampening.promote_margin.0.max(0)),
                keep: moved(demote).map(|least| least.max(1)),
            }
        };
        Ok(Self { a: rung(a), b: rung(b), reviewed, dwelt_days, dampening })
    }

    const fn rung(&self, tier: Tier) -> Rung {
        match tier {
            Tier::A => self.a,
            Tier::B => self.b,
            // Everybody is at least in C.
            Tier::C => {
                Rung { plain: Some(i64::MIN), promote: Some(i64::MIN), keep: Some(i64::MIN) }
            }
        }
    }

    pub(super) const fn plain_least(&self, tier: Tier) -> Option<i64> {
        self.rung(tier).plain
    }

    pub(super) const fn promote_least(&self, tier: Tier) -> Option<i64> {
        self.rung(tier).promote
    }

    pub(super) const fn keep_least(&self, tier: Tier) -> Option<i64> {
        self.rung(tier).keep
    }

    pub(super) fn has_dwelt(&self) -> bool {
        self.dwelt_days >= i64::from(self.dampening.dwell_days_min)
    }

    pub(super) fn dwell_days_min(&self) -> i64 {
        i64::from(self.dampening.dwell_days_min)
    }

    pub(super) fn one_step(&self) -> bool {
        self.dampening.steps == Steps::One
    }

    /// The tier of a value by the limits alone.
    pub(super) fn plain(&self, value: i64) -> Tier {
        self.best(|tier| self.plain_least(tier), value)
    }

    /// The tier that a value asks for, with margins and steps, but however short the stay.
    pub(super) fn asked(&self, value: i64) -> Tier {
        let Some(ReviewedTier { tier, .. }) = self.reviewed else { return self.plain(value) };
        let promoted = self.best(|tier| self.promote_least(tier), value);
        let kept = self.best(|tier| self.keep_least(tier), value);
        let (target, one) = if promoted.is_better_than(tier) {
            (promoted, tier.better())
        } else if tier.is_better_than(kept) {
            (kept, tier.worse())
        } else {
            return tier;
        };
        match (self.dampening.steps, one) {
            (Steps::One, Some(one)) => one,
            (Steps::One, None) | (Steps::Any, _) => target,
        }
    }

    /// The tier of a value.
    pub(super) fn settle(&self, value: i64) -> Tier {
        match self.reviewed {
            Some(ReviewedTier { tier, .. }) if !self.has_dwelt() => tier,
            Some(_) | None => self.asked(value),
        }
    }

    /// The values at which the tier can change, upwards from `value` and downwards; at most one each.
    pub(super) fn turns(&self, value: i64) -> (Option<i64>, Option<i64>) {
        let now = self.settle(value);
        let corners = [self.a, self.b].map(|rung| [rung.plain, rung.promote, rung.keep]);
        let corners = || corners.iter().flatten().filter_map(|corner| *corner);
        let up = corners().filter(|corner| *corner > value && self.settle(*corner) != now).min();
        let turns_below =
            |corner: i64| corner.checked_sub(1).is_some_and(|below| self.settle(below) != now);
        let down = corners().filter(|corner| *corner <= value && turns_below(*corner)).max();
        (up, down)
    }

    fn best(&self, least: impl Fn(Tier) -> Option<i64>, value: i64) -> Tier {
        let reached = |tier: &Tier| least(*tier).is_some_and(|least| value >= least);
        Tier::ALL.into_iter().find(reached).unwrap_or(Tier::C)
    }
}

/// A limit moved by a margin in basis points, rounded up: the least whole value beyond it.
fn shifted(limit: i64, margin: i64) -> Option<i64> {
    let share = i128::from(WHOLE).saturating_add(i128::from(margin));
    let moved = i128::from(limit).checked_mul(share)?;
    let least = moved.checked_add(i128::from(WHOLE).saturating_sub(1))?;
    i64::try_from(least.checked_div_euclid(i128::from(WHOLE))?).ok()
}

type Cuts = (Ties, Option<Cut>, Option<Cut>);

fn cuts(policy: &TierPolicy, calibration: &TierCalibration) -> Result<Cuts, TierOutside> {
    let ties = match policy.basis.method {
        TierMethod::Limits { a, b, on_edge } => {
            let cut = |value| Some(Cut { value, edge: on_edge.edge() });
            return Ok((Ties::EqualBetter, cut(a), cut(b)));
        }
        TierMethod::ShareOfValue { ties, .. } | TierMethod::ShareOfCustomers { ties, .. } => ties,
    };
    match &calibration.made_for {
        None => Err(TierOutside::NotCalibrated),
        Some(_) if calibration.customers == 0 => Err(TierOutside::NotCalibrated),
        Some(made_for) if *made_for != policy.basis => Err(TierOutside::OtherPolicy),
        Some(_) => Ok((ties, calibration.a, calibration.b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_moves_by_whole_values() {
        assert_eq!(shifted(100, 500), Some(105));
        assert_eq!(shifted(101, 500), Some(107));
        assert_eq!(shifted(101, -500), Some(96));
        assert_eq!(shifted(1, 1), Some(2));
        assert_eq!(shifted(1, -500), Some(1));
        assert_eq!(shifted(i64::MAX, 0), Some(i64::MAX));
        assert_eq!(shifted(i64::MAX, 1), None);
        assert_eq!(shifted(i64::MAX, -10_000), Some(0));
    }
}
