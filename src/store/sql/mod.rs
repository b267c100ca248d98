//! What the stores on SQL databases share: what their columns hold, how rows are read, why a commit is
//! refused, and which migrations were applied. What a database is told in its own words is in the folder
//! of its store: `statements.rs`, `migrations/`, and how statements are sent.

mod columns;
mod migrations;
mod refusal;
mod rows;

#[cfg(feature = "sqlite")]
pub(super) use columns::rulebook_ref;
pub(super) use columns::{IndexColumns, count, document_text, is_personal, page_rows};
pub use migrations::Migration;
pub(super) use migrations::{Misapplied, missing};
pub(super) use refusal::Found;
#[cfg(feature = "postgres")]
pub(super) use rows::accepted_after;
pub(super) use rows::{
    Cells, accepted, accepted_by_place, calibration, entry, feed_entry, inspection, revision,
    rulebook, stored, stored_by_id, stored_by_place, waking,
};
