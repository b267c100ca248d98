//! Orders as decisions of `disintegrate`, kept by `disintegrate-postgres`.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use disintegrate::serde::json::Json;
use disintegrate::{
    DecisionError, DecisionMaker, EventSourcedStateStore, EventStore, LoadState, NoSnapshot,
    StateQuery, StreamQuery,
};
use disintegrate_postgres::{Error, Migrator, PgEventId, PgEventStore};
use guanxi_peers::database::Database;
use guanxi_peers::model::Happened;
use guanxi_peers::orders::{Decided, Order, Orders};
use guanxi_peers::streams::{Account, AccountEvent, TakeOrder};
use guanxi_peers::turns::{Line, Round, at_once, one_by_one};
use sqlx::PgPool;

/// What the set-up of `disintegrate-postgres` 4.0.1 does not get to on servers before PostgreSQL 16, which know no
/// hexadecimal numbers: the function that says who is writing, and the column and index of the events' one
/// identifier.
const REST: [&str; 3] = [
    "CREATE FUNCTION event_store_begin_epoch() RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        last bigint := (SELECT last_value FROM seq_event_event_id);
        here integer := (SELECT oid FROM pg_database WHERE datname = current_database());
    BEGIN
        PERFORM pg_try_advisory_xact_lock_shared(here, 0);
        PERFORM pg_try_advisory_xact_lock_shared(1, (last & 4294967295)::bit(32)::integer);
        PERFORM pg_try_advisory_xact_lock_shared(2, (last >> 32)::bit(32)::integer);
    END
    $$",
    "ALTER TABLE event ADD COLUMN customer bigint",
    "CREATE INDEX idx_event_customer ON event (customer) WHERE customer IS NOT NULL",
];

/// How many events of the base are written by one statement, whose parameters are numbered by 16 bits.
const EVENTS_MAX: usize = 5_000;
/// How often somebody who is in the way of others tries again.
const ATTEMPTS_MAX: usize = 1_000;

type Events = PgEventStore<AccountEvent, Json<AccountEvent>>;
type States = EventSourcedStateStore<PgEventId, AccountEvent, Events, NoSnapshot>;

/// The framework on a database.
pub struct Streams {
    pool: PgPool,
    events: Events,
    states: States,
    maker: Arc<DecisionMaker<States>>,
    decided: Mutex<Decided>,
}

/// The events of an order, and the last one that their customer had before.
struct Append {
    customer: usize,
    events: Vec<AccountEvent>,
    after: PgEventId,
}

impl Streams {
    /// With the base of orders, in a schema that is made anew.
    ///
    /// # Panics
    ///
    /// When it does not work.
    pub async fn with_base(database: &Database, schema: &str, orders: &Orders) -> Self {
        database.empty(schema).await;
        let pool = super::pool_on(database, schema);
        let events = Events::new_uninitialized(pool.clone(), Json::default());
        if Migrator::new(events.clone()).init_event_store().await.is_err() {
            for statement in REST {
                sqlx::query(statement).execute(&pool).await.expect("what is missing is made");
            }
        }
        let journals = orders.base_events();
        let base = journals.iter().enumerate();
        let base = base.flat_map(|(customer, events)| recorded(customer, events));
        for chunk in base.collect::<Vec<_>>().chunks(EVENTS_MAX) {
            let appended = events.append_without_validation(chunk.to_vec()).await;
            appended.expect("the store works");
        }
        let decided = Mutex::new(Decided::after(&journals));
        let states = || States::new(events.clone(), NoSnapshot);
        let (maker, states) = (Arc::new(DecisionMaker::new(states())), states());
        Self { pool, events, states, maker, decided }
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
                Some(self.make(round.orders, writers).await)
            }
            Line::Rush(writers) => Some(self.make(round.orders, writers).await),
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
    fn decide(&self, orders: &[Order]) -> Vec<Vec<AccountEvent>> {
        let mut decided = self.decided.lock().expect("nobody panics");
        let decide = |order: &Order| recorded(order.customer, &decided.decide(order)).collect();
        orders.iter().map(decide).collect()
    }

    /// The number of the last event of each customer.
    async fn last(&self, orders: &[Order]) -> HashMap<i64, PgEventId> {
        const LAST: &str = "
            SELECT customer, max(event_id) FROM event WHERE customer = ANY ($1) GROUP BY customer";
        let customers: Vec<i64> = orders.iter().map(|order| order.customer as i64).collect();
        let last = sqlx::query_as::<_, (i64, PgEventId)>(LAST).bind(customers);
        last.fetch_all(&self.pool).await.expect("the server answers").into_iter().collect()
    }

    async fn append(&self, orders: &[Order], writers: usize) -> Duration {
        let last = self.last(orders).await;
        let appends = orders.iter().zip(self.decide(orders)).map(|(order, events)| Append {
            customer: order.customer,
            events,
            after: last[&(order.customer as i64)],
        });
        let store = self.events.clone();
        let append = move |append: Append| {
            let store = store.clone();
            async move {
                for _ in 0..ATTEMPTS_MAX {
                    let query: StreamQuery<PgEventId, AccountEvent> =
                        Account::unknown(append.customer).query();
                    match store.append(append.events.clone(), query, append.after).await {
                        Ok(_) => return,
                        Err(error) => assert!(in_the_way(&error), "events in their order: {error}"),
                    }
                }
                panic!("somebody is always in the way");
            }
        };
        at_once(appends.collect(), writers, append).await
    }

    /// Whoever comes too late comes again.
    async fn make(&self, orders: Vec<Order>, writers: usize) -> Duration {
        let maker = Arc::clone(&self.maker);
        let make = move |order: Order| {
            let maker = Arc::clone(&maker);
            async move {
                for _ in 0..ATTEMPTS_MAX {
                    match maker.make(TakeOrder::new(order.customer, order.placed)).await {
                        Ok(_) => return,
                        Err(DecisionError::Domain(refused)) => {
                            panic!("every order is accepted: {refused}")
                        }
                        Err(
                            DecisionError::EventStore(error) | DecisionError::StateStore(error),
                        ) => {
                            let again = error.downcast_ref().is_some_and(in_the_way);
                            assert!(again, "the store works: {error}");
                        }
                    }
                }
                panic!("somebody is always in the way");
            }
        };
        at_once(orders, writers, make).await
    }

    async fn load(&self, orders: &[Order]) -> Duration {
        one_by_one(orders, async |order| {
            let loaded = self.states.load(Account::unknown(order.customer)).await;
            black_box(loaded.expect("the store works").state());
        })
        .await
    }
}

/// Whether others were faster, or were at it at the same time: its transactions are serializable.
fn in_the_way(error: &Error) -> bool {
    match error {
        Error::Concurrency => true,
        Error::Database(error) => {
            error.as_database_error().and_then(|error| error.code()).as_deref() == Some("40001")
        }
        _ => false,
    }
}

fn recorded(customer: usize, events: &[Happened]) -> impl Iterator<Item = AccountEvent> {
    let customer = i64::try_from(customer).expect("fewer customers");
    events.iter().map(move |what| AccountEvent::Recorded { customer, what: *what })
}
