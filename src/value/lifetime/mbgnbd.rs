//! The MBG/NBD model.

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

/// The MBG/NBD model: [`BgNbd`](super::BgNbd), where customers may leave after their first purchase already, as
/// after any other (Batislam, Denizel and Filiztekin 2007, International Journal of Research in Marketing 24(3),
/// 201-209).
///
/// So it tells silence from silence also of those who never bought again.
///
/// ```
/// use guanxi::value::lifetime::{MbgNbd, RepeatBuying, RepeatModel, Span, Weeks};
///
/// // As published for the customers of CDNOW, a shop of music.
/// let model = MbgNbd::<Weeks>::new(0.525, 6.183, 0.891, 1.614)?;
/// let silent = |weeks| model.p_alive(&RepeatBuying::once(Span::whole(weeks)));
/// assert!(silent(4) > 0.5 && silent(52) < 0.4);
/// # Ok::<(), guanxi::value::lifetime::ParameterError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(transparent, bound = "U: TimeUnit")]
pub struct MbgNbd<U> {
    core: Geometric<1>,
    unit: PhantomData<U>,
}

impl<U: TimeUnit> MbgNbd<U> {
    /// The model with those parameters, of which `alpha` is a length of time.
    ///
    /// # Errors
    ///
    /// [`ParameterError`] unless all are positive and finite.
    pub fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<Self, ParameterError> {
        Geometric::new(r, alpha, a, b).map(Self::of)
    }

    const fn of(core: Geometric<1>) -> Self {
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
    pub fn to<V: TimeUnit>(self) -> MbgNbd<V> {
        MbgNbd::of(self.core.to::<U, V>())
    }
}

impl<U: TimeUnit> RepeatModel<U> for MbgNbd<U> {
    const NAME: &'static str = "mbgnbd";

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
