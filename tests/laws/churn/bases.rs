//! What a base says is counted exactly, in whatever order and in however many parts it was read.

use guanxi::churn::{ChurnBase, ChurnCalibration, FirstReturns, InterpurchaseTimes};
use guanxi::explain::BasisPoints;
use proptest::prelude::*;

use crate::laws::generate::cases;

fn days() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(prop_oneof![0..40_u32, Just(u32::MAX)], 0..60)
}

/// For how many days each customer is observable, and its gaps.
type Customers = Vec<(u32, Vec<u32>)>;

fn customers() -> impl Strategy<Value = Customers> {
    let gaps = prop::collection::vec(1..40_u32, 0..5);
    prop::collection::vec((prop_oneof![0..80_u32, Just(30)], gaps), 0..40)
}

fn counted<'a>(
    observed_days: u32,
    customers: impl IntoIterator<Item = &'a (u32, Vec<u32>)>,
) -> ChurnBase {
    let mut base = ChurnCalibration::builder(observed_days);
    for (observable_days, gaps) in customers {
        base.add(*observable_days, gaps.iter().copied());
    }
    base
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn shares_and_quantiles_are_those_of_the_sorted_list(mut days in days(), at in 0..50_u32, share in 0..=10_000_i64) {
        let times = InterpurchaseTimes::from_gaps(days.iter().copied()).unwrap();
        days.sort_unstable();
        let count = days.len() as u64;
        prop_assert_eq!(times.count(), count);
        let below = days.iter().filter(|day| **day < at).count() as u64;
        prop_assert_eq!(times.count_below(at), below);
        let rounded = (20_000 * below + count).checked_div(2 * count);
        prop_assert_eq!(times.share_below(at).map(|share| share.0.unsigned_abs()), rounded);
        // Nearest rank: the first of the sorted list with at least the share up to and with it.
        let place = |index: usize| (index + 1) as i128 * 10_000 >= i128::from(share) * days.len() as i128;
        let nearest = (0..days.len()).find(|index| place(*index)).map(|index| days[index]);
        prop_assert_eq!(times.quantile(BasisPoints(share)), nearest);
    }

    #[test]
    fn a_builder_counts_what_the_lists_hold(customers in customers(), observed in 1..60_u32, at in 0..70_u32) {
        let base = counted(observed, &customers).calibration().unwrap();
        let gaps = customers.iter().flat_map(|(_, gaps)| gaps.iter().copied());
        prop_assert_eq!(&base.interpurchase_times, &InterpurchaseTimes::from_gaps(gaps).unwrap());
        let buyers = customers.iter().map(|(seen, gaps)| (*seen, gaps.first().copied()));
        prop_assert_eq!(&base.first_returns, &FirstReturns::of(observed, buyers).unwrap());

        // By the sentence: of those not back within `at` days, the share who came later while
        // observed.
        let seen = || customers.iter().filter(|(seen, _)| *seen >= observed);
        let back = |gaps: &[u32]| gaps.first().copied().filter(|gap| *gap <= observed);
        let left = seen().filter(|(_, gaps)| back(gaps).is_none_or(|gap| gap > at)).count();
        let later = seen().filter(|(_, gaps)| back(gaps).is_some_and(|gap| gap > at)).count();
        let share = (20_000 * later + left).checked_div(2 * left).unwrap_or(0);
        let known = seen().next().is_some() && at <= observed;
        let share = known.then(|| BasisPoints(i64::try_from(share).unwrap()));
        prop_assert_eq!(base.first_returns.chance_after(at), share);
        prop_assert_eq!(base.first_returns.buyers(), seen().count() as u64);
    }

    #[test]
    fn the_order_of_reading_and_the_parts_do_not_matter(
        customers in customers(),
        at in any::<prop::sample::Index>(),
        observed in 1..60_u32,
    ) {
        let whole = counted(observed, &customers);
        prop_assert_eq!(&counted(observed, customers.iter().rev()), &whole);
        let middle = if customers.is_empty() { 0 } else { at.index(customers.len()) };
        let (one, other) = customers.split_at(middle);
        let (one, other) = (counted(observed, one), counted(observed, other));
        for (mut first, second) in [(one.clone(), other.clone()), (other, one)] {
            first.merge(&second).unwrap();
            prop_assert_eq!(&first, &whole);
            let (first, whole) = (first.calibration().unwrap(), whole.calibration().unwrap());
            let (first, whole) = (serde_json::to_string(&first), serde_json::to_string(&whole));
            prop_assert_eq!(first.unwrap(), whole.unwrap());
        }
    }

    #[test]
    fn a_stored_base_comes_back(customers in customers(), observed in 1..60_u32) {
        let base = counted(observed, &customers).calibration().unwrap();
        let stored = serde_json::to_string(&base).unwrap();
        prop_assert_eq!(serde_json::from_str::<ChurnCalibration>(&stored).unwrap(), base);
    }

    #[test]
    fn the_chance_to_return_never_rises(customers in customers(), observed in 1..60_u32) {
        let returns = counted(observed, &customers).calibration().unwrap().first_returns;
        let chances: Vec<_> = (0..=observed).map(|day| returns.chance_after(day)).collect();
        prop_assert!(chances.is_sorted_by(|early, late| early >= late), "{:?}", chances);
        prop_assert_eq!(returns.chance_after(observed + 1), None);
    }
}

#[test]
fn parts_observed_for_different_days_do_not_mix() {
    let mut base = counted(30, &[(30, vec![7])]);
    let before = base.clone();
    assert!(base.merge(&counted(31, &[(31, vec![7])])).is_err());
    assert_eq!(base, before);
}
