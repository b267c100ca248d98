//! What the business wants to be warned of: the `churn` section of the policy document.
//!
//! Indicators stand in groups, groups make the score. Points run from 0 (no risk) to 100. Weights
//! are basis points: the groups' add up to 10,000, and so do those of the indicators within each
//! group.

use serde::{Deserialize, Serialize};

use super::band::Bands;
use super::indicator::{Direction, Indicator, own_indicator};
use super::rule::ChurnRule;
use super::scale::Scale;
use crate::explain::{BasisPoints, Language, Measure, Reason, Speak};
use crate::slot::Slot;

/// How parts make a whole.
///
/// ```
/// use guanxi::churn::{ChurnGroup, ChurnPolicy, Combination};
///
/// // By default one indicator of the contract is enough; elsewhere indicators are weighed.
/// let policy = ChurnPolicy::default();
/// let combine = |name| policy.groups.iter().find(|group| group.name == name).unwrap().combine;
/// assert_eq!(combine(ChurnGroup::Contract), Combination::WorstOf);
/// assert_eq!(combine(ChurnGroup::Money), Combination::Weighted);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Combination {
    /// The weighted mean of what is known.
    #[default]
    Weighted,
    /// The worst that is known. The difference to the weighted mean is a reason of its own.
    WorstOf,
}

/// The groups of indicators.
///
/// ```
/// use guanxi::churn::ChurnGroup;
///
/// assert_eq!(serde_json::to_string(&ChurnGroup::Behaviour)?, r#""behaviour""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChurnGroup {
    /// How often the customer buys.
    Behaviour,
    /// How much.
    Money,
    /// How the product and the people who serve it are received.
    Service,
    /// Contract, payment, and the people behind them.
    Contract,
    /// Whatever else the host knows.
    Other,
}

impl ChurnGroup {
    /// Every group.
    pub const ALL: [Self; 5] =
        [Self::Behaviour, Self::Money, Self::Service, Self::Contract, Self::Other];
}

/// What the age of a signal does. What is taken from the ledger has no age.
///
/// ```
/// use guanxi::churn::Staleness;
///
/// let fades: Staleness = serde_json::from_str(r#"{"fades":{"after_days":30,"gone_days":90}}"#)?;
/// assert_eq!(fades, Staleness::Fades { after_days: 30, gone_days: 90 });
/// assert_eq!(serde_json::from_str::<Staleness>(r#""never""#)?, Staleness::Never);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Staleness {
    /// The last word holds until there is another.
    #[default]
    Never,
    /// A signal older than this counts as missing.
    Missing {
        /// The oldest age, in days, at which it still counts in full.
        after_days: u16,
    },
    /// A signal older than `after_days` loses its points evenly, to nothing at `gone_days`. It
    /// keeps its weight; the points lost are a reason of their own.
    Fades {
        /// The oldest age, in days, at which it still counts in full.
        after_days: u16,
        /// The age, in days, from which it adds nothing.
        gone_days: u16,
    },
}

/// What it means that nothing is known of an indicator.
///
/// An indicator that does not concern the customer (the own cadence of a one-time buyer), and one
/// that compares with a base of which too little is known, is skipped whatever stands here: neither
/// is the customer's fault.
///
/// ```
/// use guanxi::churn::WhenMissing;
///
/// let neutral: WhenMissing = serde_json::from_str(r#"{"neutral":50}"#)?;
/// assert_eq!(neutral, WhenMissing::Neutral(50));
/// assert_eq!(WhenMissing::default(), WhenMissing::Skip);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenMissing {
    /// The indicator is left out, and the others of its group share its weight in proportion. A
    /// group of which nothing is left is left out likewise.
    #[default]
    Skip,
    /// It counts as this many points.
    Neutral(u8),
    /// It counts as 100 points.
    Worst,
}

