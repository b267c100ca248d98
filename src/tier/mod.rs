//! Tiers: how much a customer matters, as A, B or C.
//!
//! [`TierPolicy`] says what is measured and where the tiers begin: by cumulative share of the value
//! that the base brings, by share of the customers, or at fixed limits. [`review`] judges one customer
//! and gives the state to remember: a customer near a limit does not change tiers with every order,
//! because promotion and demotion ask for a margin, a minimum stay, and one step at a time.
//! [`judge`] gives the same answer without reasons, for a whole base. [`why_not`] answers why a customer is
//! not in a better tier.
//!
//! What is remembered of a review is the tier that the rules gave, [`TierReview::reviewed`]; a person's
//! override stands above it and is remembered by whoever takes it in.
//!
//! Whoever brings nothing, or less, belongs to C, however the limits lie.
//!
//! ```
//! use guanxi::explain::{Ids, Speak};
//! use guanxi::tier::{Tier, TierCalibration, TierFacts, TierPolicy, TierState, judge, review};
//! use guanxi::{Currency, CustomerId, Day, Language, Money, PolicyId, TenantId, Timestamp};
//!
//! let today = Day::from_ymd(2026, 3, 1)?;
//! let shop = TenantId::derive("example-shop");
//! let spent = |name, minor| {
//!     TierFacts::new(CustomerId::derive(shop, name), today, Money::from_minor(minor, Currency::USD))
//! };
//! // Before b stand 60 % of all net revenue, before c 85 %, before d 97 %.
//! let base = [spent("a", 60_000), spent("b", 25_000), spent("c", 12_000), spent("d", 3_000)];
//! let policy = TierPolicy::default();
//! let calibration = TierCalibration::of(&policy, &base);
//!
//! let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
//! let ask = |facts, state: TierState| {
//!     review(facts, &state, &policy, &calibration, ids, Timestamp::UNIX_EPOCH)
//! };
//! let first = ask(&base[2], TierState::default());
//! assert_eq!(first.value.tier.value(), Some(Tier::B));
//! assert_eq!(
//!     first.text(Language::English),
//!     "B, because value 120.00 USD, tier from 120.00 USD. It would change at: C at net revenue \
//!      119.99 USD instead of 120.00 USD"
//! );
//!
//! // A little less does not cost the tier at once: demotion asks for 5 % below the limit.
//! let reviewed = first.value.reviewed.expect("the first review gives a tier");
//! let state = TierState::default().with_reviewed(reviewed);
//! let later = ask(&spent("c", 11_500), state);
//! assert_eq!(later.value.tier.value(), Some(Tier::B));
//! assert_eq!(later.value.plain.value(), Some(Tier::C));
//!
//! let judged =
//!     judge(&spent("c", 11_500), &state, &policy, &calibration, Timestamp::UNIX_EPOCH);
//! assert_eq!(judged, later.value);
//! # Ok::<(), guanxi::TimeError>(())
//! ```

mod calibration;
mod command;
mod criterion;
mod decide;
mod error;
mod event;
mod facts;
mod ladder;
mod policy;
mod review;
mod rule;
mod state;
mod tiers;
mod why_not;

pub use calibration::TierCalibration;
pub use command::TierCommand;
pub use criterion::{TierCriterion, TierMeasure, TierWeight};
pub use decide::decide;
pub use error::TierError;
pub use event::TierEvent;
pub use facts::TierFacts;
pub use policy::{Dampening, Steps, TierBasis, TierMethod, TierMissing, TierPolicy};
pub use review::{TierReview, judge, review};
pub use rule::TierRule;
pub use state::{OverrideReason, ReviewedTier, TierOverride, TierState};
pub use tiers::{Tier, TierAnswer, TierOutside};
pub use why_not::why_not;
