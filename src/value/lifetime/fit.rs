//! What a fit says of itself.

use serde::{Deserialize, Serialize};

use super::error::FitError;
use crate::special::{Limit, Local, Matrix, Maximum, Unreached, maximise};

/// A model fitted to data, and how well.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fit<M> {
    /// The model with the parameters under which the data is likeliest.
    pub model: M,
    /// How well it was found.
    pub report: FitReport,
}

/// How a fit went, in the caller's unit of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FitReport {
    /// Customers, or values, that the model was fitted to.
    pub customers: u64,
    /// The logarithm of the likelihood of all of them together, in the caller's unit of time. A penalty is not
    /// in it.
    pub log_likelihood: f64,
    /// The parameters, in the order of the papers.
    pub parameters: Vec<Estimate>,
    /// The covariance of their estimates, exactly symmetric, by the inverse of the observed information;
    /// `None` at a [boundary](Self::boundary), where there is none.
    pub covariance: Option<Vec<Vec<f64>>>,
    /// The largest entry of the gradient by the logarithms of the parameters; 0 at an exact maximum.
    pub gradient: f64,
    /// The condition number of the Hessian by the logarithms of the parameters: how much better the data tells
    /// the best-known combination of parameters than the worst-known.
    pub condition: f64,
    /// Newton steps from the better of two starts, those on a rougher form of a large base included.
    pub iterations: u32,
    /// The limit of the model that explains the data as well, when there is no maximum inside.
    pub boundary: Option<Boundary>,
}

/// A parameter as fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Estimate {
    /// Its name in the papers: `r`, `alpha`.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Its standard error; `None` at a boundary.
    pub standard_error: Option<f64>,
}

/// A limit of a model, at which one of its parameters is no longer told by the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Boundary {
    /// The data shows nobody who left: everybody is as good as surely there for good.
    NoDropout,
    /// Customers buy at the same rate, as far as the data shows.
    EqualRates,
    /// Customers leave with the same chance, as far as the data shows.
    EqualDropout,
    /// Most never buy again and those who do cannot be told apart from them by a rate.
    ExtremeRates,
    /// Customers leave at once or never, as far as the data shows.
    ExtremeDropout,
    /// Customers spend the same on average, as far as the data shows.
    EqualSpending,
    /// Each customer always spends the same, as far as the data shows.
    ConstantSpending,
}

impl<M> Fit<M> {
    /// The same fit of a model that is called something else.
    pub fn map<N>(self, model: impl FnOnce(M) -> N) -> Fit<N> {
        Fit { model: model(self.model), report: self.report }
    }
}

impl FitReport {
    /// Akaike's information criterion, `2 k - 2 LL` (Akaike 1974, IEEE Trans. Autom. Control 19(6)): of models
    /// fitted to the same data the least is the best.
    #[must_use]
    pub fn aic(&self) -> f64 {
        let parameters = u32::try_from(self.parameters.len()).unwrap_or(u32::MAX);
        2.0 * f64::from(parameters) - 2.0 * self.log_likelihood
    }

    /// A parameter's estimate by its name in the papers.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Estimate> {
        self.parameters.iter().find(|estimate| estimate.name == name)
    }
}

/// How to fit.
///
/// ```
/// use guanxi::value::lifetime::FitOptions;
///
/// let plain = FitOptions::default();
/// assert_eq!((plain.penalty, plain.threads), (0.0, 1));
/// assert_eq!(FitOptions::default().with_threads(4).threads, 4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FitOptions {
    /// How strongly the logarithms of the parameters are drawn to the start: `penalty / 2` times the squared
    /// distance is taken off the log-likelihood of the whole data. Units of time and of money cancel out of it.
    /// 0, the default, is maximum likelihood.
    pub penalty: f64,
    /// On how many threads sums over rows are taken. The result has the same bits whatever it is; 1 by default.
    pub threads: u16,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { penalty: 0.0, threads: 1 }
    }
}

impl FitOptions {
    /// With that [penalty](Self::penalty).
    #[must_use]
    pub const fn with_penalty(mut self, penalty: f64) -> Self {
        self.penalty = penalty;
        self
    }

    /// On that many [threads](Self::threads).
    #[must_use]
    pub const fn with_threads(mut self, threads: u16) -> Self {
        self.threads = threads;
        self
    }
}

/// What a model brings to be fitted: names, starts and limits, by the logarithms of its parameters.
pub(super) struct Search<'a, const N: usize> {
    pub(super) names: [&'static str; N],
    /// Deterministic; the better end of the two ways is taken.
    pub(super) starts: [[f64; N]; 2],
    pub(super) limits: &'a [Limit<N, Boundary>],
    pub(super) customers: u64,
    pub(super) penalty: f64,
}

