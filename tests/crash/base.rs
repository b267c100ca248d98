//! What the parent and its children stand on: folders, a shop, and dice that fall the same each time.

use std::fs;
use std::path::{Path, PathBuf};

use guanxi::crm::Crm;
use guanxi::store::sqlite::SqliteStore;
use guanxi::store::sqlite::sqlx::{self, Connection, SqliteConnection};
use guanxi::{Currency, CustomerId, Policy, Rulebook, TenantId, Timestamp};
use tokio::runtime::Runtime;

/// A folder of one test's own, empty at its start and removed when all went well.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crash").join(test);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What a failed test found broken is worth a look.
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// Numbers that look random and are the same each time: SplitMix64, a published sequence.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn of(seeds: &[u64]) -> Self {
        let mut dice = Self(0);
        for seed in seeds {
            dice.0 = dice.next() ^ seed;
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0, below this one.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

pub(super) fn run<F: Future>(future: F) -> F::Output {
    Runtime::new().unwrap().block_on(future)
}

pub(super) fn tenant(number: u64) -> TenantId {
    TenantId::derive(&format!("shop {number}"))
}

pub(super) fn customer(tenant: TenantId, key: &str) -> CustomerId {
    CustomerId::derive(tenant, key)
}

/// Noon of the first day.
pub(super) fn start() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

/// A rulebook that loses customers after so many days of silence.
pub(super) fn book(silence_days: u16, from: Timestamp) -> Rulebook {
    let mut policy = Policy::new(Currency::USD);
    let lapse = &mut policy.lifecycle.lapse;
    lapse.floor_days = silence_days;
    lapse.ceiling_days = silence_days;
    lapse.without_cadence_days = silence_days;
    Rulebook::new(policy, from).unwrap()
}

pub(super) async fn open(file: &Path, tenant: TenantId) -> Crm<SqliteStore> {
    let store = SqliteStore::open(file).await.unwrap();
    Crm::open(store, tenant, book(10, Timestamp::MIN)).await.unwrap()
}

/// Asks SQLite itself whether the file is whole.
pub(super) async fn check_integrity(file: &Path) {
    let mut connection = connect(file).await;
    let found: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut connection).await.unwrap();
    assert_eq!(found, ["ok"]);
    connection.close().await.unwrap();
}

/// A connection beside the store.
pub(super) async fn connect(file: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    SqliteConnection::connect_with(&options).await.unwrap()
}
