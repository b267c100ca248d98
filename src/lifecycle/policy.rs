//! What the business wants of the lifecycle: the `lifecycle` section of the policy document.
//!
//! Every limit in days counts whole business days in the policy's zone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::position::PurchaseMeasure;
use super::stage::Stage;
use crate::machine::Missing;

/// What happens when the policy finds a move due.
///
/// ```
/// use guanxi::lifecycle::{LifecyclePolicy, Mode};
///
/// // By default customers are lost without anybody's doing, but decline only on somebody's word.
/// let policy = LifecyclePolicy::default();
/// assert_eq!(policy.lapse.mode, Mode::Apply);
/// assert_eq!(policy.decline.mode, Mode::Suggest);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The move is made and recorded.
    Apply,
    /// The move is shown as a suggestion; a person makes it.
    Suggest,
    /// The rule is not used.
    Off,
}

/// The `lifecycle` section of a policy.
///
/// The default moves customers by itself, except that it only *suggests* [`Stage::Declining`].
///
/// ```
/// use guanxi::Stage;
/// use guanxi::lifecycle::{LifecyclePolicy, Mode};
///
/// let policy: LifecyclePolicy = serde_json::from_str(
///     r#"{
///         "loyalty": { "orders_min": 3 },
///         "decline": { "mode": "apply" },
///         "dwell_days_min": { "growing": 30 },
///         "stalled_after_days": { "deciding": 21 }
///     }"#,
/// )?;
/// assert_eq!(policy.loyalty.tenure_days_min, 180); // left out: the default
/// assert_eq!(policy.decline.mode, Mode::Apply);
/// assert_eq!(policy.dwell_days_min(Stage::Growing), 30);
/// assert_eq!(policy.lint("lifecycle"), []);
///
/// // A map that is given replaces the default one whole.
/// assert_eq!(policy.stalled_after_days(Stage::Deciding), Some(21));
/// assert_eq!(policy.stalled_after_days(Stage::Aware), None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LifecyclePolicy {
    /// When an onboarding customer counts as served.
    pub delivery: DeliveryPolicy,
    /// When a growing customer is loyal.
    pub loyalty: LoyaltyPolicy,
    /// When a customer declines.
    pub decline: DeclinePolicy,
    /// When a declining customer has recovered.
    pub recovery: RecoveryPolicy,
    /// When a customer is lost.
    pub lapse: LapsePolicy,
    /// The least number of days in a stage before the policy moves a customer out of it. Orders,
    /// cancellations and people are not held back by it.
    #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = { "enum": Stage::ALL })))]
    pub dwell_days_min: BTreeMap<Stage, u16>,
    /// After how many days in a stage a customer counts as stalled.
    #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = { "enum": Stage::ALL })))]
    pub stalled_after_days: BTreeMap<Stage, u16>,
}

impl Default for LifecyclePolicy {
    fn default() -> Self {
        Self {
            delivery: DeliveryPolicy::default(),
            loyalty: LoyaltyPolicy::default(),
            decline: DeclinePolicy::default(),
            recovery: RecoveryPolicy::default(),
            lapse: LapsePolicy::default(),
            dwell_days_min: BTreeMap::new(),
            stalled_after_days: BTreeMap::from([
                (Stage::Aware, 180),
                (Stage::Considering, 90),
                (Stage::Deciding, 45),
                (Stage::Onboarding, 60),
                (Stage::Declining, 90),
            ]),
        }
    }
}

/// When an onboarding customer counts as served.
///
/// ```
/// use guanxi::lifecycle::DeliveryPolicy;
///
/// assert_eq!(DeliveryPolicy::default().implied_after_days, Some(14));
///
/// // Only a report, or a second purchase day, will do.
/// let reported: DeliveryPolicy = serde_json::from_str(r#"{"implied_after_days":null}"#)?;
/// assert_eq!(reported.implied_after_days, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryPolicy {
    /// Whether the move is made or only suggested.
    pub mode: Mode,
    /// Delivery is implied this many days after the first order; `None`: it must be reported. A
    /// second purchase day implies it in any case.
    pub implied_after_days: Option<u16>,
}

impl Default for DeliveryPolicy {
    fn default() -> Self {
        Self { mode: Mode::Apply, implied_after_days: Some(14) }
    }
}

