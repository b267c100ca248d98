//! What a host reports: an order, a return, a cancellation.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::time::{Day, Timestamp};

/// What a host reports of a customer's purchases; [`decide`](super::decide) turns it into an event.
///
/// ```
/// use guanxi::purchase::{Order, PurchaseCommand};
/// use guanxi::{Currency, Money, Timestamp};
///
/// let paid = Money::from_minor(2_933, Currency::USD);
/// let command = PurchaseCommand::from(Order::new(Timestamp::UNIX_EPOCH, paid));
/// assert_eq!(command.occurred_at(), Timestamp::UNIX_EPOCH);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PurchaseCommand {
    /// An order was placed.
    Order(Order),
    /// Money of an earlier purchase came back.
    Return(Return),
    /// One order of an earlier day never was.
    Cancel(Cancel),
}

impl PurchaseCommand {
    /// When the reported fact happened.
    #[must_use]
    pub const fn occurred_at(&self) -> Timestamp {
        match self {
            Self::Order(order) => order.occurred_at,
            Self::Return(back) => back.occurred_at,
            Self::Cancel(cancel) => cancel.occurred_at,
        }
    }
}

/// An order, to be recorded.
///
/// An order of nothing (a gift, a free sample) is an order; its day is a purchase day.
///
/// ```
/// use guanxi::purchase::Order;
/// use guanxi::{Currency, Money, Timestamp};
///
/// // Paid in euros; the business reckons in dollars and knows what the euros were worth.
/// let order = Order::new(Timestamp::UNIX_EPOCH, Money::from_minor(2_933, Currency::EUR))
///     .with_base(Money::from_minor(3_171, Currency::USD));
/// assert_eq!(order.day, None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Order {
    /// When the order was placed.
    pub occurred_at: Timestamp,
    /// The amount as paid; not negative.
    pub amount: Money,
    /// The business day it counts on, when it is not the day of `occurred_at` in the business's
    /// zone; at most [`DAY_OFFSET_DAYS_MAX`](crate::time::DAY_OFFSET_DAYS_MAX) from that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// The amount in the base currency, needed when `amount` is in another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Money>,
}

impl Order {
    /// An order of `amount`, on the business day of `occurred_at`.
    #[must_use]
    pub const fn new(occurred_at: Timestamp, amount: Money) -> Self {
        Self { occurred_at, amount, day: None, base: None }
    }

    /// Counts the order on this business day.
    #[must_use]
    pub const fn with_day(mut self, day: Day) -> Self {
        self.day = Some(day);
        self
    }

    /// States what the amount is worth in the base currency.
    #[must_use]
    pub const fn with_base(mut self, base: Money) -> Self {
        self.base = Some(base);
        self
    }
}

impl From<Order> for PurchaseCommand {
    fn from(order: Order) -> Self {
        Self::Order(order)
    }
}

macro_rules! reversal_command {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $name {
            /// When it happened.
            pub occurred_at: Timestamp,
            /// The business day of the purchase it takes back, as the ledger has it.
            pub purchase_day: Day,
            /// The amount that goes back, in the currency it was paid in; not negative.
            pub amount: Money,
            /// The business day it counts on, when it is not the day of `occurred_at` in the
            /// business's zone; at most [`DAY_OFFSET_DAYS_MAX`](crate::time::DAY_OFFSET_DAYS_MAX) from
            /// that day.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub day: Option<Day>,
            /// The amount in the base currency, needed when `amount` is in another one.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub base: Option<Money>,
        }

        impl $name {
            /// `amount` of the purchases of `purchase_day`, on the business day of `occurred_at`.
            #[must_use]
            pub const fn new(occurred_at: Timestamp, purchase_day: Day, amount: Money) -> Self {
                Self { occurred_at, purchase_day, amount, day: None, base: None }
            }

            /// Counts it on this business day.
            #[must_use]
            pub const fn with_day(mut self, day: Day) -> Self {
                self.day = Some(day);
                self
            }

            /// States what the amount is worth in the base currency.
            #[must_use]
            pub const fn with_base(mut self, base: Money) -> Self {
                self.base = Some(base);
                self
            }
        }

        impl From<$name> for PurchaseCommand {
            fn from(command: $name) -> Self {
                Self::$name(command)
            }
        }
    };
}

reversal_command! {
    /// Money of an earlier purchase comes back to the customer; the order stays an order.
    ///
    /// ```
    /// use guanxi::purchase::Return;
    /// use guanxi::{Currency, Day, Money, Timestamp};
    ///
    /// let bought = Day::from_ymd(1969, 12, 24)?;
    /// let back = Return::new(Timestamp::UNIX_EPOCH, bought, Money::from_minor(500, Currency::USD));
    /// assert_eq!(back.purchase_day, bought);
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    Return
}

reversal_command! {
    /// One order of an earlier day is called off: it never was.
    ///
    /// `amount` is that order's own. The last order left on a day takes all money left on it.
    ///
    /// ```
    /// use guanxi::purchase::Cancel;
    /// use guanxi::{Currency, Day, Money, Timestamp};
    ///
    /// let bought = Day::from_ymd(1969, 12, 31)?;
    /// let cancel = Cancel::new(Timestamp::UNIX_EPOCH, bought, Money::from_minor(500, Currency::USD))
    ///     .with_day(bought);
    /// assert_eq!(cancel.day, Some(bought));
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    Cancel
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn json_names_what_is_given_and_nothing_else() {
        let (usd, eur) = (Currency::USD, Currency::EUR);
        let day: Day = "1997-01-09".parse().unwrap();
        let at = Timestamp::UNIX_EPOCH;
        let short = PurchaseCommand::from(Order::new(at, Money::from_minor(2_933, usd)));
        let full = PurchaseCommand::from(
            Return::new(at, day, Money::from_minor(500, eur))
                .with_day(day)
                .with_base(Money::from_minor(541, usd)),
        );
        let text = serde_json::to_string(&short).unwrap();
        assert!(text.starts_with(r#"{"order":{"occurred_at":"#), "{text}");
        assert!(!text.contains("day") && !text.contains("base"), "{text}");
        for command in [short, full] {
            let text = serde_json::to_string(&command).unwrap();
            assert_eq!(serde_json::from_str::<PurchaseCommand>(&text).unwrap(), command);
        }
    }

    #[test]
    fn json_refuses_a_field_it_does_not_know() {
        let order = PurchaseCommand::from(Order::new(
            Timestamp::UNIX_EPOCH,
            Money::from_minor(2_933, Currency::USD),
        ));
        let text = serde_json::to_string(&order).unwrap();
        let misspelt = text.replace(r#""amount""#, r#""dya":"1997-01-09","amount""#);
        assert!(serde_json::from_str::<PurchaseCommand>(&misspelt).is_err());
    }
}
