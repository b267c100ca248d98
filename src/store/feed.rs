//! A tenant's journals as one feed: the entries, and the places in it.

use std::fmt;
use std::str::FromStr;

use super::StoredEntry;
use crate::id::CustomerId;

/// An entry of some customer's journal, and where in the feed it stands.
///
/// [`Feed`](super::Feed) has an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Where it stands, as the store counts. Several entries may share a position; those of one
    /// customer never go back to an earlier one.
    pub position: u64,
    /// Whose journal it is from.
    pub customer: CustomerId,
    /// The entry.
    pub entry: StoredEntry,
}

impl FeedEntry {
    /// The place right after this entry, to go on from.
    #[must_use]
    pub const fn cursor(&self) -> FeedCursor {
        FeedCursor {
            position: self.position,
            customer: self.customer,
            revision: self.entry.revision,
        }
    }
}

/// A place in a feed, to go on from. It means something to the store that gave it only; as text it can be
/// kept anywhere. A feed is in the order of its cursors.
///
/// ```
/// use guanxi::store::{FeedCursor, FeedCursorError};
/// use guanxi::{CustomerId, TenantId};
///
/// let id = CustomerId::derive(TenantId::derive("example-shop"), "C-17");
/// let cursor = FeedCursor::new(42, id, 3);
/// let kept = cursor.to_string();
/// assert_eq!(kept.parse(), Ok(cursor));
///
/// assert!(cursor < FeedCursor::new(42, id, 4));
/// assert_eq!("42".parse::<FeedCursor>(), Err(FeedCursorError));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeedCursor {
    position: u64,
    customer: CustomerId,
    revision: u64,
}

impl FeedCursor {
    /// The place right after the entry of this position, customer and revision.
    #[must_use]
    pub const fn new(position: u64, customer: CustomerId, revision: u64) -> Self {
        Self { position, customer, revision }
    }

    /// The position of the entry that was read last.
    #[must_use]
    pub const fn position(self) -> u64 {
        self.position
    }

    /// Whose entry was read last.
    #[must_use]
    pub const fn customer(self) -> CustomerId {
        self.customer
    }

    /// The revision that the entry made.
    #[must_use]
    pub const fn revision(self) -> u64 {
        self.revision
    }
}

impl fmt::Display for FeedCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.position, self.customer, self.revision)
    }
}

/// A text is not a [`FeedCursor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a feed")]
pub struct FeedCursorError;

impl FromStr for FeedCursor {
    type Err = FeedCursorError;

    fn from_str(text: &str) -> Result<Self, FeedCursorError> {
        let mut words = text.split('/');
        let (Some(position), Some(customer), Some(revision), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(FeedCursorError);
        };
        Ok(Self {
            position: position.parse().map_err(|_| FeedCursorError)?,
            customer: customer.parse().map_err(|_| FeedCursorError)?,
            revision: revision.parse().map_err(|_| FeedCursorError)?,
        })
    }
}
