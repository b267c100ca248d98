//! A real base: the bundled purchases of CDNOW, judged on the last day of its first year.

use std::collections::BTreeMap;

use guanxi::churn::{
    ChurnCalibration, ChurnFacts, ChurnPolicy, ChurnRule, Comparison, Indicator, RiskBand,
};
use guanxi::{Currency, Day};

use super::super::cdnow::{Purchase, purchases as all_purchases};
use super::{assess, day};

/// By customer: day and cents, and how many purchases, of each purchase day.
type Base = BTreeMap<u32, BTreeMap<Day, (i64, i64)>>;

fn purchases(until: Day) -> Base {
    let mut base = Base::new();
    for Purchase { number, day: date, cents } in all_purchases() {
        let customer = number.try_into().unwrap();
        if date <= until {
            let days = base.entry(customer).or_default();
            let (spent, orders) = days.entry(date).or_default();
            (*spent, *orders) = (*spent + cents, *orders + 1);
        }
    }
    base
}

fn gaps(days: &BTreeMap<Day, (i64, i64)>) -> Vec<u32> {
    let days: Vec<Day> = days.keys().copied().collect();
    days.windows(2).map(|pair| u32::try_from(pair[1].days_since(pair[0])).unwrap()).collect()
}

fn calibrate<'a>(
    base: impl Iterator<Item = &'a BTreeMap<Day, (i64, i64)>>,
    today: Day,
) -> ChurnCalibration {
    // Everybody bought first in the first twelve weeks, so everybody was observable for 270 days.
    let mut counted = ChurnCalibration::builder(270);
    for days in base {
        let first = *days.keys().next().unwrap();
        counted.add(u32::try_from(today.days_since(first)).unwrap(), gaps(days));
    }
    counted.calibration().unwrap()
}

fn facts(days: &BTreeMap<Day, (i64, i64)>, today: Day) -> ChurnFacts {
    let mut facts = ChurnFacts::new(today, Currency::USD);
    let ago = |day: &Day| u32::try_from(today.days_since(*day)).unwrap();
    facts.purchase_days = days.len().try_into().unwrap();
    facts.silence_days = days.keys().next_back().map(ago);
    facts.tenure_days = days.keys().next().map(ago);
    let mut gaps = gaps(days);
    gaps.sort_unstable();
    facts.usual_gap_days = gaps.get(gaps.len().saturating_sub(1) / 2).copied();
    let sum = |from: i64, until: i64| {
        let inside =
            days.iter().filter(|(day, _)| (from..until).contains(&today.days_since(**day)));
        inside.fold((0, 0), |(spent, orders), (_, day)| (spent + day.0, orders + day.1))
    };
    let (recent, before) = (sum(0, 90), sum(90, 270));
    if facts.tenure_days >= Some(270) {
        facts.spend = Some(Comparison { recent: recent.0, before: before.0, windows: 2 });
        facts.orders = Some(Comparison { recent: recent.1, before: before.1, windows: 2 });
    }
    facts
}

#[test]
fn everybody_observed_has_an_answer_whose_parts_add_up() {
    let today = day("1997-12-31");
    let base = purchases(today);
    let (policy, calibration) = (ChurnPolicy::default(), calibrate(base.values(), today));
    assert_eq!(base.len(), 2_357);
    assert_eq!(calibration.first_returns.buyers(), 2_357);
    let (mut bands, mut unobserved) = (BTreeMap::<RiskBand, usize>::new(), 0);
    for (customer, days) in &base {
        let facts = facts(days, today);
        let answer = assess(&policy, &calibration, &facts);
        let level = answer.value.risk.level().unwrap();
        assert_eq!(answer.total(), Some(level.score), "{customer}");
        *bands.entry(level.band).or_default() += 1;

        // Of longer silences than 270 days after a first purchase this base says nothing; silence
        // itself still does.
        let says = |rule| answer.reasons.iter().any(|reason| reason.rule == rule);
        let beyond = days.len() == 1 && facts.silence_days > Some(270);
        assert_eq!(says(ChurnRule::BaseUnobserved), beyond, "{customer}");
        assert!(says(ChurnRule::Silence), "{customer}");
        unobserved += usize::from(beyond);
    }
    assert!(bands.len() == 4 && unobserved > 100, "{bands:?} {unobserved}");
}

#[test]
fn a_customer_alone_gets_the_answer_that_the_base_gave() {
    let today = day("1997-12-31");
    let base = purchases(today);
    let policy = ChurnPolicy::default();
    let calibration = calibrate(base.values(), today);
    let of_base: Vec<_> =
        base.values().map(|days| assess(&policy, &calibration, &facts(days, today))).collect();

    // Read the other way round, stored and loaded, and asked for one at a time.
    let stored = serde_json::to_string(&calibrate(base.values().rev(), today)).unwrap();
    let loaded: ChurnCalibration = serde_json::from_str(&stored).unwrap();
    for (days, expected) in base.values().zip(&of_base) {
        assert_eq!(assess(&policy, &loaded, &facts(days, today)), *expected);
    }
}

#[test]
fn without_a_base_it_is_plain_silence_that_judges_those_who_bought_once() {
    let today = day("1997-12-31");
    let mut by_silence = ChurnPolicy::default();
    by_silence.groups.truncate(1);
    by_silence.groups[0].weight.0 = 10_000;
    by_silence.groups[0].indicators.retain(|weighed| weighed.indicator != Indicator::Orders);
    let mut by_others = by_silence.clone();
    by_others.groups[0].indicators.retain(|weighed| weighed.indicator != Indicator::Silence);
    let empty = ChurnCalibration::default();
    for days in purchases(today).values() {
        let facts = facts(days, today);
        let judged = |policy| assess(policy, &empty, &facts).value.risk.level().is_some();
        assert!(judged(&by_silence));
        assert_eq!(judged(&by_others), days.len() >= 3);
    }
}
