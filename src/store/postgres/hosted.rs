//! A commit inside a transaction.

use sqlx::PgConnection;

use super::gather::Gathered;
use super::read::Reader;
use super::transaction::attempt;
use super::write::{ATTEMPTS_MAX, contradiction};
use crate::store::{Commit, CommitError, Receipt};

/// Carries out a commit, or leaves the transaction that the connection is in as it was.
pub(super) async fn carry_out_in(
    connection: &mut PgConnection,
    reader: Reader<'_>,
    commit: &Commit,
) -> Result<Receipt, CommitError> {
    for _ in 0..ATTEMPTS_MAX {
        if let Some(gathered) = Gathered::one(commit)
            && attempt(connection, reader, &gathered).await?
        {
            return Ok(commit.receipt());
        }
        if let Some(answer) = reader.found(&mut *connection, commit).await?.answer(commit) {
            return answer;
        }
    }
    Err(contradiction().into())
}
