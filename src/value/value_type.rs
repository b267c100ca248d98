//! Value types: current value against potential, and the measure to take.

use serde::{Deserialize, Serialize};

use super::answer::{ValueAnswer, ValueOutside};
use super::facts::{PotentialFacts, ScoreFacts};
use super::policy::ValuePolicy;
use super::rule::ValueRule;
use super::scale::POINTS_MAX;
use super::score::{Change, nearest, tally};
use crate::explain::{BasisPoints, Explained, Flip, Ids, Language, Measure, Points, Reason, Speak};
use crate::lint::Fault;
use crate::money::Money;
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
    const fn of(high: bool) -> Self {
        if high { Self::High } else { Self::Low }
    }
}

/// What a customer is worth today, and what it could be worth.
///
/// ```
/// use guanxi::value::{Level, Treatment, ValueType};
/// use guanxi::{Language, Speak};
///
/// let kind = ValueType { current: Level::High, potential: Level::Low };
/// assert_eq!(kind.treatment(), Treatment::Harvest);
/// assert_eq!(kind.text(Language::English), "high value, low potential: harvest");
/// assert_eq!(kind.text(Language::Chinese), "价值高、潜力低：收获");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// The measure to take.
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

/// From where on value and potential are high: the `value_type` section of the value policy.
///
/// ```
/// use guanxi::explain::{BasisPoints, Points};
/// use guanxi::value::{Potential, ValueTypePolicy};
///
/// // By default value is high from 50 of 100, and potential when spend of the last half year is at
/// // least that of the half year before.
/// let default = ValueTypePolicy::default();
/// assert_eq!(default.current_high_min, Points(50_000));
/// let steady = Potential::Growth { window_days: 180, high_min: BasisPoints(10_000) };
/// assert_eq!(default.potential, steady);
/// assert_eq!(default.lint("value_type"), []);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ValueTypePolicy {
    /// The least score that is high, in thousandths of a point; 50,000 by default.
    pub current_high_min: Points,
    /// What potential is judged by.
    pub potential: Potential,
}

impl Default for ValueTypePolicy {
    fn default() -> Self {
        let steady = BasisPoints(10_000);
        Self {
            current_high_min: Points(50_000),
            potential: Potential::Growth { window_days: 180, high_min: steady },
        }
    }
}

/// What potential is judged by.
///
/// ```
/// use guanxi::value::{Potential, PotentialMissing};
///
/// let given: Potential =
///     serde_json::from_str(r#"{ "given": { "high_min": 60, "missing": "low" } }"#)?;
/// assert_eq!(given, Potential::Given { high_min: 60, missing: PotentialMissing::Low });
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Potential {
    /// What the host says, from 0 to 100.
    Given {
        /// The least that is high.
        high_min: u8,
        /// What it means that the host said nothing.
        missing: PotentialMissing,
    },
    /// Spend of the last window as a share of the window before. Who spends out of nothing has high
    /// potential; who spends nothing has low.
    Growth {
        /// The length of a window, in whole business days.
        window_days: u16,
        /// The least share that is high; 10,000 asks for as much as before.
        high_min: BasisPoints,
    },
}

/// What a potential means that nobody gave.
///
/// [`Potential`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PotentialMissing {
    /// The customer has no value type.
    Outside,
    /// It counts as high.
    High,
    /// It counts as low.
    Low,
}

impl ValueTypePolicy {
    /// Every fault of this section, with paths under `prefix`.
    ///
    /// ```
    /// use guanxi::explain::Points;
    /// use guanxi::value::ValueTypePolicy;
    ///
    /// let high = ValueTypePolicy { current_high_min: Points(0), ..ValueTypePolicy::default() };
    /// assert_eq!(high.lint("value_type")[0].path, "value_type.current_high_min");
    /// ```
    #[must_use]
    pub fn lint(&self, prefix: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut check = |sound: bool, path: &str, problem, remedy| {
            if !sound {
                faults.push(Fault::new(format!("{prefix}.{path}"), problem, remedy));
            }
        };
        check(
            (1..=100_000).contains(&self.current_high_min.0),
            "current_high_min",
            "every score would be on one side of it",
            "choose 1 to 100000, in thousandths of a point",
        );
        match self.potential {
            Potential::Given { high_min, .. } => check(
                (1..=POINTS_MAX).contains(&high_min),
                "potential.given.high_min",
                "every potential would be on one side of it",
                "choose 1 to 100",
            ),
            Potential::Growth { window_days, high_min } => {
                check(
                    window_days > 0,
                    "potential.growth.window_days",
                    "a window without days holds no purchases",
                    "choose at least 1 day",
                );
                check(
                    high_min.0 > 0,
                    "potential.growth.high_min",
                    "a share of nothing asks for nothing",
                    "choose at least 1 basis point",
                );
            }
        }
        faults
    }
}

