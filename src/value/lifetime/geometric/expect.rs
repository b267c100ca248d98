//! How often a customer is to be expected to buy.
//!
//! Somebody still there buys at a rate that follows a gamma distribution of shape `k = r + x` and rate
//! `alpha + T`, and leaves after a purchase with a chance that follows a beta distribution of shapes `a` and
//! `b`, the latter raised by the chances it passed by; the two do not depend on each other. Given both, it buys
//! `(1 - exp(-rate chance t)) / chance` times until `t`.

use super::Geometric;
use crate::special::{beta_mean, gamma_nodes, refined};

/// Up to here the series is quicker than quadrature.
const REACHED_MAX: f64 = 0.95;
/// Beyond these the terms of the series cancel more digits than may be lost.
const ALTERNATING_MIN: f64 = -6.0;
const CANCELLING_MAX: f64 = 100.0;
/// Below this the terms have a pole near by, at `a + b = 0`.
const SHAPES_MIN: f64 = 1e-3;
/// With more excess than this they grow towards the end of the numbers before they fall.
const GROWING_MAX: f64 = 30.0;
/// More purchases than this are not told from it: their products must stay within the numbers.
const AHEAD_MAX: f64 = 1e280;
/// Terms after which the series is given up; up to [`REACHED_MAX`] it needs some hundreds.
const TERMS_MAX: u32 = 4_000;

impl<const FIRST: u32> Geometric<FIRST> {
    fn posterior(&self, repeats: u32, age: f64) -> Posterior {
        Posterior {
            shape: self.r + f64::from(repeats),
            rate: self.alpha + age,
            a: self.a,
            b: self.b + f64::from(Self::chances(repeats)),
            // Not from the sums above, in which many repeats would drown it.
            excess: self.a + self.b + f64::from(FIRST) - 1.0 - self.r,
        }
    }

    pub(in super::super) fn expected_while_alive(&self, repeats: u32, age: f64, time: f64) -> f64 {
        self.posterior(repeats, age).expected(time)
    }

    /// `None` when they are infinite.
    pub(in super::super) fn residual_while_alive(
        &self,
        repeats: u32,
        age: f64,
        discount: f64,
    ) -> Option<f64> {
        self.posterior(repeats, age).discounted(discount)
    }
}

/// What is known of somebody who is still there.
struct Posterior {
    shape: f64,
    rate: f64,
    a: f64,
    b: f64,
    /// `a + b - 1 - shape`.
    excess: f64,
}

impl Posterior {
    /// Purchases until `time`: the paper's equation 10 over P(alive), in forms that stay accurate.
    fn expected(&self, time: f64) -> f64 {
        let reached = time / (self.rate + time);
        let series = reached <= REACHED_MAX
            && self.excess >= ALTERNATING_MIN
            && self.excess * reached <= GROWING_MAX
            && self.a + self.b >= SHAPES_MIN
            && self.a + self.b <= CANCELLING_MAX * self.shape;
        let expected = if series { self.series(reached) } else { self.quadrature(time) };
        expected.clamp(0.0, f64::MAX)
    }

    /// Euler's transformation (DLMF 15.8.1) of the Gauss function in the paper's equation. With `d = a - 1`,
    /// `c = a + b - 1`, `A = c - k` and `z = t / (alpha + T + t)` it becomes
    /// `c (1 - (1-z)^d) / d - (1-z)^d sum_{n >= 1} (A)_n (a)_{n-1} / ((c+1)_{n-1} n!) z^n`, where nothing is
    /// singular at `d = 0`, nor at `c = 0`.
    fn series(&self, z: f64) -> f64 {
        let (d, c) = (self.a - 1.0, self.a + self.b - 1.0);
        let (mut term, mut sum) = (self.excess * z, 0.0);
        for n in 1..TERMS_MAX {
            sum += term;
            let n = f64::from(n);
            let ratio = (self.excess + n) * (d + n) * z / ((c + n) * (n + 1.0));
            term *= ratio;
            // What is left is less than a geometric series.
            if term.abs() <= (1.0 - z) * 1e-17 * sum.abs() && ratio.abs() < 1.0 {
                break;
            }
        }
        let ln_left = libm::log1p(-z);
        let first = if d == 0.0 { -ln_left } else { -libm::expm1(d * ln_left) / d };
        c * first - libm::exp(d * ln_left) * sum
    }

    /// The mean over the chance of leaving; the one over the rate is
    /// `(1 - (1 + chance t / (alpha + T))^-k) / chance`.
    fn quadrature(&self, time: f64) -> f64 {
        let ahead = (time / self.rate).min(AHEAD_MAX / self.shape);
        let given = |chance: f64| -libm::expm1(-self.shape * libm::log1p(chance * ahead)) / chance;
        refined(|step| beta_mean((self.a, self.b), step, self.shape * ahead, given))
    }

    /// Purchases over all the future, one at `t` counting `exp(-discount t)`: given rate and chance
    /// `rate / (discount + rate chance)`. A rate as a factor of what is averaged raises its shape by one.
    fn discounted(&self, discount: f64) -> Option<f64> {
        if discount == 0.0 {
            let (d, c) = (self.a - 1.0, self.a + self.b - 1.0);
            return (d > 0.0).then(|| c / d).filter(|purchases| purchases.is_finite());
        }
        let scaled = discount * self.rate;
        let mean = refined(|step| {
            let rates = gamma_nodes(self.shape + 1.0, step);
            beta_mean((self.a, self.b), step, scaled.recip(), |chance| {
                rates.iter().map(|(rate, weight)| weight / (scaled + rate * chance)).sum()
            })
        });
        let purchases = self.shape * mean;
        purchases.is_finite().then_some(purchases)
    }
}
