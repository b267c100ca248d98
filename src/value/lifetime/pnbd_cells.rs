//! The integrals of the Pareto/NBD likelihood, each distinct one once.

use std::cmp::Reverse;

use super::fit::spread;
use crate::special::{Jet, Local, gauss_at_rungs};

/// Which of the two integrals of equations 22 and 23 of Fader and Hardie's note 009 after Euler's
/// transformation. Either is, less what depends on the repeats only,
/// `alpha^r beta^s (alpha + t)^-b (beta + t)^(1-e) F(1, b; b + e; 1 - w)` with `w = (beta + t) / (alpha + t)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Left since the last purchase at `t`: `b = r + x`, `e = s + 1`, times `s`.
    Left,
    /// Still there at `t`, and to leave at some time: `b = r + x + 1`, `e = s`, times `r + x`.
    Leaving,
}

/// The logarithms of distinct integrals, with their derivatives by the logarithms of `r`, `alpha`, `s` and `beta`.
pub(super) struct Cells {
    kind: Kind,
    times: Vec<Time>,
}

/// A distinct time, and the distinct numbers of repeats there, falling.
struct Time {
    at: f64,
    repeats: Vec<u32>,
}

impl Cells {
    /// Those for repeats and time of each row, and the place of each row's among them.
    pub(super) fn of(kind: Kind, rows: impl Iterator<Item = (u32, f64)>) -> (Self, Vec<usize>) {
        // Not negative, so the bits of the times stand in their order.
        let mut keys: Vec<(u64, Reverse<u32>, usize)> = rows
            .enumerate()
            .map(|(row, (repeats, at))| (at.to_bits(), Reverse(repeats), row))
            .collect();
        keys.sort_unstable();
        let mut places = vec![0; keys.len()];
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
        (Self { kind, times }, places)
    }

    /// All of them under those parameters, in their order.
    pub(super) fn under(&self, parameters: &[f64; 4], threads: u16) -> Vec<Local<4>> {
        let kind = self.kind;
        let of = |time: &Time| Point::of(kind, parameters, time.at).cells(&time.repeats);
        spread(&self.times, threads, of).into_iter().flatten().collect()
    }
}

/// A time under certain parameters.
struct Point {
    kind: Kind,
    r: f64,
    s: f64,
    ln_s: f64,
    /// `ln (alpha + t)` and `ln (beta + t)`.
    ln_alpha: f64,
    ln_beta: f64,
    /// `ln (1 + t / alpha)`, `alpha / (alpha + t)` and `t / (alpha + t)`; the same of `beta`.
    alpha: (f64, f64, f64),
    beta: (f64, f64, f64),
    /// `e`, and `b` where nobody bought again.
    e: f64,
    base: f64,
    w: f64,
}

impl Point {
    fn of(kind: Kind, parameters: &[f64; 4], at: f64) -> Self {
        let [r, alpha, s, beta] = *parameters;
        let (base, e) = match kind {
            Kind::Left => (r, s + 1.0),
            Kind::Leaving => (r + 1.0, s),
        };
        let against = |time: f64| (libm::log1p(at / time), time / (time + at), at / (time + at));
        Self {
            kind,
            r,
            s,
            ln_s: libm::log(s),
            ln_alpha: libm::log(alpha + at),
            ln_beta: libm::log(beta + at),
            alpha: against(alpha),
            beta: against(beta),
            e,
            base,
            w: (beta + at) / (alpha + at),
        }
    }

    fn cells(&self, repeats: &[u32]) -> Vec<Local<4>> {
        let functions = gauss_at_rungs(self.base, repeats, self.e, self.w);
        repeats.iter().zip(functions).map(|(x, f)| self.cell(f64::from(*x), &f.ln())).collect()
    }

    /// By the logarithm of the function. Whatever grows with the parameters without bounds is left out of every
    /// difference, so that the limits are as exact as the middle.
    fn cell(&self, repeats: f64, f: &Jet<3>) -> Local<4> {
        let (r, s) = (self.r, self.s);
        let rate = r + repeats;
        // How far the exponents are above `r` and `s`, and what the integral is multiplied with.
        let (more, less, factor) = match self.kind {
            Kind::Left => (repeats, 0.0, self.ln_s),
            Kind::Leaving => (repeats + 1.0, -1.0, libm::log(rate)),
        };
        let (by_rate, by_shape) = match self.kind {
            Kind::Left => (0.0, 1.0),
            Kind::Leaving => (r / rate, 0.0),
        };
        let ((ln_a, u, u_left), (ln_b, v, v_left)) = (self.alpha, self.beta);
        let [f_b, f_e, f_w] = f.gradient;
        let [[bb, be, bw], [_, ee, ew], [_, _, ww]] = f.hessian;
        let gradient = [
            r * (f_b - ln_a) + by_rate,
            r * u_left - (more + f_w) * u,
            s * (f_e - ln_b) + by_shape,
            s * v_left - (less - f_w) * v,
        ];
        let [of_r, _, of_s, _] = gradient;
        let rr = of_r + r * r * bb - by_rate * by_rate;
        let ra = r * (u_left - u * bw);
        let (rs, rb) = (r * s * be, r * v * bw);
        let aa = u * u * ww - (r + more + f_w) * u * u_left;
        let (sa, ab) = (-s * u * ew, -u * v * ww);
        let ss = of_s + s * s * ee - by_shape;
        let sb = s * (v_left + v * ew);
        let b_b = v * v * ww - (s + less - f_w) * v * v_left;
        Local {
            value: f.value + factor
                - r * ln_a
                - more * self.ln_alpha
                - s * ln_b
                - less * self.ln_beta,
            gradient,
            hessian: [[rr, ra, rs, rb], [ra, aa, sa, ab], [rs, sa, ss, sb], [rb, ab, sb, b_b]],
        }
    }
}
