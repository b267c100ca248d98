//! What happened to a tier by a person's word.

use serde::{Deserialize, Serialize};

use super::state::TierOverride;
use crate::time::Timestamp;

/// A person's word on a tier, and its end. What reviews find is recorded with the review.
///
/// [`TierCommand`](super::TierCommand) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum TierEvent {
    /// A person set the tier.
    Overridden(TierOverride),
    /// The override was lifted by a person.
    Lifted {
        /// When.
        at: Timestamp,
    },
    /// The override came to its end.
    Expired {
        /// When.
        at: Timestamp,
    },
}
