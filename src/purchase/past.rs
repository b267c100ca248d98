//! The ledger of an earlier day.

use std::borrow::Cow;

use super::state::{PurchaseDay, PurchaseHistory, Reversal, ReversalKind};
use crate::time::Day;

impl PurchaseHistory {
    /// The ledger as it stood at the end of the business day `cutoff`: what is dated later is unseen,
    /// so a purchase that was returned or cancelled afterwards stands. Borrowed when nothing is dated
    /// later, which costs the same however long the history is.
    ///
    /// The opening balance cannot be split: it counts from its last known day on, or always when none
    /// is known.
    ///
    /// ```
    /// use guanxi::purchase::{Cancelled, Ordered, PurchaseEvent, PurchaseHistory};
    /// use guanxi::{Currency, Day, Money, Timestamp};
    ///
    /// let (at, paid) = (Timestamp::UNIX_EPOCH, Money::from_minor(500, Currency::USD));
    /// let (bought, undone) = (Day::from_ymd(2026, 3, 10)?, Day::from_ymd(2026, 3, 20)?);
    /// let mut history = PurchaseHistory::default();
    /// history.apply(&PurchaseEvent::Ordered(Ordered::new(at, bought, paid, paid)));
    /// history.apply(&PurchaseEvent::Cancelled(Cancelled::new(at, undone, bought, paid, paid)));
    ///
    /// assert!(!history.has_kept_order());
    /// assert!(history.through(Day::from_ymd(2026, 3, 19)?).has_kept_order());
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub fn through(&self, cutoff: Day) -> Cow<'_, Self> {
        let opening = self.opening().filter(|opening| {
            opening.last_day.or(opening.first_day).is_none_or(|last| last <= cutoff)
        });
        let later_day = self.days().last().is_some_and(|row| row.day() > cutoff);
        let later_reversal = self.reversals().last().is_some_and(|row| row.day() > cutoff);
        if !later_day && !later_reversal && opening.is_some() == self.opening().is_some() {
            return Cow::Borrowed(self);
        }
        let kept = |day: &Day| *day <= cutoff;
        let mut days: Vec<PurchaseDay> =
            self.days().iter().take_while(|row| kept(&row.day())).copied().collect();
        let (seen, unseen): (Vec<Reversal>, Vec<Reversal>) =
            self.reversals().iter().copied().partition(|row| kept(&row.day()));
        for row in unseen.iter().filter(|row| row.kind() == ReversalKind::Cancelled) {
            if let Ok(index) = days.binary_search_by_key(&row.purchase_day(), PurchaseDay::day)
                && let Some(day) = days.get_mut(index)
            {
                day.cancelled = day.cancelled.saturating_sub(row.count());
            }
        }
        Cow::Owned(Self::from_rows(self.currency(), opening.copied(), days, seen))
    }
}
