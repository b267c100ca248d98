//! Why a value of a document cannot be read, in the words of a fault.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::place::{Path, Place};

/// Why a value cannot be read, and where it stands once that is known.
#[derive(Debug)]
pub(super) struct Misread {
    pub(super) place: Option<Place>,
    pub(super) problem: Problem,
}

/// Why a value cannot be read.
#[derive(Debug)]
pub(super) enum Problem {
    /// The object lacks this field.
    Missing(&'static str),
    /// Anything else: problem and remedy.
    Wrong(Cow<'static, str>, Cow<'static, str>),
}

impl Misread {
    fn wrong(problem: impl Into<Cow<'static, str>>, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self { place: None, problem: Problem::Wrong(problem.into(), remedy.into()) }
    }

    /// The same, here, unless it is known to stand further down.
    pub(super) fn at(mut self, path: &Path<'_>) -> Self {
        self.place.get_or_insert_with(|| path.place());
        self
    }

    fn misplaced(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::wrong(
            format!("{} cannot stand here", found_words(found)),
            format!("write {}", expected_words(&expected.to_string())),
        )
    }
}

/// The remedy for a name that is none of the known ones.
pub(super) fn rename(given: &str, known: &[&'static str], what: &str) -> String {
    match nearest(given, known) {
        Some(name) => format!("write `{name}`"),
        None if known.is_empty() => "take it out".to_owned(),
        None => format!("{what} `{}`", known.join("`, `")),
    }
}

/// The known name that was probably meant: at most a third of the letters differ.
pub(super) fn nearest(given: &str, known: &[&'static str]) -> Option<&'static str> {
    let distances = known.iter().map(|name| (strsim::osa_distance(given, name), *name));
    let (distance, name) = distances.min_by_key(|(distance, _)| *distance)?;
    let letters = given.chars().count().max(name.chars().count());
    (distance.saturating_mul(3) <= letters).then_some(name)
}

fn found_words(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(value) => value.to_string(),
        Unexpected::Signed(value) => value.to_string(),
        Unexpected::Float(value) => value.to_string(),
        Unexpected::Char(value) => format!("\"{value}\""),
        Unexpected::Str(value) => format!("\"{value}\""),
        Unexpected::Bytes(_) => "a string of bytes".to_owned(),
        Unexpected::Unit | Unexpected::Option => "null".to_owned(),
        Unexpected::NewtypeStruct => "a single value".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "an object".to_owned(),
        Unexpected::Enum => "a choice".to_owned(),
        Unexpected::UnitVariant => "a name alone".to_owned(),
        Unexpected::NewtypeVariant | Unexpected::TupleVariant | Unexpected::StructVariant => {
            "a name with more".to_owned()
        }
        Unexpected::Other(text) => text.to_owned(),
    }
}

/// Serde says what it expects in the words of Rust.
fn expected_words(expected: &str) -> String {
    let whole = |min: &dyn fmt::Display, max: &dyn fmt::Display| {
        format!("a whole number from {min} to {max}")
    };
    match expected {
        "u8" => whole(&u8::MIN, &u8::MAX),
        "u16" => whole(&u16::MIN, &u16::MAX),
        "u32" => whole(&u32::MIN, &u32::MAX),
        "u64" => whole(&u64::MIN, &u64::MAX),
        "i8" => whole(&i8::MIN, &i8::MAX),
        "i16" => whole(&i16::MIN, &i16::MAX),
        "i32" => whole(&i32::MIN, &i32::MAX),
        "i64" => whole(&i64::MIN, &i64::MAX),
        "a boolean" => "`true` or `false`".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        "unit" => "null".to_owned(),
        "newtype variant" | "tuple variant" | "struct variant" => {
            "an object with this name and its value".to_owned()
        }
        "unit variant" => "this name alone".to_owned(),
        _ if expected.starts_with("struct ") => "an object".to_owned(),
        _ if expected.starts_with("tuple ") => "a list".to_owned(),
        _ => expected.to_owned(),
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::Missing(field) => write!(f, "`{field}` is missing"),
            Problem::Wrong(problem, _) => f.write_str(problem),
        }
    }
}

impl std::error::Error for Misread {}

impl de::Error for Misread {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::wrong(message.to_string(), "correct the value")
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::misplaced(found, expected)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::misplaced(found, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::wrong(
            format!("a list of {length} cannot stand here"),
            format!("write {}", expected_words(&expected.to_string())),
        )
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::wrong(
            format!("\"{variant}\" is none of the names for it"),
            rename(variant, expected, "choose from"),
        )
    }

    fn missing_field(field: &'static str) -> Self {
        Self { place: None, problem: Problem::Missing(field) }
    }
}
