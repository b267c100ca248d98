//! Why something was not done.

use super::{ATTEMPTS_MAX, JOBS_MAX};
use crate::customer::DecideError;
use crate::rulebook::RulebookError;
use crate::store::{ArchiveError, CommitError, StoreError};

/// Why a command was not carried out.
///
/// ```
/// use guanxi::crm::CrmError;
/// use guanxi::lifecycle::{LifecycleCommand, Request};
/// use guanxi::store::CommitError;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # fn context(now: &str) -> guanxi::Context {
/// #     let command_id = guanxi::CommandId::derive("example", now);
/// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let shop = guanxi::TenantId::derive("example-shop");
/// # let id = guanxi::CustomerId::derive(shop, "C-17");
/// # let crm = guanxi::Crm::new(guanxi::store::MemoryStore::default(), shop, books);
///
/// // What to do about a command that was not carried out.
/// let advice = |error: &CrmError| match error {
///     error if error.is_transient() => "send it again, under the same id",
///     CrmError::Refused(_) => "tell who asked",
///     CrmError::Commit(CommitError::Claimed { .. }) => "ask whether the two are one customer",
///     _ => "tell the operator",
/// };
///
/// let at = "2026-03-01T09:30:00Z";
/// let recover = LifecycleCommand::Request { occurred_at: at.parse()?, request: Request::Recover };
/// let error = pollster::block_on(crm.execute(id, &recover.into(), &context(at))).unwrap_err();
/// assert_eq!(error.to_string(), "recover is refused in stage prospect");
/// assert_eq!(advice(&error), "tell who asked");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrmError {
    /// The customer refuses it.
    #[error(transparent)]
    Refused(#[from] DecideError),
    /// The store does not carry it out. Never [`CommitError::Store`], which is [`CrmError::Store`]
    /// here.
    #[error(transparent)]
    Commit(CommitError),
    /// The rulebook does not fit the succession.
    #[error(transparent)]
    Rulebook(#[from] RulebookError),
    /// The store does not keep the rulebook. Never [`ArchiveError::Store`], which is
    /// [`CrmError::Store`] here.
    #[error(transparent)]
    Archive(ArchiveError),
    /// The store keeps rulebooks that this handle has not, and the other way round: they are two
    /// successions.
    #[error("the store keeps other rulebooks than are in use")]
    OtherRulebooks,
    /// More commands at once than [`JOBS_MAX`].
    #[error("{count} commands at once, at most {JOBS_MAX} are taken")]
    TooManyJobs {
        /// How many were given.
        count: usize,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A profile is erased by [`Crm::erase`](super::Crm::erase) only, which needs a store that can
    /// forget.
    #[error("a profile is erased by `Crm::erase` only")]
    ErasesApart,
    /// Others kept changing the customer; nothing was recorded.
    #[error("customer kept changing, {ATTEMPTS_MAX} attempts were in vain")]
    Contended,
}

impl CrmError {
    /// Whether the same call may go through later. A command is sent again under the same id: if it was
    /// carried out after all, that is found out.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Contended | Self::Commit(CommitError::Conflict) => true,
            Self::Store(error) => error.is_transient(),
            Self::Refused(_)
            | Self::Commit(_)
            | Self::Rulebook(_)
            | Self::Archive(_)
            | Self::OtherRulebooks
            | Self::TooManyJobs { .. }
            | Self::ErasesApart => false,
        }
    }
}

impl From<CommitError> for CrmError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Store(error) => Self::Store(error),
            CommitError::Conflict
            | CommitError::Claimed { .. }
            | CommitError::CommandReused
            | CommitError::Forgotten => Self::Commit(error),
        }
    }
}

impl From<ArchiveError> for CrmError {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Store(error) => Self::Store(error),
            ArchiveError::NotLater { .. } => Self::Archive(error),
        }
    }
}
