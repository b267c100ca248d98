//! Rows that are in no purchase, why, and the file they go to.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use guanxi::Currency;
use guanxi::profile::KEY_BYTES_MAX;

use super::{Log, LogError};
use crate::options::{DateFormat, Decimal, Options};

/// The columns before those of the log.
const HEADER: &str = "line,reason,";

/// A row that is in no purchase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reject {
    /// The line of the file that the row starts on, from 1.
    pub(crate) line: u64,
    /// What is wrong with it: the first fault found, in the order of [`Reason`].
    pub(crate) reason: Reason,
    /// Its amount in minor units of the base's currency, if that could be read.
    pub(crate) amount_minor: Option<i64>,
    /// Its fields as they were, as one row of CSV separated by commas; empty if too long to keep.
    pub(crate) row: Box<str>,
}

/// Why a row is rejected.
///
/// The text names no value of the row, which stands next to it in the rejects file anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Reason {
    /// More bytes than any purchase needs.
    #[error("the row is longer than 64 KiB")]
    TooLong,
    /// Taken together with the lines after it, up to where the quote is closed, it makes no good row.
    #[error("a quote is opened and not closed on this line")]
    Unclosed,
    /// A field, needed or not, cannot be read.
    #[error("the row is not valid UTF-8")]
    NotUtf8,
    /// It cannot be known which field is in which column.
    #[error("the row has {found} {} where the header has {expected}", fields(*found))]
    FieldCount {
        /// Fields of the row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// The customer's field is empty.
    #[error("the row has no customer")]
    NoCustomer,
    /// The date's field is empty.
    #[error("the row has no date")]
    NoDate,
    /// The date is in none of the forms that are read.
    #[error("the date is not of a form such as {}; `--date-format` reads others", format.example())]
    NotADate {
        /// The one that is read.
        format: DateFormat,
    },
    /// The date is well formed and not in the calendar.
    #[error("there is no such day in the calendar")]
    NoSuchDay,
    /// The purchase is yet to come.
    #[error("the date is after today")]
    AfterToday,
    /// There is a column for the currency, and its field is empty.
    #[error("the row has no currency")]
    NoCurrency,
    /// The currency is not in ISO 4217, or is not divided into minor units.
    #[error("the currency is not known")]
    UnknownCurrency,
    /// The currency is known but is not the base's.
    #[error("the amount is in {found} and the log gives no rate to {base}")]
    OtherCurrency {
        /// The currency of the row.
        found: Currency,
        /// The currency of the base.
        base: Currency,
    },
    /// The amount's field is empty.
    #[error("the row has no amount")]
    NoAmount,
    /// The amount is no plain decimal.
    #[error("the amount is not a plain decimal such as {}", decimal.example())]
    NotANumber {
        /// How decimals are written.
        decimal: Decimal,
    },
    /// The amount has separators that are not read, or not where they stand.
    #[error(
        "the amount has separators between its digits other than in {}; `--decimal` reads others",
        decimal.example()
    )]
    Grouped {
        /// How decimals are written.
        decimal: Decimal,
    },
    /// The amount is finer than the currency.
    #[error("the amount has more decimal places than the currency")]
    TooPrecise,
    /// The amount is beyond `i64` minor units.
    #[error("the amount is too large")]
    AmountOutOfRange,
    /// The amount is negative, and the options say so is bad.
    #[error("the amount is negative")]
    Negative,
    /// The order is another customer's.
    #[error("the order id is that of another customer, on line {line}")]
    OrderOfAnother {
        /// Where the order was first seen.
        line: u64,
    },
    /// The order is of another day.
    #[error("the order id is that of another date, on line {line}")]
    OrderOnAnotherDay {
        /// Where the order was first seen.
        line: u64,
    },
    /// The order's sum is beyond `i64` minor units, or its rows are beyond `u32`.
    #[error("the sum of the order is too large")]
    SumOutOfRange,
    /// What the customer bought and returned comes to more than `i64` minor units.
    #[error("the amounts of the customer come to too much")]
    CustomerOutOfRange,
    /// A return, but the customer had bought nothing before, or the day of the order, or else the last
    /// day of purchase until then, does not hold as much any more.
    #[error("the amount is negative and the purchase day it comes back from does not hold as much")]
    NothingToReturn,
    /// The database cannot hold the customer's key.
    #[error("the customer is longer than {KEY_BYTES_MAX} bytes or has a control character in it")]
    UnfitCustomer,
    /// The order was imported before, from rows of another customer, or of this one by another key.
    #[error("the order is in the database for another customer")]
    RecordedOfAnother,
    /// The order was imported before, from other rows.
    #[error("the order is in the database with another amount")]
    OtherAmountRecorded,
    /// The order was imported before, from rows of another day.
    #[error("the order is in the database on another date")]
    OtherDayRecorded,
    /// A return of more than the database holds of its purchase day.
    #[error("the amount is negative and the database does not hold as much of its purchase day")]
    NothingRecordedToReturn,
    /// More than a ledger holds, taken together with what is in the database.
    #[error("with what is in the database the amounts of the customer come to too much")]
    RecordedOutOfRange,
    /// More customers or purchases than `u32` counts.
    #[error("the log has too many customers or purchases before this row")]
    TooMany,
}

