//! Commits that are kept under way.

use super::super::check::{Deviation, same};
use super::super::harness::Hold;
use super::super::subject::{Answer, Refusal, Trial};
use crate::store::Commit;

/// A transaction that is open. Dropped, it is let go of where the runtime of the store is at hand.
pub(super) struct Held<'a, H: Hold> {
    harness: &'a H,
    held: Option<H::Held>,
}

impl<H: Hold> Drop for Held<'_, H> {
    fn drop(&mut self) {
        if let Some(held) = self.held.take() {
            self.harness.block_on(async move { drop(held) });
        }
    }
}

impl<H: Hold> Held<'_, H> {
    /// Ends it, whatever the answer; `None` for one that was ended already.
    pub(super) fn end(mut self) -> Option<Result<(), Refusal>> {
        let finished = self.harness.finish(self.held.take()?);
        Some(self.harness.block_on(finished).map_err(Refusal::from))
    }
}

impl<'a, H: Hold> Trial<'a, H> {
    /// A transaction of its own.
    pub(super) fn begin(&self) -> Result<Held<'a, H>, Deviation> {
        let begin = || self.harness.begin(self.guard, self.store);
        let held = Some(self.ask("beginning a transaction", begin)?);
        Ok(Held { harness: self.harness, held })
    }

    /// Carries out a commit in a transaction, whatever the answer; `None` for one that was ended.
    pub(super) fn carry_out(&self, held: &mut Held<'a, H>, commit: &Commit) -> Option<Answer> {
        let held = held.held.as_mut()?;
        let carried_out = self.harness.carry_out(self.store, held, self.tenant, commit.clone());
        Some(self.harness.block_on(carried_out).map_err(Refusal::from))
    }

    /// A transaction with this commit in it, that nothing stands in the way of.
    pub(super) fn held_with(&self, commit: &Commit) -> Result<Held<'a, H>, Deviation> {
        let mut held = self.begin()?;
        let answer = self.carry_out(&mut held, commit);
        let expected = Some(Ok(commit.receipt()));
        same("the answer to a commit that is kept under way", &expected, &answer)?;
        Ok(held)
    }

    /// Ends a transaction that nothing stands in the way of.
    pub(super) fn finish(&self, held: Held<'a, H>) -> Result<(), Deviation> {
        same("the end of a commit that was under way", &Some(Ok(())), &held.end())
    }

    /// Rolls a transaction back.
    pub(super) fn abandon(&self, mut held: Held<'a, H>) -> Result<(), Deviation> {
        let Some(held) = held.held.take() else { return Ok(()) };
        let abandoned = self.harness.block_on(self.harness.abandon(held));
        abandoned.map_err(|error| Deviation::failed("rolling back a commit", &error))
    }
}
