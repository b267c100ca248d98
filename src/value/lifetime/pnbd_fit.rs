//! How the Pareto/NBD model is fitted: starts, limits, and the likelihood of a base with its derivatives.
#![allow(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    reason = "places in tables made here, and constant sizes"
)]

use super::buyers::{BuyersRow, RepeatBuyers};
use super::error::FitError;
use super::fit::{Boundary, FitOptions, FitReport, Search, spread};
use super::geometric::rates;
use super::nbd;
use super::pnbd_cells::{Cells, Kind};
use super::unit::TimeUnit;
use crate::special::{Limit, Local, Rising, Sum, expm1_quotient};

const NAMES: [&str; 4] = ["r", "alpha", "s", "beta"];

/// By the logarithms of `r`, `alpha`, `s` and `beta`.
const LIMITS: [Limit<4, Boundary>; 6] = [
    Limit { name: Boundary::NoDropout, direction: [0.0, 0.0, -1.0, 0.0] },
    Limit { name: Boundary::NoDropout, direction: [0.0, 0.0, 0.0, 1.0] },
    Limit { name: Boundary::EqualRates, direction: [1.0, 1.0, 0.0, 0.0] },
    Limit { name: Boundary::EqualDropout, direction: [0.0, 0.0, 1.0, 1.0] },
    Limit { name: Boundary::ExtremeRates, direction: [-1.0, -1.0, 0.0, 0.0] },
    // The shape falls with it, but only as the inverse of its logarithm.
    Limit { name: Boundary::ExtremeDropout, direction: [0.0, 0.0, 0.0, -1.0] },
];

/// The parameters under which the base is likeliest.
pub(super) fn search<U: TimeUnit>(
    buyers: &RepeatBuyers<U>,
    options: FitOptions,
) -> Result<([f64; 4], FitReport), FitError> {
    buyers.check(4)?;
    let search = Search {
        names: NAMES,
        starts: starts(buyers),
        limits: &LIMITS,
        customers: buyers.customers(),
        penalty: options.penalty,
    };
    let of = |likelihood: &Likelihood, at: &[f64; 4]| likelihood.at(at, options.threads);
    let whole = Likelihood::of(rows(buyers, 1));
    let found = if whole.rows.len() > 2 * ROUGH_ROWS {
        let rough = Likelihood::of(rows(buyers, whole.rows.len().div_ceil(ROUGH_ROWS)));
        search.run_refined(|at| of(&rough, at), |at| of(&whole, at))
    } else {
        search.run(|at| of(&whole, at))
    };
    let (parameters, report) = found?;
    let (limit, report) = nbd::in_place_of(buyers, options, report, |rates| {
        // Whatever the time is; this one does not depend on the unit.
        [rates.r(), rates.alpha(), S_WITHOUT_DROPOUT, rates.alpha()]
    })?;
    Ok((limit.unwrap_or(parameters), report))
}

/// Bases of many more rows are first searched with about so many.
const ROUGH_ROWS: usize = 1024;

/// Repeats, age, age at the last purchase and customers of each row; or of one for so many neighbours, for all
/// their customers. Means of them would not do: that silences differ is what tells of dropout.
fn rows<U: TimeUnit>(buyers: &RepeatBuyers<U>, of: usize) -> Vec<(u32, f64, f64, f64)> {
    let chunks = buyers.rows().chunks(of);
    let row = |chunk: &[BuyersRow<U>]| {
        let customers = chunk.iter().map(BuyersRow::customers).sum();
        let buying = chunk.get(chunk.len() / 2)?.buying;
        let (age, last) = (buying.age().get(), buying.age_at_last().0.get());
        Some((buying.repeats(), age, last, customers))
    };
    chunks.filter_map(row).collect()
}

/// Nobody leaves with that `s`.
const S_WITHOUT_DROPOUT: f64 = 1e-300;

/// Where the search starts: two shapes and times of dropout, with rates of buying that bring as many repeats as
/// there were.
fn starts<U: TimeUnit>(buyers: &RepeatBuyers<U>) -> [[f64; 4]; 2] {
    let (r, alpha) = rates(buyers);
    let mean = |of: fn(&BuyersRow<U>) -> f64| {
        let rows = buyers.rows().iter();
        let (sum, customers) = rows.fold((0.0, 0.0), |(sum, all), row| {
            (sum + row.customers() * of(row), all + row.customers())
        });
        sum / customers
    };
    let age = mean(|row| row.buying.age().get());
    let start = |r: f64, s: f64, ages: f64| {
        let grown = libm::log1p(ages.recip());
        let stay = ages * grown * expm1_quotient((1.0 - s) * grown);
        [r, alpha * stay, s, ages * age].map(libm::log)
    };
    [start(r, 0.6, 0.4), start(r, 2.0, 4.0)]
}

/// The log-likelihood of a base, by the logarithms of the parameters.
///
/// That of a row is `ln (exp left + exp leaving)` and what depends on its repeats only, where `left` is an
/// integral from its last purchase and `leaving` one from now. Far fewer of either are distinct than rows are.
struct Likelihood {
    /// Distinct numbers of repeats, with the customers that have them.
    repeats: Vec<(u32, f64)>,
    left: Cells,
    leaving: Cells,
    rows: Vec<Row>,
}

/// Rows that are added by one thread.
const CHUNK: usize = 1024;

struct Row {
    left: usize,
    leaving: usize,
    customers: f64,
}

