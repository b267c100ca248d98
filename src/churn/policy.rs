//! What the business wants to be warned of: the `churn` section of the policy document.
//!
//! Indicators stand in groups, groups make the score. Points run from 0 (no risk) to 100. Weights
//! are basis points: the groups' add up to 10,000, and so do those of the indicators within each
//! group.

use serde::{Deserialize, Serialize};

use super::band::Bands;
use super::custom::CustomIndicator;
use super::indicator::{Direction, Indicator};
use super::staleness::{Staleness, WhenMissing};
use crate::explain::BasisPoints;
use crate::scale::Scale;

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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WeighedIndicator {
    /// What is measured. Must be given.
    pub indicator: Indicator,
    /// Its weight within the group. Must be given.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 10_000)))]
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

impl WeighedIndicator {
    /// An indicator that is never stale and is left out where nothing is known.
    ///
    /// ```
    /// use guanxi::churn::{Indicator, Staleness, WeighedIndicator, WhenMissing};
    /// use guanxi::explain::BasisPoints;
    /// use guanxi::scale::{Corner, Scale};
    ///
    /// let scale = Scale(vec![Corner { at: 0, points: 0 }, Corner { at: 3, points: 100 }]);
    /// let complaints = WeighedIndicator::new(Indicator::Complaints, BasisPoints(10_000), scale)
    ///     .with_staleness(Staleness::Missing { after_days: 180 })
    ///     .with_missing(WhenMissing::Neutral(50));
    /// assert_eq!(complaints.missing, WhenMissing::Neutral(50));
    /// ```
    #[must_use]
    pub const fn new(indicator: Indicator, weight: BasisPoints, scale: Scale) -> Self {
        let (staleness, missing) = (Staleness::Never, WhenMissing::Skip);
        Self { indicator, weight, scale, staleness, missing }
    }

    /// The same with what its age does.
    ///
    /// [`new`](Self::new) has an example.
    #[must_use]
    pub const fn with_staleness(mut self, staleness: Staleness) -> Self {
        self.staleness = staleness;
        self
    }

    /// The same with what it means that nothing is known.
    ///
    /// [`new`](Self::new) has an example.
    #[must_use]
    pub const fn with_missing(mut self, missing: WhenMissing) -> Self {
        self.missing = missing;
        self
    }
}

/// A group of indicators.
///
/// [`GroupPolicy::new`] has an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct GroupPolicy {
    /// Which group. Must be given.
    pub name: ChurnGroup,
    /// Its weight in the score. Must be given.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 10_000)))]
    pub weight: BasisPoints,
    /// How its indicators make its points. Default: weighted.
    #[serde(default)]
    pub combine: Combination,
    /// Its indicators. Must be given.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub indicators: Vec<WeighedIndicator>,
}

impl GroupPolicy {
    /// A group whose indicators are weighed.
    ///
    /// ```
    /// use guanxi::churn::{
    ///     ChurnGroup, ChurnPolicy, Combination, GroupPolicy, Indicator, WeighedIndicator,
    /// };
    /// use guanxi::explain::BasisPoints;
    /// use guanxi::scale::{Corner, Scale};
    ///
    /// let whole = BasisPoints(10_000);
    /// let scale = Scale(vec![Corner { at: 10_000, points: 0 }, Corner { at: 30_000, points: 100 }]);
    /// let silence = WeighedIndicator::new(Indicator::SilenceByCadence, whole, scale);
    /// let mut group = GroupPolicy::new(ChurnGroup::Behaviour, whole, vec![silence]);
    /// group.combine = Combination::WorstOf;
    ///
    /// let mut policy = ChurnPolicy::default();
    /// (policy.groups, policy.floors) = (vec![group], Vec::new());
    /// assert_eq!(policy.lint("churn"), []);
    /// ```
    #[must_use]
    pub const fn new(
        name: ChurnGroup,
        weight: BasisPoints,
        indicators: Vec<WeighedIndicator>,
    ) -> Self {
        Self { name, weight, combine: Combination::Weighted, indicators }
    }
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
/// assert_eq!(floors, [Bound::new(Indicator::SponsorGone, 1, 70)]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Bound {
    /// The indicator it depends on.
    pub indicator: Indicator,
    /// The value from which on it holds, inclusive, in the unit of the indicator.
    pub at: i64,
    /// The least or the most points.
    #[cfg_attr(feature = "schema", schemars(range(max = 100)))]
    pub points: u8,
}

impl Bound {
    /// A floor or a cap of so many `points` while the indicator stands at `at`.
    ///
    /// [`Bound`] has an example.
    #[must_use]
    pub const fn new(indicator: Indicator, at: i64, points: u8) -> Self {
        Self { indicator, at, points }
    }
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ChurnPolicy {
    /// The length of the recent window, and of each window before it, in days. Default: 90.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub window_days: u16,
    /// How many windows before the recent one it is compared with. Default: 2.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub baseline_windows: u16,
    /// How many purchase days make a cadence; at least 2. Default: 3.
    #[cfg_attr(feature = "schema", schemars(range(min = 2)))]
    pub cadence_purchase_days_min: u16,
    /// The least number of gaps, or of buyers, of which the base must tell before anybody is
    /// compared with it. Default: 30.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub base_count_min: u32,
    /// For how many days the base follows first purchases, to see which buyers come back. Who bought
    /// once, longer ago, is not compared with it. Default: 365.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub first_return_days: u16,
    /// How groups make the score. Default: weighted.
    pub combine: Combination,
    /// The groups. Default: see [`ChurnPolicy::default`].
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub groups: Vec<GroupPolicy>,
    /// What the score does not fall below. Default: 70 points while the sponsor is gone.
    pub floors: Vec<Bound>,
    /// What the score does not rise above. Default: none.
    pub caps: Vec<Bound>,
    /// Where bands begin. Default: see [`Bands`].
    pub bands: Bands,
    /// Indicators of the host's own. Default: none.
    pub custom: Vec<CustomIndicator>,
}

impl ChurnPolicy {
    /// The most indicators that a policy weighs, over all groups. The lint refuses more; of a
    /// policy that was not linted the first so many count.
    pub const INDICATORS_MAX: usize = 32;

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

    /// Whether an indicator can make a difference, so that it is worth its price.
    pub(crate) fn weighs(&self, indicator: Indicator) -> bool {
        let mut weighed = self.groups.iter().flat_map(|group| &group.indicators);
        let mut bounds = self.floors.iter().chain(&self.caps);
        weighed.any(|weighed| weighed.indicator == indicator)
            || bounds.any(|bound| bound.indicator == indicator)
    }
}
