//! The BG/NBD model.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use super::buyers::RepeatBuyers;
use super::buying::RepeatBuying;
use super::discount::Discount;
use super::error::{FitError, ParameterError};
use super::fit::{Fit, FitOptions};
use super::geometric::Geometric;
use super::model::RepeatModel;
use super::unit::{Span, TimeUnit};

/// The BG/NBD model of customers who buy at random times, each at its own rate, and after each repeat purchase
/// may leave for good, each with its own chance (Fader, Hardie and Lee 2005, Marketing Science 24(2), 275-284).
///
/// Rates follow a gamma distribution of shape `r` and rate `alpha`, which is a length of time; chances to leave
/// follow a beta distribution of shapes `a` and `b`. The likelihood is the paper's equation 6, purchases to be
/// expected of a new customer its equation 9, of a known one its equation 10, and counts of a new one its
/// equation 8.
///
/// **Nobody can leave before its first repeat purchase.** So who never bought again is alive with certainty,
/// however long the silence. Where that question matters, ask [`MbgNbd`](super::MbgNbd) or
/// [`ParetoNbd`](super::ParetoNbd).
///
/// ```
/// use guanxi::value::lifetime::{AgeAtLastPurchase, BgNbd, RepeatBuying, RepeatModel, Span, Weeks};
///
/// // As published for the customers of CDNOW, a shop of music.
/// let model = BgNbd::<Weeks>::new(0.243, 4.414, 0.793, 2.426)?;
/// let weeks = |length| Span::<Weeks>::new(length).expect("finite and not negative");
/// let customer = RepeatBuying::new(2, AgeAtLastPurchase(weeks(30.43)), weeks(38.86))?;
/// // The first customer of the sample: 1.226 purchases in the next 39 weeks.
/// let expected = model.expected_purchases(&customer, weeks(39.0));
/// assert_eq!((expected * 1e3).round(), 1226.0);
///
/// let silent = RepeatBuying::once(weeks(500.0));
/// assert_eq!(model.p_alive(&silent), 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent, bound = "U: TimeUnit")]
pub struct BgNbd<U> {
    core: Geometric<0>,
    unit: PhantomData<U>,
}

impl<U: TimeUnit> BgNbd<U> {
    /// The model with those parameters, of which `alpha` is a length of time.
    ///
    /// # Errors
    ///
    /// [`ParameterError`] unless all are positive and finite.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<Self, ParameterError> {
        Geometric::new(r, alpha, a, b).map(Self::of)
    }

    const fn of(core: Geometric<0>) -> Self {
        Self { core, unit: PhantomData }
    }

    /// The shape of the rates at which customers buy: the smaller, the more they differ.
    #[must_use]
    pub const fn r(&self) -> f64 {
        self.core.r
    }

    /// The rate of those rates, in units of time: on average new customers buy `r / alpha` times a unit.
    #[must_use]
    pub const fn alpha(&self) -> f64 {
        self.core.alpha
    }

    /// The first shape of the chances to leave, whose mean is `a / (a + b)`.
    #[must_use]
    pub const fn a(&self) -> f64 {
        self.core.a
    }

    /// The second shape of the chances to leave.
    #[must_use]
    pub const fn b(&self) -> f64 {
        self.core.b
    }

    /// The same model in another unit of time.
    #[must_use]
    pub fn to<V: TimeUnit>(self) -> BgNbd<V> {
        BgNbd::of(self.core.to::<U, V>())
    }
}

impl<U: TimeUnit> RepeatModel<U> for BgNbd<U> {
    const NAME: &'static str = "bgnbd";

    fn fit_with(buyers: &RepeatBuyers<U>, options: FitOptions) -> Result<Fit<Self>, FitError> {
        let (core, report) = Geometric::fit(buyers, options)?;
        Ok(Fit { model: Self::of(core), report })
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        self.core.parameters().into()
    }

    fn log_likelihood_of(&self, customer: &RepeatBuying<U>) -> f64 {
        self.core.log_likelihood_of(customer)
    }

    fn p_alive(&self, customer: &RepeatBuying<U>) -> f64 {
        self.core.p_alive(customer)
    }

    fn expected_while_alive(&self, customer: &RepeatBuying<U>, span: Span<U>) -> f64 {
        self.core.expected_while_alive(customer.repeats(), customer.age().get(), span.get())
    }

    fn expected_of_new(&self, span: Span<U>) -> f64 {
        self.expected_purchases(&RepeatBuying::once(Span::ZERO), span)
    }

    fn p_repeats(&self, repeats: u32, span: Span<U>) -> f64 {
        self.core.p_repeats(repeats, span.get())
    }

    fn residual_transactions(
        &self,
        customer: &RepeatBuying<U>,
        discount: Discount<U>,
    ) -> Option<f64> {
        let (repeats, age) = (customer.repeats(), customer.age().get());
        let while_alive = self.core.residual_while_alive(repeats, age, discount.rate())?;
        Some(self.p_alive(customer) * while_alive)
    }
}
