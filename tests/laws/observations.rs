//! Figures that only the host knows: free of order, bounded, and without a say in the stage.

use std::collections::BTreeMap;

use guanxi::customer::{CustomerDocumentError, Fact, Part, PartName, derive_track, reported};
use guanxi::explain::BasisPoints;
use guanxi::lifecycle::{
    CorrectionReason, EndReason, LifecycleCommand, Position, Request, Score, Signal,
};
use guanxi::observation::{
    OBSERVATIONS_KEPT, OBSERVATIONS_SCHEMA, Observation, ObservationDocumentError,
    ObservationError, ObservationEvent, ObservationKind, Observations, Observed,
};
use guanxi::slot::Slot;
use guanxi::store::{StoreError, StoreErrorKind};
use guanxi::{
    Command, Currency, Customer, Day, DecideError, Event, Money, Outcome, Stage, Timestamp, Zone,
};
use proptest::collection::vec;
use proptest::prelude::*;

use super::generate::{Action, Step, actions, cases, figures, policies, step};
use super::run::{Act, Run, books, customer_id, tasks, timeless};
use super::stories::{noon, order, ordered, report, request, short};

fn first() -> Day {
    Day::from_ymd(2026, 1, 1).unwrap()
}

fn nth(day: i64) -> Day {
    first().saturating_add_days(day)
}

/// Events of few kinds on more days than are kept, several of one day and of one instant.
fn events() -> impl Strategy<Value = Vec<ObservationEvent>> {
    let observed = prop_oneof![
        6 => (0_u32..3).prop_map(Observed::ComplaintsOpen),
        3 => any::<bool>().prop_map(Observed::SponsorGone),
        1 => figures(),
    ];
    let event = (0_i64..100, 0_i64..3, observed).prop_map(|(day, tick, observed)| {
        let at = Zone::UTC.start_of(nth(day)).saturating_add_seconds(tick);
        ObservationEvent::new(at, nth(day), observed)
    });
    vec(event, 0..400)
}

fn told<'a>(events: impl IntoIterator<Item = &'a ObservationEvent>) -> Observations {
    let mut observations = Observations::default();
    events.into_iter().for_each(|event| observations.apply(event));
    observations
}

fn shuffled(events: &[ObservationEvent], keys: &[u32]) -> Vec<ObservationEvent> {
    let mut indices: Vec<usize> = (0..events.len()).collect();
    indices.sort_by_key(|index| keys[*index]);
    indices.into_iter().map(|index| events[index]).collect()
}

/// What is greater among figures of one kind, by what stands in their JSON.
fn weight(observed: Observed) -> i64 {
    match observed {
        Observed::Margin(amount) => amount.minor(),
        Observed::Usage(share) => share.0,
        Observed::ComplaintsOpen(count) => i64::from(count),
        Observed::PaymentOverdueSince(since) => i64::from(since.is_some()),
        Observed::SponsorGone(gone) => i64::from(gone),
        Observed::Own { value, .. } => value,
        other => unreachable!("{other:?} is not generated"),
    }
}

/// What must be kept of one kind: all days with the best of each, then the newest of them.
fn kept(events: &[ObservationEvent], kind: ObservationKind) -> Vec<ObservationEvent> {
    let mut days: BTreeMap<Day, Vec<ObservationEvent>> = BTreeMap::new();
    for event in events.iter().filter(|event| event.kind() == kind) {
        days.entry(event.day).or_default().push(*event);
    }
    let best = |events: Vec<ObservationEvent>| {
        events.into_iter().max_by_key(|event| (event.occurred_at, weight(event.observed))).unwrap()
    };
    let dropped = days.len().saturating_sub(64);
    days.into_values().skip(dropped).map(best).collect()
}

fn kinds() -> impl Iterator<Item = ObservationKind> {
    let second = ObservationKind::Own(Slot::new(2).unwrap());
    ObservationKind::ALL.into_iter().chain([second])
}

