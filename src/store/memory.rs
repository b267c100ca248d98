//! A store in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    Accepted, Agenda, Archive, ArchiveError, Bulk, Commit, CommitError, CustomerChange,
    CustomerStore, Erase, Feed, FeedCursor, FeedEntry, Index, Inspect, Inspection, PageSize,
    Receipt, Scan, StoreError, Stored, StoredCalibration, StoredEntry, StoredRulebook, Waking,
};
use crate::customer::{Part, PartName};
use crate::id::{CalibrationId, CommandId, CustomerId, TenantId};
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
    commands: HashMap<CommandId, Accepted>,
    /// Who wakes when, by the rulebook that judged them.
    agenda: HashMap<RulebookRef, BTreeSet<Waking>>,
    /// Every revision of every customer, in the order they were made.
    feed: Vec<(CustomerId, u64)>,
    /// In the order they come into force.
    rulebooks: Vec<StoredRulebook>,
    /// In the order they were taken, and then of their ids.
    calibrations: BTreeMap<(Timestamp, CalibrationId), StoredCalibration>,
}

#[derive(Debug)]
struct Row {
    revision: u64,
    parts: BTreeMap<PartName, Part>,
    journal: Vec<StoredEntry>,
    claims: BTreeSet<ExternalKey>,
    /// The commands whose fingerprints go when the customer is forgotten.
    personal: Vec<CommandId>,
    index: Index,
}

