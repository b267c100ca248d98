//! The conditions of the design page, counted from the lists each time they are asked for.

use guanxi::lifecycle::{DeclinePolicy, Mode, PurchaseMeasure, SilenceUnderContract, edge};
use guanxi::machine::{Edge, Missing};
use guanxi::{Day, Trigger};

use super::Simulation;

impl Simulation<'_> {
    fn days(&self) -> Vec<Day> {
        let mut days: Vec<Day> = self.orders.iter().map(|order| order.0).collect();
        days.retain(|day| self.episode.is_none_or(|since| *day >= since));
        days.sort_unstable();
        days.dedup();
        days
    }

    fn old(&self) -> Option<(i64, i64, Day, Day)> {
        self.opening.filter(|_| self.episode.is_none())
    }

    fn kept(&self) -> i64 {
        let inside = |day: &Day| self.episode.is_none_or(|since| *day >= since);
        let kept = self.orders.iter().filter(|order| inside(&order.0)).count();
        i64::try_from(kept).unwrap() + self.old().map_or(0, |old| old.0)
    }

    fn purchase_days(&self) -> i64 {
        i64::try_from(self.days().len()).unwrap() + self.old().map_or(0, |old| old.1)
    }

    fn first(&self) -> Option<Day> {
        self.days().into_iter().chain(self.old().map(|old| old.2)).min()
    }

    fn last(&self) -> Option<Day> {
        self.days().into_iter().chain(self.old().map(|old| old.3)).max()
    }

    // --- the conditions of the page ---

    fn dwelt(&self, day: Day) -> bool {
        let least = i64::from(self.rules.dwell_days_min(self.stage()));
        self.entered.is_none_or(|entered| day.days_since(entered) >= least)
    }

    fn allowed_silence(&self) -> i64 {
        let lapse = &self.rules.lapse;
        let days = self.purchase_days();
        let (Some(first), Some(last)) = (self.first(), self.last()) else {
            return lapse.without_cadence_days.into();
        };
        if days < i64::from(lapse.cadence_purchase_days_min) {
            return lapse.without_cadence_days.into();
        }
        let gaps = days - 1;
        let share = last.days_since(first) * i64::from(lapse.cadence_percent);
        let allowed = (share + gaps * 100 - 1) / (gaps * 100);
        allowed.clamp(lapse.floor_days.into(), lapse.ceiling_days.into())
    }

    pub(super) fn lapsed(&self, day: Day) -> bool {
        let rules = &self.rules.lapse.contract;
        let contract = self.contract.map(|(_, ends)| ends);
        let contract = contract.filter(|ends| self.episode.is_none_or(|since| *ends > since));
        if let Some(ends) = contract {
            if day.days_since(ends) > i64::from(rules.grace_days) {
                return true;
            }
            if rules.silence == SilenceUnderContract::Ignored {
                return false;
            }
        }
        let taken_over = self.track.first().map(|step| self.zone.day_of(step.1));
        let sign = self.last().max(self.episode).or(taken_over);
        sign.is_some_and(|sign| day.days_since(sign) > self.allowed_silence())
    }

    pub(super) fn delivery(&self) -> Option<bool> {
        let (_, accepted, day) = self.delivery?;
        self.first().is_none_or(|first| day >= first).then_some(accepted)
    }

    fn delivered(&self, day: Day) -> bool {
        match self.delivery() {
            Some(accepted) => accepted,
            None if self.purchase_days() >= 2 => true,
            None => self
                .first()
                .zip(self.rules.delivery.implied_after_days)
                .is_some_and(|(first, implied)| day.days_since(first) >= i64::from(implied)),
        }
    }

    pub(super) fn loyal(&self, day: Day) -> bool {
        let rules = &self.rules.loyalty;
        let tenure = self
            .first()
            .is_some_and(|first| day.days_since(first) >= i64::from(rules.tenure_days_min));
        let satisfied = rules.satisfaction.is_none_or(|floor| {
            let fresh =
                self.score.filter(|score| day.days_since(score.2) <= i64::from(floor.fresh_days));
            match fresh {
                Some((_, score, _)) => score.0 >= floor.score_min,
                None => floor.missing == Missing::Waive,
            }
        });
        self.kept() >= i64::from(rules.orders_min) && tenure && satisfied
    }

    /// What was bought on the days after `after` and not after `through`.
    fn bought(&self, after: Day, through: Day) -> i64 {
        let inside = |day: Day| after < day && day <= through;
        let sum = |rows: &[(Day, i64)]| -> i64 {
            rows.iter().filter(|row| inside(row.0)).map(|row| row.1).sum()
        };
        match self.rules.decline.measure {
            PurchaseMeasure::Orders => {
                let count = self.orders.iter().filter(|order| inside(order.0)).count();
                i64::try_from(count).unwrap()
            }
            PurchaseMeasure::PurchaseDays => {
                let mut days: Vec<Day> = self.orders.iter().map(|order| order.0).collect();
                days.sort_unstable();
                days.dedup();
                i64::try_from(days.into_iter().filter(|day| inside(*day)).count()).unwrap()
            }
            PurchaseMeasure::NetSpend => {
                sum(&self.gross) - sum(&self.called_off) - sum(&self.returned)
            }
        }
    }

    /// The whole days of the last window, and the day itself as far as it has come.
    fn current(&self, day: Day) -> i64 {
        self.bought(before(day, window(&self.rules.decline)), Day::MAX)
    }

    pub(super) fn baseline(&self, day: Day) -> Option<i64> {
        let rules = &self.rules.decline;
        let span = window(rules) * (i64::from(rules.baseline_windows) + 1);
        self.first().filter(|first| day.days_since(*first) >= span)?;
        let total = self.bought(before(day, span), before(day, window(rules)));
        (total >= rules.baseline_min).then_some(total)
    }

    pub(super) fn fell(&self, day: Day) -> bool {
        let windows = i64::from(self.rules.decline.baseline_windows);
        let percent = i64::from(self.rules.decline.fall_percent);
        self.baseline(day).is_some_and(|total| self.current(day) * 100 * windows <= total * percent)
    }

    fn recovered(&self, day: Day) -> bool {
        let windows = i64::from(self.rules.decline.baseline_windows);
        let percent = i64::from(self.rules.recovery.percent);
        let fall = self.fall.filter(|fall| fall.by_purchases);
        fall.and_then(|fall| fall.baseline)
            .is_some_and(|total| self.current(day) * 100 * windows >= total * percent)
    }

    pub(super) fn can(&self, trigger: Trigger) -> bool {
        matches!(edge(self.stage(), trigger), Edge::To { .. })
    }

    /// The first of the moves that the policy makes on this day, in the order of the page.
    pub(super) fn due(&self, day: Day, with_fact: bool) -> Option<Trigger> {
        let rules = self.rules;
        let applies = |mode: Mode| mode == Mode::Apply;
        let rejected = self.delivery() == Some(false);
        let judged = [
            (Trigger::Lapse, applies(rules.lapse.mode) && self.lapsed(day)),
            (
                Trigger::Decline,
                (applies(rules.decline.mode) && self.fell(day))
                    || (applies(rules.decline.rejected_delivery) && rejected),
            ),
            (Trigger::Recover, with_fact && applies(rules.recovery.mode) && self.recovered(day)),
            (
                Trigger::Deliver,
                applies(rules.delivery.mode)
                    && self.delivered(day)
                    && self.fall.is_none_or(|fall| fall.by_delivery),
            ),
            (Trigger::Mature, applies(rules.loyalty.mode) && self.loyal(day)),
        ];
        let open = |trigger: Trigger| !self.held || trigger == Trigger::Lapse;
        let mut due = judged
            .into_iter()
            .filter(|(trigger, due)| *due && self.can(*trigger) && open(*trigger));
        due.next().map(|(trigger, _)| trigger).filter(|_| self.dwelt(day))
    }
}

fn window(rules: &DeclinePolicy) -> i64 {
    i64::from(rules.window_days)
}

/// The day before the whole days that many before this one.
fn before(day: Day, days: i64) -> Day {
    day.saturating_add_days(-days - 1)
}
