//! The rules that worth reasons with.

use serde::{Deserialize, Serialize};

use super::answer::{WorthLack, WorthOutside};
use crate::explain::{Language, Rule};

/// The rules of worth, as reasons cite them.
///
/// ```
/// use guanxi::Language;
/// use guanxi::explain::Rule;
/// use guanxi::value::WorthRule;
///
/// let alive = WorthRule::Alive;
/// assert_eq!(alive.code(), "worth.alive");
/// assert_eq!(
///     alive.template(Language::English),
///     "still a customer with a chance of {observed}, active from {limit}"
/// );
///
/// // Stored under its code.
/// assert_eq!(serde_json::to_string(&alive)?, r#""worth.alive""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum WorthRule {
    /// How often the customer bought again, and how long it has been silent.
    #[serde(rename = "worth.repeats")]
    Repeats,
    /// The customer never bought again, and how long ago it bought.
    #[serde(rename = "worth.once")]
    Once,
    /// The chance that it is still one, against the policy's limit.
    #[serde(rename = "worth.alive")]
    Alive,
    /// Purchases to be expected within the horizon.
    #[serde(rename = "worth.purchases")]
    Purchases,
    /// What each is expected to come to, beside what they came to so far.
    #[serde(rename = "worth.spend")]
    Spend,
    /// What each is expected to come to, as of others: the customer's own repeat purchases are none.
    #[serde(rename = "worth.spend_of_base")]
    SpendOfBase,
    /// The base tells no model of spending.
    #[serde(rename = "worth.spend_unknown")]
    SpendUnknown,
    /// The part of revenue that is earned, and the interest.
    #[serde(rename = "worth.earned")]
    Earned,
    /// MBG/NBD, fitted to so many customers until a day.
    #[serde(rename = "worth.by_mbgnbd")]
    ByMbgNbd,
    /// Pareto/NBD, fitted to so many customers until a day.
    #[serde(rename = "worth.by_pnbd")]
    ByParetoNbd,
    /// The silence from which the customer would no longer count as active.
    #[serde(rename = "worth.inactive_target")]
    InactiveTarget,
    /// The silence up to which the customer would still count as active.
    #[serde(rename = "worth.active_target")]
    ActiveTarget,
    /// Nothing was bought, or nobody knows since when.
    #[serde(rename = "worth.no_purchase")]
    NoPurchase,
    /// No base has been measured.
    #[serde(rename = "worth.not_calibrated")]
    NotCalibrated,
    /// The base was measured for another policy.
    #[serde(rename = "worth.other_policy")]
    OtherPolicy,
    /// The base does not tell how customers buy, and why.
    #[serde(rename = "worth.not_fitted")]
    NotFitted(WorthLack),
}

impl WorthRule {
    /// Every rule, those that carry a detail with one detail each.
    pub const ALL: [Self; 16] = [
        Self::Repeats,
        Self::Once,
        Self::Alive,
        Self::Purchases,
        Self::Spend,
        Self::SpendOfBase,
        Self::SpendUnknown,
        Self::Earned,
        Self::ByMbgNbd,
        Self::ByParetoNbd,
        Self::InactiveTarget,
        Self::ActiveTarget,
        Self::NoPurchase,
        Self::NotCalibrated,
        Self::OtherPolicy,
        Self::NotFitted(WorthLack::TooFew),
    ];
}

impl From<WorthOutside> for WorthRule {
    fn from(outside: WorthOutside) -> Self {
        match outside {
            WorthOutside::NoPurchase => Self::NoPurchase,
            WorthOutside::NotCalibrated => Self::NotCalibrated,
            WorthOutside::OtherPolicy => Self::OtherPolicy,
            WorthOutside::NotFitted(lack) => Self::NotFitted(lack),
        }
    }
}

impl Rule for WorthRule {
    fn code(self) -> &'static str {
        match self {
            Self::Repeats => "worth.repeats",
            Self::Once => "worth.once",
            Self::Alive => "worth.alive",
            Self::Purchases => "worth.purchases",
            Self::Spend => "worth.spend",
            Self::SpendOfBase => "worth.spend_of_base",
            Self::SpendUnknown => "worth.spend_unknown",
            Self::Earned => "worth.earned",
            Self::ByMbgNbd => "worth.by_mbgnbd",
            Self::ByParetoNbd => "worth.by_pnbd",
            Self::InactiveTarget => "worth.inactive_target",
            Self::ActiveTarget => "worth.active_target",
            Self::NoPurchase => "worth.no_purchase",
            Self::NotCalibrated => "worth.not_calibrated",
            Self::OtherPolicy => "worth.other_policy",
            Self::NotFitted(_) => "worth.not_fitted",
        }
    }

    fn template(self, language: Language) -> &'static str {
        let (english, chinese) = sentence(self);
        match language {
            Language::English => english,
            Language::Chinese => chinese,
        }
    }
}

