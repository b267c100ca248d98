//! How contracts were renewed, as the model of contracts learns from it.

use super::error::RenewalsError;

/// Cohorts under contract: in each period of their contracts, how many customers did not renew at its end, and
/// how many did.
///
/// Periods are those of the contract, a month or a year, and count from each customer's own start. Counts of
/// cohorts that started at different times add up, exactly.
///
/// ```
/// use guanxi::value::lifetime::{RenewalPeriod, Renewals, RenewalsError};
///
/// // 1,000 customers, of whom 631 were left after a year and 468 after two; and a cohort a year younger.
/// let mut renewals = Renewals::of_survivors(&[1_000, 631, 468])?;
/// renewals.merge(&Renewals::of_survivors(&[500, 320])?);
/// assert_eq!(renewals.customers(), 1_500);
/// assert_eq!(
///     renewals.periods(),
///     [RenewalPeriod::new(549, 951), RenewalPeriod::new(163, 468)]
/// );
/// let rising = Renewals::of_survivors(&[1_000, 631, 632]);
/// assert_eq!(rising, Err(RenewalsError::Rising { period: 2 }));
/// # Ok::<(), RenewalsError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renewals {
    customers: u64,
    periods: Vec<RenewalPeriod>,
}

/// What became of the customers who were under contract in one period.
///
/// [`Renewals`] has an example.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RenewalPeriod {
    /// Those who did not renew at its end.
    pub lost: u64,
    /// Those who renewed.
    pub renewed: u64,
}

impl RenewalPeriod {
    /// So many customers lost, and so many who renewed.
    #[must_use]
    pub const fn new(lost: u64, renewed: u64) -> Self {
        Self { lost, renewed }
    }
}

impl Renewals {
    /// One cohort: how many customers it had at the start, after the first period, after the second..
    ///
    /// # Errors
    ///
    /// [`RenewalsError`] when the list is empty, or rises somewhere.
    pub fn of_survivors(survivors: &[u64]) -> Result<Self, RenewalsError> {
        let customers = *survivors.first().ok_or(RenewalsError::NoStart)?;
        let mut periods = Vec::with_capacity(survivors.len());
        for (period, pair) in (1_u32..).zip(survivors.windows(2)) {
            let &[before, renewed] = pair else { continue };
            let lost = before.checked_sub(renewed).ok_or(RenewalsError::Rising { period })?;
            periods.push(RenewalPeriod { lost, renewed });
        }
        if u32::try_from(periods.len()).is_err() {
            return Err(RenewalsError::TooLong);
        }
        Ok(Self { customers, periods })
    }

    /// How many customers there were at the start.
    #[must_use]
    pub const fn customers(&self) -> u64 {
        self.customers
    }

    /// The periods, from the first.
    #[must_use]
    pub fn periods(&self) -> &[RenewalPeriod] {
        &self.periods
    }

    /// Takes in other cohorts, or another partition, no customer of which is in this one.
    pub fn merge(&mut self, other: &Self) {
        self.customers = self.customers.saturating_add(other.customers);
        if self.periods.len() < other.periods.len() {
            self.periods.resize(other.periods.len(), RenewalPeriod::default());
        }
        for (ours, theirs) in self.periods.iter_mut().zip(&other.periods) {
            ours.lost = ours.lost.saturating_add(theirs.lost);
            ours.renewed = ours.renewed.saturating_add(theirs.renewed);
        }
    }

    /// The periods whose ends somebody was observed at.
    pub(super) fn observed(&self) -> impl Iterator<Item = (f64, f64)> + Clone {
        #[expect(clippy::cast_precision_loss, reason = "no cohort has 2^53 customers")]
        self.periods.iter().map(|period| (period.lost as f64, period.renewed as f64))
    }
}
