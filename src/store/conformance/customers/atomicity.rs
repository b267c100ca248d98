//! C1: all of a commit or none.

use super::super::check::Deviation;
use super::super::expect::one_of;
use super::super::harness::Harness;
use super::super::race::COMMITS_READ;
use super::super::subject::{Refusal, Trial, key};
use crate::customer::Customer;
use crate::store::Commit;

pub(super) fn c1_refused_claim_leaves_nothing<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let contested = key("contested")?;
    let (mut holder, mut loser) = (trial.customer("holder"), trial.customer("loser"));
    trial.accepts(&trial.link(&mut holder, &contested, "hold")?)?;
    let refused = trial.link(&mut loser, &contested, "lose")?;
    trial.refuses(&refused, Refusal::Claimed { holder: holder.id() })?;
    trial.lacks(&loser)?;
    trial.never_heard(&refused)?;
    trial.holds(&holder)
}

pub(super) fn c1_refused_claim_takes_no_other_claim<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (contested, free) = (key("contested")?, key("free")?);
    let (mut holder, mut loser) = (trial.customer("holder"), trial.customer("loser"));
    let mut other = trial.customer("other");
    trial.accepts(&trial.link(&mut holder, &contested, "hold")?)?;
    let refused = trial.link(&mut loser, &contested, "both")?;
    let fine = trial.link(&mut other, &free, "both")?;
    // Whichever of the two a store looks at first.
    for commit in [fine.clone().joined(refused.clone()), refused.joined(fine)] {
        trial.refuses(&commit, Refusal::Claimed { holder: holder.id() })?;
        trial.held(&free, None)?;
        trial.lacks(&other)?;
        trial.lacks(&loser)?;
        trial.never_heard(&commit)?;
    }
    trial.holds(&holder)
}

pub(super) fn c1_refused_claim_gives_up_no_claim<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (contested, given_up) = (key("contested")?, key("given up")?);
    let (mut holder, mut giver) = (trial.customer("holder"), trial.customer("giver"));
    let mut loser = trial.customer("loser");
    trial.accepts(&trial.link(&mut holder, &contested, "hold")?)?;
    trial.accepts(&trial.link(&mut giver, &given_up, "hold, too")?)?;
    let before = giver.clone();
    let fine = trial.unlink(&mut giver, &given_up, "both")?;
    let refused = trial.link(&mut loser, &contested, "both")?;
    for commit in [fine.clone().joined(refused.clone()), refused.joined(fine)] {
        trial.refuses(&commit, Refusal::Claimed { holder: holder.id() })?;
        trial.holds(&before)?;
        trial.lacks(&loser)?;
    }
    Ok(())
}

pub(super) fn c1_conflict_leaves_nothing_of_another<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let claimed = key("claimed")?;
    let (mut stale, mut other) = (trial.customer("stale"), trial.customer("other"));
    let mut known = stale.clone();
    trial.accepts(&trial.order(&mut known, 1, "create")?)?;
    let fine = trial.link(&mut other, &claimed, "both")?;
    let refused = trial.order(&mut stale, 2, "both")?;
    for commit in [fine.clone().joined(refused.clone()), refused.joined(fine)] {
        trial.refuses(&commit, Refusal::Conflict)?;
        trial.lacks(&other)?;
        trial.held(&claimed, None)?;
        trial.never_heard(&commit)?;
    }
    trial.holds(&known)
}

pub(super) fn c1_one_commit_changes_two<H: Harness>(trial: &Trial<'_, H>) -> Result<(), Deviation> {
    let (mut first, mut second) = (trial.customer("first"), trial.customer("second"));
    trial.accepts(&trial.order(&mut second, 1, "create")?)?;
    let creating = trial.order(&mut first, 2, "both")?;
    let commit = creating.joined(trial.order(&mut second, 3, "both")?);
    trial.accepts(&commit)?;
    trial.holds(&first)?;
    trial.holds(&second)?;
    trial.remembers(&commit)
}

pub(super) fn c1_commit_touches_the_parts_it_names<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let linked = key("linked")?;
    let mut customer = trial.customer("customer");
    let accept = |customer: &Customer, commit: &Commit| {
        trial.accepts(commit)?;
        trial.holds(customer)
    };
    // A link leaves the purchases alone, an order the profile, and erasure takes a part away.
    let commit = trial.link(&mut customer, &linked, "link")?;
    accept(&customer, &commit)?;
    let commit = trial.order(&mut customer, 1, "order")?;
    accept(&customer, &commit)?;
    let commit = trial.unlink(&mut customer, &linked, "unlink")?;
    accept(&customer, &commit)?;
    let commit = trial.link(&mut customer, &linked, "link again")?;
    accept(&customer, &commit)?;
    let commit = trial.erase(&mut customer, "erase")?;
    accept(&customer, &commit)
}

pub(super) fn c1_readers_see_no_half_commit<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("read");
    let (mut commits, mut states) = (Vec::new(), Vec::new());
    for minor in 1..=COMMITS_READ {
        commits.push(trial.order(&mut customer, minor, &format!("order {minor}"))?);
        states.push(customer.clone());
    }
    trial.read_while_writing(&commits, || match trial.load(customer.id())? {
        Some(saw) => one_of("what a load gives between commits", &states, &saw),
        None => Ok(()),
    })
}
