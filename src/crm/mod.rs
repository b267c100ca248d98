//! `Crm`: a store and the rulebooks of one tenant, wired together.
//!
//! Every method that writes is the same few steps: load, decide, commit; and again from the start when
//! somebody else was faster. What a method needs of the store it says by its bound: a store that can do
//! less can still do the rest.

mod agenda;
mod archive;
mod bulk;
mod calibrate;
mod erase;
mod error;
mod execute;
mod read;
mod verify;

pub use agenda::Run;
pub use bulk::{JOBS_MAX, Job};
pub use error::CrmError;
pub use execute::{Executed, Prepared};
pub use read::Published;
pub use verify::{FLAWS_MAX, Flaw, Verification};

use crate::customer::Customer;
use crate::id::{CustomerId, TenantId};
use crate::rulebook::Rulebooks;
use crate::store::{StoreError, Stored};

/// How often a command is decided anew when others keep changing the customer in between.
pub const ATTEMPTS_MAX: usize = 16;

/// A handle bound to one tenant, its store and its rulebooks. Cheap to clone where the store is, as an
/// [`Arc`](std::sync::Arc) of one is.
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
#[derive(Debug, Clone)]
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

fn restore(id: CustomerId, stored: Option<Stored>) -> Result<Customer, StoreError> {
    match stored {
        None => Ok(Customer::unknown(id)),
        Some(stored) => Ok(Customer::from_parts(id, stored.revision, &stored.parts)?),
    }
}
