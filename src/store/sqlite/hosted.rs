//! A commit inside a transaction of the host's.

use std::pin::pin;
use std::task::{Context, Waker};

use sqlx::{SqliteConnection, SqliteTransaction};

use super::fault::{SqliteFault, failed, is_out_of_place};
use super::write::{HOSTED, carry_out};
use crate::id::TenantId;
use crate::store::{Commit, CommitError, Receipt, StoreError};

/// Undoes what a commit wrote into the host's transaction if its future is dropped half-way (C14).
///
/// Not sqlx's own nested transaction: dropped while it begins, that one is rolled back twice, and the
/// second time it is the host's transaction that goes.
struct Undo<'a> {
    connection: &'a mut SqliteConnection,
    is_through: bool,
}

pub(super) async fn carry_out_in(
    transaction: &mut SqliteTransaction<'_>,
    tenant: TenantId,
    commit: &Commit,
) -> Result<Receipt, CommitError> {
    require_transaction(transaction).await?;
    let mut undo = Undo { connection: transaction, is_through: false };
    let answer = carry_out(undo.connection, HOSTED, tenant, commit).await;
    // After a failure of the store it is not known how far it came.
    undo.is_through = !matches!(answer, Err(CommitError::Store(_)));
    answer
}

/// Refuses when SQLite has ended the host's transaction by itself, which sqlx does not notice: a savepoint
/// would then be a transaction of its own, and the commit would stand without what the host wrote.
async fn require_transaction(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    // It does not say whether there is one, but refuses to begin another within it.
    match sqlx::query("BEGIN; ROLLBACK;").execute(connection).await {
        Ok(_) => Err(SqliteFault::NoTransaction.into()),
        Err(error) if is_out_of_place(&error) => Ok(()),
        Err(error) => Err(failed(error)),
    }
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        if self.is_through {
            return;
        }
        // The thread of the connection does one thing after the other, so these come after whatever it
        // is at, and fail if that was through, or not begun. They are on their way with the first poll;
        // there is nobody to wait for the answer.
        for text in ["ROLLBACK TO guanxi_commit", "RELEASE guanxi_commit"] {
            let sent = pin!(sqlx::query(text).execute(&mut *self.connection));
            let _ = sent.poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}
