//! Scores: what they add up to, what they are bounded by, and what moves them.

use guanxi::Day;
use guanxi::churn::{
    ChurnFacts, ChurnPolicy, ChurnRule, ChurnRules, Comparison, Observation, Returns, Risk,
    Staleness, WhenMissing,
};
use guanxi::explain::{BasisPoints, Points};
use guanxi::scale::Corner;

use super::random::{self, Dice};
use super::{CASES, assess, each_case, each_of, score};

#[test]
fn parts_add_up_to_the_score_exactly() {
    parts_add_up(CASES);
}

#[test]
#[ignore = "takes half a minute without optimisation"]
fn parts_add_up_to_the_score_exactly_a_million_times() {
    parts_add_up(1_000_000);
}

fn parts_add_up(cases: u64) {
    let (mut judged, mut outside) = (0_u64, 0_u64);
    each_of(cases, |case, policy, base, facts| {
        let answer = assess(policy, base, facts);
        match answer.value.risk {
            Risk::At(level) => {
                judged += 1;
                assert!((0..=100_000).contains(&level.score.0), "case {case}: {level:?}");
                assert_eq!(answer.total(), Some(level.score), "case {case}: {answer:?}");
            }
            Risk::Outside(_) => {
                outside += 1;
                assert_eq!(answer.total(), Some(Points(0)), "case {case}");
            }
        }
    });
    assert!(judged > 1_000 && outside > 100, "{judged} {outside}");
}

#[test]
fn bounds_hold_whatever_the_indicators_say() {
    each_case(|case, policy, base, facts| {
        let answer = assess(policy, base, facts);
        let Some(level) = answer.value.risk.level() else { return };
        let mut free = policy.clone();
        free.floors.clear();
        free.caps.clear();
        let unbound = score(&free, base, facts).unwrap();
        let binds =
            |found: fn(&ChurnRule) -> bool| answer.reasons.iter().any(|reason| found(&reason.rule));
        let floored = binds(|rule| matches!(rule, ChurnRule::Floor(_)));
        let capped = binds(|rule| matches!(rule, ChurnRule::Cap(_)));
        if floored {
            assert!(
                policy.floors.iter().any(|floor| level.score.0 == i64::from(floor.points) * 1_000)
            );
        } else if capped {
            assert!(level.score.0 < unbound, "case {case}");
        } else {
            assert_eq!(level.score.0, unbound, "case {case}");
        }
    });
}

/// Any number, the ends of the range more often than chance has them.
fn wild(dice: &mut Dice) -> i64 {
    match dice.below(6) {
        0 => i64::MIN,
        1 => i64::MAX,
        2 => 0,
        3 => dice.from(-3, 3),
        4 => dice.bits().cast_signed(),
        _ => dice.from(-20_000, 20_000),
    }
}

fn wild_policy(dice: &mut Dice) -> ChurnPolicy {
    let mut policy = random::policy(dice);
    for group in &mut policy.groups {
        group.weight = BasisPoints(wild(dice));
        for weighed in &mut group.indicators {
            weighed.weight = BasisPoints(wild(dice));
            for corner in &mut weighed.scale.0 {
                *corner = Corner { at: wild(dice), points: dice.small(0, 255) };
            }
            weighed.staleness =
                Staleness::Fades { after_days: dice.days(500), gone_days: dice.days(500) };
            weighed.missing = WhenMissing::Neutral(dice.small(0, 255));
        }
    }
    let many = dice.below(6);
    for _ in 0..many {
        policy.groups.extend(policy.groups.clone().into_iter().take(8));
    }
    policy.bands.medium_from = dice.small(0, 255);
    policy.bands.down_margin = dice.small(0, 255);
    policy
}

fn wild_facts(dice: &mut Dice) -> ChurnFacts {
    let mut facts = random::facts(dice);
    let count = |dice: &mut Dice| dice.pick(&[0, 1, 2, u32::MAX]);
    facts.day = dice.pick(&[Day::MIN, Day::MAX, facts.day]);
    facts.purchase_days = count(dice);
    facts.silence_days = Some(count(dice));
    facts.usual_gap_days = Some(count(dice));
    let compare = |dice: &mut Dice| {
        Some(Comparison { recent: wild(dice), before: wild(dice), windows: dice.days(u16::MAX) })
    };
    facts.orders = compare(dice);
    facts.spend = compare(dice);
    facts.order_value = compare(dice);
    facts.returns = Some(Returns { returned: wild(dice), gross: wild(dice) });
    let (value, ends) = (wild(dice), dice.pick(&[Day::MIN, Day::MAX]));
    facts.signals.usage = Some(Observation::new(BasisPoints(value), facts.day));
    facts.signals.contract_ends = Some(Observation::new(ends, Day::MIN));
    facts
}

#[test]
fn whatever_comes_has_an_answer_whose_parts_add_up() {
    for case in 0..CASES / 10 {
        let mut dice = Dice::new(case);
        let (policy, base) = (wild_policy(&mut dice), random::base(&mut dice));
        let _ = policy.lint("churn");
        let facts = wild_facts(&mut dice);
        let answer = assess(&policy, &base, &facts);
        if let Some(level) = answer.value.risk.level() {
            assert_eq!(answer.total(), Some(level.score), "case {case}");
        }
        if case % 50 == 0 {
            let _ = ChurnRules::new(&policy, &base).turns(&facts, None);
        }
    }
}
