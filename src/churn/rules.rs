//! The rules: from facts to a score whose parts add up to it.
//!
//! With weights `w` and points `p` of the indicators that count, a group is worth `sum(w p) /
//! sum(w)`, or the greatest `p`; and so are the groups for the whole. The score is that exact
//! number rounded once, to thousandths of a point, half up. What one line adds is the rounded sum
//! up to and with it less the rounded sum before it, so the lines add up to the score exactly,
//! whatever their number, and no rounding can carry it beyond 100. A group is worked out to
//! billionths of a point.

use super::band::RiskState;
use super::calibration::ChurnCalibration;
use super::facts::ChurnFacts;
use super::observe::reason;
use super::policy::{Bound, ChurnPolicy, Combination, GroupPolicy};
use super::risk::{Risk, RiskLevel, Unjudged};
use super::rule::ChurnRule;
use super::scale::{THOUSAND, divide};
use super::tally::{Item, Tally, weight_of};
use crate::explain::{Explained, Ids, Measure, Points, Reason};
use crate::time::Timestamp;

/// Billionths of a point in a thousandth.
const PRECISION: i64 = 1_000_000;

/// A policy and what the base says, ready to judge customers.
///
/// ```
/// use guanxi::churn::{ChurnCalibration, ChurnFacts, ChurnPolicy, ChurnRules, Comparison, RiskBand};
/// use guanxi::explain::{Ids, Points};
/// use guanxi::{Currency, Day, Language, PolicyId, Speak, Timestamp};
///
/// let mut facts = ChurnFacts::new(Day::from_ymd(2026, 3, 31)?, Currency::USD);
/// facts.purchase_days = 12;
/// facts.silence_days = Some(62);
/// facts.usual_gap_days = Some(20);
/// facts.orders = Some(Comparison { recent: 2, before: 10, windows: 2 });
///
/// let (policy, base) = (ChurnPolicy::default(), ChurnCalibration::default());
/// let rules = ChurnRules::new(&policy, &base);
/// let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
/// let now: Timestamp = "2026-03-31T09:00:00Z".parse()?;
/// let answer = rules.explain(&facts, None, ids, now);
///
/// let level = answer.value.level().expect("silence and orders are known");
/// assert_eq!((level.state.band, level.score), (RiskBand::High, Points(74_188)));
/// assert_eq!(answer.total(), Some(level.score));
/// assert_eq!(
///     answer.text(Language::English),
///     "high risk (74.188 of 100), because silent for 62 days, usually buys every 20 days \
///      (+57.188); orders of the last 90 days at 40 % of before (+17); not compared with other \
///      customers: 0 cases known, 30 needed. It would change at: silence of 64 days instead of \
///      62 days"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct ChurnRules<'a> {
    pub(super) policy: &'a ChurnPolicy,
    pub(super) base: &'a ChurnCalibration,
}

impl<'a> ChurnRules<'a> {
    /// Judges by `policy`, and by what `base` says.
    #[must_use]
    pub const fn new(policy: &'a ChurnPolicy, base: &'a ChurnCalibration) -> Self {
        Self { policy, base }
    }

    /// The risk with its reasons, for a customer whom the last review left in `last`; without a
    /// counterfactual, which costs some fifty times as much.
    ///
    /// The reasons of the indicators come first, those that add most before the others, then what
    /// worst-of, caps and floors add or take, then what was lacking.
    ///
    /// ```
    /// use guanxi::churn::{ChurnCalibration, ChurnFacts, ChurnPolicy, ChurnRules, Risk, Unjudged};
    /// use guanxi::explain::Ids;
    /// use guanxi::{Currency, Day, PolicyId, Timestamp};
    ///
    /// let (policy, base) = (ChurnPolicy::default(), ChurnCalibration::default());
    /// let facts = ChurnFacts::new(Day::from_ymd(2026, 3, 31)?, Currency::USD);
    /// let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
    /// let answer = ChurnRules::new(&policy, &base).assess(&facts, None, ids, Timestamp::UNIX_EPOCH);
    /// assert_eq!(answer.value, Risk::Outside(Unjudged::NothingKnown));
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub fn assess(
        &self,
        facts: &ChurnFacts,
        last: Option<RiskState>,
        ids: Ids,
        at: Timestamp,
    ) -> Explained<Risk, ChurnRule> {
        let mut lines = Lines { reasons: Vec::with_capacity(16), indicators: 0 };
        let value = match self.judge(facts, &mut lines) {
            Ok(score) => {
                Risk::At(RiskLevel { score, state: self.policy.bands.review(score, last, at) })
            }
            Err(why) => Risk::Outside(why),
        };
        Explained::new(value, lines.reasons, ids, at)
    }

    /// The same with the smallest change that would put the customer into another band.
    ///
    /// [`ChurnRules`] has an example.
    #[must_use]
    pub fn explain(
        &self,
        facts: &ChurnFacts,
        last: Option<RiskState>,
        ids: Ids,
        at: Timestamp,
    ) -> Explained<Risk, ChurnRule> {
        self.assess(facts, last, ids, at).with_flip(self.flip(facts, last))
    }

