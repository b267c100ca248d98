//! Counterfactuals: what would have to be otherwise for the band to be another.
//!
//! A score never falls when one lever alone gets riskier, for a policy without faults: scales run
//! in the direction of their indicator, fading and weighing keep the order, a floor begins and a
//! cap ends where the indicator gets riskier. So the nearest value that changes the band is found
//! by halving. There is one step on the way: a one-time buyer who is silent for longer than those
//! of the base were observed is no longer compared with them, so either side of that day is
//! searched by itself.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::band::{RiskBand, RiskState};
use super::facts::ChurnFacts;
use super::indicator::Lever;
use super::rule::ChurnRule;
use super::rules::ChurnRules;
use super::tally::Tally;
use crate::explain::{Flip, Language, Measure, Reason, Speak};

/// One fact, what it is, and the nearest value at which the band would be another.
///
/// ```
/// use guanxi::churn::{ChurnCalibration, ChurnFacts, ChurnPolicy, ChurnRules, Lever, RiskBand};
/// use guanxi::{Currency, Day, Language, Speak};
///
/// let mut facts = ChurnFacts::new(Day::from_ymd(2026, 3, 31)?, Currency::USD);
/// facts.purchase_days = 12;
/// facts.silence_days = Some(62);
/// facts.usual_gap_days = Some(20);
///
/// let (policy, base) = (ChurnPolicy::default(), ChurnCalibration::default());
/// let rules = ChurnRules::new(&policy, &base);
/// let turns = rules.turns(&facts, None);
/// assert_eq!(
///     turns.iter().map(|turn| (turn.at, turn.band)).collect::<Vec<_>>(),
///     [(68, RiskBand::Critical), (50, RiskBand::Medium)],
/// );
/// let turn = turns[0];
/// assert_eq!(
///     turn.text(Language::English),
///     "silence of 68 days instead of 62 days, to critical risk"
/// );
///
/// // It is true: at that value the band is the other one, and not one day before.
/// let otherwise = facts.with_lever(turn.lever, turn.at);
/// assert_eq!(otherwise.lever(Lever::Silence), Some(68));
/// assert_eq!(rules.band(&facts, None), Some(RiskBand::High));
/// assert_eq!(rules.band(&otherwise, None), Some(RiskBand::Critical));
/// assert_eq!(rules.band(&facts.with_lever(turn.lever, 67), None), Some(RiskBand::High));
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Turn {
    /// The fact.
    pub lever: Lever,
    /// Its value, in the unit of the lever.
    pub now: i64,
    /// The nearest value, on one side, with another band.
    pub at: i64,
    /// That band.
    pub band: RiskBand,
    /// Both values with their unit, and the band.
    pub reason: Reason<ChurnRule>,
}

impl Speak for Turn {
    fn text(&self, language: Language) -> String {
        self.reason.text(language)
    }
}

impl Turn {
    /// The change as a share of the greater of both values: part and whole.
    fn share(&self) -> (u128, u128) {
        let part = self.now.abs_diff(self.at);
        let whole = self.now.unsigned_abs().max(self.at.unsigned_abs());
        (part.into(), whole.into())
    }

    fn smaller(&self, other: &Self) -> Ordering {
        let ((part, whole), (other_part, other_whole)) = (self.share(), other.share());
        part.saturating_mul(other_whole).cmp(&other_part.saturating_mul(whole))
    }
}

impl ChurnRules<'_> {
    /// The band alone; `None` when nothing can be said.
    ///
    /// [`Turn`] has an example.
    #[must_use]
    pub fn band(&self, facts: &ChurnFacts, last: Option<RiskState>) -> Option<RiskBand> {
        let last = last.map(|state| state.band);
        self.score(facts).ok().map(|score| self.policy.bands.band(score, last))
    }

    /// For every lever that counts, the nearest value below and the nearest above at which the band
    /// would be another, where there is one. The smallest change comes first: smallest as a share
    /// of the greater of both values, which compares days with money; of equal ones, the order of
    /// [`Lever`], and below before above.
    ///
    /// [`Turn`] has an example.
    #[must_use]
    pub fn turns(&self, facts: &ChurnFacts, last: Option<RiskState>) -> Vec<Turn> {
        let Some(band) = self.band(facts, last) else { return Vec::new() };
        let tally = Tally::of(facts, self.policy, self.base);
        let seen = tally.items().filter(|item| item.seen.is_some());
        let mut levers: Vec<Lever> = seen.map(|item| item.indicator.lever()).collect();
        // Silent for less long, the customer would be compared with the base.
        levers.extend(tally.base_days.map(|_| Lever::Silence));
        // Nor does the average of no orders count.
        let counts = |lever| levers.contains(&lever);
        levers.extend(counts(Lever::OrderValue).then_some(Lever::Orders));
        levers.sort_unstable();
        levers.dedup();
        let mut turns: Vec<Turn> = Vec::new();
        for lever in levers {
            let Some(now) = facts.lever(lever) else { continue };
            let range = facts.range(lever);
            let edge = self.edge(facts, lever);
            let band_at = |value| self.band(&facts.with_lever(lever, value), last);
            let differs = |value| band_at(value).is_some_and(|other| other != band);
            for end in [*range.start(), *range.end()] {
                let found = nearest_by_pieces(now, end, edge, differs);
                if let Some((at, other)) = found.and_then(|at| Some((at, band_at(at)?))) {
                    let reason = self.turn_reason(facts, lever, (now, at), other);
                    turns.push(Turn { lever, now, at, band: other, reason });
                }
            }
        }
        turns.sort_by(Turn::smaller);
        turns
    }

    /// The smallest change of one fact that would put the customer into another band, at the same
    /// instant and under the same policy, base and last band; `None` when there is none.
    ///
    /// [`ChurnRules`] has an example. [`turns`](Self::turns) says what is smallest, and lists the
    /// others.
    #[must_use]
    pub fn flip(&self, facts: &ChurnFacts, last: Option<RiskState>) -> Option<Flip<ChurnRule>> {
        self.turns(facts, last).first().map(|turn| Flip::Measure(turn.reason))
    }

    /// The last value of a lever before an indicator that it moves falls silent.
    fn edge(&self, facts: &ChurnFacts, lever: Lever) -> Option<i64> {
        let compares = lever == Lever::Silence && facts.is_one_time_buyer();
        compares.then(|| self.base.first_returns.observed_days().into())
    }

    fn turn_reason(
        &self,
        facts: &ChurnFacts,
        lever: Lever,
        (now, at): (i64, i64),
        band: RiskBand,
    ) -> Reason<ChurnRule> {
        if lever == Lever::Sponsor {
            let rule = if at == 0 { ChurnRule::WithSponsor } else { ChurnRule::WithoutSponsor };
            return Reason::new(rule(band), Measure::Missing, Measure::Missing);
        }
        let measure = |value| {
            if let Lever::Custom(slot) = lever {
                return self.policy.unit(slot).measure(value);
            }
            facts.measure(lever, value)
        };
        Reason::new(ChurnRule::Instead { lever, band }, measure(now), measure(at))
    }
}

