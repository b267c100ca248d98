//! Verifying a base: whether what a store keeps fits together, customer by customer.

mod examine;
mod flaw;

use std::collections::BTreeSet;

pub use flaw::Flaw;

use super::{ATTEMPTS_MAX, Crm};
use crate::id::{CustomerId, PolicyId};
use crate::rulebook::RulebookRef;
use crate::store::{Agenda, Inspect, PageSize, StoreError, Waking};
use crate::time::Timestamp;
use examine::{Examined, examine};

/// The most flaws that one verification tells of; it counts them all.
pub const FLAWS_MAX: usize = 1_000;

/// What a verification found.
///
/// [`Crm::verify`] has an example.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Verification {
    /// Customers that were looked at.
    pub customers: u64,
    /// Entries of their journals.
    pub entries: u64,
    /// How many flaws there are.
    pub count: u64,
    /// The first [`FLAWS_MAX`] of them, each with its customer.
    pub flaws: Vec<(CustomerId, Flaw)>,
}

impl Verification {
    /// Whether everything fits together.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.count == 0
    }

    fn found(&mut self, id: CustomerId, flaws: impl IntoIterator<Item = Flaw>) {
        for flaw in flaws {
            self.count = self.count.saturating_add(1);
            if self.flaws.len() < FLAWS_MAX {
                self.flaws.push((id, flaw));
            }
        }
    }
}

impl<S: Agenda + Inspect> Crm<S> {
    /// Verifies every customer of the tenant: that its parts can be read, its journal has no gap and
    /// tells of the same state, its commands are remembered, and its columns, claims and place on the
    /// agenda are those of its state; and that the agenda has nobody else. Never writes.
    ///
    /// A customer that changes meanwhile is looked at again. The agenda is compared as a whole, so
    /// verify while nobody writes, or take what it says of the agenda for a hint. Some things cannot be
    /// found this way: claims and parts of customers that do not exist, because no method of a store
    /// lists them, and values missing from a profile, because the journal has none.
    ///
    /// ```
    /// use guanxi::crm::CrmError;
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
    ///     let verification = crm.verify().await?;
    ///     assert!(verification.is_sound(), "{:?}", verification.flaws);
    ///     assert_eq!((verification.customers, verification.entries), (1, 1));
    ///     Ok::<(), CrmError>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read at all.
    pub async fn verify(&self) -> Result<Verification, StoreError> {
        let mut verification = Verification::default();
        let (mut last, mut agenda) = (None, BTreeSet::new());
        'pages: loop {
            let page = self.store.scan(self.tenant, last, PageSize::MAX).await?;
            if page.is_empty() {
                break;
            }
            for (id, _) in page {
                // What goes back would be scanned again and again.
                if last.is_some_and(|last| last >= id) {
                    verification.found(id, [Flaw::Scan]);
                    break 'pages;
                }
                last = Some(id);
                let examined = self.examined(id).await?;
                verification.customers = verification.customers.saturating_add(1);
                verification.entries = verification.entries.saturating_add(examined.entries);
                agenda.extend(examined.waking);
                verification.found(id, examined.flaws);
            }
        }
        self.verify_agenda(agenda, &mut verification).await?;
        Ok(verification)
    }

    /// Verifies one customer, as [`verify`](Self::verify) does, its place on the agenda aside; a
    /// customer nobody knows has no flaws.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read at all.
    pub async fn verify_customer(&self, id: CustomerId) -> Result<Vec<Flaw>, StoreError> {
        Ok(self.examined(id).await?.flaws)
    }

    /// Examines a customer, again while it changes.
    async fn examined(&self, id: CustomerId) -> Result<Examined, StoreError> {
        let mut examined = examine(self, id).await?;
        for _ in 1..ATTEMPTS_MAX {
            if examined.flaws.is_empty() {
                break;
            }
            let stored = self.store.load(self.tenant, id).await?;
            if stored.map(|stored| stored.revision) == examined.revision {
                break;
            }
            examined = examine(self, id).await?;
        }
        Ok(examined)
    }

    /// Compares the agenda with the places where customers belong.
    async fn verify_agenda(
        &self,
        mut missing: BTreeSet<Waking>,
        verification: &mut Verification,
    ) -> Result<(), StoreError> {
        // No rulebook has an empty document, so everybody was judged by another than this one.
        let nobody = RulebookRef::new(PolicyId::of_document(b""), Timestamp::MIN);
        let mut last = None;
        loop {
            let due =
                self.store.due(self.tenant, Timestamp::MIN, nobody, last, PageSize::MAX).await?;
            let before = last;
            for waking in due {
                let in_order = last.is_none_or(|last| last < waking);
                if !missing.remove(&waking) || !in_order {
                    let wake_at = waking.wake_at;
                    verification.found(waking.id, [Flaw::OnAgenda { wake_at }]);
                }
                last = last.max(Some(waking));
            }
            // The end, or a page that leads nowhere and would be asked for again and again.
            if last == before {
                break;
            }
        }
        for Waking { wake_at, id } in missing {
            verification.found(id, [Flaw::NotOnAgenda { wake_at }]);
        }
        Ok(())
    }
}
