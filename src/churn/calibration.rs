//! What the whole base says: how long its customers wait, and how many came back after a first
//! purchase. Exact counts, so that everyone is measured by the same numbers in whatever order the
//! base was read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::ChurnCalibrationError;
use super::scale::share;
use crate::explain::BasisPoints;

/// Lengths of gaps in days, each with how often it was seen.
///
/// Stored as pairs of length and count: `[[7, 12], [8, 3]]`.
///
/// ```
/// use guanxi::churn::InterpurchaseTimes;
/// use guanxi::explain::BasisPoints;
///
/// let waits = InterpurchaseTimes::from_gaps([7, 7, 10, 30]);
/// assert_eq!(waits.count(), 4);
/// assert_eq!(waits.share_below(10), Some(BasisPoints(5_000)));
/// assert_eq!(waits.share_below(11), Some(BasisPoints(7_500)));
/// assert_eq!(waits.quantile(BasisPoints(5_000)), Some(7));
/// assert_eq!(waits.quantile(BasisPoints(5_001)), Some(10));
/// assert_eq!(serde_json::to_string(&waits)?, "[[7,2],[10,1],[30,1]]");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<(u32, u64)>", into = "Vec<(u32, u64)>")]
pub struct InterpurchaseTimes {
    /// Length, and how many gaps were that long or shorter; both rising.
    at_most: Vec<(u32, u64)>,
}

impl InterpurchaseTimes {
    /// Counts gaps, in any order.
    #[must_use]
    pub fn from_gaps(days: impl IntoIterator<Item = u32>) -> Self {
        let mut counts = BTreeMap::new();
        for length in days {
            let count: &mut u64 = counts.entry(length).or_default();
            *count = count.saturating_add(1);
        }
        Self::try_from(counts.into_iter().collect::<Vec<_>>()).unwrap_or_default()
    }

    /// How many gaps were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.at_most.last().map_or(0, |(_, count)| *count)
    }

    /// How many gaps were shorter than this.
    #[must_use]
    pub fn count_below(&self, days: u32) -> u64 {
        let shorter = self.at_most.partition_point(|(length, _)| *length < days);
        let last = shorter.checked_sub(1).and_then(|index| self.at_most.get(index));
        last.map_or(0, |(_, count)| *count)
    }

    /// The share of gaps that were shorter than this, rounded half up; `None` when there are none.
    #[must_use]
    pub fn share_below(&self, days: u32) -> Option<BasisPoints> {
        part_of(self.count_below(days), self.count())
    }

    /// The length that at least this share of the gaps did not exceed: the shortest such one that
    /// was seen. `None` when there are none.
    #[must_use]
    pub fn quantile(&self, share: BasisPoints) -> Option<u32> {
        let share = i128::from(share.0.clamp(0, 10_000));
        let wanted = share.saturating_mul(i128::from(self.count()));
        let reached = |count: u64| i128::from(count).saturating_mul(10_000) >= wanted;
        self.at_most.iter().find(|(_, count)| reached(*count)).map(|(length, _)| *length)
    }
}

impl TryFrom<Vec<(u32, u64)>> for InterpurchaseTimes {
    type Error = ChurnCalibrationError;

    fn try_from(counts: Vec<(u32, u64)>) -> Result<Self, Self::Error> {
        let mut at_most: Vec<(u32, u64)> = Vec::with_capacity(counts.len());
        for (length, count) in counts {
            let (last, sum) = at_most.last().map_or((None, 0), |(last, sum)| (Some(*last), *sum));
            if count == 0 || last.is_some_and(|last| last >= length) {
                return Err(ChurnCalibrationError::Unsorted);
            }
            let sum = sum.checked_add(count).filter(|sum| *sum <= i64::MAX.unsigned_abs());
            at_most.push((length, sum.ok_or(ChurnCalibrationError::TooMany)?));
        }
        Ok(Self { at_most })
    }
}

impl From<InterpurchaseTimes> for Vec<(u32, u64)> {
    fn from(waits: InterpurchaseTimes) -> Self {
        let mut before = 0_u64;
        let mut counts = waits.at_most;
        for (_, sum) in &mut counts {
            let count = sum.saturating_sub(before);
            before = std::mem::replace(sum, count);
        }
        counts
    }
}

fn part_of(part: u64, whole: u64) -> Option<BasisPoints> {
    let whole = i64::try_from(whole).ok().filter(|whole| *whole > 0)?;
    Some(BasisPoints(share(i64::try_from(part).ok()?, 1, whole)))
}

