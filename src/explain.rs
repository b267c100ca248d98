//! Explained answers: a value, the reasons for it, and what would change it.
//!
//! A [`Reason`] is small and `Copy`: which rule spoke, what it observed, the limit it compared with and
//! what it contributed. Its text is made on demand, in the reader's [`Language`], so a million answers
//! cost no strings. Each room has its own rules; they implement [`Rule`].

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

use crate::id::{CalibrationId, PolicyId};
use crate::money::Money;
use crate::time::{Day, Timestamp};

/// The version of the rules' code. Raised when a rule's code changes meaning, so that an answer given
/// by an older engine can be told from a new one.
pub const ENGINE: u16 = 1;

/// A language that answers are rendered in.
///
/// ```
/// use guanxi::{Language, Speak, Stage};
///
/// assert_eq!(Stage::Lost.text(Language::English), "Lost");
/// assert_eq!(Stage::Lost.text(Language::Chinese), "流失");
///
/// // Stored under the codes of ISO 639-1.
/// assert_eq!(serde_json::to_string(&Language::Chinese)?, r#""zh""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh")]
    Chinese,
}

/// Something that can be said in every [`Language`].
///
/// ```
/// use guanxi::{Language, Speak};
///
/// enum Risk {
///     Low,
///     High,
/// }
///
/// impl Speak for Risk {
///     fn text(&self, language: Language) -> String {
///         let text = match (self, language) {
///             (Self::Low, Language::Chinese) => "低风险",
///             (Self::High, Language::Chinese) => "高风险",
///             // `Language` may grow; English stands in for what is not translated yet.
///             (Self::Low, _) => "low risk",
///             (Self::High, _) => "high risk",
///         };
///         text.to_owned()
///     }
/// }
///
/// assert_eq!(Risk::Low.text(Language::English), "low risk");
/// assert_eq!(Risk::High.text(Language::Chinese), "高风险");
/// ```
pub trait Speak {
    /// The text, without a full stop.
    fn text(&self, language: Language) -> String;
}

/// A share in hundredths of a percent, so that shares compare exactly: 10,000 is the whole.
///
/// ```
/// use guanxi::explain::BasisPoints;
///
/// assert_eq!(BasisPoints::of(1, 3), Some(BasisPoints(3_333)));
/// assert_eq!(BasisPoints(3_333).to_string(), "33.33 %");
/// assert_eq!(BasisPoints::of(1, 0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct BasisPoints(pub i64);

impl BasisPoints {
    /// `part` of `whole`, rounded towards zero; `None` when there is no whole to compare with.
    #[must_use]
    pub fn of(part: i64, whole: i64) -> Option<Self> {
        let scaled = i128::from(part).checked_mul(10_000)?.checked_div(i128::from(whole))?;
        i64::try_from(scaled).ok().map(Self)
    }
}

impl fmt::Display for BasisPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs() / 100;
        match self.0.unsigned_abs() % 100 {
            0 => write!(f, "{sign}{whole} %"),
            rest => write!(f, "{sign}{whole}.{rest:02} %"),
        }
    }
}

/// A score contribution in thousandths of a point; fixed point, so that parts add up to the total.
///
/// ```
/// use guanxi::explain::Points;
///
/// assert_eq!(Points(12_500).to_string(), "12.5");
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Points(pub i64);

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        thousandths(self.0, f)
    }
}

/// A number that is an estimate, in thousandths, so that it compares exactly.
///
/// ```
/// use guanxi::explain::Thousandths;
///
/// assert_eq!(Thousandths(2_310).to_string(), "2.31");
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Thousandths(pub i64);

impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        thousandths(self.0, f)
    }
}

fn thousandths(value: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let sign = if value < 0 { "-" } else { "" };
    let whole = value.unsigned_abs() / 1_000;
    let thousandths = format!("{:03}", value.unsigned_abs() % 1_000);
    match thousandths.trim_end_matches('0') {
        "" => write!(f, "{sign}{whole}"),
        rest => write!(f, "{sign}{whole}.{rest}"),
    }
}

