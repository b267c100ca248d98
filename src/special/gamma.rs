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
    libm::log(x) - 0.5 / x - digamma_rest(x) - below
}

/// The series of DLMF 5.11.2.
fn digamma_rest(x: f64) -> f64 {
    let square = (x * x).recip();
    let series = [
        1.0 / 12.0,
        -1.0 / 120.0,
        1.0 / 252.0,
        -1.0 / 240.0,
        1.0 / 132.0,
        -691.0 / 32_760.0,
        1.0 / 12.0,
    ];
    square * polynomial(square, &series)
}

/// The derivative of [`digamma`], for a positive `x`: DLMF 5.15.5 and 5.15.8.
pub(crate) fn trigamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < ASYMPTOTIC_FROM {
        below += (x * x).recip();
        x += 1.0;
    }
    below + x.recip() + 0.5 / (x * x) + trigamma_rest(x)
}

/// The series of DLMF 5.15.8.
fn trigamma_rest(x: f64) -> f64 {
    let square = (x * x).recip();
    let series =
        [1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2_730.0, 7.0 / 6.0];
    square / x * polynomial(square, &series)
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

/// Beyond so many factors the asymptotic series are quicker.
const FACTORS_MAX: u32 = 40;
/// Products stay far from the ends of the numbers; a logarithm is dearer than many factors.
const PRODUCT_MAX: f64 = 1e150;

impl Rising {
    pub(crate) fn of(x: f64, n: u32) -> Self {
        if n <= FACTORS_MAX {
            return Self::of_factors(x, n);
        }
        let below = if x < ASYMPTOTIC_FROM { FACTORS_MAX.min(n) } else { 0 };
        let (near, far) = (
            Self::of_factors(x, below),
            Self::of_series(x + f64::from(below), f64::from(n.saturating_sub(below))),
        );
        Self {
            ln: near.ln + far.ln,
            first: near.first + far.first,
            second: near.second + far.second,
        }
    }

    fn of_factors(x: f64, n: u32) -> Self {
        let mut rising = Self::default();
        let mut product = 1.0_f64;
        for k in 0..n {
            let factor = x + f64::from(k);
            let inverse = factor.recip();
            product *= factor;
            if !(PRODUCT_MAX.recip()..PRODUCT_MAX).contains(&product) {
                rising.ln += libm::log(product / factor) + libm::log(factor);
                product = 1.0;
            }
            rising.first += inverse;
            rising.second -= inverse * inverse;
        }
        rising.ln += libm::log(product);
        rising
    }

    /// Differences of the asymptotic series DLMF 5.11.1, 5.11.2 and 5.15.8, in forms in which nothing cancels
    /// however large `x` is.
    fn of_series(x: f64, n: f64) -> Self {
        let end = x + n;
        let grown = libm::log1p(n / x);
        let difference = |of: fn(f64) -> f64| of(end) - of(x);
        let inverses = -n / x / end;
        Self {
            ln: (end - 0.5) * grown + n * libm::log(x) - n + difference(ln_gamma_rest),
            first: grown - 0.5 * inverses - difference(digamma_rest),
            second: inverses
                + 0.5 * inverses * (x.recip() + end.recip())
                + difference(trigamma_rest),
        }
    }
}

/// The series of DLMF 5.11.1.
fn ln_gamma_rest(x: f64) -> f64 {
    let square = (x * x).recip();
    let series = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1_260.0,
        -1.0 / 1_680.0,
        1.0 / 1_188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    polynomial(square, &series) / x
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

    /// With 50 digits, by another program.
    #[test]
    fn rising_factorials_of_hard_cases() {
        for (x, n, ln, first, second) in [
            (0.243, 41, 109.9027461914982, 8.05840300808977, -18.117236925511364),
            (11.9, 5_000, 37666.73539836585, 6.085537060936833, -0.08746365615335139),
            (12.0, 41, 138.8585284572049, 1.5181666058201042, -0.06785482964277356),
            (1000000.0, 400, 5526.284012561132, 0.000399920221247034, -3.99840463734738e-10),
            (4000000000.0, 41, 906.4919683257184, 1.0249999948750001e-08, -2.5624999743750002e-18),
            (
                1000000000000000.0,
                5_000,
                172693.8819745659,
                4.999999999987502e-12,
                -4.999999999975005e-27,
            ),
            (0.01, 1_000_000, 12815500.107822834, 114.37639552583286, -10001.621212528313),
            (0.001, 40, 99.72825771529108, 1004.2519246206285, -1000001.6172187328),
        ] {
            let rising = Rising::of(x, n);
            close(rising.ln, ln);
            close(rising.first / first, 1.0);
            close(rising.second / second, 1.0);
        }
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
