//! What is counted over all customers, in one pass and without keeping them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use guanxi::explain::Reason;
use guanxi::lifecycle::{Due, LifecycleRule, Visit};
use guanxi::{Day, Stage, Timestamp, Trigger};

use crate::plan::ZONE;
use crate::survey::Portrait;

/// How far ahead the report counts what is due.
pub(crate) const AHEAD_DAYS: i64 = 30;

/// What the report says of all customers at the end of one day.
pub(crate) struct Tally {
    as_of: Day,
    /// Customers known.
    pub(crate) customers: u64,
    /// Their orders.
    pub(crate) orders: u64,
    /// Their purchase days.
    pub(crate) purchase_days: u64,
    /// What they spent, returns deducted, in minor units.
    pub(crate) minor: i128,
    /// The stages that somebody is or was in, an implied first moment as prospect aside.
    pub(crate) stages: BTreeMap<Stage, StageTally>,
    /// How far customers have come.
    pub(crate) steps: Steps,
    /// The last moves, latest first.
    pub(crate) moves: Top<Step>,
    /// The next moves, soonest first.
    pub(crate) due: Top<Step>,
    /// Customers with a next move.
    pub(crate) due_customers: u64,
    /// Customers with a next move within [`AHEAD_DAYS`], by what it is.
    pub(crate) due_soon: BTreeMap<(Stage, Stage), u64>,
    /// Customers for whom the policy suggests a move to a person, by what it is.
    pub(crate) suggested: BTreeMap<(Stage, Stage), u64>,
    /// Those of them who spent most.
    pub(crate) suggestions: Top<Step>,
}

/// One stage.
#[derive(Default)]
pub(crate) struct StageTally {
    /// Customers in it.
    pub(crate) now: u64,
    /// What those spent, in minor units.
    pub(crate) minor: i128,
    /// How long those have been in it.
    pub(crate) now_days: Spread,
    /// How often it was entered.
    pub(crate) stays: u64,
    /// How long the stays took that ended.
    pub(crate) ended_days: Spread,
    /// Where those that ended went on to.
    pub(crate) onward: BTreeMap<Stage, u64>,
}

/// How far customers have come.
#[derive(Default)]
pub(crate) struct Steps {
    /// Bought on a second day.
    pub(crate) again: u64,
    /// From the first purchase day until then.
    pub(crate) again_days: Spread,
    /// Were loyal at some time.
    pub(crate) loyal: u64,
    /// From the first purchase day until then.
    pub(crate) loyal_days: Spread,
    /// Were lost at some time.
    pub(crate) lost: u64,
    /// From the first purchase day until the first time.
    pub(crate) lost_days: Spread,
    /// Came back after a loss.
    pub(crate) back: u64,
    /// From the first loss until then.
    pub(crate) back_days: Spread,
}

/// One move of one customer.
pub(crate) struct Step {
    pub(crate) at: Timestamp,
    pub(crate) key: Box<str>,
    /// `None` for a customer that was not known before.
    pub(crate) from: Option<Stage>,
    pub(crate) to: Stage,
    /// What the customer spent, in minor units.
    pub(crate) minor: i64,
    pub(crate) reasons: Vec<Reason<LifecycleRule>>,
}

/// Numbers of days, counted so that the median is exact.
#[derive(Default)]
pub(crate) struct Spread(BTreeMap<i64, u64>);

/// The first few by rank.
pub(crate) struct Top<T> {
    most: usize,
    best: BTreeMap<Rank, T>,
}

/// By time, then larger spending first, then by key; of one customer at one instant, later first.
type Rank = (i64, Reverse<i64>, Box<str>, Reverse<usize>);

impl Tally {
    /// Of nobody yet, with lists of at most `top` customers.
    pub(crate) fn new(as_of: Day, top: usize) -> Self {
        Self {
            as_of,
            customers: 0,
            orders: 0,
            purchase_days: 0,
            minor: 0,
            stages: BTreeMap::new(),
            steps: Steps::default(),
            moves: Top::new(top),
            due: Top::new(top),
            due_customers: 0,
            due_soon: BTreeMap::new(),
            suggested: BTreeMap::new(),
            suggestions: Top::new(top),
        }
    }

