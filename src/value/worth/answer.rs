//! What a relationship is worth.

use serde::{Deserialize, Serialize};

use crate::explain::{BasisPoints, Language, Speak, Thousandths};
use crate::money::Money;

/// What is to be expected of a customer within the policy's horizon, in steps that can be compared.
///
/// ```
/// use guanxi::explain::{BasisPoints, Thousandths};
/// use guanxi::value::Worth;
/// use guanxi::{Currency, Language, Money, Speak};
///
/// let mut worth = Worth::new(BasisPoints(7_341), Thousandths(2_310));
/// worth.value = Some(Money::from_minor(8_122, Currency::USD));
/// assert_eq!(
///     worth.text(Language::English),
///     "still a customer with a chance of 73.41 %, 2.31 purchases to come, worth 81.22 USD"
/// );
/// assert_eq!(worth.inactive(), BasisPoints(2_659));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Worth {
    /// The chance that the customer is still one, in whole basis points, rounded down.
    pub alive: BasisPoints,
    /// Purchase days to be expected within the horizon, rounded to thousandths.
    pub purchases: Thousandths,
    /// What each is expected to come to, rounded to the minor unit; `None` when the base tells no model of
    /// spending.
    pub spend: Option<Money>,
    /// What is expected to be earned within the horizon, at its present worth, rounded to the minor unit;
    /// `None` as above.
    pub value: Option<Money>,
}

impl Worth {
    /// Nothing known of spending.
    #[must_use]
    pub const fn new(alive: BasisPoints, purchases: Thousandths) -> Self {
        Self { alive, purchases, spend: None, value: None }
    }

    /// The chance that the customer has left.
    #[must_use]
    pub const fn inactive(self) -> BasisPoints {
        BasisPoints(crate::fixed::WHOLE.saturating_sub(self.alive.0))
    }
}

impl Speak for Worth {
    fn text(&self, language: Language) -> String {
        let Self { alive, purchases, value, spend: _ } = self;
        match (language, value) {
            (Language::English, None) => {
                format!("still a customer with a chance of {alive}, {purchases} purchases to come")
            }
            (Language::English, Some(value)) => format!(
                "still a customer with a chance of {alive}, {purchases} purchases to come, \
                 worth {value}"
            ),
            (Language::Chinese, None) => {
                format!("仍为客户的可能为{alive}，预计购买{purchases}次")
            }
            (Language::Chinese, Some(value)) => {
                format!("仍为客户的可能为{alive}，预计购买{purchases}次，价值{value}")
            }
        }
    }
}

/// What a relationship is worth, or why that cannot be told.
///
/// ```
/// use guanxi::value::{WorthAnswer, WorthOutside};
/// use guanxi::{Language, Speak};
///
/// let outside = WorthAnswer::Outside(WorthOutside::NotCalibrated);
/// assert_eq!((outside.value(), outside.text(Language::English).as_str()), (None, "no answer"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorthAnswer {
    /// The answer.
    At(Worth),
    /// There is none.
    Outside(WorthOutside),
}

/// What an answer about worth lacks.
///
/// [`WorthAnswer`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WorthOutside {
    /// The customer bought nothing yet, or nobody knows when first.
    NoPurchase,
    /// The base has not been measured yet.
    NotCalibrated,
    /// The base was measured for another policy.
    OtherPolicy,
    /// The base does not tell how customers buy.
    NotFitted(WorthLack),
}

/// Why a base does not tell how customers buy.
///
/// [`WorthCalibration`](super::WorthCalibration) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WorthLack {
    /// Nobody bought anything, or too few differ.
    #[default]
    TooFew,
    /// Nobody bought again.
    NobodyRepeats,
    /// Nobody seems to have left: a model would take everybody for a customer for good.
    NobodyLeft,
    /// No model could be fitted.
    NoFit,
}

impl WorthAnswer {
    /// The answer; `None` when there is none.
    #[must_use]
    pub const fn value(self) -> Option<Worth> {
        match self {
            Self::At(worth) => Some(worth),
            Self::Outside(_) => None,
        }
    }
}

impl Speak for WorthAnswer {
    fn text(&self, language: Language) -> String {
        match (self, language) {
            (Self::At(worth), _) => worth.text(language),
            (Self::Outside(_), Language::English) => "no answer".to_owned(),
            (Self::Outside(_), Language::Chinese) => "暂无结论".to_owned(),
        }
    }
}
