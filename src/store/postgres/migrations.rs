//! The tables, and how they come to be.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::fault::{PostgresFault, failed};
use super::tables::{Tables, quoted};
use super::transaction::BEGIN;
use crate::store::StoreError;
pub use crate::store::sql::Migration;
use crate::store::sql::{self, Misapplied};

/// Every migration, in order, for hosts that migrate themselves. Each is a plain SQL file that records
/// itself, so it does not matter who runs it: the host's own migrator, `psql`, or [`migrate`]; but not two of
/// them at once. The search path says in which schema.
///
/// ```
/// use guanxi::store::postgres::MIGRATIONS;
///
/// let files: Vec<String> =
///     MIGRATIONS.iter().map(|it| format!("{:04}_{}.sql", it.number, it.name)).collect();
/// assert_eq!(files, ["0001_customers.sql"]);
/// assert!(MIGRATIONS[0].sql.contains("CREATE TABLE guanxi_customers"));
/// ```
pub const MIGRATIONS: &[Migration] = &[Migration::new(
    1,
    "customers",
    include_str!("../../../migrations/postgres/0001_customers.sql"),
)];

/// Who migrates holds this lock of the database until its transaction ends; others wait.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended('guanxi migrations', 0))";

/// Brings the tables of this library up to date, where the connection's search path says: all of it or
/// nothing, and others who do the same wait. Changes nothing when they are. The connection must not be in a
/// transaction; close it if the future is dropped before its end.
///
/// Tables that came from another cluster, by a dump or by logical replication, are told where they are
/// now, so that the [feed](super#the-feed) goes on. Let nobody write to them before.
///
/// [`PostgresStore::open`](super::PostgresStore::open) does it by itself, unless told otherwise.
///
/// ```
/// use guanxi::store::StoreError;
/// use guanxi::store::postgres::{migrate, sqlx};
///
/// async fn deploy(connection: &mut sqlx::PgConnection) -> Result<(), StoreError> {
///     migrate(connection).await
/// }
/// ```
///
/// # Errors
///
/// [`PostgresFault::Newer`] when a newer version made the tables, [`PostgresFault::Migrations`] when the list
/// of those applied has gaps, [`PostgresFault::Encoding`] when the database cannot keep every text, else
/// what PostgreSQL reports.
pub async fn migrate(connection: &mut PgConnection) -> Result<(), StoreError> {
    bring_up(connection, None).await
}

/// The same in a schema, which is made if missing.
pub(super) async fn bring_up(
    connection: &mut PgConnection,
    schema: Option<&str>,
) -> Result<(), StoreError> {
    require_utf8(connection).await?;
    let tables = schema.map(Tables::in_schema).unwrap_or_default();
    // Most often there is nothing to do, which no lock of somebody else's need hold up.
    if lacks(connection, &tables).await?.is_none() {
        return Ok(());
    }
    let mut transaction = connection.begin_with(BEGIN).await.map_err(failed)?;
    run(&mut transaction, LOCK.to_owned()).await?;
    if let Some(schema) = schema {
        enter(&mut transaction, schema).await?;
    }
    for migration in missing(&mut transaction, &tables).await? {
        run(&mut transaction, migration.sql.to_owned()).await?;
    }
    if has_moved(&mut transaction, &tables).await? {
        arrive(&mut transaction, &tables).await?;
    }
    transaction.commit().await.map_err(failed)
}

/// Whether the tables are there, up to date, and where they were.
pub(super) async fn check(
    connection: &mut PgConnection,
    schema: Option<&str>,
) -> Result<(), StoreError> {
    require_utf8(connection).await?;
    let tables = schema.map(Tables::in_schema).unwrap_or_default();
    match lacks(connection, &tables).await? {
        None => Ok(()),
        Some(fault) => Err(fault.into()),
    }
}

/// What is to be done before the tables can be used, as the fault that it would be not to do it.
async fn lacks(
    connection: &mut PgConnection,
    tables: &Tables,
) -> Result<Option<PostgresFault>, StoreError> {
    if !missing(connection, tables).await?.is_empty() {
        return Ok(Some(PostgresFault::NotMigrated));
    }
    let moved = has_moved(connection, tables).await?;
    Ok(moved.then_some(PostgresFault::Moved))
}

async fn require_utf8(connection: &mut PgConnection) -> Result<(), StoreError> {
    const ENCODING: &str = "SELECT current_setting('server_encoding')";
    let found: String = sqlx::query_scalar(ENCODING).fetch_one(connection).await.map_err(failed)?;
    if found == "UTF8" { Ok(()) } else { Err(PostgresFault::Encoding { found }.into()) }
}

