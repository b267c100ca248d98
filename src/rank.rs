//! Exact cuts through a ranked base: n-tiles, and the best share of the value or of the customers.
//!
//! A [`Cut`] is found in the whole base once and kept. Whether one customer reaches it is then asked
//! of that customer alone, and the answer is the one that the base gave. Nothing is interpolated and
//! nothing is rounded.
//!
//! ```
//! use guanxi::CustomerId;
//! use guanxi::rank::{Cut, Direction, Edge, Ranked, Ranking, Ties};
//! # let key = |number: u128| CustomerId::new(uuid::Uuid::from_u128(number));
//!
//! // Five customers in two groups; the customers 2, 3 and 4 have spent the same.
//! let spent = [10, 70, 70, 70, 90];
//! let mut base: Vec<Ranked> =
//!     (1..).zip(spent).map(|(number, value)| Ranked { value, key: key(number) }).collect();
//!
//! let ranking = Ranking { direction: Direction::MoreIsBetter, ties: Ties::SmallerKeyBetter };
//! let cuts = ranking.tiles(&mut base, 2);
//! assert_eq!(cuts, [Cut { value: 70, edge: Edge::Key(key(2)) }]);
//! assert!(ranking.reaches(&cuts[0], Ranked { value: 70, key: key(2) }));
//! assert!(!ranking.reaches(&cuts[0], Ranked { value: 70, key: key(3) }));
//!
//! // Equals in one group, the better or the worse one.
//! let better = Ranking { ties: Ties::EqualBetter, ..ranking };
//! assert_eq!(better.tiles(&mut base, 2), [Cut { value: 70, edge: Edge::At }]);
//! let worse = Ranking { ties: Ties::EqualWorse, ..ranking };
//! assert_eq!(worse.tiles(&mut base, 2), [Cut { value: 70, edge: Edge::Beyond }]);
//! ```

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::explain::BasisPoints;
use crate::id::CustomerId;

/// The whole, in basis points.
const WHOLE: i128 = 10_000;

/// Which end of a scale is the good one.
///
/// [`Ranking`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Spend, orders, purchase days.
    MoreIsBetter,
    /// Days of silence, costs.
    LessIsBetter,
}

/// What happens to equal values where a cut runs between them.
///
/// The [module](self) has an example of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// All of them go to the better group: nobody stands below an equal.
    EqualBetter,
    /// All of them go to the worse group: a group is not filled up beyond its size.
    EqualWorse,
    /// They are told apart by key, the smaller one being the better. Group sizes are exact.
    SmallerKeyBetter,
    /// They are told apart by key, the greater one being the better. Group sizes are exact.
    GreaterKeyBetter,
}

/// One member of a base: a value, and the key that can tell it from its equals.
///
/// The [module](self) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ranked {
    /// What is ranked.
    pub value: i64,
    /// Whose it is.
    pub key: CustomerId,
}

/// Where the better group begins.
///
/// The [module](self) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// The value to reach.
    pub value: i64,
    /// What reaching it means.
    pub edge: Edge,
}

/// Whether the value of a [`Cut`] itself belongs to the better group.
///
/// [`Ranking::least`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// Inclusive: the value is enough.
    At,
    /// Exclusive: only a better value is enough.
    Beyond,
    /// The value is enough for this key and for those that rank before it.
    Key(CustomerId),
}

/// Which of two groups a value on a fixed edge between them belongs to.
///
/// ```
/// use guanxi::rank::{Edge, Inclusion};
///
/// // "Up to 30 days", or "30 days and more".
/// assert_eq!(Inclusion::Better.edge(), Edge::At);
/// assert_eq!(Inclusion::Worse.edge(), Edge::Beyond);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Inclusion {
    /// The better one.
    Better,
    /// The worse one.
    Worse,
}

impl Inclusion {
    /// The edge of a cut at that value.
    #[must_use]
    pub const fn edge(self) -> Edge {
        match self {
            Self::Better => Edge::At,
            Self::Worse => Edge::Beyond,
        }
    }
}

