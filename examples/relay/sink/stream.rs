//! Standard output, a pipe, a device: whatever takes bytes and keeps none.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::{End, Sink, SinkError};
use crate::message::Message;

/// Delivers to somebody who reads. What was handed over counts as delivered; whether the reader keeps it
/// is the reader's affair.
pub(crate) struct StreamSink {
    name: String,
    out: Box<dyn Write>,
}

impl StreamSink {
    pub(crate) fn new(name: &str, out: Box<dyn Write>) -> Self {
        Self { name: name.to_owned(), out }
    }

    /// The pipe or device of this name; `None` for a file, and for what is yet to be made.
    ///
    /// # Errors
    ///
    /// [`SinkError::Io`].
    pub(crate) fn at(path: &Path) -> Result<Option<Self>, SinkError> {
        let is_stream = |found: std::fs::Metadata| !found.is_file() && !found.is_dir();
        if !path.metadata().is_ok_and(is_stream) {
            return Ok(None);
        }
        let name = format!("`{}`", path.display());
        match File::options().write(true).open(path) {
            Ok(file) => Ok(Some(Self { name, out: Box::new(file) })),
            Err(source) => Err(SinkError::Io { name, source }),
        }
    }
}

impl Sink for StreamSink {
    fn name(&self) -> String {
        self.name.clone()
    }

    async fn end(&mut self) -> Result<End, SinkError> {
        Ok(End::Unknown)
    }

    async fn deliver(&mut self, page: &[Message]) -> Result<(), SinkError> {
        let mut lines = Vec::new();
        for message in page {
            lines.extend_from_slice(&message.body);
            lines.push(b'\n');
        }
        let written = self.out.write_all(&lines).and_then(|()| self.out.flush());
        written.map_err(|source| SinkError::Io { name: self.name.clone(), source })
    }
}
