//! What the example answers.

use std::io::Read;
use std::process::{Command, Stdio};

use guanxi::{Day, Language, Stage};
use serde_json::{Value, json};

use super::program::{Folder, bundled_answers, of_bundled, part_of_bundled, program};

/// The customers by key, without what depends on when they were imported.
fn timeless(answers: &Value) -> Vec<Value> {
    let mut customers = answers["customers"].as_array().unwrap().clone();
    for customer in &mut customers {
        customer.as_object_mut().unwrap().remove("revision");
        for stay in customer["history"].as_array_mut().unwrap() {
            stay.as_object_mut().unwrap().remove("recorded_at");
        }
    }
    customers.sort_by_key(|customer| customer["customer_id"].as_str().unwrap().to_owned());
    customers
}

/// A folder with part of the bundled log in `log.csv`.
fn with_part(test: &str) -> Folder {
    let folder = Folder::new(test);
    folder.write("log.csv", part_of_bundled());
    folder
}

#[test]
fn the_first_command_reports_of_the_sample() {
    let (report, _) = of_bundled();
    assert!(report.contains("2,357") && report.contains("6,919 rows, 1997-01-01 to 1998-06-30"));
    assert!(report.contains("244,091.94 USD") && report.contains("all imported"));
}

#[test]
fn nothing_is_written_that_was_not_asked_for() {
    let folder = with_part("nothing_written");
    folder.report(&["log.csv"]);
    assert_eq!(folder.names(), ["log.csv"]);
}

#[test]
fn both_languages_say_the_same() {
    let folder = with_part("both_languages");
    let report = |language| folder.report(&["log.csv", "--lang", language]);
    let [english, chinese] = ["en", "zh"].map(report);
    for stage in [Stage::Onboarding, Stage::Growing, Stage::Loyal, Stage::Lost] {
        assert!(english.contains(stage.name(Language::English)));
        assert!(chinese.contains(stage.name(Language::Chinese)));
    }
    // But for the language's own words, the two are the same numbers in the same order.
    let numbers = |report: &str| -> Vec<String> {
        let words = report.split(|it: char| !it.is_ascii_digit() && !".,-".contains(it));
        let numbers = words.map(|word| word.trim_matches([',', '.', '-']).to_owned());
        numbers.filter(|word| word.contains(|it: char| it.is_ascii_digit())).collect()
    };
    let (mut english, mut chinese) = (numbers(&english), numbers(&chinese));
    english.sort();
    chinese.sort();
    assert_eq!(english, chinese);
}

#[test]
fn the_data_add_up_to_the_log() {
    let answers = bundled_answers();
    let totals = &answers["totals"];
    let expected = json!([2357, 2357, 6919, 6919, 0, 6696, "244091.94", 24_409_194, "0.00"]);
    let names = [
        "customers",
        "customers_in_log",
        "rows",
        "accepted",
        "rejected",
        "purchase_days",
        "monetary",
        "monetary_minor",
        "monetary_rejected",
    ];
    assert_eq!(Value::from_iter(names.map(|name| totals[name].clone())), expected);

    let customers = answers["customers"].as_array().unwrap();
    let sum = |name: &str| customers.iter().map(|row| row[name].as_i64().unwrap()).sum::<i64>();
    assert_eq!(customers.len(), 2357);
    assert_eq!(
        (sum("orders"), sum("purchase_days"), sum("monetary_minor")),
        (6919, 6696, 24_409_194)
    );
    for (stage, count) in totals["stages"].as_object().unwrap() {
        let here = customers.iter().filter(|row| row["stage"] == stage.as_str()).count();
        assert_eq!(count, here, "{stage}");
    }
    for customer in customers {
        let history = customer["history"].as_array().unwrap();
        let (last, past) = history.split_last().unwrap();
        assert_eq!((&last["stage"], &last["left_at"]), (&customer["stage"], &Value::Null));
        assert!(past.iter().zip(&history[1..]).all(|(a, b)| a["left_at"] == b["entered_at"]));
    }
}

