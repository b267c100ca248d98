//! Tiers, grades, scores and the work list, as the report and the data have them.

use std::collections::{BTreeMap, HashMap};

use guanxi::{Language, Stage};
use serde_json::{Value, json};

use super::program::{BUNDLED, Folder, bundled_answers, of_bundled, one_in};

fn customers(answers: &Value) -> &Vec<Value> {
    answers["customers"].as_array().unwrap()
}

#[test]
fn the_parts_of_every_score_add_up() {
    let answers = bundled_answers();
    let mut scored = 0;
    for customer in customers(&answers) {
        let parts = |name: &str| -> i64 {
            let reasons = customer["because"][name].as_array().unwrap();
            reasons.iter().filter_map(|reason| reason["contribution"].as_i64()).sum()
        };
        assert_eq!(customer["value_score"], parts("value_score"), "{customer}");
        if !customer["risk"].is_null() {
            scored += 1;
            assert_eq!(customer["risk"]["score"], parts("risk"), "{customer}");
        }
        let rfm = &customer["rfm"];
        let sum: i64 = ["r", "f", "m"].iter().map(|name| rfm[name].as_i64().unwrap()).sum();
        assert_eq!(sum * 1_000, parts("rfm"), "{customer}");
    }
    assert!(scored > 1_000, "too few to tell");
}

#[test]
fn the_tiers_of_the_totals_are_those_of_the_customers() {
    let answers = bundled_answers();
    let tiers = answers["totals"]["tiers"].as_array().unwrap();
    for tier in tiers {
        let own: Vec<_> =
            customers(&answers).iter().filter(|row| row["tier"] == tier["tier"]).collect();
        let minor: i64 = own.iter().map(|row| row["monetary_minor"].as_i64().unwrap()).sum();
        assert_eq!(
            (&tier["customers"], &tier["monetary_minor"]),
            (&json!(own.len()), &json!(minor))
        );
        assert_eq!(tier["share_of_monetary"], minor * 10_000 / 24_409_194);
        assert_eq!(tier["share_of_customers"], own.len() * 10_000 / 2357);
    }
    assert_eq!(tiers.len(), 4);
}

/// Those whom the report lists, in its order: key, stage, value and risk score.
fn listed(report: &str) -> Vec<(String, String)> {
    let rows = report.lines().skip_while(|line| !line.starts_with("Most worth attention"));
    let rows = rows.skip(3).take_while(|line| !line.is_empty());
    rows.map(|row| {
        let mut words = row.split_whitespace().skip(1).map(str::to_owned);
        (words.next().unwrap(), words.next().unwrap())
    })
    .collect()
}

#[test]
fn those_most_worth_attention_come_first() {
    let (report, _) = of_bundled();
    let answers = bundled_answers();
    let precedence = |stage: &str| match Stage::from_code(stage).unwrap() {
        Stage::Onboarding | Stage::Growing | Stage::Loyal | Stage::Declining => Some(0),
        Stage::Lost => Some(1),
        Stage::Prospect | Stage::Aware | Stage::Considering | Stage::Deciding => Some(2),
        Stage::Disqualified | Stage::Ended => None,
    };
    let mut ranked: Vec<_> = customers(&answers)
        .iter()
        .filter_map(|row| {
            let risk = row["risk"]["score"].as_i64().unwrap_or(0);
            let stake = row["value_score"].as_i64().unwrap_or(0) * risk;
            let key = row["customer_id"].as_str().unwrap();
            Some((precedence(row["stage"].as_str()?)?, std::cmp::Reverse(stake), key, row))
        })
        .collect();
    ranked.sort_by_key(|(group, stake, key, _)| (*group, *stake, *key));
    let expected: Vec<_> = ranked
        .iter()
        .take(20)
        .map(|(_, _, key, row)| {
            let stage = Stage::from_code(row["stage"].as_str().unwrap()).unwrap();
            ((*key).to_owned(), stage.name(Language::English).to_owned())
        })
        .collect();
    assert_eq!(listed(report), expected);
}

#[test]
fn a_review_is_remembered_and_changes_nothing_again() {
    let folder = Folder::new("reviewed");
    folder.write("log.csv", one_in(40));
    let arguments = ["log.csv", "--today", "1998-07-30", "--verify"];
    let first = folder.answers(&arguments);
    let report = folder.report(&arguments);
    assert!(report.contains("nothing has changed"), "{report}");
    assert_eq!(folder.answers(&arguments), first);
    // A month later everybody whose relationship goes on is reviewed again.
    let later = ["log.csv", "--today", "1998-08-29", "--verify"];
    let report = folder.report(&later);
    assert!(!report.contains("nothing has changed"), "{report}");
    let again = folder.report(&later);
    assert!(again.contains("nothing has changed"), "{again}");
    let relations = customers(&first).iter().filter(|row| row["stage"] != "lost").count();
    assert!(relations > 5, "too few to tell");
}

