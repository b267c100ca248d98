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
use super::lines::{Lines, Listener, Silent};
use super::observe::reason;
use super::policy::{Bound, ChurnPolicy, Combination, GroupPolicy};
use super::risk::{Risk, RiskLevel, RiskReview, Unjudged};
use super::rule::ChurnRule;
use super::tally::{Item, Tally};
use crate::explain::{Explained, Ids, Measure, Points, Reason};
use crate::fixed::{RunningSum, divide};
use crate::scale::THOUSAND;
use crate::time::Timestamp;

/// Millionths of a point in a thousandth.
const PRECISION: i64 = 1_000;

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
/// let level = answer.value.risk.level().expect("silence and orders are known");
/// assert_eq!((level.band, level.score), (RiskBand::High, Points(70_600)));
/// assert_eq!(answer.total(), Some(level.score));
/// assert_eq!(
///     answer.text(Language::English),
///     "high risk (70.6 of 100), because silent for 62 days, usually buys every 20 days \
///      (+52.788); orders of the last 90 days at 40 % of before (+15.692); silent for 62 days \
///      (+2.12); not compared with other customers: 0 cases known, 30 needed. It would change at: \
///      silence of 72 days instead of 62 days, to critical risk"
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

    /// The score and the band, for a customer whom the last review left in `last`: what
    /// [`assess`](Self::assess) says, without the reasons. It allocates nothing.
    ///
    /// What to remember until the next review stands beside the risk. While nothing can be said,
    /// that is what was remembered before, so that the margin of a band outlasts a gap in what is
    /// known.
    ///
    /// ```
    /// use guanxi::churn::{ChurnCalibration, ChurnFacts, ChurnPolicy, ChurnRules, Risk, RiskBand};
    /// use guanxi::{Currency, Day, Timestamp};
    ///
    /// let (policy, base) = (ChurnPolicy::default(), ChurnCalibration::default());
    /// let rules = ChurnRules::new(&policy, &base);
    /// let mut facts = ChurnFacts::new(Day::from_ymd(2026, 3, 31)?, Currency::USD);
    /// (facts.purchase_days, facts.silence_days) = (12, Some(62));
    /// facts.usual_gap_days = Some(20);
    ///
    /// let first = rules.judge(&facts, None, Timestamp::UNIX_EPOCH);
    /// let state = first.state.expect("silence is known");
    /// assert_eq!((state.band, state.since), (RiskBand::High, Timestamp::UNIX_EPOCH));
    ///
    /// facts.silence_days = None;
    /// let later = rules.judge(&facts, first.state, Timestamp::UNIX_EPOCH.saturating_add_seconds(1));
    /// assert!(matches!(later.risk, Risk::Outside(_)));
    /// assert_eq!(later.state, first.state);
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub fn judge(&self, facts: &ChurnFacts, last: Option<RiskState>, at: Timestamp) -> RiskReview {
        self.review(self.score(facts), last, at)
    }

    /// The same with its reasons, without a counterfactual, which costs some fifty times as much.
    ///
    /// The reasons of the indicators come first, those that add most before the others, then what
    /// worst-of, caps and floors add or take, then what has faded or was lacking.
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
    /// assert_eq!(answer.value.risk, Risk::Outside(Unjudged::NothingKnown));
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub fn assess(
        &self,
        facts: &ChurnFacts,
        last: Option<RiskState>,
        ids: Ids,
        at: Timestamp,
    ) -> Explained<RiskReview, ChurnRule> {
        let mut lines = Lines::new();
        let review = self.review(self.tell(facts, &mut lines), last, at);
        Explained::new(review, lines.into_reasons(), ids, at)
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
    ) -> Explained<RiskReview, ChurnRule> {
        self.assess(facts, last, ids, at).with_flip(self.flip(facts, last))
    }

    /// The score alone.
    ///
    /// # Errors
    ///
    /// [`Unjudged`] when no indicator counts.
    pub(super) fn score(&self, facts: &ChurnFacts) -> Result<Points, Unjudged> {
        self.tell(facts, &mut Silent)
    }

    fn review(
        &self,
        score: Result<Points, Unjudged>,
        last: Option<RiskState>,
        at: Timestamp,
    ) -> RiskReview {
        match score {
            Ok(score) => {
                let state = self.policy.bands.review(score, last, at);
                let risk = Risk::At(RiskLevel { score, band: state.band });
                RiskReview { risk, state: Some(state) }
            }
            Err(why) => RiskReview { risk: Risk::Outside(why), state: last },
        }
    }

    /// The score, with its lines told to `listener`.
    fn tell(&self, facts: &ChurnFacts, listener: &mut impl Listener) -> Result<Points, Unjudged> {
        let tally = Tally::of(facts, self.policy, self.base);
        let groups = || {
            let groups = self.policy.groups.iter().enumerate();
            groups.map(|(index, group)| (index, group, tally.share(index, group)))
        };
        let whole = groups().fold(0_i64, |sum, (_, _, share)| sum.saturating_add(share));
        if whole == 0 {
            let lacks_base = self.remark_lacking(&tally, facts, listener);
            return Err(if lacks_base { Unjudged::BaseUnknown } else { Unjudged::NothingKnown });
        }
        let mut sum = RunningSum::new(whole.saturating_mul(PRECISION));
        let mut worst = 0;
        for (index, group, share) in groups().filter(|(_, _, share)| *share > 0) {
            let part = Part { index, group, share };
            worst = self.add_group(&part, &tally, facts, &mut sum, listener).max(worst);
        }
        if self.policy.combine == Combination::WorstOf {
            let added = sum.reach(whole.saturating_mul(worst));
            listener.adjust(bare(ChurnRule::WorstGroup), added);
        }
        let score = self.bind(&tally, facts, sum.rounded(), listener);
        self.remark_lacking(&tally, facts, listener);
        Ok(Points(score))
    }

    /// Adds one group, a line for each of its indicators, and says what the group is worth, in
    /// millionths of a point.
    fn add_group<L: Listener>(
        &self,
        part: &Part<'_>,
        tally: &Tally,
        facts: &ChurnFacts,
        sum: &mut RunningSum,
        listener: &mut L,
    ) -> i64 {
        let (before, weight) = (sum.exact(), tally.weight(part.index));
        let worth_of = |weighed: i64| divide(weighed.saturating_mul(PRECISION), weight);
        let mut reach = |weighed: i64| {
            sum.reach(before.saturating_add(part.share.saturating_mul(worth_of(weighed))))
        };
        let (mut weighed, mut worst) = (0_i64, 0);
        for item in tally.items().filter(|item| item.group == part.index) {
            worst = item.points.max(worst);
            weighed = weighed.saturating_add(item.weight.saturating_mul(item.points));
            if L::HEARS {
                let added = reach(weighed);
                listener.indicator(|| self.line(item, facts), added);
            }
            if let Some(lost) = item.lost {
                weighed = weighed.saturating_add(lost.weight.saturating_mul(lost.points));
                if L::HEARS {
                    let added = reach(weighed);
                    listener.indicator(|| faded(item), added);
                }
            } else if item.seen.is_some_and(|seen| seen.faded_after_days.is_some()) {
                listener.remark(|| faded(item));
            }
        }
        if !L::HEARS {
            reach(weighed);
        }
        if part.group.combine == Combination::Weighted {
            return worth_of(weighed);
        }
        let added = reach(worst.saturating_mul(weight));
        listener.adjust(bare(ChurnRule::WorstIndicator(part.group.name)), added);
        worst.saturating_mul(PRECISION)
    }

    /// Says what was lacking to compare with the base, and whether anything was.
    fn remark_lacking(
        &self,
        tally: &Tally,
        facts: &ChurnFacts,
        listener: &mut impl Listener,
    ) -> bool {
        if let Some(cases) = tally.base_cases {
            let needed = Measure::Count(self.policy.base_count_min.max(1).into());
            listener.remark(|| Reason::new(ChurnRule::BaseUnknown, Measure::Count(cases), needed));
        }
        if let Some(days) = tally.base_days {
            let silence = Measure::Days(facts.silence_days.map_or(0, i64::from));
            listener
                .remark(|| Reason::new(ChurnRule::BaseUnobserved, silence, Measure::Days(days)));
        }
        tally.base_cases.is_some() || tally.base_days.is_some()
    }

    fn line(&self, item: &Item, facts: &ChurnFacts) -> Reason<ChurnRule> {
        item.seen.map_or_else(
            || bare(ChurnRule::Unknown(item.indicator)),
            |seen| reason(item.indicator, seen.value, facts, self.policy),
        )
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
        let item = tally.items().find(|item| item.indicator == bound.indicator);
        let seen = item.and_then(|item| item.seen);
        seen.is_some_and(|seen| direction.reaches(seen.value, bound.at))
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

/// A group that counts, and its weight in the whole.
struct Part<'a> {
    index: usize,
    group: &'a GroupPolicy,
    share: i64,
}

/// A reason without measures.
fn bare(rule: ChurnRule) -> Reason<ChurnRule> {
    Reason::new(rule, Measure::Missing, Measure::Missing)
}

fn thousandths(points: u8) -> i64 {
    i64::from(points.min(100)).saturating_mul(THOUSAND)
}

fn faded(item: &Item) -> Reason<ChurnRule> {
    let age = item.seen.map_or(0, |seen| seen.age_days);
    let after = item.seen.and_then(|seen| seen.faded_after_days).unwrap_or(0);
    Reason::new(ChurnRule::Faded(item.indicator), Measure::Days(age), Measure::Days(after))
}
