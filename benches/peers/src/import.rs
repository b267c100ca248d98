//! An import as a host runs it: commands in bulk, then everybody who is due.

use guanxi::crm::{Crm, Job};
use guanxi::profile::{ExternalKey, ProfileCommand};
use guanxi::store::{Agenda, Bulk, PageSize};
use guanxi::{Actor, CommandId, Context, Timestamp, Zone};

use crate::base::Base;
use crate::ours;

/// How many commands go into one transaction.
pub const JOBS_PER_TRANSACTION: usize = 1_000;

/// Every order of the base as a command of its own, in the order of days; before the first of a
/// customer, the key that it has elsewhere is linked to it.
#[must_use]
pub fn jobs(base: &Base) -> Vec<Job> {
    let ids = ours::ids(base);
    let mut is_known = vec![false; base.customers];
    let mut jobs = Vec::with_capacity(base.sales.len() + base.customers);
    for ask in ours::asks(base) {
        let id = ids[ask.customer];
        if !std::mem::replace(&mut is_known[ask.customer], true) {
            let key = ask.customer.to_string();
            let command_id = CommandId::derive("keys", &key);
            let context = Context::new(ask.context.now, Actor::System, command_id);
            let key = ExternalKey::new("shop", key).expect("a number is a key");
            jobs.push(Job::new(id, ProfileCommand::LinkKey(key).into(), context));
        }
        jobs.push(Job::new(id, ask.command, ask.context));
    }
    jobs
}

/// The end of the last day of a base.
///
/// # Panics
///
/// When it has no orders.
#[must_use]
pub fn end(base: &Base) -> Timestamp {
    Zone::UTC.end_of(base.sales.last().expect("a base with orders").day)
}

/// Carries everything out, and takes everybody who is due to the end. How many customers that moved.
///
/// # Panics
///
/// When something is refused, or the store fails.
pub async fn import<S: Agenda + Bulk>(crm: &Crm<S>, jobs: &[Job], end: Timestamp) -> usize {
    for jobs in jobs.chunks(JOBS_PER_TRANSACTION) {
        for answer in crm.execute_many(jobs).await.expect("the store works") {
            answer.expect("every command is accepted");
        }
    }
    let context = Context::new(end, Actor::System, CommandId::derive("runs", "the end"));
    let (mut moved, mut after) = (0, None);
    loop {
        let run = crm.run_due_in_bulk(end, after, PageSize::MAX, &context).await;
        let run = run.expect("the store works");
        assert!(run.failed.is_empty(), "nobody is held up: {:?}", run.failed);
        moved += run.changed;
        after = run.next;
        if after.is_none() {
            return moved;
        }
    }
}
