//! The database file: opened with care for what is in it already.

use std::error::Error;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use guanxi::crm::CrmError;
use guanxi::explain::Language;
use guanxi::rulebook::RulebookError;
use guanxi::store::sqlite::sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use guanxi::store::sqlite::sqlx::{self, ConnectOptions as _, Connection as _};
use guanxi::store::sqlite::{Create, SqliteFault, SqliteOptions, SqliteStore};
use guanxi::store::{Inspect as _, PageSize, Scan as _, StoreError, StoreErrorKind};
use guanxi::{Crm, Currency, Customer, CustomerId, Day, Policy, Rulebook, TenantId, Timestamp};

use crate::files::no_folder;
use crate::options::Options;
use crate::plan::ZONE;
use crate::report::again;

/// Names the ids of this program apart from those of others.
pub(crate) const SOURCE: &str = "portfolio";

/// The system of the external keys by which customers are known in a log.
pub(crate) const KEY_SYSTEM: &str = "log";

/// Enough to tell whether there is any.
pub(crate) const ONE: PageSize = PageSize::new(1).unwrap();

/// What every SQLite file begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// The database cannot be used. Each is one sentence, and nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum BaseError {
    /// A folder has this name.
    #[error("`{}` is a folder, not a database", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The folder that the file would be made in is not there.
    #[error("there is no folder `{}` to make the database in", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A link to nowhere.
    #[error("`{}` is a link to a file that is not there", path.display())]
    Dangling {
        /// The link.
        path: PathBuf,
    },
    /// The file may not be read by whoever runs the program.
    #[error("no permission to read `{}`", path.display())]
    Denied {
        /// The file.
        path: PathBuf,
    },
    /// Reading failed otherwise.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file of another kind.
    #[error("`{}` is not a database, and is left as it is; `--db` names another file", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// A database with tables or a mark of its kind, and no table of ours.
    #[error(
        "`{}` is the database of another program, and is left as it is; `--db` names another file",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Its amounts cannot be added to those of the log.
    #[error(
        "`{}` keeps amounts in {kept} and the log has them in {found}; `--currency` says what the log \
         has, and `--db` names another file",
        path.display()
    )]
    OtherCurrency {
        /// The file.
        path: PathBuf,
        /// The currency of the database.
        kept: Currency,
        /// The currency of the log.
        found: Currency,
    },
    /// What the database keeps of a customer says nothing.
    #[error(
        "`{}` is damaged: {customer} cannot be read; import into another file with `--db`, or go back \
         to a copy",
        path.display()
    )]
    DamagedCustomer {
        /// The file.
        path: PathBuf,
        /// Who it is, in words.
        customer: String,
    },
    /// There is nobody to report of, and a log was not named.
    #[error(
        "`{}` has no customers that this program imported; give the log to import as well",
        path.display()
    )]
    NoneOfOurs {
        /// The file.
        path: PathBuf,
    },
    /// The default policy cannot be used.
    #[error("the default policy cannot be used")]
    Policy(#[from] RulebookError),
    /// The database fails.
    #[error("cannot use the database `{}`", path.display())]
    Store {
        /// The file.
        path: PathBuf,
        /// What the library says.
        source: CrmError,
    },
}

/// A database with the customers of one or more logs.
pub(crate) struct Base {
    path: PathBuf,
    crm: Crm<SqliteStore>,
}

/// What a database holds in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// Customers who bought something.
    pub(crate) customers: u64,
    /// Entries in their journals.
    pub(crate) entries: u64,
    /// What they spent, returns deducted, in minor units.
    pub(crate) minor: i128,
    /// The latest day that anything was recorded.
    pub(crate) day: Option<Day>,
}

impl Base {
    /// Opens the database of this name for a log in this currency, and makes it if there is none.
    ///
    /// # Errors
    ///
    /// [`BaseError`].
    pub(crate) async fn open(path: &Path, currency: Currency) -> Result<Self, BaseError> {
        look(path)?;
        refuse_foreign(path).await?;
        let base = Self::of(store(path).await?, path, currency).await?;
        let kept = base.currency();
        if kept != currency {
            base.close().await;
            return Err(BaseError::OtherCurrency { path: path.to_owned(), kept, found: currency });
        }
        Ok(base)
    }

