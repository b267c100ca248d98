//! The stages of the lifecycle, as rules and reports speak of them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::explain::{Language, Speak};

/// The canonical lifecycle stages, in the order of the journey.
///
/// Exhaustive on purpose: a new stage should break a host's `match`, so that nobody overlooks it.
///
/// ```
/// use guanxi::{Language, Speak, Stage};
///
/// assert_eq!(Stage::Loyal.code(), "loyal");
/// assert_eq!(Stage::Loyal.text(Language::Chinese), "忠诚");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Known to exist; no sign of interest yet.
    Prospect,
    /// Has noticed us.
    Aware,
    /// Looks for a solution with us.
    Considering,
    /// Has a proposal to decide on.
    Deciding,
    /// Has bought for the first time; delivery, installation, training.
    Onboarding,
    /// A served customer whose relationship is forming.
    Growing,
    /// A customer with a stable relationship.
    Loyal,
    /// A customer whose purchases or goodwill are falling.
    Declining,
    /// A customer who went silent, left, or let the contract end.
    Lost,
    /// Judged not worth pursuing, or lost before buying.
    Disqualified,
    /// The relationship was ended for good.
    Ended,
}

impl Stage {
    /// Every stage, in the order of the journey.
    pub const ALL: [Self; 11] = [
        Self::Prospect,
        Self::Aware,
        Self::Considering,
        Self::Deciding,
        Self::Onboarding,
        Self::Growing,
        Self::Loyal,
        Self::Declining,
        Self::Lost,
        Self::Disqualified,
        Self::Ended,
    ];

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Prospect => "prospect",
            Self::Aware => "aware",
            Self::Considering => "considering",
            Self::Deciding => "deciding",
            Self::Onboarding => "onboarding",
            Self::Growing => "growing",
            Self::Loyal => "loyal",
            Self::Declining => "declining",
            Self::Lost => "lost",
            Self::Disqualified => "disqualified",
            Self::Ended => "ended",
        }
    }

    /// The stage of a code; `None` for what is none.
    ///
    /// ```
    /// use guanxi::Stage;
    ///
    /// assert!(Stage::ALL.iter().all(|stage| Stage::from_code(stage.code()) == Some(*stage)));
    /// assert_eq!(Stage::from_code("customer"), None);
    /// ```
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// The name in a language.
    #[must_use]
    pub const fn name(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::Prospect) => "Prospect",
            (Language::English, Self::Aware) => "Aware",
            (Language::English, Self::Considering) => "Considering",
            (Language::English, Self::Deciding) => "Deciding",
            (Language::English, Self::Onboarding) => "Onboarding",
            (Language::English, Self::Growing) => "Growing",
            (Language::English, Self::Loyal) => "Loyal",
            (Language::English, Self::Declining) => "Declining",
            (Language::English, Self::Lost) => "Lost",
            (Language::English, Self::Disqualified) => "Disqualified",
            (Language::English, Self::Ended) => "Ended",
            (Language::Chinese, Self::Prospect) => "潜在",
            (Language::Chinese, Self::Aware) => "意识",
            (Language::Chinese, Self::Considering) => "考虑",
            (Language::Chinese, Self::Deciding) => "决策",
            (Language::Chinese, Self::Onboarding) => "交付",
            (Language::Chinese, Self::Growing) => "成长",
            (Language::Chinese, Self::Loyal) => "忠诚",
            (Language::Chinese, Self::Declining) => "衰退",
            (Language::Chinese, Self::Lost) => "流失",
            (Language::Chinese, Self::Disqualified) => "不合格",
            (Language::Chinese, Self::Ended) => "终止",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Speak for Stage {
    fn text(&self, language: Language) -> String {
        self.name(language).to_owned()
    }
}
