//! Indicators of the host's own: where they stand, and what they are called.

use serde::{Deserialize, Serialize};

use super::indicator::{Direction, own_indicator};
use super::policy::ChurnPolicy;
use super::rule::ChurnRule;
use crate::explain::{BasisPoints, Explained, Flip, Language, Measure, Reason, Speak};
use crate::slot::Slot;

/// The unit of an indicator of the host's own.
///
/// [`CustomIndicator`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CustomUnit {
    /// A number of things.
    #[default]
    Count,
    /// Days.
    Days,
    /// Basis points.
    Share,
}

impl CustomUnit {
    pub(super) const fn measure(self, value: i64) -> Measure {
        match self {
            Self::Count => Measure::Count(value),
            Self::Days => Measure::Days(value),
            Self::Share => Measure::Share(BasisPoints(value)),
        }
    }
}

/// An indicator of the host's own: its place, its name, and how to speak of it.
///
/// ```
/// use guanxi::churn::{ChurnPolicy, ChurnSignals, CustomIndicator, Direction, Observation};
/// use guanxi::Day;
///
/// let logins: CustomIndicator = serde_json::from_str(
///     r#"{ "slot": 1, "name": "logins", "direction": "lower_is_riskier",
///          "english": "logins a week", "chinese": "每周登录次数" }"#,
/// )?;
/// assert_eq!(logins.direction, Direction::LowerIsRiskier);
/// let mut policy = ChurnPolicy::default();
/// policy.custom.push(logins);
///
/// let slot = policy.slot("logins").expect("declared above");
/// let told = Observation::new(3, Day::from_ymd(2026, 3, 1)?);
/// let signals = ChurnSignals::default().with_custom(slot, told);
/// assert_eq!(signals.custom[0], Some(told));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CustomIndicator {
    /// Its place among the facts. Must be given, and stays the same for ever.
    pub slot: Slot,
    /// The name by which the host finds it. Must be given.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub name: String,
    /// Which way it points. Must be given.
    pub direction: Direction,
    /// Its unit. Default: a count.
    #[serde(default)]
    pub unit: CustomUnit,
    /// What it is called in an English sentence. Must be given.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub english: String,
    /// What it is called in a Chinese sentence. Must be given.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub chinese: String,
}

impl CustomIndicator {
    /// An indicator at `slot` that is a count and called the same in every sentence.
    ///
    /// ```
    /// use guanxi::churn::{CustomIndicator, Direction};
    /// use guanxi::slot::Slot;
    ///
    /// let mut logins = CustomIndicator::new(Slot::FIRST, "logins", Direction::LowerIsRiskier);
    /// logins.english = "logins a week".to_owned();
    /// logins.chinese = "每周登录次数".to_owned();
    /// assert_eq!(logins.name, "logins");
    /// ```
    #[must_use]
    pub fn new(slot: Slot, name: &str, direction: Direction) -> Self {
        let name = name.to_owned();
        let (english, chinese) = (name.clone(), name.clone());
        Self { slot, name, direction, unit: CustomUnit::Count, english, chinese }
    }

    fn called(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }
}

