//! How likely a base's spending is, with exact derivatives.
//!
//! A customer's term is, with `u = x m / v`,
//! `-ln B(p x, q) - ln m - q ln(1 + u) - p x ln(1 + 1/u)`, equation 1a of Fader and Hardie (2013) without
//! cancellation: where the model nears a limit, `p` or `q` grows as the logarithm beside it vanishes.
//! Everything but the two logarithms is the same for all who bought equally often.
#![allow(clippy::indexing_slicing, reason = "every index runs below the constant size")]

use super::spending::{Spenders, Spending};
use super::spending_sums::{Sums, ln_product};
use crate::special::{GammaRatio, Local, Sum, digamma, ln_beta, trigamma};

/// A base, with what no parameter changes.
pub(super) struct Likelihood<'a> {
    classes: Vec<Class<'a>>,
    /// The sum of `ln m`.
    ln_means: f64,
}

/// Those who bought equally often.
struct Class<'a> {
    purchases: f64,
    customers: f64,
    means: &'a [f64],
    least: f64,
    ln_means: f64,
}

impl<'a> Likelihood<'a> {
    pub(super) fn of(spenders: &'a Spenders) -> Self {
        let classes: Vec<_> = spenders.classes().map(Class::of).collect();
        let ln_means = classes.iter().map(|class| class.ln_means).collect::<Sum>().value();
        Self { classes, ln_means }
    }

    /// The sum of `ln m`, which is all by which the unit of money shows.
    pub(super) const fn ln_means(&self) -> f64 {
        self.ln_means
    }

    /// The log-likelihood with its derivatives by the logarithms of `p`, `q` and `v`, but for the term
    /// `-ln m` of each customer.
    pub(super) fn at(&self, at: &[f64; 3]) -> Local<3> {
        let [p, q, v] = at.map(libm::exp);
        let mut value = Sum::default();
        let (mut by_p, mut by_q, mut by_v) = (Sum::default(), Sum::default(), Sum::default());
        let mut hessian = [[0.0; 3]; 3];
        for class in &self.classes {
            let (shape, n) = (p * class.purchases, class.customers);
            let Shares { ln_above, ln_below, above, below, slope } = class.shares(v, at[2]);
            let (added_q, added_p) = (GammaRatio::of(shape, q), GammaRatio::of(q, shape));
            value.add(-n * ln_beta(shape, q));
            value.add(-q * ln_above);
            value.add(-shape * ln_below);
            let slope_p = shape * (n * added_q.first - ln_below);
            let slope_q = q * (n * added_p.first - ln_above);
            by_p.add(slope_p);
            by_q.add(slope_q);
            by_v.add(q * above - shape * below);
            hessian[0][0] += slope_p + n * shape * shape * added_q.second;
            hessian[1][1] += slope_q + n * q * q * added_p.second;
            hessian[2][2] -= (shape + q) * slope;
            hessian[0][1] += n * shape * q * trigamma(shape + q);
            hessian[0][2] -= shape * below;
            hessian[1][2] += q * above;
        }
        for (row, column) in [(1, 0), (2, 0), (2, 1)] {
            hessian[row][column] = hessian[column][row];
        }
        Local {
            value: value.value(),
            gradient: [by_p.value(), by_q.value(), by_v.value()],
            hessian,
        }
    }

    /// Two starts, by the logarithms of the parameters: one from the moments of `ln m`, whose variance is
    /// `trigamma(p x) + trigamma(q)` among those who bought `x` times, and one for purchases that are
    /// exponential. In both, `v` gives `ln m` its mean.
    pub(super) fn starts(&self) -> [[f64; 3]; 2] {
        let (p, q) = self.moments();
        [(p, q), (1.0, 2.0)].map(|(p, q)| {
            let mut ln_v = Sum::default();
            let mut customers = 0.0;
            for class in &self.classes {
                let shape = p * class.purchases;
                let centre = digamma(q) - digamma(shape) + libm::log(class.purchases);
                ln_v.add(class.ln_means + class.customers * centre);
                customers += class.customers;
            }
            [libm::log(p), libm::log(q), ln_v.value() / customers]
        })
    }

