//! An independent account of the lifecycle: day by day, with lists that are searched from end to end,
//! written from the design page. Whatever the library does cleverly, the tracks must be the same.

mod conditions;

use guanxi::customer::Admit;
use guanxi::lifecycle::{
    LifecycleCommand, LifecyclePolicy, Mode, Position, Report, Request, Signal, Since, edge,
};
use guanxi::machine::Edge;
use guanxi::purchase::PurchaseCommand;
use guanxi::{Command, Day, Outcome, Policy, Stage, Timestamp, Trigger, Zone};
use proptest::prelude::*;

use super::generate::{cases, policies, prompt_histories};
use super::run::{Act, Run, Task, books, tasks};

type Step = (Stage, Timestamp, Option<Trigger>);

/// The decline that the customer is in.
#[derive(Clone, Copy)]
struct Fall {
    from: Stage,
    by_purchases: bool,
    by_delivery: bool,
    /// The sum of the frozen baseline.
    baseline: Option<i64>,
}

struct Simulation<'a> {
    rules: &'a LifecyclePolicy,
    zone: Zone,
    /// Purchase day and amount; an order that was called off is taken out.
    orders: Vec<(Day, i64)>,
    gross: Vec<(Day, i64)>,
    called_off: Vec<(Day, i64)>,
    returned: Vec<(Day, i64)>,
    /// Orders, purchase days, first day, last day.
    opening: Option<(i64, i64, Day, Day)>,
    delivery: Option<(Timestamp, bool, Day)>,
    score: Option<(Timestamp, std::cmp::Reverse<u8>, Day)>,
    contract: Option<(Timestamp, Day)>,
    track: Vec<Step>,
    /// The business day on which the present stage was entered, if that is known.
    entered: Option<Day>,
    reached: Timestamp,
    episode: Option<Day>,
    fall: Option<Fall>,
    barred: bool,
    /// A person has just done what the policy might undo; it waits for the next fact.
    held: bool,
}

impl<'a> Simulation<'a> {
    fn new(policy: &'a Policy) -> Self {
        Self {
            rules: &policy.lifecycle,
            zone: policy.zone,
            orders: Vec::new(),
            gross: Vec::new(),
            called_off: Vec::new(),
            returned: Vec::new(),
            opening: None,
            delivery: None,
            score: None,
            contract: None,
            track: Vec::new(),
            entered: None,
            reached: Timestamp::MIN,
            episode: None,
            fall: None,
            barred: false,
            held: false,
        }
    }

    fn stage(&self) -> Stage {
        self.track.last().map_or(Stage::Prospect, |step| step.0)
    }

    // --- moves ---

    /// From when on a stage can be entered: not before the last move, not twice at one instant.
    fn free(&self, to: Stage, at: Timestamp) -> Timestamp {
        let at = self.track.last().map_or(at, |last| at.max(last.1));
        let twice = self.track.iter().any(|step| step.0 == to && step.1 == at);
        if twice { at.next() } else { at }
    }

    fn go(&mut self, to: Stage, trigger: Trigger, at: Timestamp) {
        let at = self.free(to, at);
        if to != Stage::Declining {
            self.fall = None;
        }
        self.entered = Some(self.zone.day_of(at));
        self.track.push((to, at, Some(trigger)));
    }

    fn decline(&mut self, at: Timestamp, asked: bool) {
        let day = self.zone.day_of(at);
        // What the policy does not judge is no cause of its move; a person may have any in mind.
        let judged = |mode: Mode| asked || mode == Mode::Apply;
        let rules = &self.rules.decline;
        let by_purchases = judged(rules.mode) && self.fell(day);
        let rejected = judged(rules.rejected_delivery) && self.delivery() == Some(false);
        let by_delivery = !by_purchases && rejected;
        let fall =
            Fall { from: self.stage(), by_purchases, by_delivery, baseline: self.baseline(day) };
        self.go(Stage::Declining, Trigger::Decline, at);
        self.fall = Some(fall);
    }

    fn target(&self, trigger: Trigger) -> Stage {
        match trigger {
            Trigger::Lapse => Stage::Lost,
            Trigger::Decline => Stage::Declining,
            Trigger::Recover => self.fall.map_or(Stage::Growing, |fall| fall.from),
            Trigger::Deliver => Stage::Growing,
            Trigger::Mature => Stage::Loyal,
            other => unreachable!("{other} is not judged"),
        }
    }

