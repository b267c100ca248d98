//! The rules that churn risk reasons with, and their sentences.

use serde::{Deserialize, Serialize};

use super::indicator::{Indicator, Lever};
use super::policy::ChurnGroup;
use crate::explain::{Language, Rule};
use crate::slot::Slot;

/// The rules of churn risk, as reasons cite them.
///
/// ```
/// use guanxi::churn::ChurnRule;
/// use guanxi::explain::{Measure, Reason, Rule};
/// use guanxi::{Language, Speak};
///
/// let rule = ChurnRule::SilenceByCadence;
/// assert_eq!(rule.code(), "churn.silence_by_cadence");
/// let silence = Reason::new(rule, Measure::Days(62), Measure::Days(20));
/// assert_eq!(silence.text(Language::English), "silent for 62 days, usually buys every 20 days");
/// assert_eq!(silence.text(Language::Chinese), "已沉默62天，通常每20天购买一次");
///
/// // Stored under its code.
/// assert_eq!(serde_json::to_string(&rule)?, r#""churn.silence_by_cadence""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ChurnRule {
    /// Silence, beside the own usual gap.
    #[serde(rename = "churn.silence_by_cadence")]
    SilenceByCadence,
    /// How many gaps of the base were shorter, beside the silence.
    #[serde(rename = "churn.silence_by_base")]
    SilenceByBase,
    /// Silence.
    #[serde(rename = "churn.silence")]
    Silence,
    /// How many such one-time buyers of the base came back, beside the silence.
    #[serde(rename = "churn.return_chance")]
    ReturnChance,
    /// Orders against those before.
    #[serde(rename = "churn.orders")]
    Orders,
    /// Spend against that before.
    #[serde(rename = "churn.spend")]
    Spend,
    /// The average order against that before.
    #[serde(rename = "churn.order_value")]
    OrderValue,
    /// The share of the money that came back.
    #[serde(rename = "churn.returns")]
    Returns,
    /// Time as a customer.
    #[serde(rename = "churn.tenure")]
    Tenure,
    /// Usage.
    #[serde(rename = "churn.usage")]
    Usage,
    /// Usage against the period before.
    #[serde(rename = "churn.usage_trend")]
    UsageTrend,
    /// Open complaints.
    #[serde(rename = "churn.complaints")]
    Complaints,
    /// Satisfaction.
    #[serde(rename = "churn.satisfaction")]
    Satisfaction,
    /// How long a payment is overdue.
    #[serde(rename = "churn.payment_overdue")]
    PaymentOverdue,
    /// Payments that failed.
    #[serde(rename = "churn.failed_payments")]
    FailedPayments,
    /// The sponsor has left.
    #[serde(rename = "churn.sponsor_gone")]
    SponsorGone,
    /// The sponsor is there.
    #[serde(rename = "churn.sponsor_present")]
    SponsorPresent,
    /// The contract ends soon, or late.
    #[serde(rename = "churn.contract_ends")]
    ContractEnds,
    /// The contract ended.
    #[serde(rename = "churn.contract_ended")]
    ContractEnded,
    /// An indicator of the host's own.
    #[serde(rename = "churn.custom")]
    Custom(Slot),
    /// Nothing is known of an indicator, and the policy says what that means.
    #[serde(rename = "churn.unknown")]
    Unknown(Indicator),
    /// A signal is old and counts less.
    #[serde(rename = "churn.faded")]
    Faded(Indicator),
    /// Too little is known of the base to compare with it.
    #[serde(rename = "churn.base_unknown")]
    BaseUnknown,
    /// A one-time buyer is silent for longer than those of the base were observed.
    #[serde(rename = "churn.base_unobserved")]
    BaseUnobserved,
    /// The worst indicator of a group counts alone.
    #[serde(rename = "churn.worst_indicator")]
    WorstIndicator(ChurnGroup),
    /// The worst group counts alone.
    #[serde(rename = "churn.worst_group")]
    WorstGroup,
    /// The most that the score may be.
    #[serde(rename = "churn.cap")]
    Cap(Indicator),
    /// The least that the score may be.
    #[serde(rename = "churn.floor")]
    Floor(Indicator),
    /// One fact that could be otherwise.
    #[serde(rename = "churn.instead")]
    Instead(Lever),
    /// The score now.
    #[serde(rename = "churn.now")]
    Now,
    /// The score then, taken off.
    #[serde(rename = "churn.then")]
    Then,
}

