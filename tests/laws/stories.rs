//! Single customers, from the sentences of the design page: facts, late facts, takeovers,
//! corrections.

use guanxi::customer::Admit;
use guanxi::explain::Measure;
use guanxi::lifecycle::{
    CorrectionReason, EndReason, Flag, LifecycleCommand, LifecycleError, LifecycleRule, LossCause,
    Mover, Position, Report, Request, Signal, Since,
};
use guanxi::machine::Refusal;
use guanxi::purchase::{Cancel, Opening, Order, PurchaseError, Return};
use guanxi::{
    Command, Currency, DecideError, Money, Outcome, Policy, Stage, Timestamp, Trigger, Zone,
};

use super::run::{Run, books, usd};

/// Noon of a day of 2026.
pub(super) fn noon(day: &str) -> Timestamp {
    format!("2026-{day}T12:00:00Z").parse().unwrap()
}

/// The first instant of a day of 2026.
pub(super) fn midnight(day: &str) -> Timestamp {
    format!("2026-{day}T00:00:00Z").parse().unwrap()
}

/// Silence of ten days loses a customer; nothing else is judged but delivery, and nobody is reviewed.
pub(super) fn short() -> Policy {
    let mut policy = Policy::new(Currency::USD);
    policy.review_every_days = None;
    let lapse = &mut policy.lifecycle.lapse;
    (lapse.floor_days, lapse.ceiling_days, lapse.without_cadence_days) = (10, 10, 10);
    policy
}

pub(super) fn order(at: Timestamp) -> Command {
    Order::new(at, usd(100)).into()
}

pub(super) fn report(at: Timestamp, signal: Signal) -> Command {
    LifecycleCommand::Report(Report::new(at, signal)).into()
}

pub(super) fn request(at: Timestamp, request: Request) -> Command {
    LifecycleCommand::Request { occurred_at: at, request }.into()
}

fn cancel(at: Timestamp, bought: Timestamp) -> Command {
    Cancel::new(at, Zone::UTC.day_of(bought), usd(100)).into()
}

/// A customer that ordered at each of these instants, reported when they were.
pub(super) fn ordered(policy: &Policy, at: &[Timestamp]) -> Run {
    let mut run = Run::new(books(policy));
    for at in at {
        run.grant(*at, order(*at));
    }
    run
}

pub(super) fn stages(run: &Run) -> Vec<(Stage, Timestamp)> {
    run.visits().iter().map(|visit| (visit.stage(), visit.at)).collect()
}

pub(super) fn rules(run: &Run) -> Vec<LifecycleRule> {
    let visit = run.visits().last().unwrap();
    visit.reasons.iter().map(|reason| reason.rule).collect()
}

fn flags(run: &Run) -> Vec<(Flag, u32)> {
    run.customer.lifecycle().flags().map(|(flag, raised)| (flag, raised.count)).collect()
}

#[test]
fn an_order_of_an_ended_customer_is_recorded_flagged_and_moves_nothing() {
    let mut run = ordered(&short(), &[noon("01-01")]);
    run.grant(noon("01-02"), request(noon("01-02"), Request::End { reason: EndReason::Abusive }));
    let before = run.track();
    for day in ["01-03", "01-04"] {
        run.grant(noon(day), order(noon(day)));
    }
    assert_eq!(run.track(), before);
    assert_eq!(run.customer.purchases().known(None).orders, 3);
    assert_eq!(flags(&run), [(Flag::OrderAfterEnd, 2)]);
    // Somebody sees to it; the next order raises it again.
    run.grant(noon("01-05"), LifecycleCommand::Acknowledge(Flag::OrderAfterEnd));
    assert_eq!(flags(&run), []);
    let again = run.ask(noon("01-05"), &LifecycleCommand::Acknowledge(Flag::OrderAfterEnd).into());
    assert_eq!(again, Err(LifecycleError::NoSuchFlag.into()));
    run.grant(noon("01-06"), order(noon("01-06")));
    assert_eq!(flags(&run), [(Flag::OrderAfterEnd, 1)]);
}

