//! What is measured: stores that keep customers in a SQLite file.

use std::future::Future;
use std::path::Path;

use guanxi::store::sqlite::{Durability, SqliteOptions, SqliteStore};
use guanxi::store::{Agenda, Bulk, Scan, StoreError};

use crate::sqlx_by_hand::ByHand;

/// A store on a file, opened and closed in the same way whichever it is.
pub trait Contender: Agenda + Bulk + Scan + Sized + 'static {
    /// Its name in tables.
    const NAME: &'static str;

    /// Opens a file, making it and the tables where they are missing.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the file cannot be opened.
    fn open_file(
        file: &Path,
        durability: Durability,
    ) -> impl Future<Output = Result<Self, StoreError>> + Send;

    /// Closes every connection.
    fn close_file(&self) -> impl Future<Output = ()> + Send;
}

impl Contender for SqliteStore {
    const NAME: &'static str = "guanxi";

    async fn open_file(file: &Path, durability: Durability) -> Result<Self, StoreError> {
        SqliteOptions::new(file).with_durability(durability).open().await
    }

    async fn close_file(&self) {
        self.close().await;
    }
}

impl Contender for ByHand {
    const NAME: &'static str = "by hand";

    async fn open_file(file: &Path, durability: Durability) -> Result<Self, StoreError> {
        Self::open(file, durability).await
    }

    async fn close_file(&self) {
        self.close().await;
    }
}
