//! Reads a tree as any type, knowing at every moment where it is.
//!
//! Unknown fields are noted and passed over, so that one reading finds all of them. It accepts what
//! `serde_json` accepts, for types that refuse unknown fields.

use std::cell::RefCell;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};

use super::DOCUMENT_FAULTS_MAX;
use super::misread::{Misread, nearest, rename};
use super::node::{Entry, Node};
use super::place::{Path, Place};
use super::stand_in::StandIn;

/// A field that the type does not have, or does not have beside another.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) place: Place,
    pub(super) problem: &'static str,
    pub(super) remedy: String,
}

const NO_SUCH_FIELD: &str = "there is no such field here";

/// One value, about to be read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'r> {
    pub(super) node: &'r Node,
    pub(super) path: &'r Path<'r>,
    pub(super) unknown: &'r RefCell<Vec<Unknown>>,
}

impl<'r> Reader<'r> {
    /// Reads a value further down; what goes wrong there is placed there.
    fn read<'de, S: DeserializeSeed<'de>>(
        self,
        node: &Node,
        path: &Path<'_>,
        seed: S,
    ) -> Result<S::Value, Misread> {
        let reader = Reader { node, path, unknown: self.unknown };
        seed.deserialize(reader).map_err(|misread| misread.at(path))
    }

    fn items<'de, V: Visitor<'de>>(
        self,
        items: &[Node],
        gaps: Gaps,
        visitor: V,
    ) -> Result<V::Value, Misread> {
        let mut access = Items { reader: self, items: items.iter().enumerate(), gaps };
        let value = visitor.visit_seq(&mut access)?;
        match access.items.len() {
            0 => Ok(value),
            _ => Err(Misread::invalid_length(items.len(), &"fewer items")),
        }
    }

    /// The fields of an object, or the items of a list in their order, as `serde_json` has it.
    fn fields<'de, V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        match self.node {
            Node::Gone | Node::StandIn => StandIn::new().deserialize_struct("", fields, visitor),
            Node::Object(entries) => visitor.visit_map(Entries::new(self, entries, Some(fields))),
            Node::List(items) => self.items(items, Gaps::StoodIn, visitor),
            Node::Null
            | Node::Bool(_)
            | Node::Unsigned(_)
            | Node::Signed(_)
            | Node::Float(_)
            | Node::Text(_) => self.deserialize_any(visitor),
        }
    }

    /// The entry of an object that names the variant; every other one is noted.
    fn variant<'e>(self, entries: &'e [Entry], variants: &[&'static str]) -> Option<&'e Entry> {
        // Of a name that is written twice, the last counts. One that could not be read still says
        // which variant it stands for; one that is no variant is told as a misspelt one.
        let rank = |entry: &Entry| {
            let is_known = variants.contains(&&*entry.key);
            let is_near = nearest(&entry.key, variants).is_some();
            (is_known, entry.value != Node::Gone, is_near)
        };
        let named = entries.iter().max_by_key(|entry| rank(entry))?;
        for entry in entries {
            if entry.value != Node::Gone && entry.key != named.key {
                let problem = if variants.contains(&&*entry.key) {
                    "stands beside another choice, and only one can be made"
                } else {
                    NO_SUCH_FIELD
                };
                let remedy = format!("take it out; `{}` stands alone", named.key);
                self.note(&entry.key, problem, remedy);
            }
        }
        Some(named)
    }

    /// Notes an entry that does not belong here.
    fn note(self, key: &str, problem: &'static str, remedy: String) {
        let mut unknown = self.unknown.borrow_mut();
        // One more than can be told, to know that there are more.
        if unknown.len() <= DOCUMENT_FAULTS_MAX {
            unknown.push(Unknown { place: Path::Key(self.path, key).place(), problem, remedy });
        }
    }
}

