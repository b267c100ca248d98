//! The door: what is recorded, and as what.

use crate::money::{Currency, Money};
use crate::time::{Day, Zone};

use super::command::{Cancel, Order, PurchaseCommand, Return};
use super::error::PurchaseError;
use super::event::{Cancelled, Ordered, PurchaseEvent, Returned};
use super::opening::Opening;
use super::state::{PurchaseHistory, ReversalKind};

/// Decides whether a report is recorded, and fixes what it is recorded as.
///
/// The business day is the one given, else that of the instant in `zone`; the base amount is the
/// amount itself when it is in the `base` currency, else the one given. Pure: the ledger is not
/// changed until the event is [applied](PurchaseHistory::apply).
///
/// ```
/// use guanxi::purchase::{Order, PurchaseError, PurchaseHistory, Return, decide};
/// use guanxi::{Currency, Money, Timestamp, Zone};
///
/// let (at, usd) = (Timestamp::UNIX_EPOCH, |minor| Money::from_minor(minor, Currency::USD));
/// let mut history = PurchaseHistory::default();
/// let bought = decide(&history, &Order::new(at, usd(500)).into(), Currency::USD, Zone::UTC)?;
/// history.apply(&bought);
///
/// // More cannot come back than was bought that day.
/// let back = Return::new(at, bought.day(), usd(501));
/// let refused = decide(&history, &back.into(), Currency::USD, Zone::UTC);
/// let (purchase_day, left) = (bought.day(), usd(500));
/// assert_eq!(refused, Err(PurchaseError::NothingToReturn { purchase_day, left }));
/// # Ok::<(), PurchaseError>(())
/// ```
///
/// # Errors
///
/// [`PurchaseError`], each variant with its own reason; the ledger's currency is checked first,
/// then the report in itself, then the report against the ledger.
pub fn decide(
    history: &PurchaseHistory,
    command: &PurchaseCommand,
    base: Currency,
    zone: Zone,
) -> Result<PurchaseEvent, PurchaseError> {
    check_currency(history, base)?;
    match command {
        PurchaseCommand::Order(order) => order_placed(history, order, base, zone),
        PurchaseCommand::Return(back) => money_returned(history, back, base, zone),
        PurchaseCommand::Cancel(cancel) => order_cancelled(history, cancel, base, zone),
    }
}

/// Checks an opening balance against a ledger, before it is [set](PurchaseHistory::open).
///
/// # Errors
///
/// [`PurchaseError`] when the ledger has one already, when either is in another currency than
/// `base`, or when the totals would exceed what a ledger can hold.
pub fn check_opening(
    history: &PurchaseHistory,
    opening: &Opening,
    base: Currency,
) -> Result<(), PurchaseError> {
    check_currency(history, base)?;
    if history.opening().is_some() {
        return Err(PurchaseError::AlreadyOpened);
    }
    let given = opening.gross.currency();
    if given != base {
        return Err(PurchaseError::BaseCurrency { given, base });
    }
    check_totals(history, opening.orders, opening.gross.minor())
}

fn order_placed(
    history: &PurchaseHistory,
    order: &Order,
    base: Currency,
    zone: Zone,
) -> Result<PurchaseEvent, PurchaseError> {
    let day = zone.business_day(order.occurred_at, order.day)?;
    let worth = base_amount(order.amount, order.base, base)?;
    check_totals(history, 1, worth.minor())?;
    Ok(PurchaseEvent::Ordered(Ordered::new(order.occurred_at, day, order.amount, worth)))
}

fn money_returned(
    history: &PurchaseHistory,
    back: &Return,
    base: Currency,
    zone: Zone,
) -> Result<PurchaseEvent, PurchaseError> {
    let day = zone.business_day(back.occurred_at, back.day)?;
    let worth = base_amount(back.amount, back.base, base)?;
    if back.amount.is_zero() {
        return Err(PurchaseError::ZeroReturn);
    }
    let bought = Left::of(history, back.purchase_day, day, base)?;
    bought.take(worth)?;
    let Return { occurred_at, purchase_day, amount, .. } = *back;
    Ok(PurchaseEvent::Returned(Returned::new(occurred_at, day, purchase_day, amount, worth)))
}