    /// `p` and `q` from the regression of the variance of `ln m` on `1/x`.
    fn moments(&self) -> (f64, f64) {
        let spreads: Vec<_> = self.classes.iter().filter_map(Class::spread).collect();
        let weigh = |of: fn(&Spread) -> f64| -> f64 {
            spreads.iter().map(|spread| spread.customers * of(spread)).sum()
        };
        let customers = weigh(|_| 1.0);
        if customers <= 0.0 {
            return (1.0, 3.0);
        }
        let (inverse, variance) =
            (weigh(|one| one.inverse) / customers, weigh(|one| one.variance) / customers);
        let square = weigh(|one| one.inverse * one.inverse) / customers - inverse * inverse;
        let product = weigh(|one| one.inverse * one.variance) / customers - inverse * variance;
        // With a single class, half of the variance is the customers' and half the purchases'.
        let slope = if square > 1e-9 { product / square } else { 0.5 * variance / inverse };
        let slope = slope.clamp(0.05 * variance / inverse, 0.95 * variance / inverse);
        let shape = |trigamma: f64| (1.0 + (1.0 + 2.0 * trigamma).sqrt()) / (2.0 * trigamma);
        (shape(slope).clamp(0.1, 100.0), shape(variance - slope * inverse).clamp(0.5, 100.0))
    }
}

/// How the logarithms of the means of a class spread.
struct Spread {
    customers: f64,
    /// `1/x`.
    inverse: f64,
    variance: f64,
}

/// So many order statistics tell the spread of a class well enough to start from.
const SAMPLE: usize = 64;

/// What a class adds to the likelihood for one `v`: sums over its customers.
struct Shares {
    /// Of `ln(1 + u)`.
    ln_above: f64,
    /// Of `ln(1 + 1/u)`.
    ln_below: f64,
    /// Of `u / (1 + u)`.
    above: f64,
    /// Of `1 / (1 + u)`.
    below: f64,
    /// Of `u / (1 + u)^2`.
    slope: f64,
}

impl<'a> Class<'a> {
    fn of((purchases, means): (u32, &'a [f64])) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "no base has 2^53 customers")]
        let customers = means.len() as f64;
        Self {
            purchases: f64::from(purchases),
            customers,
            means,
            least: means.first().copied().unwrap_or(f64::INFINITY),
            ln_means: ln_product(means),
        }
    }

    fn shares(&self, v: f64, ln_v: f64) -> Shares {
        let x = self.purchases;
        // The sum of ln u.
        let ln_u = self.ln_means + self.customers * (libm::log(x) - ln_v);
        // The logarithm that is small everywhere is added up, so that its digits are kept.
        if v <= x * self.least {
            let factor = v / x;
            let sums = Sums::of(self.means, |mean| factor / mean);
            Shares {
                ln_above: sums.ln + ln_u,
                ln_below: sums.ln,
                above: sums.below,
                below: sums.above,
                slope: sums.slope,
            }
        } else {
            let factor = x / v;
            let sums = Sums::of(self.means, |mean| factor * mean);
            Shares {
                ln_above: sums.ln,
                ln_below: sums.ln - ln_u,
                above: sums.above,
                below: sums.below,
                slope: sums.slope,
            }
        }
    }

    fn spread(&self) -> Option<Spread> {
        let step = self.means.len().div_ceil(SAMPLE).max(1);
        let logarithms: Vec<f64> =
            self.means.iter().skip(step / 2).step_by(step).map(|mean| libm::log(*mean)).collect();
        if logarithms.len() < 2 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "there are at most as many as in a sample")]
        let count = logarithms.len() as f64;
        let mean = logarithms.iter().sum::<f64>() / count;
        let squares: f64 = logarithms.iter().map(|ln| (ln - mean) * (ln - mean)).sum();
        let variance = squares / (count - 1.0);
        let spread =
            Spread { customers: self.customers, inverse: self.purchases.recip(), variance };
        (variance > 0.0).then_some(spread)
    }
}

