//! Order and grouping of reports: the ledger is free of them, imports and derived tracks sort them
//! away.

use guanxi::customer::{Fact, derive_track, reported};
use guanxi::lifecycle::{LifecycleRule, Position};
use guanxi::purchase::PurchaseCommand;
use guanxi::{Command, Customer, Outcome, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;

use super::generate::{Action, Step, cases, policies, prompt_histories, step};
use super::run::{Run, Task, books, customer_id, tasks, timeless};

/// Tasks in the order that imports and derived tracks give to what happened at one instant.
fn in_order(mut tasks: Vec<Task>) -> Vec<Task> {
    tasks.sort_by_key(|task| (task.now, task.rank()));
    tasks
}

/// The same in another order. What happened at one instant keeps its order, as imports keep it.
fn shuffled<T: Clone>(dated: &[(Timestamp, T)], keys: &[u32]) -> Vec<(Timestamp, T)> {
    let mut shuffled = dated.to_vec();
    shuffled.sort_by_key(|(at, _)| {
        let first = dated.iter().position(|(other, _)| other == at);
        first.and_then(|first| keys.get(first).copied())
    });
    shuffled
}

/// Facts only, every one of which is granted when reported in order.
fn granted_facts(run: &mut Run, tasks: &[Task]) -> Vec<(Timestamp, Fact)> {
    let mut granted = Vec::new();
    for task in tasks {
        let Some(fact) = task.fact() else { continue };
        if let Ok(Outcome::Changed(_)) = run.carry_out(task) {
            granted.push((task.now, fact));
        }
    }
    granted
}

fn command(fact: &Fact) -> Command {
    match fact {
        Fact::Purchase(command) => (*command).into(),
        Fact::Observation(observation) => (*observation).into(),
        Fact::Signal(report) => guanxi::lifecycle::LifecycleCommand::Report(*report).into(),
        other => unreachable!("{other:?}"),
    }
}

/// Takes facts in the order of `keys`; what is taken back before it is known waits until it is.
fn reported_in(run: &mut Run, facts: &[(Timestamp, Fact)], keys: &[u32]) {
    let now = facts.iter().map(|(now, _)| *now).max().unwrap_or(Timestamp::MIN);
    let mut order: Vec<usize> = (0..facts.len()).collect();
    order.sort_by_key(|index| keys[*index]);
    let reversal = |fact: &Fact| {
        matches!(fact, Fact::Purchase(PurchaseCommand::Return(_) | PurchaseCommand::Cancel(_)))
    };
    let (waiting, order): (Vec<_>, Vec<_>) =
        order.into_iter().partition(|index| reversal(&facts[*index].1));
    for index in order.into_iter().chain(sorted(waiting)) {
        run.grant(now, command(&facts[index].1));
    }
}

/// Reversals depend on each other (the last order of a day leaves no money), so they keep their order.
fn sorted(mut indices: Vec<usize>) -> Vec<usize> {
    indices.sort_unstable();
    indices
}

fn late(run: &Run) -> bool {
    let mut reasons = run.visits().iter().flat_map(|visit| &visit.reasons);
    reasons.any(|reason| reason.rule == LifecycleRule::LateFact)
}

/// Whether every task met the customer on time.
fn all_on_time(run: &mut Run, tasks: &[Task]) -> bool {
    tasks.iter().all(|task| {
        let advanced_to = run.customer.advanced_to();
        let on_time = task.occurred_at().is_none_or(|at| Some(at) >= advanced_to);
        let _ = run.carry_out(task);
        on_time
    })
}

fn only_facts() -> impl Strategy<Value = Vec<Step>> {
    vec(step(super::generate::facts(), Just(0_i64)), 1..30)
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn the_ledger_is_free_of_order(
        policy in policies(),
        steps in only_facts(),
        keys in vec(any::<u32>(), 31),
    ) {
        let tasks = tasks(&steps, policy.zone);
        let mut sorted = Run::new(books(&policy));
        let facts = granted_facts(&mut sorted, &tasks);
        let mut shuffled = Run::new(books(&policy));
        reported_in(&mut shuffled, &facts, &keys);
        prop_assert_eq!(shuffled.customer.purchases(), sorted.customer.purchases());
        let signals = |run: &Run| run.customer.lifecycle().signals().clone();
        prop_assert_eq!(signals(&shuffled), signals(&sorted));
        prop_assert_eq!(shuffled.customer.observations(), sorted.customer.observations());
    }

    #[test]
    fn an_import_is_its_facts_one_by_one(
        policy in policies(),
        steps in only_facts(),
        keys in vec(any::<u32>(), 31),
    ) {
        let tasks = in_order(tasks(&steps, policy.zone));
        let mut single = Run::new(books(&policy));
        let facts = granted_facts(&mut single, &tasks);
        let Some((now, _)) = facts.last() else { return Ok(()) };

        let import = shuffled(&facts, &keys).into_iter().map(|(_, fact)| fact).collect();
        let mut once = Run::new(books(&policy));
        once.grant(*now, Command::Import(import));
        prop_assert_eq!(once.customer.revision(), 1);
        prop_assert_eq!(once.track(), single.track());
        prop_assert_eq!(once.customer.purchases(), single.customer.purchases());
        prop_assert_eq!(once.customer.observations(), single.customer.observations());
        let rest = |run: &Run| {
            let lifecycle = run.customer.lifecycle();
            let flags: Vec<_> = lifecycle.flags().collect();
            (lifecycle.signals().clone(), lifecycle.episode(), flags, run.customer.advanced_to())
        };
        prop_assert_eq!(rest(&once), rest(&single));
        prop_assert_eq!(
            once.customer.wake_at(&once.books),
            single.customer.wake_at(&single.books)
        );
    }

    #[test]
    fn a_prompt_history_is_derived_as_it_was_recorded(
        policy in policies(),
        steps in prompt_histories(),
        days in 0_i64..100,
    ) {
        let tasks = in_order(tasks(&steps, policy.zone));
        let mut run = Run::new(books(&policy));
        prop_assume!(all_on_time(&mut run, &tasks) && !late(&run));
        let Some(recorded_at) = run.customer.recorded_at() else { return Ok(()) };
        let until = recorded_at.saturating_add_seconds(days * 86_400);
        let _ = run.run_due(until).unwrap();

        let derived = derive_track(&reported(&run.journal), &run.books, until);
        let track: Vec<_> = derived.track().visits().iter().map(timeless).collect();
        prop_assert_eq!(track, run.track());
        prop_assert_eq!(derived.refused, []);
        prop_assert_eq!(derived.customer.purchases(), run.customer.purchases());
        prop_assert_eq!(derived.customer.observations(), run.customer.observations());
    }

    /// The order in which commands are given to a what-if does not matter.
    #[test]
    fn a_derived_track_sorts_its_commands(
        policy in policies(),
        steps in vec(step(prop_oneof![
            3 => (1_i64..3).prop_map(|minor| Action::Order { minor }),
            1 => Just(Action::Reject),
            1 => Just(Action::Score(60)),
        ], Just(0_i64)), 1..20),
        keys in vec(any::<u32>(), 31),
    ) {
        let books = books(&policy);
        let tasks = tasks(&steps, policy.zone);
        let until = tasks.last().map_or(Timestamp::MIN, |task| task.now);
        let dated: Vec<(Timestamp, Command)> = tasks
            .iter()
            .filter_map(|task| Some((task.now, command(&task.fact()?))))
            .collect();
        let track = |dated: &[(Timestamp, Command)]| {
            let commands: Vec<Command> =
                dated.iter().map(|(_, command)| command.clone()).collect();
            derive_track(&commands, &books, until).track().clone()
        };
        prop_assert_eq!(track(&shuffled(&dated, &keys)), track(&dated));
    }
}

#[test]
fn nothing_derives_nobody() {
    let policy = guanxi::Policy::new(guanxi::Currency::USD);
    let derived = derive_track(&[], &books(&policy), Timestamp::MAX);
    assert_eq!(derived.track().visits(), []);
    assert!(!derived.customer.is_known() && derived.refused.is_empty());
    assert_eq!(Customer::unknown(customer_id()).lifecycle().position(), Position::Prospect);
}
