//! Reading a purchase log: a CSV file with a row for each purchase.
//!
//! Whatever cannot be read is an error that names line and column: a model fitted to half of a log would be a
//! model of something else. Only rows of a negative amount are left out, and counted: what comes back is no
//! purchase, and nobody can tell which one it takes away.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use csv::StringRecord;
use guanxi::Day;
use rust_decimal::Decimal;

/// How much of a value or of a header is shown where it is wrong.
const CHARS_SHOWN: usize = 40;

/// What a purchase log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Log {
    /// In order of their first appearance.
    pub(crate) customers: Vec<Customer>,
    /// Whether it has amounts.
    pub(crate) has_money: bool,
    /// Rows that are purchases.
    pub(crate) purchases: u64,
    /// Rows of a negative amount, which are left out.
    pub(crate) negative: u64,
    pub(crate) first_day: Day,
    pub(crate) last_day: Day,
}

/// A customer with its purchases, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Customer {
    pub(crate) key: Box<str>,
    /// Days, and what was paid; zero where the log has no amounts.
    pub(crate) purchases: Vec<(Day, Decimal)>,
}

/// A log cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LogError {
    #[error("there is no file `{}`", path.display())]
    Missing { path: PathBuf },
    #[error("`{}` is a folder, not a purchase log", path.display())]
    Folder { path: PathBuf },
    #[error("cannot read `{}`", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("`{}` is empty", path.display())]
    Empty { path: PathBuf },
    #[error("`{}` is not a CSV file: line {line} holds something else than text", path.display())]
    NotText { path: PathBuf, line: u64 },
    #[error("`{}` has no column `{column}`; its first line is `{header}`", path.display())]
    NoColumn { path: PathBuf, column: &'static str, header: String },
    #[error("`{}` has more than one column `{column}`", path.display())]
    TwoColumns { path: PathBuf, column: &'static str },
    #[error("`{}` names its columns but has no purchases", path.display())]
    NoPurchases { path: PathBuf },
    #[error("line {line} of `{}` has {found} fields, and its first line {expected}", path.display())]
    Fields { path: PathBuf, line: u64, found: usize, expected: usize },
    #[error("line {line} of `{}`, column `{column}`: {problem}", path.display())]
    Cell { path: PathBuf, line: u64, column: &'static str, problem: Problem },
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    #[error("there is no value")]
    Nothing,
    #[error("`{0}` is not a day such as 1997-01-31")]
    NotADay(String),
    #[error("`{0}` is not a plain decimal such as 1234.56")]
    NotAnAmount(String),
}

/// Reads the log at this path.
///
/// # Errors
///
/// [`LogError`], at the first line that cannot be read.
pub(crate) fn read(path: &Path) -> Result<Log, LogError> {
    let bytes = fs::read(path).map_err(|error| from_read(path, error))?;
    read_from(&bytes, path)
}

/// Where the columns are.
struct Columns {
    customer: usize,
    date: usize,
    amount: Option<usize>,
    count: usize,
}

const CUSTOMER: &str = "customer_id";
const DATE: &str = "date";
const AMOUNT: &str = "amount";

fn read_from(bytes: &[u8], path: &Path) -> Result<Log, LogError> {
    let text = text(bytes, path)?;
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut row = StringRecord::new();
    // Neither reading from memory nor a row of any length can fail.
    let mut read = |row: &mut StringRecord| reader.read_record(row).unwrap_or(false);

    if text.trim().is_empty() || !read(&mut row) {
        return Err(LogError::Empty { path: path.to_owned() });
    }
    let columns = columns(&row, path)?;
    let mut building = Building::default();
    while read(&mut row) {
        // Nothing but spaces is a blank line to whoever looks at it.
        let is_blank = row.len() == 1 && row.iter().all(|field| field.trim().is_empty());
        if !is_blank {
            building.take(&row, &columns).map_err(|wrong| wrong.at(line(text, &row), path))?;
        }
    }
    building.log(columns.amount.is_some()).ok_or(LogError::NoPurchases { path: path.to_owned() })
}

/// The whole file as text, without a mark of the byte order. A file of a million rows is small.
fn text<'b>(bytes: &'b [u8], path: &Path) -> Result<&'b str, LogError> {
    let not_text = |at: usize| {
        let line = line_at(bytes, at);
        LogError::NotText { path: path.to_owned(), line }
    };
    let text = str::from_utf8(bytes).map_err(|error| not_text(error.valid_up_to()))?;
    match text.find('\0') {
        // Binary data have it soon, and no text does.
        Some(at) => Err(not_text(at)),
        None => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
    }
}

/// The line that a row begins on, from 1. The reader's own count is of where it began to look, which may be
/// blank lines before.
fn line(text: &str, row: &StringRecord) -> u64 {
    let from = row.position().map_or(0, csv::Position::byte);
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    line_at(text.as_bytes(), from.saturating_add(blank))
}

