//! The indicators of one customer as the policy weighs them, before they are added up.

use super::calibration::ChurnCalibration;
use super::facts::ChurnFacts;
use super::indicator::Indicator;
use super::observe::{Sight, observe};
use super::policy::{ChurnPolicy, GroupPolicy, WeighedIndicator};
use super::staleness::{Staleness, WhenMissing};
use crate::explain::BasisPoints;
use crate::fixed::proportion;
use crate::scale::THOUSAND;

/// The freshness of what has lost nothing by its age.
const FRESH: i64 = 10_000;

/// One indicator that counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) indicator: Indicator,
    pub(super) group: usize,
    /// Its weight as far as it is fresh, in ten-thousandths of a basis point.
    pub(super) weight: i64,
    /// What its value is worth, in thousandths of a point.
    pub(super) points: i64,
    /// How much of its weight its age has left, in basis points.
    freshness: i64,
    /// Its value and age; `None` when the policy says what its absence is worth.
    pub(super) seen: Option<Seen>,
    /// What its age has taken of its weight, and what that is worth, where the policy says what its
    /// absence is worth.
    pub(super) lost: Option<Lost>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) value: i64,
    pub(super) age_days: i64,
    /// From which age on it has been fading; `None` while it has not.
    pub(super) faded_after_days: Option<i64>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Lost {
    pub(super) weight: i64,
    pub(super) points: i64,
}

/// All indicators that count, in the order of the policy. On the stack: scoring a base allocates
/// for reasons only.
#[derive(Debug)]
pub(super) struct Tally {
    items: [Option<Item>; ChurnPolicy::INDICATORS_MAX],
    count: usize,
    /// The fewest cases of the base that a comparison found lacking.
    pub(super) base_cases: Option<i64>,
    /// For how many days the base was observed, where a comparison asks for more.
    pub(super) base_days: Option<i64>,
}

impl Tally {
    pub(super) fn of(facts: &ChurnFacts, policy: &ChurnPolicy, base: &ChurnCalibration) -> Self {
        let mut tally = Self {
            // Not a constant, which would be copied whole: some kilobytes for each customer.
            items: std::array::from_fn(|_| None),
            count: 0,
            base_cases: None,
            base_days: None,
        };
        for (index, group) in policy.groups.iter().enumerate() {
            for weighed in &group.indicators {
                tally.look(index, weighed, observe(weighed.indicator, facts, policy, base));
            }
        }
        tally
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().take(self.count).flatten()
    }

    /// The weights of what counts in a group, added up.
    pub(super) fn weight(&self, group: usize) -> i64 {
        let items = self.items().filter(|item| item.group == group);
        items.fold(0, |sum, item| {
            let lost = item.lost.map_or(0, |lost| lost.weight);
            sum.saturating_add(item.weight).saturating_add(lost)
        })
    }

    /// The weight of a group in the whole, in ten-thousandths of a basis point: as fresh as the
    /// freshest of its indicators, so that it goes with the last of them and not at a stroke.
    pub(super) fn share(&self, index: usize, group: &GroupPolicy) -> i64 {
        let items = self.items().filter(|item| item.group == index);
        let freshest = items.map(|item| item.freshness).max().unwrap_or(0);
        clamped(group.weight).saturating_mul(freshest)
    }

    fn look(&mut self, group: usize, weighed: &WeighedIndicator, sight: Sight) {
        match sight {
            Sight::Seen { value, age_days } => self.see(group, weighed, value, age_days),
            Sight::Unknown => self.miss(group, weighed),
            Sight::BaseUnknown { cases } => {
                self.base_cases = Some(self.base_cases.map_or(cases, |fewest| fewest.min(cases)));
            }
            Sight::BaseUnobserved { days } => self.base_days = Some(days),
            Sight::Beside => {}
        }
    }

