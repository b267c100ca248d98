//! Carrying out operations, whatever the store.

use std::error::Error;

use guanxi::DecideError;
use guanxi::crm::{Crm, CrmError, Executed, Run};
use guanxi::store::{
    Agenda, Archive, ArchiveError, Bulk, CommitError, Erase, PageSize, StoreError,
};
use serde::{Deserialize, Serialize};
use tokio::task::yield_now;

use super::child::Word;
use super::operation::{Operation, STEPS_MAX};

/// How often something is sent again that others hold up.
const ATTEMPTS_MAX: u32 = 1_000;

/// What was answered to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Answer {
    Recorded(u64),
    Replayed(u64),
    Unchanged,
    /// By the customer, or because somebody else holds the key.
    Refused,
    /// It was carried out before, and its content has been erased since.
    Forgotten,
    /// A run recorded something of so many customers.
    Changed(u64),
    /// A rulebook is in the archive.
    Adopted,
}

/// What a task does in a life: one step after the other, told of as it is done.
pub(super) async fn write<S: Whole>(mut crm: Crm<S>, life: u64, task: u64, tell: impl Fn(Word)) {
    for step in 0..STEPS_MAX {
        match carry_out(&mut crm, &Operation::of(life, task, step)).await {
            Ok(answers) => tell(Word::Done { task, step, answers }),
            Err(error) => return tell(Word::Failed(chain(&error))),
        }
    }
}

fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}

/// What the operations need of a store.
pub(super) trait Whole: Agenda + Bulk + Erase + Archive {}

impl<S: Agenda + Bulk + Erase + Archive> Whole for S {}

/// Carries out an operation, as often as others hold it up.
pub(super) async fn carry_out<S: Whole>(
    crm: &mut Crm<S>,
    operation: &Operation,
) -> Result<Vec<Answer>, CrmError> {
    let mut attempts_left = ATTEMPTS_MAX;
    loop {
        match attempt(crm, operation).await {
            Err(error) if attempts_left > 0 && passes(&error) => {
                attempts_left -= 1;
                // Another task may have adopted a rulebook. If that cannot be read, the next attempt
                // will tell why.
                let _ = crm.refresh().await;
                yield_now().await;
            }
            settled => return settled,
        }
    }
}

async fn attempt<S: Whole>(
    crm: &mut Crm<S>,
    operation: &Operation,
) -> Result<Vec<Answer>, CrmError> {
    let page = PageSize::new(4).unwrap();
    match operation {
        Operation::One(job) => {
            let executed = crm.execute(job.id, &job.command, &job.context).await;
            Ok(vec![answer(executed)?])
        }
        Operation::Delivery(jobs) | Operation::Swap(jobs) => {
            crm.execute_many(jobs).await?.into_iter().map(answer).collect()
        }
        Operation::Erase(job) => Ok(vec![answer(crm.erase(job.id, &job.context).await)?]),
        Operation::RunDue(context) => changed(crm.run_due(context.now, None, page, context).await?),
        Operation::RunDueInBulk(context) => {
            changed(crm.run_due_in_bulk(context.now, None, page, context).await?)
        }
        Operation::Adopt(book) => match crm.adopt(book.as_ref().clone()).await {
            Ok(()) => Ok(vec![Answer::Adopted]),
            // Sent again after the next life has adopted its own.
            Err(CrmError::Rulebook(_)) => Ok(vec![Answer::Refused]),
            Err(error) => Err(error),
        },
    }
}

fn answer(executed: Result<Executed, CrmError>) -> Result<Answer, CrmError> {
    match executed {
        Ok(Executed::Recorded(entry)) => Ok(Answer::Recorded(entry.revision)),
        Ok(Executed::Replayed { revision }) => Ok(Answer::Replayed(revision)),
        Ok(_) => Ok(Answer::Unchanged),
        Err(error @ CrmError::Refused(DecideError::UnknownRulebook { .. })) => Err(error),
        Err(CrmError::Refused(_) | CrmError::Commit(CommitError::Claimed { .. })) => {
            Ok(Answer::Refused)
        }
        Err(CrmError::Commit(CommitError::Forgotten)) => Ok(Answer::Forgotten),
        Err(error) => Err(error),
    }
}

/// Whom others were faster with stays due.
fn changed(run: Run) -> Result<Vec<Answer>, CrmError> {
    match run.failed.into_iter().map(|(_, error)| error).find(|error| !passes(error)) {
        Some(error) => Err(error),
        None => Ok(vec![Answer::Changed(run.changed as u64)]),
    }
}

/// Whether the same call may go through later.
pub(super) fn passes(error: &CrmError) -> bool {
    let store = |error: &StoreError| error.is_transient();
    match error {
        CrmError::Contended | CrmError::Refused(DecideError::UnknownRulebook { .. }) => true,
        CrmError::Store(error)
        | CrmError::Commit(CommitError::Store(error))
        | CrmError::Archive(ArchiveError::Store(error)) => store(error),
        _ => false,
    }
}