/// When a growing customer is loyal. Counts facts of the current episode only.
///
/// ```
/// use guanxi::customer::derive_track;
/// use guanxi::{Currency, Policy, Rulebook, Rulebooks, Stage, Timestamp};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
///
/// let mut policy = Policy::new(Currency::USD);
/// policy.lifecycle.loyalty.orders_min = 2;
/// policy.lifecycle.loyalty.tenure_days_min = 30;
/// let books = Rulebooks::from(Rulebook::new(policy, Timestamp::MIN)?);
///
/// let orders = [order("2026-01-10T12:00:00Z"), order("2026-01-20T12:00:00Z")];
/// let stage_on = |until: &str| -> Result<Stage, guanxi::TimeError> {
///     Ok(derive_track(&orders, &books, until.parse()?).customer.stage())
/// };
/// assert_eq!(stage_on("2026-02-08T23:59:59Z")?, Stage::Growing);
/// assert_eq!(stage_on("2026-02-09T00:00:00Z")?, Stage::Loyal); // 30 days after 10 January
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LoyaltyPolicy {
    /// Whether the move is made or only suggested.
    pub mode: Mode,
    /// The least number of kept orders.
    pub orders_min: u32,
    /// The least number of days since the first purchase day.
    pub tenure_days_min: u16,
    /// The satisfaction asked for; `None` asks for nothing.
    pub satisfaction: Option<SatisfactionFloor>,
}

impl Default for LoyaltyPolicy {
    fn default() -> Self {
        Self {
            mode: Mode::Apply,
            orders_min: 4,
            tenure_days_min: 180,
            satisfaction: Some(SatisfactionFloor::default()),
        }
    }
}

/// The least satisfaction asked for.
///
/// [`Missing`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SatisfactionFloor {
    /// The least score, from 0 to 100.
    #[cfg_attr(feature = "schema", schemars(range(max = 100)))]
    pub score_min: u8,
    /// A score older than this many days counts as missing.
    pub fresh_days: u16,
    /// What a missing score means.
    pub missing: Missing,
}

impl Default for SatisfactionFloor {
    fn default() -> Self {
        Self { score_min: 60, fresh_days: 365, missing: Missing::Waive }
    }
}

/// When a customer declines: purchases of the last window against the mean of the windows before it,
/// all within the current episode.
///
/// Say the measure is [`PurchaseMeasure::Orders`], a window has 90 days and the baseline 2 windows:
/// then the orders of the last 90 days are compared with half of those of the 180 days before. An
/// episode younger than those 270 days has no baseline, and does not decline by purchases.
///
/// [`Baseline`](super::Baseline) has an example of a customer who declines.
///
/// ```
/// use guanxi::lifecycle::{Comparison, DeclinePolicy};
///
/// let policy = DeclinePolicy::default();
/// assert_eq!((policy.window_days, policy.baseline_windows, policy.fall_percent), (90, 2, 50));
///
/// // Five orders in the baseline; one in the last window is at most half of the mean, two are not.
/// let fall = |current| Comparison { current, baseline_total: 5, windows: 2 };
/// assert!(fall(1).against_percent(50).is_le());
/// assert!(fall(2).against_percent(50).is_gt());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DeclinePolicy {
    /// Whether falling purchases move the customer or only suggest it.
    pub mode: Mode,
    /// Whether a rejected delivery moves the customer or only suggests it.
    pub rejected_delivery: Mode,
    /// What is counted.
    pub measure: PurchaseMeasure,
    /// The length of one window, in days.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub window_days: u16,
    /// How many windows before the last make the baseline.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub baseline_windows: u16,
    /// The least sum over the baseline, in the unit of `measure`; a smaller one is no baseline, and
    /// without a baseline nothing falls.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub baseline_min: i64,
    /// Purchases at or below this share of the mean window have fallen.
    #[cfg_attr(feature = "schema", schemars(range(max = 99)))]
    pub fall_percent: u8,
}

impl Default for DeclinePolicy {
    fn default() -> Self {
        Self {
            mode: Mode::Suggest,
            rejected_delivery: Mode::Suggest,
            measure: PurchaseMeasure::Orders,
            window_days: 90,
            baseline_windows: 2,
            baseline_min: 4,
            fall_percent: 50,
        }
    }
}

/// When a declining customer has recovered. Judged when a fact arrives, never by time alone.
///
/// ```
/// use guanxi::{Currency, Policy};
///
/// // The lint refuses a customer who could be falling and recovered at once.
/// let mut policy = Policy::new(Currency::USD);
/// assert!(policy.lifecycle.recovery.percent > policy.lifecycle.decline.fall_percent);
/// policy.lifecycle.recovery.percent = policy.lifecycle.decline.fall_percent;
/// assert_eq!(policy.lint()[0].path, "lifecycle.recovery.percent");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct RecoveryPolicy {
    /// Whether the move is made or only suggested.
    pub mode: Mode,
    /// Purchases at or above this share of the frozen baseline have recovered.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub percent: u8,
}

impl Default for RecoveryPolicy {
    fn default() -> Self {
        Self { mode: Mode::Apply, percent: 80 }
    }
}

