//! Forgetting, down to the bytes of the files.

use sqlx::{Row, SqliteConnection};

use super::batch::{Batch, command};
use super::fault::{SqliteFault, failed};
use super::statements;
use super::store::{SqliteStore, rest};
use crate::id::{CustomerId, TenantId};
use crate::store::{Erase, StoreError};

/// Each call writes the personal documents and the claims of everybody in the file anew, so erase many
/// in one call. See [Erasure](crate::store::sqlite#erasure).
impl Erase for SqliteStore {
    async fn forget(&self, tenant: TenantId, ids: &[CustomerId]) -> Result<(), StoreError> {
        let mut lent = self.writer.lend().await?;
        let forgotten = forget(lent.connection(), tenant, ids).await;
        rest(lent, forgotten).await
    }
}

async fn forget(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    ids: &[CustomerId],
) -> Result<(), StoreError> {
    // First of all: while somebody reads an earlier state, all that is written stays in the log, which
    // would grow by the size of the tables with every attempt.
    empty_log(connection).await?;
    run(connection, statements::BEGIN_REWRITING).await?;
    for id in ids {
        let mut batch = Batch::new(statements::FORGET);
        batch.bind_id(tenant.uuid())?.bind_id(id.uuid())?;
        batch.run(connection).await.map_err(failed)?;
    }
    for statements in statements::REWRITE_PERSONAL {
        run(connection, statements).await?;
    }
    if exists(connection, statements::SAMPLES).await? {
        run(connection, statements::REWRITE_SAMPLES).await?;
    }
    command(connection, "COMMIT;").await?;
    run(connection, statements::END_REWRITING).await?;
    empty_log(connection).await
}

/// Runs statements without keeping them prepared: the tables that they name come and go, and SQLite
/// carries out some settings while it prepares them.
async fn run(connection: &mut SqliteConnection, text: &'static str) -> Result<(), StoreError> {
    sqlx::raw_sql(text).execute(connection).await.map(|_| ()).map_err(failed)
}

async fn exists(
    connection: &mut SqliteConnection,
    table: &'static str,
) -> Result<bool, StoreError> {
    let query = sqlx::query_scalar(statements::TABLE_EXISTS).bind(table);
    query.fetch_one(connection).await.map_err(failed)
}

/// Moves the log into the database file and cuts it off: it holds pages as they were before.
async fn empty_log(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let row = sqlx::query(statements::EMPTY_LOG).fetch_one(connection).await.map_err(failed)?;
    let busy: i64 = row.try_get(0).map_err(failed)?;
    if busy == 0 { Ok(()) } else { Err(SqliteFault::StillRead.into()) }
}
