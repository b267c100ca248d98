//! What the ledger says of a window, beside what it says of the windows before.

use serde::{Deserialize, Serialize};

use crate::explain::BasisPoints;
use crate::fixed::{WHOLE, divide, proportion, share};

/// What the recent window holds, beside what the windows before it held together.
///
/// ```
/// use guanxi::churn::Comparison;
/// use guanxi::explain::BasisPoints;
///
/// // Two orders in the last 90 days, ten in the 180 days before.
/// let orders = Comparison { recent: 2, before: 10, windows: 2 };
/// assert_eq!(orders.share(), Some(BasisPoints(4_000)));
///
/// // Nothing before is nothing to compare with.
/// assert_eq!(Comparison { before: 0, ..orders }.share(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// What the recent window holds.
    pub recent: i64,
    /// The sum of the windows before it.
    pub before: i64,
    /// How many windows that sum is of; 1 where `before` is a mean already.
    pub windows: u16,
}

impl Comparison {
    /// The average order, recently beside before, rounded half away from zero to minor units;
    /// `None` when there was no order before.
    ///
    /// No order in the recent window is an average of nothing, not an unknown one: who stops
    /// ordering must not look safer than who places one tiny order.
    ///
    /// ```
    /// use guanxi::churn::Comparison;
    ///
    /// let orders = Comparison { recent: 2, before: 10, windows: 2 };
    /// let spend = Comparison { recent: 9_000, before: 60_000, windows: 2 };
    /// let average = Comparison { recent: 4_500, before: 6_000, windows: 1 };
    /// assert_eq!(Comparison::average_order(spend, orders), Some(average));
    ///
    /// let stopped = Comparison { recent: 0, ..orders };
    /// let nothing = Comparison { recent: 0, ..average };
    /// assert_eq!(Comparison::average_order(Comparison { recent: 0, ..spend }, stopped), Some(nothing));
    /// ```
    #[must_use]
    pub fn average_order(spend: Self, orders: Self) -> Option<Self> {
        if orders.before <= 0 {
            return None;
        }
        let recent = divide(spend.recent, orders.recent);
        Some(Self { recent, before: divide(spend.before, orders.before), windows: 1 })
    }

    /// The recent window as a share of the mean window before, rounded half away from zero; `None`
    /// without anything before.
    ///
    /// [`Comparison`] has an example.
    #[must_use]
    pub fn share(self) -> Option<BasisPoints> {
        if self.before <= 0 || self.windows == 0 {
            return None;
        }
        let windows = i64::from(self.windows).saturating_mul(WHOLE);
        Some(BasisPoints(proportion(self.recent, windows, self.before)))
    }
}

/// Money that came back, and the money it came back of, in minor units.
///
/// ```
/// use guanxi::churn::Returns;
/// use guanxi::explain::BasisPoints;
///
/// assert_eq!(Returns { returned: 2_500, gross: 10_000 }.share(), Some(BasisPoints(2_500)));
/// assert_eq!(Returns { returned: 0, gross: 0 }.share(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returns {
    /// What came back.
    pub returned: i64,
    /// What had been bought.
    pub gross: i64,
}

impl Returns {
    /// The share that came back, rounded half away from zero; `None` when nothing was bought.
    ///
    /// [`Returns`] has an example.
    #[must_use]
    pub fn share(self) -> Option<BasisPoints> {
        if self.gross <= 0 {
            return None;
        }
        Some(BasisPoints(share(self.returned, self.gross)))
    }
}