/// An indicator in its group.
///
/// ```
/// use guanxi::churn::{Indicator, WeighedIndicator, WhenMissing};
///
/// let complaints: WeighedIndicator = serde_json::from_str(
///     r#"{ "indicator": "complaints", "weight": 4000,
///          "scale": [{ "at": 0, "points": 0 }, { "at": 3, "points": 100 }] }"#,
/// )?;
/// assert_eq!(complaints.missing, WhenMissing::Skip);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeighedIndicator {
    /// What is measured. Must be given.
    pub indicator: Indicator,
    /// Its weight within the group. Must be given.
    pub weight: BasisPoints,
    /// From its value to points. Must be given.
    pub scale: Scale,
    /// What its age does. Default: nothing.
    #[serde(default)]
    pub staleness: Staleness,
    /// What it means that nothing is known. Default: the indicator is left out.
    #[serde(default)]
    pub missing: WhenMissing,
}

/// A group of indicators.
///
/// [`ChurnPolicy`] has an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupPolicy {
    /// Which group. Must be given.
    pub name: ChurnGroup,
    /// Its weight in the score. Must be given.
    pub weight: BasisPoints,
    /// How its indicators make its points. Default: weighted.
    #[serde(default)]
    pub combine: Combination,
    /// Its indicators. Must be given.
    pub indicators: Vec<WeighedIndicator>,
}

/// A floor under, or a cap on, the score while an indicator stands at some value.
///
/// A floor holds while the indicator is at least as risky as `at`; a cap while it is at least as
/// safe. It reads the indicator as its group does, so the indicator must be in one, and what is
/// missing or has faded away binds nobody. Caps come first, then floors.
///
/// ```
/// use guanxi::churn::{Bound, ChurnPolicy, Indicator};
///
/// // By default a customer whose sponsor has left is at 70 points at least.
/// let floors = ChurnPolicy::default().floors;
/// assert_eq!(floors, [Bound { indicator: Indicator::SponsorGone, at: 1, points: 70 }]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// The indicator it depends on.
    pub indicator: Indicator,
    /// The value from which on it holds, inclusive, in the unit of the indicator.
    pub at: i64,
    /// The least or the most points.
    pub points: u8,
}

/// The unit of an indicator of the host's own.
///
/// [`CustomIndicator`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomUnit {
    /// A number of things.
    #[default]
    Count,
    /// Days.
    Days,
    /// Basis points.
    Share,
}

impl CustomUnit {
    pub(super) const fn measure(self, value: i64) -> Measure {
        match self {
            Self::Count => Measure::Count(value),
            Self::Days => Measure::Days(value),
            Self::Share => Measure::Share(BasisPoints(value)),
        }
    }
}

/// An indicator of the host's own: its place, its name, and how to speak of it.
///
/// ```
/// use guanxi::churn::{ChurnPolicy, ChurnSignals, CustomIndicator, Direction, Observation};
/// use guanxi::Day;
///
/// let logins: CustomIndicator = serde_json::from_str(
///     r#"{ "slot": 1, "name": "logins", "direction": "lower_is_riskier",
///          "english": "logins a week", "chinese": "每周登录次数" }"#,
/// )?;
/// assert_eq!(logins.direction, Direction::LowerIsRiskier);
/// let policy = ChurnPolicy { custom: vec![logins], ..ChurnPolicy::default() };
///
/// let slot = policy.slot("logins").expect("declared above");
/// let told = Observation::new(3, Day::from_ymd(2026, 3, 1)?);
/// let signals = ChurnSignals::default().with_custom(slot, told);
/// assert_eq!(signals.custom[0], Some(told));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomIndicator {
    /// Its place among the facts. Must be given, and stays the same for ever.
    pub slot: Slot,
    /// The name by which the host finds it. Must be given.
    pub name: String,
    /// Which way it points. Must be given.
    pub direction: Direction,
    /// Its unit. Default: a count.
    #[serde(default)]
    pub unit: CustomUnit,
    /// What it is called in an English sentence. Must be given.
    pub english: String,
    /// What it is called in a Chinese sentence. Must be given.
    pub chinese: String,
}

