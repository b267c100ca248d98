//! What the business wants of tiers: the `tier` section of the policy document.

use serde::{Deserialize, Serialize};

use super::criterion::{SCORE_MAX, TierCriterion, TierMeasure};
use super::facts::TierFacts;
use crate::explain::BasisPoints;
use crate::fixed::share_up;
use crate::lint::Fault;
use crate::rank::{Inclusion, Ties};
use crate::time::Lookback;

/// The whole, in basis points.
const WHOLE: i64 = 10_000;

/// The most that a promotion may ask for above a limit: ten times the limit. Beyond that it is a mistake of
/// units, and nobody is ever promoted.
const PROMOTE_MARGIN_MAX: i64 = 10 * WHOLE;

/// The `tier` section of a policy.
///
/// ```
/// use guanxi::explain::BasisPoints;
/// use guanxi::tier::{Steps, TierPolicy};
///
/// let policy: TierPolicy = serde_json::from_str(
///     r#"{
///         "basis": {
///             "criterion": { "one": "margin" },
///             "window": { "days": 365 },
///             "method": { "limits": { "a": 500000, "b": 100000, "on_edge": "better" } }
///         },
///         "dampening": { "dwell_days_min": 30 }
///     }"#,
/// )?;
/// assert_eq!(policy.dampening.demote_margin, BasisPoints(500)); // left out: the default
/// assert_eq!(policy.dampening.steps, Steps::One);
/// assert_eq!(policy.lint("tier"), []);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TierPolicy {
    /// What is measured, and where the tiers begin.
    pub basis: TierBasis,
    /// What keeps a customer from changing tiers with every order.
    pub dampening: Dampening,
}

/// What is measured, and where the tiers begin. A calibration holds for one basis.
///
/// [`TierPolicy`] has an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TierBasis {
    /// What is measured; net revenue by default.
    pub criterion: TierCriterion,
    /// Which purchases count; all by default.
    pub window: Lookback,
    /// What it means that a measure is not known; no tier by default.
    pub missing: TierMissing,
    /// Where the tiers begin.
    pub method: TierMethod,
}

impl Default for TierBasis {
    fn default() -> Self {
        Self {
            criterion: TierCriterion::One(TierMeasure::NetRevenue),
            window: Lookback::AllTime,
            missing: TierMissing::Outside,
            method: TierMethod::default(),
        }
    }
}

impl TierBasis {
    /// The value of the criterion: in the unit of its one measure, or in thousandths of a point when
    /// several are weighed. `None` when a measure is missing and does not count as zero.
    ///
    /// [`TierCriterion`] has an example.
    #[must_use]
    pub fn value(&self, facts: &TierFacts) -> Option<i64> {
        self.criterion.tally(facts, self.missing, drop).ok()
    }
}

/// What it means that a measure of the criterion is not known.
///
/// [`TierBasis`] names the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TierMissing {
    /// The customer has no tier.
    Outside,
    /// It counts as zero.
    Zero,
}

/// Where A and B begin. C is what remains; whoever brings nothing or less is always in it.
///
/// ```
/// use guanxi::explain::BasisPoints;
/// use guanxi::rank::Ties;
/// use guanxi::tier::TierMethod;
///
/// // By default A are those before whom stand less than 80 % of all value, and B those before whom
/// // stand less than 95 %.
/// let pareto = TierMethod::ShareOfValue {
///     a: BasisPoints(8_000),
///     b: BasisPoints(9_500),
///     ties: Ties::EqualBetter,
/// };
/// assert_eq!(TierMethod::default(), pareto);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TierMethod {
    /// By the share of all positive value that stands before the customer; see
    /// [`Ranking::best_of_value`](crate::rank::Ranking::best_of_value).
    ShareOfValue {
        /// A while less than this stands before.
        #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 10_000)))]
        a: BasisPoints,
        /// B while less than this stands before.
        #[cfg_attr(feature = "schema", schemars(extend("minimum" = 2, "maximum" = 10_000)))]
        b: BasisPoints,
        /// What becomes of equals; [`Ties::EqualBetter`] by default.
        #[serde(default = "equal_better")]
        ties: Ties,
    },
    /// By the share of all customers who bring something that stands before the customer; see
    /// [`Ranking::best_of_customers`](crate::rank::Ranking::best_of_customers).
    ShareOfCustomers {
        /// A while less than this stands before.
        #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 10_000)))]
        a: BasisPoints,
        /// B while less than this stands before.
        #[cfg_attr(feature = "schema", schemars(extend("minimum" = 2, "maximum" = 10_000)))]
        b: BasisPoints,
        /// What becomes of equals; [`Ties::EqualBetter`] by default.
        #[serde(default = "equal_better")]
        ties: Ties,
    },
    /// At fixed values of the criterion.
    Limits {
        /// Where A begins.
        #[cfg_attr(feature = "schema", schemars(range(min = 2)))]
        a: i64,
        /// Where B begins.
        #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
        b: i64,
        /// The tier of a value that lies on a limit.
        on_edge: Inclusion,
    },
}

const fn equal_better() -> Ties {
    Ties::EqualBetter
}

impl Default for TierMethod {
    fn default() -> Self {
        Self::ShareOfValue { a: BasisPoints(8_000), b: BasisPoints(9_500), ties: equal_better() }
    }
}

