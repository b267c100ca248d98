//! Scales: which value of a measure earns how many points.

use serde::{Deserialize, Serialize};

use crate::explain::Points;
use crate::lint::Fault;
use crate::rank::Direction;

/// The most points of a measure.
pub(super) const POINTS_MAX: u8 = 100;

/// Thousandths in a point.
const POINT: i128 = 1_000;

/// A piecewise linear scale from the values of a measure to 0 to 100 points.
///
/// Between two of its points it is a straight line, beyond its ends it is level. It rises or it falls
/// but never does both, so that one end of the measure is the good one.
///
/// ```
/// use guanxi::value::Scale;
///
/// // Costs: up to 10.00 is best, 50.00 and more is worst.
/// let costs: Scale =
///     serde_json::from_str(r#"[{ "at": 1000, "points": 100 }, { "at": 5000, "points": 0 }]"#)?;
/// let thousandths = |minor| costs.points(minor).0;
/// assert_eq!(thousandths(900), 100_000);
/// assert_eq!(thousandths(2_000), 75_000);
/// assert_eq!(thousandths(2_001), 74_975);
/// assert_eq!(thousandths(9_000), 0);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scale(pub Vec<ScalePoint>);

/// One corner of a [`Scale`].
///
/// [`Scale`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScalePoint {
    /// The value of the measure: days, a count, or money in minor units of the base currency.
    pub at: i64,
    /// What it earns, from 0 to 100.
    pub points: u8,
}

/// A weight in a sum of weights.
#[derive(Debug, Clone, Copy)]
pub(super) struct Portion {
    pub(super) weight: i64,
    pub(super) whole: i64,
}

impl Scale {
    /// The straight line from nothing at 0 to the most points at `best`.
    pub(super) fn up_to(best: i64) -> Self {
        let points = [(0, 0), (best, POINTS_MAX)];
        Self(points.map(|(at, points)| ScalePoint { at, points }).to_vec())
    }

    /// What a value earns; rounded to thousandths, half away from zero.
    ///
    /// [`Scale`] has an example.
    #[must_use]
    pub fn points(&self, value: i64) -> Points {
        self.contribution(value, Portion { weight: 1, whole: 1 })
    }

    /// What a value adds to a score in which the scale has a portion; rounded once.
    pub(super) fn contribution(&self, value: i64, portion: Portion) -> Points {
        let mut before: Option<ScalePoint> = None;
        for &corner in &self.0 {
            match before {
                _ if corner.at == value => return level(corner.points, portion),
                None if corner.at > value => return level(corner.points, portion),
                Some(from) if corner.at > value => return between(from, corner, value, portion),
                None | Some(_) => before = Some(corner),
            }
        }
        before.map_or(Points(0), |last| level(last.points, portion))
    }

    /// The least points of the scale.
    pub(super) fn worst(&self) -> u8 {
        self.0.iter().map(|corner| corner.points).min().unwrap_or(0)
    }