    fn see(&mut self, group: usize, weighed: &WeighedIndicator, value: i64, age_days: i64) {
        let freshness = freshness(weighed.staleness, age_days);
        if freshness == 0 {
            return self.miss(group, weighed);
        }
        let faded_after_days = match weighed.staleness {
            Staleness::Fades { after_days, .. } if freshness < FRESH => Some(after_days.into()),
            Staleness::Fades { .. } | Staleness::Never | Staleness::Missing { .. } => None,
        };
        let weight = clamped(weighed.weight);
        let taken = weight.saturating_mul(FRESH.saturating_sub(freshness));
        let lost = points_missing(weighed)
            .filter(|_| freshness < FRESH)
            .map(|points| Lost { weight: taken, points });
        self.count(Item {
            indicator: weighed.indicator,
            group,
            weight: weight.saturating_mul(freshness),
            points: weighed.scale.points(value).0,
            // What is missing and counts all the same is as good as fresh.
            freshness: if lost.is_some() { FRESH } else { freshness },
            seen: Some(Seen { value, age_days, faded_after_days }),
            lost,
        });
    }

    fn miss(&mut self, group: usize, weighed: &WeighedIndicator) {
        if let Some(points) = points_missing(weighed) {
            let weight = clamped(weighed.weight).saturating_mul(FRESH);
            let (indicator, freshness) = (weighed.indicator, FRESH);
            self.count(Item {
                indicator,
                group,
                weight,
                points,
                freshness,
                seen: None,
                lost: None,
            });
        }
    }

    fn count(&mut self, item: Item) {
        if item.weight > 0
            && let Some(place) = self.items.get_mut(self.count)
        {
            *place = Some(item);
            self.count = self.count.saturating_add(1);
        }
    }
}

/// What age has left of a weight, in basis points; 0 is as good as missing.
fn freshness(staleness: Staleness, age_days: i64) -> i64 {
    match staleness {
        Staleness::Never => FRESH,
        Staleness::Missing { after_days } if age_days > i64::from(after_days) => 0,
        Staleness::Missing { .. } => FRESH,
        Staleness::Fades { after_days, .. } if age_days <= i64::from(after_days) => FRESH,
        Staleness::Fades { after_days, gone_days } => {
            let left = i64::from(gone_days).saturating_sub(age_days);
            let span = i64::from(gone_days).saturating_sub(after_days.into());
            // The last day still counts, however long the fading.
            if left > 0 { proportion(FRESH, left, span).max(1) } else { 0 }
        }
    }
}

/// What the absence of an indicator is worth, in thousandths of a point; `None` when it is left
/// out.
fn points_missing(weighed: &WeighedIndicator) -> Option<i64> {
    match weighed.missing {
        WhenMissing::Skip => None,
        WhenMissing::Neutral(points) => Some(i64::from(points.min(100)).saturating_mul(THOUSAND)),
        WhenMissing::Worst => Some(weighed.scale.most().0),
    }
}

/// Weights outside their range are a fault that the lint names; here they must not overflow.
fn clamped(weight: BasisPoints) -> i64 {
    weight.0.clamp(0, 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freshness_falls_day_by_day_and_never_returns() {
        let fades = |after_days, gone_days| Staleness::Fades { after_days, gone_days };
        for staleness in [
            Staleness::Never,
            Staleness::Missing { after_days: 3 },
            fades(30, 90),
            fades(0, u16::MAX),
        ] {
            let by_age: Vec<i64> = (0..70_000).map(|age| freshness(staleness, age)).collect();
            assert!(by_age.is_sorted_by(|young, old| young >= old), "{staleness:?}");
            assert_eq!(by_age.first(), Some(&FRESH));
        }
        assert_eq!(freshness(fades(30, 90), 30), FRESH);
        assert_eq!(freshness(fades(30, 90), 60), FRESH / 2);
        assert_eq!(freshness(fades(0, u16::MAX), 65_534), 1);
        assert_eq!(freshness(fades(30, 90), 90), 0);
        // A fault of the policy: gone before it fades.
        assert_eq!(freshness(fades(90, 30), 91), 0);
    }
}
