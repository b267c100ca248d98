use std::fmt;
use std::str::FromStr;

use super::{Day, MICROS_PER_DAY, MICROS_PER_SECOND, TimeError, Timestamp, number};

/// Where the days of the business begin and end.
///
/// UTC, a fixed offset, or, with the crate feature `tz`, a name of the time zone database. It prints,
/// parses and is stored as `UTC`, `+08:00` or `Asia/Shanghai`; the default is UTC. An offset of zero is
/// UTC.
///
/// The days of a zone follow one another without gap or overlap: for every day `d` and instant `t`,
/// `start_of(d) <= t` exactly when `d <= day_of(t)`. Where the clocks of a named zone jump:
///
/// * A day whose midnight is skipped begins at the first instant after the jump.
/// * A day that is skipped altogether is empty: it begins when the next one does.
/// * A day begins once: when clocks fall back across midnight, what they repeat of the day before
///   belongs to the day that has begun.
///
/// Instants that a zone puts before the first or after the last day of the calendar belong to that day.
///
/// ```
/// use guanxi::{Day, Zone};
///
/// let shop = Zone::fixed(8 * 60)?;
/// let day = Day::from_ymd(1997, 2, 1)?;
///
/// assert_eq!(shop.start_of(day).to_string(), "1997-01-31T16:00:00Z");
/// assert_eq!(shop.end_of(day).to_string(), "1997-02-01T15:59:59.999999Z");
/// assert_eq!(shop.to_string(), "+08:00");
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Rule);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Rule {
    Fixed {
        offset_minutes: i32,
    },
    #[cfg(feature = "tz")]
    Named(chrono_tz::Tz),
}

/// Wider than any offset in use, as in other calendars.
const OFFSET_MINUTES_MAX: i32 = 18 * 60;

impl Zone {
    /// Days that begin at midnight UTC.
    pub const UTC: Self = Self(Rule::Fixed { offset_minutes: 0 });

    /// Days that begin at midnight of clocks this many minutes ahead of UTC, or behind it if negative.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] beyond 18 hours either way.
    ///
    /// ```
    /// use guanxi::{TimeError, Zone};
    ///
    /// assert_eq!(Zone::fixed(0), Ok(Zone::UTC));
    /// assert_eq!(Zone::fixed(18 * 60 + 1), Err(TimeError::OutOfRange));
    /// ```
    pub const fn fixed(offset_minutes: i32) -> Result<Self, TimeError> {
        if offset_minutes < -OFFSET_MINUTES_MAX || offset_minutes > OFFSET_MINUTES_MAX {
            return Err(TimeError::OutOfRange);
        }
        Ok(Self(Rule::Fixed { offset_minutes }))
    }

    /// The day this instant belongs to.
    ///
    /// ```
    /// use guanxi::{Timestamp, Zone};
    ///
    /// let (east, at) = (Zone::fixed(14 * 60)?, Timestamp::UNIX_EPOCH.previous());
    /// assert_eq!(Zone::UTC.day_of(at).to_string(), "1969-12-31");
    /// assert_eq!(east.day_of(at).to_string(), "1970-01-01");
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    #[must_use]
    pub fn day_of(self, at: Timestamp) -> Day {
        match self.0 {
            Rule::Fixed { offset_minutes } => day_at(at, offset_micros(offset_minutes)),
            #[cfg(feature = "tz")]
            Rule::Named(zone) => super::named::day_of(zone, at),
        }
    }

    /// The first instant of this day.
    #[must_use]
    pub fn start_of(self, day: Day) -> Timestamp {
        if day == Day::MIN {
            return Timestamp::MIN;
        }
        match self.0 {
            Rule::Fixed { offset_minutes } => midnight_at(day, offset_micros(offset_minutes)),
            #[cfg(feature = "tz")]
            Rule::Named(zone) => super::named::start_of(zone, day),
        }
    }

    /// The last microsecond of this day, one before the start of the next.
    #[must_use]
    pub fn end_of(self, day: Day) -> Timestamp {
        if day == Day::MAX { Timestamp::MAX } else { self.start_of(day.next()).previous() }
    }
}

/// A given business day is too far from the day of the instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("business day {given} is too far from {expected}, the day it happened on")]
#[non_exhaustive]
pub struct DayTooFar {
    /// The day given.
    pub given: Day,
    /// The day of the instant in the business's zone.
    pub expected: Day,
}

/// How far, in days, a given business day may lie from the day of the instant. Shops that close
/// after midnight, and sources that date by their own zone, are never further off than this.
pub const DAY_OFFSET_DAYS_MAX: u64 = 1;

