//! What the host told of a customer, and on which day that was true.

use serde::{Deserialize, Deserializer, Serialize};

use crate::explain::BasisPoints;
use crate::slot::Slot;
use crate::time::Day;

/// What the host observed, and the business day it was true on.
///
/// ```
/// use guanxi::Day;
/// use guanxi::churn::Observation;
///
/// let complaints = Observation::new(2_u32, Day::from_ymd(2026, 3, 1)?);
/// assert_eq!(complaints.age_days(Day::from_ymd(2026, 3, 31)?), Some(30));
///
/// // On the day before nobody knew.
/// assert_eq!(complaints.age_days(Day::from_ymd(2026, 2, 28)?), None);
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
#[non_exhaustive]
pub struct Observation<T> {
    /// What was observed. Must be given, even where it may be `null`.
    #[serde(deserialize_with = "given")]
    pub value: T,
    /// The day it was true on. Must be given.
    pub day: Day,
}

/// Else a value left out would be read as `None` where that means something: nothing overdue.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(deserializer)
}

impl<T> Observation<T> {
    /// `value` as it was on `day`.
    #[must_use]
    pub const fn new(value: T, day: Day) -> Self {
        Self { value, day }
    }

    /// How many days ago that was on the day `today`; `None` while it was yet to come.
    ///
    /// [`Observation`] has an example.
    #[must_use]
    pub fn age_days(&self, today: Day) -> Option<i64> {
        Some(today.days_since(self.day)).filter(|age| *age >= 0)
    }
}

/// What the host told of one customer, the latest of each kind.
///
/// ```
/// use guanxi::Day;
/// use guanxi::churn::{ChurnSignals, Observation};
///
/// let mut signals = ChurnSignals::default();
/// signals.sponsor_gone = Some(Observation::new(true, Day::from_ymd(2026, 3, 1)?));
/// let stored = serde_json::to_string(&signals)?;
/// assert_eq!(stored, r#"{"sponsor_gone":{"value":true,"day":"2026-03-01"}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ChurnSignals {
    /// The share of what was bought that is in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<Observation<BasisPoints>>,
    /// Usage as a share of usage in the period before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_trend: Option<Observation<BasisPoints>>,
    /// Complaints that are open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complaints_open: Option<Observation<u32>>,
    /// Satisfaction, from 0 to 100; more counts as 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Observation<u8>>,
    /// The day since which the oldest payment is overdue, `None` within when none is. The days are
    /// counted on the day that is judged, so they grow without another word.
    ///
    /// ```
    /// use guanxi::churn::{ChurnFacts, Lever, Observation};
    /// use guanxi::{Currency, Day};
    ///
    /// let since = Day::from_ymd(2026, 3, 1)?;
    /// let mut facts = ChurnFacts::new(Day::from_ymd(2026, 3, 31)?, Currency::USD);
    /// facts.signals.payment_overdue_since = Some(Observation::new(Some(since), since));
    /// assert_eq!(facts.lever(Lever::PaymentOverdue), Some(30));
    ///
    /// // Paid since: nothing is overdue, and that is known.
    /// facts.signals.payment_overdue_since = Some(Observation::new(None, facts.day));
    /// assert_eq!(facts.lever(Lever::PaymentOverdue), Some(0));
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_overdue_since: Option<Observation<Option<Day>>>,
    /// Payments that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_payments: Option<Observation<u32>>,
    /// Whether the person who stood up for us at the customer has left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sponsor_gone: Option<Observation<bool>>,
    /// The last day of the contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_ends: Option<Observation<Day>>,
    /// What the host's own indicators say, by slot.
    #[serde(skip_serializing_if = "is_empty")]
    pub custom: [Option<Observation<i64>>; Slot::COUNT],
}

fn is_empty(custom: &[Option<Observation<i64>>; Slot::COUNT]) -> bool {
    custom.iter().all(Option::is_none)
}

impl ChurnSignals {
    /// The same with a value of one of the host's own indicators.
    ///
    /// [`CustomIndicator`](super::CustomIndicator) has an example.
    #[must_use]
    pub fn with_custom(mut self, slot: Slot, observation: Observation<i64>) -> Self {
        if let Some(place) = self.custom.get_mut(slot.index()) {
            *place = Some(observation);
        }
        self
    }

    pub(super) fn custom(&self, slot: Slot) -> Option<Observation<i64>> {
        self.custom.get(slot.index()).copied().flatten()
    }
}

/// For how many days a payment has been overdue on a day; 0 when none is.
pub(super) fn overdue_days(since: Option<Day>, today: Day) -> i64 {
    since.map_or(0, |since| today.days_since(since).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_overdue_is_said_and_never_assumed() {
        let read = |text: &str| serde_json::from_str::<ChurnSignals>(text);
        let said = read(r#"{"payment_overdue_since":{"value":null,"day":"2026-03-01"}}"#).unwrap();
        assert_eq!(said.payment_overdue_since.map(|overdue| overdue.value), Some(None));
        assert!(read(r#"{"payment_overdue_since":{"day":"2026-03-01"}}"#).is_err());
        let stored = serde_json::to_string(&said).unwrap();
        assert_eq!(read(&stored).unwrap(), said);
    }
}
