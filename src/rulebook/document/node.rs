//! A document as a tree that keeps every entry, in order, and can lose and gain some.
//!
//! `serde_json::Value` would do, if it did not drop the first of two fields of one name unseen.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor};

use super::place::{Place, Step};

/// A value of the document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Object(Vec<Entry>),
    /// Could not be read and is left out, where it can be.
    Gone,
    /// A stand-in for what is needed and is not there.
    StandIn,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: Node,
}

impl Node {
    /// Whether the document has no value here that can be read.
    pub(super) const fn is_hollow(&self) -> bool {
        matches!(self, Self::Gone | Self::StandIn)
    }

    /// What it is, for who expected something else.
    pub(super) fn unexpected(&self) -> Unexpected<'_> {
        match self {
            Self::Null | Self::Gone | Self::StandIn => Unexpected::Unit,
            Self::Bool(value) => Unexpected::Bool(*value),
            Self::Unsigned(value) => Unexpected::Unsigned(*value),
            Self::Signed(value) => Unexpected::Signed(*value),
            Self::Float(value) => Unexpected::Float(*value),
            Self::Text(text) => Unexpected::Str(text),
            Self::List(_) => Unexpected::Seq,
            Self::Object(_) => Unexpected::Map,
        }
    }

    /// Which child a step leads to; of two fields of one name, the last.
    fn index(&self, step: &Step) -> Option<usize> {
        match (self, step) {
            (Self::Object(entries), Step::Key(key)) => {
                entries.iter().rposition(|entry| entry.key == *key)
            }
            (Self::List(items), Step::Index(index)) => (*index < items.len()).then_some(*index),
            _ => None,
        }
    }

    fn child(&self, step: &Step) -> Option<&Self> {
        match (self, self.index(step)) {
            (Self::Object(entries), Some(index)) => entries.get(index).map(|entry| &entry.value),
            (Self::List(items), Some(index)) => items.get(index),
            _ => None,
        }
    }

    fn child_mut(&mut self, step: &Step) -> Option<&mut Self> {
        match (self.index(step), self) {
            (Some(index), Self::Object(entries)) => {
                entries.get_mut(index).map(|entry| &mut entry.value)
            }
            (Some(index), Self::List(items)) => items.get_mut(index),
            _ => None,
        }
    }

    /// The value at a place.
    pub(super) fn at(&self, place: &Place) -> Option<&Self> {
        place.0.iter().try_fold(self, Self::child)
    }

    /// The same, to change it.
    pub(super) fn at_mut(&mut self, place: &Place) -> Option<&mut Self> {
        place.0.iter().try_fold(self, Self::child_mut)
    }

    /// Which child to take at each step down to a place: sorts places as the document has them. What
    /// is missing comes after everything that is there.
    pub(super) fn position(&self, place: &Place) -> Vec<usize> {
        let mut here = Some(self);
        let steps = place.0.iter().map(|step| {
            let index = here.and_then(|node| node.index(step));
            here = here.and_then(|node| node.child(step));
            index.unwrap_or(usize::MAX)
        });
        steps.collect()
    }

    /// Leaves out every field that is written again further down, and tells where one was.
    pub(super) fn leave_out_repeated(&mut self, here: &Place, tell: &mut impl FnMut(Place)) {
        match self {
            Self::Object(entries) => {
                let mut lasts = BTreeMap::new();
                for (index, entry) in entries.iter().enumerate() {
                    lasts.insert(entry.key.clone(), index);
                }
                for (index, entry) in entries.iter_mut().enumerate() {
                    let place = here.clone().field(&entry.key);
                    if lasts.get(&entry.key) == Some(&index) {
                        entry.value.leave_out_repeated(&place, tell);
                    } else {
                        entry.value = Self::Gone;
                        tell(place);
                    }
                }
            }
            Self::List(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let mut place = here.clone();
                    place.0.push(Step::Index(index));
                    item.leave_out_repeated(&place, tell);
                }
            }
            Self::Null
            | Self::Bool(_)
            | Self::Unsigned(_)
            | Self::Signed(_)
            | Self::Float(_)
            | Self::Text(_)
            | Self::Gone
            | Self::StandIn => {}
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Whole)
    }
}

/// Takes whatever comes.
struct Whole;

impl<'de> Visitor<'de> for Whole {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key::<String>()? {
            if key == EXACT_NUMBER {
                return access.next_value::<String>().map(|digits| number(&digits));
            }
            entries.push(Entry { key, value: access.next_value()? });
        }
        Ok(Node::Object(entries))
    }
}

/// How numbers come where some crate of the host asks serde_json to keep all their digits.
const EXACT_NUMBER: &str = "$serde_json::private::Number";

fn number(digits: &str) -> Node {
    if let Ok(value) = digits.parse() {
        return Node::Unsigned(value);
    }
    match (digits.parse(), digits.parse()) {
        (Ok(value), _) => Node::Signed(value),
        (Err(_), Ok(value)) => Node::Float(value),
        (Err(_), Err(_)) => Node::Text(digits.to_owned()),
    }
}
