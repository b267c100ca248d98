//! Cuts against their definition: the whole base sorted, and every member counted off.

use std::cmp::Ordering;

use guanxi::explain::BasisPoints;
use guanxi::rank::{Cut, Direction, Ranked, Ranking, Ties};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::generate::cases;
use super::random::customer;

fn rankings() -> impl Strategy<Value = Ranking> {
    let directions = prop_oneof![Just(Direction::MoreIsBetter), Just(Direction::LessIsBetter)];
    let ties = prop_oneof![
        Just(Ties::EqualBetter),
        Just(Ties::EqualWorse),
        Just(Ties::SmallerKeyBetter),
        Just(Ties::GreaterKeyBetter),
    ];
    (directions, ties).prop_map(|(direction, ties)| Ranking { direction, ties })
}

/// Few distinct values, so that most members have equals.
fn bases() -> impl Strategy<Value = Vec<Ranked>> {
    let extreme = prop_oneof![Just(i64::MIN), Just(i64::MAX)];
    let values = prop_oneof![12 => -2_i64..6, 1 => extreme];
    vec(values, 0..40).prop_map(|values| {
        let members = (1_u128..).zip(values);
        members.map(|(number, value)| Ranked { value, key: customer(number * 7 % 41) }).collect()
    })
}

/// Best first; equals by key, the smaller first, when the ties do not tell.
fn sorted(ranking: Ranking, base: &[Ranked]) -> Vec<Ranked> {
    let mut sorted = base.to_vec();
    sorted.sort_by(|a, b| ranking.compare(*b, *a).then(a.key.cmp(&b.key)));
    sorted
}

/// What becomes of members that a count put inside or outside, once equals are brought together.
fn settle(ranking: Ranking, sorted: &[Ranked], inside: &[bool]) -> Vec<bool> {
    let equals = |member: &Ranked| {
        let value = member.value;
        sorted
            .iter()
            .zip(inside)
            .filter(move |(other, _)| other.value == value)
            .map(|(_, in_)| *in_)
    };
    let each = sorted.iter().zip(inside);
    each.map(|(member, own)| match ranking.ties {
        Ties::SmallerKeyBetter | Ties::GreaterKeyBetter => *own,
        Ties::EqualBetter => equals(member).any(|inside| inside),
        Ties::EqualWorse => equals(member).all(|inside| inside),
    })
    .collect()
}

fn reached(ranking: Ranking, cut: Option<&Cut>, sorted: &[Ranked]) -> Vec<bool> {
    sorted.iter().map(|one| cut.is_some_and(|cut| ranking.reaches(cut, *one))).collect()
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn tiles_are_those_of_sql(ranking in rankings(), base in bases(), tiles in 1_u8..10) {
        let cuts = ranking.tiles(&mut base.clone(), tiles);
        let sorted = sorted(ranking, &base);
        let (size, larger) = (base.len() / usize::from(tiles), base.len() % usize::from(tiles));
        prop_assert_eq!(cuts.len(), usize::from(tiles).min(base.len()).saturating_sub(1));
        for (place, cut) in cuts.iter().enumerate() {
            let worse = size * (place + 1) + larger.min(place + 1);
            let inside: Vec<bool> = (0..base.len()).map(|rank| rank < base.len() - worse).collect();
            prop_assert_eq!(
                reached(ranking, Some(cut), &sorted),
                settle(ranking, &sorted, &inside)
            );
        }
    }

    #[test]
    fn the_best_of_value_hold_the_share(
        ranking in rankings(),
        base in bases(),
        any in 0_i64..10_001,
        at in option::of(0_usize..40),
    ) {
        let mut sorted = sorted(ranking, &base);
        sorted.retain(|member| member.value > 0);
        let sum = |members: &[Ranked]| -> i128 {
            members.iter().map(|member| i128::from(member.value)).sum()
        };
        let total = sum(&sorted);
        // Often the very share that stands before some member, where that is a whole number.
        let exact = at.filter(|at| *at < sorted.len()).map(|at| sum(&sorted[..at]) * 10_000 / total);
        let share = exact.map_or(any, |share| i64::try_from(share).unwrap());
        let cut = ranking.best_of_value(&mut base.clone(), BasisPoints(share));
        let mut before = 0;
        let inside: Vec<bool> = sorted
            .iter()
            .map(|member| {
                let inside = before * 10_000 < i128::from(share) * total;
                before += i128::from(member.value);
                inside
            })
            .collect();
        prop_assert_eq!(
            reached(ranking, cut.as_ref(), &sorted),
            settle(ranking, &sorted, &inside)
        );
    }

    #[test]
    fn the_best_of_customers_are_so_many(ranking in rankings(), base in bases(), share in 0_u16..10_001) {
        let cut = ranking.best_of_customers(&mut base.clone(), BasisPoints(share.into()));
        let sorted = sorted(ranking, &base);
        let share = usize::from(share);
        let inside: Vec<bool> =
            (0..base.len()).map(|rank| rank * 10_000 < share * base.len()).collect();
        prop_assert_eq!(
            reached(ranking, cut.as_ref(), &sorted),
            settle(ranking, &sorted, &inside)
        );
    }

    #[test]
    fn the_least_value_reaches_and_the_next_worse_does_not(
        ranking in rankings(),
        base in bases(),
        key in 0_u128..45,
    ) {
        let key = customer(key);
        for cut in ranking.tiles(&mut base.clone(), 5) {
            let reaches = |value| ranking.reaches(&cut, Ranked { value, key });
            let (best, worse) = match ranking.direction {
                Direction::MoreIsBetter => (i64::MAX, -1),
                Direction::LessIsBetter => (i64::MIN, 1),
            };
            match ranking.least(&cut, key) {
                None => prop_assert!(!reaches(best)),
                Some(least) => {
                    prop_assert!(reaches(least));
                    prop_assert!(least.checked_add(worse).is_none_or(|value| !reaches(value)));
                }
            }
        }
    }

    #[test]
    fn an_order_is_one(ranking in rankings(), base in bases()) {
        for (one, other) in base.iter().zip(base.iter().rev()) {
            prop_assert_eq!(ranking.compare(*one, *other), ranking.compare(*other, *one).reverse());
            prop_assert_eq!(ranking.compare(*one, *one), Ordering::Equal);
        }
    }

    #[test]
    fn cuts_do_not_depend_on_the_order_of_the_base(ranking in rankings(), base in bases()) {
        let mut reversed: Vec<Ranked> = base.iter().rev().copied().collect();
        prop_assert_eq!(ranking.tiles(&mut reversed, 4), ranking.tiles(&mut base.clone(), 4));
        let share = BasisPoints(8_000);
        prop_assert_eq!(
            ranking.best_of_value(&mut reversed, share),
            ranking.best_of_value(&mut base.clone(), share)
        );
    }
}
