//! Special functions and small matrices of statistics.
//!
//! Everything transcendental comes from `libm`, so that the same input gives the same bits on every
//! machine. DLMF is the NIST Digital Library of Mathematical Functions, <https://dlmf.nist.gov>.

mod chi_square;
mod gamma;
mod gauss;
mod incomplete;
mod incomplete_beta;
mod jet;
mod maximum;
mod nodes;
mod normal;
mod quadrature;
mod ratio;
mod sum;
mod symmetric;

pub(crate) use chi_square::ln_chi_square_tail;
pub(crate) use gamma::{Rising, digamma, ln_gamma, trigamma};
pub(crate) use gauss::{gauss, gauss_at_rungs};
pub(crate) use incomplete::{expm1_quotient, scaled_exponential_integral};
pub(crate) use incomplete_beta::incomplete_beta_fraction;
pub(crate) use jet::Jet;
pub(crate) use maximum::{Limit, Local, Maximum, Unreached, maximise};
pub(crate) use nodes::{beta_mean, gamma_nodes, refined};
pub(crate) use normal::normal_upper_quantile;
pub(crate) use quadrature::interval;
pub(crate) use ratio::{GammaRatio, ln_beta};
pub(crate) use sum::Sum;
pub(crate) use symmetric::Matrix;
