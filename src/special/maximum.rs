//! The maximum of a smooth function of a few variables.
//!
//! A trust-region Newton method with exact derivatives: in each step the quadratic that has the function's
//! value, gradient and Hessian is maximised within a ball, exactly (Moré and Sorensen 1983, SIAM J. Sci.
//! Stat. Comput. 4(3), 553-572), and the ball grows or shrinks by how well the quadratic foretold the gain
//! (Nocedal and Wright, Numerical Optimization, algorithm 4.1). Ridges and saddles cost steps, never the way.

use super::symmetric::{Eigen, Matrix};

const STEPS_MAX: u32 = 200;
/// The first radius; variables are logarithms, so a factor of e.
const RADIUS: f64 = 1.0;
const RADIUS_MAX: f64 = 8.0;
/// A foretold gain, relative to the value, that rounding drowns: the step is taken unseen.
const UNSEEN: f64 = 1e-12;
/// A foretold gain, relative to the value, at which the way ends.
const ENOUGH: f64 = 1e-19;

/// A function near a place: its value, gradient and Hessian.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Local<const N: usize> {
    pub(crate) value: f64,
    pub(crate) gradient: [f64; N],
    pub(crate) hessian: Matrix<N>,
}

impl<const N: usize> Local<N> {
    /// Where the function has no value: no step leads there.
    pub(crate) const NOWHERE: Self =
        Self { value: f64::NEG_INFINITY, gradient: [0.0; N], hessian: [[0.0; N]; N] };

    fn is_finite(&self) -> bool {
        let hessian = self.hessian.iter().flatten();
        self.value.is_finite() && self.gradient.iter().chain(hessian).all(|entry| entry.is_finite())
    }

    /// The largest entry of the gradient.
    pub(crate) fn steepness(&self) -> f64 {
        self.gradient.iter().fold(0.0, |steepest, entry| f64::max(steepest, entry.abs()))
    }

    /// The eigenvalues of the negated Hessian, all positive at a maximum.
    pub(crate) fn curvature(&self) -> Eigen<N> {
        Eigen::of(&self.hessian.map(|row| row.map(|entry| -entry)))
    }
}

/// A direction in which a function may rise for ever, or come as near to its supremum as one likes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit<const N: usize, B> {
    pub(crate) name: B,
    pub(crate) direction: [f64; N],
}

/// Where the way ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Maximum<const N: usize, B> {
    pub(crate) at: [f64; N],
    pub(crate) local: Local<N>,
    pub(crate) steps: u32,
    /// The limit that the function comes nearest to its supremum at, when it has no maximum.
    pub(crate) limit: Option<B>,
}

/// Why there is no maximum to report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Unreached {
    /// The function has no finite value at the start.
    NoValue,
    /// The way was given up.
    TooManySteps { steps: u32, steepness: f64 },
}

/// How far along a [`Limit`] the function is tried, and the loss that says it does not matter how far.
const LIMIT_STEP: f64 = 7.0;
const LIMIT_LOSS: f64 = 1e-6;
/// A maximum is no further from the start than this: a factor of 1e13. What rises beyond does so for ever.
const OUT: f64 = 30.0;
/// Where a ridge that rises for ever is left, if the steps last: a factor of 1e86, which no data tells from more.
const FAR: f64 = 200.0;
/// A condition number at which rounding has taken the smallest eigenvalue.
const CONDITION_MAX: f64 = 1e12;

/// So far, relatively, values differ by rounding.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// A rise above this, on the way to a limit, is that of another hill: what is left of a way that only nears its
/// end is less.
const HILL_RISE: f64 = 1e-3;

/// How often a higher hill is gone on to.
const HILLS_MAX: u32 = 4;

/// Climbs from `start`. The same function and start give the same bits.
pub(crate) fn maximise<const N: usize, B: Copy>(
    function: &mut impl FnMut(&[f64; N]) -> Local<N>,
    start: [f64; N],
) -> Result<Maximum<N, B>, Unreached> {
    let (mut at, mut local, mut radius) = (start, function(&start), RADIUS);
    if !local.is_finite() {
        return Err(Unreached::NoValue);
    }
    for steps in 0..STEPS_MAX {
        let step = within(&local, radius);
        let scale = local.value.abs().max(1.0);
        if step.gain <= ENOUGH * scale {
            return Ok(Maximum { at, local, steps, limit: None });
        }
        let next = add(&at, &step.by);
        let there = function(&next);
        let risen = if there.is_finite() { there.value - local.value } else { f64::NEG_INFINITY };
        let unseen = step.gain <= UNSEEN * scale && there.is_finite();
        if unseen && there.steepness() >= local.steepness() {
            // Only rounding moves it any more.
            return Ok(Maximum { at, local, steps, limit: None });
        }
        let kept = risen / step.gain;
        if unseen || kept > 1e-4 {
            (at, local) = (next, there);
        }
        if furthest(&at, &start) > FAR {
            return Ok(Maximum { at, local, steps, limit: None });
        }
        if !unseen && kept < 0.25 {
            radius = 0.25 * step.length;
        } else if kept > 0.75 && step.at_edge {
            radius = (2.0 * radius).min(RADIUS_MAX);
        }
    }
    if furthest(&at, &start) > OUT {
        return Ok(Maximum { at, local, steps: STEPS_MAX, limit: None });
    }
    Err(Unreached::TooManySteps { steps: STEPS_MAX, steepness: local.steepness() })
}

