//! The store: connections, and the traits of the contract on them.

use std::collections::HashSet;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{SqliteConnection, SqliteTransaction};

use super::agenda::{Request, due};
use super::batch::command;
use super::hosted::carry_out_in;
use super::lane::{Lane, Lent};
use super::options::SqliteOptions;
use super::read;
use super::write::{ALONE, WITHIN, carry_out};
use crate::id::{CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::rulebook::RulebookRef;
use crate::store::{
    Accepted, Agenda, Bulk, Commit, CommitError, CustomerStore, Feed, FeedCursor, FeedEntry,
    Inspect, Inspection, PageSize, Receipt, Scan, StoreError, Stored, StoredEntry, Waking,
};
use crate::time::Timestamp;

/// How many tasks read at the same time; further ones wait.
const READERS_MAX: u32 = 4;

/// Keeps customers in a SQLite file. Every clause of the [contract](crate::store) holds. Needs a Tokio
/// runtime.
///
/// The [module](crate::store::sqlite) has an example.
#[derive(Debug)]
pub struct SqliteStore {
    /// One connection: those who write wait in a fair queue, not in SQLite's lottery of retries.
    pub(super) writer: Lane,
    pub(super) readers: Lane,
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

    /// Carries out a commit inside a transaction of the host's, on a connection of the host's to the same
    /// file: what the host writes and what the commit writes stand or fall together.
    /// [`Crm::prepare`](crate::Crm::prepare) makes the commit.
    ///
    /// Begin the transaction with `BEGIN IMMEDIATE`: one that begins by reading may find that somebody
    /// else has written since, and can then not write any more. Until it ends, other writers wait for
    /// it, this store's included. The connection is set to overwrite what it removes, and stays so. Open it
    /// with `PRAGMA temp_store = MEMORY`, or SQLite may put pages with personal data aside in temporary
    /// files.
    ///
    /// ```
    /// use guanxi::crm::Prepared;
    /// use guanxi::store::sqlite::{SqliteStore, sqlx};
    /// use sqlx::sqlite::SqliteConnectOptions;
    /// use sqlx::{ConnectOptions, Connection};
    /// # fn order(at: &str) -> guanxi::Command {
    /// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
    /// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
    /// # }
    /// # fn context(now: &str) -> guanxi::Context {
    /// #     let command_id = guanxi::CommandId::derive("example", now);
    /// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
    /// # }
    /// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
    /// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
    /// # let books = guanxi::Rulebooks::from(book);
    /// # let shop = guanxi::TenantId::derive("example-shop");
    /// # let id = guanxi::CustomerId::derive(shop, "C-17");
    /// # let folder = std::env::temp_dir().join(format!("guanxi-doc-in-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// # let file = folder.join("crm.db");
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// # runtime.block_on(async {
    /// # let crm = guanxi::Crm::new(SqliteStore::open(&file).await?, shop, books);
    ///
    /// // A connection of the host's, with a table of the host's.
    /// let mut connection = SqliteConnectOptions::new().filename(&file).connect().await?;
    /// sqlx::query("CREATE TABLE invoices (number INTEGER)").execute(&mut connection).await?;
    ///
    /// # let at = "2026-03-01T09:30:00Z";
    /// let Prepared::Commit { commit, .. } = crm.prepare(id, &order(at), &context(at)).await? else {
    ///     panic!("an order is news");
    /// };
    /// let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    /// sqlx::query("INSERT INTO invoices VALUES (17)").execute(&mut *transaction).await?;
    /// SqliteStore::commit_in(&mut transaction, shop, &commit).await?;
    /// transaction.commit().await?;
    /// assert_eq!(crm.history(id).await?.len(), 1);
    /// # connection.close().await?;
    /// # crm.store().close().await;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`CustomerStore::commit`]. In every case nothing of the commit is written.
    ///
    /// After [`CommitError::Store`] roll the transaction back, do nothing else in it, and close the
    /// connection. When the disk is full or fails, when memory runs out or SQLite is interrupted, it ends
    /// the transaction by itself and takes back what the host wrote in it; sqlx does not notice, and every
    /// further statement would stand alone. A further `commit_in` is then refused with
    /// [`SqliteFault::NoTransaction`](super::SqliteFault::NoTransaction).
    ///
    /// After every other refusal the transaction can go on, with what the host wrote in it.
    pub async fn commit_in(
        transaction: &mut SqliteTransaction<'_>,
        tenant: TenantId,
        commit: &Commit,
    ) -> Result<Receipt, CommitError> {
        carry_out_in(transaction, tenant, commit).await
    }

    /// Waits for what is running, then closes every connection; the file is left without a log beside
    /// it. Later calls are refused. Dropping the store without it loses nothing.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Gives back a connection that came through well, and closes one that may not be at rest.
pub(super) async fn rest<T>(
    lent: Lent<'_>,
    answer: Result<T, StoreError>,
) -> Result<T, StoreError> {
    match answer {
        Ok(_) => lent.give_back(),
        Err(_) => lent.close().await,
    }
    answer
}

/// One of the functions of [`read`], on a connection for readers.
macro_rules! reading {
    ($store:expr, $read:ident $(, $argument:expr)*) => {{
        let mut lent = $store.readers.lend().await?;
        let answer = read::$read(lent.connection() $(, $argument)*).await;
        rest(lent, answer).await
    }};
}
pub(super) use reading;

impl CustomerStore for SqliteStore {
    async fn load(&self, tenant: TenantId, id: CustomerId) -> Result<Option<Stored>, StoreError> {
        reading!(self, load, tenant, id)
    }

    async fn commit(&self, tenant: TenantId, commit: Commit) -> Result<Receipt, CommitError> {
        let mut lent = self.writer.lend().await?;
        let answer = carry_out(lent.connection(), ALONE, tenant, &commit).await;
        match answer {
            Err(CommitError::Store(_)) => lent.close().await,
            _ => lent.give_back(),
        }
        answer
    }

    async fn history(
        &self,
        tenant: TenantId,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        reading!(self, history, tenant, id, after, size)
    }

    async fn receipt(
        &self,
        tenant: TenantId,
        command_id: CommandId,
    ) -> Result<Option<Accepted>, StoreError> {
        reading!(self, receipt, tenant, command_id)
    }

    async fn holder(
        &self,
        tenant: TenantId,
        claim: &ExternalKey,
    ) -> Result<Option<CustomerId>, StoreError> {
        reading!(self, holder, tenant, claim)
    }
}

impl Bulk for SqliteStore {
    async fn load_many(
        &self,
        tenant: TenantId,
        ids: &[CustomerId],
    ) -> Result<Vec<Option<Stored>>, StoreError> {
        reading!(self, load_many, tenant, ids)
    }

    async fn receipts(
        &self,
        tenant: TenantId,
        command_ids: &[CommandId],
    ) -> Result<Vec<Option<Accepted>>, StoreError> {
        reading!(self, receipts, tenant, command_ids)
    }

    async fn commit_many(
        &self,
        tenant: TenantId,
        commits: Vec<Commit>,
    ) -> Result<Vec<Result<Receipt, CommitError>>, StoreError> {
        let mut lent = self.writer.lend().await?;
        let answers = commit_all(&mut lent, tenant, &commits).await;
        rest(lent, answers).await
    }
}

async fn commit_all(
    lent: &mut Lent<'_>,
    tenant: TenantId,
    commits: &[Commit],
) -> Result<Vec<Result<Receipt, CommitError>>, StoreError> {
    let mut answers = Vec::with_capacity(commits.len());
    let mut made = HashSet::new();
    command(lent.connection(), "BEGIN IMMEDIATE;").await?;
    for commit in commits {
        let stands = commit.builds_on().is_none_or(|before| made.contains(&before));
        let answer = match stands {
            true => carry_out(lent.connection(), WITHIN, tenant, commit).await,
            false => repeated(lent.connection(), tenant, commit).await,
        };
        match answer {
            Err(CommitError::Store(error)) => return Err(error),
            Ok(receipt) if !receipt.replayed => {
                made.insert(commit.command_id());
                answers.push(Ok(receipt));
            }
            answer => answers.push(answer),
        }
    }
    command(lent.connection(), "COMMIT;").await?;
    Ok(answers)
}

/// The answer to a commit that builds on one that was not carried out.
async fn repeated(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    commit: &Commit,
) -> Result<Receipt, CommitError> {
    match read::receipt(connection, tenant, commit.command_id()).await? {
        Some(accepted) => accepted.again(commit.fingerprint()),
        None => Err(CommitError::Conflict),
    }
}

impl Scan for SqliteStore {
    async fn scan(
        &self,
        tenant: TenantId,
        after: Option<CustomerId>,
        size: PageSize,
    ) -> Result<Vec<(CustomerId, Stored)>, StoreError> {
        reading!(self, scan, tenant, after, size)
    }
}

impl Feed for SqliteStore {
    async fn feed(
        &self,
        tenant: TenantId,
        after: Option<FeedCursor>,
        size: PageSize,
    ) -> Result<Vec<FeedEntry>, StoreError> {
        reading!(self, feed, tenant, after, size)
    }
}

impl Agenda for SqliteStore {
    async fn due(
        &self,
        tenant: TenantId,
        until: Timestamp,
        judged_by: RulebookRef,
        after: Option<Waking>,
        size: PageSize,
    ) -> Result<Vec<Waking>, StoreError> {
        let request = Request { tenant, until, judged_by, after, size };
        let mut lent = self.readers.lend().await?;
        let answer = due(lent.connection(), request).await;
        rest(lent, answer).await
    }
}

impl Inspect for SqliteStore {
    async fn inspect(
        &self,
        tenant: TenantId,
        id: CustomerId,
    ) -> Result<Option<Inspection>, StoreError> {
        reading!(self, inspect, tenant, id)
    }
}
