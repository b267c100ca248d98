//! Quotients of gamma functions.

use super::gamma::ln_gamma;

/// From here on the asymptotic series below are exact to the last digit.
const ASYMPTOTIC_FROM: f64 = 12.0;

/// The logarithm of `gamma(base + shift) / gamma(base)` for positive numbers, with its derivatives by `base`.
///
/// The differences that define it lose every digit when the base is large; these do not: the derivatives
/// keep their relative accuracy, and the logarithm is as good as `shift ln(base)` allows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct GammaRatio {
    pub(crate) ln: f64,
    /// `digamma(base + shift) - digamma(base)`.
    pub(crate) first: f64,
    /// `trigamma(base + shift) - trigamma(base)`.
    pub(crate) second: f64,
}

impl GammaRatio {
    /// The recurrences DLMF 5.5.1, 5.5.2 and 5.15.5 up to where the asymptotic series DLMF 5.11.1, 5.11.2 and
    /// 5.15.8 hold, every difference of them taken by terms.
    pub(crate) fn of(base: f64, shift: f64) -> Self {
        let mut base = base;
        let mut below = Self::default();
        while base < ASYMPTOTIC_FROM {
            let end = base + shift;
            let quotient = shift / (base * end);
            below.ln -= libm::log1p(shift / base);
            below.first += quotient;
            below.second -= quotient * (base + end) / (base * end);
            base += 1.0;
        }
        let end = base + shift;
        let grown = libm::log1p(shift / base);
        let quotient = shift / (base * end);
        let (tail_end, tail_base) = (Tail::of(end), Tail::of(base));
        Self {
            ln: below.ln
                + (base - 0.5) * grown
                + shift * (libm::log(end) - 1.0)
                + (tail_end.ln - tail_base.ln),
            first: below.first + grown + 0.5 * quotient - (tail_end.first - tail_base.first),
            second: below.second - quotient - 0.5 * quotient * (base + end) / (base * end)
                + (tail_end.second - tail_base.second),
        }
    }
}

/// The logarithm of the beta function of positive numbers, by the larger of which there is no cancellation.
pub(crate) fn ln_beta(left: f64, right: f64) -> f64 {
    let (small, large) = if left <= right { (left, right) } else { (right, left) };
    ln_gamma(small) - GammaRatio::of(large, small).ln
}

/// What the asymptotic series have beyond the terms that differences are taken of in closed form.
struct Tail {
    ln: f64,
    first: f64,
    second: f64,
}

impl Tail {
    fn of(x: f64) -> Self {
        let inverse = x.recip();
        let square = inverse * inverse;
        let ln = [
            1.0 / 12.0,
            -1.0 / 360.0,
            1.0 / 1_260.0,
            -1.0 / 1_680.0,
            1.0 / 1_188.0,
            -691.0 / 360_360.0,
            1.0 / 156.0,
        ];
        let first = [
            1.0 / 12.0,
            -1.0 / 120.0,
            1.0 / 252.0,
            -1.0 / 240.0,
            1.0 / 132.0,
            -691.0 / 32_760.0,
            1.0 / 12.0,
        ];
        let second = [
            1.0 / 6.0,
            -1.0 / 30.0,
            1.0 / 42.0,
            -1.0 / 30.0,
            5.0 / 66.0,
            -691.0 / 2_730.0,
            7.0 / 6.0,
        ];
        let series = |coefficients: [f64; 7]| {
            coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * square + coefficient)
        };
        Self {
            ln: inverse * series(ln),
            first: square * series(first),
            second: square * inverse * series(second),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::{digamma, trigamma};

    fn close(left: f64, right: f64, tolerance: f64) {
        assert!(
            (left - right).abs() <= tolerance * right.abs().max(1e-300),
            "{left} is not {right}"
        );
    }

    #[test]
    fn it_is_the_difference_where_that_has_digits() {
        for base in [0.01, 0.7, 3.2, 11.9, 12.0, 40.0, 900.0] {
            for shift in [0.3, 1.0, 7.5, 200.0] {
                let (ratio, end) = (GammaRatio::of(base, shift), base + shift);
                let scale = ln_gamma(end).abs().max(1.0);
                assert!((ratio.ln - (ln_gamma(end) - ln_gamma(base))).abs() < 3e-15 * scale);
                close(ratio.first, digamma(end) - digamma(base), 1e-11);
                close(ratio.second, trigamma(end) - trigamma(base), 1e-10);
            }
        }
    }

    /// By the recurrence: a shift by a whole number is a product.
    #[test]
    fn it_keeps_its_digits_where_the_difference_has_none() {
        for base in [1e3, 1e9, 1e15, 1e40] {
            let ratio = GammaRatio::of(base, 2.0);
            close(ratio.ln, libm::log(base) + libm::log(base + 1.0), 1e-15);
            close(ratio.first, base.recip() + (base + 1.0).recip(), 1e-15);
            close(ratio.second, -(base * base).recip() - (base + 1.0).powi(-2), 1e-15);
        }
        // The beta function of numbers far apart, and of halves: B(1/2, 1/2) is pi.
        close(ln_beta(1.0, 1e12), -libm::log(1e12), 1e-15);
        close(ln_beta(0.5, 0.5), libm::log(std::f64::consts::PI), 1e-15);
    }
}
