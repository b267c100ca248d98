//! The review of one customer: its tier, and why it holds.

use serde::{Deserialize, Serialize};

use super::calibration::TierCalibration;
use super::criterion::{Change, Goal, TierMeasure};
use super::facts::TierFacts;
use super::ladder::Ladder;
use super::policy::TierPolicy;
use super::rule::TierRule;
use super::state::{ReviewedTier, TierOverride, TierState};
use super::tiers::{Tier, TierAnswer, TierOutside};
use crate::calibrated::Calibrated;
use crate::explain::{Explained, Flip, Ids, Language, Measure, Reason, Speak};
use crate::time::Timestamp;

/// Enough for an override, the limit, what holds the tier, and a few terms.
const REASONS_USUAL: usize = 6;

/// What a review says.
///
/// The [module](super) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TierReview {
    /// The tier that holds: a person's override, or what the rules give.
    pub tier: TierAnswer,
    /// The tier by the limits alone, without dampening and without any override.
    pub plain: TierAnswer,
    /// What to remember for the next review: the tier that the rules give. Where nothing could be judged,
    /// that of the last review; `None` when there was none.
    pub reviewed: Option<ReviewedTier>,
}

impl Speak for TierReview {
    fn text(&self, language: Language) -> String {
        self.tier.text(language)
    }
}

/// A customer on its ladder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) value: i64,
    pub(super) ladder: Ladder,
}

/// Why a customer cannot be judged.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lacking {
    Cuts(TierOutside),
    Measure(TierMeasure),
}

impl Lacking {
    const fn outside(self) -> TierOutside {
        match self {
            Self::Cuts(outside) => outside,
            Self::Measure(_) => TierOutside::MeasureMissing,
        }
    }

    pub(super) const fn reason(self) -> Reason<TierRule> {
        let rule = match self {
            Self::Measure(measure) => TierRule::MeasureMissing(measure),
            Self::Cuts(TierOutside::OtherPolicy) => TierRule::OtherPolicy,
            Self::Cuts(TierOutside::NotCalibrated | TierOutside::MeasureMissing) => {
                TierRule::NotCalibrated
            }
        };
        Reason::new(rule, Measure::Missing, Measure::Missing)
    }
}

pub(super) fn stand(
    facts: &TierFacts,
    state: &TierState,
    policy: &TierPolicy,
    calibration: Calibrated<'_, TierCalibration>,
) -> Result<Standing, Lacking> {
    let dwelt_days = state.reviewed.map_or(0, |last| facts.day.days_since(last.since).max(0));
    let ladder = Ladder::new(policy, calibration, facts.key, state.reviewed, dwelt_days)
        .map_err(Lacking::Cuts)?;
    let basis = &policy.basis;
    let value = basis.criterion.tally(facts, basis.missing, drop).map_err(Lacking::Measure)?;
    Ok(Standing { value, ladder })
}

/// The tier of one customer without its reasons: the value of [`review`], much cheaper.
///
/// The [module](super) has an example.
#[must_use]
pub fn judge<'c>(
    facts: &TierFacts,
    state: &TierState,
    policy: &TierPolicy,
    calibration: impl Into<Calibrated<'c, TierCalibration>>,
    at: Timestamp,
) -> TierReview {
    let standing = stand(facts, state, policy, calibration.into());
    conclude(facts, state, &standing, state.override_at(at))
}

fn conclude(
    facts: &TierFacts,
    state: &TierState,
    standing: &Result<Standing, Lacking>,
    override_: Option<TierOverride>,
) -> TierReview {
    let set = override_.map(|override_| override_.tier);
    match standing {
        Err(lacking) => {
            let outside = TierAnswer::Outside(lacking.outside());
            let tier = set.or(state.reviewed.map(|last| last.tier));
            TierReview {
                tier: tier.map_or(outside, TierAnswer::At),
                plain: outside,
                reviewed: state.reviewed,
            }
        }
        Ok(Standing { value, ladder }) => {
            let earned = ladder.settle(*value);
            let reviewed = match state.reviewed {
                Some(last) if last.tier == earned => last,
                Some(_) | None => ReviewedTier::new(earned, facts.day),
            };
            TierReview {
                tier: TierAnswer::At(set.unwrap_or(earned)),
                plain: TierAnswer::At(ladder.plain(*value)),
                reviewed: Some(reviewed),
            }
        }
    }
}