/// Everything that can be asked, with many observations among it, reported when it happens.
fn observed_histories() -> impl Strategy<Value = Vec<Step>> {
    let action = prop_oneof![2 => actions(), 1 => figures().prop_map(Action::Observe)];
    vec(step(action, Just(0_i64)), 1..30)
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn what_is_kept_is_a_function_of_what_was_told(
        events in events(),
        keys in vec(any::<u32>(), 400),
    ) {
        let observations = told(&events);
        prop_assert_eq!(&told(&shuffled(&events, &keys)), &observations);
        // Told twice is told once.
        prop_assert_eq!(&told(events.iter().chain(&events)), &observations);
        for kind in kinds() {
            let kept = kept(&events, kind);
            prop_assert_eq!(observations.history(kind), &kept[..]);
            for as_of in (-1..101).map(nth) {
                let last = kept.iter().rfind(|event| event.day <= as_of);
                let last = last.map(|event| (event.observed, event.day));
                prop_assert_eq!(observations.latest(kind, as_of), last);
            }
        }
    }

    #[test]
    fn documents_give_back_what_was_kept(events in events()) {
        let observations = told(&events);
        let document = observations.to_document();
        let read = Observations::from_document(OBSERVATIONS_SCHEMA, &document);
        prop_assert_eq!(read, Ok(observations));
    }
}

proptest! {
    // Held positions and collisions of one instant are seldom.
    #![proptest_config(cases(600))]

    /// The track is the one without them, once the customer is admitted.
    #[test]
    fn observations_have_no_say_in_the_stage(
        policy in policies(),
        steps in observed_histories(),
        days in 0_i64..100,
    ) {
        let tasks = tasks(&steps, policy.zone);
        let (mut with, mut without) = (Run::new(books(&policy)), Run::new(books(&policy)));
        for task in &tasks {
            let observes = matches!(task.act, Act::Ask(Command::Observe(_)));
            if observes && !with.customer.is_admitted() {
                continue;
            }
            // After a second entry at one instant, others of that instant come late by a tick.
            let at = task.occurred_at();
            prop_assume!(at.is_none() || at >= with.customer.advanced_to());
            let outcome = with.carry_out(task);
            if !observes {
                let same = without.carry_out(task);
                prop_assert_eq!(outcome.is_ok(), same.is_ok(), "{:?}", task);
            }
        }
        if !with.customer.is_admitted() {
            return Ok(());
        }
        let end = tasks.last().unwrap().now.saturating_add_seconds(days * 86_400);
        for run in [&mut with, &mut without] {
            let _ = run.run_due(end).unwrap();
        }
        prop_assert_eq!(with.track(), without.track());
        let wake_at = |run: &Run| run.customer.wake_at(&run.books);
        prop_assert_eq!(wake_at(&with), wake_at(&without));
        prop_assert_eq!(with.customer.purchases(), without.customer.purchases());
        let flags = |run: &Run| run.customer.lifecycle().flags().collect::<Vec<_>>();
        prop_assert_eq!(flags(&with), flags(&without));
    }
}

fn observe(at: Timestamp, observed: Observed) -> Command {
    Observation::new(at, observed).into()
}

fn complaints(open: u32) -> Observed {
    Observed::ComplaintsOpen(open)
}

#[test]
fn the_newest_days_stay_with_the_customer_and_the_journal_has_all() {
    let mut run = Run::new(books(&short()));
    let at = |day| Zone::UTC.start_of(nth(day));
    let seen = |customer: &Customer, day| customer.observations().complaints_open(nth(day));
    for day in 0..64_u32 {
        run.grant(at(day.into()), observe(at(day.into()), complaints(day)));
    }
    let full = run.customer.clone();
    assert_eq!(full.observations().history(ObservationKind::ComplaintsOpen).len(), 64);
    assert_eq!(OBSERVATIONS_KEPT, 64);
    assert_eq!(seen(&full, 0), Some((0, nth(0))));

    // One day more drops the oldest; another kind drops nothing.
    run.grant(at(64), observe(at(64), Observed::Referrals(1)));
    assert_eq!(seen(&run.customer, 0), Some((0, nth(0))));
    run.grant(at(64), observe(at(64), complaints(64)));
    assert_eq!(run.customer.observations().history(ObservationKind::ComplaintsOpen).len(), 64);
    assert_eq!(seen(&run.customer, 0), None);
    assert_eq!(seen(&run.customer, 1), Some((1, nth(1))));
    assert_eq!(seen(&run.customer, 99), Some((64, nth(64))));

    // Told again, the dropped day stays dropped; one in between would not.
    run.grant(at(65), observe(at(0), complaints(9)));
    assert_eq!(seen(&run.customer, 0), None);
    assert_eq!(run.journal.len(), 67);
    assert_eq!(Customer::fold(customer_id(), &run.journal), run.customer);

    // What was known then had the first day.
    let then = Customer::as_of(customer_id(), &run.journal, at(63));
    assert_eq!(then, full);
    let view = then.at(at(0), Zone::UTC);
    assert_eq!(view.observed(ObservationKind::ComplaintsOpen), Some((complaints(0), nth(0))));
}

