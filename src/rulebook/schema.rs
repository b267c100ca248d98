//! The JSON Schema of the policy document, made from the types that read it.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::policy::Policy;

impl Policy {
    /// The JSON Schema (draft 2020-12) of the document, for editors and for checks in other languages.
    ///
    /// What it refuses, [`Policy::lint_document`] refuses as well, except that the library also reads a
    /// list as the fields of an object in their order. The lint knows more: how fields must agree with
    /// each other is beyond a schema.
    ///
    /// ```
    /// use guanxi::Policy;
    ///
    /// let schema = Policy::json_schema();
    /// assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    /// assert_eq!(schema["additionalProperties"], false);
    /// assert_eq!(schema["$defs"]["LapsePolicy"]["properties"]["floor_days"]["minimum"], 1);
    /// ```
    #[must_use]
    pub fn json_schema() -> Value {
        let generator = SchemaSettings::draft2020_12().into_generator();
        let mut schema = generator.into_root_schema_for::<Self>().to_value();
        tidy(&mut schema);
        schema
    }
}

/// Makes a derived schema fit to be read: plain descriptions, and nothing said twice.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(schema) => {
            if let Some(Value::String(text)) = schema.get_mut("description") {
                *text = plain(text);
            }
            // The sections say their own defaults, field by field.
            if schema.get("default").is_some_and(is_section) {
                schema.remove("default");
            }
            name_the_width(schema);
            schema.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_section(default: &Value) -> bool {
    match default {
        Value::Object(fields) => fields.values().any(|value| !value.is_number()),
        Value::Array(_) => true,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Validators know nothing of Rust's number types; their least and greatest values they do.
fn name_the_width(schema: &mut Map<String, Value>) {
    let format = schema.get("format").and_then(Value::as_str).map(str::to_owned);
    let greatest = match format.as_deref() {
        Some("uint8") => u8::MAX.into(),
        Some("uint16") => u16::MAX.into(),
        Some("uint32") => u32::MAX,
        Some("int64" | "uint64") => {
            schema.remove("format");
            return;
        }
        _ => return,
    };
    schema.remove("format");
    schema.entry("maximum").or_insert(greatest.into());
}

/// The first paragraph of a documentation comment, without its links, and with choices by the names
/// that they have in documents.
fn plain(documentation: &str) -> String {
    let paragraph = documentation.split("\n\n").next().unwrap_or_default();
    let mut text = String::new();
    let mut rest = paragraph;
    while let Some((before, link)) = rest.split_once('[') {
        text.push_str(before);
        let (shown, after) = link.split_once(']').unwrap_or((link, ""));
        text.push_str(shown);
        rest = match after.strip_prefix('(').and_then(|target| target.split_once(')')) {
            Some((_, after)) => after,
            None => after,
        };
    }
    text.push_str(rest);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.split('`').map(written).collect::<Vec<_>>().join("`")
}

/// `Ties::EqualWorse` as a document has it, `equal_worse`; anything else as it is.
fn written(name: &str) -> String {
    let choice = name.rsplit_once("::").map(|(_, choice)| choice);
    let Some(choice) = choice.filter(|choice| choice.starts_with(char::is_uppercase)) else {
        return name.to_owned();
    };
    let mut snake = String::new();
    for letter in choice.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}
