//! Every fault of a policy is found where it is.

use guanxi::explain::BasisPoints;
use guanxi::rank::{Inclusion, Ties};
use guanxi::tier::{Steps, TierCriterion, TierMeasure, TierMethod, TierPolicy, TierWeight};
use guanxi::time::Lookback;

use super::limits;

#[test]
fn every_fault_is_found_at_its_path() {
    let paths = |change: &dyn Fn(&mut TierPolicy)| {
        let mut policy = TierPolicy::default();
        change(&mut policy);
        let faults = policy.lint("tier");
        assert!(faults.iter().all(|fault| !fault.problem.is_empty() && !fault.remedy.is_empty()));
        faults.into_iter().map(|fault| fault.path).collect::<Vec<_>>()
    };
    let sound = Vec::<String>::new();
    assert_eq!(paths(&|_| {}), sound);
    assert_eq!(paths(&|policy| policy.basis.window = Lookback::Days(0)), ["tier.basis.window"]);
    let shares = |a, b| {
        let (a, b) = (BasisPoints(a), BasisPoints(b));
        move |policy: &mut TierPolicy| {
            policy.basis.method = TierMethod::ShareOfCustomers { a, b, ties: Ties::EqualBetter };
        }
    };
    assert_eq!(paths(&shares(1, 10_000)), sound);
    assert_eq!(paths(&shares(0, 10_000)), ["tier.basis.method.share_of_customers.a"]);
    assert_eq!(paths(&shares(2_000, 2_000)), ["tier.basis.method.share_of_customers.b"]);
    assert_eq!(paths(&shares(2_000, 10_001)), ["tier.basis.method.share_of_customers.b"]);
    assert_eq!(paths(&|policy| *policy = limits(1, 0)), ["tier.basis.method.limits.b"]);
    assert_eq!(paths(&|policy| *policy = limits(1, 1)), ["tier.basis.method.limits.a"]);
    assert_eq!(
        paths(&|policy| policy.dampening.promote_margin = BasisPoints(-1)),
        ["tier.dampening.promote_margin"]
    );
    let promote = |margin| {
        move |policy: &mut TierPolicy| policy.dampening.promote_margin = BasisPoints(margin)
    };
    assert_eq!(paths(&promote(100_000)), sound);
    assert_eq!(paths(&promote(100_001)), ["tier.dampening.promote_margin"]);
    let stay = |days, steps| {
        move |policy: &mut TierPolicy| {
            (policy.dampening.dwell_days_min, policy.dampening.steps) = (days, steps);
        }
    };
    assert_eq!(paths(&stay(0, Steps::Any)), sound);
    assert_eq!(paths(&stay(1, Steps::One)), sound);
    assert_eq!(paths(&stay(0, Steps::One)), ["tier.dampening.dwell_days_min"]);
    let score = |a, b, on_edge, margin| {
        move |policy: &mut TierPolicy| {
            policy.basis.criterion = TierCriterion::One(TierMeasure::ValueScore);
            policy.basis.method = TierMethod::Limits { a, b, on_edge };
            policy.dampening.promote_margin = BasisPoints(margin);
        }
    };
    use Inclusion::{Better, Worse};
    assert_eq!(paths(&score(100_000, 50_000, Better, 0)), sound);
    assert_eq!(paths(&score(100_000, 50_000, Worse, 0)), ["tier.basis.method.limits.a"]);
    assert_eq!(paths(&score(100_001, 50_000, Better, 0)), ["tier.basis.method.limits.a"]);
    let both = ["tier.basis.method.limits.a", "tier.basis.method.limits.b"];
    assert_eq!(paths(&score(200_000, 100_001, Better, 0)), both);
    assert_eq!(paths(&score(80_000, 50_000, Better, 2_500)), sound);
    assert_eq!(paths(&score(80_000, 50_000, Better, 2_501)), ["tier.dampening.promote_margin"]);
    let weighted = |weights: &[(TierMeasure, i64, i64)]| {
        let weight = |&(measure, weight, unit): &(TierMeasure, i64, i64)| TierWeight {
            measure,
            weight: BasisPoints(weight),
            unit,
        };
        let weights: Vec<_> = weights.iter().map(weight).collect();
        move |policy: &mut TierPolicy| {
            policy.basis.criterion = TierCriterion::Weighted(weights.clone());
        }
    };
    use TierMeasure::{NetRevenue, Orders};
    let path = |rest: &str| vec![format!("tier.basis.criterion.weighted{rest}")];
    assert_eq!(paths(&weighted(&[(NetRevenue, 10_000, 1)])), sound);
    assert_eq!(paths(&weighted(&[(NetRevenue, 9_999, 1)])), path(""));
    assert_eq!(paths(&weighted(&[(NetRevenue, 10_000, 0)])), path(".0.unit"));
    assert_eq!(paths(&weighted(&[(NetRevenue, 10_000, 1), (Orders, 0, 1)])), path(".1.weight"));
    let twice = [(NetRevenue, 5_000, 1), (NetRevenue, 5_000, 1)];
    assert_eq!(paths(&weighted(&twice)), path(".1.measure"));
}
