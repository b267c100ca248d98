//! The door, and the rows behind it.

use super::*;
use crate::explain::{BasisPoints, Language, Speak};
use crate::money::{Currency, Money};
use crate::slot::Slot;
use crate::time::{Day, Timestamp, Zone};

const USD: Currency = Currency::USD;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn noon(text: &str) -> Timestamp {
    Zone::UTC.start_of(day(text)).saturating_add_seconds(43_200)
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, USD)
}

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn ask(observation: Observation) -> Result<ObservationEvent, ObservationError> {
    decide(&observation, USD, Zone::UTC)
}

fn seen(observed: Observed) -> Result<ObservationEvent, ObservationError> {
    ask(Observation::new(noon("2026-03-10"), observed))
}

/// One figure of every kind.
fn figures() -> [Observed; 13] {
    [
        Observed::Margin(usd(-5)),
        Observed::CostToServe(usd(5)),
        Observed::ReferredRevenue(usd(5)),
        Observed::Referrals(5),
        Observed::BusinessSize(5),
        Observed::Potential(5),
        Observed::Usage(BasisPoints(5)),
        Observed::UsageTrend(BasisPoints(5)),
        Observed::ComplaintsOpen(5),
        Observed::PaymentOverdueSince(Some(day("2026-03-01"))),
        Observed::FailedPayments(5),
        Observed::SponsorGone(true),
        Observed::Own { slot: Slot::FIRST, value: -5 },
    ]
}

/// A base of millions of customers is held in memory: a row must not grow unnoticed.
#[test]
fn a_row_takes_40_bytes_and_nothing_told_takes_a_vector() {
    assert_eq!(size_of::<ObservationEvent>(), 40);
    assert_eq!(size_of::<Observations>(), size_of::<Vec<ObservationEvent>>());
}

#[test]
fn figures_are_of_every_kind_and_kinds_are_named_as_json_names_them() {
    assert_eq!(figures().map(Observed::kind), ObservationKind::ALL);
    for observed in figures() {
        let json = serde_json::to_value(observed).unwrap();
        let (name, _) = json.as_object().unwrap().iter().next().unwrap();
        let kind = observed.kind().to_string();
        assert_eq!(kind.split(' ').next(), Some(name.as_str()));
        assert_eq!(serde_json::from_value::<Observed>(json).unwrap(), observed);
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|language| observed.kind().text(language));
        assert!(english.is_ascii() && !chinese.is_ascii(), "{english} {chinese}");
    }
}

#[test]
fn the_business_day_is_that_of_the_zone_or_the_one_given() {
    let late = Zone::UTC.start_of(day("2026-03-11")).previous();
    let observation = Observation::new(late, Observed::Referrals(1));
    let fixed = |minutes| decide(&observation, USD, Zone::fixed(minutes).unwrap()).unwrap().day;
    assert_eq!((fixed(0), fixed(480)), (day("2026-03-10"), day("2026-03-11")));
    assert_eq!(ask(observation.with_day(day("2026-03-09"))).unwrap().day, day("2026-03-09"));
    let refused = ask(observation.with_day(day("2026-03-12")));
    assert!(matches!(refused, Err(ObservationError::DayTooFar(_))), "{refused:?}");
}

#[test]
fn only_a_margin_and_own_measures_may_be_negative() {
    for refused in [
        Observed::CostToServe(usd(-1)),
        Observed::CostToServe(eur(-1)),
        Observed::ReferredRevenue(usd(-1)),
        Observed::BusinessSize(-1),
        Observed::Usage(BasisPoints(-1)),
        Observed::UsageTrend(BasisPoints(-1)),
    ] {
        assert_eq!(seen(refused), Err(ObservationError::Negative { kind: refused.kind() }));
    }
    for recorded in [
        Observed::CostToServe(usd(0)),
        Observed::ReferredRevenue(usd(0)),
        Observed::BusinessSize(0),
        Observed::Usage(BasisPoints(0)),
        Observed::UsageTrend(BasisPoints(0)),
        Observed::Margin(usd(i64::MIN)),
        Observed::Own { slot: Slot::FIRST, value: i64::MIN },
    ] {
        assert_eq!(seen(recorded).unwrap().observed, recorded);
    }
}

