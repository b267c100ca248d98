//! The tables, and how they come to be.

use sqlx::{Connection, SqliteConnection};

use super::fault::{SqliteFault, failed};
use super::statements::TABLE_EXISTS;
use crate::store::StoreError;
pub use crate::store::sql::Migration;
use crate::store::sql::{self, Misapplied};

/// Every migration, in order, for hosts that migrate themselves. Each is a plain SQL file that records
/// itself, so it does not matter who runs it: the host's own migrator, a shell, or [`migrate`].
///
/// ```
/// use guanxi::store::sqlite::MIGRATIONS;
///
/// let files: Vec<String> =
///     MIGRATIONS.iter().map(|it| format!("{:04}_{}.sql", it.number, it.name)).collect();
/// assert_eq!(files, ["0001_customers.sql", "0002_calibrations.sql", "0003_feed.sql"]);
/// assert!(MIGRATIONS[0].sql.contains("CREATE TABLE guanxi_customers"));
/// ```
pub const MIGRATIONS: &[Migration] = &[
    Migration::new(1, "customers", include_str!("../../../migrations/sqlite/0001_customers.sql")),
    Migration::new(
        2,
        "calibrations",
        include_str!("../../../migrations/sqlite/0002_calibrations.sql"),
    ),
    Migration::new(3, "feed", include_str!("../../../migrations/sqlite/0003_feed.sql")),
];

/// Brings the tables of this library up to date: all of it or nothing, and safely while others do the
/// same. Changes nothing when they are. The connection must not be in a transaction.
///
/// [`SqliteStore::open`](super::SqliteStore::open) does it by itself, unless told otherwise.
///
/// ```
/// use guanxi::store::sqlite::{migrate, sqlx};
/// use sqlx::Connection;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await?;
/// migrate(&mut connection).await?;
/// migrate(&mut connection).await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`SqliteFault::Newer`] when a newer version made the tables, [`SqliteFault::Migrations`] when the list
/// of those applied has gaps, else what SQLite reports.
pub async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    // Most often there is nothing to do, which no lock of somebody else's need hold up.
    if missing(connection).await?.is_empty() {
        return Ok(());
    }
    // Dropped before its end it is rolled back.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    for migration in missing(&mut transaction).await? {
        sqlx::raw_sql(migration.sql).execute(&mut *transaction).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

/// Whether the tables are there and up to date.
pub(super) async fn check(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    match missing(connection).await? {
        [] => Ok(()),
        _ => Err(SqliteFault::NotMigrated.into()),
    }
}

/// The migrations that were not applied yet.
async fn missing(connection: &mut SqliteConnection) -> Result<&'static [Migration], StoreError> {
    const NUMBERS: &str = "SELECT number FROM guanxi_migrations ORDER BY number";
    let query = sqlx::query_scalar(TABLE_EXISTS).bind("guanxi_migrations");
    let exists: bool = query.fetch_one(&mut *connection).await.map_err(failed)?;
    let applied: Vec<i64> = match exists {
        true => sqlx::query_scalar(NUMBERS).fetch_all(connection).await.map_err(failed)?,
        false => Vec::new(),
    };
    Ok(sql::missing(MIGRATIONS, &applied).map_err(SqliteFault::from)?)
}

impl From<Misapplied> for SqliteFault {
    fn from(misapplied: Misapplied) -> Self {
        match misapplied {
            Misapplied::Newer { found, known } => Self::Newer { found, known },
            Misapplied::Gaps => Self::Migrations,
        }
    }
}
