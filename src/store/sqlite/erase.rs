//! Forgetting, down to the bytes of the files.

use sqlx::{Row, SqliteConnection};

use super::batch::{Batch, command};
use super::fault::{SqliteFault, failed};
use super::statements;
use super::store::{SqliteStore, rest};
use crate::id::{CustomerId, TenantId};
use crate::store::{Erase, StoreError};

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
    command(connection, "BEGIN IMMEDIATE;").await?;
    for id in ids {
        let mut batch = Batch::new(statements::FORGET);
        batch.bind_id(tenant.uuid())?.bind_id(id.uuid())?;
        batch.run(connection).await.map_err(failed)?;
    }
    // Not kept prepared: the tables that they name are made by themselves.
    sqlx::raw_sql(statements::REWRITE_PERSONAL).execute(&mut *connection).await.map_err(failed)?;
    command(connection, "COMMIT;").await?;
    empty_log(connection).await
}

/// Moves the log into the database file and cuts it off: it holds pages as they were before.
async fn empty_log(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let row = sqlx::query(statements::EMPTY_LOG).fetch_one(connection).await.map_err(failed)?;
    let busy: i64 = row.try_get(0).map_err(failed)?;
    if busy == 0 { Ok(()) } else { Err(SqliteFault::StillRead.into()) }
}
