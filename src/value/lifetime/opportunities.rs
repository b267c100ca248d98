//! What models of set opportunities know of a customer, and of a base.

use std::collections::BTreeMap;

use super::error::BuyingError;

/// How one customer bought at a row of opportunities: how often, when last, and how many there were (`x`, `t_x`
/// and `n` in the paper). The purchase that made it a customer is not counted, nor was it an opportunity.
///
/// ```
/// use guanxi::value::lifetime::{BuyingError, Opportunities};
///
/// let customer = Opportunities::new(2, 4, 6)?;
/// assert_eq!((customer.purchases(), customer.last(), customer.opportunities()), (2, 4, 6));
/// // Three purchases need three opportunities.
/// assert_eq!(Opportunities::new(3, 2, 6), Err(BuyingError::MoreThanOpportunities));
/// assert_eq!(Opportunities::new(1, 7, 6), Err(BuyingError::LastBeyondAge));
/// # Ok::<(), BuyingError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Opportunities {
    opportunities: u16,
    purchases: u16,
    last: u16,
}

impl Opportunities {
    /// A customer who bought at `purchases` of so many `opportunities`, last at the one of number `last`, counted
    /// from 1; 0 when it never bought again.
    ///
    /// # Errors
    ///
    /// [`BuyingError`] when the last purchase lies beyond the opportunities, when there are more purchases than
    /// opportunities until then, or when the one is 0 and the other is not.
    pub const fn new(purchases: u16, last: u16, opportunities: u16) -> Result<Self, BuyingError> {
        if last > opportunities {
            return Err(BuyingError::LastBeyondAge);
        }
        match (purchases, last) {
            (0, 0) => {}
            (0, _) => return Err(BuyingError::LastWithoutRepeat),
            (_, 0) => return Err(BuyingError::RepeatAtFirst),
            _ if purchases > last => return Err(BuyingError::MoreThanOpportunities),
            _ => {}
        }
        Ok(Self { opportunities, purchases, last })
    }

    /// At how many opportunities it bought (`x`).
    #[must_use]
    pub const fn purchases(&self) -> u16 {
        self.purchases
    }

    /// At which it bought last (`t_x`), counted from 1; 0 when at none.
    #[must_use]
    pub const fn last(&self) -> u16 {
        self.last
    }

    /// How many there were (`n`).
    #[must_use]
    pub const fn opportunities(&self) -> u16 {
        self.opportunities
    }
}

/// A base of customers with set opportunities: each distinct [`Opportunities`] once, with the number of customers.
/// However a base was partitioned, once merged it is equal and gives bit-equal fits.
///
/// ```
/// use guanxi::value::lifetime::{Opportunities, OpportunityBuyers};
///
/// let (never, twice) = (Opportunities::new(0, 0, 6)?, Opportunities::new(2, 4, 6)?);
/// let whole: OpportunityBuyers = [never, twice, never].into_iter().collect();
/// assert_eq!((whole.customers(), whole.rows().count()), (3, 2));
///
/// let mut merged: OpportunityBuyers = [twice].into_iter().collect();
/// merged.add(never, 2);
/// assert_eq!(merged, whole);
/// # Ok::<(), guanxi::value::lifetime::BuyingError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpportunityBuyers {
    rows: BTreeMap<Opportunities, u64>,
}

impl OpportunityBuyers {
    /// The distinct rows, in a fixed order, with how many customers each holds for.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (Opportunities, u64)> {
        self.rows.iter().map(|(row, customers)| (*row, *customers))
    }

    /// How many customers there are.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.rows.values().fold(0, |sum, customers| sum.saturating_add(*customers))
    }

    /// Takes in so many customers, all alike.
    pub fn add(&mut self, buying: Opportunities, customers: u64) {
        if customers > 0 {
            let row = self.rows.entry(buying).or_default();
            *row = row.saturating_add(customers);
        }
    }

    /// Takes in the customers of another partition, none of whom is in this one.
    pub fn merge(&mut self, other: &Self) {
        other.rows().for_each(|(row, customers)| self.add(row, customers));
    }

    /// The rows with their weights in a sum.
    pub(super) fn weighted(&self) -> impl ExactSizeIterator<Item = (Opportunities, f64)> {
        #[expect(clippy::cast_precision_loss, reason = "no base has 2^53 customers")]
        let weight = |customers: u64| customers as f64;
        self.rows().map(move |(row, customers)| (row, weight(customers)))
    }
}

impl Extend<Opportunities> for OpportunityBuyers {
    fn extend<I: IntoIterator<Item = Opportunities>>(&mut self, customers: I) {
        customers.into_iter().for_each(|buying| self.add(buying, 1));
    }
}

impl FromIterator<Opportunities> for OpportunityBuyers {
    fn from_iter<I: IntoIterator<Item = Opportunities>>(customers: I) -> Self {
        let mut buyers = Self::default();
        buyers.extend(customers);
        buyers
    }
}
