//! `Crm`: a store and the rulebooks of one tenant, wired together.
//!
//! Every method is the same few steps: load, decide, commit; and again from the start when somebody
//! else was faster.

use crate::customer::{Assessment, Command, Context, Customer, DecideError, Entry, Outcome};
use crate::id::{CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::rulebook::Rulebooks;
use crate::store::{
    Agenda, Commit, CommitError, CustomerStore, Fingerprint, PageSize, Receipt, Scan, StoreError,
    StoreErrorKind, Stored, StoredEntry, Waking,
};
use crate::time::Timestamp;

/// How often a command is decided anew when others keep changing the customer in between.
pub const ATTEMPTS_MAX: usize = 16;

/// Why a command was not carried out.
///
/// ```
/// use guanxi::crm::CrmError;
/// use guanxi::lifecycle::{LifecycleCommand, Request};
/// use guanxi::store::CommitError;
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
/// // What to do about a command that was not carried out.
/// let advice = |error: &CrmError| match error {
///     CrmError::Refused(_) => "tell who asked",
///     CrmError::Contended | CrmError::Commit(CommitError::Conflict) => "send it again later",
///     CrmError::Commit(CommitError::Claimed { .. }) => "ask whether the two are one customer",
///     CrmError::Store(error) if error.is_transient() => "send it again later",
///     _ => "tell the operator",
/// };
///
/// let at = "2026-03-01T09:30:00Z";
/// let recover = LifecycleCommand::Request { occurred_at: at.parse()?, request: Request::Recover };
/// let error = pollster::block_on(crm.execute(id, &recover.into(), &context(at))).unwrap_err();
/// assert_eq!(error.to_string(), "recover is refused in stage prospect");
/// assert_eq!(advice(&error), "tell who asked");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrmError {
    /// The customer refuses it.
    #[error(transparent)]
    Refused(#[from] DecideError),
    /// The store does not carry it out.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Others kept changing the customer; nothing was recorded.
    #[error("customer kept changing, {ATTEMPTS_MAX} attempts were in vain")]
    Contended,
}

/// What a command did.
///
/// ```
/// use guanxi::crm::{CrmError, Executed};
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
/// // A queue that delivers twice does no harm: the context carries the same command id.
/// let (order, context) = (order("2026-03-01T09:30:00Z"), context("2026-03-01T09:30:00Z"));
/// pollster::block_on(async {
///     let Executed::Recorded(entry) = crm.execute(id, &order, &context).await? else {
///         panic!("it is new");
///     };
///     assert_eq!(entry.revision, 1);
///     assert_eq!(crm.execute(id, &order, &context).await?, Executed::Replayed { revision: 1 });
///     Ok::<(), CrmError>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Executed {
    /// It was recorded.
    Recorded(Entry),
    /// Everything already was as it asks.
    Unchanged,
    /// It had been carried out before, making this revision.
    Replayed {
        /// The revision it made then.
        revision: u64,
    },
}

/// What a run over the agenda did.
///
/// [`Crm::run_due`] has an example.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Run {
    /// Customers that something was recorded of.
    pub changed: usize,
    /// Customers that were looked at.
    pub seen: usize,
    /// Customers that could not be taken further, with the reason. They stay due.
    pub failed: Vec<(CustomerId, CrmError)>,
    /// Where to go on; `None` when nobody else is due.
    pub next: Option<Waking>,
}