/// An order of customers, from worst to best.
///
/// ```
/// use std::cmp::Ordering;
///
/// use guanxi::CustomerId;
/// use guanxi::rank::{Direction, Ranked, Ranking, Ties};
/// # let key = |number: u128| CustomerId::new(uuid::Uuid::from_u128(number));
///
/// let silence =
///     Ranking { direction: Direction::LessIsBetter, ties: Ties::GreaterKeyBetter };
/// let (recent, long_ago) =
///     (Ranked { value: 3, key: key(1) }, Ranked { value: 200, key: key(2) });
/// assert_eq!(silence.compare(recent, long_ago), Ordering::Greater);
/// assert_eq!(silence.compare(recent, Ranked { key: key(2), ..recent }), Ordering::Less);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// Which end is the good one.
    pub direction: Direction,
    /// What becomes of equals.
    pub ties: Ties,
}

impl Ranking {
    /// How `one` stands to `other`; the greater is the better. Equal values are equal when the ties
    /// are.
    #[must_use]
    pub fn compare(self, one: Ranked, other: Ranked) -> Ordering {
        let by_value = self.compare_values(one.value, other.value);
        match self.ties {
            Ties::EqualBetter | Ties::EqualWorse => by_value,
            Ties::SmallerKeyBetter => by_value.then(other.key.cmp(&one.key)),
            Ties::GreaterKeyBetter => by_value.then(one.key.cmp(&other.key)),
        }
    }

    fn compare_values(self, one: i64, other: i64) -> Ordering {
        match self.direction {
            Direction::MoreIsBetter => one.cmp(&other),
            Direction::LessIsBetter => other.cmp(&one),
        }
    }

    /// Whether a customer stands on the better side of a cut.
    ///
    /// The [module](self) has an example.
    #[must_use]
    pub fn reaches(self, cut: &Cut, customer: Ranked) -> bool {
        match (self.compare_values(customer.value, cut.value), cut.edge) {
            (Ordering::Greater, _) | (Ordering::Equal, Edge::At) => true,
            (Ordering::Less, _) | (Ordering::Equal, Edge::Beyond) => false,
            (Ordering::Equal, Edge::Key(key)) => {
                self.compare(customer, Ranked { value: cut.value, key }) != Ordering::Less
            }
        }
    }

    /// The worst value with which the customer `key` still reaches a cut; `None` when the cut lies
    /// beyond the best value there is.
    ///
    /// ```
    /// use guanxi::CustomerId;
    /// use guanxi::rank::{Cut, Direction, Edge, Ranking, Ties};
    /// # let key = |number: u128| CustomerId::new(uuid::Uuid::from_u128(number));
    ///
    /// let ranking =
    ///     Ranking { direction: Direction::MoreIsBetter, ties: Ties::SmallerKeyBetter };
    /// let least = |edge, number| ranking.least(&Cut { value: 100, edge }, key(number));
    /// assert_eq!(least(Edge::At, 7), Some(100));
    /// assert_eq!(least(Edge::Beyond, 7), Some(101));
    /// assert_eq!(least(Edge::Key(key(7)), 7), Some(100));
    /// assert_eq!(least(Edge::Key(key(7)), 8), Some(101));
    /// ```
    #[must_use]
    pub fn least(self, cut: &Cut, key: CustomerId) -> Option<i64> {
        if self.reaches(cut, Ranked { value: cut.value, key }) {
            return Some(cut.value);
        }
        match self.direction {
            Direction::MoreIsBetter => cut.value.checked_add(1),
            Direction::LessIsBetter => cut.value.checked_sub(1),
        }
    }

    /// The cuts between `tiles` groups of a base, the worst group's upper end first.
    ///
    /// The groups are those of SQL's `NTILE` over the base from worst to best: their sizes differ by at
    /// most one, the larger ones are the worse ones, and a base of fewer customers than groups fills
    /// the worst groups with one each. Ties move equals from there. The group of a customer is one
    /// more than the number of cuts it [`reaches`](Self::reaches).
    ///
    /// The base is reordered, in time linear in its length for each cut.
    #[must_use]
    pub fn tiles(self, base: &mut [Ranked], tiles: u8) -> Vec<Cut> {
        let (members, groups) = (base.len(), usize::from(tiles.max(1)));
        let size = members.checked_div(groups).unwrap_or(0);
        let larger = members.checked_rem(groups).unwrap_or(0);
        let mut rest = base;
        let mut cuts = Vec::new();
        for worse_groups in 1..groups {
            let worse = size.saturating_mul(worse_groups).saturating_add(larger.min(worse_groups));
            let best = members.saturating_sub(worse);
            // The cut before this one runs through `rest`, so equals across both are still seen.
            let Some(cut) = self.cut_below(rest, best) else { break };
            cuts.push(cut);
            (rest, _) = rest.split_at_mut(best);
        }
        cuts
    }

