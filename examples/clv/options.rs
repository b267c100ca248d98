//! The command line of the example: what was asked, or one sentence on why it cannot be.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use guanxi::Day;
use guanxi::explain::Language;
use lexopt::Arg;

/// What `--help` prints.
pub(crate) const HELP: &str = include_str!("options/help.txt");

/// The log that comes with the library, from whichever folder the example is run.
pub(crate) const SAMPLE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow_transactions.csv");

/// The last day that was learned from when models were tried on the sample.
const SAMPLE_CALIBRATION_END: (i32, u32, u32) = (1997, 9, 30);

const DISCOUNT_PERCENT: f64 = 1.0;
const TOP: usize = 10;

/// More customers than that nobody reads.
const TOP_MAX: usize = 1_000;

/// Longer than anybody is a customer, in whatever unit.
const HORIZON_MAX: f64 = 100_000.0;
const HORIZONS_MAX: usize = 20;

/// Everything that can be set from the command line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Options {
    /// The log; the sample if none is named.
    pub(crate) log: Option<PathBuf>,
    /// The last day that a model learns from; the last of the log if none is named.
    pub(crate) calibration_end: Option<Day>,
    pub(crate) model: Model,
    pub(crate) unit: Unit,
    /// In units of time, as they were written; never empty.
    pub(crate) horizons: Vec<Ahead>,
    /// For each month.
    pub(crate) discount_percent: f64,
    pub(crate) top: usize,
    pub(crate) json: Option<PathBuf>,
    pub(crate) html: Option<PathBuf>,
    pub(crate) language: Language,
}

/// Which model is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Model {
    BgNbd,
    MbgNbd,
    ParetoNbd,
    Nbd,
    /// Whichever explains the purchases best, of those to whom silence says something of everybody.
    Best,
}

/// In what time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Days,
    Weeks,
}

/// How far purchases are foretold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ahead {
    /// As it was written.
    pub(crate) text: String,
    pub(crate) length: f64,
}

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Request {
    Run(Box<Options>),
    /// Print [`HELP`] and end well.
    Help,
}

/// The command line cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OptionError {
    #[error("there is no option `{name}`; `--help` lists them all")]
    Unknown { name: String },
    #[error("only one log can be read, and `{value}` is another")]
    SecondLog { value: String },
    #[error("`{name}` needs a value")]
    NeedsValue { name: String },
    #[error("`{name}` takes no value")]
    TakesNoValue { name: String },
    #[error("`{name}` must be {expected}, not `{value}`")]
    BadValue { name: String, value: String, expected: &'static str },
    #[error("`--horizon {value}` is there twice")]
    SameHorizon { value: String },
    #[error("there are more than {HORIZONS_MAX} horizons")]
    TooManyHorizons,
    #[error("`{name} -` names no file, and standard output has the report")]
    Dash { name: &'static str },
}

impl OptionError {
    /// The exit code of a command line that cannot be followed.
    pub(crate) const EXIT: u8 = 2;
}

impl Options {
    fn usual() -> Self {
        Self {
            log: None,
            calibration_end: None,
            model: Model::Best,
            unit: Unit::Weeks,
            horizons: Vec::new(),
            discount_percent: DISCOUNT_PERCENT,
            top: TOP,
            json: None,
            html: None,
            language: Language::English,
        }
    }

    /// Reads the arguments, without the program's own name. Each value may follow its option as the next
    /// argument or after `=`; of an option given twice, the last counts, but every `--horizon` does.
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
        let mut options = Self::usual();
        loop {
            let name = match parser.next().map_err(|error| refused(&error))? {
                None => break,
                Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Request::Help),
                Some(Arg::Short(letter)) => {
                    return Err(OptionError::Unknown { name: format!("-{letter}") });
                }
                Some(Arg::Long(name)) => format!("--{name}"),
                Some(Arg::Value(value)) if options.log.is_none() => {
                    options.log = Some(value.into());
                    continue;
                }
                Some(Arg::Value(value)) => {
                    let value = value.to_string_lossy().into_owned();
                    return Err(OptionError::SecondLog { value });
                }
            };
            options.set(name, &mut parser)?;
        }
        options.completed().map(|options| Request::Run(Box::new(options)))
    }

    fn set(&mut self, name: String, parser: &mut lexopt::Parser) -> Result<(), OptionError> {
        match name.as_str() {
            "--calibration-end" => {
                let expected = "a day such as 1997-09-30";
                self.calibration_end = Some(text(name, parser, expected, |it| it.parse().ok())?);
            }
            "--model" => {
                self.model =
                    text(name, parser, "`bgnbd`, `mbgnbd`, `pnbd`, `nbd` or `best`", model)?;
            }
            "--time-unit" => self.unit = text(name, parser, "`days` or `weeks`", unit)?,
            "--horizon" => {
                let ahead = text(name, parser, "a number above 0, 100000 at most", ahead)?;
                self.horizons.push(ahead);
            }
            "--discount" => {
                self.discount_percent =
                    text(name, parser, "a percentage from 0 to 100", percentage)?;
            }
            "--top" => self.top = text(name, parser, "a whole number from 0 to 1000", top)?,
            "--json" => self.json = Some(value(&name, parser)?.into()),
            "--html" => self.html = Some(value(&name, parser)?.into()),
            "--lang" => self.language = text(name, parser, "`en` or `zh`", language)?,
            _ => return Err(OptionError::Unknown { name }),
        }
        Ok(())
    }

    fn completed(mut self) -> Result<Self, OptionError> {
        for (place, ahead) in self.horizons.iter().enumerate() {
            if self.horizons.iter().take(place).any(|other| other.length == ahead.length) {
                return Err(OptionError::SameHorizon { value: ahead.text.clone() });
            }
        }
        if self.horizons.len() > HORIZONS_MAX {
            return Err(OptionError::TooManyHorizons);
        }
        if self.horizons.is_empty() {
            self.horizons = self.unit.horizons().iter().filter_map(|text| ahead(text)).collect();
        }
        for (name, path) in [("--json", &self.json), ("--html", &self.html)] {
            if path.as_deref() == Some(Path::new("-")) {
                return Err(OptionError::Dash { name });
            }
        }
        let (year, month, day) = SAMPLE_CALIBRATION_END;
        if self.log.is_none() && self.calibration_end.is_none() {
            self.calibration_end = Day::from_ymd(year, month, day).ok();
        }
        Ok(self)
    }

    /// The log that is read.
    pub(crate) fn log_path(&self) -> &Path {
        self.log.as_deref().unwrap_or(Path::new(SAMPLE))
    }
}

