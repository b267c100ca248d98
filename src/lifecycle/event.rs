//! What the journal keeps of the lifecycle.

use serde::{Deserialize, Serialize};

use super::position::{DeclineChoice, Position};
use super::rule::LifecycleRule;
use super::signal::Signal;
use super::trigger::Trigger;
use crate::explain::Reason;
use crate::time::{Day, Timestamp};

/// Something that happened in the lifecycle of one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LifecycleEvent {
    /// A fact beside purchases was reported.
    Signalled(Signalled),
    /// The customer moved.
    Moved(Moved),
    /// A person corrected the position.
    Corrected(Corrected),
    /// The business chose what to do about a decline.
    Chose {
        /// When.
        occurred_at: Timestamp,
        /// What.
        choice: DeclineChoice,
    },
    /// Something needs a person's attention.
    Flagged {
        /// When it took effect.
        at: Timestamp,
        /// What.
        flag: Flag,
    },
    /// A person has seen to it.
    Acknowledged {
        /// What.
        flag: Flag,
    },
}

/// A reported fact beside purchases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Signalled {
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The business day it belongs to.
    pub day: Day,
    /// What happened.
    pub signal: Signal,
}

impl Signalled {
    /// A fact of an instant and its business day.
    #[must_use]
    pub const fn new(occurred_at: Timestamp, day: Day, signal: Signal) -> Self {
        Self { occurred_at, day, signal }
    }
}

/// A decision to move a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Moved {
    /// When it takes effect.
    pub at: Timestamp,
    /// The trigger of the table.
    pub trigger: Trigger,
    /// Where the customer stands from then on.
    pub to: Position,
    /// What brought it about.
    pub mover: Mover,
    /// Why.
    pub reasons: Vec<Reason<LifecycleRule>>,
    /// The first day of the new episode, when the move begins one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode_since: Option<Day>,
}

/// What brought a decision about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mover {
    /// The customer was taken over in this position.
    Admission,
    /// The policy found it due.
    Policy,
    /// A reported fact.
    Fact,
    /// Somebody asked for it.
    Request,
    /// A person corrected the record.
    Correction(CorrectionReason),
}

/// A correction of the position. It shows as a correction for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Corrected {
    /// When it takes effect: when it was recorded.
    pub at: Timestamp,
    /// Where the customer stands from then on.
    pub to: Position,
    /// Why.
    pub reason: CorrectionReason,
}

impl Corrected {
    /// A correction that takes effect at `at`.
    #[must_use]
    pub const fn new(at: Timestamp, to: Position, reason: CorrectionReason) -> Self {
        Self { at, to, reason }
    }
}

/// Why a position was corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CorrectionReason {
    /// A fact was recorded wrongly.
    WrongData,
    /// Something was recorded for another customer than it happened to.
    WrongCustomer,
    /// The policy misjudged this customer.
    PolicyMisjudged,
    /// The track that the facts and the policy give today is adopted.
    DerivedTrack,
    /// Something else.
    Other,
}

/// Something that needs a person's attention: a fact that was recorded and moved nothing, although
/// facts of its kind usually do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Flag {
    /// An order from a customer whose relationship was ended.
    OrderAfterEnd,
    /// An order from a customer who is barred.
    OrderWhileBarred,
    /// A late order of a lost customer who would be lost again at once.
    LateOrderWhileLost,
    /// The last order of a lost customer was cancelled: there never was a purchase.
    UnwoundWhileLost,
}
