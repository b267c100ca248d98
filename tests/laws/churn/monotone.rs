//! What is riskier never looks safer.

use guanxi::churn::{ChurnCalibration, ChurnFacts, ChurnPolicy, Comparison, Indicator, Lever};

use super::{
    CASES, nobody,
    random::{self, Dice},
    score,
};

#[test]
fn a_score_never_falls_when_one_fact_gets_riskier() {
    for case in 0..CASES / 20 {
        let mut dice = Dice::new(case);
        let (policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        let facts = random::facts(&mut dice);
        for weighed in policy.groups.iter().flat_map(|group| &group.indicators) {
            let (lever, direction) =
                (weighed.indicator.lever(), policy.direction(weighed.indicator).unwrap());
            let Some(now) = facts.lever(lever) else { continue };
            // Silence makes the chance to return fall, and that is the risk.
            let higher = weighed.indicator == Indicator::ReturnChance || direction.reaches(1, 0);
            let other = if higher { now + dice.from(1, 500) } else { now - dice.from(1, 500) };
            let observed = i64::from(base.first_returns.observed_days());
            if lever == Lever::Silence && facts.is_one_time_buyer() && other > observed {
                continue; // No longer compared with the base.
            }
            let riskier = facts.with_lever(lever, other);
            let (before, after) = (score(&policy, &base, &facts), score(&policy, &base, &riskier));
            assert!(after >= before, "case {case}: {lever:?} {now} to {other}");
        }
    }
}

/// Orders, spend and average order of somebody who placed these orders.
fn windows(recent: &[i64], before: &[i64]) -> [Option<Comparison>; 3] {
    let compare = |recent, before| Comparison { recent, before, windows: 2 };
    let count = |orders: &[i64]| i64::try_from(orders.len()).unwrap();
    let orders = compare(count(recent), count(before));
    let spend = compare(recent.iter().sum(), before.iter().sum());
    [Some(orders), Some(spend), Comparison::average_order(spend, orders)]
}

#[test]
fn ordering_less_never_looks_safer() {
    let mut fell = 0_u64;
    for case in 0..CASES / 10 {
        let mut dice = Dice::new(case);
        let (policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        let mut facts = random::facts(&mut dice);
        // Beside signals of all kinds, somebody with orders before and perhaps recently.
        let mut amounts =
            |most| -> Vec<i64> { (0..dice.below(most)).map(|_| dice.from(0, 9_000)).collect() };
        let (mut recent, before) = (amounts(6), amounts(9));
        let risk = |facts: &mut ChurnFacts, recent: &[i64]| {
            [facts.orders, facts.spend, facts.order_value] = windows(recent, &before);
            score(&policy, &base, facts)
        };
        let mut last = risk(&mut facts, &recent);
        // Spending less on the same orders.
        for at in 0..recent.len() {
            recent[at] -= dice.from(0, recent[at]);
            let next = risk(&mut facts, &recent);
            assert!(next >= last, "case {case}: {last:?} to {next:?}, spending {recent:?}");
            fell += u64::from(next > last);
            last = next;
        }
        // Stopping at once, and order by order, the greatest first: without a small one the average
        // is truly higher.
        let stopped = risk(&mut facts, &[]);
        recent.sort_unstable();
        while recent.pop().is_some() {
            assert!(stopped >= last, "case {case}: {last:?}, stopped {stopped:?}");
            let next = risk(&mut facts, &recent);
            assert!(next >= last, "case {case}: {last:?} to {next:?}, left {recent:?}");
            fell += u64::from(next > last);
            last = next;
        }
    }
    assert!(fell > CASES / 20, "{fell}");
}

#[test]
fn one_tiny_order_is_no_worse_than_none() {
    let (policy, base) = (ChurnPolicy::default(), ChurnCalibration::default());
    let mut facts = nobody();
    let mut after = |recent: &[i64]| {
        [facts.orders, facts.spend, facts.order_value] = windows(recent, &[5_000; 6]);
        score(&policy, &base, &facts).unwrap()
    };
    let (many, tiny, none) = (after(&[5_000; 3]), after(&[100]), after(&[]));
    assert!(many < tiny && tiny < none, "{many} {tiny} {none}");
    assert_eq!(none, 100_000);
}
