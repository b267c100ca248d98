//! Scales: how many points a value earns, and the value that earns so many.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::explain::Points;
use crate::fixed::{divide, wide};
use crate::lint::Fault;

/// The most points of a scale.
pub(crate) const POINTS_MAX: u8 = 100;

/// Thousandths in a point.
pub(crate) const THOUSAND: i64 = 1_000;

/// One corner of a [`Scale`].
///
/// [`Scale`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Corner {
    /// The value, in the unit of what is measured; money in minor units of the base currency.
    pub at: i64,
    /// The points given for it, from 0 to 100.
    #[cfg_attr(feature = "schema", schemars(range(max = 100)))]
    pub points: u8,
}

/// From a value to points: straight lines between corners, level beyond the outer ones. Points between
/// corners are rounded to thousandths, half away from zero.
///
/// A scale without faults rises or falls but never does both, so that one end of it is the good one.
///
/// ```
/// use guanxi::explain::Points;
/// use guanxi::scale::{Scale, Slope};
///
/// // Costs: up to 10.00 is best, 50.00 and more is worst.
/// let costs: Scale =
///     serde_json::from_str(r#"[{ "at": 1000, "points": 100 }, { "at": 5000, "points": 0 }]"#)?;
/// assert_eq!(costs.points(900), Points(100_000));
/// assert_eq!(costs.points(2_001), Points(74_975));
/// assert_eq!(costs.points(9_000), Points(0));
///
/// // And back: 20.00 is the most that still earns 75 points.
/// assert_eq!(costs.least(Points(75_000)), Some(2_000));
///
/// assert_eq!(costs.slope(), Some(Slope::Falls));
/// assert_eq!((costs.fewest(), costs.most()), (Points(0), Points(100_000)));
/// assert_eq!(costs.width(), 4_000);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Scale(
    /// The corners, by rising value.
    #[cfg_attr(feature = "schema", schemars(length(min = 2)))]
    pub Vec<Corner>,
);

/// Which way a [`Scale`] goes.
///
/// [`Scale`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slope {
    /// A greater value earns more points.
    Rises,
    /// A greater value earns fewer points.
    Falls,
}

impl Scale {
    /// The straight line from nothing at 0 to the most points at `best`.
    pub(crate) fn up_to(best: i64) -> Self {
        let corners = [(0, 0), (best, POINTS_MAX)];
        Self(corners.map(|(at, points)| Corner { at, points }).to_vec())
    }

    /// What a value earns; nothing where the scale has no corner.
    ///
    /// [`Scale`] has an example.
    #[must_use]
    pub fn points(&self, value: i64) -> Points {
        let mut before: Option<&Corner> = None;
        for corner in &self.0 {
            if value <= corner.at {
                let points = before.map_or_else(|| full(corner), |low| between(low, corner, value));
                return Points(points);
            }
            before = Some(corner);
        }
        Points(before.map_or(0, full))
    }

    /// The fewest points that any value earns.
    ///
    /// [`Scale`] has an example.
    #[must_use]
    pub fn fewest(&self) -> Points {
        Points(self.0.iter().map(full).min().unwrap_or(0))
    }

    /// The most points that any value earns.
    ///
    /// [`Scale`] has an example.
    #[must_use]
    pub fn most(&self) -> Points {
        Points(self.0.iter().map(full).max().unwrap_or(0))
    }

