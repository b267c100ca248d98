//! The place that a relay has come to, and the file that it is noted in.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use guanxi::store::FeedCursor;
use guanxi::{CommandId, TenantId};
use serde::{Deserialize, Serialize};

/// The place right after an entry. The command tells the entry from another one of the same customer
/// and revision, in a base that was made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) tenant: TenantId,
    pub(crate) cursor: FeedCursor,
    pub(crate) command_id: CommandId,
}

/// What is read of a place: out of a note, and out of a message too.
#[derive(Serialize, Deserialize)]
struct Document {
    tenant: TenantId,
    command_id: CommandId,
    cursor: String,
}

impl Place {
    /// The place that a document tells of, which may tell more.
    pub(crate) fn read(document: &[u8]) -> Option<Self> {
        let Document { tenant, command_id, cursor } = serde_json::from_slice(document).ok()?;
        Some(Self { tenant, command_id, cursor: cursor.parse().ok()? })
    }
}

/// A note cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlaceError {
    /// A folder has this name.
    #[error("`{}` is a folder, so the cursor cannot be noted in it", path.display())]
    Folder { path: PathBuf },
    /// What is in the file is no place.
    #[error(
        "`{}` is not the note of a cursor, or a damaged one; without it everything is delivered from \
         the beginning",
        path.display()
    )]
    Damaged { path: PathBuf },
    /// Reading failed.
    #[error("cannot read `{}`", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// Writing failed; what was noted before still is.
    #[error("cannot note the cursor in `{}`", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// The file that a place is noted in.
pub(crate) struct PlaceFile {
    path: PathBuf,
}

impl PlaceFile {
    /// The file of this name, which need not be there.
    ///
    /// # Errors
    ///
    /// [`PlaceError::Folder`].
    pub(crate) fn new(path: &Path) -> Result<Self, PlaceError> {
        if path.is_dir() {
            return Err(PlaceError::Folder { path: path.to_owned() });
        }
        Ok(Self { path: path.to_owned() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The place noted; `None` if none was yet.
    ///
    /// # Errors
    ///
    /// [`PlaceError::Damaged`] rather than a guess, which would skip entries or repeat them all.
    pub(crate) fn noted(&self) -> Result<Option<Place>, PlaceError> {
        match fs::read(&self.path) {
            Ok(note) => match Place::read(&note) {
                Some(place) => Ok(Some(place)),
                None => Err(PlaceError::Damaged { path: self.path.clone() }),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(PlaceError::Read { path: self.path.clone(), source }),
        }
    }

    /// Notes a place, durably. Whenever it ends before its time, the old note or the new one is there,
    /// whole.
    ///
    /// # Errors
    ///
    /// [`PlaceError::Write`].
    pub(crate) fn note(&self, place: Place) -> Result<(), PlaceError> {
        let Place { tenant, command_id, cursor } = place;
        let document = Document { tenant, command_id, cursor: cursor.to_string() };
        let noted = || {
            let mut note = serde_json::to_vec(&document)?;
            note.push(b'\n');
            let beside = half_written(&self.path);
            let mut file = File::create(&beside)?;
            file.write_all(&note)?;
            // Else the name could reach the disk before the content does.
            file.sync_all()?;
            fs::rename(&beside, &self.path)?;
            sync_folder(&self.path)
        };
        noted().map_err(|source| PlaceError::Write { path: self.path.clone(), source })
    }
}

/// A name in the same folder, so that the file can be renamed and not copied. It is the same in every
/// run, so that what a killed one leaves behind is overwritten and does not pile up.
fn half_written(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".part");
    path.with_file_name(name)
}

/// Makes sure that the name of a file outlives a loss of power.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened, and names are durable by themselves.
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