/// When a customer is lost: by silence against the own cadence, or by the end of a contract.
///
/// The silence allowed is `cadence_percent` of the customer's mean gap between purchase days, rounded
/// up, but not less than `floor_days` nor more than `ceiling_days`. A customer silent for more days
/// than that is lost.
///
/// ```
/// use guanxi::customer::derive_track;
/// use guanxi::{Timestamp, Trigger};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// let at: Timestamp = "2026-03-11T12:00:00Z".parse()?;
/// let allowed = |orders: &[guanxi::Command]| {
///     let customer = derive_track(orders, &books, at).customer;
///     customer.progression(books.latest()).facts_for(Trigger::Lapse, at).silence_days_max
/// };
///
/// // Two purchase days make no cadence yet; gaps of 30 days allow three times as much.
/// let on = |day: &str| order(&format!("{day}T12:00:00Z"));
/// assert_eq!(allowed(&[on("2026-01-10"), on("2026-02-09")]), 180);
/// assert_eq!(allowed(&[on("2026-01-10"), on("2026-02-09"), on("2026-03-11")]), 90);
///
/// // Gaps of 1 day would allow 3; the floor allows 60.
/// assert_eq!(allowed(&[on("2026-03-09"), on("2026-03-10"), on("2026-03-11")]), 60);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LapsePolicy {
    /// Whether the move is made or only suggested.
    pub mode: Mode,
    /// The silence allowed, in percent of the mean gap between purchase days of this episode.
    #[cfg_attr(feature = "schema", schemars(range(min = 100)))]
    pub cadence_percent: u16,
    /// The least silence allowed, in days, however often the customer buys.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub floor_days: u16,
    /// The most silence allowed, in days, however seldom the customer buys.
    pub ceiling_days: u16,
    /// How many purchase days make a cadence; at least 2. One gap alone says little, so the default
    /// asks for two gaps.
    #[cfg_attr(feature = "schema", schemars(range(min = 2)))]
    pub cadence_purchase_days_min: u16,
    /// The silence allowed to a customer without a cadence.
    pub without_cadence_days: u16,
    /// How contracts count.
    pub contract: ContractPolicy,
}

impl Default for LapsePolicy {
    fn default() -> Self {
        Self {
            mode: Mode::Apply,
            cadence_percent: 300,
            floor_days: 60,
            ceiling_days: 365,
            cadence_purchase_days_min: 3,
            without_cadence_days: 180,
            contract: ContractPolicy::default(),
        }
    }
}

/// How contracts count for the loss of a customer.
///
/// ```
/// use guanxi::Day;
/// use guanxi::customer::derive_track;
/// use guanxi::lifecycle::{LifecycleCommand, LossCause, Position, Report, Signal};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// // Bought once, under contract until the end of 2026.
/// let bought = "2026-01-10T12:00:00Z";
/// let ends = Day::from_ymd(2026, 12, 31)?;
/// let contract = Report::new(bought.parse()?, Signal::Contract { ends });
/// let commands = [order(bought), LifecycleCommand::Report(contract).into()];
///
/// // Silence does not count while the contract runs; its end does.
/// let on = |until: &str| -> Result<Position, guanxi::TimeError> {
///     Ok(derive_track(&commands, &books, until.parse()?).customer.lifecycle().position())
/// };
/// assert_eq!(on("2026-12-31T23:59:59Z")?, Position::Growing);
/// assert_eq!(on("2027-01-01T00:00:00Z")?, Position::Lost { cause: LossCause::ContractEnd });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ContractPolicy {
    /// How many days after its last day an unrenewed contract counts as ended.
    pub grace_days: u16,
    /// Whether silence counts while a contract runs.
    pub silence: SilenceUnderContract,
}

impl Default for ContractPolicy {
    fn default() -> Self {
        Self { grace_days: 0, silence: SilenceUnderContract::Ignored }
    }
}

/// Whether silence counts while a contract runs.
///
/// [`ContractPolicy`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SilenceUnderContract {
    /// It does not: a customer under contract is not lost by being quiet.
    Ignored,
    /// It does: an unused contract is a warning.
    Judged,
}

impl LifecyclePolicy {
    /// The least number of days in `stage` before the policy moves a customer out of it.
    #[must_use]
    pub fn dwell_days_min(&self, stage: Stage) -> u16 {
        self.dwell_days_min.get(&stage).copied().unwrap_or(0)
    }

    /// After how many days in `stage` a customer counts as stalled; `None`: never.
    #[must_use]
    pub fn stalled_after_days(&self, stage: Stage) -> Option<u16> {
        self.stalled_after_days.get(&stage).copied()
    }
}
