//! Gauss's hypergeometric function with a first parameter of 1.

use super::jet::Jet;
use super::quadrature::half_line;

/// Steps after which the fraction is given up for the integral, which takes the time of about so many.
const FRACTION_STEPS_MAX: u32 = 150;
/// What a term of a sum has to add, relatively, to count; low enough for all that follow it together.
const COUNTS: f64 = 1e-18;

/// `F(1, b; b + e; 1 - w)` for positive `b`, `e` and `w`.
///
/// The complement `w` of the argument comes as it is, so that nothing is lost near the singularity at `w = 0`.
/// All terms are positive, whatever the parameters.
pub(crate) fn gauss(b: f64, e: f64, w: f64) -> f64 {
    // DLMF 15.8.1: the same function, of an argument between 0 and 1.
    let (b, e, w, factor) = if w > 1.0 { (e, b, w.recip(), w.recip()) } else { (b, e, w, 1.0) };
    let value = fraction(b, e, w).unwrap_or_else(|| {
        // The integral needs `b + e` above 1: one term of the series is split off.
        1.0 + b / (b + e) * (1.0 - w) * libm::exp(integral(b + 1.0, e, w).value)
    });
    factor * value
}

/// Gauss's continued fraction (DLMF 15.7.5) contracted to its even part, as the sum of its differences; `None`
/// where that is slow. `w` is 1 at most.
fn fraction(b: f64, e: f64, w: f64) -> Option<f64> {
    let (c, z) = (b + e, 1.0 - w);
    // With the coefficients of 1/(1 - odd z/(1 - even z/(1 - ..))) the contracted fraction has the denominators
    // 1 - even z - odd z, which are written here without the subtraction.
    let mut odd = b / c;
    let mut inverse = ((e + b * w) / c).recip();
    let (mut value, mut term) = (inverse, inverse);
    for step in 1..=FRACTION_STEPS_MAX {
        let n = f64::from(step);
        let before = n - 1.0;
        let low = c + 2.0 * before;
        let (middle, high) = (low + 1.0, low + 2.0);
        let even = n * (e + before) / (low * middle);
        let numerator = odd * even * (z * z);
        odd = (b + n) * (c + before) / (middle * high);
        let left = (c * e + 2.0 * (n * b + before * e + n * before)) / (low * high);
        let next = (w * (even + odd) + left - numerator * inverse).recip();
        // Steed's algorithm (Thompson and Barnett 1986, J. Comput. Phys. 64, 490-509); its factor
        // `denominator next - 1` is this product.
        term *= numerator * inverse * next;
        inverse = next;
        value += term;
        if term <= COUNTS * value {
            return Some(value);
        }
    }
    None
}

/// `ln F(1, b; b + e; 1 - w)`, for `b + e` above 1 and any positive `w`, with its derivatives by `b`, `e` and
/// `ln w`: Euler's integral (DLMF 15.6.1) after the substitution that makes it
/// `k` times the integral over `(0, inf)` of `exp(-(e-1) v) (1 + w (exp v - 1))^-b`, with `k = b + e - 1`.
fn integral(b: f64, e: f64, w: f64) -> Jet<3> {
    let exponent = |v: f64| {
        // ln(1 + w (exp v - 1)), and its derivative by ln w.
        let rise = w * libm::expm1(v);
        let (grown, share) = if rise.is_finite() {
            (libm::log1p(rise), rise / (1.0 + rise))
        } else {
            (v + libm::log(w), 1.0)
        };
        ((1.0 - e) * v - b * grown, grown, share)
    };
    let mut scale = (e - 1.0 + b * w).abs().max(1e-300).recip();
    while exponent(scale).0 > -1.0 {
        scale *= 2.0;
    }
    while exponent(0.5 * scale).0 < -1.0 {
        scale *= 0.5;
    }
    let [all, rest @ ..] = half_line(scale, |v| {
        let (exponent, grown, share) = exponent(v);
        let density = libm::exp(exponent);
        let (by_b, by_e) = (-density * grown, -density * v);
        [
            density,
            by_b,
            by_e,
            density * share,
            -by_b * grown,
            -by_b * v,
            by_b * share,
            -by_e * v,
            by_e * share,
            density * share * share,
        ]
    });
    let [g_b, g_e, h, bb, be, bh, ee, eh, hh] = rest.map(|moment| moment / all);
    // By b and e the exponent is linear, by ln w its derivative is -b h with h' = h (1 - h); h counts positive.
    let k = b + e - 1.0;
    let (inverse, square) = (k.recip(), (k * k).recip());
    let (b_e, b_w, e_w) = (be - g_b * g_e - square, -h - b * (bh - g_b * h), -b * (eh - g_e * h));
    let w_w = b * b * (hh - h * h) - b * (h - hh);
    Jet {
        value: libm::log(k * all),
        gradient: [g_b + inverse, g_e + inverse, -b * h],
        hessian: [
            [bb - g_b * g_b - square, b_e, b_w],
            [b_e, ee - g_e * g_e - square, e_w],
            [b_w, e_w, w_w],
        ],
    }
}

