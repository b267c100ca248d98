//! What would change the answer of a guarded move: met, every guard named lets it pass; one step short
//! of any of them, that guard alone holds it back.

use guanxi::explain::{Measure, Reason};
use guanxi::lifecycle::{
    Comparison, ContractState, DeliveryState, Facts, LifecycleMachine, LifecycleRule, edge,
};
use guanxi::machine::{Answer, Edge, Missing, answer};
use guanxi::{Day, Stage, Trigger};

use super::random::Random;
use super::table::pairs;

const CUSTOMERS: u32 = 100_000;

fn some(random: &mut Random, value: i64) -> Option<i64> {
    (!random.chance(6)).then_some(value)
}

fn comparison(random: &mut Random) -> Option<Comparison> {
    (!random.chance(6)).then(|| Comparison {
        current: random.between(0, 60),
        baseline_total: random.between(1, 200),
        windows: random.between(1, 4),
    })
}

fn customer(random: &mut Random) -> Facts {
    let day: Day = "2026-03-10".parse().unwrap();
    let score = |random: &mut Random| u8::try_from(random.between(0, 100)).unwrap();
    let (silence, tenure, dwell, since) = (
        random.between(0, 400),
        random.between(0, 800),
        random.between(0, 90),
        random.between(0, 40),
    );
    Facts {
        orders: random.between(0, 9),
        orders_min: random.between(1, 6),
        tenure_days: some(random, tenure),
        tenure_days_min: random.between(0, 400),
        satisfaction: (!random.chance(3)).then(|| score(random)),
        satisfaction_min: (!random.chance(3)).then(|| score(random)),
        satisfaction_missing: if random.chance(2) { Missing::Block } else { Missing::Waive },
        dwell_days: some(random, dwell),
        dwell_days_min: random.between(0, 60),
        silence_days: silence,
        silence_days_max: random.between(1, 300),
        contract: match random.between(0, 5) {
            0 => ContractState::Running { ends: day, holds_silence: true },
            1 => ContractState::Running { ends: day, holds_silence: false },
            2 => ContractState::Ended { ended: day },
            _ => ContractState::None,
        },
        delivery: match random.between(0, 5) {
            0 => DeliveryState::Accepted(day),
            1 => DeliveryState::Rejected(day),
            _ => DeliveryState::Pending,
        },
        purchase_days: random.between(0, 3),
        days_since_order: some(random, since),
        delivery_implied_after_days: some(random, 14),
        fall: comparison(random),
        fall_percent: random.between(10, 90),
        recovery: comparison(random),
        recovery_percent: random.between(10, 110),
        declared: random.chance(8),
        delivery_was_the_cause: !random.chance(3),
        barred: random.chance(3),
    }
}

fn number(measure: Measure) -> i64 {
    match measure {
        Measure::Count(number) | Measure::Days(number) => number,
        Measure::Score(score) => i64::from(score),
        other => panic!("{other:?} is not a limit of this rule"),
    }
}

/// The greatest window that is at most so many percent of the mean window before, and the next one.
fn window_at(comparison: Comparison, percent: i64) -> i64 {
    (comparison.baseline_total * percent).div_euclid(100 * comparison.windows)
}

/// The facts with the one measure of this reason where it turns, and one step before; `None` where it
/// is no measure but a missing one, or something that either is or is not.
fn turned(reason: &Reason<LifecycleRule>, facts: &Facts, lapse: bool) -> Option<(Facts, Facts)> {
    let score = |limit: i64| u8::try_from(limit).ok();
    Some(match reason.rule {
        LifecycleRule::Orders => {
            let limit = number(reason.limit);
            (Facts { orders: limit, ..*facts }, Facts { orders: limit - 1, ..*facts })
        }
        LifecycleRule::Tenure | LifecycleRule::NoPurchase => {
            let days = |days| Facts { tenure_days: Some(days), ..*facts };
            let limit = number(reason.limit);
            (days(limit), days(limit - 1))
        }
        LifecycleRule::Satisfaction => {
            let limit = number(reason.limit);
            let scored = |limit| Facts { satisfaction: score(limit), ..*facts };
            (limit > 0).then(|| (scored(limit), scored(limit - 1)))?
        }
        LifecycleRule::Dwell => {
            let days = |days| Facts { dwell_days: Some(days), ..*facts };
            let limit = number(reason.limit);
            (days(limit), days(limit - 1))
        }
        LifecycleRule::PurchasesFell => {
            let fall = facts.fall?;
            let most = window_at(fall, facts.fall_percent);
            let bought = |current| Facts { fall: Some(Comparison { current, ..fall }), ..*facts };
            (bought(most), bought(most + 1))
        }
        LifecycleRule::PurchasesRecovered => {
            let recovery = facts.recovery?;
            let most_below = window_at(recovery, facts.recovery_percent);
            let exact = Comparison { current: most_below, ..recovery }
                .against_percent(facts.recovery_percent)
                .is_eq();
            let least = if exact { most_below } else { most_below + 1 };
            let bought =
                |current| Facts { recovery: Some(Comparison { current, ..recovery }), ..*facts };
            (bought(least), bought(least - 1))
        }
        LifecycleRule::DeliveryImplied => {
            let days = |days| Facts { days_since_order: Some(days), ..*facts };
            let limit = number(reason.limit);
            (days(limit), days(limit - 1))
        }
        LifecycleRule::Silence => {
            let silent = |days| Facts { silence_days: days, ..*facts };
            let allowed = number(reason.limit);
            if lapse {
                (silent(allowed + 1), silent(allowed))
            } else {
                (silent(allowed), silent(allowed + 1))
            }
        }
        _ => return None,
    })
}

