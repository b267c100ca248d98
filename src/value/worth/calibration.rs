//! How a whole base buys: the `worth` section of a value calibration.

use serde::{Deserialize, Serialize};

use super::answer::WorthLack;
use super::facts::WorthFacts;
use super::policy::{WorthModel, WorthPolicy};
use crate::time::Day;
use crate::value::lifetime::{
    AnyRepeatModel, Boundary, BuyersRow, Days, Fit, FitError, FitReport, GammaGamma, MbgNbd,
    ParetoNbd, RepeatBuyers, RepeatBuying, RepeatModel, Spenders, Spending,
};

/// The models of buying and spending that were fitted to a base, with their date and data.
///
/// ```
/// use guanxi::value::{Fitted, WorthBase, WorthCalibration, WorthLack, WorthPolicy};
///
/// // Nobody bought anything, so there is nothing to learn from.
/// let base = WorthBase::default();
/// let calibration = base.calibration(&WorthPolicy::default(), "2026-03-12".parse()?);
/// assert_eq!(calibration.buying, Fitted::Lacking(WorthLack::TooFew));
/// assert_eq!(calibration.through, Some("2026-03-12".parse()?));
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WorthCalibration {
    /// The day until whose end purchases were looked at; `None` when no base was measured.
    pub through: Option<Day>,
    /// How customers buy and leave.
    pub buying: Fitted<AnyRepeatModel<Days>>,
    /// What repeat purchases come to, in minor units of the base's currency.
    pub spending: Fitted<GammaGamma>,
}

// Every number in it is finite, so equality is reflexive.
impl Eq for WorthCalibration {}

/// A model that was fitted to a base, or why there is none.
///
/// [`WorthCalibration`] has an example.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fitted<M> {
    /// The model.
    By(FittedModel<M>),
    /// There is none.
    Lacking(WorthLack),
}

/// A model that was fitted to a base, and what it was fitted to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FittedModel<M> {
    /// The model with its parameters.
    pub model: M,
    /// The customers it was fitted to.
    pub customers: u64,
    /// The logarithm of the likelihood of what they did.
    pub log_likelihood: f64,
    /// The standard errors of the parameters, in their order; empty at a boundary.
    pub standard_errors: Vec<f64>,
    /// The limit of the model that explains the base as well, where the data does not tell a parameter.
    pub boundary: Option<Boundary>,
}

impl<M> Default for Fitted<M> {
    fn default() -> Self {
        Self::Lacking(WorthLack::TooFew)
    }
}

impl<M> Fitted<M> {
    /// The model; `None` when there is none.
    pub const fn model(&self) -> Option<&M> {
        match self {
            Self::By(fitted) => Some(&fitted.model),
            Self::Lacking(_) => None,
        }
    }

    fn of(fit: Fit<M>) -> Self {
        let FitReport { customers, log_likelihood, parameters, boundary, .. } = fit.report;
        let errors = parameters.iter().map(|estimate| estimate.standard_error);
        let standard_errors = errors.collect::<Option<Vec<f64>>>().unwrap_or_default();
        Self::By(FittedModel {
            model: fit.model,
            customers,
            log_likelihood,
            standard_errors: finite(standard_errors),
            boundary,
        })
    }
}

/// A document has no numbers but finite ones.
fn finite(errors: Vec<f64>) -> Vec<f64> {
    if errors.iter().all(|error| error.is_finite()) { errors } else { Vec::new() }
}

/// A base while it is collected, one customer at a time, in any order: some 40 bytes for each.
///
/// Parts of a base that were collected apart are [merged](Self::merge); what they tell is the same to the
/// last bit.
///
/// [`WorthCalibration`] has an example.
#[derive(Debug, Clone, Default)]
pub struct WorthBase {
    buying: Vec<RepeatBuying<Days>>,
    spending: Vec<Spending>,
}

impl WorthBase {
    /// Takes in one customer; once each. Who bought nothing yet is not part of it.
    pub fn add(&mut self, facts: &WorthFacts) {
        self.buying.extend(facts.buying());
        self.spending.extend(facts.spending());
    }

    /// Takes in the customers of another part.
    pub fn merge(&mut self, other: Self) {
        self.buying.extend(other.buying);
        self.spending.extend(other.spending);
    }

    /// What the base tells, of purchases until the end of a day.
    #[must_use]
    pub fn calibration(&self, policy: &WorthPolicy, through: Day) -> WorthCalibration {
        let buyers: RepeatBuyers<Days> = self.buying.iter().copied().collect();
        let spenders: Spenders = self.spending.iter().copied().collect();
        WorthCalibration {
            through: Some(through),
            buying: buying(&buyers, policy.model),
            spending: GammaGamma::fit(&spenders)
                .map_or_else(|error| Fitted::Lacking(error.into()), Fitted::of),
        }
    }
}

fn buying(buyers: &RepeatBuyers<Days>, model: WorthModel) -> Fitted<AnyRepeatModel<Days>> {
    let mbgnbd = || MbgNbd::fit(buyers).map(|fit| fit.map(AnyRepeatModel::MbgNbd));
    let pareto = || ParetoNbd::fit(buyers).map(|fit| fit.map(AnyRepeatModel::ParetoNbd));
    let fit = match model {
        WorthModel::MbgNbd => left(mbgnbd(), buyers),
        WorthModel::ParetoNbd => left(pareto(), buyers),
        WorthModel::Best => match (left(mbgnbd(), buyers), left(pareto(), buyers)) {
            (Ok(one), Ok(other)) if other.report.aic() < one.report.aic() => Ok(other),
            (Ok(one), _) => Ok(one),
            (Err(_), Ok(other)) => Ok(other),
            (Err(lack), Err(_)) => Err(lack),
        },
    };
    fit.map_or_else(Fitted::Lacking, Fitted::of)
}

/// A model to which nobody ever left says nothing of who did.
fn left(
    fit: Result<Fit<AnyRepeatModel<Days>>, FitError>,
    buyers: &RepeatBuyers<Days>,
) -> Result<Fit<AnyRepeatModel<Days>>, WorthLack> {
    let fit = fit?;
    let sure = |row: &BuyersRow<Days>| fit.model.p_alive(&row.buying) > SURELY;
    if buyers.rows().iter().all(sure) {
        return Err(WorthLack::NobodyLeft);
    }
    Ok(fit)
}

/// A chance beyond this is as good as certain.
const SURELY: f64 = 1.0 - 1e-6;

impl From<FitError> for WorthLack {
    fn from(error: FitError) -> Self {
        match error {
            FitError::NoCustomers | FitError::NoTime | FitError::TooFewDistinct { .. } => {
                Self::TooFew
            }
            FitError::NothingRepeats => Self::NobodyRepeats,
            FitError::OutOfRange | FitError::NotConverged { .. } => Self::NoFit,
        }
    }
}
