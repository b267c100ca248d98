//! A base of customers, as models of repeat buying learn from it.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::buying::RepeatBuying;
use super::error::FitError;
use super::unit::{Span, TimeUnit};

/// A base: how its customers bought, each distinct row once, with the number of customers that it holds for.
///
/// A likelihood needs no more than that, and a base has far fewer distinct rows than customers. Rows stand in
/// an order of their own, so bases are equal, and give bit-equal fits, whatever order they were collected in
/// and however they were partitioned.
///
/// ```
/// use guanxi::value::lifetime::{AgeAtLastPurchase, Days, RepeatBuyers, RepeatBuying, Span};
///
/// let once = RepeatBuying::once(Span::<Days>::whole(90));
/// let again = RepeatBuying::new(1, AgeAtLastPurchase(Span::whole(30)), Span::whole(90))?;
/// let whole: RepeatBuyers<Days> = [once, again, once].into_iter().collect();
/// assert_eq!((whole.customers(), whole.rows().len()), (3, 2));
///
/// let mut merged: RepeatBuyers<Days> = [again].into_iter().collect();
/// merged.merge(&[once, once].into_iter().collect());
/// assert_eq!(merged, whole);
/// # Ok::<(), guanxi::value::lifetime::BuyingError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RepeatBuyers<U> {
    rows: Vec<BuyersRow<U>>,
}

/// How some customers bought, all of them alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BuyersRow<U> {
    /// How they bought.
    pub buying: RepeatBuying<U>,
    /// How many they are.
    pub customers: u64,
}

impl<U> BuyersRow<U> {
    pub(super) fn customers(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "no base has 2^53 customers")]
        let customers = self.customers as f64;
        customers
    }
}

impl<U> Default for RepeatBuyers<U> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

impl<U: TimeUnit> RepeatBuyers<U> {
    /// The distinct rows, by repeats, then age, then age at the last purchase.
    #[must_use]
    pub fn rows(&self) -> &[BuyersRow<U>] {
        &self.rows
    }

    /// How many customers there are.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.rows.iter().fold(0, |sum, row| sum.saturating_add(row.customers))
    }

    /// How often they bought again, all together.
    #[must_use]
    pub fn repeats(&self) -> u64 {
        let of = |row: &BuyersRow<U>| u64::from(row.buying.repeats()).saturating_mul(row.customers);
        self.rows.iter().fold(0, |sum, row| sum.saturating_add(of(row)))
    }

    /// Whether there is enough to fit a model of so many parameters to.
    pub(super) fn check(&self, parameters: u64) -> Result<(), FitError> {
        let rows = self.rows();
        if rows.is_empty() {
            return Err(FitError::NoCustomers);
        }
        if rows.iter().all(|row| row.buying.age() == Span::ZERO) {
            return Err(FitError::NoTime);
        }
        if self.repeats() == 0 {
            return Err(FitError::NothingRepeats);
        }
        if rows.len() < 2 {
            return Err(FitError::TooFewDistinct { distinct: 1, parameters });
        }
        Ok(())
    }

    /// Takes in the customers of another partition, none of whom is in this one.
    pub fn merge(&mut self, other: &Self) {
        let mut merged = Vec::with_capacity(self.rows.len().saturating_add(other.rows.len()));
        let (mut left, mut right) = (self.rows.iter().peekable(), other.rows.iter().peekable());
        loop {
            let next = match (left.peek(), right.peek()) {
                (Some(ours), Some(theirs)) => match order(&ours.buying, &theirs.buying) {
                    Ordering::Less => left.next().copied(),
                    Ordering::Greater => right.next().copied(),
                    Ordering::Equal => left.next().zip(right.next()).map(|(ours, theirs)| {
                        let customers = ours.customers.saturating_add(theirs.customers);
                        BuyersRow { buying: ours.buying, customers }
                    }),
                },
                (Some(_), None) => left.next().copied(),
                (None, _) => right.next().copied(),
            };
            let Some(next) = next else { break };
            merged.push(next);
        }
        self.rows = merged;
    }

    /// The same base in another unit of time.
    #[must_use]
    pub fn to<V: TimeUnit>(&self) -> RepeatBuyers<V> {
        let rows = self.rows.iter();
        let rows = rows.map(|row| BuyersRow { buying: row.buying.to(), customers: row.customers });
        RepeatBuyers { rows: rows.collect() }
    }
}

fn order<U: TimeUnit>(left: &RepeatBuying<U>, right: &RepeatBuying<U>) -> Ordering {
    let repeats = left.repeats().cmp(&right.repeats());
    let age = || left.age().get().total_cmp(&right.age().get());
    let last = || left.age_at_last().0.get().total_cmp(&right.age_at_last().0.get());
    repeats.then_with(age).then_with(last)
}

impl<U: TimeUnit> FromIterator<RepeatBuying<U>> for RepeatBuyers<U> {
    fn from_iter<I: IntoIterator<Item = RepeatBuying<U>>>(customers: I) -> Self {
        let mut buyers = Self::default();
        buyers.extend(customers);
        buyers
    }
}

impl<U: TimeUnit> Extend<RepeatBuying<U>> for RepeatBuyers<U> {
    fn extend<I: IntoIterator<Item = RepeatBuying<U>>>(&mut self, customers: I) {
        let mut alike: HashMap<Bits, BuyersRow<U>, BuildHasherDefault<Mixer>> = HashMap::default();
        for buying in customers {
            let row = alike.entry(Bits::of(&buying)).or_insert(BuyersRow { buying, customers: 0 });
            row.customers = row.customers.saturating_add(1);
        }
        // In the order of the map first, which their own replaces.
        let mut rows: Vec<BuyersRow<U>> = alike.into_values().collect();
        rows.sort_unstable_by(|left, right| order(&left.buying, &right.buying));
        let extended = Self { rows };
        if self.rows.is_empty() { *self = extended } else { self.merge(&extended) }
    }
}

/// What makes rows the same.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Bits {
    repeats: u32,
    age_at_last: u64,
    age: u64,
}

impl Bits {
    pub(super) fn of<U: TimeUnit>(buying: &RepeatBuying<U>) -> Self {
        Self {
            repeats: buying.repeats(),
            age_at_last: buying.age_at_last().0.get().to_bits(),
            age: buying.age().get().to_bits(),
        }
    }
}

/// Lengths of time, each numbered when it first occurs.
#[derive(Default)]
pub(super) struct Places {
    places: HashMap<u64, u32, BuildHasherDefault<Mixer>>,
    times: Vec<f64>,
    last: Option<(u64, u32)>,
}

impl Places {
    pub(super) fn of(&mut self, time: f64) -> u32 {
        let bits = time.to_bits();
        if let Some((last, place)) = self.last
            && last == bits
        {
            return place;
        }
        let place = *self.places.entry(bits).or_insert_with(|| {
            let place = u32::try_from(self.times.len()).unwrap_or(u32::MAX);
            self.times.push(time);
            place
        });
        self.last = Some((bits, place));
        place
    }

    pub(super) fn times(self) -> Vec<f64> {
        self.times
    }
}

/// Hashes a few numbers: quicker than the standard hasher, and the map is never walked, so that its order
/// matters to nobody.
#[derive(Default)]
pub(super) struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        // The map takes the upper bits for one thing and the lower for another.
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        // An odd number near 2^64 divided by the golden ratio spreads what is close (Knuth, volume 3, 6.4).
        let mixed = (self.0.rotate_left(26) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }
}
