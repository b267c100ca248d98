//! The command line of the example: what was asked, or one sentence on why it cannot be.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use guanxi::explain::Language;
use guanxi::{Currency, Day};
use lexopt::Arg;

/// The log that is read when none is named: the CDNOW sample that comes with the library.
const BUNDLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow_transactions.csv");

/// Where bad rows go when no file is named; in the working folder, because the folder of the log may
/// well be read-only.
const REJECTS: &str = "portfolio-rejects.csv";

/// Where the customers are kept when no file is named.
const DATABASE: &str = "guanxi-portfolio.db";

/// Where those of the sample are: they must not come among anybody's own.
const SAMPLE_DATABASE: &str = "guanxi-sample.db";

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Imports a purchase log into a database and shows what the library makes of its customers.

Usage: portfolio [OPTIONS] [LOG]

LOG is a CSV file with a header line and one purchase per row; the rows may be in any order.
Without it, the CDNOW sample of the library is read; unless `--db` names a database that has
customers in it: then nothing is imported, and they are reported of as they are.

The log:
  --customer-column NAME  column of the customer's key [default: customer_id]
  --date-column NAME      column of the date [default: date]
  --amount-column NAME    column of the amount [default: amount]
  --currency-column NAME  column of the currency code [default: `currency`, if there is one]
  --order-column NAME     column of the order id [default: `order_id`, if there is one]; rows of
                          one order, customer and day are summed into one purchase
  --currency CODE         currency of the amounts; a row in another is rejected [default: the
                          most frequent one at the top of the currency column, else USD]
  --delimiter CHAR        `,`, `;`, `|` or `tab` [default: found from the header]
  --date-format ORDER     `ymd`, `dmy` (31.12.2020) or `mdy` (12/31/2020) [default: ymd]
  --decimal MARK          `point` (1234.56) or `comma` (1234,56 or 1.234,56) [default: point]

The database:
  --db FILE               where the customers are kept, those of earlier logs too; made if there is
                          none. A purchase that is in it already is not imported again: what was
                          interrupted goes on with the same command, and a longer log adds what is
                          new. Without LOG, one with customers is reported of and not written to
                          [default: guanxi-portfolio.db; guanxi-sample.db for the sample]
  --verify                check everything that the database keeps of its customers

Bad rows:
  --negative HOW          `reject` negative amounts, or take each as a `return`: of the order that
                          its order id names, if it is of an earlier day and the same customer,
                          else of the latest purchase day until then; one that is more than that
                          day holds by this log is rejected, not spread over others
                          [default: reject]
  --strict                refuse the whole log if one row is bad, or clashes with the database;
                          the bad rows are written
  --rejects FILE          where bad rows go, with line and reason; written only if there are
                          any, else an older file of the default name is removed
                          [default: portfolio-rejects.csv]

Time:
  --today DAY             reject purchases after this day [default: the day of the last purchase in
                          the log, or the day that the database was taken to if that is later or
                          nothing is imported]
  --as-of DAY             judge the customers as they stood on this day; the database stays where it
                          is [default: today]

Output:
  --lang LANGUAGE         `en` or `zh` [default: en]
  --top N                 customers shown per list [default: 10]
  --json FILE             write the answers as JSON, too
  -h, --help              show this text

Dates in the log are written 1997-01-31, 1997/1/31, 1997.1.31 or 19970131, unless `--date-format`
says otherwise; a time of day after them is ignored. Amounts are plain decimals such as 1234.56,
unless `--decimal` says otherwise. Days on the command line: 1997-01-31.
";

/// What to do with a negative amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Negative {
    /// The row is bad.
    #[default]
    Reject,
    /// The amount comes back from an earlier purchase of the customer.
    Return,
}

/// The order of the parts of a date in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum DateFormat {
    /// Year, month, day.
    #[default]
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

impl DateFormat {
    /// Dates that are read.
    pub(crate) const fn example(self) -> &'static str {
        match self {
            Self::Ymd => "1997-01-31, 19970131 or 1997/1/31",
            Self::Dmy => "31.01.1997 or 31/1/1997",
            Self::Mdy => "01/31/1997 or 1-31-1997",
        }
    }
}