impl Zone {
    /// The business day of something that happened at `at`: the one given, else the day of the
    /// instant.
    ///
    /// # Errors
    ///
    /// [`DayTooFar`] when the given day is more than [`DAY_OFFSET_DAYS_MAX`] from that of the instant.
    ///
    /// ```
    /// use guanxi::{Day, Timestamp, Zone};
    ///
    /// let after_midnight: Timestamp = "2026-03-02T00:40:00Z".parse()?;
    /// let closing: Day = "2026-03-01".parse()?;
    /// assert_eq!(Zone::UTC.business_day(after_midnight, Some(closing)), Ok(closing));
    /// assert_eq!(Zone::UTC.business_day(after_midnight, None), Ok(closing.next()));
    /// # Ok::<(), guanxi::TimeError>(())
    /// ```
    pub fn business_day(self, at: Timestamp, given: Option<Day>) -> Result<Day, DayTooFar> {
        let expected = self.day_of(at);
        match given {
            Some(given) if given.days_since(expected).unsigned_abs() > DAY_OFFSET_DAYS_MAX => {
                Err(DayTooFar { given, expected })
            }
            Some(given) => Ok(given),
            None => Ok(expected),
        }
    }
}

fn offset_micros(offset_minutes: i32) -> i64 {
    i64::from(offset_minutes).saturating_mul(60 * MICROS_PER_SECOND)
}

/// What the wall calendar shows at this instant under this offset.
pub(super) fn day_at(at: Timestamp, offset_micros: i64) -> Day {
    let local = at.as_micros().saturating_add(offset_micros);
    Day::saturating_from_epoch(local.div_euclid(MICROS_PER_DAY))
}

/// When clocks at this offset show the midnight that begins this day.
pub(super) fn midnight_at(day: Day, offset_micros: i64) -> Timestamp {
    let local = i64::from(day.days_since_epoch()).saturating_mul(MICROS_PER_DAY);
    Timestamp::saturating_from_micros(local.saturating_sub(offset_micros))
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Rule::Fixed { offset_minutes: 0 } => f.pad("UTC"),
            Rule::Fixed { offset_minutes } => {
                let sign = if offset_minutes < 0 { '-' } else { '+' };
                let minutes = offset_minutes.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            #[cfg(feature = "tz")]
            Rule::Named(zone) => f.pad(zone.name()),
        }
    }
}

impl FromStr for Zone {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        match *text.as_bytes() {
            [b'U', b'T', b'C'] => Ok(Self::UTC),
            [sign @ (b'+' | b'-'), h0, h1, b':', m0, m1] => {
                let offset = parse_offset(sign, [h0, h1], [m0, m1]).ok_or(TimeError::NotAZone)?;
                Self::fixed(offset)
            }
            _ => parse_name(text),
        }
    }
}

/// Minutes ahead of UTC. `-00:00` is refused: in RFC 3339 it says that the offset is not known.
fn parse_offset(sign: u8, hours: [u8; 2], minutes: [u8; 2]) -> Option<i32> {
    let minutes = number(&minutes).filter(|&minutes| minutes < 60)?;
    let total = number(&hours)?.checked_mul(60)?.checked_add(minutes)?;
    let total = i32::try_from(total).ok()?;
    match sign {
        b'-' if total == 0 => None,
        b'-' => total.checked_neg(),
        _ => Some(total),
    }
}

#[cfg(feature = "tz")]
fn parse_name(text: &str) -> Result<Zone, TimeError> {
    text.parse().map(|zone| Zone(Rule::Named(zone))).map_err(|_| TimeError::NotAZone)
}

