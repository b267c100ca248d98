//! Every stage can be reached through the door: the shortest path to it, replayed as commands.

use guanxi::lifecycle::{
    DisqualifyReason, EndReason, LifecycleCommand, LifecycleMachine, LossCause, Mode, Report,
    Request, Signal,
};
use guanxi::machine::shortest_path;
use guanxi::purchase::{Cancel, Order};
use guanxi::{Command, Currency, Policy, Stage, Timestamp, Trigger, Zone};

use super::run::{Run, books, usd};

/// A policy that judges reported deliveries and leaves everything else to people.
fn policy() -> Policy {
    let mut policy = Policy::new(Currency::USD);
    let lifecycle = &mut policy.lifecycle;
    (lifecycle.loyalty.mode, lifecycle.lapse.mode) = (Mode::Suggest, Mode::Suggest);
    lifecycle.delivery.implied_after_days = None;
    (lifecycle.loyalty.orders_min, lifecycle.loyalty.tenure_days_min) = (1, 0);
    policy
}

/// What brings a trigger about.
fn command(trigger: Trigger, at: Timestamp) -> Command {
    let request = |request| LifecycleCommand::Request { occurred_at: at, request }.into();
    match trigger {
        Trigger::Purchase => Order::new(at, usd(100)).into(),
        Trigger::Deliver => {
            LifecycleCommand::Report(Report::new(at, Signal::DeliveryAccepted)).into()
        }
        Trigger::Unwind => Cancel::new(at, Zone::UTC.day_of(at), usd(100)).into(),
        Trigger::Engage => request(Request::Engage),
        Trigger::Evaluate => request(Request::Evaluate),
        Trigger::Propose => request(Request::Propose),
        Trigger::Cool => request(Request::Cool),
        Trigger::Mature => request(Request::Mature),
        Trigger::Decline => request(Request::Decline),
        Trigger::Recover => request(Request::Recover),
        Trigger::Lapse => request(Request::Lapse),
        Trigger::Leave => request(Request::Leave { cause: LossCause::Service }),
        Trigger::WinBack => request(Request::WinBack),
        Trigger::Disqualify => {
            let reason = DisqualifyReason::NoBudget;
            request(Request::Disqualify { reason, barred: false })
        }
        Trigger::Requalify => request(Request::Requalify),
        Trigger::End => request(Request::End { reason: EndReason::Ceased }),
        other => panic!("{other:?} is new: say what brings it about"),
    }
}

/// Long enough for silence to be judged, and on a day of its own.
fn wait(at: Timestamp, trigger: Trigger) -> Timestamp {
    let days = if trigger == Trigger::Lapse { 400 } else { 1 };
    at.saturating_add_seconds(days * 86_400)
}

/// Follows triggers from a new customer on.
fn follow(path: &[(Trigger, Stage)]) -> Run {
    let mut run = Run::new(books(&policy()));
    let mut at: Timestamp = "2026-01-01T09:30:00Z".parse().unwrap();
    for (trigger, stage) in path {
        at = wait(at, *trigger);
        run.grant(at, command(*trigger, at));
        assert_eq!(run.customer.stage(), *stage, "{path:?}");
        let visit = run.visits().last().unwrap();
        assert_eq!((visit.trigger, visit.at), (Some(*trigger), at), "{path:?}");
    }
    run
}

#[test]
fn the_shortest_path_to_every_stage_can_be_walked() {
    for target in Stage::ALL {
        let path = shortest_path::<LifecycleMachine>(target).unwrap();
        let run = follow(&path);
        assert_eq!(run.customer.stage(), target);
        assert_eq!(run.visits().len(), if path.is_empty() { 0 } else { path.len() + 1 });
    }
}

#[test]
fn a_whole_life_can_be_walked() {
    follow(&[
        (Trigger::Engage, Stage::Aware),
        (Trigger::Propose, Stage::Deciding),
        (Trigger::Cool, Stage::Considering),
        (Trigger::Disqualify, Stage::Disqualified),
        (Trigger::Requalify, Stage::Prospect),
        (Trigger::Evaluate, Stage::Considering),
        (Trigger::Purchase, Stage::Onboarding),
        (Trigger::Deliver, Stage::Growing),
        (Trigger::Mature, Stage::Loyal),
        (Trigger::Decline, Stage::Declining),
        (Trigger::Recover, Stage::Loyal),
        (Trigger::Leave, Stage::Lost),
        (Trigger::WinBack, Stage::Growing),
        (Trigger::Lapse, Stage::Lost),
        (Trigger::Purchase, Stage::Growing),
        (Trigger::End, Stage::Ended),
    ]);
}
