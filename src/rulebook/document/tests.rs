//! The reader against `serde_json`: what one accepts the other accepts, whatever is done to a document;
//! and every fault is told, however many there are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Reading, read};
use crate::lifecycle::Stage;
use crate::time::Zone;

/// A section with every kind of thing that sections have.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    zone: Zone,
    #[serde(default)]
    limit: Option<u16>,
    groups: Vec<Group>,
    #[serde(default)]
    dwell: BTreeMap<Stage, u16>,
    edges: [u8; 3],
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    weight: u8,
    at_least: Small,
    scale: Scale,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Scale {
    Flat,
    Days(u16),
    Between { from: i64, to: i64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
struct Small(u8);

impl From<Small> for u8 {
    fn from(small: Small) -> Self {
        small.0
    }
}

impl TryFrom<u8> for Small {
    type Error = &'static str;

    fn try_from(value: u8) -> Result<Self, Self::Error> {
        // Zero is refused, so nothing can stand in for it.
        if (1..=9).contains(&value) { Ok(Self(value)) } else { Err("1 to 9 is allowed") }
    }
}

fn whole() -> Value {
    json!({
        "zone": "+08:00",
        "limit": 7,
        "groups": [
            { "weight": 1, "at_least": 2, "scale": "flat", "note": null },
            { "weight": 3, "at_least": 4, "scale": { "days": 30 } },
            { "weight": 5, "at_least": 6, "scale": { "between": { "from": -1, "to": 9 } } }
        ],
        "dwell": { "growing": 3, "loyal": 4 },
        "edges": [1, 2, 3]
    })
}

fn look(document: &Value) -> Reading<Section> {
    let example: Section = serde_json::from_value(whole()).unwrap();
    read(document.to_string().as_bytes(), &example)
}

fn told(document: &Value) -> Vec<String> {
    look(document).faults.iter().map(ToString::to_string).collect()
}

fn paths(document: &Value) -> Vec<String> {
    look(document).faults.into_iter().map(|fault| fault.path).collect()
}

/// Every place below the root, as a JSON pointer.
fn places(value: &Value, here: &str, all: &mut Vec<String>) {
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
        all.push(place);
    }
}

/// The document with something done to one place of it; `None` where it cannot be done.
fn changed(document: &Value, place: &str, change: usize) -> Option<Value> {
    let mut document = document.clone();
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(70_000),
        json!(1.5),
        json!("flat"),
        json!([]),
        json!({}),
    ];
    if let Some(value) = values.get(change) {
        *document.pointer_mut(place)? = value.clone();
        return Some(document);
    }
    let (parent, step) = place.rsplit_once('/')?;
    let parent = document.pointer_mut(parent)?;
    match (change.checked_sub(values.len())?, parent) {
        (0, Value::Object(fields)) => drop(fields.remove(step)),
        (0, Value::Array(items)) => drop(items.remove(step.parse().ok()?)),
        (1, Value::Object(fields)) => {
            let value = fields.remove(step)?;
            fields.insert(format!("{step}x"), value);
        }
        (1, Value::Array(items)) => items.push(items.first()?.clone()),
        (2, Value::Object(fields)) => drop(fields.insert("more".to_owned(), json!(1))),
        _ => return None,
    }
    Some(document)
}

const CHANGES: usize = 12;

fn every_change(document: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    places(document, "", &mut all);
    let each = all.iter().flat_map(|place| (0..CHANGES).map(move |change| (place, change)));
    each.filter_map(|(place, change)| changed(document, place, change)).collect()
}

fn assert_same(document: &Value) {
    let serde: Result<Section, _> = serde_json::from_slice(document.to_string().as_bytes());
    let reading = look(document);
    match &serde {
        Ok(section) => assert_eq!(
            (reading.value.as_ref(), reading.faults),
            (Some(section), vec![]),
            "{document}"
        ),
        Err(error) => assert!(!reading.faults.is_empty(), "{document}: {error}"),
    }
}

