//! Five numbers of a customer that models of repeat buying learn from.

use std::cmp::Ordering;

use super::state::PurchaseHistory;
use crate::time::Day;

/// What models of repeat buying need of one customer: five integers, exact, that merge.
///
/// Time is not in it: how old the customer is follows from the day on which somebody asks, so nothing has
/// to be rewritten as days pass. Two tallies of one customer merge into that of all its purchases, as long
/// as every purchase day is whole in one of them; a first or last day that is both ones' is one day.
///
/// ```
/// use guanxi::purchase::{Ordered, PurchaseEvent, PurchaseHistory};
/// use guanxi::{Currency, Money, Timestamp};
///
/// let at = Timestamp::UNIX_EPOCH;
/// let bought = |day: &str, minor| -> Result<PurchaseHistory, guanxi::TimeError> {
///     let paid = Money::from_minor(minor, Currency::USD);
///     let mut history = PurchaseHistory::default();
///     history.apply(&PurchaseEvent::Ordered(Ordered::new(at, day.parse()?, paid, paid)));
///     Ok(history)
/// };
/// let january = bought("2026-01-10", 2_933)?.tally().expect("it has an order");
/// let march = bought("2026-03-02", 1_250)?.tally().expect("it has an order");
///
/// let both = january.merge(march);
/// assert_eq!((both.purchase_days, both.repeats()), (2, 1));
/// assert_eq!((both.minor, both.repeat_minor()), (4_183, 1_250));
/// assert_eq!(march.merge(january), both);
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PurchaseTally {
    /// The first day with a kept order.
    pub first_day: Day,
    /// The last of them.
    pub last_day: Day,
    /// How many there are; at least 1.
    pub purchase_days: u32,
    /// What the first of them came to, less what came back of it, in minor units. The models of spending
    /// look at repeat purchases only.
    pub first_minor: i64,
    /// What all of them came to, less what came back.
    pub minor: i64,
}

impl PurchaseTally {
    /// The tally of the purchases of both.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let (first_day, first_minor) = match self.first_day.cmp(&other.first_day) {
            Ordering::Less => (self.first_day, self.first_minor),
            Ordering::Greater => (other.first_day, other.first_minor),
            Ordering::Equal => (self.first_day, self.first_minor.saturating_add(other.first_minor)),
        };
        let days = self.purchase_days.saturating_add(other.purchase_days);
        Self {
            first_day,
            last_day: self.last_day.max(other.last_day),
            purchase_days: days.saturating_sub(self.ends_shared(&other)),
            first_minor,
            minor: self.minor.saturating_add(other.minor),
        }
    }

    /// How many first and last days are both ones'.
    fn ends_shared(&self, other: &Self) -> u32 {
        let ends = |tally: &Self| {
            let last = (tally.last_day != tally.first_day).then_some(tally.last_day);
            [Some(tally.first_day), last]
        };
        let theirs = ends(other);
        let shared = ends(self).into_iter().flatten().filter(|day| theirs.contains(&Some(*day)));
        u32::try_from(shared.count()).unwrap_or(0)
    }

    /// Purchase days after the first.
    #[must_use]
    pub const fn repeats(&self) -> u32 {
        self.purchase_days.saturating_sub(1)
    }

    /// What they came to, less what came back of them, in minor units.
    #[must_use]
    pub const fn repeat_minor(&self) -> i64 {
        self.minor.saturating_sub(self.first_minor)
    }
}

impl PurchaseHistory {
    /// What models of repeat buying need of this ledger; `None` without a kept order, and when the opening
    /// balance does not say when the customer bought first. For an earlier day ask
    /// [`through`](Self::through) first.
    ///
    /// The days of an opening balance are not told apart, so an equal share of it is its first day's.
    ///
    /// [`PurchaseTally`] has an example.
    #[must_use]
    pub fn tally(&self) -> Option<PurchaseTally> {
        let rows = self.days().iter().filter(|row| row.kept() > 0);
        let kept = rows.map(|row| {
            let (day, minor) = (row.day(), row.gross());
            PurchaseTally {
                first_day: day,
                last_day: day,
                purchase_days: 1,
                first_minor: minor,
                minor,
            }
        });
        let mut tally = match (self.opening_tally(), kept.reduce(PurchaseTally::merge)) {
            (Opened::Unknown, _) => return None,
            (Opened::Nothing, rows) => rows?,
            (Opened::Known(opening), None) => opening,
            (Opened::Known(opening), Some(rows)) => opening.merge(rows),
        };
        for reversal in self.reversals() {
            let day = reversal.purchase_day();
            if self.row(day).is_none_or(|row| row.kept() == 0) {
                continue;
            }
            tally.minor = tally.minor.saturating_sub(reversal.amount());
            if day == tally.first_day {
                tally.first_minor = tally.first_minor.saturating_sub(reversal.amount());
            }
        }
        Some(tally)
    }