/// What stands before the decimals of an amount in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Decimal {
    /// A point; thousands are not separated.
    #[default]
    Point,
    /// A comma; points may separate thousands.
    Comma,
}

impl Decimal {
    /// An amount that is read.
    pub(crate) const fn example(self) -> &'static str {
        match self {
            Self::Point => "1234.56",
            Self::Comma => "1234,56 or 1.234,56",
        }
    }
}

/// Everything that can be set from the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    /// The purchase log; the bundled sample if not named, or none at all if the database is. See
    /// [`log_path`](Self::log_path) and [`db_alone`](Self::db_alone).
    pub(crate) log: Option<PathBuf>,
    /// Name of the column with the customer's key.
    pub(crate) customer_column: String,
    /// Name of the column with the date of purchase.
    pub(crate) date_column: String,
    /// Name of the column with the amount, in units of the currency.
    pub(crate) amount_column: String,
    /// Name of the column with the currency code; if not given, `currency` is used where it exists.
    pub(crate) currency_column: Option<String>,
    /// Name of the column with the order id; if not given, `order_id` is used where it exists.
    pub(crate) order_column: Option<String>,
    /// The currency of the base, which every amount must be in; found in the log if not given.
    pub(crate) currency: Option<Currency>,
    /// The byte between two fields; found from the header line if not given.
    pub(crate) delimiter: Option<u8>,
    /// How the dates of the log are written.
    pub(crate) date_format: DateFormat,
    /// How the amounts of the log are written.
    pub(crate) decimal: Decimal,
    /// Where the customers are kept. See [`db_path`](Self::db_path).
    pub(crate) db: Option<PathBuf>,
    /// Whether to check everything that is kept.
    pub(crate) verify: bool,
    /// What to do with a negative amount.
    pub(crate) negative: Negative,
    /// Whether one bad row refuses the log.
    pub(crate) strict: bool,
    /// The last day a purchase may have; the day of the last purchase if not given.
    pub(crate) today: Option<Day>,
    /// The day the customers are judged at; today if not given. Never after `today`.
    pub(crate) as_of: Option<Day>,
    /// The language of the report.
    pub(crate) language: Language,
    /// Where the answers go as JSON, if anywhere.
    pub(crate) json: Option<PathBuf>,
    /// Where bad rows go. See [`rejects_path`](Self::rejects_path).
    pub(crate) rejects: Option<PathBuf>,
    /// How many customers each list shows.
    pub(crate) moves: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            log: None,
            customer_column: "customer_id".to_owned(),
            date_column: "date".to_owned(),
            amount_column: "amount".to_owned(),
            currency_column: None,
            order_column: None,
            currency: None,
            delimiter: None,
            date_format: DateFormat::default(),
            decimal: Decimal::default(),
            db: None,
            verify: false,
            negative: Negative::default(),
            strict: false,
            today: None,
            as_of: None,
            language: Language::default(),
            json: None,
            rejects: None,
            moves: 10,
        }
    }
}

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Request {
    /// Read the log and report.
    Run(Box<Options>),
    /// Print [`HELP`] and end well.
    Help,
}

/// The command line cannot be followed. The program ends with [`EXIT`](Self::EXIT).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum OptionError {
    /// No option has this name.
    #[error("there is no option `{name}`; `--help` lists them all")]
    Unknown {
        /// As written, with its dashes.
        name: String,
    },
    /// The option stands alone.
    #[error("`{name}` needs a value")]
    NeedsValue {
        /// With its dashes.
        name: String,
    },
    /// The option is a switch.
    #[error("`{name}` takes no value")]
    TakesNoValue {
        /// With its dashes.
        name: String,
    },
    /// The value is of another kind.
    #[error("`{name}` must be {expected}, not `{value}`")]
    BadValue {
        /// With its dashes.
        name: String,
        /// As written.
        value: String,
        /// What it should have been.
        expected: &'static str,
    },
    /// Two files to read.
    #[error("one log at a time: `{value}` is a second one")]
    SecondLog {
        /// The second one.
        value: String,
    },
    /// The customers cannot be judged at a day that has not come.
    #[error("`--as-of` {as_of} is after `--today` {today}")]
    AsOfAfterToday {
        /// The day asked for.
        as_of: Day,
        /// The last day there is.
        today: Day,
    },
    /// Two of the files are one.
    #[error("`{name}` names a file that is in use already")]
    SameFile {
        /// With its dashes.
        name: &'static str,
    },
}

