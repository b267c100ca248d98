//! A commit: what one command changes, as pure data for a store.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{CommitError, StoreError, StoreErrorKind, StoredEntry};
use crate::churn::RiskBand;
use crate::customer::{Change, Customer, Entry, Part, PartName};
use crate::id::{CommandId, CustomerId};
use crate::lifecycle::Stage;
use crate::profile::{ExternalKey, ProfileEvent};
use crate::rulebook::{RulebookRef, Rulebooks};
use crate::tier::Tier;
use crate::time::Timestamp;

/// The schema of a journal entry's document.
const ENTRY_SCHEMA: u16 = 1;

/// The hash of a command's content: not of who sent it, nor of when.
///
/// The example of the [`guide`](super::guide) compares two.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of a command to one customer.
    pub(crate) fn of(id: CustomerId, command: &impl Serialize) -> Result<Self, StoreError> {
        let content = serde_json::to_vec(command).map_err(StoreError::document)?;
        let hash = Sha256::new().chain_update(id.uuid().as_bytes()).chain_update(content);
        Ok(Self(hash.finalize().into()))
    }

    /// The fingerprint that these stored bytes are.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Fingerprint {
    /// Without the hash: one of a short secret gives the secret away.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint(..)")
    }
}

/// The state that a change expects to find (C2).
///
/// The example of the [`guide`](super::guide) checks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// No such customer.
    Absent,
    /// The customer at this revision.
    At(u64),
}

impl Expected {
    /// The revision to find; `None` when there must be no such customer.
    #[must_use]
    pub const fn revision(self) -> Option<u64> {
        match self {
            Self::Absent => None,
            Self::At(revision) => Some(revision),
        }
    }
}

/// What a store keeps in real columns, for hosts to query.
///
/// [`Agenda`](super::Agenda) is answered from it. The rest is for the host's own queries, which then
/// need not read documents. What time changes by itself is as it was when the customer was last written:
/// an override of the tier that is over stays in its column until a run records that.
///
/// ```
/// use guanxi::churn::RiskBand;
/// use guanxi::store::Index;
/// use guanxi::tier::Tier;
/// use guanxi::{Stage, Timestamp};
///
/// let before = Index::new(Stage::Growing, Some(Timestamp::UNIX_EPOCH), None);
/// assert_eq!(before.reviewed_at, None);
/// let index = before.with_review(Some(Tier::B), Some(RiskBand::Low), Some(Timestamp::UNIX_EPOCH));
/// assert_eq!((index.tier, index.risk), (Some(Tier::B), Some(RiskBand::Low)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Index {
    /// The stage by everything recorded.
    pub stage: Stage,
    /// When something falls due without a new fact.
    pub wake_at: Option<Timestamp>,
    /// The rulebook that judged the customer; `None` while only its profile is known. Two times of
    /// one policy are two rulebooks.
    pub rulebook: Option<RulebookRef>,
    /// The tier by everything recorded: a person's word, or what the last review gave.
    pub tier: Option<Tier>,
    /// The risk band that the last review gave.
    pub risk: Option<RiskBand>,
    /// When the customer was reviewed last; `None` before the first review.
    pub reviewed_at: Option<Timestamp>,
}

impl Index {
    /// The columns of a customer that nobody has reviewed, as a store kept them.
    #[must_use]
    pub const fn new(
        stage: Stage,
        wake_at: Option<Timestamp>,
        rulebook: Option<RulebookRef>,
    ) -> Self {
        Self { stage, wake_at, rulebook, tier: None, risk: None, reviewed_at: None }
    }

    /// The same columns with those of the last review, as a store kept them.
    #[must_use]
    pub const fn with_review(
        self,
        tier: Option<Tier>,
        risk: Option<RiskBand>,
        reviewed_at: Option<Timestamp>,
    ) -> Self {
        Self { tier, risk, reviewed_at, ..self }
    }

