//! Tiers: those of another program on CDNOW, dampening, overrides, and changes that turn them.

mod bases;
mod dampening;
mod faults;
mod flips;
mod overrides;
pub(super) mod random;
mod words;

use guanxi::calibrated::Calibrated;
use guanxi::explain::{Explained, Ids};
use guanxi::rank::Inclusion;
use guanxi::tier::{
    ReviewedTier, Tier, TierCalibration, TierFacts, TierMethod, TierPolicy, TierReview, TierRule,
    TierState, judge, review,
};
use guanxi::{Currency, Day, Money, PolicyId, Timestamp};

use super::random::customer;

/// How many customers a law about changes is tried on.
const CUSTOMERS: u32 = 120_000;

type Reviewed = Explained<TierReview, TierRule>;

/// A review at the beginning of time; whatever is asked, the answer without reasons is the same.
fn ask<'c>(
    facts: &TierFacts,
    state: &TierState,
    policy: &TierPolicy,
    calibration: impl Into<Calibrated<'c, TierCalibration>>,
) -> Reviewed {
    let calibration = calibration.into();
    let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
    let answer = review(facts, state, policy, calibration, ids, Timestamp::UNIX_EPOCH);
    let judged = judge(facts, state, policy, calibration, Timestamp::UNIX_EPOCH);
    assert_eq!(judged, answer.value, "{facts:?} {state:?} {policy:?}");
    answer
}

fn tier(answer: &Reviewed) -> Tier {
    answer.value.tier.value().unwrap()
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

fn today() -> Day {
    Day::from_ymd(2026, 3, 1).unwrap()
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
    TierState::default().with_reviewed(ReviewedTier::new(tier, since))
}
