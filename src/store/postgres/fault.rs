//! What can go wrong with a database server.

use std::fmt;
use std::io;

use sqlx::postgres::PgDatabaseError;

use super::statements::GUARD;
use crate::store::{StoreError, StoreErrorKind};

/// What the server reports: its code and its message, without the details, which may quote rows.
///
/// [`PostgresFault`] has an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    code: String,
    message: String,
}

impl Report {
    fn of(error: &PgDatabaseError) -> Self {
        let code = error.code();
        // Of others even the message may quote what was written: of data, of constraints, of a host's
        // triggers.
        let message = match code.get(..2) {
            Some(
                "08" | "25" | "28" | "3D" | "3F" | "40" | "42" | "53" | "54" | "55" | "57" | "58"
                | "XX",
            ) => error.message(),
            Some(_) | None => "",
        };
        Self { code: code.to_owned(), message: message.to_owned() }
    }

    /// The SQLSTATE, <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message.as_str() {
            "" => f.write_str(&self.code),
            message => write!(f, "{message} ({})", self.code),
        }
    }
}

impl std::error::Error for Report {}

/// Why PostgreSQL failed, as the [source](std::error::Error::source) of a [`StoreError`]: for hosts that
/// tell people what to do about it. Whether to try again, the [kind](StoreErrorKind) of the store's error
/// says; a commit that is sent again under its command id is safe after any of them.
///
/// ```
/// use std::error::Error;
/// use std::time::Duration;
///
/// use guanxi::store::StoreErrorKind;
/// use guanxi::store::postgres::{PostgresFault, PostgresStore, sqlx};
/// use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// # runtime.block_on(async {
///
/// // Nobody listens there.
/// let nowhere = PgConnectOptions::new_without_pgpass().host("127.0.0.1").port(1);
/// let pool = PgPoolOptions::new().acquire_timeout(Duration::from_secs(1)).connect_lazy_with(nowhere);
/// let error = PostgresStore::open(pool).await.expect_err("there is no server");
/// assert_eq!(error.kind(), StoreErrorKind::Unavailable);
/// let fault = error.source().and_then(|source| source.downcast_ref::<PostgresFault>());
/// assert!(matches!(fault, Some(PostgresFault::Unreachable(_) | PostgresFault::NoConnection)));
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresFault {
    /// The server cannot be reached, or the connection was lost on the way.
    #[error("the server cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    /// The pool had no connection to lend in time.
    #[error("no connection was free in time")]
    NoConnection,
    /// The server ends connections, or takes no more of them: it starts, stops or is full.
    #[error("the server takes no connections now")]
    NotServing(#[source] Report),
    /// Others were in the way: a deadlock, a failed serialization, a wait for a lock or a statement
    /// that took longer than the connection allows.
    #[error("others were in the way for too long")]
    Contended(#[source] Report),
    /// The disk of the server is full, or its memory.
    #[error("the server has no room left")]
    Full(#[source] Report),
    /// The user may not do this, or may not connect.
    #[error("the server refuses the user")]
    Forbidden(#[source] Report),
    /// The server can only be read: most often it is a standby.
    #[error("the server can only be read")]
    ReadOnly(#[source] Report),
    /// The tables were made by a newer version of this library. Nothing was touched.
    #[error("the tables are of version {found}, and this version knows them up to {known}")]
    Newer {
        /// The number of the last migration in the database.
        found: i64,
        /// The number of the last migration known.
        known: i64,
    },
    /// The tables are missing or of an older version, and the store was not to make any; or they are in
    /// another schema.
    #[error("the tables are missing or of an older version")]
    NotMigrated,
    /// The tables came from another cluster, by a dump or by logical replication, and the store was not
    /// to change any: [`migrate`](super::migrate) has to be run once, before anything is written.
    #[error("the tables came from another cluster")]
    Moved,
    /// The list of migrations is not one that this library has written: there are gaps in it.
    #[error("the list of migrations has gaps")]
    Migrations,
    /// The database does not keep text in UTF-8, so it cannot keep every text.
    #[error("the encoding of the database is {found}, not UTF8")]
    Encoding {
        /// What PostgreSQL calls its encoding.
        found: String,
    },
    /// The host's transaction has failed already; the server takes nothing more in it but its end.
    #[error("the transaction has failed")]
    FailedTransaction,
    /// A commit is refused, and nothing is found that stands in its way: somebody else wrote the tables,
    /// or the host's transaction does not see what others have committed since it began.
    #[error("the tables contradict each other, or the transaction sees an earlier state")]
    Contradiction,
    /// A value is not of the type that its column should have: somebody else changed the tables.
    #[error("a value in the tables cannot be read")]
    Unreadable(#[source] sqlx::Error),
    /// The pool was closed.
    #[error("the pool is closed")]
    Closed,
    /// Anything else that the server reports.
    #[error("the server reports an error")]
    Other(#[source] Report),
    /// Anything else that goes wrong on this side: an option, a certificate, the protocol.
    #[error("the connection fails")]
    Connection(#[source] sqlx::Error),
}

impl From<PostgresFault> for StoreError {
    fn from(fault: PostgresFault) -> Self {
        let kind = match &fault {
            PostgresFault::Unreachable(_)
            | PostgresFault::NoConnection
            | PostgresFault::NotServing(_)
            | PostgresFault::Contended(_) => StoreErrorKind::Unavailable,
            PostgresFault::Full(_)
            | PostgresFault::Forbidden(_)
            | PostgresFault::ReadOnly(_)
            | PostgresFault::NotMigrated
            | PostgresFault::Moved
            | PostgresFault::Encoding { .. }
            | PostgresFault::FailedTransaction
            | PostgresFault::Closed
            | PostgresFault::Other(_)
            | PostgresFault::Connection(_) => StoreErrorKind::Refused,
            PostgresFault::Migrations
            | PostgresFault::Contradiction
            | PostgresFault::Unreadable(_) => StoreErrorKind::Document,
            PostgresFault::Newer { .. } => StoreErrorKind::Newer,
        };
        Self::new(kind, fault)
    }
}

fn database_error(error: &sqlx::Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}

/// Whether a guard of a commit did not hold: the journal has the entry of a command or of a revision
/// already, one key is taken twice, or the statement has undone itself.
pub(super) fn is_guard(error: &sqlx::Error) -> bool {
    const UNIQUE_VIOLATION: &str = "23505";
    const CARDINALITY_VIOLATION: &str = "21000";
    const INVALID_TEXT_REPRESENTATION: &str = "22P02";
    let Some(error) = database_error(error) else { return false };
    match error.code() {
        UNIQUE_VIOLATION => error.table() == Some("guanxi_journal"),
        CARDINALITY_VIOLATION => true,
        INVALID_TEXT_REPRESENTATION => error.message().contains(GUARD),
        _ => false,
    }
}

/// What a report of the server means, by its code and the class that begins it.
fn reported(report: Report) -> PostgresFault {
    let class = report.code.get(..2).unwrap_or_default();
    match (class, report.code.as_str()) {
        // A cancelled statement is one that took too long, or that somebody stopped.
        ("40", _) | (_, "55P03" | "57014") => PostgresFault::Contended(report),
        (_, "53300") => PostgresFault::NotServing(report),
        ("53", _) => PostgresFault::Full(report),
        // A transaction that idled or lasted too long takes its connection with it.
        ("08" | "57", _) | (_, "25P03" | "25P04") => PostgresFault::NotServing(report),
        (_, "25006") => PostgresFault::ReadOnly(report),
        (_, "25P02") => PostgresFault::FailedTransaction,
        ("28", _) | (_, "42501" | "3D000") => PostgresFault::Forbidden(report),
        // A table, a column or a schema that is not there.
        (_, "42P01" | "42703" | "3F000") => PostgresFault::NotMigrated,
        (_, _) => PostgresFault::Other(report),
    }
}

/// What an error means.
pub(super) fn fault(error: sqlx::Error) -> PostgresFault {
    if let Some(error) = database_error(&error) {
        return reported(Report::of(error));
    }
    if matches!(error, sqlx::Error::PoolTimedOut) {
        return PostgresFault::NoConnection;
    }
    if matches!(error, sqlx::Error::PoolClosed) {
        return PostgresFault::Closed;
    }
    let make = match (is_lost(&error), is_unreadable(&error)) {
        (true, _) => PostgresFault::Unreachable,
        (false, true) => PostgresFault::Unreadable,
        (false, false) => PostgresFault::Connection,
    };
    make(error)
}

/// Whether there is no connection any more. A certificate that is refused comes as data that cannot be read;
/// to ask for it again helps nobody.
fn is_lost(error: &sqlx::Error) -> bool {
    if let sqlx::Error::Io(error) = error {
        return error.kind() != io::ErrorKind::InvalidData;
    }
    matches!(error, sqlx::Error::WorkerCrashed)
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
            | sqlx::Error::RowNotFound
    )
}

/// The store's error for one of PostgreSQL.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    fault(error).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_another_call_may_mend_is_worth_one() {
        for (kind, is_worth_it) in [
            (io::ErrorKind::ConnectionReset, true),
            (io::ErrorKind::UnexpectedEof, true),
            (io::ErrorKind::InvalidData, false),
        ] {
            assert_eq!(failed(io::Error::from(kind).into()).is_transient(), is_worth_it, "{kind}");
        }
        for (code, is_worth_it) in [
            ("40001", true),
            ("40P01", true),
            ("57P01", true),
            ("25P03", true),
            ("25P04", true),
            ("53300", true),
            ("53100", false),
            ("42501", false),
        ] {
            let report = Report { code: code.to_owned(), message: String::new() };
            let error = StoreError::from(reported(report));
            assert_eq!(error.is_transient(), is_worth_it, "{code}");
        }
    }
}
