//! The file that the parent and its children work on.

use std::fs;
use std::path::{Path, PathBuf};

use guanxi::crm::Crm;
use guanxi::store::sqlite::SqliteStore;
use guanxi::store::sqlite::sqlx::{self, Connection, SqliteConnection};
use guanxi::{TenantId, Timestamp};

use super::shop::book;

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
