//! What the store keeps, and how a commit is checked and written.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use guanxi::customer::{Part, PartName};
use guanxi::profile::ExternalKey;
use guanxi::store::{
    Accepted, Commit, CommitError, CustomerChange, Expected, Receipt, StoreError, StoreErrorKind,
    Stored, StoredCalibration, StoredEntry, StoredRulebook,
};
use guanxi::{CommandId, CustomerId, TenantId};

use super::beside::Beside;
use super::fault::Fault;
use super::feed::Published;

/// How often a store that works in two steps lets others go first. Bounded, because alone it would
/// wait for ever.
const YIELDS_MAX: usize = 2_000;

#[derive(Clone, Default)]
pub(super) struct Row {
    pub(super) revision: u64,
    pub(super) parts: BTreeMap<PartName, Part>,
    pub(super) journal: Vec<StoredEntry>,
    pub(super) beside: Beside,
}

pub(super) type ClaimKey = (TenantId, String, String);

/// What is on the disk. Everything is kept by tenant.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    pub(super) rows: BTreeMap<(TenantId, CustomerId), Row>,
    pub(super) claims: BTreeMap<ClaimKey, CustomerId>,
    pub(super) commands: HashMap<(TenantId, CommandId, Option<CustomerId>), Accepted>,
    pub(super) feed: Published,
    /// What was loaded and asked for last, and how often it may be given again.
    pub(super) loads: BTreeMap<(TenantId, CustomerId), (u8, Option<Stored>)>,
    pub(super) holders: BTreeMap<ClaimKey, (u8, Option<CustomerId>)>,
    /// The commits of transactions that are open, by the ticket of each.
    pub(super) under_way: BTreeMap<u64, Vec<(TenantId, Commit)>>,
    /// In the order they come into force.
    pub(super) rulebooks: HashMap<TenantId, Vec<StoredRulebook>>,
    /// In the order they were kept.
    pub(super) calibrations: HashMap<TenantId, Vec<StoredCalibration>>,
    /// Commands that somebody else was faster than.
    pub(super) refused: HashSet<CommandId>,
    /// What was remembered of commands before they were forgotten.
    pub(super) forgotten: HashMap<(TenantId, CommandId, Option<CustomerId>), Accepted>,
    /// How many customers a scan had given when it stood at this one.
    pub(super) scanned: HashMap<(TenantId, CustomerId), usize>,
    /// Who wrote last, and what there was before.
    pub(super) before: Option<(ThreadId, Box<Disk>)>,
}

pub(crate) struct FaultyStore {
    pub(super) fault: Fault,
    pub(super) disk: Arc<Mutex<Disk>>,
    /// How many are between checking and writing.
    pub(super) checked: AtomicUsize,
    pub(super) calls: AtomicU64,
    /// How many connections are lent.
    pub(super) lent: AtomicUsize,
}

/// The tenant of a store that does not tell tenants apart.
pub(super) fn nobody() -> TenantId {
    TenantId::derive("nobody")
}

impl FaultyStore {
    pub(super) fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One call in four fails, scattered so that threads that take turns do not always meet it.
    pub(super) fn fail_for_the_moment(&self) -> Result<(), StoreError> {
        let nth = self.calls.fetch_add(1, Ordering::SeqCst);
        let scattered = nth.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 62;
        if self.is(Fault::FailsForTheMoment) && scattered == 0 {
            return Err(StoreErrorKind::Unavailable.into());
        }
        Ok(())
    }

    pub(super) fn row_key(&self, tenant: TenantId, id: CustomerId) -> (TenantId, CustomerId) {
        (if self.is(Fault::SharesCustomers) { nobody() } else { tenant }, id)
    }

    pub(super) fn claim_key(&self, tenant: TenantId, claim: &ExternalKey) -> ClaimKey {
        let tenant = if self.is(Fault::SharesClaims) { nobody() } else { tenant };
        (tenant, self.text_as_compared(claim.system()), self.text_as_compared(claim.key()))
    }

