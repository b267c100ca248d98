//! From rows to what the contract gives back, whatever the database.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::columns;
use crate::customer::Part;
use crate::id::{CommandId, CustomerId};
use crate::store::{
    Accepted, FeedEntry, Index, Inspection, Receipt, StoreError, Stored, StoredCalibration,
    StoredEntry, StoredRulebook, Waking,
};

/// A row of a database. Columns are counted from 0; each reads what is not NULL.
pub(in crate::store) trait Cells {
    fn number(&self, column: usize) -> Result<Option<i64>, StoreError>;
    fn text(&self, column: usize) -> Result<Option<&str>, StoreError>;
    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError>;
    fn uuid(&self, column: usize) -> Result<Option<Uuid>, StoreError>;
}

/// The same, of columns that always hold something.
trait Filled: Cells {
    fn a_number(&self, name: &'static str, column: usize) -> Result<i64, StoreError> {
        self.number(column)?.ok_or_else(|| columns::malformed(name))
    }

    fn a_text(&self, name: &'static str, column: usize) -> Result<&str, StoreError> {
        self.text(column)?.ok_or_else(|| columns::malformed(name))
    }

    fn a_customer(&self, column: usize) -> Result<CustomerId, StoreError> {
        let id = self.uuid(column)?.ok_or_else(|| columns::malformed("customer"))?;
        Ok(CustomerId::new(id))
    }
}

impl<R: Cells> Filled for R {}

/// The column so many places after another.
const fn after(column: usize, places: usize) -> usize {
    column.saturating_add(places)
}

/// The rows of one customer: revision, part, schema, document.
pub(in crate::store) fn stored<R: Cells>(rows: &[R]) -> Result<Option<Stored>, StoreError> {
    let mut answer = Partly::default();
    for row in rows {
        answer.add(row, 0)?;
    }
    Ok(answer.whole())
}

/// The rows of a page of customers: id, then as those of [`stored`].
pub(in crate::store) fn stored_by_id<R: Cells>(
    rows: &[R],
) -> Result<Vec<(CustomerId, Stored)>, StoreError> {
    // Put in order here: a join promises none.
    let mut page: BTreeMap<CustomerId, Partly> = BTreeMap::new();
    for row in rows {
        page.entry(row.a_customer(0)?).or_default().add(row, 1)?;
    }
    Ok(page.into_iter().filter_map(|(id, partly)| Some((id, partly.whole()?))).collect())
}

/// The rows of so many customers: place among those asked for, then as those of [`stored`].
pub(in crate::store) fn stored_by_place<R: Cells>(
    rows: &[R],
    asked: usize,
) -> Result<Vec<Option<Stored>>, StoreError> {
    let mut answers = vec![Partly::default(); asked];
    for row in rows {
        if let Some(answer) = answers.get_mut(place(row)?) {
            answer.add(row, 1)?;
        }
    }
    Ok(answers.into_iter().map(Partly::whole).collect())
}

/// The place, among those asked for, of what a row is about.
fn place<R: Cells>(row: &R) -> Result<usize, StoreError> {
    Ok(usize::try_from(row.a_number("place", 0)?).unwrap_or(usize::MAX))
}

/// A customer of whom some rows have been read.
#[derive(Debug, Clone, Default)]
struct Partly {
    revision: Option<u64>,
    parts: Vec<Part>,
}

impl Partly {
    /// Adds the revision and the part in four columns of a row, of which either may be missing.
    fn add<R: Cells>(&mut self, row: &R, column: usize) -> Result<(), StoreError> {
        if let Some(revision) = row.number(column)? {
            self.revision = Some(columns::revision(revision)?);
        }
        if let Some(name) = row.text(after(column, 1))? {
            let schema = row.a_number("schema", after(column, 2))?;
            let document = row.a_text("document", after(column, 3))?.to_owned();
            self.parts.push(columns::part(name, schema, document)?);
        }
        Ok(())
    }

    fn whole(self) -> Option<Stored> {
        self.revision.map(|revision| Stored { revision, parts: self.parts })
    }
}

/// The rows of one command, in the order of its changes: customer, revision, fingerprint.
pub(in crate::store) fn accepted<R: Cells>(
    rows: &[R],
    command_id: CommandId,
) -> Result<Option<Accepted>, StoreError> {
    accepted_after(rows, command_id, 0)
}

/// The same, of rows that have so many other columns first.
pub(in crate::store) fn accepted_after<R: Cells>(
    rows: &[R],
    command_id: CommandId,
    column: usize,
) -> Result<Option<Accepted>, StoreError> {
    let mut answer = None;
    for row in rows {
        add_change(&mut answer, command_id, row, column)?;
    }
    Ok(answer)
}

