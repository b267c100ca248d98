//! The traits that a store implements.

use std::future::Future;

use super::{
    Accepted, ArchiveError, Commit, CommitError, FeedCursor, FeedEntry, Inspection, PageSize,
    Receipt, StoreError, Stored, StoredCalibration, StoredEntry, StoredRulebook, Waking,
};
use crate::id::{CalibrationId, CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::rulebook::RulebookRef;
use crate::time::Timestamp;

/// What every store does.
///
/// Implementers write plain `async fn`; the futures must be `Send`.
///
/// [`guide`](super::guide) teaches to write one, with an example of every method.
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
    /// another fingerprint (the same one is no error: it gives the first receipt again) and
    /// [`CommitError::Forgotten`] when its fingerprint was erased, both by [`Accepted::again`],
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

    /// What is remembered of a command that was carried out; `None` if it never was (C5, C7, C9).
    /// Asked for commands that are refused or change nothing now: they may have been carried out
    /// before.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn receipt(
        &self,
        tenant: TenantId,
        command_id: CommandId,
    ) -> impl Future<Output = Result<Option<Accepted>, StoreError>> + Send;

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

/// A store that gives a tenant's journals as one feed: for an outbox, a search index, a data warehouse.
///
/// ```
/// use guanxi::crm::CrmError;
/// use guanxi::store::{FeedCursor, PageSize};
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
/// # let crm = guanxi::Crm::new(guanxi::store::MemoryStore::default(), shop, books);
///
/// pollster::block_on(async {
///     for at in ["2026-03-01T09:30:00Z", "2026-03-02T09:30:00Z", "2026-03-03T09:30:00Z"] {
///         crm.execute(CustomerId::derive(shop, at), &order(at), &context(at)).await?;
///     }
///
///     // What a relay does: deliver a page, then note the place. Killed in between, it delivers twice.
///     let size = PageSize::new(2).expect("between 1 and the most a page holds");
///     let (mut delivered, mut place): (usize, Option<FeedCursor>) = (0, None);
///     loop {
///         let page = crm.feed(place, size).await?;
///         let Some(last) = page.last() else { break };
///         delivered += page.len();
///         place = Some(last.cursor);
///     }
///     assert_eq!(delivered, 3);
///
///     // What comes later stands after that place.
///     let at = "2026-03-04T09:30:00Z";
///     crm.execute(CustomerId::derive(shop, at), &order(at), &context(at)).await?;
///     assert_eq!(crm.feed(place, size).await?.len(), 1);
///     Ok::<(), CrmError>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Feed: CustomerStore {
    /// The entries of all journals after a place, in the order of their cursors; without a place from
    /// the first. An empty page means that there is nothing more to give now. Whatever becomes visible
    /// later stands after every cursor that was ever handed out, and entries of one customer come in the
    /// order of revisions (C8, C9, C10). So whoever goes on from the last cursor misses nothing.
    ///
    /// An entry may be given later than other methods show it, as long as a commit that may come to
    /// stand before it is still under way.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn feed(
        &self,
        tenant: TenantId,
        after: Option<FeedCursor>,
        size: PageSize,
    ) -> impl Future<Output = Result<Vec<FeedEntry>, StoreError>> + Send;
}

/// A store that takes many customers at once: for imports, migrations and sweeps.
///
/// [`Crm::execute_many`](crate::Crm::execute_many) asks for it.
pub trait Bulk: CustomerStore {
    /// [`load`](CustomerStore::load) for each of these customers, in their order.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn load_many(
        &self,
        tenant: TenantId,
        ids: &[CustomerId],
    ) -> impl Future<Output = Result<Vec<Option<Stored>>, StoreError>> + Send;

    /// [`receipt`](CustomerStore::receipt) for each of these commands, in their order.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn receipts(
        &self,
        tenant: TenantId,
        command_ids: &[CommandId],
    ) -> impl Future<Output = Result<Vec<Option<Accepted>>, StoreError>> + Send;

    /// Carries out these commits one after the other, each as [`commit`](CustomerStore::commit) would:
    /// whole or not at all, seeing what those before it did, and answered by itself in their order. One
    /// that is refused holds up no other, but those that [build on](Commit::builds_on) it: unless a
    /// commit of that command was carried out by this very call, not merely answered as a repetition,
    /// they are a [`CommitError::Conflict`] (C2; told after C5, before anything else). All that were
    /// carried out become durable together, before it returns (C6).
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store fails; then nothing of any of them is written (C1, C14). An answer
    /// of its own is never [`CommitError::Store`].
    fn commit_many(
        &self,
        tenant: TenantId,
        commits: Vec<Commit>,
    ) -> impl Future<Output = Result<Vec<Result<Receipt, CommitError>>, StoreError>> + Send;
}

