//! The storage contract: what a host's persistence must do, and nothing more.
//!
//! A store keeps documents; it never looks into them. It implements [`CustomerStore`], and [`Scan`]
//! and [`Agenda`] where it can. The clauses are cited on each method:
//!
//! - **C1** all of a commit or none
//! - **C2** no unconditional write: every change names the revision it expects
//! - **C3** each change makes the next revision; the journal has no gaps
//! - **C4** claims are unique per tenant, taken and given up in the same commit
//! - **C5** the same command again gives its first receipt; other content under its id is refused;
//!   checked before the revision
//! - **C6** durable before return
//! - **C7** a commit that returned is read by every later load
//! - **C8** history in the order of revisions, in stable pages
//! - **C9** tenants never see each other
//! - **C11** a scan gives every customer once, in the order of ids
//! - **C12** the agenda gives every customer that is due, or judged by another rulebook, earliest first
//! - **C14** a dropped commit leaves all or nothing
//! - **C15** messages carry no personal data
//!
//! [`MemoryStore`] keeps everything in memory, for tests, trials and examples.

mod commit;
mod error;
mod memory;
mod shared;

use std::fmt;
use std::future::Future;

pub use commit::{Commit, CustomerChange, Expected, Fingerprint, Index, Receipt};
pub use error::{CommitError, StoreError, StoreErrorKind};
pub use memory::MemoryStore;

use crate::customer::Part;
use crate::id::{CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::rulebook::RulebookRef;
use crate::time::Timestamp;

/// The most rows in one page.
pub const PAGE_ROWS_MAX: u16 = 1_000;

/// How many rows to return at most, from 1 to [`PAGE_ROWS_MAX`].
///
/// ```
/// use guanxi::store::{PAGE_ROWS_MAX, PageSize};
///
/// assert_eq!(PageSize::new(10).map(PageSize::rows), Some(10));
/// assert_eq!(PageSize::new(0), None);
/// assert_eq!(PageSize::new(PAGE_ROWS_MAX + 1), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u16);

impl PageSize {
    /// The largest page.
    pub const MAX: Self = Self(PAGE_ROWS_MAX);

    /// `None` for no rows, and for more than a page holds.
    #[must_use]
    pub const fn new(rows: u16) -> Option<Self> {
        if rows == 0 || rows > PAGE_ROWS_MAX { None } else { Some(Self(rows)) }
    }

    /// The number of rows.
    #[must_use]
    pub const fn rows(self) -> usize {
        self.0 as usize
    }
}

/// A customer as a store gives it back.
///
/// [`CustomerStore`] has an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The last revision.
    pub revision: u64,
    /// Every part, in any order.
    pub parts: Vec<Part>,
}

/// An entry of a journal as a store keeps it: an envelope to order by, and a document.
///
/// ```
/// use guanxi::store::{CustomerStore, PageSize, StoreErrorKind};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # fn context(now: &str) -> guanxi::Context {
/// #     let command_id = guanxi::CommandId::derive("example", now);
/// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let shop = guanxi::TenantId::derive("example-shop");
/// # let id = guanxi::CustomerId::derive(shop, "C-17");
/// # let crm = guanxi::Crm::new(guanxi::store::MemoryStore::default(), shop, books);
///
/// # let at = "2026-03-01T09:30:00Z";
/// # pollster::block_on(crm.execute(id, &order(at), &context(at)))?;
/// let page = pollster::block_on(crm.store().history(shop, id, 0, PageSize::MAX))?;
/// let stored = page.first().expect("an order was recorded");
/// assert_eq!(stored.decode()?.revision, stored.revision);
///
/// // Written by a newer version of the library: refused, not guessed at.
/// let mut newer = stored.clone();
/// newer.schema += 1;
/// assert_eq!(newer.decode().unwrap_err().kind(), StoreErrorKind::Newer);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// The revision it made.
    pub revision: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The schema of the document.
    pub schema: u16,
    /// The entry, as JSON.
    pub document: Vec<u8>,
}

impl fmt::Debug for StoredEntry {
    /// Without the document: a page of numbers helps nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredEntry")
            .field("revision", &self.revision)
            .field("recorded_at", &self.recorded_at)
            .field("schema", &self.schema)
            .field("bytes", &self.document.len())
            .finish()
    }
}

