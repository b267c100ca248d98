//! Reading the ledger: what is known, what was known, what falls into a window.

use crate::time::Day;

use super::state::{PurchaseHistory, ReversalKind};

/// What is known now of a customer's purchases. Cancelled orders do not count; returned ones do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Known {
    /// Kept orders.
    pub orders: u32,
    /// Days with a kept order.
    pub purchase_days: u32,
    /// The first of those days that is known.
    pub first_day: Option<Day>,
    /// The last of those days that is known.
    pub last_day: Option<Day>,
}

/// A customer's purchases as they stood at the end of a business day. Money is in minor units of the
/// ledger's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Summary {
    /// Orders not cancelled by then.
    pub orders: u32,
    /// Days with such an order.
    pub purchase_days: u32,
    /// The first of those days that is known.
    pub first_day: Option<Day>,
    /// The last of those days that is known.
    pub last_day: Option<Day>,
    /// What was ordered, cancelled and returned orders included.
    pub gross: i64,
    /// What came back of kept orders by then.
    pub returned: i64,
    /// What cancelled orders had come to.
    pub cancelled: i64,
    /// `gross - returned - cancelled`.
    pub net: i64,
}

/// What falls into a span of days, by everything known now. Money is in minor units of the ledger's
/// currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Window {
    /// Days with a kept order.
    pub purchase_days: u32,
    /// Kept orders.
    pub orders: u32,
    /// What those orders came to.
    pub gross: i64,
    /// What came back within the window, of orders of whatever day.
    pub returned: i64,
    /// `gross - returned`. Negative when more came back, of earlier purchases, than was bought.
    pub net: i64,
}

impl PurchaseHistory {
    /// Whether the customer ever bought anything that was not cancelled.
    #[must_use]
    pub fn has_kept_order(&self) -> bool {
        self.totals().kept > 0 || self.opening().is_some_and(|opening| opening.orders > 0)
    }