#[test]
fn what_serde_json_accepts_has_no_fault_and_the_rest_has_one() {
    assert_same(&whole());
    let mut refused = 0;
    for once in every_change(&whole()) {
        assert_same(&once);
        refused += usize::from(!paths(&once).is_empty());
        // Every second change besides, at some of the places: enough to meet what mending leaves.
        for twice in every_change(&once).into_iter().skip(refused % 31).step_by(31) {
            assert_same(&twice);
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn every_wrong_value_is_told_in_the_order_of_the_document() {
    let document = json!({
        "dwell": { "growing": "3", "loyl": 4, "loyal": -4 },
        "edges": [1, 256, true],
        "groups": [
            { "weight": 1, "at_least": 0, "scale": "flt", "note": 7 },
            { "weight": 300, "at_least": 4, "scale": { "days": "30" } },
            { "wait": 5, "at_least": 6, "scale": { "between": { "from": 1.5, "too": 9 } } },
            "none"
        ],
        "limit": [],
        "zone": "Mars"
    });
    assert_eq!(
        told(&document),
        [
            "dwell.growing: \"3\" cannot stand here; write a whole number from 0 to 65535",
            "dwell.loyal: -4 cannot stand here; write a whole number from 0 to 65535",
            "dwell.loyl: \"loyl\" is none of the names for it; write `loyal`",
            "edges.1: 256 cannot stand here; write a whole number from 0 to 255",
            "edges.2: `true` cannot stand here; write a whole number from 0 to 255",
            "groups.0.at_least: 1 to 9 is allowed; correct the value",
            "groups.0.note: 7 cannot stand here; write a string",
            "groups.0.scale: \"flt\" is none of the names for it; write `flat`",
            "groups.1.scale.days: \"30\" cannot stand here; write a whole number from 0 to 65535",
            "groups.1.weight: 300 cannot stand here; write a whole number from 0 to 255",
            "groups.2.scale.between.from: 1.5 cannot stand here; write a whole number from \
             -9223372036854775808 to 9223372036854775807",
            "groups.2.scale.between.too: there is no such field here; write `to`",
            "groups.2.scale.between.to: is missing; write it",
            "groups.2.wait: there is no such field here; \
             choose from `weight`, `at_least`, `scale`, `note`",
            "groups.2.weight: is missing; write it",
            "groups.3: \"none\" cannot stand here; write an object",
            "limit: a list cannot stand here; write a whole number from 0 to 65535",
            "zone: not a time zone; correct the value",
        ]
    );
}

#[test]
fn what_stands_beside_a_choice_is_told_and_the_choice_is_read_on() {
    let mut document = whole();
    document["groups"][0]["scale"] = json!({ "zzz": 1, "days": "30" });
    document["groups"][1]["scale"] =
        json!({ "between": { "from": "1", "to": 2, "zzz": 1 }, "zzz": 1 });
    document["groups"][2]["scale"] = json!({ "betwen": { "from": 1, "to": 2 }, "zzz": 1 });
    assert_eq!(
        told(&document),
        [
            "groups.0.scale.days: \"30\" cannot stand here; write a whole number from 0 to 65535",
            "groups.0.scale.zzz: there is no such field here; take it out; `days` stands alone",
            "groups.1.scale.between.from: \"1\" cannot stand here; write a whole number from \
             -9223372036854775808 to 9223372036854775807",
            "groups.1.scale.between.zzz: there is no such field here; choose from `from`, `to`",
            "groups.1.scale.zzz: there is no such field here; take it out; `between` stands alone",
            "groups.2.scale: \"betwen\" is none of the names for it; write `between`",
            "groups.2.scale.zzz: there is no such field here; take it out; `betwen` stands alone",
        ]
    );
    let mut both = whole();
    both["groups"][1]["scale"] = json!({ "days": 30, "between": { "from": 1, "to": 2 } });
    let [fault] = &told(&both)[..] else { panic!("{:?}", told(&both)) };
    assert!(fault.contains("stands beside another choice"), "{fault}");
}

#[test]
fn every_missing_field_is_told() {
    assert_eq!(paths(&json!({})), ["zone", "groups", "edges"]);
    let empty = json!({ "zone": "UTC", "edges": [1, 2, 3], "groups": [{}, { "scale": {} }] });
    assert_eq!(
        paths(&empty),
        [
            "groups.0.weight",
            "groups.0.at_least",
            "groups.0.scale",
            "groups.1.scale",
            "groups.1.weight",
            "groups.1.at_least",
        ]
    );
}

#[test]
fn a_field_written_twice_is_told_wherever_it_is() {
    let example: Section = serde_json::from_value(whole()).unwrap();
    let document = br#"{ "zone": "UTC", "edges": [1, 2, 3], "zone": "UTC", "groups": [],
        "dwell": { "loyal": 1, "growing": 2, "loyal": 3 } }"#;
    let reading = read(document, &example);
    let paths: Vec<_> = reading.faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(paths, ["zone", "dwell.loyal"]);
    assert_eq!(reading.faults[0].problem, "is written more than once");
    // The last one counts, as `serde_json` has it for maps.
    assert_eq!(reading.value.unwrap().dwell[&Stage::Loyal], 3);
}

#[test]
fn numbers_with_all_their_digits_are_read_too() {
    let number = |digits: &str| json!({ "$serde_json::private::Number": digits });
    let mut document = whole();
    document["limit"] = number("8");
    document["groups"][2]["scale"]["between"]["from"] = number("-5");
    assert_eq!(paths(&document), Vec::<String>::new());
    document["limit"] = number("8.5");
    assert_eq!(
        told(&document)[0],
        "limit: 8.5 cannot stand here; write a whole number from 0 to 65535"
    );
}