impl MemoryStore {
    fn lock(&self) -> MutexGuard<'_, HashMap<TenantId, Tenant>> {
        // Every change is checked before the first write, so a panic elsewhere leaves nothing half done.
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tenant {
    fn carry_out(&mut self, commit: Commit) -> Result<Receipt, CommitError> {
        if let Some(accepted) = self.commands.get(&commit.command_id()) {
            return accepted.again(commit.fingerprint());
        }
        self.check(&commit)?;
        let (command_id, accepted) = (commit.command_id(), commit.accepted());
        let receipt = accepted.receipt.clone();
        commit.changes().iter().for_each(|change| self.release(change));
        commit.into_changes().into_iter().for_each(|change| self.write(change, command_id));
        self.commands.insert(command_id, accepted);
        Ok(receipt)
    }

    fn check(&self, commit: &Commit) -> Result<(), CommitError> {
        for change in commit.changes() {
            let found = self.customers.get(&change.id).map(|row| row.revision);
            if found != change.expected.revision() {
                return Err(CommitError::Conflict);
            }
        }
        let given_up = |claim: &ExternalKey, holder: CustomerId| {
            let mut changes = commit.changes().iter();
            changes.any(|change| change.id == holder && change.claims_released.contains(claim))
        };
        let mut taken = HashMap::new();
        for change in commit.changes() {
            for claim in &change.claims_taken {
                let before = self.claims.get(claim).filter(|holder| !given_up(claim, **holder));
                let holder = before.or_else(|| taken.get(claim)).copied();
                if let Some(holder) = holder.filter(|holder| *holder != change.id) {
                    return Err(CommitError::Claimed { holder });
                }
                taken.insert(claim, change.id);
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

    fn write(&mut self, mut change: CustomerChange, command_id: CommandId) {
        // Kept for good, so without the room that writing them left over.
        change.entry.document.shrink_to_fit();
        change.put.iter_mut().for_each(|part| part.document.shrink_to_fit());
        let taken = change.claims_taken.iter().cloned().map(|claim| (claim, change.id));
        self.claims.extend(taken);
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
            claims: BTreeSet::new(),
            personal: Vec::new(),
            index: change.index,
        });
        row.revision = change.entry.revision;
        self.feed.push((change.id, change.entry.revision));
        row.index = change.index;
        row.journal.push(change.entry);
        row.parts.extend(change.put.into_iter().map(|part| (part.name, part)));
        for name in &change.removed {
            row.parts.remove(name);
        }
        row.claims.retain(|claim| !change.claims_released.contains(claim));
        row.claims.extend(change.claims_taken);
        if change.personal {
            row.personal.push(command_id);
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
        self.lock().entry(tenant).or_default().carry_out(commit)
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
    ) -> Result<Option<Accepted>, StoreError> {
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

impl Feed for MemoryStore {
    async fn feed(
        &self,
        tenant: TenantId,
        after: Option<FeedCursor>,
        size: PageSize,
    ) -> Result<Vec<FeedEntry>, StoreError> {
        let tenants = self.lock();
        let Some(tenant) = tenants.get(&tenant) else { return Ok(Vec::new()) };
        let read =
            after.map_or(0, |cursor| usize::try_from(cursor.position()).unwrap_or(usize::MAX));
        let later = (1..).zip(&tenant.feed).skip(read);
        let entry = |(position, (customer, revision)): (u64, &(CustomerId, u64))| {
            let journal = &tenant.customers.get(customer)?.journal;
            let entry = journal.iter().rev().find(|entry| entry.revision == *revision)?.clone();
            Some(FeedEntry { position, customer: *customer, entry })
        };
        Ok(later.filter_map(entry).take(size.rows()).collect())
    }
}

impl Bulk for MemoryStore {
    async fn load_many(
        &self,
        tenant: TenantId,
        ids: &[CustomerId],
    ) -> Result<Vec<Option<Stored>>, StoreError> {
        let tenants = self.lock();
        let customers = tenants.get(&tenant).map(|tenant| &tenant.customers);
        let row = |id| customers.and_then(|customers| customers.get(id)).map(Row::stored);
        Ok(ids.iter().map(row).collect())
    }

    async fn receipts(
        &self,
        tenant: TenantId,
        command_ids: &[CommandId],
    ) -> Result<Vec<Option<Accepted>>, StoreError> {
        let tenants = self.lock();
        let commands = tenants.get(&tenant).map(|tenant| &tenant.commands);
        let accepted = |id| commands.and_then(|commands| commands.get(id)).cloned();
        Ok(command_ids.iter().map(accepted).collect())
    }

    async fn commit_many(
        &self,
        tenant: TenantId,
        commits: Vec<Commit>,
    ) -> Result<Vec<Result<Receipt, CommitError>>, StoreError> {
        let mut tenants = self.lock();
        let tenant = tenants.entry(tenant).or_default();
        let mut made = HashSet::new();
        let carry_out = |commit: Commit| {
            let (command_id, builds_on) = (commit.command_id(), commit.builds_on());
            let is_known = tenant.commands.contains_key(&command_id);
            if !is_known && builds_on.is_some_and(|before| !made.contains(&before)) {
                return Err(CommitError::Conflict);
            }
            let receipt = tenant.carry_out(commit)?;
            if !receipt.replayed {
                made.insert(command_id);
            }
            Ok(receipt)
        };
        Ok(commits.into_iter().map(carry_out).collect())
    }
}

impl Archive for MemoryStore {
    async fn keep(&self, tenant: TenantId, book: StoredRulebook) -> Result<(), ArchiveError> {
        let mut tenants = self.lock();
        let kept = &mut tenants.entry(tenant).or_default().rulebooks;
        match kept.last() {
            _ if kept.contains(&book) => Ok(()),
            Some(last) if book.in_force_from <= last.in_force_from => {
                Err(ArchiveError::NotLater { latest: last.in_force_from })
            }
            Some(_) | None => {
                kept.push(book);
                Ok(())
            }
        }
    }

    async fn rulebooks(&self, tenant: TenantId) -> Result<Vec<StoredRulebook>, StoreError> {
        let tenants = self.lock();
        Ok(tenants.get(&tenant).map(|tenant| tenant.rulebooks.clone()).unwrap_or_default())
    }

    async fn keep_calibration(
        &self,
        tenant: TenantId,
        calibration: StoredCalibration,
    ) -> Result<(), StoreError> {
        let mut tenants = self.lock();
        let kept = &mut tenants.entry(tenant).or_default().calibrations;
        let id = calibration.id();
        if !kept.keys().any(|(_, kept)| *kept == id) {
            kept.insert((calibration.taken_at, id), calibration);
        }
        Ok(())
    }

    async fn calibration(
        &self,
        tenant: TenantId,
        id: CalibrationId,
    ) -> Result<Option<StoredCalibration>, StoreError> {
        let tenants = self.lock();
        let mut kept = tenants.get(&tenant).into_iter().flat_map(|tenant| &tenant.calibrations);
        Ok(kept.find(|((_, kept), _)| *kept == id).map(|(_, calibration)| calibration.clone()))
    }

    async fn calibrations(
        &self,
        tenant: TenantId,
        newest: PageSize,
    ) -> Result<Vec<StoredCalibration>, StoreError> {
        let tenants = self.lock();
        let Some(tenant) = tenants.get(&tenant) else { return Ok(Vec::new()) };
        Ok(tenant.calibrations.values().rev().take(newest.rows()).cloned().collect())
    }
}

impl Erase for MemoryStore {
    async fn forget(&self, tenant: TenantId, ids: &[CustomerId]) -> Result<(), StoreError> {
        let mut tenants = self.lock();
        let Some(Tenant { customers, commands, .. }) = tenants.get_mut(&tenant) else {
            return Ok(());
        };
        let rows = ids.iter().filter_map(|id| customers.get(id));
        for command_id in rows.flat_map(|row| &row.personal) {
            if let Some(accepted) = commands.get_mut(command_id) {
                accepted.fingerprint = None;
            }
        }
        Ok(())
    }
}

impl Inspect for MemoryStore {
    async fn inspect(
        &self,
        tenant: TenantId,
        id: CustomerId,
    ) -> Result<Option<Inspection>, StoreError> {
        let tenants = self.lock();
        let row = tenants.get(&tenant).and_then(|tenant| tenant.customers.get(&id));
        Ok(row.map(|row| {
            let claims = row.claims.iter().cloned().collect();
            Inspection { revision: row.revision, index: row.index, claims }
        }))
    }
}
