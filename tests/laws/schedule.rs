//! Time passing: the track does not depend on when the scheduler ran, and what is announced is what
//! comes.

use guanxi::customer::Entry;
use guanxi::lifecycle::{LifecyclePolicy, Mode, Moved, Occasion, Trigger, edge};
use guanxi::machine::{Edge, Guard};
use guanxi::{Customer, DecideError, Outcome, Policy, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;

use super::generate::{Tick, cases, histories, policies, prompt_histories};
use super::run::{Act, Run, Task, books, moves, tasks};

/// Where to put a run of the scheduler, in the time until the next task.
#[derive(Debug, Clone, Copy)]
enum When {
    /// At the instant something falls due.
    Due,
    /// One microsecond before that.
    BeforeDue,
    /// One microsecond before the earliest thing that is still to come.
    BeforeNext,
    /// On one of the following days.
    Later(i64, Tick),
}

fn whens() -> impl Strategy<Value = Vec<Vec<When>>> {
    let tick = prop_oneof![Just(Tick::Midnight), Just(Tick::Noon), Just(Tick::Last)];
    let when = prop_oneof![
        4 => Just(When::Due),
        2 => Just(When::BeforeDue),
        2 => Just(When::BeforeNext),
        2 => (0_i64..20, tick).prop_map(|(days, tick)| When::Later(days, tick)),
    ];
    vec(vec(when, 0..4), 31)
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    [one, other].into_iter().flatten().min()
}

fn override_ends_at(customer: &Customer) -> Option<Timestamp> {
    customer.reviews().tier_override().map(|word| word.until)
}

/// The last instant that a run may reach after each task without passing anything still to come.
fn limits(tasks: &[Task]) -> Vec<Timestamp> {
    let end = tasks.last().map_or(Timestamp::MIN, |task| task.now);
    let mut limit = end.saturating_add_seconds(86_400 * 200);
    let mut limits = Vec::new();
    for task in tasks.iter().rev() {
        limits.push(limit);
        let occurred_at = task.occurred_at().unwrap_or(task.now);
        limit = limit.min(occurred_at.previous());
    }
    limits.reverse();
    limits
}

/// Carries out the tasks with runs of the scheduler in between.
fn interrupted(policy: &Policy, tasks: &[Task], whens: &[Vec<When>]) -> Run {
    let mut run = Run::new(books(policy));
    for ((task, limit), whens) in tasks.iter().zip(limits(tasks)).zip(whens) {
        let _ = run.carry_out(task);
        let mut now = task.now;
        for when in whens {
            let wake_at = run.customer.wake_at(&run.books);
            let until = match *when {
                When::Due => wake_at.unwrap_or(now),
                When::BeforeDue => wake_at.unwrap_or(now).previous(),
                When::BeforeNext => limit,
                When::Later(days, tick) => {
                    tick.of(policy.zone.day_of(now).saturating_add_days(days), policy.zone)
                }
            };
            if until >= now && until <= limit {
                now = until;
                let _ = run.run_due(until);
            }
        }
    }
    run
}

fn finished(mut run: Run, tasks: &[Task]) -> Run {
    let end = limits(tasks).last().copied().unwrap_or(Timestamp::MIN);
    if run.customer.is_admitted() {
        let _ = run.run_due(end).unwrap();
    }
    run
}

/// Whether the policy judges this trigger by itself as time passes, with the facts it may look at.
fn passes(
    policy: &LifecyclePolicy,
    customer: &Customer,
    run: &Run,
    due: (Trigger, Timestamp),
) -> bool {
    use guanxi::lifecycle::DeliveryState;

    let (trigger, at) = due;
    let book = run.books.in_force_at(at);
    let progression = customer.progression(book);
    let mut facts = progression.facts_for(trigger, at);
    let applies = match trigger {
        Trigger::Lapse => policy.lapse.mode == Mode::Apply,
        Trigger::Deliver => policy.delivery.mode == Mode::Apply,
        Trigger::Mature => policy.loyalty.mode == Mode::Apply,
        Trigger::Decline => {
            if policy.decline.mode != Mode::Apply {
                facts.fall = None;
            }
            let rejected = matches!(facts.delivery, DeliveryState::Rejected(_));
            if policy.decline.rejected_delivery != Mode::Apply && rejected {
                facts.delivery = DeliveryState::Pending;
            }
            true
        }
        other => unreachable!("{other} is not judged by time"),
    };
    match edge(customer.stage(), trigger) {
        Edge::To { guards, .. } => applies && guards.iter().all(|guard| guard.passes(&facts)),
        Edge::Stay | Edge::Refused(_) => false,
    }
}

/// The order that decides when several are due at one instant.
const BY_TIME: [Trigger; 4] = [Trigger::Lapse, Trigger::Decline, Trigger::Deliver, Trigger::Mature];

/// Looks at the present and at every midnight after it, for as long as limits reach.
fn first_by_looking(run: &Run, policy: &Policy, from: Timestamp) -> Option<(Trigger, Timestamp)> {
    let (zone, today) = (policy.zone, policy.zone.day_of(from));
    let later = (1..=220).map(|days| zone.start_of(today.saturating_add_days(days)));
    // A corrected position is held: only a loss is judged until something is heard.
    let judged = if held(run) { &BY_TIME[..1] } else { &BY_TIME };
    let triggers = |at| judged.iter().map(move |trigger| (*trigger, at));
    std::iter::once(from)
        .chain(later)
        .flat_map(triggers)
        .find(|due| passes(&policy.lifecycle, &run.customer, run, *due))
}

fn held(run: &Run) -> bool {
    let parts = run.customer.to_parts();
    let part = parts.iter().find(|part| part.name.to_string() == "customer").unwrap();
    String::from_utf8_lossy(&part.document).contains("held")
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn the_track_does_not_depend_on_the_scheduler(
        policy in policies(),
        steps in histories(),
        whens in whens(),
    ) {
        let mut tasks = tasks(&steps, policy.zone);
        tasks.retain(|task| task.act != Act::RunDue);
        let idle = finished(Run::of(&books(&policy), &tasks), &tasks);
        let busy = finished(interrupted(&policy, &tasks, &whens), &tasks);
        prop_assert_eq!(busy.track(), idle.track());
        prop_assert_eq!(busy.customer.purchases(), idle.customer.purchases());
        prop_assert_eq!(busy.customer.lifecycle().episode(), idle.customer.lifecycle().episode());
        let flags = |run: &Run| run.customer.lifecycle().flags().collect::<Vec<_>>();
        prop_assert_eq!(flags(&busy), flags(&idle));
        prop_assert_eq!(busy.customer.wake_at(&busy.books), idle.customer.wake_at(&idle.books));
    }

    #[test]
    fn the_next_move_is_the_first_that_is_due(policy in policies(), steps in histories()) {
        let mut run = Run::new(books(&policy));
        for task in tasks(&steps, policy.zone) {
            let _ = run.carry_out(&task);
            let Some(to) = run.customer.advanced_to() else { continue };
            let last = run.visits().last().unwrap().at;
            let from = to.max(last);
            // A customer of whom only the profile is known, since before any calendar.
            if from == Timestamp::MIN {
                continue;
            }
            let book = run.books.latest();
            let next = run.customer.progression(book).next(from, Occasion::Time);
            let moves_at = next.as_ref().map(|due| due.at);
            let wakes_at = earlier(earlier(moves_at, override_ends_at(&run.customer)), run.customer.next_review_at(book));
            prop_assert_eq!(run.customer.wake_at(&run.books), wakes_at);
            let looked = first_by_looking(&run, &policy, from);
            match (next, looked) {
                (Some(next), Some((trigger, at))) => {
                    prop_assert_eq!(next.trigger, trigger);
                    let stage = next.to.stage();
                    let taken = run.customer.lifecycle().track().entered_at(stage, at);
                    prop_assert_eq!(next.at, if taken { at.next() } else { at });
                }
                (None, None) => {}
                (next, looked) => prop_assert!(false, "{next:?} but {looked:?}"),
            }
        }
    }

    #[test]
    fn what_is_pending_is_what_comes(
        policy in policies(),
        steps in histories(),
        days in 0_i64..120,
    ) {
        let run = Run::of(&books(&policy), &tasks(&steps, policy.zone));
        let Some(recorded_at) = run.customer.recorded_at() else { return Ok(()) };
        let at = recorded_at.saturating_add_seconds(days * 86_400);
        let before = run.customer.clone();
        let assessment = run.customer.assess(at, &run.books).unwrap();
        prop_assert_eq!(&run.customer, &before);

        let mut later = run.clone();
        let recorded: Vec<Moved> = match later.run_due(at).unwrap() {
            Outcome::Changed(change) => {
                let entry: Entry = change.entry;
                moves(&entry).cloned().collect()
            }
            Outcome::Unchanged => Vec::new(),
        };
        prop_assert_eq!(assessment.pending, recorded);
        prop_assert_eq!(assessment.position, later.customer.lifecycle().position());
        prop_assert_eq!(assessment.stage.value, later.customer.stage());
        let review_at = later.customer.next_review_at(later.books.latest());
        let wakes_at = earlier(assessment.next.map(|due| due.at), earlier(review_at, override_ends_at(&later.customer)));
        prop_assert_eq!(wakes_at, later.customer.wake_at(&later.books));
        prop_assert!(assessment.stage.ids == run.books.latest().ids() && assessment.stage.at == at);
    }

    #[test]
    fn nothing_is_due_twice(policy in policies(), steps in histories(), days in 0_i64..120) {
        let mut run = Run::of(&books(&policy), &tasks(&steps, policy.zone));
        let Some(recorded_at) = run.customer.recorded_at() else { return Ok(()) };
        let until = recorded_at.saturating_add_seconds(days * 86_400);
        let _ = run.run_due(until).unwrap();
        prop_assert!(run.customer.wake_at(&run.books).is_none_or(|wake_at| wake_at > until));
        prop_assert_eq!(run.run_due(until), Ok(Outcome::Unchanged));
    }

    /// A run that finds nothing due leaves no trace, so the past stays open for facts until then.
    #[test]
    fn a_run_decides_no_further_than_its_last_decision(
        policy in policies(),
        steps in prompt_histories(),
        days in 0_i64..120,
    ) {
        let mut run = Run::of(&books(&policy), &tasks(&steps, policy.zone));
        let Some(advanced_to) = run.customer.advanced_to() else { return Ok(()) };
        let until = advanced_to.saturating_add_seconds(days * 86_400);
        if let Outcome::Changed(_) = run.run_due(until).unwrap() {
            let last = run.visits().last().map(|visit| visit.at);
            prop_assert_eq!(run.customer.advanced_to(), last.max(Some(advanced_to)));
        }
    }
}

#[test]
fn a_run_does_not_pass_the_present() {
    let mut run = Run::new(books(&Policy::new(guanxi::Currency::USD)));
    assert_eq!(run.run_due(Timestamp::UNIX_EPOCH), Err(DecideError::NotAdmitted));
    let context = guanxi::Context::new(
        Timestamp::UNIX_EPOCH,
        guanxi::Actor::System,
        guanxi::CommandId::derive("laws", "run"),
    );
    let (until, now) = (Timestamp::UNIX_EPOCH.next(), Timestamp::UNIX_EPOCH);
    let refused = run.customer.advance_to(until, &context, &run.books);
    assert_eq!(refused, Err(DecideError::BeyondNow { until, now }));
}
