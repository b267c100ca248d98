//! The policy document that the command line names.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use guanxi::lint::Fault;
use guanxi::rulebook::RulebookError;
use guanxi::{Currency, Day, Policy, Rulebook, Timestamp, Zone};
use serde_json::Value;

use crate::options::Options;
use crate::plan::ZONE;

/// No policy is nearly as long; what is longer is another file.
const BYTES_MAX: u64 = 1 << 20;

/// A policy cannot be used. Nothing was touched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum PolicyError {
    /// The document cannot be read.
    #[error("cannot read the policy `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is too long to be one.
    #[error("`{}` is longer than any policy, {BYTES_MAX} bytes", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// It is none.
    #[error("`{}` cannot be used", path.display())]
    Document {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: RulebookError,
    },
    /// It has faults.
    #[error("the policy `{}` has faults: {}", path.display(), faults.len())]
    Faults {
        /// The file.
        path: PathBuf,
        /// Each of them.
        faults: Vec<Fault>,
    },
    /// Its amounts are not those that it would judge.
    #[error(
        "the policy `{}` is of amounts in {found}, and they are in {kept}; a policy cannot change that",
        path.display()
    )]
    OtherCurrency {
        /// The file.
        path: PathBuf,
        /// Its currency.
        found: Currency,
        /// The currency of the log, or of the database.
        kept: Currency,
    },
    /// Another one came into force on that day, or is to come later.
    #[error(
        "`{}` keeps a policy that is in force from {from} on, so that another one can be adopted on a \
         later day only",
        db.display()
    )]
    NotLater {
        /// The database.
        db: PathBuf,
        /// The last day before it, at the end of which it comes into force.
        from: Day,
    },
    /// Nothing is written to a database without a log.
    #[error(
        "`{}` keeps another policy, and is not written to without a log; give one, so that it adopts `{}`",
        db.display(), path.display()
    )]
    Kept {
        /// The database.
        db: PathBuf,
        /// The file.
        path: PathBuf,
    },
}

/// A policy without faults.
pub(crate) struct GivenPolicy {
    path: PathBuf,
    book: Rulebook,
}

impl GivenPolicy {
    /// Reads the document that the options name, if they name one.
    ///
    /// # Errors
    ///
    /// [`PolicyError::Read`], [`PolicyError::TooLong`], [`PolicyError::Document`],
    /// [`PolicyError::Faults`] with all of them.
    pub(crate) fn read(options: &Options) -> Result<Option<Self>, PolicyError> {
        let Some(path) = options.policy.as_deref() else { return Ok(None) };
        let document =
            document(path).map_err(|source| PolicyError::Read { path: path.to_owned(), source })?;
        let document = document.ok_or_else(|| PolicyError::TooLong { path: path.to_owned() })?;
        let failed = |source| PolicyError::Document { path: path.to_owned(), source };
        let mut faults = Policy::lint_document(&document);
        if zone(&document).is_some_and(|zone| zone != ZONE) {
            faults.push(Fault::new(
                "zone",
                "a log has days and no times, which are taken for those of UTC",
                "leave it out",
            ));
        }
        if !faults.is_empty() {
            return Err(PolicyError::Faults { path: path.to_owned(), faults });
        }
        let book = Rulebook::from_document(document, Timestamp::MIN).map_err(failed)?;
        Ok(Some(Self { path: path.to_owned(), book }))
    }

    /// Refuses to judge amounts in another currency.
    ///
    /// # Errors
    ///
    /// [`PolicyError::OtherCurrency`].
    pub(crate) fn check_currency(&self, kept: Currency) -> Result<(), PolicyError> {
        let found = self.book.policy().currency;
        if found == kept {
            return Ok(());
        }
        Err(PolicyError::OtherCurrency { path: self.path.clone(), found, kept })
    }

    /// The policy as that of all time.
    pub(crate) const fn book(&self) -> &Rulebook {
        &self.book
    }

    /// Whether a rulebook wants the same, in whatever layout.
    pub(crate) fn agrees_with(&self, kept: &Rulebook) -> bool {
        self.book.policy() == kept.policy()
    }

    /// The refusal of a database that is not written to, and keeps another one.
    pub(crate) fn not_kept(&self, options: &Options) -> PolicyError {
        PolicyError::Kept { db: options.db_path().to_owned(), path: self.path.clone() }
    }
}

/// The file, unless it is too long.
fn document(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut document = Vec::new();
    File::open(path)?.take(BYTES_MAX.saturating_add(1)).read_to_end(&mut document)?;
    let is_fit = u64::try_from(document.len()).is_ok_and(|length| length <= BYTES_MAX);
    Ok(is_fit.then_some(document))
}

/// The zone that the document says, whatever else is wrong with it.
fn zone(document: &[u8]) -> Option<Zone> {
    let document: Value = serde_json::from_slice(document).ok()?;
    serde_json::from_value(document.get("zone")?.clone()).ok()
}