/// How many buyers of the base came back after their first purchase day, and when.
///
/// Count buyers who were all observed for the same number of days after their first purchase, and
/// only returns within those days; else recent buyers, who have had no time to return, look lost.
///
/// ```
/// use guanxi::churn::{FirstReturns, InterpurchaseTimes};
/// use guanxi::explain::BasisPoints;
///
/// // Of ten buyers, one came back after 5 days, two after 20 and one after 90.
/// let returns = FirstReturns::new(10, InterpurchaseTimes::from_gaps([5, 20, 20, 90]))?;
/// assert_eq!(returns.chance_after(0), Some(BasisPoints(4_000)));
///
/// // After 20 days three were back; of the seven others one came back later.
/// assert_eq!(returns.chance_after(20), Some(BasisPoints(1_429)));
/// assert_eq!(returns.chance_after(90), Some(BasisPoints(0)));
/// # Ok::<(), guanxi::churn::ChurnCalibrationError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "StoredReturns", into = "StoredReturns")]
pub struct FirstReturns {
    buyers: u64,
    returned: InterpurchaseTimes,
}

/// [`FirstReturns`] as stored, unchecked.
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct StoredReturns {
    buyers: u64,
    returned: InterpurchaseTimes,
}

impl FirstReturns {
    /// `buyers` in all; `returned` has the days from first to second purchase day of those who came
    /// back.
    ///
    /// # Errors
    ///
    /// [`ChurnCalibrationError::MoreReturnsThanBuyers`] and [`ChurnCalibrationError::TooMany`].
    pub fn new(buyers: u64, returned: InterpurchaseTimes) -> Result<Self, ChurnCalibrationError> {
        if returned.count() > buyers {
            return Err(ChurnCalibrationError::MoreReturnsThanBuyers);
        }
        if i64::try_from(buyers).is_err() {
            return Err(ChurnCalibrationError::TooMany);
        }
        Ok(Self { buyers, returned })
    }

    /// How many buyers were counted.
    #[must_use]
    pub const fn buyers(&self) -> u64 {
        self.buyers
    }

    /// The share of buyers who still came back, of those who had not within this many days, rounded
    /// half up. It never rises with the days. Nothing where all had come back by then: nobody of
    /// this base was ever silent for so long after a first purchase and returned. `None` when no
    /// buyers are known.
    #[must_use]
    pub fn chance_after(&self, days: u32) -> Option<BasisPoints> {
        if self.buyers == 0 {
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
        Self::new(stored.buyers, stored.returned)
    }
}

impl From<FirstReturns> for StoredReturns {
    fn from(returns: FirstReturns) -> Self {
        Self { buyers: returns.buyers, returned: returns.returned }
    }
}

/// The `churn` section of a calibration. Empty is legal: then nobody is compared with the base.
///
/// ```
/// use guanxi::churn::{ChurnCalibration, FirstReturns, InterpurchaseTimes};
///
/// let mut calibration = ChurnCalibration::default();
/// calibration.interpurchase_times = InterpurchaseTimes::from_gaps([7, 7, 10, 30]);
/// calibration.first_returns = FirstReturns::new(10, InterpurchaseTimes::from_gaps([5, 20]))?;
/// let stored = serde_json::to_string(&calibration)?;
/// assert_eq!(serde_json::from_str::<ChurnCalibration>(&stored)?, calibration);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ChurnCalibration {
    /// Gaps between consecutive purchase days, of all customers.
    pub interpurchase_times: InterpurchaseTimes,
    /// What became of first purchases.
    pub first_returns: FirstReturns,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_counts_that_are_none_are_refused() {
        for bad in ["[[7,0]]", "[[7,1],[7,1]]", "[[8,1],[7,1]]"] {
            assert!(serde_json::from_str::<InterpurchaseTimes>(bad).is_err(), "{bad}");
        }
        let most = i64::MAX;
        assert!(serde_json::from_str::<InterpurchaseTimes>(&format!("[[7,{most}]]")).is_ok());
        assert!(
            serde_json::from_str::<InterpurchaseTimes>(&format!("[[7,{most}],[8,1]]")).is_err()
        );
        let returns = r#"{"buyers":1,"returned":[[1,2]]}"#;
        assert!(serde_json::from_str::<FirstReturns>(returns).is_err());
    }

    #[test]
    fn an_empty_base_answers_nothing() {
        let empty = ChurnCalibration::default();
        assert_eq!(empty.interpurchase_times.share_below(9), None);
        assert_eq!(empty.interpurchase_times.quantile(BasisPoints(5_000)), None);
        assert_eq!(empty.first_returns.chance_after(0), None);
    }

    #[test]
    fn when_all_came_back_nobody_late_has_a_chance() {
        let returns = FirstReturns::new(2, InterpurchaseTimes::from_gaps([1, 2])).unwrap();
        assert_eq!(returns.chance_after(0), Some(BasisPoints(10_000)));
        assert_eq!(returns.chance_after(2), Some(BasisPoints(0)));
        assert_eq!(returns.chance_after(u32::MAX), Some(BasisPoints(0)));
    }
}
