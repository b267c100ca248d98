//! Commits, a statement at a time.

use guanxi::customer::{Part, PartName};
use guanxi::profile::ExternalKey;
use guanxi::store::{Commit, CustomerChange, Expected};
use guanxi::{CustomerId, TenantId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Answer, Failure, read};

/// Why a commit was not carried out.
pub(super) enum Stop {
    /// The command is known, or the revision is not the expected one.
    Guard,
    /// Another customer holds a claim.
    Claimed { holder: CustomerId },
    /// The database failed.
    Failed(Failure),
}

impl From<sqlx::Error> for Stop {
    /// Every key of these tables that can be taken already is a guard.
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(database) if database.is_unique_violation() => Self::Guard,
            _ => Self::Failed(error.into()),
        }
    }
}

impl From<Failure> for Stop {
    fn from(error: Failure) -> Self {
        Self::Failed(error)
    }
}

/// Looks whether everything is as it should be, then writes.
pub(super) async fn reading_first(
    connection: &mut PgConnection,
    tenant: TenantId,
    commit: &Commit,
) -> Result<(), Stop> {
    if read::receipt(&mut *connection, tenant, commit.command_id()).await?.is_some() {
        return Err(Stop::Guard);
    }
    for (ordinal, change) in (0_i64..).zip(commit.changes()) {
        let found = read::lock(&mut *connection, tenant, change.id).await?;
        if found != change.expected.revision() {
            return Err(Stop::Guard);
        }
        let position = write_customer(connection, tenant, change).await?;
        insert_entry(connection, tenant, commit, (ordinal, position), change).await?;
        for part in &change.put {
            put_part(connection, tenant, change.id, part).await?;
        }
        remove_parts(connection, tenant, change).await?;
    }
    write_claims(connection, tenant, commit).await
}

/// Writes, each statement on the condition that everything is as it should be.
pub(super) async fn guarded(
    connection: &mut PgConnection,
    tenant: TenantId,
    commit: &Commit,
) -> Result<(), Stop> {
    for (ordinal, change) in (0_i64..).zip(commit.changes()) {
        let position = write_customer(connection, tenant, change).await?;
        insert_entry(connection, tenant, commit, (ordinal, position), change).await?;
        put_parts(connection, tenant, change).await?;
        remove_parts(connection, tenant, change).await?;
    }
    write_claims(connection, tenant, commit).await
}

/// Tells where in the feed the customer's entry stands.
async fn write_customer(
    connection: &mut PgConnection,
    tenant: TenantId,
    change: &CustomerChange,
) -> Result<i64, Stop> {
    const INSERT: &str = "
        INSERT INTO guanxi_customers
            (revision, position, stage, tier, risk, reviewed_at, wake_at, policy, in_force_from, tenant, id)
        VALUES ($1, (SELECT feed_base FROM guanxi_cluster) + pg_current_xact_id()::text::bigint,
            $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (tenant, id) DO NOTHING
        RETURNING position";
    const UPDATE: &str = "
        UPDATE guanxi_customers
        SET revision = $1, position = greatest(position,
                (SELECT feed_base FROM guanxi_cluster) + pg_current_xact_id()::text::bigint),
            stage = $2, tier = $3, risk = $4, reviewed_at = $5, wake_at = $6, policy = $7,
            in_force_from = $8
        WHERE tenant = $9 AND id = $10 AND revision = $11
        RETURNING position";
    let index = &change.index;
    let columns = |statement| {
        let policy = index.rulebook.map(|rulebook| rulebook.policy.as_bytes().to_vec());
        Ok::<_, Stop>(
            sqlx::query_scalar(statement)
                .bind(number(change.entry.revision)?)
                .bind(index.stage.code())
                .bind(index.tier.map(|tier| tier.to_string()))
                .bind(index.risk.map(|band| band.code()))
                .bind(index.reviewed_at.map(|at| at.as_micros()))
                .bind(index.wake_at.map(|at| at.as_micros()))
                .bind(policy)
                .bind(index.rulebook.map(|rulebook| rulebook.in_force_from.as_micros()))
                .bind(tenant.uuid())
                .bind(change.id.uuid()),
        )
    };
    let query = match change.expected {
        Expected::Absent => columns(INSERT)?,
        Expected::At(revision) => columns(UPDATE)?.bind(number(revision)?),
    };
    query.fetch_optional(connection).await?.ok_or(Stop::Guard)
}

/// Fails on the unique key of commands when this one was carried out before.
async fn insert_entry(
    connection: &mut PgConnection,
    tenant: TenantId,
    commit: &Commit,
    (ordinal, position): (i64, i64),
    change: &CustomerChange,
) -> Result<(), Stop> {
    const INSERT: &str = "
        INSERT INTO guanxi_journal
            (tenant, customer, revision, position, recorded_at, schema, document, command, ordinal,
             fingerprint, personal)
        VALUES ($1, $2, $3, $4, $5, $6, $7::json, $8, $9, $10, $11)";
    sqlx::query(INSERT)
        .bind(tenant.uuid())
        .bind(change.id.uuid())
        .bind(number(change.entry.revision)?)
        .bind(position)
        .bind(change.entry.recorded_at.as_micros())
        .bind(i64::from(change.entry.schema))
        .bind(text(&change.entry.document)?)
        .bind(commit.command_id().uuid())
        .bind(ordinal)
        .bind(&commit.fingerprint().as_bytes()[..])
        .bind(change.personal)
        .execute(connection)
        .await?;
    Ok(())
}

async fn put_part(
    connection: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    part: &Part,
) -> Result<(), Stop> {
    const PUT: &str = "
        INSERT INTO guanxi_parts (tenant, customer, part, schema, document)
        VALUES ($1, $2, $3, $4, $5::json)
        ON CONFLICT (tenant, customer, part)
        DO UPDATE SET schema = excluded.schema, document = excluded.document";
    const PUT_PERSONAL: &str = "
        INSERT INTO guanxi_personal_parts (tenant, customer, part, schema, document)
        VALUES ($1, $2, $3, $4, $5::json)
        ON CONFLICT (tenant, customer, part)
        DO UPDATE SET schema = excluded.schema, document = excluded.document";
    sqlx::query(if part.name == PartName::Profile { PUT_PERSONAL } else { PUT })
        .bind(tenant.uuid())
        .bind(id.uuid())
        .bind(part.name.to_string())
        .bind(i64::from(part.schema))
        .bind(text(&part.document)?)
        .execute(connection)
        .await?;
    Ok(())
}

async fn put_parts(
    connection: &mut PgConnection,
    tenant: TenantId,
    change: &CustomerChange,
) -> Result<(), Stop> {
    let (personal, rest): (Vec<&Part>, Vec<&Part>) =
        change.put.iter().partition(|part| part.name == PartName::Profile);
    for part in personal {
        put_part(connection, tenant, change.id, part).await?;
    }
    match rest.as_slice() {
        [] => Ok(()),
        [part] => put_part(connection, tenant, change.id, part).await,
        parts => {
            let of: Vec<Uuid> = parts.iter().map(|_| change.id.uuid()).collect();
            Ok(put_all(connection, tenant, of, parts).await?)
        }
    }
}

/// Parts that are not personal, with whose they are.
pub(super) async fn put_all(
    connection: &mut PgConnection,
    tenant: TenantId,
    of: Vec<Uuid>,
    parts: &[&Part],
) -> Answer<()> {
    const PUT: &str = "
        INSERT INTO guanxi_parts (tenant, customer, part, schema, document)
        SELECT $1, customer, part, schema, document::json
        FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::text[])
            AS put (customer, part, schema, document)
        ON CONFLICT (tenant, customer, part)
        DO UPDATE SET schema = excluded.schema, document = excluded.document";
    let documents = parts.iter().map(|part| text(&part.document)).collect::<Answer<Vec<_>>>()?;
    sqlx::query(PUT)
        .bind(tenant.uuid())
        .bind(of)
        .bind(parts.iter().map(|part| part.name.to_string()).collect::<Vec<_>>())
        .bind(parts.iter().map(|part| i64::from(part.schema)).collect::<Vec<_>>())
        .bind(documents)
        .execute(connection)
        .await?;
    Ok(())
}

