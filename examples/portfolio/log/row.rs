//! One row of the file, judged by itself.

use std::str;

use csv::ByteRecord;
use guanxi::Day;

use super::layout::Layout;
use super::record::split_line;
use super::{Reason, cell};
use crate::options::{Negative, Options};

/// A row without fault, as far as it can be told without the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row<'r> {
    pub(super) customer: &'r str,
    pub(super) day: Day,
    pub(super) amount_minor: i64,
    /// Never empty.
    pub(super) order: Option<&'r str>,
}

/// A row, and its amount if that could be read, whatever else is wrong: a total of what was left out
/// is worth as much as the rows themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Judged<'r> {
    pub(super) amount_minor: Option<i64>,
    pub(super) row: Result<Row<'r>, Reason>,
}

/// Judges a row. The faults are looked for in the order of [`Reason`].
pub(super) fn judge<'r>(record: &'r ByteRecord, layout: &Layout, options: &Options) -> Judged<'r> {
    if let Err(reason) = whole(record, layout) {
        return Judged { amount_minor: None, row: Err(reason) };
    }
    let amount_minor = amount(record, layout, options);
    let row = fields(record, layout, options, amount_minor);
    Judged { amount_minor: amount_minor.ok(), row }
}

/// Whether the row as a whole can be trusted to mean what its fields say.
fn whole(record: &ByteRecord, layout: &Layout) -> Result<(), Reason> {
    // Field by field, since a character cut in two by a delimiter is whole again in the slice.
    let is_utf8 =
        record.as_slice().is_ascii() || record.iter().all(|field| str::from_utf8(field).is_ok());
    if !is_utf8 {
        return Err(Reason::NotUtf8);
    }
    let (found, expected) = (record.len(), layout.columns);
    if found == expected { Ok(()) } else { Err(Reason::FieldCount { found, expected }) }
}

/// Whether a row of several lines seems to have swallowed others: a line after its first is as long as
/// a row and has a date where the date belongs. The last line is none if it has a delimiter only after
/// the quote that ends the first field of the row.
pub(super) fn swallows<'l>(
    lines: impl Iterator<Item = &'l [u8]>,
    layout: &Layout,
    options: &Options,
) -> bool {
    let mut record = ByteRecord::new();
    let mut lines = lines.skip(1).peekable();
    while let Some(line) = lines.next() {
        let is_inside = |&byte: &u8| byte == layout.delimiter || byte == b'"';
        let ends_first_field =
            lines.peek().is_none() && line.iter().find(|byte| is_inside(byte)) == Some(&b'"');
        split_line(line, layout.delimiter, &mut record);
        let is_row = whole(&record, layout).is_ok()
            && cell::day(text(&record, layout.date), options.date_format).is_ok();
        if is_row && !ends_first_field {
            return true;
        }
    }
    false
}

fn amount(record: &ByteRecord, layout: &Layout, options: &Options) -> Result<i64, Reason> {
    let base = layout.base;
    if let Some(column) = layout.currency {
        let found = cell::currency(text(record, column), base)?;
        if found != base {
            return Err(Reason::OtherCurrency { found, base });
        }
    }
    cell::amount_minor(text(record, layout.amount), base, options.decimal)
}

fn fields<'r>(
    record: &'r ByteRecord,
    layout: &Layout,
    options: &Options,
    amount_minor: Result<i64, Reason>,
) -> Result<Row<'r>, Reason> {
    let customer = text(record, layout.customer);
    if customer.is_empty() {
        return Err(Reason::NoCustomer);
    }
    let day = cell::day(text(record, layout.date), options.date_format)?;
    if options.today.is_some_and(|today| day > today) {
        return Err(Reason::AfterToday);
    }
    let amount_minor = amount_minor?;
    if amount_minor < 0 && options.negative == Negative::Reject {
        return Err(Reason::Negative);
    }
    let order = layout.order.map(|column| text(record, column)).filter(|order| !order.is_empty());
    Ok(Row { customer, day, amount_minor, order })
}

/// The field of a row that is whole, without the spaces around it.
fn text(record: &ByteRecord, column: usize) -> &str {
    record.get(column).and_then(|field| str::from_utf8(field).ok()).unwrap_or_default().trim()
}
