//! What can go wrong with a database file.

use sqlx::error::{DatabaseError, ErrorKind};

use crate::store::{StoreError, StoreErrorKind};

/// Why SQLite failed, as the [source](std::error::Error::source) of a [`StoreError`]: for hosts that tell
/// people what to do about it. Whether to try again, the [kind](StoreErrorKind) of the store's error
/// says.
///
/// ```
/// use std::error::Error;
///
/// use guanxi::store::sqlite::{Create, SqliteFault, SqliteOptions};
/// use guanxi::store::StoreErrorKind;
/// # let file = std::env::temp_dir().join("guanxi-doc-no-such-folder").join("crm.db");
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
///
/// let options = SqliteOptions::new(&file).with_create(Create::Tables);
/// let error = options.open().await.expect_err("there is no such file");
/// assert_eq!(error.kind(), StoreErrorKind::Refused);
/// let fault = error.source().and_then(|source| source.downcast_ref::<SqliteFault>());
/// assert!(matches!(fault, Some(SqliteFault::CannotOpen(_))));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqliteFault {
    /// Somebody else holds the lock that was needed, longer than the store waits.
    #[error("the database is locked")]
    Locked(#[source] sqlx::Error),
    /// The file or its folder may not be written.
    #[error("the database can only be read")]
    ReadOnly(#[source] sqlx::Error),
    /// The disk is full.
    #[error("no space is left on the disk")]
    Full(#[source] sqlx::Error),
    /// There is no such file, it is a folder, or it may not be opened. SQLite reports the same when the
    /// process has too many files open.
    #[error("the database file cannot be opened")]
    CannotOpen(#[source] sqlx::Error),
    /// The file is something else.
    #[error("the file is not a database")]
    NotADatabase(#[source] sqlx::Error),
    /// Bytes of the file have been overwritten or cut off.
    #[error("the database file is damaged")]
    Damaged(#[source] sqlx::Error),
    /// The disk fails to read or write.
    #[error("the disk cannot be read or written")]
    Disk(#[source] sqlx::Error),
    /// The tables were made by a newer version of this library. Nothing was touched.
    #[error("the tables are of version {found}, and this version knows them up to {known}")]
    Newer {
        /// The number of the last migration in the database.
        found: i64,
        /// The number of the last migration known.
        known: i64,
    },
    /// The tables are missing or of an older version, and the store was not to make any.
    #[error("the tables are missing or of an older version")]
    NotMigrated,
    /// The tables contradict each other: somebody else wrote them.
    #[error("the tables contradict each other")]
    Contradiction(#[source] sqlx::Error),
    /// The list of migrations is not one that this library has written: there are gaps in it.
    #[error("the list of migrations has gaps")]
    Migrations,
    /// A value is not of the type that its column should have: somebody else wrote it.
    #[error("a value in the tables cannot be read")]
    Unreadable(#[source] sqlx::Error),
    /// The file has no write-ahead log: its file system cannot keep one, as those of a network often
    /// cannot, or the store [was not to make any](super::Create::Nothing).
    #[error("the journal mode of the file is {found}, not wal")]
    JournalMode {
        /// What SQLite calls the mode that it is in.
        found: String,
    },
    /// Somebody still reads a state from before, so that it cannot be overwritten yet.
    #[error("an earlier state of the database is still being read")]
    StillRead,
    /// SQLite has ended the host's transaction by itself, because something failed in it. Nothing of the
    /// commit was written.
    #[error("the transaction has ended")]
    NoTransaction,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// Anything else that SQLite reports.
    #[error("the database reports an error")]
    Other(#[source] sqlx::Error),
}

/// Primary result codes, <https://sqlite.org/rescode.html>; the lowest byte of an extended one.
mod code {
    pub(super) const ERROR: i32 = 1;
    pub(super) const PERM: i32 = 3;
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const NOMEM: i32 = 7;
    pub(super) const READONLY: i32 = 8;
    pub(super) const INTERRUPT: i32 = 9;
    pub(super) const IOERR: i32 = 10;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANTOPEN: i32 = 14;
    pub(super) const PROTOCOL: i32 = 15;
    pub(super) const NOTADB: i32 = 26;
}

fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// Whether somebody else holds a lock.
pub(super) fn is_locked(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(code::BUSY | code::LOCKED | code::PROTOCOL))
}

/// Whether a statement does not fit the state of the connection.
pub(super) fn is_out_of_place(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(code::ERROR)
}

/// Whether a guard of ours did not hold, all of which are constraints.
pub(super) fn is_guard(error: &sqlx::Error) -> bool {
    let kind = error.as_database_error().map(DatabaseError::kind);
    matches!(kind, Some(ErrorKind::UniqueViolation | ErrorKind::NotNullViolation))
}

impl From<SqliteFault> for StoreError {
    fn from(fault: SqliteFault) -> Self {
        let kind = match &fault {
            SqliteFault::Locked(_) | SqliteFault::StillRead => StoreErrorKind::Unavailable,
            SqliteFault::ReadOnly(_)
            | SqliteFault::Full(_)
            | SqliteFault::CannotOpen(_)
            | SqliteFault::Disk(_)
            | SqliteFault::NotMigrated
            | SqliteFault::JournalMode { .. }
            | SqliteFault::NoTransaction
            | SqliteFault::Closed => StoreErrorKind::Refused,
            SqliteFault::NotADatabase(_)
            | SqliteFault::Damaged(_)
            | SqliteFault::Migrations
            | SqliteFault::Unreadable(_)
            | SqliteFault::Contradiction(_) => StoreErrorKind::Document,
            SqliteFault::Newer { .. } => StoreErrorKind::Newer,
            SqliteFault::Other(error) => match primary_code(error) {
                Some(code::NOMEM | code::INTERRUPT) => StoreErrorKind::Unavailable,
                // The connection's thread has gone, or could not begin; another call begins another.
                None if matches!(error, sqlx::Error::WorkerCrashed | sqlx::Error::Io(_)) => {
                    StoreErrorKind::Unavailable
                }
                Some(_) | None => StoreErrorKind::Refused,
            },
        };
        Self::new(kind, fault)
    }
}

/// Whether SQLite cannot take the name of a file.
fn is_impossible_name(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData)
}

/// Whether a row is not what was asked for.
fn is_unreadable(error: &sqlx::Error) -> bool {
    matches!(
        error,
        sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnIndexOutOfBounds { .. }
            | sqlx::Error::TypeNotFound { .. }
    )
}

/// What an error of SQLite means.
pub(super) fn fault(error: sqlx::Error) -> SqliteFault {
    let make = match primary_code(&error) {
        Some(code::BUSY | code::LOCKED | code::PROTOCOL) => SqliteFault::Locked,
        Some(code::READONLY) => SqliteFault::ReadOnly,
        Some(code::FULL) => SqliteFault::Full,
        Some(code::CANTOPEN | code::PERM) => SqliteFault::CannotOpen,
        Some(code::NOTADB) => SqliteFault::NotADatabase,
        Some(code::CORRUPT) => SqliteFault::Damaged,
        Some(code::IOERR) => SqliteFault::Disk,
        None if is_impossible_name(&error) => SqliteFault::CannotOpen,
        None if is_unreadable(&error) => SqliteFault::Unreadable,
        Some(_) | None => SqliteFault::Other,
    };
    make(error)
}

/// The store's error for one of SQLite.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    fault(error).into()
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn only_what_another_call_may_mend_is_worth_one() {
        let out_of_threads = io::Error::from(io::ErrorKind::WouldBlock);
        for error in [sqlx::Error::WorkerCrashed, sqlx::Error::Io(out_of_threads)] {
            assert!(failed(error).is_transient());
        }
        for (error, kind) in [
            (sqlx::Error::RowNotFound, StoreErrorKind::Refused),
            (sqlx::Error::InvalidSavePointStatement, StoreErrorKind::Refused),
            (sqlx::Error::Decode("not a number".into()), StoreErrorKind::Document),
            (sqlx::Error::ColumnNotFound("name".to_owned()), StoreErrorKind::Document),
            (io::Error::from(io::ErrorKind::InvalidData).into(), StoreErrorKind::Refused),
        ] {
            assert_eq!(failed(error).kind(), kind);
        }
    }
}
