//! The command line of the example: what was asked, or one sentence on why it cannot be.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use guanxi::TenantId;
use guanxi::store::{PAGE_ROWS_MAX, PageSize};
use lexopt::Arg;

use crate::demo;

/// What `--help` prints.
pub(crate) const HELP: &str = include_str!("options/help.txt");

const PAGE: PageSize = PageSize::new(100).unwrap();
const INTERVAL: Duration = Duration::from_millis(1_000);

/// Longer than that nobody wants to wait for news.
const INTERVAL_MS_MAX: u64 = 3_600_000;

/// Everything that can be set from the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) db: Source,
    pub(crate) tenant: TenantId,
    pub(crate) to: Target,
    /// Where the place is noted, if anywhere.
    pub(crate) cursor: Option<PathBuf>,
    pub(crate) is_following: bool,
    pub(crate) interval: Duration,
    pub(crate) page: PageSize,
}

/// Where entries come from.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A base that this program makes itself.
    Demo,
    /// A SQLite file.
    File(PathBuf),
    /// The address of a server.
    Postgres(String),
}

impl std::fmt::Debug for Source {
    /// Without the address, which may have a password in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Demo => f.write_str("Demo"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}

/// Where entries go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Standard output.
    Output,
    /// A file, pipe or device.
    File(PathBuf),
}

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    #[error("`{value}` belongs to no option; `--help` lists them all")]
    Stray { value: String },
    #[error("`{name}` needs a value")]
    NeedsValue { name: String },
    #[error("`{name}` takes no value")]
    TakesNoValue { name: String },
    #[error("`{name}` must be {expected}, not `{value}`")]
    BadValue { name: String, value: String, expected: &'static str },
    #[error("`--db` and `--tenant` go together")]
    NotTogether,
    #[error("`{name}` names a file that is in use already")]
    SameFile { name: &'static str },
}

impl OptionError {
    /// The exit code of a command line that cannot be followed.
    pub(crate) const EXIT: u8 = 2;
}

/// What was given, before it is known to fit together.
#[derive(Default)]
struct Given {
    db: Option<OsString>,
    tenant: Option<String>,
    to: Option<PathBuf>,
    cursor: Option<PathBuf>,
    is_following: bool,
    interval: Option<Duration>,
    page: Option<PageSize>,
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
        let mut given = Given::default();
        loop {
            let name = match parser.next().map_err(|error| refused(&error))? {
                None => break,
                Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Request::Help),
                Some(Arg::Short(letter)) => {
                    return Err(OptionError::Unknown { name: format!("-{letter}") });
                }
                Some(Arg::Long(name)) => format!("--{name}"),
                Some(Arg::Value(value)) => {
                    return Err(OptionError::Stray { value: value.to_string_lossy().into_owned() });
                }
            };
            given.set(name, &mut parser)?;
        }
        given.options().map(|options| Request::Run(Box::new(options)))
    }
}

impl Given {
    fn set(&mut self, name: String, parser: &mut lexopt::Parser) -> Result<(), OptionError> {
        match name.as_str() {
            "--follow" => self.is_following = true,
            "--db" => self.db = Some(value(&name, parser)?),
            "--tenant" => {
                self.tenant = Some(text(name, parser, "a name", |name| Some(name.to_owned()))?);
            }
            "--to" => self.to = Some(value(&name, parser)?.into()),
            "--cursor" => self.cursor = Some(value(&name, parser)?.into()),
            "--interval" => {
                let expected = "a number of milliseconds from 1 to 3600000";
                self.interval = Some(text(name, parser, expected, interval)?);
            }
            "--page" => {
                let expected = "a whole number from 1 to 1000";
                self.page = Some(text(name, parser, expected, page)?);
            }
            _ => return Err(OptionError::Unknown { name }),
        }
        Ok(())
    }

    fn options(self) -> Result<Options, OptionError> {
        let (db, tenant) = match (self.db, self.tenant) {
            (None, None) => (Source::Demo, TenantId::derive(demo::TENANT)),
            (Some(db), Some(tenant)) => {
                let named = || TenantId::derive(&tenant);
                (source(db), tenant.parse().unwrap_or_else(|_| named()))
            }
            (Some(_), None) | (None, Some(_)) => return Err(OptionError::NotTogether),
        };
        let to = match self.to {
            Some(path) if path.as_os_str() != "-" => Target::File(path),
            Some(_) | None => Target::Output,
        };
        let options = Options {
            cursor: self.cursor.or_else(|| beside(&to)),
            db,
            tenant,
            to,
            is_following: self.is_following,
            interval: self.interval.unwrap_or(INTERVAL),
            page: self.page.unwrap_or(PAGE),
        };
        options.check()?;
        Ok(options)
    }
}

impl Options {
    /// Refuses files that are one by name.
    fn check(&self) -> Result<(), OptionError> {
        let db = match &self.db {
            Source::Demo => Some(demo::DATABASE.into()),
            Source::File(path) => Some(path.clone()),
            Source::Postgres(_) => None,
        };
        let to = match &self.to {
            Target::Output => None,
            Target::File(path) => Some(path.clone()),
        };
        if to.is_some() && to == db {
            return Err(OptionError::SameFile { name: "--to" });
        }
        if self.cursor.is_some() && [&db, &to].contains(&&self.cursor) {
            return Err(OptionError::SameFile { name: "--cursor" });
        }
        Ok(())
    }
}

/// The name for notes on what goes to a file.
fn beside(to: &Target) -> Option<PathBuf> {
    let Target::File(path) = to else { return None };
    // A pipe or a device begins anew each time.
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return None;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".cursor");
    Some(name.into())
}

fn source(db: OsString) -> Source {
    match db.into_string() {
        Ok(db) if db.starts_with("postgres://") || db.starts_with("postgresql://") => {
            Source::Postgres(db)
        }
        Ok(db) => Source::File(db.into()),
        Err(db) => Source::File(db.into()),
    }
}

fn interval(text: &str) -> Option<Duration> {
    let millis: u64 = text.parse().ok()?;
    (1..=INTERVAL_MS_MAX).contains(&millis).then(|| Duration::from_millis(millis))
}

fn page(text: &str) -> Option<PageSize> {
    PageSize::new(text.parse().ok().filter(|rows| *rows <= PAGE_ROWS_MAX)?)
}

/// The value, which an option that was forgotten must not swallow: `--to --follow` names no file. A file
/// of such a name can be given after `=`.
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
