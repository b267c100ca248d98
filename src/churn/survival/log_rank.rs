//! Whether groups of customers are lost at different times.

use super::error::LogRankError;
use super::table::LifeTable;
use crate::special::{Sum, ln_chi_square_tail};

/// The log-rank test that groups of customers are lost alike (Mantel 1966, Cancer Chemotherapy Reports 50(3),
/// 163-170; Peto and Peto 1972, Journal of the Royal Statistical Society A 135(2), 185-207; for several groups
/// Kalbfleisch and Prentice 1980, section 1.4).
///
/// At each duration at which anybody was lost, those lost are spread over the groups by how many of each were
/// observed so long; what the groups really lost differs from that, summed over durations, by more than chance
/// does when the groups are not alike.
///
/// ```
/// use guanxi::churn::survival::{LifeTable, LogRank};
///
/// let (mut monthly, mut yearly) = (LifeTable::default(), LifeTable::default());
/// monthly.lost(1, 30).lost(2, 20).still_there(12, 50);
/// yearly.lost(12, 10).still_there(12, 90);
/// let test = LogRank::of(&[&monthly, &yearly])?;
/// assert_eq!(test.degrees(), 1);
/// assert!(test.p() < 1e-9, "groups that are alike hardly ever look so different");
/// assert_eq!(test.groups()[0].lost, 50);
/// assert!(test.groups()[0].expected < 31.0);
/// # Ok::<(), guanxi::churn::survival::LogRankError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LogRank {
    statistic: f64,
    degrees: u32,
    ln_p: f64,
    groups: Vec<LogRankGroup>,
}

/// What one group lost, and what it would have lost if all were alike.
///
/// [`LogRank`] has an example.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LogRankGroup {
    /// Customers that were lost.
    pub lost: u64,
    /// How many that would have been.
    pub expected: f64,
}

impl LogRank {
    /// Tests two groups or more.
    ///
    /// # Errors
    ///
    /// [`LogRankError`] when there are fewer than two groups, one of them has no customers, or no loss could tell
    /// them apart.
    #[expect(clippy::cast_precision_loss, reason = "no base has 2^53 customers")]
    pub fn of(groups: &[&LifeTable]) -> Result<Self, LogRankError> {
        if groups.len() < 2 {
            return Err(LogRankError::TooFewGroups);
        }
        if let Some(group) = groups.iter().position(|table| table.customers() == 0) {
            return Err(LogRankError::Empty { group });
        }
        let mut comparison = Comparison::of(groups);
        let mut whole = LifeTable::default();
        groups.iter().for_each(|table| whole.merge(table));
        for (duration, ends) in whole.rows() {
            comparison.pass(duration, ends.lost as f64);
        }
        comparison.result()
    }

    /// How far the groups are from what they would have lost if all were alike: chi-square distributed if they
    /// are.
    #[must_use]
    pub const fn statistic(&self) -> f64 {
        self.statistic
    }

    /// The degrees of freedom of that distribution, one fewer than groups.
    #[must_use]
    pub const fn degrees(&self) -> u32 {
        self.degrees
    }

    /// The chance of a statistic as large as this, or larger, if all groups were alike. 0 when it is too small
    /// for a number; then [`ln_p`](Self::ln_p) still tells it.
    #[must_use]
    pub fn p(&self) -> f64 {
        libm::exp(self.ln_p)
    }

    /// The logarithm of [`p`](Self::p).
    #[must_use]
    pub const fn ln_p(&self) -> f64 {
        self.ln_p
    }

    /// The groups, in the order in which they were given.
    #[must_use]
    pub fn groups(&self) -> &[LogRankGroup] {
        &self.groups
    }
}

/// Sums over durations.
struct Comparison<'a> {
    groups: Vec<Group<'a>>,
    /// The lower triangle of the covariance of what the groups lost, by rows, without the last group, whose
    /// losses follow from those of the others.
    covariance: Vec<Vec<Sum>>,
}