    /// Which way it goes; `None` where both ends earn the same.
    ///
    /// [`Scale`] has an example.
    #[must_use]
    pub fn slope(&self) -> Option<Slope> {
        let (first, last) = (full(self.0.first()?), full(self.0.last()?));
        match first.cmp(&last) {
            std::cmp::Ordering::Less => Some(Slope::Rises),
            std::cmp::Ordering::Greater => Some(Slope::Falls),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// How far its ends lie apart.
    ///
    /// [`Scale`] has an example.
    #[must_use]
    pub fn width(&self) -> u64 {
        let ends = self.0.first().zip(self.0.last());
        ends.map_or(0, |(first, last)| last.at.abs_diff(first.at))
    }

    /// The worst value that earns at least `needed`; `None` when every value does, or none. It is the exact
    /// inverse of [`points`](Self::points) of a scale without faults: the value one step worse earns less.
    ///
    /// [`Scale`] has an example.
    #[must_use]
    pub fn least(&self, needed: Points) -> Option<i64> {
        let falls = self.slope()? == Slope::Falls;
        // A falling scale is read backwards and mirrored, so that it rises.
        let corner = |place: usize| {
            let last = self.0.len().checked_sub(1)?;
            let corner = self.0.get(if falls { last.checked_sub(place)? } else { place })?;
            let at = i128::from(corner.at);
            Some((if falls { at.saturating_neg() } else { at }, full(corner)))
        };
        let mut from = corner(0).filter(|(_, points)| *points < needed.0)?;
        for place in 1..self.0.len() {
            let to = corner(place)?;
            if to.1 >= needed.0 {
                let crossed = crossing(from, to, needed.0)?;
                let value = if falls { crossed.saturating_neg() } else { crossed };
                return i64::try_from(value).ok();
            }
            from = to;
        }
        None
    }

    /// Every fault of the scale, under its `path`: of the values that can be taken at all, and of the way
    /// it should go, where these are known.
    ///
    /// ```
    /// use guanxi::scale::{Corner, Scale, Slope};
    ///
    /// let days = Scale(vec![Corner { at: -1, points: 0 }, Corner { at: 30, points: 100 }]);
    /// assert_eq!(days.lint("scale", None, Some(Slope::Rises)), []);
    /// let faults = days.lint("scale", Some(0..=i64::MAX), Some(Slope::Falls));
    /// assert_eq!(faults[0].to_string(), "scale.0.at: no such value can be; choose one that can");
    /// assert_eq!(faults[1].problem, "the points run the wrong way");
    /// ```
    #[must_use]
    pub fn lint(
        &self,
        path: &str,
        domain: Option<RangeInclusive<i64>>,
        slope: Option<Slope>,
    ) -> Vec<Fault> {
        let domain = domain.unwrap_or(i64::MIN..=i64::MAX);
        let mut faults = Vec::new();
        for (place, corner) in self.0.iter().enumerate() {
            if corner.points > POINTS_MAX {
                let path = format!("{path}.{place}.points");
                faults.push(Fault::new(path, "points lie between 0 and 100", "choose at most 100"));
            }
            if !domain.contains(&corner.at) {
                let path = format!("{path}.{place}.at");
                faults.push(Fault::new(path, "no such value can be", "choose one that can"));
            }
        }
        let mut check = |sound: bool, problem, remedy| {
            if !sound {
                faults.push(Fault::new(path, problem, remedy));
            }
        };
        let several = self.0.len() >= 2;
        check(several, "a scale needs a beginning and an end", "give at least 2 corners");
        check(
            self.0.is_sorted_by(|one, next| one.at < next.at),
            "the values are not in ascending order, or one comes twice",
            "order the corners by `at` and give each value once",
        );
        let rises = self.0.is_sorted_by(|one, next| one.points <= next.points);
        let falls = self.0.is_sorted_by(|one, next| one.points >= next.points);
        check(rises || falls, "the scale rises and falls", "let it only rise or only fall");
        check(
            !(several && rises && falls),
            "every value earns the same, so the scale decides nothing",
            "let the ends differ, or leave the measure out",
        );
        let wrong_way = match slope {
            Some(Slope::Rises) => falls && !rises,
            Some(Slope::Falls) => rises && !falls,
            None => false,
        };
        check(!wrong_way, "the points run the wrong way", "let the other end earn the most");
        faults
    }
}

/// The points of a corner, in thousandths. Of a scale that nobody linted, they may be too many.
fn full(corner: &Corner) -> i64 {
    i64::from(corner.points.min(POINTS_MAX)).saturating_mul(THOUSAND)
}

/// What is climbed is counted from the lower corner, so that halves round up on both slopes.
fn between(left: &Corner, right: &Corner, value: i64) -> i64 {
    let (low, high) = if left.points <= right.points { (left, right) } else { (right, left) };
    let rise = full(high).saturating_sub(full(low));
    // Within 64 bits, but the ends of the range of values may lie further apart than that.
    let (part, width) = (value.abs_diff(low.at), right.at.abs_diff(left.at));
    let narrow = i64::try_from(part).ok().and_then(|part| rise.checked_mul(part));
    let climbed = match (narrow, i64::try_from(width)) {
        (Some(product), Ok(width)) => divide(product, width),
        _ => wide(i128::from(rise).saturating_mul(i128::from(part)), i128::from(width)),
    };
    full(low).saturating_add(climbed)
}

/// Between two corners of a rising scale, the least value whose rounded points are `needed`: [`between`]
/// solved for the value. At least half a thousandth less than `needed` must be climbed, rounded up.
fn crossing(from: (i128, i64), to: (i128, i64), needed: i64) -> Option<i128> {
    let width = to.0.checked_sub(from.0)?;
    let half_steps = i128::from(needed.checked_sub(from.1)?).checked_mul(2)?.checked_sub(1)?;
    let rise = i128::from(to.1.checked_sub(from.1)?).checked_mul(2)?;
    let climbed = half_steps.checked_mul(width)?;
    let whole = climbed.checked_div_euclid(rise)?;
    let rest = i128::from(climbed.checked_rem_euclid(rise)? != 0);
    from.0.checked_add(whole.checked_add(rest)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(corners: &[(i64, u8)]) -> Scale {
        Scale(corners.iter().map(|&(at, points)| Corner { at, points }).collect())
    }

    #[test]
    fn a_scale_has_an_answer_for_every_value() {
        assert_eq!(scale(&[]).points(7), Points(0));
        assert_eq!(scale(&[(5, 30)]).points(7), Points(30_000));
        let whole = scale(&[(i64::MIN, 0), (i64::MAX, 100)]);
        assert_eq!(whole.points(i64::MIN), Points(0));
        assert_eq!(whole.points(0), Points(50_000));
        assert_eq!(whole.points(i64::MAX), Points(100_000));
        // Out of order and too much, as the lint forbids: still an answer, and still a score.
        let wild = scale(&[(5, 10), (1, 255), (5, 20)]);
        for value in -1..8 {
            assert!((0..=100_000).contains(&wild.points(value).0));
        }
    }

    #[test]
    fn halves_round_up_on_both_slopes() {
        // An odd number of half thousandths.
        assert_eq!(scale(&[(0, 0), (200_000, 100)]).points(1), Points(1));
        assert_eq!(scale(&[(0, 100), (200_000, 0)]).points(199_999), Points(1));
    }

    #[test]
    fn the_least_value_earns_enough_and_the_next_worse_one_does_not() {
        let rising = scale(&[(-10, 0), (0, 0), (7, 33), (100, 100)]);
        let falling = scale(&[(0, 100), (9, 50), (9_999, 0)]);
        let widest = scale(&[(i64::MIN, 3), (i64::MAX, 99)]);
        for needed in (1..=100_000).step_by(97).map(Points) {
            for (scale, worse, best) in
                [(&rising, -1, 100), (&falling, 1, 0), (&widest, -1, i64::MAX)]
            {
                let least = scale.least(needed);
                assert_eq!(
                    least.is_some(),
                    scale.points(best) >= needed && scale.fewest() < needed
                );
                if let Some(value) = least {
                    assert!(scale.points(value) >= needed, "{needed} {scale:?}");
                    assert!(scale.points(value + worse) < needed, "{needed} {scale:?}");
                }
            }
        }
        assert_eq!(rising.least(Points(0)), None);
    }

    #[test]
    fn faults_are_found_at_their_paths() {
        let paths = |corners: &[(i64, u8)], slope| {
            let faults = scale(corners).lint("scale", Some(0..=9), slope);
            faults.into_iter().map(|fault| fault.path).collect::<Vec<_>>()
        };
        let sound = Vec::<String>::new();
        assert_eq!(paths(&[(0, 0), (9, 100)], Some(Slope::Rises)), sound);
        assert_eq!(paths(&[(0, 100), (9, 0)], Some(Slope::Falls)), sound);
        assert_eq!(paths(&[(0, 100), (9, 0)], None), sound);
        assert_eq!(paths(&[], None), ["scale"]);
        assert_eq!(paths(&[(0, 0)], None), ["scale"]);
        assert_eq!(paths(&[(1, 0), (1, 100)], None), ["scale"]);
        assert_eq!(paths(&[(0, 0), (1, 101)], None), ["scale.1.points"]);
        assert_eq!(paths(&[(0, 0), (1, 50), (2, 40)], None), ["scale"]);
        assert_eq!(paths(&[(0, 50), (1, 50)], Some(Slope::Rises)), ["scale"]);
        assert_eq!(paths(&[(-1, 0), (10, 50)], None), ["scale.0.at", "scale.1.at"]);
        assert_eq!(paths(&[(0, 100), (9, 0)], Some(Slope::Rises)), ["scale"]);
        assert_eq!(paths(&[(0, 0), (9, 100)], Some(Slope::Falls)), ["scale"]);
    }
}
