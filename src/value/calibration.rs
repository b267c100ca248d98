//! What the whole base says about value: the `value` section of a calibration.

use serde::{Deserialize, Serialize};

use super::facts::RfmFacts;
use super::policy::{RfmMethod, RfmPolicy};
use super::rfm::RfmMeasure;
use crate::rank::{Cut, Ranked, Ranking};

/// The `value` section of a calibration. The empty one is legal: answers that need it say so.
///
/// ```
/// use guanxi::value::{RfmCalibration, ValueCalibration};
///
/// let empty: ValueCalibration = serde_json::from_str("{}")?;
/// assert_eq!(empty, ValueCalibration::default());
/// assert_eq!(empty.rfm.customers, 0);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ValueCalibration {
    /// The groups of recency, frequency and spend.
    pub rfm: RfmCalibration,
}

/// The cuts between the groups of recency, frequency and spend, the worst group's upper end first.
///
/// Customers who bought nothing in the window are not part of the base.
///
/// The [module](super) has an example.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RfmCalibration {
    /// The policy that the cuts were taken for; `None` when none were.
    pub made_for: Option<RfmPolicy>,
    /// How many customers were graded.
    pub customers: u64,
    /// Days since the last purchase day.
    pub recency: Vec<Cut>,
    /// Purchase days.
    pub frequency: Vec<Cut>,
    /// Net spend, in minor units of the base currency.
    pub monetary: Vec<Cut>,
}

impl RfmCalibration {
    /// The cuts of a base. Empty when the policy grades by fixed bands, which need none.
    ///
    /// The [module](super) has an example.
    #[must_use]
    pub fn of(policy: &RfmPolicy, base: &[RfmFacts]) -> Self {
        let &RfmMethod::Quantiles { groups, ties } = &policy.method else {
            return Self::default();
        };
        let mut members: Vec<Ranked> = Vec::with_capacity(base.len());
        let mut cuts = |measure: RfmMeasure| {
            members.clear();
            members.extend(base.iter().filter_map(|facts| facts.ranked(measure)));
            Ranking { direction: measure.direction(), ties }.tiles(&mut members, groups)
        };
        Self {
            recency: cuts(RfmMeasure::Recency),
            frequency: cuts(RfmMeasure::Frequency),
            monetary: cuts(RfmMeasure::Monetary),
            made_for: Some(policy.clone()),
            customers: u64::try_from(members.len()).unwrap_or(u64::MAX),
        }
    }

    pub(super) fn cuts(&self, measure: RfmMeasure) -> &[Cut] {
        match measure {
            RfmMeasure::Recency => &self.recency,
            RfmMeasure::Frequency => &self.frequency,
            RfmMeasure::Monetary => &self.monetary,
        }
    }
}
