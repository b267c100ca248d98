//! C13 and C9: what must stay.

use super::super::check::{Deviation, same};
use super::super::harness::Harness;
use super::super::subject::Trial;
use super::forgetting::{Known, personal_key};
use crate::store::{Erase, PageSize};

impl<H: Harness<Store: Erase>> Trial<'_, H> {
    /// Nothing of this customer was forgotten.
    fn knows(&self, known: &Known) -> Result<(), Deviation> {
        self.holds(&known.customer)?;
        let all = || known.personal.iter().chain(&known.others);
        all().try_for_each(|commit| self.remembers(commit))?;
        all().try_for_each(|commit| self.replays(commit))
    }
}

pub(super) fn c13_fingerprints_of_other_commands_stay<H: Harness<Store: Erase>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut known = trial.known("erased")?;
    trial.emptied(&mut known, "erased")?;
    trial.forget(&[known.customer.id()])?;
    // Orders, and the command that erases.
    known.others.iter().try_for_each(|commit| trial.remembers(commit))?;
    known.others.iter().try_for_each(|commit| trial.replays(commit))
}

pub(super) fn c13_skeleton_stays<H: Harness<Store: Erase>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut known = trial.known("erased")?;
    let id = known.customer.id();
    let before = trial.page(id, 0, PageSize::MAX)?;
    trial.emptied(&mut known, "erased")?;
    trial.forget(&[id])?;
    // Every revision, the purchases and the stage; the journal as it was, and one entry more.
    trial.holds(&known.customer)?;
    let after = trial.page(id, 0, PageSize::MAX)?;
    let made = before.len().saturating_add(1);
    same("the entries of a customer that was erased", &made, &after.len())?;
    for (before, after) in before.iter().zip(&after) {
        same("an entry that was written before an erasure", before, after)?;
        same("the document of such an entry", &before.document, &after.document)?;
    }
    Ok(())
}

pub(super) fn c13_others_are_not_forgotten<H: Harness<Store: Erase>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut erased, beside) = (trial.known("erased")?, trial.known("beside")?);
    let mut emptied = trial.known("emptied")?;
    trial.emptied(&mut erased, "erased")?;
    trial.emptied(&mut emptied, "emptied")?;
    trial.forget(&[erased.customer.id()])?;
    trial.knows(&beside)?;
    // Nor one that was erased as well, but whom nobody has asked to forget.
    trial.knows(&emptied)
}

pub(super) fn c13_forgetting_nobody_is_no_error<H: Harness<Store: Erase>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let unknown = trial.customer("unknown").id();
    trial.forget(&[])?;
    trial.forget(&[unknown])?;
    let mut known = trial.known("erased")?;
    trial.forget(&[unknown, unknown])?;
    trial.knows(&known)?;
    trial.emptied(&mut known, "erased")?;
    let id = known.customer.id();
    trial.forget(&[id])?;
    trial.forget(&[id])?;
    trial.forget(&[id, id])?;
    trial.lacks(&trial.customer("unknown"))?;
    trial.has_forgotten(&known.personal)?;
    trial.holds(&known.customer)
}

pub(super) fn c13_erased_key_is_free_for_another<H: Harness<Store: Erase>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut known = trial.known("erased")?;
    trial.emptied(&mut known, "erased")?;
    trial.forget(&[known.customer.id()])?;
    let mut next = trial.customer("next");
    for (nth, key) in known.keys.iter().enumerate() {
        trial.accepts(&trial.link(&mut next, key, &format!("link {nth}"))?)?;
    }
    trial.holds(&next)?;
    // It is another's now, whoever held it once.
    trial.forget(&[known.customer.id()])?;
    trial.holds(&next)
}

pub(super) fn c13_erased_customer_goes_on<H: Harness<Store: Erase>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut known = trial.known("erased")?;
    trial.emptied(&mut known, "erased")?;
    trial.forget(&[known.customer.id()])?;
    let customer = &mut known.customer;
    let again = [
        trial.order(customer, 5, "order again")?,
        trial.link(customer, &personal_key("erased", "third")?, "link again")?,
    ];
    again.iter().try_for_each(|commit| trial.accepts(commit))?;
    again.iter().try_for_each(|commit| trial.remembers(commit))?;
    again.iter().try_for_each(|commit| trial.replays(commit))?;
    trial.holds(customer)
}

pub(super) fn c9_tenants_are_forgotten_apart<H: Harness<Store: Erase>>(
    here: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let there = here.elsewhere();
    // The same ids, the same commands and the same keys.
    let (mut ours, mut theirs) = (here.known("erased")?, there.known("erased")?);
    here.emptied(&mut ours, "erased")?;
    here.forget(&[ours.customer.id()])?;
    there.knows(&theirs)?;
    there.emptied(&mut theirs, "erased")?;
    there.knows(&theirs)?;
    here.has_forgotten(&ours.personal)
}