/// The `churn` section of a policy.
///
/// [`ChurnPolicy::default`] says what the default is.
///
/// ```
/// use guanxi::churn::ChurnPolicy;
///
/// let policy: ChurnPolicy = serde_json::from_str(
///     r#"{
///         "bands": { "high_from": 60 },
///         "groups": [{
///             "name": "behaviour", "weight": 10000,
///             "indicators": [{
///                 "indicator": "silence_by_cadence", "weight": 10000,
///                 "scale": [{ "at": 10000, "points": 0 }, { "at": 30000, "points": 100 }]
///             }]
///         }],
///         "floors": []
///     }"#,
/// )?;
/// assert_eq!(policy.window_days, 90); // left out: the default
/// assert_eq!(policy.lint("churn"), []);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChurnPolicy {
    /// The length of the recent window, and of each window before it, in days.
    pub window_days: u16,
    /// How many windows before the recent one it is compared with.
    pub baseline_windows: u16,
    /// How many purchase days make a cadence; at least 2.
    pub cadence_purchase_days_min: u16,
    /// The least number of gaps, or of buyers, of which the base must tell before anybody is
    /// compared with it.
    pub base_count_min: u32,
    /// How groups make the score.
    pub combine: Combination,
    /// The groups.
    pub groups: Vec<GroupPolicy>,
    /// What the score does not fall below.
    pub floors: Vec<Bound>,
    /// What the score does not rise above.
    pub caps: Vec<Bound>,
    /// Where bands begin.
    pub bands: Bands,
    /// Indicators of the host's own.
    pub custom: Vec<CustomIndicator>,
}

impl ChurnPolicy {
    /// The most indicators that a policy weighs, over all groups. The lint refuses more; of a
    /// policy that was not linted the first so many count.
    pub const INDICATORS_MAX: usize = 32;

    /// The slot of an indicator of the host's own.
    ///
    /// [`CustomIndicator`] has an example.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<Slot> {
        self.custom.iter().find(|custom| custom.name == name).map(|custom| custom.slot)
    }

    /// Which way an indicator points; `None` for a slot that is not declared.
    ///
    /// ```
    /// use guanxi::churn::{ChurnPolicy, Direction, Indicator};
    ///
    /// let policy = ChurnPolicy::default();
    /// assert_eq!(policy.direction(Indicator::Silence), Some(Direction::HigherIsRiskier));
    /// ```
    #[must_use]
    pub fn direction(&self, indicator: Indicator) -> Option<Direction> {
        if let Indicator::Custom(slot) = indicator {
            return self.custom(slot).map(|custom| custom.direction);
        }
        indicator.direction()
    }

    /// The text of a reason, with indicators of the host's own called by their names.
    ///
    /// A rule alone does not know those names, so the text of the reason itself has to call them
    /// something general.
    ///
    /// ```
    /// use guanxi::churn::{ChurnPolicy, ChurnRule, CustomIndicator};
    /// use guanxi::explain::{Measure, Reason};
    /// use guanxi::slot::Slot;
    /// use guanxi::{Language, Speak};
    ///
    /// let logins: CustomIndicator = serde_json::from_str(
    ///     r#"{ "slot": 1, "name": "logins", "direction": "lower_is_riskier",
    ///          "english": "logins a week", "chinese": "每周登录次数" }"#,
    /// )?;
    /// let policy = ChurnPolicy { custom: vec![logins], ..ChurnPolicy::default() };
    /// let rule = ChurnRule::Custom(Slot::new(1).expect("from 1 to 8"));
    /// let reason = Reason::new(rule, Measure::Count(3), Measure::Missing);
    ///
    /// assert_eq!(policy.sentence(&reason, Language::English), "logins a week: 3");
    /// assert_eq!(policy.sentence(&reason, Language::Chinese), "每周登录次数：3");
    /// assert_eq!(reason.text(Language::English), "an indicator of the host's own: 3");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn sentence(&self, reason: &Reason<ChurnRule>, language: Language) -> String {
        let text = reason.text(language);
        match reason.rule.slot().and_then(|slot| self.custom(slot)) {
            None => text,
            Some(custom) => {
                let name = match language {
                    Language::English => &custom.english,
                    Language::Chinese => &custom.chinese,
                };
                text.replacen(own_indicator(language), name, 1)
            }
        }
    }

    pub(super) fn custom(&self, slot: Slot) -> Option<&CustomIndicator> {
        self.custom.iter().find(|custom| custom.slot == slot)
    }

    /// The unit of an indicator of the host's own.
    pub(super) fn unit(&self, slot: Slot) -> CustomUnit {
        self.custom(slot).map_or(CustomUnit::Count, |custom| custom.unit)
    }
}
