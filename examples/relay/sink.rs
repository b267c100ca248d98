//! Where entries are delivered to.

mod file;
mod stream;

use std::io;
use std::path::PathBuf;

pub(crate) use file::FileSink;
pub(crate) use stream::StreamSink;

use crate::message::Message;
use crate::place::Place;

/// Where entries are delivered to.
///
/// A broker would be one like this: `deliver` publishes each message under its customer, so that those of one
/// customer stay in one partition and in order, with customer and revision in a header, and returns when
/// the broker has confirmed all of them (with `acks=all`, a publisher confirm, or what it is called
/// there). Of several unconfirmed ones none may overtake another when it is sent again. `end` is
/// [`End::Unknown`].
pub(crate) trait Sink {
    /// What people call it.
    fn name(&self) -> String;

    /// How far it has come, asked once at the start: a sink that lost what it had is noticed.
    ///
    /// # Errors
    ///
    /// [`SinkError`].
    async fn end(&mut self) -> Result<End, SinkError>;

    /// Delivers a page, in this order and durably, before it returns.
    ///
    /// # Errors
    ///
    /// [`SinkError`]. Some of the page may be delivered then; all of it is delivered again.
    async fn deliver(&mut self, page: &[Message]) -> Result<(), SinkError>;
}

/// How far a sink has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It cannot tell.
    Unknown,
    /// Nothing was ever delivered to it.
    Nothing,
    /// Right after this was delivered last.
    At(Place),
}

/// A sink cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SinkError {
    /// A folder has this name.
    #[error("`{}` is a folder, so nothing can be delivered to it", path.display())]
    Folder { path: PathBuf },
    /// The folder that the file would be made in is not there.
    #[error("there is no folder `{}` to deliver to", path.display())]
    NoFolder { path: PathBuf },
    /// Two relays would deliver to one file at the same time.
    #[error("another relay is delivering to `{}`", path.display())]
    Busy { path: PathBuf },
    /// The file has something else in it.
    #[error(
        "`{}` has something else in it than entries of this tenant, and is left as it is",
        path.display()
    )]
    Foreign { path: PathBuf },
    /// The sink cannot be read or written.
    #[error("cannot deliver to {name}")]
    Io { name: String, source: io::Error },
}
