//! From columns to types, and back where that can fail.

use crate::churn::RiskBand;
use crate::customer::{CustomerDocumentError, Part, PartName};
use crate::id::PolicyId;
use crate::lifecycle::Stage;
use crate::profile::ExternalKey;
use crate::rulebook::RulebookRef;
use crate::store::{Fingerprint, Index, PageSize, StoreError, StoreErrorKind};
use crate::tier::Tier;
use crate::time::Timestamp;

/// A column holds what no version of this library writes there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("column `{column}` holds what does not belong there")]
struct ColumnError {
    column: &'static str,
}

pub(super) fn malformed(column: &'static str) -> StoreError {
    StoreError::new(StoreErrorKind::Document, ColumnError { column })
}

pub(in crate::store) fn instant(
    column: &'static str,
    micros: i64,
) -> Result<Timestamp, StoreError> {
    Timestamp::from_micros(micros).map_err(|_| malformed(column))
}

pub(in crate::store) fn revision(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| malformed("revision"))
}

pub(in crate::store) fn position(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| malformed("position"))
}

/// The number to store for a revision or to compare one with. Numbers beyond the column's range stand
/// for its end: no row ever gets there.
pub(in crate::store) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(in crate::store) fn page_rows(size: PageSize) -> i64 {
    i64::try_from(size.rows()).unwrap_or(i64::MAX)
}

/// A number beyond the range of a schema is a newer one, too.
pub(in crate::store) fn schema(number: i64) -> Result<u16, StoreError> {
    u16::try_from(number).map_err(|_| StoreErrorKind::Newer.into())
}

pub(in crate::store) fn fingerprint(bytes: &[u8]) -> Result<Fingerprint, StoreError> {
    let bytes = bytes.try_into().map_err(|_| malformed("fingerprint"))?;
    Ok(Fingerprint::from_bytes(bytes))
}

/// The text of a document, which databases keep as text so that they can read it.
pub(in crate::store) fn document_text(document: &[u8]) -> Result<&str, StoreError> {
    std::str::from_utf8(document).map_err(|_| malformed("document"))
}

pub(in crate::store) fn part(
    name: &str,
    schema_number: i64,
    document: String,
) -> Result<Part, StoreError> {
    let name = name.parse().map_err(|error: CustomerDocumentError| StoreError::from(error))?;
    Ok(Part { name, schema: schema(schema_number)?, document: document.into_bytes() })
}

/// Whether a part holds what an erasure removes, so that stores can keep it apart.
pub(in crate::store) const fn is_personal(name: PartName) -> bool {
    match name {
        PartName::Profile => true,
        PartName::Customer
        | PartName::Lifecycle
        | PartName::Observations
        | PartName::Review
        | PartName::Purchase(_) => false,
    }
}

pub(in crate::store) fn index(
    stage: &str,
    wake_at: Option<i64>,
    policy: Option<&[u8]>,
    in_force_from: Option<i64>,
) -> Result<Index, StoreError> {
    let stage = Stage::from_code(stage).ok_or_else(|| malformed("stage"))?;
    let wake_at = wake_at.map(|micros| instant("wake_at", micros)).transpose()?;
    let rulebook = match (policy, in_force_from) {
        (None, None) => None,
        (Some(policy), Some(in_force_from)) => Some(rulebook_ref(policy, in_force_from)?),
        (None, Some(_)) | (Some(_), None) => return Err(malformed("policy")),
    };
    Ok(Index::new(stage, wake_at, rulebook))
}

/// The same columns with those of the last review.
pub(in crate::store) fn reviewed(
    index: Index,
    tier: Option<&str>,
    risk: Option<&str>,
    reviewed_at: Option<i64>,
) -> Result<Index, StoreError> {
    let known_tier = |text| Tier::ALL.into_iter().find(|tier| tier_text(*tier) == text);
    let known_risk = |text| RiskBand::ALL.into_iter().find(|band| band.code() == text);
    let tier = tier.map(|text| known_tier(text).ok_or_else(|| malformed("tier"))).transpose()?;
    let risk = risk.map(|text| known_risk(text).ok_or_else(|| malformed("risk"))).transpose()?;
    let at = reviewed_at.map(|micros| instant("reviewed_at", micros)).transpose()?;
    Ok(index.with_review(tier, risk, at))
}

/// A tier as it is shown, without making a text of its own for each.
const fn tier_text(tier: Tier) -> &'static str {
    match tier {
        Tier::A => "A",
        Tier::B => "B",
        Tier::C => "C",
    }
}

/// The columns of an index that hosts query, as they are written.
pub(in crate::store) struct IndexColumns<'a> {
    pub(in crate::store) stage: &'static str,
    pub(in crate::store) tier: Option<&'static str>,
    pub(in crate::store) risk: Option<&'static str>,
    pub(in crate::store) reviewed_at: Option<i64>,
    pub(in crate::store) wake_at: Option<i64>,
    pub(in crate::store) policy: Option<&'a [u8]>,
    pub(in crate::store) in_force_from: Option<i64>,
}

impl<'a> From<&'a Index> for IndexColumns<'a> {
    fn from(index: &'a Index) -> Self {
        let rulebook = index.rulebook.as_ref();
        Self {
            stage: index.stage.code(),
            tier: index.tier.map(tier_text),
            risk: index.risk.map(RiskBand::code),
            reviewed_at: index.reviewed_at.map(|at| at.as_micros()),
            wake_at: index.wake_at.map(|at| at.as_micros()),
            policy: rulebook.map(|rulebook| &rulebook.policy.as_bytes()[..]),
            in_force_from: rulebook.map(|rulebook| rulebook.in_force_from.as_micros()),
        }
    }
}

pub(in crate::store) fn rulebook_ref(
    policy: &[u8],
    in_force_from: i64,
) -> Result<RulebookRef, StoreError> {
    let policy = policy.try_into().map_err(|_| malformed("policy"))?;
    Ok(RulebookRef::new(PolicyId::from_bytes(policy), instant("in_force_from", in_force_from)?))
}

pub(in crate::store) fn claim(system: &str, key: &str) -> Result<ExternalKey, StoreError> {
    // Without the cause, which may tell more of the key than a message should.
    ExternalKey::new(system, key).map_err(|_| malformed("key"))
}
