//! C6: durable before return.

use super::super::agenda::due::{Schedule, rulebook, second};
use super::super::check::Deviation;
use super::super::harness::Reopen;
use super::super::subject::Subject;
use crate::store::Agenda;
use crate::time::Timestamp;

pub(super) fn c6_reopened_store_knows_who_is_due<H: Reopen<Store: Agenda>>(
    subject: Subject<'_, H>,
) -> Result<(), Deviation> {
    let trial = subject.trial();
    let never = Schedule { wake_at: None, judged_by: rulebook(2, 0) };
    let (_, waking) = trial.scheduled("waking", Schedule::at(second(5)))?;
    let (_, other) = trial.scheduled("of another rulebook", never)?;
    let (mut moved, _) = trial.scheduled("moved", Schedule::at(second(1)))?;
    let later = Schedule::at(second(9));
    trial.accepts(&trial.scheduling(&mut moved, later, "move")?)?;
    let due = [waking, other, later.waking(&moved)];

    let subject = subject.reopen()?;
    let trial = subject.trial();
    trial.has_due(second(9), rulebook(1, 0), &due)?;
    trial.has_due(second(9).previous(), rulebook(1, 0), &due[..2])?;
    trial.has_due(Timestamp::MIN, rulebook(3, 0), &due)
}
