//! The base that is relayed: opened with care, and never written to.

use std::error::Error;
use std::path::{Path, PathBuf};

use guanxi::store::StoreError;
#[cfg(feature = "postgres")]
use guanxi::store::postgres::{PostgresStore, sqlx};
use guanxi::store::sqlite::{Create, SqliteFault, SqliteOptions, SqliteStore};

use crate::demo::{self, DemoError};
use crate::options::{Options, Source};

/// An open base.
pub(crate) enum Base {
    /// In a file.
    Sqlite(Box<SqliteStore>),
    /// On a server.
    #[cfg(feature = "postgres")]
    Postgres(PostgresStore),
}

/// A base cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BaseError {
    /// There is no such file.
    #[error("there is no database `{}`", path.display())]
    Missing { path: PathBuf },
    /// A folder has this name.
    #[error("`{}` is a folder, not a database", path.display())]
    Folder { path: PathBuf },
    /// A file of another kind, or of another program.
    #[error("`{}` is not a database of this library, and is left as it is", path.display())]
    NotOurs { path: PathBuf },
    /// The database fails.
    #[error("cannot use the database `{}`", path.display())]
    Sqlite { path: PathBuf, source: StoreError },
    /// The base to try it on cannot be made.
    #[error("cannot make the base `{}` to try it on; `--db` names another one", demo::DATABASE)]
    Demo(#[from] DemoError),
    /// No address of a server.
    #[cfg(feature = "postgres")]
    #[error("`--db` is not an address such as postgres://user@host/database")]
    Address(#[source] sqlx::Error),
    /// The server fails, or has no base of ours. Its address may have a password in it.
    #[cfg(feature = "postgres")]
    #[error("cannot use the database that `--db` gives the address of")]
    Postgres(#[source] StoreError),
    /// The feature was not asked for.
    #[cfg(not(feature = "postgres"))]
    #[error(
        "this program was built without PostgreSQL; `--features sqlite,postgres` builds it with that"
    )]
    NoPostgres,
}

impl Base {
    /// Opens the base that the command line names.
    ///
    /// # Errors
    ///
    /// [`BaseError`]. Nothing was written, unless it is the base to try it on.
    pub(crate) async fn open(options: &Options) -> Result<Self, BaseError> {
        match &options.db {
            Source::Demo => {
                demo::make(Path::new(demo::DATABASE)).await?;
                sqlite(Path::new(demo::DATABASE)).await.map(Box::new).map(Self::Sqlite)
            }
            Source::File(path) => sqlite(path).await.map(Box::new).map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            Source::Postgres(address) => postgres(address).await.map(Self::Postgres),
            #[cfg(not(feature = "postgres"))]
            Source::Postgres(_) => Err(BaseError::NoPostgres),
        }
    }
}

async fn sqlite(path: &Path) -> Result<SqliteStore, BaseError> {
    let owned = || path.to_owned();
    if path.is_dir() {
        return Err(BaseError::Folder { path: owned() });
    }
    if matches!(path.try_exists(), Ok(false)) {
        return Err(BaseError::Missing { path: owned() });
    }
    let opened = SqliteOptions::new(path).with_create(Create::Nothing).open().await;
    opened.map_err(|source| match fault(&source) {
        Some(SqliteFault::NotADatabase(_) | SqliteFault::NotMigrated) => {
            BaseError::NotOurs { path: owned() }
        }
        Some(_) | None => BaseError::Sqlite { path: owned(), source },
    })
}

/// How long to wait for a server that is just starting.
#[cfg(feature = "postgres")]
const CONNECT_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(5);

/// One connection does for a relay, which asks for one page after the other.
#[cfg(feature = "postgres")]
async fn postgres(address: &str) -> Result<PostgresStore, BaseError> {
    use guanxi::store::postgres::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
    use guanxi::store::postgres::{Create, PostgresOptions};

    let options: PgConnectOptions = address.parse().map_err(BaseError::Address)?;
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(CONNECT_TIMEOUT);
    let pool = pool.connect_lazy_with(options);
    let opened = PostgresOptions::new(pool).with_create(Create::Nothing).open().await;
    opened.map_err(BaseError::Postgres)
}

fn fault(error: &StoreError) -> Option<&SqliteFault> {
    error.source()?.downcast_ref()
}
