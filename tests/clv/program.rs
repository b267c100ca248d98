//! Running the example as a user does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The log that comes with the library.
pub(super) const SAMPLE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow_transactions.csv");

/// The example's program. `cargo test` builds its unit tests but not itself, so it is built here; with the same
/// features, or cargo would build the library twice over each time.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--locked", "--example", "clv", "--message-format=json"]);
        let features = [
            (cfg!(feature = "tz"), "tz"),
            (cfg!(feature = "schema"), "schema"),
            (cfg!(feature = "conformance"), "conformance"),
            (cfg!(feature = "sqlite"), "sqlite"),
            (cfg!(feature = "postgres"), "postgres"),
            (cfg!(feature = "postgres-tls"), "postgres-tls"),
        ];
        let features = features.into_iter().filter(|(is_on, _)| *is_on).map(|(_, name)| name);
        cargo.args(["--features", &features.collect::<Vec<_>>().join(",")]);
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        let built = cargo.stderr(Stdio::inherit()).output().unwrap();
        assert!(built.status.success(), "the example does not build");
        let messages = String::from_utf8(built.stdout).unwrap();
        let messages = messages.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let is_it = |message: &Value| message["target"]["name"] == "clv";
        let executable = |message: Value| Some(PathBuf::from(message["executable"].as_str()?));
        messages.filter(is_it).find_map(executable).unwrap()
    })
}

/// A folder of its own for each test, empty at its start.
pub(super) struct Folder(PathBuf);

/// What a run came to.
pub(super) struct Ran {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Folder {
    /// The folder of the test of this name.
    pub(super) fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clv").join(test);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(super) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// The names of the files in it.
    pub(super) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let mut names: Vec<_> = entries.map(|entry| name(entry.unwrap())).collect();
        names.sort();
        names
    }

    /// The example with these arguments, to be run here.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command
    }

    /// Runs the example here.
    pub(super) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// Runs the example here; it has to end well, and gives its report.
    pub(super) fn report(&self, arguments: &[&str]) -> String {
        let Ran { code, out, err } = self.run(arguments);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments:?}");
        out
    }

    /// Runs the example here; it has to end well, and gives its data.
    pub(super) fn answers(&self, arguments: &[&str]) -> Value {
        self.report(&[&["--json", "answers.json"], arguments].concat());
        serde_json::from_str(&self.read("answers.json")).unwrap()
    }

    /// Runs the example here; it has to refuse in one sentence, which is the answer.
    pub(super) fn refusal(&self, code: i32, arguments: &[&str]) -> String {
        let Ran { code: found, out, err } = self.run(arguments);
        assert_eq!((found, out.as_str()), (Some(code), ""), "{err}");
        let sentence = err.strip_prefix("error: ").unwrap().strip_suffix('\n').unwrap();
        assert!(!sentence.is_empty() && !sentence.contains('\n'), "{err}");
        sentence.to_owned()
    }
}
