//! What was sent to a tenant and what was acknowledged, and therefore must be found.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use guanxi::crm::{Crm, Job};
use guanxi::profile::{ExternalKey, ProfileCommand};
use guanxi::store::{Inspect, PageSize, Scan};
use guanxi::{Actor, Command, CommandId, CustomerId, Entry, Rulebook, TenantId};

use super::carry::{Answer, Whole, carry_out};
use super::child::Word;
use super::operation::{Operation, STEPS_MAX, TASKS, keys};

pub(super) struct Ledger {
    tenant: TenantId,
    /// Everything that may be in a journal, but for what runs of the scheduler do.
    sent: HashMap<CommandId, Job>,
    acknowledged: Vec<(Job, Answer)>,
    deliveries: Vec<Vec<CommandId>>,
    adopted: Vec<Rulebook>,
    /// What the children were at when they were killed.
    in_flight: Vec<Operation>,
    /// Entries that must be in the journals.
    entries: u64,
}

/// The journals of a tenant, and the place of each command in them.
struct Found {
    journals: BTreeMap<CustomerId, Vec<Entry>>,
    places: HashMap<CommandId, (CustomerId, u64)>,
}

impl Ledger {
    pub(super) fn new(tenant: TenantId) -> Self {
        Self {
            tenant,
            sent: HashMap::new(),
            acknowledged: Vec::new(),
            deliveries: Vec::new(),
            adopted: Vec::new(),
            in_flight: Vec::new(),
            entries: 0,
        }
    }

    /// Takes down what a child told before it was killed. Gives the number of entries acknowledged.
    pub(super) fn hear(&mut self, life: u64, told: &[Word]) -> u64 {
        let before = self.entries;
        let mut next = vec![0; usize::try_from(TASKS).unwrap()];
        for word in told {
            let Word::Done { task, step, answers } = word else { continue };
            let expected = &mut next[usize::try_from(*task).unwrap()];
            assert_eq!(step, expected, "a task tells in the order of its steps");
            *expected += 1;
            let operation = Operation::of(life, *task, *step);
            self.send(&operation);
            self.acknowledge(&operation, answers);
        }
        for (task, step) in (0..).zip(next) {
            if step < STEPS_MAX {
                let operation = Operation::of(life, task, step);
                self.send(&operation);
                self.in_flight.push(operation);
            }
        }
        self.entries - before
    }

    fn send(&mut self, operation: &Operation) {
        let jobs = operation.jobs();
        self.sent.extend(jobs.iter().map(|job| (job.context.command_id, job.clone())));
        if let Operation::Delivery(jobs) = operation {
            let ids = jobs.iter().map(|job| job.context.command_id);
            self.deliveries.push(ids.collect());
        }
    }

    fn acknowledge(&mut self, operation: &Operation, answers: &[Answer]) {
        for answer in answers {
            self.entries += match answer {
                // Of a command sent again by the child itself, which answers once.
                Answer::Recorded(_) | Answer::Replayed(_) => 1,
                Answer::Changed(customers) => *customers,
                _ => 0,
            };
        }
        self.remember(operation, answers);
    }

    fn remember(&mut self, operation: &Operation, answers: &[Answer]) {
        match operation {
            Operation::Adopt(book) if answers == [Answer::Adopted] => {
                self.adopted.push(book.as_ref().clone());
            }
            _ => {
                let jobs = operation.jobs().iter().cloned();
                self.acknowledged.extend(jobs.zip(answers.iter().copied()));
            }
        }
    }

    pub(super) const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Checks that the store keeps all that was acknowledged and nothing by half, then sends again what
    /// the children were at. Gives the number of entries that nobody had acknowledged.
    pub(super) async fn examine<S: Whole + Scan + Inspect>(&mut self, crm: &mut Crm<S>) -> u64 {
        let found = Found::of(crm).await;
        self.check_commands(&found);
        self.check_deliveries(&found);
        self.check_claims(crm, &found).await;
        for book in &self.adopted {
            assert!(crm.books().get(book.reference()).is_some(), "an adopted rulebook is lost");
        }
        let verification = crm.verify().await.unwrap();
        assert!(verification.is_sound(), "{:#?}", verification.flaws);

        let entries = found.places.len() as u64;
        assert_eq!(entries, verification.entries);
        let beyond = entries.checked_sub(self.entries).expect("what a run did is lost");
        self.entries = entries;
        for operation in std::mem::take(&mut self.in_flight) {
            self.send_again(crm, &operation, &found).await;
        }
        beyond
    }

