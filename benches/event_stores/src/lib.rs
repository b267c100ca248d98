//! Event stores on PostgreSQL, in front of which the peers of `guanxi-peers` put the same facts as to the
//! PostgreSQL store of `guanxi`.
//!
//! Each keeps the events of `guanxi_peers::model` in a schema of its own, with connections of the same
//! settings: [`cqrs`] by `postgres-es`, [`streams`] by `disintegrate-postgres`.

pub mod cqrs;
pub mod streams;

use std::time::Duration;

use guanxi_peers::database::{CONNECTIONS, Database, SETTINGS};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// A pool like everybody else's, whose connections find their tables in this schema.
fn pool_on(database: &Database, schema: &str) -> PgPool {
    let options: PgConnectOptions = database.address().parse().expect("the address of a server");
    let options = options.options(SETTINGS).options([("search_path", schema)]);
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).test_before_acquire(false);
    pool.acquire_timeout(Duration::from_secs(60)).connect_lazy_with(options)
}
