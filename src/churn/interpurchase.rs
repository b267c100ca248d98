//! How long the customers of a base wait between purchases.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::ChurnCalibrationError;
use crate::explain::BasisPoints;
use crate::fixed::share;

/// Interpurchase times: gaps between consecutive purchase days, in days, each with how often it was
/// seen.
///
/// Stored as pairs of length and count: `[[7, 12], [8, 3]]`.
///
/// ```
/// use guanxi::churn::InterpurchaseTimes;
/// use guanxi::explain::BasisPoints;
///
/// let times = InterpurchaseTimes::from_gaps([7, 7, 10, 30])?;
/// assert_eq!(times.count(), 4);
/// assert_eq!(times.share_below(10), Some(BasisPoints(5_000)));
/// assert_eq!(times.share_below(11), Some(BasisPoints(7_500)));
/// assert_eq!(times.quantile(BasisPoints(5_000)), Some(7));
/// assert_eq!(times.quantile(BasisPoints(5_001)), Some(10));
/// assert_eq!(serde_json::to_string(&times)?, "[[7,2],[10,1],[30,1]]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<(u32, u64)>", into = "Vec<(u32, u64)>")]
pub struct InterpurchaseTimes {
    /// Length, and how many gaps were that long or shorter; both rising.
    at_most: Vec<(u32, u64)>,
}

impl InterpurchaseTimes {
    /// Counts gaps, in any order.
    ///
    /// # Errors
    ///
    /// [`ChurnCalibrationError::TooMany`] beyond `i64::MAX` gaps.
    pub fn from_gaps(
        gaps_days: impl IntoIterator<Item = u32>,
    ) -> Result<Self, ChurnCalibrationError> {
        let mut lengths = Lengths::default();
        gaps_days.into_iter().for_each(|days| lengths.add(days));
        lengths.counted()
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
    /// was seen (nearest rank). `None` when there are none.
    #[must_use]
    pub fn quantile(&self, share: BasisPoints) -> Option<u32> {
        let share = i128::from(share.0.clamp(0, 10_000));
        let wanted = share.saturating_mul(i128::from(self.count()));
        let reached = |count: u64| i128::from(count).saturating_mul(10_000) >= wanted;
        self.at_most.iter().find(|(_, count)| reached(*count)).map(|(length, _)| *length)
    }

    /// The longest gap that was seen.
    pub(super) fn longest(&self) -> Option<u32> {
        self.at_most.last().map(|(length, _)| *length)
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
    fn from(times: InterpurchaseTimes) -> Self {
        let mut before = 0_u64;
        let mut counts = times.at_most;
        for (_, sum) in &mut counts {
            let count = sum.saturating_sub(before);
            before = std::mem::replace(sum, count);
        }
        counts
    }
}

/// Lengths in days while they are counted: a histogram, whatever the number of customers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Lengths(BTreeMap<u32, u64>);

impl Lengths {
    pub(super) fn add(&mut self, days: u32) {
        self.add_many(days, 1);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|(days, count)| self.add_many(*days, *count));
    }

    pub(super) fn counted(&self) -> Result<InterpurchaseTimes, ChurnCalibrationError> {
        let counts: Vec<(u32, u64)> = self.0.iter().map(|(days, count)| (*days, *count)).collect();
        counts.try_into()
    }

    fn add_many(&mut self, days: u32, more: u64) {
        let count = self.0.entry(days).or_default();
        // A count that stands still at the end of the range is refused when all is counted.
        *count = count.saturating_add(more);
    }
}

/// A part as a share of the whole, rounded half up; `None` without a whole.
pub(super) fn part_of(part: u64, whole: u64) -> Option<BasisPoints> {
    let whole = i64::try_from(whole).ok().filter(|whole| *whole > 0)?;
    Some(BasisPoints(share(i64::try_from(part).ok()?, whole)))
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
        let more = format!("[[7,{most}],[8,1]]");
        assert!(serde_json::from_str::<InterpurchaseTimes>(&more).is_err());
    }

    #[test]
    fn what_was_merged_too_often_is_refused_and_never_wrong() {
        let mut lengths = Lengths::default();
        lengths.add(7);
        for _ in 0..62 {
            lengths.merge(&lengths.clone());
        }
        assert_eq!(lengths.counted().map(|times| times.count()), Ok(1 << 62));
        for _ in 0..3 {
            lengths.merge(&lengths.clone());
            assert_eq!(lengths.counted(), Err(ChurnCalibrationError::TooMany));
        }
    }
}
