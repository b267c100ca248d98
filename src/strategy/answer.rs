//! What to do for a customer.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::explain::{Language, Measure, Speak};

/// The most characters of a theme or of an action, in each language.
pub const STRATEGY_TEXT_CHARS_MAX: usize = 200;

/// How much a customer gets of people's time and of the budget.
///
/// ```
/// use guanxi::strategy::Effort;
/// use guanxi::{Language, Speak};
///
/// assert!(Effort::High > Effort::Medium);
/// assert_eq!(Effort::None.text(Language::English), "no effort");
/// assert_eq!(Effort::High.text(Language::Chinese), "高投入");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// Nothing is begun; the customer's own questions are answered.
    None,
    /// Mailings, campaigns and self-service.
    Low,
    /// People, when there is an occasion.
    Medium,
    /// A named person, on a plan.
    High,
}

impl Effort {
    /// Every one, the least first.
    pub const ALL: [Self; 4] = [Self::None, Self::Low, Self::Medium, Self::High];
}

impl Speak for Effort {
    fn text(&self, language: Language) -> String {
        let (english, chinese) = match self {
            Self::None => ("no effort", "不投入"),
            Self::Low => ("low effort", "低投入"),
            Self::Medium => ("medium effort", "中等投入"),
            Self::High => ("high effort", "高投入"),
        };
        match language {
            Language::English => english.to_owned(),
            Language::Chinese => chinese.to_owned(),
        }
    }
}

/// A phrase of the host's own, in every language, without a full stop.
///
/// ```
/// use guanxi::strategy::Wording;
/// use guanxi::{Language, Speak};
///
/// let theme = Wording::new("rescue", "全力挽留");
/// assert_eq!(theme.text(Language::Chinese), "全力挽留");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// In English.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = STRATEGY_TEXT_CHARS_MAX)))]
    pub english: Cow<'static, str>,
    /// In Simplified Chinese.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = STRATEGY_TEXT_CHARS_MAX)))]
    pub chinese: Cow<'static, str>,
}

impl Wording {
    /// A phrase in both languages.
    #[must_use]
    pub fn new(
        english: impl Into<Cow<'static, str>>,
        chinese: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { english: english.into(), chinese: chinese.into() }
    }
}

impl Speak for Wording {
    fn text(&self, language: Language) -> String {
        match language {
            Language::English => self.english.to_string(),
            Language::Chinese => self.chinese.to_string(),
        }
    }
}

/// The next best action.
///
/// ```
/// use guanxi::strategy::NextAction;
/// use guanxi::{Language, Speak};
///
/// let call = NextAction::new("call", "call the buyer", "致电采购负责人").with_within_days(2);
/// assert_eq!(call.code, "call"); // what a program matches
/// assert_eq!(call.text(Language::English), "within 2 days: call the buyer");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NextAction {
    /// A stable code for the host's programs: 1 to 64 lower-case letters, digits and underscores.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z0-9_]{1,64}$")))]
    pub code: Cow<'static, str>,
    /// What to do, in English.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = STRATEGY_TEXT_CHARS_MAX)))]
    pub english: Cow<'static, str>,
    /// What to do, in Simplified Chinese.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = STRATEGY_TEXT_CHARS_MAX)))]
    pub chinese: Cow<'static, str>,
    /// In how many days at the latest; `None`: at the next occasion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_days: Option<u16>,
}

impl NextAction {
    /// An action for the next occasion.
    #[must_use]
    pub fn new(
        code: impl Into<Cow<'static, str>>,
        english: impl Into<Cow<'static, str>>,
        chinese: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (code, english, chinese) = (code.into(), english.into(), chinese.into());
        Self { code, english, chinese, within_days: None }
    }

    /// The same within so many days.
    #[must_use]
    pub fn with_within_days(mut self, days: u16) -> Self {
        self.within_days = Some(days);
        self
    }
}

impl Speak for NextAction {
    fn text(&self, language: Language) -> String {
        let within = self.within_days.map(|days| Measure::Days(days.into()).text(language));
        match (language, within) {
            (Language::English, Some(days)) => format!("within {days}: {}", self.english),
            (Language::English, None) => self.english.to_string(),
            (Language::Chinese, Some(days)) => format!("{days}内：{}", self.chinese),
            (Language::Chinese, None) => self.chinese.to_string(),
        }
    }
}

/// What to do for the customers of one cell of the table.
///
/// It says nothing of one customer: it holds no personal data, and must not.
///
/// ```
/// use guanxi::strategy::{Effort, NextAction, Strategy, Wording};
/// use guanxi::{Language, Speak};
///
/// let action = NextAction::new("newsletter", "send the newsletter", "发送资讯");
/// let keep_warm = Strategy::new(Effort::Low, Wording::new("keep warm", "保持联系"), action)
///     .with_cadence_days(30);
/// assert_eq!(
///     keep_warm.text(Language::English),
///     "low effort, keep warm; next: send the newsletter; contact every 30 days"
/// );
/// assert_eq!(
///     keep_warm.text(Language::Chinese),
///     "低投入，保持联系；下一步：发送资讯；每30天联系一次"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Strategy {
    /// How much effort.
    pub effort: Effort,
    /// To what end.
    pub theme: Wording,
    /// A contact every so many days; `None`: no regular contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub cadence_days: Option<u16>,
    /// What to do next.
    pub action: NextAction,
}

impl Strategy {
    /// A strategy without regular contact.
    #[must_use]
    pub const fn new(effort: Effort, theme: Wording, action: NextAction) -> Self {
        Self { effort, theme, cadence_days: None, action }
    }

    /// The same with a contact every so many days.
    #[must_use]
    pub fn with_cadence_days(mut self, days: u16) -> Self {
        self.cadence_days = Some(days);
        self
    }

    /// The answer where no rule fits, which a policy without faults never gives: a person has to look.
    pub(super) const UNDECIDED: Self = Self {
        effort: Effort::Low,
        theme: Wording {
            english: Cow::Borrowed("undecided"), chinese: Cow::Borrowed("尚未确定")
        },
        cadence_days: None,
        action: NextAction {
            code: Cow::Borrowed("review_by_hand"),
            english: Cow::Borrowed(
                "decide by hand, the strategy table has no rule for this customer",
            ),
            chinese: Cow::Borrowed("人工决定，策略表中没有适用的规则"),
            within_days: None,
        },
    };
}

impl Speak for Strategy {
    fn text(&self, language: Language) -> String {
        let (effort, theme) = (self.effort.text(language), self.theme.text(language));
        let days = |days: u16| Measure::Days(days.into()).text(language);
        let within = self.action.within_days.map(days);
        let cadence = self.cadence_days.map(days);
        match language {
            Language::English => {
                let within = within.map(|days| format!(" within {days}")).unwrap_or_default();
                let cadence = cadence.map(|days| format!("; contact every {days}"));
                let (action, cadence) = (&self.action.english, cadence.unwrap_or_default());
                format!("{effort}, {theme}; next{within}: {action}{cadence}")
            }
            Language::Chinese => {
                let within = within.map(|days| format!("（{days}内）")).unwrap_or_default();
                let cadence = cadence.map(|days| format!("；每{days}联系一次"));
                let (action, cadence) = (&self.action.chinese, cadence.unwrap_or_default());
                format!("{effort}，{theme}；下一步{within}：{action}{cadence}")
            }
        }
    }
}
