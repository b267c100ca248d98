//! Where a customer stands: a stage with what is known in that stage only.

use serde::{Deserialize, Serialize};

use super::stage::Stage;
use crate::purchase::Window;

/// A stage with the data that makes sense in it only.
///
/// ```
/// use guanxi::lifecycle::{LossCause, Position};
/// use guanxi::Stage;
///
/// let position = Position::Lost { cause: LossCause::Silence };
/// assert_eq!(position.stage(), Stage::Lost);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Position {
    /// See [`Stage::Prospect`].
    Prospect,
    /// See [`Stage::Aware`].
    Aware,
    /// See [`Stage::Considering`].
    Considering,
    /// See [`Stage::Deciding`].
    Deciding,
    /// See [`Stage::Onboarding`].
    Onboarding,
    /// See [`Stage::Growing`].
    Growing,
    /// See [`Stage::Loyal`].
    Loyal,
    /// See [`Stage::Declining`].
    Declining(Declining),
    /// See [`Stage::Lost`].
    Lost {
        /// What the loss is put down to.
        cause: LossCause,
    },
    /// See [`Stage::Disqualified`].
    Disqualified {
        /// Why it is not pursued.
        reason: DisqualifyReason,
        /// Whether even an order of theirs does not bring them in.
        barred: bool,
    },
    /// See [`Stage::Ended`].
    Ended {
        /// Why the relationship was ended.
        reason: EndReason,
    },
}

impl Position {
    /// The stage, without its data.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        match self {
            Self::Prospect => Stage::Prospect,
            Self::Aware => Stage::Aware,
            Self::Considering => Stage::Considering,
            Self::Deciding => Stage::Deciding,
            Self::Onboarding => Stage::Onboarding,
            Self::Growing => Stage::Growing,
            Self::Loyal => Stage::Loyal,
            Self::Declining(_) => Stage::Declining,
            Self::Lost { .. } => Stage::Lost,
            Self::Disqualified { .. } => Stage::Disqualified,
            Self::Ended { .. } => Stage::Ended,
        }
    }

    /// What is known of the decline; `None` in any other stage.
    #[must_use]
    pub const fn declining(&self) -> Option<Declining> {
        match self {
            Self::Declining(declining) => Some(*declining),
            Self::Prospect
            | Self::Aware
            | Self::Considering
            | Self::Deciding
            | Self::Onboarding
            | Self::Growing
            | Self::Loyal
            | Self::Lost { .. }
            | Self::Disqualified { .. }
            | Self::Ended { .. } => None,
        }
    }
}

/// What is known of a customer in decline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Declining {
    /// The stage it left, and returns to when it recovers.
    pub from: DeclinedFrom,
    /// What the decline is put down to.
    pub cause: DeclineCause,
    /// The purchases that the fall was judged by, frozen; recovery is judged by the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// What the business chose to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<DeclineChoice>,
}

impl Declining {
    /// A decline nobody has chosen anything about yet.
    #[must_use]
    pub const fn new(from: DeclinedFrom, cause: DeclineCause, baseline: Option<Baseline>) -> Self {
        Self { from, cause, baseline, choice: None }
    }
}

/// The stages a customer can decline from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclinedFrom {
    /// [`Stage::Onboarding`].
    Onboarding,
    /// [`Stage::Growing`].
    Growing,
    /// [`Stage::Loyal`].
    Loyal,
}

impl DeclinedFrom {
    /// Every stage a customer can decline from.
    pub const STAGES: [Stage; 3] = [Stage::Onboarding, Stage::Growing, Stage::Loyal];

    /// The position to go back to.
    #[must_use]
    pub const fn position(self) -> Position {
        match self {
            Self::Onboarding => Position::Onboarding,
            Self::Growing => Position::Growing,
            Self::Loyal => Position::Loyal,
        }
    }

    /// `None` for a stage that one does not decline from.
    #[must_use]
    pub const fn from_stage(stage: Stage) -> Option<Self> {
        match stage {
            Stage::Onboarding => Some(Self::Onboarding),
            Stage::Growing => Some(Self::Growing),
            Stage::Loyal => Some(Self::Loyal),
            Stage::Prospect
            | Stage::Aware
            | Stage::Considering
            | Stage::Deciding
            | Stage::Declining
            | Stage::Lost
            | Stage::Disqualified
            | Stage::Ended => None,
        }
    }
}

/// What a decline is put down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeclineCause {
    /// Purchases fell against the customer's own baseline.
    Purchases,
    /// A delivery was rejected.
    Delivery,
    /// A person said so.
    Declared,
}

/// What purchases are measured by when a fall is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseMeasure {
    /// Kept orders.
    Orders,
    /// Days with a kept order.
    PurchaseDays,
    /// Kept money less what came back, in minor units of the base currency.
    NetSpend,
}

impl PurchaseMeasure {
    /// This measure of a window of purchases.
    #[must_use]
    pub fn of(self, window: &Window) -> i64 {
        match self {
            Self::Orders => i64::from(window.orders),
            Self::PurchaseDays => i64::from(window.purchase_days),
            Self::NetSpend => window.net,
        }
    }
}

/// A customer's own purchases before a fall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Baseline {
    /// What is counted.
    pub measure: PurchaseMeasure,
    /// The sum over all windows of the baseline.
    pub total: i64,
    /// How many windows it was counted over.
    pub windows: u16,
    /// The length of one window, in days.
    pub window_days: u16,
}

/// The fork of a decline (L4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineChoice {
    /// Second development: invest in the customer again.
    Reinvest,
    /// Spend nothing more; let the relationship run out.
    LetGo,
}

/// What a loss is put down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LossCause {
    /// Silent for longer than the customer's own cadence allows.
    Silence,
    /// The contract ended and was not renewed.
    ContractEnd,
    /// The customer's own word: the price.
    Price,
    /// The customer's own word: quality or reliability.
    Quality,
    /// The customer's own word: service.
    Service,
    /// The customer's own word: a competitor.
    Competitor,
    /// The customer's own word: the need is gone.
    NoNeed,
    /// The customer's own word, without or with another cause.
    Other,
}

/// Why a prospect is not pursued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DisqualifyReason {
    /// Failed the background check.
    BackgroundCheck,
    /// Has no need that we serve.
    NoNeed,
    /// Has no budget.
    NoBudget,
    /// Too little potential to be worth the effort.
    NoPotential,
    /// Chose a competitor.
    Competitor,
    /// The prospect's own wish.
    OwnWish,
    /// Something else.
    Other,
}

/// Why a relationship was ended deliberately (L6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EndReason {
    /// Costs more than it brings, lastingly.
    Unprofitable,
    /// Dissatisfied beyond repair.
    BeyondRepair,
    /// Abuse or fraud.
    Abusive,
    /// The customer's wish.
    OwnWish,
    /// The customer no longer exists.
    Ceased,
    /// Something else.
    Other,
}
