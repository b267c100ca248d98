//! The files of a run: what is read and what is written must not be one, and what is written needs a place.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::options::Options;

/// What SQLite puts after the name of a database, for files that stand beside it while it is in use.
const BESIDE_DATABASE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Two files would be one, or one cannot be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum FileError {
    /// The data would take the place of a file that is needed.
    #[error("`{}` is in use already, so the JSON cannot be written to it", path.display())]
    Json {
        /// The file.
        path: PathBuf,
    },
    /// A folder has the name of the data.
    #[error("`{}` is a folder, so the JSON cannot be written to it", path.display())]
    JsonFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The folder that the data would be written in is not there.
    #[error("there is no folder `{}` to write the JSON in", path.display())]
    NoJsonFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The database would be the log, or the file for bad rows.
    #[error("`{}` is in use already, so it cannot be the database", path.display())]
    Database {
        /// The file.
        path: PathBuf,
    },
}

/// Refuses files that are one by whatever name: a file for the data, its [half-written](half_written)
/// form included, that is the log, the file for bad rows or one of the database's; a database that is one
/// of the others. And a file for the data that has no place.
///
/// # Errors
///
/// [`FileError`]. That bad rows would be written to the log is seen when there are any.
pub(crate) fn check(options: &Options) -> Result<(), FileError> {
    let mut taken = [options.log_path(), options.rejects_path()].map(resolved).to_vec();
    let database = resolved(options.db_path());
    let of_database = BESIDE_DATABASE.map(|end| with_end(&database, end));
    if taken.iter().any(|path| *path == database || of_database.contains(path)) {
        return Err(FileError::Database { path: options.db_path().to_owned() });
    }
    taken.push(database);
    taken.extend(of_database);
    let Some(json) = options.json.as_deref() else { return Ok(()) };
    let target = resolved(json);
    if [resolved(&half_written(&target)), target].iter().any(|path| taken.contains(path)) {
        return Err(FileError::Json { path: json.to_owned() });
    }
    check_place(json)
}

/// Refuses a name for the data that no file can have: nobody should wait for an import to hear of it.
fn check_place(json: &Path) -> Result<(), FileError> {
    if json.is_dir() {
        return Err(FileError::JsonFolder { path: json.to_owned() });
    }
    match no_folder(json) {
        Some(folder) => Err(FileError::NoJsonFolder { path: folder.to_owned() }),
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
