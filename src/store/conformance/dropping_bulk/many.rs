//! C14: calls for many that are dropped half-way.

use std::thread;

use super::super::check::{Deviation, same};
use super::super::cut::Cuts;
use super::super::harness::Harness;
use super::super::subject::{Refusal, Trial};
use crate::customer::Customer;
use crate::store::{Bulk, Commit};

/// How many customers one call is about.
const MANY: u64 = 5;

/// How often somebody looks until all or none of them are there: what was dropped may still be carried
/// out, between one look and the next.
const LOOKS_MAX: usize = 2_000;

/// An order each of customers that nobody knows.
fn orders<H: Harness>(
    trial: &Trial<'_, H>,
    call: usize,
) -> Result<(Vec<Customer>, Vec<Commit>), Deviation> {
    let order = |nth| {
        let name = format!("order {nth} of call {call}");
        let mut customer = trial.customer(&name);
        let commit = trial.order(&mut customer, nth, &name)?;
        Ok((customer, commit))
    };
    (1..=MANY).map(order).collect()
}

/// How many of these customers are there, once it is all or none of them.
fn all_or_none<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
    customers: &[Customer],
) -> Result<usize, Deviation> {
    let mut there = 0_usize;
    for _ in 0..LOOKS_MAX {
        there = 0;
        for customer in customers {
            if trial.load(customer.id())?.is_some() {
                there = there.saturating_add(1);
            }
        }
        if there == 0 || there == customers.len() {
            return Ok(there);
        }
        thread::yield_now();
    }
    let expected = format!("all or none of {} customers after a dropped call", customers.len());
    Err(Deviation::new(expected, format!("{there} of them")))
}

pub(super) fn c14_dropped_commits_leave_all_or_none<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut cuts, mut call) = (Cuts::new(), 0_usize);
    while cuts.go_on()? {
        call = call.saturating_add(1);
        let (customers, commits) = orders(trial, call)?;
        let answers = cuts.apply(trial, trial.store.commit_many(trial.tenant, commits));
        let there = all_or_none(trial, &customers)?;
        if let Some(Ok(answers)) = answers {
            let fine = answers.iter().filter(|answer| answer.is_ok()).count();
            same("the commits of a call that went through", &customers.len(), &fine)?;
            same("the customers after a call that returned", &customers.len(), &there)?;
        }
    }
    Ok(())
}

pub(super) fn c14_dropped_commits_can_be_sent_again<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut cuts, mut call) = (Cuts::new(), 0_usize);
    while cuts.go_on()? {
        call = call.saturating_add(1);
        let (customers, commits) = orders(trial, call)?;
        let _ = cuts.apply(trial, trial.store.commit_many(trial.tenant, commits.clone()));
        // At once, with nothing asked in between.
        let again = || trial.store.commit_many(trial.tenant, commits.clone());
        let answers = trial.ask("many commits that are sent again", again)?;
        for (commit, answer) in commits.iter().zip(answers) {
            let answer = answer.map_err(Refusal::from);
            if answer != Ok(commit.receipt().replay()) {
                same("the answer to a command that is sent again", &Ok(commit.receipt()), &answer)?;
            }
            trial.replays(commit)?;
        }
        customers.iter().try_for_each(|customer| trial.holds(customer))?;
    }
    Ok(())
}

pub(super) fn c14_store_goes_on_after_dropped_bulk_calls<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut cuts, mut call) = (Cuts::new(), 0_usize);
    while cuts.go_on()? {
        call = call.saturating_add(1);
        let (_, commits) = orders(trial, call)?;
        let _ = cuts.apply(trial, trial.store.commit_many(trial.tenant, commits));
    }
    let (customers, commits) = orders(trial, 0)?;
    let ids: Vec<_> = customers.iter().map(Customer::id).collect();
    let command_ids: Vec<_> = commits.iter().map(Commit::command_id).collect();
    let mut cuts = Cuts::new();
    while cuts.go_on()? {
        let _ = cuts.apply(trial, trial.store.load_many(trial.tenant, &ids));
    }
    let mut cuts = Cuts::new();
    while cuts.go_on()? {
        let _ = cuts.apply(trial, trial.store.receipts(trial.tenant, &command_ids));
    }
    let all = || trial.store.commit_many(trial.tenant, commits.clone());
    let answers = trial.ask("many commits after dropped ones", all)?;
    let fine = answers.iter().filter(|answer| answer.is_ok()).count();
    same("the commits that go through after dropped ones", &commits.len(), &fine)?;
    customers.iter().try_for_each(|customer| trial.holds(customer))
}
