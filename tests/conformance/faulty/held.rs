//! Transactions that stay open: what they have touched, others wait for.

use std::sync::MutexGuard;
use std::thread;

use guanxi::TenantId;
use guanxi::store::conformance::Hold;
use guanxi::store::{Commit, CommitError, CustomerChange, Receipt, StoreError, StoreErrorKind};

use super::Faulty;
use super::disk::{Disk, FaultyStore};
use super::fault::Fault;

/// How often somebody looks whether the way is free. More than any check keeps it blocked.
const LOOKS_MAX: usize = 1_000_000;

/// Whether two commits of a tenant want the same.
fn contend(store: &FaultyStore, one: &Commit, other: &Commit) -> bool {
    let both = |touch: &dyn Fn(&CustomerChange, &CustomerChange) -> bool| {
        one.changes().iter().any(|left| other.changes().iter().any(|right| touch(left, right)))
    };
    let rows = both(&|left, right| left.id == right.id) && !store.is(Fault::HeldRowsAreFree);
    let claims =
        both(&|left, right| left.claims_taken.iter().any(|key| right.claims_taken.contains(key)));
    let claims = claims && !store.is(Fault::HeldClaimsAreFree);
    match store.fault {
        // The same command is for the same customer, so its row has to be free as well.
        Fault::HeldCommandsAreFree if one.command_id() == other.command_id() => false,
        _ => rows || claims || one.command_id() == other.command_id(),
    }
}

impl FaultyStore {
    /// The disk, once nobody else has open what this commit wants.
    pub(super) fn lock_for(
        &self,
        tenant: TenantId,
        commit: &Commit,
        own: Option<u64>,
    ) -> Result<MutexGuard<'_, Disk>, StoreError> {
        for _ in 0..LOOKS_MAX {
            let disk = self.lock();
            let mut others = disk.under_way.iter().filter(|(ticket, _)| Some(**ticket) != own);
            if self.is(Fault::OneWriterHoldsUpAll) && others.clone().next().is_some() {
                return Err(StoreErrorKind::Unavailable.into());
            }
            let is_blocked = others.any(|(_, commits)| {
                let mut commits = commits.iter().filter(|(whose, _)| *whose == tenant);
                commits.any(|(_, theirs)| contend(self, commit, theirs))
            });
            if !is_blocked {
                return Ok(disk);
            }
            drop(disk);
            thread::yield_now();
        }
        Err(StoreErrorKind::Unavailable.into())
    }
}

/// A transaction that is open.
pub(crate) struct Held {
    store: FaultyStore,
    ticket: u64,
}

impl Held {
    /// Ends the transaction; gives what it was to write.
    fn end(&self, disk: &mut Disk) -> Vec<(TenantId, Commit)> {
        disk.feed.out.remove(&self.ticket);
        disk.under_way.remove(&self.ticket).unwrap_or_default()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut disk = self.store.lock();
        self.end(&mut disk);
    }
}

impl Hold for Faulty {
    type Held = Held;

    async fn begin(&self, guard: &Self::Guard, _: &FaultyStore) -> Result<Held, StoreError> {
        let store = self.start(guard);
        let mut disk = store.lock();
        let ticket = disk.feed.next_ticket();
        disk.feed.out.insert(ticket);
        disk.under_way.insert(ticket, Vec::new());
        drop(disk);
        Ok(Held { store, ticket })
    }

    async fn carry_out(
        &self,
        _: &FaultyStore,
        held: &mut Held,
        tenant: TenantId,
        commit: Commit,
    ) -> Result<Receipt, CommitError> {
        let (store, ticket) = (&held.store, held.ticket);
        let mut disk = store.lock_for(tenant, &commit, Some(ticket))?;
        // It sees what others have committed, and what it has done itself.
        let mut view = disk.clone();
        for (tenant, own) in disk.under_way.get(&ticket).into_iter().flatten() {
            store.write(&mut view, *tenant, own);
        }
        if let Some(receipt) = store.check(&view, tenant, &commit)? {
            return Ok(receipt);
        }
        let receipt = commit.receipt();
        if store.is(Fault::ShowsUncommitted) {
            store.write_at(&mut disk, tenant, &commit, ticket);
        } else {
            disk.under_way.entry(ticket).or_default().push((tenant, commit));
        }
        Ok(receipt)
    }

    async fn finish(&self, held: Held) -> Result<(), CommitError> {
        let mut disk = held.store.lock();
        for (tenant, commit) in held.end(&mut disk) {
            held.store.write_at(&mut disk, tenant, &commit, held.ticket);
        }
        drop(disk);
        Ok(())
    }

    async fn abandon(&self, held: Held) -> Result<(), StoreError> {
        let mut disk = held.store.lock();
        let commits = held.end(&mut disk);
        match self.0 {
            Fault::KeepsAbandoned => {
                for (tenant, commit) in commits {
                    held.store.write_at(&mut disk, tenant, &commit, held.ticket);
                }
            }
            Fault::FeedWaitsForAbandoned => {
                // A ticket that nobody will ever give back.
                let lost = disk.feed.next_ticket();
                disk.feed.out.insert(lost);
            }
            _ => {}
        }
        drop(disk);
        Ok(())
    }
}
