//! Many commits and many questions in one call: each as if it came by itself.

use super::super::check::{Deviation, same};
use super::super::expect::same_customer;
use super::super::harness::Harness;
use super::super::subject::{Answer, Refusal, Trial, key};
use crate::customer::Customer;
use crate::store::{Bulk, Commit};

impl<H: Harness<Store: Bulk>> Trial<'_, H> {
    /// These commits in one call are answered so, each by itself.
    pub(in super::super) fn answer_in_order(
        &self,
        commits: &[(&Commit, Answer)],
    ) -> Result<(), Deviation> {
        let all = || commits.iter().map(|(commit, _)| (*commit).clone()).collect();
        let send = || self.store.commit_many(self.tenant, all());
        let count = commits.len();
        let answers = self.ask(&format!("a call of {count} commits"), send)?;
        same(&format!("the answers to {count} commits"), &count, &answers.len())?;
        for (nth, (saw, (_, expected))) in (1_usize..).zip(answers.into_iter().zip(commits)) {
            let saw = saw.map_err(Refusal::from);
            same(&format!("the answer to commit {nth} of {count}"), expected, &saw)?;
        }
        Ok(())
    }
}

pub(in super::super) fn done(commit: &Commit) -> Answer {
    Ok(commit.receipt())
}

pub(super) fn c1_refused_commit_holds_up_no_other<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (contested, free) = (key("contested")?, key("free")?);
    let mut customers = ["one", "two", "three", "four"].map(|name| trial.customer(name));
    let [one, two, three, four] = &mut customers;
    let mut stale = one.clone();
    trial.accepts(&trial.link(one, &contested, "hold")?)?;

    let fine = trial.order(two, 1, "fine")?;
    let conflict = trial.order(&mut stale, 2, "stale")?;
    let refused = trial.link(three, &contested, "claimed")?;
    let refused = refused.joined(trial.link(four, &free, "claimed")?);
    let also_fine = trial.order(one, 3, "also fine")?;
    let claimed = Err(Refusal::Claimed { holder: one.id() });
    trial.answer_in_order(&[
        (&conflict, Err(Refusal::Conflict)),
        (&fine, done(&fine)),
        (&refused, claimed),
        (&also_fine, done(&also_fine)),
    ])?;
    trial.holds(one)?;
    trial.holds(two)?;
    trial.lacks(three)?;
    trial.lacks(four)?;
    trial.held(&free, None)?;
    [conflict, refused].iter().try_for_each(|commit| trial.never_heard(commit))
}

pub(super) fn c2_commits_see_those_before_them<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("changed");
    let mut stale = customer.clone();
    let first = trial.order(&mut customer, 1, "first")?;
    let second = trial.order(&mut customer, 2, "second")?;
    let late = trial.order(&mut stale, 3, "late")?;
    let third = trial.order(&mut customer, 4, "third")?;
    trial.answer_in_order(&[
        (&first, done(&first)),
        (&second, done(&second)),
        (&late, Err(Refusal::Conflict)),
        (&third, done(&third)),
    ])?;
    trial.holds(&customer)
}

/// Somebody else has made the revision that the second commit expects, so that tells it nothing.
pub(super) fn c2_what_builds_on_a_refused_commit_is_refused<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("changed");
    let mut mistaken = customer.clone();
    let first = trial.order(&mut mistaken, 1, "first")?;
    let second = trial.order(&mut mistaken, 2, "second")?.building_on(Some(first.command_id()));
    trial.accepts(&trial.order(&mut customer, 3, "meanwhile")?)?;
    let conflict = || Err(Refusal::Conflict);
    trial.answer_in_order(&[(&first, conflict()), (&second, conflict())])?;
    trial.holds(&customer)?;

    // A repetition was not carried out by this call either.
    let mut mistaken = customer.clone();
    let again = trial.order(&mut customer, 4, "again")?;
    trial.accepts(&again)?;
    let third = trial.order(&mut mistaken, 5, "third")?.building_on(Some(again.command_id()));
    let repeated = Ok(again.receipt().replay());
    trial.answer_in_order(&[(&again, repeated), (&third, conflict())])?;
    trial.holds(&customer)?;

    let fourth = trial.order(&mut customer, 6, "fourth")?;
    let fifth = trial.order(&mut customer, 7, "fifth")?.building_on(Some(fourth.command_id()));
    trial.answer_in_order(&[(&fourth, done(&fourth)), (&fifth, done(&fifth))])?;
    trial.holds(&customer)
}