#[test]
fn only_requests_are_refused_with_the_stage_and_the_refusal() {
    let mut run = ordered(&short(), &[noon("01-01")]);
    let (stage, trigger) = (Stage::Onboarding, Trigger::Requalify);
    let refused = run.ask(noon("01-02"), &request(noon("01-02"), Request::Requalify));
    let refusal = Refusal::OutOfOrder;
    assert_eq!(refused, Err(LifecycleError::Refused { stage, trigger, refusal }.into()));
    run.grant(noon("01-03"), request(noon("01-03"), Request::End { reason: EndReason::Ceased }));
    let refused = run.ask(noon("01-04"), &request(noon("01-04"), Request::Engage));
    let (stage, trigger, refusal) = (Stage::Ended, Trigger::Engage, Refusal::Terminal);
    assert_eq!(refused, Err(LifecycleError::Refused { stage, trigger, refusal }.into()));
}

#[test]
fn silence_of_more_than_ten_days_falls_due_at_midnight_after_the_eleventh() {
    let mut run = ordered(&short(), &[noon("01-01")]);
    let due = midnight("01-12");
    assert_eq!(run.customer.wake_at(&run.books), Some(due));
    assert_eq!(run.run_due(due.previous()), Ok(Outcome::Unchanged));
    let _ = run.run_due(due).unwrap();
    assert_eq!(stages(&run).last(), Some(&(Stage::Lost, due)));
    let reason = run.visits().last().unwrap().reasons[0];
    assert_eq!((reason.observed, reason.limit), (Measure::Days(11), Measure::Days(10)));
    assert_eq!(run.visits().last().unwrap().mover, Mover::Policy);
}

#[test]
fn what_is_due_at_the_instant_of_a_fact_is_judged_with_the_fact() {
    let due = midnight("01-12");
    let at_due = ordered(&short(), &[noon("01-01"), due]);
    assert!(!stages(&at_due).iter().any(|(stage, _)| *stage == Stage::Lost));
    // One microsecond later the loss came first.
    let after = ordered(&short(), &[noon("01-01"), due.next()]);
    let tail: Vec<_> = stages(&after).into_iter().skip(2).collect();
    assert_eq!(tail, [(Stage::Lost, due), (Stage::Growing, due.next())]);
    assert_eq!(after.customer.lifecycle().episode().number, 2);
}

#[test]
fn business_days_are_those_of_the_zone() {
    let mut policy = short();
    policy.zone = Zone::fixed(8 * 60).unwrap();
    // 23:00 UTC is the next day in the east.
    let run = ordered(&policy, &["2026-01-01T23:00:00Z".parse().unwrap()]);
    assert_eq!(run.customer.wake_at(&run.books), Some("2026-01-12T16:00:00Z".parse().unwrap()));
}

#[test]
fn a_late_order_moves_a_lost_customer_only_if_it_would_not_be_lost_again_at_once() {
    // Lost on the 12th. An order of the 8th comes in on the 13th: silent for five days only.
    let mut run = ordered(&short(), &[noon("01-01")]);
    let _ = run.run_due(noon("01-12")).unwrap();
    let before = run.visits().to_vec();
    run.grant(noon("01-13"), order(noon("01-08")));
    assert_eq!(run.visits()[..before.len()], before);
    assert_eq!(stages(&run).last(), Some(&(Stage::Growing, noon("01-13"))));
    assert!(rules(&run).contains(&LifecycleRule::LateFact));
    let named = run.visits().last().unwrap().reasons.last().unwrap().observed;
    assert_eq!(named, Measure::Day("2026-01-08".parse().unwrap()));
    assert_eq!(flags(&run), []);

    // On the 19th, the eleventh day after it, it would be lost again at once.
    for (now, moved) in [("01-18", true), ("01-19", false)] {
        let mut run = ordered(&short(), &[noon("01-01")]);
        let _ = run.run_due(noon("01-12")).unwrap();
        run.grant(noon(now), order(noon("01-08")));
        assert_eq!(run.customer.stage() == Stage::Growing, moved, "{now}");
        assert_eq!(flags(&run).is_empty(), moved, "{now}");
        if !moved {
            assert_eq!(flags(&run), [(Flag::LateOrderWhileLost, 1)]);
        }
    }
}

