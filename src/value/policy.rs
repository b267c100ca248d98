//! What the business wants to know about value: the `value` section of the policy document.

use serde::{Deserialize, Serialize};

use super::potential::ValueTypePolicy;
use super::rfm::RfmMeasure;
use super::scorecard::ScorecardPolicy;
use super::worth::WorthPolicy;
use crate::lint::Fault;
use crate::money::Currency;
use crate::rank::{Cut, Direction, Inclusion, Ties};
use crate::time::Lookback;

/// The fewest and the most groups of one measure; a grade is one digit.
const GROUPS: std::ops::RangeInclusive<u8> = 2..=9;

/// The most edges between bands.
const EDGES_MAX: usize = 8;

/// The `value` section of a policy.
///
/// ```
/// use guanxi::rank::Ties;
/// use guanxi::time::Lookback;
/// use guanxi::value::{RfmMethod, ValuePolicy};
///
/// let policy: ValuePolicy = serde_json::from_str(
///     r#"{
///         "rfm": {
///             "window": { "days": 365 },
///             "method": { "quantiles": { "groups": 4, "ties": "greater_key_better" } }
///         }
///     }"#,
/// )?;
/// assert_eq!(policy.rfm.window, Lookback::Days(365));
/// let by_key = RfmMethod::Quantiles { groups: 4, ties: Ties::GreaterKeyBetter };
/// assert_eq!(policy.rfm.method, by_key);
/// assert_eq!(policy.lint("value"), []);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ValuePolicy {
    /// Recency, frequency and net revenue.
    pub rfm: RfmPolicy,
    /// The weighted score.
    pub scorecard: ScorecardPolicy,
    /// Current value against potential.
    pub value_type: ValueTypePolicy,
    /// What is to be expected of a customer.
    pub worth: WorthPolicy,
}

impl ValuePolicy {
    /// The default for a base currency; see
    /// [`ContributionWeights::for_currency`](super::ContributionWeights::for_currency).
    ///
    /// ```
    /// use guanxi::Currency;
    /// use guanxi::value::ValuePolicy;
    ///
    /// assert_eq!(ValuePolicy::for_currency(Currency::USD), ValuePolicy::default());
    /// assert_eq!(ValuePolicy::for_currency(Currency::JPY).lint("value"), []);
    /// ```
    #[must_use]
    pub fn for_currency(currency: Currency) -> Self {
        Self { scorecard: ScorecardPolicy::for_currency(currency), ..Self::default() }
    }

    /// Every fault of this section, with paths under `prefix`.
    ///
    /// ```
    /// use guanxi::value::{RfmMethod, ValuePolicy};
    ///
    /// let mut policy = ValuePolicy::default();
    /// if let RfmMethod::Quantiles { groups, .. } = &mut policy.rfm.method {
    ///     *groups = 10;
    /// }
    /// let faults = policy.lint("value");
    /// assert_eq!(faults[0].path, "value.rfm.method.quantiles.groups");
    /// assert_eq!(faults[0].remedy, "choose 2 to 9");
    /// ```
    #[must_use]
    pub fn lint(&self, prefix: &str) -> Vec<Fault> {
        let mut faults = self.rfm.lint(&format!("{prefix}.rfm"));
        faults.extend(self.scorecard.lint(&format!("{prefix}.scorecard")));
        faults.extend(self.value_type.lint(&format!("{prefix}.value_type")));
        faults.extend(self.worth.lint(&format!("{prefix}.worth")));
        faults
    }
}

/// How recency, frequency and net revenue are graded.
///
/// [`ValuePolicy`] has an example.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RfmPolicy {
    /// Which purchases count; all by default.
    pub window: Lookback,
    /// By groups of the base, or by fixed bands.
    pub method: RfmMethod,
}

/// Where one grade ends and the next begins. The best grade is the highest.
///
/// ```
/// use guanxi::rank::Ties;
/// use guanxi::value::RfmMethod;
///
/// // Five groups by default. Equals stand together, in the worse group: with most of a base having
/// // bought once, buying once does not earn the better grades.
/// let default = RfmMethod::Quantiles { groups: 5, ties: Ties::EqualWorse };
/// assert_eq!(RfmMethod::default(), default);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RfmMethod {
    /// Groups of equal size, measured on the base; see [`Ranking::tiles`](crate::rank::Ranking::tiles).
    Quantiles {
        /// How many groups each measure has, 2 to 9; 5 by default.
        #[serde(default = "five")]
        #[cfg_attr(feature = "schema", schemars(range(min = 2, max = 9)))]
        groups: u8,
        /// What becomes of equals; [`Ties::EqualWorse`] by default.
        #[serde(default = "equal_worse")]
        ties: Ties,
    },
    /// Fixed bands, the same for every base.
    Bands {
        /// In days since the last purchase day.
        recency: Bands,
        /// In purchase days.
        frequency: Bands,
        /// In minor units of the base currency.
        monetary: Bands,
    },
}

