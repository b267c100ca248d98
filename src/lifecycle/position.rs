//! Where a customer stands: a stage with what is known in that stage only.

use serde::{Deserialize, Serialize};

use super::stage::Stage;
use crate::purchase::Window;

/// A stage with the data that makes sense in it only.
///
/// ```
/// use guanxi::lifecycle::{LossCause, Position};
/// use guanxi::Stage;
///
/// let position = Position::Lost { cause: LossCause::Silence };
/// assert_eq!(position.stage(), Stage::Lost);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Position {
    /// See [`Stage::Prospect`].
    Prospect,
    /// See [`Stage::Aware`].
    Aware,
    /// See [`Stage::Considering`].
    Considering,
    /// See [`Stage::Deciding`].
    Deciding,
    /// See [`Stage::Onboarding`].
    Onboarding,
    /// See [`Stage::Growing`].
    Growing,
    /// See [`Stage::Loyal`].
    Loyal,
    /// See [`Stage::Declining`].
    Declining(Declining),
    /// See [`Stage::Lost`].
    Lost {
        /// What the loss is put down to.
        cause: LossCause,
    },
    /// See [`Stage::Disqualified`].
    Disqualified {
        /// Why it is not pursued.
        reason: DisqualifyReason,
        /// Whether even an order of theirs does not bring them in.
        barred: bool,
    },
    /// See [`Stage::Ended`].
    Ended {
        /// Why the relationship was ended.
        reason: EndReason,
    },
}

impl Position {
    /// The stage, without its data.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        match self {
            Self::Prospect => Stage::Prospect,
            Self::Aware => Stage::Aware,
            Self::Considering => Stage::Considering,
            Self::Deciding => Stage::Deciding,
            Self::Onboarding => Stage::Onboarding,
            Self::Growing => Stage::Growing,
            Self::Loyal => Stage::Loyal,
            Self::Declining(_) => Stage::Declining,
            Self::Lost { .. } => Stage::Lost,
            Self::Disqualified { .. } => Stage::Disqualified,
            Self::Ended { .. } => Stage::Ended,
        }
    }

    /// What is known of the decline; `None` in any other stage.
    #[must_use]
    pub const fn declining(&self) -> Option<Declining> {
        match self {
            Self::Declining(declining) => Some(*declining),
            Self::Prospect
            | Self::Aware
            | Self::Considering
            | Self::Deciding
            | Self::Onboarding
            | Self::Growing
            | Self::Loyal
            | Self::Lost { .. }
            | Self::Disqualified { .. }
            | Self::Ended { .. } => None,
        }
    }
}

/// What is known of a customer in decline.
///
/// ```
/// use guanxi::lifecycle::{DeclineCause, DeclinedFrom, Declining, Position};
/// use guanxi::Stage;
///
/// let declining = Declining::new(DeclinedFrom::Loyal, DeclineCause::Declared, None);
/// assert_eq!(Position::Declining(declining).stage(), Stage::Declining);
/// assert_eq!(declining.from.position(), Position::Loyal); // where it goes when it recovers
/// assert_eq!(declining.choice, None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Declining {
    /// The stage it left, and returns to when it recovers.
    pub from: DeclinedFrom,
    /// What the decline is put down to.
    pub cause: DeclineCause,
    /// The purchases that the fall was judged by, frozen; recovery is judged by the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// What the business chose to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<DeclineChoice>,
}

impl Declining {
    /// A decline nobody has chosen anything about yet.
    #[must_use]
    pub const fn new(from: DeclinedFrom, cause: DeclineCause, baseline: Option<Baseline>) -> Self {
        Self { from, cause, baseline, choice: None }
    }
}

/// The stages a customer can decline from.
///
/// ```
/// use guanxi::Stage;
/// use guanxi::lifecycle::{DeclinedFrom, Position};
///
/// assert_eq!(DeclinedFrom::from_stage(Stage::Growing), Some(DeclinedFrom::Growing));
/// assert_eq!(DeclinedFrom::Growing.position(), Position::Growing);
/// assert_eq!(DeclinedFrom::from_stage(Stage::Prospect), None); // nothing to decline from yet
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclinedFrom {
    /// [`Stage::Onboarding`].
    Onboarding,
    /// [`Stage::Growing`].
    Growing,
    /// [`Stage::Loyal`].
    Loyal,
}

