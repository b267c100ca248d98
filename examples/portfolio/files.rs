//! The files of a run: what is read and what is written must not be one, and what is written needs a place.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::options::Options;
use crate::output::Kind;

/// What SQLite puts after the name of a database, for files that stand beside it while it is in use.
const BESIDE_DATABASE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Two files would be one, or one cannot be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum FileError {
    /// It would take the place of a file that is needed.
    #[error("`{}` is in use already, so the {} cannot be written to it", path.display(), kind.name())]
    Output {
        /// What would be written.
        kind: Kind,
        /// The file.
        path: PathBuf,
    },
    /// A folder has its name.
    #[error("`{}` is a folder, so the {} cannot be written to it", path.display(), kind.name())]
    OutputFolder {
        /// What would be written.
        kind: Kind,
        /// The folder.
        path: PathBuf,
    },
    /// The folder that it would be written in is not there.
    #[error("there is no folder `{}` to write the {} in", path.display(), kind.name())]
    NoOutputFolder {
        /// What would be written.
        kind: Kind,
        /// The folder.
        path: PathBuf,
    },
    /// Bad rows would be written over the policy.
    #[error("`{}` is the policy, so bad rows cannot be written to it", path.display())]
    Rejects {
        /// The file.
        path: PathBuf,
    },
    /// The database would be the log, the policy, or the file for bad rows.
    #[error("`{}` is in use already, so it cannot be the database", path.display())]
    Database {
        /// The file.
        path: PathBuf,
    },
}

/// Refuses files that are one by whatever name: one to be written, its [half-written](half_written)
/// form included, that is read, is the file for bad rows or one of the database's, or is written
/// otherwise; a database that is one of the others. And a file to be written that has no place.
///
/// # Errors
///
/// [`FileError`]. That bad rows would be written to the log is seen when there are any.
pub(crate) fn check(options: &Options) -> Result<(), FileError> {
    let mut taken = [options.log_path(), options.rejects_path()].map(resolved).to_vec();
    if let Some(policy) = options.policy.as_deref().map(resolved) {
        if resolved(options.rejects_path()) == policy {
            return Err(FileError::Rejects { path: options.rejects_path().to_owned() });
        }
        taken.push(policy);
    }
    let database = resolved(options.db_path());
    let of_database = BESIDE_DATABASE.map(|end| with_end(&database, end));
    if taken.iter().any(|path| *path == database || of_database.contains(path)) {
        return Err(FileError::Database { path: options.db_path().to_owned() });
    }
    taken.push(database);
    taken.extend(of_database);
    for (kind, path) in options.outputs() {
        let target = resolved(path);
        let written = [resolved(&half_written(&target)), target];
        if written.iter().any(|path| taken.contains(path)) {
            return Err(FileError::Output { kind, path: path.to_owned() });
        }
        taken.extend(written);
        check_place(kind, path)?;
    }
    Ok(())
}

/// Refuses a name that no file can have: nobody should wait for an import to hear of it.
fn check_place(kind: Kind, path: &Path) -> Result<(), FileError> {
    if path.is_dir() {
        return Err(FileError::OutputFolder { kind, path: path.to_owned() });
    }
    match no_folder(path) {
        Some(folder) => Err(FileError::NoOutputFolder { kind, path: folder.to_owned() }),
        None => Ok(()),
    }
}

/// The folder that a file of this name needs, if it is not there. A name that ends in a slash is that of
/// a folder, which [`Path::parent`] does not see.
pub(crate) fn no_folder(path: &Path) -> Option<&Path> {
    let is_folder = path.as_os_str().as_encoded_bytes().last().is_some_and(|it| is_slash(*it));
    let folder = if is_folder { Some(path) } else { path.parent() };
    folder.filter(|folder| *folder != Path::new("") && is_no_folder(folder))
}

/// One that may not be looked at is another kind of trouble.
fn is_no_folder(path: &Path) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    match path.metadata() {
        Ok(metadata) => !metadata.is_dir(),
        Err(error) => matches!(error.kind(), NotFound | NotADirectory),
    }
}

fn is_slash(byte: u8) -> bool {
    std::path::is_separator(char::from(byte))
}

/// Where a name leads, also that of a file that is yet to be made.
pub(crate) fn resolved(path: &Path) -> PathBuf {
    if let Ok(found) = fs::canonicalize(path) {
        return found;
    }
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        Some(_) | None => Path::new("."),
    };
    match (fs::canonicalize(folder), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        (_, _) => path.to_owned(),
    }
}

/// A name in the same folder, so that the file can be renamed and not copied. It is the same in every
/// run, so that what an interrupted one leaves behind is overwritten and does not pile up.
pub(crate) fn half_written(target: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".part");
    target.with_file_name(name)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}
