//! Special functions and small matrices of statistics.
//!
//! Everything transcendental comes from `libm`, so that the same input gives the same bits on every
//! machine. DLMF is the NIST Digital Library of Mathematical Functions, <https://dlmf.nist.gov>.

mod gamma;
mod incomplete_beta;
mod maximum;
mod nodes;
mod sum;
mod symmetric;

pub(crate) use gamma::{Rising, digamma, ln_gamma, trigamma};
pub(crate) use incomplete_beta::incomplete_beta_fraction;
pub(crate) use maximum::{Limit, Local, Maximum, Unreached, maximise};
pub(crate) use nodes::{beta_mean, gamma_nodes, refined};
pub(crate) use sum::Sum;
pub(crate) use symmetric::{Eigen, Matrix};
