//! The Pareto/NBD model.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use super::buyers::RepeatBuyers;
use super::buying::RepeatBuying;
use super::discount::Discount;
use super::error::{FitError, ParameterError};
use super::fit::{Fit, FitOptions};
use super::model::RepeatModel;
use super::pnbd_fit;
use super::unit::{Span, TimeUnit};
use crate::special::{
    Rising, expm1_quotient, gauss, interval, ln_gamma, scaled_exponential_integral,
};

/// The Pareto/NBD model (Schmittlein, Morrison and Colombo 1987, Management Science 33(1), 1-24): while a
/// customer is one it buys at random, at a rate of its own; it leaves, unseen, at a moment that comes at a
/// constant rate of its own. Rates of buying spread among customers by a gamma distribution of shape `r` and
/// rate `alpha`, rates of leaving by one of shape `s` and rate `beta`.
///
/// Unlike [`BgNbd`](super::BgNbd) it lets a customer leave at any time, so somebody who never bought again is
/// less likely still there the longer the silence lasts.
///
/// `alpha` and `beta` are lengths of time in the unit `U`; `r` and `s` are numbers. The note is Fader and Hardie
/// (2005), "A Note on Deriving the Pareto/NBD Model and Related Expressions"
/// (<http://brucehardie.com/notes/009/>).
///
/// ```
/// use guanxi::value::lifetime::{
///     AgeAtLastPurchase, Discount, ParetoNbd, RepeatBuying, RepeatModel, Span, Weeks,
/// };
///
/// // CDNOW, as published (Fader, Hardie and Lee 2005, Marketing Science 24(2), table 2).
/// let model = ParetoNbd::<Weeks>::new(0.553, 10.578, 0.606, 11.669)?;
/// let weeks = |length| Span::<Weeks>::new(length).expect("finite and not negative");
/// let loyal = RepeatBuying::new(2, AgeAtLastPurchase(weeks(30.43)), weeks(38.86))?;
/// let silent = RepeatBuying::once(weeks(38.86));
/// assert!((model.p_alive(&loyal) - 0.8692).abs() < 1e-4);
/// assert!((model.p_alive(&silent) - 0.2953).abs() < 1e-4);
/// assert!((model.expected_purchases(&loyal, weeks(39.0)) - 1.4551).abs() < 1e-4);
///
/// // All the purchases still to come, at 15 % a year.
/// let discount = Discount::of_yearly(0.15).expect("a rate");
/// let worth = model.residual_transactions(&loyal, discount).expect("finite, with discount");
/// assert!((worth - 6.515).abs() < 1e-3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parameters", into = "Parameters", bound = "U: TimeUnit")]
pub struct ParetoNbd<U> {
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
    unit: PhantomData<U>,
}

/// As stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
}

impl<U: TimeUnit> TryFrom<Parameters> for ParetoNbd<U> {
    type Error = ParameterError;

    fn try_from(stored: Parameters) -> Result<Self, ParameterError> {
        Self::new(stored.r, stored.alpha, stored.s, stored.beta)
    }
}

impl<U> From<ParetoNbd<U>> for Parameters {
    fn from(model: ParetoNbd<U>) -> Self {
        Self { r: model.r, alpha: model.alpha, s: model.s, beta: model.beta }
    }
}

impl<U: TimeUnit> ParetoNbd<U> {
    /// The model with those parameters.
    ///
    /// # Errors
    ///
    /// [`ParameterError`] names the first that is not positive and finite.
    pub fn new(r: f64, alpha: f64, s: f64, beta: f64) -> Result<Self, ParameterError> {
        for (name, value) in [("r", r), ("alpha", alpha), ("s", s), ("beta", beta)] {
            ParameterError::check(name, value)?;
        }
        Ok(Self { r, alpha, s, beta, unit: PhantomData })
    }

    /// The shape of the rates of buying: the smaller, the more customers differ.
    #[must_use]
    pub const fn r(&self) -> f64 {
        self.r
    }

