//! What the room is told of one customer.

use super::criterion::TierMeasure;
use crate::explain::{Measure, Points};
use crate::id::CustomerId;
use crate::money::Money;
use crate::time::Day;

/// What tiers are judged by. Purchases are those within the policy's window, money is in the base
/// currency. What only the host can know is `None` until it says so.
///
/// ```
/// use guanxi::tier::{TierFacts, TierMeasure};
/// use guanxi::{Currency, CustomerId, Day, Money, TenantId};
///
/// let key = CustomerId::derive(TenantId::derive("example-shop"), "C-17");
/// let revenue = Money::from_minor(41_250, Currency::USD);
/// let facts = TierFacts { orders: 7, ..TierFacts::new(key, Day::from_ymd(2026, 3, 1)?, revenue) };
/// assert_eq!(facts.value(TierMeasure::Revenue), Some(41_250));
/// assert_eq!(facts.value(TierMeasure::Margin), None);
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TierFacts {
    /// Whose they are; tells equals apart where the policy wants that.
    pub key: CustomerId,
    /// The business day of the review.
    pub day: Day,
    /// What kept orders came to, less what came back.
    pub revenue: Money,
    /// What was earned on them, given by the host.
    pub margin: Option<Money>,
    /// Kept orders.
    pub orders: i64,
    /// Days with a kept order.
    pub purchase_days: i64,
    /// How large the customer's business is, in the host's own unit; given by the host.
    pub business_size: Option<i64>,
    /// The total of the value scorecard.
    pub value_score: Option<Points>,
}

impl TierFacts {
    /// A customer of whom the revenue is known, and nothing else.
    #[must_use]
    pub const fn new(key: CustomerId, day: Day, revenue: Money) -> Self {
        Self {
            key,
            day,
            revenue,
            margin: None,
            orders: 0,
            purchase_days: 0,
            business_size: None,
            value_score: None,
        }
    }

    /// The value of a measure, money in minor units and scores in thousandths of a point; `None` while
    /// it is not known.
    #[must_use]
    pub fn value(&self, measure: TierMeasure) -> Option<i64> {
        match measure {
            TierMeasure::Revenue => Some(self.revenue.minor()),
            TierMeasure::Margin => self.margin.map(Money::minor),
            TierMeasure::Orders => Some(self.orders),
            TierMeasure::PurchaseDays => Some(self.purchase_days),
            TierMeasure::BusinessSize => self.business_size,
            TierMeasure::ValueScore => self.value_score.map(|points| points.0),
        }
    }

    /// A value of a measure with its unit.
    pub(super) const fn shown(&self, measure: TierMeasure, value: i64) -> Measure {
        match measure {
            TierMeasure::Revenue | TierMeasure::Margin => {
                Measure::Money(Money::from_minor(value, self.revenue.currency()))
            }
            TierMeasure::Orders | TierMeasure::PurchaseDays | TierMeasure::BusinessSize => {
                Measure::Count(value)
            }
            TierMeasure::ValueScore => Measure::Points(Points(value)),
        }
    }
}
