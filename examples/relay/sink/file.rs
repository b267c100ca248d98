//! A file with an entry on each line.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use guanxi::TenantId;

use super::{End, Sink, SinkError};
use crate::message::Message;
use crate::place::{Place, sync_folder};
use crate::tell;

/// How much of the end of the file is read at a time.
const BLOCK_BYTES: u64 = 1 << 16;

/// A file that grows by a line for each entry. It is locked while it is open.
pub(crate) struct FileSink {
    path: PathBuf,
    file: File,
    end: End,
}

/// How a file ends.
struct Tail {
    /// The last line that is whole, if there is any.
    line: Option<Vec<u8>>,
    /// What follows it.
    rest: Vec<u8>,
}

impl FileSink {
    /// Opens the file of this name, or makes it. A last line that was written by half, because whoever
    /// wrote it was killed, is cut off: its entry was never noted, and is delivered again.
    ///
    /// # Errors
    ///
    /// [`SinkError`]; [`SinkError::Foreign`] before anything of it is touched.
    pub(crate) fn open(path: &Path, tenant: TenantId) -> Result<Self, SinkError> {
        let owned = || path.to_owned();
        if path.is_dir() {
            return Err(SinkError::Folder { path: owned() });
        }
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            return Err(SinkError::NoFolder { path: folder.to_owned() });
        }
        let failed = |source: io::Error| {
            if source.kind() == io::ErrorKind::WouldBlock {
                return SinkError::Busy { path: owned() };
            }
            SinkError::Io { name: named(path), source }
        };
        let mut file = locked(path).map_err(failed)?;
        let tail = Tail::of(&mut file).map_err(failed)?;
        let Some(end) = tail.end(tenant) else { return Err(SinkError::Foreign { path: owned() }) };
        if !tail.rest.is_empty() {
            cut(&mut file, tail.rest.len()).map_err(failed)?;
            let what = format!("`{}` ended in half a line, which was cut off", path.display());
            tell("note", &what);
        }
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(Self { path: owned(), file, end })
    }

    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.file.write_all(lines)?;
        self.file.sync_data()
    }
}

impl Sink for FileSink {
    fn name(&self) -> String {
        named(&self.path)
    }

    async fn end(&mut self) -> Result<End, SinkError> {
        Ok(self.end)
    }

    async fn deliver(&mut self, page: &[Message]) -> Result<(), SinkError> {
        let mut lines = Vec::new();
        for message in page {
            lines.extend_from_slice(&message.body);
            lines.push(b'\n');
        }
        self.write(&lines).map_err(|source| SinkError::Io { name: self.name(), source })
    }
}

fn named(path: &Path) -> String {
    format!("`{}`", path.display())
}

/// The file of this name, ours until it is closed: the lines of two relays would mix. The system frees
/// it when a relay is killed.
fn locked(path: &Path) -> io::Result<File> {
    let is_new = !path.exists();
    let file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        // Not every file system has locks.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        tried => tried?,
    }
    if is_new {
        sync_folder(path)?;
    }
    Ok(file)
}

/// Cuts so many bytes off the end of a file, durably.
fn cut(file: &mut File, bytes: usize) -> io::Result<()> {
    let length = file.metadata()?.len();
    file.set_len(length.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX)))?;
    file.sync_all()
}

impl Tail {
    fn of(file: &mut File) -> io::Result<Self> {
        let is_end = |byte: &u8| *byte == b'\n';
        let mut from = file.metadata()?.len();
        let mut bytes: Vec<u8> = Vec::new();
        // Back until there is a whole line between two ends.
        while from > 0 && bytes.iter().filter(|byte| is_end(byte)).count() < 2 {
            let to = from;
            from = from.saturating_sub(BLOCK_BYTES);
            file.seek(SeekFrom::Start(from))?;
            let mut block = Vec::new();
            file.take(to.saturating_sub(from)).read_to_end(&mut block)?;
            block.append(&mut bytes);
            bytes = block;
        }
        let after =
            |bytes: &[u8]| bytes.iter().rposition(is_end).map_or(0, |at| at.saturating_add(1));
        let rest = bytes.split_off(after(&bytes));
        let line = bytes.pop().map(|_| bytes.split_off(after(&bytes)));
        Ok(Self { line, rest })
    }

    /// How far the file has come; `None` if it is not one of this tenant's.
    fn end(&self, tenant: TenantId) -> Option<End> {
        if let Some(line) = &self.line {
            let place = Place::read(line).filter(|place| place.tenant == tenant);
            return place.map(End::At);
        }
        // Half of the first line is all there is. Nothing of another program's is cut off.
        let begins = format!("{{\"tenant\":\"{tenant}\",\"customer\":\"");
        let begins = begins.as_bytes();
        let is_ours = self.rest.starts_with(begins) || begins.starts_with(&self.rest);
        is_ours.then_some(End::Nothing)
    }
}
