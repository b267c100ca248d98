//! Who is silent is not surely there, and where a model says so all the same, the report says that of the model.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::Value;

use super::program::{Folder, SAMPLE};

const CALIBRATED: &str = "--calibration-end=1997-09-30";

/// The sample without every second of those who bought only once by the end of the calibration: fewer seem to
/// leave at their first purchase, which is what BG/NBD says of all.
fn most_repeat() -> String {
    let mut rows = csv::Reader::from_path(SAMPLE).unwrap();
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    let mut days: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for row in rows.iter().filter(|row| &row[2] <= "1997-09-30") {
        days.entry(row[0].parse().unwrap()).or_default().insert(&row[2]);
    }
    let mut log = "customer_id,date,amount\n".to_owned();
    for row in &rows {
        let customer = row[0].parse::<u32>().unwrap();
        if days[&customer].len() > 1 || customer % 2 == 0 {
            writeln!(log, "{customer},{},{}", &row[2], &row[4]).unwrap();
        }
    }
    log
}

/// All buy on the first day and on the last.
pub(super) fn nobody_leaves() -> String {
    let mut log = "customer_id,date,amount\n".to_owned();
    for customer in 0..60 {
        for month in 1..=2 + customer % 9 {
            writeln!(log, "{customer},2024-{month:02}-01,{}", 10 + customer % 5 + month).unwrap();
        }
        writeln!(log, "{customer},2024-12-01,20").unwrap();
    }
    log
}

fn p_alive_of_once(answers: &Value) -> Vec<f64> {
    let customers = answers["customers"].as_array().unwrap();
    let once = customers.iter().filter(|it| it["x"] == 0);
    once.map(|it| it["p_alive"].as_f64().unwrap()).collect()
}

/// The P(alive) of every customer that the report shows.
fn shown(report: &str) -> Vec<&str> {
    let rows = report.lines().skip_while(|line| !line.contains("P(alive)")).skip(2);
    rows.take_while(|line| !line.is_empty())
        .map(|row| row.split_whitespace().nth(4).unwrap())
        .collect()
}

#[test]
fn the_best_is_one_to_whom_silence_says_something() {
    let folder = Folder::new("telling");
    folder.write("log.csv", most_repeat());
    let report = folder.report(&["log.csv", CALIBRATED, "--html=page.html"]);
    let first = report.lines().skip_while(|line| !line.contains("least AIC first")).nth(3);
    assert!(first.unwrap().trim_start().starts_with("BG/NBD"), "{report}");
    assert!(report.contains("MBG/NBD learned from 1,650 customers"), "{report}");
    let sentence = "BG/NBD has a smaller AIC, but to it silence says nothing of some or all customers: \
                    MBG/NBD, the best of those to whom it does, is taken.";
    assert!(report.contains(sentence) && folder.read("page.html").contains(sentence), "{report}");
    assert!(shown(&report).iter().all(|alive| !alive.contains('*')));

    let best = folder.answers(&["log.csv", CALIBRATED]);
    assert_eq!((&best["model"], &best["tells_silence"]), (&"mbgnbd".into(), &true.into()));
    let alive = p_alive_of_once(&best);
    assert!(!alive.is_empty() && alive.iter().all(|it| *it < 1.0), "{alive:?}");
    assert_eq!(best, folder.answers(&["log.csv", CALIBRATED, "--model=mbgnbd"]));
    let asked = folder.answers(&["log.csv", CALIBRATED, "--model=bgnbd"]);
    assert!(asked["aic"].as_f64() < best["aic"].as_f64() && asked["tells_silence"] == false);
    assert!(p_alive_of_once(&asked).iter().all(|it| *it == 1.0));
}

#[test]
fn where_none_can_tell_who_left_the_report_says_why_the_best_of_all_is_taken() {
    let folder = Folder::new("none_telling");
    folder.write("log.csv", nobody_leaves());
    let report = folder.report(&["log.csv"]);
    assert!(report.contains("NBD learned from 60 customers"), "{report}");
    let reasons = "(MBG/NBD: it finds nobody who left; Pareto/NBD: it finds nobody who left)";
    let sentence = format!(
        "No model tells from silence who left {reasons}, so NBD, the best of all, is taken."
    );
    assert!(report.contains(&sentence) && report.contains("* By NBD nobody leaves"), "{report}");
    assert_eq!(shown(&report), ["1.0000*"; 10]);
    // A model that could tell, and found nothing to tell, is as sure as one that cannot.
    let report = folder.report(&["log.csv", "--model=mbgnbd"]);
    assert!(report.contains("* MBG/NBD takes everybody for a customer still"), "{report}");
    assert_eq!(shown(&report), ["1.0000*"; 10]);
    assert_eq!(folder.answers(&["log.csv", "--model=mbgnbd"])["tells_silence"], false);
}

#[test]
fn a_model_asked_for_by_name_says_whom_it_takes_for_a_customer() {
    let folder = Folder::new("bgnbd");
    let sentence =
        "* BG/NBD takes whoever bought only once for a customer still, however long ago.";
    let all = ["--model=bgnbd", "--top=1000", "--html=page.html"];
    let report = folder.report(&all);
    assert!(report.contains(sentence) && !report.contains("smaller AIC"), "{report}");
    let page = folder.read("page.html");
    assert!(page.contains(sentence) && page.contains("<td class=\"n\">1.000*</td>"));
    let rows = report.lines().skip_while(|line| !line.contains("P(alive)")).skip(2);
    let rows: Vec<Vec<&str>> = rows
        .take_while(|line| !line.is_empty())
        .map(|it| it.split_whitespace().collect())
        .collect();
    assert!(rows.iter().any(|row| row[1] == "0") && rows.iter().any(|row| row[1] == "1"));
    for row in rows {
        assert_eq!(row[4].ends_with('*'), row[1] == "0", "{row:?}");
    }
    let pareto = folder.report(&["--model=pnbd", "--top=1000"]);
    assert!(!pareto.contains('*'), "{pareto}");
    let nbd = folder.report(&["--model=nbd"]);
    assert!(nbd.contains("* By NBD nobody leaves") && shown(&nbd) == ["1.0000*"; 10], "{nbd}");
    let chinese = folder.report(&["--model=bgnbd", "--lang=zh"]);
    assert!(chinese.contains("* BG/NBD模型将只购买过一次的人都视为仍是客户"), "{chinese}");
}
