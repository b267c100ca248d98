//! Time to loss: how long customers stay, when many of them are still there.
//!
//! A [`LifeTable`] counts, for each duration, the customers who were lost at it and those who had not been when
//! they were last seen. From that, [`KaplanMeier`] estimates the share still there after any duration, with its
//! uncertainty, and [`LogRank`] tests whether groups differ. No model is assumed.
//!
//! Durations are whole units of the caller's, days or months, the same for all. Counts are exact and add up, so
//! a base may be counted in parts and in any order.
//!
//! ```
//! use guanxi::churn::survival::{KaplanMeier, LifeTable, LogRank};
//!
//! // Months under contract: three customers lost, two still there when they were last seen.
//! let mut monthly = LifeTable::default();
//! monthly.lost(2, 1).lost(5, 2).still_there(5, 1).still_there(8, 1);
//! let curve = KaplanMeier::of(&monthly).expect("somebody was observed");
//! assert!((curve.survival(4) - 0.8).abs() < 1e-15);
//! assert_eq!(curve.median(), Some(5));
//!
//! let mut yearly = LifeTable::default();
//! yearly.lost(9, 1).still_there(12, 4);
//! let test = LogRank::of(&[&monthly, &yearly])?;
//! assert_eq!((test.degrees(), test.p() < 0.1), (1, true));
//! # Ok::<(), guanxi::churn::survival::LogRankError>(())
//! ```

mod error;
mod kaplan_meier;
mod log_rank;
mod table;

pub use error::LogRankError;
pub use kaplan_meier::{KaplanMeier, SurvivalStep};
pub use log_rank::{LogRank, LogRankGroup};
pub use table::{Ending, LifeTable};
