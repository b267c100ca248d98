//! C13: what must be gone.

use super::super::check::{Deviation, same};
use super::super::harness::Harness;
use super::super::subject::{Refusal, Trial};
use crate::customer::Customer;
use crate::id::CustomerId;
use crate::profile::{
    ContactKind, ContactPoint, ExternalKey, Party, Person, ProfileCommand, ProfileError,
};
use crate::store::{Accepted, Commit, CustomerStore, Erase, PageSize};

/// Stands in every personal value of these checks, and in nothing else.
const NEEDLE: &str = "needle";

/// As many as one call erases, and then some.
const IDS: usize = 10_000;

/// A customer of whom much is known, and what made it so: profiles are personal, orders are not.
pub(in super::super) struct Known {
    pub(in super::super) customer: Customer,
    pub(in super::super) keys: [ExternalKey; 2],
    pub(in super::super) personal: Vec<Commit>,
    pub(in super::super) others: Vec<Commit>,
}

impl Known {
    /// The commits that made it, before any other.
    pub(in super::super) fn in_order(&self) -> Vec<&Commit> {
        let turns = self.others.iter().zip(&self.personal);
        turns.flat_map(|(other, personal)| [other, personal]).collect()
    }
}

impl<H: Harness<Store: Erase>> Trial<'_, H> {
    pub(in super::super) fn forget(&self, ids: &[CustomerId]) -> Result<(), Deviation> {
        self.ask("forgetting", || self.store.forget(self.tenant, ids))
    }

    /// A customer of whom much will be known, once its commits are carried out.
    pub(in super::super) fn told(&self, name: &str) -> Result<Known, Deviation> {
        let mut customer = self.customer(name);
        let keys = [personal_key(name, "first")?, personal_key(name, "second")?];
        let (mut personal, mut others) = (Vec::new(), Vec::new());
        for (nth, command) in profile(name, &keys)?.into_iter().enumerate() {
            others.push(self.order(&mut customer, 1, &format!("order {nth} of {name}"))?);
            let tell = format!("tell {nth} of {name}");
            personal.push(self.decide(&mut customer, &command.into(), &tell)?);
        }
        Ok(Known { customer, keys, personal, others })
    }

    /// Records a customer of whom much is known.
    pub(in super::super) fn known(&self, name: &str) -> Result<Known, Deviation> {
        let known = self.told(name)?;
        known.in_order().into_iter().try_for_each(|commit| self.accepts(commit))?;
        Ok(known)
    }

    /// Empties the profile of a customer, as the first half of an erasure.
    pub(in super::super) fn emptied(&self, known: &mut Known, name: &str) -> Result<(), Deviation> {
        let erase = self.erase(&mut known.customer, &format!("erase {name}"))?;
        self.accepts(&erase)?;
        known.others.push(erase);
        Ok(())
    }

    /// Every document that these traits give of a customer.
    fn documents(&self, id: CustomerId) -> Result<Vec<Vec<u8>>, Deviation> {
        let parts = self.stored(id)?.map(|stored| stored.parts).unwrap_or_default();
        let entries = self.page(id, 0, PageSize::MAX)?.into_iter();
        let documents = parts.into_iter().map(|part| part.document);
        Ok(documents.chain(entries.map(|entry| entry.document)).collect())
    }

    /// How many documents of a customer tell something personal.
    fn personal_documents(&self, id: CustomerId) -> Result<usize, Deviation> {
        let tells = |document: &Vec<u8>| {
            let text = document.to_ascii_lowercase();
            text.windows(NEEDLE.len()).any(|part| part == NEEDLE.as_bytes())
        };
        Ok(self.documents(id)?.iter().filter(|document| tells(document)).count())
    }

    /// What is remembered of these commands has no fingerprint any more, and they are answered so.
    pub(in super::super) fn has_forgotten(&self, commits: &[Commit]) -> Result<(), Deviation> {
        for commit in commits {
            let forgotten = Accepted { fingerprint: None, ..commit.accepted() };
            let ask = || self.store.receipt(self.tenant, commit.command_id());
            let saw = self.ask("asking for a receipt", ask)?;
            same("what is remembered of a forgotten command", &Some(&forgotten), &saw.as_ref())?;
            self.refuses(commit, Refusal::Forgotten)?;
        }
        Ok(())
    }
}

