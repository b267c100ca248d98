//! What a host reports.

use serde::{Deserialize, Serialize};

use super::observed::Observed;
use crate::money::Money;
use crate::time::{Day, Timestamp};

/// A figure that only the host knows, to be recorded.
///
/// It says nothing of the stage: it moves nothing, is refused in no stage, and leaves a position that a
/// person set as it is. A wrong figure is put right by another one of the same day and a later instant.
///
/// ```
/// use guanxi::explain::BasisPoints;
/// use guanxi::observation::{Observation, Observed};
/// use guanxi::{Command, Customer, Event, Outcome};
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
/// for (at, observed) in [
///     ("2026-06-30T18:00:00Z", Observed::Usage(BasisPoints(8_100))),
///     ("2026-07-31T18:00:00Z", Observed::Usage(BasisPoints(6_200))),
///     ("2026-07-31T18:00:00Z", Observed::ComplaintsOpen(2)),
/// ] {
///     let observation = Command::from(Observation::new(at.parse()?, observed));
///     let _ = customer.decide(&observation, &context("2026-08-01T06:00:00Z"), &books)?;
/// }
///
/// // What was known in the middle of July.
/// let (share, day) = customer.observations().usage("2026-07-15".parse()?).expect("reported");
/// assert_eq!((share.to_string().as_str(), day), ("81 %", "2026-06-30".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Observation {
    /// The instant at which the figure was true.
    pub occurred_at: Timestamp,
    /// The business day it is of, when it is not the day of `occurred_at` in the business's zone; at most
    /// [`DAY_OFFSET_DAYS_MAX`](crate::time::DAY_OFFSET_DAYS_MAX) from that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// The figure.
    pub observed: Observed,
    /// The amount in the base currency, needed when `observed` is an amount in another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Money>,
}

impl Observation {
    /// A figure of an instant and its business day.
    #[must_use]
    pub const fn new(occurred_at: Timestamp, observed: Observed) -> Self {
        Self { occurred_at, day: None, observed, base: None }
    }

    /// The same figure of this business day.
    ///
    /// ```
    /// use guanxi::Day;
    /// use guanxi::observation::{Observation, Observed};
    ///
    /// // The books of May were closed after midnight.
    /// let may = Day::from_ymd(2026, 5, 31)?;
    /// let overdue = Observed::PaymentOverdueSince(None);
    /// let observation = Observation::new("2026-06-01T01:30:00Z".parse()?, overdue).with_day(may);
    /// assert_eq!(observation.day, Some(may));
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub const fn with_day(mut self, day: Day) -> Self {
        self.day = Some(day);
        self
    }

    /// States what the amount is worth in the base currency; only that is recorded.
    ///
    /// ```
    /// use guanxi::observation::{Observation, Observed};
    /// use guanxi::{Currency, Money, Timestamp};
    ///
    /// let margin = Observed::Margin(Money::from_minor(2_933, Currency::EUR));
    /// let observation = Observation::new(Timestamp::UNIX_EPOCH, margin)
    ///     .with_base(Money::from_minor(3_171, Currency::USD));
    /// assert!(observation.base.is_some());
    /// ```
    #[must_use]
    pub const fn with_base(mut self, base: Money) -> Self {
        self.base = Some(base);
        self
    }
}
