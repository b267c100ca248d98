//! What the tests of this binary stand on: folders, a shop, and things that happen in it.

use std::error::Error;
use std::fs;
use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::task::Poll;

use guanxi::profile::{ExternalKey, ProfileCommand};
use guanxi::purchase::Order;
use guanxi::store::StoreError;
use guanxi::store::sqlite::sqlx::sqlite::SqliteConnectOptions;
use guanxi::store::sqlite::sqlx::{ConnectOptions, SqliteConnection};
use guanxi::store::sqlite::{SqliteFault, SqliteStore};
use guanxi::{
    Actor, Command, CommandId, Context, Crm, Currency, CustomerId, Money, Policy, Rulebook,
    Rulebooks, TenantId, Timestamp,
};
use tokio::runtime::Runtime;

/// A folder of one test's own, empty at its start and removed at its end.
pub(crate) struct Folder {
    path: PathBuf,
    is_ours: bool,
}

impl Folder {
    pub(crate) fn new(test: &str) -> Self {
        let mut folder = Self::existing(test);
        folder.is_ours = true;
        let _ = fs::remove_dir_all(&folder.path);
        fs::create_dir_all(&folder.path).unwrap();
        folder
    }

    /// The folder that another process made for a test.
    pub(crate) fn existing(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sqlite").join(test);
        Self { path, is_ours: false }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.path.join("crm.db")
    }

    /// Everything in it.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        fs::read_dir(&self.path).unwrap().map(|entry| entry.unwrap().path()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.is_ours {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

pub(crate) fn run<F: Future>(future: F) -> F::Output {
    Runtime::new().unwrap().block_on(future)
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

pub(crate) async fn open(folder: &Folder) -> Crm<SqliteStore> {
    Crm::new(SqliteStore::open(folder.file()).await.unwrap(), shop(), books())
}

/// A connection of somebody else's to the same file.
pub(crate) async fn connect(folder: &Folder) -> SqliteConnection {
    SqliteConnectOptions::new().filename(folder.file()).connect().await.unwrap()
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
    Context::new(now, Actor::System, CommandId::derive("sqlite", command))
}

/// The fault under an error of the store.
pub(crate) fn fault(error: &StoreError) -> &SqliteFault {
    error.source().and_then(|source| source.downcast_ref()).unwrap()
}

/// A trigger that makes a customer's first row take long enough for things to happen meanwhile.
pub(crate) const SLOW_CUSTOMERS: &str = "TRIGGER slow AFTER INSERT ON guanxi_customers BEGIN
    SELECT count(*) FROM (
        WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 50000)
        SELECT n FROM up
    );
END";

/// Where to drop a future: after so many polls, and a little later or earlier within the last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut {
    polls: u32,
    yields: u32,
}

impl Cut {
    /// Cuts of every kind, from the one before the first poll on.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let yields = [0, 100, 1_000, 5_000];
        (0..6).flat_map(move |polls| yields.map(|yields| Self { polls, yields }))
    }

    /// What a future comes to; `None` if it was not through, and was dropped.
    pub(crate) async fn apply<F: Future>(self, future: F) -> Option<F::Output> {
        let mut future = Box::pin(future);
        let mut left = self.polls;
        let cut = poll_fn(|context| {
            if left == 0 {
                return Poll::Ready(None);
            }
            left -= 1;
            match future.as_mut().poll(context) {
                Poll::Ready(output) => Poll::Ready(Some(output)),
                Poll::Pending if left == 0 => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            }
        });
        let output = cut.await;
        // For what goes on elsewhere to come further, more or less.
        (0..self.yields).for_each(|_| std::thread::yield_now());
        output
    }
}