#[test]
fn a_run_is_repeatable_bit_for_bit() {
    let folder = with_part("repeatable");
    let arguments = ["log.csv", "--json", "answers.json"];
    let run = || (folder.report(&arguments), folder.read("answers.json"));
    assert_eq!(run(), run());
}

#[test]
fn the_order_of_the_file_decides_nothing() {
    let folder = with_part("order_of_file");
    let text = part_of_bundled();
    let (header, rows) = text.split_once('\n').unwrap();
    // Every row once: in steps of a prime number that is larger than their number.
    let rows: Vec<&str> = rows.lines().collect();
    let shuffled = (0..rows.len()).map(|place| rows[place * 4_001 % rows.len()]);
    folder
        .write("shuffled.csv", [header].into_iter().chain(shuffled).collect::<Vec<_>>().join("\n"));
    let (sorted, shuffled) = (folder.answers(&["log.csv"]), folder.answers(&["shuffled.csv"]));
    assert_ne!(sorted["customers"], shuffled["customers"]);
    assert_eq!(sorted["totals"], shuffled["totals"]);
    assert_eq!(timeless(&sorted), timeless(&shuffled));

    // The report names the log, and is the same otherwise.
    let rest = |report: String| report.lines().skip(3).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rest(folder.report(&["log.csv"])), rest(folder.report(&["shuffled.csv"])));
}

#[test]
fn the_past_looks_as_it_did_then() {
    let folder = with_part("the_past");
    let text = part_of_bundled();
    let day = "1998-03-31";
    let date = |row: &str| row.split(',').nth(2).unwrap().to_owned();
    let (header, rows) = text.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().filter(|row| date(row).as_str() <= day).collect();
    folder.write("then.csv", format!("{header}\n{}\n", rows.join("\n")));

    let now = folder.answers(&["log.csv", "--as-of", day]);
    let then = folder.answers(&["--today", day, "then.csv"]);
    for name in ["customers", "orders", "purchase_days", "monetary", "stages", "as_of"] {
        assert_eq!(now["totals"][name], then["totals"][name], "{name}");
    }
    assert_eq!(timeless(&now), timeless(&then));
    assert!(timeless(&now).iter().any(|customer| !customer["suggestion"].is_null()));
}

#[test]
fn customers_of_later_are_left_out_and_counted() {
    let folder = with_part("of_later");
    let report = folder.report(&["log.csv", "--as-of", "1997-01-05"]);
    assert!(report.contains("more bought for the first time later"), "{report}");
    let report = folder.report(&["log.csv", "--as-of", "1996-12-31"]);
    assert!(report.contains("Nobody had bought anything by this day."), "{report}");
    let answers = folder.answers(&["log.csv", "--as-of", "1996-12-31"]);
    assert_eq!(answers["customers"], json!([]));
    assert_eq!(answers["totals"]["customers_in_log"], 294);
}

#[test]
fn time_that_passes_after_the_log_makes_customers_due() {
    let folder = with_part("time_passes");
    let answers = folder.answers(&["log.csv", "--today", "2010-01-01"]);
    assert_eq!(answers["totals"]["stages"]["lost"], 294);
    let today = Day::from_ymd(2010, 1, 1).unwrap();
    for customer in answers["customers"].as_array().unwrap() {
        assert_eq!(customer["next"], Value::Null);
        let last: Day = customer["last_day"].as_str().unwrap().parse().unwrap();
        assert_eq!(customer["recency_days"], today.days_since(last));
    }
}

#[test]
fn the_lists_are_as_long_as_asked() {
    let folder = with_part("lists");
    let moves = |top| folder.report(&["log.csv", "--top", top]).matches(" → ").count();
    // Of the three lists, that of the suggestions has no more than three to name.
    assert_eq!((moves("0"), moves("2"), moves("10")), (0, 6, 23));
}

#[test]
fn whoever_reads_the_first_line_only_sees_no_error() {
    let folder = with_part("first_line");
    let mut child = Command::new(program())
        .arg(folder.path("log.csv"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}
