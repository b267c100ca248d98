//! How far back a rule looks.

use serde::{Deserialize, Serialize};

/// How far back a rule looks from the day it is asked for.
///
/// ```
/// use guanxi::time::Lookback;
///
/// let year: Lookback = serde_json::from_str(r#"{ "days": 365 }"#)?;
/// assert_eq!(year, Lookback::Days(365));
/// assert_eq!(serde_json::to_string(&Lookback::AllTime)?, r#""all_time""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Lookback {
    /// To the beginning, an opening balance included.
    #[default]
    AllTime,
    /// So many whole business days, the day of the question being the last of them.
    Days(#[cfg_attr(feature = "schema", schemars(range(min = 1)))] u16),
}
