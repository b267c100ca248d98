//! The conformance kit: checks a store against the [contract](crate::store), a named test for each
//! promise. Needs the feature `conformance`.
//!
//! Whoever writes a store says in a [`Harness`] how to open one, and names the groups of checks that
//! fit it. [`tests!`] makes one `#[test]` of each check:
//!
//! ```
//! use guanxi::store::conformance::{self, Harness};
//! use guanxi::store::{MemoryStore, StoreError};
//!
//! struct Memory;
//!
//! impl Harness for Memory {
//!     type Store = MemoryStore;
//!     type Guard = ();
//!
//!     async fn open(&self) -> Result<((), MemoryStore), StoreError> {
//!         Ok(((), MemoryStore::default()))
//!     }
//!
//!     fn block_on<F>(&self, future: F) -> F::Output
//!     where
//!         F: Future + Send,
//!         F::Output: Send,
//!     {
//!         pollster::block_on(future)
//!     }
//!
//!     fn run_id(&self) -> String {
//!         "every store is empty".to_owned()
//!     }
//! }
//!
//! conformance::tests! {
//!     harness: Memory,
//!     groups: [customers, bulk, scan, agenda, archive, erase, inspect],
//! }
//!
//! // The same checks as values, for a run outside of `cargo test`.
//! for check in conformance::customers::all() {
//!     check.run(&Memory)?;
//! }
//! # Ok::<(), conformance::Violation>(())
//! ```
//!
//! The name of a test is the id of its check and begins with the clause. A test that fails says what
//! the contract promises, what was expected and what was seen instead.
//!
//! # Groups
//!
//! | group | for | clauses |
//! |---|---|---|
//! | [`customers`] | every store | C1 to C5, C7 to C9, C15 |
//! | [`bulk`] | stores that are [`Bulk`](super::Bulk) | the same, for many at once |
//! | [`scan`] | stores that are [`Scan`](super::Scan) | C1, C9, C11, C13 |
//! | [`agenda`] | stores that are an [`Agenda`](super::Agenda) | C1, C9, C12 |
//! | [`archive`] | stores that are an [`Archive`](super::Archive) | C9, C16, C17 |
//! | [`erase`] | stores that are [`Erase`](super::Erase) | C9, C13 |
//! | [`inspect`] | stores that are [`Inspect`](super::Inspect) | C1, C4, C7, C9 |
//! | [`bulk_agenda`] | stores that are both | C12 |
//! | [`bulk_erase`] | stores that are both | C13 |
//! | [`bulk_inspect`] | stores that are both | C7 |
//! | [`dropping`] | every store | C14 |
//! | [`dropping_bulk`] | stores that are [`Bulk`](super::Bulk) | C14, for many at once |
//! | [`feed`] | stores that are a [`Feed`](super::Feed) | C9, C10 |
//! | [`feed_reopening`] | those of them that outlive their process | C6, C10 |
//! | [`linear`] | every store | C2, C4, C5, C7, of several at once |
//! | [`model`] | every store | all of these at random, against [`MemoryStore`](super::MemoryStore) |
//! | [`model_all`] | stores that are [`Bulk`](super::Bulk), [`Scan`](super::Scan), [`Agenda`](super::Agenda), [`Feed`](super::Feed), [`Erase`](super::Erase) and [`Inspect`](super::Inspect) | the same of everything |
//! | [`publishing`] | stores that are a [`Feed`](super::Feed) and whose commits overlap, by [`Hold`] | C1, C2, C4, C5, C7, C10 |
//! | [`reopening`] | stores that outlive their process, by [`Reopen`] | C6 |
//! | [`reopening_agenda`] | those of them that are an [`Agenda`](super::Agenda) | C6, C12 |
//! | [`reopening_archive`] | those of them that are an [`Archive`](super::Archive) | C6, C16, C17 |
//! | [`reopening_bulk`] | those of them that are [`Bulk`](super::Bulk) | C6 |
//! | [`reopening_erase`] | those of them that are [`Erase`](super::Erase) | C6, C13 |
//!
//! What a store cannot do is no failure: its group is left out, and does not compile if it is not. The page
//! `docs/certify.md` of the repository goes through it step by step, lists every check, and says what a pass
//! means and what it does not.
//!
//! # A database that is shared
//!
//! Checks run at the same time, each in tenants of its own, so they may share one database. If that
//! outlives the run, [`Harness::run_id`] has to differ from run to run. The kit removes nothing.
//!
//! This is the whole file for a store on a pool of connections to such a database:
//!
//! ```
//! use std::future::Future;
//! use std::sync::LazyLock;
//! use std::time::{SystemTime, UNIX_EPOCH};
//!
//! use guanxi::store::StoreError;
//! use guanxi::store::conformance::{self, Harness, Reopen};
//! use my_shop::ShopStore;
//! use tokio::runtime::Runtime;
//! # use my_shop::Connect as _;
//! #
//! # mod my_shop {
//! #     use std::sync::{Arc, LazyLock};
//! #
//! #     use guanxi::store::{MemoryStore, StoreError};
//! #
//! #     /// Stands for a store of the host's, and the database that it connects to.
//! #     pub type ShopStore = Arc<MemoryStore>;
//! #
//! #     static DATABASE: LazyLock<ShopStore> = LazyLock::new(ShopStore::default);
//! #
//! #     pub trait Connect: Sized {
//! #         fn connect(address: &str) -> impl Future<Output = Result<Self, StoreError>> + Send;
//! #         fn close(self) -> impl Future<Output = ()> + Send;
//! #     }
//! #
//! #     impl Connect for ShopStore {
//! #         async fn connect(_: &str) -> Result<Self, StoreError> {
//! #             Ok(Arc::clone(&DATABASE))
//! #         }
//! #         async fn close(self) {}
//! #     }
//! # }
//!
//! const DATABASE: &str = "postgres://localhost/shop_development";
//!
//! /// One for all tests: the connections of a pool belong to the runtime that opened them.
//! static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));
//!
//! struct Shop;
//!
//! impl Harness for Shop {
//!     type Store = ShopStore;
//!     type Guard = ();
//!
//!     // A pool for each check, of four connections or more: a race is none if writers queue for one.
//!     async fn open(&self) -> Result<((), ShopStore), StoreError> {
//!         Ok(((), ShopStore::connect(DATABASE).await?))
//!     }
//!
//!     fn block_on<F>(&self, future: F) -> F::Output
//!     where
//!         F: Future + Send,
//!         F::Output: Send,
//!     {
//!         RUNTIME.block_on(future)
//!     }
//!
//!     // Another text for every run, because the database outlives it.
//!     fn run_id(&self) -> String {
//!         static STARTED: LazyLock<SystemTime> = LazyLock::new(SystemTime::now);
//!         let since = STARTED.duration_since(UNIX_EPOCH).unwrap_or_default();
//!         format!("{} {}", std::process::id(), since.as_nanos())
//!     }
//! }
//!
//! impl Reopen for Shop {
//!     async fn reopen(&self, (): &(), store: ShopStore) -> Result<ShopStore, StoreError> {
//!         store.close().await;
//!         ShopStore::connect(DATABASE).await
//!     }
//! }
//!
//! conformance::tests! {
//!     harness: Shop,
//!     groups: [
//!         customers, bulk, scan, agenda, archive, erase, inspect, bulk_agenda, bulk_erase,
//!         bulk_inspect, dropping, dropping_bulk, feed, feed_reopening, linear, model, model_all,
//!         reopening, reopening_agenda, reopening_archive, reopening_bulk, reopening_erase,
//!         // And publishing, if commits overlap and the harness can `Hold` one.
//!     ],
//! }
//! # for check in conformance::reopening::all() {
//! #     check.run(&Shop)?;
//! # }
//! # Ok::<(), conformance::Violation>(())
//! ```
//!
//! # A store that closes
//!
//! A store on a disk says how to open again what it kept. The guard keeps the folder:
//!
//! ```
//! # use std::sync::{Arc, Mutex};
//! # use guanxi::store::conformance::{self, Harness, Reopen};
//! # use guanxi::store::{MemoryStore, StoreError};
//! # /// Stands for a store in a folder: what the guard holds outlives the store.
//! # type FileStore = Arc<MemoryStore>;
//! # type Folder = Arc<MemoryStore>;
//! # fn open_in(folder: &Folder) -> FileStore { Arc::clone(folder) }
//! # fn new_folder() -> Folder { Folder::default() }
//! struct Files;
//!
//! impl Harness for Files {
//!     type Store = FileStore;
//!     type Guard = Folder;
//!
//!     async fn open(&self) -> Result<(Folder, FileStore), StoreError> {
//!         let folder = new_folder();
//!         let store = open_in(&folder);
//!         Ok((folder, store))
//!     }
//!     # fn block_on<F>(&self, future: F) -> F::Output
//!     # where
//!     #     F: Future + Send,
//!     #     F::Output: Send,
//!     # {
//!     #     pollster::block_on(future)
//!     # }
//!     # fn run_id(&self) -> String { String::new() }
//!     // ...
//! }
//!
//! impl Reopen for Files {
//!     async fn reopen(&self, folder: &Folder, store: FileStore) -> Result<FileStore, StoreError> {
//!         drop(store);
//!         Ok(open_in(folder))
//!     }
//! }
//!
//! conformance::tests! {
//!     harness: Files,
//!     groups: [customers, reopening],
//! }
//! # for check in conformance::reopening::all() {
//! #     check.run(&Files)?;
//! # }
//! # Ok::<(), conformance::Violation>(())
//! ```
//!
//! # A store whose commits overlap
//!
//! What a reader of a feed may miss is what began before others and ended after them, so the kit has to
//! keep a commit under way. The harness says how. With a database that is a transaction:
//! [`Hold`] is then a line for each method. This one stands for it with a list:
//!
//! ```
//! # use std::sync::Arc;
//! # use guanxi::TenantId;
//! # use guanxi::store::conformance::{self, Harness, Hold};
//! # use guanxi::store::{Commit, CommitError, CustomerStore, MemoryStore, Receipt, StoreError};
//! struct Overlapping;
//!
//! # impl Harness for Overlapping {
//! #     type Store = Arc<MemoryStore>;
//! #     type Guard = ();
//! #     async fn open(&self) -> Result<((), Arc<MemoryStore>), StoreError> {
//! #         Ok(((), Arc::default()))
//! #     }
//! #     fn block_on<F>(&self, future: F) -> F::Output
//! #     where
//! #         F: Future + Send,
//! #         F::Output: Send,
//! #     {
//! #         pollster::block_on(future)
//! #     }
//! #     fn run_id(&self) -> String { String::new() }
//! # }
//! /// What is to be written when the transaction ends.
//! struct Transaction {
//!     store: Arc<MemoryStore>,
//!     commits: Vec<(TenantId, Commit)>,
//! }
//!
//! impl Hold for Overlapping {
//!     type Held = Transaction;
//!
//!     async fn begin(&self, _: &(), store: &Arc<MemoryStore>) -> Result<Transaction, StoreError> {
//!         Ok(Transaction { store: Arc::clone(store), commits: Vec::new() })
//!     }
//!
//!     async fn carry_out(
//!         &self,
//!         _: &Arc<MemoryStore>,
//!         held: &mut Transaction,
//!         tenant: TenantId,
//!         commit: Commit,
//!     ) -> Result<Receipt, CommitError> {
//!         let receipt = commit.receipt();
//!         held.commits.push((tenant, commit));
//!         Ok(receipt)
//!     }
//!
//!     async fn finish(&self, held: Transaction) -> Result<(), CommitError> {
//!         for (tenant, commit) in held.commits {
//!             held.store.commit(tenant, commit).await?;
//!         }
//!         Ok(())
//!     }
//!
//!     async fn abandon(&self, held: Transaction) -> Result<(), StoreError> {
//!         drop(held);
//!         Ok(())
//!     }
//! }
//!
//! conformance::tests! {
//!     harness: Overlapping,
//!     groups: [customers, feed, publishing],
//! }
//! # for check in conformance::publishing::all() {
//! #     check.run(&Overlapping)?;
//! # }
//! # Ok::<(), conformance::Violation>(())
//! ```

mod catalogue;
mod check;
mod cut;
mod expect;
mod follow;
mod harness;
mod histories;
mod names;
mod race;
mod sampling;
mod subject;
mod suite;

pub mod agenda;
pub mod archive;
pub mod bulk;
pub mod bulk_agenda;
pub mod bulk_erase;
pub mod bulk_inspect;
pub mod customers;
pub mod dropping;
pub mod dropping_bulk;
pub mod erase;
pub mod feed;
pub mod feed_reopening;
pub mod inspect;
pub mod linear;
pub mod model;
pub mod model_all;
pub mod publishing;
pub mod reopening;
pub mod reopening_agenda;
pub mod reopening_archive;
pub mod reopening_bulk;
pub mod reopening_erase;
pub mod scan;

pub use check::{Check, Clause, Violation};
pub use harness::{Harness, Hold, Reopen};
pub use sampling::Sampling;
#[doc(inline)]
pub use suite::tests;
#[doc(hidden)]
pub use suite::{__each_test, __group};
