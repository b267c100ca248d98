//! Facts: what is known of one customer on one day. The hall takes them from the ledger and from
//! what the host told.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::indicator::Lever;
use super::scale::share;
use crate::explain::{BasisPoints, Measure};
use crate::money::{Currency, Money};
use crate::slot::Slot;
use crate::time::Day;

/// What the recent window holds, beside what the windows before it held together.
///
/// ```
/// use guanxi::churn::Comparison;
/// use guanxi::explain::BasisPoints;
///
/// // Two orders in the last 90 days, ten in the 180 days before.
/// let orders = Comparison { recent: 2, before: 10, windows: 2 };
/// assert_eq!(orders.share(), Some(BasisPoints(4_000)));
///
/// // Nothing before is nothing to compare with.
/// assert_eq!(Comparison { before: 0, ..orders }.share(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// What the recent window holds.
    pub recent: i64,
    /// The sum of the windows before it.
    pub before: i64,
    /// How many windows that sum is of; 1 where `before` is a mean already.
    pub windows: u16,
}

impl Comparison {
    /// The recent window as a share of the mean window before, rounded half away from zero; `None`
    /// without anything before.
    #[must_use]
    pub fn share(self) -> Option<BasisPoints> {
        if self.before <= 0 || self.windows == 0 {
            return None;
        }
        Some(BasisPoints(share(self.recent, i64::from(self.windows), self.before)))
    }
}

/// Money that came back, and the money it came back of, in minor units.
///
/// ```
/// use guanxi::churn::Returns;
/// use guanxi::explain::BasisPoints;
///
/// assert_eq!(Returns { returned: 2_500, gross: 10_000 }.share(), Some(BasisPoints(2_500)));
/// assert_eq!(Returns { returned: 0, gross: 0 }.share(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returns {
    /// What came back.
    pub returned: i64,
    /// What had been bought.
    pub gross: i64,
}

impl Returns {
    /// The share that came back, rounded half away from zero; `None` when nothing was bought.
    #[must_use]
    pub fn share(self) -> Option<BasisPoints> {
        if self.gross <= 0 {
            return None;
        }
        Some(BasisPoints(share(self.returned, 1, self.gross)))
    }
}

/// What the host told, and the business day it is of.
///
/// ```
/// use guanxi::Day;
/// use guanxi::churn::Observation;
///
/// let complaints = Observation::new(2_u32, Day::from_ymd(2026, 3, 1)?);
/// assert_eq!(complaints.age_days(Day::from_ymd(2026, 3, 31)?), Some(30));
///
/// // On the day before nobody knew.
/// assert_eq!(complaints.age_days(Day::from_ymd(2026, 2, 28)?), None);
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation<T> {
    /// What was told.
    pub value: T,
    /// The day it was true on.
    pub day: Day,
}

impl<T> Observation<T> {
    /// `value` as it was on `day`.
    #[must_use]
    pub const fn new(value: T, day: Day) -> Self {
        Self { value, day }
    }

    /// How many days ago that was on the day `today`; `None` while it was yet to come.
    #[must_use]
    pub fn age_days(&self, today: Day) -> Option<i64> {
        Some(today.days_since(self.day)).filter(|age| *age >= 0)
    }
}

/// What the host told of one customer, the latest of each kind.
///
/// ```
/// use guanxi::Day;
/// use guanxi::churn::{ChurnSignals, Observation};
///
/// let mut signals = ChurnSignals::default();
/// signals.sponsor_gone = Some(Observation::new(true, Day::from_ymd(2026, 3, 1)?));
/// let stored = serde_json::to_string(&signals)?;
/// assert_eq!(stored, r#"{"sponsor_gone":{"value":true,"day":"2026-03-01"}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ChurnSignals {
    /// The share of what was bought that is in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Observation<BasisPoints>>,
    /// Usage as a share of usage in the period before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_trend: Option<Observation<BasisPoints>>,
    /// Complaints that are open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complaints_open: Option<Observation<u32>>,
    /// Satisfaction, from 0 to 100; more counts as 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Observation<u8>>,
    /// Days for which the oldest payment is overdue; 0 when none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_overdue_days: Option<Observation<u32>>,
    /// Payments that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_payments: Option<Observation<u32>>,
    /// Whether the person who stood up for us at the customer has left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sponsor_gone: Option<Observation<bool>>,
    /// The last day of the contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_ends: Option<Observation<Day>>,
    /// Indicators of the host's own, by slot.
    #[serde(skip_serializing_if = "is_empty")]
    pub custom: [Option<Observation<i64>>; Slot::COUNT],
}

