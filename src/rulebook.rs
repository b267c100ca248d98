//! Rulebooks: what the business wants, from when on.
//!
//! A [`Policy`] is one document that people write. A [`Rulebook`] is a policy with the instant it is in
//! force from. [`Rulebooks`] is the succession of them; every path that judges a customer first
//! catches up under the older one to the instant the newer one comes into force.

use serde::{Deserialize, Serialize};

use crate::explain::Ids;
use crate::id::PolicyId;
use crate::lifecycle::LifecyclePolicy;
use crate::lint::Fault;
use crate::money::Currency;
use crate::time::{Timestamp, Zone};

/// What the business wants: one document, in sections, one for each room.
///
/// ```
/// use guanxi::{Currency, Policy};
///
/// let policy = Policy::new(Currency::CNY);
/// assert_eq!(policy.lifecycle.lapse.floor_days, 60);
/// assert_eq!(policy.lint(), []);
///
/// let strict: Policy = Policy::from_json(br#"{"currency":"CNY","zone":"+08:00"}"#)?;
/// assert_eq!(strict.zone.to_string(), "+08:00");
/// # Ok::<(), guanxi::rulebook::RulebookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The base currency: every ledger is kept in it.
    pub currency: Currency,
    /// Where business days begin and end.
    #[serde(default)]
    pub zone: Zone,
    /// How far beyond `now` a fact may be dated, in seconds, before it is refused; clocks of other
    /// machines run a little ahead.
    #[serde(default = "default_tolerance")]
    pub future_tolerance_seconds: u32,
    /// The lifecycle.
    #[serde(default)]
    pub lifecycle: LifecyclePolicy,
}

const fn default_tolerance() -> u32 {
    300
}

/// The most that clocks may differ before a fact is refused as dated in the future: a day.
pub const FUTURE_TOLERANCE_SECONDS_MAX: u32 = 86_400;

impl Policy {
    /// The documented default for a base currency, with business days in UTC.
    #[must_use]
    pub fn new(currency: Currency) -> Self {
        Self {
            currency,
            zone: Zone::UTC,
            future_tolerance_seconds: default_tolerance(),
            lifecycle: LifecyclePolicy::default(),
        }
    }

    /// Reads the document. Fields left out have their defaults; unknown fields are refused.
    ///
    /// ```
    /// use guanxi::Policy;
    /// use guanxi::rulebook::RulebookError;
    ///
    /// let typo = Policy::from_json(b"{\n  \"currency\": \"USD\",\n  \"zona\": \"+08:00\"\n}");
    /// assert!(matches!(typo, Err(RulebookError::Document { line: 3, .. })));
    /// # assert!(Policy::from_json(br#"{"currency":"USD"}"#).is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// [`RulebookError::Document`] when it is not a policy.
    pub fn from_json(document: &[u8]) -> Result<Self, RulebookError> {
        serde_json::from_slice(document).map_err(|error| RulebookError::Document {
            line: error.line(),
            column: error.column(),
            source: DocumentError(error),
        })
    }

    /// Every fault, at its path, with a remedy. An empty answer means the policy can be used.
    ///
    /// ```
    /// use guanxi::{Currency, Policy};
    ///
    /// let mut policy = Policy::new(Currency::USD);
    /// policy.lifecycle.lapse.floor_days = 0;
    /// let faults = policy.lint();
    /// assert_eq!(faults[0].path, "lifecycle.lapse.floor_days");
    /// assert_eq!(faults[0].remedy, "choose at least 1 day");
    /// ```
    #[must_use]
    pub fn lint(&self) -> Vec<Fault> {
        let mut faults = self.lifecycle.lint("lifecycle");
        if self.future_tolerance_seconds > FUTURE_TOLERANCE_SECONDS_MAX {
            faults.push(Fault::new(
                "future_tolerance_seconds",
                "one mistyped date would make every later fact late",
                "choose at most a day, 86400",
            ));
        }
        faults
    }
}

/// Why a document is not a policy.
///
/// It is the source of [`RulebookError::Document`]. The parser's message may quote the document,
/// which a policy can bear: it holds no personal data.
///
/// ```
/// use std::error::Error;
///
/// use guanxi::Policy;
///
/// let error = Policy::from_json(br#"{"currency":"USD","zona":"+08:00"}"#).unwrap_err();
/// assert_eq!(error.to_string(), "the document is not a policy, line 1, column 24");
/// let source = error.source().expect("a document error has its cause");
/// assert!(source.to_string().starts_with("unknown field `zona`"));
/// ```
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct DocumentError(serde_json::Error);

