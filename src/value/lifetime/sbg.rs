//! The shifted beta-geometric model of contracts.

use serde::{Deserialize, Serialize};

use super::error::{FitError, ParameterError};
use super::fit::{Boundary, Fit, FitOptions, Search};
use super::renewals::Renewals;
use crate::special::{GammaRatio, Limit, Local, Rising, Sum, gauss};

/// The shifted beta-geometric model of customers under contract (sBG; Fader and Hardie 2007, "How to project
/// customer retention", Journal of Interactive Marketing 21(1), 76-90).
///
/// At the end of each period a customer does not renew with a chance of its own, always the same, and those
/// chances have a beta distribution with parameters `alpha` and `beta` among customers. Retention rises with
/// the age of a cohort, because those most likely to go go first.
///
/// ```
/// use guanxi::value::lifetime::{Renewals, ShiftedBetaGeometric};
///
/// // "Regular" customers of the paper, of whom 1,000 are assumed, over seven years.
/// let renewals = Renewals::of_survivors(&[1_000, 631, 468, 382, 326, 289, 262, 241])?;
/// let model = ShiftedBetaGeometric::fit(&renewals)?.model;
/// assert_eq!((model.alpha() * 1e3).round(), 704.0);
/// assert_eq!((model.beta() * 1e3).round(), 1_182.0);
/// // After twelve years, when 17.3 % were left.
/// assert_eq!((model.survival(12) * 1e3).round(), 170.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parameters", into = "Parameters")]
pub struct ShiftedBetaGeometric {
    alpha: f64,
    beta: f64,
}

/// As written: every number is a possible one, until it is checked.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    alpha: f64,
    beta: f64,
}

impl TryFrom<Parameters> for ShiftedBetaGeometric {
    type Error = ParameterError;

    fn try_from(Parameters { alpha, beta }: Parameters) -> Result<Self, ParameterError> {
        Self::new(alpha, beta)
    }
}

impl From<ShiftedBetaGeometric> for Parameters {
    fn from(ShiftedBetaGeometric { alpha, beta }: ShiftedBetaGeometric) -> Self {
        Self { alpha, beta }
    }
}

/// Where a likelihood may have its supremum, by the logarithms of `alpha` and `beta`.
const LIMITS: [Limit<2, Boundary>; 2] = [
    Limit { name: Boundary::EqualDropout, direction: [1.0, 1.0] },
    Limit { name: Boundary::ExtremeDropout, direction: [-1.0, -1.0] },
];

/// Up to so many periods survival is a product; beyond, the quotient of gamma functions is as good.
const FACTORS_MAX: u32 = 64;

impl ShiftedBetaGeometric {
    /// Its name, as programs write it.
    pub const NAME: &'static str = "sbg";

    /// The model with these parameters.
    ///
    /// # Errors
    ///
    /// [`ParameterError`] unless each is positive and finite.
    pub fn new(alpha: f64, beta: f64) -> Result<Self, ParameterError> {
        for (name, value) in [("alpha", alpha), ("beta", beta)] {
            ParameterError::check(name, value)?;
        }
        Ok(Self { alpha, beta })
    }

    /// The first parameter of the chances not to renew: their mean is `alpha / (alpha + beta)`.
    #[must_use]
    pub const fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The second one.
    #[must_use]
    pub const fn beta(&self) -> f64 {
        self.beta
    }

