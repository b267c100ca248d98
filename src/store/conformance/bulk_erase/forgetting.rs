//! C13: what was told with others is forgotten like anything else.

use super::super::bulk::many::done;
use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::subject::Trial;
use crate::store::{Bulk, Erase};

pub(super) fn c13_many_commits_are_forgotten<H: Harness<Store: Bulk + Erase>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut erased, beside) = (trial.told("erased")?, trial.told("beside")?);
    let both = erased.in_order().into_iter().chain(beside.in_order());
    let answers: Vec<_> = both.map(|commit| (commit, done(commit))).collect();
    trial.answer_in_order(&answers)?;
    drop(answers);
    trial.emptied(&mut erased, "erased")?;
    trial.forget(&[erased.customer.id()])?;
    trial.has_forgotten(&erased.personal)?;
    erased.others.iter().try_for_each(|commit| trial.replays(commit))?;
    beside.in_order().into_iter().try_for_each(|commit| trial.replays(commit))?;
    trial.holds(&erased.customer)?;
    trial.holds(&beside.customer)
}
