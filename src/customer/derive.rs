//! What-if: the track that facts and requests would give under a policy.

use super::command::{Admit, Command, Context};
use super::error::DecideError;
use super::event::{Admitted, Entry, Event};
use super::state::Customer;
use crate::id::{Actor, CommandId, CustomerId};
use crate::lifecycle::{
    LifecycleCommand, LifecycleEvent, LifecycleRule, LossCause, Moved, Mover, Position, Report,
    Request, Track, Trigger,
};
use crate::observation::Observation;
use crate::purchase::{Cancel, Order, PurchaseCommand, PurchaseEvent, Return};
use crate::rulebook::Rulebooks;
use crate::time::Timestamp;

/// A track derived from facts and requests, as if each had been reported when it occurred.
///
/// ```
/// use guanxi::customer::derive_track;
/// use guanxi::lifecycle::{LifecycleCommand, Request};
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
/// let mature = LifecycleCommand::Request { occurred_at, request: Request::Mature };
/// let commands = [Command::from(mature), order("2026-01-10T12:00:00Z")];
///
/// // The order came first, and is not enough for what was asked.
/// let derived = derive_track(&commands, &books, occurred_at);
/// assert_eq!(derived.customer.stage(), Stage::Growing);
/// let refused: Vec<usize> = derived.refused.iter().map(|(index, _)| *index).collect();
/// assert_eq!(refused, [0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Derived {
    /// The customer that would have come of it.
    pub customer: Customer,
    /// Commands that would have been refused, by their place in the input, with the reason. A
    /// request that one policy permits may be out of order under another.
    pub refused: Vec<(usize, DecideError)>,
}

impl Derived {
    /// The track that would have come of it.
    #[must_use]
    pub const fn track(&self) -> &Track {
        self.customer.lifecycle().track()
    }
}

/// The track that dated commands give under `books` until `until`, each recorded when it occurred.
///
/// A pure function, for backtests and for what-if: try a policy on the past before it goes live.
/// Commands may come in any order; those without an instant of their own (profile, corrections, tiers)
/// are left out, as are those after `until`. Nobody is reviewed.
///
/// ```
/// use guanxi::customer::derive_track;
/// use guanxi::{Currency, Policy, Rulebook, Rulebooks, Stage, Timestamp};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
///
/// // What if silence were allowed for 240 days instead of 180?
/// let mut patient = Policy::new(Currency::USD);
/// patient.lifecycle.lapse.without_cadence_days = 240;
///
/// let until: Timestamp = "2026-08-01T00:00:00Z".parse()?;
/// let stage_under = |policy| {
///     let books = Rulebooks::from(Rulebook::new(policy, Timestamp::MIN)?);
///     let derived = derive_track(&[order("2026-01-10T12:00:00Z")], &books, until);
///     Ok::<Stage, guanxi::rulebook::RulebookError>(derived.customer.stage())
/// };
/// assert_eq!(stage_under(Policy::new(Currency::USD))?, Stage::Lost);
/// assert_eq!(stage_under(patient)?, Stage::Growing);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn derive_track(commands: &[Command], books: &Rulebooks, until: Timestamp) -> Derived {
    derive_customer(CustomerId::new(uuid::Uuid::nil()), commands, books, until)
}

/// As [`derive_track`], of a customer under its own id: answers in which equals are told apart by their
/// keys are then its own.
///
/// ```
/// use guanxi::customer::derive_customer;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let shop = guanxi::TenantId::derive("example-shop");
/// # let id = guanxi::CustomerId::derive(shop, "C-17");
///
/// let until = "2026-02-01T00:00:00Z".parse()?;
/// let derived = derive_customer(id, &[order("2026-01-10T12:00:00Z")], &books, until);
/// assert_eq!(derived.customer.id(), id);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn derive_customer(
    id: CustomerId,
    commands: &[Command],
    books: &Rulebooks,
    until: Timestamp,
) -> Derived {
    let mut dated: Vec<(Timestamp, u8, usize, Command)> = Vec::new();
    for (index, command) in commands.iter().enumerate() {
        let singles = match command {
            Command::Import(facts) => facts.iter().cloned().map(Command::from).collect(),
            Command::Admit(_)
            | Command::Purchase(_)
            | Command::Observe(_)
            | Command::Lifecycle(_)
            | Command::Profile(_)
            | Command::Tier(_)
            | Command::Review => vec![command.clone()],
        };
        dated.extend(singles.into_iter().filter_map(|command| {
            let (at, rank) = occurrence(&command)?;
            (at <= until).then_some((at, rank, index, command))
        }));
    }
    dated.sort_by_key(|(at, rank, index, _)| (*at, *rank, *index));

    let nobody = uuid::Uuid::nil();
    let mut customer = Customer::unknown(id);
    let context = |now| Context::new(now, Actor::System, CommandId::new(nobody));
    let mut refused = Vec::new();
    for (at, _, index, command) in dated {
        if let Err(error) = customer.decide(&command, &context(at), books) {
            refused.push((index, error));
        }
    }
    // Fails only for a customer that nothing made known.
    let _ = customer.make_moves_to(until, &context(until), books);
    Derived { customer, refused }
}

/// When a command occurred, and where it stands among those of the same instant: a takeover before
/// everything, purchases before what may take them back.
fn occurrence(command: &Command) -> Option<(Timestamp, u8)> {
    match command {
        Command::Admit(admit) => Some((admit.occurred_at, 0)),
        Command::Purchase(PurchaseCommand::Order(order)) => Some((order.occurred_at, 1)),
        Command::Purchase(reversal) => Some((reversal.occurred_at(), 3)),
        Command::Observe(observation) => Some((observation.occurred_at, 2)),
        Command::Lifecycle(LifecycleCommand::Report(report)) => Some((report.occurred_at, 2)),
        Command::Lifecycle(
            LifecycleCommand::Request { occurred_at, .. }
            | LifecycleCommand::Choose { occurred_at, .. },
        ) => Some((*occurred_at, 2)),
        Command::Lifecycle(LifecycleCommand::Correct { .. } | LifecycleCommand::Acknowledge(_))
        | Command::Import(_)
        | Command::Profile(_)
        | Command::Tier(_)
        | Command::Review => None,
    }
}

