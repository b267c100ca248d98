//! The storage contract: what a host's persistence must do, and nothing more.
//!
//! A store keeps documents; it never looks into them. It implements [`CustomerStore`], and [`Scan`]
//! and [`Agenda`] where it can. The clauses are cited on each method:
//!
//! - **C1** all of a commit or none
//! - **C2** no unconditional write: every change names the revision it expects
//! - **C3** each change makes the next revision; the journal has no gaps
//! - **C4** claims are unique per tenant, taken and given up in the same commit
//! - **C5** the same command again gives its first receipt; other content under its id is refused;
//!   checked before the revision
//! - **C6** durable before return
//! - **C7** a commit that returned is read by every later load
//! - **C8** history in the order of revisions, in stable pages
//! - **C9** tenants never see each other
//! - **C11** a scan gives every customer once, in the order of ids
//! - **C12** the agenda gives every customer that is due, or judged by another policy, earliest first
//! - **C14** a dropped commit leaves all or nothing
//! - **C15** messages carry no personal data
//!
//! [`MemoryStore`] keeps everything in memory, for tests, trials and examples.

mod commit;
mod error;
mod memory;

use std::future::Future;

pub use commit::{Commit, CustomerChange, Expected, Fingerprint, Index, Receipt};
pub use error::{CommitError, StoreError, StoreErrorKind};
pub use memory::MemoryStore;

use crate::customer::Part;
use crate::id::{CustomerId, PolicyId, TenantId};
use crate::profile::ExternalKey;
use crate::time::Timestamp;

/// The most rows in one page.
pub const PAGE_ROWS_MAX: u16 = 1_000;

/// How many rows to return at most, from 1 to [`PAGE_ROWS_MAX`].
///
/// ```
/// use guanxi::store::{PAGE_ROWS_MAX, PageSize};
///
/// assert_eq!(PageSize::new(10).map(PageSize::rows), Some(10));
/// assert_eq!(PageSize::new(0), None);
/// assert_eq!(PageSize::new(PAGE_ROWS_MAX + 1), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u16);

impl PageSize {
    /// The largest page.
    pub const MAX: Self = Self(PAGE_ROWS_MAX);

    /// `None` for no rows, and for more than a page holds.
    #[must_use]
    pub const fn new(rows: u16) -> Option<Self> {
        if rows == 0 || rows > PAGE_ROWS_MAX { None } else { Some(Self(rows)) }
    }

    /// The number of rows.
    #[must_use]
    pub const fn rows(self) -> usize {
        self.0 as usize
    }
}

/// A customer as a store gives it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The last revision.
    pub revision: u64,
    /// Every part, in any order.
    pub parts: Vec<Part>,
}

/// An entry of a journal as a store keeps it: an envelope to order by, and a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// The revision it made.
    pub revision: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The schema of the document.
    pub schema: u16,
    /// The entry, as JSON.
    pub document: Vec<u8>,
}

/// A customer that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waking {
    /// When it wakes; [`Timestamp::MAX`] when only its policy is another.
    pub wake_at: Timestamp,
    /// Which.
    pub id: CustomerId,
}

/// What every store does.
///
/// Implementers write plain `async fn`; the futures must be `Send`.
pub trait CustomerStore: Send + Sync {
    /// Every part of a customer, or `None` if there is none (C7, C9).
    fn load(
        &self,
        tenant: TenantId,
        id: CustomerId,
    ) -> impl Future<Output = Result<Option<Stored>, StoreError>> + Send;

    /// Carries out a commit: all of it or none (C1, C14), only where every expected revision holds
    /// (C2, C3) and every claim is free (C4), once per command (C5), durable before it returns (C6).
    fn commit(
        &self,
        tenant: TenantId,
        commit: Commit,
    ) -> impl Future<Output = Result<Receipt, CommitError>> + Send;

    /// The journal of a customer after a revision, in the order of revisions (C8).
    fn history(
        &self,
        tenant: TenantId,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> impl Future<Output = Result<Vec<StoredEntry>, StoreError>> + Send;

    /// Who holds a claim (C4, C9).
    fn holder(
        &self,
        tenant: TenantId,
        claim: &ExternalKey,
    ) -> impl Future<Output = Result<Option<CustomerId>, StoreError>> + Send;
}

/// A store that can list its customers.
pub trait Scan: CustomerStore {
    /// The customers after an id, in the order of ids; each once (C11).
    fn scan(
        &self,
        tenant: TenantId,
        after: Option<CustomerId>,
        size: PageSize,
    ) -> impl Future<Output = Result<Vec<(CustomerId, Stored)>, StoreError>> + Send;
}

/// A store that knows who is due.
pub trait Agenda: CustomerStore {
    /// The customers that wake until `until` or are judged by another policy than `policy`, after a
    /// cursor, earliest first (C12).
    fn due(
        &self,
        tenant: TenantId,
        until: Timestamp,
        policy: PolicyId,
        after: Option<Waking>,
        size: PageSize,
    ) -> impl Future<Output = Result<Vec<Waking>, StoreError>> + Send;
}
