//! A process that is started to be killed: this test binary, asked for the one test that is none.

use std::io::{BufRead, BufReader, IsTerminal, Write, stdin, stdout};
use std::process::{ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::carry::Answer;

/// What a child tells: each word once what it says is so.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Word {
    /// It has read its errand.
    Started,
    /// The store is open.
    Opened,
    /// A step of a task was carried out, with the answer to each of its commands.
    Done { task: u64, step: u64, answers: Vec<Answer> },
    /// A customer has been erased.
    Erased { nth: u64 },
    /// Something failed that no kill explains.
    Failed(String),
}

/// Begins every line of ours: the test harness of the child writes its own in between.
const MARK: &str = "crash: ";

/// Tells the parent. A line is one write, so it arrives whole or not at all.
pub(super) fn tell(word: &Word) {
    let line = format!("\n{MARK}{}\n", serde_json::to_string(word).unwrap());
    let mut out = stdout().lock();
    out.write_all(line.as_bytes()).unwrap();
    out.flush().unwrap();
}

/// The errand that this process was started for; none if it was run by hand.
pub(super) fn errand<E: DeserializeOwned>() -> Option<E> {
    let mut line = String::new();
    if stdin().is_terminal() || stdin().read_line(&mut line).is_err() {
        return None;
    }
    let errand = serde_json::from_str(&line).ok()?;
    tell(&Word::Started);
    Some(errand)
}

/// A child, seen from its parent.
pub(super) struct Child {
    process: std::process::Child,
    lines: BufReader<ChildStdout>,
}

impl Child {
    /// Starts this test binary again, for the one test of this name that is none, with its errand.
    pub(super) fn start(test: &str, errand: &impl Serialize) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let errand = serde_json::to_string(errand).unwrap();
        writeln!(process.stdin.as_mut().unwrap(), "{errand}").unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap());
        let mut child = Self { process, lines };
        assert!(matches!(child.word(), Some(Word::Started)));
        child
    }

    /// The next word; `None` when the child is no more.
    fn word(&mut self) -> Option<Word> {
        loop {
            let mut line = String::new();
            self.lines.read_line(&mut line).unwrap();
            if !line.ends_with('\n') {
                return None;
            }
            let word = line.strip_prefix(MARK).map(|word| serde_json::from_str(word).unwrap());
            match word {
                Some(Word::Failed(error)) => panic!("the child failed: {error}"),
                Some(word) => return Some(word),
                None => {}
            }
        }
    }

    /// Hears so many words, lets it go on for a moment, and kills it. Gives all that it told, to the
    /// last: an answer that reached the pipe is an acknowledgement.
    pub(super) fn kill(mut self, words: u64, moment: Duration) -> Vec<Word> {
        let mut told: Vec<Word> = (0..words).map_while(|_| self.word()).collect();
        assert_eq!(told.len() as u64, words, "the child ended by itself");
        // Nobody waits for anything here. It spreads the kills, so that they hit everything there is.
        sleep(moment);
        self.process.kill().unwrap();
        told.extend(std::iter::from_fn(|| self.word()));
        let status = self.process.wait().unwrap();
        // What a test binary ends with by itself.
        assert!(!matches!(status.code(), Some(0 | 101)), "the child ended by itself");
        told
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // A test that fails leaves nobody behind. Killed before, it is no more.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
