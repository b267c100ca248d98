//! Which figure an observation is of.

use std::fmt;

use crate::explain::{Language, Speak};
use crate::slot::Slot;

/// Which figure an observation is of; [`Observed`](super::Observed) says what each means.
///
/// ```
/// use guanxi::observation::ObservationKind;
/// use guanxi::slot::Slot;
/// use guanxi::{Language, Speak};
///
/// assert_eq!(ObservationKind::CostToServe.to_string(), "cost_to_serve");
/// assert_eq!(ObservationKind::CostToServe.text(Language::Chinese), "服务成本");
/// assert_eq!(ObservationKind::Own(Slot::FIRST).text(Language::English), "own measure 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ObservationKind {
    /// What was earned on the customer.
    Margin,
    /// What it cost to serve the customer.
    CostToServe,
    /// What customers spent whom this one referred.
    ReferredRevenue,
    /// Customers whom this one referred.
    Referrals,
    /// How large the customer's business is.
    BusinessSize,
    /// How much more the customer could buy.
    Potential,
    /// The share of what was bought that is in use.
    Usage,
    /// Usage as a share of usage in the period before.
    UsageTrend,
    /// Complaints that are open.
    ComplaintsOpen,
    /// The day since which the oldest unpaid bill is overdue.
    PaymentOverdueSince,
    /// Payments that failed.
    FailedPayments,
    /// Whether the person who stood up for us at the customer has left.
    SponsorGone,
    /// A measure of the host's own.
    Own(Slot),
}

impl ObservationKind {
    /// Every kind, the host's own with one slot.
    ///
    /// ```
    /// use guanxi::observation::ObservationKind;
    ///
    /// assert!(ObservationKind::ALL.is_sorted());
    /// ```
    pub const ALL: [Self; 13] = [
        Self::Margin,
        Self::CostToServe,
        Self::ReferredRevenue,
        Self::Referrals,
        Self::BusinessSize,
        Self::Potential,
        Self::Usage,
        Self::UsageTrend,
        Self::ComplaintsOpen,
        Self::PaymentOverdueSince,
        Self::FailedPayments,
        Self::SponsorGone,
        Self::Own(Slot::FIRST),
    ];

    const fn code(self) -> &'static str {
        match self {
            Self::Margin => "margin",
            Self::CostToServe => "cost_to_serve",
            Self::ReferredRevenue => "referred_revenue",
            Self::Referrals => "referrals",
            Self::BusinessSize => "business_size",
            Self::Potential => "potential",
            Self::Usage => "usage",
            Self::UsageTrend => "usage_trend",
            Self::ComplaintsOpen => "complaints_open",
            Self::PaymentOverdueSince => "payment_overdue_since",
            Self::FailedPayments => "failed_payments",
            Self::SponsorGone => "sponsor_gone",
            Self::Own(_) => "own",
        }
    }
}

impl fmt::Display for ObservationKind {
    /// The name as JSON has it, with the number of a slot: `usage_trend`, `own 3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(slot) => write!(f, "{} {}", self.code(), slot.number()),
            Self::Margin
            | Self::CostToServe
            | Self::ReferredRevenue
            | Self::Referrals
            | Self::BusinessSize
            | Self::Potential
            | Self::Usage
            | Self::UsageTrend
            | Self::ComplaintsOpen
            | Self::PaymentOverdueSince
            | Self::FailedPayments
            | Self::SponsorGone => f.pad(self.code()),
        }
    }
}

impl Speak for ObservationKind {
    fn text(&self, language: Language) -> String {
        let (english, chinese) = match self {
            Self::Margin => ("margin", "毛利"),
            Self::CostToServe => ("cost to serve", "服务成本"),
            Self::ReferredRevenue => ("referred revenue", "推荐消费"),
            Self::Referrals => ("referrals", "推荐数"),
            Self::BusinessSize => ("business size", "经营规模"),
            Self::Potential => ("potential", "潜力"),
            Self::Usage => ("usage", "使用率"),
            Self::UsageTrend => ("usage trend", "使用趋势"),
            Self::ComplaintsOpen => ("open complaints", "未结投诉"),
            Self::PaymentOverdueSince => ("payment overdue since", "付款逾期起始日"),
            Self::FailedPayments => ("failed payments", "扣款失败次数"),
            Self::SponsorGone => ("sponsor gone", "关键联系人离职"),
            Self::Own(slot) => return own_measure(*slot, language),
        };
        match language {
            Language::English => english.to_owned(),
            Language::Chinese => chinese.to_owned(),
        }
    }
}

fn own_measure(slot: Slot, language: Language) -> String {
    match language {
        Language::English => format!("own measure {}", slot.number()),
        Language::Chinese => format!("自有指标第{}项", slot.number()),
    }
}
