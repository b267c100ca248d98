//! What the room is told of one customer.

use super::measure::ScoreMeasure;
use super::rfm::RfmMeasure;
use crate::explain::Measure;
use crate::id::CustomerId;
use crate::money::Money;
use crate::rank::Ranked;
use crate::slot::Slot;

/// What [`rfm`](super::rfm) looks at: the purchases within the policy's window, as of a day. Money is
/// in the base currency.
///
/// The [module](super) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RfmFacts {
    /// Whose they are; tells equals apart where the policy wants that.
    pub key: CustomerId,
    /// Whole days since the last purchase day in the window; `None` without one.
    pub recency_days: Option<i64>,
    /// Days with a kept order in the window.
    pub purchase_days: i64,
    /// What those orders came to, less what came back.
    pub net_revenue: Money,
}

impl RfmFacts {
    /// The purchases of a customer.
    ///
    /// The [module](super) has an example.
    #[must_use]
    pub const fn new(
        key: CustomerId,
        recency_days: Option<i64>,
        purchase_days: i64,
        net_revenue: Money,
    ) -> Self {
        Self { key, recency_days, purchase_days, net_revenue }
    }

    /// The value of a measure; `None` of a customer who bought nothing. There are no negative days.
    pub(super) fn ranked(&self, measure: RfmMeasure) -> Option<Ranked> {
        let recency_days = self.recency_days?;
        let value = match measure {
            RfmMeasure::Recency => recency_days.max(0),
            RfmMeasure::Frequency => self.purchase_days.max(0),
            RfmMeasure::Monetary => self.net_revenue.minor(),
        };
        Some(Ranked { value, key: self.key })
    }

    /// A value of a measure with its unit.
    pub(super) const fn shown(&self, measure: RfmMeasure, value: i64) -> Measure {
        match measure {
            RfmMeasure::Recency => Measure::Days(value),
            RfmMeasure::Frequency => Measure::Count(value),
            RfmMeasure::Monetary => {
                Measure::Money(Money::from_minor(value, self.net_revenue.currency()))
            }
        }
    }
}

/// What [`score`](super::score) looks at. Purchases are those within the scorecard's window, money is
/// in the base currency. What only the host can know is `None` until it says so.
///
/// [`score`](super::score) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScoreFacts {
    /// What kept orders came to, less what came back.
    pub net_revenue: Money,
    /// What was earned on them, given by the host.
    pub margin: Option<Money>,
    /// What it cost to serve the customer, given by the host.
    pub cost_to_serve: Option<Money>,
    /// What came in from customers whom this one referred, given by the host.
    pub referred_revenue: Option<Money>,
    /// Days with a kept order.
    pub purchase_days: i64,
    /// Whole days since the first purchase day ever; `None` without one.
    pub tenure_days: Option<i64>,
    /// Kept orders.
    pub orders: i64,
    /// Customers whom this one referred, given by the host.
    pub referrals: Option<i64>,
    /// The host's own measures, by [`Slot::index`].
    pub own: [Option<i64>; Slot::COUNT],
}

impl ScoreFacts {
    /// A customer who brought `net_revenue` and of whom nothing else is known.
    ///
    /// [`score`](super::score) has an example.
    #[must_use]
    pub const fn new(net_revenue: Money) -> Self {
        Self {
            net_revenue,
            margin: None,
            cost_to_serve: None,
            referred_revenue: None,
            purchase_days: 0,
            tenure_days: None,
            orders: 0,
            referrals: None,
            own: [None; Slot::COUNT],
        }
    }

    /// The same with one of the host's own measures.
    ///
    /// ```
    /// use guanxi::slot::Slot;
    /// use guanxi::value::{ScoreFacts, ScoreMeasure};
    /// use guanxi::{Currency, Money};
    ///
    /// let third = Slot::new(3).expect("1 to 8");
    /// let facts = ScoreFacts::new(Money::zero(Currency::USD)).with_own(third, 4);
    /// assert_eq!(facts.value(ScoreMeasure::Own(third)), Some(4));
    /// assert_eq!(facts.value(ScoreMeasure::Own(Slot::FIRST)), None);
    /// ```
    #[must_use]
    pub fn with_own(mut self, slot: Slot, value: i64) -> Self {
        if let Some(own) = self.own.get_mut(slot.index()) {
            *own = Some(value);
        }
        self
    }

