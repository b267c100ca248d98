//! What the scorecard weighs: the `scorecard` section of the value policy.

use serde::{Deserialize, Serialize};

use super::facts::GIVEN_MEASURES_MAX;
use super::scale::{POINTS_MAX, Scale};
use crate::explain::BasisPoints;
use crate::lint::Fault;
use crate::time::Lookback;

/// What all weights must add up to.
const WHOLE: i64 = 10_000;

/// The weighted score of a customer: contribution, loyalty, and the host's own measures.
///
/// All weights together must add up to 10,000 basis points. A measure without a weight does not count.
///
/// ```
/// use guanxi::explain::BasisPoints;
/// use guanxi::value::{ScoreMeasure, ScorecardPolicy};
///
/// let policy: ScorecardPolicy = serde_json::from_str(
///     r#"{
///         "contribution": {
///             "net_spend": null,
///             "margin": {
///                 "weight": 6000,
///                 "scale": [{ "at": 0, "points": 0 }, { "at": 500000, "points": 100 }],
///                 "missing": "skip"
///             }
///         },
///         "loyalty": { "orders": null, "tenure_days": null },
///         "given": [{
///             "name": "cooperation",
///             "weight": 2000,
///             "scale": [{ "at": 1, "points": 0 }, { "at": 5, "points": 100 }],
///             "missing": { "points": 50 }
///         }]
///     }"#,
/// )?;
/// let weights: Vec<_> =
///     policy.weights().map(|(measure, weight)| (measure, weight.weight)).collect();
/// assert_eq!(
///     weights,
///     [
///         (ScoreMeasure::Margin, BasisPoints(6_000)),
///         (ScoreMeasure::PurchaseDays, BasisPoints(2_000)), // left out: the default
///         (ScoreMeasure::Given(0), BasisPoints(2_000)),
///     ]
/// );
/// assert_eq!(policy.given_place("cooperation"), Some(0));
/// assert_eq!(policy.lint("scorecard"), []);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScorecardPolicy {
    /// Which purchases count; all by default.
    pub window: Lookback,
    /// What the customer brings.
    pub contribution: ContributionWeights,
    /// How attached the customer is.
    pub loyalty: LoyaltyWeights,
    /// The host's own measures, at most [`GIVEN_MEASURES_MAX`]; none by default.
    pub given: Vec<GivenWeight>,
}

/// The measures of contribution. Money is in minor units of the base currency.
///
/// ```
/// use guanxi::explain::BasisPoints;
/// use guanxi::value::ContributionWeights;
///
/// let default = ContributionWeights::default();
/// assert_eq!(default.net_spend.map(|weight| weight.weight), Some(BasisPoints(5_000)));
/// assert_eq!((default.margin, default.cost_to_serve, default.referred_spend), (None, None, None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContributionWeights {
    /// Net spend; by default half of the score, best from 100,000 minor units.
    pub net_spend: Option<Weight>,
    /// The margin, given by the host.
    pub margin: Option<Weight>,
    /// The cost to serve, given by the host; its scale falls.
    pub cost_to_serve: Option<Weight>,
    /// What referred customers spent, given by the host.
    pub referred_spend: Option<Weight>,
}

impl Default for ContributionWeights {
    fn default() -> Self {
        Self {
            net_spend: Some(Weight::up_to(100_000, 5_000)),
            margin: None,
            cost_to_serve: None,
            referred_spend: None,
        }
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
/// [`ScorecardPolicy`] has an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// Its share of the score.
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
}

/// One of the host's own measures.
///
/// [`ScorecardPolicy`] has an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenWeight {
    /// What the host calls it.
    pub name: String,
    /// Its share of the score.
    pub weight: BasisPoints,
    /// What its values earn.
    pub scale: Scale,
    /// What it earns while it is not known; [`MissingMeasure::Worst`] by default.
    #[serde(default)]
    pub missing: MissingMeasure,
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
#[serde(rename_all = "snake_case")]
pub enum MissingMeasure {
    /// It is left out, and the weights of the others grow in proportion until they are the whole.
    Skip,
    /// The least points of its scale.
    #[default]
    Worst,
    /// So many points, from 0 to 100.
    Points(u8),
}

/// A measure of the scorecard.
///
/// ```
/// use guanxi::value::{ScoreMeasure, ScorePart};
///
/// assert_eq!(ScoreMeasure::Margin.part(), ScorePart::Contribution);
/// assert_eq!(ScoreMeasure::Referrals.part(), ScorePart::Loyalty);
/// assert_eq!(ScoreMeasure::Given(0).part(), ScorePart::Given);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScoreMeasure {
    /// What kept orders came to, less what came back.
    NetSpend,
    /// What was earned.
    Margin,
    /// What it cost to serve the customer.
    CostToServe,
    /// What referred customers spent.
    ReferredSpend,
    /// Days with a kept order.
    PurchaseDays,
    /// Days since the first purchase.
    TenureDays,
    /// Kept orders.
    Orders,
    /// Referred customers.
    Referrals,
    /// The host's own, by its place in [`ScorecardPolicy::given`], the first being 0.
    Given(u8),
}

/// The part of the score that a measure belongs to.
///
/// [`ScoreMeasure`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScorePart {
    /// What the customer brings.
    Contribution,
    /// How attached the customer is.
    Loyalty,
    /// The host's own measures.
    Given,
}

