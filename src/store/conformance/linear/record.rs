//! A history as it happened: what was asked and answered, and when each began and ended.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::subject::{Refusal, Trial, key};
use super::specification::{CommandNumber, Number, Operation, Outcome};
use crate::customer::Customer;
use crate::profile::ExternalKey;
use crate::store::{Commit, CustomerStore, Receipt};

/// An operation that was answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Done {
    pub(super) thread: usize,
    /// The ticks of one counter for all.
    pub(super) began: u64,
    pub(super) ended: u64,
    pub(super) operation: Operation,
    pub(super) outcome: Outcome,
}

/// A command that was decided, and the customer if it is carried out.
#[derive(Clone)]
struct Decided {
    commit: Commit,
    operation: Operation,
    after: Customer,
}

/// One round: its customers and claims, and what has happened in it.
pub(super) struct Record<'a, 'b, H: Harness> {
    trial: &'a Trial<'b, H>,
    name: String,
    customers: Vec<Customer>,
    claims: Vec<ExternalKey>,
    commands: Mutex<BTreeMap<CommandNumber, Decided>>,
    clock: AtomicU64,
}

impl<'a, 'b, H: Harness> Record<'a, 'b, H> {
    pub(super) fn new(
        trial: &'a Trial<'b, H>,
        name: &str,
        customers: usize,
        claims: usize,
    ) -> Result<Self, Deviation> {
        let customer = |nth| trial.customer(&format!("{name}, customer {nth}"));
        let claims = (0..claims).map(|nth| key(&format!("{name}, key {nth}")));
        Ok(Self {
            trial,
            name: name.to_owned(),
            customers: (0..customers).map(customer).collect(),
            claims: claims.collect::<Result<_, _>>()?,
            commands: Mutex::default(),
            clock: AtomicU64::new(0),
        })
    }

    /// The customers before anything happened.
    pub(super) fn customers(&self) -> &[Customer] {
        &self.customers
    }

