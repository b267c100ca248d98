//! One entry on its way.

use guanxi::store::{FeedEntry, StoreError};
use guanxi::{Actor, CommandId, CustomerId, Event, TenantId, Timestamp};
use serde::Serialize;

use crate::place::Place;

/// An entry as it is delivered.
pub(crate) struct Message {
    /// Right after it. Its customer is what a broker orders by, and customer and revision together are
    /// what a receiver knows it by if it comes again.
    pub(crate) place: Place,
    /// A JSON document on one line, without its end.
    pub(crate) body: Vec<u8>,
}

/// What receivers read. [`FileSink`](crate::sink::FileSink) knows its files by how they begin.
#[derive(Serialize)]
struct Body<'e> {
    tenant: TenantId,
    customer: CustomerId,
    revision: u64,
    recorded_at: Timestamp,
    actor: Actor,
    command_id: CommandId,
    events: &'e [Event],
    cursor: String,
}

impl Message {
    /// The message of an entry.
    ///
    /// # Errors
    ///
    /// [`StoreError`] for an entry that says nothing, or was written by a newer version of the library.
    pub(crate) fn of(tenant: TenantId, given: &FeedEntry) -> Result<Self, StoreError> {
        let entry = given.entry.decode()?;
        let place = Place { tenant, cursor: given.cursor(), command_id: entry.command_id };
        let body = Body {
            tenant,
            customer: given.customer,
            revision: entry.revision,
            recorded_at: entry.recorded_at,
            actor: entry.actor,
            command_id: entry.command_id,
            events: &entry.events,
            cursor: place.cursor.to_string(),
        };
        let body = serde_json::to_vec(&body)
            .map_err(|error| StoreError::new(guanxi::store::StoreErrorKind::Document, error))?;
        Ok(Self { place, body })
    }
}
