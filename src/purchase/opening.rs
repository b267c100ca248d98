//! What a customer bought before this library took over.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::time::Day;

use super::error::OpeningError;

/// What is known of a customer's purchases from before the ledger began.
///
/// It counts in everything that looks at the whole of a customer's past, never in a window or an
/// episode: nobody knows how it spreads over its days. An order that the ledger also holds as a row
/// is counted twice, so leave such orders out of one of the two.
///
/// ```
/// use guanxi::purchase::{Opening, OpeningError};
/// use guanxi::{Currency, Day, Money};
///
/// let gross = Money::from_minor(41_250, Currency::USD);
/// let (first, last) = (Day::from_ymd(2019, 3, 2)?, Day::from_ymd(2024, 11, 30)?);
/// let opening = Opening::new(7, 6, gross, Some(first), Some(last))?;
/// assert_eq!(opening.orders, 7);
///
/// // Nobody orders on more days than there are orders.
/// assert!(matches!(
///     Opening::new(7, 8, gross, None, None),
///     Err(OpeningError::PurchaseDays { .. }),
/// ));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "OpeningDocument")]
#[non_exhaustive]
pub struct Opening {
    /// Kept orders.
    pub orders: u32,
    /// Days with a kept order.
    pub purchase_days: u32,
    /// What those orders came to, returns already taken off, in the base currency.
    pub gross: Money,
    /// The first purchase day, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_day: Option<Day>,
    /// The last purchase day, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<Day>,
}

impl Opening {
    /// An opening balance of `orders` kept orders on `purchase_days` days, worth `gross`.
    ///
    /// # Errors
    ///
    /// [`OpeningError`] when no past can have these numbers: negative money; no orders but days or
    /// money; orders without a purchase day, or on more days than there are orders; a first day
    /// after the last; more purchase days than the calendar has between the two.
    pub fn new(
        orders: u32,
        purchase_days: u32,
        gross: Money,
        first_day: Option<Day>,
        last_day: Option<Day>,
    ) -> Result<Self, OpeningError> {
        if gross.is_negative() {
            return Err(OpeningError::NegativeAmount { gross });
        }
        let dated = first_day.is_some() || last_day.is_some();
        if orders == 0 && (purchase_days > 0 || dated || !gross.is_zero()) {
            return Err(OpeningError::NoOrders);
        }
        if purchase_days > orders || (orders > 0 && purchase_days == 0) {
            return Err(OpeningError::PurchaseDays { orders, purchase_days });
        }
        if let (Some(first_day), Some(last_day)) = (first_day, last_day)
            && !fits(purchase_days, first_day, last_day)
        {
            return Err(OpeningError::Span { purchase_days, first_day, last_day });
        }
        Ok(Self { orders, purchase_days, gross, first_day, last_day })
    }
}

/// Whether so many purchase days can lie between two days that both are purchase days.
fn fits(purchase_days: u32, first_day: Day, last_day: Day) -> bool {
    let between = last_day.days_since(first_day);
    let least = if between == 0 { 1 } else { 2 };
    let most = between.saturating_add(1);
    // Nothing lies in the range when the first day is after the last.
    (least..=most).contains(&i64::from(purchase_days))
}

/// [`Opening`] as JSON keeps it, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpeningDocument {
    orders: u32,
    purchase_days: u32,
    gross: Money,
    first_day: Option<Day>,
    last_day: Option<Day>,
}

impl TryFrom<OpeningDocument> for Opening {
    type Error = OpeningError;

    fn try_from(document: OpeningDocument) -> Result<Self, OpeningError> {
        let OpeningDocument { orders, purchase_days, gross, first_day, last_day } = document;
        Self::new(orders, purchase_days, gross, first_day, last_day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn day(text: &str) -> Option<Day> {
        Some(text.parse().unwrap())
    }

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, Currency::USD)
    }

    #[test]
    fn money_is_not_negative() {
        assert!(Opening::new(1, 1, usd(0), None, None).is_ok());
        let refused = Opening::new(1, 1, usd(-1), None, None);
        assert_eq!(refused, Err(OpeningError::NegativeAmount { gross: usd(-1) }));
    }

    #[test]
    fn no_orders_means_nothing_at_all() {
        assert!(Opening::new(0, 0, usd(0), None, None).is_ok());
        let today = day("2024-01-01");
        for refused in [
            Opening::new(0, 1, usd(0), None, None),
            Opening::new(0, 0, usd(1), None, None),
            Opening::new(0, 0, usd(0), today, None),
            Opening::new(0, 0, usd(0), None, today),
        ] {
            assert_eq!(refused, Err(OpeningError::NoOrders));
        }
    }

    #[test]
    fn purchase_days_are_between_one_and_the_orders() {
        for (purchase_days, fine) in [(0, false), (1, true), (3, true), (4, false)] {
            assert_eq!(Opening::new(3, purchase_days, usd(1), None, None).is_ok(), fine);
        }
    }

    #[test]
    fn purchase_days_fit_between_the_first_and_the_last() {
        let span = |days, first, last| Opening::new(9, days, usd(1), day(first), day(last)).is_ok();
        assert!(span(1, "2024-01-01", "2024-01-01"));
        assert!(!span(2, "2024-01-01", "2024-01-01"));
        assert!(!span(1, "2024-01-01", "2024-01-03"));
        assert!(span(2, "2024-01-01", "2024-01-03"));
        assert!(span(3, "2024-01-01", "2024-01-03"));
        assert!(!span(4, "2024-01-01", "2024-01-03"));
        assert!(!span(2, "2024-01-02", "2024-01-01"));
    }

    #[test]
    fn json_is_checked_like_the_constructor() {
        let opening = Opening::new(3, 2, usd(100), day("2024-01-01"), None).unwrap();
        let json = serde_json::to_string(&opening).unwrap();
        assert!(!json.contains("last_day"), "{json}");
        assert_eq!(serde_json::from_str::<Opening>(&json).unwrap(), opening);
        let broken = json.replace("\"orders\":3", "\"orders\":1");
        assert!(serde_json::from_str::<Opening>(&broken).is_err());
    }
}