impl ChurnRule {
    /// Every rule, those that carry something with one of it each.
    pub const ALL: [Self; 31] = [
        Self::SilenceByCadence,
        Self::SilenceByBase,
        Self::Silence,
        Self::ReturnChance,
        Self::Orders,
        Self::Spend,
        Self::OrderValue,
        Self::Returns,
        Self::Tenure,
        Self::Usage,
        Self::UsageTrend,
        Self::Complaints,
        Self::Satisfaction,
        Self::PaymentOverdue,
        Self::FailedPayments,
        Self::SponsorGone,
        Self::SponsorPresent,
        Self::ContractEnds,
        Self::ContractEnded,
        Self::Custom(Slot::FIRST),
        Self::Unknown(Indicator::Usage),
        Self::Faded(Indicator::Usage),
        Self::BaseUnknown,
        Self::BaseUnobserved,
        Self::WorstIndicator(ChurnGroup::Contract),
        Self::WorstGroup,
        Self::Cap(Indicator::Usage),
        Self::Floor(Indicator::SponsorGone),
        Self::Instead(Lever::Silence),
        Self::Now,
        Self::Then,
    ];

    /// The signal of the host's own that it speaks of.
    pub(super) const fn slot(self) -> Option<Slot> {
        if let Self::Custom(slot)
        | Self::Unknown(Indicator::Custom(slot))
        | Self::Faded(Indicator::Custom(slot))
        | Self::Cap(Indicator::Custom(slot))
        | Self::Floor(Indicator::Custom(slot))
        | Self::Instead(Lever::Custom(slot)) = self
        {
            Some(slot)
        } else {
            None
        }
    }
}

impl Rule for ChurnRule {
    fn code(self) -> &'static str {
        match self {
            Self::SilenceByCadence => "churn.silence_by_cadence",
            Self::SilenceByBase => "churn.silence_by_base",
            Self::Silence => "churn.silence",
            Self::ReturnChance => "churn.return_chance",
            Self::Orders => "churn.orders",
            Self::Spend => "churn.spend",
            Self::OrderValue => "churn.order_value",
            Self::Returns => "churn.returns",
            Self::Tenure => "churn.tenure",
            Self::Usage => "churn.usage",
            Self::UsageTrend => "churn.usage_trend",
            Self::Complaints => "churn.complaints",
            Self::Satisfaction => "churn.satisfaction",
            Self::PaymentOverdue => "churn.payment_overdue",
            Self::FailedPayments => "churn.failed_payments",
            Self::SponsorGone => "churn.sponsor_gone",
            Self::SponsorPresent => "churn.sponsor_present",
            Self::ContractEnds => "churn.contract_ends",
            Self::ContractEnded => "churn.contract_ended",
            Self::Custom(_) => "churn.custom",
            Self::Unknown(_) => "churn.unknown",
            Self::Faded(_) => "churn.faded",
            Self::BaseUnknown => "churn.base_unknown",
            Self::BaseUnobserved => "churn.base_unobserved",
            Self::WorstIndicator(_) => "churn.worst_indicator",
            Self::WorstGroup => "churn.worst_group",
            Self::Cap(_) => "churn.cap",
            Self::Floor(_) => "churn.floor",
            Self::Instead(_) => "churn.instead",
            Self::Now => "churn.now",
            Self::Then => "churn.then",
        }
    }

    fn template(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english(),
            Language::Chinese => self.chinese(),
        }
    }
}

/// One sentence about each indicator: what stands before its name, and what after.
macro_rules! english {
    ($indicator:expr, $before:literal, $after:literal) => {
        match $indicator {
            Indicator::SilenceByCadence => {
                concat!($before, "silence against the own rhythm", $after)
            }
            Indicator::SilenceByBase => concat!($before, "silence against the base", $after),
            Indicator::Silence => concat!($before, "silence", $after),
            Indicator::ReturnChance => concat!($before, "the chance of a second purchase", $after),
            Indicator::Orders => concat!($before, "orders", $after),
            Indicator::Spend => concat!($before, "spending", $after),
            Indicator::OrderValue => concat!($before, "the average order", $after),
            Indicator::Returns => concat!($before, "returns", $after),
            Indicator::Tenure => concat!($before, "time as a customer", $after),
            Indicator::Usage => concat!($before, "usage", $after),
            Indicator::UsageTrend => concat!($before, "the trend of usage", $after),
            Indicator::Complaints => concat!($before, "complaints", $after),
            Indicator::Satisfaction => concat!($before, "satisfaction", $after),
            Indicator::PaymentOverdue => concat!($before, "overdue payments", $after),
            Indicator::FailedPayments => concat!($before, "failed payments", $after),
            Indicator::SponsorGone => concat!($before, "the sponsor", $after),
            Indicator::ContractEnd => concat!($before, "the end of the contract", $after),
            Indicator::Custom(_) => concat!($before, "an indicator of the host's own", $after),
        }
    };
}