/// The rows of many commands: place among those asked for, then as those of [`accepted`].
pub(in crate::store) fn accepted_by_place<R: Cells>(
    rows: &[R],
    command_ids: &[CommandId],
) -> Result<Vec<Option<Accepted>>, StoreError> {
    let mut answers: Vec<Option<Accepted>> = vec![None; command_ids.len()];
    for row in rows {
        let place = place(row)?;
        if let Some((command_id, answer)) = command_ids.get(place).zip(answers.get_mut(place)) {
            add_change(answer, *command_id, row, 1)?;
        }
    }
    Ok(answers)
}

/// Adds to a receipt the change in three columns of a row.
fn add_change<R: Cells>(
    answer: &mut Option<Accepted>,
    command_id: CommandId,
    row: &R,
    column: usize,
) -> Result<(), StoreError> {
    let customer = row.a_customer(column)?;
    let made = revision(row, after(column, 1))?;
    let fingerprint = row.bytes(after(column, 2))?.map(columns::fingerprint).transpose()?;
    let accepted = answer.get_or_insert_with(|| Accepted {
        fingerprint,
        receipt: Receipt::new(command_id, Vec::new()),
    });
    accepted.receipt.revisions.push((customer, made));
    Ok(())
}

/// The revision in a column.
pub(in crate::store) fn revision<R: Cells>(row: &R, column: usize) -> Result<u64, StoreError> {
    columns::revision(row.a_number("revision", column)?)
}

/// The entry in four columns of a row: revision, recorded at, schema, document.
pub(in crate::store) fn entry<R: Cells>(row: &R, column: usize) -> Result<StoredEntry, StoreError> {
    let recorded_at = row.a_number("recorded_at", after(column, 1))?;
    Ok(StoredEntry {
        revision: revision(row, column)?,
        recorded_at: columns::instant("recorded_at", recorded_at)?,
        schema: columns::schema(row.a_number("schema", after(column, 2))?)?,
        document: row.a_text("document", after(column, 3))?.as_bytes().to_vec(),
    })
}

/// A row of the feed: position, customer, then as [`entry`].
pub(in crate::store) fn feed_entry<R: Cells>(row: &R) -> Result<FeedEntry, StoreError> {
    Ok(FeedEntry {
        position: columns::position(row.a_number("position", 0)?)?,
        customer: row.a_customer(1)?,
        entry: entry(row, 2)?,
    })
}

/// A row of the agenda: wake at, customer.
pub(in crate::store) fn waking<R: Cells>(row: &R) -> Result<Waking, StoreError> {
    let wake_at = columns::instant("wake_at", row.a_number("wake_at", 0)?)?;
    Ok(Waking { wake_at, id: row.a_customer(1)? })
}

/// The rows of one customer: revision, stage, tier, risk, reviewed at, wake at, policy, in force from, and
/// system and key of a claim, of which there may be none.
pub(in crate::store) fn inspection<R: Cells>(rows: &[R]) -> Result<Option<Inspection>, StoreError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let mut inspection =
        Inspection { revision: revision(first, 0)?, index: index(first)?, claims: Vec::new() };
    for row in rows {
        if let Some(system) = row.text(8)? {
            inspection.claims.push(columns::claim(system, row.a_text("key", 9)?)?);
        }
    }
    Ok(Some(inspection))
}

/// The columns in a row, after its revision.
fn index<R: Cells>(row: &R) -> Result<Index, StoreError> {
    let stage = row.a_text("stage", 1)?;
    let judged = columns::index(stage, row.number(5)?, row.bytes(6)?, row.number(7)?)?;
    columns::reviewed(judged, row.text(2)?, row.text(3)?, row.number(4)?)
}

/// A row of the archive: in force from, document.
pub(in crate::store) fn rulebook<R: Cells>(row: &R) -> Result<StoredRulebook, StoreError> {
    Ok(StoredRulebook {
        in_force_from: columns::instant("in_force_from", row.a_number("in_force_from", 0)?)?,
        document: row.a_text("document", 1)?.as_bytes().to_vec(),
    })
}

/// A row of the archive: taken at, document.
pub(in crate::store) fn calibration<R: Cells>(row: &R) -> Result<StoredCalibration, StoreError> {
    Ok(StoredCalibration {
        taken_at: columns::instant("taken_at", row.a_number("taken_at", 0)?)?,
        document: row.a_text("document", 1)?.as_bytes().to_vec(),
    })
}