#[test]
fn a_potential_is_at_most_100() {
    assert!(seen(Observed::Potential(100)).is_ok());
    let refused = Err(ObservationError::PotentialAboveScale { given: 101 });
    assert_eq!(seen(Observed::Potential(101)), refused);
}

#[test]
fn no_payment_is_overdue_ahead_of_its_observation() {
    let overdue = |since| seen(Observed::PaymentOverdueSince(since));
    assert!(overdue(None).is_ok());
    assert!(overdue(Some(day("2026-03-10"))).is_ok());
    let (since, day) = (day("2026-03-11"), day("2026-03-10"));
    assert_eq!(overdue(Some(since)), Err(ObservationError::OverdueAhead { since, day }));
}

#[test]
fn amounts_are_recorded_in_the_base_currency() {
    let margin = |amount, worth: Option<Money>| {
        let observation = Observation::new(noon("2026-03-10"), Observed::Margin(amount));
        ask(worth.map_or(observation, |worth| observation.with_base(worth)))
            .map(|event| event.observed)
    };
    assert_eq!(margin(usd(5), None), Ok(Observed::Margin(usd(5))));
    assert_eq!(margin(usd(5), Some(usd(5))), Ok(Observed::Margin(usd(5))));
    assert_eq!(margin(eur(5), Some(usd(6))), Ok(Observed::Margin(usd(6))));
    assert_eq!(margin(eur(-5), Some(usd(-6))), Ok(Observed::Margin(usd(-6))));
    assert_eq!(margin(eur(-1), Some(usd(0))), Ok(Observed::Margin(usd(0))));
    let (given, base) = (Currency::EUR, USD);
    assert_eq!(margin(eur(5), None), Err(ObservationError::BaseMissing { given, base }));
    let refused = margin(usd(5), Some(eur(5)));
    assert_eq!(refused, Err(ObservationError::BaseCurrency { given, base }));
    for (amount, base) in [(usd(5), usd(6)), (eur(0), usd(1)), (eur(5), usd(-6)), (eur(-5), usd(6))]
    {
        let refused = margin(amount, Some(base));
        assert_eq!(refused, Err(ObservationError::BaseDiffers { amount, base }));
    }
}

#[test]
fn what_is_no_amount_has_no_base_amount() {
    let (amounts, others): (Vec<_>, Vec<_>) =
        figures().into_iter().partition(|seen| seen.kind() <= ObservationKind::ReferredRevenue);
    let refused =
        |observed: Observed| ask(Observation::new(noon("2026-03-10"), observed).with_base(usd(5)));
    assert_eq!((amounts.len(), others.len()), (3, 10));
    for observed in others {
        let kind = observed.kind();
        assert_eq!(refused(observed), Err(ObservationError::BaseUnneeded { kind }));
    }
    for observed in amounts {
        let unneeded = matches!(refused(observed), Err(ObservationError::BaseUnneeded { .. }));
        assert!(!unneeded, "{observed:?}");
    }
}

#[test]
fn of_one_day_the_later_instant_counts_and_of_one_instant_the_greater_figure() {
    let (at, on) = (noon("2026-03-10"), day("2026-03-10"));
    let event = |at, observed| ObservationEvent::new(at, on, observed);
    let overdue = |since: Option<&str>| Observed::PaymentOverdueSince(since.map(day));
    for (winner, loser) in [
        (event(at.next(), Observed::Referrals(1)), event(at, Observed::Referrals(2))),
        (event(at, Observed::Referrals(2)), event(at, Observed::Referrals(1))),
        (event(at, Observed::SponsorGone(true)), event(at, Observed::SponsorGone(false))),
        (event(at, overdue(Some("2026-01-01"))), event(at, overdue(None))),
        (event(at, overdue(Some("2026-01-02"))), event(at, overdue(Some("2026-01-01")))),
        (event(at, Observed::Margin(usd(5))), event(at, Observed::Margin(eur(5)))),
    ] {
        for order in [[winner, loser], [loser, winner]] {
            let mut observations = Observations::default();
            order.iter().for_each(|event| observations.apply(event));
            assert_eq!(observations.history(winner.kind()), [winner]);
        }
    }
}