    pub(super) fn command_key(
        &self,
        tenant: TenantId,
        id: CommandId,
        commit: Option<&Commit>,
    ) -> (TenantId, CommandId, Option<CustomerId>) {
        let tenant = if self.is(Fault::SharesCommands) { nobody() } else { tenant };
        let by_customer = self.is(Fault::RemembersByCustomer);
        let customer = commit.filter(|_| by_customer).map(|commit| commit.changes()[0].id);
        (tenant, id, customer)
    }

    /// Whether the commit may be written; a receipt where it was already.
    pub(super) fn check(
        &self,
        disk: &Disk,
        tenant: TenantId,
        commit: &Commit,
    ) -> Result<Option<Receipt>, CommitError> {
        self.check_documents(commit)?;
        if self.is(Fault::RefusesWhatWasRefused) && disk.refused.contains(&commit.command_id()) {
            return Err(CommitError::Conflict);
        }
        let revisions = || self.check_revisions(disk, tenant, commit);
        let claims = || self.check_claims(disk, tenant, commit);
        match self.fault {
            Fault::ChecksRevisionsBeforeReplays => revisions()?,
            Fault::ChecksClaimsBeforeReplays => claims()?,
            _ => {}
        }
        let command_key = self.command_key(tenant, commit.command_id(), Some(commit));
        if let Some(accepted) = disk.commands.get(&command_key) {
            let same = accepted.fingerprint == Some(commit.fingerprint());
            match self.fault {
                Fault::ReplaysOtherContent => return Ok(Some(accepted.receipt.replay())),
                Fault::ReplaysWhatIsSent if same => return Ok(Some(commit.receipt().replay())),
                Fault::ChecksRevisionsBeforeReuse if !same => revisions()?,
                _ => {}
            }
            return accepted.again(commit.fingerprint()).map(Some);
        }
        if self.is(Fault::ChecksClaimsBeforeRevisions) {
            claims()?;
        }
        revisions()?;
        claims()?;
        Ok(None)
    }

    fn check_revisions(
        &self,
        disk: &Disk,
        tenant: TenantId,
        commit: &Commit,
    ) -> Result<(), CommitError> {
        let fits = |change: &CustomerChange| self.revision_fits(disk, tenant, change);
        if commit.changes().iter().all(fits) { Ok(()) } else { Err(CommitError::Conflict) }
    }

    fn revision_fits(&self, disk: &Disk, tenant: TenantId, change: &CustomerChange) -> bool {
        let row = disk.rows.get(&self.row_key(tenant, change.id));
        if row.is_some_and(|row| row.beside.is_closed) {
            return false;
        }
        let found = row.map(|row| row.revision);
        match (change.expected, found) {
            (Expected::Absent, None) => true,
            (Expected::Absent, Some(_)) => self.is(Fault::CreatesTheKnown),
            (Expected::At(_), None) => self.is(Fault::ChangesTheUnknown),
            (Expected::At(expected), Some(found)) => {
                self.revision_as_compared(expected) == found
                    || self.is(Fault::IgnoresRevisions)
                    || self.is(Fault::TakesLaterRevisions) && expected > found
            }
        }
    }

    fn check_claims(
        &self,
        disk: &Disk,
        tenant: TenantId,
        commit: &Commit,
    ) -> Result<(), CommitError> {
        let given_up = |claim: &ExternalKey, holder: CustomerId| {
            let mut changes = commit.changes().iter();
            changes.any(|change| change.id == holder && change.claims_released.contains(claim))
                && !self.is(Fault::SeesNoClaimGivenUpBeside)
        };
        let mut taken = HashMap::new();
        for change in commit.changes() {
            for claim in &change.claims_taken {
                let first = *taken.entry(claim).or_insert(change.id);
                if first != change.id && !self.is(Fault::SeesNoClaimTakenBeside) {
                    return Err(self.claimed(claim, first));
                }
                let Some(&holder) = disk.claims.get(&self.claim_key(tenant, claim)) else {
                    continue;
                };
                let own = holder == change.id && !self.is(Fault::RefusesOwnClaims);
                if own || given_up(claim, holder) || self.is(Fault::LastClaimWins) {
                    continue;
                }
                let mut holders = disk.claims.values().copied();
                let first = holders.next().filter(|_| self.is(Fault::NamesAnyHolder));
                return Err(self.claimed(claim, first.unwrap_or(holder)));
            }
        }
        Ok(())
    }

