//! How a database file is opened.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::SqliteRow;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use super::fault::{SqliteFault, failed, is_locked};
use super::migrations::{check, migrate};
use super::store::SqliteStore;
use crate::store::StoreError;

/// How long to wait for a lock, unless told otherwise.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest wait that SQLite can be told.
const BUSY_TIMEOUT_MAX: Duration = Duration::from_millis(i32::MAX as u64);

/// How often to try again when others open the same new file at the same instant.
const OPENING_ATTEMPTS_MAX: u32 = 100;

/// What a commit that returned survives (C6).
///
/// [`SqliteOptions`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Durability {
    /// A loss of power: the disk has confirmed it.
    #[default]
    Power,
    /// A crash of the process. The operating system writes it to the disk some time later, so a loss of
    /// power may take the last commits; never a part of one, and never one that came before one that
    /// stays.
    Process,
}

/// What opening may make.
///
/// [`SqliteOptions`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Create {
    /// The file and the tables, where they are missing or of an older version.
    #[default]
    File,
    /// The tables, in a file that must be there, and a write-ahead log beside it: the file is set to
    /// `PRAGMA journal_mode = WAL`, which lasts and holds for all that open it.
    Tables,
    /// Nothing: for hosts that [migrate](super::MIGRATIONS) themselves. They also set the file to
    /// `PRAGMA journal_mode = WAL`; without it the file is refused, because readers would hold up
    /// writers, and an erasure could not empty the journal of another mode.
    Nothing,
}

/// How to open a [`SqliteStore`].
///
/// ```
/// use std::time::Duration;
///
/// use guanxi::store::sqlite::{Create, Durability, SqliteOptions};
/// # let folder = std::env::temp_dir().join(format!("guanxi-doc-options-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let file = folder.join("crm.db");
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
///
/// let options = SqliteOptions::new(&file)
///     .with_durability(Durability::Process)
///     .with_busy_timeout(Duration::from_secs(1));
///
/// // There is no such file yet.
/// assert!(options.clone().with_create(Create::Tables).open().await.is_err());
/// let store = options.open().await?;
/// # store.close().await;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    file: PathBuf,
    durability: Durability,
    create: Create,
    busy_timeout: Duration,
}

impl SqliteOptions {
    /// Durable against a loss of power, made if missing, waiting up to 5 seconds for a lock.
    #[must_use]
    pub fn new(file: impl AsRef<Path>) -> Self {
        Self {
            file: file.as_ref().to_owned(),
            durability: Durability::default(),
            create: Create::default(),
            busy_timeout: BUSY_TIMEOUT,
        }
    }

    /// What a commit survives.
    #[must_use]
    pub fn with_durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// What opening may make.
    #[must_use]
    pub fn with_create(mut self, create: Create) -> Self {
        self.create = create;
        self
    }

    /// How long to wait while another program writes. Writers of this store wait for each other in a
    /// queue, however long it takes.
    #[must_use]
    pub fn with_busy_timeout(mut self, busy_timeout: Duration) -> Self {
        self.busy_timeout = busy_timeout.min(BUSY_TIMEOUT_MAX);
        self
    }

    /// Opens the store.
    ///
    /// # Errors
    ///
    /// [`StoreError`], whose source is a [`SqliteFault`](super::SqliteFault).
    pub async fn open(&self) -> Result<SqliteStore, StoreError> {
        let options = self.connect_options();
        let may_make_file = self.create == Create::File;
        let first = options.clone().create_if_missing(may_make_file);
        let mut connection = first.connect().await.map_err(failed)?;
        let opened = match self.create {
            Create::File | Create::Tables => prepare(&mut connection).await,
            Create::Nothing => examine(&mut connection).await,
        };
        let store = SqliteStore::new(options);
        match opened {
            Ok(()) => {
                let _ = connection.close().await;
                Ok(store)
            }
            Err(error) => {
                let _ = connection.close().await;
                Err(error)
            }
        }
    }

    fn connect_options(&self) -> SqliteConnectOptions {
        let synchronous = match self.durability {
            Durability::Power => SqliteSynchronous::Full,
            Durability::Process => SqliteSynchronous::Normal,
        };
        SqliteConnectOptions::new()
            .filename(plain(&self.file))
            .busy_timeout(self.busy_timeout)
            .synchronous(synchronous)
            // Without it Apple's systems report as written what the disk still holds in its cache.
            .pragma("fullfsync", "ON")
            // What is removed is overwritten (C13).
            .pragma("secure_delete", "ON")
            // Else SQLite puts pages aside in temporary files, which nobody overwrites.
            .pragma("temp_store", "MEMORY")
            .disable_statement_logging()
    }
}

/// A file name that SQLite takes for nothing else: `file:x` and `:memory:` have a meaning of their own.
fn plain(file: &Path) -> PathBuf {
    if file.is_absolute() { file.to_owned() } else { Path::new(".").join(file) }
}

/// Makes what is missing: the log beside the file, and the tables.
async fn prepare(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    const WAIT: &str = "BEGIN IMMEDIATE; COMMIT";
    let mut attempts_left = OPENING_ATTEMPTS_MAX;
    // SQLite does not wait for others when it changes the mode of a file, so we wait for them by what
    // it does wait for.
    loop {
        match sqlx::raw_sql("PRAGMA journal_mode = WAL").fetch_one(&mut *connection).await {
            Ok(row) => break require_log(&row)?,
            Err(error) if is_locked(&error) && attempts_left > 0 => {
                attempts_left = attempts_left.saturating_sub(1);
                sqlx::raw_sql(WAIT).execute(&mut *connection).await.map_err(failed)?;
            }
            Err(error) => return Err(failed(error)),
        }
    }
    migrate(connection).await
}

/// Whether everything is there.
async fn examine(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    check(connection).await?;
    let row = sqlx::raw_sql("PRAGMA journal_mode").fetch_one(connection).await.map_err(failed)?;
    require_log(&row)
}

/// SQLite answers with the mode that the file is in then, also when it is not the one asked for.
fn require_log(row: &SqliteRow) -> Result<(), StoreError> {
    match row.try_get(0).map_err(failed)? {
        "wal" => Ok(()),
        found => Err(SqliteFault::JournalMode { found: found.to_owned() }.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In memory there is nothing to keep a log beside, just as on some file systems.
    #[test]
    fn what_cannot_have_a_log_is_refused() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
            let error = prepare(&mut connection).await.unwrap_err();
            assert_eq!(error.kind(), crate::store::StoreErrorKind::Refused);
            let source = std::error::Error::source(&error).unwrap();
            let fault = source.downcast_ref::<SqliteFault>().unwrap();
            assert!(
                matches!(fault, SqliteFault::JournalMode { found } if found == "memory"),
                "{fault:?}"
            );
        });
    }
}