/// Further apart than so many steps a new start is quicker.
const GAP_MAX: f64 = 150.0;
/// From so large an argument `1 - w`, on either side of 0, the way down to a start takes longer than the integral.
const SERIES_ARGUMENT_MAX: f64 = 0.8;
/// How small the product of the factors on the way down to a start has to be.
const FORGOTTEN: f64 = 1e-21;

/// `F(1, b; b + e; 1 - w)` for each `b = base + rung`, the rungs falling, with its derivatives by `b`, `e` and
/// `ln w`.
///
/// Of `F(b) = 1 + f(b) F(b + 1)` with `f(b) = (1 - w) b / (b + e)` (the series DLMF 15.2.1, its first term split
/// off) a step down damps what error there is where `f` is within -1 and 1, and a step up where it is beyond. It
/// passes -1 at one `b` at most, so the steps start there and lead away from it.
pub(crate) fn gauss_at_rungs(base: f64, rungs: &[u32], e: f64, w: f64) -> Vec<Jet<3>> {
    let turn = if w > 2.0 { e / (w - 2.0) } else { f64::INFINITY };
    let falling = rungs.iter().map(|rung| base + f64::from(*rung));
    let below = rungs.partition_point(|rung| base + f64::from(*rung) > turn);
    let mut jets = Vec::with_capacity(rungs.len());
    let mut last: Option<(f64, Jet<3>)> = None;
    for b in falling.clone().take(below).rev() {
        let near = last.filter(|(at, _)| b - at < GAP_MAX);
        let jet = near.map_or_else(|| start(b, e, w), |(at, jet)| ascend(at, b, jet, e, w));
        jets.push(jet);
        last = Some((b, jet));
    }
    last = falling.clone().take(below).next_back().zip(jets.first().copied());
    jets.reverse();
    for b in falling.skip(below) {
        let near = last.filter(|(at, _)| at - b < GAP_MAX);
        let jet = near.map_or_else(|| start(b, e, w), |(at, jet)| descend(at, b, jet, e, w));
        jets.push(jet);
        last = Some((b, jet));
    }
    jets
}

fn start(b: f64, e: f64, w: f64) -> Jet<3> {
    if (1.0 - w).abs() > SERIES_ARGUMENT_MAX {
        return integral(b, e, w).exp();
    }
    let (mut above, mut left) = (b, 1.0);
    while left > FORGOTTEN {
        left *= (1.0 - w).abs() * above / (above + e);
        above += 1.0;
    }
    // A second derivative is two factors short of the product.
    descend(above + 2.0, b, Jet::constant(w.recip()), e, w)
}

fn descend(from: f64, b: f64, mut jet: Jet<3>, e: f64, w: f64) -> Jet<3> {
    let mut steps = libm::round(from - b);
    while steps > 0.0 {
        steps -= 1.0;
        jet = factor(b + steps, e, w).times(&jet).plus(1.0);
    }
    jet
}

fn ascend(from: f64, b: f64, mut jet: Jet<3>, e: f64, w: f64) -> Jet<3> {
    let mut steps = libm::round(b - from);
    while steps > 0.0 {
        jet = factor(b - steps, e, w).recip().times(&jet.plus(-1.0));
        steps -= 1.0;
    }
    jet
}