    /// The columns that a customer should have.
    pub(crate) fn of(customer: &Customer, books: &Rulebooks) -> Self {
        let (reviews, last) = (customer.reviews(), customer.reviews().last());
        let risk = last.and_then(|review| review.risk).map(|risk| risk.band);
        Self::new(customer.stage(), customer.wake_at(books), customer.rulebook()).with_review(
            reviews.tier(),
            risk,
            last.map(|review| review.at),
        )
    }
}

/// The change of one customer.
///
/// The example of the [`guide`](super::guide) carries one out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomerChange {
    /// Which customer.
    pub id: CustomerId,
    /// What it expects to find.
    pub expected: Expected,
    /// The entry of the journal, with the revision it makes.
    pub entry: StoredEntry,
    /// Parts to write.
    pub put: Vec<Part>,
    /// Parts to remove.
    pub removed: Vec<PartName>,
    /// Claims to take.
    pub claims_taken: Vec<ExternalKey>,
    /// Claims to give up.
    pub claims_released: Vec<ExternalKey>,
    /// Whether the command's content is personal data, so that its fingerprint must be
    /// [forgotten](super::Erase::forget) with the customer.
    pub personal: bool,
    /// The columns.
    pub index: Index,
}

/// What one command changes. Only the library makes one, so a store cannot be handed a commit that
/// was never decided.
///
/// The example of the [`guide`](super::guide) carries one out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    command_id: CommandId,
    fingerprint: Fingerprint,
    builds_on: Option<CommandId>,
    changes: Vec<CustomerChange>,
}

impl Commit {
    /// The commit of a change that a customer decided.
    pub(crate) fn of(
        customer: &Customer,
        change: &Change,
        fingerprint: Fingerprint,
        books: &Rulebooks,
    ) -> Result<Self, StoreError> {
        let (put, removed) = customer.touched_parts(change);
        let (claims_taken, claims_released) = match &change.profile {
            Some(profile) => (profile.claims_taken.clone(), profile.claims_released.clone()),
            None => (Vec::new(), Vec::new()),
        };
        let expected = match change.entry.revision {
            0 | 1 => Expected::Absent,
            revision => Expected::At(revision.saturating_sub(1)),
        };
        Ok(Self {
            command_id: change.entry.command_id,
            fingerprint,
            builds_on: None,
            changes: vec![CustomerChange {
                id: customer.id(),
                expected,
                entry: StoredEntry::encode(&change.entry)?,
                put,
                removed,
                claims_taken,
                claims_released,
                personal: is_personal(change),
                index: Index::of(customer, books),
            }],
        })
    }

    /// The same commit, decided on what another command of the same call would have made.
    pub(crate) fn building_on(mut self, command_id: Option<CommandId>) -> Self {
        self.builds_on = command_id;
        self
    }

    /// Both as one commit, under the command of this one. No command changes two customers yet; stores
    /// must be ready for those that will, so the checks of C1 and C4 need one.
    #[cfg(feature = "conformance")]
    pub(crate) fn joined(mut self, other: Self) -> Self {
        self.changes.extend(other.changes);
        self
    }

    /// The same commit with other changes: the checks need columns, instants and documents that no
    /// command of theirs decides.
    #[cfg(feature = "conformance")]
    pub(crate) fn altered(mut self, alter: impl FnMut(&mut CustomerChange)) -> Self {
        self.changes.iter_mut().for_each(alter);
        self
    }

    /// The command's id (C5).
    #[must_use]
    pub const fn command_id(&self) -> CommandId {
        self.command_id
    }

    /// The fingerprint of the command's content (C5).
    #[must_use]
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The command, of the same call of [`Bulk::commit_many`](super::Bulk::commit_many), that must have
    /// been carried out by it: this commit was decided on what that one makes. Its expected revision
    /// alone does not tell, for somebody else may have made a revision of the same number (C2).
    #[must_use]
    pub const fn builds_on(&self) -> Option<CommandId> {
        self.builds_on
    }

    /// The changes; all of them or none (C1).
    #[must_use]
    pub fn changes(&self) -> &[CustomerChange] {
        &self.changes
    }

    /// The changes, for a store that keeps their documents as they are.
    #[must_use]
    pub fn into_changes(self) -> Vec<CustomerChange> {
        self.changes
    }

