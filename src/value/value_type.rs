//! Value types: current value against potential, and the measure to take.

use serde::{Deserialize, Serialize};

use super::answer::{ValueAnswer, ValueOutside};
use super::facts::{PotentialFacts, ScoreFacts};
use super::flip::{Change, nearest};
use super::policy::ValuePolicy;
use super::potential::{Judged, ValueTypePolicy};
use super::rule::ValueRule;
use super::score::{Sums, ValueScore, judge_score};
use crate::explain::{Explained, Flip, Ids, Language, Measure, Reason, Speak};
use crate::time::Timestamp;

/// One side of a limit.
///
/// [`ValueType`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// At the limit or above it.
    High,
    /// Below it.
    Low,
}

impl Level {
    pub(super) const fn of(high: bool) -> Self {
        if high { Self::High } else { Self::Low }
    }
}

/// What a customer is worth today, and what it could be worth.
///
/// ```
/// use guanxi::value::{Level, Treatment, ValueType};
/// use guanxi::{Language, Speak};
///
/// let kind = ValueType::new(Level::High, Level::Low);
/// assert_eq!(kind.treatment(), Treatment::Harvest);
/// assert_eq!(kind.text(Language::English), "high value, low potential: harvest");
/// assert_eq!(kind.text(Language::Chinese), "价值高、潜力低：收获");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ValueType {
    /// The score against the policy's limit.
    pub current: Level,
    /// The potential against the policy's limit.
    pub potential: Level,
}

/// The measure to take for a [`ValueType`].
///
/// | | high potential | low potential |
/// |---|---|---|
/// | high value | keep | harvest |
/// | low value | develop | let go |
///
/// [`ValueType`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// Hold on to the customer, and invest.
    Keep,
    /// Invest, to make something of the potential.
    Develop,
    /// Take what comes, and invest little.
    Harvest,
    /// Spend nothing on it.
    LetGo,
}

impl Treatment {
    /// Every measure.
    pub const ALL: [Self; 4] = [Self::Keep, Self::Develop, Self::Harvest, Self::LetGo];
}

impl Speak for Treatment {
    fn text(&self, language: Language) -> String {
        let (english, chinese) = match self {
            Self::Keep => ("keep", "保持"),
            Self::Develop => ("develop", "发展"),
            Self::Harvest => ("harvest", "收获"),
            Self::LetGo => ("let go", "放弃"),
        };
        match language {
            Language::English => english.to_owned(),
            Language::Chinese => chinese.to_owned(),
        }
    }
}

impl ValueType {
    /// Current value and potential.
    ///
    /// [`ValueType`] has an example.
    #[must_use]
    pub const fn new(current: Level, potential: Level) -> Self {
        Self { current, potential }
    }

    /// The measure to take.
    ///
    /// [`ValueType`] has an example.
    #[must_use]
    pub const fn treatment(self) -> Treatment {
        match (self.current, self.potential) {
            (Level::High, Level::High) => Treatment::Keep,
            (Level::Low, Level::High) => Treatment::Develop,
            (Level::High, Level::Low) => Treatment::Harvest,
            (Level::Low, Level::Low) => Treatment::LetGo,
        }
    }
}

impl Speak for ValueType {
    fn text(&self, language: Language) -> String {
        let treatment = self.treatment().text(language);
        let level = |level: Level| match (level, language) {
            (Level::High, Language::English) => "high",
            (Level::Low, Language::English) => "low",
            (Level::High, Language::Chinese) => "高",
            (Level::Low, Language::Chinese) => "低",
        };
        let (current, potential) = (level(self.current), level(self.potential));
        match language {
            Language::English => format!("{current} value, {potential} potential: {treatment}"),
            Language::Chinese => format!("价值{current}、潜力{potential}：{treatment}"),
        }
    }
}

