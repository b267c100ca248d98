//! Why the example ends without an answer.

use std::io;
use std::path::PathBuf;

use guanxi::Day;
use guanxi::value::lifetime::{FitError, HoldoutError};

use crate::log::LogError;
use crate::options::OptionError;
use crate::output::OutputError;
use crate::page::DrawError;

/// There is no answer, or it cannot be told. Each is one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Options(#[from] OptionError),
    #[error(transparent)]
    Log(#[from] LogError),
    /// A day before everything was meant for another log.
    #[error(
        "nobody had bought anything by {calibration_end}; the first purchase in `{}` is of {first}",
        log.display()
    )]
    NobodyYet { log: PathBuf, calibration_end: Day, first: Day },
    #[error("the days do not fit")]
    Days(#[from] HoldoutError),
    #[error("no model fits the purchases until {calibration_end}")]
    Fit { calibration_end: Day, source: FitError },
    #[error("the page cannot be drawn")]
    Page(#[from] DrawError),
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error("cannot write the report")]
    Report(#[source] io::Error),
}

impl Failure {
    /// The exit code of the program.
    pub(crate) const fn exit(&self) -> u8 {
        match self {
            Self::Options(_) => OptionError::EXIT,
            Self::Log(_)
            | Self::NobodyYet { .. }
            | Self::Days(_)
            | Self::Fit { .. }
            | Self::Page(_)
            | Self::Output(_)
            | Self::Report(_) => 1,
        }
    }
}
