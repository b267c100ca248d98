//! A page of commits, a statement for each table.

use std::collections::{BTreeMap, HashSet};

use guanxi::customer::{Part, PartName};
use guanxi::store::{Commit, CustomerChange};
use guanxi::{CustomerId, TenantId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::write::{self, Stop, text};
use super::{Answer, Failure};

/// What a page leaves, each row once.
pub(super) struct Page<'a> {
    /// The revision that is expected of each, and its last change. In the order of ids, so that two pages
    /// do not wait for each other in a circle.
    customers: BTreeMap<CustomerId, (Option<u64>, &'a CustomerChange)>,
    entries: Vec<(&'a Commit, i64, &'a CustomerChange)>,
    parts: BTreeMap<(CustomerId, PartName), &'a Part>,
}

impl<'a> Page<'a> {
    /// `None` for commits that have to go one by one: those that touch claims or personal parts, which
    /// are few, and those that are refused whatever is in the database.
    pub(super) fn of(commits: &'a [Commit]) -> Option<Self> {
        let (customers, parts) = (BTreeMap::new(), BTreeMap::new());
        let mut page = Self { customers, entries: Vec::with_capacity(commits.len()), parts };
        let mut made = HashSet::new();
        for commit in commits {
            let stands = commit.builds_on().is_none_or(|before| made.contains(&before));
            if !stands || !made.insert(commit.command_id()) {
                return None;
            }
            for (ordinal, change) in (0..).zip(commit.changes()) {
                page.add(change)?;
                page.entries.push((commit, ordinal, change));
            }
        }
        Some(page)
    }

    fn add(&mut self, change: &'a CustomerChange) -> Option<()> {
        let personal = change.put.iter().any(|part| part.name == PartName::Profile);
        let claims = change.claims_taken.len() + change.claims_released.len();
        if personal || claims > 0 || !change.removed.is_empty() {
            return None;
        }
        // One that no column can keep is a conflict, of which one by one has the answer.
        i64::try_from(change.entry.revision).ok()?;
        let expected = change.expected.revision();
        let known = self.customers.entry(change.id).or_insert((expected, change));
        if known.1.entry.revision != change.entry.revision {
            if Some(known.1.entry.revision) != expected {
                return None;
            }
            known.1 = change;
        }
        for part in &change.put {
            self.parts.insert((change.id, part.name), part);
        }
        Some(())
    }

    pub(super) async fn write(
        &self,
        connection: &mut PgConnection,
        tenant: TenantId,
    ) -> Result<(), Stop> {
        self.create(connection, tenant).await?;
        self.change(connection, tenant).await?;
        self.enter(connection, tenant).await?;
        let of = self.parts.keys().map(|(id, _)| id.uuid()).collect();
        let parts: Vec<&Part> = self.parts.values().copied().collect();
        Ok(write::put_all(connection, tenant, of, &parts).await?)
    }

    async fn create(&self, connection: &mut PgConnection, tenant: TenantId) -> Result<(), Stop> {
        const CREATE: &str = "
            INSERT INTO guanxi_customers
                (tenant, id, revision, position, stage, tier, risk, reviewed_at, wake_at, policy, in_force_from)
            SELECT $1, id, revision,
                (SELECT feed_base FROM guanxi_cluster) + pg_current_xact_id()::text::bigint,
                stage, tier, risk, reviewed_at, wake_at, policy, in_force_from
            FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[],
                $8::bigint[], $9::bytea[], $10::bigint[])
                AS new (id, revision, stage, tier, risk, reviewed_at, wake_at, policy, in_force_from)
            ON CONFLICT (tenant, id) DO NOTHING";
        let changes = self.last_changes(|expected| expected.is_none());
        if changes.is_empty() {
            return Ok(());
        }
        let done = columns(CREATE, tenant, &changes)?.execute(connection).await?;
        if done.rows_affected() == changes.len() as u64 { Ok(()) } else { Err(Stop::Guard) }
    }

    async fn change(&self, connection: &mut PgConnection, tenant: TenantId) -> Result<(), Stop> {
        const CHANGE: &str = "
            UPDATE guanxi_customers AS customers
            SET revision = new.revision, position = greatest(position,
                    (SELECT feed_base FROM guanxi_cluster) + pg_current_xact_id()::text::bigint),
                stage = new.stage, tier = new.tier, risk = new.risk, reviewed_at = new.reviewed_at,
                wake_at = new.wake_at, policy = new.policy, in_force_from = new.in_force_from
            FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[],
                $8::bigint[], $9::bytea[], $10::bigint[], $11::bigint[])
                AS new (id, revision, stage, tier, risk, reviewed_at, wake_at, policy, in_force_from,
                    expected)
            WHERE customers.tenant = $1 AND customers.id = new.id
                AND customers.revision = new.expected";
        let changes = self.last_changes(|expected| expected.is_some());
        if changes.is_empty() {
            return Ok(());
        }
        let expected = self.customers.values().filter_map(|(expected, _)| *expected);
        let expected: Vec<i64> =
            expected.map(i64::try_from).collect::<Result<_, _>>().map_err(Failure::from)?;
        let done = columns(CHANGE, tenant, &changes)?.bind(expected).execute(connection).await?;
        if done.rows_affected() == changes.len() as u64 { Ok(()) } else { Err(Stop::Guard) }
    }

    fn last_changes(&self, of: impl Fn(Option<u64>) -> bool) -> Vec<&'a CustomerChange> {
        let wanted = self.customers.values().filter(|(expected, _)| of(*expected));
        wanted.map(|(_, change)| *change).collect()
    }

    async fn enter(&self, connection: &mut PgConnection, tenant: TenantId) -> Result<(), Stop> {
        const ENTER: &str = "
            INSERT INTO guanxi_journal
                (tenant, customer, revision, position, recorded_at, schema, document, command, ordinal,
                 fingerprint, personal)
            SELECT $1, entry.customer, entry.revision, customers.position, entry.recorded_at,
                entry.schema, entry.document::json, entry.command, entry.ordinal, entry.fingerprint,
                entry.personal
            FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::uuid[],
                $8::bigint[], $9::bytea[], $10::boolean[])
                AS entry (customer, revision, recorded_at, schema, document, command, ordinal,
                    fingerprint, personal)
            JOIN guanxi_customers AS customers
                ON customers.tenant = $1 AND customers.id = entry.customer";
        let entries = || self.entries.iter();
        let changes = || entries().map(|(_, _, change)| *change);
        let documents = changes().map(|change| text(&change.entry.document));
        let fingerprints = entries().map(|(commit, _, _)| commit.fingerprint().as_bytes().to_vec());
        let commands = entries().map(|(commit, _, _)| commit.command_id().uuid());
        sqlx::query(ENTER)
            .bind(tenant.uuid())
            .bind(ids(changes()))
            .bind(revisions(changes())?)
            .bind(changes().map(|change| change.entry.recorded_at.as_micros()).collect::<Vec<_>>())
            .bind(changes().map(|change| i64::from(change.entry.schema)).collect::<Vec<_>>())
            .bind(documents.collect::<Answer<Vec<_>>>()?)
            .bind(commands.collect::<Vec<_>>())
            .bind(entries().map(|(_, ordinal, _)| *ordinal).collect::<Vec<_>>())
            .bind(fingerprints.collect::<Vec<_>>())
            .bind(changes().map(|change| change.personal).collect::<Vec<_>>())
            .execute(connection)
            .await?;
        Ok(())
    }
}

