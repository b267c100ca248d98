//! The rules that tiers reason with, and their sentences.

use serde::{Deserialize, Serialize};

use super::criterion::TierMeasure;
use super::state::OverrideReason;
use super::tiers::Tier;
use crate::explain::{Language, Rule};

/// The rules of tiers, as reasons cite them.
///
/// ```
/// use guanxi::Language;
/// use guanxi::explain::Rule;
/// use guanxi::tier::TierRule;
///
/// assert_eq!(TierRule::Dwell.code(), "tier.dwell");
/// assert_eq!(TierRule::Dwell.template(Language::English), "in the tier for {observed}, {limit} needed");
///
/// // Stored under its code.
/// assert_eq!(serde_json::to_string(&TierRule::Dwell)?, r#""tier.dwell""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TierRule {
    /// A person's override, until the instant observed.
    #[serde(rename = "tier.overridden")]
    Overridden(OverrideReason),
    /// The value reached the limit of its tier.
    #[serde(rename = "tier.reached")]
    Reached,
    /// The value missed the limit of the next tier.
    #[serde(rename = "tier.missed")]
    Missed,
    /// No value reaches the next tier.
    #[serde(rename = "tier.out_of_reach")]
    OutOfReach,
    /// Whoever brings nothing or less is in C.
    #[serde(rename = "tier.nothing")]
    Nothing,
    /// Above the limit, but not by the margin that a promotion asks for.
    #[serde(rename = "tier.promote_margin")]
    PromoteMargin,
    /// Below the limit, but not by the margin that a demotion asks for.
    #[serde(rename = "tier.demote_margin")]
    DemoteMargin,
    /// Days in the tier against the least before it changes.
    #[serde(rename = "tier.dwell")]
    Dwell,
    /// One review moves by one tier.
    #[serde(rename = "tier.one_step")]
    OneStep,
    /// What one measure adds to the value, with its weight.
    #[serde(rename = "tier.measured")]
    Measured(TierMeasure),
    /// The value of a measure at which the tier would be another, and that tier.
    #[serde(rename = "tier.target")]
    Target {
        /// The measure.
        measure: TierMeasure,
        /// The tier that it would be.
        tier: Tier,
    },
    /// A measure of the criterion is not known.
    #[serde(rename = "tier.measure_missing")]
    MeasureMissing(TierMeasure),
    /// No base has been measured.
    #[serde(rename = "tier.not_calibrated")]
    NotCalibrated,
    /// The base was measured for another policy.
    #[serde(rename = "tier.other_policy")]
    OtherPolicy,
    /// The tier of the last review stands while nothing can be judged.
    #[serde(rename = "tier.stands")]
    Stands,
}

impl TierRule {
    /// Every rule, those that carry a detail with one detail each.
    pub const ALL: [Self; 15] = [
        Self::Overridden(OverrideReason::Other),
        Self::Reached,
        Self::Missed,
        Self::OutOfReach,
        Self::Nothing,
        Self::PromoteMargin,
        Self::DemoteMargin,
        Self::Dwell,
        Self::OneStep,
        Self::Measured(TierMeasure::NetRevenue),
        Self::Target { measure: TierMeasure::NetRevenue, tier: Tier::A },
        Self::MeasureMissing(TierMeasure::Margin),
        Self::NotCalibrated,
        Self::OtherPolicy,
        Self::Stands,
    ];

    const fn sentence(self) -> Sentence {
        match self {
            Self::Overridden(reason) => overridden(reason),
            Self::Reached => {
                ("value {observed}, tier from {limit}", "价值{observed}，本级界限{limit}")
            }
            Self::Missed => {
                ("value {observed}, next tier from {limit}", "价值{observed}，上一级界限{limit}")
            }
            Self::OutOfReach => (
                "value {observed}, no value reaches the next tier",
                "价值{observed}，上一级无法达到",
            ),
            Self::Nothing => (
                "value {observed}, nothing above C without a gain",
                "价值{observed}，无贡献者不高于C级",
            ),
            Self::PromoteMargin => {
                ("value {observed}, promotion from {limit}", "价值{observed}，{limit}起升级")
            }
            Self::DemoteMargin => {
                ("value {observed}, demotion below {limit}", "价值{observed}，低于{limit}才降级")
            }
            Self::Dwell => {
                ("in the tier for {observed}, {limit} needed", "在本级{observed}，需{limit}")
            }
            Self::OneStep => (
                "tiers to go {observed}, one review moves by {limit}",
                "相差{observed}级，每次评审只调{limit}级",
            ),
            Self::Measured(measure) => measured(measure),
            Self::Target { measure, tier } => target(measure, tier),
            Self::MeasureMissing(measure) => missing(measure),
            Self::NotCalibrated => {
                ("the customer base has not been measured yet", "尚未对客户群进行标定")
            }
            Self::OtherPolicy => (
                "the customer base was measured for another policy",
                "客户群的标定依据的是另一份政策",
            ),
            Self::Stands => {
                ("the tier of the review of {observed} stands", "沿用{observed}评审的等级")
            }
        }
    }
}