/// The simple hints matter to a stand-in only; a value that is there says itself what it is.
macro_rules! hinted {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
            if self.node.is_hollow() {
                StandIn::new().$method(visitor)
            } else {
                self.deserialize_any(visitor)
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Misread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.node {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Unsigned(value) => visitor.visit_u64(*value),
            Node::Signed(value) => visitor.visit_i64(*value),
            Node::Float(value) => visitor.visit_f64(*value),
            Node::Text(text) => visitor.visit_str(text),
            Node::List(items) => self.items(items, Gaps::LeftOut, visitor),
            Node::Object(entries) => visitor.visit_map(Entries::new(self, entries, None)),
            Node::Gone | Node::StandIn => StandIn::new().deserialize_any(visitor),
        }
    }

    hinted! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32
        deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_unit deserialize_seq deserialize_map
        deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.node {
            Node::Null | Node::Gone | Node::StandIn => visitor.visit_none(),
            Node::Bool(_)
            | Node::Unsigned(_)
            | Node::Signed(_)
            | Node::Float(_)
            | Node::Text(_)
            | Node::List(_)
            | Node::Object(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misread> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Misread> {
        match (self.node, self.node.is_hollow()) {
            (Node::List(items), _) => self.items(items, Gaps::StoodIn, visitor),
            (_, true) => StandIn::new().deserialize_tuple(length, visitor),
            (_, false) => self.deserialize_any(visitor),
        }
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Misread> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        self.fields(fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        let (name, content) = match (self.node, self.node.is_hollow()) {
            (Node::Text(name), _) => (name, None),
            (Node::Object(entries), _) => match self.variant(entries, variants) {
                Some(entry) => (&entry.key, Some(&entry.value)),
                None => {
                    let expected = format!("one name of `{}`", variants.join("`, `"));
                    return Err(Misread::invalid_value(Unexpected::Map, &&*expected));
                }
            },
            (_, true) => return StandIn::new().deserialize_enum(name, variants, visitor),
            (_, false) => {
                let expected = format!("one of `{}`", variants.join("`, `"));
                return Err(Misread::invalid_type(self.node.unexpected(), &&*expected));
            }
        };
        visitor.visit_enum(Choice { reader: self, name, content })
    }
}

/// What to do about items that could not be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gaps {
    /// A list of any length goes on without them.
    LeftOut,
    /// Where each item has its meaning by its place, something has to stand there.
    StoodIn,
}

struct Items<'r> {
    reader: Reader<'r>,
    items: std::iter::Enumerate<std::slice::Iter<'r, Node>>,
    gaps: Gaps,
}

impl<'de> SeqAccess<'de> for &mut Items<'_> {
    type Error = Misread;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misread> {
        for (index, item) in self.items.by_ref() {
            if *item == Node::Gone && self.gaps == Gaps::LeftOut {
                continue;
            }
            let path = Path::Index(self.reader.path, index);
            return self.reader.read(item, &path, seed).map(Some);
        }
        Ok(None)
    }
}

struct Entries<'r> {
    reader: Reader<'r>,
    entries: std::slice::Iter<'r, Entry>,
    /// The fields of a struct; a map has none.
    fields: Option<&'static [&'static str]>,
    value: Option<&'r Entry>,
}

impl<'r> Entries<'r> {
    fn new(
        reader: Reader<'r>,
        entries: &'r [Entry],
        fields: Option<&'static [&'static str]>,
    ) -> Self {
        Self { reader, entries: entries.iter(), fields, value: None }
    }

    fn is_unknown(&self, key: &str) -> bool {
        let Some(fields) = self.fields.filter(|fields| !fields.contains(&key)) else {
            return false;
        };
        self.reader.note(key, NO_SUCH_FIELD, rename(key, fields, "choose from"));
        true
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Misread;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Misread> {
        while let Some(entry) = self.entries.next() {
            if entry.value == Node::Gone || self.is_unknown(&entry.key) {
                continue;
            }
            self.value = Some(entry);
            let path = Path::Key(self.reader.path, &entry.key);
            let key: StrDeserializer<'_, Misread> = entry.key.as_str().into_deserializer();
            return seed.deserialize(key).map(Some).map_err(|misread| misread.at(&path));
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Misread> {
        let Some(entry) = self.value.take() else {
            return Err(Misread::custom("a value was asked for before its key"));
        };
        self.reader.read(&entry.value, &Path::Key(self.reader.path, &entry.key), seed)
    }
}

/// One of several variants: a name alone, or an object of one name and its content.
struct Choice<'r> {
    reader: Reader<'r>,
    name: &'r str,
    content: Option<&'r Node>,
}

impl<'r> Choice<'r> {
    fn content<T>(
        &self,
        expected: &'static str,
        read: impl FnOnce(Reader<'_>) -> Result<T, Misread>,
    ) -> Result<T, Misread> {
        let Some(node) = self.content else {
            return Err(Misread::invalid_type(Unexpected::UnitVariant, &expected));
        };
        let path = Path::Key(self.reader.path, self.name);
        read(Reader { node, path: &path, unknown: self.reader.unknown })
            .map_err(|misread| misread.at(&path))
    }
}

impl<'de> EnumAccess<'de> for Choice<'_> {
    type Error = Misread;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Misread> {
        let name: StrDeserializer<'_, Misread> = self.name.into_deserializer();
        seed.deserialize(name).map(|variant| (variant, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'_> {
    type Error = Misread;

    fn unit_variant(self) -> Result<(), Misread> {
        match self.content {
            None => Ok(()),
            Some(_) => self.content("null", |reader| serde::Deserialize::deserialize(reader)),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Misread> {
        self.content("newtype variant", |reader| seed.deserialize(reader))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Misread> {
        self.content("tuple variant", |reader| reader.deserialize_tuple(length, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        self.content("struct variant", |reader| reader.fields(fields, visitor))
    }
}
