//! The whole base in columns: what every customer brings, measured on one day, so that one of them can
//! be compared with all.

mod base;

pub use base::Portfolio;