/// A handle bound to one tenant, its store and its rulebooks.
///
/// ```
/// use guanxi::purchase::Order;
/// use guanxi::store::MemoryStore;
/// use guanxi::{
///     Actor, CommandId, Context, Crm, Currency, CustomerId, Money, Policy, Rulebook, Stage,
///     TenantId, Timestamp,
/// };
///
/// let shop = TenantId::derive("example-shop");
/// let book = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
/// let crm = Crm::new(MemoryStore::default(), shop, book.into());
///
/// let at: Timestamp = "2026-03-01T09:30:00Z".parse()?;
/// let context = Context::new(at, Actor::System, CommandId::derive("orders", "1"));
/// let order = Order::new(at, Money::parse("29.33", Currency::USD)?).into();
/// let id = CustomerId::derive(shop, "C-17");
///
/// // MemoryStore never waits, so any executor will do.
/// pollster::block_on(async {
///     crm.execute(id, &order, &context).await?;
///     let customer = crm.customer(id).await?.expect("it was just recorded");
///     assert_eq!(customer.stage(), Stage::Onboarding);
///     Ok::<(), guanxi::crm::CrmError>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Crm<S> {
    store: S,
    tenant: TenantId,
    books: Rulebooks,
}

impl<S> Crm<S> {
    /// Wires a store to the rulebooks of a tenant.
    #[must_use]
    pub const fn new(store: S, tenant: TenantId, books: Rulebooks) -> Self {
        Self { store, tenant, books }
    }

    /// The same handle with other rulebooks: a newer succession, loaded while the service runs.
    #[must_use]
    pub fn with_books(self, books: Rulebooks) -> Self {
        Self { books, ..self }
    }

    /// The store.
    #[must_use]
    pub const fn store(&self) -> &S {
        &self.store
    }

    /// The tenant.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The rulebooks.
    #[must_use]
    pub const fn books(&self) -> &Rulebooks {
        &self.books
    }
}

impl<S: CustomerStore> Crm<S> {
    /// Carries out a command: loads the customer, decides, commits. A fact or request of a customer
    /// nobody knows makes it known.
    ///
    /// # Errors
    ///
    /// [`CrmError`]; in every case nothing was recorded.
    pub async fn execute(
        &self,
        id: CustomerId,
        command: &Command,
        context: &Context,
    ) -> Result<Executed, CrmError> {
        let fingerprint = Fingerprint::of(id, command)?;
        let decide = |customer: &mut Customer| customer.decide(command, context, &self.books);
        self.change(id, context.command_id, fingerprint, decide).await
    }

