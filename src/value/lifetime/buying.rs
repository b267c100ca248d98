//! What models of repeat buying know of one customer.

use super::error::BuyingError;
use super::unit::{AgeAtLastPurchase, Span, TimeSinceLastPurchase, TimeUnit};

/// How one customer bought: how often again, when last, and for how long it has been one (`x`, `t_x` and `T`
/// in the papers). All times count from the first purchase, which itself is no repeat.
///
/// Purchases of one day are one purchase.
///
/// ```
/// use guanxi::value::lifetime::{AgeAtLastPurchase, BuyingError, RepeatBuying, Span, Weeks};
///
/// let weeks = |length| Span::<Weeks>::new(length).expect("finite and not negative");
/// let customer = RepeatBuying::new(2, AgeAtLastPurchase(weeks(30.43)), weeks(38.86))?;
/// assert_eq!(customer.repeats(), 2);
/// assert!((customer.time_since_last().0.get() - 8.43).abs() < 1e-12);
///
/// // Who never bought again bought last at age 0.
/// assert_eq!(RepeatBuying::once(weeks(38.86)).age_at_last().0, Span::ZERO);
/// let wrong = RepeatBuying::new(0, AgeAtLastPurchase(weeks(1.0)), weeks(38.86));
/// assert_eq!(wrong, Err(BuyingError::LastWithoutRepeat));
/// # Ok::<(), BuyingError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepeatBuying<U> {
    repeats: u32,
    age_at_last: Span<U>,
    age: Span<U>,
}

impl<U: TimeUnit> RepeatBuying<U> {
    /// A customer who is `age` old and bought again `repeats` times, last at `age_at_last`.
    ///
    /// # Errors
    ///
    /// [`BuyingError`] when the last purchase lies beyond the age, or when it is at the very first although
    /// there are repeats, or later although there are none.
    pub fn new(
        repeats: u32,
        age_at_last: AgeAtLastPurchase<U>,
        age: Span<U>,
    ) -> Result<Self, BuyingError> {
        let AgeAtLastPurchase(age_at_last) = age_at_last;
        if age_at_last > age {
            return Err(BuyingError::LastBeyondAge);
        }
        match (repeats == 0, age_at_last == Span::ZERO) {
            (true, false) => Err(BuyingError::LastWithoutRepeat),
            (false, true) => Err(BuyingError::RepeatAtFirst),
            (true, true) | (false, false) => Ok(Self { repeats, age_at_last, age }),
        }
    }

    /// A customer who bought once, so long ago.
    #[must_use]
    pub const fn once(age: Span<U>) -> Self {
        Self { repeats: 0, age_at_last: Span::ZERO, age }
    }

    /// Purchases after the first (`x`).
    #[must_use]
    pub const fn repeats(&self) -> u32 {
        self.repeats
    }

    /// The age at the last of them (`t_x`).
    #[must_use]
    pub const fn age_at_last(&self) -> AgeAtLastPurchase<U> {
        AgeAtLastPurchase(self.age_at_last)
    }

    /// The time since the first purchase (`T`).
    #[must_use]
    pub const fn age(&self) -> Span<U> {
        self.age
    }

    /// The silence since the last purchase.
    #[must_use]
    pub fn time_since_last(&self) -> TimeSinceLastPurchase<U> {
        // Never negative: the constructors saw to it.
        TimeSinceLastPurchase(Span::new(self.silence()).unwrap_or(Span::ZERO))
    }

    /// The same customer in another unit of time.
    #[must_use]
    pub fn to<V: TimeUnit>(&self) -> RepeatBuying<V> {
        RepeatBuying {
            repeats: self.repeats,
            age_at_last: self.age_at_last.to(),
            age: self.age.to(),
        }
    }

    pub(super) fn silence(&self) -> f64 {
        self.age.get() - self.age_at_last.get()
    }
}
