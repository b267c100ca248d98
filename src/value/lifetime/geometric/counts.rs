//! How often new customers buy again.

use super::Geometric;
use crate::special::{Rising, incomplete_beta_fraction};

impl<const FIRST: u32> Geometric<FIRST> {
    /// The chance of exactly so many repeats within a time: with `N` the number of purchases if nobody left,
    /// which is negative binomial, somebody still there has `N = x`, and who left with the `x`-th has `N >= x`.
    pub(in super::super) fn p_repeats(&self, repeats: u32, time: f64) -> f64 {
        let chances = Self::chances(repeats);
        let passed = |chances: u32| {
            let ln = Rising::of(self.b, chances).ln - Rising::of(self.a + self.b, chances).ln;
            libm::exp(ln)
        };
        let (exactly, at_least) = negative_binomial(self.r, self.alpha, repeats, time);
        let there = passed(chances) * exactly;
        let Some(before) = chances.checked_sub(1) else { return there };
        let leaves = self.a / (self.a + self.b + f64::from(before));
        (there + passed(before) * leaves * at_least).min(1.0)
    }
}

/// The chances of exactly, and of at least, so many purchases within a time at rates that follow a gamma
/// distribution.
pub(in super::super) fn negative_binomial(
    r: f64,
    alpha: f64,
    repeats: u32,
    time: f64,
) -> (f64, f64) {
    let x = f64::from(repeats);
    if time == 0.0 {
        return if repeats == 0 { (1.0, 1.0) } else { (0.0, 0.0) };
    }
    let (bought, not) = (time / (alpha + time), alpha / (alpha + time));
    // Not as 0 times infinity, which it is within next to no time.
    let soon = if repeats == 0 { 0.0 } else { x * libm::log1p(alpha / time) };
    let ln = Rising::of(r, repeats).ln
        - Rising::of(1.0, repeats).ln
        - r * libm::log1p(time / alpha)
        - soon;
    let exactly = libm::exp(ln);
    if repeats == 0 {
        return (exactly, 1.0);
    }
    // P(N >= x) = I_z(x, r), with z = t / (alpha + t) (DLMF 8.17.24).
    let at_least = if bought < (x + 1.0) / (x + r + 2.0) {
        exactly * incomplete_beta_fraction(x, r, bought)
    } else {
        1.0 - exactly * x / r * incomplete_beta_fraction(r, x, not)
    };
    (exactly, at_least.clamp(0.0, 1.0))
}
