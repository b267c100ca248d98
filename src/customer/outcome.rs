//! What a command did, ready to be committed.

use super::event::Entry;
use crate::profile::ProfileChange;

/// What a command did.
///
/// ```
/// use guanxi::lifecycle::{LifecycleCommand, Request};
/// use guanxi::{Command, Customer, Outcome};
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
///
/// let occurred_at = "2026-03-01T09:30:00Z".parse()?;
/// let engage = LifecycleCommand::Request { occurred_at, request: Request::Engage };
/// let engage = Command::from(engage);
///
/// let mut customer = Customer::unknown(id);
/// let now = context("2026-03-01T09:30:00Z");
/// assert!(matches!(customer.decide(&engage, &now, &books)?, Outcome::Changed(_)));
/// assert_eq!(customer.decide(&engage, &now, &books)?, Outcome::Unchanged); // aware already
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// Everything already was as the command asks. Nothing is recorded.
    Unchanged,
    /// The customer changed.
    Changed(Change),
}

/// A change to be committed.
///
/// ```
/// use guanxi::profile::{ExternalKey, ProfileCommand};
/// use guanxi::{Customer, Outcome};
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
///
/// let key = ExternalKey::new("shop", "C-17")?;
/// let link = ProfileCommand::LinkKey(key.clone()).into();
/// let mut customer = Customer::unknown(id);
/// let now = context("2026-03-01T09:30:00Z");
/// let Outcome::Changed(change) = customer.decide(&link, &now, &books)? else {
///     panic!("the key is new");
/// };
///
/// // The journal says that a key was linked; which one travels beside it.
/// assert_eq!(change.entry.events.len(), 1);
/// assert_eq!(change.profile.expect("the profile changed").claims_taken, [key]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What goes into the journal.
    pub entry: Entry,
    /// The values of a profile change, and the claims it takes and gives up.
    pub profile: Option<Box<ProfileChange>>,
}