/// In English and in Chinese.
const fn sentence(rule: WorthRule) -> (&'static str, &'static str) {
    match rule {
        WorthRule::Repeats => (
            "bought again on {observed} days, last {limit} ago",
            "首购后又购买{observed}天，最近一次在{limit}前",
        ),
        WorthRule::Once => ("never bought again, in {limit}", "首购后{limit}内未再购买"),
        WorthRule::Alive => (
            "still a customer with a chance of {observed}, active from {limit}",
            "仍为客户的可能为{observed}，{limit}起为活跃",
        ),
        WorthRule::Purchases => {
            ("{observed} purchases expected within {limit}", "预计{limit}内购买{observed}次")
        }
        WorthRule::Spend => (
            "each expected to come to {observed}, so far {limit}",
            "预计每次{observed}，至今{limit}",
        ),
        WorthRule::SpendOfBase => (
            "each expected to come to {observed}, as of other customers",
            "预计每次{observed}（按整体客户）",
        ),
        WorthRule::SpendUnknown => {
            ("what each comes to cannot be told from the base", "无法由整体客户得知每次金额")
        }
        WorthRule::Earned => (
            "{observed} of it is earned, at {limit} interest a year",
            "其中{observed}为所得，年利率{limit}",
        ),
        WorthRule::ByMbgNbd => (
            "by MBG/NBD, fitted to {observed} customers until {limit}",
            "依据MBG/NBD模型，由截至{limit}的{observed}位客户拟合",
        ),
        WorthRule::ByParetoNbd => (
            "by Pareto/NBD, fitted to {observed} customers until {limit}",
            "依据Pareto/NBD模型，由截至{limit}的{observed}位客户拟合",
        ),
        WorthRule::InactiveTarget => (
            "inactive when silent for {limit} instead of {observed}",
            "沉默{limit}而非{observed}时为不活跃",
        ),
        WorthRule::ActiveTarget => (
            "active when silent for {limit} instead of {observed}",
            "沉默{limit}而非{observed}时为活跃",
        ),
        WorthRule::NoPurchase => ("no purchase whose first day is known", "没有已知首购日的购买"),
        WorthRule::NotCalibrated => {
            ("the customer base has not been measured yet", "尚未对客户群进行标定")
        }
        WorthRule::OtherPolicy => {
            ("the customer base was measured for another policy", "客户群的标定依据的是另一份政策")
        }
        WorthRule::NotFitted(lack) => lacking(lack),
    }
}

const fn lacking(lack: WorthLack) -> (&'static str, &'static str) {
    match lack {
        WorthLack::TooFew => {
            ("too few customers who differ to learn from", "可供学习的不同客户太少")
        }
        WorthLack::NobodyRepeats => ("nobody of the base bought again", "整体客户无人再次购买"),
        WorthLack::NobodyLeft => ("nobody of the base seems to have left", "整体客户似乎无人流失"),
        WorthLack::NoFit => ("no model fits the base", "没有模型适合整体客户"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of a rule in [`WorthRule::ALL`]; the compiler asks for one of every new rule.
    fn place(rule: WorthRule) -> usize {
        match rule {
            WorthRule::Repeats => 0,
            WorthRule::Once => 1,
            WorthRule::Alive => 2,
            WorthRule::Purchases => 3,
            WorthRule::Spend => 4,
            WorthRule::SpendOfBase => 5,
            WorthRule::SpendUnknown => 6,
            WorthRule::Earned => 7,
            WorthRule::ByMbgNbd => 8,
            WorthRule::ByParetoNbd => 9,
            WorthRule::InactiveTarget => 10,
            WorthRule::ActiveTarget => 11,
            WorthRule::NoPurchase => 12,
            WorthRule::NotCalibrated => 13,
            WorthRule::OtherPolicy => 14,
            WorthRule::NotFitted(_) => 15,
        }
    }

    #[test]
    fn all_rules_are_listed() {
        let places: Vec<usize> = WorthRule::ALL.into_iter().map(place).collect();
        assert_eq!(places, (0..=15).collect::<Vec<_>>());
    }

    #[test]
    fn a_rule_is_stored_under_its_code() {
        for rule in WorthRule::ALL {
            let stored = serde_json::to_string(&rule).unwrap();
            assert!(stored.contains(&format!("\"{}\"", rule.code())), "{stored}");
        }
    }
}
