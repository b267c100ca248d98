//! What a check can expect of the store.
//!
//! Customers are compared as a whole, and documents by what they mean; the checks of
//! [`documents`](super::customers) are about their bytes.

use super::check::{Deviation, same};
use super::harness::Harness;
use super::subject::{Answer, Refusal, Trial};
use crate::customer::{Customer, Entry};
use crate::id::CustomerId;
use crate::profile::ExternalKey;
use crate::store::{Accepted, Commit, CustomerStore, PageSize, Stored, StoredEntry};

impl<H: Harness> Trial<'_, H> {
    /// A commit goes through, with the receipt of the first time. Where that was lost on its way and
    /// the commit sent again, a replay is right.
    pub(super) fn accepts(&self, commit: &Commit) -> Result<(), Deviation> {
        let (answer, repeated) = self.insist(commit);
        if repeated && answer == Ok(commit.receipt().replay()) {
            return Ok(());
        }
        same("the answer to a commit", &Ok(commit.receipt()), &answer)
    }

    /// The same command is known already, and gives its first receipt.
    pub(super) fn replays(&self, commit: &Commit) -> Result<(), Deviation> {
        self.answers(commit, &Ok(commit.receipt().replay()))
    }

    /// A commit is refused for this reason.
    pub(super) fn refuses(&self, commit: &Commit, refusal: Refusal) -> Result<(), Deviation> {
        self.answers(commit, &Err(refusal))
    }

    fn answers(&self, commit: &Commit, expected: &Answer) -> Result<(), Deviation> {
        same("the answer to a commit", expected, &self.commit(commit))
    }

    /// The documents of a customer as the store gives them back, in the order of their names.
    pub(super) fn stored(&self, id: CustomerId) -> Result<Option<Stored>, Deviation> {
        let stored = self.ask("a load", || self.store.load(self.tenant, id))?;
        Ok(stored.map(in_order))
    }

    /// The customer as the store gives it back.
    pub(super) fn load(&self, id: CustomerId) -> Result<Option<Customer>, Deviation> {
        let stored = self.stored(id)?;
        stored.map(|stored| restored("what a load gave", id, &stored)).transpose()
    }

    /// One page of a journal, as it is kept.
    pub(super) fn page(
        &self,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> Result<Vec<StoredEntry>, Deviation> {
        self.ask("a page of history", || self.store.history(self.tenant, id, after, size))
    }

    /// The whole journal, read in pages of this size.
    pub(super) fn journal(&self, id: CustomerId, size: PageSize) -> Result<Vec<Entry>, Deviation> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.revision);
            let page = self.page(id, after, size)?;
            if page.is_empty() {
                return Ok(entries);
            }
            fits("a page of history", page.len(), size)?;
            for stored in &page {
                let entry = stored.decode();
                let entry = entry.map_err(|error| Deviation::failed("reading an entry", &error))?;
                same(
                    "the revision of an entry, inside and out",
                    &entry.revision,
                    &stored.revision,
                )?;
                // Pages that do not come forward would never end, either.
                let next = entries.last().map_or(1, |last| last.revision.saturating_add(1));
                same("the revision of the next entry of a history", &next, &entry.revision)?;
                entries.push(entry);
            }
        }
    }

    /// The store holds this customer: its state, its journal and its claims.
    pub(super) fn holds(&self, expected: &Customer) -> Result<(), Deviation> {
        let id = expected.id();
        let Some(saw) = self.load(id)? else {
            let expected = format!("customer {id} at revision {}", expected.revision());
            return Err(Deviation::new(expected, "no such customer"));
        };
        same_customer("what a load gives", expected, &saw)?;
        let journal = self.journal(id, PageSize::MAX)?;
        let last = journal.last().map_or(0, |entry| entry.revision);
        same("the last revision of the journal", &expected.revision(), &last)?;
        let folded = Customer::fold(id, &journal);
        same("the lifecycle that the journal tells of", expected.lifecycle(), folded.lifecycle())?;
        same("the purchases that the journal tells of", expected.purchases(), folded.purchases())?;
        expected.profile().external_keys().try_for_each(|key| self.held(key, Some(expected)))
    }

    /// The store has nothing of this customer.
    pub(super) fn lacks(&self, customer: &Customer) -> Result<(), Deviation> {
        let id = customer.id();
        let saw = self.load(id)?.map(|customer| customer.revision());
        same("the revision of a customer that nothing was recorded of", &None, &saw)?;
        let entries = self.page(id, 0, PageSize::MAX)?.len();
        same("the entries of a customer that nothing was recorded of", &0, &entries)
    }

    /// A claim is held by this customer, or by nobody.
    pub(super) fn held(&self, key: &ExternalKey, by: Option<&Customer>) -> Result<(), Deviation> {
        let saw = self.ask("asking for a holder", || self.store.holder(self.tenant, key))?;
        let what = format!("the holder of the claim `{}`", key.key());
        same(&what, &by.map(Customer::id), &saw)
    }

    /// The command of this commit is remembered with its first receipt.
    pub(super) fn remembers(&self, commit: &Commit) -> Result<(), Deviation> {
        same("what is remembered of a command", &Some(commit.accepted()), &self.remembered(commit)?)
    }

    /// The command of this commit was never carried out.
    pub(super) fn never_heard(&self, commit: &Commit) -> Result<(), Deviation> {
        let what = "what is remembered of a command that was not carried out";
        same(what, &None, &self.remembered(commit)?)
    }

    pub(super) fn remembered(&self, commit: &Commit) -> Result<Option<Accepted>, Deviation> {
        let id = commit.command_id();
        self.ask("asking for a receipt", || self.store.receipt(self.tenant, id))
    }
}

