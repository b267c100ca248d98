use std::fmt;
use std::str::FromStr;

use super::{TimeError, number, two_digits};

/// A civil day: one square on the wall calendar of the business.
///
/// Proleptic Gregorian, from 0001-01-01 to 9999-12-31. A day has no zone and no hours; which
/// instants it covers is asked of a [`Zone`](super::Zone). It prints, parses and is stored as
/// `1997-01-31`: four, two and two digits, nothing else.
///
/// ```
/// use guanxi::Day;
///
/// let last_order: Day = "1997-01-31".parse()?;
/// let due = last_order.saturating_add_days(91);
///
/// assert_eq!(due, Day::from_ymd(1997, 5, 2)?);
/// assert_eq!(due.days_since(last_order), 91);
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// Days from 0000-03-01, where the arithmetic below counts from, to 1970-01-01. Years that begin in
/// March keep the leap day at their end, out of the way of every month's length.
const EPOCH_FROM_MARCH_0: i32 = 719_468;

impl Day {
    /// 0001-01-01, the first day of the calendar.
    pub const MIN: Self = Self(-719_162);
    /// 9999-12-31, the last day of the calendar.
    pub const MAX: Self = Self(2_932_896);

    /// The day of this year, month (1 to 12) and day of the month (from 1).
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] if the year is not 1 to 9999, [`TimeError::NotADate`] if the year
    /// has no such month or day.
    ///
    /// ```
    /// use guanxi::{Day, TimeError};
    ///
    /// assert!(Day::from_ymd(2000, 2, 29).is_ok());
    /// assert_eq!(Day::from_ymd(1900, 2, 29), Err(TimeError::NotADate));
    /// assert_eq!(Day::from_ymd(10_000, 1, 1), Err(TimeError::OutOfRange));
    /// ```
    pub const fn from_ymd(year: i32, month: u32, day: u32) -> Result<Self, TimeError> {
        if year < 1 || year > 9999 {
            return Err(TimeError::OutOfRange);
        }
        if day < 1 || day > days_in_month(year, month) {
            return Err(TimeError::NotADate);
        }
        Ok(Self(days_from_civil(year, month, day)))
    }

    /// The day this many days after 1970-01-01, or before it if negative.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] outside [`Day::MIN`] to [`Day::MAX`].
    ///
    /// ```
    /// use guanxi::Day;
    ///
    /// assert_eq!(Day::from_days_since_epoch(-1), Day::from_ymd(1969, 12, 31));
    /// ```
    pub const fn from_days_since_epoch(days: i32) -> Result<Self, TimeError> {
        if days < Self::MIN.0 || days > Self::MAX.0 {
            return Err(TimeError::OutOfRange);
        }
        Ok(Self(days))
    }

    /// Days from 1970-01-01 to this day, negative before it.
    #[must_use]
    pub const fn days_since_epoch(self) -> i32 {
        self.0
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.civil().0
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> u32 {
        self.civil().1
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub const fn day_of_month(self) -> u32 {
        self.civil().2
    }

    /// Days from `earlier` to this day; negative if this day is before it.
    ///
    /// ```
    /// use guanxi::Day;
    ///
    /// let (first, second) = (Day::from_ymd(2024, 2, 28)?, Day::from_ymd(2024, 3, 1)?);
    /// assert_eq!(second.days_since(first), 2);
    /// assert_eq!(first.days_since(second), -2);
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> i64 {
        (self.0 as i64).saturating_sub(earlier.0 as i64)
    }

    /// The day this many days later (earlier if negative), or the calendar's end on that side.
    ///
    /// ```
    /// use guanxi::Day;
    ///
    /// assert_eq!(Day::MAX.saturating_add_days(1), Day::MAX);
    /// assert_eq!(Day::MAX.saturating_add_days(i64::MIN), Day::MIN);
    /// ```
    #[must_use]
    pub fn saturating_add_days(self, days: i64) -> Self {
        Self::saturating_from_epoch(i64::from(self.0).saturating_add(days))
    }

    /// The following day; the last day of the calendar is followed by itself.
    #[must_use]
    pub fn next(self) -> Self {
        self.saturating_add_days(1)
    }

    pub(super) fn saturating_from_epoch(days: i64) -> Self {
        let days = days.clamp(i64::from(Self::MIN.0), i64::from(Self::MAX.0));
        Self(i32::try_from(days).unwrap_or(Self::MAX.0))
    }

    /// Year, month and day of the month, in integers only: four years have 1461 days, four
    /// centuries 146 097, and the five months from March take 153 days in every year.
    #[expect(
        clippy::arithmetic_side_effects,
        clippy::cast_sign_loss,
        clippy::cast_possible_wrap,
        reason = "a day within the calendar is 306 to 3 652 364 days after 0000-03-01"
    )]
    const fn civil(self) -> (i32, u32, u32) {
        let quarters = (self.0 + EPOCH_FROM_MARCH_0) as u32 * 4 + 3;
        let (century, day_of_century) = (quarters / 146_097, quarters % 146_097 / 4);
        let quarters = day_of_century * 4 + 3;
        let (year_of_century, day_of_year) = (quarters / 1461, quarters % 1461 / 4);
        let fifths = day_of_year * 5 + 2;
        let (month_from_march, day) = (fifths / 153, fifths % 153 / 5 + 1);
        let year = (century * 100 + year_of_century) as i32;
        if month_from_march < 10 {
            (year, month_from_march + 3, day)
        } else {
            (year + 1, month_from_march - 9, day)
        }
    }

    pub(super) const fn text(self) -> [u8; 10] {
        let (year, month, day) = self.civil();
        let [y0, y1] = two_digits(year.unsigned_abs() / 100);
        let [y2, y3] = two_digits(year.unsigned_abs());
        let [m0, m1] = two_digits(month);
        let [d0, d1] = two_digits(day);
        [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1]
    }
}

