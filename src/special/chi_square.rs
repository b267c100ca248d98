//! The chi-square distribution.

use super::gamma::ln_gamma;

/// From here on the continued fraction of the error function takes few steps.
const FRACTION_FROM: f64 = 2.0;

/// Steps of the continued fraction; at [`FRACTION_FROM`] about 60 do.
const FRACTION_STEPS: u32 = 200;

/// The logarithm of the chance that a chi-square variable with so many degrees of freedom exceeds `x`, which
/// is not negative.
///
/// With `y = x/2` and whole numbers, that is the finite sum of positive terms DLMF 8.4.10 and 8.4.12 (Abramowitz
/// and Stegun 26.4.4 and 26.4.5), so that it is accurate however small.
pub(crate) fn ln_chi_square_tail(degrees: u32, x: f64) -> f64 {
    let y = 0.5 * x;
    if degrees == 0 || y <= 0.0 {
        return if degrees == 0 && y > 0.0 { f64::NEG_INFINITY } else { 0.0 };
    }
    if y.is_infinite() {
        return f64::NEG_INFINITY;
    }
    // The terms are exp(-y) y^e / gamma(e+1) for e = 0, 1, .. or 1/2, 3/2, .. below degrees/2.
    let half = if degrees.is_multiple_of(2) { 0.0 } else { 0.5 };
    let terms = degrees / 2;
    let mut parts = Largest::default();
    if half > 0.0 {
        parts.add(ln_erfc_root(y));
    }
    if terms > 0 {
        // The largest term, and all others by their quotients with it.
        let last = f64::from(terms.saturating_sub(1)) + half;
        let top = f64::max(last.min(libm::floor(y)), half);
        let top = half + libm::floor(top - half);
        let (mut sum, mut term, mut exponent) = (1.0, 1.0, top);
        while exponent > half && term > f64::EPSILON * sum * 1e-3 {
            term *= exponent / y;
            sum += term;
            exponent -= 1.0;
        }
        (term, exponent) = (1.0, top);
        while exponent < last && term > f64::EPSILON * sum * 1e-3 {
            exponent += 1.0;
            term *= y / exponent;
            sum += term;
        }
        parts.add(-y + top * libm::log(y) - ln_gamma(top + 1.0) + libm::log(sum));
    }
    parts.ln().min(0.0)
}

/// The logarithm of `erfc(sqrt(y))`, the tail of one degree of freedom.
fn ln_erfc_root(y: f64) -> f64 {
    let root = y.sqrt();
    if y < FRACTION_FROM {
        return libm::log(libm::erfc(root));
    }
    // DLMF 7.9.1, from behind: numerators 1/2, 1, 3/2, .. under denominators that are y and 1 by turns.
    let mut denominator = y;
    for step in (1..=FRACTION_STEPS).rev() {
        let whole = if step.is_multiple_of(2) { 1.0 } else { y };
        denominator = whole + 0.5 * f64::from(step) / denominator;
    }
    -y + libm::log(root / (std::f64::consts::PI.sqrt() * denominator))
}

/// The logarithm of a sum, from the logarithms of its parts.
#[derive(Default)]
struct Largest {
    ln: Option<f64>,
}

impl Largest {
    fn add(&mut self, ln: f64) {
        self.ln = Some(self.ln.map_or(ln, |sum| {
            let (more, less) = if sum >= ln { (sum, ln) } else { (ln, sum) };
            more + libm::log1p(libm::exp(less - more))
        }));
    }

    fn ln(&self) -> f64 {
        self.ln.unwrap_or(f64::NEG_INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against 50 digits of the incomplete gamma function.
    #[test]
    fn known_values() {
        for (degrees, x, ln) in [
            (1, 0.5, -0.735_011_129_837_084_4),
            (1, 3.841_458_820_694_124, -2.995_732_273_553_99),
            (1, 4.5, -3.384_492_089_551_552_7),
            (1, 1_550.510_306_876_838, -779.154_758_396_399),
            (2, 10.0, -5.0),
            (3, 0.01, -0.000_265_200_221_125_818_8),
            (3, 20.0, -8.681_228_354_799_242),
            (4, 900.0, -443.888_532_660_497_3),
            (5, 7.0, -1.511_221_469_285_876_8),
            (12, 3.0, -0.004_465_938_248_799_933),
            (12, 3e3, -1_468.218_053_140_177),
            (101, 90.0, -0.254_426_757_886_316_75),
            (2_001, 2e3, -0.688_950_300_080_223_3),
            (2_000, 1e5, -45_096.241_735_199_99),
            (3_000, 2e3, 0.0),
        ] {
            let found = ln_chi_square_tail(degrees, x);
            let off = (found - ln).abs();
            // A chance near 1 is as good as its difference from 1; logarithms of gamma cost the large ones.
            let tolerance = 1e-15 * (f64::from(degrees) + x).max(4.0);
            assert!(off < tolerance, "{degrees} {x}: {found}, not {ln}: {off:e}");
        }
    }

    #[test]
    fn the_ends_are_certain() {
        assert_eq!(ln_chi_square_tail(3, 0.0), 0.0);
        assert_eq!(ln_chi_square_tail(3, f64::INFINITY), f64::NEG_INFINITY);
        let (below, above) = (2.0 * FRACTION_FROM - 1e-12, 2.0 * FRACTION_FROM);
        assert!((ln_chi_square_tail(1, below) - ln_chi_square_tail(1, above)).abs() < 2e-12);
    }
}
