//! The log into the library, and back out: import through [`Crm`], run the agenda, read each customer.

use guanxi::crm::CrmError;
use guanxi::customer::{IMPORT_FACTS_MAX, View, derive_track, reported};
use guanxi::lifecycle::{Since, Visit};
use guanxi::rulebook::RulebookError;
use guanxi::store::{MemoryStore, PageSize};
use guanxi::{
    Actor, Assessment, Command, CommandId, Context, Crm, Currency, Customer, CustomerId, Day,
    DecideError, Policy, Rulebook, TenantId, Timestamp,
};

use crate::log::Log;
use crate::plan::{self, ZONE};
use crate::progress::Progress;

/// Names the ids of this program apart from those of others.
const SOURCE: &str = "portfolio";

/// The library did not take what the log says. Each of these is a fault of the program, not of the
/// log, which was checked before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ReplayError {
    /// The default policy cannot be used.
    #[error("the default policy cannot be used")]
    Policy(#[from] RulebookError),
    /// A customer was not imported.
    #[error("the purchases of customer `{key}` were not taken")]
    Import {
        /// Its key in the log.
        key: Box<str>,
        /// What the library says.
        source: CrmError,
    },
    /// A customer was not taken to the present.
    #[error("the moves of a customer that fell due were not made")]
    Due(#[from] CrmError),
    /// A customer cannot be read back.
    #[error("customer `{key}` cannot be read back")]
    Read {
        /// Its key in the log.
        key: Box<str>,
        /// What the library says.
        source: CrmError,
    },
    /// A customer that was imported is not there.
    #[error("customer `{key}` is not in the store")]
    Vanished {
        /// Its key in the log.
        key: Box<str>,
    },
}

/// The customers of a log in the library, taken to the end of `today`.
pub(crate) struct Replay {
    crm: Crm<MemoryStore>,
    today: Day,
    /// In order of first appearance in the log.
    keys: Vec<Box<str>>,
}

/// One customer, seen at the end of a day.
pub(crate) struct Portrait<'a> {
    /// Its key in the log.
    pub(crate) key: &'a str,
    /// Everything recorded.
    pub(crate) customer: &'a Customer,
    /// What is recorded up to the day.
    pub(crate) view: View<'a>,
    /// What is true at the end of the day.
    pub(crate) assessment: Assessment,
}

impl Portrait<'_> {
    /// Whole days of a stay: until it was left, or until now; `None` if its start is unknown.
    pub(crate) fn days(&self, visit: &Visit, left: Option<Timestamp>) -> Option<i64> {
        let Since::Known(since) = visit.since else { return None };
        let until = left.map_or(self.view.day(), |left| ZONE.day_of(left));
        Some(until.days_since(ZONE.day_of(since)))
    }
}

impl Replay {
    /// Imports a settled log, with `now` at the end of `today`. Each customer is one command, so its
    /// facts are sorted and recorded together; `today` must not lie before the last of them.
    ///
    /// # Errors
    ///
    /// [`ReplayError`].
    pub(crate) fn of(
        log: Log,
        currency: Currency,
        today: Day,
        progress: &Progress,
    ) -> Result<Self, ReplayError> {
        let book = Rulebook::new(Policy::new(currency), Timestamp::MIN)?;
        let crm = Crm::new(MemoryStore::default(), TenantId::derive(SOURCE), book.into());
        let mut replay = Self { crm, today, keys: Vec::new() };
        pollster::block_on(async {
            let bar = progress.bar("importing", log.customers.len());
            for (key, own) in plan::customers(&log) {
                let imported = replay.import(key, plan::facts(own, currency)).await;
                imported.map_err(|source| ReplayError::Import { key: key.into(), source })?;
                bar.inc(1);
            }
            replay.keys = log.customers;
            // Before the agenda is run: by now all of it is in the library.
            drop(log.purchases);
            replay.run_due(progress).await
        })?;
        Ok(replay)
    }

    /// The rulebook that judges the customers.
    pub(crate) fn book(&self) -> &Rulebook {
        self.crm.books().latest()
    }

    /// How many customers there are.
    pub(crate) const fn len(&self) -> usize {
        self.keys.len()
    }

    /// Shows every customer known at the end of `as_of` to `see`, in order of first appearance in the
    /// log.
    ///
    /// # Errors
    ///
    /// [`ReplayError`], or the first one that `see` returns.
    pub(crate) fn each<E: From<ReplayError>>(
        &self,
        as_of: Day,
        mut see: impl FnMut(&Portrait<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        for key in &self.keys {
            let read = pollster::block_on(self.read(key, as_of));
            let read = read.map_err(|source| ReplayError::Read { key: key.clone(), source })?;
            let Read { recorded, then } =
                read.ok_or_else(|| ReplayError::Vanished { key: key.clone() })?;
            let view = recorded.at(ZONE.end_of(as_of), ZONE);
            if let (Some(_), Some(assessment)) = (view.visit(), then) {
                see(&Portrait { key, customer: &recorded, view, assessment })?;
            }
        }
        Ok(())
    }

    async fn import(&self, key: &str, facts: Vec<guanxi::customer::Fact>) -> Result<(), CrmError> {
        let id = self.id(key);
        for (chunk, facts) in facts.chunks(IMPORT_FACTS_MAX).enumerate() {
            let context = self.context(&format!("import {chunk} {key}"));
            self.crm.execute(id, &Command::Import(facts.to_vec()), &context).await?;
        }
        Ok(())
    }

    async fn run_due(&self, progress: &Progress) -> Result<(), ReplayError> {
        let bar = progress.bar("moving on", self.len());
        let context = self.context("run due");
        let mut after = None;
        loop {
            let run = self.crm.run_due(context.now, after, PageSize::MAX, &context).await?;
            if let Some((_, error)) = run.failed.into_iter().next() {
                return Err(error.into());
            }
            bar.inc(u64::try_from(run.seen).unwrap_or(u64::MAX));
            after = run.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn read(&self, key: &str, as_of: Day) -> Result<Option<Read>, CrmError> {
        let at = ZONE.end_of(as_of);
        let Some(recorded) = self.crm.customer(self.id(key)).await? else { return Ok(None) };
        if as_of >= self.today {
            let then = recorded.assess(at, self.crm.books())?;
            return Ok(Some(Read { recorded, then: Some(then) }));
        }
        // All of it was recorded today, so what was known earlier is made again from what happened
        // until then.
        let commands = reported(&self.crm.history(recorded.id()).await?);
        let derived = derive_track(&commands, self.crm.books(), at);
        let then = match derived.customer.assess(at, self.crm.books()) {
            Ok(then) => Some(then),
            Err(DecideError::NotAdmitted) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Some(Read { recorded, then }))
    }

    fn id(&self, key: &str) -> CustomerId {
        CustomerId::derive(self.crm.tenant(), key)
    }

    fn context(&self, command: &str) -> Context {
        let id = CommandId::derive(SOURCE, command);
        Context::new(ZONE.end_of(self.today), Actor::System, id)
    }
}

/// A customer as recorded, and as judged on the day asked for; `None` if it was not known then.
struct Read {
    recorded: Customer,
    then: Option<Assessment>,
}
