//! The regularised incomplete beta function.

/// Steps after which the fraction is given up; it needs some tens of them, or the root of its shapes.
const STEPS_MAX: u32 = 20_000;

/// The continued fraction that `I_x(a, b)` is, once divided by `x^a (1-x)^b / (a B(a, b))`: DLMF 8.17.22, by
/// the method of Lentz as Thompson and Barnett changed it (1986, J. Comput. Phys. 64, 490-509). It is quick
/// where `x < (a+1) / (a+b+2)`; beyond that `1 - I_{1-x}(b, a)` is.
pub(crate) fn incomplete_beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let off_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut upper = 1.0;
    let mut lower = off_zero(1.0 - (a + b) * x / (a + 1.0)).recip();
    let mut value = lower;
    for step in 1..=STEPS_MAX {
        let m = f64::from(step);
        let end = a + 2.0 * m;
        let even = m * (b - m) * x / ((end - 1.0) * end);
        let odd = -(a + m) * (a + b + m) * x / (end * (end + 1.0));
        let mut factor = 1.0;
        for coefficient in [even, odd] {
            lower = off_zero(1.0 + coefficient * lower).recip();
            upper = off_zero(1.0 + coefficient / upper);
            factor = lower * upper;
            value *= factor;
        }
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I_x(1, b) = 1 - (1-x)^b and I_x(a, 1) = x^a (DLMF 8.17.5 and the integral itself).
    #[test]
    fn shapes_of_one() {
        for x in [1e-9, 0.01, 0.3] {
            let fraction = incomplete_beta_fraction(1.0, 2.5, x);
            let expected = -libm::expm1(2.5 * libm::log1p(-x));
            // 1 / (1 B(1, b)) = b.
            let value = x * libm::pow(1.0 - x, 2.5) * 2.5 * fraction;
            assert!((value - expected).abs() < 1e-14 * expected, "{value} {expected}");
            let value = (1.0 - x) * incomplete_beta_fraction(40.0, 1.0, x);
            assert!((value - 1.0).abs() < 1e-14, "{value}");
        }
    }
}
