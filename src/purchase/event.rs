//! What happened: orders, returns, cancellations.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::time::{Day, Timestamp};

/// One fact of a customer's purchases, as the journal keeps it.
///
/// ```
/// use guanxi::purchase::{Ordered, PurchaseEvent};
/// use guanxi::{Currency, Day, Money, Timestamp};
///
/// let paid = Money::from_minor(2_933, Currency::USD);
/// let day = Day::from_ymd(1970, 1, 1)?;
/// let event = PurchaseEvent::Ordered(Ordered::new(Timestamp::UNIX_EPOCH, day, paid, paid));
/// assert_eq!(event.year(), 1970);
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PurchaseEvent {
    /// An order was placed.
    Ordered(Ordered),
    /// Money of an earlier purchase came back.
    Returned(Returned),
    /// One order turned out never to have been.
    Cancelled(Cancelled),
}

impl PurchaseEvent {
    /// When it happened.
    #[must_use]
    pub const fn occurred_at(&self) -> Timestamp {
        match self {
            Self::Ordered(event) => event.occurred_at,
            Self::Returned(event) => event.occurred_at,
            Self::Cancelled(event) => event.occurred_at,
        }
    }

    /// The business day it counts on, fixed when it was recorded.
    #[must_use]
    pub const fn day(&self) -> Day {
        match self {
            Self::Ordered(event) => event.day,
            Self::Returned(event) => event.day,
            Self::Cancelled(event) => event.day,
        }
    }

    /// The year whose stored part the event changes: that of its own day, also for a return or
    /// cancellation of a purchase of another year.
    #[must_use]
    pub fn year(&self) -> i32 {
        self.day().year()
    }
}

/// An order was placed. The fields are as [`decide`](super::decide) fixed them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "OrderedDocument", into = "OrderedDocument")]
#[non_exhaustive]
pub struct Ordered {
    /// When the order was placed.
    pub occurred_at: Timestamp,
    /// The business day it counts on.
    pub day: Day,
    /// The amount as paid, in the currency it was paid in.
    pub amount: Money,
    /// The same amount in the base currency of the ledger. JSON leaves it out when it is equal to
    /// `amount`.
    pub base: Money,
}

impl Ordered {
    /// An order of `amount`, worth `base` in the currency of the ledger.
    #[must_use]
    pub const fn new(occurred_at: Timestamp, day: Day, amount: Money, base: Money) -> Self {
        Self { occurred_at, day, amount, base }
    }
}

macro_rules! reversal_event {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "ReversalDocument", into = "ReversalDocument")]
        #[non_exhaustive]
        pub struct $name {
            /// When it happened.
            pub occurred_at: Timestamp,
            /// The business day it counts on.
            pub day: Day,
            /// The business day of the purchase it takes back; not after `day`.
            pub purchase_day: Day,
            #[doc = concat!("The amount ", $what, ", in the currency it was paid in.")]
            pub amount: Money,
            /// The same amount in the base currency of the ledger. JSON leaves it out when it is
            /// equal to `amount`.
            pub base: Money,
        }

        impl $name {
            #[doc = concat!("`amount` ", $what, " on `day`, of a purchase of `purchase_day`.")]
            #[must_use]
            pub const fn new(
                occurred_at: Timestamp,
                day: Day,
                purchase_day: Day,
                amount: Money,
                base: Money,
            ) -> Self {
                Self { occurred_at, day, purchase_day, amount, base }
            }
        }

        impl From<ReversalDocument> for $name {
            fn from(document: ReversalDocument) -> Self {
                let ReversalDocument { occurred_at, day, purchase_day, amount, base } = document;
                Self { occurred_at, day, purchase_day, amount, base: base.unwrap_or(amount) }
            }
        }

        impl From<$name> for ReversalDocument {
            fn from(event: $name) -> Self {
                let $name { occurred_at, day, purchase_day, amount, base } = event;
                let base = (base != amount).then_some(base);
                Self { occurred_at, day, purchase_day, amount, base }
            }
        }
    };
}

reversal_event! {
    /// Money of an earlier purchase came back. The order stays an order: it was, and its day stays a
    /// purchase day.
    Returned, "given back"
}

reversal_event! {
    /// One order of an earlier day never was: it no longer counts as an order, nor its amount as
    /// bought.
    Cancelled, "called off"
}

/// [`Ordered`] as JSON keeps it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderedDocument {
    occurred_at: Timestamp,
    day: Day,
    amount: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<Money>,
}

impl From<OrderedDocument> for Ordered {
    fn from(document: OrderedDocument) -> Self {
        let OrderedDocument { occurred_at, day, amount, base } = document;
        Self { occurred_at, day, amount, base: base.unwrap_or(amount) }
    }
}

impl From<Ordered> for OrderedDocument {
    fn from(event: Ordered) -> Self {
        let Ordered { occurred_at, day, amount, base } = event;
        Self { occurred_at, day, amount, base: (base != amount).then_some(base) }
    }
}

/// [`Returned`] and [`Cancelled`] as JSON keeps them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReversalDocument {
    occurred_at: Timestamp,
    day: Day,
    purchase_day: Day,
    amount: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<Money>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn json_leaves_out_a_base_amount_equal_to_the_amount() {
        let paid = Money::from_minor(2_933, Currency::USD);
        let event = PurchaseEvent::Ordered(Ordered::new(
            Timestamp::UNIX_EPOCH,
            day("1970-01-01"),
            paid,
            paid,
        ));
        let json = serde_json::to_value(event).unwrap();
        let body = json.get("ordered").unwrap();
        assert_eq!(body.get("day").unwrap(), "1970-01-01");
        assert!(body.get("base").is_none());
        assert_eq!(serde_json::from_value::<PurchaseEvent>(json).unwrap(), event);
    }

    #[test]
    fn json_keeps_a_base_amount_of_another_currency() {
        let paid = Money::from_minor(2_933, Currency::EUR);
        let base = Money::from_minor(3_171, Currency::USD);
        let (bought, back) = (day("1997-12-30"), day("1998-01-02"));
        let at = Timestamp::UNIX_EPOCH;
        for event in [
            PurchaseEvent::Ordered(Ordered::new(at, back, paid, base)),
            PurchaseEvent::Returned(Returned::new(at, back, bought, paid, base)),
            PurchaseEvent::Cancelled(Cancelled::new(at, back, bought, paid, base)),
        ] {
            let json = serde_json::to_string(&event).unwrap();
            assert!(json.contains("\"base\""), "{json}");
            assert_eq!(serde_json::from_str::<PurchaseEvent>(&json).unwrap(), event);
            assert_eq!((event.year(), event.day(), event.occurred_at()), (1998, back, at));
        }
    }

    #[test]
    fn json_of_a_newer_kind_is_refused_not_guessed() {
        let paid = Money::from_minor(2_933, Currency::USD);
        let ordered = Ordered::new(Timestamp::UNIX_EPOCH, day("1970-01-01"), paid, paid);
        let json = serde_json::to_string(&PurchaseEvent::Ordered(ordered)).unwrap();
        for newer in [
            json.replace(r#""amount""#, r#""channel":"web","amount""#),
            json.replace("ordered", "reordered"),
        ] {
            assert!(serde_json::from_str::<PurchaseEvent>(&newer).is_err(), "{newer}");
        }
    }
}