/// The value type of one customer: the scorecard's value against the limit, by the potential against
/// its own.
///
/// The counterfactual is the smallest change of one measure, of the scorecard or of the potential, that
/// changes either side. Changes of different units are compared by the share of their scales that they
/// cross; a scale of spend in a window is as wide as the limit.
///
/// ```
/// use guanxi::explain::{Ids, Speak};
/// use guanxi::value::{PotentialFacts, ScoreFacts, ValuePolicy, value_type};
/// use guanxi::{Currency, Language, Money, PolicyId, Timestamp};
///
/// let usd = |minor| Money::from_minor(minor, Currency::USD);
/// let facts = ScoreFacts {
///     purchase_days: 3,
///     orders: 4,
///     tenure_days: Some(365),
///     ..ScoreFacts::new(usd(41_250))
/// };
/// let potential =
///     PotentialFacts { given: None, recent_net: usd(21_250), earlier_net: usd(20_000) };
/// let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
/// let policy = ValuePolicy::default();
/// let answer = value_type(&facts, &potential, &policy, ids, Timestamp::UNIX_EPOCH);
/// assert_eq!(
///     answer.text(Language::English),
///     "low value, high potential: develop, because value 36.125 points, high from 50 points; \
///      spent 212.50 USD in the last window, high potential from 200.00 USD. It would change at: \
///      spent 212.50 USD in the last window, turning at 199.99 USD"
/// );
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
    let Some(score) = tally(facts, card, drop) else {
        return ValueOutside::NothingMeasured.explained(ids, at);
    };
    let Some(judged) = Judged::of(potential, limits.potential) else {
        return ValueOutside::PotentialUnknown.explained(ids, at);
    };
    let least = limits.current_high_min;
    let kind = ValueType { current: Level::of(score.total() >= least), potential: judged.level };
    let (observed, limit) = (Measure::Points(score.total()), Measure::Points(least));
    let reasons = vec![Reason::new(ValueRule::Current, observed, limit), judged.reason];
    let flip = smaller(nearest(facts, card, score, least), judged.change);
    Explained::new(ValueAnswer::At(kind), reasons, ids, at)
        .with_flip(flip.map(|change| Flip::Measure(change.reason)))
}

fn smaller(one: Option<Change>, other: Option<Change>) -> Option<Change> {
    match (one, other) {
        (Some(one), Some(other)) if other.smaller_than(&one) => Some(other),
        (Some(change), _) | (None, Some(change)) => Some(change),
        (None, None) => None,
    }
}

/// The potential against its limit.
struct Judged {
    level: Level,
    reason: Reason<ValueRule>,
    change: Option<Change>,
}

impl Judged {
    fn of(facts: &PotentialFacts, policy: Potential) -> Option<Self> {
        match policy {
            Potential::Given { high_min, missing } => Self::given(facts.given, high_min, missing),
            Potential::Growth { high_min, .. } => Some(Self::growth(facts, high_min)),
        }
    }

    fn given(given: Option<u8>, high_min: u8, missing: PotentialMissing) -> Option<Self> {
        let limit = Measure::Score(high_min);
        let Some(given) = given else {
            let level = match missing {
                PotentialMissing::Outside => return None,
                PotentialMissing::High => Level::High,
                PotentialMissing::Low => Level::Low,
            };
            let reason = Reason::new(ValueRule::PotentialUnknown, Measure::Missing, limit);
            return Some(Self { level, reason, change: None });
        };
        let high = given >= high_min;
        let target = if high { high_min.checked_sub(1) } else { Some(high_min) };
        let change = target.map(|target| Change {
            reason: Reason::new(
                ValueRule::PotentialTarget,
                Measure::Score(given),
                Measure::Score(target),
            ),
            distance: u64::from(target.abs_diff(given)),
            width: u64::from(POINTS_MAX),
        });
        let reason = Reason::new(ValueRule::Potential, Measure::Score(given), limit);
        Some(Self { level: Level::of(high), reason, change })
    }

    fn growth(facts: &PotentialFacts, high_min: BasisPoints) -> Self {
        let (recent, currency) = (facts.recent_net.minor(), facts.recent_net.currency());
        let shown = |minor| Measure::Money(Money::from_minor(minor, currency));
        let asked = i128::from(facts.earlier_net.minor().max(0))
            .saturating_mul(i128::from(high_min.0.max(0)));
        // Rounded up, so that the limit itself is high; and never for nothing.
        let least = asked.saturating_add(9_999).checked_div(10_000).unwrap_or(0).max(1);
        let high = i128::from(recent) >= least;
        let target = if high { least.saturating_sub(1) } else { least };
        let limit = i64::try_from(least).map_or(Measure::Missing, shown);
        let change = i64::try_from(target).ok().map(|target| Change {
            reason: Reason::new(ValueRule::GrowthTarget, shown(recent), shown(target)),
            distance: target.abs_diff(recent),
            width: u64::try_from(least).unwrap_or(u64::MAX),
        });
        let reason = Reason::new(ValueRule::Growth, shown(recent), limit);
        Self { level: Level::of(high), reason, change }
    }
}