#[test]
fn an_observation_makes_an_unknown_customer_a_prospect() {
    let mut run = Run::new(books(&short()));
    let entry = run.grant(noon("01-02"), observe(noon("01-01"), complaints(1)));
    assert!(matches!(&entry.events[..], [Event::Admitted(_), Event::Observed(_)]), "{entry:?}");
    assert_eq!(run.customer.stage(), Stage::Prospect);
    assert_eq!(run.customer.advanced_to(), Some(noon("01-01")));
    // The admission is implied again when the journal is told anew.
    let commands = reported(&run.journal);
    assert_eq!(commands.len(), 1);
    let derived = derive_track(&commands, &run.books, noon("01-02"));
    assert_eq!(derived.refused, []);
    assert_eq!(derived.customer.observations(), run.customer.observations());
    assert_eq!(derived.track().visits().iter().map(timeless).collect::<Vec<_>>(), run.track());
}

#[test]
fn an_observation_takes_the_customer_to_its_instant_and_a_late_one_to_the_present() {
    let mut run = ordered(&short(), &[noon("01-01")]);
    // Ten days of silence are over on the twelfth; delivery is implied on the fifteenth.
    let entry = run.grant(noon("01-20"), observe(noon("01-11"), complaints(1)));
    assert_eq!(entry.events.len(), 1, "{entry:?}");
    assert_eq!(run.customer.advanced_to(), Some(noon("01-11")));
    run.grant(noon("01-20"), observe(noon("01-13"), complaints(2)));
    assert_eq!(run.customer.stage(), Stage::Lost);
    assert_eq!(run.customer.advanced_to(), Some(noon("01-13")));

    run.grant(noon("01-20"), observe(noon("01-12"), complaints(3)));
    assert_eq!(run.customer.advanced_to(), Some(noon("01-20")));
    let open = |day: Timestamp| run.customer.observations().complaints_open(Zone::UTC.day_of(day));
    assert_eq!(open(noon("01-12")), Some((3, Zone::UTC.day_of(noon("01-12")))));
    assert_eq!(open(noon("01-20")), Some((2, Zone::UTC.day_of(noon("01-13")))));
}

#[test]
fn what_is_due_at_the_instant_of_an_observation_waits_for_the_other_facts_of_it() {
    let due: Timestamp = "2026-01-12T00:00:00Z".parse().unwrap();
    let mut run = ordered(&short(), &[noon("01-01")]);
    run.grant(due, observe(due, complaints(1)));
    assert_eq!(run.customer.stage(), Stage::Onboarding);
    let mut late = run.clone();
    // An order of that instant ends the silence.
    run.grant(due, order(due));
    assert_eq!(
        (run.customer.stage(), run.customer.lifecycle().episode().number),
        (Stage::Growing, 1)
    );
    // Without it, time passes.
    let _ = late.run_due(due).unwrap();
    assert_eq!(late.customer.stage(), Stage::Lost);
    assert_eq!(late.visits().last().unwrap().at, due);
}

#[test]
fn no_stage_refuses_an_observation() {
    let mut run = ordered(&short(), &[noon("01-01")]);
    run.grant(noon("01-02"), request(noon("01-02"), Request::End { reason: EndReason::Ceased }));
    let entry = run.grant(noon("01-03"), observe(noon("01-03"), complaints(1)));
    assert!(matches!(&entry.events[..], [Event::Observed(_)]), "{entry:?}");
    assert_eq!(run.customer.stage(), Stage::Ended);
}

