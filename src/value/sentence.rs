//! The sentences of the rules of value, in English and in Chinese.

use super::measure::ScoreMeasure;
use super::rule::{CutSide, ValueRule};
use super::value_type::Level;
use crate::explain::Language;
use crate::slot::Slot;

/// In English and in Chinese.
pub(super) type Sentence = (&'static str, &'static str);

pub(super) const fn sentence(rule: ValueRule) -> Sentence {
    match rule {
        ValueRule::Recency(side) => recency(side),
        ValueRule::Frequency(side) => frequency(side),
        ValueRule::Monetary(side) => monetary(side),
        ValueRule::NoPurchase => ("nothing bought in the window", "窗口期内无购买"),
        ValueRule::NotCalibrated => {
            ("the customer base has not been measured yet", "尚未对客户群进行标定")
        }
        ValueRule::OtherPolicy => {
            ("the customer base was measured for another policy", "客户群的标定依据的是另一份政策")
        }
        ValueRule::Measured(measure) => measured(measure),
        ValueRule::Skipped(measure) => skipped(measure),
        ValueRule::NothingMeasured => {
            ("nothing that the policy weighs is known", "政策所加权的指标均未知")
        }
        ValueRule::Target { measure, level } => target(measure, level),
        ValueRule::Current => {
            ("value {observed}, high from {limit}", "价值{observed}，{limit}起为高")
        }
        ValueRule::Potential => {
            ("potential {observed}, high from {limit}", "潜力{observed}，{limit}起为高")
        }
        ValueRule::PotentialUnknown => ("the potential is not known", "潜力未知"),
        ValueRule::PotentialTarget(level) => potential_target(level),
        ValueRule::Growth => (
            "net revenue {observed} in the last window, high potential from {limit}",
            "最近窗口期净收入{observed}，{limit}起为高潜力",
        ),
        ValueRule::GrowthUnknown => (
            "net revenue {observed} in the last window, too new to compare with a window before",
            "最近窗口期净收入{observed}，客户尚新，无更早窗口期可比",
        ),
        ValueRule::GrowthTarget(level) => growth_target(level),
        ValueRule::Worth => (
            "{observed} expected to be earned, high potential from {limit}",
            "预计所得{observed}，{limit}起为高潜力",
        ),
        ValueRule::WorthUnknown => ("what will be earned cannot be told yet", "尚无法预计所得"),
        ValueRule::WorthTarget(level) => worth_target(level),
    }
}

const fn recency(side: CutSide) -> Sentence {
    match side {
        CutSide::Reached => (
            "last purchase {observed} ago, group from {limit}",
            "最近购买距今{observed}，本组界限{limit}",
        ),
        CutSide::Missed => (
            "last purchase {observed} ago, next group from {limit}",
            "最近购买距今{observed}，上一组界限{limit}",
        ),
        CutSide::Alone => (
            "last purchase {observed} ago, no higher group to reach",
            "最近购买距今{observed}，无更高组可达",
        ),
    }
}

const fn frequency(side: CutSide) -> Sentence {
    match side {
        CutSide::Reached => (
            "purchase days {observed}, group from {limit}",
            "购买日{observed}天，本组界限{limit}天",
        ),
        CutSide::Missed => (
            "purchase days {observed}, next group from {limit}",
            "购买日{observed}天，上一组界限{limit}天",
        ),
        CutSide::Alone => (
            "purchase days {observed}, no higher group to reach",
            "购买日{observed}天，无更高组可达",
        ),
    }
}

const fn monetary(side: CutSide) -> Sentence {
    match side {
        CutSide::Reached => {
            ("net revenue {observed}, group from {limit}", "净收入{observed}，本组界限{limit}")
        }
        CutSide::Missed => (
            "net revenue {observed}, next group from {limit}",
            "净收入{observed}，上一组界限{limit}",
        ),
        CutSide::Alone => {
            ("net revenue {observed}, no higher group to reach", "净收入{observed}，无更高组可达")
        }
    }
}