impl Rule for TierRule {
    fn code(self) -> &'static str {
        match self {
            Self::Overridden(_) => "tier.overridden",
            Self::Reached => "tier.reached",
            Self::Missed => "tier.missed",
            Self::OutOfReach => "tier.out_of_reach",
            Self::Nothing => "tier.nothing",
            Self::PromoteMargin => "tier.promote_margin",
            Self::DemoteMargin => "tier.demote_margin",
            Self::Dwell => "tier.dwell",
            Self::OneStep => "tier.one_step",
            Self::Measured(_) => "tier.measured",
            Self::Target { .. } => "tier.target",
            Self::MeasureMissing(_) => "tier.measure_missing",
            Self::NotCalibrated => "tier.not_calibrated",
            Self::OtherPolicy => "tier.other_policy",
            Self::Stands => "tier.stands",
        }
    }

    fn template(self, language: Language) -> &'static str {
        match language {
            Language::English => self.sentence().0,
            Language::Chinese => self.sentence().1,
        }
    }
}

/// In English and in Chinese.
type Sentence = (&'static str, &'static str);

const fn overridden(reason: OverrideReason) -> Sentence {
    match reason {
        OverrideReason::Strategic => {
            ("set by a person until {observed}: strategic", "人工设定至{observed}：战略客户")
        }
        OverrideReason::Contract => {
            ("set by a person until {observed}: contract", "人工设定至{observed}：合同约定")
        }
        OverrideReason::Potential => {
            ("set by a person until {observed}: potential", "人工设定至{observed}：潜力")
        }
        OverrideReason::Dispute => {
            ("set by a person until {observed}: dispute", "人工设定至{observed}：争议")
        }
        OverrideReason::Misjudged => {
            ("set by a person until {observed}: misjudged", "人工设定至{observed}：规则误判")
        }
        OverrideReason::Other => ("set by a person until {observed}", "人工设定至{observed}"),
    }
}

/// A sentence about a measure: what stands before its name and after it, in English and in Chinese.
macro_rules! about {
    ($measure:expr, [$before:literal, $after:literal], [$zh_before:literal, $zh_after:literal]) => {
        match $measure {
            TierMeasure::NetRevenue => (
                concat!($before, "net revenue", $after),
                concat!($zh_before, "净收入", $zh_after),
            ),
            TierMeasure::Margin => {
                (concat!($before, "margin", $after), concat!($zh_before, "毛利", $zh_after))
            }
            TierMeasure::Orders => {
                (concat!($before, "orders", $after), concat!($zh_before, "订单数", $zh_after))
            }
            TierMeasure::PurchaseDays => (
                concat!($before, "purchase days", $after),
                concat!($zh_before, "购买日数", $zh_after),
            ),
            TierMeasure::BusinessSize => (
                concat!($before, "business size", $after),
                concat!($zh_before, "业务规模", $zh_after),
            ),
            TierMeasure::ValueScore => {
                (concat!($before, "value score", $after), concat!($zh_before, "价值评分", $zh_after))
            }
        }
    };
}

const fn measured(measure: TierMeasure) -> Sentence {
    about!(measure, ["", " {observed}, weight {limit}"], ["", "{observed}，权重{limit}"])
}

const fn target(measure: TierMeasure, tier: Tier) -> Sentence {
    match tier {
        Tier::A => about!(
            measure,
            ["A at ", " {limit} instead of {observed}"],
            ["", "为{limit}而非{observed}时为A级"]
        ),
        Tier::B => about!(
            measure,
            ["B at ", " {limit} instead of {observed}"],
            ["", "为{limit}而非{observed}时为B级"]
        ),
        Tier::C => about!(
            measure,
            ["C at ", " {limit} instead of {observed}"],
            ["", "为{limit}而非{observed}时为C级"]
        ),
    }
}

const fn missing(measure: TierMeasure) -> Sentence {
    about!(measure, ["", " unknown"], ["", "未知"])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of a rule in [`TierRule::ALL`]; the compiler asks for one of every new rule.
    fn place(rule: TierRule) -> usize {
        match rule {
            TierRule::Overridden(_) => 0,
            TierRule::Reached => 1,
            TierRule::Missed => 2,
            TierRule::OutOfReach => 3,
            TierRule::Nothing => 4,
            TierRule::PromoteMargin => 5,
            TierRule::DemoteMargin => 6,
            TierRule::Dwell => 7,
            TierRule::OneStep => 8,
            TierRule::Measured(_) => 9,
            TierRule::Target { .. } => 10,
            TierRule::MeasureMissing(_) => 11,
            TierRule::NotCalibrated => 12,
            TierRule::OtherPolicy => 13,
            TierRule::Stands => 14,
        }
    }

    #[test]
    fn all_rules_are_listed() {
        let places: Vec<usize> = TierRule::ALL.into_iter().map(place).collect();
        assert_eq!(places, (0..TierRule::ALL.len()).collect::<Vec<_>>());
        assert_eq!(places.last(), Some(&14), "the last place of the match above");
    }
}
