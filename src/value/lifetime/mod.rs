//! Lifetime value: how likely a customer is still one, how often it will buy, and what that is worth.
//!
//! Customers of a shop leave without a word. The models here tell from *how often* and *how recently* one
//! bought how likely it is still there.

mod bgbb;
mod bgbb_fit;
mod bgnbd;
mod buyers;
mod buying;
mod choose;
mod discount;
mod error;
mod fit;
mod forecast;
mod gamma_gamma;
mod geometric;
mod holdout;
mod holdout_plots;
mod holdout_report;
mod mbgnbd;
mod model;
mod nbd;
mod opportunities;
mod pnbd;
mod pnbd_cells;
mod pnbd_fit;
mod renewals;
mod sbg;
mod spending;
mod spending_likelihood;
mod spending_sums;
mod unit;

pub use bgbb::BgBb;
pub use bgnbd::BgNbd;
pub use buyers::{BuyersRow, RepeatBuyers};
pub use buying::RepeatBuying;
pub use choose::{AnyRepeatModel, Candidate, Candidates};
pub(crate) use discount::DAYS_OF_YEAR;
pub use discount::{Discount, Horizon};
pub use error::{BuyingError, FitError, ParameterError, RenewalsError, SpendingError};
pub use fit::{Boundary, Estimate, Fit, FitOptions, FitReport};
pub use forecast::{Ahead, Forecast};
pub use gamma_gamma::GammaGamma;
pub use holdout::{HeldOut, Holdout, HoldoutError};
pub use holdout_plots::{FrequencyClass, TrackingPoint};
pub use holdout_report::{HoldoutClass, HoldoutReport};
pub use mbgnbd::MbgNbd;
pub use model::RepeatModel;
pub use nbd::Nbd;
pub use opportunities::{Opportunities, OpportunityBuyers};
pub use pnbd::ParetoNbd;
pub use renewals::{RenewalPeriod, Renewals};
pub use sbg::ShiftedBetaGeometric;
pub use spending::{Spenders, Spending};
pub use unit::{AgeAtLastPurchase, Days, Span, TimeSinceLastPurchase, TimeUnit, Weeks};
