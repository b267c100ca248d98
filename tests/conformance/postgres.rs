//! The PostgreSQL store: all checks in one database, as in one that developers share.

use std::future::Future;
use std::sync::LazyLock;

use guanxi::TenantId;
use guanxi::store::conformance::{self, Harness, Hold, Reopen};
use guanxi::store::postgres::sqlx::{self, PgTransaction};
use guanxi::store::postgres::{PostgresOptions, PostgresStore};
use guanxi::store::{Commit, CommitError, Receipt, StoreError, StoreErrorKind};

use super::server;

static SCHEMA: LazyLock<String> = LazyLock::new(|| server::schema("conformance"));

struct Database;

impl Database {
    async fn store() -> Result<PostgresStore, StoreError> {
        // Each check has a pool of its own, because it may close it.
        let pool = server::pool(4);
        PostgresOptions::new(pool).with_schema(&SCHEMA).open().await
    }
}

/// Whether there is a server. If so, makes the schema, outside of any runtime.
fn is_there() -> bool {
    server::is_there() && !SCHEMA.is_empty()
}

impl Harness for Database {
    type Store = PostgresStore;
    type Guard = ();

    async fn open(&self) -> Result<((), PostgresStore), StoreError> {
        Ok(((), Self::store().await?))
    }

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send,
        F::Output: Send,
    {
        server::RUNTIME.block_on(future)
    }

    fn run_id(&self) -> String {
        "the schema is new".to_owned()
    }
}

impl Reopen for Database {
    async fn reopen(&self, (): &(), store: PostgresStore) -> Result<PostgresStore, StoreError> {
        store.pool().close().await;
        Self::store().await
    }
}

/// A fault of the connection in the kit's hands, not the store's.
fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError::new(StoreErrorKind::Unavailable, error)
}

impl Hold for Database {
    type Held = PgTransaction<'static>;

    async fn begin(&self, (): &(), store: &PostgresStore) -> Result<Self::Held, StoreError> {
        store.pool().begin().await.map_err(unavailable)
    }

    async fn carry_out(
        &self,
        store: &PostgresStore,
        held: &mut Self::Held,
        tenant: TenantId,
        commit: Commit,
    ) -> Result<Receipt, CommitError> {
        store.commit_in(held, tenant, &commit).await
    }

    async fn finish(&self, held: Self::Held) -> Result<(), CommitError> {
        Ok(held.commit().await.map_err(unavailable)?)
    }

    async fn abandon(&self, held: Self::Held) -> Result<(), StoreError> {
        held.rollback().await.map_err(unavailable)
    }
}

conformance::tests! {
    harness: Database,
    when: is_there(),
    groups: [
        customers, bulk, scan, agenda, archive, erase, inspect, bulk_agenda, bulk_erase,
        bulk_inspect, dropping, dropping_bulk, feed, feed_reopening, linear, model, model_all,
        publishing, reopening, reopening_agenda, reopening_archive, reopening_bulk,
        reopening_erase,
    ],
}
