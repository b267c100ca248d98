//! The database file: opened with care for what is in it already.

mod error;
mod file;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use guanxi::portfolio::Portfolio;
use guanxi::store::sqlite::SqliteStore;
use guanxi::store::{Archive as _, Inspect as _, PageSize, Scan as _, StoreError};
use guanxi::{
    Calibration, Crm, Currency, Customer, CustomerId, Day, Policy, Rulebook, Rulebooks, TenantId,
    Timestamp,
};

use crate::plan::ZONE;
use crate::policy::{GivenPolicy, PolicyError};
pub(crate) use error::{BaseError, fault, sentence};
use error::{failed, is_damage};
use file::{has_customers, is_empty, look, refuse_foreign};

/// Names the ids of this program apart from those of others.
pub(crate) const SOURCE: &str = "portfolio";

/// The system of the external keys by which customers are known in a log.
pub(crate) const KEY_SYSTEM: &str = "log";

/// Enough to tell whether there is any.
pub(crate) const ONE: PageSize = PageSize::new(1).unwrap();

/// A database with the customers of one or more logs.
pub(crate) struct Base {
    path: PathBuf,
    crm: Crm<Arc<SqliteStore>>,
    /// When this run has asked everybody what the base says.
    measured_at: Option<Timestamp>,
}

/// What a database holds in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Customers who bought something.
    pub(crate) customers: u64,
    /// Entries in their journals.
    pub(crate) entries: u64,
    /// What they spent, returns deducted, in minor units.
    pub(crate) minor: i128,
    /// The latest day that anything was recorded.
    pub(crate) day: Option<Day>,
}

impl Base {
    /// Opens the database of this name for a log in this currency, and makes it if there is none. One
    /// that keeps no rulebook yet is judged by the policy given, or else by the default.
    ///
    /// # Errors
    ///
    /// [`BaseError`].
    pub(crate) async fn open(
        path: &Path,
        currency: Currency,
        given: Option<&GivenPolicy>,
    ) -> Result<Self, BaseError> {
        look(path)?;
        refuse_foreign(path).await?;
        let first = match given {
            Some(given) => given.book().clone(),
            None => Rulebook::new(Policy::new(currency), Timestamp::MIN)?,
        };
        let base = Self::of(store(path).await?, path, first).await?;
        let kept = base.currency();
        if kept != currency {
            base.close().await;
            return Err(BaseError::OtherCurrency { path: path.to_owned(), kept, found: currency });
        }
        Ok(base)
    }

    /// Opens the database of this name for the customers that are in it, who are not written to; `None`
    /// if there are none, or no such file.
    ///
    /// # Errors
    ///
    /// [`BaseError`]; [`BaseError::NoneOfOurs`] if the customers are those of another program.
    pub(crate) async fn found(path: &Path) -> Result<Option<Self>, BaseError> {
        look(path)?;
        if is_empty(path) {
            return Ok(None);
        }
        refuse_foreign(path).await?;
        let failed = |error: StoreError| failed(path, error);
        let store = store(path).await?;
        let first = store.scan(TenantId::derive(SOURCE), None, ONE).await.map_err(failed)?;
        if !first.is_empty() {
            // Never kept: where customers are, the rulebook that judges them is as well.
            let never = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
            return Self::of(store, path, never).await.map(Some);
        }
        store.close().await;
        if has_customers(path).await.map_err(failed)? {
            return Err(BaseError::NoneOfOurs { path: path.to_owned() });
        }
        Ok(None)
    }

    /// The customers of an open database; if it keeps no rulebook yet, by the first one.
    async fn of(store: SqliteStore, path: &Path, first: Rulebook) -> Result<Self, BaseError> {
        let crm = Crm::open(Arc::new(store), TenantId::derive(SOURCE), first).await;
        let crm = crm.map_err(|error| failed(path, error))?;
        Ok(Self { path: path.to_owned(), crm, measured_at: None })
    }

    /// The currency of its amounts.
    pub(crate) fn currency(&self) -> Currency {
        self.book().policy().currency
    }

    /// Its customers.
    pub(crate) const fn crm(&self) -> &Crm<Arc<SqliteStore>> {
        &self.crm
    }

    /// The rulebook that judges its customers, or will.
    pub(crate) fn book(&self) -> &Rulebook {
        self.crm.books().latest()
    }

    /// Whether the customers can be judged by a policy from `now` on, if they are not already.
    ///
    /// # Errors
    ///
    /// [`PolicyError::NotLater`] if that would change how something was judged.
    pub(crate) fn check_adoption(
        &self,
        given: &GivenPolicy,
        now: Timestamp,
    ) -> Result<(), PolicyError> {
        let from = self.book().in_force_from();
        if given.agrees_with(self.book()) || from < now {
            return Ok(());
        }
        Err(PolicyError::NotLater { db: self.path.clone(), from: ZONE.day_of(from) })
    }

    /// Judges the customers by a policy from `now` on, unless they are already. What was decided until
    /// then stands.
    ///
    /// # Errors
    ///
    /// As [`check_adoption`](Self::check_adoption), and [`BaseError::Store`].
    pub(crate) async fn adopt(
        &mut self,
        given: &GivenPolicy,
        now: Timestamp,
    ) -> Result<(), BaseError> {
        self.check_adoption(given, now)?;
        if given.agrees_with(self.book()) {
            return Ok(());
        }
        let book = Rulebook::from_document(given.book().document().to_vec(), now)?;
        let adopted = self.crm.adopt(book).await;
        adopted.map_err(|error| failed(&self.path, error))
    }

