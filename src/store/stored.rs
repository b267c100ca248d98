//! What a store gives back.

use std::fmt;

use super::{Index, StoreError, StoreErrorKind};
use crate::customer::Part;
use crate::id::{CalibrationId, CustomerId, PolicyId};
use crate::profile::ExternalKey;
use crate::rulebook::{Calibration, Rulebook, RulebookRef};
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
///
/// The [`guide`](super::guide) has an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The last revision.
    pub revision: u64,
    /// Every part, in any order.
    pub parts: Vec<Part>,
}

/// An entry of a journal as a store keeps it: an envelope to order by, and a document.
///
/// ```
/// use guanxi::store::{CustomerStore, PageSize, StoreErrorKind};
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
/// # let at = "2026-03-01T09:30:00Z";
/// # pollster::block_on(crm.execute(id, &order(at), &context(at)))?;
/// let page = pollster::block_on(crm.store().history(shop, id, 0, PageSize::MAX))?;
/// let stored = page.first().expect("an order was recorded");
/// assert_eq!(stored.decode()?.revision, stored.revision);
///
/// // Written by a newer version of the library: refused, not guessed at.
/// let mut newer = stored.clone();
/// newer.schema += 1;
/// assert_eq!(newer.decode().unwrap_err().kind(), StoreErrorKind::Newer);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
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

impl fmt::Debug for StoredEntry {
    /// Without the document: a page of numbers helps nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredEntry")
            .field("revision", &self.revision)
            .field("recorded_at", &self.recorded_at)
            .field("schema", &self.schema)
            .field("bytes", &self.document.len())
            .finish()
    }
}

/// A customer that is due.
///
/// Ordered by instant, then by id, so it is also the cursor of [`Agenda::due`](super::Agenda::due).
///
/// ```
/// use guanxi::store::Waking;
/// use guanxi::{CustomerId, TenantId, Timestamp};
///
/// let id = CustomerId::derive(TenantId::derive("example-shop"), "C-17");
/// let now = Waking { wake_at: Timestamp::UNIX_EPOCH, id };
/// let whenever = Waking { wake_at: Timestamp::MAX, id };
/// assert!(now < whenever);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waking {
    /// When it wakes; [`Timestamp::MAX`] when only its rulebook is another.
    pub wake_at: Timestamp,
    /// Which.
    pub id: CustomerId,
}

/// What a store keeps of a customer beside its documents.
///
/// [`Inspect`](super::Inspect) gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The last revision.
    pub revision: u64,
    /// The columns.
    pub index: Index,
    /// The claims it holds, in any order.
    pub claims: Vec<ExternalKey>,
}

/// A rulebook as an archive keeps it.
///
/// ```
/// use guanxi::store::StoredRulebook;
/// use guanxi::{Currency, Policy, Rulebook, Timestamp};
///
/// let book = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
/// let stored = StoredRulebook::from(&book);
/// assert_eq!(stored.reference(), book.reference());
/// assert_eq!(stored.decode()?, book);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRulebook {
    /// The instant it is in force from.
    pub in_force_from: Timestamp,
    /// The policy, as JSON. Its exact bytes make its id.
    pub document: Vec<u8>,
}

impl From<&Rulebook> for StoredRulebook {
    fn from(book: &Rulebook) -> Self {
        Self { in_force_from: book.in_force_from(), document: book.document().to_vec() }
    }
}

impl StoredRulebook {
    /// The reference by which a customer remembers it.
    #[must_use]
    pub fn reference(&self) -> RulebookRef {
        RulebookRef::new(PolicyId::of_document(&self.document), self.in_force_from)
    }

    /// The rulebook that the document holds.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Document`] for what is not a policy that this version can use.
    pub fn decode(&self) -> Result<Rulebook, StoreError> {
        Rulebook::from_document(self.document.clone(), self.in_force_from)
            .map_err(|error| StoreError::new(StoreErrorKind::Document, error))
    }
}

/// A calibration as an archive keeps it.
///
/// [`Archive::calibration`](super::Archive::calibration) has an example.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredCalibration {
    /// The instant at which the base was measured.
    pub taken_at: Timestamp,
    /// What it said, as JSON. Its exact bytes make its id.
    pub document: Vec<u8>,
}

impl fmt::Debug for StoredCalibration {
    /// Without the document: a page of numbers helps nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredCalibration")
            .field("taken_at", &self.taken_at)
            .field("id", &self.id())
            .field("bytes", &self.document.len())
            .finish()
    }
}

impl From<&Calibration> for StoredCalibration {
    fn from(calibration: &Calibration) -> Self {
        Self { taken_at: calibration.taken_at(), document: calibration.document().to_vec() }
    }
}

impl StoredCalibration {
    /// The id by which answers name it.
    #[must_use]
    pub fn id(&self) -> CalibrationId {
        CalibrationId::of_document(&self.document)
    }

    /// The calibration that the document holds.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Document`] for what is not a calibration that this version can use, and for one
    /// that says it was taken at another instant.
    pub fn decode(&self) -> Result<Calibration, StoreError> {
        let calibration = Calibration::from_document(self.document.clone())
            .map_err(|error| StoreError::new(StoreErrorKind::Document, error))?;
        if calibration.taken_at() != self.taken_at {
            return Err(StoreErrorKind::Document.into());
        }
        Ok(calibration)
    }
}