impl OptionError {
    /// The exit code of a command line that cannot be followed.
    pub(crate) const EXIT: u8 = 2;
}

impl Options {
    /// Reads the arguments, without the program's own name. Each value may follow its option as the
    /// next argument or after `=`; of an option given twice, the last counts.
    ///
    /// # Errors
    ///
    /// [`OptionError`], at the first argument that cannot be followed.
    pub(crate) fn parse<I>(arguments: I) -> Result<Request, OptionError>
    where
        I: IntoIterator<Item = OsString>,
        I::IntoIter: 'static,
    {
        let mut parser = lexopt::Parser::from_args(arguments);
        let mut options = Self::default();
        loop {
            let name = match parser.next().map_err(|error| refused(&error))? {
                None => break,
                Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Request::Help),
                Some(Arg::Short(letter)) => {
                    return Err(OptionError::Unknown { name: format!("-{letter}") });
                }
                Some(Arg::Long(name)) => format!("--{name}"),
                Some(Arg::Value(log)) => {
                    options.set_log(log)?;
                    continue;
                }
            };
            match name.as_str() {
                "--strict" => options.strict = true,
                "--verify" => options.verify = true,
                _ => options.set(Given { name, parser: &mut parser })?,
            }
        }
        options.check()?;
        Ok(Request::Run(Box::new(options)))
    }

    /// The log to read.
    #[must_use]
    pub(crate) fn log_path(&self) -> &Path {
        self.log.as_deref().unwrap_or(Path::new(BUNDLED))
    }

    /// The file for bad rows, which is made only if there are any.
    #[must_use]
    pub(crate) fn rejects_path(&self) -> &Path {
        self.rejects.as_deref().unwrap_or(Path::new(REJECTS))
    }

    /// The database.
    #[must_use]
    pub(crate) fn db_path(&self) -> &Path {
        let unless_named = if self.log.is_some() { DATABASE } else { SAMPLE_DATABASE };
        self.db.as_deref().unwrap_or(Path::new(unless_named))
    }

    /// The database, if it is all that is named. The sample must not come into one that has customers
    /// in it already: whoever names it asks for those.
    #[must_use]
    pub(crate) fn db_alone(&self) -> Option<&Path> {
        self.db.as_deref().filter(|_| self.log.is_none())
    }

    fn set_log(&mut self, log: OsString) -> Result<(), OptionError> {
        if self.log.is_some() {
            return Err(OptionError::SecondLog { value: log.to_string_lossy().into_owned() });
        }
        self.log = Some(log.into());
        Ok(())
    }

    fn set(&mut self, mut given: Given<'_>) -> Result<(), OptionError> {
        const DAY: &str = "a day such as 1997-01-31";
        match given.name.as_str() {
            "--customer-column" => self.customer_column = given.column()?,
            "--date-column" => self.date_column = given.column()?,
            "--amount-column" => self.amount_column = given.column()?,
            "--currency-column" => self.currency_column = Some(given.column()?),
            "--order-column" => self.order_column = Some(given.column()?),
            "--currency" => {
                let expected = "a currency code such as USD";
                let code = given.text(expected, |code| code.to_ascii_uppercase().parse().ok())?;
                self.currency = Some(code);
            }
            "--delimiter" => {
                self.delimiter = Some(given.text("`,`, `;`, `|` or `tab`", delimiter)?);
            }
            "--date-format" => {
                self.date_format = given.text("`ymd`, `dmy` or `mdy`", date_format)?;
            }
            "--decimal" => self.decimal = given.text("`point` or `comma`", decimal)?,
            "--db" => self.db = Some(given.value()?.into()),
            "--negative" => self.negative = given.text("`reject` or `return`", negative)?,
            "--today" => self.today = Some(given.text(DAY, |day| day.parse().ok())?),
            "--as-of" => self.as_of = Some(given.text(DAY, |day| day.parse().ok())?),
            "--lang" => self.language = given.text("`en` or `zh`", language)?,
            "--top" => self.moves = given.text("a whole number", |count| count.parse().ok())?,
            "--json" => self.json = Some(given.value()?.into()),
            "--rejects" => self.rejects = Some(given.value()?.into()),
            _ => return Err(OptionError::Unknown { name: given.name }),
        }
        Ok(())
    }

    /// What no single option can see. The files are compared by name here; [`files`](crate::files) and
    /// `write_rejects` compare what the names lead to.
    fn check(&self) -> Result<(), OptionError> {
        if let (Some(as_of), Some(today)) = (self.as_of, self.today)
            && as_of > today
        {
            return Err(OptionError::AsOfAfterToday { as_of, today });
        }
        if self.rejects_path() == self.log_path() {
            return Err(OptionError::SameFile { name: "--rejects" });
        }
        if [self.log_path(), self.rejects_path()].contains(&self.db_path()) {
            return Err(OptionError::SameFile { name: "--db" });
        }
        match self.json.as_deref() {
            Some(json)
                if [self.log_path(), self.rejects_path(), self.db_path()].contains(&json) =>
            {
                Err(OptionError::SameFile { name: "--json" })
            }
            _ => Ok(()),
        }
    }
}