#[test]
fn a_position_that_a_person_set_stays_held() {
    let mut run = ordered(&short(), &[noon("01-01"), noon("01-02")]);
    assert_eq!(run.customer.stage(), Stage::Growing);
    let (to, reason) = (Position::Onboarding, CorrectionReason::WrongData);
    run.grant(noon("01-03"), LifecycleCommand::Correct { to, reason });
    run.grant(noon("01-04"), observe(noon("01-04"), complaints(1)));
    let _ = run.run_due(noon("01-05")).unwrap();
    assert_eq!(run.customer.stage(), Stage::Onboarding);
    // A fact that the lifecycle listens to lets the policy judge again.
    let score = Signal::Satisfaction(Score::new(50).unwrap());
    run.grant(noon("01-06"), report(noon("01-06"), score));
    assert_eq!(run.customer.stage(), Stage::Growing);
}

#[test]
fn a_refused_observation_leaves_no_trace() {
    let mut run = ordered(&short(), &[noon("01-01")]);
    let before = run.customer.clone();
    let at = noon("01-02");
    let (given, base) = (Currency::EUR, Currency::USD);
    let kind = ObservationKind::Usage;
    for (observed, refused) in [
        (Observed::Usage(BasisPoints(-1)), ObservationError::Negative { kind }),
        (Observed::Potential(101), ObservationError::PotentialAboveScale { given: 101 }),
        (
            Observed::Margin(Money::from_minor(1, given)),
            ObservationError::BaseMissing { given, base },
        ),
    ] {
        let command = observe(at, observed);
        assert_eq!(run.ask(at, &command), Err(DecideError::Observation(refused)));
        let fact = |command| match command {
            Command::Observe(observation) => Fact::Observation(observation),
            other => unreachable!("{other:?}"),
        };
        let import = Command::Import(vec![fact(observe(at, complaints(1))), fact(command)]);
        let source = Box::new(DecideError::Observation(refused));
        assert_eq!(run.ask(at, &import), Err(DecideError::Fact { index: 1, source }));
    }
    let ahead = run.ask(at, &observe(at.saturating_add_seconds(301), complaints(1)));
    assert!(matches!(ahead, Err(DecideError::InTheFuture { .. })), "{ahead:?}");
    assert_eq!(run.customer, before);
    let just = run.ask(at, &observe(at.saturating_add_seconds(300), complaints(1)));
    assert!(matches!(just, Ok(Outcome::Changed(_))), "{just:?}");
}

#[test]
fn an_amount_of_another_currency_is_recorded_in_the_base() {
    let mut run = Run::new(books(&short()));
    let worth = Money::from_minor(-3_171, Currency::USD);
    let loss = Observed::Margin(Money::from_minor(-2_933, Currency::EUR));
    run.grant(noon("01-01"), Observation::new(noon("01-01"), loss).with_base(worth));
    let day = Zone::UTC.day_of(noon("01-01"));
    assert_eq!(run.customer.observations().margin(day), Some((worth, day)));
}

#[test]
fn the_part_is_there_from_the_first_observation_on_and_written_by_observations_only() {
    let mut run = ordered(&short(), &[noon("01-01")]);
    // As documents were before there were observations.
    let old = run.customer.to_parts();
    assert!(old.iter().all(|part| part.name != PartName::Observations));
    let read = Customer::from_parts(customer_id(), 1, &old).unwrap();
    assert!(read.observations().is_empty());
    assert_eq!(read, run.customer);

    let context = guanxi::Context::new(
        noon("01-02"),
        guanxi::Actor::System,
        guanxi::CommandId::derive("laws", "observe"),
    );
    let command = observe(noon("01-02"), complaints(1));
    let Ok(Outcome::Changed(change)) = run.customer.decide(&command, &context, &run.books) else {
        panic!("an observation is news");
    };
    let (put, removed) = run.customer.touched_parts(&change);
    let names: Vec<PartName> = put.iter().map(|part| part.name).collect();
    assert_eq!((names, removed), (vec![PartName::Customer, PartName::Observations], vec![]));
    let parts = run.customer.to_parts();
    assert_eq!(Customer::from_parts(customer_id(), 2, &parts), Ok(run.customer.clone()));
    assert_eq!("observations".parse(), Ok(PartName::Observations));
}

