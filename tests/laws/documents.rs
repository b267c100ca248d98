//! The document of a policy: every fault at its path, and none in a document that can be used.

use guanxi::rulebook::{DOCUMENT_BYTES_MAX, DOCUMENT_FAULTS_MAX, RulebookError};
use guanxi::{Currency, Policy, Rulebook, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use super::generate::{cases, policies};
use super::sections::with_sections;

fn document(policy: &Policy) -> Value {
    serde_json::to_value(policy).unwrap()
}

fn paths(document: &Value) -> Vec<String> {
    let faults = Policy::lint_document(document.to_string().as_bytes());
    faults.into_iter().map(|fault| fault.path).collect()
}

/// Every place of a document as a JSON pointer, in the order of the document; leaves only, or objects
/// only.
fn places(value: &Value, here: &str, objects: bool, all: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if objects {
                all.push(here.to_owned());
            }
            for (key, value) in fields {
                places(value, &format!("{here}/{key}"), objects, all);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{here}/{index}"), objects, all);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) if objects => {}
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            all.push(here.to_owned());
        }
    }
}

fn path(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

/// Something done to the document at the place that the index picks.
fn damage(document: &mut Value, place: &Index, kind: u8) {
    let mut all = Vec::new();
    places(document, "", false, &mut all);
    places(document, "", true, &mut all);
    // An empty list in place of the whole document has no place left to damage.
    if all.is_empty() {
        return;
    }
    let place = place.get(&all).clone();
    let values = [json!(null), json!(true), json!(-1), json!(70_000), json!("x"), json!([])];
    if let Some(value) = values.get(usize::from(kind)) {
        *document.pointer_mut(&place).unwrap() = value.clone();
        return;
    }
    let Some((parent, step)) = place.rsplit_once('/') else { return };
    let Some(Value::Object(fields)) = document.pointer_mut(parent) else { return };
    match kind {
        6 => drop(fields.remove(step)),
        7 => {
            let value = fields.remove(step).unwrap();
            fields.insert(format!("{step}_"), value);
        }
        _ => drop(fields.insert("surplus".to_owned(), json!({}))),
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_document_without_faults_is_exactly_one_that_can_be_used(
        (policy, case) in (policies(), any::<u64>()),
        damages in vec((any::<Index>(), 0_u8..9), 0..4),
    ) {
        let mut document = document(&with_sections(policy, case));
        for (place, kind) in &damages {
            damage(&mut document, place, *kind);
        }
        let bytes = document.to_string().into_bytes();
        let faults = Policy::lint_document(&bytes);
        let book = Rulebook::from_document(bytes, Timestamp::MIN);
        prop_assert_eq!(faults.is_empty(), book.is_ok(), "{}: {:?} {:?}", document, faults, book);
        for fault in faults {
            prop_assert!(!fault.problem.is_empty() && !fault.remedy.is_empty(), "{}", fault);
        }
    }

    /// No field of a policy is a broken number, so each leaf that becomes one is a fault, and hides no other.
    #[test]
    fn every_wrong_value_is_told_at_its_place_and_no_other(
        (policy, case) in (policies(), any::<u64>()),
        picked in vec(any::<Index>(), 1..12),
    ) {
        let whole = document(&with_sections(policy, case));
        let (mut leaves, mut damaged) = (Vec::new(), whole.clone());
        places(&whole, "", false, &mut leaves);
        let mut wrong: Vec<&String> = picked.iter().map(|index| index.get(&leaves)).collect();
        wrong.sort_by_key(|place| leaves.iter().position(|leaf| leaf == *place));
        wrong.dedup();
        for place in &wrong {
            *damaged.pointer_mut(place).unwrap() = json!(1.5);
        }
        let expected: Vec<String> = wrong.into_iter().map(|place| path(place)).collect();
        prop_assert_eq!(paths(&damaged), expected);
    }
}

/// As many objects at once as can be told at once, taken from all over the document.
#[test]
fn an_unknown_field_is_told_in_every_object() {
    for case in 0..40 {
        let whole = document(&with_sections(Policy::new(Currency::CNY), case));
        let mut objects = Vec::new();
        places(&whole, "", true, &mut objects);
        let turns = objects.len().div_ceil(DOCUMENT_FAULTS_MAX);
        for turn in 0..turns {
            let mut damaged = whole.clone();
            let mut expected = Vec::new();
            for place in objects.iter().skip(turn).step_by(turns) {
                let Value::Object(fields) = damaged.pointer_mut(place).unwrap() else {
                    unreachable!()
                };
                fields.insert("zzz".to_owned(), json!(1));
                expected.push(path(&format!("{place}/zzz")));
            }
            let mut found = paths(&damaged);
            expected.sort();
            found.sort();
            assert_eq!(found, expected, "case {case}");
        }
    }
}

#[test]
fn a_choice_is_read_on_behind_what_does_not_belong_there() {
    let document = json!({
        "currency": "CNY",
        "tier": { "basis": {
            "criterion": { "on": "margin" },
            "method": { "limits": { "a": "2", "b": 1, "on_edge": "beter" }, "ties": "equal_better" }
        } },
        "churn": { "groups": [{ "name": "service", "weight": 10_000, "indicators": [{
            "indicator": "complaints",
            "weight": 10_000,
            "scale": [{ "at": 0, "points": 0 }, { "at": 3, "points": 100 }],
            "staleness": { "fade": { "after_days": 30, "gone_days": 90 } }
        }] }] }
    });
    let faults = Policy::lint_document(document.to_string().as_bytes());
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "churn.groups.0.indicators.0.staleness: \"fade\" is none of the names for it; \
             write `fades`",
            "tier.basis.criterion: \"on\" is none of the names for it; write `one`",
            "tier.basis.method.limits.a: \"2\" cannot stand here; write a whole number from \
             -9223372036854775808 to 9223372036854775807",
            "tier.basis.method.limits.on_edge: \"beter\" is none of the names for it; \
             write `better`",
            "tier.basis.method.ties: there is no such field here; \
             take it out; `limits` stands alone",
        ]
    );
}

