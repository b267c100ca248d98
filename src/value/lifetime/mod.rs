//! Lifetime value: how likely a customer is still one, how often it will buy, and what that is worth.
//!
//! Customers of a shop leave without a word. The models here tell from *how often* and *how recently* one
//! bought how likely it is still there.
//!
//! | model | question | data | paper |
//! |---|---|---|---|
//! | [`BgNbd`] | who still buys, and how often | [`RepeatBuyers`] | Fader, Hardie and Lee 2005, Marketing Science 24(2) |
//! | [`MbgNbd`] | the same; one may leave after the first purchase | [`RepeatBuyers`] | Batislam, Denizel and Filiztekin 2007, Int. J. Research in Marketing 24(3) |
//! | [`ParetoNbd`] | the same; one may leave at any time | [`RepeatBuyers`] | Schmittlein, Morrison and Colombo 1987, Management Science 33(1) |
//! | [`Nbd`] | how often, where nobody leaves | [`RepeatBuyers`] | Ehrenberg 1959, Applied Statistics 8(1) |
//! | [`AnyRepeatModel`] | whichever of these explains the base best | [`RepeatBuyers`] | Akaike 1974, IEEE Trans. Autom. Control 19(6) |
//! | [`BgBb`] | who still buys, where there are set opportunities to | [`OpportunityBuyers`] | Fader, Hardie and Shang 2010, Marketing Science 29(6) |
//! | [`GammaGamma`] | what a purchase comes to | [`Spenders`] | Fader, Hardie and Lee 2005, J. Marketing Research 42(4) |
//! | [`ShiftedBetaGeometric`] | for how long a contract lasts | [`Renewals`] | Fader and Hardie 2007, J. Interactive Marketing 21(1) |
//!
//! [`Holdout`] holds a model to days that it has not seen; [`Forecast`] asks it for many customers at once. From
//! purchases to lifetime value:
//!
//! ```
//! use guanxi::value::lifetime::{
//!     AgeAtLastPurchase, GammaGamma, Horizon, MbgNbd, RepeatBuyers, RepeatBuying, RepeatModel,
//!     Span, Spenders, Spending, Weeks,
//! };
//!
//! // Repeat purchases, the week of the last, and what they came to on average; 39 weeks after the first.
//! let shop = [
//!     (0, 0, 0.0), (0, 0, 0.0), (0, 0, 0.0), (1, 5, 20.0), (1, 30, 35.0), (2, 12, 18.0), (2, 36, 51.0),
//!     (4, 38, 30.0), (6, 15, 24.0), (9, 21, 44.0),
//! ];
//! let bought = |(repeats, last, _)| {
//!     RepeatBuying::new(repeats, AgeAtLastPurchase(Span::<Weeks>::whole(last)), Span::whole(39))
//! };
//! let buyers = shop.into_iter().map(bought).collect::<Result<RepeatBuyers<Weeks>, _>>()?;
//! let spent = shop.into_iter().filter(|(repeats, ..)| *repeats > 0);
//! let spent = spent.map(|(repeats, _, mean)| Spending::new(repeats, mean));
//! let spenders = spent.collect::<Result<Spenders, _>>()?;
//!
//! let buying = MbgNbd::fit(&buyers)?.model;
//! let spending = GammaGamma::fit(&spenders)?.model;
//!
//! // A year in steps of four weeks, at 1 % a step.
//! let year = Horizon::new(13, Span::whole(4), 0.01).ok_or("no horizon")?;
//! let worth = |customer: (u32, u32, f64)| -> Result<f64, Box<dyn std::error::Error>> {
//!     let purchases = buying.discounted_purchases(&bought(customer)?, &year);
//!     let spend = spending.expected_spend(&Spending::new(customer.0, customer.2)?);
//!     Ok(purchases * spend.ok_or("infinite")?)
//! };
//! let (recent, silent) = (worth((4, 38, 30.0))?, worth((4, 12, 30.0))?);
//! assert!(recent > silent && silent > 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
pub use holdout_report::{HoldoutClass, HoldoutReport, RepeatClass};
pub use mbgnbd::MbgNbd;
pub use model::RepeatModel;
pub use nbd::Nbd;
pub use opportunities::{Opportunities, OpportunityBuyers};
pub use pnbd::ParetoNbd;
pub use renewals::{RenewalPeriod, Renewals};
pub use sbg::ShiftedBetaGeometric;
pub use spending::{Spenders, Spending};
pub use unit::{AgeAtLastPurchase, Days, Span, TimeSinceLastPurchase, TimeUnit, Weeks};