#[test]
fn a_look_back_compares_with_the_base_of_that_day() {
    let folder = Folder::new("look_back");
    let text = one_in(8);
    let day = "1997-12-31";
    let date = |row: &str| row.split(',').nth(2).unwrap().to_owned();
    let (header, rows) = text.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().filter(|row| date(row).as_str() <= day).collect();
    folder.write("then.csv", format!("{header}\n{}\n", rows.join("\n")));
    folder.write("log.csv", &text);
    let then = folder.answers(&["then.csv", "--today", day, "--db", "then.db"]);
    let back = folder.answers(&["log.csv", "--as-of", day]);
    let names = ["calibration", "taken_at", "tiers", "policy"];
    for name in names {
        assert_eq!(then["totals"][name], back["totals"][name], "{name}");
    }
    let today = folder.answers(&["log.csv"]);
    assert_ne!(back["totals"]["calibration"], today["totals"]["calibration"]);
    // Looking back has reviewed nobody: the database is as it was.
    let database = std::fs::read(folder.path("guanxi-portfolio.db")).unwrap();
    folder.report(&["log.csv", "--as-of", day]);
    assert!(std::fs::read(folder.path("guanxi-portfolio.db")).unwrap() == database);
}

/// Equals that a cut goes through are told apart by id here and by number there; everybody else has the
/// grade of the reference, and every grade as many customers.
#[test]
fn grades_and_tiers_are_those_of_the_reference() {
    let folder = Folder::new("reference");
    let policy = json!({
        "currency": "USD",
        "value": { "rfm": { "method": { "quantiles": { "groups": 5, "ties": "greater_key_better" } } } },
        "tier": { "basis": { "method": {
            "share_of_value": { "a": 8_000, "b": 9_500, "ties": "smaller_key_better" }
        } } }
    });
    folder.write("policy.json", policy.to_string());
    let answers = folder.answers(&[BUNDLED, "--policy", "policy.json"]);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/rfm_abc_cdnow.json");
    let golden: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let by_key: HashMap<&str, &Value> =
        customers(&answers).iter().map(|row| (row["customer_id"].as_str().unwrap(), row)).collect();
    for tier in answers["totals"]["tiers"].as_array().unwrap().iter().take(3) {
        let name = tier["tier"].as_str().unwrap();
        assert_eq!(tier["customers"], golden["tiers"][name], "{name}");
        assert_eq!(tier["monetary_minor"], golden["tier_cents"][name], "{name}");
    }
    // How many customers of the whole base each grade of a measure has.
    let mut counts: BTreeMap<(&str, i64), i64> = BTreeMap::new();
    for (cell, count) in golden["rfm_cells"].as_object().unwrap() {
        for (name, grade) in ["r", "f", "m"].into_iter().zip(cell.bytes()) {
            *counts.entry((name, i64::from(grade - b'0'))).or_default() += count.as_i64().unwrap();
        }
    }
    for ((name, grade), count) in counts {
        let found = customers(&answers).iter().filter(|row| row["rfm"][name] == grade).count();
        assert_eq!(json!(found), count, "{name}{grade}");
    }
    // The grades that customers with one measure have: two where a cut goes through equals.
    let mut alike: HashMap<(&str, String), std::collections::BTreeSet<i64>> = HashMap::new();
    let measures = [("r", "last_day"), ("f", "purchase_days"), ("m", "monetary_minor")];
    for row in customers(&answers) {
        for (name, measure) in measures {
            let key = (name, row[measure].to_string());
            alike.entry(key).or_default().insert(row["rfm"][name].as_i64().unwrap());
        }
    }
    let mut compared = 0;
    for reference in golden["customers"].as_array().unwrap() {
        let row = by_key[reference["customer_id"].as_str().unwrap()];
        assert_eq!(row["tier"], reference["tier"], "{reference}");
        for ((name, measure), grade) in measures.into_iter().zip(["R", "F", "M"]) {
            let grades = &alike[&(name, row[measure].to_string())];
            let expected = reference[grade].as_i64().unwrap();
            assert!(grades.contains(&expected), "{reference}");
            if grades.len() == 1 {
                compared += 1;
                assert_eq!(row["rfm"][name], expected, "{reference}");
            }
        }
    }
    assert!(compared >= golden["customers"].as_array().unwrap().len(), "too few to tell");
}
