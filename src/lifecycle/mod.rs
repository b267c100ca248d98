//! The lifecycle: where a customer stands, what moves it, and why.
//!
//! One edge table ([`edge`]) says what each trigger does in each stage. Facts bring triggers about
//! (an order, a cancelled last order), people ask for them ([`Request`]), and the policy finds them
//! due by what happened and by time passing ([`Progression`]). Every decision is a [`Visit`] on the
//! [`Track`], with its reasons; decisions are never rewritten. Nine [lenses](lens) show the same
//! position in the vocabulary of other frameworks.

mod command;
mod error;
mod event;
mod faults;
mod guard;
pub mod lens;
mod measures;
mod policy;
mod position;
mod progression;
mod rule;
mod signal;
mod stage;
mod state;
mod table;
mod track;
mod trigger;

pub use command::{LifecycleCommand, Report};
pub use error::LifecycleError;
pub use event::{Corrected, CorrectionReason, Flag, LifecycleEvent, Moved, Mover, Signalled};
pub use guard::{Comparison, Condition, ContractState, DeliveryState, Facts};
pub use policy::{
    ContractPolicy, DeclinePolicy, DeliveryPolicy, LapsePolicy, LifecyclePolicy, LoyaltyPolicy,
    Mode, RecoveryPolicy, SatisfactionFloor, SilenceUnderContract,
};
pub use position::{
    Baseline, DeclineCause, DeclineChoice, DeclinedFrom, Declining, DisqualifyReason, EndReason,
    LossCause, Position, PurchaseMeasure,
};
pub use progression::{Due, Occasion, Progression};
pub use rule::LifecycleRule;
pub use signal::{Score, Signal, Signals};
pub use stage::Stage;
pub use state::{Episode, Lifecycle, Raised};
pub use table::{LifecycleEdge, LifecycleMachine, edge};
pub use track::{Dwell, Since, Track, Visit};
pub use trigger::{Request, Trigger};