#[test]
fn a_late_order_first_takes_the_customer_to_the_present() {
    // Nobody ran the scheduler: the customer is decided to the 5th, the loss of the 16th is not written.
    let mut run = ordered(&short(), &[noon("01-01"), noon("01-05")]);
    run.grant(noon("02-01"), order(noon("01-03")));
    let tail: Vec<_> = stages(&run).into_iter().skip(3).collect();
    assert_eq!(tail, [(Stage::Lost, midnight("01-16"))]);
    assert_eq!(flags(&run), [(Flag::LateOrderWhileLost, 1)]);
    assert_eq!(run.customer.advanced_to(), Some(noon("02-01")));
}

#[test]
fn an_unused_run_leaves_the_past_open() {
    let mut run = ordered(&short(), &[noon("01-01")]);
    assert_eq!(run.run_due(noon("01-09")), Ok(Outcome::Unchanged));
    let entry = run.grant(noon("01-09"), order(noon("01-05")));
    assert_eq!(stages(&run).last(), Some(&(Stage::Growing, noon("01-05"))));
    assert_eq!(entry.recorded_at, noon("01-09"));
    assert!(!rules(&run).contains(&LifecycleRule::LateFact));
}

#[test]
fn a_contract_holds_a_silent_customer_until_it_ends() {
    let mut policy = short();
    policy.lifecycle.lapse.contract.grace_days = 2;
    let mut run = ordered(&policy, &[noon("01-01")]);
    let ends = "2026-03-31".parse().unwrap();
    run.grant(noon("01-02"), report(noon("01-02"), Signal::Contract { ends }));
    let _ = run.run_due(midnight("04-03").previous()).unwrap();
    assert_eq!(run.customer.stage(), Stage::Growing);
    let _ = run.run_due(midnight("04-03")).unwrap();
    assert_eq!(
        run.customer.lifecycle().position(),
        Position::Lost { cause: LossCause::ContractEnd }
    );
    assert_eq!(rules(&run), [LifecycleRule::ContractEnded]);

    // A renewal in time keeps the customer.
    let mut renewed = ordered(&policy, &[noon("01-01")]);
    renewed.grant(noon("01-02"), report(noon("01-02"), Signal::Contract { ends }));
    let ends = "2026-06-30".parse().unwrap();
    renewed.grant(noon("03-01"), report(noon("03-01"), Signal::Contract { ends }));
    assert_eq!(renewed.customer.wake_at(&renewed.books), Some(midnight("07-03")));
}

#[test]
fn a_second_purchase_day_implies_delivery() {
    let mut policy = short();
    policy.lifecycle.delivery.implied_after_days = None;
    let same_day = ordered(&policy, &[midnight("01-01"), noon("01-01")]);
    assert_eq!(same_day.customer.stage(), Stage::Onboarding);
    let second_day = ordered(&policy, &[noon("01-01"), noon("01-02")]);
    assert_eq!(stages(&second_day).last(), Some(&(Stage::Growing, noon("01-02"))));
    assert_eq!(rules(&second_day), [LifecycleRule::SecondPurchase]);
}

