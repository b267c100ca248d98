//! What a dropped commit has left.

use std::thread;

use super::super::check::{Deviation, same};
use super::super::harness::Harness;
use super::super::subject::{Answer, Trial};
use crate::customer::Customer;
use crate::store::{Commit, CustomerStore, PageSize};

/// How often somebody looks until all traces say the same: what was dropped may still be carried out,
/// between one look and the next.
const LOOKS_MAX: usize = 2_000;

/// A commit, and its customers before and after it.
pub(super) struct Attempt {
    pub(super) before: Vec<Customer>,
    pub(super) after: Vec<Customer>,
    pub(super) commit: Commit,
}

/// A trace: what it is of, and whether it says that the commit was carried out.
type Trace = (String, bool);

impl<H: Harness> Trial<'_, H> {
    /// All traces of a dropped commit say the same. Gives what they say; where they say that nothing was
    /// carried out, it may be all the same a little later.
    pub(super) fn all_or_nothing(&self, attempt: &Attempt) -> Result<bool, Deviation> {
        let mut traces = Vec::new();
        for _ in 0..LOOKS_MAX {
            traces = self.traces(attempt)?;
            let first = traces.first().is_some_and(|(_, there)| *there);
            if traces.iter().all(|(_, there)| *there == first) {
                return Ok(first);
            }
            thread::yield_now();
        }
        let list = |wanted: bool| {
            let those = traces.iter().filter(|(_, there)| *there == wanted);
            those.map(|(what, _)| what.as_str()).collect::<Vec<_>>().join(", ")
        };
        let saw = format!("left: {}; missing: {}", list(true), list(false));
        Err(Deviation::new("a dropped commit to leave all or nothing", saw))
    }

    fn traces(&self, Attempt { before, after, commit }: &Attempt) -> Result<Vec<Trace>, Deviation> {
        let mut traces = Vec::new();
        let receipt = || self.store.receipt(self.tenant, commit.command_id());
        let receipt = self.ask("asking for a receipt", receipt)?;
        traces.push(("the receipt".to_owned(), receipt.is_some()));
        for (before, after) in before.iter().zip(after) {
            let id = after.id();
            let revision = self.load(id)?.map_or(0, |customer| customer.revision());
            let entries = self.page(id, before.revision(), PageSize::MAX)?;
            traces.push((format!("the state of customer {id}"), revision != before.revision()));
            traces.push((format!("the entry of customer {id}"), !entries.is_empty()));
        }
        for change in commit.changes() {
            for key in &change.claims_taken {
                let holder = || self.store.holder(self.tenant, key);
                let holder = self.ask("asking for a holder", holder)?;
                traces.push((format!("the claim `{}`", key.key()), holder == Some(change.id)));
            }
        }
        Ok(traces)
    }

    /// A commit whose call was dropped, or came through with this answer: it left all or nothing, and
    /// sent again it is carried out once.
    pub(super) fn once_in_all(
        &self,
        attempt: &Attempt,
        answer: Option<Answer>,
    ) -> Result<(), Deviation> {
        let Attempt { after, commit, .. } = attempt;
        let there = self.all_or_nothing(attempt)?;
        if let Some(answer) = answer {
            same("the answer to a commit", &Ok(commit.receipt()), &answer)?;
            same("whether a commit that returned was carried out", &true, &there)?;
        }
        match there {
            true => self.replays(commit),
            false => self.carries_out(commit),
        }?;
        after.iter().try_for_each(|customer| self.holds(customer))?;
        self.remembers(commit)?;
        self.replays(commit)
    }

    /// A commit goes through, or has done so before.
    pub(super) fn carries_out(&self, commit: &Commit) -> Result<(), Deviation> {
        let answer = self.commit(commit);
        if answer == Ok(commit.receipt().replay()) {
            return Ok(());
        }
        same("the answer to a command that is sent again", &Ok(commit.receipt()), &answer)
    }
}