    /// The cut below the best customers who hold a share of the value: a customer is among them while
    /// those before it hold less than `share` of the total.
    ///
    /// Only positive values count, in the total and as members. `None` when there are none, or when the
    /// share is nothing.
    ///
    /// ```
    /// use guanxi::CustomerId;
    /// use guanxi::explain::BasisPoints;
    /// use guanxi::rank::{Cut, Direction, Edge, Ranked, Ranking, Ties};
    /// # let key = |number: u128| CustomerId::new(uuid::Uuid::from_u128(number));
    ///
    /// let ranking = Ranking { direction: Direction::MoreIsBetter, ties: Ties::EqualBetter };
    /// let mut base: Vec<Ranked> = (1..)
    ///     .zip([60, 25, 10, 5, 0, -40])
    ///     .map(|(number, value)| Ranked { value, key: key(number) })
    ///     .collect();
    /// // Before the second customer stand 60 of 100, before the third 85.
    /// let cut = ranking.best_of_value(&mut base, BasisPoints(8_000));
    /// assert_eq!(cut, Some(Cut { value: 25, edge: Edge::At }));
    /// ```
    #[must_use]
    pub fn best_of_value(self, base: &mut [Ranked], share: BasisPoints) -> Option<Cut> {
        let members = positive_first(base);
        let (positive, _) = base.split_at_mut_checked(members)?;
        let limit = sum(positive).saturating_mul(i128::from(share.0));
        if limit <= 0 {
            return None;
        }
        // The member at `inside` belongs to the best, the one at `outside` does not.
        let (mut inside, mut outside, mut before) = (0_usize, members, 0_i128);
        while outside.saturating_sub(inside) > 1 {
            let half = outside.saturating_sub(inside) / 2;
            let open = positive.get_mut(inside..outside)?;
            let (better, _, _) = open.select_nth_unstable_by(half, |a, b| self.compare(*b, *a));
            let held = before.saturating_add(sum(better));
            let middle = inside.saturating_add(half);
            if held.saturating_mul(WHOLE) < limit {
                (inside, before) = (middle, held);
            } else {
                outside = middle;
            }
        }
        self.cut_below(positive, outside)
    }

    /// The cut below the best `share` of all customers: a customer is among them while those before it
    /// are less than `share` of the base. `None` when the base is empty, or the share nothing.
    ///
    /// ```
    /// use guanxi::CustomerId;
    /// use guanxi::explain::BasisPoints;
    /// use guanxi::rank::{Cut, Direction, Edge, Ranked, Ranking, Ties};
    /// # let key = |number: u128| CustomerId::new(uuid::Uuid::from_u128(number));
    ///
    /// let ranking = Ranking { direction: Direction::MoreIsBetter, ties: Ties::EqualBetter };
    /// let mut base: Vec<Ranked> = (1..)
    ///     .zip([60, 25, 10, 5, 0])
    ///     .map(|(number, value)| Ranked { value, key: key(number) })
    ///     .collect();
    /// let cut = ranking.best_of_customers(&mut base, BasisPoints(2_100));
    /// assert_eq!(cut, Some(Cut { value: 25, edge: Edge::At }));
    /// ```
    #[must_use]
    pub fn best_of_customers(self, base: &mut [Ranked], share: BasisPoints) -> Option<Cut> {
        let members = i128::try_from(base.len()).unwrap_or(i128::MAX);
        let scaled = members.saturating_mul(i128::from(share.0.max(0)));
        let best = scaled.saturating_add(WHOLE.saturating_sub(1)).checked_div(WHOLE)?;
        self.cut_below(base, usize::try_from(best.min(members)).ok()?)
    }

    /// The cut below the best `best` members; `None` when that is nobody.
    fn cut_below(self, base: &mut [Ranked], best: usize) -> Option<Cut> {
        let last = best.checked_sub(1)?;
        if last >= base.len() {
            return None;
        }
        let (_, worst, outside) = base.select_nth_unstable_by(last, |a, b| self.compare(*b, *a));
        let Ranked { value, key } = *worst;
        let edge = match self.ties {
            Ties::SmallerKeyBetter | Ties::GreaterKeyBetter => Edge::Key(key),
            Ties::EqualBetter => Edge::At,
            Ties::EqualWorse if outside.iter().any(|other| other.value == value) => Edge::Beyond,
            Ties::EqualWorse => Edge::At,
        };
        Some(Cut { value, edge })
    }
}