const fn five() -> u8 {
    5
}

const fn equal_worse() -> Ties {
    Ties::EqualWorse
}

impl Default for RfmMethod {
    fn default() -> Self {
        Self::Quantiles { groups: five(), ties: equal_worse() }
    }
}

/// The edges between bands, in ascending order, and where a value on an edge belongs.
///
/// ```
/// use guanxi::value::{RfmMethod, RfmPolicy};
///
/// let policy: RfmPolicy = serde_json::from_str(
///     r#"{ "method": { "bands": {
///         "recency": { "edges": [30, 90, 365], "on_edge": "better" },
///         "frequency": { "edges": [2, 5, 12], "on_edge": "better" },
///         "monetary": { "edges": [10000, 50000, 200000], "on_edge": "worse" }
///     } } }"#,
/// )?;
/// assert_eq!(policy.lint("rfm"), []);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// The edges, in ascending order whichever end is the good one; one edge makes two bands.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 8)))]
    pub edges: Vec<i64>,
    /// The band of a value that lies on an edge.
    pub on_edge: Inclusion,
}

impl Bands {
    /// The edge number `place` from the worst band up.
    pub(super) fn cut(&self, direction: Direction, place: usize) -> Option<Cut> {
        let edge = match direction {
            Direction::MoreIsBetter => self.edges.get(place),
            Direction::LessIsBetter => self.edges.iter().rev().nth(place),
        };
        edge.map(|value| Cut { value: *value, edge: self.on_edge.edge() })
    }

    fn lint(&self, measure: RfmMeasure, path: &str) -> Vec<Fault> {
        let path = format!("{path}.edges");
        let mut faults = Vec::new();
        for (place, edge) in self.edges.iter().enumerate() {
            if !measure.can_be(*edge) {
                let path = format!("{path}.{place}");
                faults.push(Fault::new(path, "no such value can be", "choose at least 0"));
            }
        }
        if self.edges.is_empty() {
            let problem = "without an edge everybody has the same grade";
            faults.push(Fault::new(path.clone(), problem, "give at least 1 edge"));
        }
        if self.edges.len() > EDGES_MAX {
            let problem = "more bands than a grade of one digit can name";
            faults.push(Fault::new(path.clone(), problem, "give at most 8 edges"));
        }
        if !self.edges.is_sorted_by(|one, next| one < next) {
            let problem = "the edges are not in ascending order, or one comes twice";
            faults.push(Fault::new(path, problem, "order the edges and give each once"));
        }
        faults
    }
}

impl RfmPolicy {
    /// Every fault of this section, with paths under `prefix`.
    ///
    /// [`ValuePolicy::lint`] has an example.
    #[must_use]
    pub fn lint(&self, prefix: &str) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            Fault::of_lookback(self.window, format!("{prefix}.window")).into_iter().collect();
        match &self.method {
            RfmMethod::Quantiles { groups, .. } => {
                if !GROUPS.contains(groups) {
                    let path = format!("{prefix}.method.quantiles.groups");
                    let problem = "not a number of groups that grades of one digit can name";
                    faults.push(Fault::new(path, problem, "choose 2 to 9"));
                }
            }
            RfmMethod::Bands { recency, frequency, monetary } => {
                for (measure, name, bands) in [
                    (RfmMeasure::Recency, "recency", recency),
                    (RfmMeasure::Frequency, "frequency", frequency),
                    (RfmMeasure::Monetary, "monetary", monetary),
                ] {
                    faults.extend(bands.lint(measure, &format!("{prefix}.method.bands.{name}")));
                }
            }
        }
        faults
    }

    pub(super) fn ties(&self) -> Ties {
        match &self.method {
            RfmMethod::Quantiles { ties, .. } => *ties,
            RfmMethod::Bands { .. } => equal_worse(),
        }
    }

    pub(super) fn bands(&self, measure: RfmMeasure) -> Option<&Bands> {
        match (&self.method, measure) {
            (RfmMethod::Quantiles { .. }, _) => None,
            (RfmMethod::Bands { recency, .. }, RfmMeasure::Recency) => Some(recency),
            (RfmMethod::Bands { frequency, .. }, RfmMeasure::Frequency) => Some(frequency),
            (RfmMethod::Bands { monetary, .. }, RfmMeasure::Monetary) => Some(monetary),
        }
    }
}
