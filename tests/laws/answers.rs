//! Answers through the hall: measured from the ledger, compared with the base, reviewed.

use std::collections::BTreeMap;

use guanxi::customer::Fact;
use guanxi::explain::{BasisPoints, Points};
use guanxi::lifecycle::{LifecycleCommand, Request};
use guanxi::portfolio::Portfolio;
use guanxi::purchase::Order;
use guanxi::rank::Ties;
use guanxi::rulebook::Calibration;
use guanxi::tier::{Tier, TierAnswer, TierCriterion, TierMeasure, TierMethod, TierOutside};
use guanxi::time::Lookback;
use guanxi::value::{RfmMethod, ValueAnswer, ValueOutside};
use guanxi::{
    Actor, Command, CommandId, Context, Currency, Customer, Day, DecideError, Event, Money,
    Outcome, Policy, Rulebook, Rulebooks, Timestamp, Zone,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::cdnow;
use super::generate::{cases, histories, policies};
use super::random::customer;
use super::run::{Run, books, tasks};

const END: &str = "1998-06-30T23:59:59Z";

pub(super) fn end() -> Timestamp {
    END.parse().unwrap()
}

pub(super) fn context(now: Timestamp) -> Context {
    Context::new(now, Actor::System, CommandId::derive("laws", &now.to_string()))
}

/// The policy with the tie rules of the reference.
pub(super) fn policy() -> Policy {
    let mut policy = Policy::new(Currency::USD);
    policy.value.rfm.method = RfmMethod::Quantiles { groups: 5, ties: Ties::GreaterKeyBetter };
    policy.tier.basis.method = TierMethod::ShareOfValue {
        a: BasisPoints(8_000),
        b: BasisPoints(9_500),
        ties: Ties::SmallerKeyBetter,
    };
    policy
}

pub(super) fn book(policy: Policy) -> Rulebook {
    Rulebook::new(policy, Timestamp::MIN).unwrap()
}

/// Every customer of CDNOW with all its orders, told on the last day.
fn base(books: &Rulebooks) -> Vec<Customer> {
    base_until(cdnow::last_day(), books)
}

/// Every customer of CDNOW with its orders until the end of a day, told on that day.
pub(super) fn base_until(last: Day, books: &Rulebooks) -> Vec<Customer> {
    let mut orders: BTreeMap<u128, Vec<Fact>> = BTreeMap::new();
    let until_then = |purchase: &cdnow::Purchase| purchase.day <= last;
    for cdnow::Purchase { number, day, cents } in cdnow::purchases().into_iter().filter(until_then)
    {
        let paid = Money::from_minor(cents, Currency::USD);
        let order = Order::new(Zone::UTC.start_of(day), paid);
        orders.entry(number).or_default().push(Fact::Purchase(order.into()));
    }
    let told = |(number, facts): (u128, Vec<Fact>)| {
        let mut customer = Customer::unknown(customer(number));
        let told = context(Zone::UTC.end_of(last));
        let _ = customer.decide(&Command::Import(facts), &told, books).unwrap();
        customer
    };
    orders.into_iter().map(told).collect()
}

pub(super) fn calibrate<'a>(
    book: &Rulebook,
    base: impl IntoIterator<Item = &'a Customer>,
) -> Calibration {
    let mut portfolio = Portfolio::new(book, end());
    base.into_iter().for_each(|customer| portfolio.add(customer));
    portfolio.calibrate()
}

#[test]
fn through_ledger_and_base_cdnow_has_the_grades_and_tiers_of_the_reference() {
    let (book, reference) = (book(policy()), cdnow::reference());
    let alone = Rulebooks::from(book.clone());
    let mut base = base(&alone);
    let calibration = calibrate(&book, &base);
    assert_eq!(calibration, calibrate(&book, base.iter().rev()), "the order does not matter");
    let stored = Calibration::from_document(calibration.document().to_vec()).unwrap();
    assert_eq!((stored.id(), &stored), (calibration.id(), &calibration));

    let books = alone.with_calibration(stored);
    let (mut cells, mut tiers, mut cents) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for customer in &mut base {
        let verdict = customer.verdict(end(), &books).unwrap();
        let rfm = verdict.rfm.value().unwrap();
        *cells.entry(format!("{}{}{}", rfm.recency, rfm.frequency, rfm.monetary)).or_insert(0) += 1;
        let tier = verdict.tier.tier.value().unwrap().to_string();
        *tiers.entry(tier.clone()).or_insert(0) += 1;
        *cents.entry(tier).or_insert(0) += customer.purchases().up_to(cdnow::last_day()).net;

        // A review records what was said, and changes nothing of it on the same day.
        let _ = customer.decide(&Command::Review, &context(end()), &books).unwrap();
        assert_eq!(customer.reviews().tier(), verdict.tier.tier.value());
        assert_eq!(customer.verdict(end(), &books).unwrap().tier.tier, verdict.tier.tier);
    }
    assert_eq!(json!(cells), reference["rfm_cells"]);
    assert_eq!(json!(tiers), reference["tiers"]);
    assert_eq!(json!(cents), reference["tier_cents"]);
}

