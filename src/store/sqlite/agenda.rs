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
            due.push(sql::waking(&row)?);
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use sqlx::Connection;
    use uuid::Uuid;

    use super::super::migrate;
    use super::*;
    use crate::id::{CustomerId, PolicyId};

    /// Customers of whom each wakes later than the one before, judged in turn by four rulebooks: two
    /// policies, each in force at two times.
    const FILL: &str = "
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
        INSERT INTO guanxi_customers (tenant, id, revision, stage, wake_at, policy, in_force_from)
        SELECT zeroblob(16), CAST(printf('%016d', n) AS BLOB), 1, 'growing', n,
            CAST(printf('%032d', n % 2) AS BLOB), n / 2 % 2
        FROM numbers";

    /// One of the four.
    fn rulebook() -> RulebookRef {
        let policy = format!("{:032}", 1).into_bytes().try_into().unwrap();
        let in_force_from = Timestamp::from_micros(1).unwrap();
        RulebookRef::new(PolicyId::from_bytes(policy), in_force_from)
    }

    fn customer(number: usize) -> CustomerId {
        CustomerId::new(Uuid::from_slice(format!("{number:016}").as_bytes()).unwrap())
    }

    /// A page of 10 from a base of this size, and how many steps of SQLite's machine it took.
    async fn page_of(customers: i64) -> (Vec<Waking>, u64) {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        migrate(&mut connection).await.unwrap();
        sqlx::query(FILL).bind(customers).execute(&mut connection).await.unwrap();
        let steps = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&steps);
        connection.lock_handle().await.unwrap().set_progress_handler(1, move || {
            counted.fetch_add(1, Ordering::Relaxed);
            true
        });
        let request = Request {
            tenant: TenantId::new(Uuid::nil()),
            until: Timestamp::from_micros(40).unwrap(),
            judged_by: rulebook(),
            after: None,
            size: PageSize::new(10).unwrap(),
        };
        let page = due(&mut connection, request).await.unwrap();
        (page, steps.load(Ordering::Relaxed))
    }

    #[test]
    fn a_page_costs_as_much_however_many_are_on_file() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (page, few) = page_of(100).await;
            let (same, many) = page_of(10_000).await;
            let ids: Vec<CustomerId> = page.iter().map(|waking| waking.id).collect();
            assert_eq!(ids, (1..=10).map(customer).collect::<Vec<_>>());
            assert_eq!(same, page);
            assert!(many <= few + few / 10, "{few} steps of 100 customers, {many} of 10,000");
        });
    }
}
