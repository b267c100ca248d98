//! The ledger: rows, their totals, and how an event changes them.

use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money};
use crate::time::Day;

use super::event::PurchaseEvent;
use super::opening::Opening;

/// Everything one customer bought: exact, compact, and free of the order it was told in.
///
/// One row of 24 bytes per purchase day, one per day on which something of a purchase day was
/// returned or cancelled, and an opening balance for what came before. [`decide`](super::decide)
/// guards the door; [`apply`](Self::apply) records what it let in. Money is in minor units of one
/// currency, the base's.
///
/// ```
/// use guanxi::purchase::{Order, PurchaseHistory, decide};
/// use guanxi::{Currency, Money, Timestamp, Zone};
///
/// let mut history = PurchaseHistory::default();
/// let order = Order::new(Timestamp::UNIX_EPOCH, Money::from_minor(2_933, Currency::USD));
/// let event = decide(&history, &order.into(), Currency::USD, Zone::UTC)?;
/// history.apply(&event);
///
/// let known = history.known(None);
/// assert_eq!((known.orders, known.purchase_days), (1, 1));
/// assert_eq!(known.first_day, Some(event.day()));
/// # Ok::<(), guanxi::purchase::PurchaseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PurchaseHistory {
    currency: Option<Currency>,
    opening: Option<Opening>,
    /// Sorted by day, one row each.
    days: Vec<PurchaseDay>,
    /// Sorted by [`Reversal::key`], one row each.
    reversals: Vec<Reversal>,
    totals: Totals,
}

/// One day on which the customer ordered. 24 bytes.
///
/// ```
/// use guanxi::purchase::{Ordered, PurchaseEvent, PurchaseHistory};
/// use guanxi::{Currency, Money, Timestamp, Zone};
///
/// let (at, paid) = (Timestamp::UNIX_EPOCH, Money::from_minor(500, Currency::USD));
/// let event = PurchaseEvent::Ordered(Ordered::new(at, Zone::UTC.day_of(at), paid, paid));
/// let mut history = PurchaseHistory::default();
/// history.apply(&event);
/// history.apply(&event);
///
/// let [row] = history.days() else { unreachable!("both orders are of one day") };
/// assert_eq!((row.orders(), row.kept(), row.gross()), (2, 2, 1_000));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurchaseDay {
    pub(super) day: Day,
    pub(super) orders: u32,
    /// Counted here rather than taken off `orders`, so that both are plain sums of events and the
    /// row is the same whichever came first.
    pub(super) cancelled: u32,
    pub(super) gross: i64,
}

impl PurchaseDay {
    /// The business day.
    #[must_use]
    pub const fn day(&self) -> Day {
        self.day
    }

    /// Orders placed, cancelled ones included.
    #[must_use]
    pub const fn orders(&self) -> u32 {
        self.orders
    }

    /// Orders not cancelled, by everything known now.
    #[must_use]
    pub const fn kept(&self) -> u32 {
        self.orders.saturating_sub(self.cancelled)
    }

    /// What the orders came to, cancelled ones included, in minor units of the ledger's currency.
    #[must_use]
    pub const fn gross(&self) -> i64 {
        self.gross
    }
}

/// How a purchase was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReversalKind {
    /// The order was, and money came back.
    Returned,
    /// The order never was.
    Cancelled,
}

/// What was taken back on one day of the purchases of one day, in one way. 24 bytes.
///
/// Equal ones are one row: their counts and amounts are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reversal {
    pub(super) day: Day,
    pub(super) purchase_day: Day,
    pub(super) kind: ReversalKind,
    pub(super) count: u32,
    pub(super) amount: i64,
}

impl Reversal {
    /// The business day on which it was taken back.
    #[must_use]
    pub const fn day(&self) -> Day {
        self.day
    }

    /// The business day of the purchase.
    #[must_use]
    pub const fn purchase_day(&self) -> Day {
        self.purchase_day
    }

    /// Returned or cancelled.
    #[must_use]
    pub const fn kind(&self) -> ReversalKind {
        self.kind
    }

    /// How many returns, or how many cancelled orders.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The money, in minor units of the ledger's currency; not negative.
    #[must_use]
    pub const fn amount(&self) -> i64 {
        self.amount
    }

    pub(super) const fn key(&self) -> (Day, Day, ReversalKind) {
        (self.day, self.purchase_day, self.kind)
    }
}

/// Sums over all rows, kept beside them so that the usual questions cost nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Totals {
    /// Orders placed, cancelled ones included: what the count limit is about.
    pub(super) orders: u32,
    pub(super) kept: u32,
    /// Days with a kept order.
    pub(super) purchase_days: u32,
    pub(super) gross: i64,
}

