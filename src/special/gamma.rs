//! The logarithm of the gamma function, and its derivatives.

/// From here on the asymptotic series below are exact to the last digit.
const ASYMPTOTIC_FROM: f64 = 12.0;

/// The logarithm of the gamma function, for a positive `x`.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The derivative of [`ln_gamma`], for a positive `x`: the recurrence DLMF 5.5.2 up to where the
/// asymptotic series DLMF 5.11.2 holds.
pub(crate) fn digamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < ASYMPTOTIC_FROM {
        below += x.recip();
        x += 1.0;
    }
    let square = (x * x).recip();
    let series = polynomial(
        square,
        &[
            1.0 / 12.0,
            -1.0 / 120.0,
            1.0 / 252.0,
            -1.0 / 240.0,
            1.0 / 132.0,
            -691.0 / 32_760.0,
            1.0 / 12.0,
        ],
    );
    libm::log(x) - 0.5 / x - square * series - below
}

/// The derivative of [`digamma`], for a positive `x`: DLMF 5.15.5 and 5.15.8.
pub(crate) fn trigamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < ASYMPTOTIC_FROM {
        below += (x * x).recip();
        x += 1.0;
    }
    let square = (x * x).recip();
    let series = polynomial(
        square,
        &[1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2_730.0, 7.0 / 6.0],
    );
    below + x.recip() + 0.5 * square + square / x * series
}

fn polynomial(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().rev().fold(0.0, |value, coefficient| value.mul_add(x, *coefficient))
}

/// The logarithm of the rising factorial `x (x+1) .. (x+n-1)`, which is `ln_gamma(x+n) - ln_gamma(x)`, with
/// its derivatives by `x`. Unlike that difference it loses no digits when `n` is small.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rising {
    pub(crate) ln: f64,
    pub(crate) first: f64,
    pub(crate) second: f64,
}

/// Beyond so many factors the difference of gamma functions is quicker, and as good.
const FACTORS_MAX: u32 = 40;

impl Rising {
    pub(crate) fn of(x: f64, n: u32) -> Self {
        if n > FACTORS_MAX {
            let end = x + f64::from(n);
            return Self {
                ln: ln_gamma(end) - ln_gamma(x),
                first: digamma(end) - digamma(x),
                second: trigamma(end) - trigamma(x),
            };
        }
        let mut rising = Self::default();
        for k in 0..n {
            let factor = x + f64::from(k);
            let inverse = factor.recip();
            rising.ln += libm::log(factor);
            rising.first += inverse;
            rising.second -= inverse * inverse;
        }
        rising
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() <= 4e-15 * right.abs().max(1.0), "{left} is not {right}");
    }

    /// Of the constants of Euler and Catalan, and of pi (DLMF 5.4.12-5.4.15, 5.15.1).
    #[test]
    fn known_values() {
        const EULER: f64 = 0.577_215_664_901_532_9;
        let pi_square = std::f64::consts::PI.powi(2);
        close(digamma(1.0), -EULER);
        close(digamma(0.5), -EULER - 2.0 * std::f64::consts::LN_2);
        close(digamma(2.0), 1.0 - EULER);
        close(trigamma(1.0), pi_square / 6.0);
        close(trigamma(0.5), pi_square / 2.0);
        close(trigamma(0.25), pi_square + 8.0 * 0.915_965_594_177_219);
    }

    #[test]
    fn the_functions_meet_where_their_forms_change() {
        for n in [FACTORS_MAX, FACTORS_MAX + 1] {
            for x in [1e-3, 0.243, 1.0, 17.5, 4e3] {
                let rising = Rising::of(x, n);
                let end = x + f64::from(n);
                assert!((rising.ln - (ln_gamma(end) - ln_gamma(x))).abs() < 1e-10);
                assert!((rising.first - (digamma(end) - digamma(x))).abs() < 1e-12 / x + 1e-14);
                assert!(
                    (rising.second - (trigamma(end) - trigamma(x))).abs() < 1e-12 / x / x + 1e-14
                );
            }
        }
        let beside = |f: fn(f64) -> f64| {
            let (below, above) = (f(ASYMPTOTIC_FROM - 1e-9), f(ASYMPTOTIC_FROM));
            assert!((below - above).abs() < 1e-9, "{below} {above}");
        };
        beside(digamma);
        beside(trigamma);
    }
}
