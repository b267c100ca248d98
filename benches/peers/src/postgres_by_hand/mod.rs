//! A store on the tables of `guanxi`'s own PostgreSQL store, as a careful engineer writes one with sqlx: a
//! pool, a transaction for each commit, a query for each statement. In two ways, because there are two.
//!
//! Either keeps the same promises (every revision guarded, commands carried out once, claims unique, each
//! commit of many answered by itself, the feed in order) and leaves the same rows: a test holds both to
//! the conformance kit and compares the rows. So what differs is how the statements get to the database.

mod page;
mod read;
mod write;

use std::collections::HashSet;
use std::error::Error;

use guanxi::profile::ExternalKey;
use guanxi::store::postgres::migrate;
use guanxi::store::{
    Accepted, Bulk, Commit, CommitError, CustomerStore, Feed, FeedCursor, FeedEntry, PageSize,
    Receipt, Scan, StoreError, StoreErrorKind, Stored, StoredEntry,
};
use guanxi::{CommandId, CustomerId, TenantId};
use sqlx::{Acquire, PgConnection, PgPool, PgTransaction};

use crate::database::Database;

use page::Page;
use write::Stop;

type Failure = Box<dyn Error + Send + Sync>;
type Answer<T> = Result<T, Failure>;

/// How a commit is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Looks before it writes: whether the command is known, then the customer, which it locks. A statement
    /// for each row.
    ReadsFirst,
    /// As few statements as plain queries allow, and no reads: what is to hold is a condition of the writes.
    /// All parts are one statement, and a page of commits is a statement for each table.
    Guarded,
}

/// The store.
#[derive(Debug, Clone)]
pub struct ByHand {
    pool: PgPool,
    way: Way,
}

impl ByHand {
    /// A store in a schema that is made anew, with `guanxi`'s own tables.
    ///
    /// # Panics
    ///
    /// When the server does not let it be made.
    pub async fn open(database: &Database, schema: &str, way: Way) -> Self {
        let pool = database.pool_in(schema).await;
        let mut connection = pool.acquire().await.expect("the server answers");
        migrate(&mut connection).await.expect("an empty schema");
        drop(connection);
        Self { pool, way }
    }

    /// Another handle with connections of its own, once the pool of this one is closed.
    #[must_use]
    pub const fn on(pool: PgPool, way: Way) -> Self {
        Self { pool, way }
    }

    /// The pool.
    #[must_use]
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }

    async fn write(
        &self,
        connection: &mut PgConnection,
        tenant: TenantId,
        commit: &Commit,
    ) -> Result<(), Stop> {
        match self.way {
            Way::ReadsFirst => write::reading_first(connection, tenant, commit).await,
            Way::Guarded => write::guarded(connection, tenant, commit).await,
        }
    }

    /// A page of commits that touch no claims as a statement for each table; nothing if one of them is
    /// refused.
    async fn write_page(&self, tenant: TenantId, page: &Page<'_>) -> Result<bool, Failure> {
        let mut transaction = self.pool.begin().await?;
        match page.write(&mut transaction, tenant).await {
            Ok(()) => {
                transaction.commit().await?;
                Ok(true)
            }
            Err(Stop::Failed(error)) => Err(error),
            Err(Stop::Guard | Stop::Claimed { .. }) => {
                transaction.rollback().await?;
                Ok(false)
            }
        }
    }

    /// One after the other, each behind a savepoint.
    async fn one_by_one(
        &self,
        transaction: &mut PgTransaction<'_>,
        tenant: TenantId,
        commits: &[Commit],
    ) -> Answer<Vec<Result<Receipt, CommitError>>> {
        let (mut answers, mut made) = (Vec::with_capacity(commits.len()), HashSet::new());
        for commit in commits {
            let stands = commit.builds_on().is_none_or(|before| made.contains(&before));
            let mut savepoint = transaction.begin().await?;
            let written = match stands {
                true => self.write(&mut savepoint, tenant, commit).await,
                false => Err(Stop::Guard),
            };
            let answer = match written {
                Ok(()) => {
                    savepoint.commit().await?;
                    made.insert(commit.command_id());
                    Ok(commit.receipt())
                }
                Err(Stop::Failed(error)) => return Err(error),
                Err(stop) => {
                    savepoint.rollback().await?;
                    refusal(&mut *transaction, tenant, commit, stop).await
                }
            };
            answers.push(answer);
        }
        Ok(answers)
    }
}

