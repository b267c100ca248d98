//! The conditions on moves, and the plain facts they look at.

use super::rule::LifecycleRule;
use crate::explain::{BasisPoints, Measure, Reason};
use crate::machine::{Finding, Guard, Missing, WhenUnmet};
use crate::time::Day;

/// A condition on a move of the lifecycle.
///
/// ```
/// use guanxi::lifecycle::Condition;
/// use guanxi::machine::{Finding, Guard};
/// use guanxi::{Language, Speak, Trigger};
/// # use guanxi::{customer::derive_track, Timestamp};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let until: Timestamp = "2026-03-01T00:00:00Z".parse()?;
/// # let customer = derive_track(&[order("2026-01-10T12:00:00Z")], &books, until).customer;
///
/// // Of a customer with one order in January, seen on 1 March:
/// let progression = customer.progression(books.latest());
/// let facts = progression.facts_for(Trigger::Mature, "2026-03-01T00:00:00Z".parse()?);
/// let Finding::Unmet(reason) = Condition::Orders.find(&facts) else {
///     panic!("one order is not enough");
/// };
/// assert_eq!(reason.text(Language::English), "orders 1, 4 needed");
/// assert!(Condition::Satisfied.passes(&facts)); // nobody asked, and the policy waives that
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// Enough kept orders in this episode.
    Orders,
    /// A customer for long enough in this episode.
    Tenure,
    /// Satisfied enough, as far as a fresh score is known.
    Satisfied,
    /// Long enough in the present stage.
    Dwelt,
    /// Purchases fell, a delivery was rejected, or a person said so.
    Falling,
    /// Purchases came back to the frozen baseline, or a person said so.
    Recovered,
    /// Delivery was reported, or is implied by time or by a second purchase day.
    Delivered,
    /// The decline was put down to a rejected delivery.
    DeliveryWasTheCause,
    /// Silent for too long, or the contract ended.
    Lapsed,
    /// Not silent for too long, and no ended contract.
    NotLapsed,
    /// Not barred from becoming a customer.
    NotBarred,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 11] = [
        Self::Orders,
        Self::Tenure,
        Self::Satisfied,
        Self::Dwelt,
        Self::Falling,
        Self::Recovered,
        Self::Delivered,
        Self::DeliveryWasTheCause,
        Self::Lapsed,
        Self::NotLapsed,
        Self::NotBarred,
    ];
}

/// What the conditions look at: measures of one customer on one business day, beside the limits that
/// the policy sets. Plain data, so that every condition can be met or unmet in a test.
///
/// [`Progression::facts_for`](super::Progression::facts_for) fills it in.
///
/// ```
/// use guanxi::Trigger;
/// use guanxi::lifecycle::{Condition, ContractState, DeliveryState, Facts};
/// use guanxi::machine::Guard;
/// # use guanxi::{customer::derive_track, Timestamp};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let until: Timestamp = "2026-03-01T00:00:00Z".parse()?;
/// # let customer = derive_track(&[order("2026-01-10T12:00:00Z")], &books, until).customer;
///
/// // Of a customer with one order on 10 January, seen on 1 March:
/// let progression = customer.progression(books.latest());
/// let facts = progression.facts_for(Trigger::Mature, "2026-03-01T00:00:00Z".parse()?);
/// assert_eq!((facts.orders, facts.orders_min), (1, 4));
/// assert_eq!((facts.silence_days, facts.silence_days_max), (50, 180));
/// assert_eq!(facts.contract, ContractState::None);
/// assert_eq!(facts.delivery, DeliveryState::Pending);
///
/// // What if there were four?
/// assert!(Condition::Orders.passes(&Facts { orders: 4, ..facts }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Kept orders in this episode.
    pub orders: i64,
    /// The least that loyalty asks for.
    pub orders_min: i64,
    /// Whole days since the first purchase day of this episode.
    pub tenure_days: Option<i64>,
    /// The least that loyalty asks for.
    pub tenure_days_min: i64,
    /// The last satisfaction score, while it is fresh.
    pub satisfaction: Option<u8>,
    /// The floor that loyalty asks for; `None` when the policy asks for none.
    pub satisfaction_min: Option<u8>,
    /// What no fresh score means.
    pub satisfaction_missing: Missing,
    /// Whole days in the present stage; `None` when its start is unknown.
    pub dwell_days: Option<i64>,
    /// The least the policy asks for before it moves a customer on.
    pub dwell_days_min: i64,
    /// Whole days since the last sign of the customer in this episode.
    pub silence_days: i64,
    /// The most that this customer's own cadence allows.
    pub silence_days_max: i64,
    /// The state of the contract.
    pub contract: ContractState,
    /// The last word on delivery.
    pub delivery: DeliveryState,
    /// Days with a kept order in this episode.
    pub purchase_days: i64,
    /// Whole days since the first purchase day of this episode, as delivery counts them.
    pub days_since_order: Option<i64>,
    /// After how many days delivery is implied; `None` when it must be reported.
    pub delivery_implied_after_days: Option<i64>,
    /// Purchases of the last window against the own baseline; `None` without a baseline.
    pub fall: Option<Comparison>,
    /// At or below this share of the baseline, purchases have fallen.
    pub fall_percent: i64,
    /// Purchases of the last window against the frozen baseline of the decline.
    pub recovery: Option<Comparison>,
    /// At or above this share of the frozen baseline, purchases have recovered.
    pub recovery_percent: i64,
    /// A person of the host says so; counts for decline and recovery.
    pub declared: bool,
    /// The present decline was put down to a rejected delivery.
    pub delivery_was_the_cause: bool,
    /// The customer is barred.
    pub barred: bool,
}