impl ScoreMeasure {
    /// The part of the score that it belongs to.
    #[must_use]
    pub const fn part(self) -> ScorePart {
        match self {
            Self::NetSpend | Self::Margin | Self::CostToServe | Self::ReferredSpend => {
                ScorePart::Contribution
            }
            Self::PurchaseDays | Self::TenureDays | Self::Orders | Self::Referrals => {
                ScorePart::Loyalty
            }
            Self::Given(_) => ScorePart::Given,
        }
    }
}

/// The weight of a measure, whoever names it.
///
/// [`ScorecardPolicy`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighed<'a> {
    /// Its share of the score.
    pub weight: BasisPoints,
    /// What its values earn.
    pub scale: &'a Scale,
    /// What it earns while it is not known.
    pub missing: MissingMeasure,
}

impl ScorecardPolicy {
    /// Every measure that counts, contribution first and the host's own last.
    ///
    /// [`ScorecardPolicy`] has an example.
    pub fn weights(&self) -> impl Iterator<Item = (ScoreMeasure, Weighed<'_>)> {
        let named = self.named().into_iter().filter_map(|(measure, _, weight)| {
            let Weight { weight, scale, missing } = weight.as_ref()?;
            Some((measure, Weighed { weight: *weight, scale, missing: *missing }))
        });
        let given = (0_u8..).zip(self.given.iter().take(GIVEN_MEASURES_MAX)).map(
            |(place, GivenWeight { weight, scale, missing, .. })| {
                let weighed = Weighed { weight: *weight, scale, missing: *missing };
                (ScoreMeasure::Given(place), weighed)
            },
        );
        named.chain(given)
    }

    /// The place of the host's own measure of that name, in the policy and in
    /// [`ScoreFacts::given`](super::ScoreFacts::given).
    ///
    /// [`ScorecardPolicy`] has an example.
    #[must_use]
    pub fn given_place(&self, name: &str) -> Option<usize> {
        self.given.iter().position(|given| given.name == name)
    }

    fn named(&self) -> [(ScoreMeasure, &'static str, &Option<Weight>); 8] {
        let (contribution, loyalty) = (&self.contribution, &self.loyalty);
        [
            (ScoreMeasure::NetSpend, "contribution.net_spend", &contribution.net_spend),
            (ScoreMeasure::Margin, "contribution.margin", &contribution.margin),
            (ScoreMeasure::CostToServe, "contribution.cost_to_serve", &contribution.cost_to_serve),
            (
                ScoreMeasure::ReferredSpend,
                "contribution.referred_spend",
                &contribution.referred_spend,
            ),
            (ScoreMeasure::PurchaseDays, "loyalty.purchase_days", &loyalty.purchase_days),
            (ScoreMeasure::TenureDays, "loyalty.tenure_days", &loyalty.tenure_days),
            (ScoreMeasure::Orders, "loyalty.orders", &loyalty.orders),
            (ScoreMeasure::Referrals, "loyalty.referrals", &loyalty.referrals),
        ]
    }

    /// Every fault of this section, with paths under `prefix`.
    ///
    /// ```
    /// use guanxi::value::ScorecardPolicy;
    ///
    /// let mut policy = ScorecardPolicy::default();
    /// policy.loyalty.orders = None;
    /// let faults = policy.lint("value.scorecard");
    /// assert_eq!(
    ///     faults[0].to_string(),
    ///     "value.scorecard: the weights do not add up to the whole; let all weights together be 10000"
    /// );
    /// ```
    #[must_use]
    pub fn lint(&self, prefix: &str) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            Fault::of_lookback(self.window, format!("{prefix}.window")).into_iter().collect();
        let sum =
            self.weights().fold(0_i64, |sum, (_, weighed)| sum.saturating_add(weighed.weight.0));
        if sum != WHOLE {
            let problem = "the weights do not add up to the whole";
            faults.push(Fault::new(prefix, problem, "let all weights together be 10000"));
        }
        for (measure, weighed) in self.weights() {
            faults.extend(weighed.lint(&format!("{prefix}.{}", self.path(measure))));
        }
        self.lint_given(prefix, &mut faults);
        faults
    }

    fn path(&self, measure: ScoreMeasure) -> String {
        match measure {
            ScoreMeasure::Given(place) => format!("given.{place}"),
            ScoreMeasure::NetSpend
            | ScoreMeasure::Margin
            | ScoreMeasure::CostToServe
            | ScoreMeasure::ReferredSpend
            | ScoreMeasure::PurchaseDays
            | ScoreMeasure::TenureDays
            | ScoreMeasure::Orders
            | ScoreMeasure::Referrals => {
                let named = self.named().into_iter().find(|(named, _, _)| *named == measure);
                named.map_or("", |(_, path, _)| path).to_owned()
            }
        }
    }

    fn lint_given(&self, prefix: &str, faults: &mut Vec<Fault>) {
        if self.given.len() > GIVEN_MEASURES_MAX {
            let problem = "more measures of one's own than the scorecard holds";
            faults.push(Fault::new(format!("{prefix}.given"), problem, "give at most 8"));
        }
        for (place, given) in self.given.iter().enumerate() {
            let path = format!("{prefix}.given.{place}.name");
            if given.name.trim().is_empty() {
                let problem = "without a name the host cannot give the measure";
                faults.push(Fault::new(path, problem, "name it"));
            } else if self.given_place(&given.name) != Some(place) {
                let problem = "another measure has this name";
                faults.push(Fault::new(path, problem, "give each measure a name of its own"));
            }
        }
    }
}

impl Weighed<'_> {
    fn lint(&self, path: &str) -> Vec<Fault> {
        let mut faults = self.scale.lint(&format!("{path}.scale"));
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