impl Unit {
    /// A quarter and a year.
    const fn horizons(self) -> [&'static str; 2] {
        match self {
            Self::Days => ["91", "365"],
            Self::Weeks => ["13", "52"],
        }
    }
}

fn model(text: &str) -> Option<Model> {
    Some(match text {
        "bgnbd" => Model::BgNbd,
        "mbgnbd" => Model::MbgNbd,
        "pnbd" => Model::ParetoNbd,
        "nbd" => Model::Nbd,
        "best" => Model::Best,
        _ => return None,
    })
}

fn unit(text: &str) -> Option<Unit> {
    Some(match text {
        "days" => Unit::Days,
        "weeks" => Unit::Weeks,
        _ => return None,
    })
}

fn language(text: &str) -> Option<Language> {
    Some(match text {
        "en" => Language::English,
        "zh" => Language::Chinese,
        _ => return None,
    })
}

/// Plain digits only: it becomes a key of the data.
fn ahead(text: &str) -> Option<Ahead> {
    let length = plain(text)?;
    let is_length = length > 0.0 && length <= HORIZON_MAX;
    is_length.then(|| Ahead { text: text.to_owned(), length })
}

fn percentage(text: &str) -> Option<f64> {
    plain(text).filter(|percent| (0.0..=100.0).contains(percent))
}

/// A number without sign and exponent.
fn plain(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain.then(|| text.parse().ok())?
}

fn top(text: &str) -> Option<usize> {
    text.parse().ok().filter(|count| *count <= TOP_MAX)
}

/// The value, which an option that was forgotten must not swallow: `--json --html` names no file. A file of
/// such a name can be given after `=`.
fn value(name: &str, parser: &mut lexopt::Parser) -> Result<OsString, OptionError> {
    let value = parser.optional_value().or_else(|| {
        let next = parser.value().ok();
        next.filter(|value| !value.as_encoded_bytes().starts_with(b"--"))
    });
    let value = value.filter(|value| !value.is_empty());
    value.ok_or_else(|| OptionError::NeedsValue { name: name.to_owned() })
}

fn text<T>(
    name: String,
    parser: &mut lexopt::Parser,
    expected: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, OptionError> {
    let value = value(&name, parser)?;
    value.to_str().and_then(read).ok_or_else(|| OptionError::BadValue {
        name,
        value: value.to_string_lossy().into_owned(),
        expected,
    })
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
