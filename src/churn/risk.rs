//! The answer: how much a customer is at risk, or why that cannot be said.

use serde::{Deserialize, Serialize};

use super::band::RiskState;
use crate::explain::{Language, Points, Speak};

/// How much a customer is at risk, on a scale from 0 to 100 points.
///
/// [`ChurnRules`](super::ChurnRules) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// At this score and in this band.
    At(RiskLevel),
    /// Nothing can be said.
    Outside(Unjudged),
}

impl Risk {
    /// The score and the band; `None` when nothing can be said.
    ///
    /// ```
    /// use guanxi::churn::{Risk, Unjudged};
    ///
    /// assert_eq!(Risk::Outside(Unjudged::NothingKnown).level(), None);
    /// ```
    #[must_use]
    pub const fn level(self) -> Option<RiskLevel> {
        match self {
            Self::At(level) => Some(level),
            Self::Outside(_) => None,
        }
    }
}

/// A score and the band it puts the customer in.
///
/// ```
/// use guanxi::churn::{Risk, RiskBand, RiskLevel, RiskState};
/// use guanxi::explain::Points;
/// use guanxi::{Language, Speak, Timestamp};
///
/// let state = RiskState { band: RiskBand::High, since: Timestamp::UNIX_EPOCH };
/// let risk = Risk::At(RiskLevel { score: Points(71_500), state });
/// assert_eq!(risk.text(Language::English), "high risk (71.5 of 100)");
/// assert_eq!(risk.text(Language::Chinese), "高风险（71.5分）");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskLevel {
    /// From 0 (no risk) to 100 points, in thousandths.
    pub score: Points,
    /// What the host keeps until the next review.
    pub state: RiskState,
}

/// Why nothing can be said of a customer's risk.
///
/// ```
/// use guanxi::churn::Unjudged;
/// use guanxi::{Language, Speak};
///
/// let lacking = Unjudged::BaseUnknown;
/// assert_eq!(
///     lacking.text(Language::English),
///     "risk unknown: too little is known of the base to compare with"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unjudged {
    /// No indicator of the policy is known of this customer.
    NothingKnown,
    /// The only indicators that are known compare with a base of which too little is known: too few
    /// cases, or buyers who were not observed for so long.
    BaseUnknown,
}

impl Speak for Unjudged {
    fn text(&self, language: Language) -> String {
        let text = match (self, language) {
            (Self::NothingKnown, Language::English) => "risk unknown: nothing is known to judge by",
            (Self::NothingKnown, Language::Chinese) => "风险未知：尚无可判断的信息",
            (Self::BaseUnknown, Language::English) => {
                "risk unknown: too little is known of the base to compare with"
            }
            (Self::BaseUnknown, Language::Chinese) => "风险未知：整体客户数据不足，无法比较",
        };
        text.to_owned()
    }
}

impl Speak for RiskLevel {
    fn text(&self, language: Language) -> String {
        let band = self.state.band.text(language);
        match language {
            Language::English => format!("{band} ({} of 100)", self.score),
            Language::Chinese => format!("{band}（{}分）", self.score),
        }
    }
}

impl Speak for Risk {
    fn text(&self, language: Language) -> String {
        match self {
            Self::At(level) => level.text(language),
            Self::Outside(why) => why.text(language),
        }
    }
}
