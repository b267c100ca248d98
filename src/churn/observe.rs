//! Reading one indicator off the facts.

use super::calibration::ChurnCalibration;
use super::comparison::Comparison;
use super::facts::ChurnFacts;
use super::indicator::Indicator;
use super::policy::ChurnPolicy;
use super::rule::ChurnRule;
use super::signals::{Observation, overdue_days};
use crate::explain::{BasisPoints, Measure, Reason};
use crate::fixed::share;

/// What there is to see of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// Its value, and how old that is.
    Seen { value: i64, age_days: i64 },
    /// It concerns the customer, but is not known.
    Unknown,
    /// It compares with a base of which only so many cases are known.
    BaseUnknown { cases: i64 },
    /// It compares with a base that was observed for so many days only.
    BaseUnobserved { days: i64 },
    /// It does not concern the customer.
    Beside,
}

impl Sight {
    fn fresh(value: Option<i64>) -> Self {
        value.map_or(Self::Unknown, |value| Self::Seen { value, age_days: 0 })
    }

    fn share(value: Option<BasisPoints>) -> Self {
        Self::fresh(value.map(|share| share.0))
    }

    fn told<T: Copy>(
        told: Option<Observation<T>>,
        facts: &ChurnFacts,
        value: impl Fn(T) -> i64,
    ) -> Self {
        let seen = told.and_then(|told| Some((value(told.value), told.age_days(facts.day)?)));
        seen.map_or(Self::Unknown, |(value, age_days)| Self::Seen { value, age_days })
    }
}

/// Looks at one indicator.
pub(super) fn observe(
    indicator: Indicator,
    facts: &ChurnFacts,
    policy: &ChurnPolicy,
    base: &ChurnCalibration,
) -> Sight {
    let signals = &facts.signals;
    match indicator {
        Indicator::SilenceByCadence => by_cadence(facts, policy),
        Indicator::SilenceByBase => by_base(facts, policy, base),
        Indicator::ReturnChance => return_chance(facts, policy, base),
        Indicator::InactiveChance if facts.purchase_days == 0 => Sight::Beside,
        Indicator::InactiveChance => Sight::share(facts.inactive_chance),
        Indicator::Silence if facts.purchase_days == 0 => Sight::Beside,
        Indicator::Silence => Sight::fresh(facts.silence_days.map(i64::from)),
        Indicator::Orders => Sight::share(facts.orders.and_then(|orders| orders.share())),
        Indicator::Spend => Sight::share(facts.spend.and_then(|spend| spend.share())),
        Indicator::OrderValue => order_value(facts),
        Indicator::Returns => Sight::share(facts.returns.and_then(|returns| returns.share())),
        Indicator::Tenure => Sight::fresh(facts.tenure_days.map(i64::from)),
        Indicator::Usage => Sight::told(signals.usage, facts, |share| share.0),
        Indicator::UsageTrend => Sight::told(signals.usage_trend, facts, |share| share.0),
        Indicator::Complaints => Sight::told(signals.complaints_open, facts, i64::from),
        Indicator::Satisfaction => {
            Sight::told(signals.satisfaction, facts, |score| i64::from(score.min(100)))
        }
        Indicator::PaymentOverdue => Sight::told(signals.payment_overdue_since, facts, |since| {
            overdue_days(since, facts.day)
        }),
        Indicator::FailedPayments => Sight::told(signals.failed_payments, facts, i64::from),
        Indicator::SponsorGone => Sight::told(signals.sponsor_gone, facts, i64::from),
        Indicator::ContractEnd => {
            Sight::told(signals.contract_ends, facts, |ends| ends.days_since(facts.day))
        }
        Indicator::Custom(slot) if policy.custom(slot).is_none() => Sight::Beside,
        Indicator::Custom(slot) => Sight::told(signals.custom(slot), facts, |value| value),
    }
}

fn order_value(facts: &ChurnFacts) -> Sight {
    let share = facts.order_value.and_then(Comparison::share);
    let stopped = facts.orders.is_some_and(|orders| orders.recent <= 0);
    // Who orders nothing has no average that could speak for it.
    Sight::share(share.map(|share| if stopped { share.min(BasisPoints(0)) } else { share }))
}

fn by_cadence(facts: &ChurnFacts, policy: &ChurnPolicy) -> Sight {
    // One purchase day has no gap, whatever the policy says.
    let needed = u32::from(policy.cadence_purchase_days_min).max(2);
    if facts.purchase_days < needed {
        return Sight::Beside;
    }
    let gap = facts.usual_gap_days.filter(|gap| *gap > 0);
    let ratio = facts.silence_days.zip(gap);
    Sight::fresh(ratio.map(|(silence, gap)| share(silence.into(), gap.into())))
}