    /// The parameters by their names in the paper, in their order.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![("alpha", self.alpha), ("beta", self.beta)]
    }

    /// Finds the parameters under which the renewals are likeliest.
    ///
    /// A [`Boundary`] in the report says that the data does not tell the model from a simpler one:
    /// [`Boundary::EqualDropout`] where retention does not rise, [`Boundary::ExtremeDropout`] where nobody went
    /// after the first period; survival is right all the same.
    ///
    /// # Errors
    ///
    /// [`FitError::NoCustomers`] for no customers, [`FitError::NoTime`] for none whose first period ended,
    /// [`FitError::NothingRepeats`] when all of them renewed or none, [`FitError::TooFewDistinct`] when no second
    /// period ended for anybody.
    pub fn fit(renewals: &Renewals) -> Result<Fit<Self>, FitError> {
        Self::fit_with(renewals, FitOptions::default())
    }

    /// [`fit`](Self::fit) with options. The sums have a term for each period, so threads have no part in it.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit).
    pub fn fit_with(renewals: &Renewals, options: FitOptions) -> Result<Fit<Self>, FitError> {
        if renewals.customers() == 0 {
            return Err(FitError::NoCustomers);
        }
        let ends: Vec<_> =
            renewals.periods().iter().filter(|end| (end.lost, end.renewed) != (0, 0)).collect();
        if ends.is_empty() {
            return Err(FitError::NoTime);
        }
        if ends.iter().all(|end| end.lost == 0) || ends.iter().all(|end| end.renewed == 0) {
            return Err(FitError::NothingRepeats);
        }
        if ends.len() == 1 {
            return Err(FitError::TooFewDistinct { distinct: 1, parameters: 2 });
        }
        let search = Search {
            names: ["alpha", "beta"],
            starts: starts(renewals),
            limits: &LIMITS,
            customers: renewals.customers(),
            penalty: options.penalty,
        };
        let ([alpha, beta], report) = search.run(|at| local(at, renewals))?;
        let model = Self::new(alpha, beta).map_err(|_| FitError::OutOfRange)?;
        Ok(Fit { model, report })
    }

    /// The logarithm of the likelihood of the renewals: equation B3 of the paper, as a sum over periods.
    #[must_use]
    pub fn log_likelihood(&self, renewals: &Renewals) -> f64 {
        ends(renewals).map(|end| end.value(self.alpha, self.beta)).collect::<Sum>().value()
    }

    /// The share of a cohort that is left after so many periods: equation 6 of the paper; 1 after none.
    #[must_use]
    pub fn survival(&self, periods: u32) -> f64 {
        let survival: f64 =
            (1..=periods.min(FACTORS_MAX)).map(|period| self.retention(period)).product();
        if periods <= FACTORS_MAX {
            return survival;
        }
        // Each is a difference of large numbers where the other is not.
        let further = periods.saturating_sub(FACTORS_MAX);
        let rest = if f64::from(further) < self.alpha {
            let rising = |from: f64| Rising::of(from + f64::from(FACTORS_MAX), further).ln;
            rising(self.beta) - rising(self.alpha + self.beta)
        } else {
            let quotient =
                |period: u32| GammaRatio::of(self.beta + f64::from(period), self.alpha).ln;
            quotient(FACTORS_MAX) - quotient(periods)
        };
        survival * libm::exp(rest.min(0.0))
    }

    /// The share of those under contract in a period, the first being 1, who renew at its end: equation 8 of the
    /// paper. It rises with the period. For 0, the start, it is 1.
    #[must_use]
    pub fn retention(&self, period: u32) -> f64 {
        if period == 0 {
            return 1.0;
        }
        let beta = self.beta + (f64::from(period) - 1.0);
        // The quotient beta / (alpha + beta) of numbers that may be large.
        (1.0 + self.alpha / beta).recip()
    }

    /// The share of a cohort that is lost at the end of a period, the first being 1: equation 5 of the paper.
    /// For 0 it is 0.
    #[must_use]
    pub fn lost(&self, period: u32) -> f64 {
        let Some(before) = period.checked_sub(1) else { return 0.0 };
        self.survival(before) * (1.0 + (self.beta + f64::from(before)) / self.alpha).recip()
    }

    /// The mean chance not to renew, among new customers: `alpha / (alpha + beta)`.
    #[must_use]
    pub fn mean_churn_probability(&self) -> f64 {
        (1.0 + self.beta / self.alpha).recip()
    }

    /// The periods that a new customer is expected to be under contract, each discounted by the rate per period
    /// (0.1 for 10 %), the first one not: `2F1(1, beta; alpha + beta; 1/(1 + rate))` (Fader and Hardie 2010,
    /// "Customer-base valuation in a contractual setting", Marketing Science 29(1), 85-93). Times the margin of a
    /// period it is what a new customer is worth.
    ///
    /// `None` where that is infinite, at a rate of 0 unless `alpha` is above 1, and where the rate is negative
    /// or not finite.
    ///
    /// ```
    /// use guanxi::value::lifetime::ShiftedBetaGeometric;
    ///
    /// let model = ShiftedBetaGeometric::new(0.704, 1.182)?;
    /// assert_eq!(model.discounted_expected_lifetime(0.1).map(|periods| periods.round()), Some(4.0));
    /// assert_eq!(model.discounted_expected_lifetime(0.0), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn discounted_expected_lifetime(&self, rate: f64) -> Option<f64> {
        discounted(self.alpha, self.beta, rate)
    }

    /// The periods still to come of a customer who renewed so often and is about to decide again, discounted by
    /// the rate per period, the next one not: equation 6 of Fader and Hardie (2010), whose `n` is `renewals + 1`.
    ///
    /// `None` as of [`discounted_expected_lifetime`](Self::discounted_expected_lifetime).
    #[must_use]
    pub fn discounted_expected_residual_lifetime(&self, renewals: u32, rate: f64) -> Option<f64> {
        let beta = self.beta + f64::from(renewals) + 1.0;
        let retention = self.retention(renewals.saturating_add(1));
        finite(retention * discounted(self.alpha, beta, rate)?)
    }
}