    /// Makes a move that the policy finds due at `at`, unless it takes effect after `until` only.
    fn make(&mut self, trigger: Trigger, at: Timestamp, until: Timestamp) -> bool {
        let to = self.target(trigger);
        if self.free(to, at) > until {
            return false;
        }
        match trigger {
            Trigger::Decline => self.decline(at, false),
            _ => self.go(to, trigger, at),
        }
        true
    }

    /// Everything that is due from where the customer was taken until `until`, day by day.
    fn pass_time(&mut self, until: Timestamp) {
        let Some(last) = self.track.last() else { return };
        let mut at = self.reached.max(last.1);
        while at <= until {
            match self.due(self.zone.day_of(at), false) {
                Some(trigger) => {
                    if !self.make(trigger, at, until) {
                        return;
                    }
                    at = self.track.last().map_or(at, |last| last.1);
                }
                None => at = self.zone.start_of(self.zone.day_of(at).next()),
            }
        }
    }

    /// What is due at the instant of a fact, now that the fact is known.
    fn settle(&mut self, at: Timestamp) {
        let mut with_fact = true;
        while self.track.last().is_none_or(|last| last.1 <= at) {
            let Some(trigger) = self.due(self.zone.day_of(at), with_fact) else { break };
            if !self.make(trigger, at, at) {
                break;
            }
            with_fact = false;
        }
        self.reached = self.reached.max(at);
    }

    fn meet(&mut self, at: Timestamp) {
        if self.track.is_empty() {
            self.track.push((Stage::Prospect, at, None));
        }
        self.pass_time(at.previous());
    }

    // --- what is reported and asked for ---

    fn admit(&mut self, admit: &Admit) {
        if !self.track.is_empty() {
            return;
        }
        self.track.push((admit.position.stage(), admit.occurred_at, None));
        self.entered = match admit.since {
            Since::Known(since) => Some(self.zone.day_of(since)),
            Since::Unknown => None,
        };
        self.opening = admit.opening.map(|opening| {
            let (first, last) = opening.first_day.zip(opening.last_day).unwrap();
            (opening.orders.into(), opening.purchase_days.into(), first, last)
        });
        self.barred = matches!(admit.position, Position::Disqualified { barred: true, .. });
        // The one decline that a generated takeover begins in.
        self.fall = admit.position.declining().map(|_| Fall {
            from: Stage::Loyal,
            by_purchases: false,
            by_delivery: true,
            baseline: None,
        });
        self.settle(admit.occurred_at);
    }

    fn purchase(&mut self, command: &PurchaseCommand) {
        let at = command.occurred_at();
        self.meet(at);
        self.held = false;
        match command {
            PurchaseCommand::Order(order) => {
                let day = order.day.unwrap();
                self.orders.push((day, order.amount.minor()));
                self.gross.push((day, order.amount.minor()));
                self.bought_again(at);
            }
            PurchaseCommand::Return(back) => {
                self.returned.push((back.day.unwrap(), back.amount.minor()));
            }
            PurchaseCommand::Cancel(cancel) => {
                let day = cancel.purchase_day;
                let place = self.orders.iter().position(|order| order.0 == day).unwrap();
                self.orders.remove(place);
                self.called_off.push((day, cancel.amount.minor()));
                let nothing = self.orders.is_empty() && self.opening.is_none();
                if nothing && self.can(Trigger::Unwind) {
                    self.go(Stage::Considering, Trigger::Unwind, at);
                }
            }
            other => unreachable!("{other:?}"),
        }
        self.settle(at);
    }

    fn bought_again(&mut self, at: Timestamp) {
        let barred = self.stage() == Stage::Disqualified && self.barred;
        if !self.can(Trigger::Purchase) || barred {
            return;
        }
        let back = self.stage() == Stage::Lost;
        self.go(if back { Stage::Growing } else { Stage::Onboarding }, Trigger::Purchase, at);
        if back {
            let opened = self.opening.map(|opening| opening.3);
            self.episode = self.orders.iter().map(|order| order.0).chain(opened).max();
        }
    }

