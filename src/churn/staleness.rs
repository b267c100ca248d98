//! What age does to a signal, and what it means that there is none.

use serde::{Deserialize, Serialize};

/// What the age of a signal does. What is taken from the ledger has no age.
///
/// ```
/// use guanxi::churn::Staleness;
///
/// let fades: Staleness = serde_json::from_str(r#"{"fades":{"after_days":30,"gone_days":90}}"#)?;
/// assert_eq!(fades, Staleness::Fades { after_days: 30, gone_days: 90 });
/// assert_eq!(serde_json::from_str::<Staleness>(r#""never""#)?, Staleness::Never);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Staleness {
    /// The last word holds until there is another.
    #[default]
    Never,
    /// A signal older than this counts as missing.
    Missing {
        /// The oldest age, in days, at which it still counts in full.
        after_days: u16,
    },
    /// A signal older than `after_days` loses its weight evenly, and is missing at `gone_days`. Its
    /// points stay what they are: an old bad word counts less, and is no good word for that. The
    /// weight that it has lost counts as missing, by the rule of [`WhenMissing`].
    ///
    /// A group is as fresh as the freshest of its indicators, so a group of old words alone loses
    /// weight against the other groups. Where the worst counts alone, an indicator counts until it
    /// is missing.
    Fades {
        /// The oldest age, in days, at which it still counts in full.
        after_days: u16,
        /// The age, in days, from which it is missing.
        gone_days: u16,
    },
}

/// What it means that nothing is known of an indicator.
///
/// An indicator that does not concern the customer (the own cadence of a one-time buyer), and one
/// that compares with a base of which too little is known, is skipped whatever stands here: neither
/// is the customer's fault.
///
/// ```
/// use guanxi::churn::WhenMissing;
///
/// let neutral: WhenMissing = serde_json::from_str(r#"{"neutral":50}"#)?;
/// assert_eq!(neutral, WhenMissing::Neutral(50));
/// assert_eq!(WhenMissing::default(), WhenMissing::Skip);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhenMissing {
    /// The indicator is left out, and the others of its group share its weight in proportion. A
    /// group of which nothing is left is left out likewise.
    #[default]
    Skip,
    /// It counts as this many points, from 0 to 100.
    Neutral(#[cfg_attr(feature = "schema", schemars(range(max = 100)))] u8),
    /// It counts as the most points of its scale.
    Worst,
}
