//! Files that are written beside the report: whole, or not at all.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::files::{half_written, resolved};
use crate::options::Options;

/// What a file is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The answers as data.
    Json,
    /// A row for each customer.
    Csv,
    /// The report for a browser.
    Html,
}

impl Kind {
    /// What people call it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Csv => "CSV",
            Self::Html => "page",
        }
    }

    /// The option that names the file.
    pub(crate) const fn option(self) -> &'static str {
        match self {
            Self::Json => "--json",
            Self::Csv => "--csv",
            Self::Html => "--html",
        }
    }
}

/// A file cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum OutputError {
    /// The file cannot be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Two runs would write to one file at the same time.
    #[error("another run is writing `{}`", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// Standard output has the report.
    #[error(
        "`{option} -` names no file, and standard output has the report; `./-` is a file's name"
    )]
    Dash {
        /// The option, with its dashes.
        option: &'static str,
    },
}

/// Refuses names that mean no file.
///
/// # Errors
///
/// [`OutputError::Dash`] for what other programs take for standard output.
pub(crate) fn check(options: &Options) -> Result<(), OutputError> {
    match options.outputs().find(|(_, path)| *path == Path::new("-")) {
        Some((kind, _)) => Err(OutputError::Dash { option: kind.option() }),
        None => Ok(()),
    }
}

/// A file on its way: written beside the one named first, whose place it takes when it is
/// [finished](Self::finish). One that is dropped before leaves nothing behind.
pub(crate) struct Output {
    path: PathBuf,
    file: BufWriter<File>,
    /// The half-written file and where it goes; `None` for a pipe or a device, which has no place that
    /// another file could take.
    renamed: Option<(PathBuf, PathBuf)>,
}

impl Output {
    /// Begins a file of this name.
    ///
    /// # Errors
    ///
    /// [`OutputError::Write`], [`OutputError::Busy`].
    pub(crate) fn begin(path: &Path) -> Result<Self, OutputError> {
        let failed = |source| OutputError::Write { path: path.to_owned(), source };
        let target = resolved(path);
        if target.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            let file = File::options().write(true).open(&target).map_err(failed)?;
            return Ok(Self { path: path.to_owned(), file: BufWriter::new(file), renamed: None });
        }
        let beside = half_written(&target);
        let file = locked(&beside).map_err(|error| match error {
            error if error.kind() == io::ErrorKind::WouldBlock => {
                OutputError::Busy { path: path.to_owned() }
            }
            error => failed(error),
        })?;
        let (path, file) = (path.to_owned(), BufWriter::new(file));
        Ok(Self { path, file, renamed: Some((beside, target)) })
    }

    /// Writes some of it.
    ///
    /// # Errors
    ///
    /// [`OutputError::Write`].
    pub(crate) fn put(
        &mut self,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), OutputError> {
        write(&mut self.file)
            .map_err(|source| OutputError::Write { path: self.path.clone(), source })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// [`OutputError::Write`]; the file is as it was then.
    pub(crate) fn finish(mut self) -> Result<(), OutputError> {
        self.put(|file| file.flush())?;
        let Some((beside, target)) = &self.renamed else { return Ok(()) };
        fs::rename(beside, target)
            .map_err(|source| OutputError::Write { path: self.path.clone(), source })?;
        self.renamed = None;
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some((beside, _)) = &self.renamed {
            // Half a document is of no use to anybody, and a failure to remove it is no news.
            let _ = fs::remove_file(beside);
        }
    }
}

/// The file of this name, empty. It is ours until it is closed: of two runs at the same time one would
/// rename what the other has half written. The system frees it when a run is interrupted.
fn locked(path: &Path) -> io::Result<File> {
    if path.is_symlink() {
        fs::remove_file(path)?;
    }
    let file = File::options().write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        // Not every file system has locks.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        tried => tried?,
    }
    file.set_len(0)?;
    Ok(file)
}
