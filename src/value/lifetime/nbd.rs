//! Buying without leaving: the NBD model.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use super::buyers::RepeatBuyers;
use super::buying::RepeatBuying;
use super::discount::Discount;
use super::error::{FitError, ParameterError};
use super::fit::{Boundary, Fit, FitOptions, FitReport, Search};
use super::geometric::{negative_binomial, rates};
use super::model::RepeatModel;
use super::unit::{Span, TimeUnit};
use crate::special::{Limit, Local, Rising, Sum};

/// The NBD model: customers buy at random times, each at its own rate, and never leave (Ehrenberg 1959, Applied
/// Statistics 8(1), 26-41; as the limit of models with dropout: Schmittlein, Morrison and Colombo 1987,
/// Management Science 33(1), 1-24).
///
/// Rates follow a gamma distribution of shape `r` and rate `alpha`, which is a length of time. It is what
/// [`BgNbd`](super::BgNbd) and its like come to when nobody leaves ([`Boundary::NoDropout`]); its likelihood is
/// that of the times of purchases, as theirs is, so their likelihoods compare.
///
/// ```
/// use guanxi::value::lifetime::{Nbd, RepeatBuying, RepeatModel, Span, Weeks};
///
/// let model = Nbd::<Weeks>::new(0.5, 10.0)?;
/// let new = RepeatBuying::once(Span::ZERO);
/// assert_eq!(model.expected_purchases(&new, Span::whole(20)), 1.0);
/// assert_eq!(model.p_alive(&RepeatBuying::once(Span::whole(500))), 1.0);
/// # Ok::<(), guanxi::value::lifetime::ParameterError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
#[serde(bound = "U: TimeUnit")]
pub struct Nbd<U> {
    r: f64,
    alpha: f64,
    unit: PhantomData<U>,
}

/// As documents have it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    r: f64,
    alpha: f64,
}

impl<U: TimeUnit> From<Nbd<U>> for Written {
    fn from(model: Nbd<U>) -> Self {
        Self { r: model.r, alpha: model.alpha }
    }
}

impl<U: TimeUnit> TryFrom<Written> for Nbd<U> {
    type Error = ParameterError;

    fn try_from(written: Written) -> Result<Self, ParameterError> {
        Self::new(written.r, written.alpha)
    }
}

impl<U: TimeUnit> Nbd<U> {
    /// The model with those parameters.
    ///
    /// # Errors
    ///
    /// [`ParameterError`] unless both are positive and finite.
    pub fn new(r: f64, alpha: f64) -> Result<Self, ParameterError> {
        ParameterError::check("r", r)?;
        ParameterError::check("alpha", alpha)?;
        Ok(Self { r, alpha, unit: PhantomData })
    }

    /// The shape of the rates: the smaller, the more they differ.
    #[must_use]
    pub const fn r(&self) -> f64 {
        self.r
    }

    /// The rate of the rates, in units of time: on average customers buy `r / alpha` times a unit.
    #[must_use]
    pub const fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The same model in another unit of time.
    #[must_use]
    pub fn to<V: TimeUnit>(self) -> Nbd<V> {
        Nbd { r: self.r, alpha: self.alpha * U::DAYS / V::DAYS, unit: PhantomData }
    }

    pub(super) fn fit_rates(
        buyers: &RepeatBuyers<U>,
        options: FitOptions,
    ) -> Result<Fit<Self>, FitError> {
        buyers.check(2)?;
        let (r, alpha) = rates(buyers);
        let search = Search {
            names: ["r", "alpha"],
            starts: [[r, alpha].map(libm::log), [1.0, alpha / r].map(libm::log)],
            limits: &[Limit { name: Boundary::EqualRates, direction: [1.0, 1.0] }],
            customers: buyers.customers(),
            penalty: options.penalty,
        };
        let base = Base::of(buyers);
        let ([r, alpha], report) = search.run(|at| {
            let [r, alpha] = at.map(libm::exp);
            base.local(r, alpha)
        })?;
        let model = Self::new(r, alpha).map_err(|_| FitError::OutOfRange)?;
        Ok(Fit { model, report })
    }
}

/// How many customers there are with each number of repeats; and of each age, with all their repeats.
struct Base {
    repeats: Vec<(u32, f64)>,
    ages: Vec<(f64, f64, f64)>,
}

impl Base {
    fn of<U: TimeUnit>(buyers: &RepeatBuyers<U>) -> Self {
        let mut base = Self { repeats: Vec::new(), ages: Vec::new() };
        for row in buyers.rows() {
            let (repeats, age) = (row.buying.repeats(), row.buying.age().get());
            let customers = row.customers();
            let bought = customers * f64::from(repeats);
            match base.repeats.last_mut() {
                Some((last, count)) if *last == repeats => *count += customers,
                _ => base.repeats.push((repeats, customers)),
            }
            match base.ages.last_mut() {
                Some((last, count, all)) if *last == age => {
                    *count += customers;
                    *all += bought;
                }
                _ => base.ages.push((age, customers, bought)),
            }
        }
        base
    }