/// Why a rulebook cannot be made.
///
/// ```
/// use guanxi::rulebook::RulebookError;
/// use guanxi::{Currency, Policy, Rulebook, Rulebooks, Timestamp};
///
/// let book = |currency, from| Rulebook::new(Policy::new(currency), from);
/// let dollars = book(Currency::USD, Timestamp::MIN)?;
/// let euros = book(Currency::EUR, Timestamp::UNIX_EPOCH)?;
/// assert!(matches!(
///     Rulebooks::new(vec![dollars.clone(), euros]),
///     Err(RulebookError::CurrencyChanged { from: Currency::USD, to: Currency::EUR })
/// ));
/// assert!(matches!(
///     Rulebooks::new(vec![dollars.clone(), dollars]),
///     Err(RulebookError::SameInstant { at: Timestamp::MIN })
/// ));
/// # Ok::<(), RulebookError>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RulebookError {
    /// The document is not a policy.
    #[error("the document is not a policy, line {line}, column {column}")]
    Document {
        /// The line of the document, from 1.
        line: usize,
        /// The column of the line, from 1.
        column: usize,
        /// What is wrong there.
        source: DocumentError,
    },
    /// The policy has faults.
    #[error("the policy has {} faults", faults.len())]
    Faults {
        /// Every one of them.
        faults: Vec<Fault>,
    },
    /// A succession needs at least one rulebook, and at most [`RULEBOOKS_MAX`].
    #[error("{count} rulebooks, between 1 and {RULEBOOKS_MAX} needed")]
    Count {
        /// How many were given.
        count: usize,
    },
    /// Two rulebooks come into force at the same instant.
    #[error("two rulebooks come into force at {at}")]
    SameInstant {
        /// That instant.
        at: Timestamp,
    },
    /// A rulebook added to a succession comes into force no later than its last one: what was judged
    /// since would have been judged otherwise.
    #[error("a rulebook in force from {given} does not come after one in force from {latest}")]
    NotLater {
        /// From when the last one is in force.
        latest: Timestamp,
        /// From when the one given is.
        given: Timestamp,
    },
    /// A rulebook of the succession has another base currency than the one before it. Ledgers are
    /// kept in one currency.
    #[error("a rulebook changes the base currency from {from} to {to}")]
    CurrencyChanged {
        /// The currency before.
        from: Currency,
        /// The currency given.
        to: Currency,
    },
}

/// The most rulebooks in one succession: thirty years of monthly changes.
pub const RULEBOOKS_MAX: usize = 360;

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
}

