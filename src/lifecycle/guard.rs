//! The conditions on moves, the plain facts they look at, and the rules they reason with.

use serde::{Deserialize, Serialize};

use crate::explain::{BasisPoints, Language, Measure, Reason, Rule};
use crate::machine::{Finding, Guard, Missing, WhenUnmet};
use crate::time::Day;

/// A condition on a move of the lifecycle.
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
    let reason = Reason::new(LifecycleRule::PurchasesFell, observed, limit);
    if facts.fall.is_some() { Finding::Unmet(reason) } else { Finding::Missing(reason) }
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
        None => Finding::Missing(Reason::new(
            LifecycleRule::PurchasesRecovered,
            Measure::Missing,
            limit,
        )),
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

/// The rules of the lifecycle, as reasons cite them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum LifecycleRule {
    /// An order was placed and kept.
    #[serde(rename = "lifecycle.order")]
    Order,
    /// Kept orders against the number that loyalty asks for.
    #[serde(rename = "lifecycle.orders")]
    Orders,
    /// Time as a customer against what loyalty asks for.
    #[serde(rename = "lifecycle.tenure")]
    Tenure,
    /// Satisfaction against the floor.
    #[serde(rename = "lifecycle.satisfaction")]
    Satisfaction,
    /// Time in the stage against the least that the policy asks for.
    #[serde(rename = "lifecycle.dwell")]
    Dwell,
    /// Silence against what the own cadence allows.
    #[serde(rename = "lifecycle.silence")]
    Silence,
    /// The contract ended.
    #[serde(rename = "lifecycle.contract_ended")]
    ContractEnded,
    /// The contract runs.
    #[serde(rename = "lifecycle.contract_running")]
    ContractRunning,
    /// Purchases against the own baseline.
    #[serde(rename = "lifecycle.purchases_fell")]
    PurchasesFell,
    /// Purchases against the frozen baseline.
    #[serde(rename = "lifecycle.purchases_recovered")]
    PurchasesRecovered,
    /// Delivery was accepted.
    #[serde(rename = "lifecycle.delivery_accepted")]
    DeliveryAccepted,
    /// Delivery was rejected.
    #[serde(rename = "lifecycle.delivery_rejected")]
    DeliveryRejected,
    /// Delivery is implied by the time since the order.
    #[serde(rename = "lifecycle.delivery_implied")]
    DeliveryImplied,
    /// Nothing is known of the delivery.
    #[serde(rename = "lifecycle.delivery_pending")]
    DeliveryPending,
    /// Whether a rejected delivery caused the decline.
    #[serde(rename = "lifecycle.delivery_cause")]
    DeliveryCause,
    /// A second purchase day implies that the first was delivered.
    #[serde(rename = "lifecycle.second_purchase")]
    SecondPurchase,
    /// Every order was cancelled.
    #[serde(rename = "lifecycle.no_order_left")]
    NoOrderLeft,
    /// The customer is barred.
    #[serde(rename = "lifecycle.barred")]
    Barred,
    /// A person's word.
    #[serde(rename = "lifecycle.declared")]
    Declared,
    /// Somebody asked for the move.
    #[serde(rename = "lifecycle.requested")]
    Requested,
    /// A fact came in after later decisions had been taken.
    #[serde(rename = "lifecycle.late_fact")]
    LateFact,
    /// Longer in a stage than the policy expects.
    #[serde(rename = "lifecycle.stalled")]
    Stalled,
}

impl LifecycleRule {
    /// Every rule.
    pub const ALL: [Self; 22] = [
        Self::Order,
        Self::Orders,
        Self::Tenure,
        Self::Satisfaction,
        Self::Dwell,
        Self::Silence,
        Self::ContractEnded,
        Self::ContractRunning,
        Self::PurchasesFell,
        Self::PurchasesRecovered,
        Self::DeliveryAccepted,
        Self::DeliveryRejected,
        Self::DeliveryImplied,
        Self::DeliveryPending,
        Self::DeliveryCause,
        Self::SecondPurchase,
        Self::NoOrderLeft,
        Self::Barred,
        Self::Declared,
        Self::Requested,
        Self::LateFact,
        Self::Stalled,
    ];
}