    /// Takes a customer to `until`: every move that fell due is recorded.
    ///
    /// ```
    /// use guanxi::crm::{CrmError, Executed};
    /// use guanxi::Stage;
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
    /// # let at = "2026-01-10T12:00:00Z";
    /// pollster::block_on(async {
    ///     crm.execute(id, &order(at), &context(at)).await?;
    ///     let now = context("2026-08-01T06:00:00Z");
    ///     assert!(matches!(crm.advance(id, now.now, &now).await?, Executed::Recorded(_)));
    ///     let customer = crm.customer(id).await?.expect("it was recorded");
    ///     assert_eq!(customer.stage(), Stage::Lost);
    ///     Ok::<(), CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub async fn advance(
        &self,
        id: CustomerId,
        until: Timestamp,
        context: &Context,
    ) -> Result<Executed, CrmError> {
        let fingerprint = Fingerprint::of(id, &("advance", until))?;
        let advance = |customer: &mut Customer| customer.advance_to(until, context, &self.books);
        self.change(id, context.command_id, fingerprint, advance).await
    }

    async fn change(
        &self,
        id: CustomerId,
        command_id: CommandId,
        fingerprint: Fingerprint,
        decide: impl Fn(&mut Customer) -> Result<Outcome, DecideError>,
    ) -> Result<Executed, CrmError> {
        for _ in 0..ATTEMPTS_MAX {
            let stored = self.store.load(self.tenant, id).await?;
            let mut customer = restore(id, stored)?;
            let change = match decide(&mut customer) {
                Ok(Outcome::Changed(change)) => change,
                // Carried out before, it may be refused now, or change nothing any more.
                settled => {
                    return match self.carried_out(id, command_id, fingerprint).await? {
                        Some(replayed) => Ok(replayed),
                        None => Ok(settled.map(|_| Executed::Unchanged)?),
                    };
                }
            };
            let commit = Commit::of(&customer, &change, fingerprint, &self.books)?;
            match self.store.commit(self.tenant, commit).await {
                Ok(receipt) if receipt.replayed => return Ok(replayed(id, &receipt)),
                Ok(_) => return Ok(Executed::Recorded(change.entry)),
                Err(CommitError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(CrmError::Contended)
    }

    /// What a command did when it was carried out before.
    async fn carried_out(
        &self,
        id: CustomerId,
        command_id: CommandId,
        fingerprint: Fingerprint,
    ) -> Result<Option<Executed>, CrmError> {
        match self.store.receipt(self.tenant, command_id).await? {
            None => Ok(None),
            Some(accepted) => Ok(Some(replayed(id, &accepted.again(fingerprint)?))),
        }
    }

    /// The customer that holds a key of another system; `None` if nobody does.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn find(&self, key: &ExternalKey) -> Result<Option<CustomerId>, StoreError> {
        self.store.holder(self.tenant, key).await
    }

    /// A customer, or `None` if nothing is known of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn customer(&self, id: CustomerId) -> Result<Option<Customer>, StoreError> {
        let stored = self.store.load(self.tenant, id).await?;
        stored.map(|stored| restore(id, Some(stored))).transpose()
    }

    /// What is true of a customer at `at`; `None` if nothing is known of it. Never writes.
    ///
    /// ```
    /// use guanxi::crm::CrmError;
    /// use guanxi::{CustomerId, Stage, Timestamp};
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
    /// # let at = "2026-01-10T12:00:00Z";
    /// let now: Timestamp = "2026-08-01T06:00:00Z".parse()?;
    /// pollster::block_on(async {
    ///     crm.execute(id, &order(at), &context(at)).await?;
    ///     let assessment = crm.assess(id, now).await?.expect("it was recorded");
    ///     assert_eq!(assessment.stage.value, Stage::Lost);
    ///
    ///     // Asking records nothing, and of others there is nothing to say.
    ///     assert_eq!(crm.history(id).await?.len(), 1);
    ///     assert!(crm.assess(CustomerId::derive(shop, "C-18"), now).await?.is_none());
    ///     Ok::<(), CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Customer::assess`], and [`CrmError::Store`].
    pub async fn assess(
        &self,
        id: CustomerId,
        at: Timestamp,
    ) -> Result<Option<Assessment>, CrmError> {
        let Some(customer) = self.customer(id).await? else { return Ok(None) };
        Ok(Some(customer.assess(at, &self.books)?))
    }

    /// The whole journal of a customer, in the order of revisions.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn history(&self, id: CustomerId) -> Result<Vec<Entry>, StoreError> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.revision);
            let page = self.store.history(self.tenant, id, after, PageSize::MAX).await?;
            if page.is_empty() {
                return Ok(entries);
            }
            for entry in page.iter().map(StoredEntry::decode) {
                let entry = entry?;
                // A gap, or a page given twice (C3, C8), would fold into another customer.
                let expected = entries.last().map_or(1, |last| last.revision.saturating_add(1));
                if entry.revision != expected {
                    return Err(StoreErrorKind::Document.into());
                }
                entries.push(entry);
            }
        }
    }

    /// What was known of a customer at `known_at`; `None` if nothing was. Read it with
    /// [`Customer::at`].
    ///
    /// ```
    /// use guanxi::crm::CrmError;
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
    /// // An order of January, reported in March.
    /// let february: Timestamp = "2026-02-28T23:59:59Z".parse()?;
    /// pollster::block_on(async {
    ///     let now = context("2026-03-02T12:00:00Z");
    ///     crm.execute(id, &order("2026-01-10T12:00:00Z"), &now).await?;
    ///     assert!(crm.as_of(id, february).await?.is_none());
    ///     assert!(crm.as_of(id, now.now).await?.is_some());
    ///     Ok::<(), CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn as_of(
        &self,
        id: CustomerId,
        known_at: Timestamp,
    ) -> Result<Option<Customer>, StoreError> {
        let customer = Customer::as_of(id, &self.history(id).await?, known_at);
        Ok(customer.is_known().then_some(customer))
    }
}

