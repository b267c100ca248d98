//! Indicators: what the risk is read from, and the facts behind them that could be different.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::explain::Language;
use crate::slot::Slot;

/// Which way an indicator points.
///
/// ```
/// use guanxi::churn::{Direction, Indicator};
///
/// assert_eq!(Indicator::Silence.direction(), Some(Direction::HigherIsRiskier));
/// assert_eq!(Indicator::Usage.direction(), Some(Direction::LowerIsRiskier));
///
/// assert!(Direction::LowerIsRiskier.reaches(20, 30)); // a usage of 20 is at least as bad as 30
/// assert!(!Direction::LowerIsRiskier.reaches(40, 30));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The more, the riskier.
    HigherIsRiskier,
    /// The less, the riskier.
    LowerIsRiskier,
}

impl Direction {
    /// Whether `value` is at least as risky as `limit`.
    #[must_use]
    pub const fn reaches(self, value: i64, limit: i64) -> bool {
        match self {
            Self::HigherIsRiskier => value >= limit,
            Self::LowerIsRiskier => value <= limit,
        }
    }

    /// The other way.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::HigherIsRiskier => Self::LowerIsRiskier,
            Self::LowerIsRiskier => Self::HigherIsRiskier,
        }
    }
}

/// an indicator: what a part of the risk is read from. Each has one unit, one direction, and a
/// scale in the policy that makes points of it.
///
/// ```
/// use guanxi::churn::{Direction, Lever, Indicator};
///
/// // 310 % of the own usual gap is 31,000 basis points.
/// assert_eq!(Indicator::SilenceByCadence.direction(), Some(Direction::HigherIsRiskier));
/// assert_eq!(Indicator::SilenceByCadence.lever(), Lever::Silence);
/// assert_eq!(serde_json::to_string(&Indicator::OrderValue)?, r#""order_value""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Indicator {
    /// Days since the last purchase day, as a share of the customer's own usual gap, in basis
    /// points. Only for customers with enough purchase days to have a cadence.
    SilenceByCadence,
    /// The share of all gaps between purchases in this base that were shorter than the present
    /// silence, in basis points. Only for customers who bought on two days or more.
    SilenceByBase,
    /// Days since the last purchase day.
    Silence,
    /// The share of the buyers of this base who came back later while they were observed, of those
    /// who had bought once and not again for as long, in basis points. Only for one-time buyers,
    /// and only while they are silent for no longer than those of the base were observed.
    ReturnChance,
    /// The chance that the customer has left without a word, by the model of repeat buying that was fitted
    /// to the base, in basis points.
    InactiveChance,
    /// Orders of the recent window as a share of the mean window before, in basis points.
    Orders,
    /// Net spend of the recent window as a share of the mean window before, in basis points.
    Spend,
    /// The average order of the recent window as a share of that before, in basis points; nothing
    /// when the recent window has no order.
    OrderValue,
    /// The share of the money that came back as returns, in basis points.
    Returns,
    /// Days since the first purchase day; newer customers leave more easily.
    Tenure,
    /// The share of what was bought that is in use, in basis points.
    Usage,
    /// Usage as a share of usage in the period before, in basis points.
    UsageTrend,
    /// Complaints that are open.
    Complaints,
    /// Satisfaction, from 0 to 100.
    Satisfaction,
    /// Days for which the oldest payment is overdue.
    PaymentOverdue,
    /// Payments that failed.
    FailedPayments,
    /// Whether the person who stood up for us at the customer has left: 1, or 0.
    SponsorGone,
    /// Days until the last day of the contract; negative after it.
    ContractEnd,
    /// An indicator of the host's own, in the unit that the policy gives it.
    Custom(Slot),
}

impl Indicator {
    /// Every indicator, the host's own with one slot.
    pub const ALL: [Self; 19] = [
        Self::SilenceByCadence,
        Self::SilenceByBase,
        Self::Silence,
        Self::ReturnChance,
        Self::InactiveChance,
        Self::Orders,
        Self::Spend,
        Self::OrderValue,
        Self::Returns,
        Self::Tenure,
        Self::Usage,
        Self::UsageTrend,
        Self::Complaints,
        Self::Satisfaction,
        Self::PaymentOverdue,
        Self::FailedPayments,
        Self::SponsorGone,
        Self::ContractEnd,
        Self::Custom(Slot::FIRST),
    ];

    /// Which way it points; `None` for an indicator of the host's own, where the policy says.
    #[must_use]
    pub const fn direction(self) -> Option<Direction> {
        match self {
            Self::SilenceByCadence
            | Self::SilenceByBase
            | Self::Silence
            | Self::InactiveChance
            | Self::Returns
            | Self::Complaints
            | Self::PaymentOverdue
            | Self::FailedPayments
            | Self::SponsorGone => Some(Direction::HigherIsRiskier),
            Self::ReturnChance
            | Self::Orders
            | Self::Spend
            | Self::OrderValue
            | Self::Tenure
            | Self::Usage
            | Self::UsageTrend
            | Self::Satisfaction
            | Self::ContractEnd => Some(Direction::LowerIsRiskier),
            Self::Custom(_) => None,
        }
    }

