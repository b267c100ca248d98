//! The phases of the lifecycle that a strategy is chosen by.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::explain::{Language, Speak};
use crate::lifecycle::Stage;

/// A stage, or several that are treated alike.
///
/// ```
/// use guanxi::strategy::Phase;
/// use guanxi::{Language, Speak, Stage};
///
/// assert_eq!(Phase::of(Stage::Considering), Phase::Acquisition);
/// assert_eq!(Phase::of(Stage::Lost), Phase::Recovery);
/// assert_eq!(Phase::Recovery.text(Language::Chinese), "恢复");
/// assert_eq!(serde_json::to_string(&Phase::Declining)?, r#""declining""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Not a customer yet: [`Stage::Prospect`] to [`Stage::Deciding`].
    Acquisition,
    /// [`Stage::Onboarding`]: the first order is being delivered.
    Onboarding,
    /// [`Stage::Growing`].
    Growing,
    /// [`Stage::Loyal`].
    Loyal,
    /// [`Stage::Declining`].
    Declining,
    /// [`Stage::Lost`]: a former customer who may be won back.
    Recovery,
    /// [`Stage::Disqualified`] and [`Stage::Ended`]: nobody to be won.
    Closed,
}

impl Phase {
    /// Every phase, in the order of the journey.
    pub const ALL: [Self; 7] = [
        Self::Acquisition,
        Self::Onboarding,
        Self::Growing,
        Self::Loyal,
        Self::Declining,
        Self::Recovery,
        Self::Closed,
    ];

    /// The phase of a stage.
    #[must_use]
    pub const fn of(stage: Stage) -> Self {
        match stage {
            Stage::Prospect | Stage::Aware | Stage::Considering | Stage::Deciding => {
                Self::Acquisition
            }
            Stage::Onboarding => Self::Onboarding,
            Stage::Growing => Self::Growing,
            Stage::Loyal => Self::Loyal,
            Stage::Declining => Self::Declining,
            Stage::Lost => Self::Recovery,
            Stage::Disqualified | Stage::Ended => Self::Closed,
        }
    }

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Acquisition => "acquisition",
            Self::Onboarding => "onboarding",
            Self::Growing => "growing",
            Self::Loyal => "loyal",
            Self::Declining => "declining",
            Self::Recovery => "recovery",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Speak for Phase {
    fn text(&self, language: Language) -> String {
        let (english, chinese) = match self {
            Self::Acquisition => ("Acquisition", "获取"),
            Self::Onboarding => ("Onboarding", "交付"),
            Self::Growing => ("Growing", "成长"),
            Self::Loyal => ("Loyal", "忠诚"),
            Self::Declining => ("Declining", "衰退"),
            Self::Recovery => ("Recovery", "恢复"),
            Self::Closed => ("Closed", "关闭"),
        };
        match language {
            Language::English => english.to_owned(),
            Language::Chinese => chinese.to_owned(),
        }
    }
}
