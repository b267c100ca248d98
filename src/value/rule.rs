//! The rules that value reasons with.

use serde::{Deserialize, Serialize};

use super::measure::ScoreMeasure;
use super::sentence::sentence;
use super::value_type::Level;
use crate::explain::{Language, Rule};
use crate::slot::Slot;

/// The rules of value, as reasons cite them.
///
/// ```
/// use guanxi::Language;
/// use guanxi::explain::Rule;
/// use guanxi::value::{ScoreMeasure, ValueRule};
///
/// let margin = ValueRule::Measured(ScoreMeasure::Margin);
/// assert_eq!(margin.code(), "value.measured");
/// assert_eq!(margin.template(Language::English), "margin {observed}, weight {limit}");
///
/// // Stored under its code.
/// assert_eq!(serde_json::to_string(&margin)?, r#"{"value.measured":"margin"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ValueRule {
    /// Days since the last purchase day, against a cut.
    #[serde(rename = "value.recency")]
    Recency(CutSide),
    /// Purchase days against a cut.
    #[serde(rename = "value.frequency")]
    Frequency(CutSide),
    /// Net revenue against a cut.
    #[serde(rename = "value.monetary")]
    Monetary(CutSide),
    /// Nothing was bought in the window.
    #[serde(rename = "value.no_purchase")]
    NoPurchase,
    /// No base has been measured.
    #[serde(rename = "value.not_calibrated")]
    NotCalibrated,
    /// The base was measured for another policy.
    #[serde(rename = "value.other_policy")]
    OtherPolicy,
    /// A measure of the scorecard, with its weight.
    #[serde(rename = "value.measured")]
    Measured(ScoreMeasure),
    /// A measure that is not known and left out; the others weigh more for it.
    #[serde(rename = "value.skipped")]
    Skipped(ScoreMeasure),
    /// Nothing that is weighed is known.
    #[serde(rename = "value.nothing_measured")]
    NothingMeasured,
    /// The value of a measure at which value would be at the other level, and that level.
    #[serde(rename = "value.target")]
    Target {
        /// The measure.
        measure: ScoreMeasure,
        /// The level that value would be at.
        level: Level,
    },
    /// The score against the limit from which value is high.
    #[serde(rename = "value.current")]
    Current,
    /// The potential that the host gave against the limit from which it is high.
    #[serde(rename = "value.potential")]
    Potential,
    /// The host gave no potential.
    #[serde(rename = "value.potential_unknown")]
    PotentialUnknown,
    /// The potential at which it would be at the other level, and that level.
    #[serde(rename = "value.potential_target")]
    PotentialTarget(Level),
    /// Net revenue of the last window against what high potential asks for.
    #[serde(rename = "value.growth")]
    Growth,
    /// There is no window before to compare the last one with.
    #[serde(rename = "value.growth_unknown")]
    GrowthUnknown,
    /// Net revenue of the last window at which potential would be at the other level, and that level.
    #[serde(rename = "value.growth_target")]
    GrowthTarget(Level),
    /// What is expected to be earned against the limit from which potential is high.
    #[serde(rename = "value.worth")]
    Worth,
    /// No model says what is to be expected.
    #[serde(rename = "value.worth_unknown")]
    WorthUnknown,
    /// The expected earnings at which potential would be at the other level, and that level.
    #[serde(rename = "value.worth_target")]
    WorthTarget(Level),
}

/// Which side of a cut a grade stands on.
///
/// ```
/// use guanxi::Language;
/// use guanxi::explain::Rule;
/// use guanxi::value::{CutSide, ValueRule};
///
/// let missed = ValueRule::Frequency(CutSide::Missed);
/// assert_eq!(
///     missed.template(Language::English),
///     "purchase days {observed}, next group from {limit}"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutSide {
    /// The cut below the group was reached.
    Reached,
    /// The customer is in the worst group; the next cut was missed.
    Missed,
    /// There is no cut that any value could reach.
    Alone,
}

impl ValueRule {
    /// Every rule, those that carry a detail with one detail each.
    pub const ALL: [Self; 20] = [
        Self::Recency(CutSide::Reached),
        Self::Frequency(CutSide::Reached),
        Self::Monetary(CutSide::Reached),
        Self::NoPurchase,
        Self::NotCalibrated,
        Self::OtherPolicy,
        Self::Measured(ScoreMeasure::NetRevenue),
        Self::Skipped(ScoreMeasure::Margin),
        Self::NothingMeasured,
        Self::Target { measure: ScoreMeasure::NetRevenue, level: Level::High },
        Self::Current,
        Self::Potential,
        Self::PotentialUnknown,
        Self::PotentialTarget(Level::High),
        Self::Growth,
        Self::GrowthUnknown,
        Self::GrowthTarget(Level::High),
        Self::Worth,
        Self::WorthUnknown,
        Self::WorthTarget(Level::High),
    ];