fn is_empty(custom: &[Option<Observation<i64>>; Slot::COUNT]) -> bool {
    custom.iter().all(Option::is_none)
}

impl ChurnSignals {
    /// The same with one signal of the host's own.
    ///
    /// [`CustomIndicator`](super::CustomIndicator) has an example.
    #[must_use]
    pub fn with_custom(mut self, slot: Slot, told: Observation<i64>) -> Self {
        if let Some(place) = self.custom.get_mut(slot.index()) {
            *place = Some(told);
        }
        self
    }

    pub(super) fn custom(&self, slot: Slot) -> Option<Observation<i64>> {
        self.custom.get(slot.index()).copied().flatten()
    }
}

/// What is known of one customer on one day. Nothing in it is dated later.
///
/// ```
/// use guanxi::churn::{ChurnFacts, Comparison};
/// use guanxi::{Currency, Day};
///
/// let mut facts = ChurnFacts::new(Day::from_ymd(2026, 3, 31)?, Currency::USD);
/// facts.purchase_days = 12;
/// facts.silence_days = Some(62);
/// facts.usual_gap_days = Some(20);
/// facts.orders = Some(Comparison { recent: 2, before: 10, windows: 2 });
/// assert!(!facts.is_one_time_buyer());
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ChurnFacts {
    /// The business day that is judged.
    pub day: Day,
    /// The currency of the amounts.
    pub currency: Currency,
    /// Days with a kept order.
    pub purchase_days: u32,
    /// Days since the last purchase day; `None` when none is known.
    pub silence_days: Option<u32>,
    /// The median gap between the customer's own purchase days, the lower one of two; `None`
    /// without a gap.
    pub usual_gap_days: Option<u32>,
    /// Days since the first purchase day; `None` when none is known.
    pub tenure_days: Option<u32>,
    /// Kept orders; `None` for a customer too young to have windows before.
    pub orders: Option<Comparison>,
    /// Net spend, in minor units; `None` as above.
    pub spend: Option<Comparison>,
    /// The average order, in minor units; `None` also when the recent window has no order.
    pub order_value: Option<Comparison>,
    /// Money that came back, over the recent window and those before together.
    pub returns: Option<Returns>,
    /// What the host told.
    pub signals: ChurnSignals,
}

impl ChurnFacts {
    /// A customer of whom nothing is known.
    #[must_use]
    pub fn new(day: Day, currency: Currency) -> Self {
        Self {
            day,
            currency,
            purchase_days: 0,
            silence_days: None,
            usual_gap_days: None,
            tenure_days: None,
            orders: None,
            spend: None,
            order_value: None,
            returns: None,
            signals: ChurnSignals::default(),
        }
    }

    /// Whether the customer bought on exactly one day.
    #[must_use]
    pub const fn is_one_time_buyer(&self) -> bool {
        self.purchase_days == 1
    }

    /// The value of a lever, in its unit; `None` when it is not known.
    ///
    /// [`Turn`](super::Turn) has an example.
    #[must_use]
    pub fn lever(&self, lever: Lever) -> Option<i64> {
        let signals = &self.signals;
        match lever {
            Lever::Silence => self.silence_days.map(i64::from),
            Lever::Orders => self.orders.map(|orders| orders.recent),
            Lever::Spend => self.spend.map(|spend| spend.recent),
            Lever::OrderValue => self.order_value.map(|value| value.recent),
            Lever::Returned => self.returns.map(|returns| returns.returned),
            Lever::Tenure => self.tenure_days.map(i64::from),
            Lever::Usage => signals.usage.map(|told| told.value.0),
            Lever::UsageTrend => signals.usage_trend.map(|told| told.value.0),
            Lever::Complaints => signals.complaints_open.map(|told| i64::from(told.value)),
            Lever::Satisfaction => signals.satisfaction.map(|told| i64::from(told.value.min(100))),
            Lever::PaymentOverdue => signals.payment_overdue_days.map(|told| i64::from(told.value)),
            Lever::FailedPayments => signals.failed_payments.map(|told| i64::from(told.value)),
            Lever::Sponsor => signals.sponsor_gone.map(|told| i64::from(told.value)),
            Lever::ContractEnd => signals.contract_ends.map(|told| told.value.days_since(self.day)),
            Lever::Custom(slot) => signals.custom(slot).map(|told| told.value),
        }
    }

