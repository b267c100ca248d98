//! What can go wrong in a store.

use std::error::Error;
use std::fmt;

use crate::customer::CustomerDocumentError;
use crate::id::CustomerId;
use crate::observation::ObservationDocumentError;
use crate::profile::ProfileDocumentError;
use crate::purchase::PurchaseDocumentError;
use crate::time::Timestamp;

/// The kind of a [`StoreError`].
///
/// [`StoreError`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The store cannot be reached now; the same call may go through later.
    Unavailable,
    /// The store refuses for good: rights, space, configuration.
    Refused,
    /// A stored document is not what it should be.
    Document,
    /// A stored document is of a schema that this version does not know.
    Newer,
}

/// Something went wrong in a store. Opaque but for its kind; never holds personal data.
///
/// ```
/// use std::error::Error;
/// use std::io;
///
/// use guanxi::store::{StoreError, StoreErrorKind};
///
/// let cause = io::Error::new(io::ErrorKind::TimedOut, "no answer within 5 s");
/// let error = StoreError::new(StoreErrorKind::Unavailable, cause);
/// assert!(error.is_transient());
///
/// // The message says what it means for the caller, the source says why.
/// assert_eq!(error.to_string(), "store is unavailable");
/// assert_eq!(error.source().expect("it has a cause").to_string(), "no answer within 5 s");
///
/// // Without a cause worth keeping:
/// assert!(!StoreError::from(StoreErrorKind::Refused).is_transient());
/// ```
pub struct StoreError {
    kind: StoreErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl StoreError {
    /// An error with its cause, whose message must hold no personal data (C15).
    #[must_use]
    pub fn new(kind: StoreErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    pub(crate) fn document(error: serde_json::Error) -> Self {
        Self::new(StoreErrorKind::Document, error)
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Whether the same call may go through later.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self.kind, StoreErrorKind::Unavailable)
    }
}

impl From<StoreErrorKind> for StoreError {
    fn from(kind: StoreErrorKind) -> Self {
        Self { kind, source: None }
    }
}

impl From<CustomerDocumentError> for StoreError {
    fn from(error: CustomerDocumentError) -> Self {
        let kind = match error {
            CustomerDocumentError::Schema { .. }
            | CustomerDocumentError::Purchase(PurchaseDocumentError::Schema { .. })
            | CustomerDocumentError::Observation(ObservationDocumentError::Schema { .. })
            | CustomerDocumentError::Profile(ProfileDocumentError::UnknownSchema { .. }) => {
                StoreErrorKind::Newer
            }
            CustomerDocumentError::UnknownPart
            | CustomerDocumentError::Malformed { .. }
            | CustomerDocumentError::Twice { .. }
            | CustomerDocumentError::Missing { .. }
            | CustomerDocumentError::Purchase(_)
            | CustomerDocumentError::Observation(_)
            | CustomerDocumentError::Profile(_) => StoreErrorKind::Document,
        };
        Self::new(kind, error)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            StoreErrorKind::Unavailable => "store is unavailable",
            StoreErrorKind::Refused => "store refuses",
            StoreErrorKind::Document => "stored document is malformed",
            StoreErrorKind::Newer => "stored document is of a newer version",
        })
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreError")
            .field("kind", &self.kind)
            .field("source", &self.source)
            .finish()
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

/// Why a commit was not carried out. Each variant is a decision for the caller.
///
/// ```
/// use guanxi::store::{CommitError, StoreErrorKind};
///
/// // Whether to send the command again, under the same id.
/// let again = |error: &CommitError| match error {
///     CommitError::Conflict => true,
///     CommitError::Store(error) => error.is_transient(),
///     CommitError::Claimed { .. } | CommitError::CommandReused | CommitError::Forgotten => false,
///     _ => false,
/// };
/// assert!(again(&CommitError::Conflict));
/// assert!(again(&CommitError::Store(StoreErrorKind::Unavailable.into())));
/// assert!(!again(&CommitError::CommandReused));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// The customer is not at the expected revision (C2): load it again and decide anew.
    #[error("customer has changed meanwhile")]
    Conflict,
    /// A claim is held by another customer (C4).
    #[error("claim is held by customer {holder}")]
    Claimed {
        /// Who holds it.
        holder: CustomerId,
    },
    /// The command's id was used for other content (C5).
    #[error("command id was used for another command")]
    CommandReused,
    /// The command's id was used, and what it asked for has been erased since (C13): whether this is
    /// the same command can no longer be told, so it is not carried out.
    #[error("command id was used for a command that has been erased")]
    Forgotten,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a rulebook was not kept.
///
/// [`Archive::keep`](super::Archive::keep) returns it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// Rulebooks are only appended (C16), and this one does not come into force after the last.
    #[error("a rulebook in force from {latest} is kept already")]
    NotLater {
        /// From when the last one kept is in force.
        latest: Timestamp,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
