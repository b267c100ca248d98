//! C1 and C7: a commit that is under way is seen by nobody, and holds up nobody else.

use super::super::check::{Deviation, same};
use super::super::harness::Hold;
use super::super::subject::{Trial, key};
use crate::customer::Customer;
use crate::store::{Commit, Feed, PageSize};

/// Nothing of a commit is there to see.
fn unseen<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
    customers: &[&Customer],
    commit: &Commit,
) -> Result<(), Deviation> {
    customers.iter().try_for_each(|customer| trial.lacks(customer))?;
    trial.never_heard(commit)?;
    for change in commit.changes() {
        change.claims_taken.iter().try_for_each(|key| trial.held(key, None))?;
    }
    let given = trial.feed_page(None, PageSize::MAX)?.len();
    same("the entries in a feed of a commit that did not go through", &0, &given)
}

pub(super) fn c1_held_commit_is_seen_by_nobody<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let claimed = key("claimed")?;
    let (mut first, mut second) = (trial.customer("first"), trial.customer("second"));
    let commit = trial.link(&mut first, &claimed, "both")?;
    let commit = commit.joined(trial.order(&mut second, 1, "both")?);
    let held = trial.held_with(&commit)?;
    unseen(trial, &[&first, &second], &commit)?;
    trial.finish(held)?;
    trial.holds(&first)?;
    trial.holds(&second)?;
    trial.remembers(&commit)?;
    trial.whole_feed(2).map(|_| ())
}

pub(super) fn c1_abandoned_commit_leaves_nothing<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let claimed = key("claimed")?;
    let mut customer = trial.customer("abandoned");
    let commit = trial.link(&mut customer, &claimed, "link")?;
    let held = trial.held_with(&commit)?;
    trial.abandon(held)?;
    unseen(trial, &[&customer], &commit)?;
    // So the same can be done once more.
    trial.accepts(&commit)?;
    trial.holds(&customer)
}

pub(super) fn c7_commits_go_through_beside_a_held_one<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (claimed, other) = (key("claimed")?, key("other")?);
    let (mut slow, mut known) = (trial.customer("slow"), trial.customer("known"));
    trial.accepts(&trial.order(&mut known, 1, "create")?)?;
    let held = trial.held_with(&trial.link(&mut slow, &claimed, "slow")?)?;
    trial.accepts(&trial.order(&mut known, 2, "beside")?)?;
    trial.holds(&known)?;
    let mut new = trial.customer("new");
    let commit = trial.link(&mut new, &other, "new")?;
    trial.accepts(&commit)?;
    trial.replays(&commit)?;
    trial.holds(&new)?;
    trial.finish(held)?;
    [slow, known, new].iter().try_for_each(|customer| trial.holds(customer))
}
