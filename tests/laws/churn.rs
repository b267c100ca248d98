//! Churn risk: parts that add up, counterfactuals that are true, an answer for whatever comes.
//!
//! Policies, bases and customers are drawn by `random`; each law tells the number of the case that
//! breaks it, and that number draws the same case again.

mod bases;
mod cdnow;
mod faults;
mod flips;
mod random;
mod scores;
mod words;

use guanxi::PolicyId;
use guanxi::churn::{ChurnCalibration, ChurnFacts, ChurnPolicy, ChurnRule, ChurnRules, Risk};
use guanxi::explain::{Explained, Ids};
use guanxi::{Currency, Day, Timestamp};

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
) -> Explained<Risk, ChurnRule> {
    ChurnRules::new(policy, base).assess(facts, None, ids(), Timestamp::UNIX_EPOCH)
}

/// The score in thousandths of a point.
fn score(policy: &ChurnPolicy, base: &ChurnCalibration, facts: &ChurnFacts) -> Option<i64> {
    assess(policy, base, facts).value.level().map(|level| level.score.0)
}
