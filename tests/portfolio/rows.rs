//! What becomes of each row.

use serde_json::json;

use super::program::{DATABASE, Folder};

const HEADER: &str = "customer_id,date,amount,currency,order_id";

/// A row of every fault that a log without order ids can have, and what is said of it.
const BAD: [(&str, &str); 16] = [
    ("b,2024-01-05,1.00", "fields"),
    (",2024-01-05,1.00,USD,", "no customer"),
    ("b,,1.00,USD,", "no date"),
    ("b,soon,1.00,USD,", "date"),
    ("b,2024-02-30,1.00,USD,", "calendar"),
    ("b,2025-01-01,1.00,USD,", "after today"),
    ("b,2024-01-05,1.00,,", "no currency"),
    ("b,2024-01-05,1.00,ZZZ,", "currency is not known"),
    ("b,2024-01-05,1.00,EUR,", "EUR"),
    ("b,2024-01-05,,USD,", "no amount"),
    ("b,2024-01-05,ten,USD,", "plain decimal"),
    ("b,2024-01-05,\"1,000.00\",USD,", "separators"),
    ("b,2024-01-05,1.001,USD,", "decimal places"),
    ("b,2024-01-05,99999999999999999999,USD,", "too large"),
    ("b,2024-01-05,-1.00,USD,", "negative"),
    ("b,2024-01-05,1.00,USD,17", "another customer"),
];

