//! Why a commit was not carried out, by what the database holds.

use std::collections::HashMap;

use crate::id::CustomerId;
use crate::profile::ExternalKey;
use crate::store::{Accepted, Commit, CommitError, Receipt};

/// What the database held, all at one moment, of what a commit depends on.
#[derive(Debug, Default)]
pub(in crate::store) struct Found<'a> {
    /// What is remembered of its command.
    pub(in crate::store) accepted: Option<Accepted>,
    /// The revisions of those of its customers that there are.
    pub(in crate::store) revisions: HashMap<CustomerId, u64>,
    /// Who holds those of the claims it takes that anybody holds.
    pub(in crate::store) holders: HashMap<&'a ExternalKey, CustomerId>,
}

impl Found<'_> {
    /// The answer to a commit, in the order that the contract checks; `None` when nothing of this
    /// stands in its way.
    pub(in crate::store) fn answer(&self, commit: &Commit) -> Option<Result<Receipt, CommitError>> {
        if let Some(accepted) = &self.accepted {
            return Some(accepted.again(commit.fingerprint()));
        }
        for change in commit.changes() {
            if self.revisions.get(&change.id).copied() != change.expected.revision() {
                return Some(Err(CommitError::Conflict));
            }
        }
        let holder = self.holder_in_the_way(commit)?;
        Some(Err(CommitError::Claimed { holder }))
    }

    fn holder_in_the_way(&self, commit: &Commit) -> Option<CustomerId> {
        let mut taken: HashMap<&ExternalKey, CustomerId> = HashMap::new();
        for change in commit.changes() {
            for key in &change.claims_taken {
                let before =
                    self.holders.get(key).filter(|holder| !gives_up(commit, **holder, key));
                let holder = taken.get(key).or(before).copied();
                if let Some(holder) = holder.filter(|holder| *holder != change.id) {
                    return Some(holder);
                }
                taken.insert(key, change.id);
            }
        }
        None
    }
}

/// Whether a customer gives up a key in this commit.
fn gives_up(commit: &Commit, holder: CustomerId, key: &ExternalKey) -> bool {
    let mut changes = commit.changes().iter();
    changes.any(|change| change.id == holder && change.claims_released.contains(key))
}