/// The customer read with another document for its observations.
fn read(schema: u16, document: &str) -> Result<Observations, ObservationDocumentError> {
    let mut parts = ordered(&short(), &[noon("01-01")]).customer.to_parts();
    let document = document.as_bytes().to_vec();
    parts.push(Part { name: PartName::Observations, schema, document });
    match Customer::from_parts(customer_id(), 1, &parts) {
        Ok(customer) => Ok(customer.observations().clone()),
        Err(CustomerDocumentError::Observation(error)) => {
            // A newer schema is nothing broken, and stores tell the two apart.
            let newer = matches!(error, ObservationDocumentError::Schema { .. });
            let kind = StoreError::from(CustomerDocumentError::Observation(error)).kind();
            let expected = if newer { StoreErrorKind::Newer } else { StoreErrorKind::Document };
            assert_eq!(kind, expected);
            Err(error)
        }
        Err(other) => panic!("{other:?}"),
    }
}

fn row(day: &str, observed: &str) -> String {
    format!(r#"{{"occurred_at":"{day}T12:00:00Z","day":"{day}","observed":{observed}}}"#)
}

fn document(rows: &[String]) -> String {
    format!(r#"{{"kept":[{}]}}"#, rows.join(","))
}

#[test]
fn documents_that_nobody_wrote_are_refused() {
    let open = |day: &str| row(day, r#"{"complaints_open":1}"#);
    let margin = |day: &str| row(day, r#"{"margin":{"minor":-5,"currency":"USD"}}"#);
    let good = document(&[margin("2026-01-02"), open("2026-01-01"), open("2026-01-02")]);
    assert_eq!(read(1, &good).unwrap().to_document(), good.as_bytes());

    let (found, newest) = (2, 1);
    assert_eq!(read(2, &good), Err(ObservationDocumentError::Schema { found, newest }));
    assert!(read(0, &good).is_err());
    for malformed in [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        good.replace("complaints_open", "complaints"),
        good.replace(r#""day":"#, r#""note":"","day":"#),
        good.replace("2026-01-01", "2026-01-32"),
        document(&[row("2026-01-01", r#"{"complaints_open":-1}"#)]),
        document(&[row("2026-01-01", r#"{"own":{"slot":9,"value":1}}"#)]),
    ] {
        assert_eq!(read(1, &malformed), Err(ObservationDocumentError::Malformed), "{malformed}");
    }
    for misplaced in [
        [open("2026-01-02"), open("2026-01-01")],
        [open("2026-01-01"), open("2026-01-01")],
        [open("2026-01-01"), margin("2026-01-02")],
    ] {
        let misplaced = document(&misplaced);
        assert_eq!(read(1, &misplaced), Err(ObservationDocumentError::Misplaced), "{misplaced}");
    }
    for impossible in
        [r#"{"potential":101}"#, r#"{"usage":-1}"#, r#"{"payment_overdue_since":"2026-01-02"}"#]
    {
        let impossible = document(&[row("2026-01-01", impossible)]);
        assert_eq!(read(1, &impossible), Err(ObservationDocumentError::Inconsistent));
    }
}

#[test]
fn a_document_holds_as_many_days_as_are_kept() {
    let rows = |count: i64| {
        let rows = (0..count).map(|day| row(&nth(day).to_string(), r#"{"referrals":1}"#));
        document(&rows.collect::<Vec<_>>())
    };
    assert!(read(1, &rows(64)).is_ok());
    assert_eq!(read(1, &rows(65)), Err(ObservationDocumentError::Misplaced));
}

#[test]
fn json_of_a_command_names_what_is_given_and_refuses_what_it_does_not_know() {
    let short = observe(noon("01-01"), Observed::PaymentOverdueSince(None));
    let json = serde_json::to_string(&short).unwrap();
    let written = concat!(
        r#"{"observe":{"occurred_at":"2026-01-01T12:00:00Z","#,
        r#""observed":{"payment_overdue_since":null}}}"#
    );
    assert_eq!(json, written);
    assert_eq!(serde_json::from_str::<Command>(&json).unwrap(), short);
    let misspelt = json.replace(r#""observed""#, r#""dya":"2026-01-01","observed""#);
    assert!(serde_json::from_str::<Command>(&misspelt).is_err());

    let worth = Money::from_minor(6, Currency::USD);
    let margin = Observed::Margin(Money::from_minor(5, Currency::EUR));
    let full = Observation::new(noon("01-01"), margin).with_day(first()).with_base(worth);
    let json = serde_json::to_string(&Fact::Observation(full)).unwrap();
    assert_eq!(serde_json::from_str::<Fact>(&json).unwrap(), Fact::Observation(full));
}
