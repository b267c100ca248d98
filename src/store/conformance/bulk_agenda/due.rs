//! C12: whoever is written with others is due like any other.

use super::super::agenda::due::{Schedule, rulebook, second};
use super::super::bulk::many::done;
use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::subject::{Refusal, Trial};
use crate::store::{Agenda, Bulk};
use crate::time::Timestamp;

pub(super) fn c12_many_commits_are_scheduled<H: Harness<Store: Agenda + Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customers = ["one", "two", "three"].map(|name| trial.customer(name));
    let [one, two, three] = &mut customers;
    let mut stale = one.clone();
    let never = Schedule { wake_at: None, judged_by: rulebook(2, 0) };
    let first = trial.scheduling(one, Schedule::at(second(5)), "first")?;
    let second_one = trial.scheduling(two, Schedule::at(Timestamp::MIN), "second")?;
    let third = trial.scheduling(three, never, "third")?;
    // Moved by the same call, and moved by one that is refused.
    let moved = trial.scheduling(one, Schedule::at(second(7)), "moved")?;
    let refused = trial.scheduling(&mut stale, Schedule::at(second(1)), "refused")?;
    trial.answer_in_order(&[
        (&first, done(&first)),
        (&second_one, done(&second_one)),
        (&third, done(&third)),
        (&moved, done(&moved)),
        (&refused, Err(Refusal::Conflict)),
    ])?;
    let due = [
        Schedule::at(Timestamp::MIN).waking(two),
        never.waking(three),
        Schedule::at(second(7)).waking(one),
    ];
    trial.has_due(second(6), rulebook(1, 0), &due[..2])?;
    trial.has_due(second(7), rulebook(1, 0), &due)
}