/// The same in Chinese.
macro_rules! chinese {
    ($indicator:expr, $before:literal, $after:literal) => {
        match $indicator {
            Indicator::SilenceByCadence => concat!($before, "相对自身节奏的沉默", $after),
            Indicator::SilenceByBase => concat!($before, "相对整体客户的沉默", $after),
            Indicator::Silence => concat!($before, "沉默", $after),
            Indicator::ReturnChance => concat!($before, "再次购买的可能", $after),
            Indicator::Orders => concat!($before, "订单", $after),
            Indicator::Spend => concat!($before, "消费", $after),
            Indicator::OrderValue => concat!($before, "客单价", $after),
            Indicator::Returns => concat!($before, "退货", $after),
            Indicator::Tenure => concat!($before, "成为客户的时间", $after),
            Indicator::Usage => concat!($before, "使用率", $after),
            Indicator::UsageTrend => concat!($before, "使用趋势", $after),
            Indicator::Complaints => concat!($before, "投诉", $after),
            Indicator::Satisfaction => concat!($before, "满意度", $after),
            Indicator::PaymentOverdue => concat!($before, "逾期付款", $after),
            Indicator::FailedPayments => concat!($before, "扣款失败", $after),
            Indicator::SponsorGone => concat!($before, "关键联系人", $after),
            Indicator::ContractEnd => concat!($before, "合同到期", $after),
            Indicator::Custom(_) => concat!($before, "自定义指标", $after),
        }
    };
}

impl ChurnRule {
    const fn english(self) -> &'static str {
        match self {
            Self::SilenceByCadence => "silent for {observed}, usually buys every {limit}",
            Self::SilenceByBase => {
                "silent for {limit}, {observed} of all gaps between purchases were shorter"
            }
            Self::Silence => "silent for {observed}",
            Self::ReturnChance => {
                "bought only once, {limit} ago; {observed} of such buyers came back later while observed"
            }
            Self::Orders => "orders of the last {limit} at {observed} of before",
            Self::Spend => "spending of the last {limit} at {observed} of before",
            Self::OrderValue => "average order of the last {limit} at {observed} of before",
            Self::Returns => "{observed} of the money came back as returns",
            Self::Tenure => "a customer for {observed}",
            Self::Usage => "usage at {observed}",
            Self::UsageTrend => "usage at {observed} of before",
            Self::Complaints => "open complaints: {observed}",
            Self::Satisfaction => "satisfaction {observed}",
            Self::PaymentOverdue => "payment overdue for {observed}",
            Self::FailedPayments => "failed payments: {observed}",
            Self::SponsorGone => "the sponsor has left",
            Self::SponsorPresent => "the sponsor is there",
            Self::ContractEnds => "the contract ends in {observed}, on {limit}",
            Self::ContractEnded => "the contract ended {observed} ago, on {limit}",
            Self::Custom(_) => "an indicator of the host's own: {observed}",
            Self::Unknown(indicator) => english!(indicator, "nothing is known of ", ""),
            Self::Faded(indicator) => {
                english!(indicator, "the word on ", " is {observed} old, fading after {limit}")
            }
            Self::BaseUnknown => {
                "not compared with other customers: {observed} cases known, {limit} needed"
            }
            Self::BaseUnobserved => {
                "silent for {observed}, but other one-time buyers were observed for {limit} only"
            }
            Self::WorstIndicator(group) => worst(group).0,
            Self::WorstGroup => "the worst group counts alone",
            Self::Cap(indicator) => english!(indicator, "at most {limit} because of ", ""),
            Self::Floor(indicator) => english!(indicator, "at least {limit} because of ", ""),
            Self::Instead(lever) => instead(lever).0,
            Self::Now => "the score on {observed}",
            Self::Then => "less the score on {observed}",
        }
    }

    const fn chinese(self) -> &'static str {
        match self {
            Self::SilenceByCadence => "已沉默{observed}，通常每{limit}购买一次",
            Self::SilenceByBase => "已沉默{limit}，超过{observed}的购买间隔",
            Self::Silence => "已沉默{observed}",
            Self::ReturnChance => "仅在{limit}前购买一次，此类客户有{observed}在观察期内再次购买",
            Self::Orders => "近{limit}订单为此前的{observed}",
            Self::Spend => "近{limit}消费为此前的{observed}",
            Self::OrderValue => "近{limit}客单价为此前的{observed}",
            Self::Returns => "退货占消费的{observed}",
            Self::Tenure => "成为客户{observed}",
            Self::Usage => "使用率{observed}",
            Self::UsageTrend => "使用量为此前的{observed}",
            Self::Complaints => "未结投诉{observed}件",
            Self::Satisfaction => "满意度{observed}",
            Self::PaymentOverdue => "付款逾期{observed}",
            Self::FailedPayments => "扣款失败{observed}次",
            Self::SponsorGone => "关键联系人已离职",
            Self::SponsorPresent => "关键联系人在职",
            Self::ContractEnds => "合同还有{observed}到期（{limit}）",
            Self::ContractEnded => "合同已到期{observed}（{limit}）",
            Self::Custom(_) => "自定义指标：{observed}",
            Self::Unknown(indicator) => chinese!(indicator, "不了解", ""),
            Self::Faded(indicator) => {
                chinese!(indicator, "", "信息已有{observed}，超过{limit}逐渐失效")
            }
            Self::BaseUnknown => "未与其他客户比较：已知{observed}例，需{limit}例",
            Self::BaseUnobserved => "已沉默{observed}，但其他一次性客户仅观察了{limit}",
            Self::WorstIndicator(group) => worst(group).1,
            Self::WorstGroup => "只计最差的一组",
            Self::Cap(indicator) => chinese!(indicator, "因", "，不高于{limit}分"),
            Self::Floor(indicator) => chinese!(indicator, "因", "，不低于{limit}分"),
            Self::Instead(lever) => instead(lever).1,
            Self::Now => "{observed}的得分",
            Self::Then => "减去{observed}的得分",
        }
    }
}