/// Of what the server reports only the code: its message may quote what was written.
fn failed(error: impl Into<Failure>) -> StoreError {
    let error = error.into();
    let reported = error.downcast_ref().and_then(sqlx::Error::as_database_error);
    let code = reported.map(|reported| reported.code().unwrap_or_default().into_owned());
    StoreError::new(StoreErrorKind::Refused, code.map_or(error, Into::into))
}

/// The answer to a commit of which a guard did not hold: a command that is known comes before
/// everything else.
async fn refusal(
    connection: &mut PgConnection,
    tenant: TenantId,
    commit: &Commit,
    stop: Stop,
) -> Result<Receipt, CommitError> {
    let known = read::receipt(connection, tenant, commit.command_id()).await.map_err(failed)?;
    match (known, stop) {
        (Some(accepted), _) => accepted.again(commit.fingerprint()),
        (None, Stop::Guard) => Err(CommitError::Conflict),
        (None, Stop::Claimed { holder }) => Err(CommitError::Claimed { holder }),
        (None, Stop::Failed(error)) => Err(failed(error).into()),
    }
}

impl CustomerStore for ByHand {
    async fn load(&self, tenant: TenantId, id: CustomerId) -> Result<Option<Stored>, StoreError> {
        read::load(&self.pool, tenant, id).await.map_err(failed)
    }

    async fn commit(&self, tenant: TenantId, commit: Commit) -> Result<Receipt, CommitError> {
        let mut transaction = self.pool.begin().await.map_err(failed)?;
        match self.write(&mut transaction, tenant, &commit).await {
            Ok(()) => {
                transaction.commit().await.map_err(failed)?;
                Ok(commit.receipt())
            }
            Err(stop) => {
                transaction.rollback().await.map_err(failed)?;
                let mut connection = self.pool.acquire().await.map_err(failed)?;
                refusal(&mut connection, tenant, &commit, stop).await
            }
        }
    }

    async fn history(
        &self,
        tenant: TenantId,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        read::history(&self.pool, tenant, id, after, size).await.map_err(failed)
    }

    async fn receipt(
        &self,
        tenant: TenantId,
        command_id: CommandId,
    ) -> Result<Option<Accepted>, StoreError> {
        read::receipt(&self.pool, tenant, command_id).await.map_err(failed)
    }

    async fn holder(
        &self,
        tenant: TenantId,
        claim: &ExternalKey,
    ) -> Result<Option<CustomerId>, StoreError> {
        read::holder(&self.pool, tenant, claim).await.map_err(failed)
    }
}

impl Bulk for ByHand {
    async fn load_many(
        &self,
        tenant: TenantId,
        ids: &[CustomerId],
    ) -> Result<Vec<Option<Stored>>, StoreError> {
        read::load_many(&self.pool, tenant, ids).await.map_err(failed)
    }

    async fn receipts(
        &self,
        tenant: TenantId,
        command_ids: &[CommandId],
    ) -> Result<Vec<Option<Accepted>>, StoreError> {
        read::receipts(&self.pool, tenant, command_ids).await.map_err(failed)
    }

    async fn commit_many(
        &self,
        tenant: TenantId,
        commits: Vec<Commit>,
    ) -> Result<Vec<Result<Receipt, CommitError>>, StoreError> {
        if self.way == Way::Guarded
            && let Some(page) = Page::of(&commits)
            && self.write_page(tenant, &page).await.map_err(failed)?
        {
            return Ok(commits.iter().map(|commit| Ok(commit.receipt())).collect());
        }
        let mut transaction = self.pool.begin().await.map_err(failed)?;
        let answers = self.one_by_one(&mut transaction, tenant, &commits).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        Ok(answers)
    }
}

impl Scan for ByHand {
    async fn scan(
        &self,
        tenant: TenantId,
        after: Option<CustomerId>,
        size: PageSize,
    ) -> Result<Vec<(CustomerId, Stored)>, StoreError> {
        read::scan(&self.pool, tenant, after, size).await.map_err(failed)
    }
}

impl Feed for ByHand {
    async fn feed(
        &self,
        tenant: TenantId,
        after: Option<FeedCursor>,
        size: PageSize,
    ) -> Result<Vec<FeedEntry>, StoreError> {
        read::feed(&self.pool, tenant, after, size).await.map_err(failed)
    }
}