fn line_at(bytes: &[u8], at: usize) -> u64 {
    let ends = bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
    u64::try_from(ends).unwrap_or(u64::MAX).saturating_add(1)
}

fn columns(header: &StringRecord, path: &Path) -> Result<Columns, LogError> {
    let find = |column: &'static str| {
        let is_it = |(_, name): &(usize, &str)| name.trim().eq_ignore_ascii_case(column);
        let mut found = header.iter().enumerate().filter(is_it).map(|(place, _)| place);
        match (found.next(), found.next()) {
            (place, None) => Ok(place),
            (_, Some(_)) => Err(LogError::TwoColumns { path: path.to_owned(), column }),
        }
    };
    let needed = |column| {
        let header = || shown(&header.iter().collect::<Vec<_>>().join(","));
        let path = path.to_owned();
        find(column)?.ok_or_else(|| LogError::NoColumn { path, column, header: header() })
    };
    let (customer, date) = (needed(CUSTOMER)?, needed(DATE)?);
    Ok(Columns { customer, date, amount: find(AMOUNT)?, count: header.len() })
}

/// What is wrong with a row.
enum Wrong {
    Fields { found: usize, expected: usize },
    Cell { column: &'static str, problem: Problem },
}

impl Wrong {
    fn at(self, line: u64, path: &Path) -> LogError {
        let path = path.to_owned();
        match self {
            Self::Fields { found, expected } => LogError::Fields { path, line, found, expected },
            Self::Cell { column, problem } => LogError::Cell { path, line, column, problem },
        }
    }
}

/// A log as far as it is read.
#[derive(Default)]
struct Building {
    customers: Vec<Customer>,
    places: HashMap<Box<str>, usize>,
    days: Option<(Day, Day)>,
    purchases: u64,
    negative: u64,
}

impl Building {
    fn take(&mut self, row: &StringRecord, columns: &Columns) -> Result<(), Wrong> {
        let (found, expected) = (row.len(), columns.count);
        if found != expected {
            return Err(Wrong::Fields { found, expected });
        }
        let wrong = |column, problem| Wrong::Cell { column, problem };
        let cell = |place, column| {
            let value = row.get(place).map(str::trim).filter(|value| !value.is_empty());
            value.ok_or_else(|| wrong(column, Problem::Nothing))
        };
        let key = cell(columns.customer, CUSTOMER)?;
        let date = cell(columns.date, DATE)?;
        let day = date.parse().map_err(|_| wrong(DATE, Problem::NotADay(shown(date))))?;
        let amount = match columns.amount {
            None => Decimal::ZERO,
            Some(place) => {
                let value = cell(place, AMOUNT)?;
                amount(value).ok_or_else(|| wrong(AMOUNT, Problem::NotAnAmount(shown(value))))?
            }
        };
        if amount.is_sign_negative() && !amount.is_zero() {
            self.negative = self.negative.saturating_add(1);
        } else {
            self.add(key, day, amount);
        }
        Ok(())
    }

    fn add(&mut self, key: &str, day: Day, amount: Decimal) {
        let place = match self.places.get(key) {
            Some(place) => *place,
            None => {
                self.places.insert(key.into(), self.customers.len());
                self.customers.push(Customer { key: key.into(), purchases: Vec::new() });
                self.customers.len().saturating_sub(1)
            }
        };
        if let Some(customer) = self.customers.get_mut(place) {
            customer.purchases.push((day, amount));
        }
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
        self.purchases = self.purchases.saturating_add(1);
    }

    fn log(self, has_money: bool) -> Option<Log> {
        let (first_day, last_day) = self.days?;
        let Self { customers, purchases, negative, .. } = self;
        Some(Log { customers, has_money, purchases, negative, first_day, last_day })
    }
}

/// An amount as it is written, to the last digit. Twelve digits before the point leave room to add up as many
/// rows as there are.
fn amount(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    let is_plain = is_number(whole) && is_number(fraction);
    (is_plain && whole.len() <= 12 && fraction.len() <= 6).then(|| text.parse().ok())?
}

/// Text of a log, made fit to be shown.
pub(crate) fn shown(text: &str) -> String {
    let visible = |it: char| if it.is_control() { '\u{fffd}' } else { it };
    if text.chars().nth(CHARS_SHOWN).is_none() {
        return text.chars().map(visible).collect();
    }
    let kept = text.chars().take(CHARS_SHOWN.saturating_sub(1)).map(visible);
    kept.chain(['…']).collect()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the rest is for the system to explain")]
fn from_read(path: &Path, source: io::Error) -> LogError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => LogError::Missing { path },
        io::ErrorKind::IsADirectory => LogError::Folder { path },
        _ => LogError::Read { path, source },
    }
}

#[cfg(test)]
mod tests;