/// A store that keeps the rulebooks and the calibrations of a tenant, so that no answer outlives what it
/// was given by.
///
/// [`Crm::open`](crate::Crm::open), [`Crm::adopt`](crate::Crm::adopt) and
/// [`Crm::adopt_calibration`](crate::Crm::adopt_calibration) ask for it.
pub trait Archive: Send + Sync {
    /// Keeps a rulebook for good, durable before it returns (C6). It must come into force later than
    /// every one kept before (C16), whoever else keeps one at the same time; the same one again is no
    /// error and changes nothing.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::NotLater`] when a kept one comes into force at the same instant or later;
    /// [`ArchiveError::Store`] when the store fails.
    fn keep(
        &self,
        tenant: TenantId,
        book: StoredRulebook,
    ) -> impl Future<Output = Result<(), ArchiveError>> + Send;

    /// Every rulebook kept, in the order they come into force (C7, C9).
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn rulebooks(
        &self,
        tenant: TenantId,
    ) -> impl Future<Output = Result<Vec<StoredRulebook>, StoreError>> + Send;

    /// Keeps a calibration for good under its id, durable before it returns (C6). One that is kept under
    /// this id already stays as it is, and that is no error (C17).
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store fails.
    fn keep_calibration(
        &self,
        tenant: TenantId,
        calibration: StoredCalibration,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The calibration of an id that an answer names, byte for byte as it was kept (C7, C9, C17); `None`
    /// if none was.
    ///
    /// ```
    /// use guanxi::crm::CrmError;
    /// use guanxi::store::{Archive, MemoryStore};
    /// use guanxi::{CalibrationId, Crm, Currency, Policy, Rulebook, TenantId, Timestamp};
    ///
    /// let store = MemoryStore::default();
    /// let shop = TenantId::derive("example-shop");
    /// let first = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
    /// pollster::block_on(async {
    ///     let mut crm = Crm::open(&store, shop, first).await?;
    ///     let calibration = crm.calibrate("2026-03-01T00:00:00Z".parse()?).await?;
    ///     crm.adopt_calibration(calibration.clone()).await?;
    ///
    ///     let kept = store.calibration(shop, calibration.id()).await?.expect("it was adopted");
    ///     assert_eq!(kept.decode()?, calibration);
    ///     assert_eq!(store.calibration(shop, CalibrationId::of_document(b"{}")).await?, None);
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn calibration(
        &self,
        tenant: TenantId,
        id: CalibrationId,
    ) -> impl Future<Output = Result<Option<StoredCalibration>, StoreError>> + Send;

    /// The newest calibrations, at most so many: the one taken last first, and of one instant that of
    /// the greatest id (C7, C9, C17).
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn calibrations(
        &self,
        tenant: TenantId,
        newest: PageSize,
    ) -> impl Future<Output = Result<Vec<StoredCalibration>, StoreError>> + Send;
}

/// A store that can forget.
///
/// [`Crm::erase`](crate::Crm::erase) and [`Crm::erase_many`](crate::Crm::erase_many) ask for it.
pub trait Erase: CustomerStore {
    /// Forgets what is left of these customers' personal data once commits have removed their profiles
    /// and given up their claims (C13): the fingerprints of their
    /// [personal](super::CustomerChange::personal) commands, and whatever the database keeps of removed
    /// documents and keys in logs, free pages, copies and statistics. The journal and everything else
    /// stays. Nothing personal is readable when it returns, durably. Customers nobody knows are no
    /// error.
    ///
    /// Many in one call, because it may cost as much for one as for all.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it cannot be done yet, transient while somebody still reads an earlier state.
    /// It can be asked again as often as it takes, and should leave nothing behind that grows with every
    /// attempt.
    fn forget(
        &self,
        tenant: TenantId,
        ids: &[CustomerId],
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A store that shows what it keeps beside the documents, so that it can be verified.
///
/// [`Crm::verify`](crate::Crm::verify) asks for it.
pub trait Inspect: Scan {
    /// The columns and the claims of a customer, read together; `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read.
    fn inspect(
        &self,
        tenant: TenantId,
        id: CustomerId,
    ) -> impl Future<Output = Result<Option<Inspection>, StoreError>> + Send;
}
