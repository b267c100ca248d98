//! Whose a database file is, as far as that can be told before it is opened for good.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use guanxi::store::StoreError;
use guanxi::store::sqlite::sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use guanxi::store::sqlite::sqlx::{self, ConnectOptions as _, Connection as _};
use guanxi::store::sqlite::{Create, SqliteFault, SqliteOptions};

use super::error::{BaseError, failed, fault};
use crate::files::no_folder;

/// What every SQLite file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// What is wrong with the file, as far as its name and its first bytes tell.
pub(super) fn look(path: &Path) -> Result<(), BaseError> {
    let owned = || path.to_owned();
    if path.is_dir() {
        return Err(BaseError::Folder { path: owned() });
    }
    if let Some(folder) = no_folder(path) {
        return Err(BaseError::NoFolder { path: folder.to_owned() });
    }
    // SQLite would make a file elsewhere, where nobody looks for it.
    if path.is_symlink() && matches!(path.try_exists(), Ok(false)) {
        return Err(BaseError::Dangling { path: owned() });
    }
    // A pipe would be waited for, and a device has nothing to keep.
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        return Err(BaseError::NotADatabase { path: owned() });
    }
    let mut start = Vec::new();
    let length = u64::try_from(MAGIC.len()).unwrap_or(u64::MAX);
    match File::open(path).and_then(|file| file.take(length).read_to_end(&mut start)) {
        Ok(0) => Ok(()),
        Ok(_) if start == MAGIC => Ok(()),
        Ok(_) => Err(BaseError::NotADatabase { path: owned() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Err(BaseError::Denied { path: owned() })
        }
        Err(error) => Err(BaseError::Read { path: owned(), source: error }),
    }
}

/// Whether nothing is kept under this name.
pub(super) fn is_empty(path: &Path) -> bool {
    path.metadata().map_or(true, |metadata| metadata.len() == 0)
}

/// Refuses a file that belongs to another program.
pub(super) async fn refuse_foreign(path: &Path) -> Result<(), BaseError> {
    if !is_empty(path) && is_foreign(path).await.map_err(|error| failed(path, error))? {
        return Err(BaseError::Foreign { path: path.to_owned() });
    }
    Ok(())
}

/// Whether the file has tables and none of them is ours, or is marked as another program's before that
/// has made any. Nothing is written to find out: a store that is to make nothing tells only that ours are
/// missing.
async fn is_foreign(path: &Path) -> Result<bool, StoreError> {
    const MARKS: &str = "SELECT count(*) FILTER (WHERE name LIKE 'guanxi\\_%' ESCAPE '\\') > 0, \
                         count(*) > 0 OR (SELECT user_version FROM pragma_user_version) <> 0 \
                         OR (SELECT application_id FROM pragma_application_id) <> 0 \
                         FROM sqlite_schema WHERE type = 'table'";
    match SqliteOptions::new(path).with_create(Create::Nothing).open().await {
        Ok(store) => {
            store.close().await;
            return Ok(false);
        }
        Err(error) => match fault(&error) {
            Some(SqliteFault::NotMigrated) => {}
            // Our tables, in a file that somebody has put in another mode; opening puts it back.
            Some(SqliteFault::JournalMode { .. }) => return Ok(false),
            _ => return Err(error),
        },
    }
    let (is_ours, is_marked): (bool, bool) = asked(path, MARKS).await?;
    Ok(is_marked && !is_ours)
}

/// Whether one of our databases has customers of any tenant.
pub(super) async fn has_customers(path: &Path) -> Result<bool, StoreError> {
    let (any,): (bool,) = asked(path, "SELECT EXISTS (SELECT 1 FROM guanxi_customers)").await?;
    Ok(any)
}

/// The answer to a question that no store has an answer to.
async fn asked<T>(path: &Path, question: &'static str) -> Result<T, StoreError>
where
    T: for<'r> sqlx::FromRow<'r, SqliteRow> + Send + Unpin,
{
    let answer = async {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(false);
        let mut connection = options.connect().await?;
        let answer = sqlx::query_as(question).fetch_one(&mut connection).await;
        connection.close().await?;
        answer
    };
    Ok(answer.await.map_err(SqliteFault::Other)?)
}
