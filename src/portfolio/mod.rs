//! The whole base in columns: what every customer brings, measured on one day, so that one of them can
//! be compared with all; and whom of them to look at first.

mod base;
mod worklist;

pub use base::Portfolio;
pub use worklist::{Precedence, Stake, Worklist};
