//! Fitting to a base.

use super::Geometric;
use super::base::Base;
use crate::special::Limit;
use crate::value::lifetime::buyers::{BuyersRow, RepeatBuyers};
use crate::value::lifetime::error::FitError;
use crate::value::lifetime::fit::{Boundary, FitOptions, FitReport, Search};
use crate::value::lifetime::nbd;
use crate::value::lifetime::unit::TimeUnit;

/// Limits by the logarithms of `r`, `alpha`, `a` and `b`.
const LIMITS: [Limit<4, Boundary>; 6] = [
    Limit { name: Boundary::NoDropout, direction: [0.0, 0.0, -1.0, 0.0] },
    Limit { name: Boundary::NoDropout, direction: [0.0, 0.0, 0.0, 1.0] },
    Limit { name: Boundary::EqualRates, direction: [1.0, 1.0, 0.0, 0.0] },
    Limit { name: Boundary::EqualDropout, direction: [0.0, 0.0, 1.0, 1.0] },
    Limit { name: Boundary::ExtremeDropout, direction: [0.0, 0.0, -1.0, -1.0] },
    Limit { name: Boundary::ExtremeDropout, direction: [0.0, 0.0, 0.0, -1.0] },
];

/// Bases of more rows are first searched with fewer, each standing for some that are much alike.
const ROWS_MAX: usize = 512;

impl<const FIRST: u32> Geometric<FIRST> {
    pub(in super::super) fn fit<U: TimeUnit>(
        buyers: &RepeatBuyers<U>,
        options: FitOptions,
    ) -> Result<(Self, FitReport), FitError> {
        buyers.check(4)?;
        let search = Search {
            names: ["r", "alpha", "a", "b"],
            starts: starts(buyers),
            limits: &LIMITS,
            customers: buyers.customers(),
            penalty: options.penalty,
        };
        let whole = Base::of(buyers);
        let of = |base: &Base, at: &[f64; 4]| {
            let [r, alpha, a, b] = at.map(libm::exp);
            base.local(&Self { r, alpha, a, b }, options.threads)
        };
        let found = if whole.rows() > ROWS_MAX {
            let rough = rough(buyers);
            search.run_refined(|at| of(&rough, at), |at| of(&whole, at))
        } else {
            search.run(|at| of(&whole, at))
        };
        let ([r, alpha, a, b], report) = found?;
        let (limit, report) = nbd::in_place_of(buyers, options, report, |rates| {
            [rates.r(), rates.alpha(), NO_DROPOUT.0, NO_DROPOUT.1]
        })?;
        let [r, alpha, a, b] = limit.unwrap_or([r, alpha, a, b]);
        let model = Self::new(r, alpha, a, b).map_err(|_| FitError::OutOfRange)?;
        Ok((model, report))
    }
}

/// `a` and `b` that nobody leaves with.
const NO_DROPOUT: (f64, f64) = (1e-300, 1.0);

/// Where the search starts: from the moments of rates, and from half the silences that look like the end.
fn starts<U: TimeUnit>(buyers: &RepeatBuyers<U>) -> [[f64; 4]; 2] {
    let (r, alpha) = rates(buyers);
    let (mut left, mut bought) = (0.0, 0.0);
    for row in buyers.rows() {
        let x = f64::from(row.buying.repeats());
        let last = row.buying.age_at_last().0.get();
        let customers = row.customers();
        bought += customers * x;
        // Silent for thrice as long as it used to take.
        if x > 0.0 && row.buying.silence() * x > 3.0 * last {
            left += customers;
        }
    }
    let chance = f64::clamp(left / bought, 0.05, 0.8);
    let start = |r: f64, alpha: f64, shapes: f64, chance: f64| {
        [r, alpha, shapes * chance, shapes * (1.0 - chance)].map(libm::log)
    };
    [start(r, alpha, 3.0, chance), start(1.0, alpha / r, 1.0, 0.5 * chance)]
}

/// The moments of rates that follow a gamma distribution, as if nobody left: `E x = E(rate) T` and
/// `E x (x-1) = E(rate^2) T^2`.
pub(in super::super) fn rates<U: TimeUnit>(buyers: &RepeatBuyers<U>) -> (f64, f64) {
    let (mut bought, mut pairs, mut time, mut time_square) = (0.0, 0.0, 0.0, 0.0);
    for row in buyers.rows() {
        let (x, age) = (f64::from(row.buying.repeats()), row.buying.age().get());
        let customers = row.customers();
        bought += customers * x;
        pairs += customers * x * (x - 1.0);
        time += customers * age;
        time_square += customers * age * age;
    }
    let rate = bought / time;
    let r = f64::clamp((pairs / time_square / (rate * rate) - 1.0).recip(), 0.05, 20.0);
    let r = if r.is_finite() { r } else { 1.0 };
    (r, r / rate)
}

/// The base with those put together who bought equally often and about equally lately.
fn rough<U: TimeUnit>(buyers: &RepeatBuyers<U>) -> Base {
    let alike =
        |left: &BuyersRow<U>, right: &BuyersRow<U>| left.buying.repeats() == right.buying.repeats();
    let oldest = buyers.rows().iter().map(|row| row.buying.age().get()).fold(0.0, f64::max);
    Base::of_rows(buyers.rows().chunk_by(alike).flat_map(|group| {
        let mut cells = [Cell::default(); AGES * LASTS];
        for row in group {
            let (age, last) = (row.buying.age().get(), row.buying.age_at_last().0.get());
            let place = part(age / oldest, AGES).saturating_mul(LASTS);
            let place = place.saturating_add(part(last / age, LASTS));
            if let Some(cell) = cells.get_mut(place) {
                cell.customers += row.customers();
                cell.ages += row.customers() * age;
                cell.lasts += row.customers() * last;
            }
        }
        let repeats = group.first().map_or(0, |row| row.buying.repeats());
        cells.into_iter().filter(|cell| cell.customers > 0.0).map(move |cell| {
            (repeats, cell.ages / cell.customers, cell.lasts / cell.customers, cell.customers)
        })
    }))
}

/// How many ages, and ages at the last purchase as shares of them, are told apart.
const AGES: usize = 2;
const LASTS: usize = 16;

#[derive(Clone, Copy, Default)]
struct Cell {
    customers: f64,
    ages: f64,
    lasts: f64,
}

/// In which of so many equal parts a share lies.
fn part(share: f64, parts: usize) -> usize {
    let ends = (1..parts).map(|end| end as f64 / parts as f64);
    ends.filter(|end| share >= *end).count()
}
