//! Customers as aggregates of `cqrs-es`, kept by `postgres-es`.

use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cqrs_es::persist::{PersistedEventRepository, PersistedEventStore, SerializedEvent};
use cqrs_es::{Aggregate, AggregateError, DomainEvent, EventStore};
use guanxi_peers::cqrs::Account;
use guanxi_peers::database::Database;
use guanxi_peers::model::Happened;
use guanxi_peers::orders::{Decided, Order, Orders};
use guanxi_peers::turns::{Line, Round, at_once, one_by_one};
use postgres_es::{PostgresCqrs, PostgresEventRepository, postgres_cqrs};

/// The table that the documentation of `postgres-es` asks for.
const TABLE: &str = "CREATE TABLE {schema}.events (
    aggregate_type text NOT NULL,
    aggregate_id text NOT NULL,
    sequence bigint NOT NULL CHECK (sequence >= 0),
    event_type text NOT NULL,
    event_version text NOT NULL,
    payload json NOT NULL,
    metadata json NOT NULL,
    PRIMARY KEY (aggregate_type, aggregate_id, sequence)
)";

/// The framework on a database.
pub struct Cqrs {
    framework: Arc<PostgresCqrs<Account>>,
    repository: Arc<PostgresEventRepository>,
    store: PersistedEventStore<PostgresEventRepository, Account>,
    decided: Mutex<Decided>,
}

impl Cqrs {
    /// With the base of orders, in a schema that is made anew.
    ///
    /// # Panics
    ///
    /// When it does not work.
    pub async fn with_base(database: &Database, schema: &str, orders: &Orders) -> Self {
        database.empty(schema).await;
        database.run(&TABLE.replace("{schema}", schema)).await;
        let pool = super::pool_on(database, schema);
        let repository = || PostgresEventRepository::new(pool.clone());
        let journals = orders.base_events();
        let events = journals.iter().enumerate();
        let events = events.flat_map(|(customer, events)| serialized(customer, 0, events));
        let kept = repository().persist::<Account>(&events.collect::<Vec<_>>(), None).await;
        kept.expect("an empty table");
        Self {
            framework: Arc::new(postgres_cqrs(pool.clone(), Vec::new(), ())),
            repository: Arc::new(repository()),
            store: PersistedEventStore::new_event_store(repository()),
            decided: Mutex::new(Decided::after(&journals)),
        }
    }

    /// The time that one element of a line takes.
    ///
    /// # Panics
    ///
    /// When it fails.
    pub async fn run(&self, line: Line, round: Round) -> Option<Duration> {
        match line {
            Line::Commit(writers) => Some(self.append(&round.orders, writers).await),
            Line::Order(writers) => {
                let _ = self.decide(&round.orders);
                Some(self.execute(round.orders, writers).await)
            }
            Line::Rush(writers) => Some(self.execute(round.orders, writers).await),
            Line::Load => Some(self.load(&round.orders).await),
            Line::Bulk => {
                // Whoever is not measured must not fall behind.
                self.append(&round.orders, 1).await;
                None
            }
            Line::Scan | Line::Feed => None,
        }
    }

    /// The events of orders, on top of what was decided before.
    fn decide(&self, orders: &[Order]) -> Vec<Vec<SerializedEvent>> {
        let mut decided = self.decided.lock().expect("nobody panics");
        let decide = |order: &Order| {
            let before = decided.events[order.customer];
            serialized(order.customer, before, &decided.decide(order))
        };
        orders.iter().map(decide).collect()
    }

    async fn append(&self, orders: &[Order], writers: usize) -> Duration {
        let repository = Arc::clone(&self.repository);
        let append = move |events: Vec<SerializedEvent>| {
            let repository = Arc::clone(&repository);
            async move {
                repository.persist::<Account>(&events, None).await.expect("events in their order");
            }
        };
        at_once(self.decide(orders), writers, append).await
    }

    /// Whoever comes too late comes again.
    async fn execute(&self, orders: Vec<Order>, writers: usize) -> Duration {
        let framework = Arc::clone(&self.framework);
        let execute = move |order: Order| {
            let framework = Arc::clone(&framework);
            async move {
                let key = order.customer.to_string();
                while let Err(error) = framework.execute(&key, order.placed).await {
                    let conflict = matches!(error, AggregateError::AggregateConflict);
                    assert!(conflict, "every order is accepted: {error}");
                }
            }
        };
        at_once(orders, writers, execute).await
    }

    async fn load(&self, orders: &[Order]) -> Duration {
        one_by_one(orders, async |order| {
            let loaded = self.store.load_aggregate(&order.customer.to_string()).await;
            black_box(loaded.expect("the store works"));
        })
        .await
    }
}

/// Events as the framework hands them to its repository.
fn serialized(customer: usize, before: usize, events: &[Happened]) -> Vec<SerializedEvent> {
    let serialize = |(place, event): (usize, &Happened)| {
        SerializedEvent::new(
            customer.to_string(),
            before + place + 1,
            Account::TYPE.to_owned(),
            event.event_type(),
            event.event_version(),
            serde_json::to_value(event).expect("an event is a document"),
            serde_json::json!({}),
        )
    };
    events.iter().enumerate().map(serialize).collect()
}