/// What a rule observed or compared with, with its unit.
///
/// ```
/// use guanxi::explain::{BasisPoints, Measure, Points};
/// use guanxi::{Language, Speak};
///
/// assert_eq!(Measure::Days(1).text(Language::English), "1 day");
/// assert_eq!(Measure::Days(97).text(Language::Chinese), "97天");
/// assert_eq!(Measure::Score(71).text(Language::English), "71 of 100");
/// assert_eq!(Measure::Points(Points(71_250)).text(Language::English), "71.25 points");
/// assert_eq!(Measure::Share(BasisPoints(5_000)).text(Language::English), "50 %");
/// assert_eq!(Measure::Missing.text(Language::English), "unknown");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Measure {
    /// Nothing is known, or the rule has no such side.
    Missing,
    /// A number of things.
    Count(i64),
    /// A number of things as estimated, which need not be whole.
    Number(Thousandths),
    /// A number of whole business days.
    Days(i64),
    /// A share of a whole.
    Share(BasisPoints),
    /// A score on the scale from 0 (worst) to 100 (best).
    Score(u8),
    /// A sum of contributions.
    Points(Points),
    /// An amount of money.
    Money(Money),
    /// A business day.
    Day(Day),
    /// An instant.
    Instant(Timestamp),
}

impl Speak for Measure {
    fn text(&self, language: Language) -> String {
        let chinese = language == Language::Chinese;
        match self {
            Self::Missing if chinese => "未知".to_owned(),
            Self::Missing => "unknown".to_owned(),
            Self::Count(count) => count.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Days(days) if chinese => format!("{days}天"),
            Self::Days(1) => "1 day".to_owned(),
            Self::Days(days) => format!("{days} days"),
            Self::Share(share) => share.to_string(),
            Self::Score(score) if chinese => format!("{score}分"),
            Self::Score(score) => format!("{score} of 100"),
            Self::Points(points) if chinese => format!("{points}分"),
            Self::Points(points) => format!("{points} points"),
            Self::Money(money) => money.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Instant(instant) => instant.to_string(),
        }
    }
}

/// A rule of some room: a stable code, and a sentence in every language.
///
/// The sentence is a template in which `{observed}` and `{limit}` stand for the measures of the reason.
///
/// ```
/// use guanxi::explain::{Measure, Reason, Rule};
/// use guanxi::{Language, Speak};
///
/// #[derive(Debug, Clone, Copy, PartialEq, Eq)]
/// struct Visits;
///
/// impl Rule for Visits {
///     fn code(self) -> &'static str {
///         "shop.visits"
///     }
///
///     fn template(self, language: Language) -> &'static str {
///         match language {
///             Language::Chinese => "到店{observed}次，需{limit}次",
///             _ => "{observed} visits, {limit} needed",
///         }
///     }
/// }
///
/// let reason = Reason::new(Visits, Measure::Count(2), Measure::Count(3));
/// assert_eq!(reason.text(Language::English), "2 visits, 3 needed");
/// assert_eq!(reason.text(Language::Chinese), "到店2次，需3次");
/// ```
pub trait Rule: Copy + Eq + fmt::Debug {
    /// The stable code under which the rule is stored and cited, for example `lifecycle.silence`.
    fn code(self) -> &'static str;

    /// The sentence, with `{observed}` and `{limit}` where the measures go.
    fn template(self, language: Language) -> &'static str;
}

/// One reason for an answer.
///
/// ```
/// use guanxi::explain::{Measure, Points, Reason};
/// use guanxi::lifecycle::LifecycleRule;
/// use guanxi::{Language, Speak};
///
/// let silence = Reason::new(LifecycleRule::Silence, Measure::Days(97), Measure::Days(60));
/// assert_eq!(silence.text(Language::English), "silent for 97 days, 60 days allowed");
///
/// // Where the answer is a sum, the text ends with what this reason added to it.
/// let scored = silence.with_contribution(Points(-2_500));
/// assert_eq!(scored.text(Language::English), "silent for 97 days, 60 days allowed (-2.5)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Reason<R> {
    /// The rule that spoke.
    pub rule: R,
    /// What it observed.
    pub observed: Measure,
    /// What it compared with.
    pub limit: Measure,
    /// What it added to a score; `None` where the answer is not a sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contribution: Option<Points>,
}

impl<R> Reason<R> {
    /// A reason that compared `observed` with `limit`.
    #[must_use]
    pub const fn new(rule: R, observed: Measure, limit: Measure) -> Self {
        Self { rule, observed, limit, contribution: None }
    }

    /// The same reason with what it added to a score.
    #[must_use]
    pub fn with_contribution(mut self, points: Points) -> Self {
        self.contribution = Some(points);
        self
    }
}

impl<R: Rule> Speak for Reason<R> {
    fn text(&self, language: Language) -> String {
        let sentence = self
            .rule
            .template(language)
            .replace("{observed}", &self.observed.text(language))
            .replace("{limit}", &self.limit.text(language));
        match self.contribution {
            None => sentence,
            Some(points) if points.0 >= 0 => format!("{sentence} (+{points})"),
            Some(points) => format!("{sentence} ({points})"),
        }
    }
}

