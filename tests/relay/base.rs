//! A base to relay, and what is in it.

use std::collections::BTreeMap;
use std::path::Path;

use guanxi::crm::Executed;
use guanxi::purchase::Order;
use guanxi::store::sqlite::SqliteStore;
use guanxi::store::{Archive, CustomerStore, PageSize, Scan};
use guanxi::{
    Actor, CommandId, Context, Crm, Currency, CustomerId, Entry, Money, Policy, Rulebook, TenantId,
    Timestamp,
};
use tokio::runtime::Runtime;

/// The name that the tenant's id is derived from.
pub(super) const TENANT: &str = "relay-test";

const CUSTOMERS: u64 = 7;

pub(super) fn run<F: Future>(future: F) -> F::Output {
    Runtime::new().unwrap().block_on(future)
}

pub(super) async fn open(file: &Path) -> Crm<SqliteStore> {
    wired(SqliteStore::open(file).await.unwrap()).await
}

/// The customers of a store.
pub(super) async fn wired<S: CustomerStore + Archive>(store: S) -> Crm<S> {
    let first = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN).unwrap();
    Crm::open(store, TenantId::derive(TENANT), first).await.unwrap()
}

/// Records one more order: the first of all has number 0.
pub(super) async fn order<S: CustomerStore>(crm: &Crm<S>, nth: u64) {
    let at: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
    let at = at.saturating_add_seconds(i64::try_from(nth).unwrap());
    let id = CustomerId::derive(crm.tenant(), &(nth % CUSTOMERS).to_string());
    let order = Order::new(at, Money::from_minor(100, Currency::USD)).into();
    let command_id = CommandId::derive("relay test", &nth.to_string());
    let context = Context::new(at, Actor::Customer, command_id);
    let done = crm.execute(id, &order, &context).await.unwrap();
    assert!(matches!(done, Executed::Recorded(_)), "{done:?}");
}

/// A base with so many entries more, made if there is none.
pub(super) fn fill(file: &Path, orders: std::ops::Range<u64>) {
    run(async {
        let crm = open(file).await;
        for nth in orders {
            order(&crm, nth).await;
        }
        crm.store().close().await;
    });
}

/// The journals of everybody.
pub(super) fn journals(file: &Path) -> BTreeMap<CustomerId, Vec<Entry>> {
    run(async {
        let crm = open(file).await;
        let journals = journals_of(&crm).await;
        crm.store().close().await;
        journals
    })
}

pub(super) async fn journals_of<S: Scan>(crm: &Crm<S>) -> BTreeMap<CustomerId, Vec<Entry>> {
    let mut journals = BTreeMap::new();
    for customer in crm.scan(None, PageSize::MAX).await.unwrap() {
        let id = customer.id();
        journals.insert(id, crm.history(id).await.unwrap());
    }
    journals
}
