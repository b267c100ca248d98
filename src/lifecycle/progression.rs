//! Progression: which move is due, why, when it takes effect, and when the next one will be.
//!
//! A pure function of what is recorded and of the policy. Guards compare whole business days, so with
//! no new fact a guard can change its answer only where a business day begins, and only on the few
//! days where one of its limits is reached. [`Progression::next`] looks at those days alone: the first
//! on which every guard of the edge is met is the day the move falls due.

use super::guard::{Comparison, Condition, ContractState, DeliveryState, Facts, LifecycleRule};
use super::policy::{LifecyclePolicy, Mode, SilenceUnderContract};
use super::stage::{Baseline, DeclineCause, DeclinedFrom, Declining, LossCause, Position, Stage};
use super::state::{Episode, Lifecycle};
use super::table::{LifecycleMachine, edge};
use super::track::Since;
use super::trigger::Trigger;
use crate::explain::Reason;
use crate::machine::{self, Answer, Edge, Guard as _, Missing};
use crate::purchase::{Known, PurchaseHistory};
use crate::time::{Day, Timestamp, Zone};

/// A move that is due, or will be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Due {
    /// When it takes effect.
    pub at: Timestamp,
    /// The trigger of the table.
    pub trigger: Trigger,
    /// Where the customer will stand.
    pub to: Position,
    /// Why.
    pub reasons: Vec<Reason<LifecycleRule>>,
}

/// What the judgement starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Time passed.
    Time,
    /// A fact arrived, so recovery is judged too.
    Fact,
}

/// The triggers that a policy can find due, in the order that decides when several are due at once.
/// Unwind and Leave come before all of them, because facts and people bring them about.
const JUDGED: [Trigger; 5] =
    [Trigger::Lapse, Trigger::Decline, Trigger::Recover, Trigger::Deliver, Trigger::Mature];

/// One customer under one policy, ready to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Progression<'a> {
    lifecycle: &'a Lifecycle,
    purchases: &'a PurchaseHistory,
    policy: &'a LifecyclePolicy,
    zone: Zone,
    position: Position,
    episode: Episode,
    known: Known,
    /// The last sign of the customer in this episode: silence counts from here.
    anchor: Option<Day>,
    entered: Option<Day>,
    silence_days_max: i64,
    held: bool,
}

impl<'a> Progression<'a> {
    /// Judges `lifecycle` and `purchases` by `policy`, with business days of `zone`.
    #[must_use]
    pub fn new(
        lifecycle: &'a Lifecycle,
        purchases: &'a PurchaseHistory,
        policy: &'a LifecyclePolicy,
        zone: Zone,
    ) -> Self {
        Self::in_episode(lifecycle, purchases, policy, zone, lifecycle.episode())
    }

