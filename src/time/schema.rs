//! What days and zones look like in a document, for JSON Schema.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Day, Zone};

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A day of the calendar, such as 1997-01-31.",
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        })
    }
}

impl JsonSchema for Zone {
    fn schema_name() -> Cow<'static, str> {
        "Zone".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Where days begin: UTC, an offset such as +08:00, or, with the crate feature \
                            `tz`, a name such as Asia/Shanghai.",
            "type": "string",
            "pattern": "^([+-](0[0-9]|1[0-8]):[0-5][0-9]|[A-Z][A-Za-z0-9_/+-]*)$",
        })
    }
}
