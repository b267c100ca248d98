//! Why the lifecycle refuses a command.

use super::rule::LifecycleRule;
use super::stage::Stage;
use super::trigger::Trigger;
use crate::explain::Reason;
use crate::machine::Refusal;
use crate::time::DayTooFar;

/// Why the lifecycle refuses a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LifecycleError {
    /// The table refuses the trigger in this stage, whatever the facts are.
    #[error("{trigger} is refused in stage {stage}")]
    Refused {
        /// The stage.
        stage: Stage,
        /// The trigger.
        trigger: Trigger,
        /// Whether the stage is final or the trigger out of order.
        refusal: Refusal,
    },
    /// The move is there, but guards are unmet: all of them are listed.
    #[error("{trigger} is blocked in stage {stage} by {} unmet conditions", unmet.len())]
    Blocked {
        /// The stage.
        stage: Stage,
        /// The trigger.
        trigger: Trigger,
        /// Every unmet guard, with what was observed and the limit.
        unmet: Vec<Reason<LifecycleRule>>,
    },
    /// A choice about a decline, but the customer is not declining.
    #[error("there is no decline to choose about in stage {stage}")]
    NotDeclining {
        /// The stage.
        stage: Stage,
    },
    /// Nothing of the kind needs attention.
    #[error("there is no such flag to acknowledge")]
    NoSuchFlag,
    /// The given business day is too far from the day of the instant.
    #[error(transparent)]
    DayTooFar(#[from] DayTooFar),
}