/// A customer that is due.
///
/// Ordered by instant, then by id, so it is also the cursor of [`Agenda::due`].
///
/// ```
/// use guanxi::store::Waking;
/// use guanxi::{CustomerId, TenantId, Timestamp};
///
/// let id = CustomerId::derive(TenantId::derive("example-shop"), "C-17");
/// let now = Waking { wake_at: Timestamp::UNIX_EPOCH, id };
/// let whenever = Waking { wake_at: Timestamp::MAX, id };
/// assert!(now < whenever);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waking {
    /// When it wakes; [`Timestamp::MAX`] when only its rulebook is another.
    pub wake_at: Timestamp,
    /// Which.
    pub id: CustomerId,
}

/// What every store does.
///
/// Implementers write plain `async fn`; the futures must be `Send`.
///
/// # A store of one's own
///
/// A host's store on a page. A copy, put in place at the end, stands for what a database calls a
/// transaction. It forgets everything with the process: of the clauses of these methods, C6 is
/// the one that does not hold.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
///
/// use guanxi::crm::{Crm, CrmError, Executed};
/// use guanxi::customer::{Part, PartName};
/// use guanxi::profile::{ExternalKey, ProfileCommand};
/// use guanxi::store::{
///     Commit, CommitError, CustomerStore, Expected, Fingerprint, PageSize, Receipt, StoreError,
///     StoreErrorKind, Stored, StoredEntry,
/// };
/// use guanxi::{CommandId, CustomerId, TenantId};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # fn context(now: &str) -> guanxi::Context {
/// #     let command_id = guanxi::CommandId::derive("example", now);
/// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let shop = guanxi::TenantId::derive("example-shop");
/// # let id = guanxi::CustomerId::derive(shop, "C-17");
///
/// #[derive(Clone, Default)]
/// struct Row {
///     parts: HashMap<PartName, Part>,
///     journal: Vec<StoredEntry>,
/// }
///
/// #[derive(Clone, Default)]
/// struct Tenant {
///     rows: HashMap<CustomerId, Row>,
///     claims: HashMap<ExternalKey, CustomerId>,
///     receipts: HashMap<CommandId, (Fingerprint, Receipt)>,
/// }
///
/// impl Tenant {
///     fn carry_out(&mut self, commit: &Commit) -> Result<Receipt, CommitError> {
///         // C5, and first of all: a command sent again finds a customer that has moved on since.
///         if let Some((fingerprint, first)) = self.receipts.get(&commit.command_id()) {
///             let same = *fingerprint == commit.fingerprint();
///             return if same { Ok(first.replay()) } else { Err(CommitError::CommandReused) };
///         }
///         for change in commit.changes() {
///             // C2: the last entry of the journal made the present revision.
///             let row = self.rows.entry(change.id).or_default();
///             let found = row.journal.last().map(|entry| entry.revision);
///             let expected = match change.expected {
///                 Expected::Absent => None,
///                 Expected::At(revision) => Some(revision),
///             };
///             if found != expected {
///                 return Err(CommitError::Conflict);
///             }
///             row.journal.push(change.entry.clone());
///             row.parts.extend(change.put.iter().map(|part| (part.name, part.clone())));
///             row.parts.retain(|name, _| !change.removed.contains(name));
///             // C4: what is given up is free for every change of this commit.
///             let given_up = &change.claims_released;
///             self.claims.retain(|claim, by| *by != change.id || !given_up.contains(claim));
///         }
///         for change in commit.changes() {
///             for claim in &change.claims_taken {
///                 match self.claims.insert(claim.clone(), change.id) {
///                     Some(holder) if holder != change.id => {
///                         return Err(CommitError::Claimed { holder });
///                     }
///                     _ => {}
///                 }
///             }
///         }
///         let receipt = commit.receipt();
///         self.receipts.insert(commit.command_id(), (commit.fingerprint(), receipt.clone()));
///         Ok(receipt)
///     }
/// }
///
/// /// Tenants in maps of their own: no lookup reaches another's customers (C9).
/// #[derive(Default)]
/// struct HostStore(Mutex<HashMap<TenantId, Tenant>>);
///
/// impl HostStore {
///     fn with<T>(&self, id: TenantId, f: impl FnOnce(&mut Tenant) -> T) -> Result<T, StoreError> {
///         let mut tenants = self.0.lock().map_err(|_| StoreErrorKind::Refused)?;
///         Ok(f(tenants.entry(id).or_default()))
///     }
/// }
///
/// impl CustomerStore for HostStore {
///     async fn load(
///         &self,
///         tenant: TenantId,
///         id: CustomerId,
///     ) -> Result<Option<Stored>, StoreError> {
///         self.with(tenant, |tenant| {
///             let row = tenant.rows.get(&id)?;
///             let revision = row.journal.last()?.revision;
///             Some(Stored { revision, parts: row.parts.values().cloned().collect() })
///         })
///     }
///
///     async fn commit(&self, tenant: TenantId, commit: Commit) -> Result<Receipt, CommitError> {
///         // C1: whatever is refused half way is refused on the copy.
///         self.with(tenant, |tenant| {
///             let mut copy = tenant.clone();
///             let receipt = copy.carry_out(&commit)?;
///             *tenant = copy;
///             Ok(receipt)
///         })?
///     }
///
///     async fn history(
///         &self,
///         tenant: TenantId,
///         id: CustomerId,
///         after: u64,
///         size: PageSize,
///     ) -> Result<Vec<StoredEntry>, StoreError> {
///         self.with(tenant, |tenant| {
///             let journal = tenant.rows.get(&id).map_or(&[][..], |row| &row.journal[..]);
///             let later = journal.iter().filter(|entry| entry.revision > after);
///             later.take(size.rows()).cloned().collect()
///         })
///     }
///
///     async fn receipt(
///         &self,
///         tenant: TenantId,
///         command_id: CommandId,
///     ) -> Result<Option<(Fingerprint, Receipt)>, StoreError> {
///         self.with(tenant, |tenant| tenant.receipts.get(&command_id).cloned())
///     }
///
///     async fn holder(
///         &self,
///         tenant: TenantId,
///         claim: &ExternalKey,
///     ) -> Result<Option<CustomerId>, StoreError> {
///         self.with(tenant, |tenant| tenant.claims.get(claim).copied())
///     }
/// }
///
/// let crm = Crm::new(HostStore::default(), shop, books);
/// let key = ExternalKey::new("shop", "C-17")?;
/// pollster::block_on(async {
///     // Delivered twice by the queue, carried out once.
///     let (order, first) = (order("2026-03-01T09:30:00Z"), context("2026-03-01T09:30:00Z"));
///     assert!(matches!(crm.execute(id, &order, &first).await?, Executed::Recorded(_)));
///     assert_eq!(crm.execute(id, &order, &first).await?, Executed::Replayed { revision: 1 });
///
///     // The same id for something else is a mistake of the caller.
///     let link = ProfileCommand::LinkKey(key.clone()).into();
///     let reused = crm.execute(id, &link, &first).await;
///     assert!(matches!(reused, Err(CrmError::Commit(CommitError::CommandReused))));
///
///     // The loser of a claim learns who holds it, and leaves no trace.
///     crm.execute(id, &link, &context("2026-03-01T09:31:00Z")).await?;
///     let other = CustomerId::derive(shop, "C-18");
///     let lost = crm.execute(other, &link, &context("2026-03-01T09:32:00Z")).await;
///     assert!(matches!(
///         lost,
///         Err(CrmError::Commit(CommitError::Claimed { holder })) if holder == id
///     ));
///     assert_eq!(crm.store().holder(shop, &key).await?, Some(id));
///     assert!(crm.customer(other).await?.is_none());
///     assert_eq!(crm.history(id).await?.len(), 2);
///     Ok::<(), CrmError>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait CustomerStore: Send + Sync {
    /// Every part of a customer, or `None` if there is none (C7, C9).
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn load(
        &self,
        tenant: TenantId,
        id: CustomerId,
    ) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send;

    /// Carries out a commit: all of it or none (C1, C14), only where every expected revision holds
    /// (C2, C3) and every claim is free (C4), once per command (C5), durable before it returns (C6).
    ///
    /// A claim is free when nobody holds it, when the customer that takes it holds it already, or when
    /// its holder gives it up in the same commit. Giving up a claim that one does not hold does
    /// nothing.
    ///
    /// # Errors
    ///
    /// Checked in this order: [`CommitError::CommandReused`] when the command's id is known with
    /// another fingerprint (the same one is no error: it gives the first receipt again),
    /// [`CommitError::Conflict`] when a revision is not the expected one, [`CommitError::Claimed`] when
    /// another customer holds a claim. [`CommitError::Store`] when the store fails. In every case
    /// nothing is written.
    fn commit(
        &self,
        tenant: TenantId,
        commit: Commit,
    ) -> impl Future<Output = Result<Receipt, CommitError>> + Send;

    /// The journal of a customer after a revision, in the order of revisions (C8). `after` 0 begins at
    /// the first entry; an empty page is the end. The journal of a customer nobody knows is empty.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn history(
        &self,
        tenant: TenantId,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> impl Future<Output = Result<Vec<StoredEntry>, StoreError>> + Send;

    /// The receipt of a command that was carried out, with the fingerprint of its content; `None` if
    /// it never was (C5, C7, C9). Asked for commands that are refused or change nothing now: they
    /// may have been carried out before.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn receipt(
        &self,
        tenant: TenantId,
        command_id: CommandId,
    ) -> impl Future<Output = Result<Option<(Fingerprint, Receipt)>, StoreError>> + Send;

    /// Who holds a claim (C4, C9); `None` if nobody does.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn holder(
        &self,
        tenant: TenantId,
        claim: &ExternalKey,
    ) -> impl Future<Output = Result<Option<CustomerId>, StoreError>> + Send;
}