/// The value type of one customer: the scorecard's value against the limit, by the potential against
/// its own.
///
/// The counterfactual is the smallest change of one measure, of the scorecard or of the potential, that
/// changes either side, and names the level that this side would be at. Changes of different units are compared by the share of their scales that they
/// cross; a scale of net revenue in a window is as wide as the limit.
///
/// ```
/// use guanxi::explain::{Ids, Speak};
/// use guanxi::value::{PotentialFacts, ScoreFacts, ValuePolicy, judge_value_type, value_type};
/// use guanxi::{Currency, Language, Money, PolicyId, Timestamp};
///
/// let usd = |minor| Money::from_minor(minor, Currency::USD);
/// let mut facts = ScoreFacts::new(usd(41_250));
/// (facts.purchase_days, facts.orders, facts.tenure_days) = (3, 4, Some(365));
/// let potential = PotentialFacts::new(usd(21_250)).with_earlier(usd(20_000));
/// let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
/// let policy = ValuePolicy::default();
/// let answer = value_type(&facts, &potential, &policy, ids, Timestamp::UNIX_EPOCH);
/// assert_eq!(
///     answer.text(Language::English),
///     "low value, high potential: develop, because value 36.125 points, high from 50 points; \
///      net revenue 212.50 USD in the last window, high potential from 200.00 USD. It would change \
///      at: low potential at net revenue 199.99 USD in the last window instead of 212.50 USD"
/// );
/// assert_eq!(judge_value_type(&facts, &potential, &policy), answer.value);
/// ```
#[must_use]
pub fn value_type(
    facts: &ScoreFacts,
    potential: &PotentialFacts,
    policy: &ValuePolicy,
    ids: Ids,
    at: Timestamp,
) -> Explained<ValueAnswer<ValueType>, ValueRule> {
    let (card, limits) = (&policy.scorecard, &policy.value_type);
    let sums = Sums::of(facts, card);
    let Some(total) = sums.total() else {
        return ValueOutside::NothingMeasured.explained(ids, at);
    };
    let Some(judged) = Judged::of(potential, limits.potential) else {
        return ValueOutside::PotentialUnknown.explained(ids, at);
    };
    let least = limits.current_high_min;
    let kind = ValueType::new(Level::of(total >= least), judged.level());
    let (observed, limit) = (Measure::Points(total), Measure::Points(least));
    let current = Reason::new(ValueRule::Current, observed, limit);
    let reasons = vec![current, judged.reason(potential)];
    let flip = smaller(nearest(facts, card, &sums, least), judged.change(potential));
    Explained::new(ValueAnswer::At(kind), reasons, ids, at)
        .with_flip(flip.map(|change| Flip::Measure(change.reason)))
}

/// The value type of one customer without its reasons: the value of [`value_type`], much cheaper.
///
/// [`value_type`] has an example.
#[must_use]
pub fn judge_value_type(
    facts: &ScoreFacts,
    potential: &PotentialFacts,
    policy: &ValuePolicy,
) -> ValueAnswer<ValueType> {
    let score = judge_score(facts, &policy.scorecard);
    judge_scored(score, potential, &policy.value_type)
}

/// The same for a customer whose score is known already.
pub(crate) fn judge_scored(
    score: ValueAnswer<ValueScore>,
    potential: &PotentialFacts,
    limits: &ValueTypePolicy,
) -> ValueAnswer<ValueType> {
    let total = match score {
        ValueAnswer::At(score) => score.total(),
        ValueAnswer::Outside(lacking) => return ValueAnswer::Outside(lacking),
    };
    let Some(judged) = Judged::of(potential, limits.potential) else {
        return ValueAnswer::Outside(ValueOutside::PotentialUnknown);
    };
    let current = Level::of(total >= limits.current_high_min);
    ValueAnswer::At(ValueType::new(current, judged.level()))
}

fn smaller(one: Option<Change>, other: Option<Change>) -> Option<Change> {
    match (one, other) {
        (Some(one), Some(other)) if other.smaller_than(&one) => Some(other),
        (Some(change), _) | (None, Some(change)) => Some(change),
        (None, None) => None,
    }
}