/// Zero for a month that is none, so that no day is in it.
const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 0,
    }
}

/// The inverse of [`Day::civil`].
#[expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_wrap,
    reason = "called with a day that exists, within the years 1 to 9999"
)]
const fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let (year, month_from_march) =
        if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let day_of_year = (month_from_march * 153 + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year as i32 - EPOCH_FROM_MARCH_0
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.text()).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Day {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text.as_bytes() else {
            return Err(TimeError::NotADate);
        };
        let year = number(&[y0, y1, y2, y3]).and_then(|year| i32::try_from(year).ok());
        let (month, day) = (number(&[m0, m1]), number(&[d0, d1]));
        match (year, month, day) {
            (Some(year), Some(month), Some(day)) => Self::from_ymd(year, month, day),
            _ => Err(TimeError::NotADate),
        }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows should fail")]
mod tests {
    use chrono::{Datelike, NaiveDate};
    use proptest::prelude::*;

    use super::*;

    fn any_day() -> impl Strategy<Value = Day> {
        (Day::MIN.0..=Day::MAX.0).prop_map(Day)
    }

    proptest! {
        #[test]
        fn text_reads_back(day in any_day()) {
            prop_assert_eq!(day.to_string().parse(), Ok(day));
            let json = serde_json::to_string(&day).unwrap();
            prop_assert_eq!(serde_json::from_str::<Day>(&json).unwrap(), day);
        }

        #[test]
        fn adding_undoes_counting(from in any_day(), to in any_day()) {
            prop_assert_eq!(from.saturating_add_days(to.days_since(from)), to);
            prop_assert_eq!(to.days_since(from), -from.days_since(to));
        }

        #[test]
        fn parsing_never_panics_and_takes_one_spelling(text in "[-+ 0-9]{0,11}|\\PC{0,12}") {
            if let Ok(day) = text.parse::<Day>() {
                prop_assert_eq!(day.to_string(), text);
            }
        }
    }

    #[test]
    fn every_day_agrees_with_chrono() {
        let mut theirs = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
        for days in Day::MIN.0..=Day::MAX.0 {
            let ours = Day::from_days_since_epoch(days).unwrap();
            assert_eq!(
                (ours.year(), ours.month(), ours.day_of_month()),
                (theirs.year(), theirs.month(), theirs.day())
            );
            assert_eq!(Day::from_ymd(theirs.year(), theirs.month(), theirs.day()), Ok(ours));
            theirs = theirs.succ_opt().unwrap();
        }
        assert_eq!(theirs, NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap());
    }

    #[test]
    fn the_calendar_ends_on_both_sides() {
        assert_eq!(Day::from_ymd(1, 1, 1), Ok(Day::MIN));
        assert_eq!(Day::from_ymd(9999, 12, 31), Ok(Day::MAX));
        for (year, month, day) in [(0, 12, 31), (10_000, 1, 1), (i32::MIN, 1, 1), (i32::MAX, 1, 1)]
        {
            assert_eq!(Day::from_ymd(year, month, day), Err(TimeError::OutOfRange));
        }
        assert_eq!(Day::from_days_since_epoch(Day::MIN.0), Ok(Day::MIN));
        assert_eq!(Day::from_days_since_epoch(Day::MAX.0), Ok(Day::MAX));
        for days in [Day::MIN.0 - 1, Day::MAX.0 + 1, i32::MIN, i32::MAX] {
            assert_eq!(Day::from_days_since_epoch(days), Err(TimeError::OutOfRange));
        }
        assert_eq!(Day::MAX.next(), Day::MAX);
        assert_eq!(Day(Day::MAX.0 - 1).next(), Day::MAX);
        assert_eq!(Day::MIN.saturating_add_days(-1), Day::MIN);
        assert_eq!(Day::MIN.saturating_add_days(i64::MAX), Day::MAX);
        assert_eq!(Day::MAX.days_since(Day::MIN), 3_652_058);
    }

    #[test]
    fn leap_days_follow_the_gregorian_rule() {
        for year in [4, 1996, 2000, 2024, 2400] {
            assert!(Day::from_ymd(year, 2, 29).is_ok(), "{year}");
        }
        for year in [1, 1900, 2023, 2100, 2200] {
            assert_eq!(Day::from_ymd(year, 2, 29), Err(TimeError::NotADate), "{year}");
        }
    }

    #[test]
    fn days_that_no_month_has_are_refused() {
        for (month, day) in
            [(0, 1), (13, 1), (1, 0), (1, 32), (4, 31), (2, 30), (u32::MAX, u32::MAX)]
        {
            assert_eq!(Day::from_ymd(2024, month, day), Err(TimeError::NotADate), "{month}-{day}");
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "1997-1-31",
            "97-01-31",
            "19970131",
            "1997/01/31",
            " 1997-01-31",
            "1997-01-31 ",
            "1997-01-31T00:00:00Z",
            "+997-01-31",
            "-997-01-31",
            "1997-01-3x",
            "1997-13-01",
            "1997-02-29",
            "1997-01-３1",
        ] {
            assert_eq!(text.parse::<Day>(), Err(TimeError::NotADate), "{text:?}");
        }
        assert_eq!("0000-12-31".parse::<Day>(), Err(TimeError::OutOfRange));
    }

    #[test]
    fn json_takes_borrowed_owned_and_escaped_text() {
        let day = Day::from_ymd(1997, 1, 31).unwrap();
        assert_eq!(serde_json::from_str::<Day>("\"1997-01-31\"").unwrap(), day);
        assert_eq!(serde_json::from_str::<Day>("\"\\u0031997-01-31\"").unwrap(), day);
        assert_eq!(serde_json::from_value::<Day>("1997-01-31".into()).unwrap(), day);
        let refused = serde_json::from_str::<Day>("\"1997-02-30\"").unwrap_err().to_string();
        assert!(refused.starts_with("not a date of the form 1997-01-31"), "{refused}");
        let refused = serde_json::from_str::<Day>("19970131").unwrap_err().to_string();
        assert!(refused.contains("expected a date of the form 1997-01-31"), "{refused}");
    }

    #[test]
    fn debug_and_padding_follow_display() {
        let day = Day::from_ymd(7, 1, 31).unwrap();
        assert_eq!(
            format!("{day:?}|{day:>12}|{day:<12}|"),
            "0007-01-31|  0007-01-31|0007-01-31  |"
        );
    }
}
