//! The rules that value reasons with, and their sentences.

use serde::{Deserialize, Serialize};

use super::weights::ScoreMeasure;
use crate::explain::{Language, Rule};

/// The rules of value, as reasons cite them.
///
/// ```
/// use guanxi::Language;
/// use guanxi::explain::Rule;
/// use guanxi::value::{ScoreMeasure, ValueRule};
///
/// let margin = ValueRule::Measured(ScoreMeasure::Margin);
/// assert_eq!(margin.code(), "value.measured");
/// assert_eq!(margin.template(Language::English), "margin {observed}, weight {limit}");
///
/// // Stored under its code.
/// assert_eq!(serde_json::to_string(&margin)?, r#"{"value.measured":"margin"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ValueRule {
    /// Days since the last purchase day, against a cut.
    #[serde(rename = "value.recency")]
    Recency(CutSide),
    /// Purchase days against a cut.
    #[serde(rename = "value.frequency")]
    Frequency(CutSide),
    /// Net spend against a cut.
    #[serde(rename = "value.monetary")]
    Monetary(CutSide),
    /// Nothing was bought in the window.
    #[serde(rename = "value.no_purchase")]
    NoPurchase,
    /// No base has been measured.
    #[serde(rename = "value.not_calibrated")]
    NotCalibrated,
    /// The base was measured for another policy.
    #[serde(rename = "value.other_policy")]
    OtherPolicy,
    /// A measure of the scorecard, with its weight.
    #[serde(rename = "value.measured")]
    Measured(ScoreMeasure),
    /// A measure that is not known and left out; the others weigh more for it.
    #[serde(rename = "value.skipped")]
    Skipped(ScoreMeasure),
    /// What rounding added above the best score.
    #[serde(rename = "value.ceiling")]
    Ceiling,
    /// Nothing that is weighed is known.
    #[serde(rename = "value.nothing_measured")]
    NothingMeasured,
    /// The value of a measure at which the answer would change.
    #[serde(rename = "value.target")]
    Target(ScoreMeasure),
    /// The score against the limit from which value is high.
    #[serde(rename = "value.current")]
    Current,
    /// The potential that the host gave against the limit from which it is high.
    #[serde(rename = "value.potential")]
    Potential,
    /// The host gave no potential.
    #[serde(rename = "value.potential_unknown")]
    PotentialUnknown,
    /// The potential at which the answer would change.
    #[serde(rename = "value.potential_target")]
    PotentialTarget,
    /// Spend of the last window against what high potential asks for.
    #[serde(rename = "value.growth")]
    Growth,
    /// Spend of the last window at which the answer would change.
    #[serde(rename = "value.growth_target")]
    GrowthTarget,
}

/// Which side of a cut a grade stands on.
///
/// ```
/// use guanxi::Language;
/// use guanxi::explain::Rule;
/// use guanxi::value::{CutSide, ValueRule};
///
/// let missed = ValueRule::Frequency(CutSide::Missed);
/// assert_eq!(
///     missed.template(Language::English),
///     "purchase days {observed}, next group from {limit}"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutSide {
    /// The cut below the group was reached.
    Reached,
    /// The customer is in the worst group; the next cut was missed.
    Missed,
    /// There is no cut to compare with.
    Alone,
}

impl ValueRule {
    /// Every rule, those that carry a detail with one detail each.
    pub const ALL: [Self; 17] = [
        Self::Recency(CutSide::Reached),
        Self::Frequency(CutSide::Reached),
        Self::Monetary(CutSide::Reached),
        Self::NoPurchase,
        Self::NotCalibrated,
        Self::OtherPolicy,
        Self::Measured(ScoreMeasure::NetSpend),
        Self::Skipped(ScoreMeasure::Margin),
        Self::Ceiling,
        Self::NothingMeasured,
        Self::Target(ScoreMeasure::NetSpend),
        Self::Current,
        Self::Potential,
        Self::PotentialUnknown,
        Self::PotentialTarget,
        Self::Growth,
        Self::GrowthTarget,
    ];

    const fn sentence(self) -> Sentence {
        match self {
            Self::Recency(side) => recency(side),
            Self::Frequency(side) => frequency(side),
            Self::Monetary(side) => monetary(side),
            Self::NoPurchase => ("nothing bought in the window", "窗口期内无购买"),
            Self::NotCalibrated => {
                ("the customer base has not been measured yet", "尚未对客户群进行标定")
            }
            Self::OtherPolicy => (
                "the customer base was measured for another policy",
                "客户群的标定依据的是另一份政策",
            ),
            Self::Measured(measure) => measured(measure),
            Self::Skipped(measure) => skipped(measure),
            Self::Ceiling => ("no score lies above the best", "评分不超过满分"),
            Self::NothingMeasured => {
                ("nothing that the policy weighs is known", "政策所加权的指标均未知")
            }
            Self::Target(measure) => target(measure),
            Self::PotentialTarget => {
                ("potential {observed}, turning at {limit}", "潜力{observed}，转折点{limit}")
            }
            Self::GrowthTarget => (
                "spent {observed} in the last window, turning at {limit}",
                "最近窗口期消费{observed}，转折点{limit}",
            ),
            Self::Current => {
                ("value {observed}, high from {limit}", "价值{observed}，{limit}起为高")
            }
            Self::Potential => {
                ("potential {observed}, high from {limit}", "潜力{observed}，{limit}起为高")
            }
            Self::PotentialUnknown => ("the potential is not known", "潜力未知"),
            Self::Growth => (
                "spent {observed} in the last window, high potential from {limit}",
                "最近窗口期消费{observed}，{limit}起为高潜力",
            ),
        }
    }
}

