//! Answers that may lack what they need.

use serde::{Deserialize, Serialize};

use super::rule::ValueRule;
use crate::explain::{Explained, Ids, Language, Measure, Reason, Speak};
use crate::time::Timestamp;

/// An answer about value, or why there is none.
///
/// ```
/// use guanxi::value::{Rfm, ValueAnswer, ValueOutside};
/// use guanxi::{Language, Speak};
///
/// let outside: ValueAnswer<Rfm> = ValueAnswer::Outside(ValueOutside::NoPurchase);
/// assert_eq!(outside.value(), None);
/// assert_eq!(outside.text(Language::English), "no answer");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueAnswer<T> {
    /// The answer.
    At(T),
    /// There is none.
    Outside(ValueOutside),
}

impl<T> ValueAnswer<T> {
    /// The answer; `None` when there is none.
    #[must_use]
    pub fn value(self) -> Option<T> {
        match self {
            Self::At(value) => Some(value),
            Self::Outside(_) => None,
        }
    }
}

impl<T: Speak> Speak for ValueAnswer<T> {
    fn text(&self, language: Language) -> String {
        match (self, language) {
            (Self::At(value), _) => value.text(language),
            (Self::Outside(_), Language::English) => "no answer".to_owned(),
            (Self::Outside(_), Language::Chinese) => "暂无结论".to_owned(),
        }
    }
}

/// What an answer about value lacks.
///
/// [`ValueAnswer`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ValueOutside {
    /// The customer bought nothing in the window.
    NoPurchase,
    /// The base has not been measured yet.
    NotCalibrated,
    /// The base was measured for another policy.
    OtherPolicy,
    /// Nothing that the policy weighs is known of the customer.
    NothingMeasured,
    /// The potential is not known, and the policy does not guess it.
    PotentialUnknown,
}

impl ValueOutside {
    const fn rule(self) -> ValueRule {
        match self {
            Self::NoPurchase => ValueRule::NoPurchase,
            Self::NotCalibrated => ValueRule::NotCalibrated,
            Self::OtherPolicy => ValueRule::OtherPolicy,
            Self::NothingMeasured => ValueRule::NothingMeasured,
            Self::PotentialUnknown => ValueRule::PotentialUnknown,
        }
    }

    /// The explained answer that says so, and nothing else.
    pub(super) fn explained<T>(
        self,
        ids: Ids,
        at: Timestamp,
    ) -> Explained<ValueAnswer<T>, ValueRule> {
        let reason = Reason::new(self.rule(), Measure::Missing, Measure::Missing);
        Explained::new(ValueAnswer::Outside(self), vec![reason], ids, at)
    }
}
