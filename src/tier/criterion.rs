//! What tiers are judged by: one measure, or several weighed against each other.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::facts::TierFacts;
use super::policy::TierMissing;
use super::rule::TierRule;
use super::tiers::Tier;
use crate::explain::{BasisPoints, Measure, Points, Reason};
use crate::fixed::proportion;
use crate::lint::Fault;

/// What all weights must add up to.
const WHOLE: i64 = 10_000;

/// No term is larger than this, so that the sum of all of them stays in range.
const TERM_MAX: i64 = i64::MAX / 16;

/// The best value score, in thousandths of a point.
pub(super) const SCORE_MAX: i64 = 100_000;

/// A measure that tiers can be judged by.
///
/// [`TierFacts`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TierMeasure {
    /// Net revenue, what kept orders came to less what came back, in minor units of the base currency.
    NetRevenue,
    /// Contribution margin, in minor units of the base currency; given by the host.
    Margin,
    /// Kept orders.
    Orders,
    /// Days with a kept order.
    PurchaseDays,
    /// How large the customer's business is; given by the host.
    BusinessSize,
    /// The total of the value scorecard, in thousandths of a point.
    ValueScore,
}

impl TierMeasure {
    /// Every measure.
    pub const ALL: [Self; 6] = [
        Self::NetRevenue,
        Self::Margin,
        Self::Orders,
        Self::PurchaseDays,
        Self::BusinessSize,
        Self::ValueScore,
    ];

    /// The values that it can take.
    pub(super) const fn domain(self) -> RangeInclusive<i64> {
        match self {
            Self::NetRevenue | Self::Margin => i64::MIN..=i64::MAX,
            Self::Orders | Self::PurchaseDays | Self::BusinessSize => 0..=i64::MAX,
            Self::ValueScore => 0..=SCORE_MAX,
        }
    }
}

/// What a tier is judged by.
///
/// Measures of different units are made comparable by the `unit` of each, the amount that is worth one
/// point; the weights must add up to 10,000 basis points. Each term is rounded to thousandths of a
/// point, half away from zero, before it is summed.
///
/// ```
/// use guanxi::tier::{TierBasis, TierCriterion, TierFacts};
/// use guanxi::{Currency, CustomerId, Day, Money, TenantId};
///
/// // 100.00 of net revenue are worth a point, and so is an order.
/// let basis: TierBasis = serde_json::from_str(
///     r#"{ "criterion": { "weighted": [
///         { "measure": "net_revenue", "weight": 7000, "unit": 10000 },
///         { "measure": "orders", "weight": 3000, "unit": 1 }
///     ] } }"#,
/// )?;
/// let key = CustomerId::derive(TenantId::derive("example-shop"), "C-17");
/// let net_revenue = Money::from_minor(41_250, Currency::USD);
/// let mut facts = TierFacts::new(key, Day::from_ymd(2026, 3, 1)?, net_revenue);
/// facts.orders = 7;
/// // 70 % of 4.125 points, and 30 % of 7: 2.888 + 2.1, in thousandths.
/// assert_eq!(basis.value(&facts), Some(4_988));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TierCriterion {
    /// One measure, in its own unit.
    One(TierMeasure),
    /// Several, in thousandths of a point.
    Weighted(Vec<TierWeight>),
}

/// How much one measure counts.
///
/// [`TierCriterion`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TierWeight {
    /// What is measured.
    pub measure: TierMeasure,
    /// Its share of the whole.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 10_000)))]
    pub weight: BasisPoints,
    /// How much of it is worth one point, in the measure's own unit.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub unit: i64,
}

impl TierWeight {
    /// Of a policy that nobody linted, these may be anything.
    fn ratio(&self) -> (i64, i64) {
        // Thousandths of a point in basis points: a factor of ten is left over.
        (self.weight.0.clamp(0, WHOLE), self.unit.max(1).saturating_mul(10))
    }

    /// What a value adds, in thousandths of a point.
    fn term(&self, value: i64) -> i64 {
        let (weight, unit) = self.ratio();
        proportion(value, weight, unit).clamp(TERM_MAX.saturating_neg(), TERM_MAX)
    }

    /// The least value whose term is at least `needed`: [`TierWeight::term`] solved for the value.
    fn least(&self, needed: i64) -> Option<i64> {
        let (weight, unit) = self.ratio();
        let half_steps = i128::from(needed).saturating_mul(2).saturating_sub(1);
        let edge = half_steps.checked_mul(i128::from(unit))?;
        let step = i128::from(weight).saturating_mul(2);
        let whole = edge.checked_div_euclid(step)?;
        let exact = edge.checked_rem_euclid(step)? == 0;
        // A half rounds away from zero: up to `needed` above zero, away from it below.
        let enough = exact && needed > 0;
        let least = i64::try_from(if enough { whole } else { whole.checked_add(1)? }).ok()?;
        // Beyond the largest term a larger value adds nothing.
        (self.term(least) >= needed).then_some(least)
    }
}

/// A change of one measure, and how many of its units it spans.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    pub(super) reason: Reason<TierRule>,
    distance: u64,
    unit: u64,
}

