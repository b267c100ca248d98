//! Why a customer refuses a command.

use crate::id::PolicyId;
use crate::lifecycle::LifecycleError;
use crate::profile::ProfileError;
use crate::purchase::PurchaseError;
use crate::time::Timestamp;

/// Why a command was refused. A refused command leaves no trace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecideError {
    /// The purchases refuse it.
    #[error(transparent)]
    Purchase(#[from] PurchaseError),
    /// The lifecycle refuses it.
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
    /// The profile refuses it.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// One fact of an import is refused, and with it the import.
    #[error("fact {index} of the import is refused")]
    Fact {
        /// Its place in the import as given, from 0.
        index: usize,
        /// Why.
        source: Box<DecideError>,
    },
    /// More facts than one import takes.
    #[error("{count} facts, one import takes at most {count_max}")]
    TooManyFacts {
        /// How many were given.
        count: usize,
        /// [`IMPORT_FACTS_MAX`](super::IMPORT_FACTS_MAX).
        count_max: usize,
    },
    /// Dated further in the future than the policy tolerates.
    #[error("dated {occurred_at}, beyond {latest}")]
    InTheFuture {
        /// The instant given.
        occurred_at: Timestamp,
        /// The latest instant accepted.
        latest: Timestamp,
    },
    /// The customer is known already, so it cannot be taken over.
    #[error("customer is known already")]
    AlreadyAdmitted,
    /// Since when is after the takeover itself.
    #[error("known since {since}, after the takeover at {at}")]
    SinceAfterAdmission {
        /// The start given.
        since: Timestamp,
        /// The takeover.
        at: Timestamp,
    },
    /// The customer is not known, and this command does not make it known.
    #[error("customer is not known")]
    NotAdmitted,
    /// The customer was judged by a rulebook that is not among those given.
    #[error("rulebook of policy {policy} from {in_force_from} is not given")]
    UnknownRulebook {
        /// Its policy.
        policy: PolicyId,
        /// The instant it is in force from.
        in_force_from: Timestamp,
    },
    /// Decisions have been taken further already; ask for the past instead.
    #[error("decided to {advanced_to} already, {at} lies before")]
    AlreadyDecided {
        /// The instant given.
        at: Timestamp,
        /// How far decisions have been taken.
        advanced_to: Timestamp,
    },
    /// A customer cannot be taken further than the present.
    #[error("cannot run until {until}, it is {now}")]
    BeyondNow {
        /// The instant given.
        until: Timestamp,
        /// The present.
        now: Timestamp,
    },
}
