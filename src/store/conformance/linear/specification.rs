//! What a store does when one operation comes after the other.

use std::collections::BTreeSet;

/// A command of the history, by its place in it.
pub(super) type CommandNumber = usize;

/// A customer, or a claim, by its number.
pub(super) type Number = usize;

/// The state of a customer: how many changes it has seen, and the mark of what it is after them.
pub(super) type Version = (u64, Option<CommandNumber>);

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    /// A command to one customer, decided on a version, which may take a claim. What it makes of the
    /// customer is marked with the first command that makes the same.
    Commit {
        command: CommandNumber,
        mark: CommandNumber,
        who: Number,
        revision: u64,
        claim: Option<Number>,
    },
    Load(Number),
    Receipt(CommandNumber),
    Holder(Number),
}

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    CarriedOut,
    Repeated,
    /// Carried out, or repeated: it had to be sent more than once, so that cannot be told.
    CarriedOutSometime,
    Conflict,
    ClaimedBy(Number),
    Version(Version),
    Known(bool),
    HeldBy(Option<Number>),
}

/// Everything that the answers depend on. Small, because it is remembered for every step of a search.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct State {
    versions: Vec<Version>,
    holders: Vec<Option<Number>>,
    known: BTreeSet<CommandNumber>,
}

impl State {
    /// Nobody is known and nothing is claimed.
    pub(super) fn new(customers: usize, claims: usize) -> Self {
        Self {
            versions: vec![(0, None); customers],
            holders: vec![None; claims],
            known: BTreeSet::new(),
        }
    }

    /// The state after this operation, if it may be answered so in this one.
    pub(super) fn after(&self, operation: Operation, outcome: Outcome) -> Option<Self> {
        let (answer, next) = self.answer(operation);
        let is_so = match (answer, outcome) {
            (Outcome::CarriedOut | Outcome::Repeated, Outcome::CarriedOutSometime) => true,
            (answer, outcome) => answer == outcome,
        };
        is_so.then_some(next)
    }

    fn answer(&self, operation: Operation) -> (Outcome, Self) {
        let unchanged = |outcome| (outcome, self.clone());
        match operation {
            Operation::Commit { command, .. } if self.known.contains(&command) => {
                unchanged(Outcome::Repeated)
            }
            Operation::Commit { who, revision, .. } if self.version(who).0 != revision => {
                unchanged(Outcome::Conflict)
            }
            Operation::Commit { command, mark, who, revision, claim } => {
                let holder = claim.and_then(|claim| self.holder(claim));
                match holder.filter(|holder| *holder != who) {
                    Some(holder) => unchanged(Outcome::ClaimedBy(holder)),
                    None => {
                        let version = (revision.saturating_add(1), Some(mark));
                        (Outcome::CarriedOut, self.with(command, who, version, claim))
                    }
                }
            }
            Operation::Load(who) => unchanged(Outcome::Version(self.version(who))),
            Operation::Receipt(command) => unchanged(Outcome::Known(self.known.contains(&command))),
            Operation::Holder(claim) => unchanged(Outcome::HeldBy(self.holder(claim))),
        }
    }

    fn with(
        &self,
        command: CommandNumber,
        who: Number,
        version: Version,
        claim: Option<Number>,
    ) -> Self {
        let mut next = self.clone();
        next.known.insert(command);
        if let Some(before) = next.versions.get_mut(who) {
            *before = version;
        }
        if let Some(holder) = claim.and_then(|claim| next.holders.get_mut(claim)) {
            *holder = Some(who);
        }
        next
    }

    fn version(&self, who: Number) -> Version {
        self.versions.get(who).copied().unwrap_or_default()
    }

    fn holder(&self, claim: Number) -> Option<Number> {
        self.holders.get(claim).copied().flatten()
    }
}
