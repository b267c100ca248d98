//! Who is due: for each rulebook a range of the index, read no further than the page.

use sqlx::{Row, SqliteConnection};

use super::batch::{Batch, command};
use super::fault::failed;
use super::statements;
use crate::id::TenantId;
use crate::rulebook::RulebookRef;
use crate::store::sql::{self, page_rows};
use crate::store::{PageSize, StoreError, Waking};
use crate::time::Timestamp;

/// How many ranges one statement joins; SQLite's own limit is 500.
const RANGES_PER_STATEMENT_MAX: usize = 100;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request {
    pub(super) tenant: TenantId,
    pub(super) until: Timestamp,
    pub(super) judged_by: RulebookRef,
    pub(super) after: Option<Waking>,
    pub(super) size: PageSize,
}

/// A part of the index that is in the order of the agenda.
#[derive(Debug, Clone, Copy)]
struct Range {
    rulebook: RulebookRef,
    /// Up to when; `None` for those whom only a new rulebook wakes.
    until: Option<Timestamp>,
}

pub(super) async fn due(
    connection: &mut SqliteConnection,
    request: Request,
) -> Result<Vec<Waking>, StoreError> {
    // One transaction, so that nobody is missed for passing from one rulebook to another meanwhile.
    let rulebooks = judging(connection, request.tenant).await?;
    let ranges: Vec<Range> = rulebooks.into_iter().flat_map(|book| request.ranges(book)).collect();
    let mut due = Vec::new();
    for ranges in ranges.chunks(RANGES_PER_STATEMENT_MAX) {
        for row in request.statement(ranges)?.rows(connection).await? {
            let wake_at = sql::instant("wake_at", row.try_get(0).map_err(failed)?)?;
            due.push(Waking { wake_at, id: sql::customer_id(row.try_get(1).map_err(failed)?)? });
        }
    }
    command(connection, "COMMIT;").await?;
    due.sort_unstable();
    due.truncate(request.size.rows());
    Ok(due)
}

/// Begins a transaction and reads which rulebooks judged somebody.
async fn judging(
    connection: &mut SqliteConnection,
    tenant: TenantId,
) -> Result<Vec<RulebookRef>, StoreError> {
    let mut batch = Batch::new("BEGIN;");
    batch.push(statements::JUDGING).bind_id(tenant.uuid())?;
    let rows = batch.rows(connection).await?;
    let mut rulebooks = Vec::with_capacity(rows.len());
    for row in rows {
        let policy: &[u8] = row.try_get(1).map_err(failed)?;
        rulebooks.push(sql::rulebook_ref(policy, row.try_get(0).map_err(failed)?)?);
    }
    Ok(rulebooks)
}

impl Request {
    /// The ranges of those judged by one rulebook.
    fn ranges(self, rulebook: RulebookRef) -> impl Iterator<Item = Range> {
        let until = if rulebook == self.judged_by { self.until } else { Timestamp::MAX };
        let waking = Range { rulebook, until: Some(until) };
        let never_waking = Range { rulebook, until: None };
        // Who never wakes is listed under the last instant.
        let last = (until == Timestamp::MAX).then_some(never_waking);
        [Some(waking), last].into_iter().flatten()
    }

    fn statement(self, ranges: &[Range]) -> Result<Batch, StoreError> {
        let mut batch = Batch::new("");
        for (place, range) in ranges.iter().enumerate() {
            if place > 0 {
                batch.push("UNION ALL");
            }
            match range.until {
                Some(until) => self.waking(&mut batch, range.rulebook, until)?,
                None => self.never_waking(&mut batch, range.rulebook)?,
            }
        }
        batch.push(statements::EARLIEST).bind(page_rows(self.size))?;
        Ok(batch)
    }

    fn waking(
        self,
        batch: &mut Batch,
        rulebook: RulebookRef,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        batch.push(statements::WAKING).bind_id(self.tenant.uuid())?;
        batch.bind(rulebook.in_force_from.as_micros())?.bind(&rulebook.policy.as_bytes()[..])?;
        match self.after {
            Some(after) => batch.bind(after.wake_at.as_micros())?.bind_id(after.id.uuid())?,
            None => batch.bind(i64::MIN)?.bind(&[][..])?,
        };
        batch.bind(until.as_micros())?.bind(page_rows(self.size))?;
        Ok(())
    }

    fn never_waking(self, batch: &mut Batch, rulebook: RulebookRef) -> Result<(), StoreError> {
        batch.push(statements::NEVER_WAKING).bind(Timestamp::MAX.as_micros())?;
        batch.bind_id(self.tenant.uuid())?;
        batch.bind(rulebook.in_force_from.as_micros())?.bind(&rulebook.policy.as_bytes()[..])?;
        match self.after {
            Some(after) if after.wake_at == Timestamp::MAX => batch.bind_id(after.id.uuid())?,
            Some(_) | None => batch.bind(&[][..])?,
        };
        batch.bind(page_rows(self.size))?;
        Ok(())
    }
}
