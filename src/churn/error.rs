//! What cannot be a calibration.

/// Why counts are no calibration of churn.
///
/// ```
/// use guanxi::churn::{ChurnCalibrationError, FirstReturns, InterpurchaseTimes};
///
/// let returned = InterpurchaseTimes::from_gaps([3, 9])?;
/// assert_eq!(
///     FirstReturns::new(365, 1, returned),
///     Err(ChurnCalibrationError::MoreReturnsThanBuyers)
/// );
/// # Ok::<(), ChurnCalibrationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ChurnCalibrationError {
    /// More buyers came back than ever bought.
    #[error("more buyers came back than bought a first time")]
    MoreReturnsThanBuyers,
    /// A buyer came back after the days for which buyers were observed.
    #[error("a buyer came back later than buyers were observed")]
    ReturnedUnobserved,
    /// Buyers were observed for no day after their first purchase.
    #[error("buyers were observed for no day")]
    NotObserved,
    /// Two parts of a base were observed for different numbers of days.
    #[error("the parts of the base were observed for different numbers of days")]
    ObservedOtherwise,
    /// Lengths do not rise, or one of them was never seen.
    #[error("gaps are not listed by rising length, each with how often it was seen")]
    Unsorted,
    /// More than can be counted.
    #[error("more gaps or buyers than can be counted")]
    TooMany,
}
