//! Reading: a customer, what is true of it, and what was known of it.

use super::{Crm, CrmError, restore};
use crate::customer::{Assessment, Customer, Entry};
use crate::id::CustomerId;
use crate::profile::ExternalKey;
use crate::store::{
    CustomerStore, Feed, FeedCursor, FeedEntry, PageSize, Scan, StoreError, StoreErrorKind,
    StoredEntry,
};
use crate::time::Timestamp;

/// An entry of a customer's journal, as the [feed](Crm::feed) gives it.
///
/// [`Feed`] has an example.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Published {
    /// Whose journal it is from.
    pub customer: CustomerId,
    /// The entry.
    pub entry: Entry,
    /// The place right after it, to go on from.
    pub cursor: FeedCursor,
}

impl<S: CustomerStore> Crm<S> {
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

impl<S: Feed> Crm<S> {
    /// The journals of all customers as one feed, after a place; empty when there is nothing more now.
    ///
    /// [`Feed`] has an example, and says what can be relied on.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn feed(
        &self,
        after: Option<FeedCursor>,
        size: PageSize,
    ) -> Result<Vec<Published>, StoreError> {
        let page = self.store.feed(self.tenant, after, size).await?;
        let published = |given: &FeedEntry| {
            let (customer, cursor) = (given.customer, given.cursor());
            Ok(Published { customer, entry: given.entry.decode()?, cursor })
        };
        page.iter().map(published).collect()
    }
}
