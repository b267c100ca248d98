//! What is judged of one customer, as the report shows it: the one place that takes answers apart.

use guanxi::churn::{ChurnRule, RiskBand};
use guanxi::explain::{Language, Points, Reason, Speak};
use guanxi::tier::Tier;
use guanxi::value::{Rfm, ValueRule, ValueType};
use guanxi::{Assessment, Policy};

/// The answers without their reasons; `None` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Answers {
    /// The tier, dampened by the last review.
    pub(crate) tier: Option<Tier>,
    /// The grades.
    pub(crate) rfm: Option<Rfm>,
    /// The value score.
    pub(crate) value: Option<Points>,
    /// Current value against potential.
    pub(crate) value_type: Option<ValueType>,
    /// The band, held by the last review, and the score.
    pub(crate) risk: Option<(RiskBand, Points)>,
}

impl From<&Assessment> for Answers {
    fn from(assessment: &Assessment) -> Self {
        Self {
            tier: assessment.tier.value.tier.value(),
            rfm: assessment.rfm.value.value(),
            value: assessment.score.value.value().map(|score| score.total()),
            value_type: assessment.value_type.value.value(),
            risk: assessment.risk.value.risk.level().map(|level| (level.band, level.score)),
        }
    }
}

/// What a program knows the next action by.
pub(crate) fn action_code(assessment: &Assessment) -> &str {
    &assessment.strategy.action.code
}

/// The next action in words.
pub(crate) fn action(assessment: &Assessment, language: Language) -> String {
    assessment.strategy.action.text(language)
}

/// A line of the value score in words, the host's own measures by their names.
pub(crate) fn value_sentence(
    reason: &Reason<ValueRule>,
    policy: &Policy,
    language: Language,
) -> String {
    policy.value.scorecard.sentence(reason, language)
}

/// A line of the risk in words, the host's own signs by their names.
pub(crate) fn risk_sentence(
    reason: &Reason<ChurnRule>,
    policy: &Policy,
    language: Language,
) -> String {
    policy.churn.sentence(reason, language)
}

/// How many reasons the list of those worth attention gives of a customer's risk.
const RISK_REASONS: usize = 2;

/// Why a customer is worth attention: what makes most of its value, and what makes most of its risk.
pub(crate) fn main_reasons(
    assessment: &Assessment,
    policy: &Policy,
    language: Language,
) -> Vec<String> {
    let value = heaviest(&assessment.score.reasons).into_iter().take(1);
    let mut sentences: Vec<String> =
        value.map(|reason| value_sentence(reason, policy, language)).collect();
    let risks = heaviest(&assessment.risk.reasons).into_iter().take(RISK_REASONS);
    sentences.extend(risks.map(|reason| risk_sentence(reason, policy, language)));
    sentences
}

/// The reasons that add something, those that add most first.
fn heaviest<R>(reasons: &[Reason<R>]) -> Vec<&Reason<R>> {
    let added = |reason: &&Reason<R>| reason.contribution.is_some_and(|points| points.0 > 0);
    let mut reasons: Vec<_> = reasons.iter().filter(added).collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.contribution));
    reasons
}
