//! Margins, stays and steps.

use guanxi::Speak;
use guanxi::explain::{BasisPoints, Language, Points};
use guanxi::tier::{ReviewedTier, Steps, Tier, TierCalibration, TierCriterion, TierState};

use super::super::random::Random;
use super::random::{hasty, random_facts, random_rules, random_state};
use super::{CUSTOMERS, ask, in_tier, limits, spent, tier, today};

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
        let next = answer.value.reviewed.unwrap();
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
            assert_eq!(next, ReviewedTier::new(plain, today()));
        }
    }
}

#[test]
fn a_review_asked_for_twice_on_one_day_is_one() {
    let mut random = Random(15);
    let mut rules = random_rules(&mut random);
    let mut moved = 0;
    for case in 0..CUSTOMERS {
        if case % 20 == 0 {
            rules = random_rules(&mut random);
            if random.chance(2) {
                rules.0 = hasty(rules.0);
            }
        }
        let (policy, calibration) = &rules;
        let (facts, state) = (random_facts(&mut random), random_state(&mut random));
        let first = ask(&facts, &state, policy, calibration).value;
        let mut remembered = state;
        remembered.reviewed = first.reviewed;
        let again = ask(&facts, &remembered, policy, calibration).value;
        assert_eq!(again, first, "{facts:?} {state:?} {rules:?}");
        moved += u32::from(first.reviewed != state.reviewed);
    }
    assert!(moved > CUSTOMERS / 4, "the law was hardly tried: {moved}");
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
    // Who brings nothing is in C, even where nobody linted a margin of the whole.
    let mut boundless = limits(10_000, 1_000);
    boundless.dampening.demote_margin = BasisPoints(10_000);
    let of = |minor| {
        let (spent, state) = (spent(minor), in_tier(Tier::B, 90));
        tier(&ask(&spent, &state, &boundless, &TierCalibration::default()))
    };
    assert_eq!([of(1), of(0)], [Tier::B, Tier::C]);
}

#[test]
fn one_step_at_a_time_is_one_step_a_day() {
    let policy = hasty(limits(10_000, 1_000));
    let none = TierCalibration::default();
    let first = ask(&spent(10), &TierState::default(), &policy, &none).value;
    let state = TierState::default().with_reviewed(first.reviewed.unwrap());
    // The same day, whatever it brings.
    let same_day = ask(&spent(i64::MAX), &state, &policy, &none);
    assert_eq!((tier(&same_day), same_day.flip.clone()), (Tier::C, None));
    assert_eq!(
        same_day.text(Language::English),
        "C, because value 92233720368547758.07 USD, tier from 100.00 USD; in the tier for 0 days, \
         1 day needed"
    );
    // The next day one step, not two.
    let mut tomorrow = spent(i64::MAX);
    tomorrow.day = today().saturating_add_days(1);
    let next = ask(&tomorrow, &state, &policy, &none).value.reviewed.unwrap();
    assert_eq!(next, ReviewedTier::new(Tier::B, tomorrow.day));
    let again = ask(&tomorrow, &TierState::default().with_reviewed(next), &policy, &none);
    assert_eq!(again.value.reviewed, Some(next));
}
