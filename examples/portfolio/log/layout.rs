//! What the head of a file tells: whether it is a log at all, and where its columns are.

use std::path::Path;

use csv::ByteRecord;
use guanxi::Currency;

use super::error::{Columns, Kind, Missing};
use super::record::{Records, Shape};
use super::reject::csv_row;
use super::{LogError, cell};
use crate::options::Options;

/// Tried in this order, so that the usual one wins a tie.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The columns that need not be there unless an option names one.
const CURRENCY: &str = "currency";
const ORDER: &str = "order_id";

/// How to read the rows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    /// The names of the columns, as one row of CSV.
    pub(super) header: Box<str>,
    /// How many columns there are.
    pub(super) columns: usize,
    pub(super) customer: usize,
    pub(super) date: usize,
    pub(super) amount: usize,
    pub(super) currency: Option<usize>,
    /// The currency of the base, which every amount must be in.
    pub(super) base: Currency,
    pub(super) order: Option<usize>,
}

impl Layout {
    /// The layout of the file that begins with these bytes.
    pub(super) fn detect(head: &[u8], options: &Options) -> Result<Self, LogError> {
        let path = options.log_path();
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        if text.iter().all(u8::is_ascii_whitespace) {
            return Err(LogError::Empty { path: path.to_owned() });
        }
        let not_a_log = |kind| LogError::NotALog { path: path.to_owned(), kind };
        if let Some(kind) = kind_of_bytes(text) {
            return Err(not_a_log(kind));
        }
        let delimiter = options.delimiter.unwrap_or_else(|| delimiter(text, options));
        let record = first_record(text, delimiter);
        let names = names(&record).map_err(not_a_log)?;
        let found = Self::find(delimiter, &names, options).map_err(|error| {
            // Only text without the columns can be some other kind of text.
            let missing = matches!(error, LogError::NoColumn { .. });
            match kind_of_text(text) {
                Some(kind) if missing => not_a_log(kind),
                _ if missing && names.iter().any(|name| is_data(name, options)) => {
                    LogError::NoHeader { path: path.to_owned() }
                }
                _ => error,
            }
        })?;
        let base = options.currency.or_else(|| base(text, delimiter, found.currency?));
        Ok(Self { base: base.unwrap_or(found.base), ..found })
    }

    fn find(delimiter: u8, names: &[Box<str>], options: &Options) -> Result<Self, LogError> {
        let path = options.log_path();
        let mut missing = Vec::new();
        let mut needed = |name: &str, option: &'static str| {
            let found = column(names, name, path)?;
            if found.is_none() {
                missing.push((name.to_owned(), option));
            }
            Ok(found)
        };
        let customer = needed(&options.customer_column, "--customer-column")?;
        let date = needed(&options.date_column, "--date-column")?;
        let amount = needed(&options.amount_column, "--amount-column")?;
        let mut optional = |asked: Option<&str>, usual: &str, option: &'static str| match asked {
            Some(name) => needed(name, option),
            None => column(names, usual, path),
        };
        let currency = options.currency_column.as_deref();
        let currency = optional(currency, CURRENCY, "--currency-column")?;
        let order = optional(options.order_column.as_deref(), ORDER, "--order-column")?;
        let (Some(customer), Some(date), Some(amount), true) =
            (customer, date, amount, missing.is_empty())
        else {
            let (missing, columns) = (Missing(missing), Columns(names.to_vec()));
            return Err(LogError::NoColumn { path: path.to_owned(), missing, columns });
        };
        Ok(Self {
            delimiter,
            header: csv_row(names.iter().map(|name| name.as_bytes())),
            columns: names.len(),
            customer,
            date,
            amount,
            currency,
            base: Currency::USD,
            order,
        })
    }
}

/// Where the column of this name is: spelled so, or else so but for upper and lower case.
fn column(names: &[Box<str>], name: &str, path: &Path) -> Result<Option<usize>, LogError> {
    let same_case = |other: &str| other == name;
    let any_case = |other: &str| other.eq_ignore_ascii_case(name);
    for is_same in [&same_case as &dyn Fn(&str) -> bool, &any_case] {
        let mut found = names.iter().enumerate().filter(|(_, other)| is_same(other));
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => {
                return Err(LogError::TwoColumns {
                    path: path.to_owned(),
                    column: name.to_owned(),
                });
            }
            (Some((position, _)), None) => return Ok(Some(position)),
            (None, _) => {}
        }
    }
    Ok(None)
}

