//! The measures of the scorecard.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::scale::Slope;
use crate::slot::Slot;

/// A measure of the scorecard.
///
/// ```
/// use guanxi::slot::Slot;
/// use guanxi::value::{ScoreMeasure, ScorePart};
///
/// assert_eq!(ScoreMeasure::Margin.part(), ScorePart::Contribution);
/// assert_eq!(ScoreMeasure::Referrals.part(), ScorePart::Loyalty);
/// assert_eq!(ScoreMeasure::Own(Slot::FIRST).part(), ScorePart::Own);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScoreMeasure {
    /// What kept orders came to, less what came back.
    NetRevenue,
    /// What was earned on them.
    Margin,
    /// What it cost to serve the customer.
    CostToServe,
    /// What came in from customers whom this one referred.
    ReferredRevenue,
    /// Days with a kept order.
    PurchaseDays,
    /// Days since the first purchase.
    TenureDays,
    /// Kept orders.
    Orders,
    /// Referred customers.
    Referrals,
    /// One of the host's own, by its slot.
    Own(Slot),
}

/// The part of the score that a measure belongs to.
///
/// [`ScoreMeasure`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScorePart {
    /// What the customer brings.
    Contribution,
    /// How attached the customer is.
    Loyalty,
    /// The host's own measures.
    Own,
}

impl ScoreMeasure {
    /// The part of the score that it belongs to.
    ///
    /// [`ScoreMeasure`] has an example.
    #[must_use]
    pub const fn part(self) -> ScorePart {
        match self {
            Self::NetRevenue | Self::Margin | Self::CostToServe | Self::ReferredRevenue => {
                ScorePart::Contribution
            }
            Self::PurchaseDays | Self::TenureDays | Self::Orders | Self::Referrals => {
                ScorePart::Loyalty
            }
            Self::Own(_) => ScorePart::Own,
        }
    }

    /// The values that it can take. More may come back within a window than was bought in it, so that
    /// revenue can be negative; of the host's own nothing is known.
    pub(super) const fn domain(self) -> RangeInclusive<i64> {
        match self {
            Self::NetRevenue | Self::Margin | Self::ReferredRevenue | Self::Own(_) => {
                i64::MIN..=i64::MAX
            }
            Self::CostToServe
            | Self::PurchaseDays
            | Self::TenureDays
            | Self::Orders
            | Self::Referrals => 0..=i64::MAX,
        }
    }

    /// Which way its scale goes; `None` for the host's own.
    pub(super) const fn slope(self) -> Option<Slope> {
        match self {
            Self::CostToServe => Some(Slope::Falls),
            Self::NetRevenue
            | Self::Margin
            | Self::ReferredRevenue
            | Self::PurchaseDays
            | Self::TenureDays
            | Self::Orders
            | Self::Referrals => Some(Slope::Rises),
            Self::Own(_) => None,
        }
    }
}
