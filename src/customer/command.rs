//! What can be asked of a customer.

use serde::{Deserialize, Serialize};

use crate::id::{Actor, CommandId};
use crate::lifecycle::{LifecycleCommand, Position, Report, Since};
use crate::observation::Observation;
use crate::profile::ProfileCommand;
use crate::purchase::{Opening, PurchaseCommand};
use crate::tier::TierCommand;
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
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Command {
    /// Takes over a customer in mid-life.
    Admit(Admit),
    /// Reports many facts of one customer at once: sorted, decided in order, one commit.
    Import(Vec<Fact>),
    /// Reports an order, a return or a cancellation.
    Purchase(PurchaseCommand),
    /// Reports a figure that only the host knows.
    Observe(Observation),
    /// Reports other facts, asks for moves, corrects.
    Lifecycle(LifecycleCommand),
    /// Changes what is known of who the customer is.
    Profile(ProfileCommand),
    /// Sets the tier by a person's word, or lifts that.
    Tier(TierCommand),
    /// Reviews the customer now, whatever the cadence; the next review is due as long after this one.
    Review,
}

impl<T: Into<PurchaseCommand>> From<T> for Command {
    fn from(command: T) -> Self {
        Self::Purchase(command.into())
    }
}

impl From<Fact> for Command {
    fn from(fact: Fact) -> Self {
        match fact {
            Fact::Purchase(command) => Self::Purchase(command),
            Fact::Observation(observation) => Self::Observe(observation),
            Fact::Signal(report) => Self::Lifecycle(LifecycleCommand::Report(report)),
        }
    }
}

impl From<Observation> for Command {
    fn from(observation: Observation) -> Self {
        Self::Observe(observation)
    }
}

impl From<Report> for Command {
    fn from(report: Report) -> Self {
        Self::Lifecycle(LifecycleCommand::Report(report))
    }
}

impl From<Admit> for Command {
    fn from(admit: Admit) -> Self {
        Self::Admit(admit)
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

impl From<TierCommand> for Command {
    fn from(command: TierCommand) -> Self {
        Self::Tier(command)
    }
}

/// A fact as [`Command::Import`] takes it.
///
/// ```
/// use guanxi::customer::Fact;
/// use guanxi::lifecycle::{Report, Signal};
/// use guanxi::purchase::Order;
/// use guanxi::{Command, Currency, Customer, Money, Stage};
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
/// // In any order; the import sorts them.
/// let paid = Money::parse("29.33", Currency::USD)?;
/// let facts = vec![
///     Fact::Signal(Report::new("2026-01-15T09:00:00Z".parse()?, Signal::DeliveryAccepted)),
///     Fact::Purchase(Order::new("2026-01-10T12:00:00Z".parse()?, paid).into()),
/// ];
/// let mut customer = Customer::unknown(id);
/// let _ = customer.decide(&Command::Import(facts), &context("2026-02-01T00:00:00Z"), &books)?;
/// assert_eq!(customer.revision(), 1); // one entry for all of it
/// assert_eq!(customer.stage(), Stage::Growing);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fact {
    /// An order, a return or a cancellation.
    Purchase(PurchaseCommand),
    /// Another fact.
    Signal(Report),
    /// A figure that only the host knows.
    Observation(Observation),
}

impl Fact {
    /// When it happened.
    #[must_use]
    pub const fn occurred_at(&self) -> Timestamp {
        match self {
            Self::Purchase(command) => command.occurred_at(),
            Self::Signal(report) => report.occurred_at,
            Self::Observation(observation) => observation.occurred_at,
        }
    }
}

/// The takeover of a customer in mid-life.
///
/// ```
/// use guanxi::customer::Admit;
/// use guanxi::lifecycle::Position;
/// use guanxi::purchase::Opening;
/// use guanxi::{Command, Currency, Customer, Day, Money, Stage};
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
/// // A loyal customer since 2021, with seven orders on six days until the takeover.
/// let gross = Money::parse("412.50", Currency::USD)?;
/// let (first, last) = (Day::from_ymd(2021, 3, 2)?, Day::from_ymd(2025, 11, 30)?);
/// let admit = Admit::new("2026-01-01T00:00:00Z".parse()?, Position::Loyal)
///     .with_since("2022-06-01T00:00:00Z".parse()?)
///     .with_opening(Opening::new(7, 6, gross, Some(first), Some(last))?);
///
/// let mut customer = Customer::unknown(id);
/// let _ = customer.decide(&Command::Admit(admit), &context("2026-01-01T00:00:00Z"), &books)?;
/// assert_eq!(customer.stage(), Stage::Loyal);
/// assert_eq!(customer.purchases().known(None).orders, 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
///
/// ```
/// use guanxi::{Actor, CommandId, Context, Timestamp};
///
/// // A command id made from the message is the same each time the message is delivered.
/// let now: Timestamp = "2026-03-01T09:30:00Z".parse()?;
/// let context = Context::new(now, Actor::System, CommandId::derive("orders", "4711"));
/// assert_eq!(context.command_id, CommandId::derive("orders", "4711"));
/// assert_ne!(context.command_id, CommandId::derive("returns", "4711"));
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