fn order_cancelled(
    history: &PurchaseHistory,
    cancel: &Cancel,
    base: Currency,
    zone: Zone,
) -> Result<PurchaseEvent, PurchaseError> {
    let day = zone.business_day(cancel.occurred_at, cancel.day)?;
    let worth = base_amount(cancel.amount, cancel.base, base)?;
    let bought = Left::of(history, cancel.purchase_day, day, base)?;
    let Cancel { occurred_at, purchase_day, amount, .. } = *cancel;
    if bought.orders == 0 {
        return Err(PurchaseError::NoOrderLeft { purchase_day });
    }
    let left = bought.take(worth)?;
    if bought.orders == 1 && !left.is_zero() {
        return Err(PurchaseError::CancelLeavesMoney { left });
    }
    Ok(PurchaseEvent::Cancelled(Cancelled::new(occurred_at, day, purchase_day, amount, worth)))
}

/// What is left on a purchase day, by everything known: late facts included, so that the ledger is
/// the same whatever order they come in.
struct Left {
    orders: u32,
    money: Money,
    day: Day,
}

impl Left {
    fn of(
        history: &PurchaseHistory,
        purchase_day: Day,
        day: Day,
        base: Currency,
    ) -> Result<Self, PurchaseError> {
        if day < purchase_day {
            return Err(PurchaseError::BeforePurchase { day, purchase_day });
        }
        let Some(row) = history.row(purchase_day) else {
            let left = Money::zero(base);
            return Err(PurchaseError::NothingToReturn { purchase_day, left });
        };
        let taken = history
            .reversals_from(purchase_day)
            .iter()
            .filter(|reversal| reversal.purchase_day() == purchase_day)
            .map(|reversal| match reversal.kind() {
                ReversalKind::Returned | ReversalKind::Cancelled => reversal.amount(),
            })
            .fold(0_i64, i64::saturating_add);
        let money = Money::from_minor(row.gross().saturating_sub(taken), base);
        Ok(Self { day: purchase_day, orders: row.kept(), money })
    }

    /// What remains after `worth` is taken off.
    fn take(&self, worth: Money) -> Result<Money, PurchaseError> {
        let remains = self.money.minor().saturating_sub(worth.minor());
        if remains < 0 {
            let (purchase_day, left) = (self.day, self.money);
            return Err(PurchaseError::NothingToReturn { purchase_day, left });
        }
        Ok(Money::from_minor(remains, self.money.currency()))
    }
}

fn check_currency(history: &PurchaseHistory, base: Currency) -> Result<(), PurchaseError> {
    match history.currency() {
        Some(ledger) if ledger != base => Err(PurchaseError::LedgerCurrency { ledger, base }),
        Some(_) | None => Ok(()),
    }
}

/// Whether so much more still fits. All other sums are bounded by these two.
fn check_totals(history: &PurchaseHistory, orders: u32, gross: i64) -> Result<(), PurchaseError> {
    let totals = history.totals();
    let (before_orders, before_gross) =
        history.opening().map_or((0, 0), |opening| (opening.orders, opening.gross.minor()));
    let orders = totals.orders.checked_add(before_orders).and_then(|sum| sum.checked_add(orders));
    let gross = totals.gross.checked_add(before_gross).and_then(|sum| sum.checked_add(gross));
    match (orders, gross) {
        (Some(_), Some(_)) => Ok(()),
        (None, _) | (_, None) => Err(PurchaseError::Overflow),
    }
}