impl<const N: usize, B: Copy> Maximum<N, B> {
    /// Whether this is a top that stands out from what is around it, not far from `start`.
    pub(crate) fn stands_out(&self, start: &[f64; N]) -> bool {
        let curvature = self.local.curvature();
        let least = curvature.least();
        // Not so either when one is not a number.
        least > 0.0
            && curvature.greatest() / least < CONDITION_MAX
            && furthest(&self.at, start) < OUT
    }

    /// The same, with the limit that is as good or better, if there is one; of several the first, unless a
    /// later one is better by more than rounding. Where there is none although this is no top, the one that the way
    /// from `start` leads to. Where the function is higher on the way to a limit, this was the top of a lower
    /// hill, and the way goes on from there.
    pub(crate) fn against(
        self,
        function: &mut impl FnMut(&[f64; N]) -> Local<N>,
        limits: &[Limit<N, B>],
        start: &[f64; N],
    ) -> Self {
        let top = self.highest(function, limits);
        let mut limit = None;
        let mut best = top.local.value - LIMIT_LOSS;
        let rounding = ROUNDING * top.local.value.abs().max(1.0);
        for candidate in limits {
            // From far out on the other side the same step only leads back a little.
            if candidate.progress(&top.at, start) < -LIMIT_STEP {
                continue;
            }
            let there = function(&top.towards(candidate));
            if there.value.is_finite() && there.value >= best {
                (best, limit) = (there.value + rounding, Some(candidate.name));
            }
        }
        if limit.is_none() && !top.stands_out(start) {
            let progress = |candidate: &&Limit<N, B>| candidate.progress(&top.at, start);
            // Of equals the first.
            let nearest = limits.iter().rev().max_by(|a, b| progress(a).total_cmp(&progress(b)));
            limit = nearest.map(|nearest| nearest.name);
        }
        Self { limit, ..top }
    }

    /// The top of the highest hill that can be gone on to.
    fn highest(
        self,
        function: &mut impl FnMut(&[f64; N]) -> Local<N>,
        limits: &[Limit<N, B>],
    ) -> Self {
        let mut top = self;
        for _ in 0..HILLS_MAX {
            let Some((start, value)) = top.higher(function, limits) else { break };
            match maximise(function, start) {
                // Where it rises no more from there, that is on the way to a limit of this very hill.
                Ok(next) if next.local.value > value + HILL_RISE => {
                    top = Self { steps: top.steps.saturating_add(next.steps), ..next };
                }
                _ => break,
            }
        }
        top
    }

    /// The highest place, on the way to limits, that is higher than this, and how high.
    fn higher(
        &self,
        function: &mut impl FnMut(&[f64; N]) -> Local<N>,
        limits: &[Limit<N, B>],
    ) -> Option<([f64; N], f64)> {
        let mut best = self.local.value + HILL_RISE;
        let mut higher = None;
        for candidate in limits {
            let at = self.towards(candidate);
            let there = function(&at);
            if there.is_finite() && there.value > best {
                (best, higher) = (there.value, Some((at, there.value)));
            }
        }
        higher
    }

    fn towards(&self, limit: &Limit<N, B>) -> [f64; N] {
        add(&self.at, &limit.direction.map(|entry| LIMIT_STEP * entry))
    }
}

impl<const N: usize, B> Limit<N, B> {
    /// How far the way from `start` leads along the direction.
    fn progress(&self, at: &[f64; N], start: &[f64; N]) -> f64 {
        (dot(&self.direction, at) - dot(&self.direction, start)) / length(&self.direction)
    }
}

struct Step<const N: usize> {
    by: [f64; N],
    length: f64,
    gain: f64,
    at_edge: bool,
}

