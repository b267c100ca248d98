//! What a base says is counted exactly, in whatever order it was read.

use guanxi::churn::{ChurnCalibration, FirstReturns, InterpurchaseTimes};
use guanxi::explain::BasisPoints;
use proptest::prelude::*;

use crate::laws::generate::cases;

fn days() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(prop_oneof![0..40_u32, Just(u32::MAX)], 0..60)
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn shares_and_quantiles_are_those_of_the_sorted_list(mut days in days(), at in 0..50_u32, share in 0..=10_000_i64) {
        let waits = InterpurchaseTimes::from_gaps(days.iter().copied());
        days.sort_unstable();
        let count = days.len() as u64;
        prop_assert_eq!(waits.count(), count);
        let below = days.iter().filter(|day| **day < at).count() as u64;
        prop_assert_eq!(waits.count_below(at), below);
        let rounded = (20_000 * below + count).checked_div(2 * count);
        prop_assert_eq!(waits.share_below(at).map(|share| share.0.unsigned_abs()), rounded);
        // Nearest rank: the first of the sorted list with at least the share up to and with it.
        let place = |index: usize| (index + 1) as i128 * 10_000 >= i128::from(share) * days.len() as i128;
        let nearest = (0..days.len()).find(|index| place(*index)).map(|index| days[index]);
        prop_assert_eq!(waits.quantile(BasisPoints(share)), nearest);
    }

    #[test]
    fn the_order_of_reading_does_not_matter(days in days(), seed in any::<u64>()) {
        let mut other = days.clone();
        if !other.is_empty() {
            let middle = usize::try_from(seed % other.len() as u64).unwrap();
            other.rotate_left(middle);
            other.swap(0, middle);
        }
        let (waits, again) = (InterpurchaseTimes::from_gaps(days), InterpurchaseTimes::from_gaps(other));
        prop_assert_eq!(serde_json::to_string(&waits).unwrap(), serde_json::to_string(&again).unwrap());
        prop_assert_eq!(waits, again);
    }

    #[test]
    fn a_stored_base_comes_back(days in days(), more in 0..9_u64) {
        let mut base = ChurnCalibration::default();
        base.interpurchase_times = InterpurchaseTimes::from_gaps(days.iter().copied());
        base.first_returns = FirstReturns::new(days.len() as u64 + more, InterpurchaseTimes::from_gaps(days)).unwrap();
        let stored = serde_json::to_string(&base).unwrap();
        prop_assert_eq!(serde_json::from_str::<ChurnCalibration>(&stored).unwrap(), base);
    }

    #[test]
    fn the_chance_to_return_never_rises(days in days(), more in 0..9_u64) {
        let buyers = days.len() as u64 + more;
        let returns = FirstReturns::new(buyers, InterpurchaseTimes::from_gaps(days)).unwrap();
        let chances: Vec<_> = (0..50).map(|day| returns.chance_after(day)).collect();
        prop_assert!(chances.is_sorted_by(|early, late| early >= late), "{:?}", chances);
    }
}