#[cfg(not(feature = "tz"))]
fn parse_name(text: &str) -> Result<Zone, TimeError> {
    let letter_first = |part: &str| part.starts_with(|c: char| c.is_ascii_alphabetic());
    if text.contains('/') && text.split('/').all(letter_first) {
        return Err(TimeError::ZoneNeedsFeature);
    }
    Err(TimeError::NotAZone)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows should fail")]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(in crate::time) fn any_day() -> impl Strategy<Value = Day> {
        let (first, last) = (Day::MIN.days_since_epoch(), Day::MAX.days_since_epoch());
        prop_oneof![first..=last, first..=first + 3, last - 3..=last]
            .prop_map(|days| Day::from_days_since_epoch(days).unwrap())
    }

    fn any_fixed() -> impl Strategy<Value = Zone> {
        prop_oneof![Just(0), -OFFSET_MINUTES_MAX..=OFFSET_MINUTES_MAX]
            .prop_map(|offset| Zone::fixed(offset).unwrap())
    }

    fn offset_minutes(zone: Zone) -> i32 {
        match zone.0 {
            Rule::Fixed { offset_minutes } => offset_minutes,
            #[cfg(feature = "tz")]
            Rule::Named(name) => panic!("{name} has no fixed offset"),
        }
    }

    /// An instant anywhere, or within two days of the one given.
    fn near(at: Timestamp) -> impl Strategy<Value = Timestamp> {
        let anywhere = Timestamp::MIN.as_micros()..=Timestamp::MAX.as_micros();
        prop_oneof![
            1 => anywhere.prop_map(Timestamp::saturating_from_micros),
            1 => Just(at),
            1 => Just(at.previous()),
            4 => (-172_800_i64..=172_800).prop_map(move |seconds| at.saturating_add_seconds(seconds)),
        ]
    }

    pub(in crate::time) fn zone_day_instant(
        zones: impl Strategy<Value = Zone>,
        days: impl Strategy<Value = Day>,
    ) -> impl Strategy<Value = (Zone, Day, Timestamp)> {
        (zones, days).prop_flat_map(|(zone, day)| (Just(zone), Just(day), near(zone.start_of(day))))
    }

    /// The days of a zone partition time: each instant is in exactly one, in order.
    pub(in crate::time) fn check_partition(zone: Zone, day: Day, at: Timestamp) {
        assert_eq!(zone.start_of(day) <= at, day <= zone.day_of(at), "{zone} {day} {at}");
        let own = zone.day_of(at);
        assert!(zone.start_of(own) <= at && at <= zone.end_of(own), "{zone} {at}");
        assert!(zone.start_of(day) <= zone.start_of(day.next()), "{zone} {day}");
    }

    proptest! {
        #[test]
        fn fixed_days_partition_time((zone, day, at) in zone_day_instant(any_fixed(), any_day())) {
            check_partition(zone, day, at);
            prop_assert_eq!(zone.day_of(zone.start_of(day)), day);
            prop_assert_eq!(zone.day_of(zone.end_of(day)), day);
        }

        #[test]
        fn fixed_days_agree_with_chrono((zone, day, at) in zone_day_instant(any_fixed(), any_day())) {
            let offset = chrono::FixedOffset::east_opt(offset_minutes(zone) * 60).unwrap();
            let local = chrono::DateTime::from_timestamp_micros(at.as_micros()).unwrap();
            let local = local.with_timezone(&offset).date_naive().to_string();
            // Beyond the calendar's ends chrono has more days than we.
            if let Ok(theirs) = local.parse::<Day>() {
                prop_assert_eq!(zone.day_of(at), theirs);
            }
            let length = zone.end_of(day).as_micros() - zone.start_of(day).as_micros() + 1;
            prop_assert!(length == MICROS_PER_DAY || day == Day::MIN || day == Day::MAX);
        }

        #[test]
        fn fixed_text_reads_back(zone in any_fixed()) {
            prop_assert_eq!(zone.to_string().parse(), Ok(zone));
            let json = serde_json::to_string(&zone).unwrap();
            prop_assert_eq!(serde_json::from_str::<Zone>(&json).unwrap(), zone);
        }

        #[test]
        fn parsing_never_panics(text in "[-+:0-9]{0,7}|\\PC{0,12}") {
            let _ = text.parse::<Zone>();
        }
    }

    #[test]
    fn offsets_end_at_eighteen_hours() {
        for (text, minutes) in [("+18:00", 1080), ("-18:00", -1080)] {
            assert_eq!(text.parse(), Zone::fixed(minutes));
            assert_eq!(Zone::fixed(minutes).unwrap().to_string(), text);
        }
        for text in ["+18:01", "-18:01", "+99:59"] {
            assert_eq!(text.parse::<Zone>(), Err(TimeError::OutOfRange), "{text}");
        }
        for minutes in [1081, -1081, i32::MIN, i32::MAX] {
            assert_eq!(Zone::fixed(minutes), Err(TimeError::OutOfRange));
        }
    }

    #[test]
    fn the_calendars_end_days_take_in_what_lies_beyond() {
        for offset in [-1080, -1, 0, 1, 1080] {
            let zone = Zone::fixed(offset).unwrap();
            assert_eq!(zone.start_of(Day::MIN), Timestamp::MIN);
            assert_eq!(zone.end_of(Day::MAX), Timestamp::MAX);
            assert_eq!(zone.day_of(Timestamp::MIN), Day::MIN);
            assert_eq!(zone.day_of(Timestamp::MAX), Day::MAX);
        }
    }

    #[test]
    fn utc_has_one_spelling() {
        assert_eq!(Zone::default(), Zone::UTC);
        assert_eq!("UTC".parse(), Ok(Zone::UTC));
        assert_eq!("+00:00".parse(), Ok(Zone::UTC));
        assert_eq!(format!("{:?}", Zone::UTC), "UTC");
        assert_eq!(Zone::fixed(-30).unwrap().to_string(), "-00:30");
    }

    #[test]
    fn other_texts_are_no_zone() {
        for text in [
            "", "utc", "Z", "-00:00", "+8", "+08", "+0800", "+08:60", "+0a:00", "08:00", "1/2",
            "A//B", "/",
        ] {
            assert_eq!(text.parse::<Zone>(), Err(TimeError::NotAZone), "{text:?}");
        }
    }

    #[cfg(not(feature = "tz"))]
    #[test]
    fn names_need_the_feature() {
        assert_eq!("Asia/Shanghai".parse::<Zone>(), Err(TimeError::ZoneNeedsFeature));
        assert_eq!("Asia".parse::<Zone>(), Err(TimeError::NotAZone));
        let refused = serde_json::from_str::<Zone>("\"Asia/Shanghai\"").unwrap_err().to_string();
        assert!(refused.starts_with("named time zones need the crate feature `tz`"), "{refused}");
    }
}
