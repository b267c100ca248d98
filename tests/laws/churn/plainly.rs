//! The score against what the pages say of it, worked out again in floating point.

use guanxi::Day;
use guanxi::churn::{
    ChurnCalibration, ChurnFacts, ChurnGroup, ChurnPolicy, Combination, GroupPolicy, Lever,
    Staleness, WeighedIndicator, WhenMissing,
};
use guanxi::explain::BasisPoints;

use super::random::{self, Dice};
use super::score;

const CASES: u64 = if cfg!(debug_assertions) { 2_000 } else { 50_000 };

/// The day a signal is of.
pub(super) fn told_on(facts: &ChurnFacts, lever: Lever) -> Option<Day> {
    let signals = &facts.signals;
    match lever {
        Lever::Usage => signals.usage.map(|told| told.day),
        Lever::UsageTrend => signals.usage_trend.map(|told| told.day),
        Lever::Complaints => signals.complaints_open.map(|told| told.day),
        Lever::Satisfaction => signals.satisfaction.map(|told| told.day),
        Lever::PaymentOverdue => signals.payment_overdue_since.map(|told| told.day),
        Lever::FailedPayments => signals.failed_payments.map(|told| told.day),
        Lever::Sponsor => signals.sponsor_gone.map(|told| told.day),
        Lever::ContractEnd => signals.contract_ends.map(|told| told.day),
        Lever::Custom(slot) => signals.custom[slot.index()].map(|told| told.day),
        _ => None,
    }
}

/// What age has left of the weight, in steps of a basis point.
fn freshness(weighed: &WeighedIndicator, facts: &ChurnFacts) -> f64 {
    let told = told_on(facts, weighed.indicator.lever());
    let Some(age) = told.map(|told| facts.day.days_since(told)) else { return 1.0 };
    let left = |after: u16, gone: u16| (i64::from(gone) - age) as f64 / f64::from(gone - after);
    match weighed.staleness {
        Staleness::Missing { after_days } if age > i64::from(after_days) => 0.0,
        Staleness::Fades { after_days, gone_days } if age > i64::from(after_days) => {
            (left(after_days, gone_days).max(0.0) * 10_000.0).round() / 10_000.0
        }
        _ => 1.0,
    }
}

/// The points of one indicator, its value taken from a policy that has no other.
fn alone(
    weighed: &WeighedIndicator,
    policy: &ChurnPolicy,
    base: &ChurnCalibration,
    facts: &ChurnFacts,
) -> Option<f64> {
    let mut lone = weighed.clone();
    (lone.weight, lone.staleness) = (BasisPoints(10_000), Staleness::Never);
    let mut group = policy.groups[0].clone();
    (group.name, group.weight) = (ChurnGroup::Other, BasisPoints(10_000));
    (group.combine, group.indicators) = (Combination::Weighted, vec![lone]);
    let mut policy = policy.clone();
    (policy.groups, policy.combine) = (vec![group], Combination::Weighted);
    policy.floors.clear();
    policy.caps.clear();
    score(&policy, base, facts).map(|score| score as f64)
}

/// The points of an indicator that is missing.
fn missing(weighed: &WeighedIndicator) -> Option<f64> {
    match weighed.missing {
        WhenMissing::Skip => None,
        WhenMissing::Neutral(points) => Some(f64::from(points) * 1_000.0),
        WhenMissing::Worst => {
            let most = weighed.scale.0.iter().map(|corner| corner.points).max();
            most.map(|points| f64::from(points) * 1_000.0)
        }
    }
}

/// Weight and points.
type Part = (f64, f64);

fn mean(parts: &[Part]) -> f64 {
    let weights: f64 = parts.iter().map(|(weight, _)| weight).sum();
    parts.iter().map(|(weight, points)| weight * points).sum::<f64>() / weights
}

fn worst(parts: &[Part]) -> f64 {
    parts.iter().map(|(_, points)| *points).fold(0.0, f64::max)
}

fn group(
    group: &GroupPolicy,
    policy: &ChurnPolicy,
    base: &ChurnCalibration,
    facts: &ChurnFacts,
) -> Option<Part> {
    let (mut parts, mut candidates, mut freshest) = (Vec::new(), Vec::new(), 0.0_f64);
    for weighed in &group.indicators {
        let (weight, fresh) = (weighed.weight.0 as f64, freshness(weighed, facts));
        let absent = missing(weighed).filter(|_| fresh < 1.0);
        if fresh > 0.0 {
            let Some(points) = alone(weighed, policy, base, facts) else { continue };
            parts.push((weight * fresh, points));
            candidates.push((weight, points));
            freshest = freshest.max(fresh);
        } else if let Some(points) = absent {
            // Where the worst counts alone, an indicator counts until it is missing.
            candidates.push((weight, points));
        }
        if let Some(points) = absent {
            parts.push((weight * (1.0 - fresh), points));
            freshest = 1.0;
        }
    }
    let combined = match group.combine {
        Combination::Weighted => mean(&parts),
        Combination::WorstOf => worst(&candidates),
    };
    (!parts.is_empty()).then_some((group.weight.0 as f64 * freshest, combined))
}

#[test]
fn the_score_is_the_mean_or_the_worst_of_its_parts() {
    let mut compared = 0;
    for case in 0..CASES {
        let mut dice = Dice::new(case);
        let (mut policy, base) = (random::policy(&mut dice), random::base(&mut dice));
        policy.floors.clear();
        policy.caps.clear();
        let facts = random::facts(&mut dice);
        let groups = policy.groups.iter().filter_map(|one| group(one, &policy, &base, &facts));
        let groups: Vec<Part> = groups.collect();
        let ours = score(&policy, &base, &facts);
        assert_eq!(ours.is_some(), !groups.is_empty(), "case {case}");
        let Some(ours) = ours else { continue };
        let theirs = match policy.combine {
            Combination::Weighted => mean(&groups),
            Combination::WorstOf => worst(&groups),
        };
        compared += 1;
        // Half a thousandth of rounding at the end, and a thousandth of it in every part.
        assert!((ours as f64 - theirs).abs() <= 1.5, "case {case}: {ours} {theirs}");
    }
    assert!(compared > CASES / 2);
}
