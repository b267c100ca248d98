//! The review of one customer, and why it is not in a better tier.

use serde::{Deserialize, Serialize};

use super::calibration::TierCalibration;
use super::criterion::{Change, Goal, TierMeasure};
use super::facts::TierFacts;
use super::ladder::Ladder;
use super::policy::TierPolicy;
use super::rule::TierRule;
use super::state::{ReviewedTier, TierOverride, TierState};
use super::tiers::{Tier, TierAnswer, TierOutside};
use crate::explain::{Explained, Flip, Ids, Language, Measure, Reason, Speak};
use crate::time::Timestamp;

/// What a review says.
///
/// The [module](super) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierReview {
    /// The tier that holds: a person's word, or what the rules give.
    pub tier: TierAnswer,
    /// The tier by the limits alone, without dampening and without anybody's word.
    pub plain: TierAnswer,
    /// What to remember for the next review. An expired word is no longer in it.
    pub state: TierState,
}

impl Speak for TierReview {
    fn text(&self, language: Language) -> String {
        self.tier.text(language)
    }
}

/// A customer on its ladder, or what is lacking.
struct Standing {
    value: i64,
    ladder: Ladder,
}

fn stand(
    facts: &TierFacts,
    state: &TierState,
    policy: &TierPolicy,
    calibration: &TierCalibration,
    show: impl FnMut(Reason<TierRule>),
) -> Result<Standing, Lacking> {
    let dwelt_days = state.reviewed.map_or(0, |last| facts.day.days_since(last.since).max(0));
    let ladder = Ladder::new(policy, calibration, facts.key, state.reviewed, dwelt_days)
        .map_err(Lacking::Cuts)?;
    let basis = &policy.basis;
    let value = basis.criterion.tally(facts, basis.missing, show).map_err(Lacking::Measure)?;
    Ok(Standing { value, ladder })
}

/// Why a customer cannot be judged.
#[derive(Clone, Copy)]
enum Lacking {
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

