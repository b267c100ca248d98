//! What can be asked of a customer.

use serde::{Deserialize, Serialize};

use crate::id::{Actor, CommandId};
use crate::lifecycle::{LifecycleCommand, Position, Report, Since};
use crate::profile::ProfileCommand;
use crate::purchase::{Opening, PurchaseCommand};
use crate::time::Timestamp;

/// The most facts in one [`Command::Import`].
pub const IMPORT_FACTS_MAX: usize = 100_000;

/// A command to one customer, by room.
///
/// ```
/// use guanxi::purchase::Order;
/// use guanxi::{Command, Currency, Money};
///
/// let order = Order::new("2026-03-01T09:30:00Z".parse()?, Money::parse("29.33", Currency::USD)?);
/// let command = Command::from(order);
/// assert!(matches!(command, Command::Purchase(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Command {
    /// Takes over a customer in mid-life.
    Admit(Admit),
    /// Reports many facts of one customer at once: sorted, decided in order, one commit.
    Import(Vec<Fact>),
    /// Reports an order, a return or a cancellation.
    Purchase(PurchaseCommand),
    /// Reports other facts, asks for moves, corrects.
    Lifecycle(LifecycleCommand),
    /// Changes what is known of who the customer is.
    Profile(ProfileCommand),
}

impl<T: Into<PurchaseCommand>> From<T> for Command {
    fn from(command: T) -> Self {
        Self::Purchase(command.into())
    }
}

impl From<LifecycleCommand> for Command {
    fn from(command: LifecycleCommand) -> Self {
        Self::Lifecycle(command)
    }
}

impl From<ProfileCommand> for Command {
    fn from(command: ProfileCommand) -> Self {
        Self::Profile(command)
    }
}

/// A fact as [`Command::Import`] takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fact {
    /// An order, a return or a cancellation.
    Purchase(PurchaseCommand),
    /// Another fact.
    Signal(Report),
}

impl Fact {
    /// When it happened.
    #[must_use]
    pub const fn occurred_at(&self) -> Timestamp {
        match self {
            Self::Purchase(command) => command.occurred_at(),
            Self::Signal(report) => report.occurred_at,
        }
    }
}

/// The takeover of a customer in mid-life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Admit {
    /// When it was taken over. Facts from before are late; put them into the opening balance, or
    /// import the whole past instead of admitting.
    pub occurred_at: Timestamp,
    /// Where the customer stands.
    pub position: Position,
    /// Since when, if that is known.
    pub since: Since,
    /// What the customer had bought until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
}

impl Admit {
    /// A takeover without purchases before it, and with an unknown start.
    #[must_use]
    pub const fn new(occurred_at: Timestamp, position: Position) -> Self {
        Self { occurred_at, position, since: Since::Unknown, opening: None }
    }

    /// The same, with a known start.
    #[must_use]
    pub const fn with_since(mut self, since: Timestamp) -> Self {
        self.since = Since::Known(since);
        self
    }

    /// The same, with an opening balance.
    #[must_use]
    pub const fn with_opening(mut self, opening: Opening) -> Self {
        self.opening = Some(opening);
        self
    }
}

/// Who asks, when, and under which id. The core has no clock: `now` comes from the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Context {
    /// The present, by the host's clock.
    pub now: Timestamp,
    /// Who asks.
    pub actor: Actor,
    /// The command's id: sent twice, it is carried out once.
    pub command_id: CommandId,
}

impl Context {
    /// A context.
    #[must_use]
    pub const fn new(now: Timestamp, actor: Actor, command_id: CommandId) -> Self {
        Self { now, actor, command_id }
    }
}
