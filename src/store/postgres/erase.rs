//! Forgetting.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::fault::failed;
use super::statements;
use super::store::PostgresStore;
use crate::id::{CustomerId, TenantId};
use crate::store::{Erase, StoreError};

/// The tables of which nothing removed is to stay.
const PERSONAL: [&str; 2] = ["guanxi_personal_parts", "guanxi_claims"];

/// See [Erasure](crate::store::postgres#erasure) for what the server keeps beside its tables.
impl Erase for PostgresStore {
    async fn forget(&self, tenant: TenantId, ids: &[CustomerId]) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let forget = sqlx::query(self.tables.text(statements::FORGET));
        let forget = forget.bind(tenant.uuid()).bind(ids);
        forget.execute(&self.pool).await.map_err(failed)?;
        // Rows that nobody sees any more go, and their keys from the indexes. A user that does not own the
        // tables is warned, not refused; then the server's own cleaning does it later.
        let tables = PERSONAL.map(|table| self.tables.name(table)).join(", ");
        let vacuum = sqlx::raw_sql(AssertSqlSafe(format!("VACUUM (INDEX_CLEANUP ON) {tables}")));
        vacuum.execute(&self.pool).await.map(|_| ()).map_err(failed)
    }
}
