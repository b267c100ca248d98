//! Fixed-point arithmetic: division rounded half away from zero, and sums whose rounded parts add up.
//!
//! Nothing here overflows or panics: what does not fit is the nearest end of the range. A division in 128
//! bits costs several in 64, and almost all products are narrow, so the narrow one is tried first.

/// The whole, in basis points.
pub(crate) const WHOLE: i64 = 10_000;

/// `value / whole`, rounded half away from zero; 0 unless `whole` is positive.
pub(crate) fn divide(value: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let Some(quotient) = value.checked_div(whole) else { return 0 };
    let rest = value.wrapping_sub(quotient.wrapping_mul(whole)).unsigned_abs();
    if rest >= whole.unsigned_abs().saturating_sub(rest) {
        quotient.saturating_add(value.signum())
    } else {
        quotient
    }
}

/// `value * part / whole`, rounded half away from zero; 0 unless `whole` is positive.
pub(crate) fn proportion(value: i64, part: i64, whole: i64) -> i64 {
    match value.checked_mul(part) {
        Some(product) => divide(product, whole),
        None => wide(i128::from(value).saturating_mul(i128::from(part)), i128::from(whole)),
    }
}

/// `part / whole` in basis points, rounded half away from zero; 0 unless `whole` is positive.
pub(crate) fn share(part: i64, whole: i64) -> i64 {
    proportion(part, WHOLE, whole)
}

/// `value / whole` in 128 bits, rounded half away from zero; 0 unless `whole` is positive.
pub(crate) fn wide(value: i128, whole: i128) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let (Some(quotient), Some(rest)) = (value.checked_div(whole), value.checked_rem(whole)) else {
        return 0;
    };
    let rest = rest.unsigned_abs();
    let away = rest > 0 && rest >= whole.unsigned_abs().saturating_sub(rest);
    let rounded = if away { quotient.saturating_add(value.signum()) } else { quotient };
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

/// The least whole number that is at least `share` basis points of `value`; `None` when it does not fit.
pub(crate) fn share_up(value: i64, share: i64) -> Option<i64> {
    let below = WHOLE.saturating_sub(1);
    if let Some(scaled) = value.checked_mul(share).and_then(|scaled| scaled.checked_add(below)) {
        return scaled.checked_div_euclid(WHOLE);
    }
    let scaled = i128::from(value).checked_mul(i128::from(share))?;
    let least = scaled.checked_add(i128::from(below))?.checked_div_euclid(i128::from(WHOLE))?;
    i64::try_from(least).ok()
}

/// A sum that is exact, beside the rounded units that were handed out for it: each part is the rounded
/// sum up to and with it less the rounded sum before it, so all parts together are the exact sum, rounded
/// once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RunningSum {
    /// What one rounded unit is in `exact`.
    unit: i64,
    exact: i64,
    rounded: i64,
}

impl RunningSum {
    /// Nothing so far; one rounded unit is `unit` of what will be added.
    pub(crate) const fn new(unit: i64) -> Self {
        Self { unit, exact: 0, rounded: 0 }
    }

    /// The exact sum.
    pub(crate) const fn exact(&self) -> i64 {
        self.exact
    }

    /// The sum in whole units, rounded once: what all parts together came to.
    pub(crate) const fn rounded(&self) -> i64 {
        self.rounded
    }

    /// Adds to the exact sum, and says how many rounded units that makes.
    pub(crate) fn add(&mut self, exact: i64) -> i64 {
        self.reach(self.exact.saturating_add(exact))
    }

    /// Takes the exact sum to `exact`, and says how many rounded units that adds.
    pub(crate) fn reach(&mut self, exact: i64) -> i64 {
        self.exact = exact;
        let before = std::mem::replace(&mut self.rounded, divide(exact, self.unit));
        self.rounded.saturating_sub(before)
    }
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
            assert_eq!(proportion(value, 1, whole), rounded, "{value} / {whole}");
        }
        assert_eq!((divide(1, 0), wide(1, 0), proportion(1, 1, 0)), (0, 0, 0));
        assert_eq!((share(1, 3), share(-2, 3), share(i64::MAX, i64::MAX)), (3_333, -6_667, WHOLE));
        assert_eq!(divide(i64::MIN, 1), i64::MIN);
        assert_eq!(proportion(i64::MAX, i64::MAX, i64::MAX), i64::MAX);
        assert_eq!(proportion(i64::MIN, 2, 1), i64::MIN);
    }

    #[test]
    fn shares_are_rounded_up_in_both_widths() {
        assert_eq!(share_up(100, 10_500), Some(105));
        assert_eq!(share_up(101, 10_500), Some(107));
        assert_eq!(share_up(-101, 10_500), Some(-106));
        assert_eq!(share_up(1, 9_500), Some(1));
        assert_eq!(share_up(i64::MAX, 10_000), Some(i64::MAX));
        assert_eq!(share_up(i64::MAX, 10_001), None);
        assert_eq!(share_up(i64::MAX, 1), Some(922_337_203_685_478));
        assert_eq!(share_up(i64::MIN, 0), Some(0));
    }

    #[test]
    fn thirds_add_up_to_the_whole() {
        let mut sum = RunningSum::new(3);
        assert_eq!(
            [100_000, 100_000, 100_000].map(|exact| sum.add(exact)),
            [33_333, 33_334, 33_333]
        );
        assert_eq!((sum.exact(), sum.rounded()), (300_000, 100_000));
        assert_eq!(sum.reach(150_000), -50_000);
    }
}
