//! The rulebooks of a tenant, kept by its store.

use super::{Crm, CrmError};
use crate::id::TenantId;
use crate::rulebook::{Rulebook, Rulebooks};
use crate::store::{Archive, StoreError, StoredRulebook};

impl<S: Archive> Crm<S> {
    /// Wires a store to the rulebooks that it keeps for a tenant; `first`, one rulebook or a whole
    /// succession, is kept and used if it keeps none yet, and else not looked at, its currency included. To
    /// change the policy of a tenant that has one, [`adopt`](Self::adopt) another.
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
    pub async fn open(
        store: S,
        tenant: TenantId,
        first: impl Into<Rulebooks> + Send,
    ) -> Result<Self, CrmError> {
        let mut crm = Self { store, tenant, books: first.into() };
        if let Some(books) = crm.kept().await? {
            return Ok(Self { books, ..crm });
        }
        let kept = crm.keep_own(0).await;
        // Somebody else may have opened it first, at the same time, or gone on since.
        crm.books = match (crm.kept().await?, kept) {
            (Some(books), _) => books,
            (None, Err(error)) => return Err(error),
            (None, Ok(())) => crm.books,
        };
        Ok(crm)
    }

    /// Adopts a rulebook, from its instant on: keeps it in the store, then uses it. Customers are taken
    /// to it by their next fact, or by [`run_due`](Self::run_due), whose agenda has everybody that
    /// another rulebook judged; a sweep in pages, which can be stopped and taken up again at any time.
    /// The same rulebook again changes nothing. [`open`](Self::open) has an example.
    ///
    /// Rulebooks that this handle has and the store does not keep yet are kept first. Handles elsewhere
    /// learn of it by [`refresh`](Self::refresh). Until then they go on judging by those they have, and
    /// refuse customers that a newer one has judged; so let it come into force no sooner than the
    /// slowest of them refreshes.
    ///
    /// # Errors
    ///
    /// [`CrmError::Rulebook`] when it does not fit: it has another currency, or does not come into
    /// force later than the last. [`CrmError::OtherRulebooks`] when the store keeps another succession
    /// than this handle has. [`CrmError::Archive`] when somebody else was faster.
    /// [`CrmError::Store`] when the store fails. In every case this handle is as it was.
    pub async fn adopt(&mut self, book: Rulebook) -> Result<(), CrmError> {
        let kept = self.kept().await?;
        let (succession, count) = self.joined(kept)?;
        let known = succession.get(book.reference()).is_some();
        let books = if known { succession } else { succession.with_next(book)? };
        let current = std::mem::replace(&mut self.books, books);
        let done = self.keep_own(count).await;
        if done.is_err() {
            self.books = current;
        }
        done
    }

    /// Reads again which rulebooks the store keeps: somebody else may have adopted one. A handle that
    /// has more of the same succession stays as it is.
    ///
    /// # Errors
    ///
    /// [`CrmError::OtherRulebooks`] when the store keeps another succession;
    /// [`CrmError::Store`] when it cannot be read, or keeps what this version cannot use.
    pub async fn refresh(&mut self) -> Result<(), CrmError> {
        let kept = self.kept().await?;
        self.books = self.joined(kept)?.0;
        Ok(())
    }

    /// The longer of what this handle has and what is kept, and how many are kept. One must begin as the
    /// other does.
    fn joined(&self, kept: Option<Rulebooks>) -> Result<(Rulebooks, usize), CrmError> {
        let Some(kept) = kept else { return Ok((self.books.clone(), 0)) };
        if !kept.iter().zip(self.books.iter()).all(|(kept, own)| kept == own) {
            return Err(CrmError::OtherRulebooks);
        }
        let count = kept.iter().count();
        let longer = if count < self.books.iter().count() { self.books.clone() } else { kept };
        Ok((longer, count))
    }

    /// Keeps the rulebooks of this handle, but the first few, which are kept already.
    async fn keep_own(&self, kept: usize) -> Result<(), CrmError> {
        for book in self.books.iter().skip(kept) {
            self.store.keep(self.tenant, StoredRulebook::from(book)).await?;
        }
        Ok(())
    }

    /// The rulebooks that the store keeps; `None` if it keeps none.
    async fn kept(&self) -> Result<Option<Rulebooks>, CrmError> {
        let stored = self.store.rulebooks(self.tenant).await?;
        if stored.is_empty() {
            return Ok(None);
        }
        let books = stored.iter().map(StoredRulebook::decode);
        Ok(Some(Rulebooks::new(books.collect::<Result<Vec<_>, StoreError>>()?)?))
    }
}
