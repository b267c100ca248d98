//! What cannot be a calibration.

/// Why counts are no calibration of churn.
///
/// ```
/// use guanxi::churn::{ChurnCalibrationError, FirstReturns, Waits};
///
/// let returned = Waits::from_days([3, 9]);
/// assert_eq!(FirstReturns::new(1, returned), Err(ChurnCalibrationError::MoreReturnsThanBuyers));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ChurnCalibrationError {
    /// More buyers came back than ever bought.
    #[error("more buyers came back than bought a first time")]
    MoreReturnsThanBuyers,
    /// Lengths do not rise, or one of them was never seen.
    #[error("waits are not listed by rising length, each with how often it was seen")]
    Unsorted,
    /// More than can be counted.
    #[error("more waits than can be counted")]
    TooMany,
}
