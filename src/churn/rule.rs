//! The rules that churn risk reasons with.

use serde::{Deserialize, Serialize};

use super::band::RiskBand;
use super::indicator::{Indicator, Lever};
use super::policy::ChurnGroup;
use crate::explain::{Language, Rule};
use crate::slot::Slot;

/// The rules of churn risk, as reasons cite them.
///
/// ```
/// use guanxi::churn::ChurnRule;
/// use guanxi::explain::{Measure, Reason, Rule};
/// use guanxi::{Language, Speak};
///
/// let rule = ChurnRule::SilenceByCadence;
/// assert_eq!(rule.code(), "churn.silence_by_cadence");
/// let silence = Reason::new(rule, Measure::Days(62), Measure::Days(20));
/// assert_eq!(silence.text(Language::English), "silent for 62 days, usually buys every 20 days");
/// assert_eq!(silence.text(Language::Chinese), "已沉默62天，通常每20天购买一次");
///
/// // Stored under its code.
/// assert_eq!(serde_json::to_string(&rule)?, r#""churn.silence_by_cadence""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ChurnRule {
    /// Silence, beside the own usual gap.
    #[serde(rename = "churn.silence_by_cadence")]
    SilenceByCadence,
    /// How many gaps of the base were shorter, beside the silence.
    #[serde(rename = "churn.silence_by_base")]
    SilenceByBase,
    /// Silence.
    #[serde(rename = "churn.silence")]
    Silence,
    /// How many such one-time buyers of the base came back, beside the silence.
    #[serde(rename = "churn.return_chance")]
    ReturnChance,
    /// The chance that the customer has left, beside the silence.
    #[serde(rename = "churn.inactive_chance")]
    InactiveChance,
    /// Orders against those before.
    #[serde(rename = "churn.orders")]
    Orders,
    /// Spend against that before.
    #[serde(rename = "churn.spend")]
    Spend,
    /// The average order against that before.
    #[serde(rename = "churn.order_value")]
    OrderValue,
    /// The share of the money that came back.
    #[serde(rename = "churn.returns")]
    Returns,
    /// Time as a customer.
    #[serde(rename = "churn.tenure")]
    Tenure,
    /// Usage.
    #[serde(rename = "churn.usage")]
    Usage,
    /// Usage against the period before.
    #[serde(rename = "churn.usage_trend")]
    UsageTrend,
    /// Open complaints.
    #[serde(rename = "churn.complaints")]
    Complaints,
    /// Satisfaction.
    #[serde(rename = "churn.satisfaction")]
    Satisfaction,
    /// How long a payment is overdue.
    #[serde(rename = "churn.payment_overdue")]
    PaymentOverdue,
    /// Payments that failed.
    #[serde(rename = "churn.failed_payments")]
    FailedPayments,
    /// The sponsor has left.
    #[serde(rename = "churn.sponsor_gone")]
    SponsorGone,
    /// The sponsor is there.
    #[serde(rename = "churn.sponsor_present")]
    SponsorPresent,
    /// The contract ends soon, or late.
    #[serde(rename = "churn.contract_ends")]
    ContractEnds,
    /// The contract ended.
    #[serde(rename = "churn.contract_ended")]
    ContractEnded,
    /// An indicator of the host's own.
    #[serde(rename = "churn.custom")]
    Custom(Slot),
    /// Nothing is known of an indicator, and the policy says what that means.
    #[serde(rename = "churn.unknown")]
    Unknown(Indicator),
    /// A signal is old and counts less.
    #[serde(rename = "churn.faded")]
    Faded(Indicator),
    /// Too little is known of the base to compare with it.
    #[serde(rename = "churn.base_unknown")]
    BaseUnknown,
    /// A one-time buyer is silent for longer than those of the base were observed.
    #[serde(rename = "churn.base_unobserved")]
    BaseUnobserved,
    /// The worst indicator of a group counts alone.
    #[serde(rename = "churn.worst_indicator")]
    WorstIndicator(ChurnGroup),
    /// The worst group counts alone.
    #[serde(rename = "churn.worst_group")]
    WorstGroup,
    /// The most that the score may be.
    #[serde(rename = "churn.cap")]
    Cap(Indicator),
    /// The least that the score may be.
    #[serde(rename = "churn.floor")]
    Floor(Indicator),
    /// One fact that could be otherwise, and the band that would result.
    #[serde(rename = "churn.instead")]
    Instead {
        /// The fact.
        lever: Lever,
        /// The band that would result.
        band: RiskBand,
    },
    /// The sponsor could be there, and the band that would result.
    #[serde(rename = "churn.with_sponsor")]
    WithSponsor(RiskBand),
    /// The sponsor could have left, and the band that would result.
    #[serde(rename = "churn.without_sponsor")]
    WithoutSponsor(RiskBand),
    /// The score now.
    #[serde(rename = "churn.now")]
    Now,
    /// The score then, taken off.
    #[serde(rename = "churn.then")]
    Then,
}

