//! What the columns of SQL stores hold, whatever the database.

mod columns;

pub(super) use columns::{
    claim, count, customer_id, document_text, fingerprint, index, instant, is_personal, page_rows,
    part, reviewed, revision, rulebook_ref, schema, tier_text,
};
