//! The same lifecycle by hand: what a host writes that has an event-sourcing framework and no domain
//! library.
//!
//! It decides what `guanxi` decides of orders that come in time, under the default policy: delivery
//! implied after 14 days or by a second purchase day; loyalty after four orders and 180 days; loss
//! after a silence of three mean gaps, between 60 and 365 days, or of 180 days before there are two
//! gaps; a new episode when a lost customer buys. The rules are numbers in the code. There is no
//! policy to change, no reason kept for a decision, no late fact, return, cancellation, signal,
//! request or correction, no currency and no time zone. That is less than the library does, so the
//! model flatters its frameworks.

use guanxi::{Stage, Trigger};
use serde::{Deserialize, Serialize};

use crate::base::{Base, Sale};

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// An order as the model takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// The business day, counted from 1970.
    pub day: i32,
    /// The amount in cents.
    pub minor: i64,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Happened {
    /// The customer became known.
    Admitted {
        /// When.
        at: i64,
    },
    /// It ordered.
    Ordered(Placed),
    /// It moved.
    Moved {
        /// When.
        at: i64,
        /// Why.
        trigger: Trigger,
        /// Where to.
        to: Stage,
        /// The first day of the episode that begins.
        episode_since: Option<i32>,
    },
}

/// Why an order is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A negative amount.
    #[error("negative amount")]
    Negative,
    /// The total would overflow.
    #[error("total too large")]
    Overflow,
    /// The model takes facts in time only.
    #[error("order comes late")]
    Late,
}

/// A purchase day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    day: i32,
    orders: u32,
    gross: i64,
}

/// What decisions look at. Small, so that a decision of several steps works on a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Standing {
    admitted_at: Option<i64>,
    stage: Stage,
    entered_at: i64,
    advanced_to: i64,
    gross: i64,
    /// Orders, purchase days, first and last day of the current episode.
    orders: u32,
    purchase_days: u32,
    days: Option<(i32, i32)>,
}

/// One customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    standing: Standing,
    rows: Vec<Row>,
    track: Vec<(Stage, i64)>,
}

impl Default for Model {
    fn default() -> Self {
        let standing = Standing {
            admitted_at: None,
            stage: Stage::Prospect,
            entered_at: i64::MIN,
            advanced_to: i64::MIN,
            gross: 0,
            orders: 0,
            purchase_days: 0,
            days: None,
        };
        Self { standing, rows: Vec::new(), track: Vec::new() }
    }
}

impl Model {
    /// Decides an order. Applies nothing.
    ///
    /// # Errors
    ///
    /// [`Refused`].
    pub fn decide(&self, order: Placed) -> Result<Vec<Happened>, Refused> {
        let mut standing = self.standing;
        let mut events = Vec::new();
        let mut record = |standing: &mut Standing, event| {
            standing.apply(&event);
            events.push(event);
        };
        if order.minor < 0 {
            return Err(Refused::Negative);
        }
        standing.gross.checked_add(order.minor).ok_or(Refused::Overflow)?;
        if order.at < standing.advanced_to {
            return Err(Refused::Late);
        }
        if standing.admitted_at.is_none() {
            record(&mut standing, Happened::Admitted { at: order.at });
        }
        while let Some(due) = standing.due(order.at - 1) {
            record(&mut standing, due);
        }
        record(&mut standing, Happened::Ordered(order));
        let (at, trigger) = (order.at, Trigger::Purchase);
        match standing.stage {
            Stage::Prospect => {
                let to = Stage::Onboarding;
                record(&mut standing, Happened::Moved { at, trigger, to, episode_since: None });
            }
            Stage::Lost => {
                let (to, episode_since) = (Stage::Growing, Some(order.day));
                record(&mut standing, Happened::Moved { at, trigger, to, episode_since });
            }
            _ => {}
        }
        while let Some(due) = standing.due(order.at) {
            record(&mut standing, due);
        }
        Ok(events)
    }

    /// Records what was decided.
    pub fn apply(&mut self, event: &Happened) {
        self.standing.apply(event);
        match *event {
            Happened::Admitted { at } => self.track.push((Stage::Prospect, at)),
            Happened::Moved { at, to, .. } => self.track.push((to, at)),
            Happened::Ordered(Placed { day, minor, .. }) => match self.rows.last_mut() {
                Some(row) if row.day == day => {
                    row.orders += 1;
                    row.gross += minor;
                }
                _ => self.rows.push(Row { day, orders: 1, gross: minor }),
            },
        }
    }

    /// The stages entered, each with its instant.
    #[must_use]
    pub fn track(&self) -> &[(Stage, i64)] {
        &self.track
    }
}

