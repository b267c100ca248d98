//! How far a model was off.

use std::fmt;

use super::holdout::weight;
use super::unit::{Days, Span};
use crate::special::Sum;

/// What a model foretold of the days held out, beside what happened on them.
///
/// [`Holdout`](super::Holdout) has an example.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HoldoutReport {
    /// The name of the model, as programs write it.
    pub model: &'static str,
    /// How long the holdout is.
    pub span: Span<Days>,
    /// Customers by how often they bought again in the calibration, from 0 up; nobody may be in a class.
    pub classes: Vec<HoldoutClass>,
    /// All of them together.
    pub total: HoldoutClass,
}

/// How often customers bought again: so many times, or, if the class is open, as many or more. It is displayed as
/// `7` or `7+`.
///
/// ```
/// use guanxi::value::lifetime::RepeatClass;
///
/// let classes: Vec<String> = RepeatClass::all(2).map(|class| class.to_string()).collect();
/// assert_eq!(classes, ["0", "1", "2+"]);
/// assert!(RepeatClass::all(2).all(|class| class.has(5) == class.is_open));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RepeatClass {
    /// How often they bought again; the least of them, if the class is open.
    pub repeats: u32,
    /// Whether all who bought again more often are in it, too.
    pub is_open: bool,
}

/// Customers who bought again equally often in the calibration, and their purchases in the holdout.
///
/// [`Holdout`](super::Holdout) has an example.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct HoldoutClass {
    /// How often they bought again in the calibration.
    pub class: RepeatClass,
    /// How many they are.
    pub customers: u64,
    /// On how many days they bought in the holdout, all together.
    pub actual: u64,
    /// How many purchases the model expected of them, all together.
    pub expected: f64,
    /// How many purchases a customer's expectation was off by, on average; `None` when there is nobody.
    pub mean_absolute_error: Option<f64>,
    /// The root of the mean of its square, which minds large errors more. A customer's expectation is an average
    /// over what it may do, so neither is near zero under the right model either.
    pub root_mean_square_error: Option<f64>,
}

impl RepeatClass {
    /// Everybody.
    pub(super) const EVERYBODY: Self = Self { repeats: 0, is_open: true };

    /// The classes of 0, 1, and so on times, the last being `most` and more.
    pub fn all(most: u8) -> impl Iterator<Item = Self> {
        let class = move |repeats| Self { repeats: u32::from(repeats), is_open: repeats == most };
        (0..=most).map(class)
    }

    /// Whether those who bought again so often are in it.
    #[must_use]
    pub const fn has(self, repeats: u32) -> bool {
        repeats == self.repeats || (self.is_open && repeats > self.repeats)
    }
}

impl fmt::Display for RepeatClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.repeats, if self.is_open { "+" } else { "" })
    }
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
}

/// A report in the making.
pub(super) struct Errors {
    classes: Vec<ClassErrors>,
    total: ClassErrors,
}

/// A class in the making.
struct ClassErrors {
    class: RepeatClass,
    customers: u64,
    actual: u64,
    expected: Sum,
    absolute: Sum,
    square: Sum,
}

impl Errors {
    pub(super) fn new(classes_max: u8) -> Self {
        Self {
            classes: RepeatClass::all(classes_max).map(ClassErrors::of).collect(),
            total: ClassErrors::of(RepeatClass::EVERYBODY),
        }
    }

    /// Takes in customers who bought again so often in the calibration, and so often in the holdout, where so
    /// many purchases were expected of each.
    pub(super) fn take(&mut self, repeats: u32, customers: u64, held_out: u32, expected: f64) {
        let classes = self.classes.iter_mut().filter(|it| it.class.has(repeats));
        for class in classes.chain([&mut self.total]) {
            class.take(customers, held_out, expected);
        }
    }

    pub(super) fn report(self, model: &'static str, span: Span<Days>) -> HoldoutReport {
        let classes: Vec<_> = self.classes.into_iter().map(ClassErrors::report).collect();
        // Of what the classes show, so that these add up to it.
        let expected = classes.iter().map(|class| class.expected).collect::<Sum>().value();
        let total = HoldoutClass { expected, ..self.total.report() };
        HoldoutReport { model, span, classes, total }
    }
}

impl ClassErrors {
    fn of(class: RepeatClass) -> Self {
        let (expected, absolute, square) = Default::default();
        Self { class, customers: 0, actual: 0, expected, absolute, square }
    }

    fn take(&mut self, customers: u64, held_out: u32, expected: f64) {
        self.customers = self.customers.saturating_add(customers);
        let bought = u64::from(held_out).saturating_mul(customers);
        self.actual = self.actual.saturating_add(bought);
        let (each, error) = (weight(customers), expected - f64::from(held_out));
        self.expected.add(each * expected);
        self.absolute.add(each * error.abs());
        self.square.add(each * error * error);
    }

    fn report(self) -> HoldoutClass {
        let Self { class, customers, actual, .. } = self;
        let mean = |sum: Sum| (customers > 0).then(|| sum.value() / weight(customers));
        HoldoutClass {
            class,
            customers,
            actual,
            expected: self.expected.value(),
            mean_absolute_error: mean(self.absolute),
            root_mean_square_error: mean(self.square).map(f64::sqrt),
        }
    }
}