/// A sentence about a measure: what stands before its name and after it, in English and in Chinese. A
/// rule is small and has no room for the host's own names, so it cites their slots.
macro_rules! about {
    ($measure:expr, $english:tt, $chinese:tt) => {
        match $measure {
            ScoreMeasure::NetRevenue => named!("net revenue", "净收入", $english, $chinese),
            ScoreMeasure::Margin => named!("margin", "毛利", $english, $chinese),
            ScoreMeasure::CostToServe => named!("cost to serve", "服务成本", $english, $chinese),
            ScoreMeasure::ReferredRevenue => {
                named!("referred revenue", "推荐收入", $english, $chinese)
            }
            ScoreMeasure::PurchaseDays => named!("purchase days", "购买日数", $english, $chinese),
            ScoreMeasure::TenureDays => named!("tenure", "客龄", $english, $chinese),
            ScoreMeasure::Orders => named!("orders", "订单数", $english, $chinese),
            ScoreMeasure::Referrals => named!("referrals", "推荐数", $english, $chinese),
            ScoreMeasure::Own(slot) => match slot.number() {
                1 => named!("own measure no. 1", "自有指标第1项", $english, $chinese),
                2 => named!("own measure no. 2", "自有指标第2项", $english, $chinese),
                3 => named!("own measure no. 3", "自有指标第3项", $english, $chinese),
                4 => named!("own measure no. 4", "自有指标第4项", $english, $chinese),
                5 => named!("own measure no. 5", "自有指标第5项", $english, $chinese),
                6 => named!("own measure no. 6", "自有指标第6项", $english, $chinese),
                7 => named!("own measure no. 7", "自有指标第7项", $english, $chinese),
                _ => named!("own measure no. 8", "自有指标第8项", $english, $chinese),
            },
        }
    };
}

macro_rules! named {
    (
        $english:literal, $chinese:literal,
        [$before:literal, $after:literal], [$chinese_before:literal, $chinese_after:literal]
    ) => {
        (concat!($before, $english, $after), concat!($chinese_before, $chinese, $chinese_after))
    };
}

const fn measured(measure: ScoreMeasure) -> Sentence {
    about!(measure, ["", " {observed}, weight {limit}"], ["", "{observed}，权重{limit}"])
}

const fn skipped(measure: ScoreMeasure) -> Sentence {
    about!(measure, ["", " unknown, left out"], ["", "未知，不计入"])
}

const fn target(measure: ScoreMeasure, level: Level) -> Sentence {
    match level {
        Level::High => about!(
            measure,
            ["high value at ", " {limit} instead of {observed}"],
            ["", "为{limit}而非{observed}时价值高"]
        ),
        Level::Low => about!(
            measure,
            ["low value at ", " {limit} instead of {observed}"],
            ["", "为{limit}而非{observed}时价值低"]
        ),
    }
}

/// What stands for a measure of the host's own where its name is not at hand.
pub(super) const fn own_measure(slot: Slot, language: Language) -> &'static str {
    let (english, chinese) = about!(ScoreMeasure::Own(slot), ["", ""], ["", ""]);
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

const fn potential_target(level: Level) -> Sentence {
    match level {
        Level::High => {
            ("high potential at {limit} instead of {observed}", "潜力为{limit}而非{observed}时为高")
        }
        Level::Low => {
            ("low potential at {limit} instead of {observed}", "潜力为{limit}而非{observed}时为低")
        }
    }
}

const fn worth_target(level: Level) -> Sentence {
    match level {
        Level::High => (
            "high potential at expected earnings of {limit} instead of {observed}",
            "预计所得为{limit}而非{observed}时潜力高",
        ),
        Level::Low => (
            "low potential at expected earnings of {limit} instead of {observed}",
            "预计所得为{limit}而非{observed}时潜力低",
        ),
    }
}

const fn growth_target(level: Level) -> Sentence {
    match level {
        Level::High => (
            "high potential at net revenue {limit} in the last window instead of {observed}",
            "最近窗口期净收入为{limit}而非{observed}时潜力高",
        ),
        Level::Low => (
            "low potential at net revenue {limit} in the last window instead of {observed}",
            "最近窗口期净收入为{limit}而非{observed}时潜力低",
        ),
    }
}