    /// The same, as if the current episode were this one.
    pub(crate) fn in_episode(
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
            held: false,
        }
    }

    /// The same for a customer whose position a person corrected, while no fact or request has come
    /// since: only a loss is judged then.
    #[must_use]
    pub const fn with_held(mut self, held: bool) -> Self {
        self.held = held;
        self
    }

    /// The move that the policy makes next, if nothing else happens: the earliest one not before
    /// `from`. With [`Occasion::Fact`], recovery at `from` itself is judged too.
    #[must_use]
    pub fn next(&self, from: Timestamp, occasion: Occasion) -> Option<Due> {
        self.earliest(from, occasion, Mode::Apply).map(|(trigger, at)| self.due(trigger, at))
    }

    /// The same, if it takes effect until `by`.
    pub(crate) fn due_by(&self, from: Timestamp, by: Timestamp, occasion: Occasion) -> Option<Due> {
        self.earliest(from, occasion, Mode::Apply)
            .filter(|(_, at)| *at <= by)
            .map(|(trigger, at)| self.due(trigger, at))
    }

    /// When [`next`](Self::next) takes effect, without the reasons.
    #[must_use]
    pub fn next_at(&self, from: Timestamp) -> Option<Timestamp> {
        self.earliest(from, Occasion::Time, Mode::Apply).map(|(_, at)| at)
    }

    /// The move that the policy suggests at `from`, without making it.
    #[must_use]
    pub fn suggestion(&self, from: Timestamp) -> Option<Due> {
        self.earliest(from, Occasion::Fact, Mode::Suggest)
            .filter(|(_, at)| *at == from)
            .map(|(trigger, at)| self.due(trigger, at))
    }

    /// The facts that the guards of `trigger` look at, at `at`, whoever would make the move.
    #[must_use]
    pub fn facts_for(&self, trigger: Trigger, at: Timestamp) -> Facts {
        self.facts(self.zone.day_of(at), trigger, None)
    }

    /// The answer to `trigger` at `at`; `declared` when a person of the host asks.
    #[must_use]
    pub fn answer(
        &self,
        trigger: Trigger,
        at: Timestamp,
        declared: bool,
    ) -> Answer<Stage, LifecycleRule> {
        let facts = Facts { declared, ..self.facts_for(trigger, at) };
        machine::answer::<LifecycleMachine>(self.position.stage(), trigger, &facts)
    }

    /// Where a judged trigger leads at `at`, and why.
    pub(crate) fn due(&self, trigger: Trigger, at: Timestamp) -> Due {
        let reasons = match self.answer(trigger, at, false) {
            Answer::Permitted { reasons, .. } => reasons,
            Answer::Blocked { .. } | Answer::Stay | Answer::Refused(_) => Vec::new(),
        };
        Due { at, trigger, to: self.target(trigger, at, &reasons), reasons }
    }

    /// The position that a judged trigger leads to, given the reasons its guards found.
    pub(crate) fn target(
        &self,
        trigger: Trigger,
        at: Timestamp,
        reasons: &[Reason<LifecycleRule>],
    ) -> Position {
        let found = |rule| reasons.iter().any(|reason| reason.rule == rule);
        match (trigger, self.position) {
            (Trigger::Mature, _) => Position::Loyal,
            (Trigger::Recover, Position::Declining(declining)) => declining.from.position(),
            (Trigger::Lapse, _) if found(LifecycleRule::ContractEnded) => {
                Position::Lost { cause: LossCause::ContractEnd }
            }
            (Trigger::Lapse, _) => Position::Lost { cause: LossCause::Silence },
            (Trigger::Decline, position) => {
                let cause = if found(LifecycleRule::PurchasesFell) {
                    DeclineCause::Purchases
                } else if found(LifecycleRule::DeliveryRejected) {
                    DeclineCause::Delivery
                } else {
                    DeclineCause::Declared
                };
                let from = DeclinedFrom::from_stage(position.stage());
                let baseline = self.baseline(self.zone.day_of(at));
                Position::Declining(Declining::new(
                    from.unwrap_or(DeclinedFrom::Growing),
                    cause,
                    baseline,
                ))
            }
            (_, _) => Position::Growing,
        }
    }

    /// The earliest judged trigger of this mode, and when it takes effect.
    fn earliest(
        &self,
        from: Timestamp,
        occasion: Occasion,
        mode: Mode,
    ) -> Option<(Trigger, Timestamp)> {
        let today = self.zone.day_of(from);
        let mut earliest: Option<(Trigger, Day)> = None;
        for trigger in JUDGED {
            if !self.is_judged(trigger, occasion, mode) {
                continue;
            }
            let Edge::To { guards, .. } = edge(self.position.stage(), trigger) else { continue };
            let before = earliest.map(|(_, day)| day);
            if let Some(day) = self.first_day(trigger, guards, today, before, mode) {
                earliest = Some((trigger, day));
            }
        }
        let (trigger, day) = earliest?;
        let at = if day == today { from } else { self.zone.start_of(day) };
        Some((trigger, self.free_instant(trigger, at)))
    }

    /// The instant at which the trigger's stage can be entered: no stage is entered twice at one.
    fn free_instant(&self, trigger: Trigger, at: Timestamp) -> Timestamp {
        let stage = self.target(trigger, at, &[]).stage();
        if self.lifecycle.track().entered_at(stage, at) { at.next() } else { at }
    }

    fn is_judged(&self, trigger: Trigger, occasion: Occasion, mode: Mode) -> bool {
        if self.held && trigger != Trigger::Lapse {
            return false;
        }
        let policy = self.policy;
        match trigger {
            Trigger::Lapse => policy.lapse.mode == mode,
            Trigger::Decline => {
                policy.decline.mode == mode || policy.decline.rejected_delivery == mode
            }
            Trigger::Recover => policy.recovery.mode == mode && occasion == Occasion::Fact,
            Trigger::Deliver => policy.delivery.mode == mode,
            Trigger::Mature => policy.loyalty.mode == mode,
            Trigger::Engage
            | Trigger::Evaluate
            | Trigger::Propose
            | Trigger::Cool
            | Trigger::Purchase
            | Trigger::Leave
            | Trigger::WinBack
            | Trigger::Disqualify
            | Trigger::Requalify
            | Trigger::Unwind
            | Trigger::End => false,
        }
    }

    /// The first day from `today` on, and before `before`, on which all guards are met.
    fn first_day(
        &self,
        trigger: Trigger,
        guards: &[Condition],
        today: Day,
        before: Option<Day>,
        mode: Mode,
    ) -> Option<Day> {
        let is_due = |day: Day| {
            let facts = self.facts(day, trigger, Some(mode));
            guards.iter().all(|guard| guard.passes(&facts))
        };
        let in_time = |day: Day| before.is_none_or(|before| day < before);
        if !in_time(today) {
            return None;
        }
        if is_due(today) {
            return Some(today);
        }
        // Recovery is judged when a fact arrives, never by time alone.
        if trigger == Trigger::Recover {
            return None;
        }
        let mut days = self.turning_days(trigger);
        days.few.sort_unstable();
        let few = days.few.into_iter().flatten();
        let turns = few.filter(|day| *day > today && in_time(*day)).find(|day| is_due(*day));
        if !days.windows {
            return turns;
        }
        let windows = self.window_days(today, turns.or(before));
        windows
            .into_iter()
            .filter(|day| in_time(*day))
            .find(|day| is_due(*day))
            .into_iter()
            .chain(turns)
            .min()
    }

    /// The days on which a guard of `trigger` can change its answer by time alone.
    fn turning_days(&self, trigger: Trigger) -> TurningDays {
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
    fn window_days(&self, today: Day, until: Option<Day>) -> Vec<Day> {
        let (window, span) = self.window_lengths();
        let first = self.known.first_day;
        let rows = self.purchases.days().iter().map(|row| row.day());
        let reversals = self.purchases.reversals().iter().map(|row| row.day());
        let mut days: Vec<Day> = rows
            .chain(reversals)
            .chain(first)
            .flat_map(|day| [window, span].map(|length| day.saturating_add_days(length)))
            .filter(|day| *day > today && until.is_none_or(|until| *day <= until))
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
    fn baseline(&self, day: Day) -> Option<Baseline> {
        let decline = &self.policy.decline;
        let (window, span) = self.window_lengths();
        let first = self.known.first_day?;
        if day.days_since(first) < span {
            return None;
        }
        let back = |days: i64| day.saturating_add_days(days.saturating_neg());
        let (begin, end) = (back(span), back(window));
        let total = decline.measure.of(&self.purchases.window(begin, end));
        (total >= decline.baseline_min).then_some(Baseline {
            measure: decline.measure,
            total,
            windows: decline.baseline_windows,
            window_days: decline.window_days,
        })
    }

    /// Purchases of the window that ends on `day`, against a baseline.
    fn compare(&self, day: Day, baseline: &Baseline) -> Comparison {
        let begin = day.saturating_add_days(i64::from(baseline.window_days).saturating_neg());
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

    /// The last day of the contract, unless it ended before this episode or before a restart.
    fn contract(&self) -> Option<Day> {
        let begin = self.episode.since.max(last_correction(self.lifecycle, self.zone));
        self.lifecycle.signals().contract_ends().filter(|ends| begin.is_none_or(|day| *ends >= day))
    }

    /// The facts on `day`. With a mode, only what the policy wants judged in that mode counts.
    fn facts(&self, day: Day, trigger: Trigger, mode: Option<Mode>) -> Facts {
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
                DeliveryState::Rejected(day) => DeliveryState::Rejected(day),
                DeliveryState::Accepted(day) => DeliveryState::Accepted(day),
                DeliveryState::Pending => DeliveryState::Pending,
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
struct TurningDays {
    few: [Option<Day>; 3],
    /// Whether purchases passing through the windows of the decline rule count too.
    windows: bool,
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
