//! Reads, each of one statement: it sees one state.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{PgExecutor, Postgres, Row};
use uuid::Uuid;

use super::fault::failed;
use super::statements;
use super::tables::{Parameters, Tables};
use super::write::keys;
use crate::id::{CalibrationId, CommandId, CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::rulebook::RulebookRef;
use crate::store::sql::{self, Cells, Found, count, page_rows};
use crate::store::{
    Accepted, Commit, FeedCursor, FeedEntry, Inspection, PageSize, StoreError, Stored,
    StoredCalibration, StoredEntry, StoredRulebook, Waking,
};
use crate::time::Timestamp;

impl Cells for PgRow {
    fn number(&self, column: usize) -> Result<Option<i64>, StoreError> {
        self.try_get(column).map_err(failed)
    }

    fn text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        self.try_get(column).map_err(failed)
    }

    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        self.try_get(column).map_err(failed)
    }

    fn uuid(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        self.try_get(column).map_err(failed)
    }
}

/// Where a read goes: to the tables of one tenant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) tables: &'a Tables,
    pub(super) tenant: TenantId,
}

type Asked = Query<'static, Postgres, PgArguments>;

async fn rows<'e>(executor: impl PgExecutor<'e>, query: Asked) -> Result<Vec<PgRow>, StoreError> {
    query.fetch_all(executor).await.map_err(failed)
}

/// The customers of rows, whose id is in this column.
fn customer(row: &PgRow, column: usize) -> Result<CustomerId, StoreError> {
    row.try_get(column).map(CustomerId::new).map_err(failed)
}

