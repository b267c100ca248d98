//! An import that is killed or interrupted, and begun again.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::program::{Folder, Ran, SAMPLE_DATABASE, of_bundled, one_in};

/// An import of the bundled log, the largest there is.
const ARGUMENTS: [&str; 2] = ["--json", "answers.json"];

fn begin(folder: &Folder, arguments: &[&str]) -> Child {
    let mut command = folder.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Waits until some of the log is in the database, or the program has ended.
fn wait_for_import(folder: &Folder, child: &mut Child) {
    // Much more than the empty tables.
    const WRITTEN_BYTES: u64 = 1 << 20;
    let written =
        || folder.path(&format!("{SAMPLE_DATABASE}-wal")).metadata().map_or(0, |it| it.len());
    while written() < WRITTEN_BYTES && child.try_wait().unwrap().is_none() {
        sleep(Duration::from_millis(1));
    }
}

/// What an uninterrupted import comes to, bit for bit.
fn check_end(folder: &Folder, what: &str) {
    let (_, uninterrupted) = of_bundled();
    assert!(folder.read("answers.json") == *uninterrupted, "{what}: another end");
    let report = folder.report(&["--verify"]);
    assert!(report.contains("0 new, 6,919 there already; nothing has changed"), "{what}: {report}");
    assert!(report.contains("Verified: 2,357 customers"), "{what}: {report}");
}

#[test]
fn killed_at_any_moment_it_ends_where_an_uninterrupted_import_ends() {
    const KILLS: u32 = 24;
    let folder = Folder::new("killed");
    // More commands than go into one batch, and all of it many times over.
    folder.write("log.csv", one_in(3));
    let arguments = ["log.csv", "--json", "answers.json"];
    folder.report(&arguments);
    let uninterrupted = folder.read("answers.json");
    folder.begin_anew();
    let (mut kills, mut at_most) = (0, Duration::ZERO);
    while kills < KILLS {
        let mut child = begin(&folder, &arguments);
        // Any moment will do: ever later ones, or a slow machine would never come to an end.
        at_most += Duration::from_millis(25);
        sleep(at_most.mul_f64(f64::from((kills * 37 + 50) % 100) / 100.0));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
        }
        let ended = Ran::of(child.wait_with_output().unwrap());
        if ended.code.is_none() {
            kills += 1;
            continue;
        }
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
        assert!(folder.read("answers.json") == uninterrupted, "another end after {kills} kills");
        folder.begin_anew();
        at_most = Duration::ZERO;
    }
    let report = folder.report(&[&arguments[..], &["--verify"]].concat());
    assert!(report.contains("Verified: 785 customers"), "{report}");
    assert!(folder.read("answers.json") == uninterrupted, "another end after {kills} kills");
}

#[test]
fn interrupted_it_ends_after_the_batch_and_says_what_is_done() {
    for signal in ["-INT", "-TERM"] {
        let folder = Folder::new(&format!("interrupted{signal}"));
        let done = interrupted_in_the_middle(&folder, signal);
        let report = folder.report(&ARGUMENTS);
        assert!(report.contains(&format!(" new, {done} there already")), "{done}: {report}");
        check_end(&folder, signal);
    }
}

/// How many rows an interrupted import says are done, some and not all of them.
fn interrupted_in_the_middle(folder: &Folder, signal: &str) -> String {
    for _ in 0..10 {
        let mut child = begin(folder, &ARGUMENTS);
        wait_for_import(folder, &mut child);
        send(signal, &child);
        let Ran { code, out, err } = Ran::of(child.wait_with_output().unwrap());
        // A machine that is busy with other things may have sent it too late.
        if !err.is_empty() && !err.contains("everything is imported") {
            assert_eq!((code, out.as_str()), (Some(130), ""), "{signal}: {err}");
            let done = err.strip_prefix("interrupted: ").unwrap();
            let (done, rest) = done.split_once(" of 6,919 rows are in").unwrap();
            assert_eq!(
                rest,
                format!(" `{SAMPLE_DATABASE}`, whole; the same command goes on from there\n")
            );
            // The database is one file again, as after any run.
            assert_eq!(folder.names(), [SAMPLE_DATABASE]);
            if done != "6,919" {
                assert_ne!(done, "0");
                return done.to_owned();
            }
        }
        folder.begin_anew();
    }
    panic!("never in the middle");
}

#[test]
fn interrupted_twice_it_ends_at_once_and_goes_on_all_the_same() {
    let folder = Folder::new("interrupted_twice");
    let mut child = begin(&folder, &ARGUMENTS);
    wait_for_import(&folder, &mut child);
    send("-INT", &child);
    // It may have ended already, which is what was asked for.
    while child.try_wait().unwrap().is_none() {
        send("-INT", &child);
    }
    let Ran { code, out, err } = Ran::of(child.wait_with_output().unwrap());
    assert_eq!((code, out.as_str()), (Some(130), ""), "{err}");
    assert!(err.starts_with("interrupted: ") && err.contains("the same command"), "{err}");
    // On a busy machine it may have been too late, but then only.
    let report = folder.report(&ARGUMENTS);
    let is_over = report.contains("nothing has changed");
    assert!(is_over || !err.contains("everything is imported"), "{err}{report}");
    check_end(&folder, "twice");
}

#[test]
fn interrupted_while_the_log_is_read_it_leaves_nothing_behind() {
    let folder = Folder::new("interrupted_reading");
    let pipe = folder.path("log.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut command = folder.command(&["log.csv", "--lang", "zh"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Opened when the program reads, which it does when it listens.
    let log = std::fs::File::options().write(true).open(&pipe).unwrap();
    send("-INT", &child);
    let Ran { code, out, err } = Ran::of(child.wait_with_output().unwrap());
    drop(log);
    assert_eq!((code, out.as_str(), err.as_str()), (Some(130), "", "已中断: 尚未导入任何数据\n"));
    assert_eq!(folder.names(), ["log.csv"]);
}