/// An option of which only the name has been read.
struct Given<'p> {
    name: String,
    parser: &'p mut lexopt::Parser,
}

impl Given<'_> {
    /// The value, which an option that was forgotten must not swallow: `--json --strict` asks for
    /// strictness and names no file. A file of such a name can be given after `=`.
    fn value(&mut self) -> Result<OsString, OptionError> {
        if let Some(value) = self.parser.optional_value() {
            return self.filled(value);
        }
        match self.parser.value() {
            Ok(value) if !value.as_encoded_bytes().starts_with(b"--") => self.filled(value),
            _ => Err(OptionError::NeedsValue { name: self.name.clone() }),
        }
    }

    fn filled(&self, value: OsString) -> Result<OsString, OptionError> {
        if value.is_empty() {
            return Err(OptionError::NeedsValue { name: self.name.clone() });
        }
        Ok(value)
    }

    fn text<T>(
        mut self,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, OptionError> {
        let value = self.value()?;
        value.to_str().and_then(read).ok_or_else(|| OptionError::BadValue {
            name: self.name,
            value: value.to_string_lossy().into_owned(),
            expected,
        })
    }

    fn column(self) -> Result<String, OptionError> {
        self.text("the name of a column", |name| {
            let name = name.trim();
            (!name.is_empty()).then(|| name.to_owned())
        })
    }
}

fn delimiter(text: &str) -> Option<u8> {
    match text {
        "tab" | "\t" => Some(b'\t'),
        "," => Some(b','),
        ";" => Some(b';'),
        "|" => Some(b'|'),
        _ => None,
    }
}

fn negative(text: &str) -> Option<Negative> {
    match text {
        "reject" => Some(Negative::Reject),
        "return" => Some(Negative::Return),
        _ => None,
    }
}

fn date_format(text: &str) -> Option<DateFormat> {
    match text {
        "ymd" => Some(DateFormat::Ymd),
        "dmy" => Some(DateFormat::Dmy),
        "mdy" => Some(DateFormat::Mdy),
        _ => None,
    }
}

fn decimal(text: &str) -> Option<Decimal> {
    match text {
        "point" => Some(Decimal::Point),
        "comma" => Some(Decimal::Comma),
        _ => None,
    }
}

fn language(text: &str) -> Option<Language> {
    match text {
        "en" => Some(Language::English),
        "zh" => Some(Language::Chinese),
        _ => None,
    }
}

/// The only thing that can go wrong between two arguments is a value after a switch.
fn refused(error: &lexopt::Error) -> OptionError {
    if let lexopt::Error::UnexpectedValue { option, .. } = error {
        return OptionError::TakesNoValue { name: option.clone() };
    }
    OptionError::Unknown { name: error.to_string() }
}

#[cfg(test)]
mod tests;
