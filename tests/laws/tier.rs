//! Tiers: those of another program on CDNOW, dampening, people's words, and changes that turn them.

use std::collections::{BTreeMap, BTreeSet};

use guanxi::explain::{BasisPoints, Explained, Flip, Ids, Language, Measure, Points, Reason, Rule};
use guanxi::rank::{Inclusion, Ties};
use guanxi::tier::{
    Dampening, OverrideReason, ReviewedTier, Steps, Tier, TierBasis, TierCalibration,
    TierCriterion, TierFacts, TierMeasure, TierMethod, TierMissing, TierOutside, TierOverride,
    TierPolicy, TierReview, TierRule, TierState, TierWeight, review, why_not,
};
use guanxi::time::Lookback;
use guanxi::{Actor, Currency, Day, Money, PolicyId, Speak, Timestamp};

use super::cdnow::{last_day, reference, shoppers};
use super::random::{Random, cases, customer};

/// How many customers a law about changes is tried on.
const CUSTOMERS: u32 = 120_000;

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

type Reviewed = Explained<TierReview, TierRule>;

fn ask(
    facts: &TierFacts,
    state: &TierState,
    policy: &TierPolicy,
    calibration: &TierCalibration,
) -> Reviewed {
    let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
    review(facts, state, policy, calibration, ids, Timestamp::UNIX_EPOCH)
}

fn tier(answer: &Reviewed) -> Tier {
    answer.value.tier.value().unwrap()
}

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
        *cents.entry(tier.to_string()).or_default() += facts.revenue.minor();
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
    let facts = |shopper: super::cdnow::Shopper| TierFacts {
        orders: shopper.orders,
        ..TierFacts::new(customer(shopper.number), last_day(), usd(shopper.cents))
    };
    shoppers().into_iter().map(facts).collect()
}

fn today() -> Day {
    Day::from_ymd(2026, 3, 1).unwrap()
}

fn random_facts(random: &mut Random) -> TierFacts {
    let mut maybe = || {
        let value = random.amount(300);
        random.maybe(value)
    };
    let (margin, business_size, value_score) = (maybe(), maybe(), maybe());
    TierFacts {
        margin: margin.map(usd),
        business_size,
        value_score: value_score.map(Points),
        orders: random.amount(300),
        purchase_days: random.amount(300),
        ..TierFacts::new(customer(u128::from(random.bits() % 50)), today(), usd(random.amount(300)))
    }
}

fn random_criterion(random: &mut Random) -> TierCriterion {
    if random.chance(2) {
        return TierCriterion::One(TierMeasure::ALL[random.below(6)]);
    }
    let first = random.between(1, 9_999);
    let weight = |measure, weight, unit| TierWeight { measure, weight: BasisPoints(weight), unit };
    let start = random.below(5);
    TierCriterion::Weighted(vec![
        weight(TierMeasure::ALL[start], first, random.between(1, 50)),
        weight(TierMeasure::ALL[start + 1], 10_000 - first, random.between(1, 50)),
    ])
}

fn random_policy(random: &mut Random) -> TierPolicy {
    let ties =
        [Ties::EqualBetter, Ties::EqualWorse, Ties::SmallerKeyBetter, Ties::GreaterKeyBetter]
            [random.below(4)];
    let low = random.between(1, 9_999);
    let (a, b) = (BasisPoints(low), BasisPoints(random.between(low + 1, 10_000)));
    let method = match random.below(3) {
        0 => TierMethod::ShareOfValue { a, b, ties },
        1 => TierMethod::ShareOfCustomers { a, b, ties },
        _ => {
            let on_edge = if random.chance(2) { Inclusion::Better } else { Inclusion::Worse };
            let b = random.between(1, 200);
            TierMethod::Limits { a: b + random.between(1, 200), b, on_edge }
        }
    };
    let margin = |random: &mut Random| match random.below(3) {
        0 => BasisPoints(0),
        1 => BasisPoints(random.between(0, 1_000)),
        _ => BasisPoints(random.between(0, 9_999)),
    };
    let policy = TierPolicy {
        basis: TierBasis {
            criterion: random_criterion(random),
            window: Lookback::AllTime,
            missing: if random.chance(2) { TierMissing::Zero } else { TierMissing::Outside },
            method,
        },
        dampening: Dampening {
            promote_margin: margin(random),
            demote_margin: margin(random),
            dwell_days_min: u16::try_from(random.between(0, 40)).unwrap(),
            steps: if random.chance(2) { Steps::One } else { Steps::Any },
        },
    };
    assert_eq!(policy.lint("tier"), []);
    policy
}

