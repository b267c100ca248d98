//! The model as a `cqrs-es` aggregate, and stores in memory to run it on.
//!
//! The `MemStore` that `cqrs-es` ships is for tests and prints two lines for every command, so timing
//! it times the terminal. [`Quiet`] does the same job without printing and with less copying: it keeps
//! events as values and replays all of them for every command. [`Repository`] lets the framework's own
//! `PersistedEventStore` serialise every event, as it does in front of a database.

use std::collections::HashMap;
use std::sync::RwLock;

use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::{
    PersistedEventRepository, PersistenceError, ReplayStream, SerializedEvent, SerializedSnapshot,
};
use cqrs_es::{
    Aggregate, AggregateContext, AggregateError, DomainEvent, EventEnvelope, EventStore,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{Happened, Model, Placed, Refused};

/// The model as an aggregate.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Account(pub Model);

impl DomainEvent for Happened {
    fn event_type(&self) -> String {
        let name = match self {
            Self::Admitted { .. } => "Admitted",
            Self::Ordered(_) => "Ordered",
            Self::Moved { .. } => "Moved",
        };
        name.to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

impl Aggregate for Account {
    const TYPE: &'static str = "account";
    type Command = Placed;
    type Event = Happened;
    type Error = Refused;
    type Services = ();

    async fn handle(
        &mut self,
        command: Placed,
        _: &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Refused> {
        for event in self.0.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Happened) {
        self.0.apply(&event);
    }
}

/// Keeps events as values.
#[derive(Debug, Default)]
pub struct Quiet {
    journals: RwLock<HashMap<String, Vec<EventEnvelope<Account>>>>,
}

/// An aggregate as [`Quiet`] loads it.
#[derive(Debug)]
pub struct Loaded {
    key: String,
    account: Account,
    sequence: usize,
}

impl AggregateContext<Account> for Loaded {
    fn aggregate(&mut self) -> &mut Account {
        &mut self.account
    }
}

type Failed = AggregateError<Refused>;

impl EventStore<Account> for Quiet {
    type AC = Loaded;

    async fn load_events(&self, key: &str) -> Result<Vec<EventEnvelope<Account>>, Failed> {
        let journals = self.journals.read().expect("no thread panics");
        Ok(journals.get(key).cloned().unwrap_or_default())
    }

    async fn load_aggregate(&self, key: &str) -> Result<Loaded, Failed> {
        // Replays in place: cloning every envelope first, as `MemStore` does, is no part of the job.
        let journals = self.journals.read().expect("no thread panics");
        let journal = journals.get(key).map(Vec::as_slice).unwrap_or_default();
        let mut account = Account::default();
        journal.iter().for_each(|envelope| account.apply(envelope.payload));
        Ok(Loaded { key: key.to_owned(), account, sequence: journal.len() })
    }

    async fn commit(
        &self,
        events: Vec<Happened>,
        context: Loaded,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<Account>>, Failed> {
        let Loaded { key, sequence, .. } = context;
        let envelope = |(index, payload)| EventEnvelope {
            aggregate_id: key.clone(),
            sequence: sequence + index + 1,
            payload,
            metadata: metadata.clone(),
        };
        let envelopes: Vec<_> = events.into_iter().enumerate().map(envelope).collect();
        let mut journals = self.journals.write().expect("no thread panics");
        journals.entry(key.clone()).or_default().extend(envelopes.iter().cloned());
        Ok(envelopes)
    }
}

/// Keeps events as the framework serialises them.
#[derive(Debug, Default)]
pub struct Repository {
    journals: RwLock<HashMap<String, Vec<SerializedEvent>>>,
}

impl PersistedEventRepository for Repository {
    async fn get_events<A: Aggregate>(
        &self,
        key: &str,
    ) -> Result<Vec<SerializedEvent>, PersistenceError> {
        self.get_last_events::<A>(key, 0).await
    }

    async fn get_last_events<A: Aggregate>(
        &self,
        key: &str,
        last: usize,
    ) -> Result<Vec<SerializedEvent>, PersistenceError> {
        let journals = self.journals.read().expect("no thread panics");
        Ok(journals.get(key).and_then(|journal| journal.get(last..)).unwrap_or_default().to_vec())
    }

    async fn get_snapshot<A: Aggregate>(
        &self,
        _: &str,
    ) -> Result<Option<SerializedSnapshot>, PersistenceError> {
        Ok(None)
    }

    async fn persist<A: Aggregate>(
        &self,
        events: &[SerializedEvent],
        _: Option<(String, Value, usize)>,
    ) -> Result<(), PersistenceError> {
        let mut journals = self.journals.write().expect("no thread panics");
        if let Some(first) = events.first() {
            let journal = journals.entry(first.aggregate_id.clone()).or_default();
            if journal.len() + 1 != first.sequence {
                return Err(PersistenceError::OptimisticLockError);
            }
            journal.extend_from_slice(events);
        }
        Ok(())
    }

    async fn stream_events<A: Aggregate>(&self, _: &str) -> Result<ReplayStream, PersistenceError> {
        Ok(ReplayStream::new(1).1)
    }

    async fn stream_all_events<A: Aggregate>(&self) -> Result<ReplayStream, PersistenceError> {
        Ok(ReplayStream::new(1).1)
    }
}

#[cfg(test)]
mod tests {
    use cqrs_es::CqrsFramework;
    use cqrs_es::persist::PersistedEventStore;

    use super::*;
    use crate::base::Base;
    use crate::model;

    async fn decides_as_the_model<S: EventStore<Account>>(framework: CqrsFramework<Account, S>) {
        let base = Base::cdnow();
        for (customer, order) in model::orders(&base) {
            framework.execute(&customer.to_string(), order).await.unwrap();
        }
        // A further order is refused or accepted by the state that was loaded; late is after all.
        let late = Placed { at: 0, day: 0, minor: 0 };
        for customer in 0..base.customers {
            let refused = framework.execute(&customer.to_string(), late).await;
            assert!(matches!(refused, Err(AggregateError::UserError(Refused::Late))));
        }
    }

    #[test]
    fn every_store_takes_the_whole_base() {
        let quiet = CqrsFramework::new(Quiet::default(), Vec::new(), ());
        pollster::block_on(decides_as_the_model(quiet));
        let stored = PersistedEventStore::new_event_store(Repository::default());
        let stored = CqrsFramework::new(stored, Vec::new(), ());
        pollster::block_on(decides_as_the_model(stored));
    }
}
