//! What groups cannot be compared.

/// Why groups of customers cannot be compared.
///
/// ```
/// use guanxi::churn::survival::{LifeTable, LogRank, LogRankError};
///
/// let (mut some, nobody) = (LifeTable::default(), LifeTable::default());
/// some.lost(3, 1);
/// assert_eq!(LogRank::of(&[&some]), Err(LogRankError::TooFewGroups));
/// assert_eq!(LogRank::of(&[&some, &nobody]), Err(LogRankError::Empty { group: 1 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum LogRankError {
    /// There are fewer than two groups.
    #[error("fewer than two groups have nothing to compare")]
    TooFewGroups,
    /// A group has no customers.
    #[error("group {group} has no customers")]
    Empty {
        /// Its place in the list, from 0.
        group: usize,
    },
    /// No loss in the data could tell the groups apart: whenever somebody was lost, some of the groups had
    /// nobody left who was observed, or everybody was lost at once.
    #[error("no loss was observed that could tell the groups apart")]
    Untold,
}
