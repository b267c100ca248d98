//! Grades of recency, frequency and net revenue.

use std::collections::{BTreeMap, BTreeSet};

use guanxi::Speak;
use guanxi::calibrated::Calibrated;
use guanxi::explain::{Language, Measure, Points};
use guanxi::rank::{Inclusion, Ties};
use guanxi::time::Lookback;
use guanxi::value::{
    Bands, CutSide, RfmCalibration, RfmFacts, RfmMethod, RfmPolicy, ValueAnswer, ValueOutside,
    ValueRule,
};

use super::super::cdnow::{Shopper, reference, shoppers};
use super::super::random::{Random, cases, customer};
use super::{grade, quantiles, usd};

fn cdnow() -> Vec<RfmFacts> {
    let facts = |shopper: &Shopper| {
        let (recency, days) = (Some(shopper.recency_days()), shopper.purchase_days());
        RfmFacts::new(customer(shopper.number), recency, days, usd(shopper.cents))
    };
    shoppers().iter().map(facts).collect()
}

#[test]
fn the_grades_of_cdnow_are_those_of_the_reference() {
    let (base, reference) = (cdnow(), reference());
    let policy = quantiles(5, Ties::GreaterKeyBetter);
    let calibration = RfmCalibration::of(&policy, &base);
    // Scored alone, by a calibration that was stored and read again.
    let stored = serde_json::to_string(&calibration).unwrap();
    let calibration: RfmCalibration = serde_json::from_str(&stored).unwrap();

    let mut cells: BTreeMap<String, u64> = BTreeMap::new();
    let mut grades = BTreeMap::new();
    for facts in &base {
        let answer = grade(facts, &policy, &calibration);
        let found = answer.value.value().unwrap();
        assert_eq!(answer.total(), Some(Points(i64::from(found.sum()) * 1_000)));
        let cell = format!("{}{}{}", found.recency, found.frequency, found.monetary);
        *cells.entry(cell).or_default() += 1;
        grades.insert(facts.key, found);
    }
    assert_eq!(serde_json::to_value(&cells).unwrap(), reference["rfm_cells"]);
    let listed = reference["customers"].as_array().unwrap();
    assert_eq!(listed.len(), 20);
    for one in listed {
        let found = grades[&customer(one["customer_id"].as_str().unwrap().parse().unwrap())];
        assert_eq!(one["R"], found.recency, "{one}");
        assert_eq!(one["F"], found.frequency, "{one}");
        assert_eq!(one["M"], found.monetary, "{one}");
    }
}

fn random_base(random: &mut Random) -> Vec<RfmFacts> {
    let size = [0, 1, 2, 4, 30][random.below(5)];
    let all_equal = random.chance(6);
    let facts = |number: u128| {
        let key = customer(number % 37);
        if all_equal {
            return RfmFacts::new(key, Some(3), 1, usd(0));
        }
        let recency_days = random.maybe(0).map(|_| random.amount(9));
        let purchase_days = random.amount(4);
        RfmFacts::new(key, recency_days, purchase_days, usd(random.amount(9)))
    };
    (1..=size).map(|number| number * 11).map(facts).collect()
}

fn random_method(random: &mut Random) -> RfmMethod {
    let ties =
        [Ties::EqualBetter, Ties::EqualWorse, Ties::SmallerKeyBetter, Ties::GreaterKeyBetter]
            [random.below(4)];
    if random.chance(3) {
        let mut bands = |least: i64| {
            let edges: BTreeSet<i64> =
                (0..random.between(1, 8)).map(|_| random.amount(9).max(least)).collect();
            let on_edge = if random.chance(2) { Inclusion::Better } else { Inclusion::Worse };
            Bands { edges: edges.into_iter().collect(), on_edge }
        };
        RfmMethod::Bands { recency: bands(0), frequency: bands(0), monetary: bands(i64::MIN) }
    } else {
        RfmMethod::Quantiles { groups: u8::try_from(random.between(2, 9)).unwrap(), ties }
    }
}

/// The facts with the measure of one reason changed.
fn with(mut facts: RfmFacts, rule: ValueRule, value: i64) -> RfmFacts {
    match rule {
        ValueRule::Recency(_) => facts.recency_days = Some(value),
        ValueRule::Frequency(_) => facts.purchase_days = value,
        ValueRule::Monetary(_) => facts.net_revenue = usd(value),
        other => panic!("not a grade: {other:?}"),
    }
    facts
}

fn number(measure: Measure) -> Option<i64> {
    match measure {
        Measure::Days(value) | Measure::Count(value) => Some(value),
        Measure::Money(money) => Some(money.minor()),
        _ => None,
    }
}