    /// The value of a measure, money in minor units; `None` while it is not known.
    ///
    /// [`ScoreFacts::with_own`] has an example.
    #[must_use]
    pub fn value(&self, measure: ScoreMeasure) -> Option<i64> {
        match measure {
            ScoreMeasure::NetRevenue => Some(self.net_revenue.minor()),
            ScoreMeasure::Margin => self.margin.map(Money::minor),
            ScoreMeasure::CostToServe => self.cost_to_serve.map(Money::minor),
            ScoreMeasure::ReferredRevenue => self.referred_revenue.map(Money::minor),
            ScoreMeasure::PurchaseDays => Some(self.purchase_days),
            ScoreMeasure::TenureDays => self.tenure_days,
            ScoreMeasure::Orders => Some(self.orders),
            ScoreMeasure::Referrals => self.referrals,
            ScoreMeasure::Own(slot) => self.own.get(slot.index()).copied().flatten(),
        }
    }

    /// A value of a measure with its unit.
    pub(super) const fn shown(&self, measure: ScoreMeasure, value: i64) -> Measure {
        match measure {
            ScoreMeasure::NetRevenue
            | ScoreMeasure::Margin
            | ScoreMeasure::CostToServe
            | ScoreMeasure::ReferredRevenue => {
                Measure::Money(Money::from_minor(value, self.net_revenue.currency()))
            }
            ScoreMeasure::TenureDays => Measure::Days(value),
            ScoreMeasure::PurchaseDays
            | ScoreMeasure::Orders
            | ScoreMeasure::Referrals
            | ScoreMeasure::Own(_) => Measure::Count(value),
        }
    }
}

/// What the potential of a customer is judged by. Which of it counts is the policy's choice, see
/// [`Potential`](super::Potential).
///
/// [`value_type`](super::value_type) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PotentialFacts {
    /// From 0 (none) to 100 (the most, and what is above counts as that), given by the host; `None` while it
    /// is not known.
    pub given: Option<u8>,
    /// Net revenue in the last window of the policy's length.
    pub recent_net_revenue: Money,
    /// Net revenue in the window of the same length before it; `None` of a customer who was none yet when
    /// that window began.
    pub earlier_net_revenue: Option<Money>,
    /// What is expected to be earned within the horizon of the policy's worth; `None` when no model says.
    pub worth: Option<Money>,
}

impl PotentialFacts {
    /// A customer of whom the last window is known, and nothing else.
    ///
    /// ```
    /// use guanxi::value::PotentialFacts;
    /// use guanxi::{Currency, Money};
    ///
    /// let usd = |minor| Money::from_minor(minor, Currency::USD);
    /// let facts = PotentialFacts::new(usd(21_250)).with_earlier(usd(20_000)).with_given(70);
    /// assert_eq!((facts.earlier_net_revenue, facts.given), (Some(usd(20_000)), Some(70)));
    /// ```
    #[must_use]
    pub const fn new(recent_net_revenue: Money) -> Self {
        Self { given: None, recent_net_revenue, earlier_net_revenue: None, worth: None }
    }

    /// The same with net revenue in the window before.
    ///
    /// [`PotentialFacts::new`] has an example.
    #[must_use]
    pub const fn with_earlier(mut self, net_revenue: Money) -> Self {
        self.earlier_net_revenue = Some(net_revenue);
        self
    }

    /// The same with what the host gives, from 0 to 100; more counts as 100.
    ///
    /// [`PotentialFacts::new`] has an example.
    #[must_use]
    pub const fn with_given(mut self, given: u8) -> Self {
        self.given = Some(given);
        self
    }

    /// The same with what is expected to be earned.
    ///
    /// ```
    /// use guanxi::value::PotentialFacts;
    /// use guanxi::{Currency, Money};
    ///
    /// let usd = |minor| Money::from_minor(minor, Currency::USD);
    /// assert_eq!(PotentialFacts::new(usd(0)).with_worth(usd(8_122)).worth, Some(usd(8_122)));
    /// ```
    #[must_use]
    pub const fn with_worth(mut self, worth: Money) -> Self {
        self.worth = Some(worth);
        self
    }

    /// An amount of the base currency.
    pub(super) const fn shown(&self, minor: i64) -> Measure {
        Measure::Money(Money::from_minor(minor, self.recent_net_revenue.currency()))
    }
}