/// A store that can list its customers.
///
/// ```
/// use guanxi::crm::CrmError;
/// use guanxi::store::PageSize;
/// use guanxi::CustomerId;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # fn context(now: &str) -> guanxi::Context {
/// #     let command_id = guanxi::CommandId::derive("example", now);
/// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let shop = guanxi::TenantId::derive("example-shop");
/// # let id = guanxi::CustomerId::derive(shop, "C-17");
/// # let crm = guanxi::Crm::new(guanxi::store::MemoryStore::default(), shop, books);
///
/// let size = PageSize::new(2).expect("between 1 and the most a page holds");
/// pollster::block_on(async {
///     for at in ["2026-03-01T09:30:00Z", "2026-03-02T09:30:00Z", "2026-03-03T09:30:00Z"] {
///         crm.execute(CustomerId::derive(shop, at), &order(at), &context(at)).await?;
///     }
///
///     // Page after page, until one is empty.
///     let (mut seen, mut after) = (0, None);
///     loop {
///         let page = crm.scan(after, size).await?;
///         let Some(last) = page.last() else { break };
///         after = Some(last.id());
///         seen += page.len();
///     }
///     assert_eq!(seen, 3);
///     Ok::<(), CrmError>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Scan: CustomerStore {
    /// The customers after an id, in the order of ids; each once (C11).
    /// Without an id from the first; an empty page is the end.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn scan(
        &self,
        tenant: TenantId,
        after: Option<CustomerId>,
        size: PageSize,
    ) -> impl Future<Output = Result<Vec<(CustomerId, Stored)>, StoreError>> + Send;
}

