//! The server that tests talk to.

use std::io::{Write, stderr};
use std::sync::{LazyLock, Once};
use std::time::Duration;

use guanxi::store::postgres::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use guanxi::store::postgres::sqlx::{self, AssertSqlSafe, Connection, PgConnection, PgPool};
use tokio::runtime::Runtime;

/// Where the server is; by default on this machine, with PostgreSQL's own port and user.
const ADDRESS: &str = "GUANXI_TEST_POSTGRES";

/// Set where it is a failure that there is no server, as `.ci/run` does.
const REQUIRED: &str = "GUANXI_TEST_POSTGRES_REQUIRED";

pub(crate) static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

#[expect(
    clippy::disallowed_methods,
    reason = "what is tested reads none; where the server is, must be told"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

pub(crate) fn options() -> PgConnectOptions {
    let address = variable(ADDRESS);
    let address = address.as_deref().unwrap_or("postgres://postgres@127.0.0.1:5432/postgres");
    address.parse().unwrap()
}

/// Whether the server answers. If not, it is said where nobody can overlook it.
pub(crate) fn is_there() -> bool {
    static IS_THERE: LazyLock<bool> = LazyLock::new(|| {
        let connected = RUNTIME.block_on(PgConnection::connect_with(&options()));
        let Err(error) = connected else { return true };
        assert!(variable(REQUIRED).is_none(), "there must be a PostgreSQL server: {error}");
        let told = format!(
            "\n*** NOT TESTED: the PostgreSQL store. No server answers ({error}).\n\
             *** Set {ADDRESS} to its address, postgres://user@host:port/database.\n\n"
        );
        // Not by a macro of the standard library, whose output tests swallow.
        stderr().write_all(told.as_bytes()).unwrap();
        false
    });
    *IS_THERE
}

/// A pool of so many connections that asks nothing before it lends one.
pub(crate) fn pool(connections_max: u32) -> PgPool {
    pool_with(options(), connections_max)
}

pub(crate) fn pool_with(options: PgConnectOptions, connections_max: u32) -> PgPool {
    let pool = PgPoolOptions::new().max_connections(connections_max).test_before_acquire(false);
    // Many tests at once may need more connections than the server has.
    let pool = pool.acquire_timeout(Duration::from_secs(60));
    let _runtime = RUNTIME.enter();
    pool.connect_lazy_with(options)
}

/// How the schemas of tests begin; the number of the process and a name follow.
const SCHEMAS: &str = "guanxi_test_";

/// A new schema of this process. It stays for a look at it, until another run finds that this process has
/// ended.
pub(crate) fn schema(name: &str) -> String {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| RUNTIME.block_on(drop_those_left()));
    let schema = format!("{SCHEMAS}{}_{name}", std::process::id());
    RUNTIME.block_on(async {
        let mut connection = connect().await;
        let text = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
    schema
}

pub(crate) async fn connect() -> PgConnection {
    PgConnection::connect_with(&options()).await.unwrap()
}

/// Drops the schemas of processes that have ended: of those whose lock is free.
async fn drop_those_left() {
    const HOLD: &str = "SELECT pg_advisory_lock(hashtextextended($1 || $2, 0))";
    const LEFT: &str = "
        SELECT nspname::text FROM pg_namespace
        WHERE starts_with(nspname::text, $1) AND pg_try_advisory_xact_lock(
            hashtextextended($1 || split_part(substr(nspname::text, length($1) + 1), '_', 1), 0))";
    let mut connection = connect().await;
    let hold = sqlx::query(HOLD).bind(SCHEMAS).bind(std::process::id().to_string());
    hold.execute(&mut connection).await.unwrap();
    // Asked by another connection, which our own lock keeps off ours.
    let mut other = connect().await;
    let left: Vec<String> =
        sqlx::query_scalar(LEFT).bind(SCHEMAS).fetch_all(&mut other).await.unwrap();
    for schema in left {
        let text = format!("DROP SCHEMA IF EXISTS {schema} CASCADE");
        // Another run may be at the same.
        let _ = sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut other).await;
    }
    other.close().await.unwrap();
    // Holds the lock until the process ends.
    std::mem::forget(connection);
}
