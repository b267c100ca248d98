//! What a check is, and what it says when it fails.

use std::error::Error;
use std::fmt;

use super::harness::Harness;
use super::names::Names;
use super::subject::Subject;

/// A clause of the [contract](crate::store).
///
/// ```
/// use guanxi::store::conformance::Clause;
///
/// assert_eq!(Clause::C1.to_string(), "C1");
/// assert_eq!(Clause::C1.text(), "all of a commit or none");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Clause {
    /// All of a commit or none.
    C1,
    /// No unconditional write.
    C2,
    /// Each change makes the next revision.
    C3,
    /// Claims are unique.
    C4,
    /// The same command again gives its first receipt.
    C5,
    /// Durable before return.
    C6,
    /// What returned is read.
    C7,
    /// History in stable pages.
    C8,
    /// Tenants never see each other.
    C9,
    /// A feed skips nothing.
    C10,
    /// A scan gives every customer once.
    C11,
    /// The agenda gives every customer that is due.
    C12,
    /// After an erasure no personal data is readable.
    C13,
    /// A dropped commit leaves all or nothing.
    C14,
    /// Unknown newer data is an error.
    C15,
    /// Rulebooks are only appended.
    C16,
    /// Calibrations are kept for good.
    C17,
}

impl Clause {
    /// What it says, in one sentence without a full stop.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::C1 => "all of a commit or none",
            Self::C2 => "no unconditional write: every change names the revision it expects",
            Self::C3 => "each change makes the next revision; the journal has no gaps",
            Self::C4 => {
                "claims are unique per tenant, taken and given up in the same commit; a loser \
                 learns who holds it"
            }
            Self::C5 => {
                "the same command again gives its first receipt; other content under its id is \
                 refused; checked before the revision"
            }
            Self::C6 => "durable before return",
            Self::C7 => "a commit that returned is read by every later load",
            Self::C8 => "history in the order of revisions, in stable pages",
            Self::C9 => "tenants never see each other",
            Self::C10 => {
                "a feed entry that becomes visible later never stands before a cursor already handed \
                 out; nothing is skipped"
            }
            Self::C11 => "a scan gives every customer once, in the order of ids",
            Self::C12 => {
                "the agenda gives every customer that is due, or judged by another rulebook, earliest \
                 first"
            }
            Self::C13 => {
                "after an erasure no personal data is readable, through any method or through the \
                 database's own interface; the skeleton of facts stays"
            }
            Self::C14 => "a dropped commit leaves all or nothing",
            Self::C15 => {
                "unknown newer data is an error, never a guess; messages carry no personal data"
            }
            Self::C16 => "rulebooks are only appended, each in force later than all before it",
            Self::C17 => "calibrations are kept for good under their ids; none is ever changed",
        }
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// One check of the kit, for the stores of one harness.
///
/// Checks are independent: each opens a store of its own and draws a tenant of its own.
/// The [module](super) has an example.
pub struct Check<H: Harness> {
    id: &'static str,
    clause: Clause,
    promise: &'static str,
    body: fn(Subject<'_, H>) -> Result<(), Deviation>,
}

impl<H: Harness> Check<H> {
    pub(super) const fn new(
        id: &'static str,
        clause: Clause,
        promise: &'static str,
        body: fn(Subject<'_, H>) -> Result<(), Deviation>,
    ) -> Self {
        Self { id, clause, promise, body }
    }

    /// Its stable id, which is also the name of its test.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// The clause it is about.
    #[must_use]
    pub const fn clause(&self) -> Clause {
        self.clause
    }

    /// What the contract promises, as far as this check goes: one sentence without a full stop.
    #[must_use]
    pub const fn promise(&self) -> &'static str {
        self.promise
    }

    /// Opens a store and checks it.
    ///
    /// # Errors
    ///
    /// [`Violation`]: the store does not keep the promise, or failed.
    pub fn run(&self, harness: &H) -> Result<(), Violation> {
        let names = Names::default();
        let checked = Subject::open(harness, self.id, &names).and_then(self.body);
        checked.map_err(|Deviation { expected, saw }| Violation {
            check: self.id,
            clause: self.clause,
            promise: self.promise,
            expected: names.spell(expected),
            saw: names.spell(saw),
        })
    }
}

impl<H: Harness> fmt::Debug for Check<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A store does not keep a promise of the contract. Shown, it is one paragraph: the check, the clause,
/// what was expected and what was seen instead.
///
/// It holds test data only: what the kit itself has written. [`Check::run`] gives it; the
/// [module](super) has an example.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The id of the check.
    pub check: &'static str,
    /// The clause.
    pub clause: Clause,
    /// What the contract promises.
    pub promise: &'static str,
    /// What would have kept it.
    pub expected: String,
    /// What the store did instead.
    pub saw: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { check, clause, promise, expected, saw } = self;
        let text = clause.text();
        write!(f, "{check} breaks {clause} ({text}): {promise}; expected {expected}; saw {saw}")
    }
}

impl Error for Violation {}

/// What a check saw against what it expected, before it is known which check it was.
#[derive(Debug)]
pub(super) struct Deviation {
    pub(super) expected: String,
    pub(super) saw: String,
}

impl Deviation {
    pub(super) fn new(expected: impl Into<String>, saw: impl Into<String>) -> Self {
        Self { expected: expected.into(), saw: saw.into() }
    }

    /// Something failed that nothing should have made fail.
    pub(super) fn failed(doing: &str, error: &dyn Error) -> Self {
        Self::new(format!("{doing} to succeed"), chain(error))
    }
}

/// An error with all its sources: whoever reads it has to find the fault with nothing else at hand.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// Compares one thing.
pub(super) fn same<T: PartialEq + fmt::Debug>(
    what: &str,
    expected: &T,
    saw: &T,
) -> Result<(), Deviation> {
    if expected == saw {
        return Ok(());
    }
    Err(Deviation::new(format!("{what}: {expected:?}"), format!("{saw:?}")))
}
