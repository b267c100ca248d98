//! Changes that turn the tier, and one step before them it does not turn.

use guanxi::Timestamp;
use guanxi::explain::{Flip, Measure, Points, Reason};
use guanxi::tier::{
    Tier, TierCriterion, TierFacts, TierMeasure, TierPolicy, TierRule, TierState, why_not,
};

use super::super::random::Random;
use super::random::{random_facts, random_rules, random_state};
use super::{CUSTOMERS, ask, today, usd};

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
        TierMeasure::NetRevenue => facts.net_revenue = usd(value),
        TierMeasure::Margin => facts.margin = Some(usd(value)),
        TierMeasure::Orders => facts.orders = value,
        TierMeasure::PurchaseDays => facts.purchase_days = value,
        TierMeasure::BusinessSize => facts.business_size = Some(value),
        TierMeasure::ValueScore => facts.value_score = Some(Points(value)),
        other => panic!("unknown to this test: {other:?}"),
    }
    facts
}

/// The facts at the end of a change, those one step before it, and the tier that it names.
fn change(facts: TierFacts, reason: &Reason<TierRule>) -> (TierFacts, TierFacts, Tier) {
    let TierRule::Target { measure, tier } = reason.rule else { panic!("{reason:?}") };
    let (from, to) = (number(reason.observed), number(reason.limit));
    assert_ne!(from, to);
    let before = if from < to { to - 1 } else { to + 1 };
    (with(facts, measure, to), with(facts, measure, before), tier)
}

fn measures(policy: &TierPolicy) -> Vec<TierMeasure> {
    match &policy.basis.criterion {
        TierCriterion::One(measure) => vec![*measure],
        TierCriterion::Weighted(weights) => weights.iter().map(|weight| weight.measure).collect(),
    }
}

/// The least and the most of a measure that the tests try.
fn ends(measure: TierMeasure) -> [i64; 2] {
    match measure {
        TierMeasure::NetRevenue | TierMeasure::Margin => [-1_000_000_000, 1_000_000_000],
        TierMeasure::ValueScore => [0, 100_000],
        _ => [0, 1_000_000_000],
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
                for end in ends(measure) {
                    let changed = with(facts, measure, end);
                    assert!(!known || of(&changed) == answer.value.tier, "{facts:?} {rules:?}");
                }
            }
            continue;
        };
        let Flip::Measure(reason) = flip else { panic!("{flip:?}") };
        let (changed, before, named) = change(facts, reason);
        assert_ne!(Some(named), answer.value.tier.value(), "{facts:?} {state:?} {rules:?}");
        assert_eq!(of(&changed).value(), Some(named), "{facts:?} {state:?} {rules:?}");
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
                let (changed, before, named) = change(facts, &reason);
                let then = ask(&changed, &state, policy, calibration).value.tier.value();
                assert_eq!(then, Some(named), "{facts:?} {rules:?}");
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
                        TierRule::Target { tier, .. } => {
                            assert_eq!(tier, wanted);
                            facts = change(facts, guard).0;
                        }
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
