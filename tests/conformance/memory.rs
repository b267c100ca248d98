//! The store in memory.

use std::future::Future;

use guanxi::store::conformance::{self, Harness};
use guanxi::store::{MemoryStore, StoreError};

struct Memory;

impl Harness for Memory {
    type Store = MemoryStore;
    type Guard = ();

    async fn open(&self) -> Result<((), MemoryStore), StoreError> {
        Ok(((), MemoryStore::default()))
    }

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send,
        F::Output: Send,
    {
        pollster::block_on(future)
    }

    fn run_id(&self) -> String {
        "memory".to_owned()
    }
}

conformance::tests! {
    harness: Memory,
    groups: [
        customers, bulk, scan, agenda, archive, erase, inspect, bulk_agenda, bulk_erase,
        bulk_inspect, dropping, dropping_bulk, feed, linear, model, model_all,
    ],
}

/// All checks in one store, at the same time, as in a database that developers share.
mod shared {
    use std::future::Future;
    use std::sync::{Arc, LazyLock};

    use guanxi::store::conformance::{self, Harness};
    use guanxi::store::{MemoryStore, StoreError};

    static STORE: LazyLock<Arc<MemoryStore>> = LazyLock::new(Arc::default);

    struct Shared;

    impl Harness for Shared {
        type Store = Arc<MemoryStore>;
        type Guard = ();

        async fn open(&self) -> Result<((), Arc<MemoryStore>), StoreError> {
            Ok(((), Arc::clone(&STORE)))
        }

        fn block_on<F>(&self, future: F) -> F::Output
        where
            F: Future + Send,
            F::Output: Send,
        {
            pollster::block_on(future)
        }

        fn run_id(&self) -> String {
            "the store is new with each run".to_owned()
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