#[test]
fn the_parts_of_every_answer_about_cdnow_add_up() {
    let book = book(Policy::new(Currency::USD));
    let alone = Rulebooks::from(book.clone());
    let base = base(&alone);
    let books = alone.with_calibration(calibrate(&book, &base));
    let (mut scored, mut judged) = (0, 0);
    for customer in &base {
        let assessment = customer.assess(end(), &books).unwrap();
        let score = assessment.score.value.value().unwrap();
        assert_eq!(assessment.score.total(), Some(score.total()));
        assert!((0..=100_000).contains(&score.total().0));
        scored += 1;
        let Some(level) = assessment.risk.value.risk.level() else { continue };
        assert_eq!(assessment.risk.total(), Some(level.score));
        assert!((0..=100_000).contains(&level.score.0));
        judged += 1;
        let grades = assessment.rfm.value.value().unwrap();
        assert_eq!(assessment.rfm.total(), Some(Points(i64::from(grades.sum()) * 1_000)));
    }
    assert_eq!(scored, 2_357);
    assert_eq!(judged, 2_357);
}

#[test]
fn a_calibration_answers_for_the_policies_that_share_its_basis_and_for_no_earlier_instant() {
    let first = book(policy());
    let alone = Rulebooks::from(first.clone());
    let base: Vec<Customer> = base(&alone).into_iter().take(50).collect();
    let calibration = calibrate(&first, &base);
    let verdict = |policy: Policy, at| {
        let books = Rulebooks::from(book(policy)).with_calibration(calibration.clone());
        let mut customer = Customer::unknown(customer(7));
        let paid = Money::from_minor(500, Currency::USD);
        let day: Timestamp = "1998-01-01T00:00:00Z".parse().unwrap();
        let _ = customer.decide(&Order::new(day, paid).into(), &context(day), &books).unwrap();
        customer.verdict(at, &books).unwrap()
    };
    let outside = |policy: Policy, at| {
        let verdict = verdict(policy, at);
        (verdict.rfm.value().is_some(), verdict.tier.tier.value().is_some())
    };
    assert_eq!(outside(policy(), end()), (true, true));
    assert_eq!(outside(policy(), end().previous()), (false, false), "it was not taken yet");

    let mut patient = policy();
    patient.lifecycle.lapse.floor_days = 90;
    patient.churn.bands.high_from = 60;
    patient.value.value_type.current_high_min = Points(40_000);
    assert_eq!(outside(patient, end()), (true, true), "no cut depends on that");
    let mut yearly = policy();
    yearly.value.rfm.window = Lookback::Days(365);
    assert_eq!(outside(yearly, end()), (false, true));
    let mut stricter = policy();
    stricter.tier.basis.window = Lookback::Days(365);
    assert_eq!(outside(stricter, end()), (true, false));

    // Cuts on the score depend on the scorecard, and cuts on revenue do not.
    let mut scored = policy();
    scored.tier.basis.criterion = TierCriterion::One(TierMeasure::ValueScore);
    let mut otherwise = scored.clone();
    otherwise.value.scorecard.window = Lookback::Days(365);
    assert_ne!(scored.basis().tier, otherwise.basis().tier);
    let mut revenue = policy();
    revenue.value.scorecard.window = Lookback::Days(365);
    assert_eq!(revenue.basis().tier, policy().basis().tier);

    let mut stricter = policy();
    stricter.tier.basis.window = Lookback::Days(365);
    let found = verdict(stricter, end());
    assert_eq!(found.tier.plain, TierAnswer::Outside(TierOutside::OtherPolicy));
    let early = verdict(policy(), end().previous());
    assert_eq!(early.rfm, ValueAnswer::Outside(ValueOutside::NotCalibrated));
}

#[test]
fn a_newer_calibration_of_another_basis_does_not_hide_the_one_that_fits() {
    let mut yearly = policy();
    yearly.value.rfm.window = Lookback::Days(365);
    let (ours, other) = (book(policy()), book(yearly));
    let at = end().saturating_add_seconds(1);
    let base: Vec<Customer> = base(&ours.clone().into()).into_iter().take(50).collect();
    let mut newer = Portfolio::new(&other, at);
    base.iter().for_each(|customer| newer.add(customer));
    let fitting = Rulebooks::from(ours.clone()).with_calibration(calibrate(&ours, &base));
    let both = fitting.clone().with_calibration(newer.calibrate());
    for customer in &base {
        let (alone, found) = (customer.verdict(at, &fitting), customer.verdict(at, &both));
        assert!(alone.as_ref().is_ok_and(|verdict| verdict.rfm.value().is_some()));
        assert_eq!(found, alone);
    }
}

