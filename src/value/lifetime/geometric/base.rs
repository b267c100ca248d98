//! The likelihood of a whole base, with its derivatives by the logarithms of the parameters.
//!
//! A row's log-likelihood is a part of its repeats alone, a part of its age, which is linear in the repeats, and
//! `softplus(D)`, where `D` is the logarithm of the odds that it has left. So the first is taken once for
//! each number of repeats, the second once for each age, and only the third for each row, from tables of what
//! each length of time comes to.

use super::Geometric;
use crate::special::{Local, Matrix, Rising, Sum};
use crate::value::lifetime::buyers::{Places, RepeatBuyers};
use crate::value::lifetime::fit::spread;
use crate::value::lifetime::unit::TimeUnit;

/// Rows that are summed in one go. A part of the result: other sizes round otherwise.
const CHUNK_ROWS: usize = 512;

/// A base, taken apart.
pub(super) struct Base {
    /// Every length of time that occurs, once.
    times: Vec<f64>,
    rows: Vec<Row>,
    /// Rows with the same repeats, few enough to be summed in one go.
    chunks: Vec<Chunk>,
    /// How many customers there are with each number of repeats.
    repeats: Vec<(u32, f64)>,
    /// Which time is an age, of how many customers, and of how many repeats of theirs.
    ages: Vec<(u32, f64, f64)>,
}

/// A row: how many customers, and where their ages, now and at the last purchase, stand among the times.
struct Row {
    customers: f64,
    age: u32,
    last: u32,
}

struct Chunk {
    repeats: u32,
    start: usize,
    end: usize,
}

/// What a length of time comes to.
struct Time {
    length: f64,
    /// `ln (1 + t / alpha)`.
    ln: f64,
    /// `alpha / (alpha + t)`.
    share: f64,
}

/// Sums over rows with the same repeats, weighted by customers: of `softplus`, of the chance `s` of having left
/// by itself and times the derivatives of `D`, and of `v = s (1 - s)` times their products. `l` and `q` are the
/// derivatives of `D` by `r` and, times `alpha / (r+x)`, by `alpha`; `m` is that of the latter again.
#[derive(Clone, Copy, Default)]
struct Sums {
    softplus: f64,
    s: f64,
    sl: f64,
    sq: f64,
    sm: f64,
    v: f64,
    vl: f64,
    vq: f64,
    vll: f64,
    vlq: f64,
    vqq: f64,
}

impl Base {
    pub(super) fn of<U: TimeUnit>(buyers: &RepeatBuyers<U>) -> Self {
        let rows = buyers.rows().iter().map(|row| {
            let buying = &row.buying;
            let (age, last) = (buying.age().get(), buying.age_at_last().0.get());
            (buying.repeats(), age, last, row.customers())
        });
        Self::of_rows(rows)
    }

    /// From repeats, ages, ages at the last purchase and customers, by rising repeats.
    pub(super) fn of_rows(given: impl Iterator<Item = (u32, f64, f64, f64)>) -> Self {
        let mut base =
            Self { times: vec![], rows: vec![], chunks: vec![], repeats: vec![], ages: vec![] };
        let mut places = Places::default();
        let mut age_places: Vec<Option<usize>> = Vec::new();
        for (repeats, age, last, customers) in given {
            let row = Row { customers, age: places.of(age), last: places.of(last) };
            base.count(repeats, customers);
            base.extend_chunk(repeats);
            base.age(&mut age_places, row.age, customers, customers * f64::from(repeats));
            base.rows.push(row);
        }
        base.times = places.times();
        base
    }

    fn count(&mut self, repeats: u32, customers: f64) {
        match self.repeats.last_mut() {
            Some((last, count)) if *last == repeats => *count += customers,
            _ => self.repeats.push((repeats, customers)),
        }
    }

    fn extend_chunk(&mut self, repeats: u32) {
        let row = self.rows.len();
        let end = row.saturating_add(1);
        match self.chunks.last_mut() {
            Some(chunk)
                if chunk.repeats == repeats && row.saturating_sub(chunk.start) < CHUNK_ROWS =>
            {
                chunk.end = end;
            }
            _ => self.chunks.push(Chunk { repeats, start: row, end }),
        }
    }