    fn check_commands(&self, found: &Found) {
        for (job, answer) in &self.acknowledged {
            let place = found.places.get(&job.context.command_id);
            match answer {
                Answer::Recorded(revision) | Answer::Replayed(revision) => {
                    assert_eq!(place, Some(&(job.id, *revision)), "acknowledged, and not there");
                }
                Answer::Forgotten => assert!(place.is_some(), "{job:?}"),
                _ => assert_eq!(place, None, "{answer:?}, and yet there"),
            }
        }
        for (id, journal) in &found.journals {
            for entry in journal.iter().filter(|entry| entry.actor != Actor::System) {
                let sent = self.sent.get(&entry.command_id).map(|job| job.id);
                assert_eq!(sent, Some(*id), "an entry that nobody sent: {entry:?}");
            }
        }
    }

    /// C1: all of what one transaction brought, or none.
    fn check_deliveries(&self, found: &Found) {
        for delivery in &self.deliveries {
            let there = delivery.iter().filter(|id| found.places.contains_key(id)).count();
            assert!(there == 0 || there == delivery.len(), "{there} of {}", delivery.len());
        }
    }

    /// A customer holds exactly the keys that the commands of its journal leave it with, taken in the
    /// order of revisions, whether they were acknowledged or not.
    async fn check_claims<S: Whole>(&self, crm: &Crm<S>, found: &Found) {
        let mut holders: BTreeMap<ExternalKey, CustomerId> = BTreeMap::new();
        for (id, journal) in &found.journals {
            let mut held = BTreeSet::new();
            for job in journal.iter().filter_map(|entry| self.sent.get(&entry.command_id)) {
                match &job.command {
                    Command::Profile(ProfileCommand::LinkKey(key)) => drop(held.insert(key)),
                    Command::Profile(ProfileCommand::UnlinkKey(key)) => drop(held.remove(key)),
                    Command::Profile(ProfileCommand::Erase) => held.clear(),
                    _ => {}
                }
            }
            for key in held {
                let other = holders.insert(key.clone(), *id);
                assert_eq!(other, None, "two customers hold one key");
            }
        }
        for key in keys() {
            assert_eq!(crm.find(&key).await.unwrap(), holders.get(&key).copied());
        }
    }

    /// C5: what is there already is not done twice.
    async fn send_again<S: Whole>(
        &mut self,
        crm: &mut Crm<S>,
        operation: &Operation,
        found: &Found,
    ) {
        let answers = carry_out(crm, operation).await.unwrap();
        for (job, answer) in operation.jobs().iter().zip(&answers) {
            let place = found.places.get(&job.context.command_id);
            match (place, answer) {
                // Whoever forgets a customer forgets what all its commands told, also those that came
                // in while it was being erased.
                (Some(_), Answer::Forgotten) => {
                    assert!(self.is_erasure_sent(job.id), "forgotten without an erasure");
                }
                (Some((_, there)), answer) => assert_eq!(*answer, Answer::Replayed(*there)),
                (None, Answer::Recorded(_)) => self.entries += 1,
                (None, answer) => {
                    assert!(matches!(answer, Answer::Unchanged | Answer::Refused), "{answer:?}");
                }
            }
        }
        if let [Answer::Changed(customers)] = answers[..] {
            self.entries += customers;
        }
        self.remember(operation, &answers);
    }

    fn is_erasure_sent(&self, id: CustomerId) -> bool {
        let mut sent = self.sent.values().filter(|job| job.id == id);
        sent.any(|job| matches!(job.command, Command::Profile(ProfileCommand::Erase)))
    }
}

impl Found {
    async fn of<S: Scan>(crm: &Crm<S>) -> Self {
        let mut found = Self { journals: BTreeMap::new(), places: HashMap::new() };
        for customer in crm.scan(None, PageSize::MAX).await.unwrap() {
            let id = customer.id();
            let journal = crm.history(id).await.unwrap();
            for entry in &journal {
                let other = found.places.insert(entry.command_id, (id, entry.revision));
                assert_eq!(other, None, "a command was carried out twice");
            }
            found.journals.insert(id, journal);
        }
        found
    }
}