fn sum(members: &[Ranked]) -> i128 {
    members.iter().fold(0_i128, |sum, member| sum.saturating_add(i128::from(member.value)))
}

/// Moves the members of positive value to the front and counts them.
fn positive_first(base: &mut [Ranked]) -> usize {
    let mut positive = 0_usize;
    for index in 0..base.len() {
        if base.get(index).is_some_and(|member| member.value > 0) {
            base.swap(index, positive);
            positive = positive.saturating_add(1);
        }
    }
    positive
}

#[cfg(test)]
mod tests {
    use super::*;

    const MORE: Ranking =
        Ranking { direction: Direction::MoreIsBetter, ties: Ties::SmallerKeyBetter };

    fn base(values: &[i64]) -> Vec<Ranked> {
        let key = |number| CustomerId::new(uuid::Uuid::from_u128(number));
        (1..)
            .zip(values)
            .map(|(number, value)| Ranked { value: *value, key: key(number) })
            .collect()
    }

    fn groups(ranking: Ranking, values: &[i64], tiles: u8) -> Vec<usize> {
        let cuts = ranking.tiles(&mut base(values), tiles);
        base(values)
            .iter()
            .map(|member| cuts.iter().filter(|cut| ranking.reaches(cut, *member)).count())
            .map(|reached| reached.saturating_add(1))
            .collect()
    }

    #[test]
    fn tiles_are_those_of_sql() {
        assert_eq!(groups(MORE, &[1, 2, 3, 4, 5, 6, 7], 3), [1, 1, 1, 2, 2, 3, 3]);
        assert_eq!(groups(MORE, &[3, 1, 2], 5), [3, 1, 2]);
        assert_eq!(groups(MORE, &[3], 5), [1]);
        assert_eq!(groups(MORE, &[], 5), [0_usize; 0]);
        assert_eq!(groups(MORE, &[3, 1], 1), [1, 1]);
        assert_eq!(groups(MORE, &[3, 1], 0), [1, 1]);
    }

    #[test]
    fn a_block_of_equals_goes_where_the_ties_say() {
        let values = [1, 5, 5, 5, 5, 9];
        let with = |ties| groups(Ranking { ties, ..MORE }, &values, 3);
        assert_eq!(with(Ties::SmallerKeyBetter), [1, 3, 2, 2, 1, 3]);
        assert_eq!(with(Ties::GreaterKeyBetter), [1, 1, 2, 2, 3, 3]);
        assert_eq!(with(Ties::EqualBetter), [1, 3, 3, 3, 3, 3]);
        assert_eq!(with(Ties::EqualWorse), [1, 1, 1, 1, 1, 3]);
    }

    #[test]
    fn the_best_value_there_is_cannot_be_passed() {
        let beyond = |value| Cut { value, edge: Edge::Beyond };
        let less = Ranking { direction: Direction::LessIsBetter, ..MORE };
        let key = base(&[0])[0].key;
        assert_eq!(MORE.least(&beyond(i64::MAX), key), None);
        assert_eq!(less.least(&beyond(i64::MIN), key), None);
        assert_eq!(less.least(&beyond(i64::MAX), key), Some(i64::MAX - 1));
    }

    #[test]
    fn shares_hold_at_the_ends_of_the_range() {
        let mut most = base(&[i64::MAX, i64::MAX, i64::MIN, 0]);
        let equal = Ranking { ties: Ties::EqualWorse, ..MORE };
        let cut = |edge| Some(Cut { value: i64::MAX, edge });
        assert_eq!(equal.best_of_value(&mut most, BasisPoints(5_000)), cut(Edge::Beyond));
        assert_eq!(equal.best_of_value(&mut most, BasisPoints(5_001)), cut(Edge::At));
        assert_eq!(equal.best_of_value(&mut most, BasisPoints(0)), None);
        assert_eq!(equal.best_of_value(&mut base(&[0, -1]), BasisPoints(8_000)), None);
        assert_eq!(equal.best_of_customers(&mut [], BasisPoints(8_000)), None);
        assert_eq!(equal.best_of_customers(&mut most, BasisPoints(-1)), None);
        let all = equal.best_of_customers(&mut most, BasisPoints(99_999));
        assert_eq!(all, Some(Cut { value: i64::MIN, edge: Edge::At }));
    }
}
