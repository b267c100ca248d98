//! What comes of a whole base: the tiers of another program, equals, and a base that lacks something.

use std::collections::BTreeMap;

use guanxi::Speak;
use guanxi::calibrated::Calibrated;
use guanxi::explain::{BasisPoints, Language};
use guanxi::rank::Ties;
use guanxi::tier::{
    Tier, TierAnswer, TierCalibration, TierCriterion, TierFacts, TierMeasure, TierMethod,
    TierOutside, TierPolicy, TierState,
};

use super::super::cdnow::{Shopper, last_day, reference, shoppers};
use super::super::random::{Random, cases, customer};
use super::random::{random_facts, random_policy};
use super::{ask, in_tier, limits, tier, usd};

#[test]
fn the_tiers_of_cdnow_are_those_of_the_reference() {
    let (base, reference) = (cdnow(), reference());
    let mut policy = TierPolicy::default();
    policy.basis.method = TierMethod::ShareOfValue {
        a: BasisPoints(8_000),
        b: BasisPoints(9_500),
        ties: Ties::SmallerKeyBetter,
    };
    let stored = serde_json::to_string(&TierCalibration::of(&policy, &base)).unwrap();
    let calibration: TierCalibration = serde_json::from_str(&stored).unwrap();

    let (mut tiers, mut cents): (BTreeMap<_, u64>, BTreeMap<_, i64>) = Default::default();
    let mut found = BTreeMap::new();
    for facts in &base {
        let tier = tier(&ask(facts, &TierState::default(), &policy, &calibration));
        *tiers.entry(tier.to_string()).or_default() += 1;
        *cents.entry(tier.to_string()).or_default() += facts.net_revenue.minor();
        found.insert(facts.key, tier.to_string());
    }
    assert_eq!(serde_json::to_value(&tiers).unwrap(), reference["tiers"]);
    assert_eq!(serde_json::to_value(&cents).unwrap(), reference["tier_cents"]);
    for one in reference["customers"].as_array().unwrap() {
        let key = customer(one["customer_id"].as_str().unwrap().parse().unwrap());
        assert_eq!(one["tier"], found[&key], "{one}");
    }
}

fn cdnow() -> Vec<TierFacts> {
    let facts = |shopper: &Shopper| {
        TierFacts::new(customer(shopper.number), last_day(), usd(shopper.cents))
    };
    shoppers().iter().map(facts).collect()
}

#[test]
fn equals_have_equal_tiers_unless_keys_tell_them_apart() {
    let mut random = Random(14);
    for _ in 0..cases(50_000) {
        let mut policy = random_policy(&mut random);
        let (a, b) = (BasisPoints(6_000), BasisPoints(9_000));
        let ties = if random.chance(2) { Ties::EqualBetter } else { Ties::EqualWorse };
        policy.basis.method = if random.chance(2) {
            TierMethod::ShareOfValue { a, b, ties }
        } else {
            TierMethod::ShareOfCustomers { a, b, ties }
        };
        let base: Vec<TierFacts> = (0..9).map(|_| random_facts(&mut random)).collect();
        let calibration = TierCalibration::of(&policy, &base);
        let facts = base[random.below(9)];
        let mut other = facts;
        other.key = customer(u128::MAX);
        let of = |facts| ask(facts, &TierState::default(), &policy, &calibration).value.tier;
        assert_eq!(of(&facts), of(&other));
    }
}

#[test]
fn what_is_lacking_is_said_and_the_last_tier_stands() {
    let (base, policy) = (cdnow(), TierPolicy::default());
    let calibration = TierCalibration::of(&policy, &base);
    let outside = |policy: &TierPolicy, calibration: Calibrated<'_, TierCalibration>| {
        let answer = ask(&base[0], &TierState::default(), policy, calibration);
        match answer.value.plain {
            TierAnswer::Outside(outside) => outside,
            TierAnswer::At(tier) => panic!("{tier}"),
        }
    };
    let empty = TierCalibration::default();
    assert_eq!(outside(&policy, Calibrated::Missing), TierOutside::NotCalibrated);
    assert_eq!(outside(&policy, (&empty).into()), TierOutside::NotCalibrated);
    let of_nobody = TierCalibration::of(&policy, &[]);
    assert_eq!(outside(&policy, (&of_nobody).into()), TierOutside::NotCalibrated);
    assert_eq!(outside(&policy, Calibrated::OtherPolicy), TierOutside::OtherPolicy);
    let mut fixed = limits(2, 1);
    for calibration in [Calibrated::Missing, Calibrated::OtherPolicy, (&calibration).into()] {
        let answer = ask(&base[0], &TierState::default(), &fixed, calibration);
        assert!(answer.value.plain.value().is_some(), "fixed limits ask for no base");
    }
    fixed.basis.criterion = TierCriterion::One(TierMeasure::Margin);
    assert_eq!(outside(&fixed, (&empty).into()), TierOutside::MeasureMissing);

    let answer = ask(&base[0], &in_tier(Tier::B, 10), &policy, &empty);
    assert_eq!(tier(&answer), Tier::B);
    assert_eq!(answer.value.reviewed, in_tier(Tier::B, 10).reviewed);
    assert_eq!(
        answer.text(Language::English),
        "B, because the tier of the review of 2026-02-19 stands; the customer base has not been \
         measured yet"
    );
}