/// The delimiter that makes the needed columns appear; failing that, the one that makes most columns.
fn delimiter(text: &[u8], options: &Options) -> u8 {
    let needed = [&options.customer_column, &options.date_column, &options.amount_column];
    let score = |&delimiter: &u8| {
        let record = first_record(text, delimiter);
        let is_there = |name: &str| {
            record.iter().any(|field| field.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
        };
        (needed.iter().filter(|name| is_there(name)).count(), record.len())
    };
    // The last of equals is the largest, so the usual delimiter comes last.
    DELIMITERS.into_iter().rev().max_by_key(score).unwrap_or(b',')
}

/// The currency that most rows of the head are in; of equally many, the one that comes first.
fn base(text: &[u8], delimiter: u8, column: usize) -> Option<Currency> {
    let mut counts: Vec<(Currency, u32)> = Vec::new();
    for record in records(text, delimiter).skip(1) {
        let cell = record.get(column).and_then(|field| str::from_utf8(field).ok());
        let Some(currency) = cell.and_then(cell::known_currency) else { continue };
        match counts.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => counts.push((currency, 1)),
        }
    }
    // The last of equals is the largest, so the first one comes last.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(currency, _)| currency)
}

fn first_record(text: &[u8], delimiter: u8) -> ByteRecord {
    records(text, delimiter).next().unwrap_or_default()
}

/// The records of a text in memory, which cannot fail to be read. Beyond the header, where names may
/// have ends of line, those of several lines are left out: they may be a quote that is not closed.
fn records(text: &[u8], delimiter: u8) -> impl Iterator<Item = ByteRecord> {
    let mut records = Records::new(text, delimiter);
    let mut is_header = true;
    std::iter::from_fn(move || {
        let mut record = ByteRecord::new();
        let shape = records.next(&mut record).ok()??;
        if shape == Shape::Lines && !std::mem::take(&mut is_header) {
            records.decline(&mut record);
        }
        is_header = false;
        Some(record)
    })
}

/// The names of the columns, without the spaces around them.
fn names(record: &ByteRecord) -> Result<Vec<Box<str>>, Kind> {
    let is_control = |&byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    if record.as_slice().iter().any(is_control) {
        return Err(Kind::Binary);
    }
    let name = |field| str::from_utf8(field).map(|name: &str| name.trim().into());
    record.iter().map(name).collect::<Result<_, _>>().map_err(|_| Kind::NotUtf8)
}

/// Files that begin with a mark of their own.
fn kind_of_bytes(head: &[u8]) -> Option<Kind> {
    let marks: [(&[u8], Kind); 9] = [
        (b"\x1f\x8b", Kind::Compressed),
        (b"BZh", Kind::Compressed),
        (b"\xfd7zXZ", Kind::Compressed),
        (b"\x28\xb5\x2f\xfd", Kind::Compressed),
        (b"PK\x03\x04", Kind::Spreadsheet),
        (b"\xd0\xcf\x11\xe0", Kind::Spreadsheet),
        (b"%PDF-", Kind::Pdf),
        (b"\xff\xfe", Kind::Utf16),
        (b"\xfe\xff", Kind::Utf16),
    ];
    marks.into_iter().find(|(mark, _)| head.starts_with(mark)).map(|(_, kind)| kind)
}

/// Text that begins as a log hardly does.
fn kind_of_text(head: &[u8]) -> Option<Kind> {
    match head.trim_ascii_start() {
        [b'<', ..] => Some(Kind::Markup),
        [b'{' | b'[', ..] => Some(Kind::Json),
        _ => None,
    }
}

/// Whether a name is a date or an amount, which no column is called.
fn is_data(name: &str, options: &Options) -> bool {
    cell::day(name, options.date_format).is_ok()
        || cell::amount_minor(name, Currency::USD, options.decimal).is_ok()
}