    /// The rate of the distribution of rates of buying, a length of time: a new customer buys on average `r` times
    /// in it.
    #[must_use]
    pub const fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The shape of the rates of leaving: the smaller, the more customers differ.
    #[must_use]
    pub const fn s(&self) -> f64 {
        self.s
    }

    /// The rate of the distribution of rates of leaving, a length of time: of new customers, `2^-s` are left after
    /// it.
    #[must_use]
    pub const fn beta(&self) -> f64 {
        self.beta
    }

    /// The same model in another unit of time.
    ///
    /// ```
    /// use guanxi::value::lifetime::{Days, ParetoNbd, Weeks};
    ///
    /// let weeks = ParetoNbd::<Weeks>::new(0.553, 10.0, 0.606, 12.0)?;
    /// let days = weeks.to::<Days>();
    /// assert_eq!((days.r(), days.alpha(), days.s(), days.beta()), (0.553, 70.0, 0.606, 84.0));
    /// # Ok::<(), guanxi::value::lifetime::ParameterError>(())
    /// ```
    #[must_use]
    pub fn to<V: TimeUnit>(&self) -> ParetoNbd<V> {
        // Kept from the ends of the range, where the product could become 0 or infinite.
        let to = |length: f64| (length * U::DAYS / V::DAYS).clamp(f64::MIN_POSITIVE, f64::MAX);
        ParetoNbd {
            r: self.r,
            alpha: to(self.alpha),
            s: self.s,
            beta: to(self.beta),
            unit: PhantomData,
        }
    }

    /// The logarithms of the odds that the two ways to have left, and to be there but bound to leave, add to
    /// `1 / P(alive)`: the sum of their exponentials is that.
    ///
    /// The integral over the moments of leaving since the last purchase is the one from the last
    /// purchase to infinity less the one from now to infinity. By parts the latter, with what the customers
    /// still there contribute, is an integral of positive terms; so nothing is subtracted, nothing special happens
    /// at `alpha = beta`, and each integral is the hypergeometric function of equations 22 and 23 of the note after Euler's
    /// transformation (DLMF 15.8.1).
    fn left_and_leaving(&self, customer: &RepeatBuying<U>) -> (f64, f64) {
        let rate = self.r + f64::from(customer.repeats());
        let last = customer.age_at_last().0.get();
        let (age, silence) = (customer.age().get(), customer.silence());
        let complement = |at: f64| (self.beta + at) / (self.alpha + at);
        let total = rate + self.s;
        let left = rate * libm::log1p(finite(silence / (self.alpha + last)))
            + self.s * libm::log1p(finite(silence / (self.beta + last)))
            + libm::log(self.s / total * gauss(rate, self.s + 1.0, complement(last)));
        let there = complement(age);
        let leaving = libm::log(rate / total * there * gauss(rate + 1.0, self.s, there));
        (left, leaving)
    }

    /// Purchases within `span` of a customer who is there, is so old, and bought `repeats` times again.
    fn rate_times_time(&self, repeats: u32, age: f64, span: f64) -> f64 {
        let rate = (self.r + f64::from(repeats)) / (self.alpha + age);
        let time = self.beta + age;
        // The time that a customer stays out of `span`, infinite `span` and `s <= 1` apart.
        let grown = libm::log1p(finite(span / time));
        finite(rate * (time * (grown * expm1_quotient((1.0 - self.s) * grown))))
    }
}

/// The nearest number within the range.
fn finite(value: f64) -> f64 {
    value.clamp(f64::MIN, f64::MAX)
}

impl<U: TimeUnit> RepeatModel<U> for ParetoNbd<U> {
    const NAME: &'static str = "pnbd";

    fn fit_with(buyers: &RepeatBuyers<U>, options: FitOptions) -> Result<Fit<Self>, FitError> {
        let ([r, alpha, s, beta], report) = pnbd_fit::search(buyers, options)?;
        Ok(Fit { model: Self { r, alpha, s, beta, unit: PhantomData }, report })
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![("r", self.r), ("alpha", self.alpha), ("s", self.s), ("beta", self.beta)]
    }