#[test]
fn cancelling_the_only_order_unwinds_the_purchase() {
    let mut run = ordered(&short(), &[noon("01-01"), noon("01-01")]);
    run.grant(noon("01-02"), cancel(noon("01-02"), noon("01-01")));
    assert_eq!(run.customer.stage(), Stage::Onboarding, "one order is kept");
    run.grant(noon("01-03"), cancel(noon("01-03"), noon("01-01")));
    assert_eq!(stages(&run).last(), Some(&(Stage::Considering, noon("01-03"))));
    assert_eq!(rules(&run), [LifecycleRule::NoOrderLeft]);
    // A return is no cancellation: the order was.
    let mut run = ordered(&short(), &[noon("01-01")]);
    let day = Zone::UTC.day_of(noon("01-01"));
    run.grant(noon("01-02"), Return::new(noon("01-02"), day, usd(100)));
    assert_eq!(run.customer.stage(), Stage::Onboarding);
    let refused = run.ask(noon("01-03"), &Return::new(noon("01-03"), day, usd(1)).into());
    let nothing = PurchaseError::NothingToReturn { purchase_day: day, left: usd(0) };
    assert_eq!(refused, Err(nothing.into()));
}

#[test]
fn cancelling_the_only_order_of_a_lost_customer_is_flagged() {
    let mut run = ordered(&short(), &[noon("01-01")]);
    let _ = run.run_due(noon("01-12")).unwrap();
    run.grant(noon("01-13"), cancel(noon("01-13"), noon("01-01")));
    assert_eq!(run.customer.stage(), Stage::Lost);
    assert_eq!(flags(&run), [(Flag::UnwoundWhileLost, 1)]);
}

#[test]
fn an_opening_balance_counts_and_is_never_unwound() {
    let mut policy = short();
    policy.lifecycle.lapse.ceiling_days = 100;
    let (first, last) = ("2025-11-21".parse().unwrap(), "2025-12-31".parse().unwrap());
    let opening = Opening::new(5, 5, usd(500), Some(first), Some(last)).unwrap();
    let mut run = Run::new(books(&policy));
    run.grant(
        noon("01-01"),
        Command::Admit(Admit::new(noon("01-01"), Position::Loyal).with_opening(opening)),
    );
    // Four gaps in forty days, three times ten days of silence: due on the 31st day.
    assert_eq!(run.customer.wake_at(&run.books), Some(midnight("01-31")));
    run.grant(noon("01-02"), order(noon("01-02")));
    run.grant(noon("01-03"), cancel(noon("01-03"), noon("01-02")));
    assert_eq!(run.customer.stage(), Stage::Loyal);
    let again = run.ask(noon("01-04"), &Command::Admit(Admit::new(noon("01-04"), Position::Loyal)));
    assert_eq!(again, Err(DecideError::AlreadyAdmitted));
}

#[test]
fn an_unknown_start_stays_unknown() {
    let mut run = Run::new(books(&short()));
    run.grant(noon("01-01"), Command::Admit(Admit::new(noon("01-01"), Position::Growing)));
    let visit = &run.visits()[0];
    assert_eq!((visit.since, visit.at), (Since::Unknown, noon("01-01")));
    let view = run.customer.at(noon("01-05"), Zone::UTC);
    let dwell = view.dwell(Stage::Growing);
    assert_eq!((dwell.visits, dwell.latest_days, dwell.unknown_visits), (1, None, 1));
    assert_eq!(run.customer.at(noon("01-01").previous(), Zone::UTC).stage(), None);

    let mut known = Run::new(books(&short()));
    let admit = Admit::new(noon("02-01"), Position::Growing);
    known.grant(noon("02-01"), Command::Admit(admit.clone().with_since(noon("01-01"))));
    assert_eq!(known.customer.at(noon("01-15"), Zone::UTC).stage(), Some(Stage::Growing));
    let (since, at) = (noon("02-02"), noon("02-01"));
    let refused = Run::new(books(&short())).ask(at, &Command::Admit(admit.with_since(since)));
    assert_eq!(refused, Err(DecideError::SinceAfterAdmission { since, at }));
}

