//! Reads, each of one statement: it sees one state.

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::fault::failed;
use super::statements;
use crate::id::{CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::store::sql::{self, count};
use crate::store::{Accepted, PageSize, Receipt, StoreError, Stored, StoredEntry};

type Query = sqlx::query::Query<'static, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// A statement of one tenant, whose first parameter it is.
fn of_tenant(statement: &'static str, tenant: TenantId) -> Query {
    sqlx::query(statement).bind(tenant.uuid().as_bytes().to_vec())
}

fn id(query: Query, id: CustomerId) -> Query {
    query.bind(id.uuid().as_bytes().to_vec())
}

pub(super) async fn revision(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    customer: CustomerId,
) -> Result<Option<u64>, StoreError> {
    let query = id(of_tenant(statements::REVISION, tenant), customer);
    let row = query.fetch_optional(connection).await.map_err(failed)?;
    row.map(|row| sql::revision(row.try_get(0).map_err(failed)?)).transpose()
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
    row.map(|row| sql::customer_id(row.try_get(0).map_err(failed)?)).transpose()
}

pub(super) async fn receipt(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    command_id: CommandId,
) -> Result<Option<Accepted>, StoreError> {
    let query = of_tenant(statements::RECEIPT, tenant).bind(command_id.uuid().as_bytes().to_vec());
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    let Some(first) = rows.first() else { return Ok(None) };
    let fingerprint: Option<&[u8]> = first.try_get(2).map_err(failed)?;
    let fingerprint = fingerprint.map(sql::fingerprint).transpose()?;
    let revisions = rows.iter().map(entry_made).collect::<Result<_, StoreError>>()?;
    Ok(Some(Accepted { fingerprint, receipt: Receipt::new(command_id, revisions) }))
}

fn entry_made(row: &SqliteRow) -> Result<(CustomerId, u64), StoreError> {
    let customer = sql::customer_id(row.try_get(0).map_err(failed)?)?;
    Ok((customer, sql::revision(row.try_get(1).map_err(failed)?)?))
}

pub(super) async fn load(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    customer: CustomerId,
) -> Result<Option<Stored>, StoreError> {
    let query = id(of_tenant(statements::LOAD, tenant), customer);
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    let Some(first) = rows.first() else { return Ok(None) };
    let revision = sql::revision(first.try_get(0).map_err(failed)?)?;
    let mut stored = Stored { revision, parts: Vec::with_capacity(rows.len()) };
    for row in &rows {
        push_part(&mut stored, row, 1)?;
    }
    Ok(Some(stored))
}

/// Adds the part in three columns of a row; a customer without parts has one row without any.
fn push_part(stored: &mut Stored, row: &SqliteRow, column: usize) -> Result<(), StoreError> {
    let name: Option<&str> = row.try_get(column).map_err(failed)?;
    if let Some(name) = name {
        let schema = row.try_get(column.saturating_add(1)).map_err(failed)?;
        let document = row.try_get(column.saturating_add(2)).map_err(failed)?;
        stored.parts.push(sql::part(name, schema, document)?);
    }
    Ok(())
}

pub(super) async fn history(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    customer: CustomerId,
    after: u64,
    size: PageSize,
) -> Result<Vec<StoredEntry>, StoreError> {
    let query =
        id(of_tenant(statements::HISTORY, tenant), customer).bind(count(after)).bind(rows(size));
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(entry).collect()
}

fn entry(row: &SqliteRow) -> Result<StoredEntry, StoreError> {
    let document: String = row.try_get(3).map_err(failed)?;
    Ok(StoredEntry {
        revision: sql::revision(row.try_get(0).map_err(failed)?)?,
        recorded_at: sql::instant("recorded_at", row.try_get(1).map_err(failed)?)?,
        schema: sql::schema(row.try_get(2).map_err(failed)?)?,
        document: document.into_bytes(),
    })
}

fn rows(size: PageSize) -> i64 {
    i64::try_from(size.rows()).unwrap_or(i64::MAX)
}
