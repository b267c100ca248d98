//! Means over beta and gamma distributions, by quadrature.
//!
//! The trapezoidal rule on the logit, or the logarithm, of the variable, stretched at both ends by a
//! hyperbolic sine: a double-exponential rule (Takahasi and Mori 1974, Publ. RIMS 9, 721-741). All weights are
//! positive, so nothing cancels; halving the step squares the error, so two answers that agree to more
//! than half the digits make the second exact.

/// The coarsest step, and how often it is halved.
const STEP: f64 = 0.25;
const HALVINGS_MAX: u32 = 6;
/// Two answers this near make the second exact to rounding.
const AGREED: f64 = 1e-11;
/// What weighs less than this, in logarithms, against the middle is left out.
const NEGLIGIBLE: f64 = -42.0;
/// Where the variance of the logit, or of the logarithm, is below this, all weight is at the centre, to as many digits
/// as the density has there.
const VARIANCE_MIN: f64 = 1e-13;
/// A shape below this leaves almost all weight at 0, which is then taken out.
const SHAPE_MIN: f64 = 5e-3;

/// Places and their weights, which add up to 1.
pub(crate) type Nodes = Vec<(f64, f64)>;

/// The value that `at_step` gives as its step goes to 0.
pub(crate) fn refined(mut at_step: impl FnMut(f64) -> f64) -> f64 {
    let mut step = STEP;
    let mut value = at_step(step);
    for _ in 0..HALVINGS_MAX {
        step *= 0.5;
        let finer = at_step(step);
        let agreed = (finer - value).abs() <= AGREED * finer.abs();
        value = finer;
        if agreed {
            break;
        }
    }
    value
}

/// The mean of a function that falls from `at_zero` as its variable rises from 0 to 1, which follows a beta
/// distribution.
pub(crate) fn beta_mean(
    (a, b): (f64, f64),
    step: f64,
    at_zero: f64,
    function: impl Fn(f64) -> f64,
) -> f64 {
    if a < SHAPE_MIN {
        // E f(p) = f(0) + a/(a+b) E (f(p') - f(0)) / p', where p' has the shape a+1.
        let lost = |(p, weight): (f64, f64)| {
            if p > 0.0 { weight * (at_zero - function(p)) / p } else { 0.0 }
        };
        let lost: f64 = beta_nodes((a + 1.0, b), step, 0.0).into_iter().map(lost).sum();
        return at_zero - a / (a + b) * lost;
    }
    let middle = function(a / (a + b));
    let rise = libm::log((at_zero / middle).max(1.0));
    let value = |(p, weight): (f64, f64)| weight * if p > 0.0 { function(p) } else { at_zero };
    beta_nodes((a, b), step, rise).into_iter().map(value).sum()
}

/// Nodes for a beta distribution; towards 0 they reach so far, in logarithms, beyond what is negligible.
fn beta_nodes((a, b): (f64, f64), step: f64, beyond: f64) -> Nodes {
    // Where the density bends; shapes below 1 have a long tail instead of a top.
    let centre = libm::log(a.max(1.0) / b.max(1.0));
    let variance = a.recip() + b.recip();
    if variance < VARIANCE_MIN {
        return vec![(a / (a + b), 1.0)];
    }
    let scale = variance.sqrt().min(1.0);
    // ln p and ln (1 - p) at p = 1 / (1 + exp(-y)), without cancellation.
    let ln_logistic =
        |y: f64| if y < 0.0 { y - libm::log1p(libm::exp(y)) } else { -libm::log1p(libm::exp(-y)) };
    let at_centre = (ln_logistic(centre), ln_logistic(-centre));
    let density = |y: f64| a * (ln_logistic(y) - at_centre.0) + b * (ln_logistic(-y) - at_centre.1);
    let mut nodes = nodes(centre, scale, step, beyond, density);
    nodes.iter_mut().for_each(|(y, _)| *y = libm::exp(ln_logistic(*y)));
    nodes
}

/// Nodes for a gamma distribution of that shape and rate 1.
pub(crate) fn gamma_nodes(shape: f64, step: f64) -> Nodes {
    let variance = shape.recip();
    if variance < VARIANCE_MIN {
        return vec![(shape, 1.0)];
    }
    let scale = variance.sqrt().min(1.0);
    // With v = ln (x / shape): shape (v + 1 - exp v), which is 0 at its top.
    let density = |v: f64| shape * (v - libm::expm1(v));
    let mut nodes = nodes(0.0, scale, step, 0.0, density);
    nodes.iter_mut().for_each(|(v, _)| *v = shape * libm::exp(*v));
    nodes
}

fn nodes(centre: f64, scale: f64, step: f64, beyond: f64, density: impl Fn(f64) -> f64) -> Nodes {
    let mut nodes = Nodes::new();
    let mut total = 0.0;
    for (side, start, least) in [(-1.0, 0.0, NEGLIGIBLE - beyond), (1.0, 1.0, NEGLIGIBLE)] {
        let mut place = start;
        loop {
            let at = place * step;
            let y = centre + side * scale * libm::sinh(at);
            let ln_weight = density(y) + libm::log(libm::cosh(at));
            if ln_weight <= least || ln_weight.is_nan() {
                break;
            }
            let weight = libm::exp(ln_weight);
            total += weight;
            nodes.push((y, weight));
            place += 1.0;
        }
    }
    nodes.iter_mut().for_each(|(_, weight)| *weight /= total);
    nodes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() <= 2e-14 * right.abs(), "{left} is not {right}");
    }

    /// E (1 - p) = b / (a+b) and E (1 - p)^2 = b (b+1) / ((a+b) (a+b+1)), for shapes from none to huge.
    #[test]
    fn moments_of_beta_distributions() {
        for a in [1e-300, 1e-9, 4.9e-3, 5.1e-3, 0.02, 0.79, 1.0, 30.0, 1e6, 1e14, 1e300] {
            for b in [1e-2, 0.5, 2.4, 5e3, 1e7, 1e14, 1e300] {
                let sum = a + b;
                let first = refined(|step| beta_mean((a, b), step, 1.0, |p| 1.0 - p));
                assert!((first - b / sum).abs() < 1e-14, "{a} {b}: {first}");
                let second =
                    refined(|step| beta_mean((a, b), step, 1.0, |p| (1.0 - p) * (1.0 - p)));
                let expected = b / sum * ((b + 1.0) / (sum + 1.0));
                assert!((second - expected).abs() < 1e-14, "{a} {b}: {second}");
            }
        }
    }

    #[test]
    fn moments_of_gamma_distributions() {
        for shape in [0.01, 0.243, 1.0, 7.5, 5e3, 1e12, 1e14, 1e300] {
            close(refined(|step| gamma_nodes(shape, step).iter().map(|(x, w)| x * w).sum()), shape);
        }
    }
}