impl Likelihood {
    /// Of rows that stand in the order of their repeats: these, age, age at the last purchase, customers.
    fn of(rows: Vec<(u32, f64, f64, f64)>) -> Self {
        let mut repeats: Vec<(u32, f64)> = Vec::new();
        for (x, _, _, customers) in &rows {
            match repeats.last_mut() {
                Some((last, sum)) if last == x => *sum += customers,
                _ => repeats.push((*x, *customers)),
            }
        }
        let (left, left_of) = Cells::of(Kind::Left, rows.iter().map(|row| (row.0, row.2)));
        let (leaving, leaving_of) = Cells::of(Kind::Leaving, rows.iter().map(|row| (row.0, row.1)));
        let places = left_of.into_iter().zip(leaving_of).zip(rows);
        let rows = places.map(|((left, leaving), row)| Row { left, leaving, customers: row.3 });
        Self { repeats, left, leaving, rows: rows.collect() }
    }

    fn at(&self, logarithms: &[f64; 4], threads: u16) -> Local<4> {
        let parameters = logarithms.map(libm::exp);
        if parameters.iter().any(|value| !value.is_normal()) {
            return Local::NOWHERE;
        }
        let left = self.left.under(&parameters, threads);
        let leaving = self.leaving.under(&parameters, threads);
        // Always the same chunks, so that threads do not change the order in which anything is added.
        let chunks: Vec<&[Row]> = self.rows.chunks(CHUNK).collect();
        let sums = spread(&chunks, threads, |chunk| {
            let mut sum = Local { value: 0.0, gradient: [0.0; 4], hessian: [[0.0; 4]; 4] };
            let mut value = Sum::default();
            for row in *chunk {
                let logarithm =
                    add_row(&mut sum, &left[row.left], &leaving[row.leaving], row.customers);
                value.add(row.customers * logarithm);
            }
            sum.value = value.value();
            sum
        });
        let mut total = self.by_repeats(&parameters);
        let mut value = Sum::default();
        value.add(total.value);
        for sum in sums {
            value.add(sum.value);
            for i in 0..4 {
                total.gradient[i] += sum.gradient[i];
                for j in 0..4 {
                    total.hessian[i][j] += sum.hessian[i][j];
                }
            }
        }
        total.value = value.value();
        total
    }

    /// What depends on the number of repeats only: `ln [Gamma(r+x) / Gamma(r)] - ln (r+s+x)`.
    fn by_repeats(&self, [r, _, s, _]: &[f64; 4]) -> Local<4> {
        let mut value = Sum::default();
        let mut total = Local { value: 0.0, gradient: [0.0; 4], hessian: [[0.0; 4]; 4] };
        for (x, customers) in &self.repeats {
            let rising = Rising::of(*r, *x);
            let sum = (r + s) + f64::from(*x);
            value.add(customers * (rising.ln - libm::log(sum)));
            let (of_r, of_s) = (r / sum, s / sum);
            let first = r * rising.first - of_r;
            total.gradient[0] += customers * first;
            total.gradient[2] -= customers * of_s;
            total.hessian[0][0] += customers * (first + r * r * rising.second + of_r * of_r);
            total.hessian[2][2] += customers * (of_s * of_s - of_s);
            total.hessian[0][2] += customers * (of_r * of_s);
        }
        total.hessian[2][0] = total.hessian[0][2];
        total.value = value.value();
        total
    }
}

/// Adds the derivatives of `customers` times `ln (exp left + exp right)`, and returns that logarithm.
fn add_row(total: &mut Local<4>, left: &Local<4>, right: &Local<4>, customers: f64) -> f64 {
    let odds = left.value - right.value;
    let small = libm::exp(-odds.abs());
    let (most, least) = ((1.0 + small).recip(), small / (1.0 + small));
    let (of_left, of_right) = if odds > 0.0 { (most, least) } else { (least, most) };
    let (by_left, by_right) = (customers * of_left, customers * of_right);
    let both = by_left * of_right;
    let mut apart = [0.0; 4];
    for i in 0..4 {
        apart[i] = left.gradient[i] - right.gradient[i];
        total.gradient[i] += by_left * left.gradient[i] + by_right * right.gradient[i];
    }
    for i in 0..4 {
        for j in 0..4 {
            total.hessian[i][j] += by_left * left.hessian[i][j]
                + by_right * right.hessian[i][j]
                + both * (apart[i] * apart[j]);
        }
    }
    left.value.max(right.value) + libm::log1p(small)
}
#[cfg(test)]
mod tests {
    use super::*;

    /// Central differences of the value are the gradient, and of the gradient the Hessian; on either side of
    /// `alpha = beta`, and where the integrals are taken in each of their ways.
    #[test]
    fn derivatives_are_differences() {
        let rows =
            [(0, 39.0, 0.0, 5.0), (1, 39.0, 3.0, 2.0), (1, 30.0, 29.0, 1.0), (25, 39.0, 38.5, 1.0)];
        let likelihood = Likelihood::of(rows.to_vec());
        for [r, alpha, s, beta] in [
            [0.55, 10.6, 0.61, 11.7],
            [0.55, 11.7, 1.0, 11.7],
            [2.0, 300.0, 3.0, 0.5],
            [0.2, 0.5, 3.0, 400.0],
            [40.0, 900.0, 0.05, 60.0],
        ] {
            let at = [r, alpha, s, beta].map(libm::log);
            let local = likelihood.at(&at, 1);
            for i in 0..4 {
                let step = 1e-4;
                let beside = |by: f64| {
                    let mut beside = at;
                    beside[i] += by;
                    likelihood.at(&beside, 1)
                };
                // Of the fourth order, so that the step may be wide.
                let [low, below, above, high] = [-2.0, -1.0, 1.0, 2.0].map(|by| beside(by * step));
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
                    assert_eq!(local.hessian[i][j], local.hessian[j][i]);
                }
            }
        }
    }
}
