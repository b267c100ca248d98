//! Commits, a statement at a time.

use guanxi::customer::PartName;
use guanxi::profile::ExternalKey;
use guanxi::store::{Commit, CustomerChange, Expected};
use guanxi::{CustomerId, TenantId};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Error, Row};

/// Why a commit was not carried out.
pub(super) enum Stop {
    /// The command is known, or the revision is not the expected one.
    Guard,
    /// Another customer holds a claim.
    Claimed { holder: CustomerId },
    /// The database failed.
    Failed(Error),
}

impl From<Error> for Stop {
    /// Every key of these tables that can be taken already is a guard.
    fn from(error: Error) -> Self {
        match error.as_database_error() {
            Some(database) if database.is_unique_violation() => Self::Guard,
            _ => Self::Failed(error),
        }
    }
}

/// Writes everything that a commit changes, up to the first guard that does not hold.
pub(super) async fn commit(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    commit: &Commit,
) -> Result<(), Stop> {
    for (ordinal, change) in (0_i64..).zip(commit.changes()) {
        insert_entry(connection, tenant, commit, ordinal, change).await?;
        write_customer(connection, tenant, change).await?;
        write_parts(connection, tenant, change).await?;
    }
    // What one customer gives up, another may take in the same commit.
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

/// Fails on the unique key of commands when this one was carried out before.
async fn insert_entry(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    commit: &Commit,
    ordinal: i64,
    change: &CustomerChange,
) -> Result<(), Stop> {
    const INSERT: &str = "
        INSERT INTO guanxi_journal
            (tenant, customer, revision, recorded_at, schema, document, command, ordinal,
             fingerprint, personal)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sqlx::query(INSERT)
        .bind(&tenant.uuid().as_bytes()[..])
        .bind(&change.id.uuid().as_bytes()[..])
        .bind(number(change.entry.revision))
        .bind(change.entry.recorded_at.as_micros())
        .bind(change.entry.schema)
        .bind(text(&change.entry.document)?)
        .bind(&commit.command_id().uuid().as_bytes()[..])
        .bind(ordinal)
        .bind(&commit.fingerprint().as_bytes()[..])
        .bind(change.personal)
        .execute(connection)
        .await?;
    Ok(())
}

async fn write_customer(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    change: &CustomerChange,
) -> Result<(), Stop> {
    const INSERT: &str = "
        INSERT INTO guanxi_customers
            (revision, stage, tier, risk, reviewed_at, wake_at, policy, in_force_from, tenant, id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const UPDATE: &str = "
        UPDATE guanxi_customers
        SET revision = ?, stage = ?, tier = ?, risk = ?, reviewed_at = ?, wake_at = ?,
            policy = ?, in_force_from = ?
        WHERE tenant = ? AND id = ? AND revision = ?";
    let index = &change.index;
    let columns = |statement| {
        let policy = index.rulebook.map(|rulebook| rulebook.policy.as_bytes().to_vec());
        Ok::<_, Error>(
            sqlx::query(statement)
                .bind(number(change.entry.revision))
                .bind(index.stage.code())
                .bind(index.tier.map(|tier| tier.to_string()))
                .bind(index.risk.map(|band| band.code()))
                .bind(index.reviewed_at.map(|at| at.as_micros()))
                .bind(index.wake_at.map(|at| at.as_micros()))
                .bind(policy)
                .bind(index.rulebook.map(|rulebook| rulebook.in_force_from.as_micros()))
                .bind(&tenant.uuid().as_bytes()[..])
                .bind(&change.id.uuid().as_bytes()[..]),
        )
    };
    let done = match change.expected {
        Expected::Absent => columns(INSERT)?.execute(connection).await?,
        Expected::At(revision) => {
            columns(UPDATE)?.bind(number(revision)).execute(connection).await?
        }
    };
    if done.rows_affected() == 1 { Ok(()) } else { Err(Stop::Guard) }
}

async fn write_parts(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    change: &CustomerChange,
) -> Result<(), Stop> {
    const PUT: &str = "
        INSERT INTO guanxi_parts (tenant, customer, part, schema, document)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (tenant, customer, part)
        DO UPDATE SET schema = excluded.schema, document = excluded.document";
    const PUT_PERSONAL: &str = "
        INSERT INTO guanxi_personal_parts (tenant, customer, part, schema, document)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (tenant, customer, part)
        DO UPDATE SET schema = excluded.schema, document = excluded.document";
    const REMOVE: &str = "
        DELETE FROM guanxi_parts WHERE tenant = ? AND customer = ? AND part = ?";
    const REMOVE_PERSONAL: &str = "
        DELETE FROM guanxi_personal_parts WHERE tenant = ? AND customer = ? AND part = ?";
    for part in &change.put {
        sqlx::query(if part.name == PartName::Profile { PUT_PERSONAL } else { PUT })
            .bind(&tenant.uuid().as_bytes()[..])
            .bind(&change.id.uuid().as_bytes()[..])
            .bind(part.name.to_string())
            .bind(part.schema)
            .bind(text(&part.document)?)
            .execute(&mut *connection)
            .await?;
    }
    for name in &change.removed {
        sqlx::query(if *name == PartName::Profile { REMOVE_PERSONAL } else { REMOVE })
            .bind(&tenant.uuid().as_bytes()[..])
            .bind(&change.id.uuid().as_bytes()[..])
            .bind(name.to_string())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn release(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    id: CustomerId,
    claim: &ExternalKey,
) -> Result<(), Stop> {
    const RELEASE: &str = "
        DELETE FROM guanxi_claims WHERE tenant = ? AND system = ? AND key = ? AND customer = ?";
    sqlx::query(RELEASE)
        .bind(&tenant.uuid().as_bytes()[..])
        .bind(claim.system())
        .bind(claim.key())
        .bind(&id.uuid().as_bytes()[..])
        .execute(connection)
        .await?;
    Ok(())
}

async fn take(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    id: CustomerId,
    claim: &ExternalKey,
) -> Result<(), Stop> {
    const TAKE: &str = "
        INSERT INTO guanxi_claims (tenant, system, key, customer) VALUES (?, ?, ?, ?)
        ON CONFLICT (tenant, system, key) DO NOTHING";
    const HOLDER: &str = "
        SELECT customer FROM guanxi_claims WHERE tenant = ? AND system = ? AND key = ?";
    let taken = sqlx::query(TAKE)
        .bind(&tenant.uuid().as_bytes()[..])
        .bind(claim.system())
        .bind(claim.key())
        .bind(&id.uuid().as_bytes()[..])
        .execute(&mut *connection)
        .await?;
    if taken.rows_affected() == 1 {
        return Ok(());
    }
    let row = sqlx::query(HOLDER)
        .bind(&tenant.uuid().as_bytes()[..])
        .bind(claim.system())
        .bind(claim.key())
        .fetch_one(connection)
        .await?;
    let holder = super::read::customer_id(row.try_get(0)?).map_err(Error::Decode)?;
    if holder == id { Ok(()) } else { Err(Stop::Claimed { holder }) }
}

/// No row ever gets to a revision beyond the column's range, whose end stands for it.
fn number(revision: u64) -> i64 {
    i64::try_from(revision).unwrap_or(i64::MAX)
}

fn text(document: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(document).map_err(|error| Error::Encode(error.into()))
}
