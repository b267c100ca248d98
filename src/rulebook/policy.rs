//! What the business wants: the policy document.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::calibration::Basis;
use super::document::{self, DOCUMENT_BYTES_MAX};
use super::error::{DocumentError, RulebookError};
use crate::churn::{ChurnPolicy, CustomIndicator};
use crate::lifecycle::LifecyclePolicy;
use crate::lint::Fault;
use crate::money::Currency;
use crate::strategy::StrategyPolicy;
use crate::tier::TierPolicy;
use crate::time::Zone;
use crate::value::ValuePolicy;

/// What the business wants: one document, in sections, one for each room.
///
/// ```
/// use guanxi::{Currency, Policy};
///
/// let policy = Policy::new(Currency::CNY);
/// assert_eq!(policy.lifecycle.lapse.floor_days, 60);
/// assert_eq!(policy.lint(), []);
///
/// let strict: Policy = Policy::from_json(br#"{"currency":"CNY","zone":"+08:00"}"#)?;
/// assert_eq!(strict.zone.to_string(), "+08:00");
/// # Ok::<(), guanxi::rulebook::RulebookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The base currency: every ledger is kept in it.
    pub currency: Currency,
    /// Where business days begin and end.
    #[serde(default)]
    pub zone: Zone,
    /// How far beyond `now` a fact may be dated, in seconds, before it is refused; clocks of other
    /// machines run a little ahead.
    #[serde(default = "default_tolerance")]
    #[cfg_attr(feature = "schema", schemars(range(max = FUTURE_TOLERANCE_SECONDS_MAX)))]
    pub future_tolerance_seconds: u32,
    /// How many days after a review the next one falls due, and after an admission the first; 30 by
    /// default. `null` for none: then tiers are not dampened, and risk bands have no memory.
    #[serde(default = "default_review_every_days")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub review_every_days: Option<u16>,
    /// The lifecycle.
    #[serde(default)]
    pub lifecycle: LifecyclePolicy,
    /// Recency, frequency and spend; the scorecard; value types.
    #[serde(default)]
    pub value: ValuePolicy,
    /// A, B and C.
    #[serde(default)]
    pub tier: TierPolicy,
    /// Churn risk.
    #[serde(default)]
    pub churn: ChurnPolicy,
    /// What to do for whom.
    #[serde(default)]
    pub strategy: StrategyPolicy,
}

const fn default_tolerance() -> u32 {
    300
}

// Serde asks for the type of the field.
#[expect(clippy::unnecessary_wraps, reason = "the field can be null")]
const fn default_review_every_days() -> Option<u16> {
    Some(30)
}

/// The most that clocks may differ before a fact is refused as dated in the future: a day.
pub const FUTURE_TOLERANCE_SECONDS_MAX: u32 = 86_400;

impl Policy {
    /// The documented default for a base currency, with business days in UTC.
    #[must_use]
    pub fn new(currency: Currency) -> Self {
        Self {
            currency,
            zone: Zone::UTC,
            future_tolerance_seconds: default_tolerance(),
            review_every_days: default_review_every_days(),
            lifecycle: LifecyclePolicy::default(),
            value: ValuePolicy::default(),
            tier: TierPolicy::default(),
            churn: ChurnPolicy::default(),
            strategy: StrategyPolicy::default(),
        }
    }

    /// Reads the document. Fields left out have their defaults; unknown fields are refused.
    ///
    /// ```
    /// use guanxi::Policy;
    /// use guanxi::rulebook::RulebookError;
    ///
    /// let typo = Policy::from_json(b"{\n  \"currency\": \"USD\",\n  \"zona\": \"+08:00\"\n}");
    /// assert!(matches!(typo, Err(RulebookError::Document { line: 3, .. })));
    /// # assert!(Policy::from_json(br#"{"currency":"USD"}"#).is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// [`RulebookError::Document`] when it is not a policy, [`RulebookError::TooLong`] beyond
    /// [`DOCUMENT_BYTES_MAX`]. They name the first thing that is wrong;
    /// [`Policy::lint_document`] names all.
    pub fn from_json(document: &[u8]) -> Result<Self, RulebookError> {
        if document.len() > DOCUMENT_BYTES_MAX {
            return Err(RulebookError::TooLong { bytes: document.len() });
        }
        serde_json::from_slice(document).map_err(|error| RulebookError::Document {
            line: error.line(),
            column: error.column(),
            source: DocumentError::new(error),
        })
    }