const fn fields(count: usize) -> &'static str {
    if count == 1 { "field" } else { "fields" }
}

/// One row of CSV, without the end of line. Broken UTF-8 becomes U+FFFD.
pub(super) fn csv_row<'f>(fields: impl IntoIterator<Item = &'f [u8]>) -> Box<str> {
    let mut row = String::new();
    for (position, field) in fields.into_iter().enumerate() {
        if position > 0 {
            row.push(',');
        }
        push_field(&mut row, &String::from_utf8_lossy(field));
    }
    row.into_boxed_str()
}

/// By RFC 4180: quoted where needed, quotes doubled. By hand because a `csv::Writer` for each of a
/// million bad rows would allocate its buffers as often.
fn push_field(row: &mut String, field: &str) {
    if field.contains(['"', ',', '\r', '\n']) {
        row.push('"');
        row.push_str(&field.replace('"', "\"\""));
        row.push('"');
    } else {
        row.push_str(field);
    }
}

/// Writes the rejected rows to the file that the options name: line, reason, and the fields as they
/// were, so that a corrected row can be read again. Without rejects nothing is written, and an older file of the
/// default name is removed if it is one of ours, lest it be taken for this log's. Whether anything was
/// written is the answer.
///
/// # Errors
///
/// [`LogError::Overwrite`] if that file is the log, by whatever name; [`LogError::Write`] if it cannot
/// be written.
pub(crate) fn write_rejects(options: &Options, log: &Log) -> Result<bool, LogError> {
    let path = options.rejects_path();
    let failed = |source| LogError::Write { path: path.to_owned(), source };
    if log.rejects.is_empty() {
        if options.rejects.is_none() && is_rejects(path) {
            fs::remove_file(path).map_err(failed)?;
        }
        return Ok(false);
    }
    if is_same_file(path, options.log_path()) {
        return Err(LogError::Overwrite { path: path.to_owned() });
    }
    File::create(path).and_then(|file| write_to(BufWriter::new(file), log)).map_err(failed)?;
    Ok(true)
}

/// Whether the file begins as [`write_to`] begins one.
fn is_rejects(path: &Path) -> bool {
    let mut start = Vec::new();
    let length = u64::try_from(HEADER.len()).unwrap_or(u64::MAX);
    let read = File::open(path).and_then(|file| file.take(length).read_to_end(&mut start));
    read.is_ok() && start == HEADER.as_bytes()
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

pub(super) fn write_to(mut file: impl Write, log: &Log) -> io::Result<()> {
    writeln!(file, "{HEADER}{}", log.header)?;
    for Reject { line, reason, row, .. } in &log.rejects {
        let reason = csv_row([reason.to_string().as_bytes()]);
        writeln!(file, "{line},{reason},{row}")?;
    }
    file.flush()
}
