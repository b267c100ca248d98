//! What reviews remember of a customer.

use serde::{Deserialize, Serialize};

use super::tiers::Tier;
use crate::id::Actor;
use crate::time::{Day, Timestamp};

/// What [`review`](super::review) is told of the past: the tier of the last review, and a person's override.
///
/// The default is that of a customer who was never reviewed.
///
/// ```
/// use guanxi::tier::{OverrideReason, Tier, TierOverride, TierState};
/// use guanxi::{Actor, Timestamp};
///
/// let (from, until) = ("2026-06-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?);
/// let override_ =
///     TierOverride::new(Tier::A, from, until, OverrideReason::Strategic, Actor::System);
/// let state = TierState::default().with_override(override_);
/// assert_eq!(state.override_at("2026-12-31T23:59:59Z".parse()?), Some(override_));
/// assert_eq!(state.override_at(until), None);
/// assert_eq!(state.override_at("2026-05-31T23:59:59Z".parse()?), None); // not made yet
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TierState {
    /// The tier of the last review; `None` before the first.
    pub reviewed: Option<ReviewedTier>,
    /// A person's override, which stands above it until it expires.
    pub overridden: Option<TierOverride>,
}

impl TierState {
    /// The same after a review.
    ///
    /// ```
    /// use guanxi::Day;
    /// use guanxi::tier::{ReviewedTier, Tier, TierState};
    ///
    /// let reviewed = ReviewedTier::new(Tier::B, Day::from_ymd(2026, 3, 1)?);
    /// assert_eq!(TierState::default().with_reviewed(reviewed).reviewed, Some(reviewed));
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub const fn with_reviewed(mut self, reviewed: ReviewedTier) -> Self {
        self.reviewed = Some(reviewed);
        self
    }

    /// The same under an override.
    ///
    /// [`TierState`] has an example.
    #[must_use]
    pub const fn with_override(mut self, override_: TierOverride) -> Self {
        self.overridden = Some(override_);
        self
    }

    /// The override in force at an instant.
    ///
    /// [`TierState`] has an example.
    #[must_use]
    pub fn override_at(&self, at: Timestamp) -> Option<TierOverride> {
        self.overridden.filter(|override_| override_.from <= at && at < override_.until)
    }
}

/// The tier that the rules gave, an override aside.
///
/// [`TierState::with_reviewed`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ReviewedTier {
    /// The tier.
    pub tier: Tier,
    /// The business day of the review that gave it.
    pub since: Day,
}

impl ReviewedTier {
    /// A tier since a business day.
    ///
    /// [`TierState::with_reviewed`] has an example.
    #[must_use]
    pub const fn new(tier: Tier, since: Day) -> Self {
        Self { tier, since }
    }
}

/// A tier set by a person. Reviews go on underneath it, so that what holds after it expires is the tier
/// that the customer would have had without it.
///
/// [`TierState`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TierOverride {
    /// The tier.
    pub tier: Tier,
    /// The first instant at which it holds.
    pub from: Timestamp,
    /// The first instant at which it no longer holds.
    pub until: Timestamp,
    /// Why.
    pub reason: OverrideReason,
    /// Who set it.
    pub by: Actor,
}

impl TierOverride {
    /// A tier set from one instant until another, which is no longer part of it.
    ///
    /// [`TierState`] has an example.
    #[must_use]
    pub const fn new(
        tier: Tier,
        from: Timestamp,
        until: Timestamp,
        reason: OverrideReason,
        by: Actor,
    ) -> Self {
        Self { tier, from, until, reason, by }
    }
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
