//! Reads, each of one statement.

use std::collections::{BTreeMap, HashMap};

use guanxi::customer::Part;
use guanxi::profile::ExternalKey;
use guanxi::store::{
    Accepted, FeedCursor, FeedEntry, Fingerprint, PageSize, Receipt, Stored, StoredEntry,
};
use guanxi::{CommandId, CustomerId, TenantId, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgExecutor, Row};
use uuid::Uuid;

use super::Answer;

fn revision(row: &PgRow, column: usize) -> Answer<u64> {
    Ok(u64::try_from(row.try_get::<i64, _>(column)?)?)
}

/// The part in three columns; a customer without parts has one row without any.
fn part(row: &PgRow, column: usize) -> Answer<Option<Part>> {
    let Some(name) = row.try_get::<Option<&str>, _>(column)? else { return Ok(None) };
    let schema = u16::try_from(row.try_get::<i64, _>(column + 1)?)?;
    let document = row.try_get::<&str, _>(column + 2)?.as_bytes().to_vec();
    Ok(Some(Part { name: name.parse()?, schema, document }))
}

pub(super) async fn load<'e>(
    executor: impl PgExecutor<'e>,
    tenant: TenantId,
    id: CustomerId,
) -> Answer<Option<Stored>> {
    const LOAD: &str = "
        SELECT customers.revision, parts.part, parts.schema, parts.document::text
        FROM guanxi_customers AS customers
        LEFT JOIN guanxi_parts AS parts
            ON parts.tenant = customers.tenant AND parts.customer = customers.id
        WHERE customers.tenant = $1 AND customers.id = $2
        UNION ALL
        SELECT NULL, part, schema, document::text FROM guanxi_personal_parts
        WHERE tenant = $1 AND customer = $2";
    let query = sqlx::query(LOAD).bind(tenant.uuid()).bind(id.uuid());
    let rows = query.fetch_all(executor).await?;
    // The two halves come in any order.
    let known = rows.iter().filter_map(|row| row.try_get::<Option<i64>, _>(0).transpose()).next();
    let Some(revision) = known.transpose()? else { return Ok(None) };
    let parts = rows.iter().filter_map(|row| part(row, 1).transpose()).collect::<Answer<_>>()?;
    Ok(Some(Stored { revision: u64::try_from(revision)?, parts }))
}

/// The revision of a customer, whom nobody else changes until the transaction ends.
pub(super) async fn lock<'e>(
    executor: impl PgExecutor<'e>,
    tenant: TenantId,
    id: CustomerId,
) -> Answer<Option<u64>> {
    const LOCK: &str = "
        SELECT revision FROM guanxi_customers WHERE tenant = $1 AND id = $2 FOR UPDATE";
    let query = sqlx::query(LOCK).bind(tenant.uuid()).bind(id.uuid());
    query.fetch_optional(executor).await?.map(|row| revision(&row, 0)).transpose()
}

/// The parts of the customers of a table `wanted`, which stands before it.
const PARTS_OF_WANTED: &str = "
    SELECT wanted.id, wanted.revision, parts.part, parts.schema, parts.document::text
    FROM wanted
    LEFT JOIN guanxi_parts AS parts ON parts.tenant = $1 AND parts.customer = wanted.id
    UNION ALL
    SELECT wanted.id, wanted.revision, parts.part, parts.schema, parts.document::text
    FROM wanted
    JOIN guanxi_personal_parts AS parts ON parts.tenant = $1 AND parts.customer = wanted.id";

/// What rows of [`PARTS_OF_WANTED`] tell.
fn stored_of(rows: &[PgRow]) -> Answer<BTreeMap<CustomerId, Stored>> {
    let mut found = BTreeMap::new();
    for row in rows {
        let revision = revision(row, 1)?;
        let stored = found.entry(CustomerId::new(row.try_get(0)?));
        let stored = stored.or_insert_with(|| Stored { revision, parts: Vec::new() });
        stored.parts.extend(part(row, 2)?);
    }
    Ok(found)
}

pub(super) async fn load_many<'e>(
    executor: impl PgExecutor<'e>,
    tenant: TenantId,
    ids: &[CustomerId],
) -> Answer<Vec<Option<Stored>>> {
    const WANTED: &str = "
        WITH wanted AS (
            SELECT id, revision FROM guanxi_customers WHERE tenant = $1 AND id = ANY ($2)
        )";
    let wanted: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let query = sqlx::query(AssertSqlSafe([WANTED, PARTS_OF_WANTED].concat()));
    let rows = query.bind(tenant.uuid()).bind(wanted).fetch_all(executor).await?;
    let found = stored_of(&rows)?;
    Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
}

/// A page of customers; it is cut before their parts are joined.
pub(super) async fn scan<'e>(
    executor: impl PgExecutor<'e>,
    tenant: TenantId,
    after: Option<CustomerId>,
    size: PageSize,
) -> Answer<Vec<(CustomerId, Stored)>> {
    const WANTED: &str = "
        WITH wanted AS MATERIALIZED (
            SELECT id, revision FROM guanxi_customers
            WHERE tenant = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3
        )";
    let query = sqlx::query(AssertSqlSafe([WANTED, PARTS_OF_WANTED].concat()));
    let query = query.bind(tenant.uuid()).bind(after.map(CustomerId::uuid)).bind(limit(size)?);
    Ok(stored_of(&query.fetch_all(executor).await?)?.into_iter().collect())
}

