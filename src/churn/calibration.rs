//! What the whole base says, and how it is counted. Exact counts, so that everyone is measured by
//! the same numbers in whatever order the base was read.

use serde::{Deserialize, Serialize};

use super::error::ChurnCalibrationError;
use super::first_returns::{FirstReturns, ReturnCount};
use super::interpurchase::{InterpurchaseTimes, Lengths};

/// The `churn` section of a calibration. Empty is legal: then nobody is compared with the base.
///
/// ```
/// use guanxi::churn::{ChurnCalibration, FirstReturns, InterpurchaseTimes};
///
/// let mut calibration = ChurnCalibration::default();
/// calibration.interpurchase_times = InterpurchaseTimes::from_gaps([7, 7, 10, 30])?;
/// calibration.first_returns = FirstReturns::of(90, [(90, Some(7)), (120, None)])?;
/// let stored = serde_json::to_string(&calibration)?;
/// assert_eq!(serde_json::from_str::<ChurnCalibration>(&stored)?, calibration);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ChurnCalibration {
    /// Gaps between consecutive purchase days, of all customers. Default: none.
    pub interpurchase_times: InterpurchaseTimes,
    /// What became of first purchases. Default: nobody was observed.
    pub first_returns: FirstReturns,
}

impl ChurnCalibration {
    /// Counts a base customer by customer; first purchases are followed for `observed_days`.
    ///
    /// [`ChurnBase`] has an example.
    #[must_use]
    pub fn builder(observed_days: u32) -> ChurnBase {
        ChurnBase { returns: ReturnCount::new(observed_days), gaps: Lengths::default() }
    }
}

/// A base while it is counted, one customer at a time, in any order. It keeps how often each length
/// was seen and no list, so its size does not grow with the number of customers.
///
/// Parts of a base that were counted apart are [merged](Self::merge); the result is the same.
///
/// ```
/// use guanxi::churn::ChurnCalibration;
///
/// let mut base = ChurnCalibration::builder(365);
/// // First bought 500 days ago, again 20 days later, and once more 30 days after that.
/// base.add(500, [20, 30]);
/// // Bought once, 400 days ago.
/// base.add(400, []);
/// // Bought first 90 days ago: too lately to tell of returns, but its gap counts.
/// base.add(90, [30]);
///
/// let calibration = base.calibration()?;
/// assert_eq!(calibration.first_returns.buyers(), 2);
/// assert_eq!(calibration.first_returns.chance_after(0).map(|share| share.0), Some(5_000));
/// assert_eq!(calibration.interpurchase_times.count(), 3);
/// # Ok::<(), guanxi::churn::ChurnCalibrationError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChurnBase {
    returns: ReturnCount,
    gaps: Lengths,
}

impl ChurnBase {
    /// Counts a customer who bought at least once: for how many days it has been observable since
    /// its first purchase day, and the gaps between its purchase days, in days and in the order of
    /// time.
    ///
    /// [`ChurnBase`] has an example.
    pub fn add(&mut self, observable_days: u32, gaps_days: impl IntoIterator<Item = u32>) {
        let mut gaps = gaps_days.into_iter();
        let first = gaps.next();
        self.returns.add(observable_days, first);
        self.add_gaps(first.into_iter().chain(gaps));
    }

    /// Counts gaps of a customer whose first purchases are not known one by one, such as one who
    /// came with an opening balance: what became of its first purchase cannot be told.
    ///
    /// ```
    /// use guanxi::churn::ChurnCalibration;
    ///
    /// let mut base = ChurnCalibration::builder(365);
    /// base.add_gaps([30, 45]);
    /// let calibration = base.calibration()?;
    /// assert_eq!(calibration.first_returns.buyers(), 0);
    /// assert_eq!(calibration.interpurchase_times.count(), 2);
    /// # Ok::<(), guanxi::churn::ChurnCalibrationError>(())
    /// ```
    pub fn add_gaps(&mut self, gaps_days: impl IntoIterator<Item = u32>) {
        gaps_days.into_iter().for_each(|days| self.gaps.add(days));
    }

    /// Adds another part of the base; no customer may be in both.
    ///
    /// ```
    /// use guanxi::churn::{ChurnCalibration, ChurnCalibrationError};
    ///
    /// let (mut base, mut part) = (ChurnCalibration::builder(365), ChurnCalibration::builder(365));
    /// base.add(500, [20]);
    /// part.add(400, []);
    /// base.merge(&part)?;
    /// assert_eq!(base.calibration()?.first_returns.buyers(), 2);
    ///
    /// let other = ChurnCalibration::builder(180);
    /// assert_eq!(base.merge(&other), Err(ChurnCalibrationError::ObservedOtherwise));
    /// # Ok::<(), ChurnCalibrationError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ChurnCalibrationError::ObservedOtherwise`] when the parts follow first purchases for
    /// different numbers of days; then nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<(), ChurnCalibrationError> {
        self.returns.merge(&other.returns)?;
        self.gaps.merge(&other.gaps);
        Ok(())
    }

    /// What the base says, as far as it was counted.
    ///
    /// [`ChurnBase`] has an example.
    ///
    /// # Errors
    ///
    /// [`ChurnCalibrationError::NotObserved`] when first purchases were followed for no day, and
    /// [`TooMany`](ChurnCalibrationError::TooMany) beyond `i64::MAX` buyers or gaps.
    pub fn calibration(&self) -> Result<ChurnCalibration, ChurnCalibrationError> {
        let interpurchase_times = self.gaps.counted()?;
        Ok(ChurnCalibration { interpurchase_times, first_returns: self.returns.counted()? })
    }
}
