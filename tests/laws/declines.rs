//! Single customers in decline, from the sentences of the design page: baselines, suggestions,
//! recovery, dwell.

use guanxi::lifecycle::{
    Baseline, DeclineCause, DeclineChoice, DeclinedFrom, Declining, LifecycleCommand,
    LifecycleError, LifecycleRule, Mode, Position, PurchaseMeasure, Request, Signal,
};
use guanxi::{DecideError, Outcome, Policy, Stage, Timestamp, Trigger};

use super::run::Run;
use super::stories::{midnight, noon, order, ordered, report, request, rules, short, stages};

/// Windows of ten days against two before them; silence never matters.
pub(super) fn windows(mode: Mode) -> Policy {
    let mut policy = short();
    let lifecycle = &mut policy.lifecycle;
    lifecycle.lapse.mode = Mode::Off;
    lifecycle.loyalty.mode = Mode::Off;
    lifecycle.decline.mode = mode;
    lifecycle.decline.window_days = 10;
    lifecycle.decline.baseline_windows = 2;
    lifecycle.decline.baseline_min = 4;
    lifecycle.decline.fall_percent = 50;
    policy
}

/// Two orders in each of the first two windows, one in the third: a fall as soon as all three
/// windows have passed, on the 31st of January.
pub(super) const EVERY: [&str; 5] = ["01-01", "01-05", "01-11", "01-15", "01-25"];

fn bought(policy: &Policy) -> Run {
    ordered(policy, &EVERY.map(noon))
}

fn declining(run: &Run) -> Declining {
    run.customer.lifecycle().position().declining().unwrap()
}

/// What the fall was judged by: measure, total, windows, days.
fn frozen(run: &Run) -> Option<(PurchaseMeasure, i64, u16, u16)> {
    let baseline: Baseline = declining(run).baseline?;
    Some((baseline.measure, baseline.total, baseline.windows, baseline.window_days))
}

#[test]
fn a_fall_is_judged_against_the_own_baseline_and_freezes_it() {
    let mut run = bought(&windows(Mode::Apply));
    // Without three whole windows there is no baseline, and without one no decline.
    let due = midnight("01-31");
    assert_eq!(run.customer.wake_at(&run.books), Some(due));
    assert_eq!(run.run_due(due.previous()), Ok(Outcome::Unchanged));
    let _ = run.run_due(due).unwrap();
    assert_eq!(stages(&run).last(), Some(&(Stage::Declining, due)));
    assert_eq!(rules(&run), [LifecycleRule::PurchasesFell]);
    assert_eq!(declining(&run).cause, DeclineCause::Purchases);
    assert_eq!(declining(&run).from, DeclinedFrom::Growing);
    // The 1st to the 20th; one order from the 21st to the 30th is half of the mean.
    assert_eq!(frozen(&run), Some((PurchaseMeasure::Orders, 4, 2, 10)));
}

/// The day on which a fall is judged has only begun, so it cannot lack its purchase yet.
#[test]
fn a_regular_customer_never_falls() {
    for (gap_days, window_days) in [(7, 7), (7, 14), (45, 90), (1, 1)] {
        let mut policy = windows(Mode::Apply);
        policy.lifecycle.decline.window_days = window_days;
        policy.lifecycle.decline.baseline_min = 2;
        policy.lifecycle.decline.fall_percent = 99;
        policy.lifecycle.recovery.percent = 100;
        let mut run = Run::new(super::run::books(&policy));
        for nth in 0..20_i64 {
            let at = noon("01-01").saturating_add_seconds(nth * gap_days * 86_400);
            run.grant(at, order(at));
        }
        let fell = stages(&run).iter().any(|(stage, _)| *stage == Stage::Declining);
        assert!(!fell, "every {gap_days} days, windows of {window_days}: {:?}", stages(&run));
    }
}

#[test]
fn no_baseline_no_decline() {
    let mut policy = windows(Mode::Apply);
    policy.lifecycle.decline.baseline_min = 5;
    let mut run = bought(&policy);
    assert_eq!(run.customer.wake_at(&run.books), None);
    assert_eq!(run.run_due(noon("12-31")), Ok(Outcome::Unchanged));
    // A person may say so all the same; then nothing measures a recovery, and a person says that too.
    run.grant(noon("12-31"), request(noon("12-31"), Request::Decline));
    assert_eq!((declining(&run).cause, frozen(&run)), (DeclineCause::Declared, None));
    for _ in 0..5 {
        run.grant(noon("12-31"), order(noon("12-31")));
    }
    assert_eq!(run.customer.stage(), Stage::Declining);
    run.grant(noon("12-31"), request(noon("12-31"), Request::Recover));
    assert_eq!(run.customer.stage(), Stage::Growing);
}

