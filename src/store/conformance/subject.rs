//! The store under test, and one tenant of it.

use std::error::Error;
use std::future::Future;
use std::thread;

use super::check::{Deviation, chain};
use super::harness::{Harness, Reopen};
use super::names::Names;
use crate::customer::{Command, Context, Customer, Outcome};
use crate::id::{Actor, CommandId, CustomerId, TenantId};
use crate::money::{Currency, Money};
use crate::profile::{ExternalKey, ProfileCommand};
use crate::purchase::Order;
use crate::rulebook::{Policy, Rulebook, Rulebooks};
use crate::store::{Commit, CommitError, CustomerStore, Fingerprint, Receipt, StoreError};
use crate::time::Timestamp;

/// How often a call is repeated that fails for the moment. In a race of few writers each failure means
/// that another went through, so a store that needs more is not getting anywhere.
const ATTEMPTS_MAX: usize = 32;

/// Nearly everything happens at one instant: no clause of the store depends on time.
pub(super) const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A store that a harness opened for one check.
pub(super) struct Subject<'a, H: Harness> {
    // Before the guard, because fields are dropped in their order and the store needs the guard.
    store: H::Store,
    guard: H::Guard,
    harness: &'a H,
    tenant: TenantId,
    books: Rulebooks,
    names: &'a Names,
}

impl<'a, H: Harness> Subject<'a, H> {
    pub(super) fn open(harness: &'a H, check: &str, names: &'a Names) -> Result<Self, Deviation> {
        let opened = harness.block_on(harness.open());
        let (guard, store) =
            opened.map_err(|error| Deviation::failed("opening the store", &error))?;
        let tenant = TenantId::derive(&format!("{} {check}", harness.run_id()));
        let book = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN);
        let book = book.map_err(|error| Deviation::failed("the default policy", &error))?;
        Ok(Self { store, guard, harness, tenant, books: book.into(), names })
    }

    /// The tenant that the check works in.
    pub(super) fn trial(&self) -> Trial<'_, H> {
        Trial {
            harness: self.harness,
            store: &self.store,
            guard: &self.guard,
            tenant: self.tenant,
            source: self.tenant,
            books: &self.books,
            names: self.names,
        }
    }
}

impl<H: Reopen> Subject<'_, H> {
    /// The same tenant in a store that was closed and opened again.
    pub(super) fn reopen(self) -> Result<Self, Deviation> {
        let Self { store, guard, harness, tenant, books, names } = self;
        let opened = harness.block_on(harness.reopen(&guard, store));
        let store = opened.map_err(|error| Deviation::failed("opening the store again", &error))?;
        Ok(Self { store, guard, harness, tenant, books, names })
    }
}

/// One tenant of a store under test.
///
/// A check decides its commits on customers that it keeps itself, never on those that the store gives
/// back, so it knows what the store must hold.
pub(super) struct Trial<'a, H: Harness> {
    pub(super) harness: &'a H,
    pub(super) store: &'a H::Store,
    pub(super) guard: &'a H::Guard,
    pub(super) tenant: TenantId,
    /// What ids are derived from; the same elsewhere, so that two tenants share all ids.
    source: TenantId,
    pub(super) books: &'a Rulebooks,
    names: &'a Names,
}

/// The answer to a commit, so that answers can be compared.
pub(super) type Answer = Result<Receipt, Refusal>;

/// A [`CommitError`] that can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    Conflict,
    Claimed { holder: CustomerId },
    CommandReused,
    Forgotten,
    Failed(String),
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict => Self::Conflict,
            CommitError::Claimed { holder } => Self::Claimed { holder },
            CommitError::CommandReused => Self::CommandReused,
            CommitError::Forgotten => Self::Forgotten,
            CommitError::Store(error) => Self::Failed(chain(&error)),
        }
    }
}

