//! The edge table of the canonical lifecycle: every (stage, trigger) pair, without a wildcard arm.

use super::guard::Condition;
use super::position::DeclinedFrom;
use super::stage::Stage;
use super::trigger::Trigger;
use crate::machine::{Edge, Machine, Next, Refusal};

/// An edge of the lifecycle.
///
/// [`edge`] has an example.
pub type LifecycleEdge = Edge<Stage, Condition>;

/// The canonical lifecycle as a [`Machine`].
///
/// The functions of [`machine`](crate::machine) work on it.
///
/// ```
/// use guanxi::lifecycle::{LifecycleMachine, Trigger};
/// use guanxi::machine::shortest_path;
/// use guanxi::Stage;
///
/// // The shortest way to lose somebody for good.
/// let path = shortest_path::<LifecycleMachine>(Stage::Ended);
/// assert_eq!(path, Some(vec![(Trigger::End, Stage::Ended)]));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct LifecycleMachine;

impl Machine for LifecycleMachine {
    type State = Stage;
    type Trigger = Trigger;
    type Guard = Condition;

    const STATES: &'static [Stage] = &Stage::ALL;
    const TRIGGERS: &'static [Trigger] = &Trigger::ALL;
    const START: Stage = Stage::Prospect;

    fn edge(from: Stage, trigger: Trigger) -> LifecycleEdge {
        edge(from, trigger)
    }

    fn state_name(state: Stage) -> &'static str {
        state.code()
    }

    fn trigger_name(trigger: Trigger) -> &'static str {
        trigger.code()
    }
}

const OUT_OF_ORDER: LifecycleEdge = Edge::Refused(Refusal::OutOfOrder);

/// What `trigger` does in stage `from`: a move with its guards, nothing, or a typed refusal.
///
/// ```
/// use guanxi::lifecycle::{edge, Trigger};
/// use guanxi::machine::{Edge, Refusal};
/// use guanxi::Stage;
///
/// assert_eq!(edge(Stage::Prospect, Trigger::Propose), Edge::to(Stage::Deciding));
/// assert_eq!(edge(Stage::Deciding, Trigger::Engage), Edge::Stay);
/// assert_eq!(edge(Stage::Ended, Trigger::Purchase), Edge::Refused(Refusal::Terminal));
/// ```
#[must_use]
pub const fn edge(from: Stage, trigger: Trigger) -> LifecycleEdge {
    match from {
        Stage::Prospect => before_purchase(trigger, Approach::Prospect),
        Stage::Aware => before_purchase(trigger, Approach::Aware),
        Stage::Considering => before_purchase(trigger, Approach::Considering),
        Stage::Deciding => before_purchase(trigger, Approach::Deciding),
        Stage::Onboarding => onboarding(trigger),
        Stage::Growing => growing(trigger),
        Stage::Loyal => loyal(trigger),
        Stage::Declining => declining(trigger),
        Stage::Lost => lost(trigger),
        Stage::Disqualified => disqualified(trigger),
        Stage::Ended => Edge::Refused(Refusal::Terminal),
    }
}

/// The four stages before the first purchase share one row of the table: triggers that lead forward
/// move, weaker or equal ones do nothing, and Cool goes one step back.
#[derive(Clone, Copy)]
enum Approach {
    Prospect = 0,
    Aware = 1,
    Considering = 2,
    Deciding = 3,
}

const fn forward(at: Approach, to: Approach, stage: Stage) -> LifecycleEdge {
    if (at as u8) < (to as u8) { Edge::to(stage) } else { Edge::Stay }
}

const fn before_purchase(trigger: Trigger, at: Approach) -> LifecycleEdge {
    match trigger {
        Trigger::Engage => forward(at, Approach::Aware, Stage::Aware),
        Trigger::Evaluate => forward(at, Approach::Considering, Stage::Considering),
        Trigger::Propose => forward(at, Approach::Deciding, Stage::Deciding),
        Trigger::Cool => match at {
            Approach::Prospect => Edge::Stay,
            Approach::Aware => Edge::to(Stage::Prospect),
            Approach::Considering => Edge::to(Stage::Aware),
            Approach::Deciding => Edge::to(Stage::Considering),
        },
        Trigger::Purchase => Edge::to(Stage::Onboarding),
        Trigger::Disqualify | Trigger::Leave => Edge::to(Stage::Disqualified),
        Trigger::End => Edge::to(Stage::Ended),
        Trigger::Deliver
        | Trigger::Mature
        | Trigger::Decline
        | Trigger::Recover
        | Trigger::Lapse
        | Trigger::WinBack
        | Trigger::Requalify
        | Trigger::Unwind => OUT_OF_ORDER,
    }
}

const DECLINE: LifecycleEdge =
    Edge::guarded(Stage::Declining, &[Condition::Falling, Condition::Dwelt]);
const LAPSE: LifecycleEdge = Edge::guarded(Stage::Lost, &[Condition::Lapsed, Condition::Dwelt]);

