//! How much each measure of the scorecard counts, and what its values earn.

use serde::{Deserialize, Serialize};

use super::measure::ScoreMeasure;
use crate::explain::{BasisPoints, Language};
use crate::lint::Fault;
use crate::money::Currency;
use crate::scale::{POINTS_MAX, Scale};
use crate::slot::Slot;

/// What all weights must add up to.
pub(super) const WHOLE: i64 = 10_000;

/// What the default counts as the most revenue, in whole units of the currency.
const BEST_REVENUE: i64 = 1_000;

/// The minor units of most currencies, and of the default: cents.
const CENTS: u32 = 2;

/// The measures of contribution. Money is in minor units of the base currency.
///
/// ```
/// use guanxi::explain::BasisPoints;
/// use guanxi::value::ContributionWeights;
///
/// let default = ContributionWeights::default();
/// assert_eq!(default.net_revenue.map(|weight| weight.weight), Some(BasisPoints(5_000)));
/// assert_eq!((default.margin, default.cost_to_serve), (None, None));
/// assert_eq!(default.referred_revenue, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ContributionWeights {
    /// Net revenue; by default half of the score, best from 1,000 units of a currency that is divided into
    /// hundredths. [`ContributionWeights::for_currency`] has that of others.
    pub net_revenue: Option<Weight>,
    /// The margin, given by the host.
    pub margin: Option<Weight>,
    /// The cost to serve, given by the host; its scale falls.
    pub cost_to_serve: Option<Weight>,
    /// What came in from referred customers, given by the host.
    pub referred_revenue: Option<Weight>,
}

impl ContributionWeights {
    /// The default, with net revenue best from 1,000 units of that currency, whatever they are divided
    /// into. It is a number to begin with: what a good customer brings differs from business to business,
    /// and 1,000 yen are not 1,000 dollars.
    ///
    /// ```
    /// use guanxi::Currency;
    /// use guanxi::explain::Points;
    /// use guanxi::value::ContributionWeights;
    ///
    /// let points = |currency, minor| {
    ///     let weight = ContributionWeights::for_currency(currency).net_revenue.expect("a default");
    ///     weight.scale.points(minor)
    /// };
    /// let half = Points(50_000);
    /// assert_eq!(points(Currency::USD, 50_000), half); // 500.00
    /// assert_eq!(points(Currency::JPY, 500), half); // 500
    /// assert_eq!(points("KWD".parse()?, 500_000), half); // 500.000
    /// assert_eq!(ContributionWeights::for_currency(Currency::EUR), ContributionWeights::default());
    /// # Ok::<(), guanxi::MoneyError>(())
    /// ```
    #[must_use]
    pub fn for_currency(currency: Currency) -> Self {
        Self::of_minor_units(currency.minor_units())
    }

    fn of_minor_units(digits: u32) -> Self {
        let best = BEST_REVENUE.saturating_mul(10_i64.saturating_pow(digits));
        Self {
            net_revenue: Some(Weight::up_to(best, 5_000)),
            margin: None,
            cost_to_serve: None,
            referred_revenue: None,
        }
    }
}

impl Default for ContributionWeights {
    fn default() -> Self {
        Self::of_minor_units(CENTS)
    }
}

/// The measures of loyalty.
///
/// ```
/// use guanxi::explain::BasisPoints;
/// use guanxi::value::LoyaltyWeights;
///
/// let default = LoyaltyWeights::default();
/// assert_eq!(default.purchase_days.map(|weight| weight.weight), Some(BasisPoints(2_000)));
/// assert_eq!(default.tenure_days.map(|weight| weight.weight), Some(BasisPoints(1_500)));
/// assert_eq!(default.orders.map(|weight| weight.weight), Some(BasisPoints(1_500)));
/// assert_eq!(default.referrals, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LoyaltyWeights {
    /// Purchase days; by default a fifth of the score, best from 12.
    pub purchase_days: Option<Weight>,
    /// Days since the first purchase; by default 15 % of the score, best from 730.
    pub tenure_days: Option<Weight>,
    /// Kept orders; by default 15 % of the score, best from 20.
    pub orders: Option<Weight>,
    /// Referred customers, given by the host.
    pub referrals: Option<Weight>,
}

impl Default for LoyaltyWeights {
    fn default() -> Self {
        Self {
            purchase_days: Some(Weight::up_to(12, 2_000)),
            tenure_days: Some(Weight::up_to(730, 1_500)),
            orders: Some(Weight::up_to(20, 1_500)),
            referrals: None,
        }
    }
}

