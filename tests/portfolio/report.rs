//! What the report tells a reader to do, and to doubt.

use serde_json::Value;

use super::program::{Folder, bundled_answers, of_bundled};

const HEADER: &str = "customer_id,date,amount";

/// A customer who buys on these days.
fn with_days(test: &str, days: &[&str]) -> Folder {
    let folder = Folder::new(test);
    let rows: String = days.iter().map(|day| format!("a,{day},1.00\n")).collect();
    folder.write("log.csv", format!("{HEADER}\n{rows}"));
    folder
}

/// The customers and amounts in the table of suggestions.
fn suggested(report: &str) -> Vec<(String, String)> {
    let rows = report.lines().skip_while(|line| !line.starts_with("Suggested moves"));
    let rows = rows.skip(3).take_while(|line| !line.starts_with("Suggested, for a person"));
    let pair = |row: &str| {
        let mut words = row.split_whitespace().map(str::to_owned);
        (words.next().unwrap(), words.next().unwrap().replace(',', ""))
    };
    rows.map(pair).collect()
}

#[test]
fn those_who_wait_for_a_person_are_named_by_what_they_spent() {
    let (report, _) = of_bundled();
    let answers = bundled_answers();
    let waiting = |customer: &&Value| !customer["suggestion"].is_null();
    let mut waiting: Vec<_> =
        answers["customers"].as_array().unwrap().iter().filter(waiting).collect();
    waiting.sort_by_key(|it| std::cmp::Reverse(it["monetary_minor"].as_i64()));
    assert!(waiting.len() > 10, "too few to cut the list");
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    let expected: Vec<_> = waiting
        .iter()
        .take(10)
        .map(|it| (text(&it["customer_id"]), text(&it["monetary"])))
        .collect();
    assert_eq!(suggested(report), expected);
    let reason = text(&waiting[0]["suggestion"]["reasons"][0]["text"]);
    assert!(report.contains(&reason), "{reason}");
    assert!(report.contains(&format!("for a person to decide: {} customers", waiting.len())));
}

#[test]
fn a_last_day_far_from_the_others_is_doubted() {
    let folder = with_days("far_day", &["2204-01-01", "2024-01-01", "2024-01-02", "2204-01-01"]);
    for (language, what) in [("en", "warning: "), ("zh", "warning: ")] {
        let ran = folder.run(&["log.csv", "--lang", language]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let sentence = ran.err.strip_prefix(what).unwrap().trim_end();
        assert!(!sentence.contains('\n'), "{sentence}");
        for said in ["2204-01-01", "65,742", "--today 2024-01-02"] {
            assert!(sentence.contains(said), "{sentence}");
        }
        let head = ran.out.split("\n\n").nth(1).unwrap();
        assert!(head.contains(sentence), "{head}");
    }
    // What it says to do is what helps.
    let report = folder.report(&["log.csv", "--today", "2024-01-02"]);
    assert!(report.contains(", 2 rejected") && !report.contains("Warning"), "{report}");
    let report = folder.report(&["log.csv", "--today", "2204-01-01"]);
    assert!(!report.contains("Warning"), "{report}");
}

#[test]
fn half_a_year_without_purchases_is_nothing_strange() {
    with_days("one_day", &["2024-01-01", "2024-01-01"]).report(&["log.csv"]);
    with_days("usual_gap", &["2024-01-01", "2024-06-29"]).report(&["log.csv"]);
    let ran = with_days("unusual_gap", &["2024-01-01", "2024-06-30"]).run(&["log.csv"]);
    assert!(ran.err.contains("181 days"), "{}", ran.err);
    // Only what comes last decides which day it is.
    with_days("early_gap", &["1924-01-01", "2024-01-01", "2024-01-02"]).report(&["log.csv"]);
}

#[test]
fn a_day_after_the_log_is_explained_by_the_log() {
    let folder = with_days("after_log", &["2024-01-01", "2024-01-02"]);
    let sentence = folder.refusal(2, &["log.csv", "--as-of", "2024-01-31"]);
    let said = "the log ends on 2024-01-02, give `--today 2024-01-31` as well";
    assert!(sentence.ends_with(said), "{sentence}");
    folder.report(&["log.csv", "--as-of", "2024-01-31", "--today", "2024-01-31"]);
}

#[test]
fn a_long_name_is_cut_for_people_and_not_for_programs() {
    let folder = Folder::new("long_name");
    let name = "Ada ".repeat(30).trim().to_owned();
    folder.write("log.csv", format!("{HEADER}\n{name},2024-01-01,1.00\n"));
    let report = folder.report(&["log.csv", "--json", "answers.json"]);
    let kept: String = name.chars().take(39).collect();
    assert!(report.contains(&format!("{kept}…")) && !report.contains(&name), "{report}");
    let answers: Value = serde_json::from_str(&folder.read("answers.json")).unwrap();
    assert_eq!(answers["customers"][0]["customer_id"], name);
}
