//! What a call leaves when it is dropped half-way.

use std::future::poll_fn;
use std::sync::atomic::Ordering;
use std::task::Poll;

use guanxi::TenantId;
use guanxi::store::{Commit, StoreError, StoreErrorKind};

use super::disk::{Disk, FaultyStore};
use super::fault::Fault;

/// As many connections as the store has.
const CONNECTIONS: usize = 8;

/// Comes back later, as after a wait for a disk.
pub(super) async fn pause() {
    let mut is_through = false;
    poll_fn(|context| {
        if std::mem::replace(&mut is_through, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl FaultyStore {
    /// Lends a connection, with the fault that those who are dropped never give it back; otherwise there
    /// are enough.
    pub(super) fn lend(&self, fault: Fault) -> Result<bool, StoreError> {
        if !self.is(fault) {
            return Ok(false);
        }
        if self.lent.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS {
            return Err(StoreErrorKind::Refused.into());
        }
        Ok(true)
    }

    pub(super) fn give_back(&self, lent: bool) {
        self.lent.fetch_sub(usize::from(lent), Ordering::SeqCst);
    }

    /// The time before a commit is written. With a fault some of it is there already, and stays if the
    /// call is dropped.
    pub(super) async fn begin(&self, tenant: TenantId, commit: &Commit) {
        let leaves = matches!(
            self.fault,
            Fault::DroppedLeavesRow
                | Fault::DroppedLeavesFirst
                | Fault::DroppedLeavesClaims
                | Fault::DroppedForgetsCommand
        );
        let before = leaves.then(|| self.lock().clone());
        if let Some(before) = &before {
            self.write_some(before, tenant, commit);
        }
        pause().await;
        if let Some(before) = before {
            *self.lock() = before;
        }
    }

    /// Writes what is left of a commit that goes no further.
    fn write_some(&self, before: &Disk, tenant: TenantId, commit: &Commit) {
        if !matches!(self.check(before, tenant, commit), Ok(None)) {
            return;
        }
        let (mut disk, changes) = (self.lock(), commit.changes());
        match self.fault {
            Fault::DroppedLeavesRow => self.write_row(&mut disk, tenant, &changes[0]),
            Fault::DroppedLeavesFirst if changes.len() > 1 => {
                self.write_row(&mut disk, tenant, &changes[0]);
            }
            Fault::DroppedLeavesClaims => {
                changes.iter().for_each(|change| self.give_up(&mut disk, tenant, change));
                changes.iter().for_each(|change| self.take(&mut disk, tenant, change));
            }
            Fault::DroppedForgetsCommand => {
                self.write(&mut disk, tenant, commit);
                disk.commands.clone_from(&before.commands);
            }
            _ => {}
        }
    }

    /// The time before many commits are written.
    pub(super) async fn begin_many(&self, tenant: TenantId, commits: &[Commit]) {
        let count = match self.fault {
            Fault::DroppedBulkLeavesSome => commits.len() / 2,
            Fault::DroppedBulkForgetsCommands => commits.len(),
            _ => 0,
        };
        let before = (count > 0).then(|| self.lock().clone());
        for (commit, before) in commits[..count].iter().zip(before.iter().cycle()) {
            let mut disk = self.lock();
            let _ = self.carry_out(&mut disk, tenant, commit);
            if self.is(Fault::DroppedBulkForgetsCommands) {
                disk.commands.clone_from(&before.commands);
            }
        }
        pause().await;
        if let Some(before) = before {
            *self.lock() = before;
        }
    }
}
