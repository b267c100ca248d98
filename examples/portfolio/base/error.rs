//! Why a database cannot be used, and what to do about it.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use guanxi::Currency;
use guanxi::crm::CrmError;
use guanxi::explain::Language;
use guanxi::rulebook::RulebookError;
use guanxi::store::sqlite::SqliteFault;
use guanxi::store::{StoreError, StoreErrorKind};

use crate::options::Options;
use crate::policy::PolicyError;
use crate::report::again;

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
    /// The policy cannot be used by this database.
    #[error(transparent)]
    Given(#[from] PolicyError),
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

pub(super) fn failed(path: &Path, source: impl Into<CrmError>) -> BaseError {
    BaseError::Store { path: path.to_owned(), source: source.into() }
}

/// Whether a document says nothing, and not the file itself.
pub(super) fn is_damage(error: &StoreError) -> bool {
    error.kind() == StoreErrorKind::Document && fault(error).is_none()
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
