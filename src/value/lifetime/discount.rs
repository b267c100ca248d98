//! Money later is worth less than money now.

use std::marker::PhantomData;

use super::unit::{Span, TimeUnit};

/// A continuous rate of discount for each unit of time: what comes after a time `t` is worth `exp(-rate t)`.
///
/// ```
/// use guanxi::value::lifetime::{Discount, Weeks};
///
/// // 15 % a year, which is 0.0027 a week.
/// let discount = Discount::<Weeks>::of_yearly(0.15).expect("a rate");
/// assert_eq!((discount.rate() * 1e4).round(), 27.0);
/// assert_eq!(Discount::<Weeks>::new(-0.1), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Discount<U> {
    rate: f64,
    unit: PhantomData<U>,
}

/// Days of a year, on average over the Gregorian calendar's 400 years.
pub(crate) const DAYS_OF_YEAR: f64 = 365.2425;

impl<U: TimeUnit> Discount<U> {
    /// Later is worth as much as now.
    pub const NONE: Self = Self { rate: 0.0, unit: PhantomData };

    /// That rate for each unit of time; `None` unless finite and not negative.
    #[must_use]
    pub fn new(rate: f64) -> Option<Self> {
        (rate.is_finite() && rate >= 0.0).then_some(Self { rate: rate + 0.0, unit: PhantomData })
    }

    /// The continuous rate that comes to the same over a year as `interest`, 0.15 for 15 %:
    /// `ln(1 + interest) / year`.
    #[must_use]
    pub fn of_yearly(interest: f64) -> Option<Self> {
        Self::new(libm::log1p(interest) * U::DAYS / DAYS_OF_YEAR)
    }

    /// The rate.
    #[must_use]
    pub const fn rate(self) -> f64 {
        self.rate
    }
}

/// How far the future is looked into: so many steps of a length, each discounted at its end.
///
/// ```
/// use guanxi::value::lifetime::{Horizon, Span, Weeks};
///
/// // A year of months, discounted by 1 % a month.
/// let month = Span::<Weeks>::new(4.345).expect("a length");
/// let year = Horizon::new(12, month, 0.01).expect("a rate");
/// // One purchase each week, whenever it is.
/// let worth = year.discounted(|until| until.get());
/// assert!((worth - 4.345 * 11.255_077).abs() < 1e-5);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Horizon<U> {
    steps: u16,
    step: Span<U>,
    rate: f64,
}

impl<U: TimeUnit> Horizon<U> {
    /// So many steps of that length; what falls into step `i` is divided by `(1 + rate)^i`. `None` unless the
    /// rate is finite and above -1.
    #[must_use]
    pub fn new(steps: u16, step: Span<U>, rate: f64) -> Option<Self> {
        (rate.is_finite() && rate > -1.0).then_some(Self { steps, step, rate })
    }

    /// How many steps.
    #[must_use]
    pub const fn steps(&self) -> u16 {
        self.steps
    }

    /// The length of one.
    #[must_use]
    pub const fn step(&self) -> Span<U> {
        self.step
    }

    /// All of it.
    #[must_use]
    pub fn span(&self) -> Span<U> {
        Span::new(self.step.get() * f64::from(self.steps)).unwrap_or(Span::ZERO)
    }

    /// The present worth of what comes in, `until` being all that comes in until a time.
    pub fn discounted(&self, until: impl Fn(Span<U>) -> f64) -> f64 {
        let mut before = 0.0;
        let (mut worth, mut factor) = (0.0, 1.0);
        for step in 1..=self.steps {
            let end = Span::new(self.step.get() * f64::from(step)).unwrap_or(self.step);
            let now = until(end);
            factor /= 1.0 + self.rate;
            worth += (now - before) * factor;
            before = now;
        }
        worth
    }
}
