//! Units of time, and the two meanings of recency.

use std::fmt::{self, Debug};
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

mod sealed {
    pub trait Sealed {}
}

/// A unit of time: [`Days`] or [`Weeks`]. Rates and lengths of different units do not mix.
pub trait TimeUnit: sealed::Sealed + Debug + Copy + Ord + Send + Sync + 'static {
    /// How many days one is.
    const DAYS: f64;
    /// Its name in the plural, as programs write it.
    const NAME: &'static str;
}

/// The day as a unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days;

/// The week as a unit of time: seven days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weeks;

impl sealed::Sealed for Days {}
impl sealed::Sealed for Weeks {}

impl TimeUnit for Days {
    const DAYS: f64 = 1.0;
    const NAME: &'static str = "days";
}

impl TimeUnit for Weeks {
    const DAYS: f64 = 7.0;
    const NAME: &'static str = "weeks";
}

/// A length of time in a unit: finite, and never negative.
///
/// ```
/// use guanxi::value::lifetime::{Days, Span, Weeks};
///
/// let quarter = Span::<Weeks>::new(13.0).expect("finite and not negative");
/// assert_eq!(quarter.to::<Days>().get(), 91.0);
/// assert_eq!(Span::<Days>::new(-1.0), None);
/// assert_eq!(Span::<Days>::new(f64::NAN), None);
/// ```
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub struct Span<U> {
    length: f64,
    unit: PhantomData<U>,
}

impl<U: TimeUnit> Span<U> {
    /// No time at all.
    pub const ZERO: Self = Self { length: 0.0, unit: PhantomData };

    /// So many units; `None` unless finite and not negative.
    #[must_use]
    pub fn new(length: f64) -> Option<Self> {
        // Adding zero makes the negative zero positive, so that equal spans have equal bits.
        (length.is_finite() && length >= 0.0)
            .then_some(Self { length: length + 0.0, unit: PhantomData })
    }

    /// So many whole units.
    #[must_use]
    pub fn whole(count: u32) -> Self {
        Self { length: f64::from(count), unit: PhantomData }
    }

    /// How many units.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.length
    }

    /// The same length in another unit.
    #[must_use]
    pub fn to<V: TimeUnit>(self) -> Span<V> {
        Span { length: self.length * U::DAYS / V::DAYS, unit: PhantomData }
    }
}

impl<U> Debug for Span<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Span").field(&self.length).finish()
    }
}

impl<U: TimeUnit> Serialize for Span<U> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.length)
    }
}

impl<'de, U: TimeUnit> Deserialize<'de> for Span<U> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let length = f64::deserialize(deserializer)?;
        Self::new(length)
            .ok_or_else(|| serde::de::Error::custom("a length of time is finite and not negative"))
    }
}

/// Recency as the models of repeat buying mean it: how old the customer was, counted from the first
/// purchase, when it last bought (`t_x` in the papers). Great is good.
///
/// Grades of recency, as in RFM, mean [`TimeSinceLastPurchase`].
///
/// ```
/// use guanxi::value::lifetime::{AgeAtLastPurchase, Span, TimeSinceLastPurchase, Weeks};
///
/// let age = Span::<Weeks>::whole(39);
/// let silent = TimeSinceLastPurchase(Span::<Weeks>::whole(9));
/// assert_eq!(silent.at_age(age), Some(AgeAtLastPurchase(Span::whole(30))));
/// assert_eq!(AgeAtLastPurchase(Span::<Weeks>::whole(30)).until(age), Some(silent));
/// // Nobody has been silent for longer than it has been a customer.
/// assert_eq!(TimeSinceLastPurchase(Span::<Weeks>::whole(40)).at_age(age), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct AgeAtLastPurchase<U>(pub Span<U>);

/// Recency as grades like RFM mean it: how long the last purchase is ago. Great is bad.
///
/// [`AgeAtLastPurchase`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct TimeSinceLastPurchase<U>(pub Span<U>);

impl<U: TimeUnit> AgeAtLastPurchase<U> {
    /// The silence since, of a customer who is so old now; `None` when it is younger than that.
    #[must_use]
    pub fn until(self, age: Span<U>) -> Option<TimeSinceLastPurchase<U>> {
        Span::new(age.get() - self.0.get()).map(TimeSinceLastPurchase)
    }
}

impl<U: TimeUnit> TimeSinceLastPurchase<U> {
    /// How old the customer, who is so old now, was then; `None` when it is younger than the silence.
    #[must_use]
    pub fn at_age(self, age: Span<U>) -> Option<AgeAtLastPurchase<U>> {
        Span::new(age.get() - self.0.get()).map(AgeAtLastPurchase)
    }
}
