//! A database that is named without a log: its customers are reported of, and nobody comes to them.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::program::{
    BUNDLED, DATABASE, Folder, SAMPLE_DATABASE, of_bundled, one_in, unreviewed, unreviewed_totals,
};

const LOG: &str = "customer_id,date,amount\na,2024-01-02,1.00\na,2024-01-09,2.50\nb,2024-01-05,4\n";

/// A folder with `own.db`, made of a short log that is not there any more.
fn own(test: &str) -> Folder {
    let folder = Folder::new(test);
    folder.write("log.csv", LOG);
    folder.report(&["log.csv", "--db", "own.db", "--currency", "EUR"]);
    fs::remove_file(folder.path("log.csv")).unwrap();
    folder
}

/// The fields of the totals that speak of a log, of which there are as many as the page marks.
fn of_log(totals: &Value) -> Vec<&Value> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/portfolio-json.md");
    let page = fs::read_to_string(page).unwrap();
    let marked = page.lines().filter(|line| line.contains("| *log*: "));
    let names: Vec<&str> = marked.map(|line| line.split('`').nth(1).unwrap()).collect();
    assert_eq!(names.len(), 8);
    names.into_iter().map(|name| &totals[name]).collect()
}

#[test]
fn a_database_with_customers_is_reported_of_and_not_written_to() {
    let folder = own("own");
    folder.write("portfolio-rejects.csv", "line,reason,of an earlier run\n");
    let before = fs::read(folder.path("own.db")).unwrap();
    let arguments = ["--db", "own.db", "--verify"];
    for (language, log, verified) in [
        ("en", "Log          none; nothing is imported\n", "Verified: 2 customers"),
        ("zh", "数据    无，不导入\n", "已核验：2位客户"),
    ] {
        let report = folder.report(&[&arguments[..], &["--lang", language]].concat());
        for said in [log, verified, "7.50 EUR", "2024-01-09"] {
            assert!(report.contains(said), "{said}: {report}");
        }
        for unsaid in ["Import", "导入 ", "CDNOW"] {
            assert!(!report.contains(unsaid), "{unsaid}: {report}");
        }
    }
    let totals = &folder.answers(&arguments)["totals"];
    assert!(of_log(totals).into_iter().all(Value::is_null), "{totals}");
    let names = ["customers", "monetary", "currency", "today", "as_of"];
    let expected =
        [json!(2), json!("7.50"), json!("EUR"), json!("2024-01-09"), json!("2024-01-09")];
    assert_eq!(names.map(|name| totals[name].clone()), expected);
    assert!(fs::read(folder.path("own.db")).unwrap() == before);
    assert_eq!(folder.names(), ["answers.json", "own.db", "portfolio-rejects.csv"]);
}

#[test]
fn a_database_alone_is_seen_from_any_day_and_taken_to_none() {
    let folder = own("own_days");
    let before = fs::read(folder.path("own.db")).unwrap();
    let on = |day| folder.answers(&["--db", "own.db", "--as-of", day])["totals"].clone();
    assert_eq!(
        (&on("2024-01-04")["customers"], &on("2024-01-05")["customers"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(on("2024-01-05")["monetary"], "5.00");

    // Of a later day it is what the database would come to, if it were taken there.
    let later = ["--today", "2026-06-30"];
    let answers = folder.answers(&[&["--db", "own.db"], &later[..]].concat());
    assert_eq!(answers["totals"]["stages"]["lost"], 2);
    assert!(fs::read(folder.path("own.db")).unwrap() == before);
    folder.write("log.csv", LOG);
    let there = ["log.csv", "--db", "own.db", "--currency", "EUR"];
    let taken = folder.answers(&[&there, &later[..]].concat());
    assert_eq!(taken["totals"]["stages"], answers["totals"]["stages"]);

    let sentence = own("own_days").refusal(2, &["--db", "own.db", "--as-of", "2024-01-10"]);
    let said = "`--as-of` 2024-01-10 is after today; the database was taken to 2024-01-09, give \
                `--today 2024-01-10` as well";
    assert_eq!(sentence, said);
}

#[test]
fn a_new_database_takes_the_sample() {
    let folder = Folder::new("own_new");
    let (report, answers) = of_bundled();
    let new = folder.report(&["--db", "new.db", "--json", "answers.json"]);
    assert_eq!(new, report.replace(SAMPLE_DATABASE, "new.db"));
    assert!(folder.read("answers.json") == *answers);
    // From then on it has customers.
    let again = folder.report(&["--db", "new.db"]);
    assert!(again.contains("none; nothing is imported"), "{again}");
}

/// Whoever goes on with a log of their own does not mix the two.
#[test]
fn where_no_database_is_named_the_sample_is_kept_apart() {
    let folder = Folder::new("own_default");
    folder.write("log.csv", LOG);
    folder.report(&["log.csv"]);
    let report = folder.report(&[]);
    assert!(report.contains("(the CDNOW sample)") && report.contains("2,357"), "{report}");
    assert_eq!(folder.names(), [DATABASE, SAMPLE_DATABASE, "log.csv"]);
}

#[test]
fn a_log_that_is_named_goes_to_the_named_database() {
    let folder = own("own_log");
    folder.write("log.csv", format!("{LOG}c,2024-01-10,8\n"));
    let report = folder.report(&["log.csv", "--db", "own.db", "--currency", "EUR"]);
    assert!(report.contains("1 new, 3 there already"), "{report}");
    // The sample, too, if it is named.
    let sentence = folder.refusal(1, &[BUNDLED, "--db", "own.db"]);
    assert!(sentence.contains("keeps amounts in EUR and the log has them in USD"), "{sentence}");
}

#[test]
fn a_database_that_was_fed_day_by_day_answers_as_one_that_took_all_at_once() {
    let folder = Folder::new("day_by_day");
    let text = one_in(250);
    folder.write("log.csv", &text);
    folder.report(&["log.csv", "--db", "whole.db"]);
    let (header, rows) = text.split_once('\n').unwrap();
    let mut days: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in rows.lines() {
        days.entry(row.split(',').nth(2).unwrap()).or_default().push(row);
    }
    assert!(days.len() > 15, "too few to tell");
    for (day, rows) in days {
        folder.write("day.csv", format!("{header}\n{}\n", rows.join("\n")));
        folder.report(&["day.csv", "--db", "daily.db", "--today", day]);
    }
    let [whole, daily] = ["whole.db", "daily.db"].map(|name| folder.answers(&["--db", name]));
    // The daily runs reviewed customers on the way, which remember what was found.
    assert_eq!(unreviewed_totals(&whole), unreviewed_totals(&daily));
    assert_eq!(unreviewed(&whole), unreviewed(&daily));
    assert_ne!(
        whole["customers"], daily["customers"],
        "when it was recorded is part of the answer"
    );
}