fn ids<'a>(changes: impl Iterator<Item = &'a CustomerChange>) -> Vec<Uuid> {
    changes.map(|change| change.id.uuid()).collect()
}

fn revisions<'a>(changes: impl Iterator<Item = &'a CustomerChange>) -> Answer<Vec<i64>> {
    changes.map(|change| Ok(i64::try_from(change.entry.revision)?)).collect()
}

type Bound<'a> = sqlx::query::Query<'a, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// A statement with the columns of customers as its first ten parameters.
fn columns(
    statement: &'static str,
    tenant: TenantId,
    changes: &[&CustomerChange],
) -> Answer<Bound<'static>> {
    let changes = || changes.iter().copied();
    let indexes = || changes().map(|change| &change.index);
    let policy = indexes().map(|it| it.rulebook.map(|book| book.policy.as_bytes().to_vec()));
    let in_force_from = indexes().map(|it| it.rulebook.map(|book| book.in_force_from.as_micros()));
    Ok(sqlx::query(statement)
        .bind(tenant.uuid())
        .bind(ids(changes()))
        .bind(revisions(changes())?)
        .bind(indexes().map(|it| it.stage.code()).collect::<Vec<_>>())
        .bind(indexes().map(|it| it.tier.map(|tier| tier.to_string())).collect::<Vec<_>>())
        .bind(indexes().map(|it| it.risk.map(|band| band.code())).collect::<Vec<_>>())
        .bind(indexes().map(|it| it.reviewed_at.map(|at| at.as_micros())).collect::<Vec<_>>())
        .bind(indexes().map(|it| it.wake_at.map(|at| at.as_micros())).collect::<Vec<_>>())
        .bind(policy.collect::<Vec<_>>())
        .bind(in_force_from.collect::<Vec<_>>()))
}
