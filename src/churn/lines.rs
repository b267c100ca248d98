//! The lines of a score: sums that hand out exactly what they come to.

use super::rule::ChurnRule;
use super::scale::divide;
use crate::explain::{Points, Reason};

/// A sum that is exact, beside the thousandths of a point that were handed out for it.
pub(super) struct RunningSum {
    /// What a thousandth of a point is in `exact`.
    unit: i64,
    exact: i64,
    rounded: i64,
}

impl RunningSum {
    pub(super) const fn new(unit: i64) -> Self {
        Self { unit, exact: 0, rounded: 0 }
    }

    pub(super) const fn exact(&self) -> i64 {
        self.exact
    }

    /// The sum in thousandths of a point, rounded half away from zero.
    pub(super) const fn rounded(&self) -> i64 {
        self.rounded
    }

    /// Takes the sum to `exact`, and says how many thousandths of a point that adds.
    pub(super) fn reach(&mut self, exact: i64) -> i64 {
        let rounded = divide(exact, self.unit);
        let added = rounded.saturating_sub(self.rounded);
        (self.exact, self.rounded) = (exact, rounded);
        added
    }
}

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

#[cfg(test)]
mod tests {
    use super::RunningSum;

    #[test]
    fn thirds_add_up_to_the_whole() {
        let mut sum = RunningSum::new(3);
        let added: Vec<i64> = [100_000, 200_000, 300_000].map(|exact| sum.reach(exact)).into();
        assert_eq!(added, [33_333, 33_334, 33_333]);
        assert_eq!(sum.rounded(), 100_000);
    }
}
