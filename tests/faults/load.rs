//! Lives of the test `crash`, lived on a server.

use std::future::pending;
use std::sync::{Arc, Mutex};

use guanxi::store::postgres::sqlx::PgPool;
use guanxi::store::postgres::sqlx::postgres::PgConnectOptions;
use guanxi::store::postgres::{Create, PostgresOptions, PostgresStore};
use guanxi::{Crm, Timestamp};
use tokio::task::JoinSet;

use super::base::wired;
use super::carry::{passes, write};
use super::child::{Word, tell};
use super::ledger::Ledger;
use super::operation::{LIVES_PER_TENANT, TASKS, tenant_of};
use super::server::pool_of;
use super::shop::book;

/// The name by which the server knows connections of children.
pub(super) const CHILD: &str = "faults-child";

/// What a child does: several tasks write to one database until they are killed.
pub(super) async fn load(address: &str, life: u64) {
    let options: PgConnectOptions = address.parse().unwrap();
    let pool = || pool_of(options.clone().application_name(CHILD), 2);
    // Made by the parent. Two tasks share a store; the third has one of its own, as another process would.
    let store = |pool| PostgresOptions::new(pool).with_create(Create::Nothing).open();
    let shared = store(pool()).await.unwrap();
    let other = store(pool()).await.unwrap();
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let store = if task + 1 < TASKS { &shared } else { &other };
        let crm = wired(store.clone(), tenant_of(life)).await;
        tasks.spawn(write(crm, life, task, |word| tell(&word)));
    }
    tell(&Word::Opened);
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    pending::<()>().await;
}

/// A life that goes on in this process until all of its steps are done.
pub(super) struct Life {
    life: u64,
    told: Arc<Mutex<Vec<Word>>>,
    tasks: JoinSet<()>,
}

impl Life {
    pub(super) async fn begin(store: &PostgresStore, life: u64) -> Self {
        let told = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = JoinSet::new();
        for task in 0..TASKS {
            let crm = patiently(store, life).await;
            let told = Arc::clone(&told);
            let tell = move |word| match word {
                Word::Failed(error) => panic!("step of task {task}: {error}"),
                word => told.lock().unwrap().push(word),
            };
            tasks.spawn(write(crm, life, task, tell));
        }
        Self { life, told, tasks }
    }

    /// How many steps were told of until now.
    pub(super) fn steps(&self) -> usize {
        self.told.lock().unwrap().len()
    }

    /// Whether all is done.
    pub(super) fn is_over(&mut self) -> bool {
        while let Some(ended) = self.tasks.try_join_next() {
            ended.unwrap();
        }
        self.tasks.is_empty()
    }

    /// Waits until all is done, and takes down what was told. Gives the number of entries acknowledged.
    pub(super) async fn end(mut self, ledgers: &mut Ledgers) -> u64 {
        while let Some(ended) = self.tasks.join_next().await {
            ended.unwrap();
        }
        let told = std::mem::take(&mut *self.told.lock().unwrap());
        ledgers.of(self.life).hear(self.life, &told)
    }
}

/// Whoever was there before may have left connections that are lost.
async fn patiently(store: &PostgresStore, life: u64) -> Crm<PostgresStore> {
    loop {
        let first = book(10, Timestamp::MIN);
        match Crm::open(store.clone(), tenant_of(life), first).await {
            Ok(crm) => return crm,
            Err(error) => assert!(passes(&error), "{error:?}"),
        }
    }
}

/// The ledger of each tenant.
#[derive(Default)]
pub(super) struct Ledgers(Vec<Ledger>);

impl Ledgers {
    /// The ledger of a life, whose turn comes in order.
    pub(super) fn of(&mut self, life: u64) -> &mut Ledger {
        let nth = usize::try_from(life / LIVES_PER_TENANT).unwrap();
        if nth == self.0.len() {
            self.0.push(Ledger::new(tenant_of(life)));
        }
        &mut self.0[nth]
    }

    /// Examines the tenant of a life. Gives the number of entries that nobody had acknowledged.
    pub(super) async fn examine(&mut self, pool: &PgPool, life: u64) -> u64 {
        let mut crm = super::base::open(pool.clone(), tenant_of(life)).await;
        self.of(life).examine(&mut crm).await
    }

    /// Examines all: later tenants have not hurt earlier ones.
    pub(super) async fn examine_all(&mut self, pool: &PgPool) {
        for ledger in &mut self.0 {
            let mut crm = super::base::open(pool.clone(), ledger.tenant()).await;
            ledger.examine(&mut crm).await;
        }
    }
}