#[test]
fn a_suggested_fall_waits_for_a_person_and_freezes_what_it_then_sees() {
    let mut run = bought(&windows(Mode::Suggest));
    assert_eq!(run.customer.wake_at(&run.books), None);
    assert_eq!(run.run_due(noon("01-31")), Ok(Outcome::Unchanged));
    let suggestion = |run: &Run, at: Timestamp| {
        run.customer.assess(at, &run.books).unwrap().suggestion.map(|due| (due.trigger, due.at))
    };
    assert_eq!(suggestion(&run, midnight("01-31").previous()), None);
    assert_eq!(suggestion(&run, noon("01-31")), Some((Trigger::Decline, noon("01-31"))));
    assert_eq!(run.customer.stage(), Stage::Growing);

    run.grant(noon("01-31"), request(noon("01-31"), Request::Decline));
    assert_eq!(stages(&run).last(), Some(&(Stage::Declining, noon("01-31"))));
    assert_eq!(rules(&run), [LifecycleRule::Requested, LifecycleRule::PurchasesFell]);
    assert_eq!(declining(&run).cause, DeclineCause::Purchases);
    let at_the_request = frozen(&run);
    assert!(at_the_request.is_some());
    // Later facts do not move the yardstick.
    run.grant(noon("03-01"), report(noon("03-01"), Signal::ReviewOpened));
    assert_eq!(frozen(&run), at_the_request);
}

#[test]
fn recovery_is_judged_when_a_fact_arrives_and_never_by_time() {
    let mut policy = windows(Mode::Apply);
    policy.lifecycle.recovery.percent = 100;
    let mut run = bought(&policy);
    let _ = run.run_due(midnight("01-31")).unwrap();
    assert_eq!(run.customer.wake_at(&run.books), None, "nothing is due by time");
    // The mean of the frozen baseline is two orders in ten days.
    run.grant(noon("02-10"), order(noon("02-10")));
    assert_eq!(run.customer.stage(), Stage::Declining);
    run.grant(noon("02-12"), order(noon("02-12")));
    assert_eq!(stages(&run).last(), Some(&(Stage::Growing, noon("02-12"))));
    assert_eq!(rules(&run), [LifecycleRule::PurchasesRecovered]);
}

#[test]
fn recovery_goes_back_to_the_stage_that_was_left() {
    for (days, from) in [(1, Stage::Onboarding), (2, Stage::Growing)] {
        let mut policy = windows(Mode::Off);
        policy.lifecycle.delivery.implied_after_days = None;
        let at = ["01-01", "01-02"].map(noon);
        let mut run = ordered(&policy, &at[..days]);
        assert_eq!(run.customer.stage(), from);
        run.grant(noon("01-03"), request(noon("01-03"), Request::Decline));
        run.grant(noon("01-04"), request(noon("01-04"), Request::Recover));
        assert_eq!(run.customer.stage(), from);
    }
}

#[test]
fn a_rejected_delivery_is_healed_by_an_accepted_one_only() {
    let mut policy = windows(Mode::Off);
    policy.lifecycle.decline.rejected_delivery = Mode::Apply;
    let mut run = ordered(&policy, &[noon("01-01")]);
    run.grant(noon("01-02"), report(noon("01-02"), Signal::DeliveryRejected));
    assert_eq!(stages(&run).last(), Some(&(Stage::Declining, noon("01-02"))));
    assert_eq!(declining(&run).cause, DeclineCause::Delivery);
    // Neither time nor a second purchase day.
    run.grant(noon("02-20"), order(noon("02-20")));
    assert_eq!(run.customer.stage(), Stage::Declining);
    run.grant(noon("02-21"), report(noon("02-21"), Signal::DeliveryAccepted));
    assert_eq!(stages(&run).last(), Some(&(Stage::Growing, noon("02-21"))));
    assert_eq!(rules(&run), [LifecycleRule::DeliveryCause, LifecycleRule::DeliveryAccepted]);

    // An accepted delivery says nothing of a decline with another cause.
    let mut run = ordered(&policy, &[noon("01-01")]);
    run.grant(noon("01-02"), request(noon("01-02"), Request::Decline));
    run.grant(noon("01-03"), report(noon("01-03"), Signal::DeliveryAccepted));
    assert_eq!(run.customer.stage(), Stage::Declining);
}

#[test]
fn a_rejected_delivery_does_not_touch_the_mode_of_falling_purchases() {
    let mut policy = windows(Mode::Suggest);
    policy.lifecycle.decline.rejected_delivery = Mode::Apply;
    let mut run = bought(&policy);
    assert_eq!(run.run_due(noon("02-01")), Ok(Outcome::Unchanged), "a fall is only suggested");
    run.grant(noon("02-02"), report(noon("02-02"), Signal::DeliveryRejected));
    assert_eq!(declining(&run).cause, DeclineCause::Delivery);
    assert_eq!(rules(&run), [LifecycleRule::DeliveryRejected]);
}

