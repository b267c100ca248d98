//! Why a report is not recorded, and why stored bytes are not a ledger.

use crate::money::{Currency, Money};
use crate::time::{Day, DayTooFar};

use super::document::PurchasePart;

/// A report that cannot be true of this ledger, or is not complete.
///
/// Amounts are in the base currency unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PurchaseError {
    /// The given business day is too far from the day of the instant.
    #[error(transparent)]
    DayTooFar(#[from] DayTooFar),
    /// The amount, or its base amount, is below zero.
    #[error("amount {amount} is negative")]
    NegativeAmount {
        /// The amount that was given.
        amount: Money,
    },
    /// A return of nothing.
    #[error("a return of nothing")]
    ZeroReturn,
    /// The amount is in another currency than the base, and its base amount was not given.
    #[error("an amount in {given} needs its amount in {base}")]
    BaseMissing {
        /// The currency of the amount.
        given: Currency,
        /// The base currency.
        base: Currency,
    },
    /// The base amount is not in the base currency.
    #[error("base amount is in {given}, not in {base}")]
    BaseCurrency {
        /// The currency of the given base amount.
        given: Currency,
        /// The base currency.
        base: Currency,
    },
    /// The base amount contradicts the amount: same currency and another number, or one of nothing.
    #[error("base amount {base} contradicts amount {amount}")]
    BaseDiffers {
        /// The amount as paid.
        amount: Money,
        /// The base amount that was given.
        base: Money,
    },
    /// The ledger is kept in another currency than the base.
    #[error("ledger is kept in {ledger}, not in {base}")]
    LedgerCurrency {
        /// The currency of the ledger.
        ledger: Currency,
        /// The base currency that was asked for.
        base: Currency,
    },
    /// A return or cancellation dated before the purchase it takes back.
    #[error("dated {day}, before the purchase of {purchase_day}")]
    BeforePurchase {
        /// The day of the return or cancellation.
        day: Day,
        /// The day of the purchase.
        purchase_day: Day,
    },
    /// More than the purchase day still holds, or no purchase is known of that day.
    #[error("only {left} of the purchases of {purchase_day} is left to return")]
    NothingToReturn {
        /// The day whose purchases it takes back; one without a purchase holds nothing.
        purchase_day: Day,
        /// What is left of the purchase day: zero when it is unknown.
        left: Money,
    },
    /// Every order of the purchase day has been cancelled.
    #[error("no order is left on {purchase_day}")]
    NoOrderLeft {
        /// The purchase day.
        purchase_day: Day,
    },
    /// The last order left on a day is cancelled for less than what the day still holds.
    #[error("cancelling the last order of the day would leave {left}")]
    CancelLeavesMoney {
        /// What would be left on a day without orders.
        left: Money,
    },
    /// The ledger has an opening balance already.
    #[error("ledger has an opening balance")]
    AlreadyOpened,
    /// The totals of the ledger would exceed what it can count.
    #[error("totals exceed what a ledger can hold")]
    Overflow,
}

/// Numbers that no past can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpeningError {
    /// The money is below zero.
    #[error("opening amount {gross} is negative")]
    NegativeAmount {
        /// The amount that was given.
        gross: Money,
    },
    /// No orders, yet purchase days, days or money.
    #[error("an opening balance of no orders has days or money")]
    NoOrders,
    /// No purchase day for the orders, or more purchase days than orders.
    #[error("{purchase_days} purchase days cannot hold {orders} orders")]
    PurchaseDays {
        /// The orders given.
        orders: u32,
        /// The purchase days given.
        purchase_days: u32,
    },
    /// The first day is after the last, or the purchase days do not fit between the two.
    #[error("{purchase_days} purchase days do not fit from {first_day} to {last_day}")]
    Span {
        /// The purchase days given.
        purchase_days: u32,
        /// The first day given.
        first_day: Day,
        /// The last day given.
        last_day: Day,
    },
}

/// Stored bytes that are not a ledger this version can read.
///
/// Only the part is named: what stands in it is the host's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PurchaseDocumentError {
    /// The name is not one that the purchase ledger gives its parts.
    #[error("not the name of a part of a purchase ledger")]
    UnknownPart,
    /// The schema is not one this version reads.
    #[error("part {part} has schema {found}, this version reads up to {newest}")]
    Schema {
        /// The part.
        part: PurchasePart,
        /// The schema it was stored with.
        found: u16,
        /// [`PURCHASE_SCHEMA`](super::PURCHASE_SCHEMA).
        newest: u16,
    },
    /// The same part came twice.
    #[error("part {part} came twice")]
    Twice {
        /// The part.
        part: PurchasePart,
    },
    /// Not JSON of the expected form.
    #[error("part {part} is malformed")]
    Malformed {
        /// The part.
        part: PurchasePart,
    },
    /// Rows out of order, twice the same, or of another year.
    #[error("part {part} has rows out of place")]
    Misplaced {
        /// The part.
        part: PurchasePart,
    },
    /// Rows that no sequence of recorded events leaves behind: negative money, a return of an
    /// unknown purchase, more returned than bought.
    #[error("part {part} contradicts the ledger")]
    Inconsistent {
        /// The part.
        part: PurchasePart,
    },
    /// Parts in different currencies.
    #[error("part {part} is in another currency than the rest")]
    Currency {
        /// The part.
        part: PurchasePart,
    },
    /// The totals exceed what a ledger can hold.
    #[error("totals exceed what a ledger can hold")]
    Overflow,
}