    /// Every fault of a document, at its path, with a remedy: fields that do not exist, are written
    /// twice or are missing, values of the wrong kind or out of range, and what [`lint`](Self::lint)
    /// finds in every section that could be read. An empty answer means the document can be used.
    ///
    /// At most [`DOCUMENT_FAULTS_MAX`](super::DOCUMENT_FAULTS_MAX) faults of reading are told at once. A
    /// document that is not JSON, or longer than [`DOCUMENT_BYTES_MAX`], has that one fault.
    ///
    /// ```
    /// use guanxi::Policy;
    ///
    /// let document = br#"{
    ///     "currency": "USD",
    ///     "lifecycle": {
    ///         "lapse": { "flor_days": 30, "ceiling_days": 90000 },
    ///         "decline": { "mode": "automatic" }
    ///     },
    ///     "future_tolerance_seconds": 90000
    /// }"#;
    /// let faults = Policy::lint_document(document);
    /// let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    /// assert_eq!(
    ///     told,
    ///     [
    ///         "lifecycle.lapse.flor_days: there is no such field here; write `floor_days`",
    ///         "lifecycle.lapse.ceiling_days: 90000 cannot stand here; \
    ///          write a whole number from 0 to 65535",
    ///         "lifecycle.decline.mode: \"automatic\" is none of the names for it; \
    ///          choose from `apply`, `suggest`, `off`",
    ///         "future_tolerance_seconds: one mistyped date would make every later fact late; \
    ///          choose at most a day, 86400",
    ///     ]
    /// );
    /// ```
    #[must_use]
    pub fn lint_document(document: &[u8]) -> Vec<Fault> {
        let section = |fault: &Fault| fault.path.split('.').next().map(str::to_owned);
        // The example serves where the currency cannot be read, which nothing can stand in for.
        let reading = document::read::<Self>(document, &Self::new(Currency::USD));
        let mut faults = reading.faults;
        // A section with a fault has stand-ins in it, whose own faults would be nobody's.
        let unread: BTreeSet<_> = faults.iter().map(section).collect();
        let found = reading.value.map(|policy| policy.lint()).unwrap_or_default();
        faults.extend(found.into_iter().filter(|fault| !unread.contains(&section(fault))));
        faults
    }

    /// Every fault, at its path, with a remedy. An empty answer means the policy can be used.
    ///
    /// ```
    /// use guanxi::{Currency, Policy};
    ///
    /// let mut policy = Policy::new(Currency::USD);
    /// policy.lifecycle.lapse.floor_days = 0;
    /// let faults = policy.lint();
    /// assert_eq!(faults[0].path, "lifecycle.lapse.floor_days");
    /// assert_eq!(faults[0].remedy, "choose at least 1 day");
    /// ```
    #[must_use]
    pub fn lint(&self) -> Vec<Fault> {
        let mut faults = self.lifecycle.lint("lifecycle");
        faults.extend(self.value.lint("value"));
        faults.extend(self.tier.lint("tier"));
        faults.extend(self.churn.lint("churn"));
        if self.review_every_days == Some(0) {
            faults.push(Fault::new(
                "review_every_days",
                "every review would make the next one due at once",
                "choose at least 1 day, or null for no reviews",
            ));
        }
        faults.extend(self.slots_of_two_names());
        faults.extend(self.strategy.lint("strategy"));
        if self.future_tolerance_seconds > FUTURE_TOLERANCE_SECONDS_MAX {
            faults.push(Fault::new(
                "future_tolerance_seconds",
                "one mistyped date would make every later fact late",
                "choose at most a day, 86400",
            ));
        }
        faults
    }

    /// A slot holds one figure of the host's, so what it is called must be the same wherever it counts.
    fn slots_of_two_names(&self) -> impl Iterator<Item = Fault> {
        let other_name = |custom: &CustomIndicator| {
            let mut own = self.value.scorecard.own.iter();
            own.any(|own| own.slot == custom.slot && own.name != custom.name)
        };
        let named = self.churn.custom.iter().enumerate();
        named.filter(move |(_, custom)| other_name(custom)).map(|(place, _)| {
            Fault::new(
                format!("churn.custom.{place}.name"),
                "the scorecard calls the figure in this slot something else",
                "give one name to one slot, or take another slot",
            )
        })
    }

    /// What the cuts of a calibration made for this policy depend on.
    ///
    /// [`BasisId`](crate::BasisId) has an example.
    #[must_use]
    pub fn basis(&self) -> Basis {
        Basis::of(self)
    }
}
