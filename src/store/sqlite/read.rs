//! Reads, each of one statement: it sees one state.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::fault::failed;
use super::statements;
use crate::customer::Part;
use crate::id::{CalibrationId, CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::store::sql::{self, count, page_rows};
use crate::store::{
    Accepted, Index, Inspection, PageSize, Receipt, StoreError, Stored, StoredCalibration,
    StoredEntry, StoredRulebook,
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
    let mut answer = Partly::default();
    for row in &rows {
        answer.add(row, 0)?;
    }
    Ok(answer.whole())
}

/// A customer of whom some rows have been read.
#[derive(Debug, Clone, Default)]
struct Partly {
    revision: Option<u64>,
    parts: Vec<Part>,
}

impl Partly {
    /// Adds the revision and the part in four columns of a row, of which either may be missing.
    fn add(&mut self, row: &SqliteRow, column: usize) -> Result<(), StoreError> {
        let revision: Option<i64> = row.try_get(column).map_err(failed)?;
        if let Some(revision) = revision {
            self.revision = Some(sql::revision(revision)?);
        }
        let name: Option<&str> = row.try_get(column.saturating_add(1)).map_err(failed)?;
        if let Some(name) = name {
            let schema = row.try_get(column.saturating_add(2)).map_err(failed)?;
            let document = row.try_get(column.saturating_add(3)).map_err(failed)?;
            self.parts.push(sql::part(name, schema, document)?);
        }
        Ok(())
    }

    fn whole(self) -> Option<Stored> {
        self.revision.map(|revision| Stored { revision, parts: self.parts })
    }
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
    let mut page: BTreeMap<CustomerId, Partly> = BTreeMap::new();
    for row in &rows {
        let id = sql::customer_id(row.try_get(0).map_err(failed)?)?;
        page.entry(id).or_default().add(row, 1)?;
    }
    Ok(page.into_iter().filter_map(|(id, partly)| Some((id, partly.whole()?))).collect())
}

/// The ids of a list, one after the other.
fn packed(ids: impl Iterator<Item = Uuid>) -> Vec<u8> {
    ids.flat_map(Uuid::into_bytes).collect()
}

/// The place, among those asked for, of what a row is about.
fn place(row: &SqliteRow) -> Result<usize, StoreError> {
    let place: i64 = row.try_get(0).map_err(failed)?;
    Ok(usize::try_from(place).unwrap_or(usize::MAX))
}

pub(super) async fn load_many(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    ids: &[CustomerId],
) -> Result<Vec<Option<Stored>>, StoreError> {
    let mut answers = vec![Partly::default(); ids.len()];
    let query = sqlx::query(statements::LOAD_MANY)
        .bind(packed(ids.iter().map(|id| id.uuid())))
        .bind(tenant.uuid().as_bytes().to_vec());
    for row in &query.fetch_all(connection).await.map_err(failed)? {
        if let Some(answer) = answers.get_mut(place(row)?) {
            answer.add(row, 1)?;
        }
    }
    Ok(answers.into_iter().map(Partly::whole).collect())
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
        let place = place(row)?;
        if let Some((command_id, answer)) = command_ids.get(place).zip(answers.get_mut(place)) {
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
        index: index(first)?,
        claims: Vec::new(),
    };
    for row in &rows {
        let system: Option<&str> = row.try_get(8).map_err(failed)?;
        if let Some(system) = system {
            inspection.claims.push(sql::claim(system, row.try_get(9).map_err(failed)?)?);
        }
    }
    Ok(Some(inspection))
}

/// The columns in a row, after its revision.
fn index(row: &SqliteRow) -> Result<Index, StoreError> {
    let judged = sql::index(
        row.try_get(1).map_err(failed)?,
        row.try_get(5).map_err(failed)?,
        row.try_get(6).map_err(failed)?,
        row.try_get(7).map_err(failed)?,
    )?;
    let tier: Option<&str> = row.try_get(2).map_err(failed)?;
    let risk: Option<&str> = row.try_get(3).map_err(failed)?;
    let reviewed_at: Option<i64> = row.try_get(4).map_err(failed)?;
    sql::reviewed(judged, tier, risk, reviewed_at)
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

pub(super) async fn calibration(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    id: CalibrationId,
) -> Result<Option<StoredCalibration>, StoreError> {
    let query = of_tenant(statements::CALIBRATION, tenant).bind(id.as_bytes().to_vec());
    let row = query.fetch_optional(connection).await.map_err(failed)?;
    row.as_ref().map(stored_calibration).transpose()
}

pub(super) async fn calibrations(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    newest: PageSize,
) -> Result<Vec<StoredCalibration>, StoreError> {
    let query = of_tenant(statements::CALIBRATIONS, tenant).bind(page_rows(newest));
    let rows = query.fetch_all(connection).await.map_err(failed)?;
    rows.iter().map(stored_calibration).collect()
}

fn stored_calibration(row: &SqliteRow) -> Result<StoredCalibration, StoreError> {
    let document: String = row.try_get(1).map_err(failed)?;
    Ok(StoredCalibration {
        taken_at: sql::instant("taken_at", row.try_get(0).map_err(failed)?)?,
        document: document.into_bytes(),
    })
}