impl DeclinedFrom {
    /// Every stage a customer can decline from.
    pub const STAGES: [Stage; 3] = [Stage::Onboarding, Stage::Growing, Stage::Loyal];

    /// The position to go back to.
    #[must_use]
    pub const fn position(self) -> Position {
        match self {
            Self::Onboarding => Position::Onboarding,
            Self::Growing => Position::Growing,
            Self::Loyal => Position::Loyal,
        }
    }

    /// `None` for a stage that one does not decline from.
    #[must_use]
    pub const fn from_stage(stage: Stage) -> Option<Self> {
        match stage {
            Stage::Onboarding => Some(Self::Onboarding),
            Stage::Growing => Some(Self::Growing),
            Stage::Loyal => Some(Self::Loyal),
            Stage::Prospect
            | Stage::Aware
            | Stage::Considering
            | Stage::Deciding
            | Stage::Declining
            | Stage::Lost
            | Stage::Disqualified
            | Stage::Ended => None,
        }
    }
}

/// What a decline is put down to.
///
/// [`Declining`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeclineCause {
    /// Purchases fell against the customer's own baseline.
    Purchases,
    /// A delivery was rejected.
    Delivery,
    /// A person said so.
    Declared,
}

/// What purchases are measured by when a fall is judged.
///
/// ```
/// use guanxi::Day;
/// use guanxi::customer::derive_track;
/// use guanxi::lifecycle::PurchaseMeasure;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// // Two orders of 29.33 on one day.
/// let orders = [order("2026-01-10T12:00:00Z"), order("2026-01-10T15:00:00Z")];
/// let customer = derive_track(&orders, &books, "2026-02-01T00:00:00Z".parse()?).customer;
/// let (after, through) = (Day::from_ymd(2025, 12, 31)?, Day::from_ymd(2026, 1, 31)?);
/// let january = customer.purchases().window(after, through);
/// assert_eq!(PurchaseMeasure::Orders.of(&january), 2);
/// assert_eq!(PurchaseMeasure::PurchaseDays.of(&january), 1);
/// assert_eq!(PurchaseMeasure::NetSpend.of(&january), 5_866);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PurchaseMeasure {
    /// Kept orders.
    Orders,
    /// Days with a kept order.
    PurchaseDays,
    /// Kept money less what came back, in minor units of the base currency.
    NetSpend,
}

impl PurchaseMeasure {
    /// This measure of a window of purchases.
    #[must_use]
    pub fn of(self, window: &Window) -> i64 {
        match self {
            Self::Orders => i64::from(window.orders),
            Self::PurchaseDays => i64::from(window.purchase_days),
            Self::NetSpend => window.net,
        }
    }
}

/// A customer's own purchases before a fall.
///
/// [`DeclinePolicy`](super::DeclinePolicy) says how long and how many the windows are. Frozen, so that
/// a customer in decline is not measured by its own decline.
///
/// ```
/// use guanxi::customer::derive_track;
/// use guanxi::lifecycle::{Baseline, Mode};
/// use guanxi::{Currency, Policy, Rulebook, Rulebooks, Timestamp};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
///
/// let mut policy = Policy::new(Currency::USD);
/// policy.lifecycle.decline.mode = Mode::Apply;
/// let books = Rulebooks::from(Rulebook::new(policy, Timestamp::MIN)?);
///
/// // An order a month until September, then none.
/// let orders = (1..=9).map(|month| order(&format!("2025-0{month}-10T12:00:00Z")));
/// let orders: Vec<_> = orders.collect();
/// let customer = derive_track(&orders, &books, "2025-11-15T00:00:00Z".parse()?).customer;
///
/// let declining = customer.lifecycle().position().declining().expect("purchases fell");
/// let Baseline { total, windows, window_days, .. } = declining.baseline.expect("judged by it");
/// assert_eq!((total, windows, window_days), (6, 2, 90));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Baseline {
    /// What is counted.
    pub measure: PurchaseMeasure,
    /// The sum over all windows of the baseline.
    pub total: i64,
    /// How many windows it was counted over.
    pub windows: u16,
    /// The length of one window, in days.
    pub window_days: u16,
}

