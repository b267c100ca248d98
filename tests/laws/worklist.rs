//! Laws of the work list.

use guanxi::Stage;
use guanxi::explain::Points;
use guanxi::portfolio::{Precedence, Stake, Worklist};
use proptest::prelude::*;

fn stake() -> impl Strategy<Value = Stake> {
    // Few different scores, so that there are ties.
    let score = || prop::option::of(-1_000_i64..4_000);
    (prop::sample::select(Stage::ALL.to_vec()), score(), score()).prop_map(
        |(stage, value, risk)| {
            let stake = Stake::new(stage);
            let stake =
                value.map_or(stake, |value| stake.with_value(Points(value / 1_000 * 1_000)));
            risk.map_or(stake, |risk| stake.with_risk(Points(risk / 1_000 * 1_000)))
        },
    )
}

fn base() -> impl Strategy<Value = Vec<(u16, Stake)>> {
    prop::collection::vec(stake(), 0..60).prop_map(|stakes| (0..).zip(stakes).collect())
}

fn listed(limit: usize, base: &[(u16, Stake)]) -> Vec<u16> {
    let mut list = Worklist::new(limit);
    for (key, stake) in base {
        list.add(*key, stake);
        assert!(list.len() <= limit, "more are kept than were asked for");
    }
    list.into_vec()
}

/// The order, said in another way than the list does: whether one comes before another.
fn before(one: (u16, &Stake), other: (u16, &Stake)) -> bool {
    let (first, second) = (Precedence::of(one.1.stage), Precedence::of(other.1.stage));
    if first != second {
        return first < second;
    }
    let (first, second) = (one.1.at_stake(), other.1.at_stake());
    if first == second { one.0 < other.0 } else { first > second }
}

proptest! {
    #[test]
    fn the_first_ones_of_the_whole_order_are_listed(base in base(), limit in 0_usize..70) {
        let mut whole: Vec<_> =
            base.iter().filter(|(_, stake)| Precedence::of(stake.stage).is_some()).collect();
        // A place is how many come before: total, or two would share one.
        let place = |one: &(u16, Stake)| {
            whole.iter().filter(|other| before((other.0, &other.1), (one.0, &one.1))).count()
        };
        let mut places: Vec<_> = whole.iter().map(|one| place(one)).collect();
        places.sort_unstable();
        prop_assert!(places.iter().copied().eq(0..whole.len()), "the order is not total");
        let mut ranked: Vec<_> = whole.iter().map(|one| (place(one), one.0)).collect();
        ranked.sort_unstable();
        whole.truncate(limit);
        let expected: Vec<u16> = ranked.into_iter().map(|(_, key)| key).take(limit).collect();
        prop_assert_eq!(listed(limit, &base), expected);
    }

    #[test]
    fn the_order_of_adding_decides_nothing(
        (base, shuffled) in base().prop_flat_map(|base| (Just(base.clone()), Just(base).prop_shuffle())),
        limit in 0_usize..30,
    ) {
        prop_assert_eq!(listed(limit, &base), listed(limit, &shuffled));
    }

    #[test]
    fn a_shorter_list_is_the_beginning_of_a_longer_one(base in base(), limit in 0_usize..30) {
        let (short, long) = (listed(limit, &base), listed(limit + 7, &base));
        prop_assert_eq!(&short[..], &long[..short.len()]);
    }
}

#[test]
fn existing_customers_come_before_those_who_left_and_both_before_new_ones() {
    use Stage::{Deciding, Declining, Disqualified, Ended, Growing, Lost, Prospect};
    let worth = |stage| Stake::new(stage).with_value(Points(100_000)).with_risk(Points(100_000));
    let little = |stage| Stake::new(stage).with_value(Points(1)).with_risk(Points(1));
    let base = [worth(Prospect), worth(Lost), little(Declining), little(Growing), worth(Ended)];
    let base = [&base[..], &[worth(Disqualified), worth(Deciding), little(Lost)]].concat();
    let base: Vec<_> = (0..).zip(base).collect();
    assert_eq!(listed(9, &base), [2, 3, 1, 7, 0, 6]);
}
