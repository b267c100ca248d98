//! The files under `src/`, and where each stands in the tree of modules.

use std::fs;
use std::io;
use std::path::Path;

/// One file of the crate, by its path from the root of the project, with `/` on every platform.
pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl SourceFile {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The module this file is, from the crate's root: `src/value/rfm.rs` is `crate`, `value`, `rfm`.
    pub(crate) fn module(&self) -> Vec<String> {
        let path = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let path = path.strip_suffix(".rs").unwrap_or(path);
        let inner = path.split('/').filter(|part| !matches!(*part, "lib" | "mod"));
        std::iter::once("crate").chain(inner).map(str::to_owned).collect()
    }

    /// The room this file belongs to; `None` is the front page, `lib.rs`.
    pub(crate) fn room(&self) -> Option<String> {
        self.module().into_iter().nth(1)
    }
}

/// Every source file of the crate, in a stable order.
pub(crate) fn all() -> io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "src", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn collect(folder: &Path, name: &str, files: &mut Vec<SourceFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &path, files)?;
        } else if path.ends_with(".rs") {
            files.push(SourceFile { text: fs::read_to_string(entry.path())?, path });
        }
    }
    Ok(())
}

#[test]
fn a_file_knows_its_module_and_its_room() {
    let place = |path| {
        let file = SourceFile::new(path, "");
        (file.module().join("::"), file.room())
    };
    let room = |name: &str| Some(name.to_owned());
    assert_eq!(place("src/lib.rs"), ("crate".to_owned(), None));
    assert_eq!(place("src/id.rs"), ("crate::id".to_owned(), room("id")));
    assert_eq!(place("src/value/mod.rs"), ("crate::value".to_owned(), room("value")));
    assert_eq!(place("src/value/rfm.rs"), ("crate::value::rfm".to_owned(), room("value")));
}

#[test]
fn the_source_is_found() {
    let files = all().unwrap();
    assert!(files.iter().any(|file| file.path == "src/lib.rs"));
    assert!(files.iter().any(|file| file.room().is_some()), "only lib.rs was found");
}