impl<const N: usize> Search<'_, N> {
    /// The parameters under which the data is likeliest. `function` is the log-likelihood of the whole data by
    /// the logarithms of the parameters.
    pub(super) fn run(
        &self,
        mut function: impl FnMut(&[f64; N]) -> Local<N>,
    ) -> Result<([f64; N], FitReport), FitError> {
        let best = self.best(&mut function)?;
        Ok(self.found(&best, &mut function))
    }

    /// As [`run`](Self::run), where `rough` is nearly the same function and much quicker: both ways are gone
    /// on it, and `function` is climbed from the better end only.
    pub(super) fn run_refined(
        &self,
        mut rough: impl FnMut(&[f64; N]) -> Local<N>,
        mut function: impl FnMut(&[f64; N]) -> Local<N>,
    ) -> Result<([f64; N], FitReport), FitError> {
        // What is far out on the rough function tells nothing of the true one, nor does it when this one's
        // maximum turns out to be elsewhere.
        let inside = self.best(&mut rough).ok().filter(|best| best.limit.is_none());
        let refined = inside.and_then(|rough| {
            let best = self.climb(&mut function, rough.at).ok()?;
            let moved = rough.at.iter().zip(&best.at).map(|(from, to)| (from - to).abs());
            let steps = best.steps.saturating_add(rough.steps);
            let near = moved.fold(0.0, f64::max) < NEAR && best.stands_out(&self.starts[0]);
            near.then_some(Maximum { steps, ..best })
        });
        match refined {
            Some(best) => Ok(self.found(&best, &mut function)),
            None => self.run(function),
        }
    }

    /// The better end of both ways.
    fn best(
        &self,
        function: &mut impl FnMut(&[f64; N]) -> Local<N>,
    ) -> Result<Maximum<N, Boundary>, Unreached> {
        let [first, second] = self.starts.map(|start| self.climb(function, start));
        let best = match (first, second) {
            // Rounding must not choose between ways that met.
            (Ok(first), Ok(second)) if second.local.value > first.local.value + MET => second,
            (Ok(first), _) => first,
            (Err(_), Ok(second)) => second,
            (Err(unreached), Err(_)) => return Err(unreached),
        };
        let centre = self.starts[0];
        let mut penalised = |at: &[f64; N]| penalised(function(at), at, &centre, self.penalty);
        Ok(best.against(&mut penalised, self.limits, &centre))
    }

    fn climb(
        &self,
        function: &mut impl FnMut(&[f64; N]) -> Local<N>,
        start: [f64; N],
    ) -> Result<Maximum<N, Boundary>, Unreached> {
        let centre = self.starts[0];
        let mut penalised = |at: &[f64; N]| penalised(function(at), at, &centre, self.penalty);
        maximise(&mut penalised, start)
    }

    fn found(
        &self,
        best: &Maximum<N, Boundary>,
        function: &mut impl FnMut(&[f64; N]) -> Local<N>,
    ) -> ([f64; N], FitReport) {
        let log_likelihood =
            if self.penalty == 0.0 { best.local.value } else { function(&best.at).value };
        (best.at.map(libm::exp), self.report(best, log_likelihood))
    }

    fn report(&self, best: &Maximum<N, Boundary>, log_likelihood: f64) -> FitReport {
        let curvature = best.local.curvature();
        let inverse = curvature.inverse().filter(|_| best.limit.is_none());
        let values = best.at.map(libm::exp);
        // By the delta method: at a maximum the covariance of p is that of ln p times p on both sides.
        let covariance = inverse.map(|inverse: Matrix<N>| {
            let scaled = |(row, value): (&[f64; N], &f64)| {
                row.iter().zip(&values).map(|(entry, other)| entry * (value * other)).collect()
            };
            inverse.iter().zip(&values).map(scaled).collect::<Vec<Vec<f64>>>()
        });
        let error = |place: usize| Some(covariance.as_ref()?.get(place)?.get(place)?.sqrt());
        let estimates = self.names.iter().zip(values).enumerate().map(|(place, (name, value))| {
            Estimate { name: (*name).to_owned(), value, standard_error: error(place) }
        });
        FitReport {
            customers: self.customers,
            log_likelihood,
            parameters: estimates.collect(),
            gradient: best.local.steepness(),
            condition: if curvature.least() > 0.0 {
                (curvature.greatest() / curvature.least()).min(f64::MAX)
            } else {
                f64::MAX
            },
            iterations: best.steps,
            boundary: best.limit,
            covariance,
        }
    }
}

/// Fewer items than this on a thread are not worth starting it.
const ITEMS_MIN: usize = 64;

/// What `of` makes of each item, in their order, on up to so many threads. Where one cannot be started, this
/// one does its share.
pub(super) fn spread<T: Sync, R: Send>(
    items: &[T],
    threads: u16,
    of: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let share = items.len().div_ceil(usize::from(threads.max(1))).max(ITEMS_MIN);
    if share >= items.len() {
        return items.iter().map(of).collect();
    }
    let of = &of;
    std::thread::scope(|scope| {
        let started: Vec<_> = items
            .chunks(share)
            .map(|part| {
                let work = move || part.iter().map(of).collect::<Vec<R>>();
                (part, std::thread::Builder::new().spawn_scoped(scope, work))
            })
            .collect();
        let mut all = Vec::with_capacity(items.len());
        for (part, thread) in started {
            match thread.map(std::thread::ScopedJoinHandle::join) {
                Ok(Ok(done)) => all.extend(done),
                _ => all.extend(part.iter().map(of)),
            }
        }
        all
    })
}

/// So near, by the logarithms of the parameters, the maxima of a rough and a true function are.
const NEAR: f64 = 0.5;

/// Log-likelihoods this close are the same.
const MET: f64 = 1e-8;

fn penalised<const N: usize>(
    mut local: Local<N>,
    at: &[f64; N],
    centre: &[f64; N],
    penalty: f64,
) -> Local<N> {
    if penalty == 0.0 {
        return local;
    }
    for (place, (at, centre)) in at.iter().zip(centre).enumerate() {
        let off = at - centre;
        local.value -= 0.5 * penalty * off * off;
        if let Some(entry) = local.gradient.get_mut(place) {
            *entry -= penalty * off;
        }
        if let Some(entry) = local.hessian.get_mut(place).and_then(|row| row.get_mut(place)) {
            *entry -= penalty;
        }
    }
    local
}

impl From<Unreached> for FitError {
    fn from(unreached: Unreached) -> Self {
        match unreached {
            Unreached::NoValue => Self::OutOfRange,
            Unreached::TooManySteps { steps, steepness } => {
                Self::NotConverged { iterations: steps, gradient: steepness }
            }
        }
    }
}