/// The smallest thing that would change an answer at the same instant.
///
/// ```
/// use guanxi::explain::{Flip, Measure, Reason};
/// use guanxi::lifecycle::LifecycleRule;
/// use guanxi::{Language, Speak};
///
/// let orders = Reason::new(LifecycleRule::Orders, Measure::Count(3), Measure::Count(4));
/// let tenure = Reason::new(LifecycleRule::Tenure, Measure::Days(90), Measure::Days(180));
/// assert_eq!(
///     Flip::Guards(vec![orders, tenure]).text(Language::English),
///     "Held back by: orders 3, 4 needed; a customer for 90 days, 180 days needed"
/// );
/// assert_eq!(
///     Flip::Measure(orders).text(Language::English),
///     "It would change at: orders 3, 4 needed"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Flip<R> {
    /// This one measure would have to reach its limit.
    Measure(Reason<R>),
    /// All of these guards would have to be met.
    Guards(Vec<Reason<R>>),
}

impl<R: Rule> Speak for Flip<R> {
    fn text(&self, language: Language) -> String {
        match (self, language) {
            (Self::Measure(reason), Language::English) => {
                format!("It would change at: {}", reason.text(language))
            }
            (Self::Measure(reason), Language::Chinese) => {
                format!("改变条件：{}", reason.text(language))
            }
            (Self::Guards(unmet), Language::English) => {
                format!("Held back by: {}", join(unmet, language))
            }
            (Self::Guards(unmet), Language::Chinese) => {
                format!("尚有阻碍：{}", join(unmet, language))
            }
        }
    }
}

/// Which policy and which calibration an answer was given under.
///
/// ```
/// use guanxi::explain::Ids;
/// use guanxi::{Currency, Policy, Rulebook, Timestamp};
///
/// let book = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
/// assert_eq!(book.ids(), Ids::of_policy(book.id()));
/// assert_eq!(book.ids().calibration, None);
/// # Ok::<(), guanxi::rulebook::RulebookError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Ids {
    /// The policy.
    pub policy: PolicyId,
    /// The calibration, when one was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<CalibrationId>,
}

impl Ids {
    /// The ids of a policy used without a calibration.
    #[must_use]
    pub const fn of_policy(policy: PolicyId) -> Self {
        Self { policy, calibration: None }
    }
}

/// An answer with everything needed to check it.
///
/// ```
/// use guanxi::explain::{Explained, Ids, Measure, Reason};
/// use guanxi::lifecycle::LifecycleRule;
/// use guanxi::{Language, PolicyId, Speak, Stage, Timestamp};
///
/// let silence = Reason::new(LifecycleRule::Silence, Measure::Days(97), Measure::Days(60));
/// let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
/// let answer = Explained::new(Stage::Lost, vec![silence], ids, Timestamp::UNIX_EPOCH);
///
/// assert_eq!(answer.value, Stage::Lost);
/// assert_eq!(
///     answer.text(Language::English),
///     "Lost, because silent for 97 days, 60 days allowed"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explained<T, R> {
    /// The answer.
    pub value: T,
    /// Why, most important first.
    pub reasons: Vec<Reason<R>>,
    /// What would change it; `None` when nothing the library knows of would.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub flip: Option<Flip<R>>,
    /// The policy and calibration it was given under.
    pub ids: Ids,
    /// The version of the rules' code, [`ENGINE`].
    pub engine: u16,
    /// The instant it was asked for.
    pub at: Timestamp,
}

impl<T, R> Explained<T, R> {
    /// An answer of the present engine, without a counterfactual.
    #[must_use]
    pub const fn new(value: T, reasons: Vec<Reason<R>>, ids: Ids, at: Timestamp) -> Self {
        Self { value, reasons, flip: None, ids, engine: ENGINE, at }
    }

    /// The same answer with what would change it.
    #[must_use]
    pub fn with_flip(mut self, flip: Option<Flip<R>>) -> Self {
        self.flip = flip;
        self
    }

    /// The sum of the contributions of all reasons; `None` when it does not fit.
    ///
    /// ```
    /// use guanxi::explain::{Explained, Ids, Measure, Points, Reason};
    /// use guanxi::lifecycle::LifecycleRule;
    /// use guanxi::{PolicyId, Timestamp};
    ///
    /// let part = |rule, points| {
    ///     Reason::new(rule, Measure::Missing, Measure::Missing).with_contribution(Points(points))
    /// };
    /// let parts = vec![part(LifecycleRule::Orders, 40_250), part(LifecycleRule::Silence, -2_500)];
    /// let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
    /// let answer = Explained::new((), parts, ids, Timestamp::UNIX_EPOCH);
    /// assert_eq!(answer.total(), Some(Points(37_750)));
    /// ```
    #[must_use]
    pub fn total(&self) -> Option<Points> {
        let mut parts = self.reasons.iter().filter_map(|reason| reason.contribution);
        parts.try_fold(0_i64, |sum, points| sum.checked_add(points.0)).map(Points)
    }
}

