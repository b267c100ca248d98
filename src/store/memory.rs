//! A store in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    Agenda, Commit, CommitError, CustomerChange, CustomerStore, Expected, Fingerprint, Index,
    PageSize, Receipt, Scan, StoreError, Stored, StoredEntry, Waking,
};
use crate::customer::{Part, PartName};
use crate::id::{CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::rulebook::RulebookRef;
use crate::time::Timestamp;

/// Keeps everything in memory. Every clause holds, except that nothing survives the process (C6).
/// Works under any executor: no method ever waits.
///
/// ```
/// use guanxi::store::{CustomerStore, MemoryStore};
/// use guanxi::{CustomerId, TenantId};
///
/// let store = MemoryStore::default();
/// let shop = TenantId::derive("example-shop");
/// let id = CustomerId::derive(shop, "C-17");
///
/// // Behind a `Crm` it is written to; by itself it can be read.
/// assert_eq!(pollster::block_on(store.load(shop, id))?, None);
/// # Ok::<(), guanxi::store::StoreError>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore {
    tenants: Mutex<HashMap<TenantId, Tenant>>,
}

#[derive(Debug, Default)]
struct Tenant {
    customers: BTreeMap<CustomerId, Row>,
    claims: HashMap<ExternalKey, CustomerId>,
    commands: HashMap<CommandId, (Fingerprint, Receipt)>,
    /// Who wakes when, by the rulebook that judged them.
    agenda: HashMap<RulebookRef, BTreeSet<Waking>>,
}

#[derive(Debug)]
struct Row {
    revision: u64,
    parts: BTreeMap<PartName, Part>,
    journal: Vec<StoredEntry>,
    index: Index,
}

impl MemoryStore {
    fn lock(&self) -> MutexGuard<'_, HashMap<TenantId, Tenant>> {
        // Every change is checked before the first write, so a panic elsewhere leaves nothing half done.
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tenant {
    fn check(&self, commit: &Commit) -> Result<(), CommitError> {
        for change in commit.changes() {
            let found = self.customers.get(&change.id).map(|row| row.revision);
            let expected = match change.expected {
                Expected::Absent => None,
                Expected::At(revision) => Some(revision),
            };
            if found != expected {
                return Err(CommitError::Conflict);
            }
        }
        let given_up = |claim: &ExternalKey, holder: CustomerId| {
            let mut changes = commit.changes().iter();
            changes.any(|change| change.id == holder && change.claims_released.contains(claim))
        };
        for change in commit.changes() {
            for claim in &change.claims_taken {
                match self.claims.get(claim) {
                    Some(&holder) if holder != change.id && !given_up(claim, holder) => {
                        return Err(CommitError::Claimed { holder });
                    }
                    Some(_) | None => {}
                }
            }
        }
        Ok(())
    }

    fn release(&mut self, change: &CustomerChange) {
        for claim in &change.claims_released {
            if self.claims.get(claim) == Some(&change.id) {
                self.claims.remove(claim);
            }
        }
    }

    fn write(&mut self, mut change: CustomerChange) {
        // Kept for good, so without the room that writing them left over.
        change.entry.document.shrink_to_fit();
        change.put.iter_mut().for_each(|part| part.document.shrink_to_fit());
        self.claims.extend(change.claims_taken.into_iter().map(|claim| (claim, change.id)));
        let before = self.customers.get(&change.id).map(|row| row.index);
        if let Some((rulebook, waking)) = before.and_then(|index| waking(change.id, &index))
            && let Some(wakings) = self.agenda.get_mut(&rulebook)
        {
            wakings.remove(&waking);
        }
        if let Some((rulebook, waking)) = waking(change.id, &change.index) {
            self.agenda.entry(rulebook).or_default().insert(waking);
        }
        let row = self.customers.entry(change.id).or_insert_with(|| Row {
            revision: 0,
            parts: BTreeMap::new(),
            journal: Vec::new(),
            index: change.index,
        });
        row.revision = change.entry.revision;
        row.index = change.index;
        row.journal.push(change.entry);
        row.parts.extend(change.put.into_iter().map(|part| (part.name, part)));
        for name in &change.removed {
            row.parts.remove(name);
        }
    }
}

/// The place of a customer on the agenda; none while no rulebook judges it.
fn waking(id: CustomerId, index: &Index) -> Option<(RulebookRef, Waking)> {
    let wake_at = index.wake_at.unwrap_or(Timestamp::MAX);
    index.rulebook.map(|rulebook| (rulebook, Waking { wake_at, id }))
}

impl Row {
    fn stored(&self) -> Stored {
        Stored { revision: self.revision, parts: self.parts.values().cloned().collect() }
    }
}

impl CustomerStore for MemoryStore {
    async fn load(&self, tenant: TenantId, id: CustomerId) -> Result<Option<Stored>, StoreError> {
        let tenants = self.lock();
        let row = tenants.get(&tenant).and_then(|tenant| tenant.customers.get(&id));
        Ok(row.map(Row::stored))
    }