    /// `ln [Gamma(r+x) / Gamma(r)] + r ln alpha - (r+x) ln(alpha + T)`, summed, by the logarithms of `r` and
    /// `alpha`.
    fn local(&self, r: f64, alpha: f64) -> Local<2> {
        let mut sums = [Sum::default(); 6];
        let mut add = |terms: [f64; 6]| {
            sums.iter_mut().zip(terms).for_each(|(sum, term)| sum.add(term));
        };
        for (repeats, customers) in &self.repeats {
            let rising = Rising::of(r, *repeats);
            let by_r = customers * r * rising.first;
            add([
                customers * rising.ln,
                by_r,
                0.0,
                by_r + customers * r * r * rising.second,
                0.0,
                0.0,
            ]);
        }
        for (age, customers, bought) in &self.ages {
            let ln = libm::log1p(age / alpha);
            let (share, passed) = (alpha / (alpha + age), age / (alpha + age));
            let r = r * customers;
            add([
                -(r + bought) * ln - bought * libm::log(alpha),
                -r * ln,
                r * passed - bought * share,
                -r * ln,
                r * passed,
                -share * passed * (r + bought),
            ]);
        }
        let [value, by_r, by_alpha, rr, ra, aa] = sums.map(Sum::value);
        Local { value, gradient: [by_r, by_alpha], hessian: [[rr, ra], [ra, aa]] }
    }
}

/// A limit of a model with dropout may be that nobody leaves at all, whatever else it is: then the parameters, which
/// `of` makes of those of NBD, with the report of that limit itself; `None`, with the report as it was, where it is not.
///
/// A model that nobody leaves by must not pass for one of customers who are merely alike.
pub(super) fn in_place_of<U: TimeUnit>(
    buyers: &RepeatBuyers<U>,
    options: FitOptions,
    report: FitReport,
    of: impl FnOnce(&Nbd<U>) -> [f64; 4],
) -> Result<(Option<[f64; 4]>, FitReport), FitError> {
    let Some(boundary) = report.boundary else { return Ok((None, report)) };
    let Fit { model, report: of_rates } = Nbd::fit_rates(buyers, options)?;
    let as_good = report.log_likelihood - AS_GOOD * report.log_likelihood.abs().max(1.0);
    if boundary != Boundary::NoDropout && of_rates.log_likelihood < as_good {
        return Ok((None, report));
    }
    let parameters = of(&model);
    let mut report = FitReport {
        log_likelihood: of_rates.log_likelihood,
        gradient: of_rates.gradient,
        condition: of_rates.condition,
        covariance: None,
        boundary: Some(Boundary::NoDropout),
        ..report
    };
    for (estimate, value) in report.parameters.iter_mut().zip(parameters) {
        (estimate.value, estimate.standard_error) = (value, None);
    }
    Ok((Some(parameters), report))
}

/// A likelihood that falls short of another by no more, relative to its logarithm, is as good far out at a limit, where
/// rounding takes some digits.
const AS_GOOD: f64 = 1e-8;

impl<U: TimeUnit> RepeatModel<U> for Nbd<U> {
    const NAME: &'static str = "nbd";

    fn fit_with(buyers: &RepeatBuyers<U>, options: FitOptions) -> Result<Fit<Self>, FitError> {
        Self::fit_rates(buyers, options)
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![("r", self.r), ("alpha", self.alpha)]
    }

    fn log_likelihood_of(&self, customer: &RepeatBuying<U>) -> f64 {
        let x = f64::from(customer.repeats());
        Rising::of(self.r, customer.repeats()).ln
            - (self.r + x) * libm::log1p(customer.age().get() / self.alpha)
            - x * libm::log(self.alpha)
    }

    /// 1: nobody leaves.
    fn p_alive(&self, _: &RepeatBuying<U>) -> f64 {
        1.0
    }

    fn expected_while_alive(&self, customer: &RepeatBuying<U>, span: Span<U>) -> f64 {
        let rate = (self.r + f64::from(customer.repeats())) / (self.alpha + customer.age().get());
        (rate * span.get()).min(f64::MAX)
    }

    fn expected_of_new(&self, span: Span<U>) -> f64 {
        (self.r / self.alpha * span.get()).min(f64::MAX)
    }

    fn p_repeats(&self, repeats: u32, span: Span<U>) -> f64 {
        negative_binomial(self.r, self.alpha, repeats, span.get()).0
    }

    fn residual_transactions(
        &self,
        customer: &RepeatBuying<U>,
        discount: Discount<U>,
    ) -> Option<f64> {
        let purchases = self.expected_while_alive(customer, Span::whole(1)) / discount.rate();
        purchases.is_finite().then_some(purchases)
    }
}