impl Rulebook {
    /// A rulebook of a policy without faults.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Faults`] with every fault that [`Policy::lint`] finds.
    pub fn new(policy: Policy, in_force_from: Timestamp) -> Result<Self, RulebookError> {
        let document = serde_json::to_vec(&policy).map_err(|error| RulebookError::Document {
            line: error.line(),
            column: error.column(),
            source: DocumentError(error),
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
        let faults = policy.lint();
        if !faults.is_empty() {
            return Err(RulebookError::Faults { faults });
        }
        let id = PolicyId::of_document(&document);
        Ok(Self { policy, id, document, in_force_from })
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

/// A customer was judged by a rulebook that is not among those given.
pub(crate) struct UnknownRulebook(pub(crate) RulebookRef);

/// The rulebooks of a business, in the order they come into force.
///
/// ```
/// use guanxi::{Currency, Policy, Rulebook, Rulebooks, Timestamp};
///
/// let first = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
/// let mut policy = Policy::new(Currency::USD);
/// policy.lifecycle.lapse.floor_days = 90;
/// let second = Rulebook::new(policy, Timestamp::UNIX_EPOCH)?;
///
/// let books = Rulebooks::new(vec![second, first.clone()])?;
/// assert_eq!(books.in_force_at(Timestamp::MIN), &first);
/// # Ok::<(), guanxi::rulebook::RulebookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rulebooks {
    first: Rulebook,
    later: Vec<Rulebook>,
}

impl From<Rulebook> for Rulebooks {
    fn from(first: Rulebook) -> Self {
        Self { first, later: Vec::new() }
    }
}

impl Rulebooks {
    /// A succession, given in any order.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Count`], [`RulebookError::SameInstant`], [`RulebookError::CurrencyChanged`].
    pub fn new(mut books: Vec<Rulebook>) -> Result<Self, RulebookError> {
        let count = books.len();
        if count == 0 || count > RULEBOOKS_MAX {
            return Err(RulebookError::Count { count });
        }
        books.sort_by_key(Rulebook::in_force_from);
        for (before, after) in books.iter().zip(books.iter().skip(1)) {
            if before.in_force_from == after.in_force_from {
                return Err(RulebookError::SameInstant { at: after.in_force_from });
            }
            let (from, to) = (before.policy.currency, after.policy.currency);
            if from != to {
                return Err(RulebookError::CurrencyChanged { from, to });
            }
        }
        let mut books = books.into_iter();
        let Some(first) = books.next() else { return Err(RulebookError::Count { count }) };
        Ok(Self { first, later: books.collect() })
    }

    /// The same succession with one rulebook more, which comes into force after all of them.
    ///
    /// ```
    /// use guanxi::rulebook::RulebookError;
    /// use guanxi::{Currency, Policy, Rulebook, Rulebooks, Timestamp};
    ///
    /// let book = |from| Rulebook::new(Policy::new(Currency::USD), from);
    /// let books = Rulebooks::from(book(Timestamp::UNIX_EPOCH)?);
    /// let same_instant = books.clone().with_next(book(Timestamp::UNIX_EPOCH)?);
    /// assert!(matches!(same_instant, Err(RulebookError::NotLater { .. })));
    /// assert_eq!(books.with_next(book(Timestamp::MAX)?)?.iter().count(), 2);
    /// # Ok::<(), RulebookError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`RulebookError::NotLater`], [`RulebookError::Count`], [`RulebookError::CurrencyChanged`].
    pub fn with_next(self, book: Rulebook) -> Result<Self, RulebookError> {
        let (latest, given) = (self.latest().in_force_from, book.in_force_from);
        if given <= latest {
            return Err(RulebookError::NotLater { latest, given });
        }
        let Self { first, later } = self;
        Self::new([first].into_iter().chain(later).chain([book]).collect())
    }

    /// Every rulebook, in the order they come into force.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Rulebook> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// The newest rulebook, whether it is in force yet or not.
    #[must_use]
    pub fn latest(&self) -> &Rulebook {
        self.later.last().unwrap_or(&self.first)
    }

    /// The rulebook in force at `at`; the first one for all time before it.
    ///
    /// ```
    /// use guanxi::{Currency, Policy, Rulebook, Rulebooks, Timestamp};
    ///
    /// let from: Timestamp = "2026-01-01T00:00:00Z".parse()?;
    /// let old = Rulebook::new(Policy::new(Currency::USD), Timestamp::UNIX_EPOCH)?;
    /// let new = Rulebook::new(Policy::new(Currency::USD), from)?;
    /// let books = Rulebooks::new(vec![old.clone(), new.clone()])?;
    ///
    /// assert_eq!(books.in_force_at(from), &new);
    /// assert_eq!(books.in_force_at(from.previous()), &old);
    /// assert_eq!(books.in_force_at(Timestamp::MIN), &old); // nothing was in force before it
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn in_force_at(&self, at: Timestamp) -> &Rulebook {
        self.iter().rev().find(|book| book.in_force_from <= at).unwrap_or(&self.first)
    }

    /// The rulebook that a customer remembers.
    #[must_use]
    pub fn get(&self, reference: RulebookRef) -> Option<&Rulebook> {
        self.iter().rev().find(|book| {
            book.in_force_from == reference.in_force_from && book.id == reference.policy
        })
    }

    /// The rulebook that a customer remembers, or the refusal to judge it by another.
    pub(crate) fn judging(&self, reference: RulebookRef) -> Result<&Rulebook, UnknownRulebook> {
        self.get(reference).ok_or(UnknownRulebook(reference))
    }

    /// The rulebook that comes into force next after `reference`.
    #[must_use]
    pub fn after(&self, reference: RulebookRef) -> Option<&Rulebook> {
        self.later.iter().find(|book| book.in_force_from > reference.in_force_from)
    }
}
