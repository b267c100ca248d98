//! Counts of customers by how long they were observed, and what ended that.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What ended the observation of a customer.
///
/// [`LifeTable`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The customer was lost.
    Lost,
    /// The customer was still there when it was last seen (the observation is censored).
    StillThere,
}

/// For each duration, how many customers were lost at it, and how many had been observed that long and were
/// still there.
///
/// A customer who is last seen at the duration at which others are lost was there when that happened.
///
/// ```
/// use guanxi::churn::survival::{Ending, LifeTable};
///
/// let whole: LifeTable =
///     [(3, Ending::Lost), (7, Ending::StillThere), (3, Ending::Lost)].into_iter().collect();
/// assert_eq!((whole.customers(), whole.losses()), (3, 2));
///
/// let mut parts = LifeTable::default();
/// parts.lost(3, 2);
/// let mut other = LifeTable::default();
/// other.still_there(7, 1);
/// parts.merge(&other);
/// assert_eq!(parts, whole);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LifeTable {
    rows: BTreeMap<u32, Ends>,
}

/// Customers whose observation ended at one duration; not both are 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) lost: u64,
    pub(super) still_there: u64,
}

impl Ends {
    /// Wide enough that sums over all durations cannot overflow.
    pub(super) fn all(self) -> u128 {
        u128::from(self.lost).saturating_add(u128::from(self.still_there))
    }
}

impl LifeTable {
    /// Counts customers who were lost at a duration.
    pub fn lost(&mut self, duration: u32, customers: u64) -> &mut Self {
        self.add(duration, Ends { lost: customers, still_there: 0 })
    }

    /// Counts customers who were observed so long, and were still there.
    pub fn still_there(&mut self, duration: u32, customers: u64) -> &mut Self {
        self.add(duration, Ends { lost: 0, still_there: customers })
    }

    /// Counts one customer.
    pub fn observe(&mut self, duration: u32, ending: Ending) -> &mut Self {
        match ending {
            Ending::Lost => self.lost(duration, 1),
            Ending::StillThere => self.still_there(duration, 1),
        }
    }

    /// Takes in the customers of another partition, none of whom is in this one.
    pub fn merge(&mut self, other: &Self) {
        for (duration, ends) in &other.rows {
            self.add(*duration, *ends);
        }
    }

    /// How many customers were observed.
    #[must_use]
    pub fn customers(&self) -> u64 {
        u64::try_from(self.at_risk()).unwrap_or(u64::MAX)
    }

    /// How many of them were lost.
    #[must_use]
    pub fn losses(&self) -> u64 {
        self.rows.values().fold(0, |sum, ends| sum.saturating_add(ends.lost))
    }

    /// All who were observed.
    pub(super) fn at_risk(&self) -> u128 {
        self.rows.values().fold(0, |sum, ends| sum.saturating_add(ends.all()))
    }

    /// By duration, from the shortest.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, Ends)> {
        self.rows.iter().map(|(duration, ends)| (*duration, *ends))
    }

    /// Those whose observation ended at a duration.
    pub(super) fn at(&self, duration: u32) -> Ends {
        self.rows.get(&duration).copied().unwrap_or_default()
    }

    fn add(&mut self, duration: u32, ends: Ends) -> &mut Self {
        if ends.all() > 0 {
            let row = self.rows.entry(duration).or_default();
            row.lost = row.lost.saturating_add(ends.lost);
            row.still_there = row.still_there.saturating_add(ends.still_there);
        }
        self
    }
}

impl FromIterator<(u32, Ending)> for LifeTable {
    fn from_iter<I: IntoIterator<Item = (u32, Ending)>>(customers: I) -> Self {
        let mut table = Self::default();
        table.extend(customers);
        table
    }
}

impl Extend<(u32, Ending)> for LifeTable {
    fn extend<I: IntoIterator<Item = (u32, Ending)>>(&mut self, customers: I) {
        for (duration, ending) in customers {
            self.observe(duration, ending);
        }
    }
}