    fn opening_tally(&self) -> Opened {
        let Some(opening) = self.opening().filter(|opening| opening.orders > 0) else {
            return Opened::Nothing;
        };
        let Some(first_day) = opening.first_day else { return Opened::Unknown };
        let last_day = match opening.last_day {
            Some(last_day) => last_day,
            None if opening.purchase_days == 1 => first_day,
            None => return Opened::Unknown,
        };
        let minor = opening.gross.minor();
        let first_minor = minor.checked_div(opening.purchase_days.into()).unwrap_or(0);
        let purchase_days = opening.purchase_days;
        Opened::Known(PurchaseTally { first_day, last_day, purchase_days, first_minor, minor })
    }
}

/// What an opening balance tells.
enum Opened {
    /// There is none.
    Nothing,
    /// Something was bought, but not when first or last.
    Unknown,
    Known(PurchaseTally),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Currency, Money};
    use crate::purchase::{Cancelled, Opening, Ordered, PurchaseEvent, Returned};
    use crate::time::Timestamp;

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, Currency::USD)
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn ordered(on: &str, minor: i64) -> PurchaseEvent {
        PurchaseEvent::Ordered(Ordered::new(AT, day(on), usd(minor), usd(minor)))
    }

    #[test]
    fn what_came_back_is_taken_off_the_day_it_was_bought_on() {
        let mut history = PurchaseHistory::default();
        let back = |of: &str| (AT, day("2026-05-01"), day(of), usd(300), usd(300));
        let (at, on, first, paid, base) = back("2026-01-01");
        let (.., second, _, _) = back("2026-02-01");
        for event in [
            ordered("2026-01-01", 1_000),
            ordered("2026-02-01", 300),
            ordered("2026-03-01", 700),
            PurchaseEvent::Returned(Returned::new(at, on, first, paid, base)),
            PurchaseEvent::Cancelled(Cancelled::new(at, on, second, paid, base)),
        ] {
            history.apply(&event);
        }
        let tally = history.tally().unwrap();
        assert_eq!((tally.first_day, tally.last_day), (first, day("2026-03-01")));
        assert_eq!((tally.purchase_days, tally.first_minor, tally.minor), (2, 700, 1_400));
        assert_eq!((tally.repeats(), tally.repeat_minor()), (1, 700));
        // Before it came back nobody knew.
        let before = history.through(day("2026-04-01")).tally().unwrap();
        assert_eq!((before.purchase_days, before.first_minor, before.minor), (3, 1_000, 2_000));
        assert_eq!(PurchaseHistory::default().tally(), None);
    }

    #[test]
    fn an_opening_balance_counts_when_its_first_day_is_known() {
        let opened = |first: Option<&str>, last: Option<&str>| {
            let mut history = PurchaseHistory::default();
            let opening = Opening::new(6, 4, usd(4_000), first.map(day), last.map(day)).unwrap();
            history.open(opening);
            history.apply(&ordered("2026-01-01", 500));
            history.tally()
        };
        let tally = opened(Some("2020-01-01"), Some("2025-06-01")).unwrap();
        assert_eq!((tally.first_day, tally.purchase_days), (day("2020-01-01"), 5));
        assert_eq!((tally.first_minor, tally.minor), (1_000, 4_500));
        // An order on the day that the balance ends with, or begins and ends with, is on no day of its own.
        let cut_over = opened(Some("2020-01-01"), Some("2026-01-01")).unwrap();
        assert_eq!((cut_over.purchase_days, cut_over.minor), (4, 4_500));
        assert_eq!(opened(None, Some("2025-06-01")), None);
        assert_eq!(opened(Some("2020-01-01"), None), None);
    }
}