    /// Opens the database of this name for the customers that are in it, who are not written to; `None`
    /// if there are none, or no such file.
    ///
    /// # Errors
    ///
    /// [`BaseError`]; [`BaseError::NoneOfOurs`] if the customers are those of another program.
    pub(crate) async fn found(path: &Path) -> Result<Option<Self>, BaseError> {
        look(path)?;
        if is_empty(path) {
            return Ok(None);
        }
        refuse_foreign(path).await?;
        let failed = |error: StoreError| failed(path, error);
        let store = store(path).await?;
        let first = store.scan(TenantId::derive(SOURCE), None, ONE).await.map_err(failed)?;
        if !first.is_empty() {
            // Never kept: where customers are, the rulebook that judges them is as well.
            return Self::of(store, path, Currency::USD).await.map(Some);
        }
        store.close().await;
        if has_customers(path).await.map_err(failed)? {
            return Err(BaseError::NoneOfOurs { path: path.to_owned() });
        }
        Ok(None)
    }

    /// The customers of an open database; if it keeps no rulebook yet, by the default policy.
    async fn of(store: SqliteStore, path: &Path, currency: Currency) -> Result<Self, BaseError> {
        let first = Rulebook::new(Policy::new(currency), Timestamp::MIN)?;
        let crm = Crm::open(store, TenantId::derive(SOURCE), first).await;
        let crm = crm.map_err(|error| failed(path, error))?;
        Ok(Self { path: path.to_owned(), crm })
    }

    /// The currency of its amounts.
    pub(crate) fn currency(&self) -> Currency {
        self.book().policy().currency
    }

    /// Its customers.
    pub(crate) const fn crm(&self) -> &Crm<SqliteStore> {
        &self.crm
    }

    /// The rulebook that judges its customers.
    pub(crate) fn book(&self) -> &Rulebook {
        self.crm.books().latest()
    }

    /// The customer that a log knows by this key.
    pub(crate) fn id(&self, key: &str) -> CustomerId {
        CustomerId::derive(self.crm.tenant(), key)
    }

    /// What it holds now.
    ///
    /// # Errors
    ///
    /// [`BaseError::Store`] when it cannot be read.
    pub(crate) async fn sums(&self) -> Result<Sums, BaseError> {
        let (mut sums, mut after) = (Sums::default(), None);
        loop {
            let page = self.crm.scan(after, PageSize::MAX).await;
            let page = match page {
                Ok(page) => page,
                Err(error) => return Err(self.damage_after(after, error).await),
            };
            let Some(last) = page.last() else { return Ok(sums) };
            after = Some(last.id());
            page.iter().for_each(|customer| sums.add(customer));
        }
    }

    /// A customer in words: by its key in the log, if it has one, and by its id.
    pub(crate) async fn told(&self, id: CustomerId) -> String {
        // By the claims, which can be read where the documents cannot.
        let found = self.crm.store().inspect(self.crm.tenant(), id).await;
        let claims = found.ok().flatten().map(|found| found.claims).unwrap_or_default();
        match claims.iter().find(|key| key.system() == KEY_SYSTEM) {
            Some(key) => format!("customer `{}` ({id})", key.key()),
            None => format!("customer {id}"),
        }
    }

    /// Why customers after an id could not be read: the first of them that says nothing, or the error as
    /// it is.
    async fn damage_after(&self, after: Option<CustomerId>, error: StoreError) -> BaseError {
        if is_damage(&error) {
            let page = self.crm.store().scan(self.crm.tenant(), after, PageSize::MAX).await;
            for (id, _) in page.unwrap_or_default() {
                if let Err(found) = self.crm.customer(id).await {
                    return self.damage(id, found).await;
                }
            }
        }
        failed(&self.path, error)
    }

