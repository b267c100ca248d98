//! Figures that only the host knows.

use serde::{Deserialize, Serialize};

use super::kind::ObservationKind;
use crate::explain::BasisPoints;
use crate::money::Money;
use crate::slot::Slot;
use crate::time::Day;

/// One figure that only the host knows, as it stood on a business day: a level, not a change.
///
/// Where a figure is of a period, such as the margin of the last twelve months, the host chooses the
/// period and keeps to it for all customers; else they cannot be compared.
///
/// Of two reports of one kind and day the later instant counts, and of one instant the greater figure:
/// a day is greater than none, and true than false.
///
/// ```
/// use guanxi::observation::{ObservationKind, Observed};
/// use guanxi::slot::Slot;
/// use guanxi::{Currency, Money};
///
/// let margin = Observed::Margin(Money::parse("-120.00", Currency::CNY)?);
/// assert_eq!(margin.kind(), ObservationKind::Margin);
///
/// // A measure of the host's own: seats under contract, say.
/// let seats = Observed::Own { slot: Slot::FIRST, value: 250 };
/// assert_eq!(serde_json::to_string(&seats)?, r#"{"own":{"slot":1,"value":250}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Observed {
    /// What was earned on the customer: revenue less the cost of what was sold. May be negative.
    Margin(Money),
    /// What it cost to serve the customer, beside what was sold; not negative.
    CostToServe(Money),
    /// What customers spent whom this one referred; not negative.
    ReferredRevenue(Money),
    /// Customers whom this one referred.
    Referrals(u32),
    /// How large the customer's business is, in a unit of the host's (employees, beds, thousands of
    /// revenue), the same for all customers; not negative.
    BusinessSize(i64),
    /// How much more the customer could buy, as the host judges it: from 0 (nothing) to 100 (the most).
    Potential(u8),
    /// The share of what was bought that is in use; not negative, above 10,000 when more is used than
    /// was bought.
    Usage(BasisPoints),
    /// Usage as a share of usage in the period before; not negative, 10,000 when it is the same.
    UsageTrend(BasisPoints),
    /// Complaints that are open.
    ComplaintsOpen(u32),
    /// The day since which the oldest unpaid bill is overdue, not after the day of the observation;
    /// `None` when nothing is overdue.
    PaymentOverdueSince(Option<Day>),
    /// Payments that failed.
    FailedPayments(u32),
    /// Whether the person who stood up for us at the customer has left.
    SponsorGone(bool),
    /// A measure of the host's own, in a unit of the host's.
    Own {
        /// Its place.
        slot: Slot,
        /// Its value.
        value: i64,
    },
}

impl Observed {
    /// Which figure it is.
    ///
    /// [`Observed`] has an example.
    #[must_use]
    pub const fn kind(self) -> ObservationKind {
        match self {
            Self::Margin(_) => ObservationKind::Margin,
            Self::CostToServe(_) => ObservationKind::CostToServe,
            Self::ReferredRevenue(_) => ObservationKind::ReferredRevenue,
            Self::Referrals(_) => ObservationKind::Referrals,
            Self::BusinessSize(_) => ObservationKind::BusinessSize,
            Self::Potential(_) => ObservationKind::Potential,
            Self::Usage(_) => ObservationKind::Usage,
            Self::UsageTrend(_) => ObservationKind::UsageTrend,
            Self::ComplaintsOpen(_) => ObservationKind::ComplaintsOpen,
            Self::PaymentOverdueSince(_) => ObservationKind::PaymentOverdueSince,
            Self::FailedPayments(_) => ObservationKind::FailedPayments,
            Self::SponsorGone(_) => ObservationKind::SponsorGone,
            Self::Own { slot, .. } => ObservationKind::Own(slot),
        }
    }

    /// Where a figure stands among those of its kind: two that differ never stand equal, so that
    /// one of them counts whichever came first. The code tells amounts in two currencies apart.
    pub(super) fn standing(self) -> (i64, &'static str) {
        match self {
            Self::Margin(amount) | Self::CostToServe(amount) | Self::ReferredRevenue(amount) => {
                (amount.minor(), amount.currency().code())
            }
            Self::BusinessSize(value) | Self::Own { value, .. } => (value, ""),
            Self::Usage(share) | Self::UsageTrend(share) => (share.0, ""),
            Self::Potential(score) => (i64::from(score), ""),
            Self::PaymentOverdueSince(since) => {
                (since.map_or(i64::MIN, |day| i64::from(day.days_since_epoch())), "")
            }
            Self::SponsorGone(gone) => (i64::from(gone), ""),
            Self::Referrals(count) | Self::ComplaintsOpen(count) | Self::FailedPayments(count) => {
                (i64::from(count), "")
            }
        }
    }
}
