//! Potential: what a customer could be worth, and from where on that is high.

use serde::{Deserialize, Serialize};

use super::facts::PotentialFacts;
use super::flip::Change;
use super::rule::ValueRule;
use super::value_type::Level;
use crate::explain::{BasisPoints, Measure, Points, Reason};
use crate::fixed::share_up;
use crate::lint::Fault;
use crate::scale::POINTS_MAX;

/// The most growth that can be asked for: a hundred times as much as before, in basis points.
const GROWTH_MAX: i64 = 1_000_000;

/// From where on value and potential are high: the `value_type` section of the value policy.
///
/// ```
/// use guanxi::explain::{BasisPoints, Points};
/// use guanxi::value::{Potential, PotentialMissing, ValueTypePolicy};
///
/// // By default value is high from 50 of 100, and potential when net revenue of the last half year is at
/// // least that of the half year before, or when there is no half year before.
/// let default = ValueTypePolicy::default();
/// assert_eq!(default.current_high_min, Points(50_000));
/// let (high_min, missing) = (BasisPoints(10_000), PotentialMissing::High);
/// let steady = Potential::Growth { window_days: 180, high_min, missing };
/// assert_eq!(default.potential, steady);
/// assert_eq!(default.lint("value_type"), []);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ValueTypePolicy {
    /// The least score that is high, in thousandths of a point; 50,000 by default.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 100_000)))]
    pub current_high_min: Points,
    /// What potential is judged by.
    pub potential: Potential,
}

impl Default for ValueTypePolicy {
    fn default() -> Self {
        let steady = BasisPoints(10_000);
        Self {
            current_high_min: Points(50_000),
            potential: Potential::Growth { window_days: 180, high_min: steady, missing: high() },
        }
    }
}

/// What potential is judged by.
///
/// ```
/// use guanxi::explain::BasisPoints;
/// use guanxi::value::{Potential, PotentialMissing};
///
/// let given: Potential =
///     serde_json::from_str(r#"{ "given": { "high_min": 60, "missing": "low" } }"#)?;
/// assert_eq!(given, Potential::Given { high_min: 60, missing: PotentialMissing::Low });
///
/// let growth: Potential =
///     serde_json::from_str(r#"{ "growth": { "window_days": 90, "high_min": 12000 } }"#)?;
/// let (high_min, missing) = (BasisPoints(12_000), PotentialMissing::High); // left out: the default
/// assert_eq!(growth, Potential::Growth { window_days: 90, high_min, missing });
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Potential {
    /// What the host says, from 0 to 100.
    Given {
        /// The least that is high.
        #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100)))]
        high_min: u8,
        /// What it means that the host said nothing.
        missing: PotentialMissing,
    },
    /// Net revenue of the last window as a share of the window before. Who brings something after a window
    /// of nothing has high potential; who brings nothing has low.
    Growth {
        /// The length of a window, in whole business days.
        #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
        window_days: u16,
        /// The least share that is high; 10,000 asks for as much as before.
        #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 1_000_000)))]
        high_min: BasisPoints,
        /// What it means that the customer is too new to have a window before;
        /// [`PotentialMissing::High`] by default, because what may become of a new customer is open.
        #[serde(default = "high")]
        missing: PotentialMissing,
    },
    /// What the customer is expected to earn, as the policy's `worth` looks ahead.
    Worth {
        /// The least that is high, in minor units of the base currency.
        #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
        high_min: i64,
        /// What it means that no model says, as long as the base has not been measured or tells none;
        /// [`PotentialMissing::Outside`] by default, because that concerns everybody.
        #[serde(default = "outside")]
        missing: PotentialMissing,
    },
}

const fn high() -> PotentialMissing {
    PotentialMissing::High
}

const fn outside() -> PotentialMissing {
    PotentialMissing::Outside
}

/// What it means that there is nothing to judge the potential by.
///
/// [`Potential`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
            Potential::Worth { high_min, .. } => check(
                high_min > 0,
                "potential.worth.high_min",
                "whoever brings nothing would have high potential",
                "choose at least 1 minor unit",
            ),
            Potential::Growth { window_days, high_min, missing: _ } => {
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
                check(
                    high_min.0 <= GROWTH_MAX,
                    "potential.growth.high_min",
                    "only a new customer could have high potential",
                    "choose at most 1000000, a hundred times as much as before",
                );
            }
        }
        faults
    }
}