    /// Why a customer could not be read.
    pub(crate) async fn damage(&self, id: CustomerId, found: StoreError) -> BaseError {
        if !is_damage(&found) {
            return failed(&self.path, found);
        }
        BaseError::DamagedCustomer { path: self.path.clone(), customer: self.told(id).await }
    }

    /// Writes everything to the one file that it is.
    pub(crate) async fn close(self) {
        self.crm.store().close().await;
    }
}

impl Sums {
    /// Adds a customer.
    pub(crate) fn add(&mut self, customer: &Customer) {
        let day = customer.recorded_at().map(|at| ZONE.day_of(at));
        let spent = day.map_or(0, |day| customer.purchases().up_to(day).net);
        self.customers = self.customers.saturating_add(u64::from(customer.is_admitted()));
        self.entries = self.entries.saturating_add(customer.revision());
        self.minor = self.minor.saturating_add(spent.into());
        self.day = self.day.max(day);
    }
}

/// What is wrong with the file, as far as its name and its first bytes tell.
fn look(path: &Path) -> Result<(), BaseError> {
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

fn failed(path: &Path, source: impl Into<CrmError>) -> BaseError {
    BaseError::Store { path: path.to_owned(), source: source.into() }
}

/// Whether a document says nothing, and not the file itself.
fn is_damage(error: &StoreError) -> bool {
    error.kind() == StoreErrorKind::Document && fault(error).is_none()
}

/// Whether nothing is kept under this name.
fn is_empty(path: &Path) -> bool {
    path.metadata().map_or(true, |metadata| metadata.len() == 0)
}

async fn store(path: &Path) -> Result<SqliteStore, BaseError> {
    SqliteStore::open(path).await.map_err(|error| failed(path, error))
}

/// Refuses a file that belongs to another program.
async fn refuse_foreign(path: &Path) -> Result<(), BaseError> {
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
async fn has_customers(path: &Path) -> Result<bool, StoreError> {
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

/// What the file itself is the reason of, among an error and its causes.
pub(crate) fn fault<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e SqliteFault> {
    let mut causes = std::iter::successors(Some(error), |cause| (*cause).source());
    causes.find_map(|cause| cause.downcast_ref())
}

/// What is wrong with a database, and what to do about it.
#[expect(clippy::wildcard_enum_match_arm, reason = "the rest explains itself")]
pub(crate) fn sentence(options: &Options, fault: &SqliteFault) -> Option<String> {
    let (path, again) = (options.db_path().display(), again(options, Language::English));
    Some(match fault {
        SqliteFault::Locked(_) => {
            format!("`{path}` is locked by another program; try again when it has finished")
        }
        SqliteFault::ReadOnly(_) => {
            // Whoever may only read the file leaves these two behind, and they are that user's.
            format!(
                "`{path}` cannot be written: the file, its folder, or `{path}-wal` or `{path}-shm` \
                 beside it is read-only"
            )
        }
        SqliteFault::Full(_) => format!(
            "no space is left for `{path}`; what is in it stays, and {again} goes on from there"
        ),
        SqliteFault::CannotOpen(_) => {
            format!("`{path}` cannot be opened, or its folder not written")
        }
        SqliteFault::NotADatabase(_) => {
            format!("`{path}` is not a database, and is left as it is; `--db` names another file")
        }
        SqliteFault::Damaged(_)
        | SqliteFault::Contradiction(_)
        | SqliteFault::Migrations
        | SqliteFault::Unreadable(_) => format!(
            "`{path}` is damaged, and is left as it is; import into another file with `--db`, or go \
             back to a copy"
        ),
        SqliteFault::Disk(_) => format!(
            "the disk does not read or write `{path}`; what is in it stays, and {again} goes on from there"
        ),
        SqliteFault::JournalMode { .. } => format!(
            "`{path}` is on a file system that cannot keep SQLite's log; `--db` names a file on a local disk"
        ),
        SqliteFault::Newer { .. } => format!(
            "`{path}` was written by a newer version of this program, and is left as it is; `--db` \
             names another file"
        ),
        _ => return None,
    })
}
