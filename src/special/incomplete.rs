//! The exponential integral of any positive order, which is the incomplete gamma function.

use super::gamma::ln_gamma;

/// Where the continued fraction is quick: from so large an argument or order on.
const FRACTION_FROM: f64 = 1.0;
const FRACTION_FROM_ORDER: f64 = 30.0;
const STEPS_MAX: u32 = 1_000;
/// What a term has to add, relatively, to count.
const COUNTS: f64 = 1e-18;

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;

/// `(exp x - 1) / x`, and its limit 1 at 0.
pub(crate) fn expm1_quotient(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::expm1(x) / x }
}

/// `exp(z) E_p(z)`, the integral over `(0, inf)` of `exp(-z u) (1 + u)^-p`, for a positive order `p` and a
/// positive `z`. By DLMF 8.19.1 it is `exp(z) z^(p-1) Gamma(1-p, z)`.
pub(crate) fn scaled_exponential_integral(p: f64, z: f64) -> f64 {
    if z >= FRACTION_FROM || p >= FRACTION_FROM_ORDER {
        return fraction(p, z);
    }
    // Up from an order of 3/2 at most by DLMF 8.19.12, of which every step damps the error.
    let steps = libm::ceil(p - 1.5).max(0.0);
    let mut order = p - steps;
    let mut value = libm::exp(z) * series(order, z);
    while order < p - 0.5 {
        value = (1.0 - z * value) / order;
        order += 1.0;
    }
    value
}

/// DLMF 8.19.17, contracted to its even part and summed as in [`gauss`](super::gauss()).
fn fraction(p: f64, z: f64) -> f64 {
    let mut inverse = (z + p).recip();
    let (mut value, mut term) = (inverse, inverse);
    for step in 1..=STEPS_MAX {
        let n = f64::from(step);
        let numerator = n * (p + n - 1.0);
        let next = (z + p + 2.0 * n - numerator * inverse).recip();
        term *= numerator * inverse * next;
        inverse = next;
        value += term;
        if term <= COUNTS * value {
            break;
        }
    }
    value
}

/// `E_p(z)` by DLMF 8.19.8 and 8.19.10, of which the two terms that are infinite at `p = 1` are taken as one.
fn series(p: f64, z: f64) -> f64 {
    let off = 1.0 - p;
    let slope = ln_gamma_quotient(off) - libm::log(z);
    let mut value = slope * expm1_quotient(off * slope);
    let mut power = 1.0;
    for step in 1..=STEPS_MAX {
        let k = f64::from(step);
        power *= -z / k;
        let term = power / (k + off);
        value -= term;
        if term.abs() <= COUNTS * value {
            break;
        }
    }
    value
}

/// `ln Gamma(1 + x) / x` for `x` in `[-1/2, 1)`: near 0 by DLMF 5.7.3.
fn ln_gamma_quotient(x: f64) -> f64 {
    if x > 0.5 {
        return ln_gamma(1.0 + x) / x;
    }
    let log = if x == 0.0 { 1.0 } else { libm::log1p(x) / x };
    let (mut sum, mut power) = (0.0, 1.0);
    for (place, zeta) in (2_u8..).zip(ZETA_LESS_ONE) {
        power *= -x;
        sum += zeta * power / f64::from(place);
    }
    1.0 - EULER - log - sum
}

/// Riemann's zeta function less 1, at 2, 3 and so on (DLMF 25.2.1).
#[expect(clippy::excessive_precision, reason = "as printed by the program that computed them")]
const ZETA_LESS_ONE: [f64; 25] = [
    0.644_934_066_848_226_4,
    0.202_056_903_159_594_29,
    0.082_323_233_711_138_19,
    0.036_927_755_143_369_93,
    0.017_343_061_984_449_14,
    0.008_349_277_381_922_827,
    0.004_077_356_197_944_339,
    0.002_008_392_826_082_214_4,
    9.945_751_278_180_853e-4,
    4.941_886_041_194_645_5e-4,
    2.460_865_533_080_483e-4,
    1.227_133_475_784_891_5e-4,
    6.124_813_505_870_483e-5,
    3.058_823_630_702_049_4e-5,
    1.528_225_940_865_187_2e-5,
    7.637_197_637_899_762e-6,
    3.817_293_264_999_84e-6,
    1.908_212_716_553_939e-6,
    9.539_620_338_727_961e-7,
    4.769_329_867_878_064_6e-7,
    2.384_505_027_277_33e-7,
    1.192_199_259_653_110_7e-7,
    5.960_818_905_125_948e-8,
    2.980_350_351_465_228e-8,
    1.490_155_482_836_504e-8,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// `p`, `z` and the scaled integral, computed with 40 digits.
    #[rustfmt::skip]
    #[expect(clippy::excessive_precision, reason = "as printed by the program that computed them")]
    const REFERENCE: [(f64, f64, f64); 20] = [
        (0.05, 0.01, 81.696623969325708),
        (0.05, 0.9, 1.0763833610724686),
        (0.499, 0.3, 1.9177093903429868),
        (0.5, 0.3, 1.9157971468645816),
        (0.606, 0.0315, 6.4834929599371491),
        (1.0, 1e-08, 17.843465267485484),
        (1.0000000000009095, 0.001, 6.3378740703064975),
        (0.9999999999990905, 0.99, 0.60041394194188491),
        (1.49, 1e-12, 2.0408116496420049),
        (1.51, 0.5, 0.68497237377052258),
        (3.0, 0.001, 0.49950316893703516),
        (12.3, 0.999, 0.080736543119638645),
        (29.9, 1e-10, 0.034602076124443454),
        (30.1, 1e-10, 0.034364261168262585),
        (1000000.0, 0.001, 1.000000999000997e-6),
        (0.606, 1.0, 0.71822146831775865),
        (0.1, 5.0, 0.19664210908828468),
        (2.5, 700.0, 0.001423494735241702),
        (1.0, 1000000.0, 9.9999900000199999e-7),
        (400.0, 400.0, 0.0012507807614160482),
    ];

    #[test]
    fn known_values() {
        for (p, z, expected) in REFERENCE {
            let value = scaled_exponential_integral(p, z);
            assert!((value - expected).abs() <= 5e-15 * expected, "{p} {z}: {value} {expected}");
        }
    }
}
