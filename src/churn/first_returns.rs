//! What became of first purchases in a base.

use serde::{Deserialize, Serialize};

use super::error::ChurnCalibrationError;
use super::interpurchase::{InterpurchaseTimes, Lengths, part_of};
use crate::explain::BasisPoints;

/// How many buyers of the base came back after their first purchase day, and when.
///
/// All buyers in it were observed for the same number of days after their first purchase, and only
/// returns within those days are counted; else recent buyers, who have had no time to return, would
/// look lost. So nothing is known of what happens later: choose more days than the silences that
/// matter, for example a year.
///
/// ```
/// use guanxi::churn::FirstReturns;
/// use guanxi::explain::BasisPoints;
///
/// // Twelve buyers: for how many days each has been observable, and when it came back. One was
/// // observable for 60 days only, one came back after the 100 days that count.
/// let back = [(400, Some(5)), (380, Some(20)), (365, Some(20)), (100, Some(90))];
/// let others = [(60, Some(9)), (200, Some(150))];
/// let silent = [(300, None); 6];
/// let returns = FirstReturns::of(100, back.into_iter().chain(others).chain(silent))?;
/// assert_eq!((returns.buyers(), returns.observed_days()), (11, 100));
/// assert_eq!(returns.chance_after(0), Some(BasisPoints(3_636)));
///
/// // After 20 days three were back; of the eight others one came back later.
/// assert_eq!(returns.chance_after(20), Some(BasisPoints(1_250)));
///
/// // Nobody came back between day 90 and day 100. Of later days nothing is known.
/// assert_eq!(returns.chance_after(90), Some(BasisPoints(0)));
/// assert_eq!(returns.chance_after(101), None);
/// # Ok::<(), guanxi::churn::ChurnCalibrationError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "StoredReturns", into = "StoredReturns")]
pub struct FirstReturns {
    observed_days: u32,
    buyers: u64,
    returned: InterpurchaseTimes,
}

/// [`FirstReturns`] as stored, unchecked. Every field must be given.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredReturns {
    observed_days: u32,
    buyers: u64,
    returned: InterpurchaseTimes,
}

impl FirstReturns {
    /// `buyers` in all, each observed for `observed_days` days after its first purchase day;
    /// `returned` has the days from first to second purchase day of those who came back within
    /// them.
    ///
    /// ```
    /// use guanxi::churn::{ChurnCalibrationError, FirstReturns, InterpurchaseTimes};
    ///
    /// let returned = InterpurchaseTimes::from_gaps([5, 90])?;
    /// assert!(FirstReturns::new(90, 10, returned.clone()).is_ok());
    /// assert_eq!(
    ///     FirstReturns::new(89, 10, returned),
    ///     Err(ChurnCalibrationError::ReturnedUnobserved)
    /// );
    /// # Ok::<(), ChurnCalibrationError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ChurnCalibrationError::MoreReturnsThanBuyers`],
    /// [`ReturnedUnobserved`](ChurnCalibrationError::ReturnedUnobserved),
    /// [`NotObserved`](ChurnCalibrationError::NotObserved) for buyers observed for no day, and
    /// [`TooMany`](ChurnCalibrationError::TooMany) beyond `i64::MAX` buyers.
    pub fn new(
        observed_days: u32,
        buyers: u64,
        returned: InterpurchaseTimes,
    ) -> Result<Self, ChurnCalibrationError> {
        if returned.count() > buyers {
            return Err(ChurnCalibrationError::MoreReturnsThanBuyers);
        }
        if returned.longest() > Some(observed_days) {
            return Err(ChurnCalibrationError::ReturnedUnobserved);
        }
        if observed_days == 0 && buyers > 0 {
            return Err(ChurnCalibrationError::NotObserved);
        }
        if i64::try_from(buyers).is_err() {
            return Err(ChurnCalibrationError::TooMany);
        }
        Ok(Self { observed_days, buyers, returned })
    }

    /// Counts buyers, in any order: for how many days each has been observable since its first
    /// purchase day, and how many days after that day the second purchase day came, if it did.
    ///
    /// Only buyers who were observable for `observed_days` or longer count, and returns within
    /// those days. [`FirstReturns`] has an example; [`ChurnBase`](super::ChurnBase) counts whole
    /// customers.
    ///
    /// # Errors
    ///
    /// [`ChurnCalibrationError::NotObserved`] for no observed days, and
    /// [`TooMany`](ChurnCalibrationError::TooMany) beyond `i64::MAX` buyers.
    pub fn of(
        observed_days: u32,
        buyers: impl IntoIterator<Item = (u32, Option<u32>)>,
    ) -> Result<Self, ChurnCalibrationError> {
        let mut count = ReturnCount::new(observed_days);
        for (observable_days, second_days) in buyers {
            count.add(observable_days, second_days);
        }
        count.counted()
    }

