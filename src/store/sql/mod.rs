//! What the columns of SQL stores hold, whatever the database.

mod columns;

pub(super) use columns::{
    count, customer_id, document_text, fingerprint, index, instant, part, revision, schema,
};
