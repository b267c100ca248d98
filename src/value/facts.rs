//! What the room is told of one customer.

use super::rfm::RfmMeasure;
use super::weights::ScoreMeasure;
use crate::explain::Measure;
use crate::id::CustomerId;
use crate::money::Money;
use crate::rank::Ranked;

/// How many measures of its own a host may bring into the scorecard.
pub const GIVEN_MEASURES_MAX: usize = 8;

/// What [`rfm`](super::rfm) looks at: the purchases within the policy's window, as of a day. Money is
/// in the base currency.
///
/// The [module](super) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RfmFacts {
    /// Whose they are; tells equals apart where the policy wants that.
    pub key: CustomerId,
    /// Whole days since the last purchase day in the window; `None` without one.
    pub recency_days: Option<i64>,
    /// Days with a kept order in the window.
    pub purchase_days: i64,
    /// What those orders came to, less what came back.
    pub net: Money,
}

impl RfmFacts {
    /// The value of a measure; `None` of a customer who bought nothing.
    pub(super) fn ranked(&self, measure: RfmMeasure) -> Option<Ranked> {
        let recency_days = self.recency_days?;
        let value = match measure {
            RfmMeasure::Recency => recency_days,
            RfmMeasure::Frequency => self.purchase_days,
            RfmMeasure::Monetary => self.net.minor(),
        };
        Some(Ranked { value, key: self.key })
    }

    /// A value of a measure with its unit.
    pub(super) const fn shown(&self, measure: RfmMeasure, value: i64) -> Measure {
        match measure {
            RfmMeasure::Recency => Measure::Days(value),
            RfmMeasure::Frequency => Measure::Count(value),
            RfmMeasure::Monetary => Measure::Money(Money::from_minor(value, self.net.currency())),
        }
    }
}

/// What [`score`](super::score) looks at. Purchases are those within the scorecard's window, money is
/// in the base currency. What only the host can know is `None` until it says so.
///
/// [`score`](super::score) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScoreFacts {
    /// What kept orders came to, less what came back.
    pub net_spend: Money,
    /// What was earned on them, given by the host.
    pub margin: Option<Money>,
    /// What it cost to serve the customer, given by the host.
    pub cost_to_serve: Option<Money>,
    /// What customers spent whom this one referred, given by the host.
    pub referred_spend: Option<Money>,
    /// Days with a kept order.
    pub purchase_days: i64,
    /// Whole days since the first purchase day ever; `None` without one.
    pub tenure_days: Option<i64>,
    /// Kept orders.
    pub orders: i64,
    /// Customers whom this one referred, given by the host.
    pub referrals: Option<i64>,
    /// The host's own measures, in the order of [`ScorecardPolicy::given`](super::ScorecardPolicy).
    pub given: [Option<i64>; GIVEN_MEASURES_MAX],
}

impl ScoreFacts {
    /// A customer who spent `net_spend` and of whom nothing else is known.
    ///
    /// [`score`](super::score) has an example.
    #[must_use]
    pub const fn new(net_spend: Money) -> Self {
        Self {
            net_spend,
            margin: None,
            cost_to_serve: None,
            referred_spend: None,
            purchase_days: 0,
            tenure_days: None,
            orders: 0,
            referrals: None,
            given: [None; GIVEN_MEASURES_MAX],
        }
    }

    /// The value of a measure, money in minor units; `None` while it is not known.
    #[must_use]
    pub fn value(&self, measure: ScoreMeasure) -> Option<i64> {
        match measure {
            ScoreMeasure::NetSpend => Some(self.net_spend.minor()),
            ScoreMeasure::Margin => self.margin.map(Money::minor),
            ScoreMeasure::CostToServe => self.cost_to_serve.map(Money::minor),
            ScoreMeasure::ReferredSpend => self.referred_spend.map(Money::minor),
            ScoreMeasure::PurchaseDays => Some(self.purchase_days),
            ScoreMeasure::TenureDays => self.tenure_days,
            ScoreMeasure::Orders => Some(self.orders),
            ScoreMeasure::Referrals => self.referrals,
            ScoreMeasure::Given(place) => self.given.get(usize::from(place)).copied().flatten(),
        }
    }

    /// A value of a measure with its unit.
    pub(super) const fn shown(&self, measure: ScoreMeasure, value: i64) -> Measure {
        match measure {
            ScoreMeasure::NetSpend
            | ScoreMeasure::Margin
            | ScoreMeasure::CostToServe
            | ScoreMeasure::ReferredSpend => {
                Measure::Money(Money::from_minor(value, self.net_spend.currency()))
            }
            ScoreMeasure::TenureDays => Measure::Days(value),
            ScoreMeasure::PurchaseDays
            | ScoreMeasure::Orders
            | ScoreMeasure::Referrals
            | ScoreMeasure::Given(_) => Measure::Count(value),
        }
    }
}

/// What the potential of a customer is judged by. Which of it counts is the policy's choice, see
/// [`Potential`](super::Potential).
///
/// [`value_type`](super::value_type) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PotentialFacts {
    /// From 0 (none) to 100 (the most), given by the host; `None` while it is not known.
    pub given: Option<u8>,
    /// Net spend in the last window of the policy's length.
    pub recent_net: Money,
    /// Net spend in the window of the same length before it.
    pub earlier_net: Money,
}
