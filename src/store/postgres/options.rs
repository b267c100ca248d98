//! How a database is taken into use.

use std::sync::Arc;

use sqlx::PgPool;

use super::migrations::{bring_up, check};
use super::store::PostgresStore;
use super::tables::Tables;
use super::transaction::Lent;
use crate::store::StoreError;

/// What opening may make.
///
/// [`PostgresOptions`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Create {
    /// The tables, where they are missing or of an older version, and their schema.
    #[default]
    Tables,
    /// Nothing: for hosts that [migrate](super::MIGRATIONS) themselves, or whose user may not.
    Nothing,
}

/// How to open a [`PostgresStore`].
///
/// ```
/// use guanxi::store::StoreError;
/// use guanxi::store::postgres::{Create, PostgresOptions, PostgresStore, sqlx};
///
/// async fn open(pool: sqlx::PgPool) -> Result<PostgresStore, StoreError> {
///     PostgresOptions::new(pool).with_schema("crm").with_create(Create::Nothing).open().await
/// }
/// ```
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    pool: PgPool,
    schema: Option<Arc<str>>,
    create: Create,
}

impl PostgresOptions {
    /// Tables are made if missing, where the search path of the pool's connections says.
    #[must_use]
    pub const fn new(pool: PgPool) -> Self {
        Self { pool, schema: None, create: Create::Tables }
    }

    /// The schema that the tables are in, whatever the search path says.
    #[must_use]
    pub fn with_schema(mut self, schema: &str) -> Self {
        self.schema = Some(schema.into());
        self
    }

    /// What opening may make.
    #[must_use]
    pub const fn with_create(mut self, create: Create) -> Self {
        self.create = create;
        self
    }

    /// Opens the store.
    ///
    /// # Errors
    ///
    /// [`StoreError`], whose source is a [`PostgresFault`](super::PostgresFault).
    pub async fn open(self) -> Result<PostgresStore, StoreError> {
        let schema = self.schema.as_deref();
        let mut lent = Lent::of(&self.pool).await?;
        match self.create {
            Create::Tables => bring_up(lent.connection()?, schema).await?,
            Create::Nothing => check(lent.connection()?, schema).await?,
        }
        lent.give_back();
        let tables = schema.map(Tables::in_schema).unwrap_or_default();
        Ok(PostgresStore { pool: self.pool, tables })
    }
}
