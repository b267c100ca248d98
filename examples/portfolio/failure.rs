//! Why there is no report.

use std::io;
use std::path::PathBuf;

use guanxi::store::StoreError;

use crate::base::BaseError;
use crate::days::DaysError;
use crate::explain::UnknownCustomer;
use crate::files::FileError;
use crate::import::ImportError;
use crate::interrupt;
use crate::log::LogError;
use crate::options::OptionError;
use crate::output::OutputError;
use crate::page::PaperError;
use crate::policy::PolicyError;
use crate::survey::SurveyError;

/// There is no report. Each is one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Options(#[from] OptionError),
    #[error(transparent)]
    Files(#[from] FileError),
    #[error("cannot begin")]
    Begin(#[source] io::Error),
    #[error(transparent)]
    Log(#[from] LogError),
    #[error(transparent)]
    Days(#[from] DaysError),
    #[error("every row of `{log}` was rejected; the reasons are in `{rejects}`")]
    NothingAccepted { log: String, rejects: String },
    #[error(transparent)]
    Base(#[from] BaseError),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error("{0}")]
    Interrupted(String),
    #[error(transparent)]
    Survey(#[from] SurveyError),
    /// A fault of this program or of the library, never of the log.
    #[error("of {expected} purchases in the log {found} were answered for")]
    Unanswered { found: u64, expected: u64 },
    /// As above.
    #[error("the customers' purchases come to {found} and should come to {expected}")]
    Unbalanced { found: String, expected: String },
    #[error("the database cannot be checked")]
    Verify(#[from] StoreError),
    #[error("not everything in `{}` fits together; flaws found: {count}", path.display())]
    Unsound { count: u64, path: PathBuf },
    #[error(transparent)]
    Written(#[from] OutputError),
    #[error(transparent)]
    Page(#[from] PaperError),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    Unknown(#[from] UnknownCustomer),
    #[error("cannot write the report")]
    Output(#[source] io::Error),
}

impl Failure {
    /// The exit code of the program.
    pub(crate) const fn exit(&self) -> u8 {
        match self {
            Self::Options(_)
            | Self::Days(_)
            | Self::Policy(_)
            | Self::Base(BaseError::Given(_))
            | Self::Unknown(_)
            | Self::Written(OutputError::Dash { .. }) => OptionError::EXIT,
            Self::Interrupted(_) => interrupt::EXIT,
            Self::Files(_)
            | Self::Begin(_)
            | Self::Log(_)
            | Self::NothingAccepted { .. }
            | Self::Base(_)
            | Self::Import(_)
            | Self::Survey(_)
            | Self::Unanswered { .. }
            | Self::Unbalanced { .. }
            | Self::Verify(_)
            | Self::Unsound { .. }
            | Self::Written(_)
            | Self::Page(_)
            | Self::Output(_) => 1,
        }
    }
}