/// A base of one with its own calibration, so that every answer has something to say.
fn compared(run: &Run, policy: &Policy, at: Timestamp) -> Rulebooks {
    let book = book(policy.clone());
    let mut portfolio = Portfolio::new(&book, at);
    portfolio.add(&run.customer);
    run.books.clone().with_calibration(portfolio.calibrate())
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_verdict_is_an_assessment_without_reasons(
        policy in policies(), steps in histories(), days in 0_i64..200,
    ) {
        let run = Run::of(&books(&policy), &tasks(&steps, policy.zone));
        let Some(recorded_at) = run.customer.recorded_at() else { return Ok(()) };
        // Reviewed, so that there is something to remember.
        let mut customer = run.customer.clone();
        let then = compared(&run, &policy, recorded_at);
        let _ = customer.decide(&Command::Review, &context(recorded_at), &then);
        let at = recorded_at.saturating_add_seconds(days * 86_400);
        let books = compared(&run, &policy, at);
        let assessment = customer.assess(at, &books).unwrap();
        let verdict = customer.verdict(at, &books).unwrap();
        prop_assert_eq!(verdict.stage, assessment.stage.value);
        prop_assert_eq!(verdict.rfm, assessment.rfm.value);
        prop_assert_eq!(verdict.score, assessment.score.value);
        prop_assert_eq!(verdict.value_type, assessment.value_type.value);
        prop_assert_eq!(verdict.tier, assessment.tier.value);
        prop_assert_eq!(verdict.risk, assessment.risk.value);
        for answer_ids in [assessment.rfm.ids, assessment.tier.ids, assessment.risk.ids] {
            prop_assert_eq!(answer_ids.calibration, books.calibrations().map(Calibration::id).next_back());
        }
    }

    /// What is measured on a day is what a journal tells that has nothing dated later.
    #[test]
    fn what_is_measured_cannot_see_the_future(
        policy in policies(), steps in histories(), cut in 0_usize..30,
    ) {
        let all = tasks(&steps, policy.zone);
        let Some(task) = all.get(cut) else { return Ok(()) };
        let day = policy.zone.day_of(task.now);
        let run = Run::of(&books(&policy), &all);
        let past = run.journal.iter().cloned().map(|mut entry| {
            entry.events.retain(|event| match event {
                Event::Admitted(_) => true,
                Event::Purchase(event) => event.day() <= day,
                Event::Observed(event) => event.day <= day,
                _ => false,
            });
            entry
        });
        let then = Customer::fold(run.customer.id(), &past.collect::<Vec<_>>());
        let at = policy.zone.end_of(day);
        let (then, now) = (then.measured(at, &policy), run.customer.measured(at, &policy));
        prop_assert_eq!(then.rfm, now.rfm);
        prop_assert_eq!(then.score, now.score);
        prop_assert_eq!(then.tier, now.tier);
        prop_assert_eq!(then.potential, now.potential);
        let (then, mut now) = (then.churn, now.churn);
        // The lifecycle keeps the latest signal alone.
        now.signals.satisfaction = then.signals.satisfaction;
        now.signals.contract_ends = then.signals.contract_ends;
        prop_assert_eq!(then, now);
    }

    /// A review is remembered, and made once.
    #[test]
    fn a_review_records_what_a_verdict_says(
        policy in policies(), steps in histories(), days in 0_i64..90,
    ) {
        let run = Run::of(&books(&policy), &tasks(&steps, policy.zone));
        if !run.customer.is_admitted() {
            return Ok(());
        }
        let recorded_at = run.customer.recorded_at().unwrap();
        let at = recorded_at.saturating_add_seconds(days * 86_400);
        let books = compared(&run, &policy, at);
        let mut customer = run.customer.clone();
        let Outcome::Changed(change) = customer.decide(&Command::Review, &context(at), &books).unwrap()
        else {
            panic!("a review is news");
        };
        let before = run.customer.verdict(at, &books).unwrap();
        let review = customer.reviews().last().unwrap();
        prop_assert_eq!(review.at, change.entry.recorded_at);
        prop_assert_eq!(review.tier, before.tier.reviewed);
        prop_assert_eq!(review.risk, before.risk.state);
        prop_assert_eq!(review.calibration, books.calibrations().map(Calibration::id).next_back());
        let restored =
            Customer::from_parts(customer.id(), customer.revision(), &customer.to_parts());
        prop_assert_eq!(restored.as_ref(), Ok(&customer));
        let after = customer.verdict(at, &books).unwrap();
        prop_assert_eq!(after.tier.tier, before.tier.tier);
        prop_assert_eq!(after.risk.state, before.risk.state);
    }
}

