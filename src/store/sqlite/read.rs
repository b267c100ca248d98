//! Reads, each of one statement: it sees one state.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::fault::failed;
use super::statements;
use crate::id::{CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::store::sql::{self, count, page_rows};
use crate::store::{
    Accepted, Inspection, PageSize, Receipt, StoreError, Stored, StoredEntry, StoredRulebook,
};

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
    let mut answer = None;
    for row in &query.fetch_all(connection).await.map_err(failed)? {
        add_entry(&mut answer, command_id, row, 0)?;
    }
    Ok(answer)
}

/// Adds to a receipt the entry in three columns of a row.
fn add_entry(
    answer: &mut Option<Accepted>,
    command_id: CommandId,
    row: &SqliteRow,
    column: usize,
) -> Result<(), StoreError> {
    let customer = sql::customer_id(row.try_get(column).map_err(failed)?)?;
    let revision = sql::revision(row.try_get(column.saturating_add(1)).map_err(failed)?)?;
    let fingerprint: Option<&[u8]> = row.try_get(column.saturating_add(2)).map_err(failed)?;
    let fingerprint = fingerprint.map(sql::fingerprint).transpose()?;
    let accepted = answer.get_or_insert_with(|| Accepted {
        fingerprint,
        receipt: Receipt::new(command_id, Vec::new()),
    });
    accepted.receipt.revisions.push((customer, revision));
    Ok(())
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
    let query = id(of_tenant(statements::HISTORY, tenant), customer)
        .bind(count(after))
        .bind(page_rows(size));
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

pub(super) async fn scan(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    after: Option<CustomerId>,
    size: PageSize,
) -> Result<Vec<(CustomerId, Stored)>, StoreError> {
    // Every id comes after the empty one.
    let after = after.map(|id| id.uuid().as_bytes().to_vec()).unwrap_or_default();
    let query = of_tenant(statements::SCAN, tenant).bind(after).bind(page_rows(size));
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    // Put in order here: a join promises none.
    let mut page = BTreeMap::new();
    for row in &rows {
        let id = sql::customer_id(row.try_get(0).map_err(failed)?)?;
        let revision = sql::revision(row.try_get(1).map_err(failed)?)?;
        let stored = page.entry(id).or_insert_with(|| Stored { revision, parts: Vec::new() });
        push_part(stored, row, 2)?;
    }
    Ok(page.into_iter().collect())
}

/// The ids of a list, one after the other.
fn packed(ids: impl Iterator<Item = Uuid>) -> Vec<u8> {
    ids.flat_map(Uuid::into_bytes).collect()
}

/// What a row is the answer to, and the place of the answer.
fn at_place<'a, T, U>(
    asked: &'a [T],
    answers: &'a mut [Option<U>],
    row: &SqliteRow,
) -> Result<Option<(&'a T, &'a mut Option<U>)>, StoreError> {
    let place: i64 = row.try_get(0).map_err(failed)?;
    let Ok(place) = usize::try_from(place) else { return Ok(None) };
    Ok(asked.get(place).zip(answers.get_mut(place)))
}

pub(super) async fn load_many(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    ids: &[CustomerId],
) -> Result<Vec<Option<Stored>>, StoreError> {
    let mut answers: Vec<Option<Stored>> = vec![None; ids.len()];
    let query = sqlx::query(statements::LOAD_MANY)
        .bind(packed(ids.iter().map(|id| id.uuid())))
        .bind(tenant.uuid().as_bytes().to_vec());
    for row in &query.fetch_all(connection).await.map_err(failed)? {
        if let Some((_, answer)) = at_place(ids, &mut answers, row)? {
            let revision = sql::revision(row.try_get(1).map_err(failed)?)?;
            let stored = answer.get_or_insert_with(|| Stored { revision, parts: Vec::new() });
            push_part(stored, row, 2)?;
        }
    }
    Ok(answers)
}

pub(super) async fn receipts(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    command_ids: &[CommandId],
) -> Result<Vec<Option<Accepted>>, StoreError> {
    let mut answers: Vec<Option<Accepted>> = vec![None; command_ids.len()];
    let query = sqlx::query(statements::RECEIPTS)
        .bind(packed(command_ids.iter().map(|id| id.uuid())))
        .bind(tenant.uuid().as_bytes().to_vec());
    for row in &query.fetch_all(connection).await.map_err(failed)? {
        if let Some((command_id, answer)) = at_place(command_ids, &mut answers, row)? {
            add_entry(answer, *command_id, row, 1)?;
        }
    }
    Ok(answers)
}

pub(super) async fn inspect(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    customer: CustomerId,
) -> Result<Option<Inspection>, StoreError> {
    let query = id(of_tenant(statements::INSPECT, tenant), customer);
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    let Some(first) = rows.first() else { return Ok(None) };
    let mut inspection = Inspection {
        revision: sql::revision(first.try_get(0).map_err(failed)?)?,
        index: sql::index(
            first.try_get(1).map_err(failed)?,
            first.try_get(2).map_err(failed)?,
            first.try_get(3).map_err(failed)?,
            first.try_get(4).map_err(failed)?,
        )?,
        claims: Vec::new(),
    };
    for row in &rows {
        let system: Option<&str> = row.try_get(5).map_err(failed)?;
        if let Some(system) = system {
            inspection.claims.push(sql::claim(system, row.try_get(6).map_err(failed)?)?);
        }
    }
    Ok(Some(inspection))
}

pub(super) async fn rulebooks(
    connection: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<StoredRulebook>, StoreError> {
    let query = of_tenant(statements::RULEBOOKS, tenant);
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    let mut books = Vec::with_capacity(rows.len());
    for row in rows {
        let document: String = row.try_get(1).map_err(failed)?;
        let in_force_from = sql::instant("in_force_from", row.try_get(0).map_err(failed)?)?;
        books.push(StoredRulebook { in_force_from, document: document.into_bytes() });
    }
    Ok(books)
}