    /// How many customers are in a stage.
    pub(crate) fn in_stage(&self, stage: Stage) -> u64 {
        self.stages.get(&stage).map_or(0, |tally| tally.now)
    }

    /// Counts one customer.
    pub(crate) fn add(&mut self, portrait: &Portrait<'_>) {
        let purchases = portrait.view.purchases();
        count(&mut self.customers);
        self.orders = self.orders.saturating_add(u64::from(purchases.orders));
        self.purchase_days = self.purchase_days.saturating_add(u64::from(purchases.purchase_days));
        self.minor = self.minor.saturating_add(i128::from(purchases.net));
        self.add_stays(portrait, purchases.net);
        self.add_steps(portrait, purchases.first_day);
        self.add_moves(portrait, purchases.net);
        self.add_suggestion(portrait, purchases.net);
        self.add_due(portrait, purchases.net);
    }

    fn add_stays(&mut self, portrait: &Portrait<'_>, minor: i64) {
        let mut stays = portrait.view.stays().filter(is_real).peekable();
        while let Some((visit, left)) = stays.next() {
            let days = portrait.days(visit, left);
            let tally = self.stages.entry(visit.stage()).or_default();
            count(&mut tally.stays);
            if left.is_none() {
                count(&mut tally.now);
                tally.minor = tally.minor.saturating_add(i128::from(minor));
                tally.now_days.add(days);
            } else {
                tally.ended_days.add(days);
                if let Some((next, _)) = stays.peek() {
                    count(tally.onward.entry(next.stage()).or_default());
                }
            }
        }
    }

    fn add_steps(&mut self, portrait: &Portrait<'_>, first_day: Option<Day>) {
        let days = portrait.customer.purchases().days().iter().map(|day| day.day());
        if let (Some(first), Some(second)) =
            (first_day, days.take_while(|day| *day <= self.as_of).nth(1))
        {
            count(&mut self.steps.again);
            self.steps.again_days.add(Some(second.days_since(first)));
        }
        let visits = || portrait.view.stays().map(|(visit, _)| visit);
        let first = |stage| visits().find(|visit| visit.stage() == stage);
        let since = |visit: &Visit, from: Option<Day>| {
            from.map(|from| ZONE.day_of(visit.at).days_since(from))
        };
        if let Some(loyal) = first(Stage::Loyal) {
            count(&mut self.steps.loyal);
            self.steps.loyal_days.add(since(loyal, first_day));
        }
        let Some(lost) = first(Stage::Lost) else { return };
        count(&mut self.steps.lost);
        self.steps.lost_days.add(since(lost, first_day));
        let returns = |visit: &&Visit| {
            visit.at >= lost.at
                && matches!(visit.trigger, Some(Trigger::Purchase | Trigger::WinBack))
        };
        if let Some(back) = visits().find(returns) {
            count(&mut self.steps.back);
            self.steps.back_days.add(since(back, Some(ZONE.day_of(lost.at))));
        }
    }

    fn add_moves(&mut self, portrait: &Portrait<'_>, minor: i64) {
        let visits = || portrait.view.stays().map(|(visit, _)| visit);
        for (place, (before, visit)) in visits().zip(visits().skip(1)).enumerate() {
            let rank = (visit.at.as_micros().saturating_neg(), minor, portrait.key, place);
            self.moves.offer(rank, || Step {
                at: visit.at,
                key: portrait.key.into(),
                from: is_real(&(before, Some(visit.at))).then(|| before.stage()),
                to: visit.stage(),
                minor,
                reasons: visit.reasons.clone(),
            });
        }
    }

    fn add_suggestion(&mut self, portrait: &Portrait<'_>, minor: i64) {
        let Some(due) = &portrait.assessment.suggestion else { return };
        let from = portrait.assessment.position.stage();
        count(self.suggested.entry((from, due.to.stage())).or_default());
        // All of them wait for somebody as of now, so only the money tells whom to look at first.
        let rank = (0, minor, portrait.key, 0);
        self.suggestions.offer(rank, || Step::ahead(portrait, due, minor));
    }

