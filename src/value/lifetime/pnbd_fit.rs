//! How the Pareto/NBD model is fitted: starts, limits, and the likelihood of a base with its derivatives.
#![allow(clippy::indexing_slicing, reason = "places in tables made here, and constant sizes")]

use super::buyers::RepeatBuyers;
use super::error::FitError;
use super::fit::{Boundary, FitOptions, FitReport, Search};
use super::pnbd_cells::{Cells, Kind};
use super::unit::TimeUnit;
use crate::special::{Limit, Local, Rising, Sum, expm1_quotient};

const NAMES: [&str; 4] = ["r", "alpha", "s", "beta"];

/// By the logarithms of `r`, `alpha`, `s` and `beta`.
const LIMITS: [Limit<4, Boundary>; 5] = [
    Limit { name: Boundary::NoDropout, direction: [0.0, 0.0, -1.0, 0.0] },
    Limit { name: Boundary::NoDropout, direction: [0.0, 0.0, 0.0, 1.0] },
    Limit { name: Boundary::EqualRates, direction: [1.0, 1.0, 0.0, 0.0] },
    Limit { name: Boundary::EqualDropout, direction: [0.0, 0.0, 1.0, 1.0] },
    Limit { name: Boundary::ExtremeRates, direction: [-1.0, -1.0, 0.0, 0.0] },
];

/// The parameters under which the base is likeliest.
pub(super) fn search<U: TimeUnit>(
    buyers: &RepeatBuyers<U>,
    options: FitOptions,
) -> Result<([f64; 4], FitReport), FitError> {
    let moments = Moments::of(buyers)?;
    let mut likelihood = Likelihood::of(buyers);
    let search = Search {
        names: NAMES,
        starts: [moments.start(0.6, 0.4), moments.start(2.0, 4.0)],
        limits: &LIMITS,
        customers: buyers.customers(),
        penalty: options.penalty,
    };
    search.run(|at| likelihood.at(at))
}

/// What the starts are made of.
struct Moments {
    age: f64,
    repeats: f64,
    /// Of the number of repeats.
    variance: f64,
}

impl Moments {
    fn of<U: TimeUnit>(buyers: &RepeatBuyers<U>) -> Result<Self, FitError> {
        let customers = count(buyers.customers());
        if customers == 0.0 {
            return Err(FitError::NoCustomers);
        }
        let mean = |of: &dyn Fn(f64, f64) -> f64| {
            let rows = buyers.rows().iter();
            let terms = rows.map(|row| {
                let repeats = f64::from(row.buying.repeats());
                count(row.customers) * of(repeats, row.buying.age().get())
            });
            terms.collect::<Sum>().value() / customers
        };
        let (age, repeats) = (mean(&|_, age| age), mean(&|repeats, _| repeats));
        if age == 0.0 {
            return Err(FitError::NoTime);
        }
        if repeats == 0.0 {
            return Err(FitError::NothingRepeats);
        }
        let distinct = buyers.rows().len();
        if distinct < NAMES.len() {
            let distinct = u64::try_from(distinct).unwrap_or(u64::MAX);
            return Err(FitError::TooFewDistinct { distinct, parameters: 4 });
        }
        let variance = mean(&|x, _| (x - repeats) * (x - repeats));
        Ok(Self { age, repeats, variance })
    }

    /// With a shape of dropout, and its time in mean ages: the mean and, as far as it can be, the variance of a
    /// negative binomial distribution give the rates of buying.
    fn start(&self, s: f64, ages: f64) -> [f64; 4] {
        let beta = ages * self.age;
        let spread = (self.variance - self.repeats).max(0.05 * self.repeats);
        let r = (self.repeats * self.repeats / spread).clamp(0.05, 20.0);
        let grown = libm::log1p(ages.recip());
        let there = beta * grown * expm1_quotient((1.0 - s) * grown);
        [r, r * there / self.repeats, s, beta].map(libm::log)
    }
}

