//! Reads, each of one statement: it sees one state.

use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::fault::failed;
use super::statements;
use crate::id::{CalibrationId, CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::store::sql::{self, Cells, Found, count, page_rows};
use crate::store::{
    Accepted, Commit, FeedCursor, FeedEntry, Inspection, PageSize, StoreError, Stored,
    StoredCalibration, StoredEntry, StoredRulebook,
};

impl Cells for SqliteRow {
    fn number(&self, column: usize) -> Result<Option<i64>, StoreError> {
        self.try_get(column).map_err(failed)
    }

    fn text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        self.try_get(column).map_err(failed)
    }

    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        self.try_get(column).map_err(failed)
    }

    fn uuid(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        self.try_get(column).map_err(failed)
    }
}

type Query = sqlx::query::Query<'static, sqlx::Sqlite, SqliteArguments>;

/// A statement of one tenant, whose first parameter it is.
fn of_tenant(statement: &'static str, tenant: TenantId) -> Query {
    sqlx::query(statement).bind(tenant.uuid())
}

async fn rows(
    connection: &mut SqliteConnection,
    query: Query,
) -> Result<Vec<SqliteRow>, StoreError> {
    query.fetch_all(connection).await.map_err(failed)
}

pub(super) async fn holder(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    claim: &ExternalKey,
) -> Result<Option<CustomerId>, StoreError> {
    let query = of_tenant(statements::HOLDER, tenant)
        .bind(claim.system().to_owned())
        .bind(claim.key().to_owned());
    let row = query.fetch_optional(connection).await.map_err(failed)?;
    let id = row.map(|row| row.uuid(0)).transpose()?.flatten();
    Ok(id.map(CustomerId::new))
}

pub(super) async fn receipt(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    command_id: CommandId,
) -> Result<Option<Accepted>, StoreError> {
    let query = of_tenant(statements::RECEIPT, tenant).bind(command_id.uuid());
    sql::accepted(&rows(connection, query).await?, command_id)
}

/// What a commit depends on. In a transaction, so that it is all of one moment.
pub(super) async fn found<'a>(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    commit: &'a Commit,
) -> Result<Found<'a>, StoreError> {
    let accepted = receipt(connection, tenant, commit.command_id()).await?;
    let mut found = Found { accepted, ..Found::default() };
    for change in commit.changes() {
        let query = of_tenant(statements::REVISION, tenant).bind(change.id.uuid());
        let row = query.fetch_optional(&mut *connection).await.map_err(failed)?;
        if let Some(revision) = row.map(|row| sql::revision(&row, 0)).transpose()? {
            found.revisions.insert(change.id, revision);
        }
        for key in &change.claims_taken {
            if let Some(holder) = holder(connection, tenant, key).await? {
                found.holders.insert(key, holder);
            }
        }
    }
    Ok(found)
}

pub(super) async fn load(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    customer: CustomerId,
) -> Result<Option<Stored>, StoreError> {
    let query = of_tenant(statements::LOAD, tenant).bind(customer.uuid());
    sql::stored(&rows(connection, query).await?)
}

pub(super) async fn history(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    customer: CustomerId,
    after: u64,
    size: PageSize,
) -> Result<Vec<StoredEntry>, StoreError> {
    let query = of_tenant(statements::HISTORY, tenant)
        .bind(customer.uuid())
        .bind(count(after))
        .bind(page_rows(size));
    rows(connection, query).await?.iter().map(|row| sql::entry(row, 0)).collect()
}

pub(super) async fn feed(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    after: Option<FeedCursor>,
    size: PageSize,
) -> Result<Vec<FeedEntry>, StoreError> {
    let after = after.map_or(0, |cursor| count(cursor.position()));
    let query = of_tenant(statements::FEED, tenant).bind(after).bind(page_rows(size));
    rows(connection, query).await?.iter().map(sql::feed_entry).collect()
}

pub(super) async fn scan(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    after: Option<CustomerId>,
    size: PageSize,
) -> Result<Vec<(CustomerId, Stored)>, StoreError> {
    // Every id comes after the empty one.
    let after = after.map(|id| id.uuid().as_bytes().to_vec()).unwrap_or_default();
    let query = of_tenant(statements::SCAN, tenant).bind(after).bind(page_rows(size));
    sql::stored_by_id(&rows(connection, query).await?)
}

/// The ids of a list, one after the other.
fn packed(ids: impl Iterator<Item = Uuid>) -> Vec<u8> {
    ids.flat_map(Uuid::into_bytes).collect()
}

pub(super) async fn load_many(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    ids: &[CustomerId],
) -> Result<Vec<Option<Stored>>, StoreError> {
    let packed = packed(ids.iter().map(|id| id.uuid()));
    let query = sqlx::query(statements::LOAD_MANY).bind(packed).bind(tenant.uuid());
    sql::stored_by_place(&rows(connection, query).await?, ids.len())
}

pub(super) async fn receipts(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    command_ids: &[CommandId],
) -> Result<Vec<Option<Accepted>>, StoreError> {
    let packed = packed(command_ids.iter().map(|id| id.uuid()));
    let query = sqlx::query(statements::RECEIPTS).bind(packed).bind(tenant.uuid());
    sql::accepted_by_place(&rows(connection, query).await?, command_ids)
}

pub(super) async fn inspect(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    customer: CustomerId,
) -> Result<Option<Inspection>, StoreError> {
    let query = of_tenant(statements::INSPECT, tenant).bind(customer.uuid());
    sql::inspection(&rows(connection, query).await?)
}

pub(super) async fn rulebooks(
    connection: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<StoredRulebook>, StoreError> {
    let query = of_tenant(statements::RULEBOOKS, tenant);
    rows(connection, query).await?.iter().map(sql::rulebook).collect()
}

pub(super) async fn calibration(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    id: CalibrationId,
) -> Result<Option<StoredCalibration>, StoreError> {
    let query = of_tenant(statements::CALIBRATION, tenant).bind(id.as_bytes().to_vec());
    rows(connection, query).await?.first().map(sql::calibration).transpose()
}

pub(super) async fn calibrations(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    newest: PageSize,
) -> Result<Vec<StoredCalibration>, StoreError> {
    let query = of_tenant(statements::CALIBRATIONS, tenant).bind(page_rows(newest));
    rows(connection, query).await?.iter().map(sql::calibration).collect()
}