/// A store that knows who is due.
///
/// [`Crm::run_due`](crate::Crm::run_due) asks for it.
///
/// ```
/// use guanxi::crm::CrmError;
/// use guanxi::store::{Agenda, PageSize};
/// use guanxi::Timestamp;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # fn context(now: &str) -> guanxi::Context {
/// #     let command_id = guanxi::CommandId::derive("example", now);
/// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let shop = guanxi::TenantId::derive("example-shop");
/// # let id = guanxi::CustomerId::derive(shop, "C-17");
/// # let crm = guanxi::Crm::new(guanxi::store::MemoryStore::default(), shop, books);
///
/// # let at = "2026-03-01T09:30:00Z";
/// let wake_at: Timestamp = "2026-03-15T00:00:00Z".parse()?;
/// pollster::block_on(async {
///     crm.execute(id, &order(at), &context(at)).await?;
///
///     // Delivery is implied after 14 days, so somebody is due on 15 March.
///     let judged_by = crm.books().latest().reference();
///     let due = |until: Timestamp| crm.store().due(shop, until, judged_by, None, PageSize::MAX);
///     assert_eq!(due(wake_at.previous()).await?, []);
///     let wakings = due(wake_at).await?;
///     assert_eq!((wakings[0].wake_at, wakings[0].id), (wake_at, id));
///     Ok::<(), CrmError>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Agenda: CustomerStore {
    /// The customers that wake until `until` or were judged by another rulebook than `judged_by`, after
    /// a cursor, earliest first (C12); by id among those of one instant, as [`Waking`] is ordered. Fewer
    /// than `size` means that nobody else is due.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn due(
        &self,
        tenant: TenantId,
        until: Timestamp,
        judged_by: RulebookRef,
        after: Option<Waking>,
        size: PageSize,
    ) -> impl Future<Output = Result<Vec<Waking>, StoreError>> + Send;
}