impl Baseline {
    /// A baseline of `total`, counted over `windows` windows of `window_days` days each.
    #[must_use]
    pub const fn new(measure: PurchaseMeasure, total: i64, windows: u16, window_days: u16) -> Self {
        Self { measure, total, windows, window_days }
    }
}

/// The fork of a decline (L4).
///
/// Told by [`LifecycleCommand::Choose`](super::LifecycleCommand::Choose); kept in
/// [`Declining::choice`].
///
/// ```
/// use guanxi::Stage;
/// use guanxi::customer::{Admit, derive_track};
/// use guanxi::lifecycle::{
///     DeclineCause, DeclineChoice, DeclinedFrom, Declining, LifecycleCommand, Position,
/// };
/// use guanxi::Command;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// let declining = Declining::new(DeclinedFrom::Growing, DeclineCause::Declared, None);
/// let admit = Admit::new("2026-01-01T00:00:00Z".parse()?, Position::Declining(declining));
/// let choose = LifecycleCommand::Choose {
///     occurred_at: "2026-01-05T09:00:00Z".parse()?,
///     choice: DeclineChoice::Reinvest,
/// };
/// let commands = [Command::Admit(admit), choose.into()];
/// let customer = derive_track(&commands, &books, "2026-01-05T09:00:00Z".parse()?).customer;
///
/// // The stage stays; the choice is part of the position.
/// assert_eq!(customer.stage(), Stage::Declining);
/// let declining = customer.lifecycle().position().declining().expect("it declines");
/// assert_eq!(declining.choice, Some(DeclineChoice::Reinvest));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineChoice {
    /// Second development: invest in the customer again.
    Reinvest,
    /// Spend nothing more; let the relationship run out.
    LetGo,
}

/// What a loss is put down to.
///
/// ```
/// use guanxi::customer::derive_track;
/// use guanxi::lifecycle::{LossCause, Position};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// // One order, then silence for longer than the policy allows.
/// let until = "2026-12-01T00:00:00Z".parse()?;
/// let customer = derive_track(&[order("2026-01-10T12:00:00Z")], &books, until).customer;
/// assert_eq!(customer.lifecycle().position(), Position::Lost { cause: LossCause::Silence });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LossCause {
    /// Silent for longer than the customer's own cadence allows.
    Silence,
    /// The contract ended and was not renewed.
    ContractEnd,
    /// The customer's own word: the price.
    Price,
    /// The customer's own word: quality or reliability.
    Quality,
    /// The customer's own word: service.
    Service,
    /// The customer's own word: a competitor.
    Competitor,
    /// The customer's own word: the need is gone.
    NoNeed,
    /// The customer's own word, without or with another cause.
    Other,
}

/// Why a prospect is not pursued.
///
/// ```
/// use guanxi::Command;
/// use guanxi::customer::derive_track;
/// use guanxi::lifecycle::{DisqualifyReason, LifecycleCommand, LossCause, Position, Request};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
///
/// // Who leaves before buying was never a customer to lose.
/// let occurred_at = "2026-01-10T12:00:00Z".parse()?;
/// let request = Request::Leave { cause: LossCause::Price };
/// let leave = Command::from(LifecycleCommand::Request { occurred_at, request });
/// let customer = derive_track(&[leave], &books, occurred_at).customer;
/// assert_eq!(
///     customer.lifecycle().position(),
///     Position::Disqualified { reason: DisqualifyReason::OwnWish, barred: false }
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DisqualifyReason {
    /// Failed the background check.
    BackgroundCheck,
    /// Has no need that we serve.
    NoNeed,
    /// Has no budget.
    NoBudget,
    /// Too little potential to be worth the effort.
    NoPotential,
    /// Chose a competitor.
    Competitor,
    /// The prospect's own wish.
    OwnWish,
    /// Something else.
    Other,
}

/// Why a relationship was ended deliberately (L6).
///
/// [`Flag`](super::Flag) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EndReason {
    /// Costs more than it brings, lastingly.
    Unprofitable,
    /// Dissatisfied beyond repair.
    BeyondRepair,
    /// Abuse or fraud.
    Abusive,
    /// The customer's wish.
    OwnWish,
    /// The customer no longer exists.
    Ceased,
    /// Something else.
    Other,
}
