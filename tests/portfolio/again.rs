//! What a database makes of a log that it knows, in part or as a whole.

use std::fs;

use serde_json::json;

use super::program::{DATABASE, Folder, part_of_bundled, unreviewed, unreviewed_totals};

const HEADER: &str = "customer_id,date,amount,order_id";

fn log(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

/// The line of the report on the import.
fn import_line(report: &str) -> &str {
    let line = report.lines().find(|line| ["Import", "导入"].iter().any(|it| line.contains(it)));
    line.unwrap().split_once("  ").unwrap().1.trim()
}

/// What the rejects file says, by line of the log.
fn reasons(folder: &Folder) -> Vec<(u64, String)> {
    let rejects = folder.read("portfolio-rejects.csv");
    let reason = |row: &str| {
        let mut fields = row.split(',');
        (fields.next().unwrap().parse().unwrap(), fields.next().unwrap().to_owned())
    };
    rejects.lines().skip(1).map(reason).collect()
}

#[test]
fn a_log_that_is_there_changes_nothing_and_the_report_says_so() {
    let folder = Folder::new("there_already");
    folder.write("log.csv", part_of_bundled());
    let arguments = ["log.csv", "--json", "answers.json"];
    let first = folder.report(&arguments);
    let (answers, database) =
        (folder.read("answers.json"), fs::read(folder.path(DATABASE)).unwrap());
    assert_eq!(import_line(&first), "all 854 rows imported");
    let said =
        ["0 new, 854 there already; nothing has changed", "新增0行，854行原已存在；无任何变动"];
    for (language, said) in ["en", "zh"].into_iter().zip(said) {
        let again = folder.report(&[&arguments[..], &["--lang", language]].concat());
        assert!(import_line(&again).ends_with(said), "{again}");
        assert!(fs::read(folder.path(DATABASE)).unwrap() == database, "{language}");
    }
    let again = folder.report(&arguments);
    assert_eq!(folder.read("answers.json"), answers);
    let rest = |report: &str| report.replace(import_line(report), "");
    assert_eq!(rest(&again), rest(&first));
}

#[test]
fn one_row_is_not_all_rows() {
    let folder = Folder::new("one_row");
    folder.write("log.csv", log(&["a,2024-01-02,1.00,"]));
    assert_eq!(import_line(&folder.report(&["log.csv"])), "1 row imported");
}

#[test]
fn a_longer_log_adds_what_is_new() {
    let folder = Folder::new("longer_log");
    let text = part_of_bundled();
    folder.write("log.csv", &text);
    let whole = folder.answers(&["log.csv"]);
    folder.begin_anew();
    let date = |row: &str| row.split(',').nth(2).unwrap().to_owned();
    let (header, rows) = text.split_once('\n').unwrap();
    let mut known = 0;
    for day in ["1997-02-15", "1997-11-30", "1998-03-02"] {
        let rows: Vec<&str> = rows.lines().filter(|row| date(row).as_str() <= day).collect();
        folder.write("then.csv", format!("{header}\n{}\n", rows.join("\n")));
        let report = folder.report(&["then.csv"]);
        let new = rows.len().checked_sub(known).unwrap();
        let said = format!("{new} new, {known} there already");
        assert!(known == 0 || import_line(&report) == said, "{report}");
        known = rows.len();
    }
    let answers = folder.answers(&["log.csv", "--verify"]);
    // Reviews were made in between, and remember what they found.
    assert_eq!(unreviewed_totals(&answers), unreviewed_totals(&whole));
    assert!(unreviewed(&answers) == unreviewed(&whole));
}

#[test]
fn purchases_that_agree_in_everything_are_counted() {
    let folder = Folder::new("alike");
    let row = "a,2024-01-02,1.00,";
    for count in [1, 3, 3, 2] {
        folder.write("log.csv", log(&vec![row; count]));
        folder.report(&["log.csv"]);
    }
    // Another day, amount or customer is another purchase.
    folder
        .write("log.csv", log(&["a,2024-01-03,1.00,", "a,2024-01-02,1.01,", "b,2024-01-02,1.00,"]));
    let answers = folder.answers(&["log.csv"]);
    assert_eq!((&answers["totals"]["orders"], &answers["totals"]["rows"]), (&json!(6), &json!(3)));
    assert_eq!(answers["customers"][0]["monetary"], "5.01");
}

#[test]
fn the_report_is_of_everybody_in_the_database() {
    let folder = Folder::new("everybody");
    folder.write("z.csv", log(&["z,2024-01-02,1.00,", "客,2024-01-02,1.00,"]));
    folder.write("a.csv", log(&["b,2024-01-05,2.00,", "B,2024-01-04,2.00,"]));
    folder.report(&["z.csv"]);
    let answers = folder.answers(&["a.csv"]);
    let keys = answers["customers"].as_array().unwrap().iter().map(|it| &it["customer_id"]);
    assert_eq!(keys.collect::<Vec<_>>(), ["B", "b", "z", "客"]);
    assert_eq!(answers["totals"]["customers_in_log"], 2);
    // An older log brings nobody back to its day.
    let answers = folder.answers(&["z.csv"]);
    assert_eq!(
        (&answers["totals"]["as_of"], &answers["totals"]["customers"]),
        (&json!("2024-01-05"), &json!(4))
    );
    assert_eq!(answers["totals"]["last_day"], "2024-01-02");
    let answers = folder.answers(&["z.csv", "--today", "2024-01-04"]);
    assert_eq!(answers["totals"]["customers"], 3);
}

#[test]
fn an_order_that_is_there_with_other_content_is_put_aside() {
    let folder = Folder::new("other_content");
    folder.write(
        "log.csv",
        log(&["a,2024-01-02,1.00,o1", "b,2024-01-02,5.00,o2", "c,2024-01-02,7.00,o3"]),
    );
    folder.report(&["log.csv"]);
    folder.write(
        "other.csv",
        log(&[
            "a,2024-01-02,0.50,o1",
            "b,2024-01-03,5.00,o2",
            "a,2024-01-02,1.00,o1",
            "c,2024-01-02,7.00,o3",
            "c,2024-01-09,2.00,",
        ]),
    );
    let expected = [
        (2, "the order is in the database with another amount".to_owned()),
        (3, "the order is in the database on another date".to_owned()),
        (4, "the order is in the database with another amount".to_owned()),
    ];
    let database = fs::read(folder.path(DATABASE)).unwrap();
    let sentence = folder.refusal(1, &["other.csv", "--strict"]);
    assert!(
        sentence.contains("3 of its 5 rows cannot be taken, the first on line 2"),
        "{sentence}"
    );
    assert_eq!(reasons(&folder), expected);
    assert!(fs::read(folder.path(DATABASE)).unwrap() == database, "a strict run takes nothing");
    for _ in 0..2 {
        let answers = folder.answers(&["other.csv"]);
        assert_eq!(reasons(&folder), expected);
        let totals = &answers["totals"];
        let sums = ["monetary", "monetary_in_log", "monetary_rejected"].map(|name| &totals[name]);
        assert_eq!(sums, [&json!("15.00"), &json!("9.00"), &json!("6.50")]);
        assert_eq!((&totals["accepted"], &totals["customers"]), (&json!(2), &json!(3)));
    }
    assert!(folder.read("portfolio-rejects.csv").ends_with(",a,2024-01-02,1.00,o1\n"));
}

#[test]
fn an_order_is_not_imported_again_for_a_customer_of_another_key() {
    let folder = Folder::new("renamed");
    let arguments = ["log.csv", "--negative=return", "--verify"];
    let rows = ["1,2024-01-02,9.00,o1", "1,2024-01-05,-2.00,o1", "2,2024-01-03,4.00,o2"];
    folder.write("log.csv", log(&rows));
    folder.report(&arguments);
    let renamed = rows.map(|row| row.replace("1,2024", "a,2024"));
    let more = ["a,2024-01-08,1.00,o3".to_owned(), "b,2024-01-03,4.00,o2".to_owned()];
    let rows = [&renamed[..2], &more[..]].concat();
    folder.write("log.csv", log(&rows.iter().map(String::as_str).collect::<Vec<_>>()));
    let expected =
        [2, 3, 5].map(|line| (line, "the order is in the database for another customer"));
    let expected = expected.map(|(line, said)| (line, said.to_owned()));
    let sentence = folder.refusal(1, &[&arguments[..], &["--strict"]].concat());
    assert!(
        sentence.contains("3 of its 4 rows cannot be taken, the first on line 2"),
        "{sentence}"
    );
    for _ in 0..2 {
        let answers = folder.answers(&arguments);
        assert_eq!(reasons(&folder), expected);
        let totals = &answers["totals"];
        assert_eq!((&totals["monetary"], &totals["orders"]), (&json!("12.00"), &json!(3)));
        let keys = answers["customers"].as_array().unwrap().iter().map(|it| &it["customer_id"]);
        assert_eq!(keys.collect::<Vec<_>>(), ["1", "2", "a"]);
    }
}

#[test]
fn a_return_is_taken_once_whatever_day_it_is_booked_against() {
    let folder = Folder::new("booked_elsewhere");
    let returns = ["log.csv", "--negative=return"];
    folder.write(
        "log.csv",
        log(&["a,2024-01-02,10.00,", "a,2024-01-20,-4.00,", "a,2024-01-21,-1.00,o1"]),
    );
    folder.report(&returns);
    // The purchase that they come back from by now, and the order.
    let rows = ["a,2024-01-02,10.00,", "a,2024-01-20,-4.00,", "a,2024-01-21,-1.00,o1"];
    let more = ["a,2024-01-15,8.00,", "a,2024-01-03,3.00,o1"];
    folder.write("log.csv", log(&[&rows[..], &more[..]].concat()));
    for _ in 0..2 {
        let totals = &folder.answers(&[&returns[..], &["--verify"]].concat())["totals"];
        assert_eq!((&totals["monetary"], &totals["rejected"]), (&json!("16.00"), &json!(0)));
        assert_eq!(totals["orders"], 3);
    }
    // Of another amount it is another return of the same order, and not taken.
    folder.write("log.csv", log(&["a,2024-01-03,3.00,o1", "a,2024-01-21,-2.00,o1"]));
    let totals = &folder.answers(&returns)["totals"];
    assert_eq!(totals["monetary"], "16.00");
    let said = (3, "the order is in the database with another amount".to_owned());
    assert_eq!(reasons(&folder), [said]);
}

#[test]
fn a_return_of_more_than_the_database_holds_is_put_aside() {
    let folder = Folder::new("not_held");
    let returns = ["log.csv", "--negative=return"];
    folder.write("log.csv", log(&["a,2024-01-02,10.00,o1", "a,2024-01-05,-8.00,o1"]));
    folder.report(&returns);
    folder.write("log.csv", log(&["a,2024-01-02,10.00,o1", "a,2024-01-06,-8.00,o1"]));
    let said = "the amount is negative and the database does not hold as much of its purchase day";
    let sentence = folder.refusal(1, &[&returns[..], &["--strict"]].concat());
    assert!(sentence.ends_with(said), "{sentence}");
    let totals = &folder.answers(&returns)["totals"];
    assert_eq!((&totals["monetary"], &totals["rejected"]), (&json!("2.00"), &json!(1)));
    assert_eq!(reasons(&folder), [(3, said.to_owned())]);
}

#[test]
fn a_key_that_no_database_holds_is_put_aside_with_its_row() {
    let folder = Folder::new("unfit_key");
    let long = "c".repeat(257);
    let longest = "d".repeat(256);
    let rows = [format!("{long},2024-01-02,1.00,"), format!("{longest},2024-01-02,2.00,")];
    folder.write("log.csv", log(&rows.each_ref().map(String::as_str)));
    let answers = folder.answers(&["log.csv"]);
    assert_eq!(answers["customers"][0]["customer_id"], longest);
    assert_eq!(answers["totals"]["monetary_rejected"], "1.00");
    assert!(folder.read("portfolio-rejects.csv").ends_with(&format!(",{}\n", rows[0])));
}

#[test]
fn two_runs_at_once_come_to_the_same_end() {
    let folder = Folder::new("at_once");
    folder.write("log.csv", part_of_bundled());
    let [first, second] = ["1.json", "2.json"].map(|json| ["log.csv", "--json", json, "--verify"]);
    let run = |arguments: &[&str]| {
        let mut command = folder.command(arguments);
        command.stdout(std::process::Stdio::null()).spawn().unwrap()
    };
    for mut child in [run(&first), run(&second)] {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(folder.read("1.json"), folder.read("2.json"));
    folder.begin_anew();
    folder.report(&["log.csv", "--json", "alone.json"]);
    assert_eq!(folder.read("1.json"), folder.read("alone.json"));
}