    /// Everything known now of the episode that began on `since`; of the whole past, opening balance
    /// included, when that is `None`.
    ///
    /// When `since` is `None` it costs the same however long the history is, but for days at its
    /// ends whose orders were all cancelled; else it costs as much as the episode is long.
    ///
    /// ```
    /// use guanxi::purchase::{Opening, Ordered, PurchaseEvent, PurchaseHistory};
    /// use guanxi::{Currency, Day, Money, Timestamp};
    ///
    /// let usd = |minor| Money::from_minor(minor, Currency::USD);
    /// let mut history = PurchaseHistory::default();
    /// history.open(Opening::new(7, 6, usd(41_250), None, None)?);
    /// let day = Day::from_ymd(2026, 3, 10)?;
    /// let order = Ordered::new(Timestamp::UNIX_EPOCH, day, usd(500), usd(500));
    /// history.apply(&PurchaseEvent::Ordered(order));
    ///
    /// assert_eq!(history.known(None).orders, 8);
    /// assert_eq!(history.known(Some(day)).orders, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn known(&self, since: Option<Day>) -> Known {
        match since {
            None => self.known_of_all(),
            Some(since) => self.known_since(since),
        }
    }

    fn known_of_all(&self) -> Known {
        let totals = self.totals();
        let mut kept = self.days().iter().filter(|row| row.kept() > 0).map(|row| row.day());
        let first_day = kept.next();
        let last_day = kept.next_back().or(first_day);
        let rows =
            Known { orders: totals.kept, purchase_days: totals.purchase_days, first_day, last_day };
        let Some(opening) = self.opening() else { return rows };
        Known {
            orders: rows.orders.saturating_add(opening.orders),
            purchase_days: rows.purchase_days.saturating_add(opening.purchase_days),
            first_day: opening.first_day.into_iter().chain(first_day).min(),
            last_day: opening.last_day.max(last_day),
        }
    }

    fn known_since(&self, since: Day) -> Known {
        let start = self.days().partition_point(|row| row.day() < since);
        let mut known = Known::default();
        for row in self.days().iter().skip(start).filter(|row| row.kept() > 0) {
            known.orders = known.orders.saturating_add(row.kept());
            known.purchase_days = known.purchase_days.saturating_add(1);
            known.first_day = known.first_day.or(Some(row.day()));
            known.last_day = Some(row.day());
        }
        known
    }

    /// The ledger as it stood at the end of the business day `cutoff`.
    ///
    /// What is dated later is unseen: a purchase returned or cancelled afterwards stands. So the
    /// answer is that of a ledger which was only ever told what happened until then. The opening
    /// balance cannot be split: it counts from its last known day on, or always when none is known.
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
    /// assert_eq!(history.up_to(Day::from_ymd(2026, 3, 19)?).orders, 1);
    /// let now = history.up_to(undone);
    /// assert_eq!((now.orders, now.gross, now.cancelled, now.net), (0, 500, 500, 0));
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub fn up_to(&self, cutoff: Day) -> Summary {
        let mut summary = Sums::default();
        let mut revived = self.cancelled_after(cutoff).into_iter().peekable();
        for row in self.days().iter().take_while(|row| row.day() <= cutoff) {
            let mut later = 0_u32;
            while let Some((_, count)) = revived.next_if(|(day, _)| *day <= row.day()) {
                later = later.saturating_add(count);
            }
            let kept = row.orders.saturating_sub(row.cancelled.saturating_sub(later));
            summary.day(row.day(), kept, row.gross());
        }
        for reversal in self.reversals().iter().take_while(|row| row.day() <= cutoff) {
            let sum = match reversal.kind() {
                ReversalKind::Returned => &mut summary.returned,
                ReversalKind::Cancelled => &mut summary.cancelled,
            };
            *sum = sum.saturating_add(i128::from(reversal.amount()));
        }
        if let Some(opening) = self.opening()
            && opening.last_day.or(opening.first_day).is_none_or(|last| last <= cutoff)
        {
            let seen = &mut summary.seen;
            seen.orders = seen.orders.saturating_add(opening.orders);
            seen.purchase_days = seen.purchase_days.saturating_add(opening.purchase_days);
            seen.first_day = opening.first_day.into_iter().chain(seen.first_day).min();
            seen.last_day = opening.last_day.max(seen.last_day);
            summary.gross = summary.gross.saturating_add(i128::from(opening.gross.minor()));
        }
        summary.finish()
    }

    /// Orders of days until `cutoff` that were cancelled after it, by purchase day. A day may come
    /// more than once.
    fn cancelled_after(&self, cutoff: Day) -> Vec<(Day, u32)> {
        if cutoff == Day::MAX {
            return Vec::new();
        }
        let mut cancelled: Vec<(Day, u32)> = self
            .reversals_from(cutoff.next())
            .iter()
            .filter(|row| row.kind() == ReversalKind::Cancelled && row.purchase_day() <= cutoff)
            .map(|row| (row.purchase_day(), row.count()))
            .collect();
        cancelled.sort_unstable_by_key(|(day, _)| *day);
        cancelled
    }

    /// What falls into the days later than `after` and not later than `through`, by everything known
    /// now.
    ///
    /// A cancelled order is taken off the day it was placed on; a return is taken off the day it
    /// was made on. The opening balance is in no window.
    ///
    /// ```
    /// use guanxi::purchase::{Ordered, PurchaseEvent, PurchaseHistory, Returned};
    /// use guanxi::{Currency, Day, Money, Timestamp};
    ///
    /// let (at, paid) = (Timestamp::UNIX_EPOCH, Money::from_minor(500, Currency::USD));
    /// let (bought, back) = (Day::from_ymd(2026, 3, 10)?, Day::from_ymd(2026, 3, 20)?);
    /// let mut history = PurchaseHistory::default();
    /// history.apply(&PurchaseEvent::Ordered(Ordered::new(at, bought, paid, paid)));
    /// history.apply(&PurchaseEvent::Returned(Returned::new(at, back, bought, paid, paid)));
    ///
    /// let march = history.window(Day::from_ymd(2026, 2, 28)?, Day::from_ymd(2026, 3, 31)?);
    /// assert_eq!((march.orders, march.net), (1, 0));
    /// let first_half = history.window(Day::from_ymd(2026, 2, 28)?, Day::from_ymd(2026, 3, 15)?);
    /// assert_eq!((first_half.orders, first_half.net), (1, 500));
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub fn window(&self, after: Day, through: Day) -> Window {
        let inside = |day: Day| after < day && day <= through;
        let start = self.days().partition_point(|row| row.day() <= after);
        let mut window = Window::default();
        let (mut gross, mut returned) = (0_i128, 0_i128);
        for row in self.days().iter().skip(start).take_while(|row| row.day() <= through) {
            window.orders = window.orders.saturating_add(row.kept());
            window.purchase_days = window.purchase_days.saturating_add(u32::from(row.kept() > 0));
            gross = gross.saturating_add(i128::from(row.gross()));
        }
        // Whatever takes back a purchase of the window is not dated before it.
        for reversal in self.reversals_from(after) {
            let amount = i128::from(reversal.amount());
            match reversal.kind() {
                ReversalKind::Returned if inside(reversal.day()) => {
                    returned = returned.saturating_add(amount);
                }
                ReversalKind::Cancelled if inside(reversal.purchase_day()) => {
                    gross = gross.saturating_sub(amount);
                }
                ReversalKind::Returned | ReversalKind::Cancelled => {}
            }
        }
        (window.gross, window.returned) = (narrow(gross), narrow(returned));
        window.net = narrow(gross.saturating_sub(returned));
        window
    }
}

