//! How far the future is looked into: the `worth` section of the value policy.

use serde::{Deserialize, Serialize};

use crate::explain::BasisPoints;
use crate::fixed::WHOLE;
use crate::lint::Fault;

/// The longest horizon: ten years. Beyond it a model says more about itself than about customers.
const HORIZON_DAYS_MAX: u16 = 3_660;

/// The highest interest: what is due in a year is worth a tenth.
const INTEREST_MAX: i64 = 90_000;

/// How likely customers are still there, how often they will buy, and what that is worth.
///
/// ```
/// use guanxi::explain::BasisPoints;
/// use guanxi::value::{WorthModel, WorthPolicy};
///
/// // By default a year ahead, at 10 % interest a year, with the whole revenue as what is earned.
/// let default = WorthPolicy::default();
/// assert_eq!((default.horizon_days, default.yearly_interest), (365, BasisPoints(1_000)));
/// assert_eq!((default.margin, default.model), (BasisPoints(10_000), WorthModel::Best));
///
/// let policy: WorthPolicy = serde_json::from_str(r#"{ "model": "pnbd", "margin": 3500 }"#)?;
/// assert_eq!(policy.model, WorthModel::ParetoNbd);
/// assert_eq!(policy.lint("worth"), []);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct WorthPolicy {
    /// The model of repeat buying that is fitted to the base.
    pub model: WorthModel,
    /// How many days ahead purchases count; 365 by default.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = HORIZON_DAYS_MAX)))]
    pub horizon_days: u16,
    /// What money a year later is worth less, in basis points of it: 1,000, the default, makes 110.00 of
    /// next year 100.00 today.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 0, "maximum" = 90_000)))]
    pub yearly_interest: BasisPoints,
    /// The part of revenue that is earned, in basis points; all of it by default.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 10_000)))]
    pub margin: BasisPoints,
    /// The least chance of being still there with which a customer counts as active; 5,000 basis points by
    /// default.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 9_999)))]
    pub active_min: BasisPoints,
}

/// A model of repeat buying. BG/NBD is not offered: to it whoever never bought again is still there for
/// certain, however long ago that was.
///
/// [`WorthPolicy`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WorthModel {
    /// Whichever explains the base better, by Akaike's criterion.
    #[default]
    Best,
    /// MBG/NBD: customers may leave after each purchase, the first included.
    #[serde(rename = "mbgnbd")]
    MbgNbd,
    /// Pareto/NBD: customers may leave at any time.
    #[serde(rename = "pnbd")]
    ParetoNbd,
}

impl Default for WorthPolicy {
    fn default() -> Self {
        Self {
            model: WorthModel::Best,
            horizon_days: 365,
            yearly_interest: BasisPoints(1_000),
            margin: BasisPoints(WHOLE),
            active_min: BasisPoints(5_000),
        }
    }
}

impl WorthPolicy {
    /// Every fault of this section, with paths under `prefix`.
    ///
    /// ```
    /// use guanxi::value::WorthPolicy;
    ///
    /// let blind = WorthPolicy { horizon_days: 0, ..WorthPolicy::default() };
    /// assert_eq!(blind.lint("value.worth")[0].path, "value.worth.horizon_days");
    /// ```
    #[must_use]
    pub fn lint(&self, prefix: &str) -> Vec<Fault> {
        let checks = [
            (
                (1..=HORIZON_DAYS_MAX).contains(&self.horizon_days),
                "horizon_days",
                "no model tells of nothing, or of more than ten years",
                "choose 1 to 3660",
            ),
            (
                (0..=INTEREST_MAX).contains(&self.yearly_interest.0),
                "yearly_interest",
                "later money would be worth more than now, or nothing",
                "choose 0 to 90000 basis points",
            ),
            (
                (1..=WHOLE).contains(&self.margin.0),
                "margin",
                "nothing would be earned, or more than was paid",
                "choose 1 to 10000 basis points",
            ),
            (
                (1..WHOLE).contains(&self.active_min.0),
                "active_min",
                "everybody would be on one side of it",
                "choose 1 to 9999 basis points",
            ),
        ];
        let faults = checks.into_iter().filter(|(sound, ..)| !sound);
        faults
            .map(|(_, field, problem, remedy)| {
                Fault::new(format!("{prefix}.{field}"), problem, remedy)
            })
            .collect()
    }
}