    fn age(&mut self, places: &mut Vec<Option<usize>>, age: u32, customers: f64, repeats: f64) {
        let index = usize::try_from(age).unwrap_or(usize::MAX);
        if places.len() <= index {
            places.resize(index.saturating_add(1), None);
        }
        let Some(place) = places.get_mut(index) else { return };
        let place = *place.get_or_insert(self.ages.len());
        match self.ages.get_mut(place) {
            Some((_, all, all_repeats)) => {
                *all += customers;
                *all_repeats += repeats;
            }
            None => self.ages.push((age, customers, repeats)),
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The log-likelihood near a model.
    pub(super) fn local<const FIRST: u32>(
        &self,
        model: &Geometric<FIRST>,
        threads: u16,
    ) -> Local<4> {
        let times: Vec<Time> =
            self.times.iter().map(|length| Time::of(*length, model.alpha)).collect();
        let mut sums = Totals::default();
        for (repeats, customers) in &self.repeats {
            sums.bought(model, *repeats, *customers);
        }
        for (age, customers, repeats) in &self.ages {
            let Some(age) = at(&times, *age) else { continue };
            sums.aged(model, age, *customers, *repeats);
        }
        let left = spread(&self.chunks, threads, |chunk| self.left(model, &times, chunk));
        for (chunk, left) in self.chunks.iter().zip(left) {
            sums.left(model, chunk.repeats, &left);
        }
        sums.local()
    }

    fn left<const FIRST: u32>(
        &self,
        model: &Geometric<FIRST>,
        times: &[Time],
        chunk: &Chunk,
    ) -> Sums {
        let mut sums = Sums::default();
        let chances = Geometric::<FIRST>::chances(chunk.repeats);
        if chances == 0 {
            return sums;
        }
        let shape = model.r + f64::from(chunk.repeats);
        let ln_odds = libm::log(model.a / (model.b + (f64::from(chances) - 1.0)));
        for row in self.rows.get(chunk.start..chunk.end).unwrap_or_default() {
            let (Some(age), Some(last)) = (at(times, row.age), at(times, row.last)) else {
                continue;
            };
            let l = age.ln - last.ln;
            sums.add(row.customers, ln_odds + shape * l, l, age.against(last, model.alpha));
        }
        sums
    }
}

fn at(times: &[Time], place: u32) -> Option<&Time> {
    times.get(usize::try_from(place).ok()?)
}

impl Time {
    fn of(length: f64, alpha: f64) -> Self {
        Self { length, ln: libm::log1p(length / alpha), share: alpha / (alpha + length) }
    }

    /// `q` and `m` of [`Sums`].
    fn against(&self, last: &Self, alpha: f64) -> (f64, f64) {
        let q = (last.length - self.length) / alpha * self.share * last.share;
        (q, q * (1.0 - self.share - last.share))
    }
}

impl Sums {
    fn add(&mut self, customers: f64, ln_odds: f64, l: f64, (q, m): (f64, f64)) {
        let small = libm::exp(-ln_odds.abs());
        let near = (1.0 + small).recip();
        let s = customers * if ln_odds > 0.0 { near } else { small * near };
        let v = customers * small * near * near;
        self.softplus += customers * (ln_odds.max(0.0) + libm::log1p(small));
        self.s += s;
        self.sl += s * l;
        self.sq += s * q;
        self.sm += s * m;
        self.v += v;
        self.vl += v * l;
        self.vq += v * q;
        self.vll += v * l * l;
        self.vlq += v * l * q;
        self.vqq += v * q * q;
    }
}

/// Value, gradient and the upper triangle of the Hessian by `ln r`, `ln alpha`, `ln a`, `ln b`.
#[derive(Default)]
struct Totals {
    value: Sum,
    gradient: [Sum; 4],
    hessian: [Sum; 10],
}

impl Totals {
    fn add(&mut self, value: f64, gradient: [f64; 4], hessian: [f64; 10]) {
        self.value.add(value);
        self.gradient.iter_mut().zip(gradient).for_each(|(sum, term)| sum.add(term));
        self.hessian.iter_mut().zip(hessian).for_each(|(sum, term)| sum.add(term));
    }

    /// `ln [Gamma(r+x) / Gamma(r)] + ln [B(a, b+n) / B(a, b)]`, after `n` chances to leave.
    fn bought<const FIRST: u32>(&mut self, model: &Geometric<FIRST>, repeats: u32, customers: f64) {
        let Geometric { r, a, b, .. } = *model;
        let chances = Geometric::<FIRST>::chances(repeats);
        let (rate, stay, all) =
            (Rising::of(r, repeats), Rising::of(b, chances), Rising::of(a + b, chances));
        let of_r = r * rate.first;
        let of_a = -a * all.first;
        let of_b = b * (stay.first - all.first);
        let hessian = [
            of_r + r * r * rate.second,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            of_a - a * a * all.second,
            -a * b * all.second,
            of_b + b * b * (stay.second - all.second),
        ];
        let value = rate.ln + stay.ln - all.ln;
        self.add(
            customers * value,
            [of_r, 0.0, of_a, of_b].map(|term| customers * term),
            hessian.map(|term| customers * term),
        );
    }

    /// `r ln alpha - (r+x) ln(alpha + T)` of all of one age, whose repeats add up to `x`.
    fn aged<const FIRST: u32>(
        &mut self,
        model: &Geometric<FIRST>,
        age: &Time,
        customers: f64,
        x: f64,
    ) {
        let r = model.r * customers;
        // T / (alpha + T).
        let passed = age.length / model.alpha * age.share;
        let by_both = r * passed;
        let hessian = [
            -r * age.ln,
            by_both,
            0.0,
            0.0,
            -age.share * passed * (r + x),
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
        ];
        let value = -(r + x) * age.ln - x * libm::log(model.alpha);
        self.add(value, [-r * age.ln, by_both - x * age.share, 0.0, 0.0], hessian);
    }

    /// `softplus(D)`, where `D' = (r l, k q, 1, -b / (b+n-1))` with `k = r + x`.
    fn left<const FIRST: u32>(&mut self, model: &Geometric<FIRST>, repeats: u32, sums: &Sums) {
        let r = model.r;
        let k = r + f64::from(repeats);
        let chances = Geometric::<FIRST>::chances(repeats);
        if chances == 0 {
            return;
        }
        let y = -model.b / (model.b + (f64::from(chances) - 1.0));
        let hessian = [
            r * sums.sl + r * r * sums.vll,
            r * sums.sq + r * k * sums.vlq,
            r * sums.vl,
            y * r * sums.vl,
            k * sums.sm + k * k * sums.vqq,
            k * sums.vq,
            y * k * sums.vq,
            sums.v,
            y * sums.v,
            y * (1.0 + y) * sums.s + y * y * sums.v,
        ];
        self.add(sums.softplus, [r * sums.sl, k * sums.sq, sums.s, y * sums.s], hessian);
    }

    fn local(&self) -> Local<4> {
        let [rr, rl, ra, rb, ll, la, lb, aa, ab, bb] = self.hessian.map(Sum::value);
        let hessian: Matrix<4> =
            [[rr, rl, ra, rb], [rl, ll, la, lb], [ra, la, aa, ab], [rb, lb, ab, bb]];
        Local { value: self.value.value(), gradient: self.gradient.map(Sum::value), hessian }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ages and repeats of all kinds, with more rows of a kind than are summed in one go.
    fn base() -> Base {
        let row = |k: u32| {
            let repeats = [0, 1, 2, 7, 300].into_iter().cycle().nth(k as usize).unwrap();
            let age = 20.0 + f64::from(k % 19);
            let last = age * if repeats == 0 { 0.0 } else { (1.0 + f64::from(k % 23)) / 23.0 };
            (repeats, age, last, 1.0 + f64::from(k % 3))
        };
        let mut rows: Vec<_> = (0..3_000).map(row).collect();
        rows.sort_by_key(|row| row.0);
        Base::of_rows(rows.into_iter())
    }

    fn at<const FIRST: u32>(base: &Base, at: [f64; 4]) -> Local<4> {
        let [r, alpha, a, b] = at.map(libm::exp);
        base.local(&Geometric::<FIRST> { r, alpha, a, b }, 1)
    }

    fn assert_derivatives<const FIRST: u32>(place: [f64; 4]) {
        const STEP: f64 = 1e-5;
        let base = base();
        let local = at::<FIRST>(&base, place);
        for k in 0..4 {
            let moved = |by: f64| {
                let mut moved = place;
                moved[k] += by;
                at::<FIRST>(&base, moved)
            };
            let (up, down) = (moved(STEP), moved(-STEP));
            let near = |value: f64, up: f64, down: f64| {
                let expected = (up - down) / (2.0 * STEP);
                assert!(
                    (value - expected).abs() < 1e-5 * expected.abs().max(100.0),
                    "{k}: {value} {expected}"
                );
            };
            near(local.gradient[k], up.value, down.value);
            for j in 0..4 {
                near(local.hessian[k][j], up.gradient[j], down.gradient[j]);
            }
        }
    }

    #[test]
    fn derivatives_are_those_of_the_value() {
        for place in [[-1.4, 1.5, -0.2, 0.9], [1.0, 2.0, 1.0, 0.0], [-3.0, 5.0, 2.0, -1.0]] {
            assert_derivatives::<0>(place);
            assert_derivatives::<1>(place);
        }
    }
}