/// A page has no more rows than were asked for.
pub(super) fn fits(what: &str, rows: usize, size: PageSize) -> Result<(), Deviation> {
    if rows <= size.rows() {
        return Ok(());
    }
    Err(Deviation::new(format!("{what} of at most {} rows", size.rows()), format!("{rows} rows")))
}

/// A page of this many rows.
pub(super) fn rows(rows: u16) -> PageSize {
    PageSize::new(rows).unwrap_or(PageSize::MAX)
}

/// The parts of a customer may come in any order.
pub(super) fn in_order(mut stored: Stored) -> Stored {
    stored.parts.sort_by_key(|part| part.name);
    stored
}

/// The customer that a store has given back.
pub(super) fn restored(what: &str, id: CustomerId, stored: &Stored) -> Result<Customer, Deviation> {
    Customer::from_parts(id, stored.revision, &stored.parts)
        .map_err(|error| Deviation::failed(&format!("reading {what}"), &error))
}

/// What was read is the customer as it was after one of its commits.
pub(super) fn one_of(what: &str, states: &[Customer], saw: &Customer) -> Result<(), Deviation> {
    match states.iter().find(|state| state.revision() == saw.revision()) {
        Some(state) => same_customer(what, state, saw),
        None => same(&format!("{what} to be one of its revisions"), &true, &false),
    }
}

/// The customers are equal; where they are not, says in what, because the whole of two customers fills
/// pages.
pub(super) fn same_customer(
    what: &str,
    expected: &Customer,
    saw: &Customer,
) -> Result<(), Deviation> {
    let revision = expected.revision();
    same(&format!("{what}, its revision"), &revision, &saw.revision())?;
    if expected == saw {
        return Ok(());
    }
    let rooms = [
        ("lifecycle", expected.lifecycle() == saw.lifecycle()),
        ("purchases", expected.purchases() == saw.purchases()),
        ("profile", expected.profile() == saw.profile()),
    ];
    let other: Vec<_> = rooms.iter().filter(|(_, equal)| !equal).map(|(name, _)| *name).collect();
    let expected = format!("{what}: the customer as decided at revision {revision}");
    let saw = match other.as_slice() {
        [] => "one that was taken to another instant".to_owned(),
        other => format!("that revision with something else in its {}", other.join(" and its ")),
    };
    Err(Deviation::new(expected, saw))
}
