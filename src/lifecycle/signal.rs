//! Facts beside purchases that the lifecycle listens to: deliveries, satisfaction, reviews, contracts.
//!
//! Of each kind the latest counts, whatever order they arrive in; two of one instant are told apart by
//! a stated rule, so that the state never depends on the order of arrival.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::time::{Day, Timestamp};

/// A satisfaction score on the scale from 0 (worst) to 100 (best).
///
/// ```
/// use guanxi::lifecycle::Score;
///
/// assert_eq!(Score::new(100).map(Score::get), Some(100));
/// assert_eq!(Score::new(101), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Score(u8);

impl Score {
    /// `None` above 100.
    #[must_use]
    pub const fn new(score: u8) -> Option<Self> {
        if score <= 100 { Some(Self(score)) } else { None }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Score {
    type Error = &'static str;

    fn try_from(score: u8) -> Result<Self, Self::Error> {
        Self::new(score).ok_or("a score lies between 0 and 100")
    }
}

impl From<Score> for u8 {
    fn from(score: Score) -> Self {
        score.0
    }
}

/// A fact beside purchases.
///
/// ```
/// use guanxi::Customer;
/// use guanxi::lifecycle::{LifecycleCommand, Report, Score, Signal};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # fn context(now: &str) -> guanxi::Context {
/// #     let command_id = guanxi::CommandId::derive("example", now);
/// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let shop = guanxi::TenantId::derive("example-shop");
/// # let id = guanxi::CustomerId::derive(shop, "C-17");
///
/// let mut customer = Customer::unknown(id);
/// for (at, score) in [("2026-03-05T10:00:00Z", 80), ("2026-03-01T10:00:00Z", 40)] {
///     let signal = Signal::Satisfaction(Score::new(score).expect("at most 100"));
///     let report = LifecycleCommand::Report(Report::new(at.parse()?, signal));
///     let _ = customer.decide(&report.into(), &context("2026-03-05T12:00:00Z"), &books)?;
/// }
///
/// // The latest by when it happened counts, not the one that arrived last.
/// let (score, day) = customer.lifecycle().signals().satisfaction().expect("it was asked");
/// assert_eq!((score.get(), day.to_string().as_str()), (80, "2026-03-05"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Signal {
    /// The customer accepted what was delivered.
    DeliveryAccepted,
    /// The customer rejected what was delivered.
    DeliveryRejected,
    /// Satisfaction was measured. Of two scores of one instant the lower counts.
    Satisfaction(Score),
    /// A review with the customer was opened. Of one instant, open counts.
    ReviewOpened,
    /// The review was closed.
    ReviewClosed,
    /// A contract was agreed or renewed. Of two of one instant the later end counts.
    Contract {
        /// Its last day.
        ends: Day,
    },
}

/// A value with the instant and the business day it is of, ordered by instant, then by value: the
/// greater one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dated<T> {
    at: Timestamp,
    value: T,
    day: Day,
}

fn keep_later<T: Ord>(slot: &mut Option<Dated<T>>, new: Dated<T>) {
    if slot.as_ref().is_none_or(|old| *old < new) {
        *slot = Some(new);
    }
}

/// The latest of each kind of signal.
///
/// [`Signal`] has an example.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signals {
    /// Accepted (`true`) or rejected; of one instant, accepted counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delivery: Option<Dated<bool>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    satisfaction: Option<Dated<Reverse<Score>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    review: Option<Dated<bool>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    contract: Option<Dated<Day>>,
}

impl Signals {
    pub(crate) fn apply(&mut self, at: Timestamp, day: Day, signal: Signal) {
        match signal {
            Signal::DeliveryAccepted => {
                keep_later(&mut self.delivery, Dated { at, day, value: true });
            }
            Signal::DeliveryRejected => {
                keep_later(&mut self.delivery, Dated { at, day, value: false });
            }
            Signal::Satisfaction(score) => {
                keep_later(&mut self.satisfaction, Dated { at, day, value: Reverse(score) });
            }
            Signal::ReviewOpened => keep_later(&mut self.review, Dated { at, day, value: true }),
            Signal::ReviewClosed => keep_later(&mut self.review, Dated { at, day, value: false }),
            Signal::Contract { ends } => {
                keep_later(&mut self.contract, Dated { at, day, value: ends });
            }
        }
    }

    /// The last delivery: accepted or rejected, and on which day.
    #[must_use]
    pub fn delivery(&self) -> Option<(bool, Day)> {
        self.delivery.map(|dated| (dated.value, dated.day))
    }

    /// The last satisfaction score and the day it is of.
    #[must_use]
    pub fn satisfaction(&self) -> Option<(Score, Day)> {
        self.satisfaction.map(|dated| (dated.value.0, dated.day))
    }

    /// Whether a review is open.
    #[must_use]
    pub fn review_open(&self) -> bool {
        self.review.is_some_and(|dated| dated.value)
    }

    /// The last day of the contract agreed last, and the day on which it was agreed.
    #[must_use]
    pub fn contract(&self) -> Option<(Day, Day)> {
        self.contract.map(|dated| (dated.value, dated.day))
    }

    /// The last day of the contract agreed last.
    #[must_use]
    pub fn contract_ends(&self) -> Option<Day> {
        self.contract.map(|dated| dated.value)
    }
}