impl Reader<'_> {
    /// A statement of the tenant, whose first parameter it is.
    fn ask(self, statement: &'static str) -> Asked {
        sqlx::query(self.tables.text(statement)).bind(self.tenant.uuid())
    }

    pub(super) async fn load<'e>(
        self,
        executor: impl PgExecutor<'e>,
        id: CustomerId,
    ) -> Result<Option<Stored>, StoreError> {
        let query = self.ask(statements::LOAD).bind(id.uuid());
        sql::stored(&rows(executor, query).await?)
    }

    pub(super) async fn history<'e>(
        self,
        executor: impl PgExecutor<'e>,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        let query = self.ask(statements::HISTORY).bind(id.uuid());
        let query = query.bind(count(after)).bind(page_rows(size));
        rows(executor, query).await?.iter().map(|row| sql::entry(row, 0)).collect()
    }

    pub(super) async fn receipt<'e>(
        self,
        executor: impl PgExecutor<'e>,
        command_id: CommandId,
    ) -> Result<Option<Accepted>, StoreError> {
        let query = self.ask(statements::RECEIPT).bind(command_id.uuid());
        sql::accepted(&rows(executor, query).await?, command_id)
    }

    pub(super) async fn holder<'e>(
        self,
        executor: impl PgExecutor<'e>,
        claim: &ExternalKey,
    ) -> Result<Option<CustomerId>, StoreError> {
        let query = self.ask(statements::HOLDER);
        let query = query.bind(claim.system().to_owned()).bind(claim.key().to_owned());
        rows(executor, query).await?.first().map(|row| customer(row, 0)).transpose()
    }

    /// What a commit depends on, all of one moment.
    pub(super) async fn found<'e, 'a>(
        self,
        executor: impl PgExecutor<'e>,
        commit: &'a Commit,
    ) -> Result<Found<'a>, StoreError> {
        let changes = commit.changes();
        let claims: Vec<&ExternalKey> =
            changes.iter().flat_map(|change| &change.claims_taken).collect();
        let ids: Vec<Uuid> = changes.iter().map(|change| change.id.uuid()).collect();
        let mut parameters = Parameters::default();
        parameters.add(self.tenant.uuid())?.add(commit.command_id().uuid())?.add(ids)?;
        keys(&mut parameters, claims.iter().copied())?;
        let query = parameters.of(self.tables.text(statements::FOUND));
        let (mut entries, mut found) = (Vec::new(), Found::default());
        for row in rows(executor, query).await? {
            match row.number(0)? {
                Some(0) => entries.push(row),
                Some(1) => {
                    found.revisions.insert(customer(&row, 1)?, sql::revision(&row, 2)?);
                }
                Some(_) | None => {
                    let place = usize::try_from(row.number(4)?.unwrap_or(-1)).ok();
                    if let Some(claim) = place.and_then(|place| claims.get(place)) {
                        found.holders.insert(claim, customer(&row, 1)?);
                    }
                }
            }
        }
        found.accepted = sql::accepted_after(&entries, commit.command_id(), 1)?;
        Ok(found)
    }

    pub(super) async fn scan<'e>(
        self,
        executor: impl PgExecutor<'e>,
        after: Option<CustomerId>,
        size: PageSize,
    ) -> Result<Vec<(CustomerId, Stored)>, StoreError> {
        let query = match after {
            Some(after) => self.ask(statements::SCAN).bind(after.uuid()),
            None => self.ask(statements::SCAN_FROM_THE_FIRST),
        };
        sql::stored_by_id(&rows(executor, query.bind(page_rows(size))).await?)
    }

    pub(super) async fn feed<'e>(
        self,
        executor: impl PgExecutor<'e>,
        after: Option<FeedCursor>,
        size: PageSize,
    ) -> Result<Vec<FeedEntry>, StoreError> {
        let (position, id, revision) = after.map_or((-1, Uuid::nil(), 0), |after| {
            (count(after.position()), after.customer().uuid(), count(after.revision()))
        });
        let query = self.ask(statements::FEED).bind(position).bind(id).bind(revision);
        let query = query.bind(page_rows(size));
        rows(executor, query).await?.iter().map(sql::feed_entry).collect()
    }

    pub(super) async fn load_many<'e>(
        self,
        executor: impl PgExecutor<'e>,
        ids: &[CustomerId],
    ) -> Result<Vec<Option<Stored>>, StoreError> {
        let wanted: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let query = self.ask(statements::LOAD_MANY).bind(wanted).persistent(false);
        sql::stored_by_place(&rows(executor, query).await?, ids.len())
    }

    pub(super) async fn receipts<'e>(
        self,
        executor: impl PgExecutor<'e>,
        command_ids: &[CommandId],
    ) -> Result<Vec<Option<Accepted>>, StoreError> {
        let wanted: Vec<Uuid> = command_ids.iter().map(|id| id.uuid()).collect();
        let query = self.ask(statements::RECEIPTS).bind(wanted).persistent(false);
        sql::accepted_by_place(&rows(executor, query).await?, command_ids)
    }

    pub(super) async fn due<'e>(
        self,
        executor: impl PgExecutor<'e>,
        until: Timestamp,
        judged_by: RulebookRef,
        after: Option<Waking>,
        size: PageSize,
    ) -> Result<Vec<Waking>, StoreError> {
        let (wake_at, id) = after
            .map_or((i64::MIN, Uuid::nil()), |after| (after.wake_at.as_micros(), after.id.uuid()));
        let query = self
            .ask(statements::DUE)
            .bind(until.as_micros())
            .bind(judged_by.in_force_from.as_micros())
            .bind(judged_by.policy.as_bytes().to_vec())
            .bind(wake_at)
            .bind(id)
            .bind(page_rows(size))
            .bind(Timestamp::MAX.as_micros());
        rows(executor, query).await?.iter().map(sql::waking).collect()
    }

    pub(super) async fn inspect<'e>(
        self,
        executor: impl PgExecutor<'e>,
        id: CustomerId,
    ) -> Result<Option<Inspection>, StoreError> {
        let query = self.ask(statements::INSPECT).bind(id.uuid());
        sql::inspection(&rows(executor, query).await?)
    }

    pub(super) async fn rulebooks<'e>(
        self,
        executor: impl PgExecutor<'e>,
    ) -> Result<Vec<StoredRulebook>, StoreError> {
        rows(executor, self.ask(statements::RULEBOOKS)).await?.iter().map(sql::rulebook).collect()
    }

    pub(super) async fn calibration<'e>(
        self,
        executor: impl PgExecutor<'e>,
        id: CalibrationId,
    ) -> Result<Option<StoredCalibration>, StoreError> {
        let query = self.ask(statements::CALIBRATION).bind(id.as_bytes().to_vec());
        rows(executor, query).await?.first().map(sql::calibration).transpose()
    }

    pub(super) async fn calibrations<'e>(
        self,
        executor: impl PgExecutor<'e>,
        newest: PageSize,
    ) -> Result<Vec<StoredCalibration>, StoreError> {
        let query = self.ask(statements::CALIBRATIONS).bind(page_rows(newest));
        rows(executor, query).await?.iter().map(sql::calibration).collect()
    }
}
