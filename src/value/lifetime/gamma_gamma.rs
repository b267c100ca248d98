//! The Gamma-Gamma model of spending.

use serde::{Deserialize, Serialize};

use super::error::{FitError, ParameterError};
use super::fit::{Boundary, Fit, FitOptions, Search};
use super::spending::{Spenders, Spending};
use super::spending_likelihood::{self, Likelihood};
use crate::special::{Limit, Sum};

/// The Gamma-Gamma model of what a purchase comes to (Colombo and Jiang 1999, Journal of Interactive Marketing
/// 13(3), 2-12; Fader and Hardie 2013, "The Gamma-Gamma model of monetary value",
/// <http://www.brucehardie.com/notes/025/>).
///
/// A customer's purchases vary around a mean of its own by a gamma distribution of shape `p` and rate `nu`, and
/// `nu` varies among customers by a gamma distribution of shape `q` and rate `v`. The model takes how much one
/// spends to have nothing to do with how often.
///
/// `p` and `q` are pure numbers; `v` is an amount, in the unit of money of the data. Means in another unit
/// scale `v` and every prediction, and nothing else.
///
/// ```
/// use guanxi::value::lifetime::{GammaGamma, Spending};
///
/// // CDNOW, as published.
/// let model = GammaGamma::new(6.25, 3.74, 15.44)?;
/// let once = Spending::new(1, 15.0)?;
/// let often = Spending::new(29, 15.0)?;
/// // The rarer the purchases, the nearer the expectation to that of the base.
/// assert_eq!(model.population_mean().map(f64::round), Some(35.0));
/// assert_eq!(model.expected_spend(&once).map(f64::round), Some(21.0));
/// assert_eq!(model.expected_spend(&often).map(f64::round), Some(15.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parameters", into = "Parameters")]
pub struct GammaGamma {
    p: f64,
    q: f64,
    v: f64,
}

/// As written: every number is a possible one, until it is checked.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    p: f64,
    q: f64,
    v: f64,
}

impl TryFrom<Parameters> for GammaGamma {
    type Error = ParameterError;

    fn try_from(Parameters { p, q, v }: Parameters) -> Result<Self, ParameterError> {
        Self::new(p, q, v)
    }
}

impl From<GammaGamma> for Parameters {
    fn from(GammaGamma { p, q, v }: GammaGamma) -> Self {
        Self { p, q, v }
    }
}

/// Where a likelihood may have its supremum, by the logarithms of `p`, `q` and `v`.
const LIMITS: [Limit<3, Boundary>; 2] = [
    Limit { name: Boundary::EqualSpending, direction: [0.0, 1.0, 1.0] },
    Limit { name: Boundary::ConstantSpending, direction: [1.0, 0.0, -1.0] },
];

/// A large base is searched on one of so many customers first, if those are enough to come near.
const THINNED_BY: usize = 16;
const THINNED_MIN: u64 = 2_000;

impl GammaGamma {
    /// Its name, as programs write it.
    pub const NAME: &'static str = "gamma_gamma";

    /// The model with these parameters.
    ///
    /// # Errors
    ///
    /// [`ParameterError`] unless each is positive and finite.
    pub fn new(p: f64, q: f64, v: f64) -> Result<Self, ParameterError> {
        for (name, value) in [("p", p), ("q", q), ("v", v)] {
            ParameterError::check(name, value)?;
        }
        Ok(Self { p, q, v })
    }

    /// The shape of one customer's purchases: the greater, the less they vary.
    #[must_use]
    pub const fn p(&self) -> f64 {
        self.p
    }

    /// The shape of the rates among customers: the greater, the less customers differ.
    #[must_use]
    pub const fn q(&self) -> f64 {
        self.q
    }

    /// The rate of the rates, an amount in the unit of money of the data.
    #[must_use]
    pub const fn v(&self) -> f64 {
        self.v
    }

