//! A shop on a server, and what its errors say.

use std::error::Error;

use guanxi::crm::{CrmError, Executed};
use guanxi::purchase::Order;
use guanxi::store::postgres::sqlx::{self, PgPool};
use guanxi::store::postgres::{PostgresFault, PostgresStore};
use guanxi::store::{CommitError, CustomerStore, StoreError};
use guanxi::{
    Actor, Command, CommandId, Context, Crm, Currency, CustomerId, Money, TenantId, Timestamp,
};

use super::shop::{book, customer, start, tenant};

/// Opens the store, as any host does when it starts.
pub(super) async fn open(pool: PgPool, tenant: TenantId) -> Crm<PostgresStore> {
    wired(PostgresStore::open(pool).await.unwrap(), tenant).await
}

/// The customers of an open store.
pub(super) async fn wired(store: PostgresStore, tenant: TenantId) -> Crm<PostgresStore> {
    Crm::open(store, tenant, book(10, Timestamp::MIN)).await.unwrap()
}

pub(super) fn shop() -> TenantId {
    tenant(0)
}

pub(super) fn buyer(name: &str) -> CustomerId {
    customer(shop(), name)
}

/// An order, and under which command it comes.
pub(super) fn order(name: &str) -> (Command, Context) {
    let order = Order::new(start(), Money::from_minor(100, Currency::USD)).into();
    (order, Context::new(start(), Actor::Customer, CommandId::derive("faults", name)))
}

/// Sends an order, under this name.
pub(super) async fn buy<S: CustomerStore>(
    crm: &Crm<S>,
    who: CustomerId,
    name: &str,
) -> Result<Executed, CrmError> {
    let (order, context) = order(name);
    crm.execute(who, &order, &context).await
}

/// How many lost connections there may be in a pool.
const LOST_MAX: usize = 10;

/// Sends an order until it goes through, which must be for the first time, and once more, which must be
/// answered as the first time.
pub(super) async fn buy_at_last<S: CustomerStore>(crm: &Crm<S>, who: CustomerId, name: &str) {
    let mut answer = buy(crm, who, name).await;
    for _ in 0..LOST_MAX {
        let Err(error) = &answer else { break };
        transient(error);
        answer = buy(crm, who, name).await;
    }
    let first = answer.unwrap();
    let Executed::Recorded(entry) = first else { panic!("carried out before: {first:?}") };
    let again = buy(crm, who, name).await.unwrap();
    assert_eq!(again, Executed::Replayed { revision: entry.revision });
}

pub(super) fn store_error(error: &CrmError) -> &StoreError {
    match error {
        CrmError::Store(error) | CrmError::Commit(CommitError::Store(error)) => error,
        other => panic!("not the store's: {other:?}"),
    }
}

/// What PostgreSQL says of a failure.
pub(super) fn fault(error: &StoreError) -> &PostgresFault {
    let source = error.source().and_then(|source| source.downcast_ref());
    source.expect("every error of PostgreSQL has one")
}

/// What PostgreSQL says of a failure that passes.
pub(super) fn transient(error: &CrmError) -> &PostgresFault {
    let error = store_error(error);
    assert!(error.is_transient(), "{error:?}");
    fault(error)
}

/// What PostgreSQL says of a failure that does not pass by itself.
pub(super) fn lasting(error: &CrmError) -> &PostgresFault {
    let error = store_error(error);
    assert!(!error.is_transient(), "{error:?}");
    fault(error)
}

/// Everything fits together, and there are so many entries.
pub(super) async fn check(crm: &Crm<PostgresStore>, entries: u64) {
    let verification = crm.verify().await.unwrap();
    assert!(verification.is_sound(), "{:#?}", verification.flaws);
    assert_eq!(verification.entries, entries);
}

/// Waits until somebody on the server waits for a lock.
pub(super) async fn somebody_waits(pool: &PgPool) {
    const WAITING: &str = "
        SELECT count(*), pg_sleep(0.002)::text FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    loop {
        let (count, _): (i64, String) = sqlx::query_as(WAITING).fetch_one(pool).await.unwrap();
        if count > 0 {
            return;
        }
    }
}