/// The same where the way crosses `edge`: what differs on this side may differ no longer beyond it,
/// but on either side what [`nearest`] asks for holds.
fn nearest_by_pieces(
    now: i64,
    end: i64,
    edge: Option<i64>,
    differs: impl Fn(i64) -> bool,
) -> Option<i64> {
    // The last value on this side, and the first beyond.
    let (near, far) = match edge {
        Some(edge) if now <= edge && edge < end => (edge, edge.saturating_add(1)),
        Some(edge) if end <= edge && edge < now => (edge.saturating_add(1), edge),
        _ => return nearest(now, end, differs),
    };
    nearest(now, near, &differs)
        .or_else(|| if differs(far) { Some(far) } else { nearest(far, end, differs) })
}

/// The value nearest to `now`, on the way to `end`, that `differs`; `None` when not even `end`
/// does, or when `end` does not lie ahead.
///
/// Once a value differs, all beyond it must.
fn nearest(now: i64, end: i64, differs: impl Fn(i64) -> bool) -> Option<i64> {
    let distance = now.abs_diff(end);
    let step = |by: u64| {
        if end < now { now.saturating_sub_unsigned(by) } else { now.saturating_add_unsigned(by) }
    };
    if distance == 0 || !differs(end) {
        return None;
    }
    // Most changes are small, so ask near before asking far.
    let (mut same, mut other) = (0_u64, 1_u64);
    while other < distance && !differs(step(other)) {
        (same, other) = (other, other.saturating_mul(4).min(distance));
    }
    while other.saturating_sub(same) > 1 {
        let middle = same.midpoint(other);
        if differs(step(middle)) {
            other = middle;
        } else {
            same = middle;
        }
    }
    Some(step(other))
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_by_pieces};

    #[test]
    fn the_nearest_is_found_on_both_sides_and_at_the_ends() {
        for at in [1, 2, 3, 7, 64, 1_000, i64::MAX] {
            assert_eq!(nearest(0, i64::MAX, |value| value >= at), Some(at));
            assert_eq!(nearest(0, -i64::MAX, |value| value <= -at), Some(-at));
        }
        assert_eq!(nearest(0, 9, |value| value >= 9), Some(9));
        assert_eq!(nearest(0, 9, |value| value >= 10), None);
        assert_eq!(nearest(9, 9, |_| true), None);
        assert_eq!(nearest(i64::MIN, i64::MAX, |value| value == i64::MAX), Some(i64::MAX));
    }

    #[test]
    fn the_nearest_beyond_an_edge_is_found_too() {
        let find =
            |now, end, differs: fn(i64) -> bool| nearest_by_pieces(now, end, Some(10), differs);
        assert_eq!(find(3, 99, |value| (7..=10).contains(&value)), Some(7));
        assert_eq!(find(3, 99, |value| value == 10), Some(10));
        assert_eq!(find(3, 99, |value| value > 10), Some(11));
        assert_eq!(find(3, 99, |value| value > 50), Some(51));
        assert_eq!(find(3, 99, |_| false), None);
        assert_eq!(find(60, 0, |value| value <= 20 && value > 10), Some(20));
        assert_eq!(find(60, 0, |value| value <= 10), Some(10));
        assert_eq!(find(60, 0, |value| value <= 4), Some(4));
        assert_eq!(find(10, 99, |value| value > 10), Some(11));
        assert_eq!(find(11, 0, |value| value <= 10), Some(10));
        assert_eq!(find(60, 99, |value| value >= 70), Some(70));
    }
}
