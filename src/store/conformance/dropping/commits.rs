//! C14: commits that are dropped half-way.

use super::super::check::Deviation;
use super::super::cut::Cuts;
use super::super::harness::Harness;
use super::super::subject::{Answer, Refusal, Trial, key};
use super::traces::Attempt;
use crate::customer::Customer;
use crate::store::{CommitError, CustomerStore};

/// Drops commit after commit, each a little later than the one before, and looks what it left.
fn drop_each<H: Harness>(
    trial: &Trial<'_, H>,
    mut attempt: impl FnMut(&str) -> Result<Attempt, Deviation>,
    look: impl Fn(&Attempt, Option<Answer>) -> Result<(), Deviation>,
) -> Result<(), Deviation> {
    let (mut cuts, mut nth) = (Cuts::new(), 0_usize);
    while cuts.go_on()? {
        nth = nth.saturating_add(1);
        let attempt = attempt(&nth.to_string())?;
        let sent = trial.store.commit(trial.tenant, attempt.commit.clone());
        let answer = match cuts.apply(trial, sent) {
            // Whether it was carried out is as unknown as if it had been dropped.
            Some(Err(CommitError::Store(error))) if error.is_transient() => None,
            answer => answer.map(|answer| answer.map_err(Refusal::from)),
        };
        look(&attempt, answer)?;
    }
    Ok(())
}

pub(super) fn c14_dropped_commit_leaves_all_or_nothing<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    // First a customer that nobody knows, then one that has parts already.
    let mut customer = trial.customer("ordering");
    let attempt = |nth: &str| {
        let before = vec![customer.clone()];
        let commit = trial.order(&mut customer, 1, &format!("order {nth}"))?;
        Ok(Attempt { before, after: vec![customer.clone()], commit })
    };
    drop_each(trial, attempt, |attempt, answer| trial.once_in_all(attempt, answer))
}

pub(super) fn c14_dropped_commit_of_two_leaves_all_or_nothing<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut known = trial.customer("known");
    let attempt = |nth: &str| {
        let mut new = trial.customer(&format!("new {nth}"));
        let before = vec![known.clone(), new.clone()];
        let name = format!("both {nth}");
        let commit = trial.order(&mut known, 1, &name)?;
        let commit = commit.joined(trial.order(&mut new, 2, &name)?);
        Ok(Attempt { before, after: vec![known.clone(), new], commit })
    };
    drop_each(trial, attempt, |attempt, answer| trial.once_in_all(attempt, answer))
}

pub(super) fn c14_dropped_claim_is_taken_or_free<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let passed_on = key("passed on")?;
    let mut holder = trial.customer("first holder");
    trial.accepts(&trial.link(&mut holder, &passed_on, "hold")?)?;
    // From one customer to the next, with a key of its own beside.
    let attempt = |nth: &str| {
        let (mut next, own) = (trial.customer(&format!("holder {nth}")), key(nth)?);
        trial.accepts(&trial.order(&mut next, 1, &format!("create {nth}"))?)?;
        let before = vec![holder.clone(), next.clone()];
        let name = format!("pass on {nth}");
        let commit = trial.unlink(&mut holder, &passed_on, &name)?;
        let commit = commit.joined(trial.link(&mut next, &passed_on, &name)?);
        let mut owner = trial.customer(&format!("owner {nth}"));
        let commit = commit.joined(trial.link(&mut owner, &own, &name)?);
        let unknown = trial.customer(&format!("owner {nth}"));
        let after = vec![holder.clone(), next.clone(), owner];
        holder = next;
        Ok(Attempt { before: [before, vec![unknown]].concat(), after, commit })
    };
    drop_each(trial, attempt, |attempt, answer| trial.once_in_all(attempt, answer))
}

pub(super) fn c14_dropped_command_can_be_sent_again<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("ordering");
    let attempt = |nth: &str| {
        let before = vec![customer.clone()];
        let commit = trial.order(&mut customer, 1, &format!("order {nth}"))?;
        Ok(Attempt { before, after: vec![customer.clone()], commit })
    };
    // At once, with nothing asked in between: what was dropped may still be under way.
    drop_each(trial, attempt, |Attempt { after, commit, .. }, _| {
        trial.carries_out(commit)?;
        trial.replays(commit)?;
        after.iter().try_for_each(|customer| trial.holds(customer))
    })
}

pub(super) fn c14_store_goes_on_after_dropped_commits<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let attempt = |nth: &str| {
        let mut customer = trial.customer(&format!("dropped {nth}"));
        let before = vec![customer.clone()];
        let commit = trial.order(&mut customer, 1, &format!("dropped {nth}"))?;
        Ok(Attempt { before, after: vec![customer], commit })
    };
    // One after the other, before anybody else does anything.
    drop_each(trial, attempt, |_, _| Ok(()))?;
    goes_on(trial, "afterwards")
}

/// The store takes a commit and gives it back.
pub(super) fn goes_on<H: Harness>(trial: &Trial<'_, H>, name: &str) -> Result<(), Deviation> {
    let claimed = key(name)?;
    let mut customer: Customer = trial.customer(name);
    let commits = [
        trial.link(&mut customer, &claimed, name)?,
        trial.order(&mut customer, 1, &format!("{name}, too"))?,
    ];
    commits.iter().try_for_each(|commit| trial.accepts(commit))?;
    commits.iter().try_for_each(|commit| trial.remembers(commit))?;
    trial.holds(&customer)
}
