//! The policy that the command line names: judged by, adopted, or refused.

use std::fs;

use serde_json::{Value, json};

use super::program::{DATABASE, Folder, one_in};

/// A folder with a part of the bundled log, and a policy that loses customers sooner.
fn folder(test: &str) -> Folder {
    let folder = Folder::new(test);
    folder.write("log.csv", one_in(40));
    folder.write("sooner.json", sooner().to_string());
    folder
}

fn sooner() -> Value {
    json!({ "currency": "USD", "lifecycle": { "lapse": {
        "floor_days": 10, "without_cadence_days": 30, "ceiling_days": 40
    } } })
}

fn lost(answers: &Value) -> u64 {
    answers["totals"]["stages"]["lost"].as_u64().unwrap()
}

#[test]
fn a_new_database_is_judged_by_it_from_the_beginning() {
    let folder = folder("policy_new");
    let by_default = folder.answers(&["log.csv", "--db", "default.db"]);
    let arguments = ["log.csv", "--policy", "sooner.json", "--verify"];
    let answers = folder.answers(&arguments);
    assert!(lost(&answers) > lost(&by_default));
    assert_ne!(answers["totals"]["policy"], by_default["totals"]["policy"]);
    // The same file again, in another layout, or not named any more: nothing changes.
    let database = fs::read(folder.path(DATABASE)).unwrap();
    folder.write("layout.json", format!("{:#}\n", sooner()));
    for again in [&arguments[..], &["log.csv", "--policy", "layout.json"], &["log.csv"]] {
        let report = folder.report(again);
        assert!(report.contains("nothing has changed"), "{report}");
        assert!(report.contains("the database's own, version"), "{report}");
        assert!(fs::read(folder.path(DATABASE)).unwrap() == database, "{again:?}");
        assert_eq!(folder.answers(again), answers);
    }
}

#[test]
fn another_policy_is_adopted_from_that_day_on_and_rewrites_nothing() {
    let folder = folder("policy_adopted");
    let before = folder.answers(&["log.csv"]);
    let arguments = ["log.csv", "--policy", "sooner.json", "--verify"];
    let after = folder.answers(&arguments);
    assert!(lost(&after) > lost(&before), "those silent for too long by the new one are lost now");
    let rows = |answers: &Value| answers["customers"].as_array().unwrap().clone();
    for (old, new) in rows(&before).iter().zip(&rows(&after)) {
        let [old, new] = [old, new].map(|row| row["history"].as_array().unwrap().clone());
        let (_, past) = old.split_last().unwrap();
        assert_eq!(past, &new[..past.len()], "the past stands");
    }
    let database = fs::read(folder.path(DATABASE)).unwrap();
    let report = folder.report(&arguments);
    assert!(report.contains("nothing has changed"), "{report}");
    assert!(fs::read(folder.path(DATABASE)).unwrap() == database);
    // Before that day it was another one.
    let back = folder.answers(&["log.csv", "--as-of", "1998-03-31"]);
    assert_eq!(back["totals"]["policy"], before["totals"]["policy"]);
    // On the same day there is no third one; on a later day there is.
    folder.write("third.json", "{\"currency\": \"USD\"}");
    let third = ["log.csv", "--policy", "third.json"];
    let sentence = folder.refusal(2, &third);
    assert!(sentence.contains("in force from 1998-06-30 on"), "{sentence}");
    assert!(fs::read(folder.path(DATABASE)).unwrap() == database, "a refusal touches nothing");
    let later = folder.answers(&[&third[..], &["--today", "1998-07-01", "--verify"]].concat());
    assert_eq!(later["totals"]["customers"], before["totals"]["customers"]);
}

#[test]
fn every_fault_is_listed_at_its_path_and_nothing_is_touched() {
    let folder = folder("policy_faults");
    let faulty = json!({
        "currency": "USD", "zone": "+08:00",
        "lifecycle": { "lapse": { "floor_days": 0 } },
        "tier": { "dampening": { "demote_margin": 10_000 } },
        "chrun": {}
    });
    folder.write("faulty.json", faulty.to_string());
    let ran = folder.run(&["log.csv", "--policy", "faulty.json", "--json", "answers.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{}", ran.err);
    let paths = ["zone", "lifecycle.lapse.floor_days", "tier.dampening.demote_margin", "chrun"];
    for path in paths {
        let fault = ran.err.lines().find(|line| line.starts_with(&format!("fault: {path}: ")));
        assert!(fault.is_some_and(|fault| fault.contains("; ")), "{path}: {}", ran.err);
    }
    assert!(ran.err.ends_with("error: the policy `faulty.json` has faults: 4\n"), "{}", ran.err);
    assert_eq!(folder.names(), ["faulty.json", "log.csv", "sooner.json"]);
}

#[test]
fn what_is_no_policy_is_refused() {
    let folder = folder("policy_none");
    fs::create_dir(folder.path("folder")).unwrap();
    folder.write("broken.json", "{\"currency\": \"USD\",\n  ");
    folder.write("empty.json", "");
    folder.write("binary.json", [0_u8, 159, 146, 150]);
    folder.write("huge.json", " ".repeat((1 << 20) + 1));
    folder.write("euros.json", "{\"currency\": \"EUR\"}");
    for (name, said) in [
        ("missing.json", "cannot read the policy `missing.json`"),
        ("folder", "cannot read the policy `folder`"),
        ("broken.json", "has faults: 1"),
        ("empty.json", "has faults: 1"),
        ("binary.json", "has faults: 1"),
        ("huge.json", "longer than any policy"),
        ("euros.json", "is of amounts in EUR, and they are in USD"),
    ] {
        let before = folder.names();
        let ran = folder.run(&["log.csv", "--policy", name]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{name}: {}", ran.err);
        let last = ran.err.lines().last().unwrap();
        assert!(last.starts_with("error: ") && last.contains(said), "{name}: {}", ran.err);
        assert_eq!(folder.names(), before, "{name}: something was touched");
    }
    let ran = folder.run(&["log.csv", "--policy", "broken.json"]);
    assert!(ran.err.contains("line 2, column"), "{}", ran.err);
}

#[test]
fn a_database_alone_keeps_its_policy() {
    let folder = folder("policy_alone");
    folder.report(&["log.csv", "--db", "own.db", "--policy", "sooner.json"]);
    let alone = ["--db", "own.db", "--policy"];
    folder.report(&[&alone[..], &["sooner.json"]].concat());
    folder.write("other.json", "{\"currency\": \"USD\"}");
    let sentence = folder.refusal(2, &[&alone[..], &["other.json"]].concat());
    assert!(sentence.contains("is not written to without a log"), "{sentence}");
    folder.write("euros.json", "{\"currency\": \"EUR\"}");
    let sentence = folder.refusal(2, &[&alone[..], &["euros.json"]].concat());
    assert!(sentence.contains("in EUR, and they are in USD"), "{sentence}");
}

#[test]
fn nothing_is_written_over_the_policy() {
    let folder = folder("policy_overwrite");
    let policy = folder.read("sooner.json");
    for option in ["--json", "--csv", "--html", "--rejects", "--db"] {
        for name in ["sooner.json", "./sooner.json"] {
            let ran = folder.run(&["log.csv", "--policy", "sooner.json", option, name]);
            assert!(matches!(ran.code, Some(1 | 2)), "{option} {name}: {}", ran.err);
            assert_eq!(folder.read("sooner.json"), policy, "{option} {name}");
        }
    }
    assert!(!folder.names().contains(&DATABASE.to_owned()));
}
