//! What cannot be a calibration.

/// Why counts are no calibration of churn.
///
/// ```
/// use guanxi::churn::{ChurnCalibrationError, FirstReturns, InterpurchaseTimes};
///
/// let returned = InterpurchaseTimes::from_gaps([3, 9]);
/// assert_eq!(FirstReturns::new(1, returned), Err(ChurnCalibrationError::MoreReturnsThanBuyers));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ChurnCalibrationError {
    /// More buyers came back than ever bought.
    #[error("more buyers came back than bought a first time")]
    MoreReturnsThanBuyers,
    /// Lengths do not rise, or one of them was never seen.
    #[error("gaps are not listed by rising length, each with how often it was seen")]
    Unsorted,
    /// More than can be counted.
    #[error("more gaps than can be counted")]
    TooMany,
}
