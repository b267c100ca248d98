//! What the whole base says: measured, kept, and used by every answer from then on.

use super::{Crm, CrmError, restore};
use crate::portfolio::Portfolio;
use crate::rulebook::Calibration;
use crate::store::{Archive, PageSize, Scan, StoreErrorKind, StoredCalibration};
use crate::time::Timestamp;

impl<S: Scan> Crm<S> {
    /// Measures the whole base at `at`, as the rulebook in force then wants it: page by page, keeping
    /// some 240 bytes of each customer until the end. Never writes; what it says is used once it is
    /// [adopted](Self::adopt_calibration).
    ///
    /// Customers that change meanwhile are measured as they are when their page is read. Facts dated
    /// after the business day of `at` are not seen, so measure a day that is over.
    ///
    /// ```
    /// use guanxi::store::MemoryStore;
    /// use guanxi::tier::Tier;
    /// use guanxi::{Crm, CustomerId};
    /// # fn order(at: &str, minor: i64) -> guanxi::Command {
    /// #     let paid = guanxi::Money::from_minor(minor, guanxi::Currency::USD);
    /// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
    /// # }
    /// # fn context(command: &str) -> guanxi::Context {
    /// #     let now = "2026-03-01T12:00:00Z".parse().unwrap();
    /// #     let command_id = guanxi::CommandId::derive("example", command);
    /// #     guanxi::Context::new(now, guanxi::Actor::System, command_id)
    /// # }
    /// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
    /// # let first = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
    /// # let shop = guanxi::TenantId::derive("example-shop");
    ///
    /// let now = "2026-03-02T00:00:00Z".parse()?;
    /// pollster::block_on(async {
    ///     let mut crm = Crm::open(MemoryStore::default(), shop, first).await?;
    ///     let id = |name: &str| CustomerId::derive(shop, name);
    ///     for (name, minor) in [("a", 60_000), ("b", 25_000), ("c", 12_000), ("d", 3_000)] {
    ///         crm.execute(id(name), &order("2026-03-01T12:00:00Z", minor), &context(name)).await?;
    ///     }
    ///     let calibration = crm.calibrate(now).await?;
    ///     assert_eq!(calibration.customers(), 4);
    ///
    ///     // Until somebody measured the base nobody has a tier.
    ///     let before = crm.assess(id("a"), now).await?.expect("it has an order");
    ///     assert_eq!(before.tier.value.tier.value(), None);
    ///     crm.adopt_calibration(calibration).await?;
    ///     let after = crm.assess(id("a"), now).await?.expect("it has an order");
    ///     assert_eq!(after.tier.value.tier.value(), Some(Tier::A));
    ///     Ok::<(), guanxi::crm::CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CrmError::Store`] when the store cannot be read, or gives a customer again.
    pub async fn calibrate(&self, at: Timestamp) -> Result<Calibration, CrmError> {
        let mut portfolio = Portfolio::new(self.books.in_force_at(at), at);
        let mut last = None;
        loop {
            let page = self.store.scan(self.tenant, last, PageSize::MAX).await?;
            if page.is_empty() {
                return Ok(portfolio.calibrate());
            }
            for (id, stored) in page {
                // Counted twice (C11), a customer would move the cuts of all.
                if last.is_some_and(|last| last >= id) {
                    return Err(CrmError::Store(StoreErrorKind::Document.into()));
                }
                last = Some(id);
                portfolio.add(&restore(id, Some(stored))?);
            }
        }
    }
}

impl<S: Archive> Crm<S> {
    /// Adopts a calibration: keeps it in the store, then uses it. [`assess`](Self::assess) compares with
    /// it at once, for instants since it was taken; what is recorded of a customer changes with its next
    /// review, so nobody has to be swept. The same calibration again changes nothing.
    /// [`calibrate`](Self::calibrate) has an example.
    ///
    /// Of more than [`CALIBRATIONS_MAX`](crate::rulebook::CALIBRATIONS_MAX) the store keeps all and a
    /// handle uses the newest. Handles elsewhere learn of it by [`refresh`](Self::refresh).
    ///
    /// # Errors
    ///
    /// [`CrmError::Store`] when the store fails; then this handle is as it was.
    pub async fn adopt_calibration(&mut self, calibration: Calibration) -> Result<(), CrmError> {
        let stored = StoredCalibration::from(&calibration);
        self.store.keep_calibration(self.tenant, stored).await?;
        self.books = self.books.clone().with_calibration(calibration);
        Ok(())
    }
}
