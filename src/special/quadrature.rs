//! Integrals of smooth functions, by double exponential substitution (Takahasi and Mori 1974, Publ. RIMS
//! Kyoto Univ. 9, 721-741): the trapezoidal rule after it doubles the correct digits with every halving.
#![allow(clippy::indexing_slicing, reason = "every index runs below the constant size")]

use std::sync::OnceLock;

/// The first step, and how many there are, each half the one before.
const STEP: f64 = 0.25;
const LEVELS: usize = 7;
/// Once a halving changes the integral by so little, relatively, the next would change nothing that counts.
const SETTLED: f64 = 1e-11;
/// What a node has to add, relatively, to count.
const COUNTS: f64 = 1e-18;

/// Places, with their weights, that a level of refinement adds on one side of the middle.
type Nodes = Vec<(f64, f64)>;
type Levels = [OnceLock<[Nodes; 2]>; LEVELS];

/// The integral over `(0, inf)` of `M` functions, of which the first is positive, falls off exponentially
/// and rules where the others are worth looking at. `scale` is about where it has fallen off for the first time.
pub(crate) fn half_line<const M: usize>(
    scale: f64,
    mut functions: impl FnMut(f64) -> [f64; M],
) -> [f64; M] {
    static LEVELS: Levels = [const { OnceLock::new() }; _];
    // x = exp(u - exp(-u)), the choice for functions that fall off exponentially by themselves.
    let node = |u: f64| {
        let inner = libm::exp(-u);
        let x = libm::exp(u - inner);
        (x, x * (1.0 + inner))
    };
    refined(&LEVELS, (-4.0, 40.0), node, |x| functions(scale * x)).map(|sum| scale * sum)
}

/// The integral over `(0, length)` of a positive function.
pub(crate) fn interval(length: f64, mut function: impl FnMut(f64) -> f64) -> f64 {
    static LEVELS: Levels = [const { OnceLock::new() }; _];
    // x = 1 / (1 + exp(-pi sinh u)).
    let node = |u: f64| {
        let up = libm::exp(-core::f64::consts::PI * libm::sinh(u));
        let x = (1.0 + up).recip();
        (x, core::f64::consts::PI * libm::cosh(u) * x * (up * x))
    };
    let [sum] = refined(&LEVELS, (-4.0, 4.0), node, |x| [function(length * x)]);
    length * sum
}

/// The trapezoidal rule, halved until it has settled.
fn refined<const M: usize>(
    levels: &Levels,
    ends: (f64, f64),
    node: impl Fn(f64) -> (f64, f64),
    mut functions: impl FnMut(f64) -> [f64; M],
) -> [f64; M] {
    let (middle, weight) = node(0.0);
    let mut sums = functions(middle).map(|value| weight * value);
    let (mut step, mut before) = (STEP, f64::NAN);
    for (level, nodes) in levels.iter().enumerate() {
        let sides = nodes.get_or_init(|| {
            // The nodes of a halved step are those already there and those between them.
            let first = if level == 0 { step } else { 0.5 * step };
            [(-1.0, -ends.0), (1.0, ends.1)].map(|(side, end)| {
                let places = (0_u32..).map(|place| first + step * f64::from(place));
                places.take_while(|u| *u <= end).map(|u| node(side * u)).collect()
            })
        });
        for side in sides {
            add_side(&mut sums, side, &mut functions);
        }
        if level > 0 {
            step *= 0.5;
        }
        let now = sums[0] * step;
        if (now - before).abs() <= SETTLED * before.abs() {
            break;
        }
        before = now;
    }
    sums.map(|sum| sum * step)
}

/// Outwards, until nothing is left.
fn add_side<const M: usize>(
    sums: &mut [f64; M],
    side: &Nodes,
    functions: &mut impl FnMut(f64) -> [f64; M],
) {
    let mut last = 0.0;
    for (place, weight) in side {
        let terms = functions(*place).map(|value| weight * value);
        sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
        let falls = terms[0] <= last;
        last = terms[0];
        if !last.is_finite() || (falls && last <= COUNTS * sums[0]) {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_integrals() {
        let close = |left: f64, right: f64| {
            assert!((left - right).abs() <= 1e-14 * right.abs(), "{left} is not {right}");
        };
        for scale in [0.01, 1.0, 50.0] {
            let [one, mean] = half_line(1.0 / scale, |x| {
                let density = libm::exp(-scale * x);
                [density, x * density]
            });
            close(one, scale.recip());
            close(mean, (scale * scale).recip());
        }
        close(interval(2.0, |x| x * x), 8.0 / 3.0);
        close(interval(3.0, |x| x.sqrt().recip()), 2.0 * 3.0_f64.sqrt());
        close(interval(1.0, |x| libm::pow(x, 400.0)), 1.0 / 401.0);
    }
}