    fn add_due(&mut self, portrait: &Portrait<'_>, minor: i64) {
        let Some(due) = &portrait.assessment.next else { return };
        let from = portrait.assessment.position.stage();
        count(&mut self.due_customers);
        if ZONE.day_of(due.at).days_since(self.as_of) <= AHEAD_DAYS {
            count(self.due_soon.entry((from, due.to.stage())).or_default());
        }
        let rank = (due.at.as_micros(), minor, portrait.key, 0);
        self.due.offer(rank, || Step::ahead(portrait, due, minor));
    }
}

impl Step {
    /// A move that a customer has not made yet.
    fn ahead(portrait: &Portrait<'_>, due: &Due, minor: i64) -> Self {
        Self {
            at: due.at,
            key: portrait.key.into(),
            from: Some(portrait.assessment.position.stage()),
            to: due.to.stage(),
            minor,
            reasons: due.reasons.clone(),
        }
    }
}

impl StageTally {
    /// How many stays ended.
    pub(crate) const fn left(&self) -> u64 {
        self.stays.saturating_sub(self.now)
    }
}

impl Spread {
    /// Adds a number of days, if it is known.
    fn add(&mut self, days: Option<i64>) {
        if let Some(days) = days {
            count(self.0.entry(days).or_default());
        }
    }

    /// Twice the median, so that it is whole; `None` of nothing.
    pub(crate) fn median_doubled(&self) -> Option<i64> {
        let total = self.0.values().copied().fold(0, u64::saturating_add);
        let lower = self.nth(total.checked_sub(1)? / 2)?;
        let upper = self.nth(total / 2)?;
        lower.checked_add(upper)
    }

    fn nth(&self, place: u64) -> Option<i64> {
        let mut seen = 0_u64;
        let mut days = self.0.iter();
        let found = days.find(|(_, count)| {
            seen = seen.saturating_add(**count);
            seen > place
        });
        found.map(|(days, _)| *days)
    }
}

impl<T> Top<T> {
    const fn new(most: usize) -> Self {
        Self { most, best: BTreeMap::new() }
    }

    /// Whether nothing was offered, or nothing is wanted.
    pub(crate) fn is_empty(&self) -> bool {
        self.best.is_empty()
    }

    /// The best, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.best.values()
    }

    fn offer(&mut self, rank: (i64, i64, &str, usize), make: impl FnOnce() -> T) {
        let (at, minor, key, place) = rank;
        let full = self.best.len() >= self.most;
        let last = self.best.last_key_value();
        // Most are offered in vain; those should not cost a copy of the key.
        if full && last.is_none_or(|((last, spent, ..), _)| (at, Reverse(minor)) > (*last, *spent))
        {
            return;
        }
        self.best.insert((at, Reverse(minor), key.into(), Reverse(place)), make());
        if full {
            self.best.pop_last();
        }
    }
}

/// A customer whose first fact is an order becomes known as a prospect for no time at all. That is no
/// stay that anybody could have seen.
fn is_real((visit, left): &(&Visit, Option<Timestamp>)) -> bool {
    visit.stage() != Stage::Prospect || *left != Some(visit.at)
}

fn count(number: &mut u64) {
    *number = number.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        let median = |days: &[i64]| {
            let mut spread = Spread::default();
            days.iter().for_each(|days| spread.add(Some(*days)));
            spread.add(None);
            spread.median_doubled()
        };
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7]), Some(14));
        assert_eq!(median(&[9, 1]), Some(10));
        assert_eq!(median(&[1, 2, 2]), Some(4));
        assert_eq!(median(&[3, 1, 4, 1]), Some(4));
        assert_eq!(median(&[0, 0, 0, 5]), Some(0));
    }

    #[test]
    fn the_first_few_are_kept_whatever_the_order() {
        let offers = [(3, 1, "a"), (1, 5, "b"), (1, 9, "c"), (2, 0, "d"), (1, 5, "a")];
        for turn in 0..offers.len() {
            let mut top = Top::new(3);
            let mut offers = offers;
            offers.rotate_left(turn);
            for (at, minor, key) in offers {
                top.offer((at, minor, key, 0), || key);
            }
            assert_eq!(top.iter().copied().collect::<Vec<_>>(), ["c", "a", "b"]);
        }
        let mut none = Top::new(0);
        none.offer((1, 1, "a", 0), || ());
        assert!(none.is_empty());
    }
}