/// The term of one customer, of one `p`, `q` and `v`.
pub(super) fn of_one([p, q, v]: [f64; 3], customer: &Spending) -> f64 {
    let x = f64::from(customer.purchases());
    let (shape, u) = (p * x, x * (customer.mean() / v));
    -ln_beta(shape, q)
        - libm::log(customer.mean())
        - q * libm::log1p(u)
        - shape * libm::log1p(u.recip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Spenders {
        // Enough to fill blocks and pages, and to leave a rest.
        let row = |number: u32| {
            let mean = 20.0 + f64::from(number % 97) * 1.7 + f64::from(number % 13);
            Spending::new((number % 5).saturating_add(1), mean).unwrap()
        };
        (0..6_007).map(row).chain([Spending::new(700, 1e6).unwrap()]).collect()
    }

    #[test]
    fn derivatives_are_those_of_differences() {
        let spenders = base();
        let likelihood = Likelihood::of(&spenders);
        for at in [[1.8, 1.3, 2.7], [0.0, 0.5, 7.0], [3.0, -1.0, -4.0], [-2.0, 4.0, 9.0]] {
            let here = likelihood.at(&at);
            for place in 0..3 {
                let beside = |step: f64| {
                    let mut at = at;
                    at[place] += step;
                    likelihood.at(&at)
                };
                let (before, after) = (beside(-1e-5), beside(1e-5));
                let near = |slope: f64, difference: f64| {
                    let off = (slope - difference / 2e-5).abs();
                    assert!(off < 1e-7 * slope.abs().max(1e4), "{at:?}: {slope}, off by {off:e}");
                };
                near(here.gradient[place], after.value - before.value);
                for other in 0..3 {
                    let difference = after.gradient[other] - before.gradient[other];
                    near(here.hessian[place][other], difference);
                }
            }
        }
    }

    /// In every regime of `v`, so with either of the two logarithms added up, and where products overflow.
    #[test]
    fn sums_over_classes_are_sums_over_customers() {
        let spenders = base();
        let likelihood = Likelihood::of(&spenders);
        for at in [[1.8, 1.3, 2.7], [3.0, 1.0, -40.0], [9.0, 1.0, -300.0], [1.0, 20.0, 24.0]] {
            let parameters = at.map(libm::exp);
            let one_by_one: Sum = spenders.iter().map(|one| of_one(parameters, &one)).collect();
            let found = likelihood.at(&at).value - likelihood.ln_means();
            let off = (found - one_by_one.value()).abs();
            assert!(off < 1e-13 * found.abs().max(1e5), "{at:?}: {found}, off by {off:e}");
        }
    }

    const KNOWN: [([f64; 3], u32, f64, f64); 6] = [
        ([6.25, 3.74, 15.44], 1, 35.17, -4.190_292_849_352_894),
        ([6.25, 3.74, 15.44], 5_000, 1e9, -82.613_030_843_641_26),
        ([0.3, 0.2, 1e-6], 7, 1e-6, 11.703_894_219_101_17),
        ([1e9, 3.74, 1e-7], 3, 20.0, -3.451_439_968_556_764_4),
        ([2.5, 1e9, 1e10], 3, 20.0, -3.091_900_493_727_311_4),
        ([1e5, 1e6, 3e2], 40, 2.9e-2, -19_738_724.394_385_044),
    ];

    /// Amounts so far apart that a product of a few leaves the range of the numbers.
    #[test]
    fn products_out_of_range_are_taken_apart() {
        let means = std::iter::once(1e-200).chain((0..200).map(|number| 1e150 + f64::from(number)));
        let spenders: Spenders = means.map(|mean| Spending::new(2, mean).unwrap()).collect();
        let (likelihood, at) = (Likelihood::of(&spenders), [0.5, 0.7, 0.0]);
        let one_by_one: Sum = spenders.iter().map(|one| of_one(at.map(libm::exp), &one)).collect();
        let found = likelihood.at(&at).value - likelihood.ln_means();
        let off = (found - one_by_one.value()).abs();
        assert!(off < 1e-12 * found.abs(), "{found}, off by {off:e}");
    }

    /// Against 60 digits of equation 1a.
    #[test]
    fn the_density_keeps_its_digits_near_the_limits() {
        for (parameters, purchases, mean, ln) in KNOWN {
            let found = of_one(parameters, &Spending::new(purchases, mean).unwrap());
            assert!((found - ln).abs() < 2e-13 * ln.abs(), "{parameters:?}: {found}, not {ln}");
        }
    }
}
