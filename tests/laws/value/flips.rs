//! Changes that turn the answer, and one step before them it does not turn.

use std::cmp::Ordering;

use guanxi::Timestamp;
use guanxi::explain::{Flip, Measure, Points, Reason};
use guanxi::value::{
    Level, PotentialFacts, ScoreFacts, ScoreMeasure, ValueAnswer, ValuePolicy, ValueRule,
    ValueType, ValueTypePolicy, judge_value_type, score_flip, value_type,
};

use super::super::random::Random;
use super::cards::total;
use super::random::{random_card, random_facts, random_potential};
use super::{ids, usd};

/// How many customers a law about changes is tried on.
const CUSTOMERS: u32 = 120_000;

fn value_of(measure: Measure) -> i64 {
    match measure {
        Measure::Days(value) | Measure::Count(value) => value,
        Measure::Money(money) => money.minor(),
        Measure::Score(score) => i64::from(score),
        other => panic!("not a number: {other:?}"),
    }
}

fn with(mut facts: ScoreFacts, measure: ScoreMeasure, value: i64) -> ScoreFacts {
    let (known, money) = (Some(value), Some(usd(value)));
    match measure {
        ScoreMeasure::NetRevenue => facts.net_revenue = usd(value),
        ScoreMeasure::Margin => facts.margin = money,
        ScoreMeasure::CostToServe => facts.cost_to_serve = money,
        ScoreMeasure::ReferredRevenue => facts.referred_revenue = money,
        ScoreMeasure::PurchaseDays => facts.purchase_days = value,
        ScoreMeasure::TenureDays => facts.tenure_days = known,
        ScoreMeasure::Orders => facts.orders = value,
        ScoreMeasure::Referrals => facts.referrals = known,
        ScoreMeasure::Own(slot) => facts.own[slot.index()] = known,
        other => panic!("unknown to this test: {other:?}"),
    }
    facts
}

/// One step from where a change leads, back to where it came from.
fn one_step_before(reason: &Reason<ValueRule>) -> i64 {
    let (from, to) = (value_of(reason.observed), value_of(reason.limit));
    match from.cmp(&to) {
        Ordering::Less => to - 1,
        Ordering::Equal => panic!("no change"),
        Ordering::Greater => to + 1,
    }
}

#[test]
fn a_change_takes_the_score_over_the_threshold_and_one_step_before_it_does_not() {
    let mut random = Random(4);
    let (mut tried, mut none) = (0, 0);
    let mut card = random_card(&mut random);
    for case in 0..CUSTOMERS {
        if case % 10 == 0 {
            card = random_card(&mut random);
        }
        let facts = random_facts(&mut random);
        let Some(now) = total(&facts, &card) else { continue };
        let near = now.0 + random.between(-20_000, 20_000);
        let threshold = Points(near.clamp(1, 100_000));
        let reaches = |facts: &ScoreFacts| total(facts, &card).unwrap() >= threshold;
        let Some(flip) = score_flip(&facts, &card, threshold) else {
            none += 1;
            // The ends of the range are the most that any one measure can do.
            for (measure, _) in card.weights().filter(|(one, _)| facts.value(*one).is_some()) {
                for end in [i64::MIN, i64::MAX] {
                    assert_eq!(reaches(&with(facts, measure, end)), now >= threshold);
                }
            }
            continue;
        };
        tried += 1;
        let Flip::Measure(reason) = flip else { panic!("{flip:?}") };
        let ValueRule::Target { measure, level } = reason.rule else { panic!("{reason:?}") };
        assert_eq!(level == Level::High, now < threshold);
        let changed = with(facts, measure, value_of(reason.limit));
        assert_eq!(reaches(&changed), now < threshold, "{facts:?} {card:?} {threshold}");
        let before = with(facts, measure, one_step_before(&reason));
        assert_eq!(reaches(&before), now >= threshold, "{facts:?} {card:?} {threshold}");
    }
    assert!(tried > CUSTOMERS / 3 && none > 0, "{tried} {none}");
}

#[test]
fn a_change_turns_the_value_type_and_one_step_before_it_does_not() {
    let mut random = Random(5);
    let mut tried = [0; 4];
    let mut card = random_card(&mut random);
    for case in 0..CUSTOMERS {
        if case % 10 == 0 {
            card = random_card(&mut random);
        }
        let (scorecard, facts) = (card.clone(), random_facts(&mut random));
        let (potential, seen) = random_potential(&mut random);
        let current_high_min = Points(random.between(1, 100_000));
        let policy = ValuePolicy {
            scorecard,
            value_type: ValueTypePolicy { current_high_min, potential },
            ..ValuePolicy::default()
        };
        assert_eq!(policy.lint("value"), []);
        let of = |facts: &ScoreFacts, potential: &PotentialFacts| {
            let answer = value_type(facts, potential, &policy, ids(), Timestamp::UNIX_EPOCH);
            assert_eq!(judge_value_type(facts, potential, &policy), answer.value);
            answer
        };
        let answer = of(&facts, &seen);
        let Some(Flip::Measure(reason)) = answer.flip else { continue };
        let now = answer.value.value().unwrap();
        let changed = |value: i64| match reason.rule {
            ValueRule::Target { measure, .. } => of(&with(facts, measure, value), &seen).value,
            ValueRule::PotentialTarget(_) => {
                of(&facts, &seen.with_given(u8::try_from(value).unwrap())).value
            }
            ValueRule::GrowthTarget(_) => {
                let mut seen = seen;
                seen.recent_net_revenue = usd(value);
                of(&facts, &seen).value
            }
            ValueRule::WorthTarget(_) => of(&facts, &seen.with_worth(usd(value))).value,
            other => panic!("{other:?}"),
        };
        let (kind, named) = match reason.rule {
            ValueRule::Target { level, .. } => (0, ValueType::new(level, now.potential)),
            ValueRule::PotentialTarget(level) => (1, ValueType::new(now.current, level)),
            ValueRule::GrowthTarget(level) => (2, ValueType::new(now.current, level)),
            ValueRule::WorthTarget(level) => (3, ValueType::new(now.current, level)),
            other => panic!("{other:?}"),
        };
        tried[kind] += 1;
        assert_ne!(named, now);
        let then = changed(value_of(reason.limit));
        assert_eq!(then, ValueAnswer::At(named), "{facts:?} {seen:?} {policy:?}");
        let before = changed(one_step_before(&reason));
        assert_eq!(before, answer.value, "{facts:?} {seen:?} {policy:?}");
    }
    assert!(tried.iter().all(|count| *count > CUSTOMERS / 50), "{tried:?}");
}