impl PurchaseHistory {
    /// Days between consecutive purchase days, earliest first, by everything known now. The gap to the
    /// opening balance is not among them.
    ///
    /// ```
    /// use guanxi::purchase::{Ordered, PurchaseEvent, PurchaseHistory};
    /// use guanxi::{Currency, Day, Money, Timestamp};
    ///
    /// let (at, paid) = (Timestamp::UNIX_EPOCH, Money::from_minor(500, Currency::USD));
    /// let mut history = PurchaseHistory::default();
    /// for bought in ["2026-03-01", "2026-03-08", "2026-04-01"] {
    ///     history.apply(&PurchaseEvent::Ordered(Ordered::new(at, bought.parse()?, paid, paid)));
    /// }
    /// assert_eq!(history.gaps_days().collect::<Vec<_>>(), [7, 24]);
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    pub fn gaps_days(&self) -> impl Iterator<Item = u32> {
        let kept = || self.days().iter().filter(|row| row.kept() > 0).map(|row| row.day());
        kept().zip(kept().skip(1)).map(|(one, next)| {
            // Rows rise, and the calendar has fewer days than a u32.
            u32::try_from(next.days_since(one)).unwrap_or(u32::MAX)
        })
    }
}

/// A [`Summary`] in the making.
#[derive(Default)]
struct Sums {
    seen: Known,
    gross: i128,
    returned: i128,
    cancelled: i128,
}

impl Sums {
    fn day(&mut self, day: Day, kept: u32, gross: i64) {
        self.gross = self.gross.saturating_add(i128::from(gross));
        if kept > 0 {
            self.seen.orders = self.seen.orders.saturating_add(kept);
            self.seen.purchase_days = self.seen.purchase_days.saturating_add(1);
            self.seen.first_day = self.seen.first_day.or(Some(day));
            self.seen.last_day = Some(day);
        }
    }

    fn finish(self) -> Summary {
        let Known { orders, purchase_days, first_day, last_day } = self.seen;
        let net = self.gross.saturating_sub(self.returned).saturating_sub(self.cancelled);
        Summary {
            orders,
            purchase_days,
            first_day,
            last_day,
            gross: narrow(self.gross),
            returned: narrow(self.returned),
            cancelled: narrow(self.cancelled),
            net: narrow(net),
        }
    }
}