    /// The likelihood function of the note's section 3, by the chance of being there: `-ln P(alive)` is what the
    /// silence adds.
    fn log_likelihood_of(&self, customer: &RepeatBuying<U>) -> f64 {
        let (x, age) = (customer.repeats(), customer.age().get());
        let (left, leaving) = self.left_and_leaving(customer);
        let (most, least) = if left > leaving { (left, leaving) } else { (leaving, left) };
        finite(
            Rising::of(self.r, x).ln
                - f64::from(x) * libm::log(self.alpha + age)
                - self.r * libm::log1p(finite(age / self.alpha))
                - self.s * libm::log1p(finite(age / self.beta))
                + most
                + libm::log1p(libm::exp(least - most)),
        )
    }

    /// The note's section 5: 1 for who buys at this moment, and the less the longer the silence.
    fn p_alive(&self, customer: &RepeatBuying<U>) -> f64 {
        if customer.silence() == 0.0 {
            return 1.0;
        }
        let (left, leaving) = self.left_and_leaving(customer);
        (libm::exp(left) + libm::exp(leaving)).recip().clamp(0.0, 1.0)
    }

    /// The note's section 6, conditional expectation, without its factor P(alive); at `s = 1` its limit.
    fn expected_while_alive(&self, customer: &RepeatBuying<U>, span: Span<U>) -> f64 {
        self.rate_times_time(customer.repeats(), customer.age().get(), span.get())
    }

    /// The note's section 4, mean; at `s = 1` its limit.
    fn expected_of_new(&self, span: Span<U>) -> f64 {
        self.rate_times_time(0, 0.0, span.get())
    }

    /// Fader, Hardie and Jerath (2006), "Deriving an Expression for P(X(t) = x) Under the Pareto/NBD Model"
    /// (<http://brucehardie.com/notes/012/>): bought that often by the end of `span` and still
    /// there, or by the moment of leaving. The integral over that moment is taken as it is, of positive terms.
    fn p_repeats(&self, repeats: u32, span: Span<U>) -> f64 {
        let span = span.get();
        if span == 0.0 {
            return if repeats == 0 { 1.0 } else { 0.0 };
        }
        let x = f64::from(repeats);
        let chances = Rising::of(self.r, repeats).ln - ln_gamma(x + 1.0);
        // The logarithm of the negative binomial chance to buy that often by a time.
        let bought = |time: f64| {
            let late = if repeats == 0 { 0.0 } else { -x * libm::log1p(self.alpha / time) };
            chances + late - self.r * libm::log1p(finite(time / self.alpha))
        };
        // With beta + time = beta exp v the moment of leaving has the density s exp(-s v).
        let end = libm::log1p(finite(span / self.beta));
        let there = libm::exp(bought(span) - self.s * end);
        let left = interval(end, |v| {
            let time = finite(self.beta * libm::expm1(v));
            if time > 0.0 { libm::exp(bought(time) - self.s * v) } else { 0.0 }
        });
        (there + self.s * left).clamp(0.0, 1.0)
    }

    /// Fader, Hardie and Lee (2005), Journal of Marketing Research 42(4), 415-430, DERT of the Pareto/NBD model, with `U(s, s, z) = exp(z) Gamma(1-s, z)` (DLMF 13.6.6). Without discount it is finite for
    /// `s` above 1 only.
    fn residual_transactions(
        &self,
        customer: &RepeatBuying<U>,
        discount: Discount<U>,
    ) -> Option<f64> {
        let age = customer.age().get();
        let rate = (self.r + f64::from(customer.repeats())) / (self.alpha + age);
        let time = self.beta + age;
        let lasting = if discount.rate() > 0.0 {
            scaled_exponential_integral(self.s, discount.rate() * time)
        } else if self.s > 1.0 {
            (self.s - 1.0).recip()
        } else {
            return None;
        };
        Some(finite(self.p_alive(customer) * finite(rate * (time * lasting))))
    }
}