    /// The score alone.
    ///
    /// # Errors
    ///
    /// [`Unjudged`] when no indicator counts.
    pub(super) fn score(&self, facts: &ChurnFacts) -> Result<Points, Unjudged> {
        self.judge(facts, &mut Silent)
    }

    /// The score, with its lines told to `listener`.
    fn judge(&self, facts: &ChurnFacts, listener: &mut impl Listener) -> Result<Points, Unjudged> {
        let tally = Tally::of(facts, self.policy, self.base);
        let lacking = [self.base_unknown(&tally), base_unobserved(&tally, facts)];
        let lacking = || lacking.into_iter().flatten();
        let groups = || self.policy.groups.iter().enumerate();
        let whole = groups()
            .filter(|(index, _)| tally.weight(*index) > 0)
            .fold(0_i64, |sum, (_, group)| sum.saturating_add(weight_of(group)));
        if whole == 0 {
            lacking().for_each(|reason| listener.remark(reason));
            return Err(lacking().next().map_or(Unjudged::NothingKnown, |_| Unjudged::BaseUnknown));
        }
        let mut sum = RunningSum { unit: whole.saturating_mul(PRECISION), exact: 0, rounded: 0 };
        let mut worst = 0;
        for (index, group) in groups() {
            let weight = tally.weight(index);
            if weight > 0 && weight_of(group) > 0 {
                let items = tally.items().filter(|item| item.group == index);
                let worth = self.add_group(group, items, weight, facts, &mut sum, listener);
                worst = worth.max(worst);
            }
        }
        if self.policy.combine == Combination::WorstOf {
            let added = sum.reach(whole.saturating_mul(worst));
            listener.adjust(
                Reason::new(ChurnRule::WorstGroup, Measure::Missing, Measure::Missing),
                added,
            );
        }
        let score = self.bind(&tally, facts, sum.rounded, listener);
        lacking().for_each(|reason| listener.remark(reason));
        Ok(Points(score))
    }

    /// Adds one group, a line for each of its indicators, and says what the group is worth, in
    /// billionths of a point.
    fn add_group<'t>(
        &self,
        group: &GroupPolicy,
        items: impl Iterator<Item = &'t Item>,
        weight: i64,
        facts: &ChurnFacts,
        sum: &mut RunningSum,
        listener: &mut impl Listener,
    ) -> i64 {
        let (before, share) = (sum.exact, weight_of(group));
        let worth_of = |weighed: i64| divide(weighed.saturating_mul(PRECISION), weight);
        let mut reach = |weighed: i64| {
            sum.reach(before.saturating_add(share.saturating_mul(worth_of(weighed))))
        };
        let (mut weighed, mut worst) = (0_i64, 0);
        for item in items {
            worst = item.kept.max(worst);
            weighed = weighed.saturating_add(item.weight.saturating_mul(item.points));
            let added = reach(weighed);
            listener.indicator(|| self.line(item, facts), added);
            if item.kept < item.points {
                let lost = item.points.saturating_sub(item.kept);
                weighed = weighed.saturating_sub(item.weight.saturating_mul(lost));
                let added = reach(weighed);
                listener.indicator(|| faded(item), added);
            }
        }
        if group.combine == Combination::Weighted {
            return worth_of(weighed);
        }
        let added = reach(worst.saturating_mul(weight));
        let rule = ChurnRule::WorstIndicator(group.name);
        listener.adjust(Reason::new(rule, Measure::Missing, Measure::Missing), added);
        worst.saturating_mul(PRECISION)
    }

    fn base_unknown(&self, tally: &Tally) -> Option<Reason<ChurnRule>> {
        let cases = Measure::Count(tally.base_cases?);
        let needed = Measure::Count(self.policy.base_count_min.max(1).into());
        Some(Reason::new(ChurnRule::BaseUnknown, cases, needed))
    }

    fn line(&self, item: &Item, facts: &ChurnFacts) -> Reason<ChurnRule> {
        match item.seen {
            Some(seen) => reason(item.indicator, seen.value, facts, self.policy),
            None => {
                Reason::new(ChurnRule::Unknown(item.indicator), Measure::Missing, Measure::Missing)
            }
        }
    }

    /// The score within its caps, then above its floors.
    fn bind(
        &self,
        tally: &Tally,
        facts: &ChurnFacts,
        score: i64,
        listener: &mut impl Listener,
    ) -> i64 {
        let least = |found: Option<Bound>, next: Bound| match found {
            Some(found) if found.points <= next.points => Some(found),
            _ => Some(next),
        };
        let most = |found: Option<Bound>, next: Bound| match found {
            Some(found) if found.points >= next.points => Some(found),
            _ => Some(next),
        };
        let holds = |bound: &&Bound, is_cap: bool| self.holds(tally, bound, is_cap);
        let caps = self.policy.caps.iter().filter(|cap| holds(cap, true)).copied();
        let floors = self.policy.floors.iter().filter(|floor| holds(floor, false)).copied();
        let mut bound = score;
        if let Some(cap) = caps.fold(None, least) {
            let lowered = bound.min(thousandths(cap.points));
            let line = self.bound_line(ChurnRule::Cap(cap.indicator), cap, tally, facts);
            listener.adjust(line, lowered.saturating_sub(bound));
            bound = lowered;
        }
        if let Some(floor) = floors.fold(None, most) {
            let raised = bound.max(thousandths(floor.points));
            let line = self.bound_line(ChurnRule::Floor(floor.indicator), floor, tally, facts);
            listener.adjust(line, raised.saturating_sub(bound));
            bound = raised;
        }
        bound
    }

    fn holds(&self, tally: &Tally, bound: &Bound, is_cap: bool) -> bool {
        let Some(direction) = self.policy.direction(bound.indicator) else { return false };
        let direction = if is_cap { direction.opposite() } else { direction };
        let alive = |item: &&Item| item.indicator == bound.indicator;
        let seen = tally.items().find(alive).and_then(|item| item.seen);
        seen.is_some_and(|seen| seen.alive && direction.reaches(seen.value, bound.at))
    }

    fn bound_line(
        &self,
        rule: ChurnRule,
        bound: Bound,
        tally: &Tally,
        facts: &ChurnFacts,
    ) -> Reason<ChurnRule> {
        let item = tally.items().find(|item| item.indicator == bound.indicator);
        let observed = item.map_or(Measure::Missing, |item| self.line(item, facts).observed);
        Reason::new(rule, observed, Measure::Count(bound.points.min(100).into()))
    }
}

