//! A store on the tables of `guanxi`'s own SQLite store, as a careful engineer writes one with sqlx: a
//! pool for the writer and one for readers, a transaction for each commit, a query for each statement.
//!
//! It keeps the same promises (every revision guarded, commands carried out once, claims unique, each
//! commit of many answered by itself) with the same settings of the database, and leaves the same rows:
//! a test compares them. So what differs is how the statements get to the database.

mod read;
mod write;

use std::collections::HashSet;
use std::error::Error;
use std::path::Path;
use std::time::Duration;

use guanxi::profile::ExternalKey;
use guanxi::rulebook::RulebookRef;
use guanxi::store::sqlite::{Durability, migrate};
use guanxi::store::{
    Accepted, Agenda, Bulk, Commit, CommitError, CustomerStore, PageSize, Receipt, Scan,
    StoreError, StoreErrorKind, Stored, StoredEntry, Waking,
};
use guanxi::{CommandId, CustomerId, TenantId, Timestamp};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

use write::Stop;

/// How many tasks read at the same time.
const READERS_MAX: u32 = 4;

type Answer<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The store.
#[derive(Debug)]
pub struct ByHand {
    /// One connection: writers wait for each other in the pool's queue.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl ByHand {
    /// Opens a file, making it and the tables where they are missing.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the file cannot be opened.
    pub async fn open(file: &Path, durability: Durability) -> Result<Self, StoreError> {
        let synchronous = match durability {
            Durability::Power => SqliteSynchronous::Full,
            _ => SqliteSynchronous::Normal,
        };
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .busy_timeout(Duration::from_secs(5))
            .pragma("fullfsync", "ON")
            .pragma("secure_delete", "ON")
            .disable_statement_logging();
        // A connection to a file needs no test each time that it is taken from the pool.
        let pool = || SqlitePoolOptions::new().test_before_acquire(false);
        let writer = pool().max_connections(1).connect_with(options.clone()).await;
        let writer = writer.map_err(failed)?;
        migrate(&mut *writer.acquire().await.map_err(failed)?).await?;
        let readers = pool().max_connections(READERS_MAX).connect_with(options).await;
        Ok(Self { writer, readers: readers.map_err(failed)? })
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Carries out these commits in one transaction without a savepoint for each: one that is refused
    /// takes all others with it, and so does one that was carried out before. Less than
    /// [`Bulk::commit_many`] promises, and cheaper.
    ///
    /// # Errors
    ///
    /// [`CommitError`] of the first one that is refused; then nothing of any of them is written.
    pub async fn commit_all(
        &self,
        tenant: TenantId,
        commits: &[Commit],
    ) -> Result<(), CommitError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        for commit in commits {
            if let Err(stop) = write::commit(&mut transaction, tenant, commit).await {
                transaction.rollback().await.map_err(failed)?;
                let mut reader = self.readers.acquire().await.map_err(failed)?;
                return refusal(&mut reader, tenant, commit, stop).await.map(|_| ());
            }
        }
        Ok(transaction.commit().await.map_err(failed)?)
    }
}

fn failed(error: impl Into<Box<dyn Error + Send + Sync>>) -> StoreError {
    StoreError::new(StoreErrorKind::Refused, error)
}

/// The answer to a commit of which a guard did not hold: a command that is known comes before
/// everything else.
async fn refusal(
    connection: &mut SqliteConnection,
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
        let mut reader = self.readers.acquire().await.map_err(failed)?;
        read::load(&mut reader, tenant, id).await.map_err(failed)
    }

    async fn commit(&self, tenant: TenantId, commit: Commit) -> Result<Receipt, CommitError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        match write::commit(&mut transaction, tenant, &commit).await {
            Ok(()) => {
                transaction.commit().await.map_err(failed)?;
                Ok(commit.receipt())
            }
            Err(stop) => {
                transaction.rollback().await.map_err(failed)?;
                let mut reader = self.readers.acquire().await.map_err(failed)?;
                refusal(&mut reader, tenant, &commit, stop).await
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
        let mut reader = self.readers.acquire().await.map_err(failed)?;
        read::history(&mut reader, tenant, id, after, size).await.map_err(failed)
    }

    async fn receipt(
        &self,
        tenant: TenantId,
        command_id: CommandId,
    ) -> Result<Option<Accepted>, StoreError> {
        let mut reader = self.readers.acquire().await.map_err(failed)?;
        read::receipt(&mut reader, tenant, command_id).await.map_err(failed)
    }

    async fn holder(
        &self,
        tenant: TenantId,
        claim: &ExternalKey,
    ) -> Result<Option<CustomerId>, StoreError> {
        let mut reader = self.readers.acquire().await.map_err(failed)?;
        read::holder(&mut reader, tenant, claim).await.map_err(failed)
    }
}

impl Bulk for ByHand {
    async fn load_many(
        &self,
        tenant: TenantId,
        ids: &[CustomerId],
    ) -> Result<Vec<Option<Stored>>, StoreError> {
        let mut reader = self.readers.acquire().await.map_err(failed)?;
        read::load_many(&mut reader, tenant, ids).await.map_err(failed)
    }

    async fn receipts(
        &self,
        tenant: TenantId,
        command_ids: &[CommandId],
    ) -> Result<Vec<Option<Accepted>>, StoreError> {
        let mut reader = self.readers.acquire().await.map_err(failed)?;
        read::receipts(&mut reader, tenant, command_ids).await.map_err(failed)
    }

    async fn commit_many(
        &self,
        tenant: TenantId,
        commits: Vec<Commit>,
    ) -> Result<Vec<Result<Receipt, CommitError>>, StoreError> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        let (mut answers, mut made) = (Vec::with_capacity(commits.len()), HashSet::new());
        for commit in commits {
            let stands = commit.builds_on().is_none_or(|before| made.contains(&before));
            let mut savepoint = transaction.begin().await.map_err(failed)?;
            let written = match stands {
                true => write::commit(&mut savepoint, tenant, &commit).await,
                false => Err(Stop::Guard),
            };
            let answer = match written {
                Ok(()) => {
                    savepoint.commit().await.map_err(failed)?;
                    made.insert(commit.command_id());
                    Ok(commit.receipt())
                }
                Err(Stop::Failed(error)) => return Err(failed(error)),
                Err(stop) => {
                    savepoint.rollback().await.map_err(failed)?;
                    refusal(&mut transaction, tenant, &commit, stop).await
                }
            };
            answers.push(answer);
        }
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
        let mut reader = self.readers.acquire().await.map_err(failed)?;
        read::scan(&mut reader, tenant, after, size).await.map_err(failed)
    }
}

impl Agenda for ByHand {
    async fn due(
        &self,
        tenant: TenantId,
        until: Timestamp,
        judged_by: RulebookRef,
        after: Option<Waking>,
        size: PageSize,
    ) -> Result<Vec<Waking>, StoreError> {
        let mut reader = self.readers.acquire().await.map_err(failed)?;
        read::due(&mut reader, tenant, until, judged_by, after, size).await.map_err(failed)
    }
}
