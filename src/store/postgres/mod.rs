//! Customers in a PostgreSQL database (feature `postgres`). Needs a Tokio runtime.
//!
//! ```
//! use guanxi::store::postgres::{PostgresStore, sqlx};
//! use guanxi::{Command, Context, Crm, CustomerId, Rulebook, TenantId};
//!
//! async fn serve(
//!     (shop, first): (TenantId, Rulebook),
//!     (id, order, context): (CustomerId, Command, Context),
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let options = sqlx::postgres::PgPoolOptions::new().test_before_acquire(false);
//!     let pool = options.connect("postgres://crm@localhost/crm").await?;
//!     let crm = Crm::open(PostgresStore::open(pool).await?, shop, first).await?;
//!     crm.execute(id, &order, &context).await?;
//!     Ok(())
//! }
//! ```
//!
//! # What is in the database
//!
//! Tables whose names begin with `guanxi_`, in the schema that was [chosen](PostgresOptions::with_schema) or
//! that the search path gives. The [migrations](MIGRATIONS) describe them column by column.
//! `guanxi_customers` has what a host asks by in columns with indexes; documents are JSON, which
//! `document ->> 'field'` reads. Reading them is free to everybody; they are written by the library alone.
//! The database must keep its text in UTF-8. PostgreSQL 13 or newer; tested on 15.
//!
//! # The pool
//!
//! It is the host's: its size, its timeouts, its encryption (feature `postgres-tls`). A commit is one
//! statement in one round trip, in a transaction of its own that lasts as long as the statement does. sqlx
//! asks the server once more before it lends a connection, unless `test_before_acquire(false)` tells it
//! not to; a connection that was lost is then found when it is used, which is
//! [transient](crate::store::StoreError::is_transient), and the command can be sent again. Durability is that
//! of the connection's `synchronous_commit`, by default that of the disk.
//!
//! **Let a `begin` of your own come to its end.** When its future is dropped on the way (by a timeout, a
//! `select!`), sqlx 0.9 gives back a connection that is in a transaction, and what anybody writes on it next
//! does not last, commits of this store included. The store's own calls may be dropped at any point.
//!
//! # The feed
//!
//! Nobody waits for anybody to be numbered: an entry stands at the number of its transaction, and
//! [`Feed`](super::Feed) gives what stands before the oldest transaction that is still under way. So a long
//! transaction holds up the feed, whoever's it is and in whichever database of the cluster, if it writes or
//! locks rows; nothing is lost. After a dump was restored into another cluster, or tables were replicated
//! there, [open](PostgresOptions::open) or [`migrate`] must come before the first write, once; what a cluster
//! cannot notice, [`renumber`] tells it.
//!
//! # Erasure
//!
//! After [`Erase::forget`](super::Erase::forget) no statement reads what was erased, but for those of
//! transactions that see the state of before until they end: of C13 that is all that does not hold. The
//! planner's statistics have no samples of it, because none are taken of these columns. The tables of
//! personal documents and of claims are cleaned with `VACUUM`, all of them in one go, which needs their
//! owner; so erase many in one call. What the server keeps beside what it shows is the host's own
//! affair: free space and the inner pages of indexes until they are used again, old versions of journal
//! rows with their fingerprints until they are cleaned, the write-ahead log, replicas, backups, and
//! logs of slow statements with their parameters.
//!
//! # When it fails
//!
//! Every [`StoreError`](super::StoreError) of PostgreSQL has a [`PostgresFault`] as its source. Lost
//! connections, serialization failures, deadlocks and timeouts are transient, and a command can be sent
//! again under its id, whatever became of the first.

mod archive;
mod bulk;
mod erase;
mod fault;
mod gather;
mod hosted;
mod migrations;
mod options;
mod read;
#[cfg(test)]
#[path = "../../../tests/postgres/server.rs"]
#[expect(dead_code, reason = "the integration tests use more of it")]
mod server;
mod statements;
mod store;
mod tables;
mod transaction;
mod write;

pub use fault::{PostgresFault, Report};
pub use migrations::{MIGRATIONS, Migration, migrate, renumber};
pub use options::{Create, PostgresOptions};
/// The crate that carries the connections, in the version that this library speaks.
pub use sqlx;
pub use store::PostgresStore;
