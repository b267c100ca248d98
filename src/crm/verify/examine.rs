//! One customer, looked at from all sides.

use std::collections::BTreeSet;

use super::Flaw;
use crate::crm::{Crm, restore};
use crate::customer::{Customer, Entry, Event};
use crate::id::CustomerId;
use crate::profile::{ExternalKey, ProfileEvent};
use crate::store::{Index, Inspect, PageSize, StoreError, StoredEntry, Waking};
use crate::time::Timestamp;

/// What was found of one customer.
#[derive(Default)]
pub(super) struct Examined {
    /// The revision it was examined at; `None` if there is no such customer.
    pub(super) revision: Option<u64>,
    /// The entries of its journal.
    pub(super) entries: u64,
    /// Its place on the agenda, if it has one.
    pub(super) waking: Option<Waking>,
    pub(super) flaws: Vec<Flaw>,
}

/// Examines one customer.
pub(super) async fn examine<S: Inspect>(
    crm: &Crm<S>,
    id: CustomerId,
) -> Result<Examined, StoreError> {
    let Some(stored) = crm.store.load(crm.tenant, id).await? else {
        return Ok(Examined::default());
    };
    let mut examined = Examined { revision: Some(stored.revision), ..Examined::default() };
    let revision = stored.revision;
    let journal = examined.journal(crm, id, revision).await?;
    examined.commands(crm, id, &journal).await?;
    match restore(id, Some(stored)) {
        Err(error) => examined.flaws.push(Flaw::Parts(error)),
        Ok(customer) => {
            examined.columns(crm, &customer).await?;
            examined.keys(crm, &customer).await?;
            // A journal with a gap tells of another customer for sure; that is no news.
            if u64::try_from(journal.len()) == Ok(revision) {
                examined.story(&journal, customer);
            }
        }
    }
    Ok(examined)
}

impl Examined {
    /// Reads the journal; the answer is as much of it as can be read.
    async fn journal<S: Inspect>(
        &mut self,
        crm: &Crm<S>,
        id: CustomerId,
        revision: u64,
    ) -> Result<Vec<Entry>, StoreError> {
        let (mut last, mut journal) = (0, Vec::new());
        'pages: loop {
            let page = crm.store.history(crm.tenant, id, last, PageSize::MAX).await?;
            if page.is_empty() {
                break;
            }
            for envelope in page {
                let (expected, found) = (last.saturating_add(1), envelope.revision);
                if found != expected {
                    self.flaws.push(Flaw::Gap { expected, found });
                }
                // What goes back would be read again and again.
                if found < expected {
                    break 'pages;
                }
                last = found;
                self.entries = self.entries.saturating_add(1);
                journal.extend(self.entry(&envelope));
            }
        }
        if last != revision {
            self.flaws.push(Flaw::Revision { stored: revision, journalled: last });
        }
        Ok(journal)
    }

    fn entry(&mut self, envelope: &StoredEntry) -> Option<Entry> {
        let revision = envelope.revision;
        match envelope.decode() {
            Ok(entry) => {
                let told = (entry.revision, entry.recorded_at);
                if told != (revision, envelope.recorded_at) {
                    self.flaws.push(Flaw::Envelope { revision });
                }
                Some(entry)
            }
            Err(source) => {
                self.flaws.push(Flaw::Entry { revision, source });
                None
            }
        }
    }

    /// Compares a customer with what its whole journal tells.
    fn story(&mut self, journal: &[Entry], customer: Customer) {
        if !customer.profile().is_empty() && !tells_of_a_profile(journal) {
            self.flaws.push(Flaw::Profile);
        }
        if Customer::fold(customer.id(), journal) != customer.without_profile() {
            self.flaws.push(Flaw::State);
        }
    }

    async fn commands<S: Inspect>(
        &mut self,
        crm: &Crm<S>,
        id: CustomerId,
        journal: &[Entry],
    ) -> Result<(), StoreError> {
        for Entry { command_id, revision, .. } in journal {
            let accepted = crm.store.receipt(crm.tenant, *command_id).await?;
            let receipt = accepted.map(|accepted| accepted.receipt);
            let made = (id, *revision);
            if !receipt.is_some_and(|receipt| receipt.revisions.contains(&made)) {
                self.flaws.push(Flaw::Command { command_id: *command_id });
            }
        }
        Ok(())
    }

    async fn columns<S: Inspect>(
        &mut self,
        crm: &Crm<S>,
        customer: &Customer,
    ) -> Result<(), StoreError> {
        let inspection = crm.store.inspect(crm.tenant, customer.id()).await?;
        let stored = inspection.as_ref().map(|inspection| inspection.index);
        let is_known = customer.rulebook().is_none_or(|judging| crm.books.get(judging).is_some());
        let mut expected = Index::of(customer, &crm.books);
        if !is_known {
            self.flaws.push(Flaw::UnknownRulebook);
            expected.wake_at = stored.and_then(|stored| stored.wake_at);
        }
        if stored != Some(expected) {
            self.flaws.push(Flaw::Columns { stored, expected });
        }
        self.waking = expected.rulebook.map(|_| Waking {
            wake_at: expected.wake_at.unwrap_or(Timestamp::MAX),
            id: customer.id(),
        });
        let held = inspection.map(|inspection| inspection.claims).unwrap_or_default();
        let distinct: BTreeSet<&ExternalKey> = held.iter().collect();
        let keys: BTreeSet<&ExternalKey> = customer.profile().external_keys().collect();
        if distinct != keys || held.len() != keys.len() {
            self.flaws.push(Flaw::Claims { held: held.len(), keys: keys.len() });
        }
        Ok(())
    }

    async fn keys<S: Inspect>(
        &mut self,
        crm: &Crm<S>,
        customer: &Customer,
    ) -> Result<(), StoreError> {
        for key in customer.profile().external_keys() {
            if crm.store.holder(crm.tenant, key).await? != Some(customer.id()) {
                self.flaws.push(Flaw::Claim);
            }
        }
        Ok(())
    }
}

/// Whether a profile was recorded, and not erased since.
fn tells_of_a_profile(journal: &[Entry]) -> bool {
    let events = journal.iter().flat_map(|entry| &entry.events);
    let mut told = events.filter_map(|event| match event {
        Event::Profile(event) => Some(event),
        Event::Admitted(_)
        | Event::RulebookAdopted { .. }
        | Event::Purchase(_)
        | Event::Observed(_)
        | Event::Lifecycle(_)
        | Event::Tier(_)
        | Event::Reviewed(_) => None,
    });
    told.next_back().is_some_and(|event| *event != ProfileEvent::Erased)
}
