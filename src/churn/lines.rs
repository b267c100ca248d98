//! The lines of a score: who hears them, and in which order they stand.

use super::rule::ChurnRule;
use crate::explain::{Points, Reason};

/// Who hears the lines of a score.
pub(super) trait Listener {
    /// Whether anybody hears. Where nobody does, a sum need not stop at every line.
    const HEARS: bool;

    /// An indicator, and the thousandths of a point that it adds.
    fn indicator(&mut self, line: impl FnOnce() -> Reason<ChurnRule>, added: i64);
    /// What is done to the sum; nobody hears of nothing.
    fn adjust(&mut self, line: Reason<ChurnRule>, added: i64);
    /// What adds nothing.
    fn remark(&mut self, line: impl FnOnce() -> Reason<ChurnRule>);
}

/// Nobody: a counterfactual asks for hundreds of scores and no line of theirs.
pub(super) struct Silent;

impl Listener for Silent {
    const HEARS: bool = false;

    fn indicator(&mut self, _: impl FnOnce() -> Reason<ChurnRule>, _: i64) {}
    fn adjust(&mut self, _: Reason<ChurnRule>, _: i64) {}
    fn remark(&mut self, _: impl FnOnce() -> Reason<ChurnRule>) {}
}

/// Indicators first, those that add most before the others, then what is done to the sum, then
/// remarks.
pub(super) struct Lines {
    reasons: Vec<Reason<ChurnRule>>,
    /// How many of them, from the front, are of indicators.
    indicators: usize,
    /// How many of them, from the front, add something.
    adding: usize,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self { reasons: Vec::with_capacity(16), indicators: 0, adding: 0 }
    }

    pub(super) fn into_reasons(self) -> Vec<Reason<ChurnRule>> {
        self.reasons
    }
}

impl Listener for Lines {
    const HEARS: bool = true;

    fn indicator(&mut self, line: impl FnOnce() -> Reason<ChurnRule>, added: i64) {
        let line = line().with_contribution(Points(added));
        let others = self.reasons.iter().take(self.indicators);
        let place = others.take_while(|other| other.contribution >= line.contribution).count();
        self.reasons.insert(place, line);
        self.indicators = self.indicators.saturating_add(1);
        self.adding = self.adding.saturating_add(1);
    }

    fn adjust(&mut self, line: Reason<ChurnRule>, added: i64) {
        if added != 0 {
            self.reasons.insert(self.adding, line.with_contribution(Points(added)));
            self.adding = self.adding.saturating_add(1);
        }
    }

    fn remark(&mut self, line: impl FnOnce() -> Reason<ChurnRule>) {
        self.reasons.push(line());
    }
}
