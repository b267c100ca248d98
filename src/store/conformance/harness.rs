//! What a host tells the kit about its store.

use std::future::Future;

use crate::store::{CustomerStore, StoreError};

/// How the kit gets at a store.
///
/// The [module](super) has an example.
pub trait Harness: Sync {
    /// The store to be checked.
    type Store: CustomerStore;

    /// What the store needs as long as it is open, such as a folder that is removed in the end. It is
    /// dropped after the store; `()` where there is nothing.
    type Guard: Send + Sync;

    /// Opens a store. Each check opens one and works in a tenant of its own, so the stores may share
    /// one database, and that may hold other tenants.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: the check fails with it.
    fn open(&self) -> impl Future<Output = Result<(Self::Guard, Self::Store), StoreError>> + Send;

    /// Runs a future to its end, on the calling thread or any other. In a race several threads call
    /// it at once.
    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send,
        F::Output: Send;

    /// What the tenants of this run are derived from. Where every store is opened empty, any constant
    /// will do. Where stores share a database that outlives the run, it must be another text for every
    /// run, because the kit writes the same customers each time.
    fn run_id(&self) -> String;
}

/// A harness whose store can be closed and opened again. A store that keeps nothing beyond its own
/// life has none, and the group [`reopening`](super::reopening) does not compile for it.
///
/// The [module](super) has an example.
pub trait Reopen: Harness {
    /// Closes a store, and opens what it kept as a new process would: from the disk or the server, not
    /// from memory.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: the check fails with it.
    fn reopen(
        &self,
        guard: &Self::Guard,
        store: Self::Store,
    ) -> impl Future<Output = Result<Self::Store, StoreError>> + Send;
}