    const fn reason(self) -> Reason<TierRule> {
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

/// Reviews the tier of one customer.
///
/// A person's word holds until it expires, and reviews go on underneath it. Otherwise the first review
/// gives the tier of the limits, and a later one changes it only when the margin, the stay and the
/// steps of the policy's dampening allow. Where nothing can be judged, for want of a calibration or a
/// measure, the tier of the last review stands.
///
/// The first reasons say why the tier holds. Those with contributions are the terms of a weighted
/// criterion, whose sum is the value. The counterfactual is the smallest change of one measure, up or
/// down, that changes the tier at this instant, with the dampening of this state; none while somebody's
/// word or the stay holds the tier whatever the customer brings.
///
/// The [module](super) has an example.
#[must_use]
pub fn review(
    facts: &TierFacts,
    state: &TierState,
    policy: &TierPolicy,
    calibration: &TierCalibration,
    ids: Ids,
    at: Timestamp,
) -> Explained<TierReview, TierRule> {
    let word = state.override_at(at);
    let mut reasons: Vec<_> = word.map(|word| overridden(&word)).into_iter().collect();
    let mut terms = Vec::new();
    let standing = stand(facts, state, policy, calibration, |term| terms.push(term));
    let review = match &standing {
        Err(lacking) => {
            let stands = state.reviewed;
            reasons.extend(stands.map(|last| {
                Reason::new(TierRule::Stands, Measure::Day(last.since), Measure::Missing)
            }));
            reasons.push(lacking.reason());
            let outside = TierAnswer::Outside(lacking.outside());
            let tier = word.map(|word| word.tier).or(stands.map(|last| last.tier));
            TierReview {
                tier: tier.map_or(outside, TierAnswer::At),
                plain: outside,
                state: TierState { reviewed: stands, overridden: word },
            }
        }
        Ok(standing) => {
            standing.explain(facts, policy, &mut reasons);
            reasons.append(&mut terms);
            let earned = standing.ladder.settle(standing.value);
            let reviewed = match state.reviewed {
                Some(last) if last.tier == earned => last,
                Some(_) | None => ReviewedTier { tier: earned, since: facts.day },
            };
            TierReview {
                tier: TierAnswer::At(word.map_or(earned, |word| word.tier)),
                plain: TierAnswer::At(standing.ladder.plain(standing.value)),
                state: TierState { reviewed: Some(reviewed), overridden: word },
            }
        }
    };
    let free = standing.ok().filter(|_| word.is_none());
    let flip = free.and_then(|standing| standing.nearest_turn(facts, policy));
    Explained::new(review, reasons, ids, at)
        .with_flip(flip.map(|change| Flip::Measure(change.reason)))
}

fn overridden(word: &TierOverride) -> Reason<TierRule> {
    let rule = TierRule::Overridden(word.reason);
    Reason::new(rule, Measure::Instant(word.until), Measure::Missing)
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

    fn dwell(&self) -> Reason<TierRule> {
        let days = Measure::Days(self.ladder.dwelt_days);
        Reason::new(TierRule::Dwell, days, Measure::Days(self.ladder.dwell_days_min()))
    }

    /// The smallest change of one measure that changes the tier; upwards when both ways are as far.
    fn nearest_turn(&self, facts: &TierFacts, policy: &TierPolicy) -> Option<Change> {
        let criterion = &policy.basis.criterion;
        let (up, down) = self.ladder.turns(self.value);
        let change = |goal| criterion.nearest(facts, self.value, goal);
        let up = up.and_then(|least| change(Goal::AtLeast(least)));
        let down = down.and_then(|least| change(Goal::Below(least)));
        match (up, down) {
            (Some(up), Some(down)) if down.smaller_than(&up) => Some(down),
            (Some(change), _) | (None, Some(change)) => Some(change),
            (None, None) => None,
        }
    }
}

fn one_step(from: Tier, to: Tier) -> Reason<TierRule> {
    let apart = to.steps().saturating_sub(from.steps()).saturating_abs();
    Reason::new(TierRule::OneStep, Measure::Count(apart), Measure::Count(1))
}

/// Why a customer is not in `wanted` or better: the nearest change that would do it, dampening included.
///
/// That is one measure and the value it would have to reach; or, when more stands in the way, all of
/// it: somebody's word, the stay, the steps, and that measure. `None` when the customer is there
/// already. What is lacking for any judgement is named like a guard.
///
/// ```
/// use guanxi::Language;
/// use guanxi::explain::Speak;
/// use guanxi::tier::{
///     ReviewedTier, Tier, TierCalibration, TierFacts, TierPolicy, TierState, why_not,
/// };
/// use guanxi::{Currency, CustomerId, Day, Money, TenantId, Timestamp};
///
/// let policy: TierPolicy = serde_json::from_str(
///     r#"{ "basis": { "method": { "limits": { "a": 50000, "b": 10000, "on_edge": "better" } } } }"#,
/// )?;
/// let key = CustomerId::derive(TenantId::derive("example-shop"), "C-17");
/// let revenue = Money::from_minor(41_250, Currency::USD);
/// let facts = TierFacts::new(key, "2026-03-01".parse()?, revenue);
/// let ask = |state| {
///     let none = TierCalibration::default();
///     why_not(Tier::A, &facts, &state, &policy, &none, Timestamp::UNIX_EPOCH)
/// };
/// let text = |state| ask(state).map(|flip| flip.text(Language::English)).unwrap_or_default();
/// assert_eq!(
///     text(TierState::default()),
///     "It would change at: revenue 412.50 USD, turning at 500.00 USD"
/// );
///
/// // Promotion asks for 5 % more than the limit, and for 90 days in the tier.
/// let reviewed = Some(ReviewedTier { tier: Tier::B, since: "2026-02-01".parse()? });
/// assert_eq!(
///     text(TierState { reviewed, overridden: None }),
///     "Held back by: in the tier for 28 days, 90 days needed; revenue 412.50 USD, turning at \
///      525.00 USD"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn why_not(
    wanted: Tier,
    facts: &TierFacts,
    state: &TierState,
    policy: &TierPolicy,
    calibration: &TierCalibration,
    at: Timestamp,
) -> Option<Flip<TierRule>> {
    let falls_short = |tier: Tier| wanted.is_better_than(tier);
    let word = state.override_at(at);
    let mut guards = Vec::new();
    match word {
        Some(word) if falls_short(word.tier) => guards.push(overridden(&word)),
        Some(_) => return None,
        None => {}
    }
    match stand(facts, state, policy, calibration, drop) {
        Err(lacking) => {
            let stands = state.reviewed.is_some_and(|last| !falls_short(last.tier));
            if !stands {
                guards.push(lacking.reason());
            }
        }
        Ok(standing) if falls_short(standing.ladder.settle(standing.value)) => {
            standing.obstacles(wanted, facts, policy, &mut guards);
        }
        Ok(_) => {}
    }
    match guards.as_slice() {
        [] => None,
        [only] if matches!(only.rule, TierRule::Target(_)) => Some(Flip::Measure(*only)),
        _ => Some(Flip::Guards(guards)),
    }
}

impl Standing {
    /// Everything that keeps the customer out of a tier.
    fn obstacles(
        &self,
        wanted: Tier,
        facts: &TierFacts,
        policy: &TierPolicy,
        guards: &mut Vec<Reason<TierRule>>,
    ) {
        let ladder = &self.ladder;
        let least = match ladder.reviewed {
            None => ladder.plain_least(wanted),
            Some(last) if wanted.is_better_than(last.tier) => {
                if !ladder.has_dwelt() {
                    guards.push(self.dwell());
                }
                if ladder.one_step() && last.tier.better() != Some(wanted) {
                    guards.push(one_step(last.tier, wanted));
                }
                ladder.promote_least(wanted)
            }
            Some(_) => ladder.keep_least(wanted),
        };
        if least.is_some_and(|least| self.value >= least) {
            return;
        }
        let criterion = &policy.basis.criterion;
        let change =
            least.and_then(|least| criterion.nearest(facts, self.value, Goal::AtLeast(least)));
        guards.push(change.map_or_else(
            || {
                let observed = criterion.shown(facts, self.value);
                Reason::new(TierRule::OutOfReach, observed, Measure::Missing)
            },
            |change| change.reason,
        ));
    }
}
