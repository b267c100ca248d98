//! A store that others are at, too: what happens between one call and the next is up to a test.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use guanxi::profile::ExternalKey;
use guanxi::rulebook::RulebookRef;
use guanxi::store::{
    Accepted, Agenda, Bulk, Commit, CommitError, CustomerStore, MemoryStore, PageSize, Receipt,
    StoreError, StoreErrorKind, Stored, StoredEntry, Waking,
};
use guanxi::{CommandId, CustomerId, TenantId, Timestamp};

type Meddling = Box<dyn FnOnce(&MemoryStore) + Send>;

#[derive(Default)]
pub(super) struct Meddled {
    pub(super) store: MemoryStore,
    /// How many commits are still met by a conflict.
    conflicts: AtomicUsize,
    /// Done once, after customers were loaded in bulk and before anything is committed.
    meddling: Mutex<Option<Meddling>>,
    /// Answers that are left out of a bulk commit's.
    left_out: usize,
    /// How many commits are still lost on their way.
    lost: AtomicUsize,
    lost_already: AtomicUsize,
}

impl Meddled {
    pub(super) fn with_conflicts(conflicts: usize) -> Self {
        Self { conflicts: conflicts.into(), ..Self::default() }
    }

    pub(super) fn with_meddling(meddling: impl FnOnce(&MemoryStore) + Send + 'static) -> Self {
        Self { meddling: Mutex::new(Some(Box::new(meddling))), ..Self::default() }
    }

    /// From now on so many commits do not arrive.
    pub(super) fn lose(&self, commits: usize) {
        self.lost.store(commits, SeqCst);
    }

    pub(super) fn asked_in_vain(&self) -> usize {
        self.lost_already.load(SeqCst)
    }

    pub(super) fn with_answers_left_out(left_out: usize) -> Self {
        Self { left_out, ..Self::default() }
    }
}

impl CustomerStore for Meddled {
    async fn load(&self, tenant: TenantId, id: CustomerId) -> Result<Option<Stored>, StoreError> {
        self.store.load(tenant, id).await
    }

    async fn commit(&self, tenant: TenantId, commit: Commit) -> Result<Receipt, CommitError> {
        if self.lost.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok() {
            self.lost_already.fetch_add(1, SeqCst);
            return Err(StoreError::from(StoreErrorKind::Unavailable).into());
        }
        match self.conflicts.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)) {
            Ok(_) => Err(CommitError::Conflict),
            Err(_) => self.store.commit(tenant, commit).await,
        }
    }

    async fn history(
        &self,
        tenant: TenantId,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        self.store.history(tenant, id, after, size).await
    }

    async fn receipt(
        &self,
        tenant: TenantId,
        command_id: CommandId,
    ) -> Result<Option<Accepted>, StoreError> {
        self.store.receipt(tenant, command_id).await
    }

    async fn holder(
        &self,
        tenant: TenantId,
        claim: &ExternalKey,
    ) -> Result<Option<CustomerId>, StoreError> {
        self.store.holder(tenant, claim).await
    }
}

impl Bulk for Meddled {
    async fn load_many(
        &self,
        tenant: TenantId,
        ids: &[CustomerId],
    ) -> Result<Vec<Option<Stored>>, StoreError> {
        let loaded = self.store.load_many(tenant, ids).await;
        if let Some(meddle) = self.meddling.lock().unwrap().take() {
            meddle(&self.store);
        }
        loaded
    }

    async fn receipts(
        &self,
        tenant: TenantId,
        command_ids: &[CommandId],
    ) -> Result<Vec<Option<Accepted>>, StoreError> {
        self.store.receipts(tenant, command_ids).await
    }

    async fn commit_many(
        &self,
        tenant: TenantId,
        commits: Vec<Commit>,
    ) -> Result<Vec<Result<Receipt, CommitError>>, StoreError> {
        let mut answers = self.store.commit_many(tenant, commits).await?;
        answers.truncate(answers.len().saturating_sub(self.left_out));
        Ok(answers)
    }
}

impl Agenda for Meddled {
    async fn due(
        &self,
        tenant: TenantId,
        until: Timestamp,
        judged_by: RulebookRef,
        after: Option<Waking>,
        size: PageSize,
    ) -> Result<Vec<Waking>, StoreError> {
        self.store.due(tenant, until, judged_by, after, size).await
    }
}
