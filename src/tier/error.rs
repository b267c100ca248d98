//! Why a command about a tier is refused.

use crate::time::Timestamp;

/// Why a command about a tier is refused.
///
/// ```
/// use guanxi::tier::TierError;
/// use guanxi::Timestamp;
///
/// let error = TierError::AlreadyOver { until: Timestamp::MIN, now: Timestamp::UNIX_EPOCH };
/// assert_eq!(
///     error.to_string(),
///     "the override would end at 0001-01-01T00:00:00Z, and it is 1970-01-01T00:00:00Z"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TierError {
    /// The override would be over before it begins.
    #[error("the override would end at {until}, and it is {now}")]
    AlreadyOver {
        /// When it would end.
        until: Timestamp,
        /// The present.
        now: Timestamp,
    },
    /// There is no override to lift.
    #[error("the tier is not overridden")]
    NotOverridden,
}