/// Exact for every ledger that `decide` guarded: it bounds the gross, and nothing exceeds that.
fn narrow(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Currency, Money};
    use crate::purchase::{Cancelled, Opening, Ordered, PurchaseEvent};
    use crate::time::Timestamp;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, Currency::USD)
    }

    fn opened(first: Option<&str>, last: Option<&str>) -> PurchaseHistory {
        let mut history = PurchaseHistory::default();
        history.open(Opening::new(3, 2, usd(500), first.map(day), last.map(day)).unwrap());
        history
    }

    fn order(history: &mut PurchaseHistory, on: &str, minor: i64) {
        let ordered = Ordered::new(Timestamp::UNIX_EPOCH, day(on), usd(minor), usd(minor));
        history.apply(&PurchaseEvent::Ordered(ordered));
    }

    #[test]
    fn an_opening_balance_counts_from_its_last_day_on() {
        let history = opened(Some("1996-01-01"), Some("1996-06-01"));
        assert_eq!(history.up_to(day("1996-05-31")), Summary::default());
        let seen = history.up_to(day("1996-06-01"));
        assert_eq!((seen.orders, seen.purchase_days, seen.gross, seen.net), (3, 2, 500, 500));
        assert_eq!(seen.first_day, Some(day("1996-01-01")));
        assert_eq!(seen.last_day, Some(day("1996-06-01")));
    }

    #[test]
    fn an_undated_opening_balance_always_counts() {
        let history = opened(None, None);
        assert!(history.has_kept_order());
        assert_eq!(history.up_to(Day::MIN).orders, 3);
        assert_eq!(history.known(None).first_day, None);
        assert_eq!(history.known(Some(Day::MIN)), Known::default());
        assert_eq!(history.window(Day::MIN, Day::MAX), Window::default());
    }

    #[test]
    fn an_opening_balance_of_nothing_is_not_a_purchase() {
        let mut history = PurchaseHistory::default();
        history.open(Opening::new(0, 0, usd(0), None, None).unwrap());
        assert!(!history.has_kept_order());
        assert!(!history.is_empty());
    }

    #[test]
    fn first_and_last_day_are_the_outermost_that_are_known() {
        let mut history = opened(None, Some("1996-06-01"));
        order(&mut history, "1996-03-01", 1);
        for (first, last) in [
            (history.known(None).first_day, history.known(None).last_day),
            (history.up_to(Day::MAX).first_day, history.up_to(Day::MAX).last_day),
        ] {
            assert_eq!(first, Some(day("1996-03-01")));
            assert_eq!(last, Some(day("1996-06-01")));
        }
    }

    #[test]
    fn a_window_leaves_out_its_start_and_holds_its_end() {
        let mut history = PurchaseHistory::default();
        for on in ["1997-01-01", "1997-01-02", "1997-01-03", "1997-01-04"] {
            order(&mut history, on, 1);
        }
        let window = history.window(day("1997-01-01"), day("1997-01-03"));
        assert_eq!((window.orders, window.purchase_days, window.net), (2, 2, 2));
        assert_eq!(history.window(day("1997-01-03"), day("1997-01-01")), Window::default());
    }

    #[test]
    fn nothing_is_later_than_the_last_day_of_the_calendar() {
        let mut history = PurchaseHistory::default();
        order(&mut history, "9999-12-30", 1);
        let (at, bought) = (Timestamp::MAX, day("9999-12-30"));
        let cancelled = Cancelled::new(at, Day::MAX, bought, usd(1), usd(1));
        history.apply(&PurchaseEvent::Cancelled(cancelled));
        assert_eq!(history.up_to(bought).orders, 1);
        assert_eq!(history.up_to(Day::MAX).orders, 0);
    }

    #[test]
    fn an_order_of_nothing_makes_a_purchase_day() {
        let mut history = PurchaseHistory::default();
        order(&mut history, "1997-01-01", 0);
        let known = history.known(None);
        assert_eq!((known.orders, known.purchase_days), (1, 1));
        assert_eq!(known.last_day, Some(day("1997-01-01")));
    }
}
