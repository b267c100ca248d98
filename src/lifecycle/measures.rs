//! The measures of one customer on one business day, as the guards compare them, and the days on
//! which they can change by time alone.

use super::guard::{Comparison, ContractState, DeliveryState, Facts};
use super::policy::{LifecyclePolicy, Mode, SilenceUnderContract};
use super::position::{Baseline, DeclineCause, Position};
use super::state::{Episode, Lifecycle};
use super::track::Since;
use super::trigger::Trigger;
use crate::machine::Missing;
use crate::purchase::{Known, PurchaseHistory};
use crate::time::{Day, Zone};

/// What is recorded of one customer, beside the policy that it is measured for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measures<'a> {
    pub(super) lifecycle: &'a Lifecycle,
    purchases: &'a PurchaseHistory,
    pub(super) policy: &'a LifecyclePolicy,
    pub(super) zone: Zone,
    pub(super) position: Position,
    episode: Episode,
    known: Known,
    /// The last sign of the customer in this episode: silence counts from here.
    anchor: Option<Day>,
    entered: Option<Day>,
    silence_days_max: i64,
}

impl<'a> Measures<'a> {
    pub(super) fn new(
        lifecycle: &'a Lifecycle,
        purchases: &'a PurchaseHistory,
        policy: &'a LifecyclePolicy,
        zone: Zone,
        episode: Episode,
    ) -> Self {
        let known = purchases.known(episode.since);
        let visit = lifecycle.track().current();
        // Silence also counts from a correction, and from a takeover that knew of no purchase.
        let corrected = last_correction(lifecycle, zone);
        let taken_over = lifecycle.track().visits().first().map(|visit| zone.day_of(visit.at));
        let last_sign = known.last_day.max(episode.since).or(taken_over);
        let entered = visit.and_then(|visit| match visit.since {
            Since::Known(since) => Some(zone.day_of(since)),
            Since::Unknown => None,
        });
        Self {
            lifecycle,
            purchases,
            policy,
            zone,
            position: lifecycle.position(),
            episode,
            known,
            anchor: last_sign.max(corrected),
            entered,
            silence_days_max: silence_days_max(policy, &known),
        }
    }

    /// The days on which a guard of `trigger` can change its answer by time alone.
    pub(super) fn turning_days(&self, trigger: Trigger) -> TurningDays {
        let after = |day: Option<Day>, days: i64| day.map(|day| day.saturating_add_days(days));
        let stage = self.position.stage();
        let dwelt = after(self.entered, self.policy.dwell_days_min(stage).into());
        let first = self.known.first_day;
        let mut windows = false;
        let (one, two) = match trigger {
            Trigger::Deliver => {
                let implied = self.policy.delivery.implied_after_days;
                (implied.and_then(|days| after(first, days.into())), None)
            }
            Trigger::Mature => {
                let fresh = self.policy.loyalty.satisfaction.map(|floor| floor.fresh_days);
                let scored = self.lifecycle.signals().satisfaction().map(|(_, day)| day);
                let stale = fresh.and_then(|days| after(scored, i64::from(days).saturating_add(1)));
                (after(first, self.policy.loyalty.tenure_days_min.into()), stale)
            }
            Trigger::Lapse => {
                (after(self.anchor, self.silence_days_max.saturating_add(1)), self.contract_over())
            }
            Trigger::Decline => {
                windows = true;
                (None, None)
            }
            Trigger::Engage
            | Trigger::Evaluate
            | Trigger::Propose
            | Trigger::Cool
            | Trigger::Purchase
            | Trigger::Recover
            | Trigger::Leave
            | Trigger::WinBack
            | Trigger::Disqualify
            | Trigger::Requalify
            | Trigger::Unwind
            | Trigger::End => (None, None),
        };
        TurningDays { few: [dwelt, one, two], windows }
    }

