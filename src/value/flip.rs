//! Counterfactuals of the scorecard: the smallest change of one measure that takes the score over a
//! threshold.
//!
//! The score is an exact sum that is rounded once, so the sum at which it reaches the threshold is known.
//! What one measure must add to that is known, too, and its scale tells the value that earns it.

use super::facts::ScoreFacts;
use super::rule::ValueRule;
use super::score::Sums;
use super::scorecard::ScorecardPolicy;
use super::value_type::Level;
use super::weights::Weighed;
use crate::explain::{Flip, Points, Reason};
use crate::scale::{POINTS_MAX, Slope, THOUSAND};

/// The best score, in thousandths of a point.
const BEST: i64 = POINTS_MAX as i64 * THOUSAND;

/// A change of one measure, and how large it is against the width of its scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub(super) reason: Reason<ValueRule>,
    pub(super) distance: u64,
    pub(super) width: u64,
}

impl Change {
    /// Whether this change is smaller than another, each against its own width.
    pub(super) fn smaller_than(&self, other: &Self) -> bool {
        let across = |distance: u64, width: u64| {
            u128::from(distance).saturating_mul(u128::from(width.max(1)))
        };
        across(self.distance, other.width) < across(other.distance, self.width)
    }
}

/// The smallest change of one measure that takes the score to `threshold`, or below it when it is there
/// already; `None` when no single measure can. In its text, value is high from the threshold on.
///
/// Changes of different units are compared by the share of their scales that they cross; of equal ones
/// the first in the policy's order is given. What is not known cannot change.
///
/// ```
/// use guanxi::explain::{Flip, Points, Speak};
/// use guanxi::value::{ScoreFacts, ScorecardPolicy, score_flip};
/// use guanxi::{Currency, Language, Money};
///
/// let mut facts = ScoreFacts::new(Money::from_minor(41_250, Currency::USD));
/// (facts.purchase_days, facts.orders, facts.tenure_days) = (3, 4, Some(365));
/// let flip = score_flip(&facts, &ScorecardPolicy::default(), Points(50_000));
/// assert_eq!(
///     flip.map(|flip| flip.text(Language::English)).as_deref(),
///     Some("It would change at: high value at net revenue 689.99 USD instead of 412.50 USD")
/// );
/// ```
#[must_use]
pub fn score_flip(
    facts: &ScoreFacts,
    policy: &ScorecardPolicy,
    threshold: Points,
) -> Option<Flip<ValueRule>> {
    let sums = Sums::of(facts, policy);
    nearest(facts, policy, &sums, threshold).map(|change| Flip::Measure(change.reason))
}

pub(super) fn nearest(
    facts: &ScoreFacts,
    policy: &ScorecardPolicy,
    sums: &Sums,
    threshold: Points,
) -> Option<Change> {
    if !(1..=BEST).contains(&threshold.0) {
        return None;
    }
    let enough = least_sum(threshold, sums.whole);
    let level = Level::of(sums.exact() < enough);
    let mut nearest: Option<Change> = None;
    for (measure, weighed) in policy.weights() {
        let Some(value) = facts.value(measure) else { continue };
        let own = weighed.share().saturating_mul(weighed.scale.points(value).0);
        let asked = enough.saturating_sub(sums.exact().saturating_sub(own));
        let Some(target) = target(&weighed, asked, level) else { continue };
        let (from, to) = (facts.shown(measure, value), facts.shown(measure, target));
        let change = Change {
            reason: Reason::new(ValueRule::Target { measure, level }, from, to),
            distance: target.abs_diff(value),
            width: weighed.scale.width(),
        };
        if nearest.as_ref().is_none_or(|nearest| change.smaller_than(nearest)) {
            nearest = Some(change);
        }
    }
    nearest
}

/// The least exact sum whose rounded mean is the threshold: half a thousandth less is enough.
fn least_sum(threshold: Points, whole: i64) -> i64 {
    let half_steps = threshold.0.saturating_mul(2).saturating_sub(1);
    half_steps.saturating_mul(whole).saturating_add(1) / 2
}

/// The value with which a measure adds just `asked` to the exact sum, or just less than that.
fn target(weighed: &Weighed<'_>, asked: i64, level: Level) -> Option<i64> {
    let share = weighed.share();
    let rounded_up = asked.saturating_add(share.saturating_sub(1));
    let least = weighed.scale.least(Points(rounded_up.checked_div_euclid(share)?))?;
    match (level, weighed.scale.slope()?) {
        (Level::High, _) => Some(least),
        (Level::Low, Slope::Rises) => least.checked_sub(1),
        (Level::Low, Slope::Falls) => least.checked_add(1),
    }
}
