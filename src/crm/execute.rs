//! One command: load, decide, commit; and again when somebody was faster.

use super::{ATTEMPTS_MAX, Crm, CrmError, restore};
use crate::customer::{Command, Context, Customer, DecideError, Entry, Outcome};
use crate::id::{CommandId, CustomerId};
use crate::profile::ProfileCommand;
use crate::store::{Commit, CommitError, CustomerStore, Fingerprint, Receipt};
use crate::time::Timestamp;

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

/// A command that was decided and not carried out.
///
/// [`Crm::prepare`] has an example.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prepared {
    /// It changes something, if the store agrees.
    Commit {
        /// What the store has to carry out.
        commit: Box<Commit>,
        /// The entry of the journal that it will make.
        entry: Entry,
    },
    /// There is nothing to carry out.
    Settled(Executed),
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
        let fingerprint = fingerprint(id, command)?;
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
        let fingerprint = advance_fingerprint(id, until)?;
        let advance = |customer: &mut Customer| customer.advance_to(until, context, &self.books);
        self.change(id, context.command_id, fingerprint, advance).await
    }

    /// Decides a command without carrying it out, for a host that commits it together with rows of its
    /// own: the store's `commit_in` takes the commit into the host's transaction. On
    /// [`CommitError::Conflict`] the host rolls back and prepares anew.
    ///
    /// ```
    /// use guanxi::crm::{CrmError, Executed, Prepared};
    /// use guanxi::store::CustomerStore;
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
    /// let (order, now) = (order("2026-03-01T09:30:00Z"), context("2026-03-01T09:30:00Z"));
    /// pollster::block_on(async {
    ///     let Prepared::Commit { commit, entry } = crm.prepare(id, &order, &now).await? else {
    ///         panic!("an order is news");
    ///     };
    ///     assert!(crm.customer(id).await?.is_none()); // nothing is carried out yet
    ///     crm.store().commit(shop, *commit).await?;
    ///     assert_eq!(crm.history(id).await?, [entry]);
    ///
    ///     let Prepared::Commit { commit, .. } = crm.prepare(id, &order, &now).await? else {
    ///         panic!("whether it is a repetition, the store will tell");
    ///     };
    ///     assert!(crm.store().commit(shop, *commit).await?.replayed);
    ///     Ok::<(), CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub async fn prepare(
        &self,
        id: CustomerId,
        command: &Command,
        context: &Context,
    ) -> Result<Prepared, CrmError> {
        let fingerprint = fingerprint(id, command)?;
        let decide = |customer: &mut Customer| customer.decide(command, context, &self.books);
        self.attempt(id, context.command_id, fingerprint, decide).await
    }

    pub(super) async fn change(
        &self,
        id: CustomerId,
        command_id: CommandId,
        fingerprint: Fingerprint,
        decide: impl Fn(&mut Customer) -> Result<Outcome, DecideError>,
    ) -> Result<Executed, CrmError> {
        for _ in 0..ATTEMPTS_MAX {
            let (commit, entry) = match self.attempt(id, command_id, fingerprint, &decide).await? {
                Prepared::Commit { commit, entry } => (commit, entry),
                Prepared::Settled(executed) => return Ok(executed),
            };
            match self.store.commit(self.tenant, *commit).await {
                Ok(receipt) if receipt.replayed => return Ok(replayed(id, &receipt)),
                Ok(_) => return Ok(Executed::Recorded(entry)),
                Err(CommitError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(CrmError::Contended)
    }

    /// Loads and decides, once.
    async fn attempt(
        &self,
        id: CustomerId,
        command_id: CommandId,
        fingerprint: Fingerprint,
        decide: impl Fn(&mut Customer) -> Result<Outcome, DecideError>,
    ) -> Result<Prepared, CrmError> {
        let stored = self.store.load(self.tenant, id).await?;
        let mut customer = restore(id, stored)?;
        match decide(&mut customer) {
            Ok(Outcome::Changed(change)) => {
                let commit = Commit::of(&customer, &change, fingerprint, &self.books)?;
                Ok(Prepared::Commit { commit: Box::new(commit), entry: change.entry })
            }
            // Carried out before, it may be refused now, or change nothing any more.
            settled => match self.carried_out(id, command_id, fingerprint).await? {
                Some(replayed) => Ok(Prepared::Settled(replayed)),
                None => Ok(Prepared::Settled(settled.map(|_| Executed::Unchanged)?)),
            },
        }
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
}

/// The fingerprint of a command that any store can carry out.
pub(super) fn fingerprint(id: CustomerId, command: &Command) -> Result<Fingerprint, CrmError> {
    match command {
        Command::Profile(ProfileCommand::Erase) => Err(CrmError::ErasesApart),
        Command::Admit(_)
        | Command::Import(_)
        | Command::Purchase(_)
        | Command::Observe(_)
        | Command::Lifecycle(_)
        | Command::Profile(_)
        | Command::Tier(_)
        | Command::Review => Ok(Fingerprint::of(id, command)?),
    }
}

/// The fingerprint of taking a customer to an instant.
pub(super) fn advance_fingerprint(
    id: CustomerId,
    until: Timestamp,
) -> Result<Fingerprint, CrmError> {
    Ok(Fingerprint::of(id, &("advance", until))?)
}

/// The first receipt of a command, given again.
pub(super) fn replayed(id: CustomerId, receipt: &Receipt) -> Executed {
    let mut revisions = receipt.revisions.iter();
    let revision = revisions.find(|(changed, _)| *changed == id);
    Executed::Replayed { revision: revision.map_or(0, |(_, revision)| *revision) }
}
