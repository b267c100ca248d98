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
//!     groups: [customers, bulk, archive],
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
//! | [`customers`] | every store | C1 to C5, C7 to C9 |
//! | [`bulk`] | stores that are [`Bulk`](super::Bulk) | the same, for many at once |
//! | [`archive`] | stores that are an [`Archive`](super::Archive) | C9, C16, C17 |
//! | [`reopening`] | stores that outlive their process, by [`Reopen`] | C6 |
//!
//! What a store cannot do is no failure: its group is left out, and does not compile if it is not.
//! Groups for the other capabilities will follow.
//!
//! # A database that is shared
//!
//! Checks run at the same time, each in tenants of its own, so they may share one database. If that
//! outlives the run, [`Harness::run_id`] has to differ from run to run. The kit removes nothing.
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

mod catalogue;
mod check;
mod expect;
mod harness;
mod names;
mod race;
mod subject;

pub mod archive;
pub mod bulk;
pub mod customers;
pub mod reopening;

#[doc(inline)]
pub use catalogue::tests;
#[doc(hidden)]
pub use catalogue::{__each_test, __group};
pub use check::{Check, Clause, Violation};
pub use harness::{Harness, Reopen};
