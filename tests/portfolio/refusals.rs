//! What the example does not do, and how it says so.

use std::fs;

use super::program::{DATABASE, Folder};

const GOOD: &str = "customer_id,date,amount\na,2024-01-02,1.00\n";

#[test]
fn what_is_no_log_is_refused_in_one_sentence() {
    let folder = Folder::new("no_log");
    fs::create_dir(folder.path("folder")).unwrap();
    folder.write("empty.csv", "");
    folder.write("blank.csv", "\n \n");
    folder.write("header.csv", "customer_id,date,amount\n");
    folder.write("binary.csv", [0_u8, 159, 146, 150, 0, 1, 2, 3]);
    folder.write("zip.csv", b"PK\x03\x04rest");
    folder.write("page.csv", "<html><body>Please log in</body></html>\n");
    folder.write("other.csv", "name,age\nAda,36\n");
    folder.write("data.csv", "a,2024-01-02,1.00\n");
    for (name, said) in [
        ("missing.csv", "there is no file"),
        ("folder", "is a folder"),
        ("empty.csv", "is empty"),
        ("blank.csv", "is empty"),
        ("header.csv", "no purchases"),
        ("binary.csv", "not a purchase log"),
        ("zip.csv", "spreadsheet"),
        ("page.csv", "HTML"),
        ("other.csv", "no column `customer_id`"),
        ("data.csv", "looks like data"),
    ] {
        let before = folder.names();
        let sentence = folder.refusal(1, &[name, "--json", "answers.json"]);
        assert!(sentence.contains(said) && sentence.contains(name), "{sentence}");
        assert_eq!(folder.names(), before, "{name}: something was written");
    }
}

#[test]
fn a_log_of_bad_rows_only_has_nothing_to_report() {
    let folder = Folder::new("bad_rows_only");
    folder.write("log.csv", "customer_id,date,amount\na,soon,1.00\n,2024-01-02,1.00\n");
    let sentence = folder.refusal(1, &["log.csv", "--rejects", "bad.csv"]);
    assert!(sentence.contains("every row") && sentence.contains("bad.csv"), "{sentence}");
    assert_eq!(folder.read("bad.csv").lines().count(), 3);
}

#[test]
fn options_that_cannot_be_followed_end_with_their_own_code() {
    let folder = Folder::new("options");
    folder.write("log.csv", GOOD);
    for (arguments, said) in [
        (&["--colour"][..], "--colour"),
        (&["--today", "tomorrow"], "--today"),
        (&["--as-of", "1999-01-01", "--today", "1998-12-31"], "is after"),
        (&["log.csv", "--as-of", "2024-01-03"], "is after"),
        (&["--lang", "fr"], "--lang"),
        (&["one.csv", "two.csv"], "two.csv"),
        (&["--json"], "needs a value"),
    ] {
        let sentence = folder.refusal(2, arguments);
        assert!(sentence.contains(said), "{sentence}");
    }
    assert_eq!(folder.names(), ["log.csv"]);
}

#[test]
fn help_is_no_failure() {
    let help = Folder::new("help").report(&["--help"]);
    assert!(help.contains("--negative HOW") && help.contains("Usage"));
}

#[test]
fn no_file_takes_the_place_of_the_log() {
    let folder = Folder::new("overwrite");
    folder.write("log.csv", GOOD);
    let log = folder.path("log.csv");
    for target in ["log.csv", "./log.csv", log.to_str().unwrap()] {
        for option in ["--json", "--rejects"] {
            let ran = folder.run(&["log.csv", option, target]);
            assert_eq!(folder.read("log.csv"), GOOD, "{option} {target}: {}", ran.err);
            assert!(option == "--rejects" || ran.code != Some(0), "{target}");
        }
    }
    let sentence = folder.refusal(1, &["log.csv", "--json", "./portfolio-rejects.csv"]);
    assert!(sentence.contains("in use"), "{sentence}");
}

#[test]
fn data_that_cannot_be_written_are_one_sentence_and_leave_nothing_behind() {
    let folder = Folder::new("unwritable");
    fs::create_dir(folder.path("folder")).unwrap();
    folder.write("log.csv", GOOD);
    for (target, said) in [
        ("nowhere/answers.json", "there is no folder `nowhere` to write the JSON in"),
        ("nowhere/", "there is no folder `nowhere/` to write the JSON in"),
        ("log.csv/a.json", "there is no folder `log.csv` to write the JSON in"),
        ("folder", "`folder` is a folder, so the JSON cannot be written to it"),
        ("folder/", "`folder/` is a folder, so the JSON cannot be written to it"),
    ] {
        assert_eq!(folder.refusal(1, &["log.csv", "--json", target]), said);
        assert_eq!(folder.names(), ["folder", "log.csv"], "{target}: found out too late");
    }
    folder.write("log.csv", "customer_id,date,amount\na,soon,1.00\nb,2024-01-02,1\n");
    let sentence = folder.refusal(1, &["log.csv", "--rejects", "nowhere/bad.csv"]);
    assert!(sentence.starts_with("cannot write `nowhere/bad.csv`: "), "{sentence}");
    assert_eq!(folder.names(), ["folder", DATABASE, "log.csv"]);
}

#[test]
fn older_data_are_replaced() {
    let folder = Folder::new("replaced");
    folder.write("answers.json", "older");
    folder.write("log.csv", GOOD);
    let answers = folder.answers(&["log.csv"]);
    assert_eq!(answers["totals"]["rows"], 1);
    assert_eq!(folder.names(), ["answers.json", DATABASE, "log.csv"]);
}

#[test]
fn what_an_interrupted_run_left_is_overwritten() {
    let folder = Folder::new("interrupted");
    folder.write("log.csv", GOOD);
    folder.write(".answers.json.part", "{\"totals\": ".repeat(10_000));
    let answers = folder.answers(&["log.csv"]);
    assert_eq!(answers["totals"]["rows"], 1);
    assert_eq!(folder.names(), ["answers.json", DATABASE, "log.csv"]);
}

#[test]
fn two_runs_do_not_write_one_file() {
    let folder = Folder::new("two_runs");
    folder.write("log.csv", GOOD);
    folder.write("answers.json", "older");
    let other = fs::File::create(folder.path(".answers.json.part")).unwrap();
    other.lock().unwrap();
    let sentence = folder.refusal(1, &["log.csv", "--json", "answers.json"]);
    assert_eq!(sentence, "another run is writing `answers.json`");
    assert_eq!(folder.names(), [".answers.json.part", "answers.json", DATABASE, "log.csv"]);
    assert_eq!(folder.read("answers.json"), "older");
    drop(other);
    folder.answers(&["log.csv"]);
}

#[test]
fn half_written_data_take_the_place_of_no_log() {
    let folder = Folder::new("half_written");
    folder.write(".a.part", GOOD);
    let sentence = folder.refusal(1, &[".a.part", "--json", "a"]);
    assert!(sentence.contains("in use"), "{sentence}");
    assert_eq!(folder.read(".a.part"), GOOD);
}

#[test]
fn standard_output_is_no_file_for_the_data() {
    let folder = Folder::new("dash");
    folder.write("log.csv", GOOD);
    for arguments in [&["log.csv", "--json", "-"][..], &["log.csv", "--json=-"]] {
        let sentence = folder.refusal(2, arguments);
        assert!(sentence.contains("`--json -` names no file"), "{sentence}");
    }
    folder.report(&["log.csv", "--json", "./-"]);
    assert_eq!(folder.names(), ["-", DATABASE, "log.csv"]);
}
