//! What the whole base says: cuts, counts and fitted models, measured at an instant.

use serde::{Deserialize, Serialize};

use super::error::{DocumentError, RulebookError};
use super::policy::Policy;
use crate::churn::ChurnCalibration;
use crate::id::{BasisId, CalibrationId};
use crate::tier::{TierBasis, TierCalibration, TierCriterion, TierMeasure};
use crate::time::{Timestamp, Zone};
use crate::value::{RfmPolicy, ScorecardPolicy, ValueCalibration, WorthModel};

/// What the whole base says, measured at an instant: exact cuts and counts, and the models fitted to it, by
/// which a customer alone gets the answer that the base gave it.
///
/// Made by [`Portfolio::calibrate`](crate::portfolio::Portfolio::calibrate). It never moves a stage.
/// Without one, answers that compare with the base say that they lack it. Of several that a handle
/// carries, the newest that was made for this very basis is used, and else the newest of all, for what
/// of it fits.
///
/// ```
/// use guanxi::portfolio::Portfolio;
/// use guanxi::{Calibration, Currency, Policy, Rulebook, Timestamp};
///
/// let book = Rulebook::new(Policy::new(Currency::USD), Timestamp::MIN)?;
/// let calibration = Portfolio::new(&book, Timestamp::UNIX_EPOCH).calibrate();
/// assert_eq!((calibration.customers(), calibration.basis()), (0, book.policy().basis()));
///
/// // Store the document; read back, it is the same calibration under the same id.
/// let read = Calibration::from_document(calibration.document().to_vec())?;
/// assert_eq!(read, calibration);
/// # Ok::<(), guanxi::rulebook::RulebookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calibration {
    sections: Sections,
    id: CalibrationId,
    document: Vec<u8>,
}

/// A calibration as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sections {
    pub(crate) taken_at: Timestamp,
    pub(crate) basis: Basis,
    pub(crate) customers: u64,
    pub(crate) value: ValueCalibration,
    pub(crate) tier: TierCalibration,
    pub(crate) churn: ChurnCalibration,
}

/// What the cuts of a calibration depend on, of a policy.
///
/// [`BasisId`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Basis {
    /// What the groups of recency, frequency and spend depend on.
    pub value: BasisId,
    /// What the cuts of the tiers depend on.
    pub tier: BasisId,
    /// What the models of buying depend on.
    pub worth: BasisId,
}

impl Basis {
    pub(super) fn of(policy: &Policy) -> Self {
        #[derive(Serialize)]
        struct Value<'a> {
            zone: &'a Zone,
            rfm: &'a RfmPolicy,
        }
        #[derive(Serialize)]
        struct Tier<'a> {
            zone: &'a Zone,
            basis: &'a TierBasis,
            scorecard: Option<&'a ScorecardPolicy>,
        }
        #[derive(Serialize)]
        struct Worth<'a> {
            zone: &'a Zone,
            model: WorthModel,
        }
        let zone = &policy.zone;
        let basis = &policy.tier.basis;
        let scored = match &basis.criterion {
            TierCriterion::One(measure) => *measure == TierMeasure::ValueScore,
            TierCriterion::Weighted(weights) => {
                weights.iter().any(|weight| weight.measure == TierMeasure::ValueScore)
            }
        };
        let scorecard = scored.then_some(&policy.value.scorecard);
        Self {
            value: hash(&Value { zone, rfm: &policy.value.rfm }),
            tier: hash(&Tier { zone, basis, scorecard }),
            worth: hash(&Worth { zone, model: policy.value.worth.model }),
        }
    }
}

/// The hash of a document's JSON form. The currency is not in it: a base has one for good.
fn hash(document: &impl Serialize) -> BasisId {
    // No section has a key that is not text, so each has a JSON form.
    BasisId::of_document(&serde_json::to_vec(document).unwrap_or_default())
}

impl Calibration {
    pub(crate) fn new(sections: Sections) -> Self {
        // No section has a key that is not text, so each has a JSON form.
        let document = serde_json::to_vec(&sections).unwrap_or_default();
        Self { sections, id: CalibrationId::of_document(&document), document }
    }

    /// A calibration of a stored document; its id is the hash of exactly these bytes.
    ///
    /// # Errors
    ///
    /// [`RulebookError::Calibration`] when it is not one.
    pub fn from_document(document: Vec<u8>) -> Result<Self, RulebookError> {
        let sections = serde_json::from_slice(&document).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            RulebookError::Calibration { line, column, source: DocumentError::new(error) }
        })?;
        let id = CalibrationId::of_document(&document);
        Ok(Self { sections, id, document })
    }

    /// The id: the hash of the stored document.
    #[must_use]
    pub const fn id(&self) -> CalibrationId {
        self.id
    }

    /// The document to store.
    #[must_use]
    pub fn document(&self) -> &[u8] {
        &self.document
    }

    /// The instant at which the base was measured. Answers for an earlier one do not use it.
    #[must_use]
    pub const fn taken_at(&self) -> Timestamp {
        self.sections.taken_at
    }

    /// What it was made for.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        self.sections.basis
    }

    /// How many customers were measured.
    #[must_use]
    pub const fn customers(&self) -> u64 {
        self.sections.customers
    }

    /// Of recency, frequency and spend, and of how customers buy, leave and spend.
    #[must_use]
    pub const fn value(&self) -> &ValueCalibration {
        &self.sections.value
    }

    /// Of tiers.
    #[must_use]
    pub const fn tier(&self) -> &TierCalibration {
        &self.sections.tier
    }

    /// Of churn risk.
    #[must_use]
    pub const fn churn(&self) -> &ChurnCalibration {
        &self.sections.churn
    }
}