    /// What the base says at `at`, of everybody who had bought something by then.
    async fn measure(&self, at: Timestamp) -> Result<Calibration, BaseError> {
        let mut portfolio = Portfolio::new(self.crm.books().in_force_at(at), at);
        let day = ZONE.day_of(at);
        let known = |customer: &Customer| {
            customer.purchases().days().first().is_some_and(|first| first.day() <= day)
        };
        let mut after = None;
        loop {
            let page = self.crm.scan(after, PageSize::MAX).await;
            let page = page.map_err(|error| failed(&self.path, error))?;
            let Some(last) = page.last() else { return Ok(portfolio.calibrate()) };
            after = Some(last.id());
            page.iter().filter(|customer| known(customer)).for_each(|it| portfolio.add(it));
        }
    }

    /// Judges the customers by what the base says now, and by nothing that was said before. It is kept, so
    /// that what names it can be explained.
    ///
    /// # Errors
    ///
    /// [`BaseError::Store`] when it cannot be read.
    pub(crate) async fn calibrate(&mut self, now: Timestamp) -> Result<(), BaseError> {
        let measured = self.measure(now).await?;
        let books = self.alone_with(measured.clone())?;
        let kept = self.crm.store().calibration(self.crm.tenant(), measured.id()).await;
        // A run that changes nothing writes nothing, and so can read what somebody else has locked.
        if kept.map_err(|error| failed(&self.path, error))?.is_none() {
            let kept = self.crm.adopt_calibration(measured).await;
            kept.map_err(|error| failed(&self.path, error))?;
        }
        self.crm = self.crm.clone().with_books(books);
        self.measured_at = Some(now);
        Ok(())
    }

    /// The rulebooks with what the base says at `at`, and with nothing else that was ever said.
    ///
    /// # Errors
    ///
    /// [`BaseError::Store`] when it cannot be read.
    pub(crate) async fn measured(&self, at: Timestamp) -> Result<Rulebooks, BaseError> {
        let books = self.crm.books();
        if self.measured_at == Some(at) {
            return Ok(books.clone());
        }
        self.alone_with(self.measure(at).await?)
    }

    /// The rulebooks with one calibration: what an earlier log said on the same day must not be asked.
    fn alone_with(&self, measured: Calibration) -> Result<Rulebooks, BaseError> {
        let books = self.crm.books().iter().cloned().collect();
        Ok(Rulebooks::new(books)?.with_calibration(measured))
    }

    /// The customer that a log knows by this key.
    pub(crate) fn id(&self, key: &str) -> CustomerId {
        CustomerId::derive(self.crm.tenant(), key)
    }

    /// What it holds now.
    ///
    /// # Errors
    ///
    /// [`BaseError::Store`] when it cannot be read.
    pub(crate) async fn sums(&self) -> Result<Sums, BaseError> {
        let (mut sums, mut after) = (Sums::default(), None);
        loop {
            let page = self.crm.scan(after, PageSize::MAX).await;
            let page = match page {
                Ok(page) => page,
                Err(error) => return Err(self.damage_after(after, error).await),
            };
            let Some(last) = page.last() else { return Ok(sums) };
            after = Some(last.id());
            page.iter().for_each(|customer| sums.add(customer));
        }
    }

    /// A customer in words: by its key in the log, if it has one, and by its id.
    pub(crate) async fn told(&self, id: CustomerId) -> String {
        // By the claims, which can be read where the documents cannot.
        let found = self.crm.store().inspect(self.crm.tenant(), id).await;
        let claims = found.ok().flatten().map(|found| found.claims).unwrap_or_default();
        match claims.iter().find(|key| key.system() == KEY_SYSTEM) {
            Some(key) => format!("customer `{}` ({id})", key.key()),
            None => format!("customer {id}"),
        }
    }

    /// Why customers after an id could not be read: the first of them that says nothing, or the error as
    /// it is.
    async fn damage_after(&self, after: Option<CustomerId>, error: StoreError) -> BaseError {
        if is_damage(&error) {
            let page = self.crm.store().scan(self.crm.tenant(), after, PageSize::MAX).await;
            for (id, _) in page.unwrap_or_default() {
                if let Err(found) = self.crm.customer(id).await {
                    return self.damage(id, found).await;
                }
            }
        }
        failed(&self.path, error)
    }

    /// Why a customer could not be read.
    pub(crate) async fn damage(&self, id: CustomerId, found: StoreError) -> BaseError {
        if !is_damage(&found) {
            return failed(&self.path, found);
        }
        BaseError::DamagedCustomer { path: self.path.clone(), customer: self.told(id).await }
    }

    /// Writes everything to the one file that it is.
    pub(crate) async fn close(self) {
        self.crm.store().close().await;
    }
}

impl Sums {
    /// Adds a customer.
    pub(crate) fn add(&mut self, customer: &Customer) {
        let day = customer.recorded_at().map(|at| ZONE.day_of(at));
        let spent = day.map_or(0, |day| customer.purchases().up_to(day).net);
        self.customers = self.customers.saturating_add(u64::from(customer.is_admitted()));
        self.entries = self.entries.saturating_add(customer.revision());
        self.minor = self.minor.saturating_add(spent.into());
        self.day = self.day.max(day);
    }
}

async fn store(path: &Path) -> Result<SqliteStore, BaseError> {
    SqliteStore::open(path).await.map_err(|error| failed(path, error))
}
