//! What can be wrong with a churn policy.

use super::custom::CustomIndicator;
use super::indicator::{Direction, Indicator};
use super::policy::{Bound, ChurnPolicy, GroupPolicy, WeighedIndicator};
use super::staleness::{Staleness, WhenMissing};
use crate::explain::BasisPoints;
use crate::lint::Fault;
use crate::scale::Slope;

/// What weights add up to.
const WHOLE: i64 = 10_000;

impl ChurnPolicy {
    /// Every fault of this section, with paths under `prefix`; places in a list are counted from 0.
    ///
    /// ```
    /// use guanxi::churn::ChurnPolicy;
    ///
    /// let mut policy = ChurnPolicy::default();
    /// policy.bands.down_margin = 25;
    /// let faults = policy.lint("churn");
    /// assert_eq!(faults[0].path, "churn.bands.down_margin");
    /// assert_eq!(faults[0].problem, "the margin is wider than a band");
    /// ```
    #[must_use]
    pub fn lint(&self, prefix: &str) -> Vec<Fault> {
        let mut list = List { faults: Vec::new(), prefix };
        self.check_measuring(&mut list);
        self.check_groups(&mut list);
        for (index, bound) in self.floors.iter().enumerate() {
            self.check_bound(&mut list, &format!("floors.{index}"), bound, Side::Floor);
        }
        check_shadows(&mut list, "floors", &self.floors, |a, b| self.shadows(a, b, Side::Floor));
        for (index, bound) in self.caps.iter().enumerate() {
            self.check_bound(&mut list, &format!("caps.{index}"), bound, Side::Cap);
        }
        check_shadows(&mut list, "caps", &self.caps, |a, b| self.shadows(a, b, Side::Cap));
        self.check_bands(&mut list);
        self.check_custom(&mut list);
        list.faults
    }

    fn check_measuring(&self, list: &mut List<'_>) {
        list.check(
            self.window_days > 0,
            "window_days",
            "a window without days holds no purchases",
            "choose at least 1 day",
        );
        list.check(
            self.baseline_windows > 0,
            "baseline_windows",
            "a baseline without windows compares with nothing",
            "choose at least 1 window",
        );
        list.check(
            self.cadence_purchase_days_min >= 2,
            "cadence_purchase_days_min",
            "one purchase day has no gap to measure",
            "choose at least 2",
        );
        list.check(
            self.base_count_min > 0,
            "base_count_min",
            "a base of nobody would be compared with",
            "choose at least 1",
        );
        list.check(
            self.first_return_days > 0,
            "first_return_days",
            "nobody comes back within no day",
            "choose at least 1",
        );
    }

    fn check_groups(&self, list: &mut List<'_>) {
        let indicators = || self.groups.iter().flat_map(|group| &group.indicators);
        list.check(
            indicators().count() <= Self::INDICATORS_MAX,
            "groups",
            "there are more indicators than are counted",
            "weigh at most 32 indicators",
        );
        check_weights(list, "groups", self.groups.iter().map(|group| group.weight));
        let mut seen: Vec<Indicator> = Vec::new();
        for (index, group) in self.groups.iter().enumerate() {
            let path = format!("groups.{index}");
            list.check(
                self.groups.iter().take(index).all(|other| other.name != group.name),
                &format!("{path}.name"),
                "the group is there twice",
                "put its indicators into one group",
            );
            self.check_group(list, &path, group, &mut seen);
        }
    }

    fn check_group(
        &self,
        list: &mut List<'_>,
        path: &str,
        group: &GroupPolicy,
        seen: &mut Vec<Indicator>,
    ) {
        check_weights(
            list,
            &format!("{path}.indicators"),
            group.indicators.iter().map(|indicator| indicator.weight),
        );
        for (index, weighed) in group.indicators.iter().enumerate() {
            let path = format!("{path}.indicators.{index}");
            list.check(
                !seen.contains(&weighed.indicator),
                &format!("{path}.indicator"),
                "the indicator is weighed twice",
                "weigh it once, in one group",
            );
            seen.push(weighed.indicator);
            match self.direction(weighed.indicator) {
                Some(direction) => {
                    check_scale(list, &path, weighed, direction);
                }
                None => list.check(
                    false,
                    &format!("{path}.indicator"),
                    "the slot is not declared",
                    "declare it in `custom`",
                ),
            }
            check_age(list, &path, weighed);
        }
    }