#[test]
fn a_calibration_that_is_none_is_refused_by_line_and_column() {
    let wrong: Value = json!({ "taken_at": END });
    let error = Calibration::from_document(wrong.to_string().into_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "the document is not a calibration, line 1, column 35");
}

fn told(policy: Policy, day: &str) -> (Customer, Rulebooks) {
    let books = Rulebooks::from(book(policy));
    let mut customer = Customer::unknown(customer(7));
    let paid = Money::from_minor(500, Currency::USD);
    let at: Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
    let _ = customer.decide(&Order::new(at, paid).into(), &context(at), &books).unwrap();
    (customer, books)
}

fn midnight(day: &str) -> Timestamp {
    format!("{day}T00:00:00Z").parse().unwrap()
}

#[test]
fn no_answer_is_given_for_an_instant_before_the_last_review() {
    let (mut customer, books) = told(Policy::new(Currency::USD), "1998-01-10");
    let reviewed_at = midnight("1998-03-01");
    let _ = customer.decide(&Command::Review, &context(reviewed_at), &books).unwrap();
    let earlier = customer.assess(midnight("1998-02-20"), &books).unwrap_err();
    assert!(
        matches!(earlier, DecideError::AlreadyDecided { advanced_to, .. } if advanced_to == reviewed_at)
    );
    assert!(customer.verdict(reviewed_at, &books).is_ok());
}

#[test]
fn a_policy_without_reviews_remembers_none() {
    let remembers = |every_days| {
        let mut policy = Policy::new(Currency::USD);
        policy.review_every_days = every_days;
        let (mut customer, books) = told(policy, "1998-01-10");
        let early = midnight("1998-01-11");
        let _ = customer.decide(&Command::Review, &context(early), &books).unwrap();
        let later = customer.verdict(midnight("1998-01-12"), &books).unwrap();
        later.risk.state.unwrap().since == early
    };
    assert_eq!([remembers(Some(30)), remembers(None)], [true, false]);
}

#[test]
fn nobody_is_reviewed_before_the_first_purchase() {
    let books = Rulebooks::from(book(Policy::new(Currency::USD)));
    let mut lead = Customer::unknown(customer(8));
    let (occurred_at, request) = (midnight("1998-01-10"), Request::Engage);
    let engage = LifecycleCommand::Request { occurred_at, request };
    let _ = lead.decide(&engage.into(), &context(occurred_at), &books).unwrap();
    assert_eq!(lead.wake_at(&books), None);
    let paid = Money::from_minor(500, Currency::USD);
    let at = midnight("1998-06-01");
    let _ = lead.decide(&Order::new(at, paid).into(), &context(at), &books).unwrap();
    assert!(lead.next_review_at(books.latest()).is_some());
}

/// Leads bring nothing, and must not fill the best share of the customers.
#[test]
fn leads_make_nobody_an_a() {
    let mut policy = Policy::new(Currency::USD);
    policy.tier.basis.method = TierMethod::ShareOfCustomers {
        a: BasisPoints(2_000),
        b: BasisPoints(5_000),
        ties: Ties::SmallerKeyBetter,
    };
    let ranked = book(policy);
    let books = Rulebooks::from(ranked.clone());
    let mut portfolio = Portfolio::new(&ranked, end());
    let mut base = Vec::new();
    for number in 1..=100_u32 {
        let mut one = Customer::unknown(customer(number.into()));
        let at = midnight("1998-06-01");
        let command = if number <= 10 {
            Order::new(at, Money::from_minor(i64::from(number) * 100, Currency::USD)).into()
        } else {
            LifecycleCommand::Request { occurred_at: at, request: Request::Engage }.into()
        };
        let _ = one.decide(&command, &context(at), &books).unwrap();
        portfolio.add(&one);
        base.push(one);
    }
    let books = books.with_calibration(portfolio.calibrate());
    let tiers = base.iter().map(|one| one.verdict(end(), &books).unwrap().tier.tier.value());
    let count =
        |tiers: &[Option<Tier>], tier| tiers.iter().filter(|one| **one == Some(tier)).count();
    let tiers: Vec<_> = tiers.collect();
    assert_eq!(Tier::ALL.map(|tier| count(&tiers, tier)), [2, 3, 95]);
}
