//! What a host tells the kit about its store.

use std::future::Future;

use super::sampling::Sampling;
use crate::id::TenantId;
use crate::store::{Commit, CommitError, CustomerStore, Receipt, StoreError};

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

    /// How many random histories a check draws, and from which seed. A host that wants more of them now
    /// and then reads that from wherever it likes.
    fn sampling(&self) -> Sampling {
        Sampling::default()
    }
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

/// A harness whose store lets commits overlap: while one is under way, others begin and end. It says how
/// to keep one under way, in a transaction that stays open until it is told to end. A store that takes
/// one writer at a time has none, and the group [`publishing`](super::publishing) does not compile for
/// it.
///
/// A store with a commit inside the host's transaction has all it takes: [`begin`](Self::begin) begins
/// one, [`carry_out`](Self::carry_out) commits in it, [`finish`](Self::finish) and
/// [`abandon`](Self::abandon) end it. The [module](super) has an example.
pub trait Hold: Harness {
    /// A transaction that is open. Dropped, it is rolled back, at once or soon. The kit drops it within
    /// [`block_on`](Harness::block_on).
    type Held: Send;

    /// Begins a transaction in the database of this store.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: the check fails with it.
    fn begin(
        &self,
        guard: &Self::Guard,
        store: &Self::Store,
    ) -> impl Future<Output = Result<Self::Held, StoreError>> + Send;

    /// Carries out a commit in the transaction, after those it has carried out before.
    ///
    /// # Errors
    ///
    /// As [`CustomerStore::commit`]. What refers to a state that others changed since the transaction
    /// began may be a [`CommitError::Conflict`], or fail for the moment.
    fn carry_out(
        &self,
        store: &Self::Store,
        held: &mut Self::Held,
        tenant: TenantId,
        commit: Commit,
    ) -> impl Future<Output = Result<Receipt, CommitError>> + Send;

    /// Ends the transaction: all of it is carried out, durable before this returns.
    ///
    /// # Errors
    ///
    /// [`CommitError`] where a store finds only now what stands in the way. Then nothing of it is carried
    /// out.
    fn finish(&self, held: Self::Held) -> impl Future<Output = Result<(), CommitError>> + Send;

    /// Rolls the transaction back: nothing of it is carried out.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: the check fails with it.
    fn abandon(&self, held: Self::Held) -> impl Future<Output = Result<(), StoreError>> + Send;
}