    fn check_bound(&self, list: &mut List<'_>, path: &str, bound: &Bound, side: Side) {
        let binds = match side {
            Side::Floor => (1..=100).contains(&bound.points),
            Side::Cap => bound.points < 100,
        };
        list.check(
            binds,
            &format!("{path}.points"),
            "no score could be otherwise, or none could be so",
            "choose a floor from 1 to 100, or a cap from 0 to 99",
        );
        let mut indicators = self.groups.iter().flat_map(|group| &group.indicators);
        list.check(
            indicators.any(|weighed| weighed.indicator == bound.indicator),
            &format!("{path}.indicator"),
            "no group reads the indicator",
            "put the indicator into a group",
        );
        let Some(direction) = self.direction(bound.indicator) else { return };
        let domain = bound.indicator.domain();
        let (safest, riskiest) = match direction {
            Direction::HigherIsRiskier => (*domain.start(), *domain.end()),
            Direction::LowerIsRiskier => (*domain.end(), *domain.start()),
        };
        let (reach, first, last) = match side {
            Side::Floor => (direction, safest, riskiest),
            Side::Cap => (direction.opposite(), riskiest, safest),
        };
        list.check(
            reach.reaches(last, bound.at),
            &format!("{path}.at"),
            "no value of the indicator reaches it",
            "choose a value that the indicator can take",
        );
        list.check(
            !reach.reaches(first, bound.at),
            &format!("{path}.at"),
            "every value of the indicator reaches it",
            "choose a value that leaves some out",
        );
    }

    /// Whether `other` says all that `bound` says, and more.
    fn shadows(&self, bound: &Bound, other: &Bound, side: Side) -> bool {
        let Some(direction) = self.direction(bound.indicator) else { return false };
        let (reach, stronger) = match side {
            Side::Floor => (direction, other.points >= bound.points),
            Side::Cap => (direction.opposite(), other.points <= bound.points),
        };
        bound.indicator == other.indicator && stronger && reach.reaches(bound.at, other.at)
    }

    fn check_bands(&self, list: &mut List<'_>) {
        let bands = &self.bands;
        let edges = [0, bands.medium_from, bands.high_from, bands.critical_from];
        let names = ["medium_from", "high_from", "critical_from"];
        let mut in_order = true;
        for (pair, name) in edges.windows(2).zip(names) {
            let rises = pair.is_sorted_by(|low, high| low < high);
            in_order &= rises;
            list.check(
                rises,
                &format!("bands.{name}"),
                "the band does not begin above the one below it",
                "choose rising edges, the first at least 1",
            );
        }
        list.check(
            bands.critical_from <= 100,
            "bands.critical_from",
            "no score reaches it",
            "choose at most 100",
        );
        let narrowest = edges.windows(2).filter_map(|pair| match pair {
            [low, high] => high.checked_sub(*low),
            _ => None,
        });
        list.check(
            !in_order || narrowest.min().is_none_or(|width| bands.down_margin < width),
            "bands.down_margin",
            "the margin is wider than a band",
            "choose less than the narrowest band below critical risk",
        );
    }

