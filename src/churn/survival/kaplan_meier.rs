//! The share of customers still there, by the product-limit estimate.

use super::table::LifeTable;
use crate::special::{Sum, normal_upper_quantile};

/// The share of customers who are still there after a duration, estimated without a model (Kaplan and Meier
/// 1958, Journal of the American Statistical Association 53, 457-481): the product over the durations at which
/// somebody was lost of the share of those observed who were not.
///
/// Beyond the longest duration that was observed nothing is known; the estimate stays what it is there.
///
/// ```
/// use guanxi::churn::survival::{KaplanMeier, LifeTable};
///
/// let mut table = LifeTable::default();
/// table.lost(1, 2).still_there(2, 3).lost(4, 1).still_there(6, 4);
/// let curve = KaplanMeier::of(&table).expect("somebody was observed");
/// assert_eq!(curve.survival(0), 1.0);
/// assert!((curve.survival(1) - 0.8).abs() < 1e-15);
/// assert!((curve.survival(5) - 0.8 * 0.8).abs() < 1e-15);
/// assert_eq!((curve.median(), curve.duration_max()), (None, 6));
///
/// let (lower, upper) = curve.bounds(5, 0.95).expect("a level, and somebody left");
/// assert!(lower < 0.64 && 0.64 < upper);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct KaplanMeier {
    steps: Vec<SurvivalStep>,
    duration_max: u32,
}

/// A duration at which customers were lost.
///
/// ```
/// use guanxi::churn::survival::{KaplanMeier, LifeTable};
///
/// let mut table = LifeTable::default();
/// table.lost(1, 2).still_there(2, 8);
/// let curve = KaplanMeier::of(&table).expect("somebody was observed");
/// let [step] = curve.steps() else { panic!("customers were lost at one duration") };
/// assert_eq!((step.duration, step.at_risk, step.lost), (1, 10, 2));
/// assert!((step.survival - 0.8).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SurvivalStep {
    /// The duration, in the caller's unit.
    pub duration: u32,
    /// Customers who were observed at least so long.
    pub at_risk: u64,
    /// Those of them who were lost at it.
    pub lost: u64,
    /// The share of customers still there after it.
    pub survival: f64,
    /// The sum of `lost / (at_risk (at_risk - lost))` until here: Greenwood's variance of the survival divided
    /// by its square. Infinite when nobody is left.
    pub relative_variance: f64,
}

impl KaplanMeier {
    /// The estimate; `None` when nobody was observed.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "no base has 2^53 customers")]
    pub fn of(table: &LifeTable) -> Option<Self> {
        let duration_max = table.rows().last()?.0;
        let mut at_risk = table.at_risk();
        let (mut survival, mut relative_variance) = (1.0, Sum::default());
        let mut steps = Vec::new();
        for (duration, ends) in table.rows() {
            if ends.lost > 0 {
                let left = at_risk.saturating_sub(u128::from(ends.lost));
                survival *= left as f64 / at_risk as f64;
                relative_variance.add(ends.lost as f64 / at_risk as f64 / left as f64);
                steps.push(SurvivalStep {
                    duration,
                    at_risk: u64::try_from(at_risk).unwrap_or(u64::MAX),
                    lost: ends.lost,
                    survival,
                    relative_variance: relative_variance.value(),
                });
            }
            at_risk = at_risk.saturating_sub(ends.all());
        }
        Some(Self { steps, duration_max })
    }

    /// The durations at which customers were lost, from the shortest.
    #[must_use]
    pub fn steps(&self) -> &[SurvivalStep] {
        &self.steps
    }

    /// The longest duration for which anybody was observed.
    #[must_use]
    pub const fn duration_max(&self) -> u32 {
        self.duration_max
    }

    /// The share of customers still there after a duration, from 0 to 1: those lost at it are not.
    #[must_use]
    pub fn survival(&self, duration: u32) -> f64 {
        self.step(duration).map_or(1.0, |step| step.survival)
    }

    /// The shortest duration after which half of the customers at most are still there; `None` when more than
    /// half are still there after the longest.
    #[must_use]
    pub fn median(&self) -> Option<u32> {
        self.steps.iter().find(|step| step.survival <= 0.5).map(|step| step.duration)
    }

    /// The variance of [`survival`](Self::survival) after a duration (Greenwood 1926); `None` when nobody is
    /// left, where it is not defined.
    #[must_use]
    pub fn variance(&self, duration: u32) -> Option<f64> {
        let Some(step) = self.step(duration) else { return Some(0.0) };
        let variance = step.survival * step.survival * step.relative_variance;
        (step.survival > 0.0).then_some(variance)
    }

    /// Between what [`survival`](Self::survival) after a duration lies with a confidence of `level`, 0.95 for
    /// 95 %: by the normal distribution of `ln(-ln S)`, which keeps the bounds within 0 and 1 (Kalbfleisch and
    /// Prentice 1980, The Statistical Analysis of Failure Time Data, section 1.3). 1 and 1 before the first loss.
    ///
    /// `None` when nobody is left, where they are not defined, and when the level is not between 0 and 1.
    #[must_use]
    pub fn bounds(&self, duration: u32, level: f64) -> Option<(f64, f64)> {
        if !(level > 0.0 && level < 1.0) {
            return None;
        }
        let Some(step) = self.step(duration) else { return Some((1.0, 1.0)) };
        if step.survival <= 0.0 {
            return None;
        }
        let hazard = -libm::log(step.survival);
        if hazard == 0.0 {
            // Too few were lost, of too many, to show.
            return Some((1.0, 1.0));
        }
        let width =
            normal_upper_quantile(0.5 * (1.0 - level)) * step.relative_variance.sqrt() / hazard;
        let bound = |width: f64| libm::exp(-hazard * libm::exp(width));
        Some((bound(width), bound(-width)))
    }

    /// The mean duration for which customers are there until `until` (the restricted mean): the area under the
    /// curve, in the caller's unit. Beyond [`duration_max`](Self::duration_max) it goes by the last estimate.
    #[must_use]
    pub fn restricted_mean(&self, until: u32) -> f64 {
        let mut area = Sum::default();
        let (mut from, mut survival) = (0, 1.0);
        for step in self.steps.iter().take_while(|step| step.duration < until) {
            area.add(survival * f64::from(step.duration.saturating_sub(from)));
            (from, survival) = (step.duration, step.survival);
        }
        area.add(survival * f64::from(until.saturating_sub(from)));
        area.value()
    }

    /// The last step until a duration; `None` before the first.
    fn step(&self, duration: u32) -> Option<&SurvivalStep> {
        let after = self.steps.partition_point(|step| step.duration <= duration);
        self.steps.get(after.checked_sub(1)?)
    }
}
