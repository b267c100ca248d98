//! The tables, and how they come to be.

use sqlx::{Connection, SqliteConnection};

use super::fault::{SqliteFault, failed};
use crate::store::StoreError;

/// One step from an older form of the tables to a newer one.
///
/// [`MIGRATIONS`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migration {
    /// Its place in the order, from 1.
    pub number: i64,
    /// What it is about, in a word.
    pub name: &'static str,
    /// Plain SQL, several statements. It notes its own number in `guanxi_migrations`.
    pub sql: &'static str,
}

/// Every migration, in order, for hosts that migrate themselves. Each is a plain SQL file that records
/// itself, so it does not matter who runs it: the host's own migrator, a shell, or [`migrate`].
///
/// ```
/// use guanxi::store::sqlite::MIGRATIONS;
///
/// let files: Vec<String> =
///     MIGRATIONS.iter().map(|it| format!("{:04}_{}.sql", it.number, it.name)).collect();
/// assert_eq!(files, ["0001_customers.sql"]);
/// assert!(MIGRATIONS[0].sql.contains("CREATE TABLE guanxi_customers"));
/// ```
pub const MIGRATIONS: &[Migration] = &[Migration {
    number: 1,
    name: "customers",
    sql: include_str!("../../../migrations/sqlite/0001_customers.sql"),
}];

/// The number of the last migration that this version knows.
fn known() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.number)
}

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
/// [`SqliteFault::Newer`] when a newer version made the tables, else what SQLite reports.
pub async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    // Most often there is nothing to do, which no lock of somebody else's need hold up.
    if applied(connection).await? == known() {
        return Ok(());
    }
    // Dropped before its end it is rolled back.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let applied = applied(&mut transaction).await?;
    for migration in MIGRATIONS.iter().filter(|migration| migration.number > applied) {
        sqlx::raw_sql(migration.sql).execute(&mut *transaction).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

/// Whether the tables are there and up to date.
pub(super) async fn check(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    if applied(connection).await? < known() {
        return Err(SqliteFault::NotMigrated.into());
    }
    Ok(())
}

/// The number of the last migration applied; 0 if there was none.
async fn applied(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    const OURS: &str =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'guanxi_migrations'";
    const LAST: &str = "SELECT ifnull(max(number), 0) FROM guanxi_migrations";
    let tables: i64 = sqlx::query_scalar(OURS).fetch_one(&mut *connection).await.map_err(failed)?;
    if tables == 0 {
        return Ok(0);
    }
    let found = sqlx::query_scalar(LAST).fetch_one(connection).await.map_err(failed)?;
    match known() {
        known if found > known => Err(SqliteFault::Newer { found, known }.into()),
        _ => Ok(found),
    }
}