#[test]
fn the_limit_of_a_grade_is_where_it_begins() {
    let mut random = Random(1);
    let mut limits = 0_u32;
    for _ in 0..cases(100_000) {
        let base = random_base(&mut random);
        let policy = RfmPolicy { window: Lookback::AllTime, method: random_method(&mut random) };
        assert_eq!(policy.lint("rfm"), []);
        let calibration = RfmCalibration::of(&policy, &base);
        let Some(facts) = base.get(random.below(base.len().max(1))).copied() else { continue };
        let answer = grade(&facts, &policy, &calibration);
        let ValueAnswer::At(grades) = answer.value else {
            assert_eq!(facts.recency_days, None);
            continue;
        };
        assert_eq!(answer.total(), Some(Points(i64::from(grades.sum()) * 1_000)));
        for (place, reason) in answer.reasons.iter().enumerate() {
            let of = |facts: &RfmFacts| {
                let grades = grade(facts, &policy, &calibration).value.value().unwrap();
                [grades.recency, grades.frequency, grades.monetary][place]
            };
            let own = of(&facts);
            assert_eq!(reason.contribution, Some(Points(i64::from(own) * 1_000)));
            let Some(limit) = number(reason.limit) else { continue };
            limits += 1;
            assert!(place == 2 || limit >= 0, "no days are negative: {reason:?}");
            let worse = if place == 0 { limit.checked_add(1) } else { limit.checked_sub(1) };
            let at_limit = of(&with(facts, reason.rule, limit));
            // In the worst group the limit is that of the next one.
            assert_eq!(at_limit, if own == 1 { at_limit.max(2) } else { own });
            // No days are worse than none, so that there is no value below them to try.
            if let Some(worse) = worse.filter(|worse| place != 1 || *worse >= 0) {
                let below = of(&with(facts, reason.rule, worse));
                assert!(below < at_limit, "{facts:?} {policy:?}");
            }
        }
    }
    assert!(limits > cases(100_000), "the law was hardly tried: {limits}");
}

#[test]
fn equals_have_equal_grades_unless_keys_tell_them_apart() {
    let mut random = Random(2);
    for _ in 0..cases(20_000) {
        let base = random_base(&mut random);
        let ties = if random.chance(2) { Ties::EqualBetter } else { Ties::EqualWorse };
        let policy = quantiles(u8::try_from(random.between(2, 9)).unwrap(), ties);
        let calibration = RfmCalibration::of(&policy, &base);
        for facts in &base {
            let mut other = *facts;
            other.key = customer(u128::MAX);
            let of = |facts| grade(facts, &policy, &calibration).value;
            assert_eq!(of(facts), of(&other));
        }
    }
}

#[test]
fn what_is_lacking_is_said() {
    let base = cdnow();
    let policy = quantiles(5, Ties::EqualWorse);
    let calibration = RfmCalibration::of(&policy, &base);
    let outside = |calibration: Calibrated<'_, RfmCalibration>, facts: &RfmFacts| {
        let answer = grade(facts, &policy, calibration);
        assert_eq!(answer.reasons.len(), 1);
        match answer.value {
            ValueAnswer::Outside(outside) => outside,
            ValueAnswer::At(grades) => panic!("{grades}"),
        }
    };
    let mut nobody = base[0];
    nobody.recency_days = None;
    assert_eq!(outside((&calibration).into(), &nobody), ValueOutside::NoPurchase);
    let (empty, of_nobody) = (RfmCalibration::default(), RfmCalibration::of(&policy, &[nobody]));
    for nothing in [Calibrated::Missing, (&empty).into(), (&of_nobody).into()] {
        assert_eq!(outside(nothing, &base[0]), ValueOutside::NotCalibrated);
    }
    assert_eq!(outside(Calibrated::OtherPolicy, &base[0]), ValueOutside::OtherPolicy);
    // Fixed bands ask for no base.
    let bands = || Bands { edges: vec![10], on_edge: Inclusion::Better };
    let (recency, frequency, monetary) = (bands(), bands(), bands());
    let method = RfmMethod::Bands { recency, frequency, monetary };
    let fixed = RfmPolicy { window: Lookback::AllTime, method };
    assert!(grade(&base[0], &fixed, Calibrated::OtherPolicy).value.value().is_some());
}

#[test]
fn nobody_is_asked_to_have_bought_tomorrow() {
    // All but one bought today; with equals in the worse group, no group begins before today.
    let facts = |number, days| RfmFacts::new(customer(number), Some(days), 1, usd(100));
    let base: Vec<RfmFacts> = (1..=9).map(|number| facts(number, i64::from(number == 9))).collect();
    let policy = quantiles(2, Ties::EqualWorse);
    let calibration = RfmCalibration::of(&policy, &base);
    let answer = grade(&base[8], &policy, &calibration);
    let reason = answer.reasons[0];
    assert_eq!(reason.rule, ValueRule::Recency(CutSide::Alone));
    assert_eq!((reason.observed, reason.limit), (Measure::Days(1), Measure::Missing));
    assert_eq!(
        reason.text(Language::English),
        "last purchase 1 day ago, no higher group to reach (+1)"
    );
}