#[test]
fn a_section_is_linted_unless_it_has_a_fault_of_reading() {
    // Below the floor; but with a floor that could not be read, nobody knows.
    let document = json!({ "currency": "USD", "lifecycle": { "lapse": { "ceiling_days": 3 } } });
    assert_eq!(
        paths(&document),
        ["lifecycle.lapse.ceiling_days", "lifecycle.lapse.without_cadence_days"][..1]
    );
    let mut misread = document.clone();
    misread["lifecycle"]["lapse"]["floor_days"] = json!("2");
    assert_eq!(paths(&misread), ["lifecycle.lapse.floor_days"]);
    let mut elsewhere = document;
    elsewhere["currency"] = json!("USDT");
    elsewhere["future_tolerance_seconds"] = json!(86_401);
    assert_eq!(
        paths(&elsewhere),
        ["currency", "lifecycle.lapse.ceiling_days", "future_tolerance_seconds"]
    );
}

/// What `docs/policy.md` sends people to.
#[test]
fn the_default_policy_is_documented_as_it_is() {
    let policy = Policy::new(Currency::CNY);
    let written = serde_json::to_string_pretty(&policy).unwrap() + "\n";
    expect_test::expect_file!["../../docs/policy.default.json"].assert_eq(&written);
    assert_eq!(Policy::lint_document(written.as_bytes()), []);
}

#[test]
fn what_is_missing_or_written_twice_is_told() {
    assert_eq!(paths(&json!({})), ["currency"]);
    assert_eq!(paths(&json!([])), [""]);
    let twice = br#"{"currency":"USD","lifecycle":{"delivery":{"mode":"off","mode":"off"}},
"zone":"UTC","currency":"EUR"}"#;
    let faults = Policy::lint_document(twice);
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "lifecycle.delivery.mode: is written more than once; keep one of them",
            "currency: is written more than once; keep one of them",
        ]
    );
}

#[test]
fn what_is_not_json_has_one_fault_that_says_where() {
    for (document, problem) in [
        ("", "not JSON at line 1, column 0: EOF while parsing a value"),
        ("{\n  \"currency\": USD\n}", "not JSON at line 2, column 15: expected value"),
        ("{} {}", "not JSON at line 1, column 4: trailing characters"),
    ] {
        let faults = Policy::lint_document(document.as_bytes());
        let told: Vec<_> = faults.iter().map(|fault| (&*fault.path, &*fault.problem)).collect();
        assert_eq!(told, [("", problem)], "{document}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(Policy::lint_document(deep.as_bytes()).len(), 1);
}

#[test]
fn a_document_has_a_greatest_length() {
    let mut document = br#"{"currency":"USD"}"#.to_vec();
    document.resize(DOCUMENT_BYTES_MAX, b' ');
    assert_eq!(Policy::lint_document(&document), []);
    assert!(Policy::from_json(&document).is_ok());
    assert!(Rulebook::from_document(document.clone(), Timestamp::MIN).is_ok());

    document.push(b' ');
    let faults = Policy::lint_document(&document);
    assert_eq!(
        faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["the document has 1048577 bytes; keep it to at most 1048576"]
    );
    let bytes = document.len();
    for refused in [
        Policy::from_json(&document).err(),
        Rulebook::from_document(document, Timestamp::MIN).err(),
    ] {
        assert!(matches!(refused, Some(RulebookError::TooLong { bytes: told }) if told == bytes));
    }
}

#[test]
fn so_many_faults_are_told_at_once_and_that_there_are_more() {
    let with = |count: usize| {
        let extra = (0..count).map(|number| (format!("f{number}"), json!(0)));
        let mut fields: Map<String, Value> = extra.collect();
        fields.insert("currency".to_owned(), json!("USD"));
        paths(&Value::Object(fields))
    };
    assert_eq!(with(DOCUMENT_FAULTS_MAX).len(), DOCUMENT_FAULTS_MAX);
    let more = with(DOCUMENT_FAULTS_MAX + 1);
    assert_eq!(more.len(), DOCUMENT_FAULTS_MAX + 1);
    assert_eq!(more.last().map(String::as_str), Some(""));
}
