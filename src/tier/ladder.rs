//! The ladder of one customer: at which value which tier begins, is entered and is kept.

use super::calibration::TierCalibration;
use super::policy::{Dampening, Steps, TierMethod, TierPolicy};
use super::state::ReviewedTier;
use super::tiers::{Tier, TierOutside};
use crate::calibrated::Calibrated;
use crate::fixed::share_up;
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
        calibration: Calibrated<'_, TierCalibration>,
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
            // The least whole value that is beyond the limit by a margin.
            let moved = |share: i64| plain.and_then(|least| share_up(least, share));
            let promote = WHOLE.saturating_add(dampening.promote_margin.0.max(0));
            let keep = WHOLE.saturating_sub(dampening.demote_margin.0.clamp(0, WHOLE));
            Rung { plain, promote: moved(promote), keep: moved(keep).map(|least| least.max(1)) }
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
        self.dwelt_days >= self.dwell_days_min()
    }

    /// Where tiers change by one step, two steps are never taken on one day: a review that is asked for
    /// twice gives the same answer twice.
    pub(super) fn dwell_days_min(&self) -> i64 {
        let stay = i64::from(self.dampening.dwell_days_min);
        if self.one_step() { stay.max(1) } else { stay }
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

type Cuts = (Ties, Option<Cut>, Option<Cut>);

fn cuts(
    policy: &TierPolicy,
    calibration: Calibrated<'_, TierCalibration>,
) -> Result<Cuts, TierOutside> {
    let ties = match policy.basis.method {
        TierMethod::Limits { a, b, on_edge } => {
            let cut = |value| Some(Cut { value, edge: on_edge.edge() });
            return Ok((Ties::EqualBetter, cut(a), cut(b)));
        }
        TierMethod::ShareOfValue { ties, .. } | TierMethod::ShareOfCustomers { ties, .. } => ties,
    };
    match calibration {
        Calibrated::Known(section) if section.customers > 0 => Ok((ties, section.a, section.b)),
        Calibrated::Known(_) | Calibrated::Missing => Err(TierOutside::NotCalibrated),
        Calibrated::OtherPolicy => Err(TierOutside::OtherPolicy),
    }
}
