//! What the journal keeps of an observation.

use serde::{Deserialize, Serialize};

use super::kind::ObservationKind;
use super::observed::Observed;
use crate::time::{Day, Timestamp};

/// One figure that the host reported, as the journal and the customer keep it: free of personal data.
///
/// ```
/// use guanxi::observation::{ObservationEvent, ObservationKind, Observed};
/// use guanxi::{Day, Timestamp};
///
/// let day = Day::from_ymd(1970, 1, 1)?;
/// let event = ObservationEvent::new(Timestamp::UNIX_EPOCH, day, Observed::SponsorGone(true));
/// assert_eq!(event.kind(), ObservationKind::SponsorGone);
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ObservationEvent {
    /// The instant at which the figure was true.
    pub occurred_at: Timestamp,
    /// The business day it is of, fixed when it was recorded.
    pub day: Day,
    /// The figure; amounts are in the base currency.
    pub observed: Observed,
}

impl ObservationEvent {
    /// A figure of an instant and its business day.
    #[must_use]
    pub const fn new(occurred_at: Timestamp, day: Day, observed: Observed) -> Self {
        Self { occurred_at, day, observed }
    }

    /// Which figure it is.
    #[must_use]
    pub const fn kind(&self) -> ObservationKind {
        self.observed.kind()
    }

    /// What one row is kept of.
    pub(super) const fn key(&self) -> (ObservationKind, Day) {
        (self.kind(), self.day)
    }

    /// Whether `other`, of the same kind and day, counts instead of this one.
    pub(super) fn yields_to(&self, other: &Self) -> bool {
        let standing = |event: &Self| (event.occurred_at, event.observed.standing());
        standing(self) < standing(other)
    }
}