    /// For how many days after their first purchase day all buyers were observed.
    #[must_use]
    pub const fn observed_days(&self) -> u32 {
        self.observed_days
    }

    /// How many buyers were counted.
    #[must_use]
    pub const fn buyers(&self) -> u64 {
        self.buyers
    }

    /// The share of buyers who came back later while they were observed, of those who had not
    /// within this many days, rounded half up. It never rises with the days, and is nothing where
    /// all had come back by then.
    ///
    /// `None` when no buyers are known, and for more days than they were observed: nobody knows
    /// then, which is not the same as no chance.
    #[must_use]
    pub fn chance_after(&self, days: u32) -> Option<BasisPoints> {
        if self.buyers == 0 || days > self.observed_days {
            return None;
        }
        let returned = self.returned.count_below(days.saturating_add(1));
        let (later, left) =
            (self.returned.count().saturating_sub(returned), self.buyers.saturating_sub(returned));
        Some(part_of(later, left).unwrap_or(BasisPoints(0)))
    }
}

impl TryFrom<StoredReturns> for FirstReturns {
    type Error = ChurnCalibrationError;

    fn try_from(stored: StoredReturns) -> Result<Self, Self::Error> {
        Self::new(stored.observed_days, stored.buyers, stored.returned)
    }
}

impl From<FirstReturns> for StoredReturns {
    fn from(returns: FirstReturns) -> Self {
        let FirstReturns { observed_days, buyers, returned } = returns;
        Self { observed_days, buyers, returned }
    }
}

/// First returns while they are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReturnCount {
    observed_days: u32,
    buyers: u64,
    returned: Lengths,
}

impl ReturnCount {
    pub(super) fn new(observed_days: u32) -> Self {
        Self { observed_days, buyers: 0, returned: Lengths::default() }
    }

    pub(super) fn add(&mut self, observable_days: u32, second_days: Option<u32>) {
        if observable_days < self.observed_days {
            return;
        }
        // A count that stands still at the end of the range is refused when all is counted.
        self.buyers = self.buyers.saturating_add(1);
        if let Some(days) = second_days.filter(|days| *days <= self.observed_days) {
            self.returned.add(days);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) -> Result<(), ChurnCalibrationError> {
        if self.observed_days != other.observed_days {
            return Err(ChurnCalibrationError::ObservedOtherwise);
        }
        self.buyers = self.buyers.saturating_add(other.buyers);
        self.returned.merge(&other.returned);
        Ok(())
    }

    pub(super) fn counted(&self) -> Result<FirstReturns, ChurnCalibrationError> {
        FirstReturns::new(self.observed_days, self.buyers, self.returned.counted()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_returns_that_cannot_be_are_refused() {
        let read = |text: &str| serde_json::from_str::<FirstReturns>(text);
        assert!(read(r#"{"observed_days":7,"buyers":2,"returned":[[7,2]]}"#).is_ok());
        assert!(read(r#"{"observed_days":7,"buyers":1,"returned":[[7,2]]}"#).is_err());
        assert!(read(r#"{"observed_days":6,"buyers":2,"returned":[[7,2]]}"#).is_err());
        assert!(read(r#"{"observed_days":0,"buyers":2,"returned":[]}"#).is_err());
        assert!(read(r#"{"observed_days":0,"buyers":0,"returned":[]}"#).is_ok());
        assert!(read(r#"{"buyers":2,"returned":[]}"#).is_err());
    }

    #[test]
    fn when_all_came_back_nobody_late_has_a_chance() {
        let returns = FirstReturns::of(9, [(9, Some(1)), (9, Some(2))]).unwrap();
        assert_eq!(returns.chance_after(0), Some(BasisPoints(10_000)));
        assert_eq!(returns.chance_after(2), Some(BasisPoints(0)));
        assert_eq!(returns.chance_after(9), Some(BasisPoints(0)));
        assert_eq!(returns.chance_after(10), None);
        assert_eq!(FirstReturns::default().chance_after(0), None);
    }
}
