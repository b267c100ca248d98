//! Value: what a customer brings, how loyal it is, and what to do about it.
//!
//! Three answers, each with its reasons:
//!
//! - [`rfm`] grades how recently, how often and for how much a customer bought, by groups of the base
//!   or by fixed bands;
//! - [`score`] weighs contribution and loyalty into one number, whose parts add up exactly;
//! - [`value_type`] sets that number against the customer's potential and names the measure to take.
//!
//! The facts come as plain structs. What depends on the whole base comes from a [`ValueCalibration`];
//! without one, [`rfm`] by groups says so instead of guessing.
//!
//! ```
//! use guanxi::explain::{Ids, Speak};
//! use guanxi::value::{RfmCalibration, RfmFacts, RfmPolicy, rfm};
//! use guanxi::{Currency, CustomerId, Language, Money, PolicyId, TenantId, Timestamp};
//!
//! let shop = TenantId::derive("example-shop");
//! let bought = |name, days, purchase_days, minor| RfmFacts {
//!     key: CustomerId::derive(shop, name),
//!     recency_days: Some(days),
//!     purchase_days,
//!     net: Money::from_minor(minor, Currency::USD),
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
//!      group from 3 (+4); spent 99.00 USD, group from 99.00 USD (+3)"
//! );
//! ```

mod answer;
mod calibration;
mod facts;
mod policy;
mod rfm;
mod rule;
mod scale;
mod score;
mod value_type;
mod weights;

pub use answer::{ValueAnswer, ValueOutside};
pub use calibration::{RfmCalibration, ValueCalibration};
pub use facts::{GIVEN_MEASURES_MAX, PotentialFacts, RfmFacts, ScoreFacts};
pub use policy::{Bands, RfmMethod, RfmPolicy, ValuePolicy};
pub use rfm::{Rfm, RfmMeasure, rfm};
pub use rule::{CutSide, ValueRule};
pub use scale::{Scale, ScalePoint};
pub use score::{ValueScore, score, score_flip};
pub use value_type::{
    Level, Potential, PotentialMissing, Treatment, ValueType, ValueTypePolicy, value_type,
};
pub use weights::{
    ContributionWeights, GivenWeight, LoyaltyWeights, MissingMeasure, ScoreMeasure, ScorePart,
    ScorecardPolicy, Weighed, Weight,
};