/// How much one measure counts.
///
/// [`ScorecardPolicy`](super::ScorecardPolicy) has an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// Its share of the score.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 10_000)))]
    pub weight: BasisPoints,
    /// What its values earn.
    pub scale: Scale,
    /// What it earns while it is not known; [`MissingMeasure::Worst`] by default.
    #[serde(default)]
    pub missing: MissingMeasure,
}

impl Weight {
    fn up_to(best: i64, weight: i64) -> Self {
        let missing = MissingMeasure::default();
        Self { weight: BasisPoints(weight), scale: Scale::up_to(best), missing }
    }

    pub(super) const fn weighed(&self) -> Weighed<'_> {
        Weighed { weight: self.weight, scale: &self.scale, missing: self.missing }
    }
}

/// One of the host's own measures: its place, its name, how to speak of it, and how much it counts.
///
/// [`ScorecardPolicy`](super::ScorecardPolicy) has an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnWeight {
    /// Its place among the facts. Must be given, and stays the same for ever.
    pub slot: Slot,
    /// The name by which the host finds it. Must be given.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,
    /// What it is called in an English sentence. Must be given.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub english: String,
    /// What it is called in a Chinese sentence. Must be given.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub chinese: String,
    /// Its share of the score.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1, "maximum" = 10_000)))]
    pub weight: BasisPoints,
    /// What its values earn.
    pub scale: Scale,
    /// What it earns while it is not known; [`MissingMeasure::Worst`] by default.
    #[serde(default)]
    pub missing: MissingMeasure,
}

impl OwnWeight {
    pub(super) const fn weighed(&self) -> Weighed<'_> {
        Weighed { weight: self.weight, scale: &self.scale, missing: self.missing }
    }

    /// What it is called in a sentence.
    pub(super) fn called(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }
}

/// What a measure earns while it is not known.
///
/// ```
/// use guanxi::value::MissingMeasure;
///
/// assert_eq!(MissingMeasure::default(), MissingMeasure::Worst);
/// let neutral: MissingMeasure = serde_json::from_str(r#"{ "points": 50 }"#)?;
/// assert_eq!(neutral, MissingMeasure::Points(50));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MissingMeasure {
    /// It is left out, and the weights of the others grow in proportion until they are the whole.
    Skip,
    /// The fewest points of its scale.
    #[default]
    Worst,
    /// So many points, from 0 to 100.
    Points(#[cfg_attr(feature = "schema", schemars(range(max = 100)))] u8),
}

/// The weight of a measure, whoever names it.
///
/// [`ScorecardPolicy`](super::ScorecardPolicy) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Weighed<'a> {
    /// Its share of the score.
    pub weight: BasisPoints,
    /// What its values earn.
    pub scale: &'a Scale,
    /// What it earns while it is not known.
    pub missing: MissingMeasure,
}

impl Weighed<'_> {
    /// Its weight. Of a policy that nobody linted, it may be anything.
    pub(super) fn share(&self) -> i64 {
        self.weight.0.clamp(0, WHOLE)
    }

    /// What it earns, in thousandths of a point; `None` when it is left out.
    pub(super) fn points(&self, value: Option<i64>) -> Option<i64> {
        match (value, self.missing) {
            (Some(value), _) => Some(self.scale.points(value).0),
            (None, MissingMeasure::Skip) => None,
            (None, MissingMeasure::Worst) => Some(self.scale.fewest().0),
            (None, MissingMeasure::Points(points)) => {
                Some(i64::from(points.min(POINTS_MAX)).saturating_mul(1_000))
            }
        }
    }

    pub(super) fn lint(&self, measure: ScoreMeasure, path: &str) -> Vec<Fault> {
        let mut faults =
            self.scale.lint(&format!("{path}.scale"), Some(measure.domain()), measure.slope());
        if !(1..=WHOLE).contains(&self.weight.0) {
            let problem = "a weight is a share of the whole, and more than nothing";
            let remedy = "choose 1 to 10000, or leave the measure out";
            faults.push(Fault::new(format!("{path}.weight"), problem, remedy));
        }
        if let MissingMeasure::Points(points) = self.missing
            && points > POINTS_MAX
        {
            let problem = "points lie between 0 and 100";
            faults.push(Fault::new(format!("{path}.missing"), problem, "choose at most 100"));
        }
        faults
    }
}