/// A key that tells something, of another text for each customer.
pub(super) fn personal_key(name: &str, which: &str) -> Result<ExternalKey, Deviation> {
    ExternalKey::new("conformance", format!("{NEEDLE} {which} of {name}"))
        .map_err(|error| Deviation::failed("the check's own key", &error))
}

/// Commands after which everything that a profile can hold is told.
fn profile(name: &str, keys: &[ExternalKey; 2]) -> Result<Vec<ProfileCommand>, Deviation> {
    let text = |what: &str| format!("{what} {NEEDLE} of {name}");
    let commands = || -> Result<Vec<ProfileCommand>, ProfileError> {
        let person = Person::new(text("name"))?.with_occupation(text("occupation"))?;
        let person = person.with_interest(text("interest"))?;
        let contact = ContactPoint::new(ContactKind::Email, text("address"))?;
        let [first, second] = keys.clone();
        Ok(vec![
            ProfileCommand::Identify(Party::Person(person)),
            ProfileCommand::AddContact(contact.with_label(text("label"))?),
            ProfileCommand::LinkKey(first),
            ProfileCommand::LinkKey(second),
        ])
    };
    commands().map_err(|error| Deviation::failed("the check's own profile", &error))
}

pub(super) fn c13_nothing_personal_is_readable<H: Harness<Store: Erase>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut known = trial.known("erased")?;
    let id = known.customer.id();
    // Or the rest would look for what was never there.
    same("the documents that tell something before", &1, &trial.personal_documents(id)?)?;
    trial.emptied(&mut known, "erased")?;
    trial.forget(&[id])?;
    same("the documents that tell something after an erasure", &0, &trial.personal_documents(id)?)?;
    known.keys.iter().try_for_each(|key| trial.held(key, None))
}

pub(super) fn c13_fingerprints_of_personal_commands_are_forgotten<H: Harness<Store: Erase>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut known = trial.known("erased")?;
    trial.emptied(&mut known, "erased")?;
    trial.forget(&[known.customer.id()])?;
    trial.has_forgotten(&known.personal)?;
    // Whether it is the same command can no longer be told, so other content is answered alike.
    let mut customer = known.customer.clone();
    for nth in 0..known.personal.len() {
        let other = trial.order(&mut customer, 7, &format!("tell {nth} of erased"))?;
        trial.refuses(&other, Refusal::Forgotten)?;
    }
    trial.holds(&known.customer)
}

/// Of a command to two customers, the one who is erased, and the command is personal for.
pub(super) fn c13_commands_to_several_are_forgotten_whole<H: Harness<Store: Erase>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut erased, mut other) = (trial.customer("erased"), trial.customer("other"));
    let order = trial.order(&mut other, 1, "both")?;
    let told = personal_key("erased", "first")?;
    let both = order.joined(trial.link(&mut erased, &told, "both")?);
    trial.accepts(&both)?;
    trial.accepts(&trial.erase(&mut erased, "erase")?)?;
    trial.forget(&[erased.id()])?;
    trial.has_forgotten(&[both])?;
    trial.holds(&other)?;
    trial.holds(&erased)
}

pub(super) fn c13_many_are_forgotten_in_one_call<H: Harness<Store: Erase>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let names = ["first", "second", "third"];
    let mut everybody = Vec::new();
    for name in names {
        let mut known = trial.known(name)?;
        trial.emptied(&mut known, name)?;
        everybody.push(known);
    }
    let mut ids: Vec<_> = everybody.iter().map(|known| known.customer.id()).collect();
    // One of them twice, and among as many as one call may have that nobody knows.
    ids.extend(ids.first().copied());
    let unknown = (1..=IDS).map(|nth| trial.customer(&format!("unknown {nth}")).id());
    let ids: Vec<_> = unknown.chain(ids).collect();
    trial.forget(&ids)?;
    for known in &everybody {
        trial.has_forgotten(&known.personal)?;
        known.others.iter().try_for_each(|commit| trial.replays(commit))?;
    }
    Ok(())
}
