//! The tables, and how they come to be.

use sqlx::{Connection, SqliteConnection};

use super::fault::{SqliteFault, failed};
use super::statements::TABLE_EXISTS;
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
/// assert_eq!(files, ["0001_customers.sql", "0002_calibrations.sql"]);
/// assert!(MIGRATIONS[0].sql.contains("CREATE TABLE guanxi_customers"));
/// ```
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "customers",
        sql: include_str!("../../../migrations/sqlite/0001_customers.sql"),
    },
    Migration {
        number: 2,
        name: "calibrations",
        sql: include_str!("../../../migrations/sqlite/0002_calibrations.sql"),
    },
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
    let known: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.number).collect();
    let applied = applied_of(&known, &applied)?;
    Ok(MIGRATIONS.get(applied..).unwrap_or_default())
}

/// How many of the known migrations were applied, by their numbers in order: the first few, or the list
/// is not ours.
fn applied_of(known: &[i64], applied: &[i64]) -> Result<usize, SqliteFault> {
    let last_known = known.last().copied().unwrap_or(0);
    match applied.last() {
        Some(&found) if found > last_known => Err(SqliteFault::Newer { found, known: last_known }),
        Some(_) | None if known.starts_with(applied) => Ok(applied.len()),
        Some(_) | None => Err(SqliteFault::Migrations),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every list of some of these numbers.
    #[test]
    fn a_list_is_the_first_few_or_newer_or_not_ours() {
        const NUMBERS: [i64; 7] = [i64::MIN, 0, 1, 2, 3, 4, i64::MAX];
        let known = [1, 2, 3];
        for choice in 0_u32..1 << NUMBERS.len() {
            let chosen = (0..NUMBERS.len()).filter(|place| choice >> place & 1 == 1);
            let applied: Vec<i64> = chosen.map(|place| NUMBERS[place]).collect();
            match (applied_of(&known, &applied), applied.as_slice()) {
                (Ok(count), [] | [1] | [1, 2] | [1, 2, 3]) => assert_eq!(count, applied.len()),
                (Err(SqliteFault::Newer { found, known: 3 }), [.., last @ (4 | i64::MAX)]) => {
                    assert_eq!(found, *last);
                }
                (Err(SqliteFault::Migrations), [.., last]) => assert!(*last <= 3, "{applied:?}"),
                (answer, applied) => panic!("{applied:?}: {answer:?}"),
            }
        }
    }
}
