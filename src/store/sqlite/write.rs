//! Commits: one text with all that is written, and the reason when a guard in it does not hold.

use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Encode, Sqlite, SqliteConnection, Type};

use super::fault::{SqliteFault, failed};
use super::{read, statements};
use crate::id::{CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::store::sql::{count, document_text};
use crate::store::{
    Commit, CommitError, CustomerChange, Expected, Receipt, StoreError, StoreErrorKind,
};

/// Statements to send at once. Each step to the thread of a connection and back costs more than most
/// statements do.
pub(super) struct Batch {
    text: String,
    arguments: SqliteArguments,
}

impl Batch {
    /// Everything that a commit writes, guarded: the first guard that does not hold stops it.
    ///
    /// Stopped, it leaves open what `begin` began; `end` comes only after the last guard.
    pub(super) fn of(
        tenant: TenantId,
        commit: &Commit,
        begin: &str,
        end: &str,
    ) -> Result<Self, StoreError> {
        let mut batch = Self { text: begin.to_owned(), arguments: SqliteArguments::default() };
        for (ordinal, change) in commit.changes().iter().enumerate() {
            batch.change(tenant, commit, ordinal, change)?;
        }
        // C4: what is given up is free for every change of this commit.
        for change in commit.changes() {
            for claim in &change.claims_released {
                batch.claim(statements::RELEASE_CLAIM, tenant, change.id, claim)?;
            }
        }
        for change in commit.changes() {
            for claim in &change.claims_taken {
                batch.claim(statements::TAKE_CLAIM, tenant, change.id, claim)?;
            }
        }
        batch.text.push_str(end);
        Ok(batch)
    }

    pub(super) async fn run(self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let query = sqlx::query_with(AssertSqlSafe(self.text), self.arguments);
        query.execute(connection).await.map(|_| ())
    }

    fn bind<'a, T>(&mut self, value: T) -> Result<(), StoreError>
    where
        T: Encode<'a, Sqlite> + Type<Sqlite>,
    {
        let added = self.arguments.add(value);
        added.map_err(|error| StoreError::new(StoreErrorKind::Refused, error))
    }

    fn change(
        &mut self,
        tenant: TenantId,
        commit: &Commit,
        ordinal: usize,
        change: &CustomerChange,
    ) -> Result<(), StoreError> {
        self.entry(tenant, commit, ordinal, change)?;
        self.customer(tenant, change)?;
        let (tenant, id) = (tenant.uuid(), change.id.uuid());
        for part in &change.put {
            self.text.push_str(statements::PUT_PART);
            self.bind(&tenant.as_bytes()[..])?;
            self.bind(&id.as_bytes()[..])?;
            self.bind(part.name.to_string())?;
            self.bind(i64::from(part.schema))?;
            self.bind(document_text(&part.document)?)?;
        }
        for name in &change.removed {
            self.text.push_str(statements::REMOVE_PART);
            self.bind(&tenant.as_bytes()[..])?;
            self.bind(&id.as_bytes()[..])?;
            self.bind(name.to_string())?;
        }
        Ok(())
    }

    fn entry(
        &mut self,
        tenant: TenantId,
        commit: &Commit,
        ordinal: usize,
        change: &CustomerChange,
    ) -> Result<(), StoreError> {
        let (tenant, id, entry) = (tenant.uuid(), change.id.uuid(), &change.entry);
        self.text.push_str(match change.expected {
            Expected::Absent => statements::INSERT_FIRST_ENTRY,
            Expected::At(_) => statements::INSERT_ENTRY,
        });
        self.bind(&tenant.as_bytes()[..])?;
        self.bind(&id.as_bytes()[..])?;
        self.bind(entry.recorded_at.as_micros())?;
        self.bind(i64::from(entry.schema))?;
        self.bind(document_text(&entry.document)?)?;
        self.bind(&commit.command_id().uuid().as_bytes()[..])?;
        self.bind(count(u64::try_from(ordinal).unwrap_or(u64::MAX)))?;
        self.bind(&commit.fingerprint().as_bytes()[..])?;
        self.bind(change.personal)?;
        self.bind(count(entry.revision))?;
        if let Expected::At(revision) = change.expected {
            self.bind(&tenant.as_bytes()[..])?;
            self.bind(&id.as_bytes()[..])?;
            self.bind(count(revision))?;
        }
        Ok(())
    }

    fn customer(&mut self, tenant: TenantId, change: &CustomerChange) -> Result<(), StoreError> {
        let (tenant, id, index) = (tenant.uuid(), change.id.uuid(), &change.index);
        self.text.push_str(match change.expected {
            Expected::Absent => statements::INSERT_CUSTOMER,
            Expected::At(_) => statements::UPDATE_CUSTOMER,
        });
        if change.expected == Expected::Absent {
            self.bind(&tenant.as_bytes()[..])?;
            self.bind(&id.as_bytes()[..])?;
        }
        self.bind(count(change.entry.revision))?;
        self.bind(index.stage.code())?;
        self.bind(index.wake_at.map(|at| at.as_micros()))?;
        self.bind(index.rulebook.as_ref().map(|rulebook| &rulebook.policy.as_bytes()[..]))?;
        self.bind(index.rulebook.map(|rulebook| rulebook.in_force_from.as_micros()))?;
        if change.expected != Expected::Absent {
            self.bind(&tenant.as_bytes()[..])?;
            self.bind(&id.as_bytes()[..])?;
        }
        Ok(())
    }

    fn claim(
        &mut self,
        statement: &str,
        tenant: TenantId,
        id: CustomerId,
        claim: &ExternalKey,
    ) -> Result<(), StoreError> {
        self.text.push_str(statement);
        self.bind(&tenant.uuid().as_bytes()[..])?;
        self.bind(claim.system())?;
        self.bind(claim.key())?;
        self.bind(&id.uuid().as_bytes()[..])
    }
}

/// The answer to a commit of which a guard did not hold, in the order that the contract checks. Read
/// where the guard was found, so that nobody has changed anything since; none of the commit's own writes
/// may be left.
pub(super) async fn refusal(
    connection: &mut SqliteConnection,
    tenant: TenantId,
    commit: &Commit,
    guard: sqlx::Error,
) -> Result<Receipt, CommitError> {
    if let Some(accepted) = read::receipt(connection, tenant, commit.command_id()).await? {
        return accepted.again(commit.fingerprint());
    }
    for change in commit.changes() {
        let found = read::revision(connection, tenant, change.id).await?;
        let expected = match change.expected {
            Expected::Absent => None,
            Expected::At(revision) => Some(revision),
        };
        if found != expected {
            return Err(CommitError::Conflict);
        }
    }
    for (place, change) in commit.changes().iter().enumerate() {
        for claim in &change.claims_taken {
            let mut before = commit.changes().iter().take(place);
            let first = before.find(|change| change.claims_taken.contains(claim));
            let holder = match first {
                Some(first) => Some(first.id),
                None => read::holder(connection, tenant, claim)
                    .await?
                    .filter(|holder| !gives_up(commit, *holder, claim)),
            };
            if let Some(holder) = holder.filter(|holder| *holder != change.id) {
                return Err(CommitError::Claimed { holder });
            }
        }
    }
    // Every guard holds by the tables that it guards.
    Err(StoreError::from(SqliteFault::Contradiction(guard)).into())
}

fn gives_up(commit: &Commit, holder: CustomerId, claim: &ExternalKey) -> bool {
    let mut changes = commit.changes().iter();
    changes.any(|change| change.id == holder && change.claims_released.contains(claim))
}

/// Runs one statement without parameters.
pub(super) async fn command(
    connection: &mut SqliteConnection,
    text: &'static str,
) -> Result<(), StoreError> {
    // With parameters, though none, so that the prepared statement is kept.
    let query = sqlx::query_with(text, SqliteArguments::default());
    query.execute(connection).await.map(|_| ()).map_err(failed)
}