#[test]
fn figures_that_nobody_decided_are_recorded_without_a_panic() {
    let mut observations = Observations::default();
    for observed in [
        Observed::Potential(255),
        Observed::Usage(BasisPoints(i64::MIN)),
        Observed::PaymentOverdueSince(Some(Day::MAX)),
    ] {
        observations.apply(&ObservationEvent::new(Timestamp::MIN, Day::MIN, observed));
        assert_eq!(observations.latest(observed.kind(), Day::MIN), Some((observed, Day::MIN)));
    }
    let stored = Observations::from_document(OBSERVATIONS_SCHEMA, &observations.to_document());
    assert_eq!(stored, Err(ObservationDocumentError::Inconsistent));
}

#[test]
fn every_figure_has_its_reader() {
    let mut observations = Observations::default();
    let on = day("2026-03-10");
    for observed in figures() {
        observations.apply(&ObservationEvent::new(noon("2026-03-10"), on, observed));
    }
    assert_eq!(observations.margin(on), Some((usd(-5), on)));
    assert_eq!(observations.cost_to_serve(on), Some((usd(5), on)));
    assert_eq!(observations.referred_revenue(on), Some((usd(5), on)));
    assert_eq!(observations.referrals(on), Some((5, on)));
    assert_eq!(observations.business_size(on), Some((5, on)));
    assert_eq!(observations.potential(on), Some((5, on)));
    assert_eq!(observations.usage(on), Some((BasisPoints(5), on)));
    assert_eq!(observations.usage_trend(on), Some((BasisPoints(5), on)));
    assert_eq!(observations.complaints_open(on), Some((5, on)));
    assert_eq!(observations.payment_overdue_since(on), Some((Some(day("2026-03-01")), on)));
    assert_eq!(observations.failed_payments(on), Some((5, on)));
    assert_eq!(observations.sponsor_gone(on), Some((true, on)));
    assert_eq!(observations.own(Slot::FIRST, on), Some((-5, on)));
    assert_eq!(observations.own(Slot::new(2).unwrap(), on), None);
}

#[test]
fn errors_are_told_in_both_languages() {
    let (given, base) = (Currency::EUR, USD);
    let kind = ObservationKind::Usage;
    let (since, on) = (day("2026-03-11"), day("2026-03-10"));
    let far = Zone::UTC.business_day(noon("2026-03-10"), Some(day("2026-03-12"))).unwrap_err();
    for (error, chinese) in [
        (ObservationError::DayTooFar(far), "业务日期与发生时间相差过远"),
        (ObservationError::Negative { kind }, "使用率不能为负"),
        (ObservationError::PotentialAboveScale { given: 101 }, "潜力101超过100"),
        (
            ObservationError::OverdueAhead { since, day: on },
            "付款逾期起始日2026-03-11晚于2026-03-10",
        ),
        (ObservationError::BaseMissing { given, base }, "以EUR计的金额还需给出以USD计的金额"),
        (ObservationError::BaseCurrency { given, base }, "本位币金额应以USD计，而非EUR"),
        (
            ObservationError::BaseDiffers { amount: usd(5), base: usd(6) },
            "本位币金额0.06 USD与金额0.05 USD矛盾",
        ),
        (ObservationError::BaseUnneeded { kind }, "使用率不是金额，没有本位币金额"),
    ] {
        assert_eq!(error.text(Language::Chinese), chinese);
        assert_eq!(error.text(Language::English), error.to_string());
    }
}
