//! What the journal keeps of a customer.

use serde::{Deserialize, Serialize};

use super::review::Reviewed;
use crate::id::{Actor, CommandId};
use crate::lifecycle::{LifecycleEvent, Moved, Mover, Position, Since, Trigger};
use crate::observation::ObservationEvent;
use crate::profile::ProfileEvent;
use crate::purchase::{Opening, PurchaseEvent};
use crate::rulebook::RulebookRef;
use crate::tier::TierEvent;
use crate::time::Timestamp;

/// What happened to one customer, by room. Immutable; never holds personal data.
///
/// ```
/// use guanxi::{Customer, Event, Outcome};
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
/// let mut customer = Customer::unknown(id);
/// let at = "2026-03-01T09:30:00Z";
/// let Outcome::Changed(change) = customer.decide(&order(at), &context(at), &books)? else {
///     panic!("an order is news");
/// };
///
/// // The first order makes the customer known, is recorded, and moves the customer.
/// let [Event::Admitted(admitted), ordered @ Event::Purchase(_), Event::Lifecycle(_)] =
///     &change.entry.events[..]
/// else {
///     panic!("three events, in this order");
/// };
/// assert_eq!(admitted.rulebook, books.latest().reference());
/// assert_eq!(ordered.occurred_at(), Some(at.parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Event {
    /// The customer became known.
    Admitted(Admitted),
    /// From this instant on another rulebook judges.
    RulebookAdopted {
        /// When it takes effect for this customer.
        at: Timestamp,
        /// Which.
        rulebook: RulebookRef,
    },
    /// In the purchases.
    Purchase(PurchaseEvent),
    /// In the figures that only the host knows.
    Observed(ObservationEvent),
    /// In the lifecycle.
    Lifecycle(LifecycleEvent),
    /// In the profile.
    Profile(ProfileEvent),
    /// A person's word on the tier, and its end.
    Tier(TierEvent),
    /// The customer was reviewed.
    Reviewed(Reviewed),
}

impl Event {
    /// When a reported fact or a request occurred; `None` for what the policy decided, and for what
    /// has no instant of its own.
    #[must_use]
    pub const fn occurred_at(&self) -> Option<Timestamp> {
        match self {
            Self::Purchase(event) => Some(event.occurred_at()),
            Self::Observed(event) => Some(event.occurred_at),
            Self::Lifecycle(LifecycleEvent::Signalled(fact)) => Some(fact.occurred_at),
            Self::Lifecycle(LifecycleEvent::Chose { occurred_at, .. }) => Some(*occurred_at),
            Self::Lifecycle(LifecycleEvent::Moved(moved)) => match moved.mover {
                Mover::Request { occurred_at } => Some(occurred_at),
                Mover::Admission | Mover::Policy | Mover::Fact | Mover::Correction(_) => None,
            },
            Self::Lifecycle(_)
            | Self::Admitted(_)
            | Self::RulebookAdopted { .. }
            | Self::Profile(_)
            | Self::Tier(_)
            | Self::Reviewed(_) => None,
        }
    }

    /// To which instant this decision takes the customer; `None` for what takes it nowhere.
    ///
    /// A review moves nobody, so a fact from before it is not late.
    ///
    /// A move that a fact or a request brings about takes the customer no further than that does.
    pub(crate) const fn decided_to(&self) -> Option<Timestamp> {
        match self {
            Self::Admitted(admitted) => Some(admitted.at),
            Self::RulebookAdopted { at, .. } => Some(*at),
            Self::Lifecycle(LifecycleEvent::Corrected(corrected)) => Some(corrected.at),
            Self::Lifecycle(LifecycleEvent::Moved(moved)) => match moved.mover {
                Mover::Policy => Some(moved.at),
                Mover::Request { .. } | Mover::Admission | Mover::Fact | Mover::Correction(_) => {
                    None
                }
            },
            Self::Lifecycle(_)
            | Self::Purchase(_)
            | Self::Observed(_)
            | Self::Profile(_)
            | Self::Tier(_)
            | Self::Reviewed(_) => None,
        }
    }

    /// Whether a position that a person set is open to the policy after this event, or held from it
    /// on; `None` for events that leave that as it is.
    ///
    /// The policy would judge the same facts again and undo at once what a person has just done, so
    /// it waits for the next fact.
    pub(crate) const fn releases(&self) -> Option<bool> {
        match self {
            Self::Purchase(_) | Self::Lifecycle(LifecycleEvent::Signalled(_)) => Some(true),
            Self::Lifecycle(LifecycleEvent::Corrected(_)) => Some(false),
            Self::Lifecycle(LifecycleEvent::Moved(moved)) => match (moved.mover, moved.trigger) {
                (Mover::Request { .. }, Trigger::Recover | Trigger::WinBack | Trigger::Mature) => {
                    Some(false)
                }
                (Mover::Request { .. }, _) => Some(true),
                (Mover::Admission | Mover::Policy | Mover::Fact | Mover::Correction(_), _) => None,
            },
            // The policy judges no stage by an observation, so none is a reason to judge again.
            Self::Lifecycle(_)
            | Self::Admitted(_)
            | Self::RulebookAdopted { .. }
            | Self::Observed(_)
            | Self::Profile(_)
            | Self::Tier(_)
            | Self::Reviewed(_) => None,
        }
    }
}

/// A customer became known.
///
/// [`Event`] has an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Admitted {
    /// When it was taken over, or when its first fact occurred.
    pub at: Timestamp,
    /// Where it stood.
    pub position: Position,
    /// Since when.
    pub since: Since,
    /// What it had bought until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
    /// The rulebook that judges it.
    pub rulebook: RulebookRef,
}

/// One entry of a customer's journal: everything one commit recorded.
///
/// ```
/// use guanxi::{Actor, Customer, Entry, Outcome};
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
/// // Reported at noon: an order of the morning.
/// let mut customer = Customer::unknown(id);
/// let noon = context("2026-03-01T12:00:00Z");
/// let Outcome::Changed(change) = customer.decide(&order("2026-03-01T09:30:00Z"), &noon, &books)?
/// else {
///     panic!("an order is news");
/// };
/// let entry: Entry = change.entry;
/// assert_eq!((entry.revision, entry.actor), (1, Actor::System));
/// assert_eq!((entry.recorded_at, entry.command_id), (noon.now, noon.command_id));
///
/// // Everything but the profile's values is in it.
/// assert_eq!(Customer::fold(id, [&entry]), customer);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Entry {
    /// The revision it made: 1 for the first entry, then one more each time.
    pub revision: u64,
    /// When it was recorded. Never before an earlier entry, nor before a fact in it.
    pub recorded_at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// The command that caused it.
    pub command_id: CommandId,
    /// What happened, in order.
    pub events: Vec<Event>,
}

impl Entry {
    /// The moves among the events, in order. The last one says where the customer stands now.
    pub fn moves(&self) -> impl Iterator<Item = &Moved> {
        self.events.iter().filter_map(|event| match event {
            Event::Lifecycle(LifecycleEvent::Moved(moved)) => Some(moved),
            Event::Lifecycle(_)
            | Event::Admitted(_)
            | Event::RulebookAdopted { .. }
            | Event::Purchase(_)
            | Event::Observed(_)
            | Event::Profile(_)
            | Event::Tier(_)
            | Event::Reviewed(_) => None,
        })
    }
}