/// Making commits.
impl<H: Harness> Trial<'_, H> {
    /// Another tenant of the same store, where every name gives the same id as here.
    pub(super) fn elsewhere(&self) -> Self {
        self.another("elsewhere")
    }

    /// The same, for a check that needs several.
    pub(super) fn another(&self, name: &str) -> Self {
        Self { tenant: TenantId::derive(&format!("{} {name}", self.tenant)), ..*self }
    }

    pub(super) fn customer(&self, name: &str) -> Customer {
        self.customer_of(CustomerId::derive(self.source, name), name)
    }

    /// A customer of an id that the check has chosen.
    pub(super) fn customer_of(&self, id: CustomerId, name: &str) -> Customer {
        self.names.note(id, name);
        Customer::unknown(id)
    }

    pub(super) fn command_id(&self, name: &str) -> CommandId {
        let id = CommandId::derive(&self.source.to_string(), name);
        self.names.note(id, name);
        id
    }

    /// An order, as the command of this name. Orders differ in their amount, so two customers with
    /// different orders are never equal.
    pub(super) fn order(
        &self,
        customer: &mut Customer,
        minor: u64,
        name: &str,
    ) -> Result<Commit, Deviation> {
        self.order_at(customer, minor, NOW, name)
    }

    /// An order that is recorded at this instant.
    pub(super) fn order_at(
        &self,
        customer: &mut Customer,
        minor: u64,
        at: Timestamp,
        name: &str,
    ) -> Result<Commit, Deviation> {
        let minor = i64::try_from(minor).unwrap_or(i64::MAX);
        let order = Order::new(at, Money::from_minor(minor, Currency::USD));
        self.decide_at(customer, &order.into(), at, name)
    }

    pub(super) fn link(
        &self,
        customer: &mut Customer,
        key: &ExternalKey,
        name: &str,
    ) -> Result<Commit, Deviation> {
        self.decide(customer, &ProfileCommand::LinkKey(key.clone()).into(), name)
    }

    pub(super) fn unlink(
        &self,
        customer: &mut Customer,
        key: &ExternalKey,
        name: &str,
    ) -> Result<Commit, Deviation> {
        self.decide(customer, &ProfileCommand::UnlinkKey(key.clone()).into(), name)
    }

    pub(super) fn erase(&self, customer: &mut Customer, name: &str) -> Result<Commit, Deviation> {
        self.decide(customer, &ProfileCommand::Erase.into(), name)
    }

    /// Decides on the customer, which changes it, and makes the commit.
    pub(super) fn decide(
        &self,
        customer: &mut Customer,
        command: &Command,
        name: &str,
    ) -> Result<Commit, Deviation> {
        self.decide_at(customer, command, NOW, name)
    }

    fn decide_at(
        &self,
        customer: &mut Customer,
        command: &Command,
        at: Timestamp,
        name: &str,
    ) -> Result<Commit, Deviation> {
        let own = |error: &dyn Error| Deviation::failed("the check's own command", error);
        let context = Context::new(at, Actor::System, self.command_id(name));
        let outcome = customer.decide(command, &context, self.books);
        let Outcome::Changed(change) = outcome.map_err(|error| own(&error))? else {
            return Err(Deviation::new("the check's own command to change something", "no change"));
        };
        let fingerprint = Fingerprint::of(customer.id(), command).map_err(|error| own(&error))?;
        Commit::of(customer, &change, fingerprint, self.books).map_err(|error| own(&error))
    }

    /// Decides on the customer as the command of this name; `None` where that changes nothing, or is
    /// refused by the rules.
    pub(super) fn attempt(
        &self,
        customer: &mut Customer,
        command: &Command,
        at: Timestamp,
        name: &str,
    ) -> Option<Commit> {
        self.attempt_as(customer, command, at, self.command_id(name))
    }

    /// The same, as the command of this id.
    pub(super) fn attempt_as(
        &self,
        customer: &mut Customer,
        command: &Command,
        at: Timestamp,
        command_id: CommandId,
    ) -> Option<Commit> {
        let context = Context::new(at, Actor::System, command_id);
        let Ok(Outcome::Changed(change)) = customer.decide(command, &context, self.books) else {
            return None;
        };
        let fingerprint = Fingerprint::of(customer.id(), command).ok()?;
        Commit::of(customer, &change, fingerprint, self.books).ok()
    }
}

/// A key of another system that only the kit knows.
pub(super) fn key(name: &str) -> Result<ExternalKey, Deviation> {
    ExternalKey::new("conformance", name)
        .map_err(|error| Deviation::failed("the check's own key", &error))
}

/// Asking the store.
impl<H: Harness> Trial<'_, H> {
    /// Sends a commit, again while the store fails for the moment: repeating is safe (C5).
    pub(super) fn commit(&self, commit: &Commit) -> Answer {
        self.insist(commit).0
    }

    /// The same, and whether it had to be sent more than once: then the first receipt may have been
    /// lost on its way.
    pub(super) fn insist(&self, commit: &Commit) -> (Answer, bool) {
        let mut attempt = 1;
        loop {
            let sent = self.store.commit(self.tenant, commit.clone());
            match self.harness.block_on(sent) {
                Err(CommitError::Store(error))
                    if error.is_transient() && attempt < ATTEMPTS_MAX =>
                {
                    attempt = attempt.saturating_add(1);
                    thread::yield_now();
                }
                answer => return (answer.map_err(Refusal::from), attempt > 1),
            }
        }
    }

    /// Asks something that must not fail, again while the store fails for the moment.
    pub(super) fn ask<T, F>(&self, doing: &str, question: impl Fn() -> F) -> Result<T, Deviation>
    where
        T: Send,
        F: Future<Output = Result<T, StoreError>> + Send,
    {
        self.ask_counted(doing, question).map(|(answer, _)| answer)
    }

    /// The same, and whether it had to be asked more than once.
    pub(super) fn ask_counted<T, F>(
        &self,
        doing: &str,
        question: impl Fn() -> F,
    ) -> Result<(T, bool), Deviation>
    where
        T: Send,
        F: Future<Output = Result<T, StoreError>> + Send,
    {
        let mut attempt = 1;
        loop {
            match self.harness.block_on(question()) {
                Ok(answer) => return Ok((answer, attempt > 1)),
                Err(error) if error.is_transient() && attempt < ATTEMPTS_MAX => {
                    attempt = attempt.saturating_add(1);
                    thread::yield_now();
                }
                Err(error) => return Err(Deviation::failed(doing, &error)),
            }
        }
    }
}

/// Runs a check that works with one open store.
#[expect(clippy::needless_pass_by_value, reason = "taken as by a check that opens it again")]
pub(super) fn on_trial<H: Harness>(
    subject: Subject<'_, H>,
    check: fn(&Trial<'_, H>) -> Result<(), Deviation>,
) -> Result<(), Deviation> {
    check(&subject.trial())
}

/// Runs a check that closes the store and opens it again.
pub(super) fn on_subject<H: Reopen>(
    subject: Subject<'_, H>,
    check: fn(Subject<'_, H>) -> Result<(), Deviation>,
) -> Result<(), Deviation> {
    check(subject)
}
