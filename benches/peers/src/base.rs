//! The facts: who bought when, for how much.

use guanxi::Day;

/// The CDNOW sample: 2,357 customers, 6,919 orders over eighteen months.
const CDNOW: &str = include_str!("../../../examples/data/cdnow_transactions.csv");

/// One order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sale {
    /// Whose, counted from 0 without gaps.
    pub customer: usize,
    /// The business day.
    pub day: Day,
    /// The amount in cents.
    pub minor: i64,
}

/// A base of customers.
#[derive(Debug, Clone)]
pub struct Base {
    /// How many customers.
    pub customers: usize,
    /// Their orders, in the order of days.
    pub sales: Vec<Sale>,
}

impl Base {
    /// The CDNOW sample.
    #[must_use]
    pub fn cdnow() -> Self {
        let mut keys: Vec<&str> = Vec::new();
        let mut sales = Vec::new();
        for line in CDNOW.lines().skip(1) {
            let mut cells = line.split(',');
            let mut cell = || cells.next().expect("five columns");
            let (key, _, day, _, amount) = (cell(), cell(), cell(), cell(), cell());
            // The rows of one customer stand together.
            if keys.last() != Some(&key) {
                keys.push(key);
            }
            let day = day.parse().expect("a day");
            sales.push(Sale { customer: keys.len() - 1, day, minor: cents(amount) });
        }
        Self::of(keys.len(), sales)
    }

    /// A base of the same shape with this many orders: the sample, over and over, of new customers
    /// each time.
    #[must_use]
    pub fn like_cdnow(sales: usize) -> Self {
        let sample = Self::cdnow();
        let mut by_customer = sample.by_customer().into_iter().cycle();
        let mut made = Vec::with_capacity(sales);
        let mut customers = 0;
        while made.len() < sales {
            let next = by_customer.next().expect("a cycle does not end");
            made.extend(next.into_iter().map(|sale| Sale { customer: customers, ..sale }));
            customers += 1;
        }
        made.truncate(sales);
        Self::of(customers, made)
    }

    /// One customer who bought once a week on this many days.
    #[must_use]
    pub fn weekly(purchase_days: usize) -> Self {
        let first = Day::from_ymd(1997, 1, 6).expect("a day");
        let day = |week: usize| first.saturating_add_days(7 * week as i64);
        let sale = |week| Sale { customer: 0, day: day(week), minor: 2_933 };
        Self::of(1, (0..purchase_days).map(sale).collect())
    }

    fn of(customers: usize, mut sales: Vec<Sale>) -> Self {
        sales.sort_by_key(|sale| sale.day);
        Self { customers, sales }
    }

    /// The orders of each customer, in the order of days.
    #[must_use]
    pub fn by_customer(&self) -> Vec<Vec<Sale>> {
        let mut grouped = vec![Vec::new(); self.customers];
        for sale in &self.sales {
            grouped[sale.customer].push(*sale);
        }
        grouped
    }
}

/// The sample writes one or two decimals, or none.
fn cents(amount: &str) -> i64 {
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    let whole: i64 = whole.parse().expect("a whole number");
    whole * 100 + format!("{part:0<2}").parse::<i64>().expect("two decimals")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_complete() {
        let base = Base::cdnow();
        assert_eq!((base.customers, base.sales.len()), (2_357, 6_919));
        assert!(base.sales.is_sorted_by_key(|sale| sale.day));
        assert_eq!(cents("29.33"), 2_933);
        assert_eq!((cents("7.5"), cents("12")), (750, 1_200));
    }

    #[test]
    fn a_larger_base_has_as_many_rows_as_asked_for() {
        let base = Base::like_cdnow(100_000);
        assert_eq!(base.sales.len(), 100_000);
        assert!(base.by_customer().iter().all(|sales| !sales.is_empty()));
    }
}
