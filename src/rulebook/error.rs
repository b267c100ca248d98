//! Why a rulebook cannot be made.

use super::books::RULEBOOKS_MAX;
use super::document::DOCUMENT_BYTES_MAX;
use crate::lint::Fault;
use crate::money::Currency;
use crate::time::Timestamp;

/// Why a document is not a policy, or not a calibration.
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

impl DocumentError {
    pub(super) const fn new(error: serde_json::Error) -> Self {
        Self(error)
    }
}

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
    /// The document is not a calibration.
    #[error("the document is not a calibration, line {line}, column {column}")]
    Calibration {
        /// The line of the document, from 1.
        line: usize,
        /// The column of the line, from 1.
        column: usize,
        /// What is wrong there.
        source: DocumentError,
    },
    /// The document is longer than [`DOCUMENT_BYTES_MAX`].
    #[error("the document has {bytes} bytes, at most {DOCUMENT_BYTES_MAX} allowed")]
    TooLong {
        /// How many it has.
        bytes: usize,
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