    /// The receipt of this commit, once it has been carried out.
    #[must_use]
    pub fn receipt(&self) -> Receipt {
        let revisions = self.changes.iter().map(|change| (change.id, change.entry.revision));
        let revisions = revisions.collect();
        Receipt { command_id: self.command_id, revisions, replayed: false }
    }

    /// What to remember of this commit, once it has been carried out (C5).
    #[must_use]
    pub fn accepted(&self) -> Accepted {
        Accepted { fingerprint: Some(self.fingerprint), receipt: self.receipt() }
    }
}

/// That a commit was carried out.
///
/// The example of the [`guide`](super::guide) keeps the first one of each command.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The command.
    pub command_id: CommandId,
    /// The customers it changed, with the revision it made of each.
    pub revisions: Vec<(CustomerId, u64)>,
    /// The command had been carried out before; this is its first receipt.
    pub replayed: bool,
}

impl Receipt {
    /// The receipt of a command, as a store kept it.
    #[must_use]
    pub const fn new(command_id: CommandId, revisions: Vec<(CustomerId, u64)>) -> Self {
        Self { command_id, revisions, replayed: false }
    }

    /// The same receipt, given again.
    #[must_use]
    pub fn replay(&self) -> Self {
        Self { replayed: true, ..self.clone() }
    }
}

/// Whether the command had personal data in it; one that erases has none.
fn is_personal(change: &Change) -> bool {
    let profile = change.profile.as_ref();
    profile.is_some_and(|profile| profile.event != ProfileEvent::Erased)
}

/// What is remembered of a command that was carried out.
///
/// ```
/// use guanxi::store::{Accepted, CommitError, Fingerprint, Receipt};
/// use guanxi::CommandId;
///
/// let fingerprint = Fingerprint::from_bytes([7; 32]);
/// let receipt = Receipt::new(CommandId::derive("orders", "4711"), Vec::new());
/// let mut accepted = Accepted { fingerprint: Some(fingerprint), receipt };
///
/// // The same command again, another command under its id, and one whose content was erased.
/// assert!(accepted.again(fingerprint)?.replayed);
/// let other = accepted.again(Fingerprint::from_bytes([8; 32]));
/// assert!(matches!(other, Err(CommitError::CommandReused)));
/// accepted.fingerprint = None;
/// assert!(matches!(accepted.again(fingerprint), Err(CommitError::Forgotten)));
/// # Ok::<(), CommitError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The fingerprint of its content; `None` once that was [forgotten](super::Erase::forget).
    pub fingerprint: Option<Fingerprint>,
    /// Its first receipt.
    pub receipt: Receipt,
}

impl Accepted {
    /// The answer to a command that comes under the same id (C5).
    ///
    /// # Errors
    ///
    /// [`CommitError::CommandReused`] for other content, [`CommitError::Forgotten`] when that can no
    /// longer be told.
    pub fn again(&self, fingerprint: Fingerprint) -> Result<Receipt, CommitError> {
        match self.fingerprint {
            Some(first) if first == fingerprint => Ok(self.receipt.replay()),
            Some(_) => Err(CommitError::CommandReused),
            None => Err(CommitError::Forgotten),
        }
    }
}

impl StoredEntry {
    /// The document of an entry.
    pub(crate) fn encode(entry: &Entry) -> Result<Self, StoreError> {
        let document = serde_json::to_vec(entry).map_err(StoreError::document)?;
        let (revision, recorded_at) = (entry.revision, entry.recorded_at);
        Ok(Self { revision, recorded_at, schema: ENTRY_SCHEMA, document })
    }

    /// The entry that a document holds.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Newer`] for a schema this version does not know,
    /// [`StoreErrorKind::Document`] for what is not an entry.
    pub fn decode(&self) -> Result<Entry, StoreError> {
        if self.schema != ENTRY_SCHEMA {
            return Err(StoreErrorKind::Newer.into());
        }
        serde_json::from_slice(&self.document).map_err(StoreError::document)
    }
}
