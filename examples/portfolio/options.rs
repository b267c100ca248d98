//! The command line of the example: what was asked, or one sentence on why it cannot be.

mod error;
mod format;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use guanxi::explain::Language;
use guanxi::{Currency, Day};
use lexopt::Arg;

pub(crate) use error::OptionError;
pub(crate) use format::{DateFormat, Decimal, Negative};
use format::{date_format, decimal, delimiter, negative};

use crate::output::Kind;

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
pub(crate) const HELP: &str = include_str!("options/help.txt");

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
    /// The policy document to judge by; the database's own if not given.
    pub(crate) policy: Option<PathBuf>,
    /// The one customer to explain instead of the report, by key or id.
    pub(crate) explain: Option<String>,
    /// Where the answers go as JSON, if anywhere.
    pub(crate) json: Option<PathBuf>,
    /// Where the table of customers goes, if anywhere.
    pub(crate) csv: Option<PathBuf>,
    /// Where the report goes as a page, if anywhere.
    pub(crate) html: Option<PathBuf>,
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
            policy: None,
            explain: None,
            json: None,
            csv: None,
            html: None,
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

    /// What is written beside the report, and where to.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = (Kind, &Path)> {
        let named = [(Kind::Json, &self.json), (Kind::Csv, &self.csv), (Kind::Html, &self.html)];
        named.into_iter().filter_map(|(kind, path)| Some((kind, path.as_deref()?)))
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
            "--policy" => self.policy = Some(given.value()?.into()),
            "--explain" => {
                let expected = "the key or the id of a customer";
                self.explain = Some(given.text(expected, |key| Some(key.to_owned()))?);
            }
            "--json" => self.json = Some(given.value()?.into()),
            "--csv" => self.csv = Some(given.value()?.into()),
            "--html" => self.html = Some(given.value()?.into()),
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
        let read = [Some(self.log_path()), self.policy.as_deref()];
        if read.contains(&Some(self.rejects_path())) {
            return Err(OptionError::SameFile { name: "--rejects" });
        }
        if read.contains(&Some(self.db_path())) || self.db_path() == self.rejects_path() {
            return Err(OptionError::SameFile { name: "--db" });
        }
        let mut taken = read.into_iter().flatten().collect::<Vec<_>>();
        taken.extend([self.rejects_path(), self.db_path()]);
        for (kind, path) in self.outputs() {
            if taken.contains(&path) {
                return Err(OptionError::SameFile { name: kind.option() });
            }
            taken.push(path);
        }
        Ok(())
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
