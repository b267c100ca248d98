//! Which model explains a base best.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::bgnbd::BgNbd;
use super::buyers::RepeatBuyers;
use super::buying::RepeatBuying;
use super::discount::Discount;
use super::error::FitError;
use super::fit::{Boundary, Fit, FitOptions};
use super::mbgnbd::MbgNbd;
use super::model::RepeatModel;
use super::nbd::Nbd;
use super::pnbd::ParetoNbd;
use super::unit::{Span, TimeUnit};

/// A model of repeat buying, whichever it is. Documents have its name under `model`, beside its parameters.
///
/// As a [`RepeatModel`] it is fitted by fitting all and taking the [preferred](Candidates::into_preferred): one to
/// whom a silent customer is not surely there, if there is one.
///
/// ```
/// use guanxi::value::lifetime::{AnyRepeatModel, RepeatBuying, RepeatModel, Span, Weeks};
///
/// let text = r#"{"model":"bgnbd","r":0.243,"alpha":4.414,"a":0.793,"b":2.426}"#;
/// let model: AnyRepeatModel<Weeks> = serde_json::from_str(text)?;
/// assert_eq!(model.name(), "bgnbd");
/// let once = RepeatBuying::once(Span::whole(500));
/// assert_eq!(model.p_alive(&once), 1.0);
/// assert!(!model.tells_silence() && !model.tells_silence_of(&once));
/// assert_eq!(serde_json::to_string(&model)?, text);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "model", rename_all = "lowercase", bound = "U: TimeUnit")]
#[non_exhaustive]
pub enum AnyRepeatModel<U> {
    /// [`BgNbd`].
    BgNbd(BgNbd<U>),
    /// [`MbgNbd`].
    MbgNbd(MbgNbd<U>),
    /// [`ParetoNbd`].
    #[serde(rename = "pnbd")]
    ParetoNbd(ParetoNbd<U>),
    /// [`Nbd`].
    Nbd(Nbd<U>),
}

/// The same question to whichever model it is.
macro_rules! ask {
    ($any:expr, $model:ident => $question:expr) => {
        match $any {
            AnyRepeatModel::BgNbd($model) => $question,
            AnyRepeatModel::MbgNbd($model) => $question,
            AnyRepeatModel::ParetoNbd($model) => $question,
            AnyRepeatModel::Nbd($model) => $question,
        }
    };
}

impl<U: TimeUnit> AnyRepeatModel<U> {
    /// Whether silence says something of every customer. To BG/NBD it says nothing of those who never bought
    /// again, and to NBD of nobody: both are sure that these are still customers.
    #[must_use]
    pub const fn tells_silence(&self) -> bool {
        match self {
            Self::MbgNbd(_) | Self::ParetoNbd(_) => true,
            Self::BgNbd(_) | Self::Nbd(_) => false,
        }
    }

    /// Whether silence says something of this customer; if not, it is surely there, however long it was silent.
    #[must_use]
    pub const fn tells_silence_of(&self, customer: &RepeatBuying<U>) -> bool {
        match self {
            Self::MbgNbd(_) | Self::ParetoNbd(_) => true,
            Self::BgNbd(_) => customer.repeats() > 0,
            Self::Nbd(_) => false,
        }
    }

    /// The same model in another unit of time.
    #[must_use]
    pub fn to<V: TimeUnit>(self) -> AnyRepeatModel<V> {
        match self {
            Self::BgNbd(model) => AnyRepeatModel::BgNbd(model.to()),
            Self::MbgNbd(model) => AnyRepeatModel::MbgNbd(model.to()),
            Self::ParetoNbd(model) => AnyRepeatModel::ParetoNbd(model.to()),
            Self::Nbd(model) => AnyRepeatModel::Nbd(model.to()),
        }
    }
}

impl<U: TimeUnit> RepeatModel<U> for AnyRepeatModel<U> {
    const NAME: &'static str = "best";

    fn fit_with(buyers: &RepeatBuyers<U>, options: FitOptions) -> Result<Fit<Self>, FitError> {
        Candidates::fit(buyers, options).into_preferred()
    }

    fn name(&self) -> &'static str {
        ask!(self, model => model.name())
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        ask!(self, model => model.parameters())
    }

    fn log_likelihood_of(&self, customer: &RepeatBuying<U>) -> f64 {
        ask!(self, model => model.log_likelihood_of(customer))
    }

    fn p_alive(&self, customer: &RepeatBuying<U>) -> f64 {
        ask!(self, model => model.p_alive(customer))
    }

    fn expected_while_alive(&self, customer: &RepeatBuying<U>, span: Span<U>) -> f64 {
        ask!(self, model => model.expected_while_alive(customer, span))
    }

    fn expected_of_new(&self, span: Span<U>) -> f64 {
        ask!(self, model => model.expected_of_new(span))
    }

    fn p_repeats(&self, repeats: u32, span: Span<U>) -> f64 {
        ask!(self, model => model.p_repeats(repeats, span))
    }

    fn residual_transactions(
        &self,
        customer: &RepeatBuying<U>,
        discount: Discount<U>,
    ) -> Option<f64> {
        ask!(self, model => model.residual_transactions(customer, discount))
    }
}

