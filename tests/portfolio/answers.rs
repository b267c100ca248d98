//! What the example answers.

use std::io::Read;
use std::process::Stdio;

use guanxi::{Day, Language, Stage};
use serde_json::{Value, json};

use super::program::{DATABASE, Folder, bundled_answers, of_bundled, part_of_bundled, timeless};

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
    assert!(report.contains("244,091.94 USD") && report.contains("all 6,919 rows imported"));
}

#[test]
fn nothing_is_written_that_was_not_asked_for() {
    let folder = with_part("nothing_written");
    folder.report(&["log.csv"]);
    assert_eq!(folder.names(), [DATABASE, "log.csv"]);
}

#[test]
fn both_languages_say_the_same() {
    let folder = with_part("both_languages");
    let report = |language| {
        let report = folder.report(&["log.csv", "--lang", language, "--verify"]);
        (report, folder.report(&["log.csv", "--lang", language, "--as-of", "1997-12-31"]))
    };
    let (english, again) = report("en");
    let english = english + &again;
    folder.begin_anew();
    let (chinese, again) = report("zh");
    let chinese = chinese + &again;
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
    let first = run();
    folder.begin_anew();
    assert_eq!(first, run());
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
    let run = |log| (folder.report(&[log, "--json", "answers.json"]), folder.read("answers.json"));
    let (report, answers) = run("log.csv");
    folder.begin_anew();
    let (shuffled, shuffled_answers) = run("shuffled.csv");
    assert_eq!(answers, shuffled_answers);

    // The report names the log, and is the same otherwise.
    let rest = |report: String| report.lines().skip(3).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rest(report), rest(shuffled));
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

    let then = folder.answers(&["--today", day, "then.csv"]);
    assert!(timeless(&then).iter().any(|customer| !customer["suggestion"].is_null()));
    folder.begin_anew();
    // Read through a database that was taken further at once, or later; by the day, or by a log that
    // ended then.
    let past = [
        &["log.csv", "--as-of", day][..],
        &["log.csv", "--as-of", day],
        &["log.csv", "--today", day],
        &["then.csv", "--today", day],
        &["then.csv", "--as-of", day, "--today", "1998-05-01"],
    ];
    for arguments in past {
        let now = folder.answers(arguments);
        for name in ["customers", "orders", "purchase_days", "monetary", "stages", "as_of"] {
            assert_eq!(now["totals"][name], then["totals"][name], "{name} {arguments:?}");
        }
        assert!(timeless(&now) == timeless(&then), "{arguments:?}");
    }
}

/// Row after row, in batches and with a stop anywhere: no decision is taken before its time.
#[test]
fn what_is_recorded_is_what_follows_from_the_log() {
    let folder = Folder::new("follows");
    let recorded = bundled_answers();
    let later = ["--today", "1998-12-31", "--as-of", "1998-06-30"];
    let derived = folder.answers(&later);
    assert_eq!(recorded["totals"]["stages"], derived["totals"]["stages"]);
    assert!(timeless(&recorded) == timeless(&derived));
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
    let mut child =
        folder.command(&["log.csv"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}
