//! The SQLite store: each check in a file of its own, and several in one.

use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use guanxi::store::StoreError;
use guanxi::store::conformance::{self, Harness, Reopen};
use guanxi::store::sqlite::SqliteStore;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// A folder of its own, which goes with the check.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let nth = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("conformance-{}-{nth}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    async fn open(&self) -> Result<SqliteStore, StoreError> {
        SqliteStore::open(self.0.join("crm.db")).await
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Files;

impl Harness for Files {
    type Store = SqliteStore;
    type Guard = Folder;

    async fn open(&self) -> Result<(Folder, SqliteStore), StoreError> {
        let folder = Folder::new();
        let store = folder.open().await?;
        Ok((folder, store))
    }

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send,
        F::Output: Send,
    {
        RUNTIME.block_on(future)
    }

    fn run_id(&self) -> String {
        "every file is new".to_owned()
    }
}

impl Reopen for Files {
    async fn reopen(&self, folder: &Folder, store: SqliteStore) -> Result<SqliteStore, StoreError> {
        store.close().await;
        drop(store);
        folder.open().await
    }
}

conformance::tests! {
    harness: Files,
    groups: [
        customers, bulk, scan, agenda, archive, erase, inspect, bulk_agenda, bulk_erase,
        bulk_inspect, dropping, dropping_bulk, feed, feed_reopening, linear, model, model_all,
        reopening, reopening_agenda, reopening_archive, reopening_bulk, reopening_erase,
    ],
}

/// Checks that run at the same time share one file, each by a store of its own, as processes do.
mod shared {
    use std::future::Future;
    use std::sync::{Arc, Mutex, PoisonError, Weak};

    use guanxi::store::StoreError;
    use guanxi::store::conformance::{self, Harness};
    use guanxi::store::sqlite::SqliteStore;

    use super::{Folder, RUNTIME};

    /// The folder that somebody uses now.
    static FOLDER: Mutex<Weak<Folder>> = Mutex::new(Weak::new());

    struct Shared;

    impl Harness for Shared {
        type Store = SqliteStore;
        type Guard = Arc<Folder>;

        async fn open(&self) -> Result<(Arc<Folder>, SqliteStore), StoreError> {
            let folder = {
                let mut used = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
                used.upgrade().unwrap_or_else(|| {
                    let folder = Arc::new(Folder::new());
                    *used = Arc::downgrade(&folder);
                    folder
                })
            };
            let store = folder.open().await?;
            Ok((folder, store))
        }

        fn block_on<F>(&self, future: F) -> F::Output
        where
            F: Future + Send,
            F::Output: Send,
        {
            RUNTIME.block_on(future)
        }

        fn run_id(&self) -> String {
            "every file is new".to_owned()
        }
    }

    conformance::tests! {
        harness: Shared,
        groups: [
            customers, bulk, scan, agenda, archive, erase, inspect, bulk_agenda, bulk_erase,
            bulk_inspect, dropping, dropping_bulk, feed, linear, model, model_all,
        ],
    }
}
