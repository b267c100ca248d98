//! Statements that are sent at once.

use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Encode, Sqlite, SqliteConnection, Type};
use uuid::Uuid;

use super::fault::failed;
use crate::store::{StoreError, StoreErrorKind};

/// Statements in one text, and their parameters in a row. The way to the thread of a connection and
/// back costs more than most statements do.
///
/// The text is made of the constants of [`statements`](super::statements) only, never of data, so that
/// texts of one shape are one prepared statement.
#[derive(Debug)]
pub(super) struct Batch {
    text: String,
    arguments: SqliteArguments,
}

impl Batch {
    pub(super) fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), arguments: SqliteArguments::default() }
    }

    pub(super) fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(super) fn bind<'a, T>(&mut self, value: T) -> Result<&mut Self, StoreError>
    where
        T: Encode<'a, Sqlite> + Type<Sqlite>,
    {
        match self.arguments.add(value) {
            Ok(()) => Ok(self),
            Err(error) => Err(StoreError::new(StoreErrorKind::Refused, error)),
        }
    }

    pub(super) fn bind_id(&mut self, id: Uuid) -> Result<&mut Self, StoreError> {
        self.bind(&id.as_bytes()[..])
    }

    /// Carries out the statements, up to the first that fails.
    pub(super) async fn run(self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let query = sqlx::query_with(AssertSqlSafe(self.text), self.arguments);
        query.execute(connection).await.map(|_| ())
    }

    /// The rows of all statements.
    pub(super) async fn rows(
        self,
        connection: &mut SqliteConnection,
    ) -> Result<Vec<SqliteRow>, StoreError> {
        let query = sqlx::query_with(AssertSqlSafe(self.text), self.arguments);
        query.fetch_all(connection).await.map_err(failed)
    }
}

/// Runs statements without parameters, and keeps them prepared.
pub(super) async fn command(
    connection: &mut SqliteConnection,
    text: &'static str,
) -> Result<(), StoreError> {
    let query = sqlx::query_with(text, SqliteArguments::default());
    query.execute(connection).await.map(|_| ()).map_err(failed)
}
