//! What is written beside the report: the table and the page.

use std::fs;

use serde_json::Value;

use super::program::{DATABASE, Folder, one_in};

const GOOD: &str = "customer_id,date,amount\na,2024-01-02,1.00\n";

/// The rows of the table, by the names of its columns.
fn rows(table: &str) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    let mut records = reader.records().map(Result::unwrap);
    let header = records.next().unwrap();
    let row = |record: csv::StringRecord| {
        header.iter().zip(&record).map(|(name, value)| (name.into(), value.into())).collect()
    };
    records.map(row).collect()
}

#[test]
fn the_table_says_what_the_json_says() {
    let folder = Folder::new("table");
    folder.write("log.csv", one_in(40));
    let answers = folder.answers(&["log.csv", "--csv", "table.csv"]);
    let table = folder.read("table.csv");
    assert!(table.ends_with("\r\n") && !table.replace("\r\n", "").contains('\n'));
    let rows = rows(&table);
    let customers = answers["customers"].as_array().unwrap();
    assert_eq!(rows.len(), customers.len());
    let mut seen = 0;
    for (row, customer) in rows.iter().zip(customers) {
        for (name, value) in row {
            let expected = name.split('.').fold(customer, |value, name| &value[name]);
            let expected = match expected {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    expected.to_string()
                }
            };
            assert_eq!(*value, expected, "{name} of {}", customer["customer_id"]);
            seen += 1;
        }
    }
    assert_eq!(seen, 20 * customers.len());
}

#[test]
fn every_column_is_documented_in_its_order() {
    let folder = Folder::new("columns");
    folder.write("log.csv", GOOD);
    folder.report(&["log.csv", "--csv", "table.csv"]);
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/portfolio-csv.md");
    let page = fs::read_to_string(page).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let documented: Vec<&str> = rows.map(|row| row.split('`').next().unwrap()).collect();
    assert_eq!(folder.read("table.csv").lines().next().unwrap(), documented.join(","));
}

#[test]
fn no_key_becomes_a_formula() {
    let folder = Folder::new("formula");
    let keys =
        ["=1+1", "+1", "-1", "@a", "'=1", "plain", "a=b", "=cmd|'/c calc'!A1", "＝1", "客户"];
    let log: String = keys.iter().map(|key| format!("\"{key}\",2024-01-02,1.00\n")).collect();
    folder
        .write("log.csv", format!("customer_id,date,amount\n{log}\"=a,\"\"b\"\"\",2024-01-02,1\n"));
    let answers = folder.answers(&["log.csv", "--csv", "table.csv"]);
    let table = folder.read("table.csv");
    let rows = rows(&table);
    assert_eq!(rows.len(), keys.len() + 1);
    for (row, customer) in rows.iter().zip(answers["customers"].as_array().unwrap()) {
        let (written, key) = (row[0].1.as_str(), customer["customer_id"].as_str().unwrap());
        assert!(!written.starts_with(['=', '+', '-', '@', '＝']), "{written}");
        assert_eq!(written.strip_prefix('\'').unwrap_or(written), key);
        let is_plain = ["plain", "a=b", "客户"].contains(&key);
        assert_eq!(written == key, is_plain, "{written}");
    }
    assert!(table.contains("\"'=a,\"\"b\"\"\","), "{table}");
}

#[test]
fn the_page_is_whole_in_both_languages_and_repeatable() {
    let folder = Folder::new("page");
    folder.write("log.csv", one_in(40));
    for (language, said) in [("en", "lang=\"en\""), ("zh", "lang=\"zh-CN\"")] {
        let arguments = ["log.csv", "--lang", language, "--html", "page.html"];
        folder.report(&arguments);
        let page = folder.read("page.html");
        assert!(page.contains(said) && page.contains("1998-06-30") && page.contains("</html>"));
        assert!(page.matches("<svg").count() >= 4, "{language}");
        folder.report(&arguments);
        assert!(folder.read("page.html") == page);
    }
    assert_eq!(folder.names(), [DATABASE, "log.csv", "page.html"]);
}

#[test]
fn nothing_to_report_is_written_as_nothing() {
    let folder = Folder::new("outputs_empty");
    folder.write("log.csv", GOOD);
    let arguments = ["log.csv", "--as-of", "2023-12-31"];
    let files = ["--json", "a.json", "--csv", "a.csv", "--html", "a.html"];
    folder.report(&[&arguments[..], &files[..]].concat());
    assert_eq!(folder.read("a.csv").lines().count(), 1);
    assert!(folder.read("a.html").contains("</html>"));
}

#[test]
fn outputs_are_refused_where_the_json_is() {
    let folder = Folder::new("outputs_refused");
    fs::create_dir(folder.path("folder")).unwrap();
    folder.write("log.csv", GOOD);
    let before = folder.names();
    for (option, what) in [("--json", "JSON"), ("--csv", "CSV"), ("--html", "page")] {
        for (target, said) in [
            ("nowhere/a", format!("there is no folder `nowhere` to write the {what} in")),
            ("folder", format!("`folder` is a folder, so the {what} cannot be written to it")),
            (
                "./log.csv",
                format!("`./log.csv` is in use already, so the {what} cannot be written to it"),
            ),
        ] {
            assert_eq!(folder.refusal(1, &["log.csv", option, target]), said);
        }
        let sentence = folder.refusal(2, &["log.csv", option, "-"]);
        assert!(sentence.starts_with(&format!("`{option} -` names no file")), "{sentence}");
        assert_eq!(folder.names(), before, "{option}: found out too late");
    }
}

#[test]
fn no_two_outputs_are_one_file() {
    let folder = Folder::new("outputs_same");
    folder.write("log.csv", GOOD);
    let before = folder.names();
    for (one, other) in [("--json", "--csv"), ("--csv", "--html"), ("--json", "--html")] {
        let sentence = folder.refusal(2, &["log.csv", one, "a", other, "a"]);
        assert!(sentence.contains("in use already"), "{sentence}");
        for name in ["./a", ".a.part"] {
            let sentence = folder.refusal(1, &["log.csv", one, "a", other, name]);
            assert!(sentence.contains("in use already"), "{sentence}");
        }
        assert_eq!(folder.names(), before);
    }
}

#[test]
fn a_file_that_another_run_writes_is_left_to_it() {
    let folder = Folder::new("outputs_busy");
    folder.write("log.csv", GOOD);
    for (option, name) in [("--csv", "a.csv"), ("--html", "a.html")] {
        folder.write(name, "older");
        let other = fs::File::create(folder.path(&format!(".{name}.part"))).unwrap();
        other.lock().unwrap();
        let sentence = folder.refusal(1, &["log.csv", option, name]);
        assert_eq!(sentence, format!("another run is writing `{name}`"));
        assert_eq!(folder.read(name), "older");
    }
}