impl Totals {
    fn of(days: &[PurchaseDay]) -> Self {
        days.iter().fold(Self::default(), |mut totals, row| {
            totals.orders = totals.orders.saturating_add(row.orders);
            totals.gross = totals.gross.saturating_add(row.gross);
            totals.recount(0, row.kept());
            totals
        })
    }

    /// A row went from `before` kept orders to `after`.
    fn recount(&mut self, before: u32, after: u32) {
        self.kept = self.kept.saturating_add(after).saturating_sub(before);
        self.purchase_days = self
            .purchase_days
            .saturating_add(u32::from(after > 0))
            .saturating_sub(u32::from(before > 0));
    }
}

impl PurchaseHistory {
    /// Records an event that [`decide`](super::decide) accepted.
    ///
    /// Total: it never fails, and no event is lost. The ledger is the same in whatever order the
    /// events come. The usual event, at or after the last day, costs the same however long the
    /// history is. Of events that were never decided only this is promised: no panic, sums that
    /// stop at the ends of their types, and amounts taken as if in the ledger's currency.
    pub fn apply(&mut self, event: &PurchaseEvent) {
        match event {
            PurchaseEvent::Ordered(ordered) => self.order(ordered.day, ordered.base),
            PurchaseEvent::Returned(back) => {
                self.reverse(back.day, back.purchase_day, ReversalKind::Returned, back.base);
            }
            PurchaseEvent::Cancelled(cancelled) => {
                let (day, purchase_day) = (cancelled.day, cancelled.purchase_day);
                self.reverse(day, purchase_day, ReversalKind::Cancelled, cancelled.base);
                self.change_row(purchase_day, |row| {
                    row.cancelled = row.cancelled.saturating_add(1);
                });
            }
        }
    }

    /// Sets the opening balance that [`check_opening`](super::check_opening) accepted.
    pub fn open(&mut self, opening: Opening) {
        self.currency.get_or_insert(opening.gross.currency());
        self.opening = Some(opening);
    }

    /// Whether nothing is known: no opening balance, no event.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.opening.is_none() && self.days.is_empty() && self.reversals.is_empty()
    }

    /// The currency of the ledger: that of the opening balance or of the first event.
    #[must_use]
    pub const fn currency(&self) -> Option<Currency> {
        self.currency
    }

    /// What came before the first row, if the customer was taken over in mid-life.
    #[must_use]
    pub const fn opening(&self) -> Option<&Opening> {
        self.opening.as_ref()
    }

    /// The purchase days, earliest first.
    #[must_use]
    pub fn days(&self) -> &[PurchaseDay] {
        &self.days
    }

    /// The returns and cancellations by their own day, then by purchase day and kind.
    #[must_use]
    pub fn reversals(&self) -> &[Reversal] {
        &self.reversals
    }

    /// A ledger of sorted rows that agree with each other.
    pub(super) fn from_rows(
        currency: Option<Currency>,
        opening: Option<Opening>,
        days: Vec<PurchaseDay>,
        reversals: Vec<Reversal>,
    ) -> Self {
        let totals = Totals::of(&days);
        Self { currency, opening, days, reversals, totals }
    }

    pub(super) const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// The row of one purchase day.
    pub(super) fn row(&self, day: Day) -> Option<&PurchaseDay> {
        let index = self.days.binary_search_by_key(&day, |row| row.day).ok()?;
        self.days.get(index)
    }

    /// The rows of returns and cancellations dated `day` or later.
    pub(super) fn reversals_from(&self, day: Day) -> &[Reversal] {
        let start = self.reversals.partition_point(|row| row.day < day);
        self.reversals.get(start..).unwrap_or_default()
    }

    fn order(&mut self, day: Day, base: Money) {
        self.currency.get_or_insert(base.currency());
        self.totals.orders = self.totals.orders.saturating_add(1);
        self.totals.gross = self.totals.gross.saturating_add(base.minor());
        self.change_row(day, |row| {
            row.orders = row.orders.saturating_add(1);
            row.gross = row.gross.saturating_add(base.minor());
        });
    }

    fn reverse(&mut self, day: Day, purchase_day: Day, kind: ReversalKind, base: Money) {
        self.currency.get_or_insert(base.currency());
        let new = Reversal { day, purchase_day, kind, count: 0, amount: 0 };
        let row = entry(&mut self.reversals, new, Reversal::key);
        if let Some(row) = row {
            row.count = row.count.saturating_add(1);
            row.amount = row.amount.saturating_add(base.minor());
        }
    }

    /// Changes the row of a day, which is made when there is none, and keeps the totals true.
    fn change_row(&mut self, day: Day, change: impl FnOnce(&mut PurchaseDay)) {
        let new = PurchaseDay { day, orders: 0, cancelled: 0, gross: 0 };
        if let Some(row) = entry(&mut self.days, new, PurchaseDay::day) {
            let before = row.kept();
            change(row);
            self.totals.recount(before, row.kept());
        }
    }
}

