//! A PostgreSQL server to measure on.

use std::io::{Write, stderr};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

/// Where the server is.
const ADDRESS: &str = "GUANXI_TEST_POSTGRES";

/// How many connections a pool has: as many as sqlx takes unless it is told otherwise.
pub const CONNECTIONS: u32 = 10;

/// The settings of every connection of every contender, whatever the server's own are.
pub const SETTINGS: [(&str, &str); 1] = [("synchronous_commit", "on")];

/// A server that answers.
#[derive(Debug)]
pub struct Database {
    address: String,
}

impl Database {
    /// The server of the environment variable `GUANXI_TEST_POSTGRES`, by default on this machine with
    /// PostgreSQL's own port and user. If it does not answer, that is said where nobody can overlook it.
    ///
    /// # Panics
    ///
    /// When the address is none.
    pub async fn find() -> Option<Self> {
        let database = Self { address: address() };
        match PgConnection::connect_with(&database.options()).await {
            Ok(_) => Some(database),
            Err(error) => {
                let told = format!(
                    "\n*** NOTHING DONE: no PostgreSQL server answers ({error}).\n\
                     *** Set {ADDRESS} to its address, postgres://user@host:port/database.\n\n"
                );
                // Not by a macro of the standard library, whose output tests swallow.
                stderr().write_all(told.as_bytes()).expect("somebody listens");
                None
            }
        }
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// How to connect to it, with the settings of everybody.
    ///
    /// # Panics
    ///
    /// When the address is none.
    #[must_use]
    pub fn options(&self) -> PgConnectOptions {
        let options: PgConnectOptions = self.address.parse().expect("the address of a server");
        options.options(SETTINGS)
    }

    /// A pool whose connections find their tables in this schema, which is made anew.
    ///
    /// # Panics
    ///
    /// When the user may not make it.
    pub async fn pool_in(&self, schema: &str) -> PgPool {
        self.empty(schema).await;
        self.pool_on(schema, CONNECTIONS)
    }

    /// A pool of so many connections that find their tables in this schema.
    #[must_use]
    pub fn pool_on(&self, schema: &str, connections: u32) -> PgPool {
        let options = self.options().options([("search_path", schema)]);
        // Asking before each use would be a round trip more.
        let pool = PgPoolOptions::new().max_connections(connections).test_before_acquire(false);
        // Whoever is measured with many writers makes them wait.
        pool.acquire_timeout(Duration::from_secs(60)).connect_lazy_with(options)
    }

    /// Makes a schema anew, so that nothing of an earlier run is in it.
    ///
    /// # Panics
    ///
    /// When the user may not.
    pub async fn empty(&self, schema: &str) {
        self.run(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")).await;
    }

    /// Carries out statements.
    ///
    /// # Panics
    ///
    /// When the server does not.
    pub async fn run(&self, statements: &str) {
        let connection = PgConnection::connect_with(&self.options()).await;
        let mut connection = connection.expect("the server answers");
        let run = sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await;
        run.expect("the statements are sound");
        connection.close().await.expect("the server answers");
    }
}

#[expect(clippy::disallowed_methods, reason = "where the server is, must be told")]
fn address() -> String {
    let default = "postgres://postgres@127.0.0.1:5432/postgres";
    std::env::var(ADDRESS).unwrap_or_else(|_| default.to_owned())
}
