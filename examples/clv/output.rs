//! Files that are written beside the report: whole, or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::options::Options;

/// A file cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    #[error("cannot write `{}`", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("`{}` is in use already, so nothing else is written to it", path.display())]
    InUse { path: PathBuf },
    #[error("`{}` is a folder, so no file is written there", path.display())]
    Folder { path: PathBuf },
    #[error("there is no folder `{}` to write a file in", path.display())]
    NoFolder { path: PathBuf },
}

/// Refuses files that would take the place of the log or of each other, and such as have no place: nobody
/// should wait for a fit to hear of it.
///
/// # Errors
///
/// [`OutputError`].
pub(crate) fn check(options: &Options) -> Result<(), OutputError> {
    let mut taken = vec![resolved(options.log_path())];
    for path in [&options.json, &options.html].into_iter().flatten() {
        let target = resolved(path);
        let written = [half_written(&target), target];
        if written.iter().any(|path| taken.contains(path)) {
            return Err(OutputError::InUse { path: path.clone() });
        }
        if path.is_dir() {
            return Err(OutputError::Folder { path: path.clone() });
        }
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(OutputError::NoFolder { path: folder.to_owned() });
        }
        taken.extend(written);
    }
    Ok(())
}

/// Writes a file: beside the one named first, whose place it takes when it is whole.
///
/// # Errors
///
/// [`OutputError::Write`]; the file is as it was then.
pub(crate) fn write(
    path: &Path,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), OutputError> {
    let target = resolved(path);
    // A pipe or a device has no place that another file could take.
    let is_file = target.metadata().map_or(true, |metadata| metadata.is_file());
    let done = if is_file {
        let beside = half_written(&target);
        // What a link of this name leads to is somebody else's.
        let freed = if beside.is_symlink() { fs::remove_file(&beside) } else { Ok(()) };
        let done = freed.and_then(|()| File::create(&beside));
        let done = done.and_then(|file| filled(file, content));
        let done = done.and_then(|()| fs::rename(&beside, &target));
        if done.is_err() {
            // Half a document is of no use to anybody, and a failure to remove it is no news.
            let _ = fs::remove_file(&beside);
        }
        done
    } else {
        File::options().write(true).open(&target).and_then(|file| filled(file, content))
    };
    done.map_err(|source| OutputError::Write { path: path.to_owned(), source })
}

fn filled(
    file: File,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = BufWriter::new(file);
    content(&mut file)?;
    file.flush()
}

/// Where a name leads, also that of a file that is yet to be made.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(found) = fs::canonicalize(path) {
        return found;
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    match (fs::canonicalize(folder.unwrap_or(Path::new("."))), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        (_, _) => path.to_owned(),
    }
}

/// A name in the same folder, so that the file can be renamed and not copied; the same in every run, so that
/// what an interrupted one leaves behind does not pile up.
fn half_written(target: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".part");
    target.with_file_name(name)
}