    fn report(&mut self, report: &Report) {
        let (at, day) = (report.occurred_at, report.day.unwrap());
        self.meet(at);
        self.held = false;
        match report.signal {
            Signal::DeliveryAccepted => self.delivery = self.delivery.max(Some((at, true, day))),
            Signal::DeliveryRejected => self.delivery = self.delivery.max(Some((at, false, day))),
            Signal::Satisfaction(score) => {
                self.score = self.score.max(Some((at, std::cmp::Reverse(score.get()), day)));
            }
            Signal::Contract { ends } => self.contract = self.contract.max(Some((at, ends))),
            _ => {}
        }
        self.settle(at);
    }

    /// A figure of the host's: time passes until then, and nothing else happens.
    fn observe(&mut self, at: Timestamp) {
        self.meet(at);
        self.reached = self.reached.max(at);
    }

    fn ask(&mut self, at: Timestamp, request: Request) {
        let known = !self.track.is_empty();
        let (day, trigger) = (self.zone.day_of(at), request.trigger());
        self.pass_time(at.previous());
        let met = match trigger {
            Trigger::Mature => self.loyal(day),
            Trigger::Lapse => self.lapsed(day),
            _ => true,
        };
        let Edge::To { next, .. } = edge(self.stage(), trigger) else { return };
        if !met {
            return;
        }
        if !known {
            self.track.push((Stage::Prospect, at, None));
        }
        match trigger {
            Trigger::Decline => self.decline(at, true),
            Trigger::Recover => self.go(self.target(trigger), trigger, at),
            _ => self.go(next.targets().next().unwrap(), trigger, at),
        }
        if let Request::Disqualify { barred, .. } = request {
            self.barred = barred;
        } else if trigger == Trigger::Leave {
            self.barred = false;
        }
        if trigger == Trigger::WinBack {
            self.episode = Some(day);
        }
        self.held = matches!(trigger, Trigger::Recover | Trigger::WinBack | Trigger::Mature);
        self.settle(at);
    }

    fn hear(&mut self, task: &Task) {
        match &task.act {
            Act::Ask(Command::Admit(admit)) => self.admit(admit),
            Act::Ask(Command::Purchase(command)) => self.purchase(command),
            Act::Ask(Command::Observe(observation)) => self.observe(observation.occurred_at),
            Act::Ask(Command::Lifecycle(LifecycleCommand::Report(report))) => self.report(report),
            Act::Ask(Command::Lifecycle(LifecycleCommand::Request { occurred_at, request })) => {
                self.ask(*occurred_at, *request);
            }
            Act::Ask(Command::Lifecycle(LifecycleCommand::Choose { occurred_at, .. })) => {
                self.meet(*occurred_at);
                self.settle(*occurred_at);
            }
            other => unreachable!("{other:?} is in no prompt history"),
        }
    }
}

fn steps(run: &Run) -> Vec<Step> {
    run.visits().iter().map(|visit| (visit.stage(), visit.at, visit.trigger)).collect()
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn the_track_is_the_simulated_one(
        policy in policies(),
        history in prompt_histories(),
        days in 0_i64..100,
    ) {
        let mut run = Run::new(books(&policy));
        let mut simulation = Simulation::new(&policy);
        let tasks = tasks(&history, policy.zone);
        for task in &tasks {
            // After a second entry at one instant, others of that instant come late by a tick.
            let advanced_to = run.customer.advanced_to();
            prop_assume!(task.occurred_at() >= advanced_to);
            let recorded = matches!(run.carry_out(task), Ok(Outcome::Changed(_)));
            // The simulation answers requests itself; the ledger has laws of its own.
            let asks = matches!(
                task.act,
                Act::Ask(Command::Lifecycle(LifecycleCommand::Request { .. }))
            );
            if recorded || asks {
                simulation.hear(task);
            }
            if recorded {
                prop_assert_eq!(&steps(&run), &simulation.track, "{:?}", task);
            }
        }
        if !run.customer.is_admitted() {
            return Ok(());
        }
        let end = tasks.last().unwrap().now.saturating_add_seconds(days * 86_400);
        let _ = run.run_due(end).unwrap();
        simulation.pass_time(end);
        prop_assert_eq!(steps(&run), simulation.track);
        prop_assert_eq!(run.customer.lifecycle().episode().since, simulation.episode);
    }
}