/// What the policy only suggests, or does not use, is no cause of a move that it makes.
#[test]
fn a_rejected_delivery_is_the_cause_where_a_fall_is_not_judged() {
    for mode in [Mode::Suggest, Mode::Off] {
        let mut policy = windows(mode);
        policy.lifecycle.decline.rejected_delivery = Mode::Apply;
        let mut run = bought(&policy);
        // On this day purchases have fallen too.
        run.grant(noon("01-31"), report(noon("01-31"), Signal::DeliveryRejected));
        assert_eq!(declining(&run).cause, DeclineCause::Delivery);
        assert_eq!(rules(&run), [LifecycleRule::DeliveryRejected]);
        run.grant(noon("02-01"), report(noon("02-01"), Signal::DeliveryAccepted));
        assert_eq!(run.customer.stage(), Stage::Growing);
    }
}

#[test]
fn the_fork_is_a_choice_inside_a_decline() {
    let mut run = ordered(&windows(Mode::Off), &[noon("01-01")]);
    let choose = |at, choice| LifecycleCommand::Choose { occurred_at: at, choice }.into();
    let refused = run.ask(noon("01-02"), &choose(noon("01-02"), DeclineChoice::Reinvest));
    let stage = Stage::Onboarding;
    let not: DecideError = LifecycleError::NotDeclining { stage }.into();
    assert_eq!(refused, Err(not));
    run.grant(noon("01-03"), request(noon("01-03"), Request::Decline));
    let before = stages(&run);
    let again = choose(noon("01-04"), DeclineChoice::Reinvest);
    let _ = run.ask(noon("01-04"), &again).unwrap();
    assert_eq!(declining(&run).choice, Some(DeclineChoice::Reinvest));
    assert_eq!(run.ask(noon("01-05"), &again), Ok(Outcome::Unchanged));
    let _ = run.ask(noon("01-06"), &choose(noon("01-06"), DeclineChoice::LetGo)).unwrap();
    assert_eq!(declining(&run).choice, Some(DeclineChoice::LetGo));
    assert_eq!(stages(&run), before);
}

#[test]
fn the_least_dwell_holds_the_policy_back_and_nobody_else() {
    let mut policy = short();
    policy.lifecycle.dwell_days_min.insert(Stage::Onboarding, 5);
    let twice = [noon("01-01"), noon("01-02")];
    let mut run = ordered(&policy, &twice);
    assert_eq!(run.customer.stage(), Stage::Onboarding);
    assert_eq!(run.customer.wake_at(&run.books), Some(midnight("01-06")));
    let _ = run.run_due(noon("01-06")).unwrap();
    assert_eq!(stages(&run).last(), Some(&(Stage::Growing, midnight("01-06"))));
    assert_eq!(rules(&run), [LifecycleRule::SecondPurchase, LifecycleRule::Dwell]);

    // The customer's own word is not held back.
    let mut run = ordered(&policy, &twice);
    let cause = guanxi::lifecycle::LossCause::Competitor;
    run.grant(noon("01-03"), request(noon("01-03"), Request::Leave { cause }));
    assert_eq!(run.customer.lifecycle().position(), Position::Lost { cause });
}

/// The policy page says of the least dwell: facts and people are not held back by it.
#[test]
fn the_least_dwell_does_not_hold_people_back() {
    let mut policy = windows(Mode::Off);
    for stage in [Stage::Onboarding, Stage::Growing, Stage::Declining] {
        policy.lifecycle.dwell_days_min.insert(stage, 5);
    }
    let mut run = ordered(&policy, &[noon("01-01")]);
    run.grant(noon("01-02"), request(noon("01-02"), Request::Decline));
    assert_eq!(run.customer.stage(), Stage::Declining);
    run.grant(noon("01-03"), request(noon("01-03"), Request::Recover));
    assert_eq!(run.customer.stage(), Stage::Onboarding);
}

/// Back from a loss, into a decline and out of it again, all at one instant: the second entry into
/// Growing falls due one microsecond later, whoever runs first.
#[test]
fn the_policy_enters_no_stage_twice_at_one_instant() {
    let mut policy = short();
    policy.lifecycle.decline.rejected_delivery = Mode::Apply;
    let at = noon("01-20");
    let mut run = ordered(&policy, &[noon("01-01")]);
    run.grant(at, report(at, Signal::DeliveryRejected));
    run.grant(at, order(at));
    assert_eq!(stages(&run).last(), Some(&(Stage::Declining, at)));
    run.grant(at, report(at, Signal::DeliveryAccepted));
    assert_eq!(run.customer.stage(), Stage::Declining);
    assert_eq!(run.customer.wake_at(&run.books), Some(at.next()));
    let _ = run.run_due(at.next()).unwrap();
    let tail: Vec<_> = stages(&run).into_iter().skip(3).collect();
    let growing = [(Stage::Growing, at), (Stage::Declining, at), (Stage::Growing, at.next())];
    assert_eq!(tail, growing);
}
