//! C6 and C13: what was forgotten stays forgotten.

use super::super::check::Deviation;
use super::super::harness::Reopen;
use super::super::subject::Subject;
use crate::store::Erase;

pub(super) fn c6_what_was_forgotten_stays_forgotten<H: Reopen<Store: Erase>>(
    subject: Subject<'_, H>,
) -> Result<(), Deviation> {
    let trial = subject.trial();
    let mut known = trial.known("erased")?;
    trial.emptied(&mut known, "erased")?;
    trial.forget(&[known.customer.id()])?;

    let subject = subject.reopen()?;
    let trial = subject.trial();
    trial.has_forgotten(&known.personal)?;
    known.others.iter().try_for_each(|commit| trial.replays(commit))?;
    known.keys.iter().try_for_each(|key| trial.held(key, None))?;
    trial.holds(&known.customer)
}
