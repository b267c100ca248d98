//! Facts: what is known of one customer on one day. The hall takes them from the ledger and from
//! what the host told.

use std::ops::RangeInclusive;

use super::comparison::{Comparison, Returns};
use super::indicator::Lever;
use super::signals::{ChurnSignals, overdue_days};
use crate::explain::{BasisPoints, Measure};
use crate::fixed::WHOLE;
use crate::money::{Currency, Money};
use crate::time::Day;

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
    /// Days with a kept order, over the whole past: those of an opening balance are part of it.
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
    /// The average order, in minor units, as [`Comparison::average_order`] gives it: nothing where
    /// the recent window has no order, which is the worst it can be; `None` when there was none
    /// before.
    pub order_value: Option<Comparison>,
    /// Money that came back, over the recent window and those before together.
    pub returns: Option<Returns>,
    /// The chance that the customer has left without a word; `None` when no model says.
    pub inactive_chance: Option<BasisPoints>,
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
            inactive_chance: None,
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
            Lever::InactiveChance => self.inactive_chance.map(|chance| chance.0),
            Lever::Orders => self.orders.map(|orders| orders.recent),
            Lever::Spend => self.spend.map(|spend| spend.recent),
            Lever::OrderValue => self.order_value.map(|value| value.recent),
            Lever::Returned => self.returns.map(|returns| returns.returned),
            Lever::Tenure => self.tenure_days.map(i64::from),
            Lever::Usage => signals.usage.map(|told| told.value.0),
            Lever::UsageTrend => signals.usage_trend.map(|told| told.value.0),
            Lever::Complaints => signals.complaints_open.map(|told| i64::from(told.value)),
            Lever::Satisfaction => signals.satisfaction.map(|told| i64::from(told.value.min(100))),
            Lever::PaymentOverdue => {
                signals.payment_overdue_since.map(|told| overdue_days(told.value, self.day))
            }
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
            Lever::InactiveChance => {
                set(&mut self.inactive_chance, |chance| *chance = BasisPoints(value));
            }
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
                set(&mut signals.payment_overdue_since, |told| {
                    told.value =
                        (value > 0).then(|| day.saturating_add_days(value.saturating_neg()));
                });
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
            Lever::Silence | Lever::Tenure | Lever::Complaints | Lever::FailedPayments => {
                0..=i64::from(u32::MAX)
            }
            Lever::PaymentOverdue => 0..=self.day.days_since(Day::MIN),
            Lever::InactiveChance => 0..=WHOLE,
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
            Lever::InactiveChance | Lever::Usage | Lever::UsageTrend => {
                Measure::Share(BasisPoints(value))
            }
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
