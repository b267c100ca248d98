//! The life of a child: several tasks that write to one file until they are killed.

use std::future::pending;
use std::path::Path;
use std::sync::Arc;

use guanxi::Crm;
use guanxi::store::sqlite::SqliteStore;
use tokio::task::JoinSet;

use super::carry::write;
use super::child::{Word, tell};
use super::operation::{TASKS, tenant_of};
use super::shop::book;

/// Two tasks share a store. The third writes through one of its own, as another process would.
pub(super) async fn load(file: &Path, life: u64) {
    let first = book(10, guanxi::Timestamp::MIN);
    let shared = Arc::new(SqliteStore::open(file).await.unwrap());
    let other = Arc::new(SqliteStore::open(file).await.unwrap());
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let store = if task + 1 < TASKS { &shared } else { &other };
        let crm = Crm::open(Arc::clone(store), tenant_of(life), first.clone()).await;
        tasks.spawn(write(crm.unwrap(), life, task, |word| tell(&word)));
    }
    tell(&Word::Opened);
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    pending::<()>().await;
}