    pub(super) fn write(&self, disk: &mut Disk, tenant: TenantId, commit: &Commit) {
        let ticket = disk.feed.next_ticket();
        self.write_at(disk, tenant, commit, ticket);
    }

    /// Writes what drew this ticket when it began.
    pub(super) fn write_at(&self, disk: &mut Disk, tenant: TenantId, commit: &Commit, ticket: u64) {
        if matches!(self.fault, Fault::LosesLastCommit | Fault::LagsOnOtherThreads) {
            disk.before = None;
            disk.before = Some((thread::current().id(), Box::new(disk.clone())));
        }
        let changes = match self.fault {
            Fault::WritesFirstChangeOnly => &commit.changes()[..1],
            _ => commit.changes(),
        };
        let is_late = self.is(Fault::GivesUpAfterTaking);
        let give_up = |disk: &mut Disk| {
            changes.iter().for_each(|change| self.give_up(disk, tenant, change));
        };
        if !is_late {
            give_up(disk);
        }
        for change in changes {
            self.write_row(disk, tenant, change);
            self.write_beside(disk, tenant, change, commit.command_id());
            self.take(disk, tenant, change);
        }
        if is_late {
            give_up(disk);
        }
        self.remember(disk, tenant, commit);
        changes.iter().for_each(|change| self.publish(disk, tenant, change, ticket));
    }

    pub(super) fn write_row(&self, disk: &mut Disk, tenant: TenantId, change: &CustomerChange) {
        let row = disk.rows.entry(self.row_key(tenant, change.id)).or_default();
        row.revision = change.entry.revision;
        if self.is(Fault::LosesUntouchedParts) {
            row.parts.clear();
        }
        let most = if self.is(Fault::KeepsTenParts) { 10 } else { usize::MAX };
        let put = change.put.iter().take(most);
        row.parts.extend(put.map(|part| (part.name, self.part_as_written(part))));
        let removed = &change.removed[..change.removed.len().min(self.removed_max())];
        row.parts.retain(|name, _| !removed.contains(name));
        let mut entry = self.entry_as_written(&change.entry);
        match self.fault {
            Fault::SkipsRevisions if entry.revision > 1 => entry.revision += 1,
            Fault::LosesEntries if entry.revision == 3 => return,
            _ => {}
        }
        row.journal.push(entry);
    }

    pub(super) fn take(&self, disk: &mut Disk, tenant: TenantId, change: &CustomerChange) {
        let most = if self.is(Fault::TakesTenClaims) { 10 } else { usize::MAX };
        let taken = change.claims_taken.iter().take(most);
        disk.claims.extend(taken.map(|claim| (self.claim_key(tenant, claim), change.id)));
    }

    pub(super) fn give_up(&self, disk: &mut Disk, tenant: TenantId, change: &CustomerChange) {
        let count = match self.fault {
            Fault::KeepsClaimsGivenUp => 0,
            Fault::GivesUpOneClaim => 1,
            _ => usize::MAX,
        };
        for claim in change.claims_released.iter().take(count) {
            let key = self.claim_key(tenant, claim);
            let own = disk.claims.get(&key) == Some(&change.id);
            if own || self.is(Fault::GivesUpClaimsOfOthers) {
                disk.claims.remove(&key);
            }
        }
    }