/// The row with the key of `new`, which is put in its place when there is none. Always `Some`.
fn entry<T, K: Ord>(rows: &mut Vec<T>, new: T, key: impl Fn(&T) -> K) -> Option<&mut T> {
    let wanted = key(&new);
    // Facts mostly come in the order they happened: the end is looked at before anything else.
    let index = match rows.last().map(|last| key(last).cmp(&wanted)) {
        None | Some(std::cmp::Ordering::Less) => {
            rows.push(new);
            return rows.last_mut();
        }
        Some(std::cmp::Ordering::Equal) => return rows.last_mut(),
        Some(std::cmp::Ordering::Greater) => {
            match rows.binary_search_by(|row| key(row).cmp(&wanted)) {
                Ok(index) => index,
                Err(index) => {
                    rows.insert(index, new);
                    index
                }
            }
        }
    };
    rows.get_mut(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purchase::{Cancelled, Ordered, Returned};
    use crate::time::Timestamp;

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, Currency::USD)
    }

    fn ledger(events: &[PurchaseEvent]) -> PurchaseHistory {
        let mut history = PurchaseHistory::default();
        events.iter().for_each(|event| history.apply(event));
        history
    }

    fn ordered(on: &str, minor: i64) -> PurchaseEvent {
        PurchaseEvent::Ordered(Ordered::new(AT, day(on), usd(minor), usd(minor)))
    }

    fn cancelled(on: &str, of: &str, minor: i64) -> PurchaseEvent {
        PurchaseEvent::Cancelled(Cancelled::new(AT, day(on), day(of), usd(minor), usd(minor)))
    }

    fn returned(on: &str, of: &str, minor: i64) -> PurchaseEvent {
        PurchaseEvent::Returned(Returned::new(AT, day(on), day(of), usd(minor), usd(minor)))
    }

    /// A base of millions of customers is held in memory: a row must not grow unnoticed.
    #[test]
    fn rows_take_24_bytes() {
        assert_eq!(size_of::<PurchaseDay>(), 24);
        assert_eq!(size_of::<Reversal>(), 24);
    }

    #[test]
    fn a_day_is_one_row_wherever_it_arrives() {
        let (one, two) = ("1997-01-01", "1997-02-01");
        let history = ledger(&[ordered(two, 5), ordered(one, 3), ordered(two, 2), ordered(one, 1)]);
        let rows: Vec<_> =
            history.days().iter().map(|row| (row.day(), row.orders(), row.gross())).collect();
        assert_eq!(rows, [(day(one), 2, 4), (day(two), 2, 7)]);
        assert_eq!(history.currency(), Some(Currency::USD));
    }

    #[test]
    fn reversals_of_one_day_purchase_and_kind_are_one_row() {
        let (bought, back) = ("1997-01-01", "1997-02-01");
        let history = ledger(&[
            ordered(bought, 10),
            returned(back, bought, 1),
            cancelled(back, bought, 4),
            returned(back, bought, 2),
            ordered(bought, 5),
        ]);
        let rows: Vec<_> =
            history.reversals().iter().map(|row| (row.kind(), row.count(), row.amount())).collect();
        assert_eq!(rows, [(ReversalKind::Returned, 2, 3), (ReversalKind::Cancelled, 1, 4)]);
        assert_eq!(history.days().iter().map(PurchaseDay::kept).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn a_returned_order_stays_an_order_and_a_cancelled_one_does_not() {
        let (bought, back) = ("1997-01-01", "1997-02-01");
        assert!(ledger(&[ordered(bought, 9), returned(back, bought, 9)]).has_kept_order());
        let history = ledger(&[ordered(bought, 9), cancelled(back, bought, 9)]);
        assert!(!history.has_kept_order());
        assert!(!history.is_empty());
    }

    #[test]
    fn totals_are_the_sums_of_the_rows() {
        let history = ledger(&[
            ordered("1997-01-01", 10),
            ordered("1997-01-03", 20),
            cancelled("1997-01-09", "1997-01-01", 10),
            ordered("1997-01-02", 30),
        ]);
        assert_eq!(history.totals, Totals::of(&history.days));
        let totals = Totals { orders: 3, kept: 2, purchase_days: 2, gross: 60 };
        assert_eq!(history.totals, totals);
    }
}
