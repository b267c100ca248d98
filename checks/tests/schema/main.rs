//! The JSON Schema of the policy document against the library, by an independent validator: it takes
//! every policy that the library takes, and refuses every slip of the pen that it can know of.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use guanxi::{Currency, Policy, Stage};
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

// The laws of the library draw from these, and need more of them.
#[path = "../../../tests/laws/generate.rs"]
#[allow(dead_code, reason = "the laws of the library need more of it")]
mod generate;
#[path = "../../../tests/laws/random.rs"]
#[allow(dead_code, reason = "the laws of the library need more of it")]
mod random;
#[path = "../../../tests/laws/sections.rs"]
mod sections;

mod churn;
mod tier;
mod value;

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    jsonschema::draft202012::new(&Policy::json_schema()).expect("the schema is a schema")
});

fn document(policy: &Policy) -> Value {
    serde_json::to_value(policy).expect("a policy is JSON")
}

#[test]
fn the_default_policy_of_every_currency_is_valid() {
    for currency in Currency::all() {
        let document = document(&Policy::new(currency));
        assert!(VALIDATOR.is_valid(&document), "{currency}: {:?}", VALIDATOR.validate(&document));
    }
}

#[test]
fn every_documented_policy_is_valid_and_without_faults() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/policy.md");
    let page = fs::read_to_string(page).expect("docs/policy.md");
    let blocks: Vec<&str> =
        page.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 3, "{} examples", blocks.len());
    for block in blocks {
        let document: Value = serde_json::from_str(block).expect(block);
        assert!(VALIDATOR.is_valid(&document), "{block}");
        assert_eq!(Policy::lint_document(block.as_bytes()), [], "{block}");
    }
}

/// Every place below the root, as a JSON pointer, and whether an object stands there.
fn places(value: &Value, here: &str, all: &mut Vec<(String, bool)>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (step, child) in children {
        let place = format!("{here}/{step}");
        places(child, &place, all);
        all.push((place, child.is_object()));
    }
}

/// The names that a schema lets choose from, and those that a document has.
fn names(value: &Value, is_schema: bool, all: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let chosen = matches!(&**key, "const" | "enum" | "required");
                if !is_schema {
                    all.insert(key.clone());
                }
                if !is_schema || chosen || !field.is_string() {
                    names(field, is_schema && !chosen, all);
                }
            }
        }
        Value::Array(items) => {
            let items = items.iter().filter(|item| !is_schema || !item.is_string());
            items.for_each(|item| names(item, is_schema, all));
        }
        Value::String(name) => drop(all.insert(name.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What is never drawn is never held to the schema.
#[test]
fn every_choice_of_the_schema_is_drawn() {
    let schema = Policy::json_schema();
    let (mut known, mut drawn) = (BTreeSet::new(), BTreeSet::new());
    names(&schema, true, &mut known);
    assert!(known.len() > 100, "{known:?}");
    let mut runner = TestRunner::deterministic();
    for case in 0..400 {
        let policy = generate::policies().new_tree(&mut runner).expect("a policy").current();
        names(&document(&sections::with_sections(policy, case)), false, &mut drawn);
    }
    // One currency is as good as another, and only stages that a policy moves customers from have a dwell.
    names(&json!(Currency::all().collect::<Vec<_>>()), false, &mut drawn);
    names(&json!(Stage::ALL), false, &mut drawn);
    let missed: Vec<_> = known.difference(&drawn).collect();
    assert_eq!(missed, Vec::<&String>::new());
}

proptest! {
    #![proptest_config(generate::cases(200))]

    #[test]
    fn every_policy_without_faults_is_valid(policy in generate::policies(), case in any::<u64>()) {
        let document = document(&sections::with_sections(policy, case));
        prop_assert!(VALIDATOR.is_valid(&document), "{}", document);
    }

    /// A field that does not exist, a broken number, a value of another kind: both see it. And the
    /// schema never refuses what the library takes.
    #[test]
    fn a_slip_of_the_pen_is_refused_by_both(
        (policy, case) in (generate::policies(), any::<u64>()),
        picked in any::<Index>(),
        replacement in 0_usize..7,
    ) {
        let mut damaged = document(&sections::with_sections(policy, case));
        let mut all = Vec::new();
        places(&damaged, "", &mut all);
        let (place, is_object) = picked.get(&all);
        let here = damaged.pointer_mut(place).expect("it was there");
        let was_list = here.is_array();
        let values = [json!(1.5), json!(null), json!(true), json!(-1), json!("x"), json!([])];
        let certain = match (values.get(replacement), here) {
            (Some(value), here) => {
                *here = value.clone();
                replacement == 0
            }
            (None, Value::Object(fields)) => {
                fields.insert("surplus".to_owned(), json!(1));
                *is_object
            }
            (None, _) => false,
        };
        let taken = Policy::lint_document(damaged.to_string().as_bytes()).is_empty();
        let valid = VALIDATOR.is_valid(&damaged);
        // The library reads a list as the fields of an object in their order; no schema tells people so.
        let as_list = !was_list && damaged.pointer(place).is_some_and(Value::is_array);
        prop_assert!(valid || !taken || as_list, "the schema refuses what the library takes: {}", damaged);
        prop_assert!(!certain || !(valid || taken), "{} was not seen: {}", place, damaged);
    }
}
