//! What BG/NBD and MBG/NBD share: customers buy at rates that follow a gamma distribution and leave, after a
//! purchase, with chances that follow a beta distribution.
//!
//! They differ in whether a customer can leave after the very first purchase. So they differ in how many
//! chances to leave somebody has passed by who is still there, and in nothing else: after `x` repeats, `x`
//! chances or `x + 1`.

mod base;
mod counts;
mod expect;
mod search;

pub(super) use counts::negative_binomial;
pub(super) use search::rates;

use serde::{Deserialize, Serialize};

use super::buying::RepeatBuying;
use super::error::ParameterError;
use super::unit::TimeUnit;
use crate::special::Rising;

/// The parameters of both models, by their names in the papers. `FIRST` is 1 where customers can leave after
/// the first purchase, and 0 where they cannot.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub(super) struct Geometric<const FIRST: u32> {
    pub(super) r: f64,
    pub(super) alpha: f64,
    pub(super) a: f64,
    pub(super) b: f64,
}

/// As documents have them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
}

impl<const FIRST: u32> From<Geometric<FIRST>> for Written {
    fn from(model: Geometric<FIRST>) -> Self {
        let Geometric { r, alpha, a, b } = model;
        Self { r, alpha, a, b }
    }
}

impl<const FIRST: u32> TryFrom<Written> for Geometric<FIRST> {
    type Error = ParameterError;

    fn try_from(written: Written) -> Result<Self, ParameterError> {
        let Written { r, alpha, a, b } = written;
        Self::new(r, alpha, a, b)
    }
}

impl<const FIRST: u32> Geometric<FIRST> {
    pub(super) fn new(r: f64, alpha: f64, a: f64, b: f64) -> Result<Self, ParameterError> {
        let model = Self { r, alpha, a, b };
        for (name, value) in model.parameters() {
            ParameterError::check(name, value)?;
        }
        Ok(model)
    }

    pub(super) fn parameters(&self) -> [(&'static str, f64); 4] {
        [("r", self.r), ("alpha", self.alpha), ("a", self.a), ("b", self.b)]
    }

    /// The same model in another unit of time: `alpha` is a length of time.
    pub(super) fn to<U: TimeUnit, V: TimeUnit>(self) -> Self {
        Self { alpha: self.alpha * U::DAYS / V::DAYS, ..self }
    }

    /// How many chances to leave somebody passed by who bought again so often and is still there.
    fn chances(repeats: u32) -> u32 {
        repeats.saturating_add(FIRST)
    }

    /// The logarithm of the odds that the customer has left: minus infinity when it never could.
    fn ln_odds_left<U: TimeUnit>(&self, customer: &RepeatBuying<U>) -> f64 {
        let chances = Self::chances(customer.repeats());
        if chances == 0 {
            return f64::NEG_INFINITY;
        }
        let at_last = self.alpha + customer.age_at_last().0.get();
        let shape = self.r + f64::from(customer.repeats());
        libm::log(self.a / (self.b + (f64::from(chances) - 1.0)))
            + shape * libm::log1p(customer.silence() / at_last)
    }

    pub(super) fn p_alive<U: TimeUnit>(&self, customer: &RepeatBuying<U>) -> f64 {
        let odds = libm::exp(self.ln_odds_left(customer));
        (1.0 + odds).recip()
    }

    pub(super) fn log_likelihood_of<U: TimeUnit>(&self, customer: &RepeatBuying<U>) -> f64 {
        let repeats = customer.repeats();
        let (x, chances) = (f64::from(repeats), Self::chances(repeats));
        let passed = Rising::of(self.b, chances).ln - Rising::of(self.a + self.b, chances).ln;
        // alpha^r / (alpha + T)^(r+x), in the form that holds when r and alpha are huge.
        let bought = Rising::of(self.r, repeats).ln
            - (self.r + x) * libm::log1p(customer.age().get() / self.alpha)
            - x * libm::log(self.alpha);
        bought + passed + softplus(self.ln_odds_left(customer))
    }
}

/// `ln(1 + exp(x))`.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}
