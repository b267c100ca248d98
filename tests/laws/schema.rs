//! The JSON Schema of the policy document. That it takes what the library takes is tested in the
//! workspace member `checks`, which has a validator.

use std::collections::BTreeSet;

use expect_test::expect_file;
use guanxi::{Currency, Policy};
use serde_json::{Value, json};

/// The golden file is what hosts point their editors at.
#[test]
fn the_schema_keeps_its_bytes() {
    let schema = serde_json::to_string_pretty(&Policy::json_schema()).unwrap();
    expect_file!["../../docs/policy.schema.json"].assert_eq(&(schema + "\n"));
}

fn objects<'a>(value: &'a Value, all: &mut Vec<&'a serde_json::Map<String, Value>>) {
    match value {
        Value::Object(fields) => {
            all.push(fields);
            fields.values().for_each(|value| objects(value, all));
        }
        Value::Array(items) => items.iter().for_each(|value| objects(value, all)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_section_refuses_unknown_fields_and_says_what_its_fields_are() {
    let schema = Policy::json_schema();
    let mut all = Vec::new();
    objects(&schema, &mut all);
    let sections: Vec<_> = all.iter().filter(|fields| fields.contains_key("properties")).collect();
    assert!(sections.len() > 10, "{}", sections.len());
    for section in sections {
        assert_eq!(section.get("additionalProperties"), Some(&Value::Bool(false)), "{section:?}");
        for (name, field) in section["properties"].as_object().into_iter().flatten() {
            // A choice is described beside its name.
            let is_choice = section.get("required") == Some(&json!([name]));
            let described = field.get("description").or(section.get("description"));
            let says = described.filter(|_| is_choice).or(field.get("description"));
            let says = says.and_then(Value::as_str).unwrap_or_default();
            assert!(!says.is_empty() || field.get("const").is_some(), "{name}: {field}");
            assert!(!says.contains(['[', ']', '\n']) && !says.contains("```"), "{name}: {says}");
        }
    }
}

/// So that a section added to the policy is a section of the schema.
#[test]
fn every_section_of_the_policy_is_in_the_schema() {
    let policy = serde_json::to_value(Policy::new(Currency::CNY)).unwrap();
    let names = |value: &Value| -> BTreeSet<String> {
        value.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&Policy::json_schema()["properties"]), names(&policy));
}
