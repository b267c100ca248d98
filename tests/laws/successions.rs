//! A new policy: whoever comes first to a customer catches up under the old one until the new one is
//! in force.

use guanxi::lifecycle::{Mode, Signal, Visit};
use guanxi::{Event, Policy, Rulebook, Rulebooks, Stage, Timestamp};
use proptest::prelude::*;

use super::declines::{EVERY, windows};
use super::generate::{Step, Tick, cases, policies, prompt_histories};
use super::run::{Run, Task, tasks, unchosen};
use super::stories::{midnight, noon, order, report, stages};

/// Two policies of one zone and one instant between them.
fn succession() -> impl Strategy<Value = (Policy, Policy, i64, Tick)> {
    let tick = prop_oneof![
        2 => Just(Tick::Midnight),
        1 => Just(Tick::After),
        1 => Just(Tick::Noon),
        1 => Just(Tick::Last),
    ];
    (policies(), policies(), 0_i64..150, tick)
}

struct Case {
    old: Rulebooks,
    both: Rulebooks,
    from: Timestamp,
    tasks: Vec<Task>,
    end: Timestamp,
}

fn case((old, mut new, days, tick): (Policy, Policy, i64, Tick), steps: &[Step]) -> Case {
    new.zone = old.zone;
    let tasks = tasks(steps, old.zone);
    let first: guanxi::Day = "2024-01-01".parse().unwrap();
    let from = tick.of(first.saturating_add_days(days), old.zone);
    let old = Rulebook::new(old, Timestamp::MIN).unwrap();
    let new = Rulebook::new(new, from).unwrap();
    let last = tasks.last().map_or(from, |task| task.now).max(from);
    let end = last.saturating_add_seconds(86_400 * 100);
    let both = Rulebooks::new(vec![old.clone(), new]).unwrap();
    Case { old: old.into(), both, from, tasks, end }
}

fn finished(books: &Rulebooks, case: &Case, interruptions: &[Timestamp]) -> Run {
    let mut run = Run::new(books.clone());
    let mut runs = interruptions.iter().copied().peekable();
    for task in &case.tasks {
        while let Some(until) = runs.next_if(|until| *until < task.now) {
            let _ = run.run_due(until);
        }
        let _ = run.carry_out(task);
    }
    for until in runs.chain([case.end]) {
        let _ = run.run_due(until);
    }
    run
}

proptest! {
    #![proptest_config(cases(150))]

    /// Runs beside the instant of the change, on it, and far from it lead to the same.
    #[test]
    fn the_track_does_not_depend_on_who_meets_the_new_policy_first(
        succession in succession(),
        steps in prompt_histories(),
        chosen in 0_u8..16,
    ) {
        let case = case(succession, &steps);
        let from = case.from;
        let days = |days: i64| from.saturating_add_seconds(days * 86_400);
        let all = [from.previous(), from, from.next(), days(9)];
        let some: Vec<_> = (0..4).filter(|bit| chosen >> bit & 1 == 1).map(|bit| all[bit]).collect();
        // A run at the very instant of a fact would pass it.
        let some: Vec<_> =
            some.into_iter().filter(|at| case.tasks.iter().all(|task| task.now != *at)).collect();
        let plain = finished(&case.both, &case, &[]);
        let run = finished(&case.both, &case, &some);
        prop_assert_eq!(run.track(), plain.track());
        prop_assert_eq!(run.customer.rulebook(), plain.customer.rulebook());
    }

    #[test]
    fn before_the_new_policy_only_the_old_one_judges(
        succession in succession(),
        steps in prompt_histories(),
    ) {
        let case = case(succession, &steps);
        let before = |run: &Run| -> Vec<Visit> {
            let track = run.track();
            track.iter().take_while(|visit| visit.at < case.from).map(unchosen).collect()
        };
        let both = finished(&case.both, &case, &[]);
        let old = finished(&case.old, &case, &[]);
        prop_assert_eq!(before(&both), before(&old));
    }

    /// The journal says once, and at which instant, that another rulebook judges.
    #[test]
    fn adoption_is_recorded_once(succession in succession(), steps in prompt_histories()) {
        let case = case(succession, &steps);
        let run = finished(&case.both, &case, &[]);
        let adopted: Vec<_> = run
            .journal
            .iter()
            .flat_map(|entry| &entry.events)
            .filter_map(|event| match event {
                Event::RulebookAdopted { at, rulebook } => Some((*at, *rulebook)),
                _ => None,
            })
            .collect();
        let began = run.visits().first().map(|visit| visit.at);
        if began.is_some_and(|began| began < case.from) {
            prop_assert_eq!(adopted.len(), 1);
            prop_assert_eq!(adopted[0].1, case.both.latest().reference());
            prop_assert!(adopted[0].0 >= case.from);
        } else {
            prop_assert_eq!(adopted, []);
        }
        if run.customer.is_admitted() {
            prop_assert_eq!(run.customer.rulebook(), Some(case.both.latest().reference()));
        }
    }
}

/// Recovery is judged when a fact arrives: a milder policy alone takes nobody out of a decline.
#[test]
fn a_milder_policy_waits_for_a_fact() {
    let old = windows(Mode::Apply);
    let mut new = windows(Mode::Apply);
    (new.lifecycle.decline.fall_percent, new.lifecycle.recovery.percent) = (10, 20);
    let books = [(old, Timestamp::MIN), (new, midnight("02-03"))]
        .map(|(policy, from)| Rulebook::new(policy, from).unwrap());
    let mut run = Run::new(Rulebooks::new(books.into()).unwrap());
    for day in EVERY {
        run.grant(noon(day), order(noon(day)));
    }
    // Half of the mean: fallen under the old policy, recovered under the new one.
    let _ = run.run_due(noon("02-04")).unwrap();
    assert_eq!(run.customer.rulebook(), Some(run.books.latest().reference()));
    assert_eq!(run.customer.stage(), Stage::Declining);
    assert_eq!(run.customer.wake_at(&run.books), None);
    run.grant(noon("02-04"), report(noon("02-04"), Signal::ReviewOpened));
    assert_eq!(stages(&run).last(), Some(&(Stage::Growing, noon("02-04"))));
}