/// The contract, seen on one day.
///
/// See [`Facts`] for where it comes from.
///
/// ```
/// use guanxi::Day;
/// use guanxi::lifecycle::{Condition, ContractState, Facts};
/// use guanxi::machine::Guard;
/// # use guanxi::{customer::derive_track, Timestamp, Trigger};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let until: Timestamp = "2026-03-01T00:00:00Z".parse()?;
/// # let customer = derive_track(&[order("2026-01-10T12:00:00Z")], &books, until).customer;
/// # let facts = customer.progression(books.latest()).facts_for(Trigger::Lapse, until);
///
/// // Silent for too long, but under a contract that holds silence off:
/// let ends = Day::from_ymd(2026, 12, 31)?;
/// let silent = Facts { silence_days: 200, silence_days_max: 180, ..facts };
/// let running = ContractState::Running { ends, holds_silence: true };
/// assert!(Condition::Lapsed.passes(&silent));
/// assert!(!Condition::Lapsed.passes(&Facts { contract: running, ..silent }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContractState {
    /// None known in this episode.
    None,
    /// Runs until the end of this day, and holds silence off if the policy says so.
    Running {
        /// The last day.
        ends: Day,
        /// Whether silence does not count while it runs.
        holds_silence: bool,
    },
    /// Ended on this day, grace included, without a renewal.
    Ended {
        /// The last day.
        ended: Day,
    },
}

/// The last word on delivery, seen on one day.
///
/// See [`Facts`] for where it comes from.
///
/// ```
/// use guanxi::Day;
/// use guanxi::lifecycle::{Condition, DeliveryState, Facts};
/// use guanxi::machine::Guard;
/// # use guanxi::{customer::derive_track, Timestamp, Trigger};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let until: Timestamp = "2026-03-01T00:00:00Z".parse()?;
/// # let customer = derive_track(&[order("2026-01-10T12:00:00Z")], &books, until).customer;
/// # let facts = customer.progression(books.latest()).facts_for(Trigger::Deliver, until);
///
/// // Delivery is implied by now; a rejection outweighs that.
/// let rejected = DeliveryState::Rejected(Day::from_ymd(2026, 1, 20)?);
/// assert!(Condition::Delivered.passes(&facts));
/// assert!(!Condition::Delivered.passes(&Facts { delivery: rejected, ..facts }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// Nothing reported in this episode.
    Pending,
    /// Accepted on this day.
    Accepted(Day),
    /// Rejected on this day.
    Rejected(Day),
}

/// Purchases of one window against a baseline of several windows. Compared in whole numbers, so that
/// no rounding decides.
///
/// ```
/// use guanxi::lifecycle::Comparison;
///
/// // Two orders in the last window; the two windows before it held seven, 3.5 in the mean.
/// let fall = Comparison { current: 2, baseline_total: 7, windows: 2 };
/// assert!(fall.against_percent(50).is_gt()); // 57 % of the mean
/// assert!(fall.against_percent(60).is_lt());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// The last window.
    pub current: i64,
    /// The sum over the windows of the baseline.
    pub baseline_total: i64,
    /// How many windows the baseline has.
    pub windows: i64,
}

