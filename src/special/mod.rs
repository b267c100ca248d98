//! Special functions and small matrices of statistics.
//!
//! Everything transcendental comes from `libm`, so that the same input gives the same bits on every
//! machine. DLMF is the NIST Digital Library of Mathematical Functions, <https://dlmf.nist.gov>.

mod gamma;
mod maximum;
mod sum;
mod symmetric;

pub(crate) use gamma::{Rising, digamma, ln_gamma, trigamma};
pub(crate) use maximum::{Limit, Local, Maximum, Unreached, maximise};
pub(crate) use sum::Sum;
pub(crate) use symmetric::{Eigen, Matrix};
