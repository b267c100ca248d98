//! Why an observation is not recorded, and why stored bytes are no observations.

use super::kind::ObservationKind;
use crate::explain::{Language, Speak};
use crate::money::{Currency, Money};
use crate::time::{Day, DayTooFar};

/// A figure that cannot be true, or is not complete.
///
/// ```
/// use guanxi::observation::{Observation, ObservationError, ObservationKind, Observed, decide};
/// use guanxi::{Currency, Language, Speak, Timestamp, Zone};
///
/// let size = Observation::new(Timestamp::UNIX_EPOCH, Observed::BusinessSize(-1));
/// let refused = decide(&size, Currency::USD, Zone::UTC).unwrap_err();
/// assert_eq!(refused, ObservationError::Negative { kind: ObservationKind::BusinessSize });
/// assert_eq!(refused.to_string(), "business_size is negative");
/// assert_eq!(refused.text(Language::Chinese), "经营规模不能为负");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObservationError {
    /// The given business day is too far from the day of the instant.
    #[error(transparent)]
    DayTooFar(#[from] DayTooFar),
    /// A figure below zero that cannot be.
    #[error("{kind} is negative")]
    Negative {
        /// Which figure.
        kind: ObservationKind,
    },
    /// A potential above 100.
    #[error("potential {given} is above 100")]
    PotentialAboveScale {
        /// The potential that was given.
        given: u8,
    },
    /// A payment that is overdue only after the day of the observation.
    #[error("payment overdue since {since}, after {day}")]
    OverdueAhead {
        /// The day that was given.
        since: Day,
        /// The business day of the observation.
        day: Day,
    },
    /// The amount is in another currency than the base, and its base amount was not given.
    #[error("an amount in {given} needs its amount in {base}")]
    BaseMissing {
        /// The currency of the amount.
        given: Currency,
        /// The base currency.
        base: Currency,
    },
    /// The base amount is not in the base currency.
    #[error("base amount is in {given}, not in {base}")]
    BaseCurrency {
        /// The currency of the given base amount.
        given: Currency,
        /// The base currency.
        base: Currency,
    },
    /// The base amount contradicts the amount: same currency and another number, or another sign.
    #[error("base amount {base} contradicts amount {amount}")]
    BaseDiffers {
        /// The amount as observed.
        amount: Money,
        /// The base amount that was given.
        base: Money,
    },
    /// A base amount was given for a figure that is no amount.
    #[error("{kind} is no amount and has no base amount")]
    BaseUnneeded {
        /// Which figure.
        kind: ObservationKind,
    },
}

impl Speak for ObservationError {
    fn text(&self, language: Language) -> String {
        let kind = |kind: &ObservationKind| kind.text(language);
        match (language, self) {
            (Language::English, _) => self.to_string(),
            (Language::Chinese, Self::DayTooFar(_)) => "业务日期与发生时间相差过远".to_owned(),
            (Language::Chinese, Self::Negative { kind: figure }) => {
                format!("{}不能为负", kind(figure))
            }
            (Language::Chinese, Self::PotentialAboveScale { given }) => {
                format!("潜力{given}超过100")
            }
            (Language::Chinese, Self::OverdueAhead { since, day }) => {
                format!("付款逾期起始日{since}晚于{day}")
            }
            (Language::Chinese, Self::BaseMissing { given, base }) => {
                format!("以{given}计的金额还需给出以{base}计的金额")
            }
            (Language::Chinese, Self::BaseCurrency { given, base }) => {
                format!("本位币金额应以{base}计，而非{given}")
            }
            (Language::Chinese, Self::BaseDiffers { amount, base }) => {
                format!("本位币金额{base}与金额{amount}矛盾")
            }
            (Language::Chinese, Self::BaseUnneeded { kind: figure }) => {
                format!("{}不是金额，没有本位币金额", kind(figure))
            }
        }
    }
}

/// Stored bytes that are not observations this version can read. Never quotes the document.
///
/// ```
/// use guanxi::observation::{OBSERVATIONS_SCHEMA, ObservationDocumentError, Observations};
///
/// let (found, newest) = (OBSERVATIONS_SCHEMA + 1, OBSERVATIONS_SCHEMA);
/// let newer = Observations::from_document(found, br#"{"kept":[]}"#);
/// assert_eq!(newer, Err(ObservationDocumentError::Schema { found, newest }));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObservationDocumentError {
    /// The schema is not one this version reads.
    #[error("part observations has schema {found}, this version reads up to {newest}")]
    Schema {
        /// The schema it was stored with.
        found: u16,
        /// [`OBSERVATIONS_SCHEMA`](super::OBSERVATIONS_SCHEMA).
        newest: u16,
    },
    /// Not JSON of the expected form.
    #[error("part observations is malformed")]
    Malformed,
    /// Rows out of order, twice the same, or more of a kind than are kept.
    #[error("part observations has rows out of place")]
    Misplaced,
    /// A figure that is never recorded.
    #[error("part observations has a figure that cannot be")]
    Inconsistent,
}