    fn tick(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::SeqCst)
    }

    fn decided(&self, command: CommandNumber) -> Option<Decided> {
        let commands = self.commands.lock().unwrap_or_else(PoisonError::into_inner);
        commands.get(&command).cloned()
    }

    /// Decides a command on what somebody knows of a customer; `None` where it would change nothing.
    pub(super) fn decide(
        &self,
        command: CommandNumber,
        who: Number,
        known: &Customer,
        claim: Option<Number>,
    ) -> Result<Option<Operation>, Deviation> {
        let (trial, mut after) = (self.trial, known.clone());
        let name = format!("{}, command {command}", self.name);
        let taken = claim.and_then(|claim| self.claims.get(claim));
        let commit = match taken {
            Some(key) if known.profile().external_keys().any(|own| own == key) => return Ok(None),
            Some(key) => trial.link(&mut after, key, &name)?,
            None => {
                let minor = u64::try_from(command).unwrap_or(u64::MAX).saturating_add(1);
                trial.order(&mut after, minor, &name)?
            }
        };
        let revision = known.revision();
        let mut commands = self.commands.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = mark(&commands, &after).unwrap_or(command);
        let operation = Operation::Commit { command, mark, who, revision, claim };
        commands.insert(command, Decided { commit, operation, after });
        Ok(Some(operation))
    }

    /// Sends a command that was decided, and tells what the customer is if that was carried out now.
    pub(super) fn send(
        &self,
        thread: usize,
        command: CommandNumber,
    ) -> Result<Option<(Done, Option<Customer>)>, Deviation> {
        let Some(Decided { commit, operation, after }) = self.decided(command) else {
            return Ok(None);
        };
        let began = self.tick();
        let (answer, repeated) = self.trial.insist(&commit);
        let ended = self.tick();
        let outcome = match answer {
            Ok(_) if repeated => Outcome::CarriedOutSometime,
            Ok(Receipt { replayed: true, .. }) => Outcome::Repeated,
            Ok(_) => Outcome::CarriedOut,
            Err(Refusal::Conflict) => Outcome::Conflict,
            Err(Refusal::Claimed { holder }) => {
                let place = self.customers.iter().position(|customer| customer.id() == holder);
                Outcome::ClaimedBy(place.unwrap_or(usize::MAX))
            }
            Err(refusal) => {
                let expected = "a commit to go through, or to be refused for what others did";
                return Err(Deviation::new(expected, format!("{refusal:?}")));
            }
        };
        let after = matches!(outcome, Outcome::CarriedOut).then_some(after);
        Ok(Some((Done { thread, began, ended, operation, outcome }, after)))
    }

    /// Loads a customer.
    pub(super) fn load(
        &self,
        thread: usize,
        who: Number,
    ) -> Result<Option<(Done, Customer)>, Deviation> {
        let Some(unknown) = self.customers.get(who) else { return Ok(None) };
        let began = self.tick();
        let loaded = self.trial.load(unknown.id())?;
        let ended = self.tick();
        let version = match &loaded {
            None => (0, None),
            Some(customer) => (customer.revision(), Some(self.mark(customer)?)),
        };
        let (operation, outcome) = (Operation::Load(who), Outcome::Version(version));
        let loaded = loaded.unwrap_or_else(|| unknown.clone());
        Ok(Some((Done { thread, began, ended, operation, outcome }, loaded)))
    }

    /// The mark of a customer that was loaded.
    fn mark(&self, customer: &Customer) -> Result<CommandNumber, Deviation> {
        let commands = self.commands.lock().unwrap_or_else(PoisonError::into_inner);
        mark(&commands, customer).ok_or_else(|| {
            let expected = "a load to give what one of the commands made";
            let (id, revision) = (customer.id(), customer.revision());
            Deviation::new(expected, format!("{id} at revision {revision} as nobody made it"))
        })
    }

    pub(super) fn receipt(
        &self,
        thread: usize,
        command: CommandNumber,
    ) -> Result<Option<Done>, Deviation> {
        let Some(decided) = self.decided(command) else { return Ok(None) };
        let (trial, id) = (self.trial, decided.commit.command_id());
        let began = self.tick();
        let receipt = trial.ask("a receipt", || trial.store.receipt(trial.tenant, id))?;
        let ended = self.tick();
        let (operation, outcome) = (Operation::Receipt(command), Outcome::Known(receipt.is_some()));
        Ok(Some(Done { thread, began, ended, operation, outcome }))
    }

    pub(super) fn holder(&self, thread: usize, claim: Number) -> Result<Option<Done>, Deviation> {
        let Some(key) = self.claims.get(claim) else { return Ok(None) };
        let trial = self.trial;
        let began = self.tick();
        let holder = trial.ask("a holder", || trial.store.holder(trial.tenant, key))?;
        let ended = self.tick();
        let place = |id| self.customers.iter().position(|customer| customer.id() == id);
        let holder = holder.map(|id| place(id).unwrap_or(usize::MAX));
        let (operation, outcome) = (Operation::Holder(claim), Outcome::HeldBy(holder));
        Ok(Some(Done { thread, began, ended, operation, outcome }))
    }
}

/// The mark of this customer: which of several commands made it what it is cannot always be told.
fn mark(commands: &BTreeMap<CommandNumber, Decided>, customer: &Customer) -> Option<CommandNumber> {
    let made = commands.values().find(|decided| decided.after == *customer);
    made.and_then(|decided| match decided.operation {
        Operation::Commit { mark, .. } => Some(mark),
        Operation::Load(_) | Operation::Receipt(_) | Operation::Holder(_) => None,
    })
}

/// A history, line by line in the order of the beginnings.
pub(super) fn told(history: &[Done]) -> String {
    let mut sorted: Vec<&Done> = history.iter().collect();
    sorted.sort_by_key(|done| done.began);
    let line = |done: &&Done| {
        let Done { thread, began, ended, operation, outcome } = done;
        format!("\n  {began}-{ended}, thread {thread}: {operation:?} -> {outcome:?}")
    };
    sorted.iter().map(line).collect()
}