    /// The parameters by their names in the papers, in their order.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![("p", self.p), ("q", self.q), ("v", self.v)]
    }

    /// Finds the parameters under which the base is likeliest.
    ///
    /// A [`Boundary`] in the report says that the data does not tell the model from a simpler one:
    /// [`Boundary::EqualSpending`] or [`Boundary::ConstantSpending`]; what is expected of customers is right all
    /// the same.
    ///
    /// ```
    /// use guanxi::value::lifetime::{GammaGamma, Spenders, Spending};
    ///
    /// let rows = [(1, 12.5), (1, 20.0), (1, 31.0), (2, 17.5), (2, 44.0), (3, 35.0), (5, 21.0), (8, 66.0)];
    /// let base = rows.iter().map(|(purchases, mean)| Spending::new(*purchases, *mean));
    /// let base: Spenders = base.collect::<Result<_, _>>()?;
    /// let fit = GammaGamma::fit(&base)?;
    /// assert_eq!((fit.report.customers, fit.report.boundary), (8, None));
    /// assert!((fit.report.log_likelihood - fit.model.log_likelihood(&base)).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`FitError::NoCustomers`] for an empty base; [`FitError::TooFewDistinct`] when all means are equal, which a
    /// base without any variation explains ever better; [`FitError::OutOfRange`] and [`FitError::NotConverged`]
    /// when the amounts are beyond what can be computed with.
    pub fn fit(spenders: &Spenders) -> Result<Fit<Self>, FitError> {
        Self::fit_with(spenders, FitOptions::default())
    }

    /// [`fit`](Self::fit) with options. The sums take too little time to be shared among threads.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit).
    pub fn fit_with(spenders: &Spenders, options: FitOptions) -> Result<Fit<Self>, FitError> {
        let mut means = spenders.classes().flat_map(|(_, means)| [means.first(), means.last()]);
        let first = means.next().flatten().ok_or(FitError::NoCustomers)?;
        if means.flatten().all(|mean| mean == first) {
            return Err(FitError::TooFewDistinct { distinct: 1, parameters: 3 });
        }
        let likelihood = Likelihood::of(spenders);
        let search = Search {
            names: ["p", "q", "v"],
            starts: likelihood.starts(),
            limits: &LIMITS,
            customers: spenders.customers(),
            penalty: options.penalty,
        };
        let thinned = spenders.thinned(THINNED_BY);
        let ([p, q, v], mut report) = if thinned.customers() < THINNED_MIN {
            search.run(|at| likelihood.at(at))?
        } else {
            let rough = Likelihood::of(&thinned);
            search.run_refined(|at| rough.at(at), |at| likelihood.at(at))?
        };
        report.log_likelihood -= likelihood.ln_means();
        let model = Self::new(p, q, v).map_err(|_| FitError::OutOfRange)?;
        Ok(Fit { model, report })
    }

    /// The logarithm of the likelihood of one customer's mean: equation 1a of Fader and Hardie (2013). It is of a
    /// density, by the unit of money of the data.
    #[must_use]
    pub fn log_likelihood_of(&self, customer: &Spending) -> f64 {
        spending_likelihood::of_one([self.p, self.q, self.v], customer)
    }

    /// The logarithm of the likelihood of a base.
    #[must_use]
    pub fn log_likelihood(&self, spenders: &Spenders) -> f64 {
        spenders.iter().map(|customer| self.log_likelihood_of(&customer)).collect::<Sum>().value()
    }

    /// What a purchase of the customer comes to, in expectation, in the unit of money of the data: the mean of
    /// the base and the customer's own, weighed by how often it bought, `p (v + x m) / (p x + q - 1)`
    /// (equation 5 of Fader and Hardie 2013).
    ///
    /// `None` where that expectation is infinite, which it is unless `p x + q` is above 1.
    #[must_use]
    pub fn expected_spend(&self, customer: &Spending) -> Option<f64> {
        let x = f64::from(customer.purchases());
        let weight = self.p / (self.p * x + (self.q - 1.0));
        finite_amount(weight * self.v + weight * x * customer.mean())
    }

    /// What a purchase of a customer of whom nothing is known comes to, in expectation, in the unit of money of
    /// the data: `p v / (q - 1)` (equation 3 of Fader and Hardie 2013).
    ///
    /// `None` where that is infinite, which it is unless `q` is above 1.
    #[must_use]
    pub fn population_mean(&self) -> Option<f64> {
        finite_amount(self.p / (self.q - 1.0) * self.v)
    }
}

/// A negative amount is what the formulas give beyond their poles.
fn finite_amount(amount: f64) -> Option<f64> {
    (amount > 0.0 && amount.is_finite()).then_some(amount)
}
