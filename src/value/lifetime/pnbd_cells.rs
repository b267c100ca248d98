//! The integrals of the Pareto/NBD likelihood, each distinct one once.

use std::cmp::Reverse;

use crate::special::{GaussLadder, Local};

/// Which of the two integrals of equations 22 and 23 of Fader and Hardie's note 009 after Euler's
/// transformation. Either is, less what they share,
/// `(alpha + t)^-b (beta + t)^(1-e) F(1, b; b + e; 1 - w)` with `w = (beta + t) / (alpha + t)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Left since the last purchase at `t`: `b = r + x`, `e = s + 1`, times `s`.
    Left,
    /// Still there at `t`, and to leave at some time: `b = r + x + 1`, `e = s`, times `r + x`.
    Leaving,
}

/// The logarithms of distinct integrals, with their derivatives by `r`, `alpha`, `s` and `beta`.
pub(super) struct Cells {
    kind: Kind,
    times: Vec<Time>,
    pub(super) cells: Vec<Local<4>>,
}

/// A distinct time, and the distinct numbers of repeats there, falling.
struct Time {
    at: f64,
    repeats: Vec<u32>,
}

impl Cells {
    /// Those for repeats and time of each row, and the place of each row's among them.
    pub(super) fn of(
        kind: Kind,
        rows: impl ExactSizeIterator<Item = (u32, f64)>,
    ) -> (Self, Vec<usize>) {
        let mut places = vec![0; rows.len()];
        // Not negative, so the bits of the times stand in their order.
        let mut keys: Vec<(u64, Reverse<u32>, usize)> = rows
            .enumerate()
            .map(|(row, (repeats, at))| (at.to_bits(), Reverse(repeats), row))
            .collect();
        keys.sort_unstable();
        let mut times: Vec<Time> = Vec::new();
        let mut cells = 0_usize;
        for (bits, Reverse(repeats), row) in keys {
            let at = f64::from_bits(bits);
            match times.last_mut() {
                Some(time) if time.at.to_bits() == bits => {
                    if time.repeats.last() != Some(&repeats) {
                        time.repeats.push(repeats);
                        cells = cells.saturating_add(1);
                    }
                }
                _ => {
                    times.push(Time { at, repeats: vec![repeats] });
                    cells = cells.saturating_add(1);
                }
            }
            if let Some(place) = places.get_mut(row) {
                *place = cells.saturating_sub(1);
            }
        }
        (Self { kind, times, cells: Vec::with_capacity(cells) }, places)
    }

    /// Anew, under other parameters.
    pub(super) fn evaluate(&mut self, parameters: &[f64; 4]) {
        self.cells.clear();
        for time in &self.times {
            let mut point = Point::of(self.kind, parameters, time.at);
            self.cells.extend(time.repeats.iter().map(|repeats| point.cell(f64::from(*repeats))));
        }
    }
}

/// A time under certain parameters.
struct Point {
    kind: Kind,
    r: f64,
    s: f64,
    /// `1 / (alpha + t)` and `1 / (beta + t)`
    by_alpha: f64,
    by_beta: f64,
    ln_alpha: f64,
    ln_beta: f64,
    ln_s: f64,
    ladder: GaussLadder,
}

impl Point {
    fn of(kind: Kind, parameters: &[f64; 4], at: f64) -> Self {
        let [r, alpha, s, beta] = *parameters;
        let (alpha, beta) = (alpha + at, beta + at);
        let e = if kind == Kind::Left { s + 1.0 } else { s };
        Self {
            kind,
            r,
            s,
            by_alpha: alpha.recip(),
            by_beta: beta.recip(),
            ln_alpha: libm::log(alpha),
            ln_beta: libm::log(beta),
            ln_s: libm::log(s),
            ladder: GaussLadder::new(e, beta / alpha),
        }
    }

    fn cell(&mut self, repeats: f64) -> Local<4> {
        let rate = self.r + repeats;
        let (b, d) = match self.kind {
            Kind::Left => (rate, self.s),
            Kind::Leaving => (rate + 1.0, self.s - 1.0),
        };
        let f = self.ladder.down_to(b).ln();
        let (by_alpha, by_beta) = (self.by_alpha, self.by_beta);
        let [f_b, f_e, f_w] = f.gradient;
        let [[bb, be, bw], [_, ee, ew], [_, _, ww]] = f.hessian;
        // ln w = ln (beta + t) - ln (alpha + t), and the powers before F likewise.
        let ra = -(1.0 + bw) * by_alpha;
        let rb = bw * by_beta;
        let sa = -ew * by_alpha;
        let sb = (ew - 1.0) * by_beta;
        let aa = (b + f_w + ww) * (by_alpha * by_alpha);
        let ab = -ww * (by_alpha * by_beta);
        let b_b = (d - f_w + ww) * (by_beta * by_beta);
        let mut cell = Local {
            value: f.value - b * self.ln_alpha - d * self.ln_beta,
            gradient: [
                f_b - self.ln_alpha,
                -(b + f_w) * by_alpha,
                f_e - self.ln_beta,
                (f_w - d) * by_beta,
            ],
            hessian: [[bb, ra, be, rb], [ra, aa, sa, ab], [be, sa, ee, sb], [rb, ab, sb, b_b]],
        };
        let [[rr, ..], _, [_, _, ss, _], _] = &mut cell.hessian;
        let [by_r, _, by_s, _] = &mut cell.gradient;
        let (first, second, factor, ln) = match self.kind {
            Kind::Left => (by_s, ss, self.s, self.ln_s),
            Kind::Leaving => (by_r, rr, rate, libm::log(rate)),
        };
        *first += factor.recip();
        *second -= (factor * factor).recip();
        cell.value += ln;
        cell
    }
}