async fn remove_parts(
    connection: &mut PgConnection,
    tenant: TenantId,
    change: &CustomerChange,
) -> Result<(), Stop> {
    const REMOVE: &str = "
        DELETE FROM guanxi_parts WHERE tenant = $1 AND customer = $2 AND part = $3";
    const REMOVE_PERSONAL: &str = "
        DELETE FROM guanxi_personal_parts WHERE tenant = $1 AND customer = $2 AND part = $3";
    for name in &change.removed {
        sqlx::query(if *name == PartName::Profile { REMOVE_PERSONAL } else { REMOVE })
            .bind(tenant.uuid())
            .bind(change.id.uuid())
            .bind(name.to_string())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// What one customer gives up, another may take in the same commit.
async fn write_claims(
    connection: &mut PgConnection,
    tenant: TenantId,
    commit: &Commit,
) -> Result<(), Stop> {
    for change in commit.changes() {
        for claim in &change.claims_released {
            release(connection, tenant, change.id, claim).await?;
        }
    }
    for change in commit.changes() {
        for claim in &change.claims_taken {
            take(connection, tenant, change.id, claim).await?;
        }
    }
    Ok(())
}

async fn release(
    connection: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    claim: &ExternalKey,
) -> Result<(), Stop> {
    const RELEASE: &str = "
        DELETE FROM guanxi_claims
        WHERE tenant = $1 AND system = $2 AND key = $3 AND customer = $4";
    sqlx::query(RELEASE)
        .bind(tenant.uuid())
        .bind(claim.system())
        .bind(claim.key())
        .bind(id.uuid())
        .execute(connection)
        .await?;
    Ok(())
}

async fn take(
    connection: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    claim: &ExternalKey,
) -> Result<(), Stop> {
    const TAKE: &str = "
        INSERT INTO guanxi_claims (tenant, system, key, customer) VALUES ($1, $2, $3, $4)
        ON CONFLICT (tenant, system, key) DO NOTHING";
    let taken = sqlx::query(TAKE)
        .bind(tenant.uuid())
        .bind(claim.system())
        .bind(claim.key())
        .bind(id.uuid())
        .execute(&mut *connection)
        .await?;
    if taken.rows_affected() == 1 {
        return Ok(());
    }
    match read::holder(connection, tenant, claim).await? {
        Some(holder) if holder != id => Err(Stop::Claimed { holder }),
        Some(_) => Ok(()),
        // Given up in the meantime: to be decided anew.
        None => Err(Stop::Guard),
    }
}

/// No customer is at a revision that the column cannot keep.
fn number(revision: u64) -> Result<i64, Stop> {
    i64::try_from(revision).map_err(|_| Stop::Guard)
}

pub(super) fn text(document: &[u8]) -> Answer<&str> {
    Ok(std::str::from_utf8(document)?)
}