fn random_state(random: &mut Random) -> TierState {
    let reviewed = (!random.chance(4)).then(|| ReviewedTier {
        tier: Tier::ALL[random.below(3)],
        since: today().saturating_add_days(-random.between(0, 90)),
    });
    let overridden = random.chance(5).then(|| TierOverride {
        tier: Tier::ALL[random.below(3)],
        from: Timestamp::from_micros(random.between(-1, 1)).unwrap(),
        until: Timestamp::from_micros(random.between(-1, 1)).unwrap(),
        reason: OverrideReason::Strategic,
        by: Actor::System,
    });
    TierState { reviewed, overridden }
}

/// A policy with the calibration of a random base.
fn random_rules(random: &mut Random) -> (TierPolicy, TierCalibration) {
    let policy = random_policy(random);
    let size = [0, 1, 3, 25][random.below(4)];
    let base: Vec<TierFacts> = (0..size).map(|_| random_facts(random)).collect();
    let calibration = TierCalibration::of(&policy, &base);
    (policy, calibration)
}

fn number(measure: Measure) -> i64 {
    match measure {
        Measure::Count(value) => value,
        Measure::Money(money) => money.minor(),
        Measure::Points(points) => points.0,
        other => panic!("not a number: {other:?}"),
    }
}

fn with(mut facts: TierFacts, measure: TierMeasure, value: i64) -> TierFacts {
    match measure {
        TierMeasure::Revenue => facts.revenue = usd(value),
        TierMeasure::Margin => facts.margin = Some(usd(value)),
        TierMeasure::Orders => facts.orders = value,
        TierMeasure::PurchaseDays => facts.purchase_days = value,
        TierMeasure::BusinessSize => facts.business_size = Some(value),
        TierMeasure::ValueScore => facts.value_score = Some(Points(value)),
        other => panic!("unknown to this test: {other:?}"),
    }
    facts
}

/// The facts at the end of a change, and one step before it.
fn change(facts: TierFacts, reason: &Reason<TierRule>) -> (TierFacts, TierFacts) {
    let TierRule::Target(measure) = reason.rule else { panic!("{reason:?}") };
    let (from, to) = (number(reason.observed), number(reason.limit));
    assert_ne!(from, to);
    let before = if from < to { to - 1 } else { to + 1 };
    (with(facts, measure, to), with(facts, measure, before))
}

fn measures(policy: &TierPolicy) -> Vec<TierMeasure> {
    match &policy.basis.criterion {
        TierCriterion::One(measure) => vec![*measure],
        TierCriterion::Weighted(weights) => weights.iter().map(|weight| weight.measure).collect(),
    }
}

#[test]
fn a_change_turns_the_tier_and_one_step_before_it_does_not() {
    let mut random = Random(11);
    let mut rules = random_rules(&mut random);
    let (mut turned, mut none) = (0, 0);
    for case in 0..CUSTOMERS {
        if case % 20 == 0 {
            rules = random_rules(&mut random);
        }
        let (policy, calibration) = &rules;
        let (facts, state) = (random_facts(&mut random), random_state(&mut random));
        let of = |facts: &TierFacts| ask(facts, &state, policy, calibration).value.tier;
        let answer = ask(&facts, &state, policy, calibration);
        let Some(flip) = &answer.flip else {
            none += 1;
            for measure in measures(policy) {
                let known = facts.value(measure).is_some();
                for end in [-1_000_000_000, 1_000_000_000] {
                    let changed = with(facts, measure, end);
                    assert!(!known || of(&changed) == answer.value.tier, "{facts:?} {rules:?}");
                }
            }
            continue;
        };
        let Flip::Measure(reason) = flip else { panic!("{flip:?}") };
        let (changed, before) = change(facts, reason);
        assert_ne!(of(&changed), answer.value.tier, "{facts:?} {state:?} {rules:?}");
        assert_eq!(of(&before), answer.value.tier, "{facts:?} {state:?} {rules:?}");
        if let TierCriterion::One(measure) = policy.basis.criterion {
            // Nothing nearer turns it the other way.
            let (from, to) = (number(reason.observed), number(reason.limit));
            let nearer = to.abs_diff(from) - 1;
            let other = if to > from {
                from.checked_sub_unsigned(nearer)
            } else {
                from.checked_add_unsigned(nearer)
            };
            let turns = |value| of(&with(facts, measure, value)) != answer.value.tier;
            assert!(!other.is_some_and(turns), "{facts:?} {state:?} {rules:?}");
        }
        turned += 1;
    }
    assert!(turned > CUSTOMERS / 4 && none > 0, "{turned} {none}");
}

