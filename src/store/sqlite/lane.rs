//! Connections that are lent to one task at a time.

use std::sync::{Mutex, PoisonError};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::fault::{SqliteFault, failed};
use crate::store::StoreError;

/// A number of connections with a fair queue in front of them.
///
/// Not sqlx's own pool: that one takes back a connection whatever it was in the middle of. Here only
/// one that is known to be at rest comes back. Any other is closed, which rolls back what it had begun;
/// so a future that is dropped at any point leaves nothing behind it.
#[derive(Debug)]
pub(super) struct Lane {
    options: SqliteConnectOptions,
    connections_max: u32,
    permits: Semaphore,
    idle: Mutex<Vec<SqliteConnection>>,
}

/// A connection on loan. Dropped without being given back, it is closed.
#[derive(Debug)]
pub(super) struct Lent<'a> {
    lane: &'a Lane,
    connection: SqliteConnection,
    _permit: SemaphorePermit<'a>,
}

impl Lane {
    pub(super) fn new(options: SqliteConnectOptions, connections_max: u32) -> Self {
        let permits = Semaphore::new(usize::try_from(connections_max).unwrap_or(usize::MAX));
        Self { options, connections_max, permits, idle: Mutex::new(Vec::new()) }
    }

    /// Waits for a connection, in the order of asking, and opens one if none is idle.
    pub(super) async fn lend(&self) -> Result<Lent<'_>, StoreError> {
        let permit = self.permits.acquire().await.map_err(|_| SqliteFault::Closed)?;
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.options.connect().await.map_err(failed)?,
        };
        Ok(Lent { lane: self, connection, _permit: permit })
    }

    /// Waits for every connection and closes them all. Whoever asks later is refused.
    pub(super) async fn close(&self) {
        if let Ok(all) = self.permits.acquire_many(self.connections_max).await {
            self.permits.close();
            drop(all);
        }
        let idle = std::mem::take(&mut *self.idle());
        for connection in idle {
            // A connection that fails to close was closed all the same.
            let _ = connection.close().await;
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<SqliteConnection>> {
        // Whatever is in the list is at rest, also after a panic elsewhere.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent<'_> {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Gives back a connection that is at rest: no transaction, no rows to come.
    pub(super) fn give_back(self) {
        self.lane.idle().push(self.connection);
    }

    /// Closes the connection, and with it whatever it had begun.
    pub(super) async fn close(self) {
        let _ = self.connection.close().await;
    }
}
