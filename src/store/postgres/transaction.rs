//! Transactions of the store's own, and steps of one that can be taken back.

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres};

use super::fault::{PostgresFault, failed};
use super::gather::Gathered;
use super::read::Reader;
use super::write::carry_out;
use crate::store::StoreError;

/// A connection of the pool. Dropped without being given back it is closed, which rolls back whatever it had
/// begun.
///
/// The pool alone would take it back as it is: one that was dropped while it began a transaction is then in
/// one, and whoever writes on it next writes nothing that lasts.
#[derive(Debug)]
pub(super) struct Lent {
    connection: Option<PoolConnection<Postgres>>,
}

impl Lent {
    pub(super) async fn of(pool: &PgPool) -> Result<Self, StoreError> {
        let connection = pool.acquire().await.map_err(failed)?;
        Ok(Self { connection: Some(connection) })
    }

    pub(super) fn connection(&mut self) -> Result<&mut PgConnection, StoreError> {
        self.connection.as_deref_mut().ok_or_else(|| PostgresFault::Closed.into())
    }

    /// Gives back a connection that is at rest.
    pub(super) fn give_back(mut self) {
        drop(self.connection.take());
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(connection.detach());
        }
    }
}

/// Begins a transaction whose every statement sees what was committed before it, whatever the host has set
/// for others: after waiting for somebody, the next must see what they did.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// A transaction of the store's own.
#[derive(Debug)]
pub(super) struct Transaction(Lent);

impl Transaction {
    pub(super) async fn begin(pool: &PgPool) -> Result<Self, StoreError> {
        let mut lent = Lent::of(pool).await?;
        run(lent.connection()?, BEGIN).await?;
        Ok(Self(lent))
    }

    pub(super) fn connection(&mut self) -> Result<&mut PgConnection, StoreError> {
        self.0.connection()
    }

    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        run(self.0.connection()?, "COMMIT").await?;
        self.0.give_back();
        Ok(())
    }
}

async fn run(connection: &mut PgConnection, text: &'static str) -> Result<(), StoreError> {
    sqlx::raw_sql(text).execute(connection).await.map(|_| ()).map_err(failed)
}

/// Carries out what was gathered behind a savepoint, because a guard may fail the statement, and with it the
/// transaction. Whether it was done.
pub(super) async fn attempt(
    connection: &mut PgConnection,
    reader: Reader<'_>,
    gathered: &Gathered<'_>,
) -> Result<bool, StoreError> {
    run(connection, "SAVEPOINT guanxi_commit").await?;
    let done = carry_out(&mut *connection, reader.tables, reader.tenant, gathered).await?;
    let end = match done {
        true => "RELEASE guanxi_commit",
        false => "ROLLBACK TO guanxi_commit; RELEASE guanxi_commit",
    };
    run(connection, end).await?;
    Ok(done)
}