    /// The fact whose change changes this indicator.
    #[must_use]
    pub const fn lever(self) -> Lever {
        match self {
            Self::SilenceByCadence | Self::SilenceByBase | Self::Silence | Self::ReturnChance => {
                Lever::Silence
            }
            Self::InactiveChance => Lever::InactiveChance,
            Self::Orders => Lever::Orders,
            Self::Spend => Lever::Spend,
            Self::OrderValue => Lever::OrderValue,
            Self::Returns => Lever::Returned,
            Self::Tenure => Lever::Tenure,
            Self::Usage => Lever::Usage,
            Self::UsageTrend => Lever::UsageTrend,
            Self::Complaints => Lever::Complaints,
            Self::Satisfaction => Lever::Satisfaction,
            Self::PaymentOverdue => Lever::PaymentOverdue,
            Self::FailedPayments => Lever::FailedPayments,
            Self::SponsorGone => Lever::Sponsor,
            Self::ContractEnd => Lever::ContractEnd,
            Self::Custom(slot) => Lever::Custom(slot),
        }
    }

    /// Whether the host tells it, so that it has an age; the others are taken from the ledger on
    /// the day itself.
    #[must_use]
    pub const fn is_told(self) -> bool {
        match self {
            Self::SilenceByCadence
            | Self::SilenceByBase
            | Self::Silence
            | Self::ReturnChance
            | Self::InactiveChance
            | Self::Orders
            | Self::Spend
            | Self::OrderValue
            | Self::Returns
            | Self::Tenure => false,
            Self::Usage
            | Self::UsageTrend
            | Self::Complaints
            | Self::Satisfaction
            | Self::PaymentOverdue
            | Self::FailedPayments
            | Self::SponsorGone
            | Self::ContractEnd
            | Self::Custom(_) => true,
        }
    }

    /// The values that it can take.
    pub(super) const fn domain(self) -> RangeInclusive<i64> {
        match self {
            Self::SilenceByBase | Self::ReturnChance | Self::InactiveChance => 0..=10_000,
            Self::Satisfaction => 0..=100,
            Self::SponsorGone => 0..=1,
            Self::Spend | Self::OrderValue | Self::ContractEnd | Self::Custom(_) => {
                i64::MIN..=i64::MAX
            }
            Self::SilenceByCadence
            | Self::Silence
            | Self::Orders
            | Self::Returns
            | Self::Tenure
            | Self::Usage
            | Self::UsageTrend
            | Self::Complaints
            | Self::PaymentOverdue
            | Self::FailedPayments => 0..=i64::MAX,
        }
    }
}

/// A fact that a counterfactual changes: "what if the silence were shorter".
///
/// One lever may move several indicators: silence is read against the own cadence and against the
/// base. What lies in the past cannot be otherwise, so the windows before and the usual gap are no
/// levers.
///
/// [`Turn`](super::Turn) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Lever {
    /// Days since the last purchase day.
    Silence,
    /// The chance that the customer has left, in basis points. A purchase today would lower it.
    InactiveChance,
    /// Orders of the recent window.
    Orders,
    /// Net spend of the recent window, in minor units.
    Spend,
    /// The average order of the recent window, in minor units.
    OrderValue,
    /// The money that came back as returns, in minor units.
    Returned,
    /// Days since the first purchase day.
    Tenure,
    /// Usage, in basis points.
    Usage,
    /// Usage against the period before, in basis points.
    UsageTrend,
    /// Open complaints.
    Complaints,
    /// Satisfaction, from 0 to 100.
    Satisfaction,
    /// Days for which the oldest payment is overdue.
    PaymentOverdue,
    /// Payments that failed.
    FailedPayments,
    /// Whether the sponsor has left: 1, or 0.
    Sponsor,
    /// Days until the last day of the contract.
    ContractEnd,
    /// An indicator of the host's own.
    Custom(Slot),
}

/// What stands for an indicator of the host's own where its name is not at hand.
pub(super) const fn own_indicator(language: Language) -> &'static str {
    match language {
        Language::English => "an indicator of the host's own",
        Language::Chinese => "自定义指标",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indicator_is_told_exactly_when_the_ledger_has_no_lever_for_it() {
        for indicator in Indicator::ALL {
            let of_the_ledger = matches!(
                indicator.lever(),
                Lever::Silence
                    | Lever::InactiveChance
                    | Lever::Orders
                    | Lever::Spend
                    | Lever::OrderValue
                    | Lever::Returned
                    | Lever::Tenure
            );
            assert_eq!(indicator.is_told(), !of_the_ledger, "{indicator:?}");
        }
    }

    #[test]
    fn slots_outside_their_range_are_not_read() {
        assert!(serde_json::from_str::<Indicator>(r#"{"custom":8}"#).is_ok());
        assert!(serde_json::from_str::<Indicator>(r#"{"custom":0}"#).is_err());
        assert!(serde_json::from_str::<Indicator>(r#"{"custom":9}"#).is_err());
    }
}
