use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::Reason;

/// Column names shown when one is missing; a file of another kind may have thousands.
const NAMES_SHOWN: usize = 12;
/// Characters shown of each name.
const NAME_CHARS_SHOWN: usize = 40;

/// A log cannot be read, or its bad rows cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum LogError {
    /// Nothing has this name.
    #[error("there is no file `{}`", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A folder has this name.
    #[error("`{}` is a folder, not a purchase log", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The file may not be read by whoever runs the program.
    #[error("no permission to read `{}`", path.display())]
    Denied {
        /// The file.
        path: PathBuf,
    },
    /// Reading failed otherwise.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Nothing in it but blank lines.
    #[error("`{}` is empty", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A header, and nothing below it.
    #[error("`{}` names its columns but has no purchases", path.display())]
    NoRows {
        /// The file.
        path: PathBuf,
    },
    /// A file of another kind.
    #[error("`{}` is not a purchase log: {kind}", path.display())]
    NotALog {
        /// The file.
        path: PathBuf,
        /// What it seems to be.
        kind: Kind,
    },
    /// Rows from the first line on.
    #[error(
        "`{}` is not a purchase log: its first line must name the columns but looks like data",
        path.display()
    )]
    NoHeader {
        /// The file.
        path: PathBuf,
    },
    /// Columns that are needed or were asked for are not there.
    #[error(
        "`{}` is not a purchase log as it stands: it has no column {missing} but {columns}",
        path.display()
    )]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// All that are missing.
        missing: Missing,
        /// The names there are.
        columns: Columns,
    },
    /// It cannot be known which column is meant.
    #[error("`{}` has more than one column `{column}`", path.display())]
    TwoColumns {
        /// The file.
        path: PathBuf,
        /// The name they share.
        column: String,
    },
    /// The options are strict and the log is not clean.
    #[error(
        "`{}` is refused: {rejected} of its {rows} rows cannot be taken, the first on line {line}: \
         {reason}",
        path.display()
    )]
    Refused {
        /// The file.
        path: PathBuf,
        /// How many rows are bad.
        rejected: u64,
        /// How many rows there are.
        rows: u64,
        /// Where the first bad row starts.
        line: u64,
        /// What is wrong with it.
        reason: Reason,
    },
    /// The file for bad rows cannot be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The bad rows would take the place of the log they come from.
    #[error("`{}` is the log itself, so the bad rows cannot be written to it", path.display())]
    Overwrite {
        /// The file.
        path: PathBuf,
    },
}

impl LogError {
    /// The failure to read this file.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is for the system to explain")]
    pub(super) fn from_read(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing { path },
            io::ErrorKind::IsADirectory => Self::Folder { path },
            io::ErrorKind::PermissionDenied => Self::Denied { path },
            _ => Self::Read { path, source },
        }
    }
}

/// What a file that is no purchase log seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Kind {
    /// Compressed, by gzip, bzip2, xz or zstd.
    #[error("it is compressed; unpack it first")]
    Compressed,
    /// A zip archive, as workbooks are.
    #[error("it is a spreadsheet or a zip archive; save the sheet as CSV")]
    Spreadsheet,
    /// A page.
    #[error("it is a PDF")]
    Pdf,
    /// A web page, perhaps one that asks for a login, or another document of tags.
    #[error("it is HTML or XML")]
    Markup,
    /// A document of braces.
    #[error("it is JSON")]
    Json,
    /// Text of two bytes a character.
    #[error("it is UTF-16 text; save it as UTF-8")]
    Utf16,
    /// Text in an older encoding, or no text.
    #[error("its first line is not UTF-8 text")]
    NotUtf8,
    /// No text at all.
    #[error("it holds binary data")]
    Binary,
}

/// The names of columns that were looked for, each with the option that names another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing(pub(super) Vec<(String, &'static str)>);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.0.len().saturating_sub(1);
        for (position, (name, option)) in self.0.iter().enumerate() {
            let separator = match position {
                0 => "",
                _ if position == last => " or ",
                _ => ", ",
            };
            let another = if position == 0 { " names another" } else { "" };
            write!(f, "{separator}`{name}` (`{option}`{another})")?;
        }
        Ok(())
    }
}

/// The names of a file's columns, to be read by people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns(pub(super) Vec<Box<str>>);

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.0.iter().take(NAMES_SHOWN).enumerate() {
            let shown: String = name.chars().take(NAME_CHARS_SHOWN).collect();
            let separator = if position == 0 { "" } else { ", " };
            write!(f, "{separator}`{}`", shown.escape_debug())?;
        }
        match self.0.len().checked_sub(NAMES_SHOWN) {
            Some(more @ 1..) => write!(f, " and {more} more"),
            _ => Ok(()),
        }
    }
}