pub(super) fn c4_claims_pass_on_between_commits<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let passed_on = key("passed on")?;
    let mut customers = ["first", "loser", "second"].map(|name| trial.customer(name));
    let [first, loser, second] = &mut customers;
    let link = trial.link(first, &passed_on, "link")?;
    let refused = trial.link(loser, &passed_on, "too early")?;
    let unlink = trial.unlink(first, &passed_on, "unlink")?;
    let link_again = trial.link(second, &passed_on, "link again")?;
    trial.answer_in_order(&[
        (&link, done(&link)),
        (&refused, Err(Refusal::Claimed { holder: first.id() })),
        (&unlink, done(&unlink)),
        (&link_again, done(&link_again)),
    ])?;
    trial.lacks(loser)?;
    trial.holds(first)?;
    trial.holds(second)
}

pub(super) fn c5_same_command_twice_in_one_call<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut customer, mut other) = (trial.customer("ordering"), trial.customer("other"));
    let first = trial.order(&mut customer, 1, "order")?;
    let second = trial.order(&mut customer, 2, "order again")?;
    let reused = trial.order(&mut other, 1, "order")?;
    let replayed = Ok(first.receipt().replay());
    trial.answer_in_order(&[
        (&first, done(&first)),
        (&second, done(&second)),
        (&first, replayed.clone()),
        (&reused, Err(Refusal::CommandReused)),
    ])?;
    trial.answer_in_order(&[(&first, replayed)])?;
    trial.lacks(&other)?;
    trial.holds(&customer)
}

pub(super) fn c7_questions_are_answered_in_their_order<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customers = ["one", "two", "three"].map(|name| trial.customer(name));
    let [one, two, unknown] = &mut customers;
    let (first, second) = (trial.order(one, 1, "first")?, trial.order(two, 2, "second")?);
    trial.answer_in_order(&[(&first, done(&first)), (&second, done(&second))])?;
    let missing = trial.order(&mut unknown.clone(), 3, "unsent")?;

    // Against the order of the commits, with one that is unknown and one that is asked for twice.
    let asked: [(&Customer, bool); 4] =
        [(&*two, true), (&*unknown, false), (&*one, true), (&*two, true)];
    let ids = asked.map(|(customer, _)| customer.id());
    let loaded = trial.ask("many loads", || trial.store.load_many(trial.tenant, &ids))?;
    same("the answers to many loads", &ids.len(), &loaded.len())?;
    for ((customer, known), stored) in asked.into_iter().zip(loaded) {
        same("whether one of many loads finds somebody", &known, &stored.is_some())?;
        let Some(stored) = stored else { continue };
        let saw = Customer::from_parts(customer.id(), stored.revision, &stored.parts)
            .map_err(|error| Deviation::failed("reading one of many loads", &error))?;
        same_customer("what one of many loads gives", customer, &saw)?;
    }

    let ids = [&second, &missing, &first, &second].map(Commit::command_id);
    let receipts = trial.ask("many receipts", || trial.store.receipts(trial.tenant, &ids))?;
    let expected = [Some(second.accepted()), None, Some(first.accepted()), Some(second.accepted())];
    same("the answers to a question for many receipts", &expected.to_vec(), &receipts)
}

pub(super) fn c7_nothing_asked_is_nothing_answered<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    trial.answer_in_order(&[])?;
    let loaded = trial.ask("no loads", || trial.store.load_many(trial.tenant, &[]))?;
    same("the answers to no loads", &0, &loaded.len())?;
    let receipts = trial.ask("no receipts", || trial.store.receipts(trial.tenant, &[]))?;
    same("the answers to a question for no receipts", &0, &receipts.len())
}

pub(super) fn c9_tenants_share_nothing_in_bulk<H: Harness<Store: Bulk>>(
    here: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let there = here.elsewhere();
    let mut ours = here.customer("same id");
    let mut theirs = ours.clone();
    let our_order = here.order(&mut ours, 1, "same command")?;
    let their_order = there.order(&mut theirs, 2, "same command")?;
    here.answer_in_order(&[(&our_order, done(&our_order))])?;
    let ids = [ours.id()];
    let loaded = there.ask("many loads", || there.store.load_many(there.tenant, &ids))?;
    same("a customer of another tenant, by many loads", &vec![None], &loaded)?;
    there.answer_in_order(&[(&their_order, done(&their_order))])?;
    here.holds(&ours)?;
    there.holds(&theirs)
}
