//! Scales: from a measured value to points, in whole numbers only.

use serde::{Deserialize, Serialize};

/// Thousandths of a point in a point.
pub(super) const THOUSAND: i64 = 1_000;

/// One corner of a [`Scale`].
///
/// [`Scale`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Corner {
    /// The value, in the unit of the indicator.
    pub at: i64,
    /// The points given for it, from 0 (no risk) to 100.
    pub points: u8,
}

/// From a value to points: straight lines between corners, level beyond the outer ones. Points
/// between corners are rounded to thousandths, half up.
///
/// ```
/// use guanxi::churn::{Corner, Scale};
/// use guanxi::explain::Points;
///
/// // Twice the usual gap is 40 points, three times is 75.
/// let scale: Scale = serde_json::from_str(
///     r#"[{"at":10000,"points":0},{"at":20000,"points":40},{"at":30000,"points":75}]"#,
/// )?;
/// assert_eq!(scale.points(20_000), Points(40_000));
/// assert_eq!(scale.points(25_000), Points(57_500));
/// assert_eq!((scale.points(i64::MIN), scale.points(i64::MAX)), (Points(0), Points(75_000)));
/// assert_eq!(Scale(vec![Corner { at: 3, points: 50 }]).points(0), Points(50_000));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Scale(
    /// The corners, by rising value.
    pub Vec<Corner>,
);

impl Scale {
    /// The most points that any value has.
    pub(super) fn most(&self) -> i64 {
        let points = self.0.iter().map(|corner| i64::from(corner.points.min(100)));
        points.max().unwrap_or(0).saturating_mul(THOUSAND)
    }

    /// The points for a value; none where the scale has no corner.
    #[must_use]
    pub fn points(&self, value: i64) -> crate::explain::Points {
        let mut before: Option<&Corner> = None;
        for corner in &self.0 {
            if value <= corner.at {
                let points = before.map_or_else(|| full(corner), |low| between(low, corner, value));
                return crate::explain::Points(points);
            }
            before = Some(corner);
        }
        crate::explain::Points(before.map_or(0, full))
    }
}

fn full(corner: &Corner) -> i64 {
    i64::from(corner.points).saturating_mul(THOUSAND)
}

fn between(low: &Corner, high: &Corner, value: i64) -> i64 {
    let rise = full(high).saturating_sub(full(low));
    let climbed = match (value.checked_sub(low.at), high.at.checked_sub(low.at)) {
        (Some(part), Some(whole)) => proportion(rise, part, whole),
        // Corners further apart than an i64 can tell.
        _ => {
            let part = i128::from(value).saturating_sub(i128::from(low.at));
            let whole = i128::from(high.at).saturating_sub(i128::from(low.at));
            wide(i128::from(rise).saturating_mul(part), whole)
        }
    };
    full(low).saturating_add(climbed)
}

/// `part * windows` of `whole` in basis points, rounded half away from zero.
pub(super) fn share(part: i64, windows: i64, whole: i64) -> i64 {
    let narrow = part.checked_mul(windows).and_then(|part| part.checked_mul(10_000));
    narrow.map_or_else(
        || {
            let part = i128::from(part).saturating_mul(i128::from(windows));
            wide(part.saturating_mul(10_000), i128::from(whole))
        },
        |part| divide(part, whole),
    )
}

/// `value * part / whole`, rounded half away from zero; 0 where there is no whole.
pub(super) fn proportion(value: i64, part: i64, whole: i64) -> i64 {
    // A wide division costs several narrow ones, and almost all products are narrow.
    value.checked_mul(part).map_or_else(
        || wide(i128::from(value).saturating_mul(i128::from(part)), i128::from(whole)),
        |product| divide(product, whole),
    )
}

/// `value / whole`, rounded half away from zero; 0 unless `whole` is positive.
pub(super) fn divide(value: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let (Some(quotient), Some(rest)) = (value.checked_div(whole), value.checked_rem(whole)) else {
        return 0;
    };
    let rest = rest.unsigned_abs();
    if rest >= whole.unsigned_abs().saturating_sub(rest) && rest > 0 {
        quotient.saturating_add(value.signum())
    } else {
        quotient
    }
}

fn wide(value: i128, whole: i128) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let (Some(quotient), Some(rest)) = (value.checked_div(whole), value.checked_rem(whole)) else {
        return 0;
    };
    let rest = rest.unsigned_abs();
    let rounds_away = rest > 0 && rest >= whole.unsigned_abs().saturating_sub(rest);
    let rounded = if rounds_away { quotient.saturating_add(value.signum()) } else { quotient };
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_away_from_zero() {
        for (value, whole, rounded) in
            [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (5, 3, 2), (-4, 3, -1), (-5, 3, -2), (0, 7, 0)]
        {
            assert_eq!(divide(value, whole), rounded, "{value} / {whole}");
            assert_eq!(wide(value.into(), whole.into()), rounded, "{value} / {whole}");
        }
        assert_eq!(divide(1, 0), 0);
        assert_eq!(divide(i64::MIN, 1), i64::MIN);
    }

    #[test]
    fn a_scale_has_an_answer_for_every_value() {
        let corner = |at, points| Corner { at, points };
        assert_eq!(Scale(Vec::new()).points(1).0, 0);
        let widest = Scale(vec![corner(i64::MIN, 0), corner(i64::MAX, 100)]);
        assert_eq!(widest.points(i64::MIN).0, 0);
        assert_eq!(widest.points(0).0, 50_000);
        assert_eq!(widest.points(i64::MAX).0, 100_000);
        // Out of order, as the lint forbids: still an answer.
        let wild = Scale(vec![corner(5, 10), corner(1, 90), corner(5, 20)]);
        for value in -1..8 {
            assert!((0..=100_000).contains(&wild.points(value).0));
        }
    }

    #[test]
    fn shares_hold_at_the_ends_of_the_range() {
        assert_eq!(share(i64::MAX, 1, i64::MAX), 10_000);
        assert_eq!(share(i64::MAX, 2, 1), i64::MAX);
        assert_eq!(share(i64::MIN, 2, 1), i64::MIN);
        assert_eq!(proportion(i64::MAX, i64::MAX, i64::MAX), i64::MAX);
    }
}