impl<T: Speak, R: Rule> Speak for Explained<T, R> {
    fn text(&self, language: Language) -> String {
        let (because, then) = match language {
            Language::English => (", because ", ". "),
            Language::Chinese => ("，因为", "。"),
        };
        let mut text = self.value.text(language);
        if !self.reasons.is_empty() {
            text.push_str(because);
            text.push_str(&join(&self.reasons, language));
        }
        if let Some(flip) = &self.flip {
            text.push_str(then);
            text.push_str(&flip.text(language));
        }
        text
    }
}

/// Several reasons as one sentence.
///
/// ```
/// use guanxi::Language;
/// use guanxi::explain::{Measure, Reason, join};
/// use guanxi::lifecycle::LifecycleRule;
///
/// let orders = Reason::new(LifecycleRule::Orders, Measure::Count(3), Measure::Count(4));
/// let tenure = Reason::new(LifecycleRule::Tenure, Measure::Days(90), Measure::Days(180));
/// assert_eq!(
///     join(&[orders, tenure], Language::English),
///     "orders 3, 4 needed; a customer for 90 days, 180 days needed"
/// );
/// assert_eq!(join::<LifecycleRule>(&[], Language::English), "");
/// ```
#[must_use]
pub fn join<R: Rule>(reasons: &[Reason<R>], language: Language) -> String {
    let separator = match language {
        Language::English => "; ",
        Language::Chinese => "；",
    };
    let mut text = String::new();
    for (index, reason) in reasons.iter().enumerate() {
        let before = if index == 0 { "" } else { separator };
        // Writing to a String cannot fail.
        let _ = write!(text, "{before}{}", reason.text(language));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Silence;

    impl Rule for Silence {
        fn code(self) -> &'static str {
            "test.silence"
        }

        fn template(self, language: Language) -> &'static str {
            match language {
                Language::English => "silent for {observed}, more than {limit}",
                Language::Chinese => "已沉默{observed}，超过{limit}",
            }
        }
    }

    impl Speak for &str {
        fn text(&self, _: Language) -> String {
            (*self).to_owned()
        }
    }

    fn reason(days: i64) -> Reason<Silence> {
        Reason::new(Silence, Measure::Days(days), Measure::Days(60))
    }

    #[test]
    fn a_reason_speaks_both_languages() {
        assert_eq!(reason(97).text(Language::English), "silent for 97 days, more than 60 days");
        assert_eq!(reason(97).text(Language::Chinese), "已沉默97天，超过60天");
    }

    #[test]
    fn an_answer_says_why_and_what_would_change_it() {
        let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
        let answer = Explained::new("lost", vec![reason(97)], ids, Timestamp::UNIX_EPOCH)
            .with_flip(Some(Flip::Guards(vec![reason(1), reason(2)])));
        assert_eq!(
            answer.text(Language::English),
            "lost, because silent for 97 days, more than 60 days. Held back by: silent for \
             1 day, more than 60 days; silent for 2 days, more than 60 days"
        );
        assert!(answer.text(Language::Chinese).starts_with("lost，因为已沉默97天"));
    }

    #[test]
    fn contributions_add_up_or_say_that_they_do_not_fit() {
        let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
        let parts = |a, b| {
            let reasons = vec![
                reason(1).with_contribution(Points(a)),
                reason(2),
                reason(3).with_contribution(Points(b)),
            ];
            Explained::new("score", reasons, ids, Timestamp::UNIX_EPOCH).total()
        };
        assert_eq!(parts(1_500, -300), Some(Points(1_200)));
        assert_eq!(parts(i64::MAX, 1), None);
        assert_eq!(
            reason(3).with_contribution(Points(-250)).text(Language::English).split_once('('),
            Some(("silent for 3 days, more than 60 days ", "-0.25)"))
        );
    }

    #[test]
    fn shares_are_exact_at_the_ends_of_the_range() {
        assert_eq!(BasisPoints::of(i64::MAX, i64::MAX), Some(BasisPoints(10_000)));
        assert_eq!(BasisPoints::of(i64::MAX, 1), None);
        assert_eq!(BasisPoints(-5).to_string(), "-0.05 %");
    }
}
