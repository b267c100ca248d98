//! Bands of risk, their edges, and why a customer does not hop over an edge every night.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::explain::{Language, Points, Speak};
use crate::scale::THOUSAND;
use crate::time::Timestamp;

/// How much a customer is at risk. Exhaustive: a new band should break the host's `match`.
///
/// ```
/// use guanxi::churn::RiskBand;
/// use guanxi::{Language, Speak};
///
/// assert!(RiskBand::Low < RiskBand::Critical);
/// assert_eq!(RiskBand::High.text(Language::English), "high risk");
/// assert_eq!(RiskBand::High.text(Language::Chinese), "高风险");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RiskBand {
    /// Nothing to do.
    Low,
    /// Worth a look.
    Medium,
    /// Somebody should call.
    High,
    /// Somebody should call today.
    Critical,
}

impl RiskBand {
    /// Every band, by rising risk.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The name under which it is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for RiskBand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Speak for RiskBand {
    fn text(&self, language: Language) -> String {
        let text = match (self, language) {
            (Self::Low, Language::English) => "low risk",
            (Self::Medium, Language::English) => "medium risk",
            (Self::High, Language::English) => "high risk",
            (Self::Critical, Language::English) => "critical risk",
            (Self::Low, Language::Chinese) => "低风险",
            (Self::Medium, Language::Chinese) => "中风险",
            (Self::High, Language::Chinese) => "高风险",
            (Self::Critical, Language::Chinese) => "极高风险",
        };
        text.to_owned()
    }
}

/// The band that a customer is in, and since when. The host keeps it between reviews.
///
/// [`ChurnRules::judge`](super::ChurnRules::judge) has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RiskState {
    /// The band.
    pub band: RiskBand,
    /// The review that put the customer there.
    pub since: Timestamp,
}

impl RiskState {
    /// In `band` since the review at `since`.
    ///
    /// ```
    /// use guanxi::churn::{RiskBand, RiskState};
    /// use guanxi::Timestamp;
    ///
    /// let state = RiskState::new(RiskBand::High, Timestamp::UNIX_EPOCH);
    /// assert_eq!((state.band, state.since), (RiskBand::High, Timestamp::UNIX_EPOCH));
    /// ```
    #[must_use]
    pub const fn new(band: RiskBand, since: Timestamp) -> Self {
        Self { band, since }
    }
}

/// Where bands begin. A lower edge belongs to the band above it: a score of exactly
/// [`high_from`](Self::high_from) is high.
///
/// To leave a band downwards a score must fall below its lower edge by more than nothing: by the
/// margin. So a score that swings around an edge does not ring a bell every night.
///
/// ```
/// use guanxi::churn::{Bands, RiskBand};
/// use guanxi::explain::Points;
///
/// let bands = Bands::default();
/// assert_eq!((bands.high_from, bands.down_margin), (55, 5));
/// assert_eq!(bands.band(Points(55_000), None), RiskBand::High);
/// assert_eq!(bands.band(Points(54_999), None), RiskBand::Medium);
///
/// // Once high, it stays so down to 50.
/// assert_eq!(bands.band(Points(50_000), Some(RiskBand::High)), RiskBand::High);
/// assert_eq!(bands.band(Points(49_999), Some(RiskBand::High)), RiskBand::Medium);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RiskBands"))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Bands {
    /// The least points, inclusive, of medium risk. Default: 30.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 98)))]
    pub medium_from: u8,
    /// The least points, inclusive, of high risk. Default: 55.
    #[cfg_attr(feature = "schema", schemars(range(min = 2, max = 99)))]
    pub high_from: u8,
    /// The least points, inclusive, of critical risk. Default: 75.
    #[cfg_attr(feature = "schema", schemars(range(min = 3, max = 100)))]
    pub critical_from: u8,
    /// How many points below its lower edge a band still holds whoever is in it. Default: 5.
    #[cfg_attr(feature = "schema", schemars(range(max = 99)))]
    pub down_margin: u8,
}

impl Default for Bands {
    fn default() -> Self {
        Self { medium_from: 30, high_from: 55, critical_from: 75, down_margin: 5 }
    }
}

impl Bands {
    /// The band of a score, for a customer whom the last review left in `last`.
    #[must_use]
    pub fn band(&self, score: Points, last: Option<RiskBand>) -> RiskBand {
        let edges = [
            (RiskBand::Critical, self.critical_from),
            (RiskBand::High, self.high_from),
            (RiskBand::Medium, self.medium_from),
        ];
        let holds = |(band, from): &(RiskBand, u8)| {
            let margin = if last >= Some(*band) { self.down_margin } else { 0 };
            let edge = i64::from(*from).saturating_sub(i64::from(margin));
            score.0 >= edge.saturating_mul(THOUSAND)
        };
        edges.iter().find(|edge| holds(edge)).map_or(RiskBand::Low, |(band, _)| *band)
    }

    /// What a review at `at` leaves behind.
    pub(super) fn review(
        &self,
        score: Points,
        last: Option<RiskState>,
        at: Timestamp,
    ) -> RiskState {
        let band = self.band(score, last.map(|state| state.band));
        last.filter(|state| state.band == band).unwrap_or(RiskState { band, since: at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_is_held_only_downwards_and_only_by_its_own_margin() {
        let bands = Bands::default();
        // From critical, down past the margin of critical, into the margin of high.
        assert_eq!(bands.band(Points(70_000), Some(RiskBand::Critical)), RiskBand::Critical);
        assert_eq!(bands.band(Points(69_999), Some(RiskBand::Critical)), RiskBand::High);
        assert_eq!(bands.band(Points(50_000), Some(RiskBand::Critical)), RiskBand::High);
        assert_eq!(bands.band(Points(24_999), Some(RiskBand::Critical)), RiskBand::Low);
        // Upwards there is no margin.
        assert_eq!(bands.band(Points(74_999), Some(RiskBand::High)), RiskBand::High);
        assert_eq!(bands.band(Points(75_000), Some(RiskBand::Low)), RiskBand::Critical);
        assert_eq!(bands.band(Points(29_999), Some(RiskBand::Low)), RiskBand::Low);
    }

    #[test]
    fn the_start_of_a_band_is_kept_while_it_lasts() {
        let (bands, early) = (Bands::default(), Timestamp::UNIX_EPOCH);
        let late = early.saturating_add_seconds(1);
        let high = RiskState { band: RiskBand::High, since: early };
        assert_eq!(bands.review(Points(60_000), Some(high), late), high);
        assert_eq!(bands.review(Points(80_000), Some(high), late).since, late);
        assert_eq!(bands.review(Points(60_000), None, late).since, late);
    }
}
