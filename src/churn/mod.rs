//! Churn risk: who is slipping away, how far, and by which indicators.
//!
//! [`ChurnFacts`] say what is known of one customer on one day, taken from the ledger and from what the
//! host told. [`ChurnPolicy`] says which [indicators](Indicator) count and how much,
//! [`ChurnCalibration`] what is usual in this base. [`ChurnRules`] make of them a score from 0 to
//! 100 points, whose reasons add up to it exactly, and a [`RiskBand`]. A [`Turn`] says what would
//! have to be otherwise for another band, a [`Trend`] how the score moved.
//!
//! What is not known is never guessed: indicators that say nothing of a customer leave their weight
//! to the others, and where no indicator is left, the answer is [`Risk::Outside`] with the reason.

mod band;
mod calibration;
mod comparison;
mod custom;
mod defaults;
mod error;
mod facts;
mod faults;
mod first_returns;
mod flip;
mod indicator;
mod interpurchase;
mod lines;
mod observe;
mod policy;
mod risk;
mod rule;
mod rules;
mod sentences;
mod signals;
mod staleness;
pub mod survival;
mod tally;
mod trend;

pub use band::{Bands, RiskBand, RiskState};
pub use calibration::{ChurnBase, ChurnCalibration};
pub use comparison::{Comparison, Returns};
pub use custom::{CustomIndicator, CustomUnit};
pub use error::ChurnCalibrationError;
pub use facts::ChurnFacts;
pub use first_returns::FirstReturns;
pub use flip::Turn;
pub use indicator::{Direction, Indicator, Lever};
pub use interpurchase::InterpurchaseTimes;
pub use policy::{Bound, ChurnGroup, ChurnPolicy, Combination, GroupPolicy, WeighedIndicator};
pub use risk::{Risk, RiskLevel, RiskReview, Unjudged};
pub use rule::ChurnRule;
pub use rules::ChurnRules;
pub use signals::{ChurnSignals, Observation};
pub use staleness::{Staleness, WhenMissing};
pub use trend::Trend;
