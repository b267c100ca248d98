//! What is kept of the host's figures.

use std::ops::Range;

use super::event::ObservationEvent;
use super::kind::ObservationKind;
use crate::time::Day;

/// How many days of each kind stay with the customer: the newest. Daily figures reach back two months,
/// monthly ones five years.
///
/// A row takes 40 bytes in memory and about 85 in the stored document, which is written anew with each
/// observation; so a customer of whom everything is observed every day has a document of 110 KB.
///
/// ```
/// use guanxi::observation::{OBSERVATIONS_KEPT, ObservationEvent, Observations, Observed};
/// use guanxi::{Day, Zone};
///
/// let first = Day::from_ymd(2026, 1, 1)?;
/// let on = |nth: i64| {
///     let day = first.saturating_add_days(nth);
///     ObservationEvent::new(Zone::UTC.start_of(day), day, Observed::ComplaintsOpen(1))
/// };
/// let mut observations = Observations::default();
/// for nth in 0..64 {
///     observations.apply(&on(nth));
/// }
/// assert_eq!(OBSERVATIONS_KEPT, 64);
/// assert_eq!(observations.complaints_open(first), Some((1, first)));
///
/// // One day more, and the first is left to the journal.
/// observations.apply(&on(64));
/// assert_eq!(observations.complaints_open(first), None);
/// # Ok::<(), guanxi::TimeError>(())
/// ```
pub const OBSERVATIONS_KEPT: usize = 64;

/// What the host has told of one customer: of each kind the newest days, one figure a day.
///
/// Free of the order that it was told in. The [module](super) has an example.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Observations {
    /// Sorted by [`ObservationEvent::key`], one row each, at most [`OBSERVATIONS_KEPT`] of a kind.
    kept: Vec<ObservationEvent>,
}

impl Observations {
    /// Records an event that [`decide`](super::decide) accepted.
    ///
    /// Total: it never fails, and what is kept is the same in whatever order the events come. A row
    /// that was dropped never counts again, because the newer ones that displaced it stay.
    pub fn apply(&mut self, event: &ObservationEvent) {
        match self.kept.binary_search_by_key(&event.key(), ObservationEvent::key) {
            Ok(index) => {
                if let Some(row) = self.kept.get_mut(index)
                    && row.yields_to(event)
                {
                    *row = *event;
                }
            }
            Err(index) => {
                self.kept.insert(index, *event);
                let Range { start, end } = self.range(event.kind());
                if end.saturating_sub(start) > OBSERVATIONS_KEPT {
                    self.kept.remove(start);
                }
            }
        }
    }

    /// Whether nothing was ever told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// What is kept of one kind, earliest day first: a line to draw.
    ///
    /// ```
    /// use guanxi::observation::{ObservationEvent, ObservationKind, Observations, Observed};
    /// use guanxi::{Day, Timestamp};
    ///
    /// let mut observations = Observations::default();
    /// for (day, open) in [(3, 2), (1, 0), (2, 1)] {
    ///     let day = Day::from_ymd(1970, 1, day)?;
    ///     let observed = Observed::ComplaintsOpen(open);
    ///     observations.apply(&ObservationEvent::new(Timestamp::UNIX_EPOCH, day, observed));
    /// }
    /// let line = observations.history(ObservationKind::ComplaintsOpen).iter();
    /// let open: Vec<Observed> = line.map(|event| event.observed).collect();
    /// assert_eq!(open, [0, 1, 2].map(Observed::ComplaintsOpen));
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub fn history(&self, kind: ObservationKind) -> &[ObservationEvent] {
        self.kept.get(self.range(kind)).unwrap_or_default()
    }

    /// The last one of a kind, of a day not after `as_of`.
    pub(super) fn last(&self, kind: ObservationKind, as_of: Day) -> Option<&ObservationEvent> {
        let known = self.kept.partition_point(|row| row.key() <= (kind, as_of));
        self.kept.get(known.checked_sub(1)?).filter(|row| row.kind() == kind)
    }

    /// Every row, by kind and day.
    pub(super) fn kept(&self) -> &[ObservationEvent] {
        &self.kept
    }

    /// Observations of these rows; `None` when they are not what [`apply`](Self::apply) keeps.
    pub(super) fn from_rows(rows: Vec<ObservationEvent>) -> Option<Self> {
        let sorted = rows.is_sorted_by(|row, next| row.key() < next.key());
        let observations = Self { kept: rows };
        let mut kinds = observations.kept.chunk_by(|row, next| row.kind() == next.kind());
        let bounded = kinds.all(|rows| rows.len() <= OBSERVATIONS_KEPT);
        (sorted && bounded).then_some(observations)
    }

    fn range(&self, kind: ObservationKind) -> Range<usize> {
        let start = self.kept.partition_point(|row| row.kind() < kind);
        let end = self.kept.partition_point(|row| row.kind() <= kind);
        start..end
    }
}
