//! What can move a customer: the [`Trigger`]s of the table, and the [`Request`]s that people make.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::command::LifecycleCommand;
use super::position::{DisqualifyReason, EndReason, LossCause};
use crate::time::Timestamp;

/// A request to move, as the edge table knows it.
///
/// ```
/// use guanxi::lifecycle::edge;
/// use guanxi::machine::Edge;
/// use guanxi::{Stage, Trigger};
///
/// assert_eq!(Trigger::WinBack.code(), "win_back");
///
/// // What it does depends on the stage.
/// let moves = |stage: &Stage| matches!(edge(*stage, Trigger::WinBack), Edge::To { .. });
/// let won_back: Vec<Stage> = Stage::ALL.into_iter().filter(moves).collect();
/// assert_eq!(won_back, [Stage::Lost]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Trigger {
    /// Showed interest.
    Engage,
    /// Began to look for a solution with us.
    Evaluate,
    /// Received a proposal.
    Propose,
    /// Cooled down by one step.
    Cool,
    /// Placed an order that is kept.
    Purchase,
    /// Received what was ordered.
    Deliver,
    /// Meets what the policy asks of a loyal customer.
    Mature,
    /// Purchases or goodwill fell.
    Decline,
    /// Came back to the old level.
    Recover,
    /// Went silent, or the contract ended.
    Lapse,
    /// Left by the customer's own word.
    Leave,
    /// Was won back.
    WinBack,
    /// Judged not worth pursuing.
    Disqualify,
    /// Judged worth pursuing after all.
    Requalify,
    /// Every order was cancelled: there never was a purchase.
    Unwind,
    /// The relationship is ended for good.
    End,
}

impl Trigger {
    /// Every trigger, in the order of the menu.
    pub const ALL: [Self; 16] = [
        Self::Engage,
        Self::Evaluate,
        Self::Propose,
        Self::Cool,
        Self::Purchase,
        Self::Deliver,
        Self::Mature,
        Self::Decline,
        Self::Recover,
        Self::Lapse,
        Self::Leave,
        Self::WinBack,
        Self::Disqualify,
        Self::Requalify,
        Self::Unwind,
        Self::End,
    ];

    /// Whether a person can ask for it. What only a reported fact brings about cannot be asked for.
    #[must_use]
    pub const fn can_be_asked_for(self) -> bool {
        match self {
            Self::Purchase | Self::Deliver | Self::Unwind => false,
            Self::Engage
            | Self::Evaluate
            | Self::Propose
            | Self::Cool
            | Self::Mature
            | Self::Decline
            | Self::Recover
            | Self::Lapse
            | Self::Leave
            | Self::WinBack
            | Self::Disqualify
            | Self::Requalify
            | Self::End => true,
        }
    }

    /// The stable code, as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Engage => "engage",
            Self::Evaluate => "evaluate",
            Self::Propose => "propose",
            Self::Cool => "cool",
            Self::Purchase => "purchase",
            Self::Deliver => "deliver",
            Self::Mature => "mature",
            Self::Decline => "decline",
            Self::Recover => "recover",
            Self::Lapse => "lapse",
            Self::Leave => "leave",
            Self::WinBack => "win_back",
            Self::Disqualify => "disqualify",
            Self::Requalify => "requalify",
            Self::Unwind => "unwind",
            Self::End => "end",
        }
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// A move that a person or a service of the host asks for.
///
/// `Purchase`, `Deliver` and `Unwind` cannot be asked for: they follow from reported facts.
///
/// ```
/// use guanxi::lifecycle::{LossCause, Request, Trigger};
///
/// let request = Request::Leave { cause: LossCause::Price };
/// assert_eq!(request.trigger(), Trigger::Leave);
///
/// // As a host may receive it.
/// let json = r#"{"disqualify":{"reason":"no_budget","barred":false}}"#;
/// let request: Request = serde_json::from_str(json)?;
/// assert_eq!(request.trigger(), Trigger::Disqualify);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Request {
    /// See [`Trigger::Engage`].
    Engage,
    /// See [`Trigger::Evaluate`].
    Evaluate,
    /// See [`Trigger::Propose`].
    Propose,
    /// See [`Trigger::Cool`].
    Cool,
    /// See [`Trigger::Mature`]; needs every guard met, by hand as by policy.
    Mature,
    /// See [`Trigger::Decline`]; a person's word is cause enough.
    Decline,
    /// See [`Trigger::Recover`]; a person's word is cause enough.
    Recover,
    /// See [`Trigger::Lapse`]; needs silence or an ended contract, by hand as by policy.
    Lapse,
    /// See [`Trigger::Leave`].
    Leave {
        /// What the customer said. Before the first purchase it is kept as
        /// [`DisqualifyReason::OwnWish`].
        cause: LossCause,
    },
    /// See [`Trigger::WinBack`].
    WinBack,
    /// See [`Trigger::Disqualify`].
    Disqualify {
        /// Why.
        reason: DisqualifyReason,
        /// Whether even an order of theirs shall not bring them in.
        barred: bool,
    },
    /// See [`Trigger::Requalify`].
    Requalify,
    /// See [`Trigger::End`].
    End {
        /// Why.
        reason: EndReason,
    },
}

impl Request {
    /// The command that asks for it, having been asked at this instant.
    #[must_use]
    pub const fn at(self, occurred_at: Timestamp) -> LifecycleCommand {
        LifecycleCommand::Request { occurred_at, request: self }
    }

    /// The trigger it asks for.
    #[must_use]
    pub const fn trigger(self) -> Trigger {
        match self {
            Self::Engage => Trigger::Engage,
            Self::Evaluate => Trigger::Evaluate,
            Self::Propose => Trigger::Propose,
            Self::Cool => Trigger::Cool,
            Self::Mature => Trigger::Mature,
            Self::Decline => Trigger::Decline,
            Self::Recover => Trigger::Recover,
            Self::Lapse => Trigger::Lapse,
            Self::Leave { .. } => Trigger::Leave,
            Self::WinBack => Trigger::WinBack,
            Self::Disqualify { .. } => Trigger::Disqualify,
            Self::Requalify => Trigger::Requalify,
            Self::End { .. } => Trigger::End,
        }
    }
}
