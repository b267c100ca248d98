//! The indicators of one customer as the policy weighs them, before they are added up.

use super::calibration::ChurnCalibration;
use super::facts::ChurnFacts;
use super::indicator::Indicator;
use super::observe::{Sight, observe};
use super::policy::{ChurnPolicy, GroupPolicy, Staleness, WeighedIndicator, WhenMissing};
use super::scale::{THOUSAND, proportion};
use crate::explain::BasisPoints;

/// One indicator that counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) indicator: Indicator,
    pub(super) group: usize,
    pub(super) weight: i64,
    /// What its value is worth, in thousandths of a point.
    pub(super) points: i64,
    /// What its age leaves of that.
    pub(super) kept: i64,
    /// Its value and age; `None` when the policy says what its absence is worth.
    pub(super) seen: Option<Seen>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) value: i64,
    pub(super) age_days: i64,
    /// From which age on it fades.
    pub(super) fades_after_days: i64,
    /// Whether age has left anything of it.
    pub(super) alive: bool,
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
            items: [const { None }; ChurnPolicy::INDICATORS_MAX],
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
        items.fold(0, |sum, item| sum.saturating_add(item.weight))
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
        let points = weighed.scale.points(value).0;
        let (kept, fades_after_days, alive) = match weighed.staleness {
            Staleness::Never => (points, 0, true),
            Staleness::Missing { after_days } if age_days > i64::from(after_days) => {
                return self.miss(group, weighed);
            }
            Staleness::Missing { .. } => (points, 0, true),
            Staleness::Fades { after_days, gone_days } => {
                let (after, gone) = (i64::from(after_days), i64::from(gone_days));
                if age_days <= after {
                    (points, after, true)
                } else {
                    let left = gone.saturating_sub(age_days).max(0);
                    (proportion(points, left, gone.saturating_sub(after)), after, left > 0)
                }
            }
        };
        let seen = Seen { value, age_days, fades_after_days, alive };
        self.count(group, weighed, (points, kept), Some(seen));
    }

    fn miss(&mut self, group: usize, weighed: &WeighedIndicator) {
        let points = match weighed.missing {
            WhenMissing::Skip => return,
            WhenMissing::Neutral(points) => i64::from(points.min(100)).saturating_mul(THOUSAND),
            WhenMissing::Worst => weighed.scale.most(),
        };
        self.count(group, weighed, (points, points), None);
    }

    fn count(
        &mut self,
        group: usize,
        weighed: &WeighedIndicator,
        (points, kept): (i64, i64),
        seen: Option<Seen>,
    ) {
        let (indicator, weight) = (weighed.indicator, clamped(weighed.weight));
        if weight > 0
            && let Some(place) = self.items.get_mut(self.count)
        {
            *place = Some(Item { indicator, group, weight, points, kept, seen });
            self.count = self.count.saturating_add(1);
        }
    }
}

/// The weight of a group, as far as it is one.
pub(super) fn weight_of(group: &GroupPolicy) -> i64 {
    clamped(group.weight)
}

/// Weights outside their range are a fault that the lint names; here they must not overflow.
fn clamped(weight: BasisPoints) -> i64 {
    weight.0.clamp(0, 10_000)
}