/// What is no measure, put right.
fn put_right(reason: &Reason<LifecycleRule>, facts: Facts) -> Facts {
    let day: Day = "2026-03-11".parse().unwrap();
    match reason.rule {
        LifecycleRule::DeliveryPending | LifecycleRule::DeliveryRejected => {
            Facts { delivery: DeliveryState::Accepted(day), ..facts }
        }
        LifecycleRule::Barred => Facts { barred: false, ..facts },
        LifecycleRule::ContractRunning | LifecycleRule::ContractEnded => {
            Facts { contract: ContractState::None, ..facts }
        }
        LifecycleRule::NoBaseline => {
            let before = Comparison { current: 50, baseline_total: 100, windows: 1 };
            Facts { fall: Some(before), recovery: Some(before), ..facts }
        }
        LifecycleRule::Satisfaction => Facts { satisfaction: Some(100), ..facts },
        other => panic!("{other:?} holds a move back, and nobody knows what would change that"),
    }
}

fn blocked(stage: Stage, trigger: Trigger, facts: &Facts) -> Option<Vec<Reason<LifecycleRule>>> {
    match answer::<LifecycleMachine>(stage, trigger, facts) {
        Answer::Blocked { unmet } => Some(unmet),
        Answer::Permitted { .. } => None,
        other => panic!("{stage} {trigger}: {other:?}"),
    }
}

/// The number of counterfactuals that were checked on both sides.
fn check(stage: Stage, trigger: Trigger, facts: &Facts) -> u32 {
    let lapse = trigger == Trigger::Lapse;
    // What is no measure is put right first; a measure may come to light by it.
    let mut facts = *facts;
    let unmet = loop {
        let Some(unmet) = blocked(stage, trigger, &facts) else { return 0 };
        match unmet.iter().find(|reason| turned(reason, &facts, lapse).is_none()) {
            Some(reason) => facts = put_right(reason, facts),
            None => break unmet,
        }
    };
    let met = unmet.iter().fold(facts, |facts, reason| turned(reason, &facts, lapse).unwrap().0);
    assert_eq!(blocked(stage, trigger, &met), None, "{stage} {trigger} {unmet:?} {met:?}");
    for reason in &unmet {
        let (_, short) = turned(reason, &met, lapse).unwrap();
        let left = blocked(stage, trigger, &short).expect("one step short is not enough");
        let [only] = left.as_slice() else { panic!("{stage} {trigger} {reason:?}: {left:?}") };
        assert!(
            only.rule == reason.rule || reason.rule == LifecycleRule::NoPurchase,
            "{stage} {trigger} {reason:?}: {only:?}"
        );
    }
    u32::try_from(unmet.len()).unwrap()
}

#[test]
fn what_holds_a_move_back_is_what_would_let_it_pass() {
    let guarded: Vec<(Stage, Trigger)> = pairs()
        .filter(|(stage, trigger)| match edge(*stage, *trigger) {
            Edge::To { guards, .. } => !guards.is_empty(),
            _ => false,
        })
        .collect();
    let mut random = Random(29);
    let mut checked = 0;
    for _ in 0..CUSTOMERS {
        let facts = customer(&mut random);
        for (stage, trigger) in &guarded {
            if !matches!(
                answer::<LifecycleMachine>(*stage, *trigger, &facts),
                Answer::Stay | Answer::Refused(_)
            ) {
                checked += check(*stage, *trigger, &facts);
            }
        }
    }
    assert!(checked > CUSTOMERS, "only {checked}");
}
