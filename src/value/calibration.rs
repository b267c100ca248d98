//! What the whole base says about value: the `value` section of a calibration.

use serde::{Deserialize, Serialize};

use super::facts::RfmFacts;
use super::policy::{RfmMethod, RfmPolicy};
use super::rfm::RfmMeasure;
use super::worth::WorthCalibration;
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
    /// The groups of recency, frequency and net revenue.
    pub rfm: RfmCalibration,
    /// How customers buy, leave and spend.
    pub worth: WorthCalibration,
}

/// The cuts between the groups of recency, frequency and net revenue, the worst group's upper end first.
///
/// Customers who bought nothing in the window are not part of the base. The section does not say which
/// policy it was made for: whoever keeps both compares them, and hands a room
/// [`Calibrated::OtherPolicy`](crate::calibrated::Calibrated::OtherPolicy) where it no longer holds.
///
/// The [module](super) has an example.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RfmCalibration {
    /// How many customers were graded; none in a base that has not been measured.
    pub customers: u64,
    /// Days since the last purchase day.
    pub recency: Vec<Cut>,
    /// Purchase days.
    pub frequency: Vec<Cut>,
    /// Net revenue, in minor units of the base currency.
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