#[test]
fn a_correction_shows_for_ever_and_holds_until_something_is_heard() {
    let mut policy = short();
    policy.lifecycle.loyalty.orders_min = 1;
    policy.lifecycle.loyalty.tenure_days_min = 0;
    let mut run = ordered(&policy, &[noon("01-01"), noon("01-02")]);
    assert_eq!(run.customer.stage(), Stage::Loyal);
    let reason = CorrectionReason::PolicyMisjudged;
    run.grant(noon("01-03"), LifecycleCommand::Correct { to: Position::Growing, reason });
    // Loyalty is met, but the policy does not take the correction back.
    assert_eq!(run.run_due(noon("01-10")), Ok(Outcome::Unchanged));
    // Silence counts from the correction.
    assert_eq!(run.customer.wake_at(&run.books), Some(midnight("01-14")));
    run.grant(noon("01-11"), report(noon("01-11"), Signal::ReviewOpened));
    assert_eq!(stages(&run).last(), Some(&(Stage::Loyal, noon("01-11"))));
    let corrected: Vec<_> = run.visits().iter().filter_map(|visit| visit.correction()).collect();
    assert_eq!(corrected, [reason]);
    let same = LifecycleCommand::Correct { to: Position::Loyal, reason };
    assert_eq!(run.ask(noon("01-12"), &same.into()), Ok(Outcome::Unchanged));
}

#[test]
fn a_fact_beyond_the_tolerance_is_refused() {
    let policy = short();
    let now = noon("01-01");
    let latest = now.saturating_add_seconds(policy.future_tolerance_seconds.into());
    let mut run = Run::new(books(&policy));
    let occurred_at = latest.next();
    let refused = run.ask(now, &order(occurred_at));
    assert_eq!(refused, Err(DecideError::InTheFuture { occurred_at, latest }));
    assert!(!run.customer.is_known());
    // Within it, the recording is never before the fact.
    let entry = run.grant(now, order(latest));
    assert_eq!(entry.recorded_at, latest);
}

#[test]
fn currencies_do_not_mix() {
    let mut run = Run::new(books(&short()));
    let eur = Money::from_minor(100, Currency::EUR);
    let bare = run.ask(noon("01-01"), &Order::new(noon("01-01"), eur).into());
    let (given, base) = (Currency::EUR, Currency::USD);
    assert_eq!(bare, Err(PurchaseError::BaseMissing { given, base }.into()));
    let worth = Order::new(noon("01-01"), eur).with_base(usd(110));
    run.grant(noon("01-01"), worth);
    assert_eq!(run.customer.purchases().up_to("2026-01-01".parse().unwrap()).gross, 110);
    let opening = Opening::new(1, 1, eur, None, None).unwrap();
    let admit = Admit::new(noon("01-01"), Position::Growing).with_opening(opening);
    let refused = Run::new(books(&short())).ask(noon("01-01"), &Command::Admit(admit));
    assert_eq!(refused, Err(PurchaseError::BaseCurrency { given, base }.into()));
}

#[test]
fn no_stage_is_entered_twice_at_one_instant() {
    let at = noon("01-01");
    let mut run = Run::new(books(&short()));
    run.grant(at, request(at, Request::Engage));
    run.grant(at, request(at, Request::Evaluate));
    run.grant(at, request(at, Request::Cool));
    let expected = [
        (Stage::Prospect, at),
        (Stage::Aware, at),
        (Stage::Considering, at),
        (Stage::Aware, at.next()),
    ];
    assert_eq!(stages(&run), expected);
}

/// The example of docs/lifecycle.md.
#[test]
fn silence_is_allowed_as_the_page_computes_it() {
    let days = ["01-01", "01-31", "03-02"].map(noon);
    let mut run = ordered(&Policy::new(Currency::USD), &days);
    let due = run.customer.progression(run.books.latest()).next_at(midnight("03-03"));
    assert_eq!(due, Some(midnight("06-01")));
    // Bought on that very day, and kept.
    run.grant(midnight("06-01"), order(midnight("06-01")));
    assert_eq!(run.customer.stage(), Stage::Growing);
}
