//! Why a command line cannot be followed.

use guanxi::Day;

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