/// The dated commands that a journal tells of: its takeover, facts and requests, without the
/// decisions of the policy and without corrections. Feed them to [`derive_track`].
///
/// ```
/// use guanxi::Customer;
/// use guanxi::Outcome;
/// use guanxi::customer::{derive_track, reported};
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
/// let mut journal = Vec::new();
/// for at in ["2026-01-10T12:00:00Z", "2026-03-02T12:00:00Z"] {
///     if let Outcome::Changed(change) = customer.decide(&order(at), &context(at), &books)? {
///         journal.push(change.entry);
///     }
/// }
///
/// // Two orders; the moves between them follow from the policy again.
/// let commands = reported(&journal);
/// assert_eq!(commands.len(), 2);
/// let derived = derive_track(&commands, &books, "2026-03-02T12:00:00Z".parse()?);
/// assert_eq!(derived.track(), customer.lifecycle().track());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn reported<'a>(journal: impl IntoIterator<Item = &'a Entry>) -> Vec<Command> {
    let entries = journal.into_iter();
    entries
        .flat_map(|entry| entry.events.iter().map(move |event| (entry, event)))
        .filter_map(|(entry, event)| reported_event(entry, event))
        .collect()
}

fn reported_event(entry: &Entry, event: &Event) -> Option<Command> {
    match event {
        // One that a fact or a request implies is implied again. A takeover stands alone in its
        // entry.
        Event::Admitted(admitted) => {
            let implied = admitted.position == Position::Prospect
                && admitted.opening.is_none()
                && entry.events.len() > 1;
            let Admitted { at: occurred_at, position, since, opening, .. } = *admitted;
            let admit = Command::Admit(Admit { occurred_at, position, since, opening });
            (!implied).then_some(admit)
        }
        Event::Purchase(event) => Some(Command::Purchase(reported_purchase(event))),
        Event::Observed(event) => {
            let observation = Observation::new(event.occurred_at, event.observed);
            Some(Command::Observe(observation.with_day(event.day)))
        }
        Event::Lifecycle(LifecycleEvent::Signalled(fact)) => {
            let report = Report::new(fact.occurred_at, fact.signal).with_day(fact.day);
            Some(Command::Lifecycle(LifecycleCommand::Report(report)))
        }
        Event::Lifecycle(LifecycleEvent::Chose { occurred_at, choice }) => {
            let (occurred_at, choice) = (*occurred_at, *choice);
            Some(Command::Lifecycle(LifecycleCommand::Choose { occurred_at, choice }))
        }
        Event::Lifecycle(LifecycleEvent::Moved(moved)) => {
            let Mover::Request { occurred_at } = moved.mover else { return None };
            let request = requested(moved)?;
            Some(Command::Lifecycle(LifecycleCommand::Request { occurred_at, request }))
        }
        Event::Lifecycle(_)
        | Event::RulebookAdopted { .. }
        | Event::Profile(_)
        | Event::Tier(_)
        | Event::Reviewed(_) => None,
    }
}

fn reported_purchase(event: &PurchaseEvent) -> PurchaseCommand {
    match event {
        PurchaseEvent::Ordered(event) => Order::new(event.occurred_at, event.amount)
            .with_day(event.day)
            .with_base(event.base)
            .into(),
        PurchaseEvent::Returned(event) => {
            Return::new(event.occurred_at, event.purchase_day, event.amount)
                .with_day(event.day)
                .with_base(event.base)
                .into()
        }
        PurchaseEvent::Cancelled(event) => {
            Cancel::new(event.occurred_at, event.purchase_day, event.amount)
                .with_day(event.day)
                .with_base(event.base)
                .into()
        }
    }
}

/// The request that a recorded move answered.
fn requested(moved: &Moved) -> Option<Request> {
    Some(match (moved.trigger, moved.to) {
        (Trigger::Engage, _) => Request::Engage,
        (Trigger::Evaluate, _) => Request::Evaluate,
        (Trigger::Propose, _) => Request::Propose,
        (Trigger::Cool, _) => Request::Cool,
        (Trigger::Mature, _) => Request::Mature,
        (Trigger::Decline, _) => Request::Decline,
        (Trigger::Recover, _) => Request::Recover,
        (Trigger::Lapse, _) => Request::Lapse,
        (Trigger::WinBack, _) => Request::WinBack,
        (Trigger::Requalify, _) => Request::Requalify,
        (Trigger::Leave, Position::Lost { cause }) => Request::Leave { cause },
        // Before the first purchase the position keeps no cause; the reason does.
        (Trigger::Leave, _) => Request::Leave { cause: word(moved).unwrap_or(LossCause::Other) },
        (Trigger::Disqualify, Position::Disqualified { reason, barred }) => {
            Request::Disqualify { reason, barred }
        }
        (Trigger::End, Position::Ended { reason }) => Request::End { reason },
        (Trigger::Disqualify | Trigger::End, _)
        | (Trigger::Purchase | Trigger::Deliver | Trigger::Unwind, _) => return None,
    })
}

/// What the customer said when it left.
fn word(moved: &Moved) -> Option<LossCause> {
    moved.reasons.iter().find_map(|reason| {
        if let LifecycleRule::Left(cause) = reason.rule { Some(cause) } else { None }
    })
}
