//! Whether a model is right: what it foretells of days that it has not seen, beside what happened on them.

use std::collections::BTreeMap;

use thiserror::Error;

use super::buyers::RepeatBuyers;
use super::buying::RepeatBuying;
use super::holdout_report::{Errors, HoldoutReport};
use super::model::RepeatModel;
use super::unit::{AgeAtLastPurchase, Days, Span, TimeUnit};
use crate::time::Day;

/// A base of which some days are held out: a model learns from the purchases until the end of the calibration,
/// and is held to those after it, until the end.
///
/// Who bought for the first time after the calibration is not part of it: no model of repeat buying says how
/// many come. Purchases of one day are one purchase, and the first is no repeat.
///
/// This is how the models were tried when they were published: Fader, Hardie, Lee (2005), "Counting Your
/// Customers the Easy Way", Marketing Science 24(2), section 4 and figures 2 to 6.
///
/// ```
/// use guanxi::Day;
/// use guanxi::value::lifetime::{BgNbd, Holdout, Weeks};
///
/// let days = |texts: &[&str]| texts.iter().map(|text| text.parse()).collect::<Result<Vec<Day>, _>>();
/// let mut holdout = Holdout::new("1997-09-30".parse()?, "1998-06-30".parse()?)?;
/// let split = holdout.add(&days(&["1997-01-01", "1997-03-08", "1997-03-08", "1998-01-02"])?);
/// let split = split.expect("it bought within the calibration");
/// assert_eq!((split.buying.repeats(), split.held_out), (1, 1));
/// assert_eq!((split.buying.age_at_last().0.get(), split.buying.age().get()), (66.0, 272.0));
/// // A customer of later has no part in it.
/// assert_eq!(holdout.add(&days(&["1997-12-24"])?), None);
/// assert_eq!((holdout.customers(), holdout.left_out()), (1, 1));
///
/// // A model would be fitted to `holdout.buyers()`; here it is one of a larger base.
/// let model = BgNbd::<Weeks>::new(0.243, 4.414, 0.793, 2.426)?;
/// let report = holdout.evaluate(&model, 7);
/// assert_eq!((report.total.customers, report.total.actual), (1, 1));
/// assert!((report.total.expected - 0.408).abs() < 0.001);
/// // How far off, by how often they had bought again: this one is in the class of once.
/// assert!(report.classes[1].mean_absolute_error.is_some_and(|error| (error - 0.592).abs() < 0.001));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holdout {
    calibration_end: Day,
    end: Day,
    /// How many customers bought alike, and as often after the calibration.
    pub(super) customers: BTreeMap<(Learned, u32), u64>,
    /// Repeat purchases by day, in calibration and after it.
    pub(super) repeats: BTreeMap<Day, u64>,
    left_out: u64,
}

/// A customer of whom some days are held out.
///
/// [`Holdout`] has an example.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct HeldOut {
    /// How it bought until the end of the calibration.
    pub buying: RepeatBuying<Days>,
    /// On how many days it bought after that, until the end of the holdout.
    pub held_out: u32,
}

/// Why days are not those of a holdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the holdout ends on {end}, before the calibration does on {calibration_end}")]
#[non_exhaustive]
pub struct HoldoutError {
    /// The last day of the calibration.
    pub calibration_end: Day,
    /// The last day of all.
    pub end: Day,
}

/// What a model learns of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Learned {
    pub(super) first: Day,
    last: Day,
    pub(super) repeats: u32,
}

impl Holdout {
    /// Nobody yet. `calibration_end` is the last day that a model learns from, and `end` the last that it is
    /// held to; on the same day nothing is held out.
    ///
    /// # Errors
    ///
    /// [`HoldoutError`] when the end is before that of the calibration.
    pub const fn new(calibration_end: Day, end: Day) -> Result<Self, HoldoutError> {
        if end.days_since(calibration_end) < 0 {
            return Err(HoldoutError { calibration_end, end });
        }
        Ok(Self {
            calibration_end,
            end,
            customers: BTreeMap::new(),
            repeats: BTreeMap::new(),
            left_out: 0,
        })
    }