impl Rule for LifecycleRule {
    fn code(self) -> &'static str {
        match self {
            Self::Order => "lifecycle.order",
            Self::Orders => "lifecycle.orders",
            Self::Tenure => "lifecycle.tenure",
            Self::Satisfaction => "lifecycle.satisfaction",
            Self::Dwell => "lifecycle.dwell",
            Self::Silence => "lifecycle.silence",
            Self::ContractEnded => "lifecycle.contract_ended",
            Self::ContractRunning => "lifecycle.contract_running",
            Self::PurchasesFell => "lifecycle.purchases_fell",
            Self::PurchasesRecovered => "lifecycle.purchases_recovered",
            Self::DeliveryAccepted => "lifecycle.delivery_accepted",
            Self::DeliveryRejected => "lifecycle.delivery_rejected",
            Self::DeliveryImplied => "lifecycle.delivery_implied",
            Self::DeliveryPending => "lifecycle.delivery_pending",
            Self::DeliveryCause => "lifecycle.delivery_cause",
            Self::SecondPurchase => "lifecycle.second_purchase",
            Self::NoOrderLeft => "lifecycle.no_order_left",
            Self::Barred => "lifecycle.barred",
            Self::Declared => "lifecycle.declared",
            Self::Requested => "lifecycle.requested",
            Self::LateFact => "lifecycle.late_fact",
            Self::Stalled => "lifecycle.stalled",
        }
    }

    fn template(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english(),
            Language::Chinese => self.chinese(),
        }
    }
}

impl LifecycleRule {
    const fn english(self) -> &'static str {
        match self {
            Self::Order => "an order of {observed}",
            Self::Orders => "{observed} orders kept, {limit} needed",
            Self::Tenure => "a customer for {observed}, {limit} needed",
            Self::Satisfaction => "satisfaction {observed}, {limit} needed",
            Self::Dwell => "{observed} in this stage, {limit} needed",
            Self::Silence => "silent for {observed}, {limit} allowed",
            Self::ContractEnded => "the contract ended on {observed}",
            Self::ContractRunning => "the contract runs until {observed}",
            Self::PurchasesFell => "purchases at {observed} of the own baseline, fallen at {limit}",
            Self::PurchasesRecovered => {
                "purchases at {observed} of the frozen baseline, recovered at {limit}"
            }
            Self::DeliveryAccepted => "delivery accepted on {observed}",
            Self::DeliveryRejected => "delivery rejected on {observed}",
            Self::DeliveryImplied => "{observed} since the order, delivery implied after {limit}",
            Self::DeliveryPending => "delivery not reported",
            Self::DeliveryCause => "the decline was about a delivery",
            Self::SecondPurchase => "{observed} purchase days, delivery implied at {limit}",
            Self::NoOrderLeft => "every order was cancelled",
            Self::Barred => "barred from becoming a customer",
            Self::Declared => "a person said so",
            Self::Requested => "asked for",
            Self::LateFact => "a fact of {observed} came in late",
            Self::Stalled => "in this stage for {observed}, stalled after {limit}",
        }
    }

    const fn chinese(self) -> &'static str {
        match self {
            Self::Order => "下单{observed}",
            Self::Orders => "有效订单{observed}笔,需{limit}笔",
            Self::Tenure => "成为客户{observed},需{limit}",
            Self::Satisfaction => "满意度{observed},需{limit}",
            Self::Dwell => "在本阶段{observed},需{limit}",
            Self::Silence => "已沉默{observed},允许{limit}",
            Self::ContractEnded => "合同已于{observed}到期",
            Self::ContractRunning => "合同有效至{observed}",
            Self::PurchasesFell => "购买为自身基线的{observed},降至{limit}即为衰退",
            Self::PurchasesRecovered => "购买为冻结基线的{observed},达到{limit}即为恢复",
            Self::DeliveryAccepted => "{observed}已验收交付",
            Self::DeliveryRejected => "{observed}交付被拒",
            Self::DeliveryImplied => "下单已{observed},满{limit}视为已交付",
            Self::DeliveryPending => "尚未报告交付",
            Self::DeliveryCause => "衰退由交付引起",
            Self::SecondPurchase => "购买日{observed}天,满{limit}天视为已交付",
            Self::NoOrderLeft => "全部订单已取消",
            Self::Barred => "已被禁止成为客户",
            Self::Declared => "由人员认定",
            Self::Requested => "应请求",
            Self::LateFact => "{observed}的事实迟到入账",
            Self::Stalled => "在本阶段已{observed},超过{limit}即为停滞",
        }
    }
}
