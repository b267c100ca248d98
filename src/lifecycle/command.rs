//! What can be asked of the lifecycle.

use serde::{Deserialize, Serialize};

use super::event::{CorrectionReason, Flag};
use super::position::{DeclineChoice, Position};
use super::signal::Signal;
use super::trigger::Request;
use crate::time::{Day, Timestamp};

/// A command of the lifecycle.
///
/// Sent to a customer through [`Customer::decide`](crate::Customer::decide) or
/// [`Crm::execute`](crate::Crm::execute).
///
/// ```
/// use guanxi::lifecycle::{LifecycleCommand, Request};
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
/// let command = LifecycleCommand::Request {
///     occurred_at: "2026-03-01T09:30:00Z".parse()?,
///     request: Request::Propose,
/// };
/// let _ = customer.decide(&command.into(), &context("2026-03-01T09:30:00Z"), &books)?;
/// assert_eq!(customer.stage(), Stage::Deciding);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum LifecycleCommand {
    /// Reports a fact beside purchases. Never refused for the stage.
    Report(Report),
    /// Asks for a move. Refused where the table or a guard says so.
    Request {
        /// When it happened.
        occurred_at: Timestamp,
        /// What is asked for.
        request: Request,
    },
    /// Chooses what to do about a decline.
    Choose {
        /// When it was chosen.
        occurred_at: Timestamp,
        /// What.
        choice: DeclineChoice,
    },
    /// Corrects the position from now on, whatever the table says. It holds until the next fact or
    /// request; only silence counted from the correction, or the end of a contract, moves the
    /// customer before.
    Correct {
        /// Where the customer stands.
        to: Position,
        /// Why.
        reason: CorrectionReason,
    },
    /// Confirms that somebody has seen to a flag.
    Acknowledge(Flag),
}

/// A fact beside purchases, as a host reports it.
///
/// ```
/// use guanxi::lifecycle::{Report, Signal};
/// use guanxi::Timestamp;
///
/// let report = Report::new("2026-03-01T09:30:00Z".parse()?, Signal::DeliveryAccepted);
/// assert_eq!(report.day, None); // the business day follows from the instant and the policy's zone
/// # Ok::<(), guanxi::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Report {
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The business day; `None`: the day of the instant in the policy's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// What happened.
    pub signal: Signal,
}

impl Report {
    /// A fact of an instant.
    #[must_use]
    pub const fn new(occurred_at: Timestamp, signal: Signal) -> Self {
        Self { occurred_at, day: None, signal }
    }

    /// The same fact on a given business day, at most one day from that of the instant.
    ///
    /// ```
    /// use guanxi::Day;
    /// use guanxi::lifecycle::{Report, Signal};
    ///
    /// // A call after midnight that still belongs to yesterday's shift.
    /// let yesterday = Day::from_ymd(2026, 2, 28)?;
    /// let report = Report::new("2026-03-01T00:20:00Z".parse()?, Signal::ReviewOpened);
    /// assert_eq!(report.with_day(yesterday).day, Some(yesterday));
    /// # Ok::<(), guanxi::time::TimeError>(())
    /// ```
    #[must_use]
    pub const fn with_day(mut self, day: Day) -> Self {
        self.day = Some(day);
        self
    }
}
