//! Customers in a SQLite file (feature `sqlite`). Needs a Tokio runtime.
//!
//! ```
//! use guanxi::store::sqlite::SqliteStore;
//! use guanxi::{Crm, Currency, Policy, Rulebook, TenantId, Timestamp};
//! # use guanxi::CustomerId;
//! # fn order(at: &str) -> guanxi::Command {
//! #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
//! #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
//! # }
//! # fn context(now: &str) -> guanxi::Context {
//! #     let command_id = guanxi::CommandId::derive("example", now);
//! #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
//! # }
//! # let folder = std::env::temp_dir().join(format!("guanxi-doc-sqlite-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let file = folder.join("crm.db");
//! # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! # runtime.block_on(async {
//!
//! let shop = TenantId::derive("example-shop");
//! let first = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
//! let crm = Crm::open(SqliteStore::open(&file).await?, shop, first.clone()).await?;
//! # let id = CustomerId::derive(shop, "C-17");
//! # let at = "2026-03-01T09:30:00Z";
//! crm.execute(id, &order(at), &context(at)).await?;
//! crm.store().close().await;
//!
//! // Another day, or another process.
//! let crm = Crm::open(SqliteStore::open(&file).await?, shop, first).await?;
//! assert_eq!(crm.history(id).await?.len(), 1);
//! # crm.store().close().await;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is in the file
//!
//! Tables whose names begin with `guanxi_`, beside whatever the host keeps in the same file. The
//! [migrations](MIGRATIONS) describe them column by column. `guanxi_customers` has what a host asks by in
//! columns with indexes; documents are JSON, which `document ->> '$.field'` reads. Reading them is free to
//! everybody; they are written by the library alone.
//!
//! # Several at once
//!
//! Any number of processes may open one file of a local disk, several times each. Readers hold up nobody. One
//! writes at a time: the tasks of a store wait for each other in a queue, processes for each other as
//! long as [`SqliteOptions::with_busy_timeout`] says. SQLite keeps a log beside the file, whose name ends
//! in `-wal`, and an index of it, in `-shm`; they belong to the file as long as it is open.
//!
//! # Together with rows of the host's
//!
//! [`SqliteStore::commit_in`] puts a commit into a transaction of the host's.
//!
//! # Erasure
//!
//! [`Erase::forget`](super::Erase::forget) leaves no byte of what was erased in the file and its log, nor
//! in the samples of keys that `ANALYZE` takes. For that it writes the table of personal documents and
//! the one of claims anew, whoever they belong to. So it takes longer the more customers have a profile,
//! and as long for one customer as for all: erase many in one call. Until the end of the call it takes
//! about three times the size of these tables on the disk, of which the file keeps one, for the next time.
//!
//! It ends only when nobody reads an earlier state any more. While somebody does, it is refused with
//! [`SqliteFault::StillRead`], which is transient, most often before it has written anything; and
//! however often it is asked again, the log does not grow any further.
//!
//! The rest is the host's own affair: tables, triggers, views and full-text indexes of its own that copy
//! personal data, what its own connections delete without `PRAGMA secure_delete = ON` or put aside
//! without `PRAGMA temp_store = MEMORY`, backups, and what the file system keeps. A trigger of the host's
//! on one of these two tables runs for every row that is written anew.
//!
//! # When it fails
//!
//! Every [`StoreError`](super::StoreError) of SQLite has a [`SqliteFault`] as its source.

mod agenda;
mod archive;
mod batch;
mod erase;
mod fault;
mod hosted;
mod lane;
mod migrations;
mod options;
mod read;
mod statements;
mod store;
mod write;

pub use fault::SqliteFault;
pub use migrations::{MIGRATIONS, Migration, migrate};
pub use options::{Create, Durability, SqliteOptions};
/// The crate that carries the connections, in the version that this library speaks.
pub use sqlx;
pub use store::SqliteStore;
