//! Why a relay ends before its time.

use std::io;
use std::path::PathBuf;

use guanxi::store::StoreError;

use crate::base::BaseError;
use crate::interrupt;
use crate::options::OptionError;
use crate::place::PlaceError;
use crate::sink::SinkError;

/// The relay ends before its time. Each is one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Options(#[from] OptionError),
    #[error("cannot begin")]
    Begin(#[source] io::Error),
    #[error(transparent)]
    Base(#[from] BaseError),
    #[error(transparent)]
    Sink(#[from] SinkError),
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// Going on from there would skip what this base has before.
    #[error(
        "the cursor in `{}` is of another base or tenant; `--cursor` names another file, and without \
         it everything is delivered from the beginning",
        path.display()
    )]
    OtherBase { path: PathBuf },
    /// Its lines and those of this base would mix.
    #[error("{sink} has entries of another base, and is left as it is; `--to` names another file")]
    OtherSink { sink: String },
    /// Going on would leave a gap.
    #[error(
        "{sink} has lost entries: it ends before the noted cursor; without the note everything is \
         delivered from the beginning"
    )]
    LostSink { sink: String },
    #[error("cannot read the feed")]
    Feed(#[from] StoreError),
    #[error("{delivered} entries were delivered; the same command {}", if *is_noted {
        "goes on from there"
    } else {
        "begins anew, for nothing is noted"
    })]
    Interrupted { delivered: u64, is_noted: bool },
    #[error("cannot write the help")]
    Output(#[source] io::Error),
}

impl Failure {
    /// The exit code of the program.
    pub(crate) const fn exit(&self) -> u8 {
        match self {
            Self::Options(_) => OptionError::EXIT,
            Self::Interrupted { .. } => interrupt::EXIT,
            Self::Begin(_)
            | Self::Base(_)
            | Self::Sink(_)
            | Self::Place(_)
            | Self::OtherBase { .. }
            | Self::OtherSink { .. }
            | Self::LostSink { .. }
            | Self::Feed(_)
            | Self::Output(_) => 1,
        }
    }

    /// Whether the same step may go through later.
    pub(crate) const fn is_transient(&self) -> bool {
        matches!(self, Self::Feed(error) if error.is_transient())
    }

    /// Whether whoever reads the output has seen enough.
    pub(crate) fn is_end_of_reader(&self) -> bool {
        let (Self::Output(error) | Self::Sink(SinkError::Io { source: error, .. })) = self else {
            return false;
        };
        error.kind() == io::ErrorKind::BrokenPipe
    }
}
