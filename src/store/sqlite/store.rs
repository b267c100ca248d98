//! The store: connections, and the traits of the contract on them.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;

use super::fault::{failed, is_guard};
use super::lane::Lane;
use super::options::SqliteOptions;
use super::read;
use super::write::{Batch, command, refusal};
use crate::id::{CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::store::{
    Accepted, Commit, CommitError, CustomerStore, PageSize, Receipt, StoreError, Stored,
    StoredEntry,
};

const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT guanxi_commit;";
const COMMIT: &str = "COMMIT;";
const UNDO: &str = "ROLLBACK TO guanxi_commit;";
const ROLLBACK: &str = "ROLLBACK;";

/// How many tasks read at the same time; further ones wait.
const READERS_MAX: u32 = 4;

/// Keeps customers in a SQLite file. Needs a Tokio runtime.
#[derive(Debug)]
pub struct SqliteStore {
    /// One connection: those who write wait in a fair queue, not in SQLite's lottery of retries.
    writer: Lane,
    readers: Lane,
}

impl SqliteStore {
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        Self { writer: Lane::new(options.clone(), 1), readers: Lane::new(options, READERS_MAX) }
    }

    /// Opens a file with the default [options](SqliteOptions): made if missing, durable against a loss
    /// of power.
    ///
    /// # Errors
    ///
    /// As [`SqliteOptions::open`].
    pub async fn open(file: impl AsRef<Path>) -> Result<Self, StoreError> {
        SqliteOptions::new(file).open().await
    }

    /// Waits for what is running, then closes every connection; the file is left without a log beside
    /// it. Later calls are refused. Dropping the store without it loses nothing.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Reads on a lent connection, which goes back when the reading is through.
macro_rules! read {
    ($store:expr, $read:ident $(, $argument:expr)*) => {{
        let mut lent = $store.readers.lend().await?;
        let answer = read::$read(lent.connection() $(, $argument)*).await;
        if answer.is_ok() {
            lent.give_back();
        }
        answer
    }};
}

impl CustomerStore for SqliteStore {
    async fn load(&self, tenant: TenantId, id: CustomerId) -> Result<Option<Stored>, StoreError> {
        read!(self, load, tenant, id)
    }

    async fn commit(&self, tenant: TenantId, commit: Commit) -> Result<Receipt, CommitError> {
        let batch = Batch::of(tenant, &commit, BEGIN, COMMIT)?;
        let mut lent = self.writer.lend().await?;
        let guard = match batch.run(lent.connection()).await {
            Ok(()) => {
                lent.give_back();
                return Ok(commit.receipt());
            }
            Err(error) if is_guard(&error) => error,
            Err(error) => {
                lent.close().await;
                return Err(failed(error).into());
            }
        };
        // Nobody else writes until the reason is known, and what was written before the guard goes
        // first, lest it be taken for the reason.
        command(lent.connection(), UNDO).await?;
        let answer = refusal(lent.connection(), tenant, &commit, guard).await;
        command(lent.connection(), ROLLBACK).await?;
        lent.give_back();
        answer
    }

    async fn history(
        &self,
        tenant: TenantId,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        read!(self, history, tenant, id, after, size)
    }

    async fn receipt(
        &self,
        tenant: TenantId,
        command_id: CommandId,
    ) -> Result<Option<Accepted>, StoreError> {
        read!(self, receipt, tenant, command_id)
    }

    async fn holder(
        &self,
        tenant: TenantId,
        claim: &ExternalKey,
    ) -> Result<Option<CustomerId>, StoreError> {
        read!(self, holder, tenant, claim)
    }
}