/// The step to the maximum of the quadratic within the ball.
fn within<const N: usize>(local: &Local<N>, radius: f64) -> Step<N> {
    let curvature = local.curvature();
    let least = curvature.least();
    // Just enough to make it concave is taken off first, or rounding would drown what is added.
    let floor = least.min(0.0);
    let step = |damping: f64| {
        curvature.map(&local.gradient, |value, share| {
            let damped = (value - floor) + damping;
            if damped > 0.0 { share / damped } else { 0.0 }
        })
    };
    let (by, at_edge) = if least > 0.0 && length(&step(0.0)) <= radius {
        (step(0.0), false)
    } else {
        // The length falls as the damping rises: bisection on its logarithm.
        let (mut low, mut high) =
            (f64::MIN_POSITIVE, length(&local.gradient) / radius + f64::MIN_POSITIVE);
        while high / low > 1.01 {
            let middle = (low * high).sqrt();
            let middle = if middle > low { middle } else { 0.5 * (low + high) };
            if length(&step(middle)) > radius {
                low = middle;
            } else {
                high = middle;
            }
            if low < f64::MIN_POSITIVE * 4.0 && high < f64::MIN_POSITIVE * 16.0 {
                break;
            }
        }
        (step(high), true)
    };
    let quadratic = curvature.map(&by, |value, share| value * share);
    let gain = dot(&local.gradient, &by) - 0.5 * dot(&quadratic, &by);
    Step { by, length: length(&by), gain, at_edge }
}

fn add<const N: usize>(at: &[f64; N], by: &[f64; N]) -> [f64; N] {
    let mut sum = *at;
    sum.iter_mut().zip(by).for_each(|(entry, by)| *entry += by);
    sum
}

/// By the variable that is furthest.
fn furthest<const N: usize>(at: &[f64; N], start: &[f64; N]) -> f64 {
    at.iter().zip(start).fold(0.0, |most, (at, start)| f64::max(most, (at - start).abs()))
}

fn dot<const N: usize>(left: &[f64; N], right: &[f64; N]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

fn length<const N: usize>(vector: &[f64; N]) -> f64 {
    dot(vector, vector).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock's valley, upside down: its ridge bends.
    fn valley(at: &[f64; 2]) -> Local<2> {
        let [x, y] = *at;
        let off = y - x * x;
        Local {
            value: -(100.0 * off * off + (1.0 - x) * (1.0 - x)),
            gradient: [400.0 * x * off + 2.0 * (1.0 - x), -200.0 * off],
            hessian: [[400.0 * off - 800.0 * x * x - 2.0, 400.0 * x], [400.0 * x, -200.0]],
        }
    }

    #[test]
    fn a_bent_ridge_is_followed_to_its_top() {
        let top = maximise::<2, ()>(&mut valley, [-1.2, 1.0]).unwrap();
        assert!((top.at[0] - 1.0).abs() < 1e-9 && (top.at[1] - 1.0).abs() < 1e-9, "{top:?}");
        assert!(top.steps < 40 && top.limit.is_none(), "{top:?}");
    }

    #[test]
    fn a_function_that_only_nears_its_supremum_says_where() {
        let mut nears = |at: &[f64; 1]| {
            let small = libm::exp(-at[0]);
            Local { value: -small, gradient: [small], hessian: [[-small]] }
        };
        let limits =
            [Limit { name: "down", direction: [-1.0] }, Limit { name: "up", direction: [1.0] }];
        let end = maximise(&mut nears, [0.0]).unwrap();
        assert_eq!(end.against(&mut nears, &limits, &[0.0]).limit, Some("up"));
        let mut nowhere = |_: &[f64; 1]| Local::NOWHERE;
        assert_eq!(maximise::<1, ()>(&mut nowhere, [0.0]).unwrap_err(), Unreached::NoValue);
    }

    /// It rises so slowly that no step is too far to matter.
    #[test]
    fn a_ridge_without_end_is_left_far_out_and_named() {
        let mut rises = |at: &[f64; 2]| {
            let [x, y] = *at;
            let (root, far) = ((1.0 + y * y).sqrt(), 1.0 / (1.0 + y * y));
            Local {
                value: y / root - x * x,
                gradient: [-2.0 * x, far / root],
                hessian: [[-2.0, 0.0], [0.0, -3.0 * y * far * far / root]],
            }
        };
        let limits = [
            Limit { name: "down", direction: [0.0, -1.0] },
            Limit { name: "aside", direction: [1.0, 0.0] },
            Limit { name: "up", direction: [0.0, 1.0] },
        ];
        let end = maximise(&mut rises, [0.5, 0.0]).unwrap();
        assert!(end.at[1] > OUT && !end.stands_out(&[0.5, 0.0]), "{end:?}");
        assert_eq!(end.against(&mut rises, &limits, &[0.5, 0.0]).limit, Some("up"));
    }

    #[test]
    fn a_saddle_is_left() {
        let mut saddle = |at: &[f64; 2]| {
            let [x, y] = *at;
            Local {
                value: x * x - x.powi(4) - y * y,
                gradient: [2.0 * x - 4.0 * x.powi(3), -2.0 * y],
                hessian: [[2.0 - 12.0 * x * x, 0.0], [0.0, -2.0]],
            }
        };
        let top = maximise::<2, ()>(&mut saddle, [1e-8, 0.5]).unwrap();
        assert!((top.at[0] - 0.5_f64.sqrt()).abs() < 1e-9, "{top:?}");
    }
}
