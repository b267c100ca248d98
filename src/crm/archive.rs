//! The rulebooks of a tenant, kept by its store.

use super::{Crm, CrmError};
use crate::id::TenantId;
use crate::rulebook::{Rulebook, Rulebooks};
use crate::store::{Archive, StoreError, StoredRulebook};

impl<S: Archive> Crm<S> {
    /// Wires a store to the rulebooks that it keeps for a tenant; `first` is kept and used if it keeps
    /// none yet. To change the policy of a tenant that has one, [`adopt`](Self::adopt) another.
    ///
    /// ```
    /// use guanxi::crm::CrmError;
    /// use guanxi::store::{MemoryStore, PageSize};
    /// use guanxi::{Crm, Currency, Policy, Rulebook, TenantId, Timestamp};
    /// # fn context(now: &str) -> guanxi::Context {
    /// #     let command_id = guanxi::CommandId::derive("example", now);
    /// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
    /// # }
    ///
    /// let store = MemoryStore::default();
    /// let shop = TenantId::derive("example-shop");
    /// let first = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
    /// let mut policy = Policy::new(Currency::USD);
    /// policy.lifecycle.lapse.floor_days = 90;
    /// let stricter = Rulebook::new(policy, "2026-09-01T00:00:00Z".parse()?)?;
    ///
    /// pollster::block_on(async {
    ///     let mut crm = Crm::open(&store, shop, first.clone()).await?;
    ///     crm.adopt(stricter.clone()).await?;
    ///     assert_eq!(crm.books().latest(), &stricter);
    ///
    ///     // Whoever comes later finds both.
    ///     let crm = Crm::open(&store, shop, first).await?;
    ///     assert_eq!(crm.books().latest(), &stricter);
    ///
    ///     // Once it is in force, the agenda has every customer that another rulebook judged.
    ///     let now = context("2026-09-01T02:00:00Z");
    ///     let mut after = None;
    ///     loop {
    ///         let run = crm.run_due(now.now, after, PageSize::MAX, &now).await?;
    ///         assert!(run.failed.is_empty());
    ///         after = run.next;
    ///         if after.is_none() {
    ///             break;
    ///         }
    ///     }
    ///     Ok::<(), CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CrmError::Store`] when the store cannot be read, or keeps what this version cannot use;
    /// [`CrmError::Archive`] when it cannot keep `first`.
    pub async fn open(store: S, tenant: TenantId, first: Rulebook) -> Result<Self, CrmError> {
        let books = match kept(&store, tenant).await? {
            Some(books) => books,
            None => match store.keep(tenant, StoredRulebook::from(&first)).await {
                Ok(()) => first.into(),
                // Somebody else opened it first, at the same time.
                Err(error) => kept(&store, tenant).await?.ok_or(error)?,
            },
        };
        Ok(Self { store, tenant, books })
    }

    /// Adopts a rulebook, from its instant on: keeps it in the store, then uses it. Customers are taken
    /// to it by their next fact, or by [`run_due`](Self::run_due), whose agenda has everybody that
    /// another rulebook judged; a sweep in pages, which can be stopped and taken up again at any time.
    /// The same rulebook again changes nothing. [`open`](Self::open) has an example.
    ///
    /// Handles elsewhere learn of it by [`refresh`](Self::refresh); until then they refuse customers
    /// that it has judged.
    ///
    /// # Errors
    ///
    /// [`CrmError::Rulebook`] when it does not fit: it has another currency, or does not come into
    /// force later than the last. [`CrmError::Archive`] when somebody else was faster, or the store
    /// fails. In every case everything is as it was.
    pub async fn adopt(&mut self, book: Rulebook) -> Result<(), CrmError> {
        self.refresh().await?;
        if self.books.get(book.reference()).is_some() {
            return Ok(());
        }
        let stored = StoredRulebook::from(&book);
        let books = self.books.clone().with_next(book)?;
        self.store.keep(self.tenant, stored).await?;
        self.books = books;
        Ok(())
    }

    /// Reads again which rulebooks the store keeps: somebody else may have adopted one. A handle whose
    /// store keeps none stays as it is.
    ///
    /// # Errors
    ///
    /// [`CrmError::Store`] when the store cannot be read, or keeps what this version cannot use.
    pub async fn refresh(&mut self) -> Result<(), CrmError> {
        if let Some(books) = kept(&self.store, self.tenant).await? {
            self.books = books;
        }
        Ok(())
    }
}

/// The rulebooks that a store keeps; `None` if it keeps none.
async fn kept<S: Archive>(store: &S, tenant: TenantId) -> Result<Option<Rulebooks>, CrmError> {
    let stored = store.rulebooks(tenant).await?;
    if stored.is_empty() {
        return Ok(None);
    }
    let books =
        stored.iter().map(StoredRulebook::decode).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Some(Rulebooks::new(books)?))
}