impl<S: Scan> Crm<S> {
    /// A page of customers after an id, in the order of ids.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn scan(
        &self,
        after: Option<CustomerId>,
        size: PageSize,
    ) -> Result<Vec<Customer>, StoreError> {
        let page = self.store.scan(self.tenant, after, size).await?;
        page.into_iter().map(|(id, stored)| restore(id, Some(stored))).collect()
    }
}

impl<S: Agenda> Crm<S> {
    /// Takes a page of customers that are due to `until`, earliest first. Call it from whatever
    /// scheduler the host has, with `after` from the last run, until nobody else is due.
    ///
    /// One customer that fails holds up no other; it stays due and is reported.
    ///
    /// ```
    /// use guanxi::crm::CrmError;
    /// use guanxi::store::PageSize;
    /// use guanxi::Stage;
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
    /// # let at = "2026-01-10T12:00:00Z";
    /// pollster::block_on(async {
    ///     crm.execute(id, &order(at), &context(at)).await?;
    ///
    ///     // What a nightly job does.
    ///     let now = context("2026-08-01T02:00:00Z");
    ///     let (mut changed, mut after) = (0, None);
    ///     loop {
    ///         let run = crm.run_due(now.now, after, PageSize::MAX, &now).await?;
    ///         changed += run.changed;
    ///         assert!(run.failed.is_empty());
    ///         after = run.next;
    ///         if after.is_none() {
    ///             break;
    ///         }
    ///     }
    ///     assert_eq!(changed, 1);
    ///     let customer = crm.customer(id).await?.expect("it was recorded");
    ///     assert_eq!(customer.stage(), Stage::Lost);
    ///     Ok::<(), CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CrmError::Refused`] when `until` is after now; [`CrmError::Store`] when the agenda cannot be
    /// read.
    pub async fn run_due(
        &self,
        until: Timestamp,
        after: Option<Waking>,
        size: PageSize,
        context: &Context,
    ) -> Result<Run, CrmError> {
        if until > context.now {
            return Err(DecideError::BeyondNow { until, now: context.now }.into());
        }
        let judged_by = self.books.in_force_at(until).reference();
        let due = self.store.due(self.tenant, until, judged_by, after, size).await?;
        let mut run = Run::default();
        if due.len() == size.rows() {
            run.next = due.last().copied();
        }
        for waking in due {
            run.seen = run.seen.saturating_add(1);
            // With the waking: what falls due after a run is made by the next, under whatever id.
            let Waking { wake_at, id } = waking;
            let key = format!("{} {id} {wake_at} {until}", context.command_id);
            let command_id = CommandId::derive("guanxi.run_due", &key);
            let context = Context { command_id, ..*context };
            match self.advance(waking.id, until, &context).await {
                Ok(Executed::Recorded(_)) => run.changed = run.changed.saturating_add(1),
                Ok(Executed::Unchanged | Executed::Replayed { .. }) => {}
                Err(error) => run.failed.push((waking.id, error)),
            }
        }
        Ok(run)
    }
}

/// The first receipt of a command, given again.
fn replayed(id: CustomerId, receipt: &Receipt) -> Executed {
    let mut revisions = receipt.revisions.iter();
    let revision = revisions.find(|(changed, _)| *changed == id);
    Executed::Replayed { revision: revision.map_or(0, |(_, revision)| *revision) }
}

fn restore(id: CustomerId, stored: Option<Stored>) -> Result<Customer, StoreError> {
    match stored {
        None => Ok(Customer::unknown(id)),
        Some(stored) => Ok(Customer::from_parts(id, stored.revision, &stored.parts)?),
    }
}
