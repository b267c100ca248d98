//! The programs of PostgreSQL, and whom they may run as.

use std::env;
use std::fs;
use std::io::{Write as _, stderr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The folder with the programs of the server.
const BIN: &str = "GUANXI_TEST_POSTGRES_BIN";

/// Set where it is a failure that something cannot be tested, as `.ci/run` does.
const REQUIRED: &str = "GUANXI_TEST_POSTGRES_REQUIRED";

/// The programs that a server of one's own needs.
const PROGRAMS: [&str; 3] = ["initdb", "postgres", "pg_ctl"];

/// Says what is not tested, where nobody can overlook it.
///
/// # Panics
///
/// Where that is a failure.
pub(super) fn not_tested(what: &str, why: &str) {
    assert!(env::var_os(REQUIRED).is_none(), "{what} must be tested: {why}");
    say_not_tested(what, why);
}

/// The same where nothing can be done about it.
pub(super) fn say_not_tested(what: &str, why: &str) {
    // Not by a macro of the standard library, whose output tests swallow.
    let text = format!("\n*** NOT TESTED: {what}. {why}\n\n");
    stderr().write_all(text.as_bytes()).unwrap();
}

/// The folder of the programs; `None` if there is none, which is said.
pub(super) fn folder() -> Option<&'static Path> {
    static FOLDER: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
        let found = named().or_else(configured).or_else(installed);
        if found.is_none() {
            let why =
                format!("No programs of a PostgreSQL server were found; {BIN} names their folder.");
            not_tested("the PostgreSQL store when things fail", &why);
        }
        found
    });
    FOLDER.as_deref()
}

fn has_programs(folder: &Path) -> bool {
    PROGRAMS.iter().all(|program| folder.join(program).is_file())
}

fn named() -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os(BIN)?);
    assert!(has_programs(&folder), "{BIN} names a folder without {PROGRAMS:?}");
    Some(folder)
}

fn configured() -> Option<PathBuf> {
    let found = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = PathBuf::from(String::from_utf8(found.stdout).ok()?.trim());
    has_programs(&folder).then_some(folder)
}

/// Where Debian keeps them, the newest first.
fn installed() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| {
            let version = version.ok()?;
            let number = version.file_name().to_str()?.parse().ok()?;
            Some((number, version.path().join("bin")))
        })
        .filter(|(_, folder)| has_programs(folder))
        .collect();
    folders.sort();
    folders.pop().map(|(_, folder)| folder)
}

/// Whom the server runs as, because it refuses to run as root.
#[derive(Debug, Clone, Copy)]
pub(super) struct User {
    pub(super) user: u32,
    pub(super) group: u32,
}

impl User {
    /// Somebody else than root.
    pub(super) fn other() -> Self {
        let ask = |what: &str, name: &str| {
            let answer = Command::new("id").args([what, name]).output().unwrap();
            String::from_utf8(answer.stdout).unwrap().trim().parse().ok()
        };
        let found = ["postgres", "nobody"]
            .iter()
            .find_map(|name| Some(Self { user: ask("-u", name)?, group: ask("-g", name)? }));
        found.expect("root needs a user `postgres` or `nobody` to run the server as")
    }

    /// A program to be run as this user, which ends when the thread that starts it does.
    pub(super) fn command(self, program: &Path) -> Command {
        let mut command = Command::new("setpriv");
        command.arg(format!("--reuid={}", self.user)).arg(format!("--regid={}", self.group));
        command.args(["--clear-groups", "--pdeathsig=QUIT"]).arg(program);
        command
    }
}
