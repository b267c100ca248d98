//! Where the tables are, and statements that name them there.

use std::sync::Arc;

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{Arguments, AssertSqlSafe, Encode, Postgres, SqlSafeStr, SqlStr, Type};

use crate::store::{StoreError, StoreErrorKind};

/// How the names of all tables begin.
const PREFIX: &str = "guanxi_";

/// Where the tables are.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    /// What stands before the name of a table: the schema, in quotes, and a dot. Without it the
    /// connection's search path finds them.
    qualifier: Option<Arc<str>>,
}

impl Tables {
    pub(super) fn in_schema(schema: &str) -> Self {
        Self { qualifier: Some(format!("{}.", quoted(schema)).into()) }
    }

    /// A name as statements have it.
    pub(super) fn name(&self, table: &str) -> String {
        format!("{}{table}", self.qualifier.as_deref().unwrap_or_default())
    }

    /// A statement that names the tables where they are.
    pub(super) fn text(&self, statement: &'static str) -> SqlStr {
        match &self.qualifier {
            None => statement.into_sql_str(),
            Some(qualifier) => qualified(qualifier, statement),
        }
    }

    /// The same for one that was put together of several constants.
    pub(super) fn composed(&self, steps: &[&'static str]) -> SqlStr {
        let text = steps.concat();
        match &self.qualifier {
            None => AssertSqlSafe(text).into_sql_str(),
            Some(qualifier) => qualified(qualifier, &text),
        }
    }
}

fn qualified(qualifier: &str, statement: &str) -> SqlStr {
    // Safe: the statement is one of ours, and the qualifier is in quotes.
    AssertSqlSafe(statement.replace(PREFIX, &format!("{qualifier}{PREFIX}"))).into_sql_str()
}

/// A name that PostgreSQL takes as it is, whatever is in it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The parameters of a statement, in their order.
#[derive(Debug, Default)]
pub(super) struct Parameters(PgArguments);

impl Parameters {
    pub(super) fn add<'a, T>(&mut self, value: T) -> Result<&mut Self, StoreError>
    where
        T: Encode<'a, Postgres> + Type<Postgres>,
    {
        match self.0.add(value) {
            Ok(()) => Ok(self),
            Err(error) => Err(StoreError::new(StoreErrorKind::Refused, error)),
        }
    }

    /// An array, or NULL when there is nothing in it, which costs the server less to read.
    pub(super) fn list<'a, T: 'a>(
        &mut self,
        values: impl IntoIterator<Item = T>,
    ) -> Result<(), StoreError>
    where
        Vec<T>: Encode<'a, Postgres> + Type<Postgres>,
    {
        let values: Vec<T> = values.into_iter().collect();
        self.add((!values.is_empty()).then_some(values))?;
        Ok(())
    }

    pub(super) fn of(self, text: SqlStr) -> Query<'static, Postgres, PgArguments> {
        sqlx::query_with(text, self.0)
    }
}
