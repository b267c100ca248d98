//! How the BG/BB model is fitted: starts, limits, and the likelihood of a base with its derivatives.
#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "tables as long as the rows they are made for, and constant sizes"
)]

use super::error::FitError;
use super::fit::{Boundary, FitOptions, FitReport, Search, spread};
use super::opportunities::{Opportunities, OpportunityBuyers};
use crate::special::{Limit, Local, Sum};

/// By the logarithms of `alpha`, `beta`, `gamma` and `delta`.
const LIMITS: [Limit<4, Boundary>; 7] = [
    Limit { name: Boundary::NoDropout, direction: [0.0, 0.0, -1.0, 0.0] },
    Limit { name: Boundary::NoDropout, direction: [0.0, 0.0, 0.0, 1.0] },
    Limit { name: Boundary::EqualRates, direction: [1.0, 1.0, 0.0, 0.0] },
    Limit { name: Boundary::EqualRates, direction: [1.0, 0.0, 0.0, 0.0] },
    Limit { name: Boundary::EqualDropout, direction: [0.0, 0.0, 1.0, 1.0] },
    Limit { name: Boundary::ExtremeRates, direction: [-1.0, -1.0, 0.0, 0.0] },
    Limit { name: Boundary::ExtremeDropout, direction: [0.0, 0.0, -1.0, -1.0] },
];

/// Rows that are added by one thread, always the same.
const CHUNK: usize = 256;

/// The parameters under which the base is likeliest.
pub(super) fn search(
    buyers: &OpportunityBuyers,
    options: FitOptions,
) -> Result<([f64; 4], FitReport), FitError> {
    let rows: Vec<(Opportunities, f64)> = buyers.weighted().collect();
    let search = Search {
        names: ["alpha", "beta", "gamma", "delta"],
        starts: starts(&rows)?,
        limits: &LIMITS,
        customers: buyers.customers(),
        penalty: options.penalty,
    };
    search.run(|at| likelihood(&rows, at, options.threads))
}

/// From how often customers bought as long as they certainly were there.
fn starts(rows: &[(Opportunities, f64)]) -> Result<[[f64; 4]; 2], FitError> {
    let total = |of: fn(&Opportunities) -> u16| -> f64 {
        rows.iter().map(|(row, customers)| customers * f64::from(of(row))).sum()
    };
    let (bought, until, all) = (
        total(Opportunities::purchases),
        total(Opportunities::last),
        total(Opportunities::opportunities),
    );
    if rows.is_empty() {
        return Err(FitError::NoCustomers);
    }
    if all == 0.0 {
        return Err(FitError::NoTime);
    }
    if bought == 0.0 {
        return Err(FitError::NothingRepeats);
    }
    if rows.len() < 2 {
        return Err(FitError::TooFewDistinct { distinct: 1, parameters: 4 });
    }
    let buys = f64::clamp(bought / until, 0.05, 0.95);
    let start = |shapes: f64, gamma: f64, delta: f64| {
        [shapes * buys, shapes * (1.0 - buys), gamma, delta].map(libm::log)
    };
    Ok([start(2.0, 0.5, 2.0), start(1.0, 1.0, 10.0)])
}

/// `ln (p)_k` for `k` from 0, with its derivatives by `p`.
struct Risings(Vec<[f64; 3]>);

impl Risings {
    fn of(p: f64, most: u16) -> Self {
        let (mut sums, mut now) = (vec![[0.0; 3]], [Sum::default(); 3]);
        for k in 0..most {
            let factor = p + f64::from(k);
            let inverse = factor.recip();
            let terms = [libm::log(factor), inverse, -inverse * inverse];
            now.iter_mut().zip(terms).for_each(|(sum, term)| sum.add(term));
            sums.push(now.map(Sum::value));
        }
        Self(sums)
    }

    fn at(&self, k: u16) -> [f64; 3] {
        self.0[usize::from(k)]
    }
}

/// What the parts of a row's likelihood are made of.
struct Tables {
    gamma: f64,
    alpha: Risings,
    beta: Risings,
    both: Risings,
    delta: Risings,
    all: Risings,
}

impl Tables {
    fn of([alpha, beta, gamma, delta]: [f64; 4], most: u16) -> Self {
        Self {
            gamma,
            alpha: Risings::of(alpha, most),
            beta: Risings::of(beta, most),
            both: Risings::of(alpha + beta, most),
            delta: Risings::of(delta, most),
            all: Risings::of(gamma + delta, most.saturating_add(1)),
        }
    }

