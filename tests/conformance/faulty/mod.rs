//! A small honest store that can be given any one fault.

mod agenda;
mod archive;
mod beside;
mod disk;
mod dropped;
mod erase;
mod fault;
mod feed;
mod held;
mod inspect;
mod scan;
mod values;

use std::collections::HashSet;
use std::future::Future;
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex};
use std::thread;

use guanxi::profile::ExternalKey;
use guanxi::store::conformance::{Harness, Reopen};
use guanxi::store::{
    Accepted, Bulk, Commit, CommitError, CustomerStore, PageSize, Receipt, StoreError,
    StoreErrorKind, Stored, StoredEntry,
};
use guanxi::{CommandId, CustomerId, TenantId};

use self::disk::{Disk, FaultyStore, Row, cached, nobody, yield_until};
use self::dropped::pause;
pub(crate) use self::fault::Fault;

impl FaultyStore {
    pub(super) fn read(&self, tenant: TenantId, id: CustomerId) -> Option<Stored> {
        let key = self.row_key(tenant, id);
        let row = || {
            let disk = self.lock();
            match &disk.before {
                Some((writer, before))
                    if self.is(Fault::LagsOnOtherThreads) && *writer != thread::current().id() =>
                {
                    before.rows.get(&key).cloned()
                }
                _ => disk.rows.get(&key).cloned(),
            }
        };
        let Row { revision, mut parts, .. } = row()?;
        if self.is(Fault::LoadsInTwoSteps) {
            yield_until(|| row().is_some_and(|row| row.revision != revision));
            parts = row().unwrap_or_default().parts;
        }
        Some(Stored { revision, parts: parts.into_values().collect() })
    }

    fn remembered(&self, tenant: TenantId, command_id: CommandId) -> Option<Accepted> {
        self.lock().commands.get(&self.command_key(tenant, command_id, None)).cloned()
    }
}

impl CustomerStore for FaultyStore {
    async fn load(&self, tenant: TenantId, id: CustomerId) -> Result<Option<Stored>, StoreError> {
        self.fail_for_the_moment()?;
        let lent = self.lend(Fault::DroppedReadKeepsConnection)?;
        pause().await;
        self.give_back(lent);
        let now = self.read(tenant, id);
        if self.is(Fault::CachesLoads) {
            return Ok(cached(&mut self.lock().loads, (tenant, id), now));
        }
        Ok(now)
    }

    async fn commit(&self, tenant: TenantId, commit: Commit) -> Result<Receipt, CommitError> {
        if self.is(Fault::ChecksThenWrites) {
            return self.carry_out_in_two_steps(tenant, &commit);
        }
        self.fail_for_the_moment()?;
        if self.is(Fault::FeedNumbersBeforeWriting) {
            return self.carry_out_numbered_before(tenant, &commit);
        }
        let lent = self.lend(Fault::DroppedKeepsConnection)?;
        self.begin(tenant, &commit).await;
        self.give_back(lent);
        let receipt = {
            let mut disk = self.lock_for(tenant, &commit, None)?;
            self.carry_out(&mut disk, tenant, &commit)?
        };
        pause().await;
        // A connection can be lost after the commit, too, and the receipt with it.
        self.fail_for_the_moment()?;
        Ok(receipt)
    }

    async fn history(
        &self,
        tenant: TenantId,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        self.fail_for_the_moment()?;
        let disk = self.lock();
        let row = disk.rows.get(&self.row_key(tenant, id));
        let journal = self.journal_as_read(row.map_or(&[][..], |row| &row.journal[..]));
        let last = journal.last().map_or(0, |entry| entry.revision);
        let after = match self.fault {
            Fault::CutsRevisions => self.revision_as_compared(after),
            Fault::SkipsBetweenPages if after > 0 => after + 1,
            Fault::BeginsAnewAfterTheEnd if after > last => 0,
            _ => after,
        };
        let later = journal.iter().filter(|entry| entry.revision > after);
        let skipped = match self.fault {
            Fault::PagesFromTheEnd => later.clone().count().saturating_sub(size.rows()),
            _ => 0,
        };
        Ok(later.skip(skipped).take(size.rows()).cloned().collect())
    }