#[test]
fn what_stands_in_the_way_is_all_that_does() {
    let mut random = Random(12);
    let mut rules = random_rules(&mut random);
    let (mut alone, mut together) = (0, 0);
    for case in 0..CUSTOMERS {
        if case % 20 == 0 {
            rules = random_rules(&mut random);
        }
        let (policy, calibration) = &rules;
        let (mut facts, mut state) = (random_facts(&mut random), random_state(&mut random));
        let wanted = Tier::ALL[random.below(3)];
        let there = |facts: &TierFacts, state: &TierState| {
            let tier = ask(facts, state, policy, calibration).value.tier.value();
            tier.is_some_and(|tier| !wanted.is_better_than(tier))
        };
        let flip = why_not(wanted, &facts, &state, policy, calibration, Timestamp::UNIX_EPOCH);
        assert_eq!(flip.is_none(), there(&facts, &state), "{facts:?} {state:?} {rules:?}");
        match flip {
            None => {}
            Some(Flip::Measure(reason)) => {
                let (changed, before) = change(facts, &reason);
                assert!(there(&changed, &state) && !there(&before, &state), "{facts:?} {rules:?}");
                alone += 1;
            }
            Some(Flip::Guards(guards)) => {
                let mut possible = true;
                for guard in &guards {
                    match guard.rule {
                        TierRule::Overridden(_) => state.overridden = None,
                        TierRule::Dwell => {
                            let last = state.reviewed.as_mut().unwrap();
                            last.since = today().saturating_add_days(-400);
                        }
                        TierRule::Target(_) => facts = change(facts, guard).0,
                        _ => possible = false,
                    }
                }
                assert!(!possible || there(&facts, &state), "{guards:?} {rules:?}");
                together += u32::from(possible && guards.len() > 1);
            }
            Some(other) => panic!("{other:?}"),
        }
    }
    assert!(alone > CUSTOMERS / 20 && together > CUSTOMERS / 100, "{alone} {together}");
}

#[test]
fn a_review_keeps_to_the_dampening_and_the_sum_to_its_terms() {
    let mut random = Random(13);
    let mut rules = random_rules(&mut random);
    for case in 0..CUSTOMERS {
        if case % 20 == 0 {
            rules = random_rules(&mut random);
        }
        let (policy, calibration) = &rules;
        let (facts, state) = (random_facts(&mut random), random_state(&mut random));
        let answer = ask(&facts, &state, policy, calibration);
        let value = policy.basis.value(&facts);
        let Some(plain) = answer.value.plain.value() else { continue };
        let value = value.unwrap();
        assert!(value > 0 || plain == Tier::C, "{facts:?} {rules:?}");
        if let TierCriterion::Weighted(_) = policy.basis.criterion {
            assert_eq!(answer.total(), Some(Points(value)));
        }
        let next = answer.value.state.reviewed.unwrap();
        if let Some(last) = state.reviewed {
            let moved = (next.tier as i64 - last.tier as i64).abs();
            let dwelt = today().days_since(last.since) >= policy.dampening.dwell_days_min.into();
            assert!(moved == 0 || dwelt);
            assert!(moved < 2 || policy.dampening.steps == Steps::Any);
            assert_eq!(moved == 0, next == last);
            // Nobody moves past the tier of the limits, nor away from it.
            let towards = |from: Tier, to: Tier| from == to || from.is_better_than(to);
            assert!(
                moved == 0
                    || towards(last.tier, next.tier) && towards(next.tier, plain)
                    || towards(next.tier, last.tier) && towards(plain, next.tier),
                "{facts:?} {state:?} {rules:?}"
            );
        } else {
            assert_eq!(next, ReviewedTier { tier: plain, since: today() });
        }
        // Reviewed again at once, nothing changes, unless steps are still to go and no stay is asked.
        if policy.dampening.dwell_days_min > 0 {
            let again = ask(&facts, &answer.value.state, policy, calibration);
            assert_eq!(again.value.state, answer.value.state);
        }
    }
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
        let other = TierFacts { key: customer(u128::MAX), ..facts };
        let of = |facts| ask(facts, &TierState::default(), &policy, &calibration).value.tier;
        assert_eq!(of(&facts), of(&other));
    }
}

