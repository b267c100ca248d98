//! Reading a purchase log.
//!
//! One pass over a CSV file. Every data row ends up in exactly one of two places: in a [`Purchase`] or
//! among the [`Reject`]s, with its line and the reason. So the rows add up, and the amounts do too:
//! [`Log::accepted_minor`] and [`Log::rejected_minor`] together are [`Log::readable_minor`].
//!
//! - A row may span lines where quotes hold an end of line, as long as it is good. If it is bad, only
//!   its first line is rejected, for a quote that is not closed, and the next line is a row of its own:
//!   a stray quote must not take the rest of the file for its text.
//! - Rows without an order id are purchases of their own, identical ones included: a customer who
//!   buys the same twice in a day has bought twice.
//! - Rows of one order id, customer and day are one purchase of the summed amount. The first accepted
//!   row of an id says whose it is and of which day; a later one that disagrees is rejected.
//! - A negative row is rejected, whatever order it is in. Under [`Negative::Return`] it is accepted: on
//!   the day of its order it lowers the sum (a discount, an item sent back); on a later day it is a
//!   return of that order, booked against the order's day, wherever in the file the two stand; with no
//!   order id, or one that no purchase has, it is a purchase of a negative amount, as is an order whose
//!   sum is negative. The importer takes those as returns.
//! - A zero amount is a purchase.
//! - Customer keys and order ids are compared as written, without the spaces around them.
//!
//! A million rows are small: a purchase is 40 bytes, and each key is kept once. Only rows that may be put
//! aside later are kept as text: those with an order id, negative ones, and those of a customer whose key no
//! database can hold.
//!
//! [`Negative::Return`]: crate::options::Negative::Return

mod cell;
mod error;
mod import;
mod layout;
mod record;
mod reject;
mod row;

use std::fs::File;
use std::io::Read;

use guanxi::profile::KEY_BYTES_MAX;
use guanxi::{Currency, Day};

pub(crate) use error::LogError;
pub(crate) use reject::{Reason, Reject, write_rejects};

use crate::options::Options;
use import::Importer;
use layout::Layout;
use record::{Records, Shape};

/// Rows between two calls of `progress`: often enough to look alive, too seldom to cost anything.
const ROWS_PER_PROGRESS: u64 = 4096;

/// How much of the file is looked at to tell what it is: far more than any header line.
const HEAD_BYTES: u64 = 64 * 1024;

/// A row beyond this many bytes is rejected: no purchase is that long.
const ROW_BYTES_MAX: usize = 64 * 1024;

/// One purchase of one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Purchase {
    /// Which of [`Log::customers`].
    pub(crate) customer: u32,
    /// The day of the purchase, as written in the log.
    pub(crate) day: Day,
    /// The last day that a return may be booked against: its order's, if that is known. Otherwise, and
    /// for what is no return, the day itself.
    pub(crate) until: Day,
    /// The amount in minor units of the base's currency; negative for a return only.
    pub(crate) amount_minor: i64,
    /// The line of the file that the row it was opened with starts on, from 1.
    pub(crate) line: u64,
    /// How many rows were summed into it.
    pub(crate) lines: u32,
    /// Which of [`Log::orders`], if its rows have an order id.
    pub(crate) order: Option<u32>,
}

/// What the rows of one order id, customer and day are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Order {
    /// The order itself.
    Sale(Box<str>),
    /// Money that comes back from the order, on a later day or from before the log.
    Refund(Box<str>),
}

/// A row of a purchase that may yet be put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The line that the purchase starts on.
    pub(crate) purchase: u64,
    /// The line that the row starts on.
    pub(crate) line: u64,
    /// Its amount.
    pub(crate) amount_minor: i64,
    /// As in a [`Reject`].
    pub(crate) row: Box<str>,
}

