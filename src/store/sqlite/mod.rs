//! Customers in a SQLite file (feature `sqlite`). Needs a Tokio runtime.

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
