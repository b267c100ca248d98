//! Value: what a customer brings, how loyal it is, and what to do about it.
//!
//! Four answers, each with its reasons:
//!
//! - [`rfm()`] grades how recently, how often and for how much a customer bought, by groups of the base
//!   or by fixed bands;
//! - [`score`] weighs contribution and loyalty into one number, whose parts add up exactly;
//! - [`value_type`] sets that number against the customer's potential and names the measure to take;
//! - [`worth()`] looks ahead: how likely the customer is still one, how often it will buy, and what that is
//!   worth, by the models of [`lifetime`] that were fitted to the base.
//!
//! The facts come as plain structs. What depends on the whole base comes from a [`ValueCalibration`];
//! without one, [`rfm()`] by groups says so instead of guessing. Each answer has a form without reasons, for a
//! whole base: [`judge_rfm`], [`judge_score`], [`judge_value_type`], [`judge_worth`].
//!
//! Net revenue is what kept orders came to, less what came back; tiers mean the same by it.
//!
//! ```
//! use guanxi::explain::{Ids, Speak};
//! use guanxi::value::{RfmCalibration, RfmFacts, RfmPolicy, rfm};
//! use guanxi::{Currency, CustomerId, Language, Money, PolicyId, TenantId, Timestamp};
//!
//! let shop = TenantId::derive("example-shop");
//! let bought = |name, days, purchase_days, minor| {
//!     let net_revenue = Money::from_minor(minor, Currency::USD);
//!     RfmFacts::new(CustomerId::derive(shop, name), Some(days), purchase_days, net_revenue)
//! };
//! let base = [
//!     bought("a", 12, 7, 41_250),
//!     bought("b", 40, 3, 9_900),
//!     bought("c", 90, 2, 12_000),
//!     bought("d", 200, 1, 2_500),
//!     bought("e", 380, 1, 2_933),
//! ];
//! let policy = RfmPolicy::default();
//! let calibration = RfmCalibration::of(&policy, &base);
//!
//! let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
//! let answer = rfm(&base[1], &policy, &calibration, ids, Timestamp::UNIX_EPOCH);
//! assert_eq!(
//!     answer.text(Language::English),
//!     "R4 F4 M3, because last purchase 40 days ago, group from 40 days (+4); purchase days 3, \
//!      group from 3 (+4); net revenue 99.00 USD, group from 99.00 USD (+3)"
//! );
//! ```

mod answer;
mod calibration;
mod facts;
mod flip;
pub mod lifetime;
mod measure;
mod policy;
mod potential;
mod rfm;
mod rule;
mod score;
mod scorecard;
mod sentence;
mod value_type;
mod weights;
mod worth;

pub use answer::{ValueAnswer, ValueOutside};
pub use calibration::{RfmCalibration, ValueCalibration};
pub use facts::{PotentialFacts, RfmFacts, ScoreFacts};
pub use flip::score_flip;
pub use measure::{ScoreMeasure, ScorePart};
pub use policy::{Bands, RfmMethod, RfmPolicy, ValuePolicy};
pub use potential::{Potential, PotentialMissing, ValueTypePolicy};
pub use rfm::{Rfm, RfmMeasure, judge_rfm, rfm};
pub use rule::{CutSide, ValueRule};
pub use score::{ValueScore, judge_score, score};
pub use scorecard::ScorecardPolicy;
pub(crate) use value_type::judge_scored;
pub use value_type::{Level, Treatment, ValueType, judge_value_type, value_type};
pub use weights::{
    ContributionWeights, LoyaltyWeights, MissingMeasure, OwnWeight, Weighed, Weight,
};
pub(crate) use worth::judge_inactive;
pub use worth::{
    Fitted, FittedModel, Worth, WorthAnswer, WorthBase, WorthCalibration, WorthFacts, WorthLack,
    WorthModel, WorthOutside, WorthPolicy, WorthRule, judge_worth, worth,
};
