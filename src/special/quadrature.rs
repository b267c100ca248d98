//! Integrals of smooth functions, by double exponential substitution (Takahasi and Mori 1974, Publ. RIMS
//! Kyoto Univ. 9, 721-741): the trapezoidal rule after it doubles the correct digits with every halving.
#![allow(clippy::indexing_slicing, reason = "every index runs below the constant size")]

/// The first step, and how often it is halved at most.
const STEP: f64 = 0.25;
const HALVINGS_MAX: u32 = 6;
/// Once a halving changes the integral by so little, relatively, the next would change nothing that counts.
const SETTLED: f64 = 4e-14;
/// What a node has to add, relatively, to count.
const COUNTS: f64 = 1e-18;

/// The integral over `(0, inf)` of `M` functions, of which the first is positive, falls off exponentially
/// and rules where the others are worth looking at. `scale` is about where it has fallen off for the first time.
pub(crate) fn half_line<const M: usize>(
    scale: f64,
    mut functions: impl FnMut(f64) -> [f64; M],
) -> [f64; M] {
    // x = scale exp(u - exp(-u)), for which Mori's choice leaves single exponential tails alone.
    refined(-4.0, f64::INFINITY, |u| {
        let inner = libm::exp(-u);
        let x = scale * libm::exp(u - inner);
        let weight = x * (1.0 + inner);
        functions(x).map(|value| weight * value)
    })
}

/// The integral over `(0, length)` of a positive function.
pub(crate) fn interval(length: f64, mut function: impl FnMut(f64) -> f64) -> f64 {
    // x = length / (1 + exp(-pi sinh u)).
    let [integral] = refined(-4.0, 4.0, |u| {
        let up = libm::exp(-core::f64::consts::PI * libm::sinh(u));
        if !up.is_finite() {
            return [0.0];
        }
        let share = (1.0 + up).recip();
        let weight = length * core::f64::consts::PI * libm::cosh(u) * share * (up * share);
        [weight * function(length * share)]
    });
    integral
}

/// The trapezoidal rule from where nothing is left on one side to where nothing is left on the other.
fn refined<const M: usize>(
    lowest: f64,
    highest: f64,
    mut at: impl FnMut(f64) -> [f64; M],
) -> [f64; M] {
    let mut sums = at(0.0);
    let mut step = STEP;
    side(&mut sums, step, step, highest, &mut at);
    side(&mut sums, -step, -step, lowest, &mut at);
    for _ in 0..HALVINGS_MAX {
        let before = sums[0] * step;
        // The nodes of the halved step are those already there and those between them.
        side(&mut sums, 0.5 * step, step, highest, &mut at);
        side(&mut sums, -0.5 * step, -step, lowest, &mut at);
        step *= 0.5;
        if (sums[0] * step - before).abs() <= SETTLED * before.abs() {
            break;
        }
    }
    sums.map(|sum| sum * step)
}

fn side<const M: usize>(
    sums: &mut [f64; M],
    first: f64,
    step: f64,
    end: f64,
    at: &mut impl FnMut(f64) -> [f64; M],
) {
    let (mut u, mut last) = (first, 0.0);
    while u.abs() <= end.abs() {
        let terms = at(u);
        sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
        let falls = terms[0] <= last;
        last = terms[0];
        if !last.is_finite() || (falls && last <= COUNTS * sums[0]) {
            break;
        }
        u += step;
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