    /// The same customer on the same day with one lever at another value, or at the end of its
    /// range on that side. A lever that is not known stays so.
    ///
    /// [`Turn`](super::Turn) has an example.
    #[must_use]
    pub fn with_lever(mut self, lever: Lever, value: i64) -> Self {
        let range = self.range(lever);
        let value = value.clamp(*range.start(), *range.end());
        let count = u32::try_from(value).unwrap_or(0);
        let (day, signals) = (self.day, &mut self.signals);
        match lever {
            Lever::Silence => set(&mut self.silence_days, |days| *days = count),
            Lever::Orders => set(&mut self.orders, |orders| orders.recent = value),
            Lever::Spend => set(&mut self.spend, |spend| spend.recent = value),
            Lever::OrderValue => set(&mut self.order_value, |order| order.recent = value),
            Lever::Returned => set(&mut self.returns, |returns| returns.returned = value),
            Lever::Tenure => set(&mut self.tenure_days, |days| *days = count),
            Lever::Usage => set(&mut signals.usage, |told| told.value = BasisPoints(value)),
            Lever::UsageTrend => {
                set(&mut signals.usage_trend, |told| told.value = BasisPoints(value));
            }
            Lever::Complaints => set(&mut signals.complaints_open, |told| told.value = count),
            Lever::Satisfaction => set(&mut signals.satisfaction, |told| {
                told.value = u8::try_from(value).unwrap_or(0);
            }),
            Lever::PaymentOverdue => {
                set(&mut signals.payment_overdue_days, |told| told.value = count);
            }
            Lever::FailedPayments => set(&mut signals.failed_payments, |told| told.value = count),
            Lever::Sponsor => set(&mut signals.sponsor_gone, |told| told.value = value != 0),
            Lever::ContractEnd => set(&mut signals.contract_ends, |told| {
                told.value = day.saturating_add_days(value);
            }),
            Lever::Custom(slot) => {
                let place = signals.custom.get_mut(slot.index()).and_then(Option::as_mut);
                if let Some(told) = place {
                    told.value = value;
                }
            }
        }
        self
    }

    /// The values that a lever can be set to.
    pub(super) fn range(&self, lever: Lever) -> RangeInclusive<i64> {
        match lever {
            Lever::Silence
            | Lever::Tenure
            | Lever::Complaints
            | Lever::PaymentOverdue
            | Lever::FailedPayments => 0..=i64::from(u32::MAX),
            Lever::Satisfaction => 0..=100,
            Lever::Sponsor => 0..=1,
            Lever::ContractEnd => Day::MIN.days_since(self.day)..=Day::MAX.days_since(self.day),
            Lever::Orders
            | Lever::Spend
            | Lever::OrderValue
            | Lever::Returned
            | Lever::Usage
            | Lever::UsageTrend
            | Lever::Custom(_) => i64::MIN..=i64::MAX,
        }
    }

    /// A value of a lever with its unit, where the policy has no word in it.
    pub(super) fn measure(&self, lever: Lever, value: i64) -> Measure {
        match lever {
            Lever::Silence | Lever::Tenure | Lever::PaymentOverdue => Measure::Days(value),
            Lever::Orders
            | Lever::Complaints
            | Lever::FailedPayments
            | Lever::Sponsor
            | Lever::Custom(_) => Measure::Count(value),
            Lever::Spend | Lever::OrderValue | Lever::Returned => {
                Measure::Money(Money::from_minor(value, self.currency))
            }
            Lever::Usage | Lever::UsageTrend => Measure::Share(BasisPoints(value)),
            Lever::Satisfaction => Measure::Score(u8::try_from(value).unwrap_or(0)),
            Lever::ContractEnd => Measure::Day(self.day.saturating_add_days(value)),
        }
    }
}

fn set<T>(place: &mut Option<T>, change: impl FnOnce(&mut T)) {
    if let Some(known) = place {
        change(known);
    }
}