/// Makes a schema the one in which tables are made, for the rest of the transaction.
async fn enter(connection: &mut PgConnection, schema: &str) -> Result<(), StoreError> {
    const EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)";
    let exists = sqlx::query_scalar(EXISTS).bind(schema.to_owned());
    // Asked first, because making it takes a right that hosts need not give.
    if !exists.fetch_one(&mut *connection).await.map_err(failed)? {
        run(connection, format!("CREATE SCHEMA {}", quoted(schema))).await?;
    }
    run(connection, format!("SET LOCAL search_path TO {}", quoted(schema))).await
}

async fn run(connection: &mut PgConnection, text: String) -> Result<(), StoreError> {
    sqlx::raw_sql(AssertSqlSafe(text)).execute(connection).await.map(|_| ()).map_err(failed)
}

/// The migrations that were not applied yet.
async fn missing(
    connection: &mut PgConnection,
    tables: &Tables,
) -> Result<&'static [Migration], StoreError> {
    const EXISTS: &str = "SELECT to_regclass($1) IS NOT NULL";
    const NUMBERS: &str = "SELECT number FROM guanxi_migrations ORDER BY number";
    let exists = sqlx::query_scalar(EXISTS).bind(tables.name("guanxi_migrations"));
    let applied: Vec<i64> = match exists.fetch_one(&mut *connection).await.map_err(failed)? {
        true => {
            let numbers = sqlx::query_scalar(tables.text(NUMBERS));
            numbers.fetch_all(connection).await.map_err(failed)?
        }
        false => Vec::new(),
    };
    Ok(sql::missing(MIGRATIONS, &applied).map_err(PostgresFault::from)?)
}

impl From<Misapplied> for PostgresFault {
    fn from(misapplied: Misapplied) -> Self {
        match misapplied {
            Misapplied::Newer { found, known } => Self::Newer { found, known },
            Misapplied::Gaps => Self::Migrations,
        }
    }
}

/// Whether the tables were made, or last brought up, in another cluster.
async fn has_moved(connection: &mut PgConnection, tables: &Tables) -> Result<bool, StoreError> {
    const HAS_MOVED: &str = "
        SELECT cluster.system_identifier <> control.system_identifier
        FROM guanxi_cluster AS cluster, pg_control_system() AS control";
    let moved = sqlx::query_scalar(tables.text(HAS_MOVED));
    moved.fetch_one(connection).await.map_err(failed)
}

/// Lets positions go on far beyond all that there are, and all that were ever handed out: in another cluster
/// transactions are numbered anew, and after some failures a few numbers are given again. Nobody writes
/// meanwhile.
async fn arrive(connection: &mut PgConnection, tables: &Tables) -> Result<(), StoreError> {
    const KEEP_WRITERS_OUT: &str = "LOCK TABLE guanxi_journal IN EXCLUSIVE MODE";
    // No cluster loses 2 to the power of 40 transactions.
    const ARRIVE: &str = "
        UPDATE guanxi_cluster SET
            system_identifier = (SELECT system_identifier FROM pg_control_system()),
            feed_base = 1099511627776
                + greatest(feed_base, (SELECT coalesce(max(position), 0) FROM guanxi_journal))";
    for text in [KEEP_WRITERS_OUT, ARRIVE] {
        let query = sqlx::raw_sql(tables.text(text));
        query.execute(&mut *connection).await.map_err(failed)?;
    }
    Ok(())
}

/// Lets the [feed](super#the-feed) go on after everything that it ever gave, where the server cannot
/// tell by itself that it has to: after a failover that lost commits, after going back to an earlier
/// state of the cluster, and where rows of a tenant were brought from elsewhere. Before the first write
/// there, and as often as one likes. The tables are found by the connection's search path; writers wait
/// meanwhile.
///
/// ```
/// use guanxi::store::StoreError;
/// use guanxi::store::postgres::{renumber, sqlx};
///
/// async fn after_failover(connection: &mut sqlx::PgConnection) -> Result<(), StoreError> {
///     renumber(connection).await
/// }
/// ```
///
/// # Errors
///
/// What PostgreSQL reports.
pub async fn renumber(connection: &mut PgConnection) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with(BEGIN).await.map_err(failed)?;
    arrive(&mut transaction, &Tables::default()).await?;
    transaction.commit().await.map_err(failed)
}
