//! What can be wrong with a base.

use crate::id::CommandId;
use crate::store::{Index, StoreError};
use crate::time::Timestamp;

/// What does not fit together.
///
/// [`Crm::verify`](crate::Crm::verify) has an example. Messages hold no personal data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// The parts are no customer.
    #[error("its parts cannot be read")]
    Parts(#[source] StoreError),
    /// An entry of the journal cannot be read.
    #[error("entry {revision} of its journal cannot be read")]
    Entry {
        /// The revision by the envelope.
        revision: u64,
        /// What is wrong with it.
        source: StoreError,
    },
    /// The journal goes on with another entry than the next one (C3, C8): one is missing, doubled or
    /// out of order.
    #[error("its journal has entry {found} where {expected} belongs")]
    Gap {
        /// The revision that belongs there.
        expected: u64,
        /// The revision found.
        found: u64,
    },
    /// An entry's envelope says something else than its document.
    #[error("entry {revision} of its journal and its envelope differ")]
    Envelope {
        /// The revision by the envelope.
        revision: u64,
    },
    /// The journal ends at another revision than the customer is at (C1).
    #[error("it is at revision {stored}, and its journal ends at {journalled}")]
    Revision {
        /// The revision of the customer.
        stored: u64,
        /// The last one of the journal.
        journalled: u64,
    },
    /// The journal, folded, gives another customer (C1).
    #[error("its journal tells of another state")]
    State,
    /// It has a profile, though its journal tells of none, or of its erasure last (C13).
    #[error("it has a profile that its journal does not tell of")]
    Profile,
    /// A rulebook judged it that this handle does not have, so neither its columns nor its place on the
    /// agenda can be verified; [`Crm::refresh`](crate::Crm::refresh) may help.
    #[error("it was judged by a rulebook that is not in use here")]
    UnknownRulebook,
    /// A command of the journal is not remembered, or with another receipt (C5).
    #[error("command {command_id} of its journal is not remembered")]
    Command {
        /// The command.
        command_id: CommandId,
    },
    /// The columns are not those of this state (C1).
    #[error("its columns are not those of its state")]
    Columns {
        /// The columns as they are; `None` if there are none.
        stored: Option<Index>,
        /// As they should be.
        expected: Index,
    },
    /// The claims it holds are not the keys of its profile (C4).
    #[error("it holds {held} claims and its profile has {keys} keys, and they differ")]
    Claims {
        /// How many it holds.
        held: usize,
        /// How many its profile has.
        keys: usize,
    },
    /// Somebody else holds the claim of one of its keys, or nobody does (C4).
    #[error("it does not hold the claim of one of its keys")]
    Claim,
    /// A scan gives it again, or after a later one (C11); the rest was not verified.
    #[error("a scan gives it again, or out of order")]
    Scan,
    /// The agenda does not have it where it belongs (C12).
    #[error("the agenda does not have it at {wake_at}")]
    NotOnAgenda {
        /// Where it belongs.
        wake_at: Timestamp,
    },
    /// The agenda has it where it does not belong, or out of order (C12).
    #[error("the agenda has it at {wake_at}, where it does not belong")]
    OnAgenda {
        /// Where it is.
        wake_at: Timestamp,
    },
}
