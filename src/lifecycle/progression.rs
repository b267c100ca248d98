//! Progression: which move is due, why, when it takes effect, and when the next one will be.
//!
//! A pure function of what is recorded and of the policy. Guards compare whole business days, so with
//! no new fact a guard can change its answer only where a business day begins, and only on the few
//! days where one of its limits is reached. [`Progression::next`] looks at those days alone: the first
//! on which every guard of the edge is met is the day the move falls due.

use super::guard::{Condition, Facts};
use super::measures::Measures;
use super::policy::{LifecyclePolicy, Mode};
use super::position::{DeclineCause, DeclinedFrom, Declining, LossCause, Position};
use super::rule::LifecycleRule;
use super::stage::Stage;
use super::state::{Episode, Lifecycle};
use super::table::{LifecycleMachine, edge};
use super::trigger::Trigger;
use crate::explain::Reason;
use crate::machine::{self, Answer, Edge, Guard as _, Next};
use crate::purchase::PurchaseHistory;
use crate::time::{Day, Timestamp, Zone};

/// A move that is due, or will be.
///
/// [`Progression`] has an example.
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
///
/// [`Progression::next`] asks for it. [`RecoveryPolicy`](super::RecoveryPolicy) sets the limit of
/// recovery; time alone never meets it, because silence is no recovery.
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
///
/// Made by [`Customer::progression`](crate::Customer::progression).
///
/// ```
/// use guanxi::customer::derive_track;
/// use guanxi::lifecycle::Occasion;
/// use guanxi::machine::Answer;
/// use guanxi::{Language, Stage, Timestamp, Trigger, explain};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// // One order on 10 January, seen on the same day.
/// let at: Timestamp = "2026-01-10T12:00:00Z".parse()?;
/// let customer = derive_track(&[order("2026-01-10T12:00:00Z")], &books, at).customer;
/// let progression = customer.progression(books.latest());
///
/// // Delivery is implied after 14 days; nothing else is due before.
/// let due = progression.next(at, Occasion::Time).expect("delivery is implied one day");
/// assert_eq!((due.trigger, due.to.stage()), (Trigger::Deliver, Stage::Growing));
/// assert_eq!(due.at, "2026-01-24T00:00:00Z".parse()?);
/// assert_eq!(progression.next_at(at), Some(due.at));
///
/// // Why not now?
/// let Answer::Blocked { unmet } = progression.answer(Trigger::Deliver, at, false) else {
///     panic!("nothing is delivered yet");
/// };
/// assert_eq!(
///     explain::join(&unmet, Language::English),
///     "0 days since the order, delivery implied after 14 days"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Progression<'a> {
    measures: Measures<'a>,
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
        let measures = Measures::new(lifecycle, purchases, policy, zone, episode);
        Self { measures, held: false }
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
        self.earliest(from, Timestamp::MAX, occasion, Mode::Apply)
            .map(|(trigger, at)| self.due(trigger, at, Mode::Apply))
    }

    /// The same, if it takes effect until `by`.
    pub(crate) fn due_by(&self, from: Timestamp, by: Timestamp, occasion: Occasion) -> Option<Due> {
        self.earliest(from, by, occasion, Mode::Apply)
            .map(|(trigger, at)| self.due(trigger, at, Mode::Apply))
    }

    /// When [`next`](Self::next) takes effect, without the reasons.
    #[must_use]
    pub fn next_at(&self, from: Timestamp) -> Option<Timestamp> {
        self.earliest(from, Timestamp::MAX, Occasion::Time, Mode::Apply).map(|(_, at)| at)
    }

    /// The move that the policy suggests at `from`, without making it.
    ///
    /// ```
    /// use guanxi::customer::derive_track;
    /// use guanxi::{Stage, Timestamp, Trigger};
    /// # fn order(at: &str) -> guanxi::Command {
    /// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
    /// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
    /// # }
    /// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
    /// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
    /// # let books = guanxi::Rulebooks::from(book);
    ///
    /// // An order a month until September, then none; the default policy only suggests a decline.
    /// let orders = (1..=9).map(|month| order(&format!("2025-0{month}-10T12:00:00Z")));
    /// let orders: Vec<_> = orders.collect();
    /// let at: Timestamp = "2025-11-15T00:00:00Z".parse()?;
    /// let customer = derive_track(&orders, &books, at).customer;
    /// assert_eq!(customer.stage(), Stage::Loyal);
    /// let due = customer.progression(books.latest()).suggestion(at).expect("purchases fell");
    /// assert_eq!(due.trigger, Trigger::Decline);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn suggestion(&self, from: Timestamp) -> Option<Due> {
        self.earliest(from, from, Occasion::Fact, Mode::Suggest)
            .map(|(trigger, at)| self.due(trigger, at, Mode::Suggest))
    }

    /// The facts that the guards of `trigger` look at, at `at`, whoever would make the move.
    #[must_use]
    pub fn facts_for(&self, trigger: Trigger, at: Timestamp) -> Facts {
        self.measures.facts(self.measures.zone.day_of(at), trigger, None)
    }

    /// The answer to `trigger` at `at`; `declared` when a person of the host asks.
    #[must_use]
    pub fn answer(
        &self,
        trigger: Trigger,
        at: Timestamp,
        declared: bool,
    ) -> Answer<Stage, LifecycleRule> {
        let mut facts = Facts { declared, ..self.facts_for(trigger, at) };
        if declared {
            // The least dwell holds the policy back, not people.
            facts.dwell_days_min = 0;
        }
        machine::answer::<LifecycleMachine>(self.measures.position.stage(), trigger, &facts)
    }

    /// Where a judged trigger leads at `at`, and why: by what the policy judges in this mode alone.
    fn due(&self, trigger: Trigger, at: Timestamp, mode: Mode) -> Due {
        let facts = self.measures.facts(self.measures.zone.day_of(at), trigger, Some(mode));
        let stage = self.measures.position.stage();
        let reasons = match machine::answer::<LifecycleMachine>(stage, trigger, &facts) {
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
        match (trigger, self.measures.position) {
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
                let baseline = self.measures.baseline(self.measures.zone.day_of(at));
                Position::Declining(Declining::new(
                    from.unwrap_or(DeclinedFrom::Growing),
                    cause,
                    baseline,
                ))
            }
            (_, _) => Position::Growing,
        }
    }

    /// The earliest judged trigger of this mode that takes effect until `by`, and when it does.
    ///
    /// Days after `by` are not even looked at: most facts come soon after the last one, and judging
    /// every day that a move could fall due on would cost far more than the fact itself.
    fn earliest(
        &self,
        from: Timestamp,
        by: Timestamp,
        occasion: Occasion,
        mode: Mode,
    ) -> Option<(Trigger, Timestamp)> {
        let today = self.measures.zone.day_of(from);
        let mut until = self.measures.zone.day_of(by);
        let mut earliest = None;
        for trigger in JUDGED {
            if !self.is_judged(trigger, occasion, mode) {
                continue;
            }
            let Edge::To { next, guards } = edge(self.measures.position.stage(), trigger) else {
                continue;
            };
            if let Some(day) = self.first_day(trigger, guards, today, until, mode) {
                earliest = Some((trigger, next, day));
                if day == today {
                    break;
                }
                // A trigger further down wins only on an earlier day.
                until = day.saturating_add_days(-1);
            }
        }
        let (trigger, next, day) = earliest?;
        let at = if day == today { from } else { self.measures.zone.start_of(day) };
        let stage = match next {
            Next::One(stage) => stage,
            Next::OneOf(_) => self.target(trigger, at, &[]).stage(),
        };
        let at = self.measures.lifecycle.track().free_instant(stage, at);
        Some((trigger, at)).filter(|(_, at)| *at <= by)
    }

    fn is_judged(&self, trigger: Trigger, occasion: Occasion, mode: Mode) -> bool {
        if self.held && trigger != Trigger::Lapse {
            return false;
        }
        let policy = self.measures.policy;
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

    /// The first day from `today` on, and not after `until`, on which all guards are met.
    fn first_day(
        &self,
        trigger: Trigger,
        guards: &[Condition],
        today: Day,
        until: Day,
        mode: Mode,
    ) -> Option<Day> {
        let is_due = |day: Day| {
            let facts = self.measures.facts(day, trigger, Some(mode));
            guards.iter().all(|guard| guard.passes(&facts))
        };
        if until < today {
            return None;
        }
        if is_due(today) {
            return Some(today);
        }
        // Recovery is judged when a fact arrives, never by time alone.
        if trigger == Trigger::Recover || until == today {
            return None;
        }
        let in_time = |day: &Day| today < *day && *day <= until;
        let mut days = self.measures.turning_days(trigger);
        days.few.sort_unstable();
        let few = days.few.into_iter().flatten();
        let turns = few.filter(in_time).find(|day| is_due(*day));
        if !days.windows {
            return turns;
        }
        let windows = self.measures.window_days(today, turns.unwrap_or(until));
        windows.into_iter().find(|day| is_due(*day)).into_iter().chain(turns).min()
    }
}