impl ChurnPolicy {
    /// The slot of an indicator of the host's own.
    ///
    /// [`CustomIndicator`] has an example.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<Slot> {
        self.custom.iter().find(|custom| custom.name == name).map(|custom| custom.slot)
    }

    /// The text of a reason, with indicators of the host's own called by their names.
    ///
    /// A rule alone does not know those names, so the text of the reason itself has to call them
    /// something general.
    ///
    /// ```
    /// use guanxi::churn::{ChurnPolicy, ChurnRule, CustomIndicator, Direction};
    /// use guanxi::explain::{Measure, Reason};
    /// use guanxi::slot::Slot;
    /// use guanxi::{Language, Speak};
    ///
    /// let mut logins = CustomIndicator::new(Slot::FIRST, "logins", Direction::LowerIsRiskier);
    /// logins.chinese = "每周登录次数".to_owned();
    /// let mut policy = ChurnPolicy::default();
    /// policy.custom.push(logins);
    /// let rule = ChurnRule::Custom(Slot::FIRST);
    /// let reason = Reason::new(rule, Measure::Count(3), Measure::Missing);
    ///
    /// assert_eq!(policy.sentence(&reason, Language::English), "logins: 3");
    /// assert_eq!(policy.sentence(&reason, Language::Chinese), "每周登录次数：3");
    /// assert_eq!(reason.text(Language::English), "an indicator of the host's own: 3");
    /// ```
    #[must_use]
    pub fn sentence(&self, reason: &Reason<ChurnRule>, language: Language) -> String {
        self.named(&reason.text(language), [reason.rule], language)
    }

    /// The text of a whole answer, with indicators of the host's own called by their names.
    ///
    /// ```
    /// use guanxi::churn::{
    ///     ChurnCalibration, ChurnFacts, ChurnGroup, ChurnPolicy, ChurnRules,
    ///     CustomIndicator, Direction, GroupPolicy, Indicator, Observation, WeighedIndicator,
    /// };
    /// use guanxi::explain::{BasisPoints, Ids};
    /// use guanxi::scale::{Corner, Scale};
    /// use guanxi::slot::Slot;
    /// use guanxi::{Currency, Day, Language, PolicyId, Timestamp};
    ///
    /// let whole = BasisPoints(10_000);
    /// let scale = Scale(vec![Corner { at: 0, points: 100 }, Corner { at: 10, points: 0 }]);
    /// let logins = WeighedIndicator::new(Indicator::Custom(Slot::FIRST), whole, scale);
    /// let mut policy = ChurnPolicy::default();
    /// policy.groups = vec![GroupPolicy::new(ChurnGroup::Other, whole, vec![logins])];
    /// policy.floors.clear();
    /// policy.custom =
    ///     vec![CustomIndicator::new(Slot::FIRST, "logins a week", Direction::LowerIsRiskier)];
    ///
    /// let today = Day::from_ymd(2026, 3, 31)?;
    /// let mut facts = ChurnFacts::new(today, Currency::USD);
    /// facts.signals = facts.signals.with_custom(Slot::FIRST, Observation::new(3, today));
    /// let (base, ids) = (ChurnCalibration::default(), Ids::of_policy(PolicyId::of_document(b"{}")));
    /// let answer =
    ///     ChurnRules::new(&policy, &base).explain(&facts, None, ids, Timestamp::UNIX_EPOCH);
    /// assert_eq!(
    ///     policy.text(&answer, Language::English),
    ///     "high risk (70 of 100), because logins a week: 3 (+70). It would change at: logins a \
    ///      week: 2 instead of 3, to critical risk"
    /// );
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub fn text<T: Speak>(&self, answer: &Explained<T, ChurnRule>, language: Language) -> String {
        let of_flip = match &answer.flip {
            Some(Flip::Measure(reason)) => std::slice::from_ref(reason),
            Some(Flip::Guards(reasons)) => reasons.as_slice(),
            None => &[],
        };
        let rules = answer.reasons.iter().chain(of_flip).map(|reason| reason.rule);
        self.named(&answer.text(language), rules, language)
    }

    /// Puts names into a text in which these rules speak, one after the other.
    fn named(
        &self,
        text: &str,
        rules: impl IntoIterator<Item = ChurnRule>,
        language: Language,
    ) -> String {
        let nameless = own_indicator(language);
        let name = |slot| self.custom(slot).map_or(nameless, |custom| custom.called(language));
        let mut names = rules.into_iter().filter_map(ChurnRule::slot).map(name);
        let mut parts = text.split(nameless);
        let mut named = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            named.push_str(names.next().unwrap_or(nameless));
            named.push_str(part);
        }
        named
    }

    pub(super) fn custom(&self, slot: Slot) -> Option<&CustomIndicator> {
        self.custom.iter().find(|custom| custom.slot == slot)
    }

    /// The unit of an indicator of the host's own.
    pub(super) fn unit(&self, slot: Slot) -> CustomUnit {
        self.custom(slot).map_or(CustomUnit::Count, |custom| custom.unit)
    }
}