impl Standing {
    fn apply(&mut self, event: &Happened) {
        match *event {
            Happened::Admitted { at } => {
                self.admitted_at = Some(at);
                self.entered_at = at;
                self.advanced_to = at;
            }
            Happened::Ordered(order) => {
                self.advanced_to = self.advanced_to.max(order.at);
                self.gross += order.minor;
                self.orders += 1;
                let last = self.days.map(|(_, last)| last);
                self.purchase_days += u32::from(last != Some(order.day));
                self.days = Some((self.days.map_or(order.day, |(first, _)| first), order.day));
            }
            Happened::Moved { at, trigger, to, episode_since } => {
                self.stage = to;
                self.entered_at = at;
                if trigger != Trigger::Purchase {
                    self.advanced_to = self.advanced_to.max(at);
                }
                if let Some(day) = episode_since {
                    (self.orders, self.purchase_days, self.days) = (1, 1, Some((day, day)));
                }
            }
        }
    }

    /// The next move of the rules, if it falls due until `by`.
    fn due(&self, by: i64) -> Option<Happened> {
        let from = self.advanced_to.max(self.entered_at);
        let today = i32::try_from(from.div_euclid(MICROS_PER_DAY)).ok()?;
        let (first, last) = self.days?;
        let lapse = (last + self.silence_days_max() + 1, Trigger::Lapse, Stage::Lost);
        let (day, trigger, to) = match self.stage {
            Stage::Onboarding => {
                let implied = if self.purchase_days >= 2 { today } else { first + 14 };
                earlier(lapse, (implied, Trigger::Deliver, Stage::Growing), today)
            }
            Stage::Growing if self.orders >= 4 => {
                earlier(lapse, (first + 180, Trigger::Mature, Stage::Loyal), today)
            }
            Stage::Growing | Stage::Loyal => lapse,
            _ => return None,
        };
        let at = if day <= today { from } else { i64::from(day) * MICROS_PER_DAY };
        (at <= by).then_some(Happened::Moved { at, trigger, to, episode_since: None })
    }

    fn silence_days_max(&self) -> i32 {
        match (self.days, i32::try_from(self.purchase_days).unwrap_or(i32::MAX) - 1) {
            (Some((first, last)), gaps @ 2..) => {
                (((last - first) * 3 + gaps - 1) / gaps).clamp(60, 365)
            }
            _ => 180,
        }
    }
}

type Move = (i32, Trigger, Stage);

/// The move of the earlier day; what is overdue falls due today, and then loss comes first.
fn earlier(lapse: Move, other: Move, today: i32) -> Move {
    if other.0.max(today) < lapse.0.max(today) { other } else { lapse }
}

/// An order as the model takes it, placed at the beginning of its day.
#[must_use]
pub fn placed(sale: &Sale) -> Placed {
    let day = sale.day.days_since_epoch();
    Placed { at: i64::from(day) * MICROS_PER_DAY, day, minor: sale.minor }
}

/// Every order in the order of days, with its customer.
#[must_use]
pub fn orders(base: &Base) -> Vec<(usize, Placed)> {
    base.sales.iter().map(|sale| (sale.customer, placed(sale))).collect()
}

/// Decides everything, and keeps the events.
#[must_use]
pub fn run(base: &Base) -> (Vec<Model>, Vec<Vec<Happened>>) {
    let mut models = vec![Model::default(); base.customers];
    let mut journals = vec![Vec::new(); base.customers];
    for (customer, order) in orders(base) {
        let events = models[customer].decide(order).expect("every order is accepted");
        events.iter().for_each(|event| models[customer].apply(event));
        journals[customer].extend(events);
    }
    (models, journals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ours;

    #[test]
    fn it_decides_what_the_library_decides() {
        for base in [Base::cdnow(), Base::weekly(300)] {
            let (customers, entries) = ours::run(&base, &ours::books());
            let (models, events) = run(&base);
            for (customer, model) in customers.iter().zip(&models) {
                let visits = customer.lifecycle().track().visits().iter();
                let track: Vec<_> =
                    visits.map(|visit| (visit.stage(), visit.at.as_micros())).collect();
                assert_eq!(track, model.track());
                let rows = customer.purchases().days().iter();
                let rows: Vec<_> = rows.map(|row| (row.orders(), row.gross())).collect();
                assert!(rows.into_iter().eq(model.rows.iter().map(|row| (row.orders, row.gross))));
            }
            let ours: usize = entries.iter().flatten().map(|entry| entry.events.len()).sum();
            assert_eq!(ours, events.iter().map(Vec::len).sum::<usize>());
        }
    }

    #[test]
    fn it_refuses_what_it_cannot_take() {
        let mut model = Model::default();
        let order = Placed { at: 10 * MICROS_PER_DAY, day: 10, minor: i64::MAX };
        assert_eq!(model.decide(Placed { minor: -1, ..order }), Err(Refused::Negative));
        for event in model.decide(order).unwrap() {
            model.apply(&event);
        }
        assert_eq!(model.decide(order), Err(Refused::Overflow));
        let late = Placed { at: 0, day: 0, minor: 0 };
        assert_eq!(model.decide(late), Err(Refused::Late));
    }
}
