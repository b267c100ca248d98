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
/// let net_revenue = Money::from_minor(41_250, Currency::USD);
/// let mut facts = TierFacts::new(key, Day::from_ymd(2026, 3, 1)?, net_revenue);
/// facts.orders = 7;
/// assert_eq!(facts.value(TierMeasure::NetRevenue), Some(41_250));
/// assert_eq!(facts.value(TierMeasure::Orders), Some(7));
/// assert_eq!(facts.value(TierMeasure::Margin), None);
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TierFacts {
    /// Whose they are; tells equals apart where the policy wants that.
    pub key: CustomerId,
    /// The business day of the review.
    pub day: Day,
    /// What kept orders came to, less what came back.
    pub net_revenue: Money,
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
    /// A customer of whom the net revenue is known, and nothing else.
    ///
    /// [`TierFacts`] has an example.
    #[must_use]
    pub const fn new(key: CustomerId, day: Day, net_revenue: Money) -> Self {
        Self {
            key,
            day,
            net_revenue,
            margin: None,
            orders: 0,
            purchase_days: 0,
            business_size: None,
            value_score: None,
        }
    }

    /// The value of a measure, money in minor units and scores in thousandths of a point; `None` while
    /// it is not known. What a measure cannot be, a count below zero or a score above 100, counts as the
    /// nearest that it can.
    ///
    /// [`TierFacts`] has an example.
    #[must_use]
    pub fn value(&self, measure: TierMeasure) -> Option<i64> {
        let value = match measure {
            TierMeasure::NetRevenue => Some(self.net_revenue.minor()),
            TierMeasure::Margin => self.margin.map(Money::minor),
            TierMeasure::Orders => Some(self.orders),
            TierMeasure::PurchaseDays => Some(self.purchase_days),
            TierMeasure::BusinessSize => self.business_size,
            TierMeasure::ValueScore => self.value_score.map(|points| points.0),
        };
        let domain = measure.domain();
        value.map(|value| value.clamp(*domain.start(), *domain.end()))
    }

    /// A value of a measure with its unit.
    pub(super) const fn shown(&self, measure: TierMeasure, value: i64) -> Measure {
        match measure {
            TierMeasure::NetRevenue | TierMeasure::Margin => {
                Measure::Money(Money::from_minor(value, self.net_revenue.currency()))
            }
            TierMeasure::Orders | TierMeasure::PurchaseDays | TierMeasure::BusinessSize => {
                Measure::Count(value)
            }
            TierMeasure::ValueScore => Measure::Points(Points(value)),
        }
    }
}
