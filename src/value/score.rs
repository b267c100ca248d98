//! The scorecard: contribution, loyalty and the host's own measures in one number.
//!
//! With weights `w` and points `p` of the measures that count, the score is `sum(w p) / sum(w)`, rounded
//! once, to thousandths of a point, half up. What one measure adds is the rounded sum up to and with it
//! less the rounded sum before it, so that the lines add up to the score exactly, whatever their number,
//! and who has 100 points of every measure has a score of 100.

use serde::{Deserialize, Serialize};

use super::answer::{ValueAnswer, ValueOutside};
use super::facts::ScoreFacts;
use super::measure::{ScoreMeasure, ScorePart};
use super::rule::ValueRule;
use super::scorecard::ScorecardPolicy;
use super::weights::Weighed;
use crate::explain::{BasisPoints, Explained, Ids, Language, Measure, Points, Reason, Speak};
use crate::fixed::{RunningSum, divide};
use crate::time::Timestamp;

/// Enough for the named measures; more of the host's own make the vector grow.
const REASONS_USUAL: usize = 8;

/// A score from 0 to 100, in its parts. The parts add up to it exactly.
///
/// ```
/// use guanxi::explain::Points;
/// use guanxi::value::ValueScore;
/// use guanxi::{Language, Speak};
///
/// let mut score = ValueScore::default();
/// (score.contribution, score.loyalty) = (Points(41_250), Points(30_000));
/// assert_eq!(score.total(), Points(71_250));
/// assert_eq!(score.text(Language::English), "value 71.25 of 100");
/// assert_eq!(score.text(Language::Chinese), "价值71.25分");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ValueScore {
    /// What the customer brings.
    pub contribution: Points,
    /// How attached the customer is.
    pub loyalty: Points,
    /// The host's own measures.
    pub own: Points,
}

impl ValueScore {
    /// The score.
    ///
    /// [`ValueScore`] has an example.
    #[must_use]
    pub fn total(self) -> Points {
        let parts = [self.contribution, self.loyalty, self.own];
        Points(parts.into_iter().fold(0_i64, |sum, part| sum.saturating_add(part.0)))
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
/// It is the mean of what the measures earn, by their weights, rounded once to thousandths of a point. The
/// contributions of the reasons add up to it exactly, so that one of them may differ from what its measure
/// would come to alone by a thousandth. When nothing that is weighed is known, and all of it is to be
/// skipped, there is no score.
///
/// ```
/// use guanxi::explain::{Ids, Points, Speak};
/// use guanxi::value::{ScoreFacts, ScorecardPolicy, judge_score, score};
/// use guanxi::{Currency, Language, Money, PolicyId, Timestamp};
///
/// let mut facts = ScoreFacts::new(Money::from_minor(41_250, Currency::USD));
/// (facts.purchase_days, facts.orders, facts.tenure_days) = (3, 4, Some(365));
/// let policy = ScorecardPolicy::default();
/// let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
/// let answer = score(&facts, &policy, ids, Timestamp::UNIX_EPOCH);
/// assert_eq!(answer.total(), Some(Points(36_125)));
/// assert_eq!(
///     answer.text(Language::English),
///     "value 36.125 of 100, because net revenue 412.50 USD, weight 50 % (+20.625); purchase days 3, \
///      weight 20 % (+5); tenure 365 days, weight 15 % (+7.5); orders 4, weight 15 % (+3)"
/// );
/// assert_eq!(judge_score(&facts, &policy), answer.value);
/// ```
#[must_use]
pub fn score(
    facts: &ScoreFacts,
    policy: &ScorecardPolicy,
    ids: Ids,
    at: Timestamp,
) -> Explained<ValueAnswer<ValueScore>, ValueRule> {
    let sums = Sums::of(facts, policy);
    let Some(value) = sums.score() else {
        return ValueOutside::NothingMeasured.explained(ids, at);
    };
    let mut reasons = Vec::with_capacity(REASONS_USUAL);
    let mut sum = RunningSum::new(sums.whole);
    for (measure, weighed) in policy.weights() {
        let value = facts.value(measure);
        let Some(points) = weighed.points(value) else {
            let rule = ValueRule::Skipped(measure);
            reasons.push(Reason::new(rule, Measure::Missing, Measure::Missing));
            continue;
        };
        let added = sum.add(weighed.share().saturating_mul(points));
        let observed = value.map_or(Measure::Missing, |value| facts.shown(measure, value));
        let weight = BasisPoints::of(weighed.share(), sums.whole);
        let limit = weight.map_or(Measure::Missing, Measure::Share);
        let reason = Reason::new(ValueRule::Measured(measure), observed, limit);
        reasons.push(reason.with_contribution(Points(added)));
    }
    Explained::new(ValueAnswer::At(value), reasons, ids, at)
}

/// The score of one customer without its reasons: the value of [`score`], much cheaper.
///
/// [`score`] has an example.
#[must_use]
pub fn judge_score(facts: &ScoreFacts, policy: &ScorecardPolicy) -> ValueAnswer<ValueScore> {
    let score = Sums::of(facts, policy).score();
    score.map_or(ValueAnswer::Outside(ValueOutside::NothingMeasured), ValueAnswer::At)
}

/// The weighted sums of a scorecard, exact: in thousandths of a point times basis points.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    contribution: i64,
    loyalty: i64,
    own: i64,
    /// The weights of what is not left out.
    pub(super) whole: i64,
}

impl Sums {
    pub(super) fn of(facts: &ScoreFacts, policy: &ScorecardPolicy) -> Self {
        let mut sums = Self::default();
        // The list of `weights`, without its chain of iterators: this is asked once for every customer.
        for (measure, weight) in &policy.named() {
            if let Some(weight) = weight {
                sums.add(*measure, weight.weighed(), facts);
            }
        }
        for own in &policy.own {
            sums.add(ScoreMeasure::Own(own.slot), own.weighed(), facts);
        }
        sums
    }

    fn add(&mut self, measure: ScoreMeasure, weighed: Weighed<'_>, facts: &ScoreFacts) {
        let Some(points) = weighed.points(facts.value(measure)) else { return };
        let share = weighed.share();
        let part = match measure.part() {
            ScorePart::Contribution => &mut self.contribution,
            ScorePart::Loyalty => &mut self.loyalty,
            ScorePart::Own => &mut self.own,
        };
        *part = part.saturating_add(share.saturating_mul(points));
        self.whole = self.whole.saturating_add(share);
    }

    /// All of it together.
    pub(super) fn exact(&self) -> i64 {
        self.contribution.saturating_add(self.loyalty).saturating_add(self.own)
    }

    /// The score; `None` when nothing counts.
    fn score(&self) -> Option<ValueScore> {
        let mut sum = RunningSum::new(self.whole);
        (self.whole > 0).then(|| ValueScore {
            contribution: Points(sum.add(self.contribution)),
            loyalty: Points(sum.add(self.loyalty)),
            own: Points(sum.add(self.own)),
        })
    }

    /// The total of the score; `None` when nothing counts.
    pub(super) fn total(&self) -> Option<Points> {
        (self.whole > 0).then(|| Points(divide(self.exact(), self.whole)))
    }
}