/// The potential against its limit.
#[derive(Debug, Clone, Copy)]
pub(super) enum Judged {
    /// What the host gave, and the least that is high.
    Given { given: u8, least: u8 },
    /// Net revenue of the last window, and the least that is high, in minor units; `None` when no amount is.
    Growth { recent: i64, least: Option<i64> },
    /// What is expected to be earned, and the least that is high, in minor units.
    Worth { worth: i64, least: i64 },
    /// There is nothing to judge by, and the policy says what that means.
    Missing { rule: ValueRule, level: Level, observed: Measure, limit: Measure },
}

impl Judged {
    /// `None` where nothing is known and the policy does not guess.
    pub(super) fn of(facts: &PotentialFacts, policy: Potential) -> Option<Self> {
        match policy {
            Potential::Given { high_min, missing } => {
                let least = high_min.clamp(1, POINTS_MAX);
                let Some(given) = facts.given else {
                    let rule = ValueRule::PotentialUnknown;
                    let limit = Measure::Score(least);
                    return Self::missing(rule, missing, Measure::Missing, limit);
                };
                Some(Self::Given { given: given.min(POINTS_MAX), least })
            }
            Potential::Worth { high_min, missing } => {
                let least = high_min.max(1);
                let Some(worth) = facts.worth else {
                    let (rule, limit) = (ValueRule::WorthUnknown, facts.shown(least));
                    return Self::missing(rule, missing, Measure::Missing, limit);
                };
                Some(Self::Worth { worth: worth.minor(), least })
            }
            Potential::Growth { high_min, missing, .. } => {
                let recent = facts.recent_net_revenue;
                let Some(earlier) = facts.earlier_net_revenue else {
                    let rule = ValueRule::GrowthUnknown;
                    return Self::missing(rule, missing, Measure::Money(recent), Measure::Missing);
                };
                // Rounded up, so that the limit itself is high; and never for nothing.
                let least = share_up(earlier.minor().max(0), high_min.0.max(0));
                let least = least.map(|least| least.max(1));
                Some(Self::Growth { recent: recent.minor(), least })
            }
        }
    }

    fn missing(
        rule: ValueRule,
        missing: PotentialMissing,
        observed: Measure,
        limit: Measure,
    ) -> Option<Self> {
        let level = match missing {
            PotentialMissing::Outside => return None,
            PotentialMissing::High => Level::High,
            PotentialMissing::Low => Level::Low,
        };
        Some(Self::Missing { rule, level, observed, limit })
    }

    pub(super) fn level(&self) -> Level {
        match *self {
            Self::Given { given, least } => Level::of(given >= least),
            Self::Worth { worth, least } => Level::of(worth >= least),
            Self::Growth { recent, least } => Level::of(least.is_some_and(|least| recent >= least)),
            Self::Missing { level, .. } => level,
        }
    }

    pub(super) fn reason(&self, facts: &PotentialFacts) -> Reason<ValueRule> {
        match *self {
            Self::Given { given, least } => {
                Reason::new(ValueRule::Potential, Measure::Score(given), Measure::Score(least))
            }
            Self::Growth { recent, least } => {
                let limit = least.map_or(Measure::Missing, |least| facts.shown(least));
                Reason::new(ValueRule::Growth, facts.shown(recent), limit)
            }
            Self::Worth { worth, least } => {
                Reason::new(ValueRule::Worth, facts.shown(worth), facts.shown(least))
            }
            Self::Missing { rule, observed, limit, .. } => Reason::new(rule, observed, limit),
        }
    }

    /// The smallest change that takes the potential over its limit; what is not known cannot change.
    pub(super) fn change(&self, facts: &PotentialFacts) -> Option<Change> {
        let high = self.level() == Level::High;
        let level = Level::of(!high);
        match *self {
            Self::Given { given, least } => {
                let target = if high { least.checked_sub(1)? } else { least };
                let (from, to) = (Measure::Score(given), Measure::Score(target));
                Some(Change {
                    reason: Reason::new(ValueRule::PotentialTarget(level), from, to),
                    distance: u64::from(target.abs_diff(given)),
                    width: u64::from(POINTS_MAX),
                })
            }
            Self::Growth { recent, least } => {
                let least = least?;
                let target = if high { least.checked_sub(1)? } else { least };
                let (from, to) = (facts.shown(recent), facts.shown(target));
                Some(Change {
                    reason: Reason::new(ValueRule::GrowthTarget(level), from, to),
                    distance: target.abs_diff(recent),
                    width: least.unsigned_abs(),
                })
            }
            Self::Worth { worth, least } => {
                let target = if high { least.checked_sub(1)? } else { least };
                let (from, to) = (facts.shown(worth), facts.shown(target));
                Some(Change {
                    reason: Reason::new(ValueRule::WorthTarget(level), from, to),
                    distance: target.abs_diff(worth),
                    width: least.unsigned_abs(),
                })
            }
            Self::Missing { .. } => None,
        }
    }
}