/// Reviews the tier of one customer.
///
/// A person's override holds until it expires, and reviews go on underneath it. Otherwise the first
/// review gives the tier of the limits, and a later one changes it only when the margin, the stay and the
/// steps of the policy's dampening allow. Where nothing can be judged, for want of a calibration or a
/// measure, the tier of the last review stands. A review that is repeated on the same day, with what the
/// first one gave, gives it again.
///
/// The first reasons say why the tier holds. Those with contributions are the terms of a weighted
/// criterion, whose sum is the value. The counterfactual is the smallest change of one measure, up or
/// down, that changes the tier at this instant, with the dampening of this state, and names the tier that
/// it would be; none while an override or the stay holds the tier whatever the customer brings.
///
/// The [module](super) has an example.
#[must_use]
pub fn review<'c>(
    facts: &TierFacts,
    state: &TierState,
    policy: &TierPolicy,
    calibration: impl Into<Calibrated<'c, TierCalibration>>,
    ids: Ids,
    at: Timestamp,
) -> Explained<TierReview, TierRule> {
    let override_ = state.override_at(at);
    let standing = stand(facts, state, policy, calibration.into());
    let mut reasons = Vec::with_capacity(REASONS_USUAL);
    reasons.extend(override_.as_ref().map(overridden));
    match &standing {
        Err(lacking) => {
            reasons.extend(state.reviewed.map(|last| {
                Reason::new(TierRule::Stands, Measure::Day(last.since), Measure::Missing)
            }));
            reasons.push(lacking.reason());
        }
        Ok(standing) => {
            standing.explain(facts, policy, &mut reasons);
            let basis = &policy.basis;
            // The value is known, so that only its terms are of interest.
            let _ = basis.criterion.tally(facts, basis.missing, |term| reasons.push(term));
        }
    }
    let value = conclude(facts, state, &standing, override_);
    let free = standing.ok().filter(|_| override_.is_none());
    let flip = free.and_then(|standing| standing.nearest_turn(facts, policy));
    Explained::new(value, reasons, ids, at)
        .with_flip(flip.map(|change| Flip::Measure(change.reason)))
}

pub(super) fn overridden(override_: &TierOverride) -> Reason<TierRule> {
    let rule = TierRule::Overridden(override_.reason);
    Reason::new(rule, Measure::Instant(override_.until), Measure::Missing)
}

impl Standing {
    /// Where the value stands against the limits, and what keeps the tier from following it.
    fn explain(&self, facts: &TierFacts, policy: &TierPolicy, reasons: &mut Vec<Reason<TierRule>>) {
        let (value, ladder) = (self.value, &self.ladder);
        let (plain, settled) = (ladder.plain(value), ladder.settle(value));
        let shown = |value| policy.basis.criterion.shown(facts, value);
        let limit = |least: Option<i64>| least.map_or(Measure::Missing, shown);
        let (rule, least) = match (plain, ladder.plain_least(Tier::B)) {
            (Tier::A | Tier::B, _) => (TierRule::Reached, ladder.plain_least(plain)),
            (Tier::C, least) if value <= 0 => (TierRule::Nothing, least),
            (Tier::C, Some(least)) => (TierRule::Missed, Some(least)),
            (Tier::C, None) => (TierRule::OutOfReach, None),
        };
        reasons.push(Reason::new(rule, shown(value), limit(least)));
        if plain == settled {
            return;
        }
        let held = if ladder.asked(value) != settled {
            self.dwell()
        } else if plain.is_better_than(settled) {
            let promote = settled.better().and_then(|next| ladder.promote_least(next));
            if promote.is_some_and(|least| value >= least) {
                one_step(settled, plain)
            } else {
                Reason::new(TierRule::PromoteMargin, shown(value), limit(promote))
            }
        } else {
            let keep = ladder.keep_least(settled);
            if keep.is_some_and(|least| value >= least) {
                Reason::new(TierRule::DemoteMargin, shown(value), limit(keep))
            } else {
                one_step(settled, plain)
            }
        };
        reasons.push(held);
    }

    pub(super) fn dwell(&self) -> Reason<TierRule> {
        let days = Measure::Days(self.ladder.dwelt_days);
        Reason::new(TierRule::Dwell, days, Measure::Days(self.ladder.dwell_days_min()))
    }

    /// The smallest change of one measure that changes the tier; upwards when both ways are as far.
    fn nearest_turn(&self, facts: &TierFacts, policy: &TierPolicy) -> Option<Change> {
        let criterion = &policy.basis.criterion;
        let (up, down) = self.ladder.turns(self.value);
        let tier_of = |value| self.ladder.settle(value);
        let change = |goal| criterion.nearest(facts, self.value, goal, tier_of);
        let up = up.and_then(|least| change(Goal::AtLeast(least)));
        let down = down.and_then(|least| change(Goal::Below(least)));
        match (up, down) {
            (Some(up), Some(down)) if down.smaller_than(&up) => Some(down),
            (Some(change), _) | (None, Some(change)) => Some(change),
            (None, None) => None,
        }
    }
}

pub(super) fn one_step(from: Tier, to: Tier) -> Reason<TierRule> {
    let apart = to.steps().saturating_sub(from.steps()).saturating_abs();
    Reason::new(TierRule::OneStep, Measure::Count(apart), Measure::Count(1))
}