    /// The slot of the host's own measure that it is about.
    pub(super) const fn slot(self) -> Option<Slot> {
        match self {
            Self::Measured(ScoreMeasure::Own(slot))
            | Self::Skipped(ScoreMeasure::Own(slot))
            | Self::Target { measure: ScoreMeasure::Own(slot), .. } => Some(slot),
            Self::Measured(_)
            | Self::Skipped(_)
            | Self::Target { .. }
            | Self::Recency(_)
            | Self::Frequency(_)
            | Self::Monetary(_)
            | Self::NoPurchase
            | Self::NotCalibrated
            | Self::OtherPolicy
            | Self::NothingMeasured
            | Self::Current
            | Self::Potential
            | Self::PotentialUnknown
            | Self::PotentialTarget(_)
            | Self::Growth
            | Self::GrowthUnknown
            | Self::GrowthTarget(_)
            | Self::Worth
            | Self::WorthUnknown
            | Self::WorthTarget(_) => None,
        }
    }
}

impl Rule for ValueRule {
    fn code(self) -> &'static str {
        match self {
            Self::Recency(_) => "value.recency",
            Self::Frequency(_) => "value.frequency",
            Self::Monetary(_) => "value.monetary",
            Self::NoPurchase => "value.no_purchase",
            Self::NotCalibrated => "value.not_calibrated",
            Self::OtherPolicy => "value.other_policy",
            Self::Measured(_) => "value.measured",
            Self::Skipped(_) => "value.skipped",
            Self::NothingMeasured => "value.nothing_measured",
            Self::Target { .. } => "value.target",
            Self::PotentialTarget(_) => "value.potential_target",
            Self::GrowthTarget(_) => "value.growth_target",
            Self::Current => "value.current",
            Self::Potential => "value.potential",
            Self::PotentialUnknown => "value.potential_unknown",
            Self::Growth => "value.growth",
            Self::GrowthUnknown => "value.growth_unknown",
            Self::Worth => "value.worth",
            Self::WorthUnknown => "value.worth_unknown",
            Self::WorthTarget(_) => "value.worth_target",
        }
    }

    fn template(self, language: Language) -> &'static str {
        match language {
            Language::English => sentence(self).0,
            Language::Chinese => sentence(self).1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::sentence::own_measure;

    /// The place of a rule in [`ValueRule::ALL`]; the compiler asks for one of every new rule.
    fn place(rule: ValueRule) -> usize {
        match rule {
            ValueRule::Recency(_) => 0,
            ValueRule::Frequency(_) => 1,
            ValueRule::Monetary(_) => 2,
            ValueRule::NoPurchase => 3,
            ValueRule::NotCalibrated => 4,
            ValueRule::OtherPolicy => 5,
            ValueRule::Measured(_) => 6,
            ValueRule::Skipped(_) => 7,
            ValueRule::NothingMeasured => 8,
            ValueRule::Target { .. } => 9,
            ValueRule::Current => 10,
            ValueRule::Potential => 11,
            ValueRule::PotentialUnknown => 12,
            ValueRule::PotentialTarget(_) => 13,
            ValueRule::Growth => 14,
            ValueRule::GrowthUnknown => 15,
            ValueRule::GrowthTarget(_) => 16,
            ValueRule::Worth => 17,
            ValueRule::WorthUnknown => 18,
            ValueRule::WorthTarget(_) => 19,
        }
    }

    #[test]
    fn all_rules_are_listed() {
        let places: Vec<usize> = ValueRule::ALL.into_iter().map(place).collect();
        assert_eq!(places, (0..ValueRule::ALL.len()).collect::<Vec<_>>());
        assert_eq!(places.last(), Some(&19), "the last place of the match above");
    }

    #[test]
    fn the_words_for_own_measures_are_those_that_names_are_put_for() {
        for slot in (1..=8).filter_map(Slot::new) {
            let measure = ScoreMeasure::Own(slot);
            for rule in [
                ValueRule::Measured(measure),
                ValueRule::Skipped(measure),
                ValueRule::Target { measure, level: Level::Low },
            ] {
                assert_eq!(rule.slot(), Some(slot));
                for language in [Language::English, Language::Chinese] {
                    let template = rule.template(language);
                    assert_eq!(template.matches(own_measure(slot, language)).count(), 1);
                }
            }
        }
    }
}
