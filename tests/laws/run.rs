//! Histories carried out: steps become dated tasks, tasks are given to a customer.

use std::collections::BTreeMap;

use guanxi::customer::{Admit, Fact, Part, PartName};
use guanxi::lifecycle::{LifecycleCommand, Moved, Report, Score, Signal, Visit};
use guanxi::observation::Observation;
use guanxi::profile::{ContactKind, ContactPoint, ProfileCommand};
use guanxi::purchase::{Cancel, Opening, Order, PurchaseCommand, Return};
use guanxi::tier::{OverrideReason, TierCommand};
use guanxi::{
    Actor, Command, CommandId, Context, Currency, Customer, CustomerId, DecideError, Entry, Event,
    Money, Outcome, Policy, Rulebook, Rulebooks, TenantId, Timestamp, Zone,
};

use super::generate::{Action, Step, Tick};

/// A command, or a run of the scheduler, at an instant of the host's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Task {
    pub(super) now: Timestamp,
    pub(super) act: Act,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    Ask(Command),
    RunDue,
}

impl Task {
    /// When what it reports or asks for happened; `None` for what has no instant of its own.
    pub(super) fn occurred_at(&self) -> Option<Timestamp> {
        match &self.act {
            Act::Ask(Command::Purchase(command)) => Some(command.occurred_at()),
            Act::Ask(Command::Observe(observation)) => Some(observation.occurred_at),
            Act::Ask(Command::Lifecycle(LifecycleCommand::Report(report))) => {
                Some(report.occurred_at)
            }
            Act::Ask(Command::Lifecycle(
                LifecycleCommand::Request { occurred_at, .. }
                | LifecycleCommand::Choose { occurred_at, .. },
            )) => Some(*occurred_at),
            Act::Ask(Command::Admit(admit)) => Some(admit.occurred_at),
            Act::Ask(_) | Act::RunDue => None,
        }
    }

    /// The fact it reports, as an import takes it.
    pub(super) fn fact(&self) -> Option<Fact> {
        match &self.act {
            Act::Ask(Command::Purchase(command)) => Some(Fact::Purchase(*command)),
            Act::Ask(Command::Observe(observation)) => Some(Fact::Observation(*observation)),
            Act::Ask(Command::Lifecycle(LifecycleCommand::Report(report))) => {
                Some(Fact::Signal(*report))
            }
            Act::Ask(_) | Act::RunDue => None,
        }
    }

    /// Where it stands among tasks of one instant, as imports and derived tracks order them.
    pub(super) fn rank(&self) -> u8 {
        match &self.act {
            Act::Ask(Command::Purchase(PurchaseCommand::Order(_))) => 0,
            Act::Ask(Command::Purchase(_)) => 2,
            Act::Ask(_) | Act::RunDue => 1,
        }
    }
}

pub(super) fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

pub(super) fn books(policy: &Policy) -> Rulebooks {
    Rulebook::new(policy.clone(), Timestamp::MIN).unwrap().into()
}

pub(super) fn customer_id() -> CustomerId {
    CustomerId::derive(TenantId::derive("laws"), "C-1")
}

/// The contact points of the generated profiles.
pub(super) fn contact(nth: u8) -> ContactPoint {
    ContactPoint::new(ContactKind::Email, format!("marker-{nth}@example.com")).unwrap()
}

/// The steps as tasks, in the order they are reported. The first day is 2024-01-01.
pub(super) fn tasks(steps: &[Step], zone: Zone) -> Vec<Task> {
    let mut day = "2024-01-01".parse::<guanxi::Day>().unwrap();
    let mut now = Timestamp::MIN;
    let mut bought = Vec::new();
    let mut tasks = Vec::new();
    for step in steps {
        day = day.saturating_add_days(step.gap_days);
        now = now.max(step.tick.of(day, zone));
        let occurred_at = match step.lag_days {
            0 => now,
            lag => Tick::of(step.tick, day.saturating_add_days(-lag), zone).min(now),
        };
        let act = act(step, occurred_at, zone, &mut bought);
        tasks.push(Task { now, act });
    }
    tasks
}

