//! C16: rulebooks, each in force later than all before it.

use super::super::check::{Deviation, chain, same};
use super::super::harness::Harness;
use super::super::race::{ROUNDS, WRITERS, race};
use super::super::subject::Trial;
use crate::money::Currency;
use crate::rulebook::{Policy, Rulebook};
use crate::store::{Archive, ArchiveError, StoredRulebook};
use crate::time::Timestamp;

/// An [`ArchiveError`] that can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kept {
    Yes,
    NotLater { latest: Timestamp },
    Failed(String),
}

impl<H: Harness<Store: Archive>> Trial<'_, H> {
    /// Keeps a rulebook, again while the store fails for the moment: the same one again is no error.
    fn keep(&self, book: &StoredRulebook) -> Result<Kept, Deviation> {
        let keep = || async {
            match self.store.keep(self.tenant, book.clone()).await {
                Ok(()) => Ok(Kept::Yes),
                Err(ArchiveError::NotLater { latest }) => Ok(Kept::NotLater { latest }),
                Err(ArchiveError::Store(error)) if error.is_transient() => Err(error),
                Err(ArchiveError::Store(error)) => Ok(Kept::Failed(chain(&error))),
            }
        };
        self.ask("keeping a rulebook", keep)
    }

    pub(in super::super) fn keeps(&self, book: &StoredRulebook) -> Result<(), Deviation> {
        same("the answer to a rulebook that is to be kept", &Kept::Yes, &self.keep(book)?)
    }

    pub(in super::super) fn has_rulebooks(
        &self,
        expected: &[StoredRulebook],
    ) -> Result<(), Deviation> {
        let saw = self.ask("asking for the rulebooks", || self.store.rulebooks(self.tenant))?;
        same("the rulebooks kept", &names(expected), &names(&saw))?;
        if expected == saw { Ok(()) } else { Err(other_document()) }
    }
}

/// Rulebooks by the instant they come into force: whole policies fill pages.
fn names(books: &[StoredRulebook]) -> Vec<Timestamp> {
    books.iter().map(|book| book.in_force_from).collect()
}

fn other_document() -> Deviation {
    Deviation::new("each rulebook kept byte for byte", "another document")
}

/// A rulebook of the kit's own; those of different `number` have different documents.
pub(in super::super) fn book(number: u64, from: Timestamp) -> Result<StoredRulebook, Deviation> {
    let mut policy = Policy::new(Currency::USD);
    policy.future_tolerance_seconds = u32::try_from(number).unwrap_or(0);
    let book = Rulebook::new(policy, from);
    let book = book.map_err(|error| Deviation::failed("the check's own policy", &error))?;
    Ok(StoredRulebook::from(&book))
}

/// An instant so many seconds after the first.
pub(in super::super) fn second(nth: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH.saturating_add_seconds(nth)
}

pub(super) fn c16_rulebooks_are_given_back_in_their_order<H: Harness<Store: Archive>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    trial.has_rulebooks(&[])?;
    let books = [book(1, Timestamp::MIN)?, book(2, second(0))?, book(1, second(7))?];
    let mut kept = Vec::new();
    for book in books {
        trial.keeps(&book)?;
        kept.push(book);
        trial.has_rulebooks(&kept)?;
    }
    Ok(())
}

pub(super) fn c16_same_rulebook_again_changes_nothing<H: Harness<Store: Archive>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let books = [book(1, second(1))?, book(2, second(2))?];
    books.iter().try_for_each(|book| trial.keeps(book))?;
    books.iter().try_for_each(|book| trial.keeps(book))?;
    trial.has_rulebooks(&books)
}

pub(super) fn c16_earlier_rulebook_is_refused<H: Harness<Store: Archive>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let books = [book(1, second(1))?, book(2, second(10))?];
    books.iter().try_for_each(|book| trial.keeps(book))?;
    let refused = Kept::NotLater { latest: second(10) };
    for from in [second(10), second(10).previous(), second(1), second(0)] {
        let what = format!("the answer to a rulebook in force from {from}");
        same(&what, &refused, &trial.keep(&book(3, from)?)?)?;
    }
    trial.has_rulebooks(&books)?;
    // The next instant is free.
    trial.keeps(&book(3, second(10).next())?)
}

pub(super) fn c16_race_for_one_instant<H: Harness<Store: Archive>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    for round in 1..=ROUNDS {
        let at = second(i64::try_from(round).unwrap_or(0));
        let books = (1..=WRITERS).map(|number| book(number, at)).collect::<Result<Vec<_>, _>>()?;
        let answers = race(books, |book| trial.keep(&book));
        let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
        let kept = answers.iter().filter(|answer| **answer == Kept::Yes).count();
        same("the rulebooks kept of those of one instant", &1, &kept)?;
        let refused = Kept::NotLater { latest: at };
        let mut others = answers.iter().filter(|answer| **answer != Kept::Yes);
        others.try_for_each(|answer| same("the answer to the others", &refused, answer))?;
        let all = trial.ask("asking for the rulebooks", || trial.store.rulebooks(trial.tenant))?;
        same("how many rulebooks are kept", &round, &u64::try_from(all.len()).unwrap_or(0))?;
    }
    Ok(())
}

pub(super) fn c9_tenants_share_no_rulebook<H: Harness<Store: Archive>>(
    here: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let there = here.elsewhere();
    let (ours, theirs) = ([book(1, second(9))?], [book(2, second(3))?]);
    here.keeps(&ours[0])?;
    there.has_rulebooks(&[])?;
    there.keeps(&theirs[0])?;
    here.has_rulebooks(&ours)?;
    there.has_rulebooks(&theirs)
}
