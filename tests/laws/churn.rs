//! Churn risk: parts that add up, counterfactuals that are true, an answer for whatever comes.
//!
//! Policies, bases and customers are drawn by `random`; each law tells the number of the case that
//! breaks it, and that number draws the same case again.

mod ages;
mod bases;
mod cdnow;
mod faults;
mod flips;
mod monotone;
mod plainly;
pub(super) mod random;
mod reviews;
mod scores;
mod words;

use guanxi::PolicyId;
use guanxi::churn::{
    ChurnCalibration, ChurnFacts, ChurnGroup, ChurnPolicy, ChurnRule, ChurnRules, GroupPolicy,
    Indicator, RiskReview, WeighedIndicator,
};
use guanxi::explain::{BasisPoints, Explained, Ids};
use guanxi::scale::{Corner, Scale};
use guanxi::{Currency, Day, Timestamp};

use self::random::Dice;

fn ids() -> Ids {
    Ids::of_policy(PolicyId::of_document(b"{}"))
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn nobody() -> ChurnFacts {
    ChurnFacts::new(day("2026-03-31"), Currency::USD)
}

fn assess(
    policy: &ChurnPolicy,
    base: &ChurnCalibration,
    facts: &ChurnFacts,
) -> Explained<RiskReview, ChurnRule> {
    ChurnRules::new(policy, base).assess(facts, None, ids(), Timestamp::UNIX_EPOCH)
}

/// The score in thousandths of a point.
fn score(policy: &ChurnPolicy, base: &ChurnCalibration, facts: &ChurnFacts) -> Option<i64> {
    let review = ChurnRules::new(policy, base).judge(facts, None, Timestamp::UNIX_EPOCH);
    review.risk.level().map(|level| level.score.0)
}

/// A million where that is quick.
const CASES: u64 = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };

/// Customers drawn for each policy, so that policies are not the work.
const EACH: u64 = 50;

fn each_case(law: impl FnMut(u64, &ChurnPolicy, &ChurnCalibration, &ChurnFacts)) {
    each_of(CASES, law);
}

fn each_of(cases: u64, mut law: impl FnMut(u64, &ChurnPolicy, &ChurnCalibration, &ChurnFacts)) {
    for draw in 0..cases / EACH {
        let mut dice = Dice::new(draw);
        let (policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        for number in 0..EACH {
            law(draw * EACH + number, &policy, &base, &random::facts(&mut dice));
        }
    }
}

/// A policy that weighs nothing else.
fn only(indicator: Indicator, corners: &[(i64, u8)]) -> ChurnPolicy {
    let scale = Scale(corners.iter().map(|&(at, points)| Corner { at, points }).collect());
    let whole = BasisPoints(10_000);
    lone(WeighedIndicator::new(indicator, whole, scale))
}

fn lone(weighed: WeighedIndicator) -> ChurnPolicy {
    let mut policy = ChurnPolicy::default();
    let whole = BasisPoints(10_000);
    policy.groups = vec![GroupPolicy::new(ChurnGroup::Other, whole, vec![weighed])];
    policy.floors.clear();
    policy
}
