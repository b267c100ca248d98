//! What a command did, ready to be committed.

use super::event::Entry;
use crate::profile::ProfileChange;

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// Everything already was as the command asks. Nothing is recorded.
    Unchanged,
    /// The customer changed.
    Changed(Change),
}

/// A change to be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What goes into the journal.
    pub entry: Entry,
    /// The values of a profile change, and the claims it takes and gives up.
    pub profile: Option<Box<ProfileChange>>,
}
