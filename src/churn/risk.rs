//! The answer: how much a customer is at risk, or why that cannot be said.

use serde::{Deserialize, Serialize};

use super::band::{RiskBand, RiskState};
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
/// [`ChurnRules`](super::ChurnRules) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RiskLevel {
    /// From 0 (no risk) to 100 points, in thousandths.
    pub score: Points,
    /// The band, by the score and by the last band.
    pub band: RiskBand,
}

/// What a review says, and what to remember of it.
///
/// ```
/// use guanxi::churn::{RiskBand, RiskReview};
/// use guanxi::{Language, Speak};
///
/// let review: RiskReview = serde_json::from_str(
///     r#"{ "risk": { "at": { "score": 71500, "band": "high" } },
///          "state": { "band": "high", "since": "2026-03-31T09:00:00Z" } }"#,
/// )?;
/// assert_eq!(review.text(Language::English), "high risk (71.5 of 100)");
/// assert_eq!(review.text(Language::Chinese), "高风险（71.5分）");
/// assert_eq!(review.risk.level().map(|level| level.band), Some(RiskBand::High));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RiskReview {
    /// The risk, or why nothing can be said.
    pub risk: Risk,
    /// What the host keeps for the next review. Where nothing can be said it is what the last
    /// review left; `None` while no review could say anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RiskState>,
}

impl Speak for RiskReview {
    fn text(&self, language: Language) -> String {
        self.risk.text(language)
    }
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
        let band = self.band.text(language);
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
