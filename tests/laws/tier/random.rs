//! Policies, bases and customers at random.

use guanxi::explain::{BasisPoints, Points};
use guanxi::rank::{Inclusion, Ties};
use guanxi::tier::{
    Dampening, OverrideReason, ReviewedTier, Steps, Tier, TierBasis, TierCalibration,
    TierCriterion, TierFacts, TierMeasure, TierMethod, TierMissing, TierOverride, TierPolicy,
    TierState, TierWeight,
};
use guanxi::time::Lookback;
use guanxi::{Actor, Timestamp};

use super::super::random::{Random, customer};
use super::{today, usd};

pub(super) fn random_facts(random: &mut Random) -> TierFacts {
    let mut maybe = || {
        let value = random.amount(300);
        random.maybe(value)
    };
    let (margin, business_size, value_score) = (maybe(), maybe(), maybe());
    let key = customer(u128::from(random.bits() % 50));
    let mut facts = TierFacts::new(key, today(), usd(random.amount(300)));
    facts.margin = margin.map(usd);
    facts.business_size = business_size;
    facts.value_score = value_score.map(Points);
    facts.orders = random.amount(300);
    facts.purchase_days = random.amount(300);
    facts
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

pub(crate) fn random_policy(random: &mut Random) -> TierPolicy {
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
            dwell_days_min: u16::try_from(random.between(1, 40)).unwrap(),
            steps: if random.chance(2) { Steps::One } else { Steps::Any },
        },
    };
    assert_eq!(policy.lint("tier"), []);
    policy
}

/// The same without a stay, as the lint allows it and as it does not.
pub(super) fn hasty(mut policy: TierPolicy) -> TierPolicy {
    policy.dampening.dwell_days_min = 0;
    policy
}

pub(super) fn random_state(random: &mut Random) -> TierState {
    let mut state = TierState::default();
    if !random.chance(4) {
        let tier = Tier::ALL[random.below(3)];
        state.reviewed =
            Some(ReviewedTier::new(tier, today().saturating_add_days(-random.between(0, 90))));
    }
    if random.chance(5) {
        let tier = Tier::ALL[random.below(3)];
        let mut near = || Timestamp::from_micros(random.between(-1, 1)).unwrap();
        let (from, until) = (near(), near());
        let reason = OverrideReason::Strategic;
        state = state.with_override(TierOverride::new(tier, from, until, reason, Actor::System));
    }
    state
}

/// A policy with the calibration of a random base.
pub(super) fn random_rules(random: &mut Random) -> (TierPolicy, TierCalibration) {
    let policy = random_policy(random);
    let size = [0, 1, 3, 25][random.below(4)];
    let base: Vec<TierFacts> = (0..size).map(|_| random_facts(random)).collect();
    let calibration = TierCalibration::of(&policy, &base);
    (policy, calibration)
}