    fn remember(&self, disk: &mut Disk, tenant: TenantId, commit: &Commit) {
        if self.is(Fault::ForgetsCommands) {
            return;
        }
        let mut accepted = commit.accepted();
        if self.is(Fault::ReceiptNamesOne) {
            accepted.receipt.revisions.truncate(1);
        }
        disk.commands.insert(self.command_key(tenant, commit.command_id(), Some(commit)), accepted);
    }

    /// What a refused commit leaves behind: nothing, but for the faults.
    fn leave(&self, disk: &mut Disk, tenant: TenantId, commit: &Commit, error: &CommitError) {
        let conflict = matches!(error, CommitError::Conflict);
        let claimed = matches!(error, CommitError::Claimed { .. });
        for change in commit.changes() {
            let fits = self.revision_fits(disk, tenant, change);
            let held = |claim| disk.claims.contains_key(&self.claim_key(tenant, claim));
            let free = !change.claims_taken.iter().any(held);
            match self.fault {
                Fault::KeepsCustomerOfRefusedClaim if claimed => {
                    self.write_row(disk, tenant, change);
                }
                Fault::KeepsClaimsOfRefused if claimed && free => self.take(disk, tenant, change),
                Fault::TakesClaimsOneByOne if claimed => self.take_free(disk, tenant, change),
                Fault::WritesColumnsOfRefused if self.is_known(disk, tenant, change) => {
                    self.write_beside(disk, tenant, change, commit.command_id());
                }
                Fault::GivesUpClaimsOfRefused if claimed => self.give_up(disk, tenant, change),
                Fault::KeepsOtherChangesOfConflict if conflict && fits => {
                    self.write_row(disk, tenant, change);
                }
                _ => {}
            }
        }
        if conflict {
            disk.refused.insert(commit.command_id());
        }
        if self.is(Fault::RemembersRefused) && (conflict || claimed) {
            self.remember(disk, tenant, commit);
        }
        if self.is(Fault::FeedGivesRefused) {
            self.publish_again(disk, tenant, commit);
        }
    }

    pub(super) fn carry_out(
        &self,
        disk: &mut Disk,
        tenant: TenantId,
        commit: &Commit,
    ) -> Result<Receipt, CommitError> {
        match self.check(disk, tenant, commit) {
            Ok(Some(receipt)) => {
                if self.is(Fault::FeedGivesRepetitions) {
                    self.publish_again(disk, tenant, commit);
                }
                Ok(receipt)
            }
            Ok(None) => {
                self.write(disk, tenant, commit);
                Ok(commit.receipt())
            }
            Err(error) => {
                self.leave(disk, tenant, commit, &error);
                Err(error)
            }
        }
    }

    /// The gap of a store without transactions: what was checked is out of date when it is written.
    pub(super) fn carry_out_in_two_steps(
        &self,
        tenant: TenantId,
        commit: &Commit,
    ) -> Result<Receipt, CommitError> {
        let checked = self.check(&self.lock(), tenant, commit)?;
        if let Some(receipt) = checked {
            return Ok(receipt);
        }
        self.checked.fetch_add(1, Ordering::SeqCst);
        yield_until(|| self.checked.load(Ordering::SeqCst) > 1);
        self.write(&mut self.lock(), tenant, commit);
        self.checked.fetch_sub(1, Ordering::SeqCst);
        Ok(commit.receipt())
    }
}

pub(super) fn yield_until(condition: impl Fn() -> bool) {
    for _ in 0..YIELDS_MAX {
        if condition() {
            return;
        }
        thread::yield_now();
    }
}

/// What is in a cache, as long as it may be given; else what there is now.
pub(super) fn cached<K: Ord, T: Clone>(cache: &mut BTreeMap<K, (u8, T)>, key: K, now: T) -> T {
    let (left, kept) = cache.entry(key).or_insert((3, now.clone()));
    if *left == 0 {
        (*left, *kept) = (3, now);
    }
    *left -= 1;
    kept.clone()
}
