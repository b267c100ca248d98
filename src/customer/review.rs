//! Reviews: what is found on the policy's cadence and remembered, so that tiers and risk bands do not
//! swing with every order.
//!
//! A review is made by a run of the scheduler, or on request, and dated when it is made: by what the
//! base said then. Reviews that nobody made are not made up for.

use serde::{Deserialize, Serialize};

use super::session::Session;
use super::state::Customer;
use crate::churn::RiskState;
use crate::id::CalibrationId;
use crate::lifecycle::Stage;
use crate::rulebook::{Policy, Rulebook};
use crate::tier::{ReviewedTier, Tier, TierEvent, TierOverride, TierState};
use crate::time::Timestamp;

use super::event::Event;

/// What a review found: all that the next one needs to know of it.
///
/// [`Reviews`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Reviewed {
    /// The instant that it is as of.
    pub at: Timestamp,
    /// The tier that the rules gave, an override aside, and since when; `None` when none could be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<ReviewedTier>,
    /// The risk band, and since when; `None` when none could be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk: Option<RiskState>,
    /// The calibration that it compared with, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<CalibrationId>,
}

/// What is remembered of a customer's reviews, and a person's word on its tier.
///
/// ```
/// use guanxi::Customer;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # fn context(now: &str) -> guanxi::Context {
/// #     let command_id = guanxi::CommandId::derive("example", now);
/// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let shop = guanxi::TenantId::derive("example-shop");
/// # let id = guanxi::CustomerId::derive(shop, "C-17");
///
/// let mut customer = Customer::unknown(id);
/// for at in ["2026-01-10T12:00:00Z", "2026-01-20T12:00:00Z", "2026-01-30T12:00:00Z"] {
///     let _ = customer.decide(&order(at), &context(at), &books)?;
/// }
/// assert_eq!(customer.reviews().last(), None);
///
/// // 30 days after it became known the customer is reviewed, by whatever run comes next.
/// assert_eq!(customer.wake_at(&books), Some("2026-02-09T00:00:00Z".parse()?));
/// let now = context("2026-02-10T02:00:00Z");
/// let _ = customer.advance_to(now.now, &now, &books)?;
/// let review = customer.reviews().last().expect("it was due");
/// assert_eq!(review.at, now.now);
/// assert!(review.risk.is_some());
/// assert_eq!(review.tier, None); // no base was measured yet
/// assert_eq!(customer.wake_at(&books), Some("2026-03-12T00:00:00Z".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reviews {
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<Reviewed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tier_override: Option<TierOverride>,
    /// The latest instant that any of this is as of.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<Timestamp>,
}

impl Reviews {
    /// The last review; `None` before the first.
    #[must_use]
    pub const fn last(&self) -> Option<&Reviewed> {
        self.last.as_ref()
    }

    /// The override of the tier, until it is recorded that it ended.
    #[must_use]
    pub const fn tier_override(&self) -> Option<&TierOverride> {
        self.tier_override.as_ref()
    }

    /// The tier by everything recorded: a person's word, or what the last review gave.
    #[must_use]
    pub fn tier(&self) -> Option<Tier> {
        let reviewed = self.last.and_then(|review| review.tier).map(|reviewed| reviewed.tier);
        self.tier_override.map(|overridden| overridden.tier).or(reviewed)
    }

    /// The latest instant that any of this is as of: for an earlier one it is not the answer.
    pub(super) const fn as_of(&self) -> Option<Timestamp> {
        self.as_of
    }

    /// What the review of the tier needs to know. A policy without reviews remembers none.
    pub(super) fn tier_state(&self, policy: &Policy) -> TierState {
        let reviewed = self.remembered(policy).and_then(|review| review.tier);
        let mut state = TierState::default();
        (state.reviewed, state.overridden) = (reviewed, self.tier_override);
        state
    }

    /// The risk band of the last review. A policy without reviews remembers none.
    pub(super) fn risk_state(&self, policy: &Policy) -> Option<RiskState> {
        self.remembered(policy).and_then(|review| review.risk)
    }

    fn remembered(&self, policy: &Policy) -> Option<Reviewed> {
        self.last.filter(|_| policy.review_every_days.is_some())
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn reviewed(&mut self, review: Reviewed) {
        self.as_of = self.as_of.max(Some(review.at));
        self.last = Some(review);
    }

    pub(super) fn overridden(&mut self, event: &TierEvent) {
        let (tier_override, at) = match event {
            TierEvent::Overridden(overridden) => (Some(*overridden), overridden.from),
            TierEvent::Lifted { at } | TierEvent::Expired { at } => (None, *at),
        };
        self.tier_override = tier_override;
        self.as_of = self.as_of.max(Some(at));
    }
}

impl Customer {
    /// What is remembered of this customer's reviews.
    ///
    /// [`Reviews`] has an example.
    #[must_use]
    pub const fn reviews(&self) -> &Reviews {
        &self.reviews
    }

    /// When the next review falls due; `None` for a policy without reviews, before the first purchase,
    /// and once the relationship is over: then the last review stands.
    #[must_use]
    pub fn next_review_at(&self, book: &Rulebook) -> Option<Timestamp> {
        let policy = book.policy();
        let every_days = policy.review_every_days?.max(1);
        match self.stage() {
            Stage::Onboarding | Stage::Growing | Stage::Loyal | Stage::Declining => {}
            Stage::Prospect
            | Stage::Aware
            | Stage::Considering
            | Stage::Deciding
            | Stage::Lost
            | Stage::Disqualified
            | Stage::Ended => return None,
        }
        let admitted = || self.lifecycle.track().visits().first().map(|visit| visit.at);
        let since = self.reviews.last.map(|review| review.at).or_else(admitted)?;
        let day = policy.zone.day_of(since).saturating_add_days(every_days.into());
        Some(policy.zone.start_of(day))
    }

    /// When an override of the tier ends.
    pub(super) fn override_ends_at(&self) -> Option<Timestamp> {
        self.reviews.tier_override.map(|overridden| overridden.until)
    }
}

impl Session<'_> {
    /// Ends an override that is over by `until`, and makes the review that is due by then: as of `until`,
    /// or of where the customer is if that is later.
    pub(super) fn keep_reviews(&mut self, until: Timestamp) {
        if let Some(at) = self.customer.override_ends_at().filter(|ends| *ends <= until) {
            self.record(Event::Tier(TierEvent::Expired { at }));
        }
        if self.customer.next_review_at(self.book).is_some_and(|due| due <= until) {
            // Not behind what was decided already: the rulebook that decided it may not have been in
            // force then.
            let at = self.customer.advanced_to().max(Some(until)).unwrap_or(until);
            self.review(at);
        }
    }

    /// Reviews the customer as of `at`.
    pub(super) fn review(&mut self, at: Timestamp) {
        let judging = self.books.judging_at(self.book, at);
        let answers = self.customer.judged(at, &judging);
        self.record(Event::Reviewed(Reviewed {
            at,
            tier: answers.tier.reviewed,
            risk: answers.risk.state,
            calibration: judging.calibration.map(crate::rulebook::Calibration::id),
        }));
    }
}