fn base_amount(
    amount: Money,
    given: Option<Money>,
    base: Currency,
) -> Result<Money, PurchaseError> {
    let worth = match given {
        Some(worth) => worth,
        None if amount.currency() == base => amount,
        None => return Err(PurchaseError::BaseMissing { given: amount.currency(), base }),
    };
    if worth.currency() != base {
        return Err(PurchaseError::BaseCurrency { given: worth.currency(), base });
    }
    if let Some(amount) = [amount, worth].into_iter().find(|money| money.is_negative()) {
        return Err(PurchaseError::NegativeAmount { amount });
    }
    // A little money may be worth nothing in a coarser currency; nothing is never worth something.
    let contradicts =
        (amount.currency() == base && amount != worth) || (amount.is_zero() && !worth.is_zero());
    if contradicts {
        return Err(PurchaseError::BaseDiffers { amount, base: worth });
    }
    Ok(worth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    const USD: Currency = Currency::USD;

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, USD)
    }

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn noon(text: &str) -> Timestamp {
        Zone::UTC.start_of(day(text)).saturating_add_seconds(43_200)
    }

    fn ask(
        history: &PurchaseHistory,
        command: impl Into<PurchaseCommand>,
    ) -> Result<PurchaseEvent, PurchaseError> {
        decide(history, &command.into(), USD, Zone::UTC)
    }

    fn bought(amounts: &[i64]) -> PurchaseHistory {
        let mut history = PurchaseHistory::default();
        for minor in amounts {
            record(&mut history, Order::new(noon("2026-03-10"), usd(*minor)));
        }
        history
    }

    fn record(history: &mut PurchaseHistory, command: impl Into<PurchaseCommand>) {
        let event = ask(history, command).unwrap();
        history.apply(&event);
    }

    fn back(minor: i64) -> Return {
        Return::new(noon("2026-03-20"), day("2026-03-10"), usd(minor))
    }

    fn cancel(minor: i64) -> Cancel {
        Cancel::new(noon("2026-03-20"), day("2026-03-10"), usd(minor))
    }

    #[test]
    fn the_business_day_is_that_of_the_zone() {
        let late = Zone::UTC.start_of(day("2026-03-11")).previous();
        let order = Order::new(late, usd(1)).into();
        let fixed = |minutes| {
            let zone = Zone::fixed(minutes).unwrap();
            decide(&PurchaseHistory::default(), &order, USD, zone).unwrap().day()
        };
        assert_eq!(fixed(0), day("2026-03-10"));
        assert_eq!(fixed(8 * 60), day("2026-03-11"));
    }

    #[test]
    fn a_given_day_is_at_most_one_day_off() {
        let empty = PurchaseHistory::default();
        let order = Order::new(noon("2026-03-10"), usd(1));
        for near in ["2026-03-09", "2026-03-10", "2026-03-11"] {
            assert_eq!(ask(&empty, order.with_day(day(near))).unwrap().day(), day(near));
        }
        for far in ["2026-03-08", "2026-03-12"] {
            let refused = ask(&empty, order.with_day(day(far)));
            let Err(PurchaseError::DayTooFar(refused)) = refused else { panic!("{refused:?}") };
            assert_eq!((refused.given, refused.expected), (day(far), day("2026-03-10")));
        }
    }

    #[test]
    fn the_base_amount_is_the_amount_or_is_given() {
        let empty = PurchaseHistory::default();
        let order = |amount, worth: Option<Money>| {
            let order = Order::new(noon("2026-03-10"), amount);
            ask(&empty, worth.map_or(order, |worth| order.with_base(worth)))
        };
        assert!(order(usd(5), None).is_ok());
        assert!(order(usd(5), Some(usd(5))).is_ok());
        assert!(order(eur(5), Some(usd(6))).is_ok());
        assert!(order(eur(5), Some(usd(0))).is_ok());
        let (given, base) = (Currency::EUR, USD);
        assert_eq!(order(eur(5), None), Err(PurchaseError::BaseMissing { given, base }));
        let refused = order(usd(5), Some(eur(5)));
        assert_eq!(refused, Err(PurchaseError::BaseCurrency { given, base }));
        for (amount, base) in [(usd(5), usd(6)), (eur(0), usd(1))] {
            let refused = order(amount, Some(base));
            assert_eq!(refused, Err(PurchaseError::BaseDiffers { amount, base }));
        }
    }

    #[test]
    fn amounts_are_not_negative() {
        let history = bought(&[0]);
        assert!(ask(&history, Order::new(noon("2026-03-10"), usd(0))).is_ok());
        let refused = Err(PurchaseError::NegativeAmount { amount: usd(-1) });
        assert_eq!(ask(&history, Order::new(noon("2026-03-10"), usd(-1))), refused);
        assert_eq!(ask(&history, back(-1)), refused);
        assert_eq!(ask(&history, cancel(-1)), refused);
        let converted = Order::new(noon("2026-03-10"), eur(1)).with_base(usd(-1));
        assert_eq!(ask(&history, converted), refused);
    }

    #[test]
    fn a_ledger_keeps_its_currency() {
        let command = Order::new(noon("2026-03-10"), eur(1)).into();
        let refused = decide(&bought(&[1]), &command, Currency::EUR, Zone::UTC);
        let (ledger, base) = (USD, Currency::EUR);
        assert_eq!(refused, Err(PurchaseError::LedgerCurrency { ledger, base }));
    }

    #[test]
    fn nothing_comes_back_before_it_was_bought() {
        let history = bought(&[500]);
        let purchase_day = day("2026-03-10");
        let on = |day: &str| Return::new(noon(day), purchase_day, usd(1));
        assert!(ask(&history, on("2026-03-10")).is_ok());
        let day = day("2026-03-09");
        let refused = Err(PurchaseError::BeforePurchase { day, purchase_day });
        assert_eq!(ask(&history, on("2026-03-09")), refused);
        assert_eq!(ask(&history, Cancel::new(noon("2026-03-09"), purchase_day, usd(500))), refused);
    }

    fn nothing_left(left: Money) -> PurchaseError {
        PurchaseError::NothingToReturn { purchase_day: day("2026-03-10"), left }
    }

    #[test]
    fn no_more_comes_back_than_was_bought() {
        let mut history = bought(&[300, 200]);
        assert_eq!(ask(&history, back(0)), Err(PurchaseError::ZeroReturn));
        record(&mut history, back(100));
        record(&mut history, cancel(150));
        let refused = Err(nothing_left(usd(250)));
        assert_eq!(ask(&history, back(251)), refused);
        assert_eq!(ask(&history, cancel(251)), refused);
        record(&mut history, back(250));
        let refused = Err(nothing_left(usd(0)));
        assert_eq!(ask(&history, back(1)), refused);
    }

    #[test]
    fn an_unknown_day_has_nothing_to_return() {
        let history = PurchaseHistory::default();
        let refused = Err(nothing_left(usd(0)));
        assert_eq!(ask(&history, back(1)), refused);
        assert_eq!(ask(&history, cancel(0)), refused);
    }

    #[test]
    fn the_last_cancellation_of_a_day_takes_all_money_left() {
        let mut history = bought(&[300, 200]);
        record(&mut history, back(50));
        record(&mut history, cancel(300));
        let refused = Err(PurchaseError::CancelLeavesMoney { left: usd(1) });
        assert_eq!(ask(&history, cancel(149)), refused);
        record(&mut history, cancel(150));
        assert!(!history.has_kept_order());
        let purchase_day = day("2026-03-10");
        let refused = Err(PurchaseError::NoOrderLeft { purchase_day });
        assert_eq!(ask(&history, cancel(0)), refused);
    }

    #[test]
    fn only_an_order_of_nothing_is_cancelled_for_nothing() {
        let refused = Err(PurchaseError::CancelLeavesMoney { left: usd(300) });
        assert_eq!(ask(&bought(&[300]), cancel(0)), refused);
        assert!(ask(&bought(&[0]), cancel(0)).is_ok());
        assert!(ask(&bought(&[300, 0]), cancel(0)).is_ok());
    }

    #[test]
    fn totals_stay_within_their_types() {
        let opened = |orders, gross| {
            let mut history = PurchaseHistory::default();
            history.open(Opening::new(orders, 1, usd(gross), None, None).unwrap());
            history
        };
        let order = |history, minor| ask(&history, Order::new(noon("2026-03-10"), usd(minor)));
        assert!(order(opened(1, i64::MAX - 1), 1).is_ok());
        assert_eq!(order(opened(1, i64::MAX - 1), 2), Err(PurchaseError::Overflow));
        assert!(order(opened(u32::MAX - 1, 0), 1).is_ok());
        assert_eq!(order(opened(u32::MAX, 0), 1), Err(PurchaseError::Overflow));
        assert_eq!(order(bought(&[i64::MAX]), 1), Err(PurchaseError::Overflow));
    }

    #[test]
    fn an_opening_balance_fits_its_ledger_and_comes_once() {
        let of = |gross| Opening::new(1, 1, gross, None, None).unwrap();
        let mut history = bought(&[1]);
        assert_eq!(check_opening(&history, &of(usd(i64::MAX - 1)), USD), Ok(()));
        let refused = check_opening(&history, &of(usd(i64::MAX)), USD);
        assert_eq!(refused, Err(PurchaseError::Overflow));
        let (given, base) = (Currency::EUR, USD);
        let refused = check_opening(&history, &of(eur(1)), USD);
        assert_eq!(refused, Err(PurchaseError::BaseCurrency { given, base }));
        history.open(of(usd(1)));
        let refused = check_opening(&history, &of(usd(1)), USD);
        assert_eq!(refused, Err(PurchaseError::AlreadyOpened));
    }
}