impl Rule for ValueRule {
    fn code(self) -> &'static str {
        match self {
            Self::Recency(_) => "value.recency",
            Self::Frequency(_) => "value.frequency",
            Self::Monetary(_) => "value.monetary",
            Self::NoPurchase => "value.no_purchase",
            Self::NotCalibrated => "value.not_calibrated",
            Self::OtherPolicy => "value.other_policy",
            Self::Measured(_) => "value.measured",
            Self::Skipped(_) => "value.skipped",
            Self::Ceiling => "value.ceiling",
            Self::NothingMeasured => "value.nothing_measured",
            Self::Target(_) => "value.target",
            Self::PotentialTarget => "value.potential_target",
            Self::GrowthTarget => "value.growth_target",
            Self::Current => "value.current",
            Self::Potential => "value.potential",
            Self::PotentialUnknown => "value.potential_unknown",
            Self::Growth => "value.growth",
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
            "last purchase {observed} ago, nobody to compare with",
            "最近购买距今{observed}，无可比较",
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
        CutSide::Alone => {
            ("purchase days {observed}, nobody to compare with", "购买日{observed}天，无可比较")
        }
    }
}

const fn monetary(side: CutSide) -> Sentence {
    match side {
        CutSide::Reached => {
            ("spent {observed}, group from {limit}", "消费{observed}，本组界限{limit}")
        }
        CutSide::Missed => {
            ("spent {observed}, next group from {limit}", "消费{observed}，上一组界限{limit}")
        }
        CutSide::Alone => ("spent {observed}, nobody to compare with", "消费{observed}，无可比较"),
    }
}

/// A sentence about a measure. A rule is small and has no room for the host's own names, so it cites
/// their place in the policy.
macro_rules! about {
    ($measure:expr, $english:literal, $chinese:literal) => {
        match $measure {
            ScoreMeasure::NetSpend => (concat!("net spend", $english), concat!("净消费", $chinese)),
            ScoreMeasure::Margin => (concat!("margin", $english), concat!("毛利", $chinese)),
            ScoreMeasure::CostToServe => {
                (concat!("cost to serve", $english), concat!("服务成本", $chinese))
            }
            ScoreMeasure::ReferredSpend => {
                (concat!("referred spend", $english), concat!("推荐消费", $chinese))
            }
            ScoreMeasure::PurchaseDays => {
                (concat!("purchase days", $english), concat!("购买日数", $chinese))
            }
            ScoreMeasure::TenureDays => (concat!("tenure", $english), concat!("客龄", $chinese)),
            ScoreMeasure::Orders => (concat!("orders", $english), concat!("订单数", $chinese)),
            ScoreMeasure::Referrals => (concat!("referrals", $english), concat!("推荐数", $chinese)),
            ScoreMeasure::Given(0) => own!("1", $english, $chinese),
            ScoreMeasure::Given(1) => own!("2", $english, $chinese),
            ScoreMeasure::Given(2) => own!("3", $english, $chinese),
            ScoreMeasure::Given(3) => own!("4", $english, $chinese),
            ScoreMeasure::Given(4) => own!("5", $english, $chinese),
            ScoreMeasure::Given(5) => own!("6", $english, $chinese),
            ScoreMeasure::Given(6) => own!("7", $english, $chinese),
            ScoreMeasure::Given(_) => own!("8", $english, $chinese),
        }
    };
}

macro_rules! own {
    ($place:literal, $english:literal, $chinese:literal) => {
        (
            concat!("own measure no. ", $place, $english),
            concat!("自有指标第", $place, "项", $chinese),
        )
    };
}

const fn measured(measure: ScoreMeasure) -> Sentence {
    about!(measure, " {observed}, weight {limit}", "{observed}，权重{limit}")
}

const fn skipped(measure: ScoreMeasure) -> Sentence {
    about!(measure, " unknown, left out", "未知，不计入")
}

const fn target(measure: ScoreMeasure) -> Sentence {
    about!(measure, " {observed}, turning at {limit}", "{observed}，转折点{limit}")
}
