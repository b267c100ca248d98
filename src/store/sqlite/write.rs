//! Commits: one text with all that is written, and the reason when a guard in it does not hold.

use sqlx::SqliteConnection;

use super::batch::{Batch, command};
use super::fault::{SqliteFault, failed, is_guard};
use super::{read, statements};
use crate::id::{CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::store::sql::{IndexColumns, count, document_text, is_personal};
use crate::store::{Commit, CommitError, CustomerChange, Expected, Receipt, StoreError};

/// What stands around the writes of a commit.
#[derive(Debug)]
pub(super) struct Frame {
    begin: &'static str,
    /// Comes after the last guard, so only when every one of them holds.
    end: &'static str,
    /// Leaves what `begin` began, with nothing of the commit in it.
    abandon: &'static str,
}

/// In a transaction of its own. The savepoint is for the reason of a refusal, which must be found before
/// anybody else writes.
pub(super) const ALONE: Frame = Frame {
    begin: "BEGIN IMMEDIATE; SAVEPOINT guanxi_commit;",
    end: "COMMIT;",
    abandon: "ROLLBACK;",
};

/// In a transaction with others.
pub(super) const WITHIN: Frame = Frame {
    begin: "SAVEPOINT guanxi_commit;",
    end: "RELEASE guanxi_commit;",
    abandon: "RELEASE guanxi_commit;",
};

/// On a connection of the host's, which may not be set up to overwrite what is removed (C13).
pub(super) const HOSTED: Frame =
    Frame { begin: "PRAGMA secure_delete = ON; SAVEPOINT guanxi_commit;", ..WITHIN };

/// Carries out a commit: all of it or nothing. After [`CommitError::Store`] the connection must be
/// closed; after everything else it is at rest.
///
/// Nothing is read beforehand: every guard is a part of a write, and the first that does not hold stops
/// the text.
pub(super) async fn carry_out(
    connection: &mut SqliteConnection,
    frame: Frame,
    tenant: TenantId,
    commit: &Commit,
) -> Result<Receipt, CommitError> {
    let guard = match batch(&frame, tenant, commit)?.run(connection).await {
        Ok(()) => return Ok(commit.receipt()),
        Err(error) if is_guard(&error) => error,
        Err(error) => return Err(failed(error).into()),
    };
    // What was written before the guard goes first, lest it be taken for the reason.
    command(connection, "ROLLBACK TO guanxi_commit;").await?;
    let answer = refusal(connection, tenant, commit, guard).await;
    if !matches!(answer, Err(CommitError::Store(_))) {
        command(connection, frame.abandon).await?;
    }
    answer
}

fn batch(frame: &Frame, tenant: TenantId, commit: &Commit) -> Result<Batch, StoreError> {
    let mut batch = Batch::new(frame.begin);
    for (ordinal, change) in (0..).zip(commit.changes()) {
        entry(&mut batch, tenant, commit, ordinal, change)?;
        columns(&mut batch, tenant, change)?;
        parts(&mut batch, tenant, change)?;
    }
    // C4: what is given up is free for every change of this commit.
    for change in commit.changes() {
        for key in &change.claims_released {
            claim(batch.push(statements::RELEASE_CLAIM), tenant, change.id, key)?;
        }
    }
    for change in commit.changes() {
        for key in &change.claims_taken {
            claim(batch.push(statements::TAKE_CLAIM), tenant, change.id, key)?;
        }
    }
    batch.push(frame.end);
    Ok(batch)
}

fn entry(
    batch: &mut Batch,
    tenant: TenantId,
    commit: &Commit,
    ordinal: i64,
    change: &CustomerChange,
) -> Result<(), StoreError> {
    let (id, entry) = (change.id.uuid(), &change.entry);
    batch.push(match change.expected {
        Expected::Absent => statements::INSERT_FIRST_ENTRY,
        Expected::At(_) => statements::INSERT_ENTRY,
    });
    batch.bind_id(tenant.uuid())?.bind_id(id)?.bind(entry.recorded_at.as_micros())?;
    batch.bind(i64::from(entry.schema))?.bind(document_text(&entry.document)?)?;
    batch.bind_id(commit.command_id().uuid())?.bind(ordinal)?;
    batch.bind(&commit.fingerprint().as_bytes()[..])?.bind(change.personal)?;
    batch.bind(count(entry.revision))?;
    if let Some(revision) = change.expected.revision() {
        batch.bind_id(tenant.uuid())?.bind_id(id)?.bind(count(revision))?;
    }
    Ok(())
}

fn columns(batch: &mut Batch, tenant: TenantId, change: &CustomerChange) -> Result<(), StoreError> {
    let (id, index) = (change.id.uuid(), IndexColumns::from(&change.index));
    batch.push(match change.expected {
        Expected::Absent => statements::INSERT_CUSTOMER,
        Expected::At(_) => statements::UPDATE_CUSTOMER,
    });
    batch.bind(count(change.entry.revision))?.bind(index.stage)?;
    batch.bind(index.tier)?.bind(index.risk)?.bind(index.reviewed_at)?;
    batch.bind(index.wake_at)?.bind(index.policy)?.bind(index.in_force_from)?;
    batch.bind_id(tenant.uuid())?.bind_id(id)?;
    Ok(())
}

fn parts(batch: &mut Batch, tenant: TenantId, change: &CustomerChange) -> Result<(), StoreError> {
    let id = change.id.uuid();
    for part in &change.put {
        batch.push(match is_personal(part.name) {
            false => statements::PUT_PART,
            true => statements::PUT_PERSONAL_PART,
        });
        batch.bind_id(tenant.uuid())?.bind_id(id)?.bind(part.name.to_string())?;
        batch.bind(i64::from(part.schema))?.bind(document_text(&part.document)?)?;
    }
    for name in &change.removed {
        batch.push(match is_personal(*name) {
            false => statements::REMOVE_PART,
            true => statements::REMOVE_PERSONAL_PART,
        });
        batch.bind_id(tenant.uuid())?.bind_id(id)?.bind(name.to_string())?;
    }
    Ok(())
}

fn claim(
    batch: &mut Batch,
    tenant: TenantId,
    id: CustomerId,
    key: &ExternalKey,
) -> Result<(), StoreError> {
    batch.bind_id(tenant.uuid())?.bind(key.system())?.bind(key.key())?.bind_id(id.uuid())?;
    Ok(())
}

/// The answer to a commit of which a guard did not hold. Read in the transaction that found the guard, so
/// that nobody has changed anything since.
async fn refusal(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    commit: &Commit,
    guard: sqlx::Error,
) -> Result<Receipt, CommitError> {
    let found = read::found(connection, tenant, commit).await?;
    // Every guard holds by the tables that it guards.
    found
        .answer(commit)
        .unwrap_or_else(|| Err(StoreError::from(SqliteFault::Contradiction(guard)).into()))
}
