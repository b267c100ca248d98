//! The store: a pool, and the traits of the contract on it.

use sqlx::{PgPool, PgTransaction};

use super::bulk::commit_all;
use super::gather::Gathered;
use super::hosted::carry_out_in;
use super::options::PostgresOptions;
use super::read::Reader;
use super::tables::Tables;
use super::write::{ATTEMPTS_MAX, carry_out, contradiction};
use crate::id::{CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::rulebook::RulebookRef;
use crate::store::{
    Accepted, Agenda, Bulk, Commit, CommitError, CustomerStore, Feed, FeedCursor, FeedEntry,
    Inspect, Inspection, PageSize, Receipt, Scan, StoreError, Stored, StoredEntry, Waking,
};
use crate::time::Timestamp;

/// Keeps customers in a PostgreSQL database. Every clause of the [contract](crate::store) holds; what
/// C13 means there, [Erasure](super#erasure) says. Needs a Tokio runtime. A clone is another handle on the
/// same pool.
///
/// The [module](crate::store::postgres) has an example.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    pub(super) pool: PgPool,
    pub(super) tables: Tables,
}

impl PostgresStore {
    /// Takes the host's pool, with the default [options](PostgresOptions): tables are made if missing, where
    /// the connection's search path says.
    ///
    /// # Errors
    ///
    /// As [`PostgresOptions::open`].
    pub async fn open(pool: PgPool) -> Result<Self, StoreError> {
        PostgresOptions::new(pool).open().await
    }

    /// The pool.
    #[must_use]
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Carries out a commit inside a transaction of the host's, on a connection of the host's to the same
    /// database: what the host writes and what the commit writes stand or fall together.
    /// [`Crm::prepare`](crate::Crm::prepare) makes the commit.
    ///
    /// Until the transaction ends, others who change the same customer wait for it, and the
    /// [feed](super#the-feed) gives nothing that was written after it began to write. So keep it short. Its
    /// isolation level should be `READ COMMITTED`, the server's own default: above that it does not see what
    /// stands in the way of a commit.
    ///
    /// ```
    /// use guanxi::crm::Prepared;
    /// use guanxi::store::postgres::{PostgresStore, sqlx};
    /// # use guanxi::store::StoreError;
    /// # use guanxi::{CommandId, Context, Crm, CustomerId};
    ///
    /// async fn order_and_invoice(
    ///     crm: &Crm<PostgresStore>,
    ///     (id, order, context): (CustomerId, guanxi::Command, Context),
    /// ) -> Result<(), Box<dyn std::error::Error>> {
    ///     let Prepared::Commit { commit, .. } = crm.prepare(id, &order, &context).await? else {
    ///         return Ok(());
    ///     };
    ///     let mut transaction = crm.store().pool().begin().await?;
    ///     sqlx::query("INSERT INTO invoices VALUES (17)").execute(&mut *transaction).await?;
    ///     crm.store().commit_in(&mut transaction, crm.tenant(), &commit).await?;
    ///     transaction.commit().await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`CustomerStore::commit`]. In every case nothing of the commit is written.
    ///
    /// After [`CommitError::Store`], and when the future was dropped before its end, roll the transaction
    /// back. After every other refusal it can go on, with what the host wrote in it.
    pub async fn commit_in(
        &self,
        transaction: &mut PgTransaction<'_>,
        tenant: TenantId,
        commit: &Commit,
    ) -> Result<Receipt, CommitError> {
        carry_out_in(transaction, Reader { tables: &self.tables, tenant }, commit).await
    }

    pub(super) const fn reader(&self, tenant: TenantId) -> Reader<'_> {
        Reader { tables: &self.tables, tenant }
    }
}

impl CustomerStore for PostgresStore {
    async fn load(&self, tenant: TenantId, id: CustomerId) -> Result<Option<Stored>, StoreError> {
        self.reader(tenant).load(&self.pool, id).await
    }

    async fn commit(&self, tenant: TenantId, commit: Commit) -> Result<Receipt, CommitError> {
        let reader = self.reader(tenant);
        for _ in 0..ATTEMPTS_MAX {
            if let Some(gathered) = Gathered::one(&commit)
                && carry_out(&self.pool, &self.tables, tenant, &gathered).await?
            {
                return Ok(commit.receipt());
            }
            if let Some(answer) = reader.found(&self.pool, &commit).await?.answer(&commit) {
                return answer;
            }
        }
        Err(contradiction().into())
    }

    async fn history(
        &self,
        tenant: TenantId,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        self.reader(tenant).history(&self.pool, id, after, size).await
    }

    async fn receipt(
        &self,
        tenant: TenantId,
        command_id: CommandId,
    ) -> Result<Option<Accepted>, StoreError> {
        self.reader(tenant).receipt(&self.pool, command_id).await
    }

    async fn holder(
        &self,
        tenant: TenantId,
        claim: &ExternalKey,
    ) -> Result<Option<CustomerId>, StoreError> {
        self.reader(tenant).holder(&self.pool, claim).await
    }
}

impl Bulk for PostgresStore {
    async fn load_many(
        &self,
        tenant: TenantId,
        ids: &[CustomerId],
    ) -> Result<Vec<Option<Stored>>, StoreError> {
        self.reader(tenant).load_many(&self.pool, ids).await
    }

    async fn receipts(
        &self,
        tenant: TenantId,
        command_ids: &[CommandId],
    ) -> Result<Vec<Option<Accepted>>, StoreError> {
        self.reader(tenant).receipts(&self.pool, command_ids).await
    }

    async fn commit_many(
        &self,
        tenant: TenantId,
        commits: Vec<Commit>,
    ) -> Result<Vec<Result<Receipt, CommitError>>, StoreError> {
        commit_all(&self.pool, self.reader(tenant), &commits).await
    }
}

impl Scan for PostgresStore {
    async fn scan(
        &self,
        tenant: TenantId,
        after: Option<CustomerId>,
        size: PageSize,
    ) -> Result<Vec<(CustomerId, Stored)>, StoreError> {
        self.reader(tenant).scan(&self.pool, after, size).await
    }
}

impl Feed for PostgresStore {
    async fn feed(
        &self,
        tenant: TenantId,
        after: Option<FeedCursor>,
        size: PageSize,
    ) -> Result<Vec<FeedEntry>, StoreError> {
        self.reader(tenant).feed(&self.pool, after, size).await
    }
}

impl Agenda for PostgresStore {
    async fn due(
        &self,
        tenant: TenantId,
        until: Timestamp,
        judged_by: RulebookRef,
        after: Option<Waking>,
        size: PageSize,
    ) -> Result<Vec<Waking>, StoreError> {
        self.reader(tenant).due(&self.pool, until, judged_by, after, size).await
    }
}

impl Inspect for PostgresStore {
    async fn inspect(
        &self,
        tenant: TenantId,
        id: CustomerId,
    ) -> Result<Option<Inspection>, StoreError> {
        self.reader(tenant).inspect(&self.pool, id).await
    }
}