/// A group on its way through the durations.
struct Group<'a> {
    table: &'a LifeTable,
    at_risk: u128,
    expected: Sum,
    /// Of all who are at risk, those of this group.
    share: f64,
}

impl<'a> Comparison<'a> {
    fn of(tables: &[&'a LifeTable]) -> Self {
        let groups = tables.iter().map(|table| Group {
            table,
            at_risk: table.at_risk(),
            expected: Sum::default(),
            share: 0.0,
        });
        let covariance = (1..tables.len()).map(|length| vec![Sum::default(); length]).collect();
        Self { groups: groups.collect(), covariance }
    }

    /// One duration, at which so many customers of all groups were lost.
    #[expect(clippy::cast_precision_loss, reason = "no base has 2^53 customers")]
    fn pass(&mut self, duration: u32, lost: f64) {
        let at_risk = self.groups.iter().map(|group| group.at_risk).fold(0, u128::saturating_add);
        let at_risk = at_risk as f64;
        for group in &mut self.groups {
            group.share = group.at_risk as f64 / at_risk;
            group.expected.add(lost * group.share);
        }
        if lost > 0.0 && at_risk > 1.0 {
            // Of the hypergeometric distribution: those lost are drawn from those at risk.
            let spread = lost * (at_risk - lost) / (at_risk - 1.0);
            for (place, row) in self.covariance.iter_mut().enumerate() {
                let Some(group) = self.groups.get(place) else { continue };
                for (other, (entry, beside)) in row.iter_mut().zip(&self.groups).enumerate() {
                    let own = if other == place { 1.0 } else { 0.0 };
                    entry.add(spread * group.share * (own - beside.share));
                }
            }
        }
        for group in &mut self.groups {
            group.at_risk = group.at_risk.saturating_sub(group.table.at(duration).all());
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "no base has 2^53 customers")]
    fn result(self) -> Result<LogRank, LogRankError> {
        let groups: Vec<_> = self.groups.iter().map(Group::outcome).collect();
        let excess: Vec<f64> =
            groups.iter().map(|group| group.lost as f64 - group.expected).collect();
        let covariance: Vec<Vec<f64>> = self
            .covariance
            .iter()
            .map(|row| row.iter().map(|entry| entry.value()).collect())
            .collect();
        let statistic = quadratic(&covariance, &excess).ok_or(LogRankError::Untold)?;
        let degrees = u32::try_from(covariance.len()).unwrap_or(u32::MAX);
        Ok(LogRank { statistic, degrees, ln_p: ln_chi_square_tail(degrees, statistic), groups })
    }
}

impl Group<'_> {
    fn outcome(&self) -> LogRankGroup {
        LogRankGroup { lost: self.table.losses(), expected: self.expected.value() }
    }
}

/// What is left of a variance, relatively, below which it is rounding.
const ROUNDING: f64 = 1e-11;

/// `x' M^-1 x` for a matrix given by its lower triangle, by Cholesky's factors; `None` unless it is positive
/// definite.
fn quadratic(matrix: &[Vec<f64>], x: &[f64]) -> Option<f64> {
    let mut factors: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    let mut solved: Vec<f64> = Vec::with_capacity(matrix.len());
    for (row, x) in matrix.iter().zip(x) {
        let (diagonal, left) = row.split_last()?;
        let mut factor: Vec<f64> = Vec::with_capacity(row.len());
        for (entry, above) in left.iter().zip(&factors) {
            let (pivot, above) = above.split_last()?;
            factor.push((entry - dot(&factor, above)) / pivot);
        }
        let rest = diagonal - dot(&factor, &factor);
        if rest <= ROUNDING * diagonal {
            return None;
        }
        let pivot = rest.sqrt();
        solved.push((x - dot(&factor, &solved)) / pivot);
        factor.push(pivot);
        factors.push(factor);
    }
    Some(dot(&solved, &solved))
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).collect::<Sum>().value()
}
