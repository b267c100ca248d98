//! What every model of repeat buying can tell of a customer.

use super::buyers::RepeatBuyers;
use super::buying::RepeatBuying;
use super::discount::{Discount, Horizon};
use super::error::FitError;
use super::fit::{Fit, FitOptions};
use super::unit::{Span, TimeUnit};

/// A model of customers who buy again and again until, unseen, they leave: [`BgNbd`](super::BgNbd),
/// [`MbgNbd`](super::MbgNbd), [`ParetoNbd`](super::ParetoNbd).
///
/// Every number is finite, and within its bounds; what overflows is the nearest end. That is tested for
/// parameters from 1e-12 to 1e12 and times up to 1e9 units; fits away from their limits are far within.
pub trait RepeatModel<U: TimeUnit>: Sized {
    /// The name of what is [fitted](Self::fit), as programs write it: `bgnbd`. It is `best` for
    /// [`AnyRepeatModel`](super::AnyRepeatModel); what a fitted model is, its [`name`](Self::name) says.
    const NAME: &'static str;

    /// Finds the parameters under which the base is likeliest.
    ///
    /// # Errors
    ///
    /// [`FitError`] when the data does not tell them.
    fn fit_with(buyers: &RepeatBuyers<U>, options: FitOptions) -> Result<Fit<Self>, FitError>;

    /// The name of this model, as programs write it: `bgnbd`.
    fn name(&self) -> &'static str {
        Self::NAME
    }

    /// The parameters by their names in the papers, in their order.
    fn parameters(&self) -> Vec<(&'static str, f64)>;

    /// The logarithm of the likelihood of one customer's buying.
    fn log_likelihood_of(&self, customer: &RepeatBuying<U>) -> f64;

    /// The chance, from 0 to 1, that the customer is still one.
    fn p_alive(&self, customer: &RepeatBuying<U>) -> f64;

    /// Purchases to be expected in the next `span` from a customer who is known to be still one. It depends on
    /// repeats and age only, not on when the customer bought last.
    fn expected_while_alive(&self, customer: &RepeatBuying<U>, span: Span<U>) -> f64;

    /// Purchases to be expected in the first `span` from a new customer, of whom nothing is known.
    fn expected_of_new(&self, span: Span<U>) -> f64;

    /// The chance that a new customer buys again exactly `repeats` times within `span`.
    fn p_repeats(&self, repeats: u32, span: Span<U>) -> f64;

    /// Purchases to be expected over all the future, each discounted to its present worth; `None` when they
    /// are infinite, which they can be without discount.
    fn residual_transactions(
        &self,
        customer: &RepeatBuying<U>,
        discount: Discount<U>,
    ) -> Option<f64>;

    /// [`fit_with`](Self::fit_with) the default options: maximum likelihood, on one thread.
    ///
    /// # Errors
    ///
    /// As [`fit_with`](Self::fit_with).
    fn fit(buyers: &RepeatBuyers<U>) -> Result<Fit<Self>, FitError> {
        Self::fit_with(buyers, FitOptions::default())
    }

    /// The logarithm of the likelihood of a base.
    fn log_likelihood(&self, buyers: &RepeatBuyers<U>) -> f64 {
        let rows = buyers.rows().iter();
        rows.map(|row| row.customers() * self.log_likelihood_of(&row.buying))
            .collect::<crate::special::Sum>()
            .value()
    }

    /// Purchases to be expected from the customer in the next `span`.
    fn expected_purchases(&self, customer: &RepeatBuying<U>, span: Span<U>) -> f64 {
        self.p_alive(customer) * self.expected_while_alive(customer, span)
    }

    /// Purchases to be expected from the customer within the horizon, each discounted to its present worth:
    /// the sum over its steps of what is expected in each, divided by the discount at its end.
    fn discounted_purchases(&self, customer: &RepeatBuying<U>, horizon: &Horizon<U>) -> f64 {
        self.p_alive(customer)
            * horizon.discounted(|span| self.expected_while_alive(customer, span))
    }
}
