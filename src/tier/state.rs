//! What reviews remember of a customer.

use serde::{Deserialize, Serialize};

use super::tiers::Tier;
use crate::id::Actor;
use crate::time::{Day, Timestamp};

/// What [`review`](super::review) needs to remember: the tier of the last review, and a person's word.
///
/// The default is that of a customer who was never reviewed.
///
/// ```
/// use guanxi::tier::{OverrideReason, Tier, TierOverride, TierState};
/// use guanxi::{Actor, Timestamp};
///
/// let word = TierOverride {
///     tier: Tier::A,
///     from: "2026-06-01T00:00:00Z".parse()?,
///     until: "2027-01-01T00:00:00Z".parse()?,
///     reason: OverrideReason::Strategic,
///     by: Actor::System,
/// };
/// let state = TierState { overridden: Some(word), ..TierState::default() };
/// assert_eq!(state.override_at("2026-12-31T23:59:59Z".parse()?), Some(word));
/// assert_eq!(state.override_at("2027-01-01T00:00:00Z".parse()?), None);
/// assert_eq!(state.override_at("2026-05-31T23:59:59Z".parse()?), None); // nobody had said so yet
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TierState {
    /// The tier of the last review; `None` before the first.
    pub reviewed: Option<ReviewedTier>,
    /// A person's word, which stands above it until it expires.
    pub overridden: Option<TierOverride>,
}

impl TierState {
    /// The person's word in force at an instant.
    #[must_use]
    pub fn override_at(&self, at: Timestamp) -> Option<TierOverride> {
        self.overridden.filter(|word| word.from <= at && at < word.until)
    }
}

/// The tier that the rules gave, a person's word aside.
///
/// The [module](super) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewedTier {
    /// The tier.
    pub tier: Tier,
    /// The business day of the review that gave it.
    pub since: Day,
}

/// A person's word on a tier. Reviews go on underneath it, so that what holds after it expires is the
/// tier that the customer would have had without it.
///
/// [`TierState`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierOverride {
    /// The tier.
    pub tier: Tier,
    /// The first instant at which it holds.
    pub from: Timestamp,
    /// The first instant at which it no longer holds.
    pub until: Timestamp,
    /// Why.
    pub reason: OverrideReason,
    /// Who said so.
    pub by: Actor,
}

/// Why a person overrides a tier.
///
/// [`TierState`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OverrideReason {
    /// The customer matters beyond what it brings.
    Strategic,
    /// A contract promises the tier.
    Contract,
    /// The customer is about to grow.
    Potential,
    /// A dispute is open.
    Dispute,
    /// The rules misjudge this customer.
    Misjudged,
    /// Anything else.
    Other,
}
