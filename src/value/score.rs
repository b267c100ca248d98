//! The scorecard: contribution, loyalty and the host's own measures in one number.

use serde::{Deserialize, Serialize};

use super::answer::{ValueAnswer, ValueOutside};
use super::facts::ScoreFacts;
use super::rule::ValueRule;
use super::scale::{POINTS_MAX, Portion, level};
use super::weights::{MissingMeasure, ScorePart, ScorecardPolicy, Weighed};
use crate::explain::{BasisPoints, Explained, Flip, Ids, Language, Measure, Points, Reason, Speak};
use crate::rank::Direction;
use crate::time::Timestamp;

/// The best score, in thousandths of a point.
const BEST: i64 = POINTS_MAX as i64 * 1_000;

/// Enough for the named measures; more of the host's own make the vector grow.
const REASONS_USUAL: usize = 8;

/// A score from 0 to 100, in its parts. The parts add up to it exactly.
///
/// ```
/// use guanxi::explain::Points;
/// use guanxi::value::ValueScore;
/// use guanxi::{Language, Speak};
///
/// let score = ValueScore {
///     contribution: Points(41_250),
///     loyalty: Points(30_000),
///     given: Points(0),
///     ceiling: Points(0),
/// };
/// assert_eq!(score.total(), Points(71_250));
/// assert_eq!(score.text(Language::English), "value 71.25 of 100");
/// assert_eq!(score.text(Language::Chinese), "价值71.25分");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueScore {
    /// What the customer brings.
    pub contribution: Points,
    /// How attached the customer is.
    pub loyalty: Points,
    /// The host's own measures.
    pub given: Points,
    /// What rounding put above 100, taken back: zero, or a few thousandths below it.
    pub ceiling: Points,
}

impl ValueScore {
    /// The score.
    #[must_use]
    pub fn total(self) -> Points {
        let parts = [self.contribution, self.loyalty, self.given, self.ceiling];
        Points(parts.into_iter().fold(0_i64, |sum, part| sum.saturating_add(part.0)))
    }

    fn part(&mut self, part: ScorePart) -> &mut Points {
        match part {
            ScorePart::Contribution => &mut self.contribution,
            ScorePart::Loyalty => &mut self.loyalty,
            ScorePart::Given => &mut self.given,
        }
    }
}

impl Speak for ValueScore {
    fn text(&self, language: Language) -> String {
        match language {
            Language::English => format!("value {} of 100", self.total()),
            Language::Chinese => format!("价值{}分", self.total()),
        }
    }
}

/// The score of one customer, a reason for each measure that counts.
///
/// Each measure's points times its weight is rounded to thousandths, half away from zero, before it is
/// summed; the contributions of the reasons are the terms of that sum. When nothing that is weighed is
/// known, and all of it is to be skipped, there is no score.
///
/// ```
/// use guanxi::explain::{Ids, Points, Speak};
/// use guanxi::value::{ScoreFacts, ScorecardPolicy, score};
/// use guanxi::{Currency, Language, Money, PolicyId, Timestamp};
///
/// let facts = ScoreFacts {
///     purchase_days: 3,
///     orders: 4,
///     tenure_days: Some(365),
///     ..ScoreFacts::new(Money::from_minor(41_250, Currency::USD))
/// };
/// let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
/// let answer = score(&facts, &ScorecardPolicy::default(), ids, Timestamp::UNIX_EPOCH);
/// assert_eq!(answer.total(), Some(Points(36_125)));
/// assert_eq!(
///     answer.text(Language::English),
///     "value 36.125 of 100, because net spend 412.50 USD, weight 50 % (+20.625); purchase days 3, \
///      weight 20 % (+5); tenure 365 days, weight 15 % (+7.5); orders 4, weight 15 % (+3)"
/// );
/// ```
#[must_use]
pub fn score(
    facts: &ScoreFacts,
    policy: &ScorecardPolicy,
    ids: Ids,
    at: Timestamp,
) -> Explained<ValueAnswer<ValueScore>, ValueRule> {
    let mut reasons = Vec::with_capacity(REASONS_USUAL);
    let value = tally(facts, policy, |reason| reasons.push(reason));
    match value {
        Some(value) => Explained::new(ValueAnswer::At(value), reasons, ids, at),
        None => ValueOutside::NothingMeasured.explained(ids, at),
    }
}