    /// Which end of the measure is the good one; a level scale has none.
    pub(super) fn direction(&self) -> Option<Direction> {
        let (first, last) = (self.0.first()?.points, self.0.last()?.points);
        match first.cmp(&last) {
            std::cmp::Ordering::Less => Some(Direction::MoreIsBetter),
            std::cmp::Ordering::Greater => Some(Direction::LessIsBetter),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// From end to end.
    pub(super) fn width(&self) -> u64 {
        let ends = self.0.first().zip(self.0.last());
        ends.map_or(0, |(first, last)| last.at.abs_diff(first.at))
    }

    /// The worst value whose contribution is at least `needed`; `None` when every value's is, or none's.
    pub(super) fn least(&self, needed: Points, portion: Portion) -> Option<i64> {
        let falls = match self.direction()? {
            Direction::MoreIsBetter => false,
            Direction::LessIsBetter => true,
        };
        // A falling scale is read backwards and mirrored, so that it rises.
        let corner = |place: usize| {
            let last = self.0.len().checked_sub(1)?;
            let corner = self.0.get(if falls { last.checked_sub(place)? } else { place })?;
            let at = i128::from(corner.at);
            Some((if falls { at.saturating_neg() } else { at }, i128::from(corner.points)))
        };
        let earns = |points: i128| weighted(points, 1, portion) >= i128::from(needed.0);
        let mut from = corner(0).filter(|(_, points)| !earns(*points))?;
        for place in 1..self.0.len() {
            let to = corner(place)?;
            if earns(to.1) {
                let crossed = crossing(from, to, needed, portion)?;
                let mirrored = if falls { crossed.saturating_neg() } else { crossed };
                return i64::try_from(mirrored).ok();
            }
            from = to;
        }
        None
    }

    pub(super) fn lint(&self, path: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut check = |sound: bool, problem, remedy| {
            if !sound {
                faults.push(Fault::new(path, problem, remedy));
            }
        };
        check(self.0.len() >= 2, "a scale needs a beginning and an end", "give at least 2 points");
        check(
            self.0.is_sorted_by(|one, next| one.at < next.at),
            "the values are not in ascending order, or one comes twice",
            "order the points by `at` and give each value once",
        );
        check(
            self.0.iter().all(|corner| corner.points <= POINTS_MAX),
            "points lie between 0 and 100",
            "choose at most 100",
        );
        let rises = self.0.is_sorted_by(|one, next| one.points <= next.points);
        let falls = self.0.is_sorted_by(|one, next| one.points >= next.points);
        check(rises || falls, "the scale rises and falls", "let it only rise or only fall");
        check(
            self.0.len() < 2 || self.direction().is_some(),
            "every value earns the same, so the measure decides nothing",
            "let the ends differ, or leave the measure out",
        );
        faults
    }
}

/// The contribution of so many points.
pub(super) fn level(points: u8, portion: Portion) -> Points {
    narrow(weighted(i128::from(points), 1, portion))
}

fn between(from: ScalePoint, to: ScalePoint, value: i64, portion: Portion) -> Points {
    let [start, end, value] = [from.at, to.at, value].map(i128::from);
    let [low, high] = [from.points, to.points].map(i128::from);
    let width = end.saturating_sub(start);
    let rise = high.saturating_sub(low).saturating_mul(value.saturating_sub(start));
    narrow(weighted(low.saturating_mul(width).saturating_add(rise), width, portion))
}

/// `points / divisor` points of a portion, in thousandths, rounded half away from zero. Both are within
/// 73 bits, so no product leaves 128.
fn weighted(points: i128, divisor: i128, portion: Portion) -> i128 {
    let scaled = points.saturating_mul(POINT).saturating_mul(i128::from(portion.weight));
    let whole = divisor.saturating_mul(i128::from(portion.whole));
    let doubled = scaled.saturating_mul(2).saturating_add(whole);
    doubled.checked_div(whole.saturating_mul(2)).unwrap_or(0)
}

/// Between two corners of a rising scale, the least value whose rounded contribution is `needed`:
/// [`weighted`] solved for the value, and rounded up.
fn crossing(
    from: (i128, i128),
    to: (i128, i128),
    needed: Points,
    portion: Portion,
) -> Option<i128> {
    let (width, rise) = (to.0.checked_sub(from.0)?, to.1.checked_sub(from.1)?);
    let unit = i128::from(portion.weight).checked_mul(POINT.checked_mul(2)?)?;
    let half_steps = i128::from(needed.0).checked_mul(2)?.checked_sub(1)?;
    let asked = half_steps.checked_mul(i128::from(portion.whole))?.checked_mul(width)?;
    let had = unit.checked_mul(from.1)?.checked_mul(width)?;
    let (distance, step) = (asked.checked_sub(had)?, unit.checked_mul(rise)?);
    let whole_steps = distance.checked_div_euclid(step)?;
    let rest = i128::from(distance.checked_rem_euclid(step)? != 0);
    from.0.checked_add(whole_steps.checked_add(rest)?)
}

fn narrow(thousandths: i128) -> Points {
    Points(i64::try_from(thousandths).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(corners: &[(i64, u8)]) -> Scale {
        Scale(corners.iter().map(|&(at, points)| ScalePoint { at, points }).collect())
    }

    #[test]
    fn the_whole_range_of_numbers_makes_a_scale() {
        let whole = scale(&[(i64::MIN, 0), (i64::MAX, 100)]);
        assert_eq!(whole.points(i64::MIN), Points(0));
        assert_eq!(whole.points(0), Points(50_000));
        assert_eq!(whole.points(i64::MAX), Points(100_000));
        assert_eq!(scale(&[]).points(7), Points(0));
        assert_eq!(scale(&[(5, 30)]).points(7), Points(30_000));
    }

    #[test]
    fn the_least_value_earns_enough_and_the_next_worse_one_does_not() {
        let rising = scale(&[(-10, 0), (0, 0), (7, 33), (100, 100)]);
        let falling = scale(&[(0, 100), (9, 50), (9_999, 0)]);
        for portion in [Portion { weight: 1, whole: 1 }, Portion { weight: 3_333, whole: 7_777 }] {
            for needed in (1..44_000).step_by(97) {
                let earns = |scale: &Scale, value| scale.contribution(value, portion).0 >= needed;
                let least = rising.least(Points(needed), portion);
                if let Some(value) = least {
                    assert!(earns(&rising, value) && !earns(&rising, value - 1), "{needed}");
                }
                assert_eq!(least.is_some(), earns(&rising, 100));
                let least = falling.least(Points(needed), portion);
                if let Some(value) = least {
                    assert!(earns(&falling, value) && !earns(&falling, value + 1), "{needed}");
                }
                assert_eq!(least.is_some(), earns(&falling, 0));
            }
            assert_eq!(rising.least(Points(0), portion), None);
        }
    }

    #[test]
    fn faults_are_found() {
        let problems = |corners: &[(i64, u8)]| scale(corners).lint("scale").len();
        assert_eq!(problems(&[(0, 0), (1, 100)]), 0);
        assert_eq!(problems(&[(0, 100), (1, 0)]), 0);
        assert_eq!(problems(&[]), 1);
        assert_eq!(problems(&[(0, 0)]), 1);
        assert_eq!(problems(&[(1, 0), (1, 100)]), 1);
        assert_eq!(problems(&[(0, 0), (1, 101)]), 1);
        assert_eq!(problems(&[(0, 0), (1, 50), (2, 40)]), 1);
        assert_eq!(problems(&[(0, 50), (1, 50)]), 1);
    }
}
