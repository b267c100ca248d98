//! A relay that goes on as entries come, and ends at rest.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::base::{TENANT, fill, journals};
use super::program::{Folder, RELAY, Ran};
use super::received::check;

/// Ends a relay that keeps a test waiting, so that the test sees what is missing.
fn limit(child: &Child) -> Sender<()> {
    const WAIT_MAX: Duration = Duration::from_secs(60);
    let (done, waiting) = mpsc::channel();
    let id = child.id().to_string();
    thread::spawn(move || {
        if waiting.recv_timeout(WAIT_MAX) == Err(RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
        }
    });
    done
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn entries_are_delivered_as_they_come_until_it_is_told_to_end() {
    for signal in ["-INT", "-TERM"] {
        let folder = Folder::new(&format!("following{signal}"));
        fill(&folder.path("crm.db"), 0..3);
        let pipe = folder.path("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let to = ["--db", "crm.db", "--tenant", TENANT, "--to", "pipe", "--cursor", "cursor"];
        let child = folder.start(&[&to[..], &["--follow", "--interval", "10"]].concat());
        let _limit = limit(&child);
        // A pipe tells when something has arrived, so that nobody has to guess.
        let mut lines = BufReader::new(File::open(&pipe).unwrap()).lines();
        let mut read = |count: usize| -> String {
            lines.by_ref().take(count).map(|line| line.unwrap() + "\n").collect()
        };
        let mut arrived = read(3);
        for more in [3..4, 4..9] {
            fill(&folder.path("crm.db"), more.clone());
            arrived += &read(more.count());
        }
        send(signal, &child);
        let Ran { code, out, err } = Ran::of(child.wait_with_output().unwrap());
        assert_eq!((code, out.as_str()), (Some(0), ""), "{err}");
        assert!(err.contains("every 10 ms") && err.contains("done: 9 entries"), "{err}");
        assert_eq!(check(&arrived, &journals(&folder.path("crm.db"))), 0);
        // At rest: what arrived is noted.
        let rest = folder.start(&to);
        let more = BufReader::new(File::open(&pipe).unwrap()).lines().count();
        assert_eq!(more, 0);
        assert_eq!(Ran::of(rest.wait_with_output().unwrap()).code, Some(0));
    }
}

#[test]
fn two_relays_do_not_mix_their_lines() {
    let folder = Folder::new("two");
    fill(&folder.path("crm.db"), 0..3);
    let mut first = folder.start(&[&RELAY[..], &["--follow"]].concat());
    // It says so when the file is its own.
    let mut said = String::new();
    BufReader::new(first.stderr.as_mut().unwrap()).read_line(&mut said).unwrap();
    assert!(said.starts_with("following: "), "{said}");
    let sentence = folder.refusal(1, &RELAY);
    assert!(sentence.contains("another relay is delivering to `out`"), "{sentence}");
    send("-INT", &first);
    assert_eq!(first.wait().unwrap().code(), Some(0));
    assert!(folder.relay().contains("done: 0 entries"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = Folder::new("enough");
    fill(&folder.path("crm.db"), 0..40);
    let mut child = folder.start(&["--db", "crm.db", "--tenant", TENANT, "--page", "1"]);
    drop(child.stdout.take());
    let Ran { code, err, .. } = Ran::of(child.wait_with_output().unwrap());
    assert_eq!((code, err.as_str()), (Some(0), ""));
}