    /// The days on which a purchase or a reversal passes from one window of the decline rule into
    /// the next, or out of the last; after `today` and not after `until`.
    pub(super) fn window_days(&self, today: Day, until: Day) -> Vec<Day> {
        let (window, span) = self.window_lengths();
        // What has passed out of the last window turns nothing any more. Both lists are sorted by
        // day, so a long past costs nothing.
        let passed = before_whole_days(today, span);
        let (rows, reversals) = (self.purchases.days(), self.purchases.reversals());
        let rows = rows.iter().skip(rows.partition_point(|row| row.day() <= passed));
        let later = reversals.partition_point(|row| row.day() <= passed);
        let reversals = reversals.iter().skip(later).map(|row| row.day());
        let mut days: Vec<Day> = rows
            .map(|row| row.day())
            .chain(reversals)
            .flat_map(|day| [window, span].map(|length| day.saturating_add_days(length).next()))
            .chain(self.known.first_day.map(|day| day.saturating_add_days(span)))
            .filter(|day| today < *day && *day <= until)
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The length of the last window, and of it together with the baseline, in days.
    fn window_lengths(&self) -> (i64, i64) {
        let window = i64::from(self.policy.decline.window_days);
        let windows = i64::from(self.policy.decline.baseline_windows);
        (window, window.saturating_mul(windows.saturating_add(1)))
    }

    /// The baseline of a fall judged on `day`; `None` when the episode is too young or too thin.
    pub(super) fn baseline(&self, day: Day) -> Option<Baseline> {
        let decline = &self.policy.decline;
        let (window, span) = self.window_lengths();
        let first = self.known.first_day?;
        if day.days_since(first) < span {
            return None;
        }
        let (begin, end) = (before_whole_days(day, span), before_whole_days(day, window));
        let total = decline.measure.of(&self.purchases.window(begin, end));
        let (windows, window_days) = (decline.baseline_windows, decline.window_days);
        let baseline = Baseline::new(decline.measure, total, windows, window_days);
        (total >= decline.baseline_min).then_some(baseline)
    }

    /// Purchases of the window of whole days before `day`, and of `day` so far, against a baseline.
    fn compare(&self, day: Day, baseline: &Baseline) -> Comparison {
        let begin = before_whole_days(day, baseline.window_days.into());
        // A shop may date a purchase one day ahead of the zone's day; it has happened all the same.
        let current = baseline.measure.of(&self.purchases.window(begin, Day::MAX));
        Comparison { current, baseline_total: baseline.total, windows: i64::from(baseline.windows) }
    }

    /// The day on which an unrenewed contract of this episode counts as ended.
    fn contract_over(&self) -> Option<Day> {
        let ends = self.contract()?;
        let grace = i64::from(self.policy.lapse.contract.grace_days);
        Some(ends.saturating_add_days(grace).next())
    }

    /// The last day of the contract, unless it belongs to the past: an episode or a correction that
    /// begins on its last day or later is not ended by it.
    fn contract(&self) -> Option<Day> {
        let begin = self.episode.since.max(last_correction(self.lifecycle, self.zone));
        self.lifecycle.signals().contract_ends().filter(|ends| begin.is_none_or(|day| *ends > day))
    }

    /// The facts on `day`. With a mode, only what the policy wants judged in that mode counts.
    pub(super) fn facts(&self, day: Day, trigger: Trigger, mode: Option<Mode>) -> Facts {
        let policy = self.policy;
        let since = |start: Option<Day>| start.map(|start| day.days_since(start));
        let wanted = |rule: Mode| mode.is_none_or(|mode| mode == rule);
        let declining = self.position.declining();
        let heeds_rejection = wanted(policy.decline.rejected_delivery);
        let floor = policy.loyalty.satisfaction;
        Facts {
            orders: i64::from(self.known.orders),
            orders_min: i64::from(policy.loyalty.orders_min),
            tenure_days: since(self.known.first_day),
            tenure_days_min: i64::from(policy.loyalty.tenure_days_min),
            satisfaction: self.fresh_score(day),
            satisfaction_min: floor.map(|floor| floor.score_min),
            satisfaction_missing: floor.map_or(Missing::Waive, |floor| floor.missing),
            dwell_days: since(self.entered),
            dwell_days_min: i64::from(policy.dwell_days_min(self.position.stage())),
            silence_days: since(self.anchor).unwrap_or(0).max(0),
            silence_days_max: self.silence_days_max,
            contract: self.contract_state(day),
            delivery: match self.delivery() {
                // A rejected delivery also stands for a cause of decline, which has its own mode.
                DeliveryState::Rejected(_) if trigger == Trigger::Decline && !heeds_rejection => {
                    DeliveryState::Pending
                }
                state @ (DeliveryState::Pending
                | DeliveryState::Accepted(_)
                | DeliveryState::Rejected(_)) => state,
            },
            purchase_days: i64::from(self.known.purchase_days),
            days_since_order: since(self.known.first_day),
            delivery_implied_after_days: policy.delivery.implied_after_days.map(i64::from),
            // Counting windows is the one costly measure, so it is taken only where it is asked for.
            fall: (trigger == Trigger::Decline && wanted(policy.decline.mode))
                .then(|| self.baseline(day))
                .flatten()
                .map(|baseline| self.compare(day, &baseline)),
            fall_percent: i64::from(policy.decline.fall_percent),
            recovery: declining
                .filter(|declining| {
                    trigger == Trigger::Recover && declining.cause == DeclineCause::Purchases
                })
                .and_then(|declining| declining.baseline)
                .map(|baseline| self.compare(day, &baseline)),
            recovery_percent: i64::from(policy.recovery.percent),
            declared: false,
            delivery_was_the_cause: declining
                .is_some_and(|declining| declining.cause == DeclineCause::Delivery),
            barred: matches!(self.position, Position::Disqualified { barred: true, .. }),
        }
    }

    fn fresh_score(&self, day: Day) -> Option<u8> {
        let (score, scored) = self.lifecycle.signals().satisfaction()?;
        let fresh = i64::from(self.policy.loyalty.satisfaction?.fresh_days);
        (day.days_since(scored) <= fresh).then_some(score.get())
    }

    fn contract_state(&self, day: Day) -> ContractState {
        match (self.contract(), self.contract_over()) {
            (Some(ended), Some(over)) if day >= over => ContractState::Ended { ended },
            (Some(ends), _) => ContractState::Running {
                ends,
                holds_silence: self.policy.lapse.contract.silence == SilenceUnderContract::Ignored,
            },
            (None, _) => ContractState::None,
        }
    }

    /// The last delivery, unless it belongs to an order before this episode's first.
    fn delivery(&self) -> DeliveryState {
        let Some((accepted, day)) = self.lifecycle.signals().delivery() else {
            return DeliveryState::Pending;
        };
        match self.known.first_day {
            Some(first) if day < first => DeliveryState::Pending,
            Some(_) | None if accepted => DeliveryState::Accepted(day),
            Some(_) | None => DeliveryState::Rejected(day),
        }
    }
}

/// The days on which something can change by time alone.
pub(super) struct TurningDays {
    pub(super) few: [Option<Day>; 3],
    /// Whether purchases passing through the windows of the decline rule count too.
    pub(super) windows: bool,
}

/// The day before the `days` whole days that end before `day`: one that is judged on has only begun,
/// so windows are whole days before it.
fn before_whole_days(day: Day, days: i64) -> Day {
    day.saturating_add_days((-1_i64).saturating_sub(days))
}

/// The day of the last correction; what went before it no longer speaks for a loss.
fn last_correction(lifecycle: &Lifecycle, zone: Zone) -> Option<Day> {
    let visits = lifecycle.track().visits().iter().rev();
    let mut corrected = visits.filter(|visit| visit.correction().is_some());
    corrected.next().map(|visit| zone.day_of(visit.at))
}

/// The silence that this customer's own cadence allows: a multiple of the mean gap between its
/// purchase days, within the floor and the ceiling.
fn silence_days_max(policy: &LifecyclePolicy, known: &Known) -> i64 {
    let lapse = &policy.lapse;
    let (floor, ceiling) = (i64::from(lapse.floor_days), i64::from(lapse.ceiling_days));
    if known.purchase_days < u32::from(lapse.cadence_purchase_days_min) {
        return i64::from(lapse.without_cadence_days);
    }
    let gaps = i64::from(known.purchase_days).saturating_sub(1);
    let span = match (known.first_day, known.last_day) {
        (Some(first), Some(last)) if gaps > 0 => last.days_since(first),
        _ => return i64::from(lapse.without_cadence_days),
    };
    let numerator = span.saturating_mul(lapse.cadence_percent.into());
    let denominator = gaps.saturating_mul(100);
    let allowed = numerator
        .saturating_add(denominator.saturating_sub(1))
        .checked_div(denominator)
        .unwrap_or(ceiling);
    allowed.min(ceiling).max(floor)
}