    /// Takes in a customer by the days on which it bought, in any order; days after the end are not looked at.
    /// `None` for one who is left out, because it did not buy within the calibration.
    pub fn add(&mut self, purchase_days: &[Day]) -> Option<HeldOut> {
        let mut days: Vec<Day> =
            purchase_days.iter().copied().filter(|day| *day <= self.end).collect();
        days.sort_unstable();
        days.dedup();
        let learned = days.partition_point(|day| *day <= self.calibration_end);
        let (calibration, holdout) = days.split_at(learned);
        let (Some(first), Some(last)) = (calibration.first(), calibration.last()) else {
            self.left_out = self.left_out.saturating_add(1);
            return None;
        };
        let repeats = count(calibration.len()).saturating_sub(1);
        let customer = Learned { first: *first, last: *last, repeats };
        let held_out = HeldOut {
            buying: customer.buying(self.calibration_end),
            held_out: count(holdout.len()),
        };
        let alike = self.customers.entry((customer, held_out.held_out)).or_default();
        *alike = alike.saturating_add(1);
        for day in days.iter().skip(1) {
            let repeats = self.repeats.entry(*day).or_default();
            *repeats = repeats.saturating_add(1);
        }
        Some(held_out)
    }

    /// The last day of the calibration.
    #[must_use]
    pub const fn calibration_end(&self) -> Day {
        self.calibration_end
    }

    /// The last day of all.
    #[must_use]
    pub const fn end(&self) -> Day {
        self.end
    }

    /// How long the holdout is.
    #[must_use]
    pub fn span(&self) -> Span<Days> {
        between(self.calibration_end, self.end)
    }

    /// How many customers bought within the calibration.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.customers.values().fold(0, |sum, alike| sum.saturating_add(*alike))
    }

    /// How many were [added](Self::add) who did not.
    #[must_use]
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// What a model learns from: how everybody bought until the end of the calibration.
    #[must_use]
    pub fn buyers<U: TimeUnit>(&self) -> RepeatBuyers<U> {
        let alike = self.customers.iter();
        alike
            .flat_map(|((customer, _), alike)| {
                let alike = usize::try_from(*alike).unwrap_or(usize::MAX);
                std::iter::repeat_n(customer.buying(self.calibration_end).to::<U>(), alike)
            })
            .collect()
    }

    /// Holds the model to what was held out, by how often customers bought again in the calibration: 0, 1, and
    /// so on, the last class being `classes_max` and more (7 in the paper, figure 6).
    #[must_use]
    pub fn evaluate<U: TimeUnit, M: RepeatModel<U>>(
        &self,
        model: &M,
        classes_max: u8,
    ) -> HoldoutReport {
        let span = self.span().to::<U>();
        let mut sums = Errors::new(classes_max);
        let mut known: Option<(Learned, f64)> = None;
        for ((customer, held_out), alike) in &self.customers {
            // Who bought alike stands together, whatever it bought after that.
            let expected = match known {
                Some((other, expected)) if other == *customer => expected,
                Some(_) | None => {
                    let buying = customer.buying(self.calibration_end).to::<U>();
                    model.expected_purchases(&buying, span)
                }
            };
            known = Some((*customer, expected));
            sums.take(customer.repeats, *alike, *held_out, expected);
        }
        sums.report(model.name(), self.span())
    }
}

/// The time from one day to a later one.
pub(super) fn between(earlier: Day, later: Day) -> Span<Days> {
    Span::whole(u32::try_from(later.days_since(earlier)).unwrap_or(0))
}

fn count(days: usize) -> u32 {
    u32::try_from(days).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "no base has 2^53 customers")]
pub(super) fn weight(customers: u64) -> f64 {
    customers as f64
}

impl Learned {
    /// How such a customer bought until the end of the calibration.
    fn buying(self, calibration_end: Day) -> RepeatBuying<Days> {
        let age = between(self.first, calibration_end);
        let last = AgeAtLastPurchase(between(self.first, self.last));
        // Never refused: repeats are on later days than the first, and none is after the calibration.
        RepeatBuying::new(self.repeats, last, age).unwrap_or(RepeatBuying::once(age))
    }
}