/// Adds the score up, showing each term.
pub(super) fn tally(
    facts: &ScoreFacts,
    policy: &ScorecardPolicy,
    mut show: impl FnMut(Reason<ValueRule>),
) -> Option<ValueScore> {
    let whole = present(facts, policy);
    if whole == 0 {
        return None;
    }
    let mut score = ValueScore::default();
    for (measure, weighed) in policy.weights() {
        let value = facts.value(measure);
        let observed = value.map_or(Measure::Missing, |value| facts.shown(measure, value));
        let Some(points) = contribution(&weighed, value, whole) else {
            show(Reason::new(ValueRule::Skipped(measure), Measure::Missing, Measure::Missing));
            continue;
        };
        let part = score.part(measure.part());
        *part = Points(part.0.saturating_add(points.0));
        let weight = BasisPoints::of(weighed.weight.0, whole);
        let limit = weight.map_or(Measure::Missing, Measure::Share);
        let rule = ValueRule::Measured(measure);
        show(Reason::new(rule, observed, limit).with_contribution(points));
    }
    let above = score.total().0.saturating_sub(BEST).max(0);
    if above > 0 {
        score.ceiling = Points(above.saturating_neg());
        let limit = Measure::Points(Points(BEST));
        let reason = Reason::new(ValueRule::Ceiling, Measure::Missing, limit);
        show(reason.with_contribution(score.ceiling));
    }
    Some(score)
}

/// The sum of the weights that count for this customer.
fn present(facts: &ScoreFacts, policy: &ScorecardPolicy) -> i64 {
    let counts = |measure, weighed: &Weighed<'_>| {
        weighed.missing != MissingMeasure::Skip || facts.value(measure).is_some()
    };
    let weights = policy.weights().filter(|(measure, weighed)| counts(*measure, weighed));
    weights.fold(0_i64, |sum, (_, weighed)| sum.saturating_add(weight(&weighed)))
}

/// Of a policy that nobody linted, a weight may be anything.
fn weight(weighed: &Weighed<'_>) -> i64 {
    weighed.weight.0.clamp(0, 10_000)
}

/// What a measure adds; `None` when it is left out.
fn contribution(weighed: &Weighed<'_>, value: Option<i64>, whole: i64) -> Option<Points> {
    let portion = Portion { weight: weight(weighed), whole };
    match (value, weighed.missing) {
        (Some(value), _) => Some(weighed.scale.contribution(value, portion)),
        (None, MissingMeasure::Skip) => None,
        (None, MissingMeasure::Worst) => Some(level(weighed.scale.worst(), portion)),
        (None, MissingMeasure::Points(points)) => Some(level(points, portion)),
    }
}

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
/// already; `None` when no single measure can.
///
/// Changes of different units are compared by the share of their scales that they cross; of equal ones
/// the first in the policy's order is given. What is not known cannot change.
///
/// ```
/// use guanxi::explain::{Flip, Points, Speak};
/// use guanxi::value::{ScoreFacts, ScorecardPolicy, score_flip};
/// use guanxi::{Currency, Language, Money};
///
/// let facts = ScoreFacts {
///     purchase_days: 3,
///     orders: 4,
///     tenure_days: Some(365),
///     ..ScoreFacts::new(Money::from_minor(41_250, Currency::USD))
/// };
/// let flip = score_flip(&facts, &ScorecardPolicy::default(), Points(50_000)).unwrap();
/// assert_eq!(
///     flip.text(Language::English),
///     "It would change at: net spend 412.50 USD, turning at 689.99 USD"
/// );
/// ```
#[must_use]
pub fn score_flip(
    facts: &ScoreFacts,
    policy: &ScorecardPolicy,
    threshold: Points,
) -> Option<Flip<ValueRule>> {
    let score = tally(facts, policy, drop)?;
    nearest(facts, policy, score, threshold).map(|change| Flip::Measure(change.reason))
}

pub(super) fn nearest(
    facts: &ScoreFacts,
    policy: &ScorecardPolicy,
    score: ValueScore,
    threshold: Points,
) -> Option<Change> {
    // The ceiling only takes back what lies above the best score, so it decides nothing below.
    if !(1..=BEST).contains(&threshold.0) {
        return None;
    }
    let whole = present(facts, policy);
    let uncapped = score.total().0.saturating_sub(score.ceiling.0);
    let mut nearest: Option<Change> = None;
    for (measure, weighed) in policy.weights() {
        let Some(value) = facts.value(measure) else { continue };
        let portion = Portion { weight: weight(&weighed), whole };
        let own = weighed.scale.contribution(value, portion);
        let needed = Points(threshold.0.saturating_sub(uncapped.saturating_sub(own.0)));
        let enough = weighed.scale.least(needed, portion);
        let target = match (uncapped < threshold.0, weighed.scale.direction()) {
            (true, _) => enough,
            (false, Some(Direction::MoreIsBetter)) => enough.and_then(|value| value.checked_sub(1)),
            (false, Some(Direction::LessIsBetter)) => enough.and_then(|value| value.checked_add(1)),
            (false, None) => None,
        };
        let Some(target) = target else { continue };
        let (from, to) = (facts.shown(measure, value), facts.shown(measure, target));
        let change = Change {
            reason: Reason::new(ValueRule::Target(measure), from, to),
            distance: target.abs_diff(value),
            width: weighed.scale.width(),
        };
        if nearest.as_ref().is_none_or(|nearest| change.smaller_than(nearest)) {
            nearest = Some(change);
        }
    }
    nearest
}
