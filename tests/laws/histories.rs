//! What holds on every run, whatever is asked of a customer and in whatever order.

use std::collections::BTreeSet;

use guanxi::lifecycle::{LifecycleEvent, LifecycleRule, Mover, Position, Since, Visit, edge};
use guanxi::machine::Edge;
use guanxi::{Customer, Entry, Event, Outcome, Stage, Timestamp};
use proptest::prelude::*;

use super::generate::{cases, histories, policies};
use super::run::{Act, Run, Task, books, customer_id, tasks, unchosen};

/// A customer without its profile, as a journal tells of it.
fn told(customer: &Customer) -> Customer {
    let parts = customer.to_parts();
    let parts: Vec<_> =
        parts.into_iter().filter(|part| part.name.to_string() != "profile").collect();
    if parts.is_empty() {
        return Customer::unknown(customer.id());
    }
    Customer::from_parts(customer.id(), customer.revision(), &parts).unwrap()
}

/// A task carried out, with the customer as it was before.
struct Done<'a> {
    task: &'a Task,
    before: Customer,
    entry: Entry,
    run: &'a Run,
}

fn for_every_change(run: &mut Run, tasks: &[Task], check: impl Fn(&Done<'_>)) {
    for task in tasks {
        let before = run.customer.clone();
        match run.carry_out(task) {
            Ok(Outcome::Changed(change)) => {
                check(&Done { task, before, entry: change.entry, run });
            }
            Ok(Outcome::Unchanged) | Err(_) => assert_eq!(run.customer, before, "left a trace"),
        }
    }
}

fn revision_is_one_more(done: &Done<'_>) {
    assert_eq!(done.entry.revision, done.before.revision() + 1);
    assert_eq!(done.run.customer.revision(), done.entry.revision);
    assert!(!done.entry.events.is_empty());
}

fn journal_gives_the_customer(done: &Done<'_>) {
    let folded = Customer::fold(customer_id(), &done.run.journal);
    assert_eq!(folded, told(&done.run.customer));
    let json = serde_json::to_string(&done.entry).unwrap();
    assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), done.entry);
}

fn parts_give_the_customer(done: &Done<'_>) {
    let customer = &done.run.customer;
    let mut parts = customer.to_parts();
    let read = Customer::from_parts(customer.id(), customer.revision(), &parts).unwrap();
    assert_eq!(&read, customer);
    // A store that only ever applied what changed holds the same.
    parts.sort_by_key(|part| part.name);
    assert_eq!(done.run.parts.values().cloned().collect::<Vec<_>>(), parts);
}

fn instants_are_in_order(done: &Done<'_>) {
    let Done { task, before, entry, run } = done;
    assert!(entry.recorded_at >= task.now);
    assert!(Some(entry.recorded_at) >= before.recorded_at());
    assert_eq!(run.customer.recorded_at(), Some(entry.recorded_at));
    assert!(run.customer.advanced_to() >= before.advanced_to());
    for event in &entry.events {
        assert!(event.occurred_at().is_none_or(|at| at <= entry.recorded_at));
    }
}

fn past_is_not_edited(done: &Done<'_>) {
    let (old, new) = (done.before.lifecycle().track().visits(), done.run.visits());
    // A takeover replaces what only a profile had begun.
    if done.before.advanced_to() == Some(Timestamp::MIN) {
        return;
    }
    assert!(new.len() >= old.len());
    let count = old.len();
    for (index, (old, new)) in old.iter().zip(new).enumerate() {
        let fixed = if index + 1 == count { unchosen } else { Visit::clone };
        assert_eq!(fixed(old), fixed(new), "visit {index}");
    }
    for visit in &new[count..] {
        assert_eq!(visit.recorded_at, done.entry.recorded_at);
    }
}

fn decisions_are_in_order(done: &Done<'_>) {
    let visits = done.run.visits();
    assert!(visits.is_sorted_by_key(|visit| visit.at));
    assert!(visits.is_sorted_by_key(|visit| visit.recorded_at));
    let entered: BTreeSet<_> = visits.iter().map(|visit| (visit.at, visit.stage())).collect();
    assert_eq!(entered.len(), visits.len(), "a stage was entered twice at one instant");
    for visit in visits.iter().skip(1) {
        assert_eq!(visit.since, Since::Known(visit.at));
    }
}

