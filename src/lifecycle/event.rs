//! What the journal keeps of the lifecycle.

use serde::{Deserialize, Serialize};

use super::position::{DeclineChoice, Position};
use super::rule::LifecycleRule;
use super::signal::Signal;
use super::trigger::Trigger;
use crate::explain::Reason;
use crate::time::{Day, Timestamp};

/// Something that happened in the lifecycle of one customer.
///
/// ```
/// use guanxi::lifecycle::{LifecycleEvent, Mover, Trigger};
/// use guanxi::{Customer, Event, Outcome, Stage};
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
/// let moved = change.entry.events.iter().find_map(|event| match event {
///     Event::Lifecycle(LifecycleEvent::Moved(moved)) => Some(moved),
///     _ => None,
/// });
/// let moved = moved.expect("a first order moves a prospect");
/// assert_eq!((moved.trigger, moved.to.stage()), (Trigger::Purchase, Stage::Onboarding));
/// assert_eq!(moved.mover, Mover::Fact);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum LifecycleEvent {
    /// A fact beside purchases was reported.
    Signalled(Signalled),
    /// The customer moved.
    Moved(Moved),
    /// A person corrected the position.
    Corrected(Corrected),
    /// The business chose what to do about a decline.
    Chose {
        /// When.
        occurred_at: Timestamp,
        /// What.
        choice: DeclineChoice,
    },
    /// Something needs a person's attention.
    Flagged {
        /// When it took effect.
        at: Timestamp,
        /// What.
        flag: Flag,
    },
    /// A person has seen to it.
    Acknowledged {
        /// What.
        flag: Flag,
    },
}

/// A reported fact beside purchases.
///
/// [`Signal`] has an example of the command behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Signalled {
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The business day it belongs to.
    pub day: Day,
    /// What happened.
    pub signal: Signal,
}

impl Signalled {
    /// A fact of an instant and its business day.
    #[must_use]
    pub const fn new(occurred_at: Timestamp, day: Day, signal: Signal) -> Self {
        Self { occurred_at, day, signal }
    }
}

/// A decision to move a customer.
///
/// [`LifecycleEvent`] has an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Moved {
    /// When it takes effect.
    pub at: Timestamp,
    /// The trigger of the table.
    pub trigger: Trigger,
    /// Where the customer stands from then on.
    pub to: Position,
    /// What brought it about.
    pub mover: Mover,
    /// Why.
    pub reasons: Vec<Reason<LifecycleRule>>,
    /// The first day of the new episode, when the move begins one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode_since: Option<Day>,
}

/// What brought a decision about.
///
/// [`LifecycleEvent`] and [`Corrected`] have examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Mover {
    /// The customer was taken over in this position.
    Admission,
    /// The policy found it due.
    Policy,
    /// A reported fact.
    Fact,
    /// Somebody asked for it.
    Request {
        /// When it was asked for.
        occurred_at: Timestamp,
    },
    /// A person corrected the record.
    Correction(CorrectionReason),
}

/// A correction of the position. It shows as a correction for ever.
///
/// ```
/// use guanxi::lifecycle::{CorrectionReason, LifecycleCommand, Mover, Position};
/// use guanxi::{Customer, Stage};
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
/// let bought = "2026-03-01T09:30:00Z";
/// let _ = customer.decide(&order(bought), &context(bought), &books)?;
///
/// let (to, reason) = (Position::Loyal, CorrectionReason::PolicyMisjudged);
/// let correct = LifecycleCommand::Correct { to, reason };
/// let _ = customer.decide(&correct.into(), &context("2026-03-02T09:30:00Z"), &books)?;
///
/// // The policy did not bring this about, and the track says so.
/// assert_eq!(customer.stage(), Stage::Loyal);
/// let visit = customer.lifecycle().track().current().expect("the customer is known");
/// assert_eq!(visit.mover, Mover::Correction(reason));
/// assert_eq!(visit.at, "2026-03-02T09:30:00Z".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Corrected {
    /// When it takes effect: when it was recorded.
    pub at: Timestamp,
    /// Where the customer stands from then on.
    pub to: Position,
    /// Why.
    pub reason: CorrectionReason,
}

impl Corrected {
    /// A correction that takes effect at `at`.
    #[must_use]
    pub const fn new(at: Timestamp, to: Position, reason: CorrectionReason) -> Self {
        Self { at, to, reason }
    }
}

/// Why a position was corrected.
///
/// [`Corrected`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CorrectionReason {
    /// A fact was recorded wrongly.
    WrongData,
    /// Something was recorded for another customer than it happened to.
    WrongCustomer,
    /// The policy misjudged this customer.
    PolicyMisjudged,
    /// The track that the facts and the policy give today is adopted.
    DerivedTrack,
    /// Something else.
    Other,
}

/// Something that needs a person's attention: a fact that was recorded and moved nothing, although
/// facts of its kind usually do.
///
/// ```
/// use guanxi::customer::derive_track;
/// use guanxi::lifecycle::{EndReason, Flag, LifecycleCommand, Request};
/// use guanxi::{Command, Stage};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// let occurred_at = "2026-02-01T12:00:00Z".parse()?;
/// let request = Request::End { reason: EndReason::Abusive };
/// let end = Command::from(LifecycleCommand::Request { occurred_at, request });
/// let later = order("2026-03-01T12:00:00Z");
///
/// // The order is in the ledger, moves nothing, and asks for a person.
/// let customer = derive_track(&[end, later], &books, "2026-03-01T12:00:00Z".parse()?).customer;
/// assert_eq!(customer.stage(), Stage::Ended);
/// assert!(customer.purchases().has_kept_order());
/// let flags: Vec<_> = customer.lifecycle().flags().collect();
/// assert_eq!((flags[0].0, flags[0].1.count), (Flag::OrderAfterEnd, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Flag {
    /// An order from a customer whose relationship was ended.
    OrderAfterEnd,
    /// An order from a customer who is barred.
    OrderWhileBarred,
    /// A late order of a lost customer who would be lost again at once.
    LateOrderWhileLost,
    /// The last order of a lost customer was cancelled: there never was a purchase.
    UnwoundWhileLost,
}