/// `(1 - w) b / (b + e)`
fn factor(b: f64, e: f64, w: f64) -> Jet<3> {
    let z = 1.0 - w;
    let inverse = (b + e).recip();
    let (b_share, e_share) = (b * inverse, e * inverse);
    let b_e = z * (b_share - e_share) * inverse * inverse;
    let (b_w, e_w, w_w) = (-w * e_share * inverse, w * b_share * inverse, -w * b_share);
    Jet {
        value: z * b_share,
        gradient: [z * e_share * inverse, -z * b_share * inverse, w_w],
        hessian: [
            [-2.0 * z * e_share * inverse * inverse, b_e, b_w],
            [b_e, 2.0 * z * b_share * inverse * inverse, e_w],
            [b_w, e_w, w_w],
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(b, e, w)` and the function, computed with 50 digits.
    #[rustfmt::skip]
    #[expect(clippy::excessive_precision, reason = "as printed by the program that computed them")]
    const REFERENCE: [(f64, f64, f64, f64); 20] = [
        (1.0, 1.0, 0.5, 1.3862943611198906),
        (0.25, 0.5, 0.9, 1.0359276366343671),
        (0.553, 1.606, 0.01, 1.7849079691164338),
        (1.6, 0.6, 0.0001, 105.904358969191),
        (1.6, 0.6, 1e-09, 10886.163356058186),
        (300.5, 1.5, 0.1, 9.5831295520928639),
        (5000.5, 1.606, 0.9, 1.1110714757793416),
        (5001.2, 3.0, 0.00125, 557.93474899133891),
        (0.2, 4.0, 800.0, 0.39188882735039313),
        (1.2, 3.0, 800.0, 0.01265208448718013),
        (0.2, 4.0, 1000000.0, 0.094961361890030822),
        (1000000.0, 1.5, 1e-05, 87826.887547143934),
        (1000000.0, 0.6, 1e-06, 720377.92507738228),
        (0.553, 1000000.0, 100000.0, 0.95164201825912189),
        (1000.2, 0.05, 2.0, 0.50001250343516162),
        (1e-06, 1e-06, 0.5, 1.4999996534271121),
        (0.01, 1.01, 1e-06, 1.1287518875425047),
        (99.0, 2.0, 0.0099009900990099, 40.857176476567939),
        (3.0, 2.0, 1e-13, 3.9999999999662797),
        (40.5, 2.5, 30.0, 0.035366559140110411),
    ];

    #[test]
    fn known_values() {
        for (b, e, w, expected) in REFERENCE {
            let value = gauss(b, e, w);
            assert!(
                (value - expected).abs() <= 5e-14 * expected,
                "{b} {e} {w}: {value} {expected}"
            );
            if b + e > 1.0 {
                let value = integral(b, e, w).exp().value;
                assert!((value - expected).abs() <= 4e-14 * expected, "{b} {e} {w}: {value}");
            }
        }
    }

    /// The integral and the steps have nothing in common but the function. Where the factors of the steps are near
    /// 1, rounding grows with the square of the steps in the second derivatives.
    #[test]
    fn the_derivatives_agree() {
        let rungs = [500, 170, 30, 29, 7, 3, 1, 0];
        for w in [1e-6, 0.1, 0.21, 0.9, 1.0, 1.3, 1.79, 1.9, 2.01, 3.0, 40.0, 1e6] {
            for (base, e) in [(0.553, 1.606), (1.553, 0.606), (0.05, 3.0), (40.0, 0.3), (2.0, 30.0)]
            {
                for (rung, jet) in rungs.iter().zip(gauss_at_rungs(base, &rungs, e, w)) {
                    let b = base + f64::from(*rung);
                    let (jet, expected) = (jet.ln(), integral(b, e, w));
                    let numbers = |jet: &Jet<3>| {
                        let derivatives =
                            jet.gradient.into_iter().chain(jet.hessian.into_iter().flatten());
                        [jet.value].into_iter().chain(derivatives).collect::<Vec<f64>>()
                    };
                    for (left, right) in numbers(&jet).into_iter().zip(numbers(&expected)) {
                        let off = (left - right).abs();
                        assert!(
                            off <= 2e-10 * right.abs().max(1.0),
                            "{b} {e} {w}: {jet:?} {expected:?}"
                        );
                    }
                    let value = gauss(b, e, w);
                    assert!(
                        (libm::log(value) - expected.value).abs() < 1e-12,
                        "{b} {e} {w}: {value}"
                    );
                }
            }
        }
    }
}