fn moves_are_edges_of_the_table(done: &Done<'_>) {
    let mut stage = done.before.stage();
    let mut episode = done.before.lifecycle().episode().number;
    for event in &done.entry.events {
        let moved = match event {
            Event::Lifecycle(LifecycleEvent::Moved(moved)) => moved,
            Event::Lifecycle(LifecycleEvent::Corrected(corrected)) => {
                stage = corrected.to.stage();
                continue;
            }
            Event::Admitted(admitted) => {
                stage = admitted.position.stage();
                continue;
            }
            _ => continue,
        };
        let Edge::To { next, .. } = edge(stage, moved.trigger) else {
            panic!("{} does not move {stage}", moved.trigger)
        };
        assert!(next.targets().any(|to| to == moved.to.stage()), "{stage} {moved:?}");
        if let Position::Declining(declining) = moved.to {
            assert_eq!(declining.from.position().stage(), stage);
        }
        assert!(!moved.reasons.is_empty(), "{stage} {moved:?} has no reason");
        let begins = stage == Stage::Lost && moved.to.stage() == Stage::Growing;
        assert_eq!(moved.episode_since.is_some(), begins, "{stage} {moved:?}");
        episode += u32::from(begins);
        stage = moved.to.stage();
    }
    assert_eq!(done.run.customer.stage(), stage);
    assert_eq!(done.run.customer.lifecycle().episode().number, episode);
}

/// A late fact's consequences take effect when it is recorded, and name it; those of a fact on time
/// take effect at its own instant.
fn late_facts_say_so(done: &Done<'_>) {
    let Some(occurred_at) = done.task.occurred_at() else { return };
    let late = done.before.advanced_to().is_some_and(|advanced_to| occurred_at < advanced_to);
    let mut met = false;
    for event in &done.entry.events {
        // A request has no fact before the move it brings about.
        met |= event.occurred_at().is_some() || matches!(event, Event::Admitted(_));
        let Event::Lifecycle(LifecycleEvent::Moved(moved)) = event else { continue };
        met |= matches!(moved.mover, Mover::Request { .. });
        let named = moved.reasons.iter().any(|reason| reason.rule == LifecycleRule::LateFact);
        assert_eq!(named, met && late, "{moved:?}");
        if met {
            let earliest = if late { done.entry.recorded_at } else { occurred_at };
            assert!(moved.at >= earliest, "{moved:?}");
            assert!(moved.at <= earliest.next().next().next(), "{moved:?}");
        } else {
            assert!(moved.at <= if late { done.entry.recorded_at } else { occurred_at.previous() });
            assert_eq!(moved.mover, Mover::Policy);
        }
    }
}

/// A fact is refused for what it says, never for the stage: so on a fresh ledger an order never is.
fn orders_are_never_refused(run: &mut Run, tasks: &[Task]) {
    use guanxi::Command;
    use guanxi::purchase::PurchaseCommand;

    for task in tasks {
        let outcome = run.carry_out(task);
        if matches!(
            task.act,
            Act::Ask(Command::Purchase(PurchaseCommand::Order(_)) | Command::Observe(_))
                | Act::Ask(Command::Lifecycle(guanxi::lifecycle::LifecycleCommand::Report(_)))
        ) {
            assert!(matches!(outcome, Ok(Outcome::Changed(_))), "{task:?}: {outcome:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn every_change_keeps_the_laws(policy in policies(), steps in histories()) {
        let tasks = tasks(&steps, policy.zone);
        let mut run = Run::new(books(&policy));
        for_every_change(&mut run, &tasks, |done| {
            revision_is_one_more(done);
            journal_gives_the_customer(done);
            parts_give_the_customer(done);
            instants_are_in_order(done);
            past_is_not_edited(done);
            decisions_are_in_order(done);
            moves_are_edges_of_the_table(done);
            late_facts_say_so(done);
        });
    }

    #[test]
    fn facts_are_never_refused_for_the_stage(policy in policies(), steps in histories()) {
        let tasks = tasks(&steps, policy.zone);
        orders_are_never_refused(&mut Run::new(books(&policy)), &tasks);
    }

    /// What was known at an instant is what the live customer was then.
    #[test]
    fn as_of_is_what_was_live(policy in policies(), steps in histories()) {
        let mut run = Run::new(books(&policy));
        let mut live = Vec::new();
        for task in tasks(&steps, policy.zone) {
            let _ = run.carry_out(&task);
            if let Some(recorded_at) = run.customer.recorded_at() {
                live.push((recorded_at, told(&run.customer)));
            }
        }
        for (index, (known_at, customer)) in live.iter().enumerate() {
            // Of several entries recorded at one instant the last is what was known then.
            if live.get(index + 1).is_some_and(|(next, _)| next == known_at) {
                continue;
            }
            let known = Customer::as_of(customer_id(), &run.journal, *known_at);
            prop_assert_eq!(&known, customer);
            let before = Customer::as_of(customer_id(), &run.journal, known_at.previous());
            prop_assert!(before.revision() < customer.revision());
            // Decisions that were recorded later are not seen, whatever instant is asked for.
            let view = known.at(Timestamp::MAX, policy.zone);
            prop_assert_eq!(view.stage(), customer.is_admitted().then(|| customer.stage()));
        }
    }
}