/// In English and in Chinese.
type Sentence = (&'static str, &'static str);

const fn worst(group: ChurnGroup) -> Sentence {
    match group {
        ChurnGroup::Behaviour => {
            ("the worst indicator of behaviour counts alone", "行为只计最差的一项")
        }
        ChurnGroup::Money => ("the worst indicator of money counts alone", "金额只计最差的一项"),
        ChurnGroup::Service => {
            ("the worst indicator of service counts alone", "服务只计最差的一项")
        }
        ChurnGroup::Contract => {
            ("the worst indicator of the contract counts alone", "合同只计最差的一项")
        }
        ChurnGroup::Other => {
            ("the worst of the other indicators counts alone", "其他只计最差的一项")
        }
    }
}

const fn instead(lever: Lever) -> Sentence {
    match lever {
        Lever::Silence => {
            ("silence of {limit} instead of {observed}", "沉默{limit}，而非{observed}")
        }
        Lever::Orders => {
            ("orders {limit} instead of {observed}", "订单{limit}笔，而非{observed}笔")
        }
        Lever::Spend => {
            ("spending of {limit} instead of {observed}", "消费{limit}，而非{observed}")
        }
        Lever::OrderValue => {
            ("an average order of {limit} instead of {observed}", "客单价{limit}，而非{observed}")
        }
        Lever::Returned => {
            ("returns of {limit} instead of {observed}", "退货{limit}，而非{observed}")
        }
        Lever::Tenure => {
            ("a customer for {limit} instead of {observed}", "成为客户{limit}，而非{observed}")
        }
        Lever::Usage => ("usage at {limit} instead of {observed}", "使用率{limit}，而非{observed}"),
        Lever::UsageTrend => (
            "usage at {limit} of before instead of {observed}",
            "使用量为此前的{limit}，而非{observed}",
        ),
        Lever::Complaints => (
            "open complaints: {limit} instead of {observed}",
            "未结投诉{limit}件，而非{observed}件",
        ),
        Lever::Satisfaction => {
            ("satisfaction {limit} instead of {observed}", "满意度{limit}，而非{observed}")
        }
        Lever::PaymentOverdue => {
            ("payment overdue for {limit} instead of {observed}", "付款逾期{limit}，而非{observed}")
        }
        Lever::FailedPayments => (
            "failed payments: {limit} instead of {observed}",
            "扣款失败{limit}次，而非{observed}次",
        ),
        Lever::Sponsor => ("the sponsor otherwise", "关键联系人情况相反"),
        Lever::ContractEnd => {
            ("a contract until {limit} instead of {observed}", "合同到期日{limit}，而非{observed}")
        }
        Lever::Custom(_) => (
            "an indicator of the host's own: {limit} instead of {observed}",
            "自定义指标：{limit}，而非{observed}",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::churn::indicator::own_indicator;

    #[test]
    fn the_words_for_own_indicators_are_those_that_names_are_put_for() {
        for rule in [
            ChurnRule::Custom(Slot::FIRST),
            ChurnRule::Unknown(Indicator::Custom(Slot::FIRST)),
            ChurnRule::Faded(Indicator::Custom(Slot::FIRST)),
            ChurnRule::Cap(Indicator::Custom(Slot::FIRST)),
            ChurnRule::Floor(Indicator::Custom(Slot::FIRST)),
            ChurnRule::Instead(Lever::Custom(Slot::FIRST)),
        ] {
            for language in [Language::English, Language::Chinese] {
                assert!(rule.template(language).contains(own_indicator(language)), "{rule:?}");
                assert!(rule.slot().is_some());
            }
        }
    }
}