    async fn commit(&self, tenant: TenantId, commit: Commit) -> Result<Receipt, CommitError> {
        let mut tenants = self.lock();
        let tenant = tenants.entry(tenant).or_default();
        if let Some((fingerprint, first)) = tenant.commands.get(&commit.command_id()) {
            return if *fingerprint == commit.fingerprint() {
                Ok(first.replay())
            } else {
                Err(CommitError::CommandReused)
            };
        }
        tenant.check(&commit)?;
        let (receipt, fingerprint) = (commit.receipt(), commit.fingerprint());
        commit.changes().iter().for_each(|change| tenant.release(change));
        commit.into_changes().into_iter().for_each(|change| tenant.write(change));
        tenant.commands.insert(receipt.command_id, (fingerprint, receipt.clone()));
        Ok(receipt)
    }

    async fn history(
        &self,
        tenant: TenantId,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        let tenants = self.lock();
        let row = tenants.get(&tenant).and_then(|tenant| tenant.customers.get(&id));
        let entries = row.map(|row| {
            let later = row.journal.iter().filter(|entry| entry.revision > after);
            later.take(size.rows()).cloned().collect()
        });
        Ok(entries.unwrap_or_default())
    }

    async fn receipt(
        &self,
        tenant: TenantId,
        command_id: CommandId,
    ) -> Result<Option<(Fingerprint, Receipt)>, StoreError> {
        let tenants = self.lock();
        Ok(tenants.get(&tenant).and_then(|tenant| tenant.commands.get(&command_id)).cloned())
    }

    async fn holder(
        &self,
        tenant: TenantId,
        claim: &ExternalKey,
    ) -> Result<Option<CustomerId>, StoreError> {
        let tenants = self.lock();
        Ok(tenants.get(&tenant).and_then(|tenant| tenant.claims.get(claim)).copied())
    }
}

impl Scan for MemoryStore {
    async fn scan(
        &self,
        tenant: TenantId,
        after: Option<CustomerId>,
        size: PageSize,
    ) -> Result<Vec<(CustomerId, Stored)>, StoreError> {
        use std::ops::Bound;

        let tenants = self.lock();
        let Some(tenant) = tenants.get(&tenant) else { return Ok(Vec::new()) };
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = tenant.customers.range((from, Bound::Unbounded)).take(size.rows());
        Ok(rows.map(|(id, row)| (*id, row.stored())).collect())
    }
}

impl Agenda for MemoryStore {
    async fn due(
        &self,
        tenant: TenantId,
        until: Timestamp,
        judged_by: RulebookRef,
        after: Option<Waking>,
        size: PageSize,
    ) -> Result<Vec<Waking>, StoreError> {
        use std::ops::Bound;

        let tenants = self.lock();
        let Some(tenant) = tenants.get(&tenant) else { return Ok(Vec::new()) };
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut due = Vec::new();
        for (rulebook, wakings) in &tenant.agenda {
            let later = wakings.range((from, Bound::Unbounded));
            let wanted =
                later.take_while(|waking| *rulebook != judged_by || waking.wake_at <= until);
            due.extend(wanted.take(size.rows()));
        }
        due.sort_unstable();
        due.truncate(size.rows());
        Ok(due)
    }
}