fn count(customers: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no base has 2^53 customers")]
    let count = customers as f64;
    count
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

struct Row {
    left: usize,
    leaving: usize,
    customers: f64,
}

impl Likelihood {
    fn of<U: TimeUnit>(buyers: &RepeatBuyers<U>) -> Self {
        let rows = buyers.rows();
        let mut repeats: Vec<(u32, f64)> = Vec::new();
        for row in rows {
            let (x, customers) = (row.buying.repeats(), count(row.customers));
            match repeats.last_mut() {
                Some((last, sum)) if *last == x => *sum += customers,
                _ => repeats.push((x, customers)),
            }
        }
        let last = rows.iter().map(|row| (row.buying.repeats(), row.buying.age_at_last().0.get()));
        let (left, left_of) = Cells::of(Kind::Left, last);
        let now = rows.iter().map(|row| (row.buying.repeats(), row.buying.age().get()));
        let (leaving, leaving_of) = Cells::of(Kind::Leaving, now);
        let places = left_of.into_iter().zip(leaving_of).zip(rows);
        let rows = places.map(|((left, leaving), row)| Row {
            left,
            leaving,
            customers: count(row.customers),
        });
        Self { repeats, left, leaving, rows: rows.collect() }
    }

    fn at(&mut self, logarithms: &[f64; 4]) -> Local<4> {
        let parameters = logarithms.map(libm::exp);
        if parameters.iter().any(|value| !value.is_normal()) {
            return Local::NOWHERE;
        }
        self.left.evaluate(&parameters);
        self.leaving.evaluate(&parameters);
        let mut total = self.by_repeats(&parameters);
        let mut value = Sum::default();
        value.add(total.value);
        for row in &self.rows {
            let (left, leaving) = (&self.left.cells[row.left], &self.leaving.cells[row.leaving]);
            value.add(row.customers * add_row(&mut total, left, leaving, row.customers));
        }
        total.value = value.value();
        by_logarithms(total, &parameters)
    }

    /// What depends on the number of repeats only.
    fn by_repeats(&self, parameters: &[f64; 4]) -> Local<4> {
        let [r, alpha, s, beta] = *parameters;
        let (mut all, mut value) = (0.0, Sum::default());
        let mut total = Local { value: 0.0, gradient: [0.0; 4], hessian: [[0.0; 4]; 4] };
        let [by_r, _, by_s, _] = &mut total.gradient;
        let mut by_sum = 0.0;
        for (x, customers) in &self.repeats {
            all += customers;
            let rising = Rising::of(r, *x);
            let sum = (r + s) + f64::from(*x);
            value.add(customers * (rising.ln - libm::log(sum)));
            *by_r += customers * (rising.first - sum.recip());
            *by_s -= customers / sum;
            total.hessian[0][0] += customers * rising.second;
            by_sum += customers / (sum * sum);
        }
        value.add(all * (r * libm::log(alpha) + s * libm::log(beta)));
        total.value = value.value();
        let [_, by_alpha, _, by_beta] = &mut total.gradient;
        (*by_alpha, *by_beta) = (all * (r / alpha), all * (s / beta));
        total.gradient[0] += all * libm::log(alpha);
        total.gradient[2] += all * libm::log(beta);
        for (i, j, entry) in [
            (0, 1, all / alpha),
            (1, 1, -0.5 * all * (r / alpha) / alpha),
            (2, 3, all / beta),
            (3, 3, -0.5 * all * (s / beta) / beta),
            (0, 0, 0.5 * by_sum),
            (2, 2, 0.5 * by_sum),
            (0, 2, by_sum),
        ] {
            total.hessian[i][j] += entry;
            total.hessian[j][i] += entry;
        }
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

/// From derivatives by the parameters to those by their logarithms.
fn by_logarithms(mut local: Local<4>, parameters: &[f64; 4]) -> Local<4> {
    for i in 0..4 {
        local.gradient[i] *= parameters[i];
        for j in 0..4 {
            local.hessian[i][j] *= parameters[i] * parameters[j];
        }
    }
    for i in 0..4 {
        local.hessian[i][i] += local.gradient[i];
    }
    local
}
