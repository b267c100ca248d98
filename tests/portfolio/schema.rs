//! The data against `docs/portfolio-json.md`: every field of one is in the other.

#![expect(clippy::arithmetic_side_effects, reason = "an overflow fails the test, as it should")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::program::{bundled_answers, of_bundled};

type Names = BTreeSet<String>;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/portfolio-json.md");
    fs::read_to_string(path).unwrap()
}

/// The fields that the page documents, by the heading they stand under.
fn documented() -> BTreeMap<String, Names> {
    let mut sections: BTreeMap<String, Names> = BTreeMap::new();
    let mut section = String::new();
    for line in page().lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            heading.clone_into(&mut section);
        }
        let name = line.strip_prefix("| `").and_then(|row| row.split('`').next());
        if let Some(name) = name {
            let new = sections.entry(section.clone()).or_default().insert(name.to_owned());
            assert!(new, "`{name}` is documented twice under {section}");
        }
    }
    sections
}

/// The fields that are written, by the same headings.
#[derive(Default)]
struct Written(BTreeMap<String, Names>);

impl Written {
    fn object(&mut self, section: &str, object: &Value) {
        let names = object.as_object().unwrap().keys().cloned();
        self.0.entry(section.to_owned()).or_default().extend(names);
    }

    fn reasons(&mut self, reasons: &Value) {
        for reason in reasons.as_array().unwrap() {
            self.object("reason", reason);
            for side in ["observed", "limit"] {
                if !reason[side].is_null() {
                    assert_eq!(reason[side].as_object().unwrap().len(), 1);
                    self.object("measure", &reason[side]);
                }
            }
        }
    }

    fn customer(&mut self, customer: &Value) {
        self.object("customers", customer);
        for name in ["rfm", "worth", "risk"].into_iter().filter(|name| !customer[name].is_null()) {
            self.object(name, &customer[name]);
        }
        self.object("because", &customer["because"]);
        customer["because"].as_object().unwrap().values().for_each(|it| self.reasons(it));
        self.reasons(&customer["reasons"]);
        for stay in customer["history"].as_array().unwrap() {
            self.object("stay", stay);
            self.reasons(&stay["reasons"]);
        }
        for name in ["next", "suggestion"] {
            if !customer[name].is_null() {
                self.object("move", &customer[name]);
                self.reasons(&customer[name]["reasons"]);
            }
        }
    }
}

#[test]
fn every_field_is_documented_and_every_documented_field_is_written() {
    let answers = bundled_answers();
    let mut written = Written::default();
    written.object("", &answers);
    written.object("totals", &answers["totals"]);
    written.object("totals.stages", &answers["totals"]["stages"]);
    for tier in answers["totals"]["tiers"].as_array().unwrap() {
        written.object("totals.tiers", tier);
    }
    answers["customers"].as_array().unwrap().iter().for_each(|row| written.customer(row));

    let mut documented = documented();
    // The log has no reason about a single day; whatever it has must be in the page.
    let measures = documented.remove("measure").unwrap();
    assert!(written.0.remove("measure").unwrap().is_subset(&measures));
    let top = written.0.remove("").unwrap();
    assert_eq!(top.into_iter().collect::<Vec<_>>(), ["customers", "totals"]);
    assert_eq!(written.0, documented);
}

/// JSON with a line for each field, in the order it was written in.
fn indented(json: &str) -> String {
    let (mut text, mut depth, mut in_string, mut before) = (String::new(), 0, false, ' ');
    let line = |text: &mut String, depth| {
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    };
    for it in json.chars() {
        in_string ^= it == '"' && before != '\\';
        let closes = !in_string && matches!(it, '}' | ']');
        if closes {
            depth -= 1;
            if !matches!(before, '{' | '[') {
                line(&mut text, depth);
            }
        }
        // After what opens, unless it closes at once.
        if !closes && matches!(before, '{' | '[') {
            line(&mut text, depth);
        }
        text.push(it);
        match it {
            '{' | '[' if !in_string => depth += 1,
            ',' if !in_string => line(&mut text, depth),
            ':' if !in_string => text.push(' '),
            _ => {}
        }
        before = if in_string && it != '\\' { ' ' } else { it };
    }
    text
}

/// `UPDATE_EXPECT=1 cargo test` writes the example anew.
#[test]
fn the_example_of_the_page_is_what_is_written() {
    let page = page();
    let (before, rest) = page.split_once("```json\n").unwrap();
    let (example, after) = rest.split_once("\n```").unwrap();
    let example: Value = serde_json::from_str(example).unwrap();
    let start = format!("{{\"customer_id\":{},", example["customer_id"]);
    let (_, text) = of_bundled();
    let row = text.lines().find(|line| line.starts_with(&start)).unwrap();
    let example = indented(row.trim_end_matches(','));
    expect_test::expect_file!["../../docs/portfolio-json.md"]
        .assert_eq(&format!("{before}```json\n{example}\n```{after}"));
}

#[test]
fn each_customer_stands_on_a_line() {
    let (_, text) = of_bundled();
    let lines = text.lines().filter(|line| line.starts_with("{\"customer_id\":"));
    let is_whole = |line: &str| serde_json::from_str::<Value>(line.trim_end_matches(',')).is_ok();
    assert_eq!(lines.filter(|line| is_whole(line)).count(), 2357);
}
