//! The rulebooks and calibrations of a tenant, kept by its store.

use super::{Crm, CrmError};
use crate::id::TenantId;
use crate::rulebook::{CALIBRATIONS_MAX, Rulebook, Rulebooks};
use crate::store::{Archive, PageSize, StoreError, StoredCalibration, StoredRulebook};

impl<S: Archive> Crm<S> {
    /// Wires a store to the rulebooks that it keeps for a tenant, and to the newest
    /// [`CALIBRATIONS_MAX`] calibrations; `first`, one rulebook or a whole succession, is kept and used,
    /// with its calibrations, if it keeps no rulebook yet, and else not looked at, its currency included.
    /// To change the policy of a tenant that has one, [`adopt`](Self::adopt) another.
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
        let kept = match crm.kept().await? {
            Some(books) => books,
            None => {
                let done = crm.keep_own(0).await;
                // Somebody else may have opened it first, at the same time, or gone on since.
                match (crm.kept().await?, done) {
                    (Some(books), _) => books,
                    (None, Err(error)) => return Err(error),
                    (None, Ok(())) => crm.books.clone(),
                }
            }
        };
        crm.books = crm.calibrated(kept).await?;
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
        let (succession, count) = self.joined().await?;
        let known = succession.get(book.reference()).is_some();
        let books = if known { succession } else { succession.with_next(book)? };
        let current = std::mem::replace(&mut self.books, books);
        let done = self.keep_own(count).await;
        if done.is_err() {
            self.books = current;
        }
        done
    }

    /// Reads again which rulebooks and calibrations the store keeps: somebody else may have adopted one.
    /// What this handle has and the store does not keep, it goes on using: more rulebooks of the same
    /// succession, and calibrations as far as they are among the newest.
    ///
    /// # Errors
    ///
    /// [`CrmError::OtherRulebooks`] when the store keeps another succession;
    /// [`CrmError::Store`] when it cannot be read, or keeps what this version cannot use.
    pub async fn refresh(&mut self) -> Result<(), CrmError> {
        self.books = self.joined().await?.0;
        Ok(())
    }

    /// The longer succession of what this handle has and what is kept, with the calibrations of both, and
    /// how many rulebooks are kept. One must begin as the other does.
    async fn joined(&self) -> Result<(Rulebooks, usize), CrmError> {
        let own = self.calibrated(self.books.clone()).await?;
        let Some(kept) = self.kept().await? else { return Ok((own, 0)) };
        if !kept.iter().zip(own.iter()).all(|(kept, own)| kept == own) {
            return Err(CrmError::OtherRulebooks);
        }
        let count = kept.iter().count();
        let is_longer = count > own.iter().count();
        let longer = if is_longer { kept.with_calibrations_of(&own) } else { own };
        Ok((longer, count))
    }

    /// Keeps the rulebooks of this handle, but the first few, which are kept already; and with the first
    /// of all the calibrations.
    async fn keep_own(&self, kept: usize) -> Result<(), CrmError> {
        if kept == 0 {
            // Before the rulebooks: whoever finds those looks for no others.
            for calibration in self.books.calibrations() {
                let stored = StoredCalibration::from(calibration);
                self.store.keep_calibration(self.tenant, stored).await?;
            }
        }
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

    /// These rulebooks with the newest calibrations that the store keeps.
    async fn calibrated(&self, books: Rulebooks) -> Result<Rulebooks, CrmError> {
        let newest = u16::try_from(CALIBRATIONS_MAX).ok().and_then(PageSize::new);
        let stored = self.store.calibrations(self.tenant, newest.unwrap_or(PageSize::MAX)).await?;
        let mut stored = stored.iter().map(StoredCalibration::decode);
        Ok(stored
            .try_fold(books, |books, one| Ok::<_, StoreError>(books.with_calibration(one?)))?)
    }
}