fn by_base(facts: &ChurnFacts, policy: &ChurnPolicy, base: &ChurnCalibration) -> Sight {
    if facts.purchase_days < 2 {
        return Sight::Beside;
    }
    if let Some(lack) = lacking(base.interpurchase_times.count(), policy) {
        return lack;
    }
    Sight::share(
        facts.silence_days.and_then(|silence| base.interpurchase_times.share_below(silence)),
    )
}

fn return_chance(facts: &ChurnFacts, policy: &ChurnPolicy, base: &ChurnCalibration) -> Sight {
    if !facts.is_one_time_buyer() {
        return Sight::Beside;
    }
    if let Some(lack) = lacking(base.first_returns.buyers(), policy) {
        return lack;
    }
    let Some(silence) = facts.silence_days else { return Sight::Unknown };
    let returns = &base.first_returns;
    returns.chance_after(silence).map_or_else(
        || Sight::BaseUnobserved { days: returns.observed_days().into() },
        |chance| Sight::share(Some(chance)),
    )
}

fn lacking(cases: u64, policy: &ChurnPolicy) -> Option<Sight> {
    let needed = u64::from(policy.base_count_min).max(1);
    let cases_known = i64::try_from(cases).unwrap_or(i64::MAX);
    (cases < needed).then_some(Sight::BaseUnknown { cases: cases_known })
}

/// The reason that shows an indicator of this value, without what it adds.
pub(super) fn reason(
    indicator: Indicator,
    value: i64,
    facts: &ChurnFacts,
    policy: &ChurnPolicy,
) -> Reason<ChurnRule> {
    let silence = Measure::Days(facts.silence_days.map_or(0, i64::from));
    let part = Measure::Share(BasisPoints(value));
    let window = Measure::Days(policy.window_days.into());
    let (rule, observed, limit) = match indicator {
        Indicator::SilenceByCadence => {
            let gap =
                facts.usual_gap_days.map_or(Measure::Missing, |gap| Measure::Days(gap.into()));
            (ChurnRule::SilenceByCadence, silence, gap)
        }
        Indicator::SilenceByBase => (ChurnRule::SilenceByBase, part, silence),
        Indicator::Silence => (ChurnRule::Silence, silence, Measure::Missing),
        Indicator::ReturnChance => (ChurnRule::ReturnChance, part, silence),
        Indicator::InactiveChance => (ChurnRule::InactiveChance, part, silence),
        Indicator::Orders => (ChurnRule::Orders, part, window),
        Indicator::Spend => (ChurnRule::Spend, part, window),
        Indicator::OrderValue => (ChurnRule::OrderValue, part, window),
        Indicator::Returns => (ChurnRule::Returns, part, Measure::Missing),
        Indicator::Tenure => (ChurnRule::Tenure, Measure::Days(value), Measure::Missing),
        Indicator::Usage => (ChurnRule::Usage, part, Measure::Missing),
        Indicator::UsageTrend => (ChurnRule::UsageTrend, part, Measure::Missing),
        Indicator::Complaints => (ChurnRule::Complaints, Measure::Count(value), Measure::Missing),
        Indicator::Satisfaction => {
            let score = Measure::Score(u8::try_from(value).unwrap_or(0));
            (ChurnRule::Satisfaction, score, Measure::Missing)
        }
        Indicator::PaymentOverdue => {
            (ChurnRule::PaymentOverdue, Measure::Days(value), Measure::Missing)
        }
        Indicator::FailedPayments => {
            (ChurnRule::FailedPayments, Measure::Count(value), Measure::Missing)
        }
        Indicator::SponsorGone if value == 0 => {
            (ChurnRule::SponsorPresent, Measure::Missing, Measure::Missing)
        }
        Indicator::SponsorGone => (ChurnRule::SponsorGone, Measure::Missing, Measure::Missing),
        Indicator::ContractEnd => {
            let last = Measure::Day(facts.day.saturating_add_days(value));
            if value < 0 {
                (ChurnRule::ContractEnded, Measure::Days(value.saturating_neg()), last)
            } else {
                (ChurnRule::ContractEnds, Measure::Days(value), last)
            }
        }
        Indicator::Custom(slot) => {
            (ChurnRule::Custom(slot), policy.unit(slot).measure(value), Measure::Missing)
        }
    };
    Reason::new(rule, observed, limit)
}
