//! Reads, each of one statement.

use std::collections::{BTreeMap, HashMap};

use guanxi::customer::Part;
use guanxi::profile::ExternalKey;
use guanxi::rulebook::RulebookRef;
use guanxi::store::{Accepted, Fingerprint, PageSize, Receipt, Stored, StoredEntry, Waking};
use guanxi::{CommandId, CustomerId, TenantId, Timestamp};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, QueryBuilder, Row, Sqlite};
use uuid::Uuid;

use super::Answer;

pub(super) fn customer_id(bytes: &[u8]) -> Answer<CustomerId> {
    Ok(CustomerId::new(Uuid::from_slice(bytes)?))
}

/// The part in three columns; a customer without parts has one row without any.
fn part(row: &SqliteRow, column: usize) -> Answer<Option<Part>> {
    let Some(name) = row.try_get::<Option<&str>, _>(column)? else { return Ok(None) };
    let (schema, document) = (row.try_get(column + 1)?, row.try_get(column + 2)?);
    Ok(Some(Part { name: name.parse()?, schema, document }))
}

fn revision(row: &SqliteRow, column: usize) -> Answer<u64> {
    Ok(u64::try_from(row.try_get::<i64, _>(column)?)?)
}

pub(super) async fn load(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    id: CustomerId,
) -> Answer<Option<Stored>> {
    const LOAD: &str = "
        SELECT customers.revision, parts.part, parts.schema, parts.document
        FROM guanxi_customers AS customers
        LEFT JOIN guanxi_parts AS parts
            ON parts.tenant = customers.tenant AND parts.customer = customers.id
        WHERE customers.tenant = ?1 AND customers.id = ?2
        UNION ALL
        SELECT customers.revision, parts.part, parts.schema, parts.document
        FROM guanxi_customers AS customers
        JOIN guanxi_personal_parts AS parts
            ON parts.tenant = customers.tenant AND parts.customer = customers.id
        WHERE customers.tenant = ?1 AND customers.id = ?2";
    let rows = sqlx::query(LOAD)
        .bind(&tenant.uuid().as_bytes()[..])
        .bind(&id.uuid().as_bytes()[..])
        .fetch_all(connection)
        .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let revision = revision(first, 0)?;
    let parts = rows.iter().filter_map(|row| part(row, 1).transpose()).collect::<Answer<_>>()?;
    Ok(Some(Stored { revision, parts }))
}

/// The parts of the customers of a table `wanted`, which stands before it.
const PARTS_OF_WANTED: &str = "
    SELECT wanted.id, wanted.revision, parts.part, parts.schema, parts.document
    FROM wanted
    LEFT JOIN guanxi_parts AS parts
        ON parts.tenant = wanted.tenant AND parts.customer = wanted.id
    UNION ALL
    SELECT wanted.id, wanted.revision, parts.part, parts.schema, parts.document
    FROM wanted
    JOIN guanxi_personal_parts AS parts
        ON parts.tenant = wanted.tenant AND parts.customer = wanted.id";

/// Adds what a row of [`PARTS_OF_WANTED`] tells to what is known of its customer.
fn add(found: &mut BTreeMap<CustomerId, Stored>, row: &SqliteRow) -> Answer<()> {
    let revision = revision(row, 1)?;
    let stored = found.entry(customer_id(row.try_get(0)?)?);
    let stored = stored.or_insert_with(|| Stored { revision, parts: Vec::new() });
    stored.parts.extend(part(row, 2)?);
    Ok(())
}

pub(super) async fn load_many(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    ids: &[CustomerId],
) -> Answer<Vec<Option<Stored>>> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "WITH wanted AS (SELECT tenant, id, revision FROM guanxi_customers WHERE tenant = ",
    );
    query.push_bind(&tenant.uuid().as_bytes()[..]).push(" AND id IN (");
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(&id.uuid().as_bytes()[..]);
    }
    query.push("))").push(PARTS_OF_WANTED);
    let mut found = BTreeMap::new();
    for row in query.build().fetch_all(connection).await? {
        add(&mut found, &row)?;
    }
    Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
}

/// A page of customers; it is cut before their parts are joined.
pub(super) async fn scan(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    after: Option<CustomerId>,
    size: PageSize,
) -> Answer<Vec<(CustomerId, Stored)>> {
    const PAGE: &str = "
        WITH wanted AS (
            SELECT tenant, id, revision FROM guanxi_customers
            WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?
        )";
    let after = after.map(|id| id.uuid().as_bytes().to_vec()).unwrap_or_default();
    let rows = sqlx::query(AssertSqlSafe([PAGE, PARTS_OF_WANTED].concat()))
        .bind(&tenant.uuid().as_bytes()[..])
        .bind(after)
        .bind(limit(size)?)
        .fetch_all(connection)
        .await?;
    let mut found = BTreeMap::new();
    for row in &rows {
        add(&mut found, row)?;
    }
    Ok(found.into_iter().collect())
}