fn log(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

#[test]
fn every_bad_row_is_rejected_with_line_and_reason_and_the_rest_is_imported() {
    let folder = Folder::new("bad_rows");
    let bad = BAD.map(|(row, _)| row);
    let rows = [&["a,2024-01-02,10.00,USD,17"], &bad[..], &["a,2024-01-09,5.50,USD,"]].concat();
    folder.write("log.csv", log(&rows));
    let answers = folder.answers(&["log.csv", "--today", "2024-06-30"]);
    let totals = &answers["totals"];
    assert_eq!(
        (&totals["rows"], &totals["accepted"], &totals["rejected"]),
        (&json!(18), &json!(2), &json!(16))
    );
    assert_eq!((&totals["monetary"], &totals["customers"]), (&json!("15.50"), &json!(1)));
    // Six rows of 1.00 whose amount could be read, less the one of -1.00.
    assert_eq!(totals["monetary_rejected"], "5.00");

    let rejects = folder.read("portfolio-rejects.csv");
    let mut lines = rejects.lines();
    assert_eq!(lines.next(), Some("line,reason,customer_id,date,amount,currency,order_id"));
    for (line, (row, said)) in (3..).zip(BAD) {
        let reject = lines.next().unwrap();
        assert!(reject.starts_with(&format!("{line},")) && reject.ends_with(row), "{reject}");
        let reason = reject.strip_suffix(row).unwrap();
        assert!(reason.contains(said), "{reason} does not say {said}");
    }
    assert_eq!(lines.next(), None);
    let report = folder.report(&["log.csv", "--today", "2024-06-30"]);
    assert!(report.contains("0 new, 2 there already, 16 rejected; nothing has"), "{report}");
    assert!(report.contains("5.00 USD") && report.contains("portfolio-rejects.csv"), "{report}");
}

#[test]
fn strict_refuses_the_log_and_writes_the_bad_rows_only() {
    let folder = Folder::new("strict");
    folder.write("log.csv", log(&["a,2024-01-02,10.00,USD,", "a,2024-01-03,-1.00,USD,"]));
    let strict = ["log.csv", "--strict", "--json", "answers.json"];
    let sentence = folder.refusal(1, &strict);
    assert!(sentence.contains("1 of its 2 rows") && sentence.contains("line 3"), "{sentence}");
    assert_eq!(folder.names(), ["log.csv", "portfolio-rejects.csv"]);
    assert!(folder.read("portfolio-rejects.csv").ends_with("a,2024-01-03,-1.00,USD,\n"));
    // The row is fine as a return; one of more than was bought is not.
    folder.report(&[&strict[..], &["--negative=return"]].concat());
    let names = ["answers.json", DATABASE, "log.csv"];
    assert_eq!(folder.names(), names, "the rejects of the other run");
    folder.write("log.csv", log(&["a,2024-01-02,10.00,USD,", "a,2024-01-03,-11.00,USD,"]));
    std::fs::remove_file(folder.path("answers.json")).unwrap();
    folder.begin_anew();
    let sentence = folder.refusal(1, &[&strict[..], &["--negative=return"]].concat());
    assert!(
        sentence.contains("line 3") && sentence.contains("does not hold as much"),
        "{sentence}"
    );
    assert_eq!(folder.names(), ["log.csv", "portfolio-rejects.csv"]);
}

#[test]
fn only_rejects_of_the_default_name_and_our_own_are_removed() {
    let folder = Folder::new("stale_rejects");
    folder.write("log.csv", log(&["a,2024-01-02,10.00,USD,"]));
    folder.write("portfolio-rejects.csv", "line,reasons of mine\n");
    folder.write("bad.csv", "line,reason,customer_id\n");
    folder.report(&["log.csv", "--rejects=bad.csv"]);
    folder.report(&["log.csv"]);
    assert_eq!(folder.names(), ["bad.csv", DATABASE, "log.csv", "portfolio-rejects.csv"]);
    folder.write("portfolio-rejects.csv", "line,reason,customer_id\n");
    folder.report(&["log.csv"]);
    assert_eq!(folder.names(), ["bad.csv", DATABASE, "log.csv"]);
}

#[test]
fn a_stray_quote_loses_no_other_row() {
    let folder = Folder::new("stray_quote");
    let mut rows = vec!["a,2024-01-02,10.00,USD,"; 1000];
    rows[20] = "\"a,2024-01-02,10.00,USD,";
    folder.write("log.csv", log(&rows));
    let totals = &folder.answers(&["log.csv"])["totals"];
    assert_eq!((&totals["rows"], &totals["accepted"]), (&json!(1000), &json!(999)));
    assert!(folder.read("portfolio-rejects.csv").contains("\n22,a quote is opened and not closed"));
}

#[test]
fn a_refund_with_the_id_of_its_order_comes_back_from_its_day() {
    let folder = Folder::new("refund_of_an_order");
    folder.write(
        "log.csv",
        log(&[
            "a,2024-01-25,-30.00,USD,o1",
            "a,2024-01-10,100.00,USD,o1",
            "a,2024-01-20,10.00,USD,o2",
            "a,2024-01-26,1.00,USD,o1",
        ]),
    );
    let totals = &folder.answers(&["log.csv", "--negative=return"])["totals"];
    assert_eq!((&totals["monetary"], &totals["rejected"]), (&json!("80.00"), &json!(1)));
    assert!(
        folder.read("portfolio-rejects.csv").contains("\n5,\"the order id is that of another date")
    );
}

#[test]
fn a_negative_amount_can_be_a_return() {
    let folder = Folder::new("returns");
    folder.write(
        "log.csv",
        log(&[
            "a,2024-01-09,-4.00,USD,",
            "a,2024-01-02,10.00,USD,",
            "a,2024-01-09,20.00,USD,",
            "a,2024-01-05,-3.00,USD,",
            "a,2024-01-06,-8.00,USD,",
            "b,2024-01-06,-1.00,USD,",
            "c,2024-01-06,2.00,USD,17",
            "c,2024-01-06,-3.50,USD,17",
        ]),
    );
    let answers = folder.answers(&["log.csv", "--negative", "return"]);
    let totals = &answers["totals"];
    let sums = ["monetary", "monetary_in_log", "monetary_rejected"].map(|name| &totals[name]);
    assert_eq!(sums, [&json!("23.00"), &json!("23.00"), &json!("-10.50")]);
    assert_eq!((&totals["accepted"], &totals["rejected"]), (&json!(4), &json!(4)));
    assert_eq!((&totals["orders"], &totals["purchase_days"]), (&json!(2), &json!(2)));
    assert_eq!(totals["customers_in_log"], 1);
    // 8.00 is more than the 7.00 left of the only purchase until then; an order that comes out
    // negative goes with all of its rows.
    let rejects = folder.read("portfolio-rejects.csv");
    let lines: Vec<&str> = rejects.lines().skip(1).collect();
    let told = lines.iter().map(|line| line.split_once(',').unwrap().0).collect::<Vec<_>>();
    assert_eq!(told, ["6", "7", "8", "9"]);
    assert!(lines[0].ends_with("a,2024-01-06,-8.00,USD,"), "{rejects}");
}

#[test]
fn columns_and_delimiters_can_be_others() {
    let folder = Folder::new("columns");
    folder.write("log.csv", "Kunde;Tag;Betrag\r\n客户甲;2024/1/2;3\r\n客户甲;20240103;4.5\r\n");
    let columns = ["--customer-column=Kunde", "--date-column=Tag", "--amount-column=Betrag"];
    let answers = folder.answers(&[&["log.csv", "--currency", "eur"], &columns[..]].concat());
    let customer = &answers["customers"][0];
    assert_eq!(
        (&customer["customer_id"], &customer["monetary"]),
        (&json!("客户甲"), &json!("7.50"))
    );
    assert_eq!(answers["totals"]["currency"], "EUR");
}

#[test]
fn a_day_without_money_is_a_purchase_day() {
    let folder = Folder::new("no_money");
    folder.write("log.csv", log(&["a,2024-01-02,0,USD,", "a,2024-01-03,0.00,USD,"]));
    let customer = &folder.answers(&["log.csv"])["customers"][0];
    assert_eq!((&customer["purchase_days"], &customer["monetary"]), (&json!(2), &json!("0.00")));
}