fn entry(row: &PgRow, column: usize) -> Answer<StoredEntry> {
    Ok(StoredEntry {
        revision: revision(row, column)?,
        recorded_at: Timestamp::from_micros(row.try_get(column + 1)?)?,
        schema: u16::try_from(row.try_get::<i64, _>(column + 2)?)?,
        document: row.try_get::<&str, _>(column + 3)?.as_bytes().to_vec(),
    })
}

pub(super) async fn history<'e>(
    executor: impl PgExecutor<'e>,
    tenant: TenantId,
    id: CustomerId,
    after: u64,
    size: PageSize,
) -> Answer<Vec<StoredEntry>> {
    const HISTORY: &str = "
        SELECT revision, recorded_at, schema, document::text FROM guanxi_journal
        WHERE tenant = $1 AND customer = $2 AND revision > $3 ORDER BY revision LIMIT $4";
    let rows = sqlx::query(HISTORY)
        .bind(tenant.uuid())
        .bind(id.uuid())
        // Beyond the last revision that there can be, there is none.
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(limit(size)?)
        .fetch_all(executor)
        .await?;
    rows.iter().map(|row| entry(row, 0)).collect()
}

/// Nothing that a transaction still under way may come to stand before.
pub(super) async fn feed<'e>(
    executor: impl PgExecutor<'e>,
    tenant: TenantId,
    after: Option<FeedCursor>,
    size: PageSize,
) -> Answer<Vec<FeedEntry>> {
    const FEED: &str = "
        SELECT position, customer, revision, recorded_at, schema, document::text
        FROM guanxi_journal
        WHERE tenant = $1 AND (position, customer, revision) > ($2, $3, $4)
            AND position < (SELECT feed_base FROM guanxi_cluster)
                + pg_snapshot_xmin(pg_current_snapshot())::text::bigint
        ORDER BY position, customer, revision LIMIT $5";
    let (position, customer, revision) = match after {
        Some(after) => {
            let (position, revision) = (after.position(), after.revision());
            (i64::try_from(position)?, after.customer().uuid(), i64::try_from(revision)?)
        }
        None => (-1, Uuid::nil(), 0),
    };
    let rows = sqlx::query(FEED)
        .bind(tenant.uuid())
        .bind(position)
        .bind(customer)
        .bind(revision)
        .bind(limit(size)?)
        .fetch_all(executor)
        .await?;
    let fed = |row: &PgRow| {
        let (position, customer) = (u64::try_from(row.try_get::<i64, _>(0)?)?, row.try_get(1)?);
        Ok(FeedEntry { position, customer: CustomerId::new(customer), entry: entry(row, 2)? })
    };
    rows.iter().map(fed).collect()
}

pub(super) async fn receipt<'e>(
    executor: impl PgExecutor<'e>,
    tenant: TenantId,
    command_id: CommandId,
) -> Answer<Option<Accepted>> {
    const RECEIPT: &str = "
        SELECT customer, revision, fingerprint FROM guanxi_journal
        WHERE tenant = $1 AND command = $2 ORDER BY ordinal";
    let query = sqlx::query(RECEIPT).bind(tenant.uuid()).bind(command_id.uuid());
    let mut known = None;
    for row in &query.fetch_all(executor).await? {
        push_revision(&mut known, command_id, row, 0)?;
    }
    Ok(known)
}

pub(super) async fn receipts<'e>(
    executor: impl PgExecutor<'e>,
    tenant: TenantId,
    command_ids: &[CommandId],
) -> Answer<Vec<Option<Accepted>>> {
    const RECEIPTS: &str = "
        SELECT command, customer, revision, fingerprint FROM guanxi_journal
        WHERE tenant = $1 AND command = ANY ($2) ORDER BY command, ordinal";
    let wanted: Vec<Uuid> = command_ids.iter().map(|id| id.uuid()).collect();
    let query = sqlx::query(RECEIPTS).bind(tenant.uuid()).bind(wanted);
    let mut known: HashMap<CommandId, Option<Accepted>> = HashMap::new();
    for row in &query.fetch_all(executor).await? {
        let command_id = CommandId::new(row.try_get(0)?);
        push_revision(known.entry(command_id).or_default(), command_id, row, 1)?;
    }
    Ok(command_ids.iter().map(|id| known.get(id).cloned().flatten()).collect())
}

/// Adds the revision that three columns tell of to what is known of its command.
fn push_revision(
    known: &mut Option<Accepted>,
    command_id: CommandId,
    row: &PgRow,
    column: usize,
) -> Answer<()> {
    let customer = CustomerId::new(row.try_get(column)?);
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

pub(super) async fn holder<'e>(
    executor: impl PgExecutor<'e>,
    tenant: TenantId,
    claim: &ExternalKey,
) -> Answer<Option<CustomerId>> {
    const HOLDER: &str = "
        SELECT customer FROM guanxi_claims WHERE tenant = $1 AND system = $2 AND key = $3";
    let query = sqlx::query_scalar(HOLDER);
    let query = query.bind(tenant.uuid()).bind(claim.system()).bind(claim.key());
    Ok(query.fetch_optional(executor).await?.map(CustomerId::new))
}

fn limit(size: PageSize) -> Answer<i64> {
    Ok(i64::try_from(size.rows())?)
}