/// What a purchase log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Log {
    /// The keys of the customers with at least one purchase, in order of first appearance.
    pub(crate) customers: Vec<Box<str>>,
    /// The purchases, in order of first appearance until [`settle`](crate::plan::settle) sorts them.
    pub(crate) purchases: Vec<Purchase>,
    /// Data rows in the file; blank lines and the header are none.
    pub(crate) rows: u64,
    /// The rows that are in no purchase, in the order of the file.
    pub(crate) rejects: Vec<Reject>,
    /// The order ids of purchases.
    pub(crate) orders: Vec<Order>,
    /// The rows of purchases that may yet be put aside.
    pub(crate) kept: Vec<Kept>,
    /// The names of the columns, as one row of CSV.
    pub(crate) header: Box<str>,
    /// The currency of every amount.
    pub(crate) currency: Currency,
    /// The latest day of a purchase.
    pub(crate) last_day: Option<Day>,
    /// The sum of every amount that could be read, in minor units, taken before any row is judged.
    pub(crate) readable_minor: i128,
}

impl Log {
    /// A log with this header, amounts in this currency, and no rows yet.
    pub(crate) fn new(header: Box<str>, currency: Currency) -> Self {
        Self {
            customers: Vec::new(),
            purchases: Vec::new(),
            rows: 0,
            rejects: Vec::new(),
            orders: Vec::new(),
            kept: Vec::new(),
            header,
            currency,
            last_day: None,
            readable_minor: 0,
        }
    }

    /// Why the log is refused, if the options are strict and a row is bad.
    #[must_use]
    pub(crate) fn refusal(&self, options: &Options) -> Option<LogError> {
        let first = self.rejects.first().filter(|_| options.strict)?;
        Some(LogError::Refused {
            path: options.log_path().to_owned(),
            rejected: u64::try_from(self.rejects.len()).unwrap_or(u64::MAX),
            rows: self.rows,
            line: first.line,
            reason: first.reason,
        })
    }

    /// The sum of all purchases, returns deducted, in minor units.
    #[must_use]
    pub(crate) fn accepted_minor(&self) -> i128 {
        total(self.purchases.iter().map(|purchase| purchase.amount_minor))
    }

    /// The sum of the amounts of rejected rows, in minor units, where they could be read.
    #[must_use]
    pub(crate) fn rejected_minor(&self) -> i128 {
        total(self.rejects.iter().filter_map(|reject| reject.amount_minor))
    }
}

/// Whether a database can keep the key of a customer.
pub(crate) fn is_fit(customer: &str) -> bool {
    customer.len() <= KEY_BYTES_MAX && !customer.chars().any(char::is_control)
}

/// Saturating, which 2^64 rows could not reach.
fn total(amounts: impl Iterator<Item = i64>) -> i128 {
    amounts.fold(0, |sum: i128, amount| sum.saturating_add(i128::from(amount)))
}

/// Reads the log that the options name. `progress` is told, now and then, how many bytes of the file
/// are done.
///
/// # Errors
///
/// [`LogError`], if the file cannot be read or is no purchase log. A bad row is no error here, see
/// [`Log::refusal`].
pub(crate) fn read(options: &Options, progress: &mut dyn FnMut(u64)) -> Result<Log, LogError> {
    let path = options.log_path();
    let file = File::open(path).map_err(|error| LogError::from_read(path, error))?;
    read_from(file, options, progress)
}

fn read_from(
    mut file: impl Read,
    options: &Options,
    progress: &mut dyn FnMut(u64),
) -> Result<Log, LogError> {
    let path = options.log_path();
    let failed = |error| LogError::from_read(path, error);

    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(failed)?;
    let layout = Layout::detect(&head, options)?;

    let mut records = Records::new(head.chain(file), layout.delimiter);
    let mut record = csv::ByteRecord::new();
    records.next(&mut record).map_err(failed)?;
    records.set_columns(layout.columns);
    let mut importer = Importer::new(&layout, options);
    while let Some(shape) = records.next(&mut record).map_err(failed)? {
        let line = records.line();
        match shape {
            Shape::Line => importer.take(&record, line),
            Shape::Lines if importer.take_lines(&record, line, records.lines()) => {}
            Shape::Lines => {
                records.decline(&mut record);
                importer.reject(&record, line, Reason::Unclosed, None);
            }
            Shape::Unclosed => importer.reject(&record, line, Reason::Unclosed, None),
            Shape::TooLong => importer.reject(&record, line, Reason::TooLong, None),
        }
        if importer.rows().is_multiple_of(ROWS_PER_PROGRESS) {
            progress(records.bytes());
        }
    }
    progress(records.bytes());
    importer.finish(path)
}

#[cfg(test)]
mod tests;