/// Who wakes until an instant, and who was judged by another rulebook: nobody but after an adoption, so
/// they may be sorted.
pub(super) async fn due(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    until: Timestamp,
    judged_by: RulebookRef,
    after: Option<Waking>,
    size: PageSize,
) -> Answer<Vec<Waking>> {
    const DUE: &str = "
        WITH due (wake_at, id) AS (
            SELECT * FROM (
                SELECT wake_at, id FROM guanxi_customers
                WHERE tenant = ?1 AND in_force_from = ?2 AND policy = ?3
                    AND wake_at <= ?4 AND (wake_at, id) > (?5, ?6)
                ORDER BY wake_at, id LIMIT ?7
            )
            UNION ALL
            SELECT ifnull(wake_at, ?8), id FROM guanxi_customers
            WHERE tenant = ?1 AND policy IS NOT NULL AND in_force_from < ?2
            UNION ALL
            SELECT ifnull(wake_at, ?8), id FROM guanxi_customers
            WHERE tenant = ?1 AND policy IS NOT NULL AND in_force_from > ?2
            UNION ALL
            SELECT ifnull(wake_at, ?8), id FROM guanxi_customers
            WHERE tenant = ?1 AND in_force_from = ?2 AND policy < ?3
            UNION ALL
            SELECT ifnull(wake_at, ?8), id FROM guanxi_customers
            WHERE tenant = ?1 AND in_force_from = ?2 AND policy > ?3
        )
        SELECT wake_at, id FROM due WHERE (wake_at, id) > (?5, ?6) ORDER BY wake_at, id LIMIT ?7";
    let (at, id) = match after {
        Some(Waking { wake_at, id }) => (wake_at.as_micros(), id.uuid().as_bytes().to_vec()),
        None => (i64::MIN, Vec::new()),
    };
    let rows = sqlx::query(DUE)
        .bind(&tenant.uuid().as_bytes()[..])
        .bind(judged_by.in_force_from.as_micros())
        .bind(&judged_by.policy.as_bytes()[..])
        .bind(until.as_micros())
        .bind(at)
        .bind(id)
        .bind(limit(size)?)
        .bind(Timestamp::MAX.as_micros())
        .fetch_all(connection)
        .await?;
    let waking = |row: &SqliteRow| {
        let wake_at = Timestamp::from_micros(row.try_get(0)?)?;
        Ok(Waking { wake_at, id: customer_id(row.try_get(1)?)? })
    };
    rows.iter().map(waking).collect()
}

pub(super) async fn history(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    id: CustomerId,
    after: u64,
    size: PageSize,
) -> Answer<Vec<StoredEntry>> {
    const HISTORY: &str = "
        SELECT revision, recorded_at, schema, document FROM guanxi_journal
        WHERE tenant = ? AND customer = ? AND revision > ? ORDER BY revision LIMIT ?";
    let rows = sqlx::query(HISTORY)
        .bind(&tenant.uuid().as_bytes()[..])
        .bind(&id.uuid().as_bytes()[..])
        // Beyond the last revision that there can be, there is none.
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(limit(size)?)
        .fetch_all(connection)
        .await?;
    let entry = |row: &SqliteRow| {
        Ok(StoredEntry {
            revision: revision(row, 0)?,
            recorded_at: Timestamp::from_micros(row.try_get(1)?)?,
            schema: row.try_get(2)?,
            document: row.try_get(3)?,
        })
    };
    rows.iter().map(entry).collect()
}

pub(super) async fn receipt(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    command_id: CommandId,
) -> Answer<Option<Accepted>> {
    const RECEIPT: &str = "
        SELECT customer, revision, fingerprint FROM guanxi_journal
        WHERE tenant = ? AND command = ? ORDER BY ordinal";
    let rows = sqlx::query(RECEIPT)
        .bind(&tenant.uuid().as_bytes()[..])
        .bind(&command_id.uuid().as_bytes()[..])
        .fetch_all(connection)
        .await?;
    let mut known = None;
    for row in &rows {
        push_revision(&mut known, command_id, row, 0)?;
    }
    Ok(known)
}

pub(super) async fn receipts(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    command_ids: &[CommandId],
) -> Answer<Vec<Option<Accepted>>> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT command, customer, revision, fingerprint FROM guanxi_journal WHERE tenant = ",
    );
    query.push_bind(&tenant.uuid().as_bytes()[..]).push(" AND command IN (");
    let mut list = query.separated(", ");
    for id in command_ids {
        list.push_bind(&id.uuid().as_bytes()[..]);
    }
    query.push(") ORDER BY command, ordinal");
    let mut known: HashMap<CommandId, Option<Accepted>> = HashMap::new();
    for row in query.build().fetch_all(connection).await? {
        let command_id = CommandId::new(Uuid::from_slice(row.try_get(0)?)?);
        push_revision(known.entry(command_id).or_default(), command_id, &row, 1)?;
    }
    Ok(command_ids.iter().map(|id| known.get(id).cloned().flatten()).collect())
}

/// Adds the revision that three columns tell of to what is known of its command.
fn push_revision(
    known: &mut Option<Accepted>,
    command_id: CommandId,
    row: &SqliteRow,
    column: usize,
) -> Answer<()> {
    let customer = customer_id(row.try_get(column)?)?;
    let revision = revision(row, column + 1)?;
    if known.is_none() {
        let fingerprint: Option<&[u8]> = row.try_get(column + 2)?;
        let fingerprint = fingerprint.map(<[u8; 32]>::try_from).transpose()?;
        let receipt = Receipt::new(command_id, Vec::new());
        *known = Some(Accepted { fingerprint: fingerprint.map(Fingerprint::from_bytes), receipt });
    }
    if let Some(accepted) = known {
        accepted.receipt.revisions.push((customer, revision));
    }
    Ok(())
}

pub(super) async fn holder(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    claim: &ExternalKey,
) -> Answer<Option<CustomerId>> {
    const HOLDER: &str = "
        SELECT customer FROM guanxi_claims WHERE tenant = ? AND system = ? AND key = ?";
    let row = sqlx::query(HOLDER)
        .bind(&tenant.uuid().as_bytes()[..])
        .bind(claim.system())
        .bind(claim.key())
        .fetch_optional(connection)
        .await?;
    row.map(|row| customer_id(row.try_get(0)?)).transpose()
}

fn limit(size: PageSize) -> Answer<i64> {
    Ok(i64::try_from(size.rows())?)
}