impl Comparison {
    /// How the window compares with `percent` of the mean window of the baseline.
    #[must_use]
    pub fn against_percent(&self, percent: i64) -> std::cmp::Ordering {
        // Each factor fits 64 bits, and windows and percentages are small, so 128 bits cannot overflow.
        let current =
            i128::from(self.current).saturating_mul(100).saturating_mul(self.windows.into());
        current.cmp(&i128::from(self.baseline_total).saturating_mul(percent.into()))
    }

    fn share(&self) -> Measure {
        self.current
            .checked_mul(self.windows)
            .and_then(|scaled| BasisPoints::of(scaled, self.baseline_total))
            .map_or(Measure::Missing, Measure::Share)
    }
}

const fn percent(percent: i64) -> Measure {
    Measure::Share(BasisPoints(percent.saturating_mul(100)))
}

fn at_least(met: bool, reason: Reason<LifecycleRule>) -> Finding<LifecycleRule> {
    if met { Finding::Met(reason) } else { Finding::Unmet(reason) }
}

impl Guard for Condition {
    type Facts = Facts;
    type Rule = LifecycleRule;

    fn find(self, facts: &Facts) -> Finding<LifecycleRule> {
        match self {
            Self::Orders => at_least(
                facts.orders >= facts.orders_min,
                Reason::new(
                    LifecycleRule::Orders,
                    Measure::Count(facts.orders),
                    Measure::Count(facts.orders_min),
                ),
            ),
            Self::Tenure if facts.tenure_days.is_none() => Finding::Missing(Reason::new(
                LifecycleRule::NoPurchase,
                Measure::Missing,
                Measure::Days(facts.tenure_days_min),
            )),
            Self::Tenure => {
                days_at_least(LifecycleRule::Tenure, facts.tenure_days, facts.tenure_days_min)
            }
            Self::Satisfied => satisfied(facts),
            Self::Dwelt if facts.dwell_days_min == 0 => Finding::NotAsked,
            Self::Dwelt => {
                days_at_least(LifecycleRule::Dwell, facts.dwell_days, facts.dwell_days_min)
            }
            Self::Falling => falling(facts),
            Self::Recovered => recovered(facts),
            Self::Delivered => delivered(facts),
            Self::DeliveryWasTheCause => at_least(
                facts.delivery_was_the_cause,
                Reason::new(LifecycleRule::DeliveryCause, Measure::Missing, Measure::Missing),
            ),
            Self::Lapsed => {
                let (lapsed, reason) = lapse(facts);
                at_least(lapsed, reason)
            }
            Self::NotLapsed => {
                let (lapsed, reason) = lapse(facts);
                at_least(!lapsed, reason)
            }
            Self::NotBarred if facts.barred => Finding::Unmet(Reason::new(
                LifecycleRule::Barred,
                Measure::Missing,
                Measure::Missing,
            )),
            Self::NotBarred => Finding::NotAsked,
        }
    }

    fn missing(self, facts: &Facts) -> Missing {
        match self {
            Self::Satisfied => facts.satisfaction_missing,
            // An unknown start lies before the takeover; holding the customer back for it would let
            // a gap in the records decide.
            Self::Dwelt => Missing::Waive,
            Self::Orders
            | Self::Tenure
            | Self::Falling
            | Self::Recovered
            | Self::Delivered
            | Self::DeliveryWasTheCause
            | Self::Lapsed
            | Self::NotLapsed
            | Self::NotBarred => Missing::Block,
        }
    }

    fn when_unmet(self) -> WhenUnmet {
        match self {
            Self::DeliveryWasTheCause => WhenUnmet::Stay,
            Self::Orders
            | Self::Tenure
            | Self::Satisfied
            | Self::Dwelt
            | Self::Falling
            | Self::Recovered
            | Self::Delivered
            | Self::Lapsed
            | Self::NotLapsed
            | Self::NotBarred => WhenUnmet::Refuse,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Tenure => "tenure",
            Self::Satisfied => "satisfied",
            Self::Dwelt => "dwelt",
            Self::Falling => "falling",
            Self::Recovered => "recovered",
            Self::Delivered => "delivered",
            Self::DeliveryWasTheCause => "delivery was the cause",
            Self::Lapsed => "lapsed",
            Self::NotLapsed => "not lapsed",
            Self::NotBarred => "not barred",
        }
    }
}

