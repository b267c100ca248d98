//! Grades, tiers and scores as a host would write them without this library: constants for rules, floats
//! for scores, no reasons, no dampening, no churn risk.

use guanxi::Day;

use crate::base::Sale;

/// Where the groups and the tiers of a base begin.
#[derive(Debug, Clone)]
pub struct Card {
    day: Day,
    recency: Vec<i64>,
    frequency: Vec<i64>,
    monetary: Vec<i64>,
    a_from: i64,
    b_from: i64,
}

/// What is said of one customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grades {
    /// Recency, frequency and spend, from 1 (worst) to 5.
    pub rfm: [u8; 3],
    /// A is 0, B is 1, C is 2.
    pub tier: u8,
    /// From 0 to 100.
    pub score: f64,
}

struct Totals {
    recency: i64,
    frequency: i64,
    monetary: i64,
    tenure: i64,
    orders: i64,
}

impl Card {
    /// Measures a base as it stood on a day.
    #[must_use]
    pub fn of(base: &[Vec<Sale>], day: Day) -> Self {
        let totals: Vec<Totals> = base.iter().map(|history| totals(history, day)).collect();
        let cuts = |value: fn(&Totals) -> i64| {
            let mut values: Vec<i64> = totals.iter().map(value).collect();
            values.sort_unstable();
            // Five groups; the larger ones are the worse ones, and equals stand in the worse group.
            let (size, larger) = (values.len() / 5, values.len() % 5);
            let end = |group: usize| size * group + larger.min(group);
            (1..5).map(|group| values[end(group) - 1]).collect::<Vec<i64>>()
        };
        let mut spent: Vec<i64> = totals.iter().map(|one| one.monetary.max(0)).collect();
        spent.sort_unstable_by(|one, other| other.cmp(one));
        let whole: i64 = spent.iter().sum();
        let begin = |share: i64| {
            let mut before = 0;
            let inside = spent.iter().take_while(|value| {
                let in_front = before;
                before += **value;
                in_front * 100 < whole * share
            });
            inside.last().copied().unwrap_or(i64::MAX)
        };
        Self {
            day,
            recency: cuts(|one| -one.recency),
            frequency: cuts(|one| one.frequency),
            monetary: cuts(|one| one.monetary),
            a_from: begin(80),
            b_from: begin(95),
        }
    }

    /// Judges one customer.
    #[must_use]
    pub fn judge(&self, history: &[Sale]) -> Grades {
        let totals = totals(history, self.day);
        let grade =
            |cuts: &[i64], value: i64| 1 + cuts.iter().filter(|cut| value > **cut).count() as u8;
        let share = |value: i64, best: f64| (value as f64 / best).clamp(0.0, 1.0);
        let tier = match totals.monetary {
            spent if spent > 0 && spent >= self.a_from => 0,
            spent if spent > 0 && spent >= self.b_from => 1,
            _ => 2,
        };
        Grades {
            rfm: [
                grade(&self.recency, -totals.recency),
                grade(&self.frequency, totals.frequency),
                grade(&self.monetary, totals.monetary),
            ],
            tier,
            score: 50.0 * share(totals.monetary, 100_000.0)
                + 20.0 * share(totals.frequency, 12.0)
                + 15.0 * share(totals.tenure, 730.0)
                + 15.0 * share(totals.orders, 20.0),
        }
    }
}

fn totals(history: &[Sale], day: Day) -> Totals {
    let (first, last) = (history[0].day, history[history.len() - 1].day);
    let changes = history.windows(2).filter(|pair| pair[0].day != pair[1].day).count();
    Totals {
        recency: day.days_since(last),
        frequency: 1 + changes as i64,
        monetary: history.iter().map(|sale| sale.minor).sum(),
        tenure: day.days_since(first),
        orders: history.len() as i64,
    }
}