    async fn receipt(
        &self,
        tenant: TenantId,
        command_id: CommandId,
    ) -> Result<Option<Accepted>, StoreError> {
        self.fail_for_the_moment()?;
        Ok(self.remembered(tenant, command_id))
    }

    async fn holder(
        &self,
        tenant: TenantId,
        claim: &ExternalKey,
    ) -> Result<Option<CustomerId>, StoreError> {
        self.fail_for_the_moment()?;
        let (mut disk, key) = (self.lock(), self.claim_key(tenant, claim));
        let now = disk.claims.get(&key).copied();
        if self.is(Fault::CachesHolders) {
            return Ok(cached(&mut disk.holders, key, now));
        }
        Ok(now)
    }
}

impl FaultyStore {
    /// The store that writes what comes with others, by statements of its own.
    fn in_bulk(&self) -> Self {
        let fault = match self.fault {
            Fault::BulkCutsKeys => Fault::CutsKeys,
            Fault::BulkRewritesDocuments => Fault::RewritesDocuments,
            Fault::BulkTakesSchemasForKnown => Fault::TakesSchemasForKnown,
            Fault::BulkSchedulesNobody => Fault::SchedulesNobody,
            Fault::BulkTakesAllForFacts => Fault::TakesAllForFacts,
            Fault::BulkWritesNoColumns => Fault::WritesFirstColumnsOnly,
            fault => fault,
        };
        Faulty(fault).start(&self.disk)
    }

    fn bulk_tenant(&self, tenant: TenantId) -> TenantId {
        if self.is(Fault::BulkKnowsOneTenant) { nobody() } else { tenant }
    }

    fn some_questions<T>(&self, questions: &[T]) -> Result<(), StoreError> {
        if self.is(Fault::BulkRefusesNothing) && questions.is_empty() {
            return Err(StoreErrorKind::Refused.into());
        }
        Ok(())
    }

    /// Checks every commit on what was there before all of them, and then writes those that passed.
    fn carry_out_checked_first(
        &self,
        disk: &mut Disk,
        tenant: TenantId,
        commits: &[Commit],
    ) -> Vec<Result<Receipt, CommitError>> {
        let checked: Vec<_> =
            commits.iter().map(|commit| self.check(disk, tenant, commit)).collect();
        let each = commits.iter().zip(checked);
        each.map(|(commit, checked)| {
            checked.map(|replayed| {
                replayed.unwrap_or_else(|| {
                    self.write(disk, tenant, commit);
                    commit.receipt()
                })
            })
        })
        .collect()
    }
}

impl Bulk for FaultyStore {
    async fn load_many(
        &self,
        tenant: TenantId,
        ids: &[CustomerId],
    ) -> Result<Vec<Option<Stored>>, StoreError> {
        self.fail_for_the_moment()?;
        self.some_questions(ids)?;
        let mut ids = ids.to_vec();
        if self.is(Fault::BulkSortsQuestions) {
            ids.sort_unstable();
        }
        let tenant = self.bulk_tenant(tenant);
        let most = if self.is(Fault::BulkAnswersThousands) { 1_000 } else { usize::MAX };
        let answer = |(nth, id)| self.read(tenant, id).filter(|_| nth < most);
        Ok(ids.into_iter().enumerate().map(answer).collect())
    }

    async fn receipts(
        &self,
        tenant: TenantId,
        command_ids: &[CommandId],
    ) -> Result<Vec<Option<Accepted>>, StoreError> {
        self.fail_for_the_moment()?;
        self.some_questions(command_ids)?;
        let tenant = self.bulk_tenant(tenant);
        Ok(command_ids.iter().map(|id| self.remembered(tenant, *id)).collect())
    }

