//! Value: grades as another program gives them, parts that add up, and changes that turn the answer.

mod cards;

use std::collections::{BTreeMap, BTreeSet};

use guanxi::explain::{Explained, Ids, Language, Measure, Points, Rule};
use guanxi::rank::{Inclusion, Ties};
use guanxi::time::Lookback;
use guanxi::value::{
    Bands, RfmCalibration, RfmFacts, RfmMethod, RfmPolicy, ValueAnswer, ValueOutside, ValuePolicy,
    ValueRule, rfm,
};
use guanxi::{Currency, Money, PolicyId, Speak, Timestamp};

use super::cdnow::{reference, shoppers};
use super::random::{Random, cases, customer};

fn ids() -> Ids {
    Ids::of_policy(PolicyId::of_document(b"{}"))
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

fn quantiles(groups: u8, ties: Ties) -> RfmPolicy {
    RfmPolicy { window: Lookback::AllTime, method: RfmMethod::Quantiles { groups, ties } }
}

type Graded = Explained<ValueAnswer<guanxi::value::Rfm>, ValueRule>;

fn grade(facts: &RfmFacts, policy: &RfmPolicy, calibration: &RfmCalibration) -> Graded {
    rfm(facts, policy, calibration, ids(), Timestamp::UNIX_EPOCH)
}

fn cdnow() -> Vec<RfmFacts> {
    let facts = |shopper: &super::cdnow::Shopper| RfmFacts {
        key: customer(shopper.number),
        recency_days: Some(shopper.recency_days()),
        purchase_days: shopper.purchase_days(),
        net: usd(shopper.cents),
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
    let facts = |number: u128| RfmFacts {
        key: customer(number % 37),
        recency_days: if all_equal { Some(3) } else { random.maybe(0).map(|_| random.amount(9)) },
        purchase_days: if all_equal { 1 } else { random.amount(4) },
        net: usd(if all_equal { 0 } else { random.amount(9) }),
    };
    (1..=size).map(|number| number * 11).map(facts).collect()
}

fn random_method(random: &mut Random) -> RfmMethod {
    let ties =
        [Ties::EqualBetter, Ties::EqualWorse, Ties::SmallerKeyBetter, Ties::GreaterKeyBetter]
            [random.below(4)];
    if random.chance(3) {
        let mut bands = || {
            let edges: BTreeSet<i64> =
                (0..random.between(1, 8)).map(|_| random.amount(9)).collect();
            let on_edge = if random.chance(2) { Inclusion::Better } else { Inclusion::Worse };
            Bands { edges: edges.into_iter().collect(), on_edge }
        };
        RfmMethod::Bands { recency: bands(), frequency: bands(), monetary: bands() }
    } else {
        RfmMethod::Quantiles { groups: u8::try_from(random.between(2, 9)).unwrap(), ties }
    }
}

/// The facts with the measure of one reason changed.
fn with(facts: RfmFacts, rule: ValueRule, value: i64) -> RfmFacts {
    match rule {
        ValueRule::Recency(_) => RfmFacts { recency_days: Some(value), ..facts },
        ValueRule::Frequency(_) => RfmFacts { purchase_days: value, ..facts },
        ValueRule::Monetary(_) => RfmFacts { net: usd(value), ..facts },
        other => panic!("not a grade: {other:?}"),
    }
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
            let worse = if place == 0 { limit.checked_add(1) } else { limit.checked_sub(1) };
            let at_limit = of(&with(facts, reason.rule, limit));
            // In the worst group the limit is that of the next one.
            assert_eq!(at_limit, if own == 1 { at_limit.max(2) } else { own });
            if let Some(worse) = worse {
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
            let other = RfmFacts { key: customer(u128::MAX), ..*facts };
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
    let outside = |policy: &RfmPolicy, calibration: &RfmCalibration, facts: &RfmFacts| {
        let answer = grade(facts, policy, calibration);
        assert_eq!(answer.reasons.len(), 1);
        match answer.value {
            ValueAnswer::Outside(outside) => outside,
            ValueAnswer::At(grades) => panic!("{grades}"),
        }
    };
    let nobody = RfmFacts { recency_days: None, ..base[0] };
    assert_eq!(outside(&policy, &calibration, &nobody), ValueOutside::NoPurchase);
    let empty = RfmCalibration::default();
    assert_eq!(outside(&policy, &empty, &base[0]), ValueOutside::NotCalibrated);
    let of_nobody = RfmCalibration::of(&policy, &[nobody]);
    assert_eq!(outside(&policy, &of_nobody, &base[0]), ValueOutside::NotCalibrated);
    let other = quantiles(4, Ties::EqualWorse);
    assert_eq!(outside(&other, &calibration, &base[0]), ValueOutside::OtherPolicy);
    let other = RfmPolicy { window: Lookback::Days(365), ..policy };
    assert_eq!(outside(&other, &calibration, &base[0]), ValueOutside::OtherPolicy);
}

#[test]
fn every_fault_is_found_at_its_path() {
    let paths = |change: &dyn Fn(&mut ValuePolicy)| {
        let mut policy = ValuePolicy::default();
        change(&mut policy);
        let faults = policy.lint("value");
        assert!(faults.iter().all(|fault| !fault.problem.is_empty() && !fault.remedy.is_empty()));
        faults.into_iter().map(|fault| fault.path).collect::<Vec<_>>()
    };
    assert_eq!(paths(&|_| {}), Vec::<String>::new());
    assert_eq!(paths(&|policy| policy.rfm.window = Lookback::Days(0)), ["value.rfm.window"]);
    for groups in [0, 1, 10] {
        let broken = |policy: &mut ValuePolicy| policy.rfm = quantiles(groups, Ties::EqualWorse);
        assert_eq!(paths(&broken), ["value.rfm.method.quantiles.groups"]);
    }
    for groups in [2, 9] {
        let sound = |policy: &mut ValuePolicy| policy.rfm = quantiles(groups, Ties::EqualWorse);
        assert_eq!(paths(&sound), Vec::<String>::new());
    }
    let bands = |edges: &[i64]| Bands { edges: edges.to_vec(), on_edge: Inclusion::Better };
    for edges in [vec![], vec![2, 2], vec![3, 2], (0..9).collect()] {
        let broken = |policy: &mut ValuePolicy| {
            policy.rfm.method = RfmMethod::Bands {
                recency: bands(&edges),
                frequency: bands(&[1]),
                monetary: bands(&[1, 2, 3, 4, 5, 6, 7, 8]),
            };
        };
        assert_eq!(paths(&broken), ["value.rfm.method.bands.recency.edges"]);
    }
    assert_eq!(paths(&|policy| policy.scorecard.loyalty.orders = None), ["value.scorecard"]);
    let threshold = |policy: &mut ValuePolicy| policy.value_type.current_high_min = Points(100_001);
    assert_eq!(paths(&threshold), ["value.value_type.current_high_min"]);
}

#[test]
fn every_rule_speaks_both_languages() {
    let codes: BTreeSet<_> = ValueRule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), ValueRule::ALL.len());
    for rule in ValueRule::ALL {
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|language| rule.template(language));
        assert!(english.is_ascii() && !english.ends_with('.'), "{english}");
        assert!(!chinese.is_ascii() && !chinese.ends_with('。'), "{chinese}");
        for slot in ["{observed}", "{limit}"] {
            assert_eq!(english.contains(slot), chinese.contains(slot), "{english}");
        }
        let stored = serde_json::to_string(&rule).unwrap();
        assert!(stored.contains(rule.code()), "{stored}");
        assert_eq!(serde_json::from_str::<ValueRule>(&stored).unwrap(), rule);
    }
}

#[test]
fn answers_read_well() {
    let facts =
        RfmFacts { key: customer(1), recency_days: Some(12), purchase_days: 3, net: usd(9_900) };
    let policy = quantiles(5, Ties::EqualWorse);
    let calibration = RfmCalibration::of(&policy, &[facts]);
    let answer = grade(&facts, &policy, &calibration);
    assert_eq!(
        answer.text(Language::Chinese),
        "R1 F1 M1，因为最近购买距今12天，无可比较 (+1)；购买日3天，无可比较 (+1)；消费99.00 USD，\
         无可比较 (+1)"
    );
    let lacking = grade(&facts, &policy, &RfmCalibration::default());
    assert_eq!(
        lacking.text(Language::English),
        "no answer, because the customer base has not been measured yet"
    );
}
