//! What the page says: plain numbers and names, in minor units of one currency.

use guanxi::churn::RiskBand;
use guanxi::explain::{BasisPoints, Points};
use guanxi::tier::Tier;
use guanxi::{Currency, Day, Stage};

/// Everything on the page. What is empty has no section.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    /// What the page is of, in its language.
    pub(crate) title: String,
    pub(crate) summary: Summary,
    /// Customers by stage, in the order of the journey.
    pub(crate) stages: Vec<StageSums>,
    /// By tier, the best first, and those without one last.
    pub(crate) tiers: Vec<TierSums>,
    pub(crate) pareto: Pareto,
    pub(crate) rfm: RfmGrid,
    /// By tier, as above, each by risk.
    pub(crate) risks: Vec<TierRisks>,
    /// In any order, and without the months in which nothing happened.
    pub(crate) months: Vec<MonthSums>,
    /// The customers most worth attention, the first first. The page shows at most
    /// [`ATTENTION_MAX`](super::tables::ATTENTION_MAX) of them.
    pub(crate) attention: Vec<Attention>,
}

/// The whole base, and what judged it.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    pub(crate) customers: u64,
    pub(crate) orders: u64,
    /// Kept orders less what came back.
    pub(crate) net_minor: i128,
    pub(crate) currency: Currency,
    /// The day that is reported of.
    pub(crate) as_of: Day,
    /// The policy's id, as much of it as people need.
    pub(crate) policy: String,
    /// The calibration's id and the day it was computed at; `None` if there is none.
    pub(crate) calibration: Option<(String, Day)>,
    /// The version of the rules' code.
    pub(crate) engine: u16,
}

/// Customers in one stage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StageSums {
    pub(crate) stage: Stage,
    pub(crate) customers: u64,
}

/// Some customers, and what they brought.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums {
    pub(crate) customers: u64,
    pub(crate) net_minor: i128,
}

/// One tier; `None` for customers without one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TierSums {
    pub(crate) tier: Option<Tier>,
    pub(crate) sums: Sums,
}

/// What share of the revenue comes from what share of the customers, those who brought most first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pareto {
    /// By rising share of customers. The page draws a few hundred at most.
    pub(crate) points: Vec<ParetoPoint>,
    /// Where a tier ends, the best first. The last tier ends with the curve and has no cut.
    pub(crate) cuts: Vec<(Tier, ParetoPoint)>,
}

/// A point of the curve.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ParetoPoint {
    pub(crate) customers: BasisPoints,
    /// Of all revenue; more than the whole where customers still to come brought less than nothing.
    pub(crate) revenue: BasisPoints,
}

/// Customers by recency and frequency.
#[derive(Debug, Clone, Default)]
pub(crate) struct RfmGrid {
    /// The best grade of either measure; the worst is 1.
    pub(crate) grades: u8,
    /// In any order; what is missing is nobody.
    pub(crate) cells: Vec<RfmCell>,
}

/// The customers of two grades.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RfmCell {
    pub(crate) recency: u8,
    pub(crate) frequency: u8,
    pub(crate) customers: u64,
    /// The mean spend of one of them.
    pub(crate) mean_minor: i128,
}

/// One tier by risk; `None` for customers without a tier.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TierRisks {
    pub(crate) tier: Option<Tier>,
    /// In the order of [`RISKS`].
    pub(crate) risks: [Sums; RISKS.len()],
}

/// The columns of [`TierRisks`]: rising risk, and those whose risk is not known.
pub(crate) const RISKS: [Option<RiskBand>; 5] = [
    Some(RiskBand::Low),
    Some(RiskBand::Medium),
    Some(RiskBand::High),
    Some(RiskBand::Critical),
    None,
];

/// What one month brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MonthSums {
    pub(crate) month: Month,
    pub(crate) net_minor: i128,
    pub(crate) orders: u64,
}

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month {
    pub(crate) year: i32,
    /// From 1 to 12.
    pub(crate) month: u32,
}

impl Month {
    /// The month of a day.
    pub(crate) const fn of(day: Day) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// The one before.
    pub(crate) const fn previous(self) -> Self {
        if self.month > 1 {
            Self { year: self.year, month: self.month.saturating_sub(1) }
        } else {
            Self { year: self.year.saturating_sub(1), month: 12 }
        }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A customer that somebody should look at.
#[derive(Debug, Clone)]
pub(crate) struct Attention {
    /// The host's own text, whatever it is.
    pub(crate) key: String,
    pub(crate) stage: Stage,
    pub(crate) tier: Option<Tier>,
    /// The value score.
    pub(crate) value: Option<Points>,
    /// The band and the score.
    pub(crate) risk: Option<(RiskBand, Points)>,
    /// The next best action, in the page's language.
    pub(crate) action: Option<String>,
    /// A sentence each, in the page's language.
    pub(crate) reasons: Vec<String>,
    pub(crate) net_minor: i128,
}
