//! Why something was not done.

use super::ATTEMPTS_MAX;
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
///     CrmError::Refused(_) => "tell who asked",
///     CrmError::Contended | CrmError::Commit(CommitError::Conflict) => "send it again later",
///     CrmError::Commit(CommitError::Claimed { .. }) => "ask whether the two are one customer",
///     CrmError::Store(error) if error.is_transient() => "send it again later",
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
    /// The store does not carry it out.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The rulebook does not fit the succession.
    #[error(transparent)]
    Rulebook(#[from] RulebookError),
    /// The store does not keep the rulebook.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
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