fn limits(a: i64, b: i64) -> TierPolicy {
    let mut policy = TierPolicy::default();
    policy.basis.method = TierMethod::Limits { a, b, on_edge: Inclusion::Better };
    policy
}

fn spent(minor: i64) -> TierFacts {
    TierFacts::new(customer(1), today(), usd(minor))
}

fn in_tier(tier: Tier, days: i64) -> TierState {
    let since = today().saturating_add_days(-days);
    TierState { reviewed: Some(ReviewedTier { tier, since }), overridden: None }
}

#[test]
fn margins_stays_and_steps_hold_to_their_edges() {
    let policy = limits(10_000, 1_000);
    let of = |state: &TierState, minor| {
        tier(&ask(&spent(minor), state, &policy, &TierCalibration::default()))
    };
    assert_eq!(of(&in_tier(Tier::B, 90), 10_499), Tier::B);
    assert_eq!(of(&in_tier(Tier::B, 90), 10_500), Tier::A);
    assert_eq!(of(&in_tier(Tier::B, 89), 10_500), Tier::B);
    assert_eq!(of(&in_tier(Tier::A, 90), 9_500), Tier::A);
    assert_eq!(of(&in_tier(Tier::A, 90), 9_499), Tier::B);
    assert_eq!(of(&in_tier(Tier::A, 90), 0), Tier::B);
    assert_eq!(of(&in_tier(Tier::C, 90), i64::MAX), Tier::B);
    assert_eq!(of(&TierState::default(), i64::MAX), Tier::A);
    assert_eq!(of(&TierState::default(), i64::MIN), Tier::C);
}

#[test]
fn a_word_expires_by_itself_and_reviews_go_on_underneath() {
    let policy = limits(10_000, 1_000);
    let none = TierCalibration::default();
    let word = TierOverride {
        tier: Tier::A,
        from: Timestamp::UNIX_EPOCH,
        until: Timestamp::UNIX_EPOCH.next(),
        reason: OverrideReason::Contract,
        by: Actor::System,
    };
    let state = TierState { overridden: Some(word), ..in_tier(Tier::B, 90) };
    let answer = ask(&spent(10), &state, &policy, &none);
    assert_eq!((tier(&answer), answer.flip.clone()), (Tier::A, None));
    assert_eq!(answer.reasons[0].rule, TierRule::Overridden(OverrideReason::Contract));
    assert_eq!(answer.value.state.overridden, Some(word));
    assert_eq!(answer.value.state.reviewed.unwrap().tier, Tier::C);

    // Asked for an instant before anybody said so, it does not hold.
    let later = TierOverride { from: Timestamp::UNIX_EPOCH.next(), until: Timestamp::MAX, ..word };
    let state = TierState { overridden: Some(later), ..in_tier(Tier::B, 90) };
    assert_eq!(tier(&ask(&spent(10), &state, &policy, &none)), Tier::C);

    let expired = TierOverride { until: Timestamp::UNIX_EPOCH, ..word };
    let state = TierState { overridden: Some(expired), ..answer.value.state };
    let answer = ask(&spent(10), &state, &policy, &none);
    assert_eq!((tier(&answer), answer.value.state.overridden), (Tier::C, None));

    // A word does not need a measured base.
    let state = TierState { reviewed: None, overridden: Some(word) };
    let answer = ask(&spent(10), &state, &TierPolicy::default(), &none);
    assert_eq!((tier(&answer), answer.value.plain.value()), (Tier::A, None));
}

#[test]
fn what_is_lacking_is_said_and_the_last_tier_stands() {
    let (base, policy) = (cdnow(), TierPolicy::default());
    let calibration = TierCalibration::of(&policy, &base);
    let outside = |policy: &TierPolicy, calibration: &TierCalibration| {
        let answer = ask(&base[0], &TierState::default(), policy, calibration);
        match answer.value.plain {
            guanxi::tier::TierAnswer::Outside(outside) => outside,
            guanxi::tier::TierAnswer::At(tier) => panic!("{tier}"),
        }
    };
    let empty = TierCalibration::default();
    assert_eq!(outside(&policy, &empty), TierOutside::NotCalibrated);
    let of_nobody = TierCalibration::of(&policy, &[]);
    assert_eq!(outside(&policy, &of_nobody), TierOutside::NotCalibrated);
    let mut other = policy.clone();
    other.basis.window = Lookback::Days(365);
    assert_eq!(outside(&other, &calibration), TierOutside::OtherPolicy);
    other.basis =
        TierBasis { criterion: TierCriterion::One(TierMeasure::Margin), ..limits(2, 1).basis };
    assert_eq!(outside(&other, &empty), TierOutside::MeasureMissing);

    let answer = ask(&base[0], &in_tier(Tier::B, 10), &policy, &empty);
    assert_eq!(tier(&answer), Tier::B);
    assert_eq!(answer.value.state, in_tier(Tier::B, 10));
    assert_eq!(
        answer.text(Language::English),
        "B, because the tier of the review of 2026-02-19 stands; the customer base has not been \
         measured yet"
    );
    // Dampening is not part of what a calibration is made for.
    other = policy.clone();
    other.dampening.dwell_days_min = 1;
    assert!(
        ask(&base[0], &TierState::default(), &other, &calibration).value.plain.value().is_some()
    );
}