    async fn commit_many(
        &self,
        tenant: TenantId,
        commits: Vec<Commit>,
    ) -> Result<Vec<Result<Receipt, CommitError>>, StoreError> {
        self.fail_for_the_moment()?;
        self.some_questions(&commits)?;
        let lent = self.lend(Fault::DroppedBulkKeepsConnection)?;
        self.begin_many(self.bulk_tenant(tenant), &commits).await;
        self.give_back(lent);
        let (mut disk, tenant) = (self.lock(), self.bulk_tenant(tenant));
        let writer = self.in_bulk();
        if self.is(Fault::LosesCommitsOfMany) {
            disk.before = Some((thread::current().id(), Box::new(disk.clone())));
        }
        if self.is(Fault::BulkChecksAllFirst) {
            return Ok(self.carry_out_checked_first(&mut disk, tenant, &commits));
        }
        let (mut answers, mut made) = (Vec::new(), HashSet::new());
        for commit in &commits {
            let refused = answers.iter().any(Result::is_err);
            let stands = commit.builds_on().is_none_or(|before| made.contains(&before));
            let key = self.command_key(tenant, commit.command_id(), Some(commit));
            let is_known = disk.commands.contains_key(&key);
            let answer = match self.fault {
                Fault::BulkStopsAtRefused if refused => Err(CommitError::Conflict),
                Fault::BulkForgetsWhatBuildsOnWhat => self.carry_out(&mut disk, tenant, commit),
                _ if !stands && !is_known => Err(CommitError::Conflict),
                _ => writer.carry_out(&mut disk, tenant, commit),
            };
            if answer.as_ref().is_ok_and(|receipt| !receipt.replayed) {
                made.insert(commit.command_id());
            }
            answers.push(answer);
        }
        Ok(answers)
    }
}

/// Opens stores with this fault. The disk outlives the store.
pub(crate) struct Faulty(pub(crate) Fault);

impl Faulty {
    fn start(&self, disk: &Arc<Mutex<Disk>>) -> FaultyStore {
        let disk = Arc::clone(disk);
        FaultyStore {
            fault: self.0,
            disk,
            checked: AtomicUsize::new(0),
            calls: AtomicU64::new(0),
            lent: AtomicUsize::new(0),
        }
    }
}

impl Harness for Faulty {
    type Store = FaultyStore;
    type Guard = Arc<Mutex<Disk>>;

    async fn open(&self) -> Result<(Self::Guard, FaultyStore), StoreError> {
        let disk = Arc::default();
        let store = self.start(&disk);
        Ok((disk, store))
    }

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send,
        F::Output: Send,
    {
        pollster::block_on(future)
    }

    fn run_id(&self) -> String {
        "faulty".to_owned()
    }
}

impl Reopen for Faulty {
    async fn reopen(
        &self,
        guard: &Self::Guard,
        store: FaultyStore,
    ) -> Result<FaultyStore, StoreError> {
        let mut disk = store.lock();
        match self.0 {
            Fault::LosesLastCommit | Fault::LosesCommitsOfMany => {
                if let Some((_, before)) = disk.before.take() {
                    *disk = *before;
                }
            }
            Fault::LosesCommands => disk.commands.clear(),
            Fault::LosesRulebooks => disk.rulebooks.clear(),
            Fault::LosesCalibrations => disk.calibrations.clear(),
            Fault::LosesAgenda => {
                disk.rows.values_mut().for_each(|row| row.beside.indexes.clear());
            }
            Fault::RecallsForgotten => {
                let forgotten = std::mem::take(&mut disk.forgotten);
                disk.commands.extend(forgotten);
            }
            Fault::FeedNumbersAnewWhenReopened => disk.feed.number_anew(),
            _ => {}
        }
        drop(disk);
        Ok(self.start(guard))
    }
}