/// `2F1(1, beta; alpha + beta; 1/(1 + rate))`, the sum of what is left after 0, 1, 2, .. periods, discounted.
fn discounted(alpha: f64, beta: f64, rate: f64) -> Option<f64> {
    if !(rate >= 0.0 && rate.is_finite()) {
        return None;
    }
    if rate == 0.0 {
        // DLMF 15.4.20; what it gives beyond its pole is not above 0.
        return finite(1.0 + beta / (alpha - 1.0)).filter(|_| alpha > 1.0);
    }
    finite(gauss(beta, alpha, rate / (1.0 + rate)))
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// What became of those under contract in one period.
struct End {
    /// Periods before.
    before: f64,
    lost: f64,
    renewed: f64,
}

/// The likelihood is that of independent ends of periods: nothing more is needed of a cohort.
fn ends(renewals: &Renewals) -> impl Iterator<Item = End> {
    let ends = (0_u32..).map(f64::from).zip(renewals.observed());
    ends.map(|(before, (lost, renewed))| End { before, lost, renewed })
}

impl End {
    fn value(&self, alpha: f64, beta: f64) -> f64 {
        let beta = beta + self.before;
        let lost = if self.lost > 0.0 { -self.lost * libm::log1p(beta / alpha) } else { 0.0 };
        let renewed =
            if self.renewed > 0.0 { -self.renewed * libm::log1p(alpha / beta) } else { 0.0 };
        lost + renewed
    }
}

/// The log-likelihood and its derivatives by the logarithms of `alpha` and `beta`.
fn local(at: &[f64; 2], renewals: &Renewals) -> Local<2> {
    let [alpha, beta] = at.map(libm::exp);
    let (mut value, mut by_alpha, mut by_beta) = (Sum::default(), Sum::default(), Sum::default());
    let (mut both, mut mixed, mut twice) = (0.0, 0.0, 0.0);
    for end in ends(renewals) {
        let later = beta + end.before;
        let customers = end.lost + end.renewed;
        // The chance of a loss, and the share of beta in what beta has become.
        let chance = (1.0 + later / alpha).recip();
        let share = beta / later;
        let kept = (1.0 + alpha / later).recip();
        let excess = end.renewed * chance - end.lost * kept;
        let spread = customers * chance * kept;
        value.add(end.value(alpha, beta));
        by_alpha.add(-excess);
        by_beta.add(share * excess);
        both -= spread;
        mixed += share * spread;
        twice += share * (1.0 - share) * excess - share * share * spread;
    }
    Local {
        value: value.value(),
        gradient: [by_alpha.value(), by_beta.value()],
        hessian: [[both, mixed], [mixed, twice]],
    }
}

/// From the losses of the first two periods, and from chances that are all as likely.
fn starts(renewals: &Renewals) -> [[f64; 2]; 2] {
    let mut losses = ends(renewals).map(|end| (end.lost + 0.5) / (end.lost + end.renewed + 1.0));
    let (first, second) = (losses.next().unwrap_or(0.5), losses.next().unwrap_or(0.5));
    let sum = if second < first { second / (first - second) } else { f64::INFINITY };
    let sum = sum.clamp(0.05, 50.0);
    [[libm::log(first * sum), libm::log((1.0 - first) * sum)], [0.0, 0.0]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_differences() {
        let renewals = Renewals::of_survivors(&[1_000, 631, 468, 382, 326]).unwrap();
        for at in [[0.0, 0.0], [-2.0, 1.5], [4.0, 5.0], [12.0, 11.0]] {
            let here = local(&at, &renewals);
            for place in 0..2 {
                let beside = |step: f64| {
                    let mut at = at;
                    at[place] += step;
                    local(&at, &renewals)
                };
                let (before, after) = (beside(-1e-5), beside(1e-5));
                let near = |slope: f64, difference: f64| {
                    assert!((slope - difference / 2e-5).abs() < 1e-4, "{at:?}: {slope}");
                };
                near(here.gradient[place], after.value - before.value);
                for other in 0..2 {
                    let difference = after.gradient[other] - before.gradient[other];
                    near(here.hessian[place][other], difference);
                }
            }
        }
    }
}