#[test]
fn every_fault_is_found_at_its_path() {
    let paths = |change: &dyn Fn(&mut TierPolicy)| {
        let mut policy = TierPolicy::default();
        change(&mut policy);
        let faults = policy.lint("tier");
        assert!(faults.iter().all(|fault| !fault.problem.is_empty() && !fault.remedy.is_empty()));
        faults.into_iter().map(|fault| fault.path).collect::<Vec<_>>()
    };
    let sound = Vec::<String>::new();
    assert_eq!(paths(&|_| {}), sound);
    assert_eq!(paths(&|policy| policy.basis.window = Lookback::Days(0)), ["tier.basis.window"]);
    let shares = |a, b| {
        let (a, b) = (BasisPoints(a), BasisPoints(b));
        move |policy: &mut TierPolicy| {
            policy.basis.method = TierMethod::ShareOfCustomers { a, b, ties: Ties::EqualBetter };
        }
    };
    assert_eq!(paths(&shares(1, 10_000)), sound);
    assert_eq!(paths(&shares(0, 10_000)), ["tier.basis.method.share_of_customers.a"]);
    assert_eq!(paths(&shares(2_000, 2_000)), ["tier.basis.method.share_of_customers.b"]);
    assert_eq!(paths(&shares(2_000, 10_001)), ["tier.basis.method.share_of_customers.b"]);
    assert_eq!(paths(&|policy| *policy = limits(1, 0)), ["tier.basis.method.limits.b"]);
    assert_eq!(paths(&|policy| *policy = limits(1, 1)), ["tier.basis.method.limits.a"]);
    assert_eq!(
        paths(&|policy| policy.dampening.promote_margin = BasisPoints(-1)),
        ["tier.dampening.promote_margin"]
    );
    let weighted = |weights: &[(TierMeasure, i64, i64)]| {
        let weight = |&(measure, weight, unit): &(TierMeasure, i64, i64)| TierWeight {
            measure,
            weight: BasisPoints(weight),
            unit,
        };
        let weights: Vec<_> = weights.iter().map(weight).collect();
        move |policy: &mut TierPolicy| {
            policy.basis.criterion = TierCriterion::Weighted(weights.clone());
        }
    };
    use TierMeasure::{Orders, Revenue};
    let path = |rest: &str| vec![format!("tier.basis.criterion.weighted{rest}")];
    assert_eq!(paths(&weighted(&[(Revenue, 10_000, 1)])), sound);
    assert_eq!(paths(&weighted(&[(Revenue, 9_999, 1)])), path(""));
    assert_eq!(paths(&weighted(&[(Revenue, 10_000, 0)])), path(".0.unit"));
    assert_eq!(paths(&weighted(&[(Revenue, 10_000, 1), (Orders, 0, 1)])), path(".1.weight"));
    let twice = [(Revenue, 5_000, 1), (Revenue, 5_000, 1)];
    assert_eq!(paths(&weighted(&twice)), path(".1.measure"));
}

#[test]
fn every_rule_speaks_both_languages() {
    let codes: BTreeSet<_> = TierRule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), TierRule::ALL.len());
    for rule in TierRule::ALL {
        let [english, chinese] =
            [Language::English, Language::Chinese].map(|language| rule.template(language));
        assert!(english.is_ascii() && !english.ends_with('.'), "{english}");
        assert!(!chinese.is_ascii() && !chinese.ends_with('。'), "{chinese}");
        for slot in ["{observed}", "{limit}"] {
            assert_eq!(english.contains(slot), chinese.contains(slot), "{english}");
        }
        let stored = serde_json::to_string(&rule).unwrap();
        assert!(stored.contains(rule.code()), "{stored}");
        assert_eq!(serde_json::from_str::<TierRule>(&stored).unwrap(), rule);
    }
}
