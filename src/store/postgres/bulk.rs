//! Many commits: one statement in the usual case, and halves of it where one of them is refused.

use std::collections::HashSet;
use std::ops::Range;

use sqlx::{PgConnection, PgPool};

use super::gather::Gathered;
use super::hosted::carry_out_in;
use super::read::Reader;
use super::transaction::{Transaction, attempt};
use super::write::carry_out;
use crate::id::CommandId;
use crate::store::{Commit, CommitError, Receipt, StoreError};

type Answers = Vec<Result<Receipt, CommitError>>;

pub(super) async fn commit_all(
    pool: &PgPool,
    reader: Reader<'_>,
    commits: &[Commit],
) -> Result<Answers, StoreError> {
    if commits.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(gathered) = Gathered::many(commits, &HashSet::new())
        && carry_out(pool, reader.tables, reader.tenant, &gathered).await?
    {
        return Ok(commits.iter().map(|commit| Ok(commit.receipt())).collect());
    }
    let mut transaction = Transaction::begin(pool).await?;
    let answers = by_halves(transaction.connection()?, reader, commits).await?;
    transaction.commit().await?;
    Ok(answers)
}

/// One after the other, but as many at once as go through together: a refused one costs a few statements,
/// not one for each of the others.
async fn by_halves(
    connection: &mut PgConnection,
    reader: Reader<'_>,
    commits: &[Commit],
) -> Result<Answers, StoreError> {
    let mut answers = Vec::with_capacity(commits.len());
    let mut made = HashSet::new();
    // What comes next is last.
    let mut ahead: Vec<Range<usize>> = halves(0..commits.len()).into();
    while let Some(range) = ahead.pop() {
        match commits.get(range.clone()).unwrap_or_default() {
            [] => {}
            [commit] => {
                let answer = alone(connection, reader, commit, &made).await?;
                if answer.as_ref().is_ok_and(|receipt| !receipt.replayed) {
                    made.insert(commit.command_id());
                }
                answers.push(answer);
            }
            several => {
                let gathered = Gathered::many(several, &made);
                let done = match &gathered {
                    Some(gathered) => attempt(connection, reader, gathered).await?,
                    None => false,
                };
                if done {
                    made.extend(several.iter().map(Commit::command_id));
                    answers.extend(several.iter().map(|commit| Ok(commit.receipt())));
                } else {
                    ahead.extend(halves(range));
                }
            }
        }
    }
    Ok(answers)
}

/// The second half, then the first.
fn halves(range: Range<usize>) -> [Range<usize>; 2] {
    let middle = range.start.midpoint(range.end);
    [middle..range.end, range.start..middle]
}

/// The answer to one commit. Of its own it is never a failure of the store.
async fn alone(
    connection: &mut PgConnection,
    reader: Reader<'_>,
    commit: &Commit,
    made: &HashSet<CommandId>,
) -> Result<Result<Receipt, CommitError>, StoreError> {
    let stands = commit.builds_on().is_none_or(|before| made.contains(&before));
    let answer = match stands {
        true => carry_out_in(connection, reader, commit).await,
        false => match reader.receipt(&mut *connection, commit.command_id()).await? {
            Some(accepted) => accepted.again(commit.fingerprint()),
            None => Err(CommitError::Conflict),
        },
    };
    match answer {
        Err(CommitError::Store(error)) => Err(error),
        answer => Ok(answer),
    }
}
