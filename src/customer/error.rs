//! Why a customer refuses a command.

use crate::id::PolicyId;
use crate::lifecycle::LifecycleError;
use crate::observation::ObservationError;
use crate::profile::ProfileError;
use crate::purchase::PurchaseError;
use crate::rulebook::{RulebookRef, UnknownRulebook};
use crate::tier::TierError;
use crate::time::{Day, Timestamp};

/// Why a command was refused. A refused command leaves no trace.
///
/// ```
/// use guanxi::{Customer, DecideError};
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
/// // Dated more than five minutes ahead of the host's clock.
/// let mut customer = Customer::unknown(id);
/// let now = context("2026-03-01T09:00:00Z");
/// let error = customer.decide(&order("2026-03-01T09:30:00Z"), &now, &books).unwrap_err();
/// let DecideError::InTheFuture { latest, .. } = error else {
///     panic!("nothing else is wrong with it");
/// };
/// assert_eq!(latest, "2026-03-01T09:05:00Z".parse()?);
/// assert!(!customer.is_known());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecideError {
    /// The purchases refuse it.
    #[error(transparent)]
    Purchase(#[from] PurchaseError),
    /// The observations refuse it.
    #[error(transparent)]
    Observation(#[from] ObservationError),
    /// The lifecycle refuses it.
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
    /// The profile refuses it.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The tier refuses it.
    #[error(transparent)]
    Tier(#[from] TierError),
    /// One fact of an import is refused, and with it the import.
    #[error("fact {index} of the import is refused")]
    Fact {
        /// Its place in the import as given, from 0.
        index: usize,
        /// Why.
        source: Box<DecideError>,
    },
    /// More facts than one import takes.
    #[error("{count} facts, one import takes at most {count_max}")]
    TooManyFacts {
        /// How many were given.
        count: usize,
        /// [`IMPORT_FACTS_MAX`](super::IMPORT_FACTS_MAX).
        count_max: usize,
    },
    /// Dated further in the future than the policy tolerates.
    #[error("dated {occurred_at}, beyond {latest}")]
    InTheFuture {
        /// The instant given.
        occurred_at: Timestamp,
        /// The latest instant accepted.
        latest: Timestamp,
    },
    /// The customer is known already, so it cannot be taken over.
    #[error("customer is known already")]
    AlreadyAdmitted,
    /// Since when is after the takeover itself.
    #[error("known since {since}, after the takeover at {at}")]
    SinceAfterAdmission {
        /// The start given.
        since: Timestamp,
        /// The takeover.
        at: Timestamp,
    },
    /// The opening balance knows of purchases after the takeover itself.
    #[error("opening balance knows of {last}, after the takeover on {day}")]
    OpeningAfterAdmission {
        /// The last purchase day given.
        last: Day,
        /// The business day of the takeover.
        day: Day,
    },
    /// Nothing but a profile is known of the customer, and this command does not admit it.
    #[error("customer is not admitted")]
    NotAdmitted,
    /// The customer was judged by a rulebook that is not among those given: a newer one, if somebody
    /// has adopted one; [`Crm::refresh`](crate::Crm::refresh) reads it from the store.
    #[error("judged by the policy {policy} in force from {in_force_from}; give that rulebook too")]
    UnknownRulebook {
        /// Its policy.
        policy: PolicyId,
        /// The instant it is in force from.
        in_force_from: Timestamp,
    },
    /// Decisions have been taken further already; ask for the past instead.
    #[error("decided to {advanced_to} already, {at} lies before")]
    AlreadyDecided {
        /// The instant given.
        at: Timestamp,
        /// How far decisions have been taken.
        advanced_to: Timestamp,
    },
    /// A customer cannot be taken further than the present.
    #[error("cannot run until {until}, it is {now}")]
    BeyondNow {
        /// The instant given.
        until: Timestamp,
        /// The present.
        now: Timestamp,
    },
}

impl From<UnknownRulebook> for DecideError {
    fn from(UnknownRulebook(reference): UnknownRulebook) -> Self {
        let RulebookRef { policy, in_force_from, .. } = reference;
        Self::UnknownRulebook { policy, in_force_from }
    }
}
