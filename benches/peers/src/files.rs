//! Database files to measure on, and a watch.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, io};

/// A folder of its own, removed with everything in it when dropped.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
}

impl Files {
    /// An empty folder of this name.
    ///
    /// # Panics
    ///
    /// When it cannot be made.
    #[must_use]
    pub fn new(place: &Path, name: &str) -> Self {
        let folder = place.join(name);
        // Left behind by a run that was killed.
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("the folder is ours");
        }
        fs::create_dir_all(&folder).expect("the folder is ours");
        Self { folder }
    }

    /// Where a database of this name is, or will be.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A copy of a database that nobody has open.
    ///
    /// # Panics
    ///
    /// When there is none, or no space for another.
    #[must_use]
    pub fn copy(&self, of: &Path, name: &str) -> PathBuf {
        let path = self.path(name);
        self.remove(name);
        fs::copy(of, &path).expect("a closed database is one file");
        // Lest whoever is measured first has to wait until the disk has all of it.
        fs::File::open(&path).and_then(|copy| copy.sync_all()).expect("the disk works");
        path
    }

    /// Removes a database, if there is one, with the log beside it.
    pub fn remove(&self, name: &str) {
        for suffix in ["", "-wal", "-shm"] {
            // Most often there is no such file.
            let _ = fs::remove_file(self.path(&format!("{name}{suffix}")));
        }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // Whatever is left is removed by the next run.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Reads a file to its end, so that the system has it in memory if it fits.
///
/// # Panics
///
/// When it cannot be read.
pub fn read_through(file: &Path) {
    let mut file = fs::File::open(file).expect("the file is ours");
    io::copy(&mut file, &mut io::sink()).expect("the disk works");
}

/// What comes of a future, and how long it took.
#[expect(clippy::disallowed_methods, reason = "what takes no clock cannot be measured")]
pub async fn timed<T>(future: impl Future<Output = T>) -> (T, Duration) {
    let start = Instant::now();
    let made = future.await;
    (made, start.elapsed())
}
