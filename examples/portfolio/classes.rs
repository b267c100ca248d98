//! The base in classes: by tier, by grades, by risk, by month, and whom to look at first. Counted in one
//! pass; of each customer one number is kept.

use std::collections::BTreeMap;

use guanxi::churn::RiskBand;
use guanxi::portfolio::{Stake, Worklist};
use guanxi::purchase::{PurchaseHistory, ReversalKind};
use guanxi::tier::Tier;
use guanxi::{CustomerId, Day};

use crate::answers::Answers;
use crate::html::Month;
use crate::survey::Portrait;

/// How many customers the list of those most worth attention has.
pub(crate) const ATTENTION: usize = 20;

/// The tiers, the best first, and last those without one.
pub(crate) const TIERS: [Option<Tier>; 4] = [Some(Tier::A), Some(Tier::B), Some(Tier::C), None];

/// The bands of risk, the lowest first, and last those without one.
pub(crate) const RISKS: [Option<RiskBand>; 5] = [
    Some(RiskBand::Low),
    Some(RiskBand::Medium),
    Some(RiskBand::High),
    Some(RiskBand::Critical),
    None,
];

/// Some customers, and what they spent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// How many.
    pub(crate) customers: u64,
    /// Returns deducted, in minor units.
    pub(crate) minor: i128,
}

impl Sums {
    fn add(&mut self, minor: i64) {
        self.customers = self.customers.saturating_add(1);
        self.minor = self.minor.saturating_add(minor.into());
    }

    /// What one of them spent on average, rounded half away from zero.
    pub(crate) fn mean_minor(&self) -> i128 {
        let (minor, count) = (self.minor, i128::from(self.customers));
        let half = count.checked_div(2).unwrap_or(0);
        let half = if minor < 0 { half.saturating_neg() } else { half };
        minor.saturating_add(half).checked_div(count).unwrap_or(0)
    }
}

/// What a month brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct MonthSums {
    /// Orders kept.
    pub(crate) orders: u64,
    /// What was spent, less what came back, in minor units.
    pub(crate) minor: i128,
}

/// Everybody in classes.
pub(crate) struct Classes {
    as_of: Day,
    /// In the order of [`TIERS`].
    pub(crate) tiers: [Sums; TIERS.len()],
    /// In the orders of [`TIERS`] and [`RISKS`].
    pub(crate) risks: [[Sums; RISKS.len()]; TIERS.len()],
    /// By the grades of recency and frequency.
    pub(crate) grades: BTreeMap<(u8, u8), Sums>,
    /// Months in which something happened.
    pub(crate) months: BTreeMap<Month, MonthSums>,
    /// What each of them spent, in no order.
    pub(crate) spent: Vec<i64>,
    /// Those most worth attention.
    pub(crate) worklist: Worklist<(Box<str>, CustomerId)>,
}

impl Classes {
    /// Of nobody yet.
    pub(crate) fn new(as_of: Day) -> Self {
        Self {
            as_of,
            tiers: <[Sums; TIERS.len()]>::default(),
            risks: <[[Sums; RISKS.len()]; TIERS.len()]>::default(),
            grades: BTreeMap::new(),
            months: BTreeMap::new(),
            spent: Vec::new(),
            worklist: Worklist::new(ATTENTION),
        }
    }

    /// Adds one customer.
    pub(crate) fn add(&mut self, portrait: &Portrait<'_>) {
        let minor = portrait.view.purchases().net;
        let answers = Answers::from(&portrait.assessment);
        let tier = TIERS.iter().position(|tier| *tier == answers.tier);
        let band = answers.risk.map(|(band, _)| band);
        let risk = RISKS.iter().position(|risk| *risk == band);
        if let Some(sums) = tier.and_then(|tier| self.tiers.get_mut(tier)) {
            sums.add(minor);
        }
        let row = tier.and_then(|tier| self.risks.get_mut(tier));
        if let Some(sums) = row.zip(risk).and_then(|(row, risk)| row.get_mut(risk)) {
            sums.add(minor);
        }
        if let Some(rfm) = answers.rfm {
            self.grades.entry((rfm.recency, rfm.frequency)).or_default().add(minor);
        }
        self.spent.push(minor);
        let key = (portrait.key.into(), portrait.id);
        self.worklist.add(key, &Stake::from(&portrait.assessment));
        self.add_months(&portrait.customer.purchases().through(self.as_of));
    }

    /// What came back lowers the month that it came back in; an order that was cancelled never was.
    fn add_months(&mut self, purchases: &PurchaseHistory) {
        for row in purchases.days() {
            let month = self.month(row.day());
            month.orders = month.orders.saturating_add(row.kept().into());
            month.minor = month.minor.saturating_add(row.gross().into());
        }
        for reversal in purchases.reversals() {
            let is_cancelled = reversal.kind() == ReversalKind::Cancelled;
            let day = if is_cancelled { reversal.purchase_day() } else { reversal.day() };
            let month = self.month(day);
            month.minor = month.minor.saturating_sub(reversal.amount().into());
        }
    }

    fn month(&mut self, day: Day) -> &mut MonthSums {
        self.months.entry(Month::of(day)).or_default()
    }
}
