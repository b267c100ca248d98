//! Why one customer is not in a better tier.

use super::calibration::TierCalibration;
use super::criterion::Goal;
use super::facts::TierFacts;
use super::policy::TierPolicy;
use super::review::{Standing, one_step, overridden, stand};
use super::rule::TierRule;
use super::state::TierState;
use super::tiers::Tier;
use crate::calibrated::Calibrated;
use crate::explain::{Flip, Measure, Reason};
use crate::time::Timestamp;

/// Why a customer is not in `wanted` or better: the nearest change that would do it, dampening included.
///
/// That is one measure, the value it would have to reach, and the tier that it would be; or, when more stands
/// in the way, all of it: an override, the stay, the steps, and that measure. `None` when the customer is there
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
/// let net_revenue = Money::from_minor(41_250, Currency::USD);
/// let facts = TierFacts::new(key, "2026-03-01".parse()?, net_revenue);
/// let ask = |state| {
///     let none = TierCalibration::default();
///     why_not(Tier::A, &facts, &state, &policy, &none, Timestamp::UNIX_EPOCH)
/// };
/// let text = |state| ask(state).map(|flip| flip.text(Language::English)).unwrap_or_default();
/// assert_eq!(
///     text(TierState::default()),
///     "It would change at: A at net revenue 500.00 USD instead of 412.50 USD"
/// );
///
/// // Promotion asks for 5 % more than the limit, and for 90 days in the tier.
/// let reviewed = ReviewedTier::new(Tier::B, "2026-02-01".parse()?);
/// assert_eq!(
///     text(TierState::default().with_reviewed(reviewed)),
///     "Held back by: in the tier for 28 days, 90 days needed; A at net revenue 525.00 USD instead of \
///      412.50 USD"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn why_not<'c>(
    wanted: Tier,
    facts: &TierFacts,
    state: &TierState,
    policy: &TierPolicy,
    calibration: impl Into<Calibrated<'c, TierCalibration>>,
    at: Timestamp,
) -> Option<Flip<TierRule>> {
    let falls_short = |tier: Tier| wanted.is_better_than(tier);
    let mut guards = Vec::new();
    match state.override_at(at) {
        Some(override_) if falls_short(override_.tier) => guards.push(overridden(&override_)),
        Some(_) => return None,
        None => {}
    }
    match stand(facts, state, policy, calibration.into()) {
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
        [only] if matches!(only.rule, TierRule::Target { .. }) => Some(Flip::Measure(*only)),
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
        // A change may carry further than was asked; what else stands in the way is to be gone by then.
        let alone = guards.is_empty();
        let tier_of = |value| if alone { ladder.settle(value) } else { wanted };
        let change = least
            .and_then(|least| criterion.nearest(facts, self.value, Goal::AtLeast(least), tier_of));
        guards.push(change.map_or_else(
            || {
                let observed = criterion.shown(facts, self.value);
                Reason::new(TierRule::OutOfReach, observed, Measure::Missing)
            },
            |change| change.reason,
        ));
    }
}