impl ChurnRule {
    /// Every rule, those that carry something with one of it each.
    pub const ALL: [Self; 34] = [
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
        Self::SponsorPresent,
        Self::ContractEnds,
        Self::ContractEnded,
        Self::Custom(Slot::FIRST),
        Self::Unknown(Indicator::Usage),
        Self::Faded(Indicator::Usage),
        Self::BaseUnknown,
        Self::BaseUnobserved,
        Self::WorstIndicator(ChurnGroup::Contract),
        Self::WorstGroup,
        Self::Cap(Indicator::Usage),
        Self::Floor(Indicator::SponsorGone),
        Self::Instead { lever: Lever::Silence, band: RiskBand::High },
        Self::WithSponsor(RiskBand::High),
        Self::WithoutSponsor(RiskBand::High),
        Self::Now,
        Self::Then,
    ];

    /// The signal of the host's own that it speaks of.
    pub(super) const fn slot(self) -> Option<Slot> {
        if let Self::Custom(slot)
        | Self::Unknown(Indicator::Custom(slot))
        | Self::Faded(Indicator::Custom(slot))
        | Self::Cap(Indicator::Custom(slot))
        | Self::Floor(Indicator::Custom(slot))
        | Self::Instead { lever: Lever::Custom(slot), .. } = self
        {
            Some(slot)
        } else {
            None
        }
    }
}

impl Rule for ChurnRule {
    fn code(self) -> &'static str {
        match self {
            Self::SilenceByCadence => "churn.silence_by_cadence",
            Self::SilenceByBase => "churn.silence_by_base",
            Self::Silence => "churn.silence",
            Self::ReturnChance => "churn.return_chance",
            Self::InactiveChance => "churn.inactive_chance",
            Self::Orders => "churn.orders",
            Self::Spend => "churn.spend",
            Self::OrderValue => "churn.order_value",
            Self::Returns => "churn.returns",
            Self::Tenure => "churn.tenure",
            Self::Usage => "churn.usage",
            Self::UsageTrend => "churn.usage_trend",
            Self::Complaints => "churn.complaints",
            Self::Satisfaction => "churn.satisfaction",
            Self::PaymentOverdue => "churn.payment_overdue",
            Self::FailedPayments => "churn.failed_payments",
            Self::SponsorGone => "churn.sponsor_gone",
            Self::SponsorPresent => "churn.sponsor_present",
            Self::ContractEnds => "churn.contract_ends",
            Self::ContractEnded => "churn.contract_ended",
            Self::Custom(_) => "churn.custom",
            Self::Unknown(_) => "churn.unknown",
            Self::Faded(_) => "churn.faded",
            Self::BaseUnknown => "churn.base_unknown",
            Self::BaseUnobserved => "churn.base_unobserved",
            Self::WorstIndicator(_) => "churn.worst_indicator",
            Self::WorstGroup => "churn.worst_group",
            Self::Cap(_) => "churn.cap",
            Self::Floor(_) => "churn.floor",
            Self::Instead { .. } => "churn.instead",
            Self::WithSponsor(_) => "churn.with_sponsor",
            Self::WithoutSponsor(_) => "churn.without_sponsor",
            Self::Now => "churn.now",
            Self::Then => "churn.then",
        }
    }

    fn template(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english(),
            Language::Chinese => self.chinese(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::churn::indicator::own_indicator;

    #[test]
    fn the_words_for_own_indicators_are_those_that_names_are_put_for() {
        for rule in [
            ChurnRule::Custom(Slot::FIRST),
            ChurnRule::Unknown(Indicator::Custom(Slot::FIRST)),
            ChurnRule::Faded(Indicator::Custom(Slot::FIRST)),
            ChurnRule::Cap(Indicator::Custom(Slot::FIRST)),
            ChurnRule::Floor(Indicator::Custom(Slot::FIRST)),
            ChurnRule::Instead { lever: Lever::Custom(Slot::FIRST), band: RiskBand::High },
        ] {
            for language in [Language::English, Language::Chinese] {
                assert!(rule.template(language).contains(own_indicator(language)), "{rule:?}");
                assert!(rule.slot().is_some());
            }
        }
    }
}
