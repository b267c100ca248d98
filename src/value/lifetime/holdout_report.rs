//! How far a model was off.

use super::holdout::weight;
use super::unit::{Days, Span};
use crate::special::Sum;

/// What a model foretold of the days held out, beside what happened on them.
///
/// [`Holdout`](super::Holdout) has an example.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HoldoutReport {
    /// How long the holdout is.
    pub span: Span<Days>,
    /// Customers by how often they bought again in the calibration, from 0 up; nobody may be in a class.
    pub classes: Vec<HoldoutClass>,
    /// All of them together.
    pub total: HoldoutClass,
    /// How many purchases a customer's expectation was off by, on average; `None` when there is nobody.
    pub mean_absolute_error: Option<f64>,
    /// The root of the mean of its square, which minds large errors more. A customer's expectation is an average
    /// over what it may do, so neither is near zero under the right model either.
    pub root_mean_square_error: Option<f64>,
}

/// Customers who bought again equally often in the calibration, and their purchases in the holdout.
///
/// [`Holdout`](super::Holdout) has an example.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct HoldoutClass {
    /// How often they bought again in the calibration; the least of them, if the class is open.
    pub repeats: u32,
    /// Whether all who bought again more often are in it, too.
    pub is_open: bool,
    /// How many they are.
    pub customers: u64,
    /// On how many days they bought in the holdout, all together.
    pub actual: u64,
    /// How many purchases the model expected of them, all together.
    pub expected: f64,
}

impl HoldoutReport {
    /// By how many percent the purchases expected in all differ from those there were; `None` when there were
    /// none.
    #[must_use]
    pub fn total_error_percent(&self) -> Option<f64> {
        let actual = weight(self.total.actual);
        (actual > 0.0).then(|| 100.0 * (self.total.expected - actual) / actual)
    }
}

impl HoldoutClass {
    const fn of(repeats: u32, is_open: bool) -> Self {
        Self { repeats, is_open, customers: 0, actual: 0, expected: 0.0 }
    }

    /// Purchases in the holdout for each customer; `None` when there is nobody.
    #[must_use]
    pub fn mean_actual(&self) -> Option<f64> {
        (self.customers > 0).then(|| weight(self.actual) / weight(self.customers))
    }

    /// Purchases that the model expected of each customer; `None` when there is nobody.
    #[must_use]
    pub fn mean_expected(&self) -> Option<f64> {
        (self.customers > 0).then(|| self.expected / weight(self.customers))
    }

    fn take(&mut self, customers: u64, held_out: u32) {
        self.customers = self.customers.saturating_add(customers);
        let bought = u64::from(held_out).saturating_mul(customers);
        self.actual = self.actual.saturating_add(bought);
    }
}

/// A report in the making.
pub(super) struct Errors {
    classes: Vec<(HoldoutClass, Sum)>,
    total: HoldoutClass,
    absolute: Sum,
    square: Sum,
}

impl Errors {
    pub(super) fn new(classes_max: u8) -> Self {
        let class = |repeats| HoldoutClass::of(u32::from(repeats), repeats == classes_max);
        Self {
            classes: (0..=classes_max).map(|repeats| (class(repeats), Sum::default())).collect(),
            total: HoldoutClass::of(0, true),
            absolute: Sum::default(),
            square: Sum::default(),
        }
    }

    /// Takes in customers who bought again so often in the calibration, and so often in the holdout, where so
    /// many purchases were expected of each.
    pub(super) fn take(&mut self, repeats: u32, customers: u64, held_out: u32, expected: f64) {
        let fits =
            |(class, _): &&mut (HoldoutClass, Sum)| class.is_open || class.repeats == repeats;
        if let Some((class, sum)) = self.classes.iter_mut().find(fits) {
            class.take(customers, held_out);
            sum.add(weight(customers) * expected);
        }
        self.total.take(customers, held_out);
        let error = expected - f64::from(held_out);
        self.absolute.add(weight(customers) * error.abs());
        self.square.add(weight(customers) * error * error);
    }

    pub(super) fn report(self, span: Span<Days>) -> HoldoutReport {
        let classes = self.classes.into_iter();
        let classes: Vec<_> =
            classes.map(|(class, sum)| HoldoutClass { expected: sum.value(), ..class }).collect();
        let expected = classes.iter().map(|class| class.expected).collect::<Sum>().value();
        let total = HoldoutClass { expected, ..self.total };
        let mean = |sum: Sum| (total.customers > 0).then(|| sum.value() / weight(total.customers));
        HoldoutReport {
            span,
            mean_absolute_error: mean(self.absolute),
            root_mean_square_error: mean(self.square).map(f64::sqrt),
            classes,
            total,
        }
    }
}
