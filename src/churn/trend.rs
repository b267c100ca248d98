//! Trend: the risk now against the risk at a past instant.

use serde::{Deserialize, Serialize};

use super::facts::ChurnFacts;
use super::rule::ChurnRule;
use super::rules::ChurnRules;
use crate::explain::{Explained, Ids, Language, Measure, Points, Reason, Speak};
use crate::time::Timestamp;

/// How the score moved: the one now less the one then. Above zero the risk has grown.
///
/// ```
/// use guanxi::churn::{ChurnCalibration, ChurnFacts, ChurnPolicy, ChurnRules, Trend};
/// use guanxi::explain::{Ids, Points};
/// use guanxi::{Currency, Day, Language, PolicyId, Speak, Timestamp};
///
/// let mut then = ChurnFacts::new(Day::from_ymd(2026, 3, 1)?, Currency::USD);
/// then.purchase_days = 12;
/// then.silence_days = Some(32);
/// then.usual_gap_days = Some(20);
/// let mut now = then;
/// (now.day, now.silence_days) = (Day::from_ymd(2026, 3, 31)?, Some(62));
///
/// let (policy, base) = (ChurnPolicy::default(), ChurnCalibration::default());
/// let rules = ChurnRules::new(&policy, &base);
/// let ids = Ids::of_policy(PolicyId::of_document(b"{}"));
/// let trend = rules.trend(&now, &then, ids, Timestamp::UNIX_EPOCH).expect("both are known");
/// assert_eq!(trend.value, Trend(Points(48_359)));
/// assert_eq!(trend.total(), Some(Points(48_359)));
/// assert_eq!(
///     trend.text(Language::English),
///     "risk up by 48.359 points, because the score on 2026-03-31 (+71.381); less the score on \
///      2026-03-01 (-23.022)"
/// );
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Trend(
    /// From -100 to 100 points, in thousandths.
    pub Points,
);

impl Speak for Trend {
    fn text(&self, language: Language) -> String {
        let by = Points(self.0.0.saturating_abs());
        match (self.0.0.signum(), language) {
            (1, Language::English) => format!("risk up by {by} points"),
            (-1, Language::English) => format!("risk down by {by} points"),
            (_, Language::English) => "risk unchanged".to_owned(),
            (1, Language::Chinese) => format!("风险上升{by}分"),
            (-1, Language::Chinese) => format!("风险下降{by}分"),
            (_, Language::Chinese) => "风险不变".to_owned(),
        }
    }
}

impl ChurnRules<'_> {
    /// The trend from the facts of a past instant to those of now, both by this policy and this
    /// base; `None` unless something can be said of both.
    ///
    /// [`Trend`] has an example.
    #[must_use]
    pub fn trend(
        &self,
        now: &ChurnFacts,
        then: &ChurnFacts,
        ids: Ids,
        at: Timestamp,
    ) -> Option<Explained<Trend, ChurnRule>> {
        if then.day > now.day {
            return None;
        }
        let (score, before) = (self.score(now).ok()?, self.score(then).ok()?);
        let taken_off = Points(before.0.saturating_neg());
        let line = |rule, day| Reason::new(rule, Measure::Day(day), Measure::Missing);
        let reasons = vec![
            line(ChurnRule::Now, now.day).with_contribution(score),
            line(ChurnRule::Then, then.day).with_contribution(taken_off),
        ];
        let change = Trend(Points(score.0.saturating_sub(before.0)));
        Some(Explained::new(change, reasons, ids, at))
    }
}
