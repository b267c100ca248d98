//! What the tests of this binary stand on: a schema each, a shop, and things that happen in it.

use std::error::Error;
use std::future::Future;

use guanxi::crm::Prepared;
use guanxi::profile::{ExternalKey, ProfileCommand};
use guanxi::purchase::Order;
use guanxi::store::postgres::sqlx::{self, AssertSqlSafe, Executor, PgConnection, Postgres};
use guanxi::store::postgres::{PostgresFault, PostgresOptions, PostgresStore};
use guanxi::store::{Commit, StoreError};
use guanxi::{
    Actor, Command, CommandId, Context, Crm, Currency, CustomerId, Money, Policy, Rulebook,
    Rulebooks, TenantId, Timestamp,
};

use super::server;

/// Runs a test in a new schema; says loudly if there is no server to run it on.
pub(crate) fn in_schema<F>(name: &str, test: impl FnOnce(String) -> F)
where
    F: Future<Output = ()>,
{
    if server::is_there() {
        let schema = server::schema(name);
        server::RUNTIME.block_on(test(schema));
    }
}

pub(crate) fn shop() -> TenantId {
    TenantId::derive("shop")
}

pub(crate) fn customer(key: &str) -> CustomerId {
    CustomerId::derive(shop(), key)
}

pub(crate) fn books() -> Rulebooks {
    Rulebooks::from(Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN).unwrap())
}

pub(crate) async fn store(schema: &str) -> PostgresStore {
    PostgresOptions::new(server::pool(8)).with_schema(schema).open().await.unwrap()
}

pub(crate) async fn open(schema: &str) -> Crm<PostgresStore> {
    Crm::new(store(schema).await, shop(), books())
}

/// A connection of somebody else's whose search path is the schema.
pub(crate) async fn connect(schema: &str) -> PgConnection {
    let mut connection = server::connect().await;
    run(&mut connection, &format!("SET search_path TO {schema}")).await;
    connection
}

/// Runs statements of a test.
pub(crate) async fn run<'e>(executor: impl Executor<'e, Database = Postgres>, text: &str) {
    sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(executor).await.unwrap();
}

/// Noon of a day of 2026 (`01-31`).
pub(crate) fn noon(day: &str) -> Timestamp {
    format!("2026-{day}T12:00:00Z").parse().unwrap()
}

pub(crate) fn order(at: Timestamp) -> Command {
    Order::new(at, Money::from_minor(2_933, Currency::USD)).into()
}

pub(crate) fn key(text: &str) -> ExternalKey {
    ExternalKey::new("web", text).unwrap()
}

pub(crate) fn link(text: &str) -> Command {
    ProfileCommand::LinkKey(key(text)).into()
}

pub(crate) fn context(now: Timestamp, command: &str) -> Context {
    Context::new(now, Actor::System, CommandId::derive("postgres", command))
}

pub(crate) async fn prepare(
    crm: &Crm<PostgresStore>,
    who: &str,
    command: Command,
    name: &str,
) -> Commit {
    let now = context(noon("01-02"), name);
    match crm.prepare(customer(who), &command, &now).await.unwrap() {
        Prepared::Commit { commit, .. } => *commit,
        settled => panic!("{settled:?}"),
    }
}

/// The fault under an error of the store.
pub(crate) fn fault(error: &StoreError) -> &PostgresFault {
    error.source().and_then(|source| source.downcast_ref()).unwrap()
}
