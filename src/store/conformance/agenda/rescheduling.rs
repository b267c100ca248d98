//! C12 and C1: who is rescheduled moves, whole.

use super::super::check::{Deviation, same};
use super::super::expect::rows;
use super::super::harness::Harness;
use super::super::race::COMMITS_READ;
use super::super::subject::{Refusal, Trial, key};
use super::due::{Schedule, rulebook, second};
use crate::store::Agenda;
use crate::time::Timestamp;

pub(super) fn c12_rescheduled_customer_moves<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let current = rulebook(1, 0);
    let (_, other) = trial.scheduled("beside", Schedule::at(second(10)))?;
    let (mut moving, _) = trial.scheduled("moving", Schedule::at(second(5)))?;
    let schedules = [
        // Later, earlier, into the past, to the very same, never.
        Schedule::at(second(20)),
        Schedule::at(second(7)),
        Schedule::at(second(-7)),
        Schedule::at(second(-7)),
        Schedule { wake_at: None, judged_by: current },
        // By other rulebooks, at one instant and never, and back.
        Schedule { wake_at: Some(second(10)), judged_by: rulebook(2, 0) },
        Schedule { wake_at: Some(second(10)), judged_by: rulebook(2, 1) },
        Schedule { wake_at: None, judged_by: rulebook(2, 1) },
        Schedule::at(second(10)),
    ];
    for (nth, schedule) in schedules.into_iter().enumerate() {
        let command = format!("reschedule {nth}");
        trial.accepts(&trial.scheduling(&mut moving, schedule, &command)?)?;
        let everybody = [other, schedule.waking(&moving)];
        trial.has_due(Timestamp::MIN, rulebook(3, 0), &everybody)?;
        let until = second(15);
        let wakes = schedule.wake_at.is_some_and(|at| at <= until);
        let is_due = wakes || schedule.judged_by != current;
        trial.has_due(until, current, if is_due { &everybody } else { &everybody[..1] })?;
    }
    Ok(())
}

pub(super) fn c1_refused_commit_reschedules_nobody<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut one, one_waking) = trial.scheduled("one", Schedule::at(second(5)))?;
    let (mut two, two_waking) = trial.scheduled("two", Schedule::at(second(6)))?;
    let both = [one_waking, two_waking];
    let contested = key("contested")?;
    let mut holder = trial.customer("holder");
    trial.accepts(&trial.link(&mut holder, &contested, "hold")?)?;

    let mut stale = two.clone();
    trial.accepts(&trial.scheduling(&mut two, Schedule::at(second(6)), "meanwhile")?)?;
    let moved = Schedule { wake_at: Some(second(1)), judged_by: rulebook(2, 0) };
    let fine = trial.scheduling(&mut one, moved, "both")?;
    let conflict = fine.clone().joined(trial.scheduling(&mut stale, moved, "both")?);
    trial.refuses(&conflict, Refusal::Conflict)?;
    trial.has_due(second(9), rulebook(1, 0), &both)?;

    let refused = fine.joined(trial.link(&mut trial.customer("loser"), &contested, "both")?);
    trial.refuses(&refused, Refusal::Claimed { holder: holder.id() })?;
    trial.has_due(second(9), rulebook(1, 0), &both)
}

/// A customer that one rulebook after the other judges is due all the time, for none is the one that is
/// asked for.
pub(super) fn c12_nobody_is_missed_between_two_rulebooks<H: Harness<Store: Agenda>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let schedule = |nth: u64| {
        let policy = if nth.is_multiple_of(2) { 2 } else { 3 };
        Schedule { wake_at: Some(second(1)), judged_by: rulebook(policy, 0) }
    };
    let (mut passing, waking) = trial.scheduled("passing", schedule(0))?;
    let mut commits = Vec::new();
    for nth in 1..=COMMITS_READ {
        commits.push(trial.scheduling(&mut passing, schedule(nth), &format!("pass {nth}"))?);
    }
    trial.read_while_writing(&commits, || {
        let ask = || trial.store.due(trial.tenant, second(0), rulebook(1, 0), None, rows(5));
        let due = trial.ask("a page of the agenda", ask)?;
        same("who is due while one rulebook follows another", &vec![waking], &due)
    })
}