fn act(step: &Step, at: Timestamp, zone: Zone, bought: &mut Vec<(guanxi::Day, i64)>) -> Act {
    let day = zone.day_of(at).saturating_add_days(step.shift_days);
    // A purchase that is taken back happened before, as far as there is one.
    let nth = |nth: usize| match bought.len() {
        0 => day,
        count => bought[count - 1 - nth % count].0,
    };
    let report =
        |signal| Command::from(LifecycleCommand::Report(Report::new(at, signal).with_day(day)));
    Act::Ask(match step.action {
        Action::Admit { position, since_days, opening } => {
            let mut admit = Admit::new(at, position);
            if let Some(days) = since_days {
                admit = admit.with_since(at.saturating_add_seconds(-days * 86_400));
            }
            if opening {
                let [first, last] = [-20, -3].map(|days| day.saturating_add_days(days));
                admit = admit
                    .with_opening(Opening::new(3, 2, usd(300), Some(first), Some(last)).unwrap());
            }
            Command::Admit(admit)
        }
        Action::Order { minor } => {
            bought.push((day, minor));
            Order::new(at, usd(minor)).with_day(day).into()
        }
        Action::Return { nth: place, minor } => {
            Return::new(at, nth(place), usd(minor)).with_day(day.max(nth(place))).into()
        }
        Action::Cancel { nth: place, minor } => {
            Cancel::new(at, nth(place), usd(minor)).with_day(day).into()
        }
        Action::Accept => report(Signal::DeliveryAccepted),
        Action::Reject => report(Signal::DeliveryRejected),
        Action::Score(score) => report(Signal::Satisfaction(Score::new(score).unwrap())),
        Action::OpenReview => report(Signal::ReviewOpened),
        Action::CloseReview => report(Signal::ReviewClosed),
        Action::Contract { days } => {
            report(Signal::Contract { ends: day.saturating_add_days(days) })
        }
        Action::Observe(observed) => Observation::new(at, observed).with_day(day).into(),
        Action::Ask(request) => LifecycleCommand::Request { occurred_at: at, request }.into(),
        Action::Choose(choice) => LifecycleCommand::Choose { occurred_at: at, choice }.into(),
        Action::Correct(to) => {
            LifecycleCommand::Correct { to, reason: guanxi::lifecycle::CorrectionReason::WrongData }
                .into()
        }
        Action::Acknowledge(flag) => LifecycleCommand::Acknowledge(flag).into(),
        Action::Know { nth } => ProfileCommand::AddContact(contact(nth)).into(),
        Action::Forget => ProfileCommand::Erase.into(),
        // At a midnight, where much else falls due.
        Action::Override { tier, days } => {
            let until = zone.start_of(zone.day_of(at).saturating_add_days(days));
            TierCommand::Override { tier, until, reason: OverrideReason::Strategic }.into()
        }
        Action::LiftOverride => TierCommand::LiftOverride.into(),
        Action::Review => Command::Review,
        Action::RunDue => return Act::RunDue,
    })
}

/// A customer with its journal, and its parts as a store would hold them.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) books: Rulebooks,
    pub(super) customer: Customer,
    pub(super) journal: Vec<Entry>,
    pub(super) parts: BTreeMap<PartName, Part>,
    asked: u32,
}

impl Run {
    pub(super) fn new(books: Rulebooks) -> Self {
        let customer = Customer::unknown(customer_id());
        Self { books, customer, journal: Vec::new(), parts: BTreeMap::new(), asked: 0 }
    }

    /// Everything at once; refusals are part of the history.
    pub(super) fn of(books: &Rulebooks, tasks: &[Task]) -> Self {
        let mut run = Self::new(books.clone());
        for task in tasks {
            let _ = run.carry_out(task);
        }
        run
    }

    pub(super) fn carry_out(&mut self, task: &Task) -> Result<Outcome, DecideError> {
        match &task.act {
            Act::Ask(command) => self.ask(task.now, command),
            Act::RunDue => self.run_due(task.now),
        }
    }

    pub(super) fn ask(
        &mut self,
        now: Timestamp,
        command: &Command,
    ) -> Result<Outcome, DecideError> {
        let context = self.context(now);
        let outcome = self.customer.decide(command, &context, &self.books);
        self.keep(outcome)
    }

    /// Asks for what is surely granted.
    pub(super) fn grant(&mut self, now: Timestamp, command: impl Into<Command>) -> Entry {
        match self.ask(now, &command.into()) {
            Ok(Outcome::Changed(change)) => change.entry,
            other => panic!("not recorded: {other:?}"),
        }
    }

    pub(super) fn run_due(&mut self, until: Timestamp) -> Result<Outcome, DecideError> {
        let context = self.context(until);
        let outcome = self.customer.advance_to(until, &context, &self.books);
        self.keep(outcome)
    }

    fn context(&mut self, now: Timestamp) -> Context {
        self.asked += 1;
        Context::new(now, Actor::System, CommandId::derive("laws", &self.asked.to_string()))
    }

    fn keep(&mut self, outcome: Result<Outcome, DecideError>) -> Result<Outcome, DecideError> {
        if let Ok(Outcome::Changed(change)) = &outcome {
            self.journal.push(change.entry.clone());
            let (put, removed) = self.customer.touched_parts(change);
            self.parts.extend(put.into_iter().map(|part| (part.name, part)));
            for name in removed {
                self.parts.remove(&name);
            }
        }
        outcome
    }

    pub(super) fn visits(&self) -> &[Visit] {
        self.customer.lifecycle().track().visits()
    }

    /// The track without what depends on when it was written down.
    pub(super) fn track(&self) -> Vec<Visit> {
        self.visits().iter().map(timeless).collect()
    }
}

/// A visit without what depends on when it was written down.
pub(super) fn timeless(visit: &Visit) -> Visit {
    let mut visit = visit.clone();
    visit.recorded_at = Timestamp::MIN;
    visit
}

/// A visit without the choice about a decline: the one thing that may be added to it later.
pub(super) fn unchosen(visit: &Visit) -> Visit {
    let mut visit = visit.clone();
    if let guanxi::lifecycle::Position::Declining(declining) = &mut visit.position {
        declining.choice = None;
    }
    visit
}

/// The moves of an entry, in order.
pub(super) fn moves(entry: &Entry) -> impl Iterator<Item = &Moved> {
    entry.events.iter().filter_map(|event| match event {
        Event::Lifecycle(guanxi::lifecycle::LifecycleEvent::Moved(moved)) => Some(moved),
        _ => None,
    })
}