fn days_at_least(rule: LifecycleRule, days: Option<i64>, min: i64) -> Finding<LifecycleRule> {
    match days {
        Some(days) => {
            at_least(days >= min, Reason::new(rule, Measure::Days(days), Measure::Days(min)))
        }
        None => Finding::Missing(Reason::new(rule, Measure::Missing, Measure::Days(min))),
    }
}

fn satisfied(facts: &Facts) -> Finding<LifecycleRule> {
    let Some(min) = facts.satisfaction_min else { return Finding::NotAsked };
    let rule = LifecycleRule::Satisfaction;
    match facts.satisfaction {
        Some(score) => {
            at_least(score >= min, Reason::new(rule, Measure::Score(score), Measure::Score(min)))
        }
        None => Finding::Missing(Reason::new(rule, Measure::Missing, Measure::Score(min))),
    }
}

fn falling(facts: &Facts) -> Finding<LifecycleRule> {
    let limit = percent(facts.fall_percent);
    let observed = facts.fall.map_or(Measure::Missing, |fall| fall.share());
    let fell = facts.fall.is_some_and(|fall| fall.against_percent(facts.fall_percent).is_le());
    if fell {
        return Finding::Met(Reason::new(LifecycleRule::PurchasesFell, observed, limit));
    }
    if let DeliveryState::Rejected(day) = facts.delivery {
        return Finding::Met(Reason::new(
            LifecycleRule::DeliveryRejected,
            Measure::Day(day),
            Measure::Missing,
        ));
    }
    if facts.declared {
        return Finding::Met(declared());
    }
    if facts.fall.is_some() {
        Finding::Unmet(Reason::new(LifecycleRule::PurchasesFell, observed, limit))
    } else {
        Finding::Missing(Reason::new(LifecycleRule::NoBaseline, Measure::Missing, limit))
    }
}

fn recovered(facts: &Facts) -> Finding<LifecycleRule> {
    if facts.declared {
        return Finding::Met(declared());
    }
    let limit = percent(facts.recovery_percent);
    match facts.recovery {
        Some(recovery) => at_least(
            recovery.against_percent(facts.recovery_percent).is_ge(),
            Reason::new(LifecycleRule::PurchasesRecovered, recovery.share(), limit),
        ),
        None => Finding::Missing(Reason::new(LifecycleRule::NoBaseline, Measure::Missing, limit)),
    }
}

const fn declared() -> Reason<LifecycleRule> {
    Reason::new(LifecycleRule::Declared, Measure::Missing, Measure::Missing)
}

fn delivered(facts: &Facts) -> Finding<LifecycleRule> {
    match (facts.delivery, facts.days_since_order, facts.delivery_implied_after_days) {
        (DeliveryState::Accepted(day), _, _) => Finding::Met(Reason::new(
            LifecycleRule::DeliveryAccepted,
            Measure::Day(day),
            Measure::Missing,
        )),
        // A rejected delivery is not healed by time, nor by an order that may be its replacement.
        (DeliveryState::Rejected(day), _, _) => Finding::Unmet(Reason::new(
            LifecycleRule::DeliveryRejected,
            Measure::Day(day),
            Measure::Missing,
        )),
        (DeliveryState::Pending, _, _) if facts.purchase_days >= 2 => Finding::Met(Reason::new(
            LifecycleRule::SecondPurchase,
            Measure::Count(facts.purchase_days),
            Measure::Count(2),
        )),
        (DeliveryState::Pending, Some(days), Some(implied)) => at_least(
            days >= implied,
            Reason::new(
                LifecycleRule::DeliveryImplied,
                Measure::Days(days),
                Measure::Days(implied),
            ),
        ),
        (DeliveryState::Pending, _, _) => Finding::Unmet(Reason::new(
            LifecycleRule::DeliveryPending,
            Measure::Missing,
            Measure::Missing,
        )),
    }
}

fn lapse(facts: &Facts) -> (bool, Reason<LifecycleRule>) {
    match facts.contract {
        ContractState::Ended { ended } => {
            (true, Reason::new(LifecycleRule::ContractEnded, Measure::Day(ended), Measure::Missing))
        }
        ContractState::Running { ends, holds_silence: true } => (
            false,
            Reason::new(LifecycleRule::ContractRunning, Measure::Day(ends), Measure::Missing),
        ),
        ContractState::Running { holds_silence: false, .. } | ContractState::None => (
            facts.silence_days > facts.silence_days_max,
            Reason::new(
                LifecycleRule::Silence,
                Measure::Days(facts.silence_days),
                Measure::Days(facts.silence_days_max),
            ),
        ),
    }
}
