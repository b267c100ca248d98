//! C6: durable before return.

use super::super::bulk::many::done;
use super::super::check::Deviation;
use super::super::harness::Reopen;
use super::super::subject::{Refusal, Subject, key};
use crate::store::Bulk;

pub(super) fn c6_many_commits_survive<H: Reopen<Store: Bulk>>(
    subject: Subject<'_, H>,
) -> Result<(), Deviation> {
    let trial = subject.trial();
    let claimed = key("claimed")?;
    let mut customers = ["one", "two", "loser"].map(|name| trial.customer(name));
    let [one, two, loser] = &mut customers;
    let nobody = loser.clone();
    let first = trial.link(one, &claimed, "first")?;
    let refused = trial.link(loser, &claimed, "lose")?;
    let second = trial.order(two, 1, "second")?;
    let third = trial.order(one, 2, "third")?;
    trial.answer_in_order(&[
        (&first, done(&first)),
        (&refused, Err(Refusal::Claimed { holder: one.id() })),
        (&second, done(&second)),
        (&third, done(&third)),
    ])?;

    let subject = subject.reopen()?;
    let trial = subject.trial();
    trial.holds(one)?;
    trial.holds(two)?;
    trial.lacks(&nobody)?;
    trial.never_heard(&refused)?;
    [&first, &second, &third].into_iter().try_for_each(|commit| trial.replays(commit))
}