/// Several models fitted to the same base, the best first.
///
/// The better of two has the smaller [AIC](super::FitReport::aic). Where nobody left, models with dropout explain the
/// base no better than [`Nbd`], which has fewer parameters and so comes first.
///
/// ```
/// use guanxi::value::lifetime::{
///     AgeAtLastPurchase, Candidates, FitOptions, RepeatBuyers, RepeatBuying, Span, Weeks,
/// };
///
/// let bought = |(repeats, last)| {
///     RepeatBuying::new(repeats, AgeAtLastPurchase(Span::whole(last)), Span::<Weeks>::whole(39))
/// };
/// let base = [(0, 0), (0, 0), (1, 5), (1, 30), (2, 12), (4, 38), (9, 21), (0, 0)];
/// let base = base.into_iter().map(bought).collect::<Result<RepeatBuyers<Weeks>, _>>()?;
/// let candidates = Candidates::fit(&base, FitOptions::default());
/// let best = candidates.best().ok_or("none fits")?;
/// assert!(candidates.all().iter().filter_map(|one| one.fit.as_ref().ok()).all(|other| {
///     best.report.aic() <= other.report.aic()
/// }));
///
/// // For the risk to lose customers, only models to whom silence of any customer says something.
/// let for_churn = candidates.clone().telling_silence();
/// assert!(for_churn.best().is_none_or(|best| best.model.tells_silence()));
/// let preferred = for_churn.best().or(candidates.best()).ok_or("none fits")?;
/// assert_eq!(candidates.clone().into_preferred()?, *preferred);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Candidates<U> {
    all: Vec<Candidate<U>>,
}

/// One of several models, fitted if it could be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Candidate<U> {
    /// The model's name, as programs write it.
    pub name: &'static str,
    /// The fit, or why there is none.
    pub fit: Result<Fit<AnyRepeatModel<U>>, FitError>,
}

impl<U: TimeUnit> Candidate<U> {
    fn of<M: RepeatModel<U>>(
        buyers: &RepeatBuyers<U>,
        options: FitOptions,
        any: impl FnOnce(M) -> AnyRepeatModel<U>,
    ) -> Self {
        let fit = M::fit_with(buyers, options).map(|fit| fit.map(any));
        Self { name: M::NAME, fit }
    }

    fn tells_silence(&self) -> bool {
        self.fit.as_ref().is_ok_and(|fit| {
            fit.model.tells_silence() && fit.report.boundary != Some(Boundary::NoDropout)
        })
    }

    fn aic(&self) -> f64 {
        self.fit.as_ref().map_or(f64::INFINITY, |fit| fit.report.aic())
    }
}

impl<U: TimeUnit> Candidates<U> {
    /// Fits every model.
    #[must_use]
    pub fn fit(buyers: &RepeatBuyers<U>, options: FitOptions) -> Self {
        let mut all = vec![
            Candidate::of(buyers, options, AnyRepeatModel::BgNbd),
            Candidate::of(buyers, options, AnyRepeatModel::MbgNbd),
            Candidate::of(buyers, options, AnyRepeatModel::ParetoNbd),
            Candidate::of(buyers, options, AnyRepeatModel::Nbd),
        ];
        let better = |left: &Candidate<U>, right: &Candidate<U>| -> Ordering {
            left.aic().total_cmp(&right.aic())
        };
        all.sort_by(better);
        Self { all }
    }

    /// All of them, the best first and those without a fit last.
    #[must_use]
    pub fn all(&self) -> &[Candidate<U>] {
        &self.all
    }

    /// The best; `None` when there is no fit of any.
    #[must_use]
    pub fn best(&self) -> Option<&Fit<AnyRepeatModel<U>>> {
        self.all.first()?.fit.as_ref().ok()
    }

    /// The best, by value.
    ///
    /// # Errors
    ///
    /// Why the first has no fit; [`FitError::NoCustomers`] when there is no candidate.
    pub fn into_best(self) -> Result<Fit<AnyRepeatModel<U>>, FitError> {
        self.all.into_iter().next().map_or(Err(FitError::NoCustomers), |first| first.fit)
    }

    /// Only those to whom silence says something of every customer: neither [`BgNbd`] and [`Nbd`], nor a model
    /// that found no dropout. Where the question is who may be lost, a silent customer must not be surely there.
    #[must_use]
    pub fn telling_silence(mut self) -> Self {
        self.all.retain(Candidate::tells_silence);
        self
    }

    /// The best of those [telling silence](Self::telling_silence), and the best of all only when none of them is
    /// left: a little more likelihood is not worth being sure of customers of whom nothing is heard.
    ///
    /// # Errors
    ///
    /// As [`into_best`](Self::into_best).
    pub fn into_preferred(mut self) -> Result<Fit<AnyRepeatModel<U>>, FitError> {
        match self.all.iter().position(Candidate::tells_silence) {
            Some(place) => self.all.swap_remove(place).fit,
            None => self.into_best(),
        }
    }
}
