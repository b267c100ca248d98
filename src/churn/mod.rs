//! Churn risk: who is slipping away, how far, and by which signs.
//!
//! [`ChurnFacts`] say what is known of one customer on one day, taken from the ledger and from what the
//! host told. [`ChurnPolicy`] says which [signs](Sign) count and how much, [`ChurnCalibration`] what is
//! usual in this base. [`ChurnRules`] make of them a score from 0 to 100 points, whose reasons add up
//! to it exactly, and a [`RiskBand`]. A [`Turn`] says what would have to be otherwise for another band,
//! a [`Trend`] how the score moved.
//!
//! What is not known is never guessed: signs that say nothing of a customer leave their weight to the
//! others, and where no sign is left, the answer is [`Risk::Outside`] with the reason.

mod band;
mod calibration;
mod defaults;
mod error;
mod facts;
mod faults;
mod flip;
mod observe;
mod policy;
mod risk;
mod rule;
mod rules;
mod scale;
mod sign;
mod tally;
mod trend;

pub use band::{Bands, RiskBand, RiskState};
pub use calibration::{ChurnCalibration, FirstReturns, Waits};
pub use error::ChurnCalibrationError;
pub use facts::{ChurnFacts, ChurnSignals, Comparison, Returns, Told};
pub use flip::Turn;
pub use policy::{
    Bound, ChurnGroup, ChurnPolicy, Combination, CustomSign, CustomUnit, GroupPolicy, Staleness,
    WeighedSign, WhenMissing,
};
pub use risk::{Risk, RiskLevel, Unjudged};
pub use rule::ChurnRule;
pub use rules::ChurnRules;
pub use scale::{Corner, Scale};
pub use sign::{Direction, Lever, Sign};
pub use trend::Trend;