fn base_unobserved(tally: &Tally, facts: &ChurnFacts) -> Option<Reason<ChurnRule>> {
    let observed = Measure::Days(tally.base_days?);
    let silence = Measure::Days(facts.silence_days?.into());
    Some(Reason::new(ChurnRule::BaseUnobserved, silence, observed))
}

fn thousandths(points: u8) -> i64 {
    i64::from(points.min(100)).saturating_mul(THOUSAND)
}

fn faded(item: &Item) -> Reason<ChurnRule> {
    let (age, after) = item.seen.map_or((0, 0), |seen| (seen.age_days, seen.fades_after_days));
    Reason::new(ChurnRule::Faded(item.indicator), Measure::Days(age), Measure::Days(after))
}

/// A sum that is exact, beside the thousandths of a point that were handed out for it.
struct RunningSum {
    /// What a thousandth of a point is in `exact`.
    unit: i64,
    exact: i64,
    rounded: i64,
}

impl RunningSum {
    /// Takes the sum to `exact`, and says how many thousandths of a point that adds.
    fn reach(&mut self, exact: i64) -> i64 {
        let rounded = divide(exact, self.unit);
        let added = rounded.saturating_sub(self.rounded);
        (self.exact, self.rounded) = (exact, rounded);
        added
    }
}

/// Who hears the lines of a score.
trait Listener {
    /// An indicator, and the thousandths of a point that it adds.
    fn indicator(&mut self, line: impl FnOnce() -> Reason<ChurnRule>, added: i64);
    /// What is done to the sum; nobody hears of nothing.
    fn adjust(&mut self, line: Reason<ChurnRule>, added: i64);
    /// What adds nothing.
    fn remark(&mut self, line: Reason<ChurnRule>);
}

/// Nobody: a counterfactual asks for hundreds of scores and no line of theirs.
struct Silent;

impl Listener for Silent {
    fn indicator(&mut self, _: impl FnOnce() -> Reason<ChurnRule>, _: i64) {}
    fn adjust(&mut self, _: Reason<ChurnRule>, _: i64) {}
    fn remark(&mut self, _: Reason<ChurnRule>) {}
}

struct Lines {
    reasons: Vec<Reason<ChurnRule>>,
    /// How many of them, from the front, are of indicators.
    indicators: usize,
}

impl Listener for Lines {
    fn indicator(&mut self, line: impl FnOnce() -> Reason<ChurnRule>, added: i64) {
        let line = line().with_contribution(Points(added));
        let indicators = self.reasons.iter().take(self.indicators);
        let place = indicators.take_while(|other| other.contribution >= line.contribution).count();
        self.reasons.insert(place, line);
        self.indicators = self.indicators.saturating_add(1);
    }

    fn adjust(&mut self, line: Reason<ChurnRule>, added: i64) {
        if added != 0 {
            self.reasons.push(line.with_contribution(Points(added)));
        }
    }

    fn remark(&mut self, line: Reason<ChurnRule>) {
        self.reasons.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::RunningSum;

    #[test]
    fn thirds_add_up_to_the_whole() {
        let mut sum = RunningSum { unit: 3, exact: 0, rounded: 0 };
        let added: Vec<i64> = [100_000, 200_000, 300_000].map(|exact| sum.reach(exact)).into();
        assert_eq!(added, [33_333, 33_334, 33_333]);
        assert_eq!(sum.rounded, 100_000);
    }
}