impl Change {
    /// Whether this change is smaller than another, each in its own unit.
    pub(super) fn smaller_than(&self, other: &Self) -> bool {
        let across =
            |distance: u64, unit: u64| u128::from(distance).saturating_mul(u128::from(unit));
        across(self.distance, other.unit) < across(other.distance, self.unit)
    }
}

/// Which way a value is to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// Up to this value.
    AtLeast(i64),
    /// Down to below it.
    Below(i64),
}

impl Goal {
    /// The value of a measure that gets there, where `reaching` gives the least that reaches a value.
    fn of(self, reaching: impl Fn(i64) -> Option<i64>) -> Option<i64> {
        match self {
            Self::AtLeast(least) => reaching(least),
            Self::Below(least) => reaching(least)?.checked_sub(1),
        }
    }
}

impl TierCriterion {
    /// The value of the criterion, showing each term; the measure that is missing when there is none.
    pub(super) fn tally(
        &self,
        facts: &TierFacts,
        missing: TierMissing,
        mut show: impl FnMut(Reason<TierRule>),
    ) -> Result<i64, TierMeasure> {
        let known = |measure| match (facts.value(measure), missing) {
            (Some(value), _) => Ok(value),
            (None, TierMissing::Zero) => Ok(0),
            (None, TierMissing::Outside) => Err(measure),
        };
        match self {
            Self::One(measure) => known(*measure),
            Self::Weighted(weights) => weights.iter().try_fold(0_i64, |sum, weight| {
                let term = weight.term(known(weight.measure)?);
                let value = facts.value(weight.measure);
                let observed =
                    value.map_or(Measure::Missing, |value| facts.shown(weight.measure, value));
                let rule = TierRule::Measured(weight.measure);
                let reason = Reason::new(rule, observed, Measure::Share(weight.weight));
                show(reason.with_contribution(Points(term)));
                Ok(sum.saturating_add(term))
            }),
        }
    }

    /// A value of the criterion with its unit.
    pub(super) fn shown(&self, facts: &TierFacts, value: i64) -> Measure {
        match self {
            Self::One(measure) => facts.shown(*measure, value),
            Self::Weighted(_) => Measure::Points(Points(value)),
        }
    }

    /// The smallest change of one measure that takes the criterion from `value` to the goal, with the tier
    /// of the value that it comes to then. What is not known cannot change, and nothing changes to a value
    /// that it cannot take.
    pub(super) fn nearest(
        &self,
        facts: &TierFacts,
        value: i64,
        goal: Goal,
        tier_of: impl Fn(i64) -> Tier,
    ) -> Option<Change> {
        let change = |measure: TierMeasure, target: i64, unit: i64, total: i64| {
            let own = facts.value(measure)?;
            let (from, to) = (facts.shown(measure, own), facts.shown(measure, target));
            let rule = TierRule::Target { measure, tier: tier_of(total) };
            measure.domain().contains(&target).then(|| Change {
                reason: Reason::new(rule, from, to),
                distance: target.abs_diff(own),
                unit: unit.max(1).unsigned_abs(),
            })
        };
        match self {
            Self::One(measure) => {
                let target = goal.of(Some)?;
                change(*measure, target, 1, target)
            }
            Self::Weighted(weights) => {
                let mut nearest: Option<Change> = None;
                for weight in weights {
                    let Some(own) = facts.value(weight.measure) else { continue };
                    let rest = value.saturating_sub(weight.term(own));
                    let target = goal.of(|least| weight.least(least.saturating_sub(rest)));
                    let found = target.and_then(|target| {
                        let total = rest.saturating_add(weight.term(target));
                        change(weight.measure, target, weight.unit, total)
                    });
                    if let Some(found) = found
                        && nearest.as_ref().is_none_or(|nearest| found.smaller_than(nearest))
                    {
                        nearest = Some(found);
                    }
                }
                nearest
            }
        }
    }

    pub(super) fn lint(&self, path: &str) -> Vec<Fault> {
        let Self::Weighted(weights) = self else { return Vec::new() };
        let path = format!("{path}.weighted");
        let mut faults = Vec::new();
        let sum = weights.iter().fold(0_i64, |sum, weight| sum.saturating_add(weight.weight.0));
        if sum != WHOLE {
            let problem = "the weights do not add up to the whole";
            faults.push(Fault::new(path.clone(), problem, "let all weights together be 10000"));
        }
        for (place, weight) in weights.iter().enumerate() {
            if !(1..=WHOLE).contains(&weight.weight.0) {
                let problem = "a weight is a share of the whole, and more than nothing";
                let remedy = "choose 1 to 10000, or leave the measure out";
                faults.push(Fault::new(format!("{path}.{place}.weight"), problem, remedy));
            }
            if weight.unit <= 0 {
                let problem = "a point cannot be worth nothing or less";
                faults.push(Fault::new(
                    format!("{path}.{place}.unit"),
                    problem,
                    "choose at least 1",
                ));
            }
            if weights.iter().take(place).any(|earlier| earlier.measure == weight.measure) {
                let problem = "the measure is weighed twice";
                let remedy = "weigh each measure once";
                faults.push(Fault::new(format!("{path}.{place}.measure"), problem, remedy));
            }
        }
        faults
    }
}