/// What keeps a customer from changing tiers with every order. The first review is not dampened.
///
/// ```
/// use guanxi::explain::BasisPoints;
/// use guanxi::tier::{Dampening, Steps};
///
/// let default = Dampening::default();
/// assert_eq!((default.promote_margin, default.demote_margin), (BasisPoints(500), BasisPoints(500)));
/// assert_eq!((default.dwell_days_min, default.steps), (90, Steps::One));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Dampening {
    /// How far above a limit a customer must be to be promoted over it; 5 % of it by default.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 0, "maximum" = 100_000)))]
    pub promote_margin: BasisPoints,
    /// How far below a limit a customer must be to be demoted under it; 5 % of it by default.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 0, "maximum" = 9_999)))]
    pub demote_margin: BasisPoints,
    /// The least number of whole business days in a tier before it changes; 90 by default. With
    /// [`Steps::One`] at least 1: two steps are never taken on one day.
    pub dwell_days_min: u16,
    /// How far one review may move a customer; one tier by default.
    pub steps: Steps,
}

impl Default for Dampening {
    fn default() -> Self {
        let margin = BasisPoints(500);
        Self {
            promote_margin: margin,
            demote_margin: margin,
            dwell_days_min: 90,
            steps: Steps::One,
        }
    }
}

/// How far one review may move a customer.
///
/// [`Dampening`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Steps {
    /// One tier up or down, and never twice on one business day.
    One,
    /// As far as the value says.
    Any,
}

impl TierPolicy {
    /// Every fault of this section, with paths under `prefix`.
    ///
    /// ```
    /// use guanxi::explain::BasisPoints;
    /// use guanxi::tier::TierPolicy;
    ///
    /// let mut policy = TierPolicy::default();
    /// policy.dampening.demote_margin = BasisPoints(10_000);
    /// let faults = policy.lint("tier");
    /// assert_eq!(faults[0].path, "tier.dampening.demote_margin");
    /// assert_eq!(faults[0].problem, "nobody could ever be demoted");
    /// ```
    #[must_use]
    pub fn lint(&self, prefix: &str) -> Vec<Fault> {
        let basis = format!("{prefix}.basis");
        let mut faults = self.basis.criterion.lint(&format!("{basis}.criterion"));
        faults.extend(Fault::of_lookback(self.basis.window, format!("{basis}.window")));
        faults.extend(self.basis.method.lint(&format!("{basis}.method")));
        faults.extend(self.dampening.lint(&format!("{prefix}.dampening")));
        if self.basis.criterion == TierCriterion::One(TierMeasure::ValueScore) {
            self.lint_score(prefix, &mut faults);
        }
        faults
    }

    /// Fixed limits on a score that ends at 100.
    fn lint_score(&self, prefix: &str, faults: &mut Vec<Fault>) {
        let TierMethod::Limits { a, b, on_edge } = self.basis.method else { return };
        let least = |limit: i64| match on_edge {
            Inclusion::Better => limit,
            Inclusion::Worse => limit.saturating_add(1),
        };
        for (name, limit) in [("a", a), ("b", b)] {
            if least(limit) > SCORE_MAX {
                let path = format!("{prefix}.basis.method.limits.{name}");
                faults.push(Fault::new(path, "no score reaches it", "choose at most 100000"));
            }
        }
        let share = WHOLE.saturating_add(self.dampening.promote_margin.0.max(0));
        let promoted = share_up(least(a), share).is_some_and(|least| least <= SCORE_MAX);
        if least(a) <= SCORE_MAX && !promoted {
            let path = format!("{prefix}.dampening.promote_margin");
            let problem = "no score is that far above the limit, so nobody is promoted to A";
            faults.push(Fault::new(path, problem, "choose less, or a lower limit"));
        }
    }
}

impl TierMethod {
    fn lint(self, path: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut check = |sound: bool, field: &str, problem, remedy| {
            if !sound {
                faults.push(Fault::new(format!("{path}.{field}"), problem, remedy));
            }
        };
        let (name, a, b) = match self {
            Self::ShareOfValue { a, b, .. } => ("share_of_value", a.0, b.0),
            Self::ShareOfCustomers { a, b, .. } => ("share_of_customers", a.0, b.0),
            Self::Limits { a, b, .. } => {
                let problem = "nobody is above C who brings nothing, so the limit decides nothing";
                check(b > 0, "limits.b", problem, "choose more than 0");
                let problem = "A begins where B does or below it";
                check(a > b, "limits.a", problem, "choose more than b");
                return faults;
            }
        };
        let problem = "A is a share of the whole, and more than nothing";
        check((1..=WHOLE).contains(&a), &format!("{name}.a"), problem, "choose 1 to 10000");
        let problem = "B ends where A does or before it";
        let remedy = "choose more than a, and at most 10000";
        check(b > a && b <= WHOLE, &format!("{name}.b"), problem, remedy);
        faults
    }
}

impl Dampening {
    fn lint(self, path: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut check = |sound: bool, field: &str, problem, remedy| {
            if !sound {
                faults.push(Fault::new(format!("{path}.{field}"), problem, remedy));
            }
        };
        let problem = "a promotion below the limit would be taken back";
        check(self.promote_margin.0 >= 0, "promote_margin", problem, "choose at least 0");
        let within = self.promote_margin.0 <= PROMOTE_MARGIN_MAX;
        let problem = "nobody could ever be promoted";
        check(within, "promote_margin", problem, "choose at most 100000, ten times the limit");
        let problem = "a demotion above the limit would be taken back";
        check(self.demote_margin.0 >= 0, "demote_margin", problem, "choose at least 0");
        let problem = "nobody could ever be demoted";
        check(self.demote_margin.0 < WHOLE, "demote_margin", problem, "choose less than 10000");
        let stays = self.steps == Steps::Any || self.dwell_days_min > 0;
        let problem = "without a stay, one step at a time would be as many steps as reviews";
        check(stays, "dwell_days_min", problem, "choose at least 1, or let `steps` be `any`");
        faults
    }
}
