//! One policy, from when on it is in force, and how a customer remembers it.

use serde::{Deserialize, Serialize};

use super::calibration::Basis;
use super::document::DOCUMENT_BYTES_MAX;
use super::error::{DocumentError, RulebookError};
use super::policy::Policy;
use crate::explain::Ids;
use crate::id::PolicyId;
use crate::time::Timestamp;

/// One policy with the instant it is in force from, and the id of its stored document.
///
/// ```
/// use guanxi::{Currency, Policy, Rulebook, Timestamp};
///
/// let book = Rulebook::new(Policy::new(Currency::USD), "2026-01-01T00:00:00Z".parse()?)?;
///
/// // Store the document and the instant; read back, they are the same rulebook under the same id.
/// let read = Rulebook::from_document(book.document().to_vec(), book.in_force_from())?;
/// assert_eq!(read, book);
///
/// // The id is that of the bytes, so the same policy in another layout has another one.
/// let other = Rulebook::from_document(br#"{ "currency": "USD" }"#.to_vec(), Timestamp::MIN)?;
/// assert_eq!(other.policy(), book.policy());
/// assert_ne!(other.id(), book.id());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebook {
    policy: Policy,
    id: PolicyId,
    document: Vec<u8>,
    in_force_from: Timestamp,
    basis: Basis,
}

impl Rulebook {
    /// A rulebook of a policy without faults.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Faults`] with every fault that [`Policy::lint`] finds, or
    /// [`RulebookError::TooLong`] when its document would be.
    pub fn new(policy: Policy, in_force_from: Timestamp) -> Result<Self, RulebookError> {
        let document = serde_json::to_vec(&policy).map_err(|error| RulebookError::Document {
            line: error.line(),
            column: error.column(),
            source: DocumentError::new(error),
        })?;
        Self::checked(policy, document, in_force_from)
    }

    /// A rulebook of a stored document; its id is the hash of exactly these bytes.
    ///
    /// # Errors
    ///
    /// As [`Policy::from_json`] and [`Rulebook::new`].
    pub fn from_document(
        document: Vec<u8>,
        in_force_from: Timestamp,
    ) -> Result<Self, RulebookError> {
        Self::checked(Policy::from_json(&document)?, document, in_force_from)
    }

    fn checked(
        policy: Policy,
        document: Vec<u8>,
        in_force_from: Timestamp,
    ) -> Result<Self, RulebookError> {
        if document.len() > DOCUMENT_BYTES_MAX {
            return Err(RulebookError::TooLong { bytes: document.len() });
        }
        let faults = policy.lint();
        if !faults.is_empty() {
            return Err(RulebookError::Faults { faults });
        }
        let (id, basis) = (PolicyId::of_document(&document), policy.basis());
        Ok(Self { policy, id, document, in_force_from, basis })
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The id of the policy: the hash of its stored document.
    #[must_use]
    pub const fn id(&self) -> PolicyId {
        self.id
    }

    /// The document to store.
    #[must_use]
    pub fn document(&self) -> &[u8] {
        &self.document
    }

    /// The instant it is in force from.
    #[must_use]
    pub const fn in_force_from(&self) -> Timestamp {
        self.in_force_from
    }

    /// What the cuts of a calibration made for its policy depend on.
    pub(crate) const fn basis(&self) -> Basis {
        self.basis
    }

    /// The ids that answers given under it carry.
    #[must_use]
    pub const fn ids(&self) -> Ids {
        Ids::of_policy(self.id)
    }

    /// The reference by which a customer remembers it.
    #[must_use]
    pub const fn reference(&self) -> RulebookRef {
        RulebookRef { policy: self.id, in_force_from: self.in_force_from }
    }
}

/// Which rulebook a customer was last judged by.
///
/// ```
/// use guanxi::{Currency, Policy, Rulebook, Rulebooks, Timestamp};
///
/// let first = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
/// let again = Rulebook::new(Policy::new(Currency::USD), Timestamp::UNIX_EPOCH)?;
/// let books = Rulebooks::new(vec![first.clone(), again.clone()])?;
///
/// // One policy, in force from two instants: two references.
/// assert_eq!(first.id(), again.id());
/// assert_eq!(books.get(first.reference()), Some(&first));
/// assert_eq!(books.after(first.reference()), Some(&again));
/// assert_eq!(books.after(again.reference()), None);
/// # Ok::<(), guanxi::rulebook::RulebookError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RulebookRef {
    /// The policy.
    pub policy: PolicyId,
    /// The instant it is in force from; tells apart two times of the same policy.
    pub in_force_from: Timestamp,
}

impl RulebookRef {
    /// A reference, as a store kept it.
    #[must_use]
    pub const fn new(policy: PolicyId, in_force_from: Timestamp) -> Self {
        Self { policy, in_force_from }
    }
}
