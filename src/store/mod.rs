//! The storage contract: what a host's persistence must do, and nothing more.
//!
//! A store keeps documents; it never looks into them. It implements [`CustomerStore`], and of the other
//! traits those it can: [`Bulk`], [`Scan`], [`Agenda`], [`Feed`], [`Archive`], [`Erase`], [`Inspect`].
//! The clauses are cited on each method:
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
//! - **C10** a feed entry that becomes visible later never stands before a cursor already handed out, and
//!   those of one customer come in the order of revisions: nothing is skipped
//! - **C11** a scan gives every customer once, in the order of ids
//! - **C12** the agenda gives every customer that is due, or judged by another rulebook, earliest first
//! - **C13** after an erasure no personal data is readable, through any method or through the
//!   database's own interface; the skeleton of facts stays
//! - **C14** a dropped commit leaves all or nothing
//! - **C15** unknown newer data is an error, never a guess; messages carry no personal data
//! - **C16** rulebooks are only appended, each in force later than all before it
//! - **C17** calibrations are kept for good under their ids; none is ever changed
//!
//! [`guide`] teaches to write a store. Off the shelf there are [`MemoryStore`], which keeps everything
//! in memory, for tests and trials, with the feature `sqlite` the `SqliteStore`, and with `postgres`
//! the `PostgresStore`. The feature `conformance` brings the kit that checks any store against these
//! clauses, test by test.

mod commit;
#[cfg(feature = "conformance")]
pub mod conformance;
mod contract;
mod error;
mod feed;
pub mod guide;
mod memory;
#[cfg(feature = "postgres")]
pub mod postgres;
mod shared;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod stored;

pub use commit::{Accepted, Commit, CustomerChange, Expected, Fingerprint, Index, Receipt};
pub use contract::{Agenda, Archive, Bulk, CustomerStore, Erase, Feed, Inspect, Scan};
pub use error::{ArchiveError, CommitError, StoreError, StoreErrorKind};
pub use feed::{FeedCursor, FeedCursorError, FeedEntry};
pub use memory::MemoryStore;
pub use stored::{
    Inspection, PAGE_ROWS_MAX, PageSize, Stored, StoredCalibration, StoredEntry, StoredRulebook,
    Waking,
};