    /// The logarithm of the chance to buy `x` times at certain ones of the first `there` opportunities, and to be
    /// there for no more or, where that is `last`, for those: with its derivatives by the parameters.
    fn part(&self, x: u16, there: u16, last: bool) -> Local<4> {
        let [a, a1, a2] = self.alpha.at(x);
        let [b, b1, b2] = self.beta.at(there.saturating_sub(x));
        let [c, c1, c2] = self.both.at(there);
        let [d, d1, d2] = self.delta.at(there);
        let [e, e1, e2] = self.all.at(if last { there } else { there.saturating_add(1) });
        let (leaves, g1) =
            if last { (0.0, 0.0) } else { (libm::log(self.gamma), self.gamma.recip()) };
        Local {
            value: a + b - c + (d - e + leaves),
            gradient: [a1 - c1, b1 - c1, g1 - e1, d1 - e1],
            hessian: [
                [a2 - c2, -c2, 0.0, 0.0],
                [-c2, b2 - c2, 0.0, 0.0],
                [0.0, 0.0, -g1 * g1 - e2, -e2],
                [0.0, 0.0, -e2, d2 - e2],
            ],
        }
    }

    /// The logarithm of the sum over when it may have left (equation 5), with its derivatives.
    fn row(&self, row: &Opportunities) -> Local<4> {
        let (x, n) = (row.purchases(), row.opportunities());
        let alive = self.part(x, n, true);
        let parts = || (row.last()..n).map(|there| self.part(x, there, false));
        let greatest = parts().fold(alive.value, |most, part| part.value.max(most));
        // Gradients against that of the first part, so that nothing cancels in their spread.
        let mut weights = 0.0;
        let (mut mean, mut hessian) = ([0.0; 4], [[0.0; 4]; 4]);
        for part in parts().chain([alive]) {
            let weight = libm::exp(part.value - greatest);
            weights += weight;
            for i in 0..4 {
                let off = part.gradient[i] - alive.gradient[i];
                mean[i] += weight * off;
                for j in 0..4 {
                    let other = part.gradient[j] - alive.gradient[j];
                    hessian[i][j] += weight * (part.hessian[i][j] + off * other);
                }
            }
        }
        let mut sum = Local { value: greatest + libm::log(weights), ..alive };
        for i in 0..4 {
            sum.gradient[i] += mean[i] / weights;
            for j in 0..4 {
                sum.hessian[i][j] =
                    hessian[i][j] / weights - mean[i] / weights * (mean[j] / weights);
            }
        }
        sum
    }
}

/// The log-likelihood of the rows, by the logarithms of the parameters.
fn likelihood(rows: &[(Opportunities, f64)], at: &[f64; 4], threads: u16) -> Local<4> {
    let parameters = at.map(libm::exp);
    if parameters.iter().any(|value| !value.is_normal()) {
        return Local::NOWHERE;
    }
    let most = rows.iter().map(|(row, _)| row.opportunities()).max().unwrap_or(0);
    let tables = Tables::of(parameters, most);
    let chunks: Vec<_> = rows.chunks(CHUNK).collect();
    let sums = spread(&chunks, threads, |chunk| {
        let rows = chunk.iter().map(|(row, customers)| (tables.row(row), *customers));
        added(rows)
    });
    let mut total = added(sums.into_iter().map(|sum| (sum, 1.0)));
    for i in 0..4 {
        total.gradient[i] *= parameters[i];
        for j in 0..4 {
            total.hessian[i][j] *= parameters[i] * parameters[j];
        }
        total.hessian[i][i] += total.gradient[i];
    }
    total
}

fn added(terms: impl Iterator<Item = (Local<4>, f64)>) -> Local<4> {
    let mut total = Local { value: 0.0, gradient: [0.0; 4], hessian: [[0.0; 4]; 4] };
    let mut value = Sum::default();
    for (term, weight) in terms {
        value.add(weight * term.value);
        for i in 0..4 {
            total.gradient[i] += weight * term.gradient[i];
            for j in 0..4 {
                total.hessian[i][j] += weight * term.hessian[i][j];
            }
        }
    }
    total.value = value.value();
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_differences() {
        let rows: Vec<_> =
            [(0, 0, 6, 5.0), (1, 2, 6, 2.0), (4, 5, 6, 3.0), (3, 3, 3, 1.0), (6, 20, 40, 2.0)]
                .into_iter()
                .map(|(x, last, n, customers)| (Opportunities::new(x, last, n).unwrap(), customers))
                .collect();
        for parameters in
            [[1.2, 0.75, 0.66, 2.78], [300.0, 40.0, 0.01, 5.0], [0.1, 0.2, 60.0, 300.0]]
        {
            let at = parameters.map(libm::log);
            let local = likelihood(&rows, &at, 1);
            for i in 0..4 {
                let step = 1e-4;
                let [low, below, above, high] = [-2.0, -1.0, 1.0, 2.0].map(|by| {
                    let mut beside = at;
                    beside[i] += by * step;
                    likelihood(&rows, &beside, 1)
                });
                let slope = |of: &dyn Fn(&Local<4>) -> f64| {
                    (8.0 * (of(&above) - of(&below)) - (of(&high) - of(&low))) / (12.0 * step)
                };
                let close = |exact: f64, difference: f64| {
                    let off = (exact - difference).abs();
                    assert!(off <= 1e-8 * exact.abs().max(1.0), "{at:?} {i}: {exact} {difference}");
                };
                close(local.gradient[i], slope(&|local| local.value));
                for j in 0..4 {
                    close(local.hessian[i][j], slope(&|local| local.gradient[j]));
                }
            }
        }
    }
}
