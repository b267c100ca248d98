//! C7 and C8: what was written is read, in order.

use super::super::check::{Deviation, same};
use super::super::expect::rows;
use super::super::harness::Harness;
use super::super::race::race;
use super::super::subject::{Trial, key};
use crate::customer::{Customer, Entry};
use crate::store::PageSize;

pub(super) fn c7_commit_is_read_from_every_thread<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let linked = key("linked")?;
    let mut customer = trial.customer("read");
    for nth in 1..=5 {
        let commit = trial.order(&mut customer, nth, &format!("order {nth}"))?;
        everybody_reads(trial, &customer, || {
            trial.accepts(&commit)?;
            trial.holds(&customer)?;
            trial.remembers(&commit)
        })?;
    }
    let commit = trial.link(&mut customer, &linked, "link")?;
    everybody_reads(trial, &customer, || trial.accepts(&commit))
}

/// Writes on this thread; whatever others ask afterwards knows of it.
fn everybody_reads<H: Harness>(
    trial: &Trial<'_, H>,
    customer: &Customer,
    write: impl Fn() -> Result<(), Deviation>,
) -> Result<(), Deviation> {
    write()?;
    race(vec![(); 4], |()| trial.holds(customer)).into_iter().collect()
}

/// A customer with a journal of this many entries.
fn journalled<H: Harness>(trial: &Trial<'_, H>, entries: u64) -> Result<Customer, Deviation> {
    let mut customer = trial.customer("journalled");
    for nth in 1..=entries {
        trial.accepts(&trial.order(&mut customer, nth, &format!("order {nth}"))?)?;
    }
    Ok(customer)
}

pub(super) fn c8_history_in_pages_of_any_size<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let customer = journalled(trial, 6)?;
    let whole = trial.journal(customer.id(), PageSize::MAX)?;
    same("the entries of a history", &6, &whole.len())?;
    // One at a time; pages that divide the journal, and that do not; exactly all; more than all.
    for most in [1, 2, 4, 5, 6, 7] {
        let paged = trial.journal(customer.id(), rows(most))?;
        same(&format!("a history in pages of {most}"), &whole, &paged)?;
    }
    Ok(())
}

pub(super) fn c8_history_ends_with_an_empty_page<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let customer = journalled(trial, 3)?;
    // The last ones come out as a revision before the end where a number is cut to its lower bits.
    let beyond = [1 << 31, 1 << 32, (1 << 32) + 1, 1 << 63, u64::MAX];
    for after in [3, 4, 1_000].into_iter().chain(beyond) {
        let left = trial.page(customer.id(), after, rows(2))?.len();
        same(&format!("the entries after revision {after} of 3"), &0, &left)?;
    }
    trial.lacks(&trial.customer("unknown"))
}

pub(super) fn c8_pages_stay_as_they_were<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = journalled(trial, 4)?;
    let id = customer.id();
    let read = |after| -> Result<Vec<Entry>, Deviation> {
        let page = trial.page(id, after, rows(2))?;
        let entries = page.iter().map(|stored| stored.decode());
        entries.collect::<Result<_, _>>().map_err(|error| Deviation::failed("reading", &error))
    };
    let before = (read(0)?, read(2)?);
    for nth in 5..=7 {
        trial.accepts(&trial.order(&mut customer, nth, &format!("order {nth}"))?)?;
    }
    let after = (read(0)?, read(2)?);
    let revisions = |page: &[Entry]| page.iter().map(|entry| entry.revision).collect::<Vec<_>>();
    for (before, after) in [(before.0, after.0), (before.1, after.1)] {
        let what = "the revisions in a page that is read again after later commits";
        same(what, &revisions(&before), &revisions(&after))?;
        same("a page that is read again after later commits", &before, &after)?;
    }
    Ok(())
}
