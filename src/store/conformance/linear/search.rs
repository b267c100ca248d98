//! The search for an order that explains a history.

use std::collections::BTreeSet;

use super::record::Done;
use super::specification::State;

/// Whether these operations can have happened one after the other, so that each was answered as it was.
pub(super) fn is_linear(start: &State, history: &[Done]) -> bool {
    Search { history, fruitless: BTreeSet::new() }.explains(start, 0)
}

struct Search<'a> {
    history: &'a [Done],
    /// What was reached before and led nowhere: the operations that are done, a bit for each, and the
    /// state after them.
    fruitless: BTreeSet<(u64, State)>,
}

impl Search<'_> {
    /// Whether those that are not done yet can come after this state.
    fn explains(&mut self, state: &State, done: u64) -> bool {
        let history = self.history;
        let left = || {
            let numbered = (0_u32..).zip(history);
            numbered.map(|(nth, each)| (1_u64 << nth, each)).filter(|(bit, _)| done & bit == 0)
        };
        // Whatever began after another had ended comes after it.
        let Some(first_end) = left().map(|(_, each)| each.ended).min() else { return true };
        if self.fruitless.contains(&(done, state.clone())) {
            return false;
        }
        for (bit, each) in left().filter(|(_, each)| each.began < first_end) {
            let next = state.after(each.operation, each.outcome);
            if next.is_some_and(|next| self.explains(&next, done | bit)) {
                return true;
            }
        }
        self.fruitless.insert((done, state.clone()));
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::specification::{Operation, Outcome};
    use super::*;

    fn commit(command: usize, revision: u64) -> Operation {
        Operation::Commit { command, mark: command, who: 0, revision, claim: None }
    }

    fn done(span: (u64, u64), operation: Operation, outcome: Outcome) -> Done {
        Done { thread: 0, began: span.0, ended: span.1, operation, outcome }
    }

    fn explained(history: &[Done]) -> bool {
        is_linear(&State::new(1, 1), history)
    }

    #[test]
    fn operations_that_overlap_may_have_happened_in_either_order() {
        let write = done((0, 3), commit(0, 0), Outcome::CarriedOut);
        for seen in [(0, None), (1, Some(0))] {
            let read = done((1, 2), Operation::Load(0), Outcome::Version(seen));
            assert!(explained(&[write, read]));
        }
    }

    #[test]
    fn what_has_ended_is_seen_by_what_begins() {
        let write = done((0, 1), commit(0, 0), Outcome::CarriedOut);
        let read = |seen| done((2, 3), Operation::Load(0), Outcome::Version(seen));
        assert!(explained(&[write, read((1, Some(0)))]));
        assert!(!explained(&[write, read((0, None))]));
    }

    #[test]
    fn nothing_is_seen_and_then_not_seen_any_more() {
        let write = done((0, 9), commit(0, 0), Outcome::CarriedOut);
        let read = |span, seen| done(span, Operation::Load(0), Outcome::Version(seen));
        let (before, after) = ((0, None), (1, Some(0)));
        assert!(explained(&[write, read((1, 2), before), read((3, 4), after)]));
        assert!(!explained(&[write, read((1, 2), after), read((3, 4), before)]));
    }

    #[test]
    fn one_of_two_at_one_revision_goes_through() {
        let first = done((0, 3), commit(0, 0), Outcome::CarriedOut);
        let second = |outcome| done((1, 2), commit(1, 0), outcome);
        assert!(explained(&[first, second(Outcome::Conflict)]));
        assert!(!explained(&[first, second(Outcome::CarriedOut)]));
    }

    #[test]
    fn a_command_is_carried_out_once() {
        let first = done((0, 3), commit(0, 0), Outcome::CarriedOut);
        let again = |outcome| done((1, 2), commit(0, 0), outcome);
        assert!(explained(&[first, again(Outcome::Repeated)]));
        assert!(explained(&[first, again(Outcome::CarriedOutSometime)]));
        assert!(!explained(&[first, again(Outcome::CarriedOut)]));
    }
}