const fn onboarding(trigger: Trigger) -> LifecycleEdge {
    match trigger {
        Trigger::Deliver => {
            Edge::guarded(Stage::Growing, &[Condition::Delivered, Condition::Dwelt])
        }
        Trigger::Decline => DECLINE,
        Trigger::Unwind => Edge::to(Stage::Considering),
        Trigger::Lapse => LAPSE,
        Trigger::Leave => Edge::to(Stage::Lost),
        Trigger::End => Edge::to(Stage::Ended),
        Trigger::Engage | Trigger::Evaluate | Trigger::Propose | Trigger::Purchase => Edge::Stay,
        Trigger::Mature
        | Trigger::Cool
        | Trigger::Recover
        | Trigger::WinBack
        | Trigger::Disqualify
        | Trigger::Requalify => OUT_OF_ORDER,
    }
}

const fn growing(trigger: Trigger) -> LifecycleEdge {
    match trigger {
        Trigger::Mature => Edge::guarded(
            Stage::Loyal,
            &[Condition::Orders, Condition::Tenure, Condition::Satisfied, Condition::Dwelt],
        ),
        Trigger::Decline => DECLINE,
        Trigger::Unwind => Edge::to(Stage::Considering),
        Trigger::Lapse => LAPSE,
        Trigger::Leave => Edge::to(Stage::Lost),
        Trigger::End => Edge::to(Stage::Ended),
        Trigger::Engage
        | Trigger::Evaluate
        | Trigger::Propose
        | Trigger::Purchase
        | Trigger::Deliver => Edge::Stay,
        Trigger::Cool
        | Trigger::Recover
        | Trigger::WinBack
        | Trigger::Disqualify
        | Trigger::Requalify => OUT_OF_ORDER,
    }
}

const fn loyal(trigger: Trigger) -> LifecycleEdge {
    match trigger {
        Trigger::Decline => DECLINE,
        Trigger::Unwind => Edge::to(Stage::Considering),
        Trigger::Lapse => LAPSE,
        Trigger::Leave => Edge::to(Stage::Lost),
        Trigger::End => Edge::to(Stage::Ended),
        Trigger::Engage
        | Trigger::Evaluate
        | Trigger::Propose
        | Trigger::Purchase
        | Trigger::Deliver
        | Trigger::Mature => Edge::Stay,
        Trigger::Cool
        | Trigger::Recover
        | Trigger::WinBack
        | Trigger::Disqualify
        | Trigger::Requalify => OUT_OF_ORDER,
    }
}

const fn declining(trigger: Trigger) -> LifecycleEdge {
    match trigger {
        Trigger::Recover => Edge::To {
            next: Next::OneOf(&DeclinedFrom::STAGES),
            guards: &[Condition::Recovered, Condition::Dwelt],
        },
        // A delivery heals a decline that a rejected delivery caused, and says nothing of others.
        Trigger::Deliver => Edge::guarded(
            Stage::Growing,
            &[Condition::DeliveryWasTheCause, Condition::Delivered, Condition::Dwelt],
        ),
        Trigger::Unwind => Edge::to(Stage::Considering),
        Trigger::Lapse => LAPSE,
        Trigger::Leave => Edge::to(Stage::Lost),
        Trigger::End => Edge::to(Stage::Ended),
        Trigger::Engage
        | Trigger::Evaluate
        | Trigger::Propose
        | Trigger::Purchase
        | Trigger::Decline => Edge::Stay,
        Trigger::Mature
        | Trigger::Cool
        | Trigger::WinBack
        | Trigger::Disqualify
        | Trigger::Requalify => OUT_OF_ORDER,
    }
}

const fn lost(trigger: Trigger) -> LifecycleEdge {
    match trigger {
        // Always met by an order at its own instant; a late order may still be followed by silence.
        Trigger::Purchase => Edge::guarded(Stage::Growing, &[Condition::NotLapsed]),
        Trigger::WinBack => Edge::to(Stage::Growing),
        Trigger::End => Edge::to(Stage::Ended),
        Trigger::Engage
        | Trigger::Evaluate
        | Trigger::Propose
        | Trigger::Deliver
        | Trigger::Lapse
        | Trigger::Leave => Edge::Stay,
        Trigger::Mature
        | Trigger::Decline
        | Trigger::Cool
        | Trigger::Recover
        | Trigger::Unwind
        | Trigger::Disqualify
        | Trigger::Requalify => OUT_OF_ORDER,
    }
}

const fn disqualified(trigger: Trigger) -> LifecycleEdge {
    match trigger {
        Trigger::Requalify => Edge::to(Stage::Prospect),
        Trigger::Purchase => Edge::guarded(Stage::Onboarding, &[Condition::NotBarred]),
        Trigger::End => Edge::to(Stage::Ended),
        Trigger::Engage
        | Trigger::Evaluate
        | Trigger::Propose
        | Trigger::Disqualify
        | Trigger::Leave => Edge::Stay,
        Trigger::Deliver
        | Trigger::Mature
        | Trigger::Decline
        | Trigger::Cool
        | Trigger::Recover
        | Trigger::Lapse
        | Trigger::WinBack
        | Trigger::Unwind => OUT_OF_ORDER,
    }
}