    fn check_custom(&self, list: &mut List<'_>) {
        for (index, custom) in self.custom.iter().enumerate() {
            let path = format!("custom.{index}");
            let before = || self.custom.iter().take(index);
            list.check(
                before().all(|other| other.slot != custom.slot),
                &format!("{path}.slot"),
                "the slot is taken twice",
                "choose another from 1 to 8",
            );
            list.check(
                before().all(|other| other.name != custom.name),
                &format!("{path}.name"),
                "the name is given twice",
                "choose another name",
            );
            check_words(list, &path, custom);
            let indicators = self.groups.iter().flat_map(|group| &group.indicators);
            list.check(
                indicators
                    .into_iter()
                    .any(|weighed| weighed.indicator == Indicator::Custom(custom.slot)),
                &path,
                "no group reads the signal",
                "weigh it in a group, or take it out",
            );
        }
    }
}

/// Which of the two kinds of bound.
#[derive(Debug, Clone, Copy)]
enum Side {
    Floor,
    Cap,
}

/// The faults found so far.
struct List<'a> {
    faults: Vec<Fault>,
    prefix: &'a str,
}

impl List<'_> {
    fn check(&mut self, sound: bool, path: &str, problem: &'static str, remedy: &'static str) {
        if !sound {
            self.faults.push(Fault::new(format!("{}.{path}", self.prefix), problem, remedy));
        }
    }
}

fn check_weights(list: &mut List<'_>, path: &str, weights: impl Iterator<Item = BasisPoints>) {
    let mut sum = 0_i64;
    for (index, weight) in weights.enumerate() {
        sum = sum.saturating_add(weight.0);
        list.check(
            (1..=WHOLE).contains(&weight.0),
            &format!("{path}.{index}.weight"),
            "without a weight it never counts",
            "choose from 1 to 10000, or take it out",
        );
    }
    list.check(
        sum == WHOLE,
        path,
        "the weights do not add up to the whole",
        "choose weights that add up to 10000",
    );
}

fn check_scale(list: &mut List<'_>, path: &str, weighed: &WeighedIndicator, direction: Direction) {
    let path = format!("{}.{path}.scale", list.prefix);
    // The points are risk.
    let slope = match direction {
        Direction::HigherIsRiskier => Slope::Rises,
        Direction::LowerIsRiskier => Slope::Falls,
    };
    list.faults.extend(weighed.scale.lint(&path, Some(weighed.indicator.domain()), Some(slope)));
}

fn check_age(list: &mut List<'_>, path: &str, weighed: &WeighedIndicator) {
    list.check(
        weighed.indicator.is_told() || weighed.staleness == Staleness::Never,
        &format!("{path}.staleness"),
        "the indicator is taken from the ledger and is never stale",
        "leave it out",
    );
    if let Staleness::Fades { after_days, gone_days } = weighed.staleness {
        list.check(
            after_days < gone_days,
            &format!("{path}.staleness.fades.gone_days"),
            "the signal would be gone before it fades",
            "choose more than after_days",
        );
    }
    if let WhenMissing::Neutral(points) = weighed.missing {
        list.check(
            points <= 100,
            &format!("{path}.missing.neutral"),
            "points lie between 0 and 100",
            "choose at most 100",
        );
    }
}

fn check_shadows(
    list: &mut List<'_>,
    path: &str,
    bounds: &[Bound],
    shadows: impl Fn(&Bound, &Bound) -> bool,
) {
    for (index, bound) in bounds.iter().enumerate() {
        let shadowed = bounds.iter().enumerate().any(|(place, other)| {
            // Of two that say the same the later one is the fault.
            place != index && shadows(bound, other) && (place < index || !shadows(other, bound))
        });
        list.check(
            !shadowed,
            &format!("{path}.{index}"),
            "it never binds: another of the same indicator is at least as strong and holds earlier",
            "take it out, or make it stronger",
        );
    }
}

fn check_words(list: &mut List<'_>, path: &str, custom: &CustomIndicator) {
    for (field, word) in
        [("name", &custom.name), ("english", &custom.english), ("chinese", &custom.chinese)]
    {
        list.check(
            !word.trim().is_empty(),
            &format!("{path}.{field}"),
            "nobody could speak of the signal",
            "give it a name in every language",
        );
    }
}
