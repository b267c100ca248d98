//! Worth: how likely a customer is still one, how often it will buy, and what that is worth.
//!
//! The models are those of [`lifetime`](super::lifetime). Here they are fitted to a base, kept in its
//! calibration, and asked about one customer, with reasons and in steps that can be compared.

mod answer;
mod calibration;
mod facts;
mod judge;
mod policy;
mod rule;

pub use answer::{Worth, WorthAnswer, WorthLack, WorthOutside};
pub use calibration::{Fitted, FittedModel, WorthBase, WorthCalibration};
pub use facts::WorthFacts;
pub(crate) use judge::judge_inactive;
pub use judge::{judge_worth, worth};
pub use policy::{WorthModel, WorthPolicy};
pub use rule::WorthRule;
