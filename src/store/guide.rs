//! How to write a store of one's own, on a page.
//!
//! You have a database, and customers are to live in it beside everything else. The library has decided
//! already; what reaches you is a [`Commit`](super::Commit) to carry out and questions to answer. You never
//! look into a document, and you never decide anything. Five tables, or whatever stands for them, are
//! enough:
//!
//! | what | key | what it holds |
//! |---|---|---|
//! | customers | tenant, customer | the revision, and the [`Index`](super::Index) as columns to query |
//! | parts | tenant, customer, part name | a schema number and a JSON document each |
//! | journal | tenant, customer, revision | one document for each revision, never changed |
//! | commands | tenant, command | fingerprint and receipt; the journal can hold these, too |
//! | claims | tenant, key | the customer that holds it |
//!
//! # Carrying out a commit
//!
//! In one transaction, in this order:
//!
//! 1. Is the command known? Then answer with [`Accepted::again`](super::Accepted::again), and do no more
//!    (C5). First of all, because a command sent again finds a customer that has moved on since.
//! 2. Is each customer at the [`Expected`](super::Expected) revision? If not, `Conflict` (C2). Never
//!    read and then write without a lock or a condition in between: two writers at once must find one
//!    winner.
//! 3. Release the claims given up by all changes, then take the others. One that another customer holds is
//!    `Claimed`, and tells who holds it (C4).
//! 4. Write the entry of the journal, the parts put and removed, the columns; remember the command.
//! 5. Commit durably, and only then return (C6).
//!
//! Whatever is refused leaves nothing (C1), and so does a future that is dropped half way (C14). A
//! database that enforces uniqueness saves you steps 1 to 3 in the usual case: write, and ask why only
//! when a constraint refuses.
//!
//! # Columns
//!
//! Documents are JSON text and opaque, and given back byte for byte. What is around them goes into columns
//! and back so:
//!
//! | value | to a column | and back |
//! |---|---|---|
//! | ids | `uuid()` | `CustomerId::new`, `TenantId::new`, `CommandId::new` |
//! | [`PartName`](crate::customer::PartName) | `to_string` | `parse` |
//! | [`Timestamp`](crate::Timestamp) | `as_micros` | `from_micros` |
//! | [`Stage`](crate::Stage) | `code` | `from_code` |
//! | [`Tier`](crate::tier::Tier) | `to_string` | the one of `ALL` that shows so |
//! | [`RiskBand`](crate::churn::RiskBand) | `code` | the one of `ALL` with this code |
//! | [`Fingerprint`](super::Fingerprint), [`PolicyId`](crate::PolicyId), [`CalibrationId`](crate::CalibrationId) | `as_bytes` | `from_bytes` |
//! | [`ExternalKey`](crate::profile::ExternalKey) | `system`, `key` | `new` |
//! | [`Receipt`](super::Receipt) | its `revisions` | `new` |
//! | [`RulebookRef`](crate::rulebook::RulebookRef) | `policy`, `in_force_from` | `new` |
//!
//! # Mistakes that are easy to make
//!
//! - Checking the revision before the command: a repetition becomes a conflict, is decided anew, and is
//!   carried out twice.
//! - A condition on the revision whose result nobody looks at: an update that matched no row is a lost
//!   update.
//! - Comparing keys by a collation: `Ä` and `a` are different keys, and so are `a` and `A`.
//! - Keeping documents in a type of the database's that reads them, as `jsonb` does: it gives back other
//!   bytes than it took, and refuses some.
//! - Numbering the journal by a sequence: a rolled back commit leaves a gap (C3). The revision is in the
//!   entry.
//! - Personal data in messages: a constraint's message may quote the key it refused (C15).
//! - Taking a lost connection for an answer. It is [`Unavailable`](super::StoreErrorKind::Unavailable): the
//!   caller sends the command again under the same id, and learns what became of it.
//!
//! # Whether it is right
//!
//! The feature `conformance` has a named test for each promise of these methods, races between threads
//! included: say in a `Harness` how to open your store, and name the groups that fit it. The module
//! `store::conformance` shows how, and the page `docs/certify.md` of the repository goes through it step by
//! step.
//!
//! # The other traits
//!
//! A store that has `CustomerStore` can do what [`Crm`](crate::Crm) does for single customers, but for
//! erasing them. Each further trait opens more of it:
//!
//! | trait | opens |
//! |---|---|
//! | [`Scan`](super::Scan) | pages over the base |
//! | [`Agenda`](super::Agenda) | `run_due`: give the columns `in_force_from`, `policy` and `wake_at` an index |
//! | [`Bulk`](super::Bulk) | `execute_many`, `run_due_in_bulk` |
//! | [`Feed`](super::Feed) | `feed`: number entries in the order they become visible, not the order they begin |
//! | [`Archive`](super::Archive) | `open`, `adopt`, `adopt_calibration`: rulebooks and calibrations kept beside the customers |
//! | [`Erase`](super::Erase) | `erase`: mind logs, free pages, statistics, replicas and backups; look for an erased value in every file |
//! | [`Inspect`](super::Inspect) | with `Agenda`, `verify` |
//!
//! # Example
//!
//! A copy, put in place at the end, stands for what a database calls a transaction. It forgets everything
//! with the process: of the clauses of these methods, C6 is the one that does not hold.
//!
//! ```
//! use std::collections::HashMap;
//! use std::sync::Mutex;
//!
//! use guanxi::crm::{Crm, CrmError, Executed};
//! use guanxi::customer::{Part, PartName};
//! use guanxi::profile::{ExternalKey, ProfileCommand};
//! use guanxi::store::{
//!     Accepted, Commit, CommitError, CustomerStore, PageSize, Receipt, StoreError,
//!     StoreErrorKind, Stored, StoredEntry,
//! };
//! use guanxi::{CommandId, CustomerId, TenantId};
//! # fn order(at: &str) -> guanxi::Command {
//! #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
//! #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
//! # }
//! # fn context(now: &str) -> guanxi::Context {
//! #     let command_id = guanxi::CommandId::derive("example", now);
//! #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
//! # }
//! # let policy = guanxi::Policy::new(guanxi::Currency::USD);
//! # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
//! # let books = guanxi::Rulebooks::from(book);
//! # let shop = guanxi::TenantId::derive("example-shop");
//! # let id = guanxi::CustomerId::derive(shop, "C-17");
//!
//! #[derive(Clone, Default)]
//! struct Row {
//!     parts: HashMap<PartName, Part>,
//!     journal: Vec<StoredEntry>,
//! }
//!
//! #[derive(Clone, Default)]
//! struct Tenant {
//!     rows: HashMap<CustomerId, Row>,
//!     claims: HashMap<ExternalKey, CustomerId>,
//!     accepted: HashMap<CommandId, Accepted>,
//! }
//!
//! impl Tenant {
//!     fn carry_out(&mut self, commit: &Commit) -> Result<Receipt, CommitError> {
//!         // C5, and first of all: a command sent again finds a customer that has moved on since.
//!         if let Some(accepted) = self.accepted.get(&commit.command_id()) {
//!             return accepted.again(commit.fingerprint());
//!         }
//!         for change in commit.changes() {
//!             // C2: the last entry of the journal made the present revision.
//!             let row = self.rows.entry(change.id).or_default();
//!             let found = row.journal.last().map(|entry| entry.revision);
//!             if found != change.expected.revision() {
//!                 return Err(CommitError::Conflict);
//!             }
//!             row.journal.push(change.entry.clone());
//!             row.parts.extend(change.put.iter().map(|part| (part.name, part.clone())));
//!             row.parts.retain(|name, _| !change.removed.contains(name));
//!             // C4: what is given up is free for every change of this commit.
//!             let given_up = &change.claims_released;
//!             self.claims.retain(|claim, by| *by != change.id || !given_up.contains(claim));
//!         }
//!         for change in commit.changes() {
//!             for claim in &change.claims_taken {
//!                 match self.claims.insert(claim.clone(), change.id) {
//!                     Some(holder) if holder != change.id => {
//!                         return Err(CommitError::Claimed { holder });
//!                     }
//!                     _ => {}
//!                 }
//!             }
//!         }
//!         let receipt = commit.receipt();
//!         self.accepted.insert(commit.command_id(), commit.accepted());
//!         Ok(receipt)
//!     }
//! }
//!
//! /// Tenants in maps of their own: no lookup reaches another's customers (C9).
//! #[derive(Default)]
//! struct HostStore(Mutex<HashMap<TenantId, Tenant>>);
//!
//! impl HostStore {
//!     fn with<T>(&self, id: TenantId, f: impl FnOnce(&mut Tenant) -> T) -> Result<T, StoreError> {
//!         let mut tenants = self.0.lock().map_err(|_| StoreErrorKind::Refused)?;
//!         Ok(f(tenants.entry(id).or_default()))
//!     }
//! }
//!
//! impl CustomerStore for HostStore {
//!     async fn load(
//!         &self,
//!         tenant: TenantId,
//!         id: CustomerId,
//!     ) -> Result<Option<Stored>, StoreError> {
//!         self.with(tenant, |tenant| {
//!             let row = tenant.rows.get(&id)?;
//!             let revision = row.journal.last()?.revision;
//!             Some(Stored { revision, parts: row.parts.values().cloned().collect() })
//!         })
//!     }
//!
//!     async fn commit(&self, tenant: TenantId, commit: Commit) -> Result<Receipt, CommitError> {
//!         // C1: whatever is refused half way is refused on the copy.
//!         self.with(tenant, |tenant| {
//!             let mut copy = tenant.clone();
//!             let receipt = copy.carry_out(&commit)?;
//!             *tenant = copy;
//!             Ok(receipt)
//!         })?
//!     }
//!
//!     async fn history(
//!         &self,
//!         tenant: TenantId,
//!         id: CustomerId,
//!         after: u64,
//!         size: PageSize,
//!     ) -> Result<Vec<StoredEntry>, StoreError> {
//!         self.with(tenant, |tenant| {
//!             let journal = tenant.rows.get(&id).map_or(&[][..], |row| &row.journal[..]);
//!             let later = journal.iter().filter(|entry| entry.revision > after);
//!             later.take(size.rows()).cloned().collect()
//!         })
//!     }
//!
//!     async fn receipt(
//!         &self,
//!         tenant: TenantId,
//!         command_id: CommandId,
//!     ) -> Result<Option<Accepted>, StoreError> {
//!         self.with(tenant, |tenant| tenant.accepted.get(&command_id).cloned())
//!     }
//!
//!     async fn holder(
//!         &self,
//!         tenant: TenantId,
//!         claim: &ExternalKey,
//!     ) -> Result<Option<CustomerId>, StoreError> {
//!         self.with(tenant, |tenant| tenant.claims.get(claim).copied())
//!     }
//! }
//!
//! let crm = Crm::new(HostStore::default(), shop, books);
//! let key = ExternalKey::new("shop", "C-17")?;
//! pollster::block_on(async {
//!     // Delivered twice by the queue, carried out once.
//!     let (order, first) = (order("2026-03-01T09:30:00Z"), context("2026-03-01T09:30:00Z"));
//!     assert!(matches!(crm.execute(id, &order, &first).await?, Executed::Recorded(_)));
//!     assert_eq!(crm.execute(id, &order, &first).await?, Executed::Replayed { revision: 1 });
//!
//!     // The same id for something else is a mistake of the caller.
//!     let link = ProfileCommand::LinkKey(key.clone()).into();
//!     let reused = crm.execute(id, &link, &first).await;
//!     assert!(matches!(reused, Err(CrmError::Commit(CommitError::CommandReused))));
//!
//!     // The loser of a claim learns who holds it, and leaves no trace.
//!     crm.execute(id, &link, &context("2026-03-01T09:31:00Z")).await?;
//!     let other = CustomerId::derive(shop, "C-18");
//!     let lost = crm.execute(other, &link, &context("2026-03-01T09:32:00Z")).await;
//!     assert!(matches!(
//!         lost,
//!         Err(CrmError::Commit(CommitError::Claimed { holder })) if holder == id
//!     ));
//!     assert_eq!(crm.store().holder(shop, &key).await?, Some(id));
//!     assert!(crm.customer(other).await?.is_none());
//!     assert_eq!(crm.history(id).await?.len(), 2);
//!     Ok::<(), CrmError>(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
