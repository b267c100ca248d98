//! The sentences of the rules, in English and in Simplified Chinese.

use super::band::RiskBand;
use super::indicator::{Indicator, Lever};
use super::policy::ChurnGroup;
use super::rule::ChurnRule;

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
            Indicator::InactiveChance => concat!($before, "the chance of having left", $after),
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
            Indicator::InactiveChance => concat!($before, "已流失的可能", $after),
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

/// A sentence that ends with the band that would result.
macro_rules! in_band {
    ($band:expr, english, $before:literal) => {
        match $band {
            RiskBand::Low => concat!($before, ", to low risk"),
            RiskBand::Medium => concat!($before, ", to medium risk"),
            RiskBand::High => concat!($before, ", to high risk"),
            RiskBand::Critical => concat!($before, ", to critical risk"),
        }
    };
    ($band:expr, chinese, $before:literal) => {
        match $band {
            RiskBand::Low => concat!($before, "，则为低风险"),
            RiskBand::Medium => concat!($before, "，则为中风险"),
            RiskBand::High => concat!($before, "，则为高风险"),
            RiskBand::Critical => concat!($before, "，则为极高风险"),
        }
    };
}

impl ChurnRule {
    pub(super) const fn english(self) -> &'static str {
        match self {
            Self::SilenceByCadence => "silent for {observed}, usually buys every {limit}",
            Self::SilenceByBase => {
                "silent for {limit}, {observed} of all gaps between purchases were shorter"
            }
            Self::Silence => "silent for {observed}",
            Self::ReturnChance => {
                "bought only once, {limit} ago; {observed} of such buyers came back later while observed"
            }
            Self::InactiveChance => {
                "has left without a word with a chance of {observed}, silent for {limit}"
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
            Self::Instead { lever, band } => instead_english(lever, band),
            Self::WithSponsor(band) => in_band!(band, english, "the sponsor being there"),
            Self::WithoutSponsor(band) => in_band!(band, english, "the sponsor having left"),
            Self::Now => "the score on {observed}",
            Self::Then => "less the score on {observed}",
        }
    }

    pub(super) const fn chinese(self) -> &'static str {
        match self {
            Self::SilenceByCadence => "已沉默{observed}，通常每{limit}购买一次",
            Self::SilenceByBase => "已沉默{limit}，超过{observed}的购买间隔",
            Self::Silence => "已沉默{observed}",
            Self::ReturnChance => "仅在{limit}前购买一次，此类客户有{observed}在观察期内再次购买",
            Self::InactiveChance => "已悄然流失的可能为{observed}，已沉默{limit}",
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
            Self::Instead { lever, band } => instead_chinese(lever, band),
            Self::WithSponsor(band) => in_band!(band, chinese, "关键联系人在职"),
            Self::WithoutSponsor(band) => in_band!(band, chinese, "关键联系人已离职"),
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

const fn instead_english(lever: Lever, band: RiskBand) -> &'static str {
    match lever {
        Lever::Silence => in_band!(band, english, "silence of {limit} instead of {observed}"),
        Lever::InactiveChance => {
            in_band!(band, english, "a chance of having left of {limit} instead of {observed}")
        }
        Lever::Orders => in_band!(band, english, "orders {limit} instead of {observed}"),
        Lever::Spend => in_band!(band, english, "spending of {limit} instead of {observed}"),
        Lever::OrderValue => {
            in_band!(band, english, "an average order of {limit} instead of {observed}")
        }
        Lever::Returned => in_band!(band, english, "returns of {limit} instead of {observed}"),
        Lever::Tenure => in_band!(band, english, "a customer for {limit} instead of {observed}"),
        Lever::Usage => in_band!(band, english, "usage at {limit} instead of {observed}"),
        Lever::UsageTrend => {
            in_band!(band, english, "usage at {limit} of before instead of {observed}")
        }
        Lever::Complaints => {
            in_band!(band, english, "open complaints: {limit} instead of {observed}")
        }
        Lever::Satisfaction => {
            in_band!(band, english, "satisfaction {limit} instead of {observed}")
        }
        Lever::PaymentOverdue => {
            in_band!(band, english, "payment overdue for {limit} instead of {observed}")
        }
        Lever::FailedPayments => {
            in_band!(band, english, "failed payments: {limit} instead of {observed}")
        }
        Lever::Sponsor => in_band!(band, english, "the sponsor otherwise"),
        Lever::ContractEnd => {
            in_band!(band, english, "a contract until {limit} instead of {observed}")
        }
        Lever::Custom(_) => {
            in_band!(band, english, "an indicator of the host's own: {limit} instead of {observed}")
        }
    }
}

const fn instead_chinese(lever: Lever, band: RiskBand) -> &'static str {
    match lever {
        Lever::Silence => in_band!(band, chinese, "沉默{limit}，而非{observed}"),
        Lever::InactiveChance => {
            in_band!(band, chinese, "已流失的可能为{limit}，而非{observed}")
        }
        Lever::Orders => in_band!(band, chinese, "订单{limit}笔，而非{observed}笔"),
        Lever::Spend => in_band!(band, chinese, "消费{limit}，而非{observed}"),
        Lever::OrderValue => in_band!(band, chinese, "客单价{limit}，而非{observed}"),
        Lever::Returned => in_band!(band, chinese, "退货{limit}，而非{observed}"),
        Lever::Tenure => in_band!(band, chinese, "成为客户{limit}，而非{observed}"),
        Lever::Usage => in_band!(band, chinese, "使用率{limit}，而非{observed}"),
        Lever::UsageTrend => in_band!(band, chinese, "使用量为此前的{limit}，而非{observed}"),
        Lever::Complaints => in_band!(band, chinese, "未结投诉{limit}件，而非{observed}件"),
        Lever::Satisfaction => in_band!(band, chinese, "满意度{limit}，而非{observed}"),
        Lever::PaymentOverdue => in_band!(band, chinese, "付款逾期{limit}，而非{observed}"),
        Lever::FailedPayments => in_band!(band, chinese, "扣款失败{limit}次，而非{observed}次"),
        Lever::Sponsor => in_band!(band, chinese, "关键联系人情况相反"),
        Lever::ContractEnd => in_band!(band, chinese, "合同到期日{limit}，而非{observed}"),
        Lever::Custom(_) => in_band!(band, chinese, "自定义指标：{limit}，而非{observed}"),
    }
}
