//! Running the example as a user does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The log that comes with the library.
pub(crate) const BUNDLED: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow_transactions.csv");

/// The example's program. `cargo test` builds its unit tests but not itself, so it is built here; with
/// the same features, or cargo would build the library twice over each time.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--locked", "--example", "portfolio", "--message-format=json"]);
        let more = [(cfg!(feature = "tz"), "tz"), (cfg!(feature = "conformance"), "conformance")];
        let more = more.into_iter().filter(|(is_on, _)| *is_on).map(|(_, name)| name);
        let features: Vec<&str> = ["sqlite"].into_iter().chain(more).collect();
        cargo.args(["--features", &features.join(",")]);
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        let built = cargo.stderr(Stdio::inherit()).output().unwrap();
        assert!(built.status.success(), "the example does not build");
        let messages = String::from_utf8(built.stdout).unwrap();
        let messages = messages.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let is_it = |message: &Value| message["target"]["name"] == "portfolio";
        let executable = |message: Value| Some(PathBuf::from(message["executable"].as_str()?));
        messages.filter(is_it).find_map(executable).unwrap()
    })
}

/// The report and the data of the bundled log. It is the largest here, so it is run once.
pub(crate) fn of_bundled() -> &'static (String, String) {
    static ANSWERS: OnceLock<(String, String)> = OnceLock::new();
    ANSWERS.get_or_init(|| {
        let folder = Folder::new("of_bundled");
        (folder.report(&["--json", "answers.json"]), folder.read("answers.json"))
    })
}

/// The data of the bundled log.
pub(crate) fn bundled_answers() -> Value {
    serde_json::from_str(&of_bundled().1).unwrap()
}

/// Every eighth customer of the bundled log.
pub(crate) fn part_of_bundled() -> String {
    one_in(8)
}

/// One in so many customers of the bundled log.
pub(crate) fn one_in(many: u32) -> String {
    let text = fs::read_to_string(BUNDLED).unwrap();
    let is_in = |line: &&str| {
        let (key, _) = line.split_once(',').unwrap();
        key.parse::<u32>().is_ok_and(|key| key.is_multiple_of(many)) || key == "customer_id"
    };
    text.lines().filter(is_in).map(|line| format!("{line}\n")).collect()
}

/// The database that is made when none is named.
pub(crate) const DATABASE: &str = "guanxi-portfolio.db";

/// The database that is made for the sample.
pub(crate) const SAMPLE_DATABASE: &str = "guanxi-sample.db";

/// The customers by key, without what depends on when they were imported.
pub(crate) fn timeless(answers: &Value) -> Vec<Value> {
    let mut customers = answers["customers"].as_array().unwrap().clone();
    for customer in &mut customers {
        customer.as_object_mut().unwrap().remove("revision");
        for stay in customer["history"].as_array_mut().unwrap() {
            stay.as_object_mut().unwrap().remove("recorded_at");
        }
    }
    customers
}

/// The customers as above, without what remembers when they were reviewed.
pub(crate) fn unreviewed(answers: &Value) -> Vec<Value> {
    let mut customers = timeless(answers);
    for customer in &mut customers {
        let customer = customer.as_object_mut().unwrap();
        customer.remove("tier");
        customer.remove("next_action");
        customer["because"].as_object_mut().unwrap().remove("tier");
        if let Some(risk) = customer["risk"].as_object_mut() {
            risk.remove("band");
        }
    }
    customers
}

/// The totals without what remembers reviews.
pub(crate) fn unreviewed_totals(answers: &Value) -> Value {
    let mut totals = answers["totals"].clone();
    totals.as_object_mut().unwrap().remove("tiers");
    totals
}

/// A folder of its own for each test, empty at its start.
pub(crate) struct Folder(PathBuf);

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The sentence of a refusal with this code, and nothing else.
    pub(crate) fn sentence(self, code: i32) -> String {
        let Self { code: found, out, err } = self;
        assert_eq!((found, out.as_str()), (Some(code), ""), "{err}");
        let sentence = err.strip_prefix("error: ").unwrap().strip_suffix('\n').unwrap();
        assert!(!sentence.is_empty() && !sentence.contains('\n'), "{err}");
        sentence.to_owned()
    }
}

impl Folder {
    /// The folder of the test of this name.
    pub(crate) fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("portfolio").join(test);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// Removes the database, so that the next run makes a new one.
    pub(crate) fn begin_anew(&self) {
        let is_database = |name: &String| name.starts_with(DATABASE);
        for name in self.names().into_iter().filter(is_database) {
            fs::remove_file(self.path(&name)).unwrap();
        }
    }

    /// The content of a file.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of the files in it.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let mut names: Vec<_> = entries.map(|entry| name(entry.unwrap())).collect();
        names.sort();
        names
    }

    /// The example with these arguments, to be run here.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command
    }

    /// Runs the example here, with these arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// Runs the example here; it has to end well, and gives its report.
    pub(crate) fn report(&self, arguments: &[&str]) -> String {
        let Ran { code, out, err } = self.run(arguments);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments:?}");
        out
    }

    /// Runs the example here; it has to end well, and gives its data.
    pub(crate) fn answers(&self, arguments: &[&str]) -> Value {
        let arguments = [&["--json", "answers.json"], arguments].concat();
        self.report(&arguments);
        serde_json::from_str(&self.read("answers.json")).unwrap()
    }

    /// Runs the example here; it has to refuse in one sentence, which is the answer.
    pub(crate) fn refusal(&self, code: i32, arguments: &[&str]) -> String {
        self.run(arguments).sentence(code)
    }
}
