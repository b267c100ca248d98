use std::fmt;
use std::str::FromStr;

use chrono::DateTime;

use super::{Day, MICROS_PER_DAY, MICROS_PER_SECOND, TimeError, two_digits};

/// An instant: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z. It prints and is stored as RFC 3339 in
/// UTC with a `Z`; the fraction is left out when it is zero, and has three digits when they suffice,
/// else six.
///
/// Parsing takes RFC 3339 with any offset. Digits beyond the microsecond are cut off, towards the past.
/// A leap second (`23:59:60`) is read as the last microsecond before it, so it stays in its day.
///
/// ```
/// use guanxi::Timestamp;
///
/// let at: Timestamp = "1997-01-31T08:30:00.123456789+08:00".parse()?;
/// assert_eq!(at.to_string(), "1997-01-31T00:30:00.123456Z");
/// # Ok::<(), guanxi::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0001-01-01T00:00:00Z, the first instant.
    pub const MIN: Self = Self(-62_135_596_800_000_000);
    /// 9999-12-31T23:59:59.999999Z, the last instant.
    pub const MAX: Self = Self(253_402_300_799_999_999);
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self(0);

    /// The instant this many microseconds after 1970-01-01T00:00:00Z, or before it if negative.
    ///
    /// # Errors
    ///
    /// [`TimeError::OutOfRange`] outside [`Timestamp::MIN`] to [`Timestamp::MAX`].
    ///
    /// ```
    /// use guanxi::{TimeError, Timestamp};
    ///
    /// assert_eq!(Timestamp::from_micros(0), Ok(Timestamp::UNIX_EPOCH));
    /// assert_eq!(Timestamp::from_micros(i64::MAX), Err(TimeError::OutOfRange));
    /// ```
    pub const fn from_micros(micros: i64) -> Result<Self, TimeError> {
        if micros < Self::MIN.0 || micros > Self::MAX.0 {
            return Err(TimeError::OutOfRange);
        }
        Ok(Self(micros))
    }

    /// Microseconds since 1970-01-01T00:00:00Z, negative before it.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// One microsecond later; the last instant is followed by itself.
    #[must_use]
    pub fn next(self) -> Self {
        Self::saturating_from_micros(self.0.saturating_add(1))
    }

    /// One microsecond earlier; the first instant is preceded by itself.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::saturating_from_micros(self.0.saturating_sub(1))
    }

    /// The instant this many seconds later (earlier if negative), or the end of time on that side.
    ///
    /// ```
    /// use guanxi::Timestamp;
    ///
    /// assert_eq!(Timestamp::UNIX_EPOCH.saturating_add_seconds(60).to_string(), "1970-01-01T00:01:00Z");
    /// assert_eq!(Timestamp::UNIX_EPOCH.saturating_add_seconds(i64::MAX), Timestamp::MAX);
    /// ```
    #[must_use]
    pub fn saturating_add_seconds(self, seconds: i64) -> Self {
        let micros = seconds.saturating_mul(MICROS_PER_SECOND);
        Self::saturating_from_micros(self.0.saturating_add(micros))
    }

    pub(super) fn saturating_from_micros(micros: i64) -> Self {
        Self(micros.clamp(Self::MIN.0, Self::MAX.0))
    }
}

/// The fraction of a second with its point, and the `Z`; and how many of the bytes count.
const fn tail(micros: u32) -> ([u8; 8], usize) {
    let [a, b] = two_digits(micros / 10_000);
    let [c, d] = two_digits(micros / 100);
    let [e, f] = two_digits(micros);
    if micros == 0 {
        ([b'Z', 0, 0, 0, 0, 0, 0, 0], 1)
    } else if micros.is_multiple_of(1000) {
        ([b'.', a, b, c, b'Z', 0, 0, 0], 5)
    } else {
        ([b'.', a, b, c, d, e, f, b'Z'], 8)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [y0, y1, y2, y3, _, m0, m1, _, d0, d1] =
            Day::saturating_from_epoch(self.0.div_euclid(MICROS_PER_DAY)).text();
        let micros_of_day = self.0.rem_euclid(MICROS_PER_DAY);
        let second = u32::try_from(micros_of_day / MICROS_PER_SECOND).map_err(|_| fmt::Error)?;
        let micros = u32::try_from(micros_of_day % MICROS_PER_SECOND).map_err(|_| fmt::Error)?;
        let [h0, h1] = two_digits(second / 3600);
        let [n0, n1] = two_digits(second / 60 % 60);
        let [s0, s1] = two_digits(second % 60);
        let ([t0, t1, t2, t3, t4, t5, t6, t7], tail_len) = tail(micros);
        let text = [
            y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1,
            t0, t1, t2, t3, t4, t5, t6, t7,
        ];
        let text = text.get(..tail_len.saturating_add(19)).ok_or(fmt::Error)?;
        f.pad(std::str::from_utf8(text).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| TimeError::NotATimestamp)?;
        // A leap second comes back as second 59 with a fraction of one or more.
        let micros = i64::from(parsed.timestamp_subsec_micros()).min(MICROS_PER_SECOND - 1);
        Self::from_micros(
            parsed.timestamp().saturating_mul(MICROS_PER_SECOND).saturating_add(micros),
        )
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows should fail")]
mod tests {
    use chrono::SecondsFormat;
    use proptest::prelude::*;

    use super::*;

    /// Round seconds and milliseconds as often as any microsecond, and the ends of time.
    fn any_timestamp() -> impl Strategy<Value = Timestamp> {
        let micros = Timestamp::MIN.0..=Timestamp::MAX.0;
        (micros, prop_oneof![Just(1), Just(1000), Just(MICROS_PER_SECOND), Just(MICROS_PER_DAY)])
            .prop_map(|(micros, step)| Timestamp(micros.div_euclid(step) * step))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    proptest! {
        #[test]
        fn text_reads_back(at in any_timestamp()) {
            prop_assert_eq!(at.to_string().parse(), Ok(at));
            let json = serde_json::to_string(&at).unwrap();
            prop_assert_eq!(serde_json::from_str::<Timestamp>(&json).unwrap(), at);
        }

        #[test]
        fn text_agrees_with_chrono(at in any_timestamp()) {
            let theirs = DateTime::from_timestamp_micros(at.0).unwrap();
            prop_assert_eq!(at.to_string(), theirs.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        }

        #[test]
        fn offsets_name_the_same_instant(at in any_timestamp(), minutes in -1080_i32..=1080) {
            let zone = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
            let local = DateTime::from_timestamp_micros(at.0).unwrap().with_timezone(&zone);
            // The year 0 and the year 10000 of the local clock have no RFC 3339 text.
            prop_assume!(Day::MIN.year() <= chrono::Datelike::year(&local));
            prop_assume!(chrono::Datelike::year(&local) <= Day::MAX.year());
            prop_assert_eq!(local.to_rfc3339().parse(), Ok(at));
        }

        #[test]
        fn parsing_never_panics(text in "[-+:.TZ 0-9]{0,40}|\\PC{0,30}") {
            let _ = text.parse::<Timestamp>();
        }
    }

    #[test]
    fn the_fraction_has_as_many_digits_as_it_needs() {
        for text in [
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999999Z",
            "1970-01-01T00:00:00Z",
            "1997-01-31T16:00:00.250Z",
            "1997-01-31T16:00:00.000001Z",
            "2016-02-29T23:59:59.100Z",
            "9999-12-31T23:59:59.999999Z",
        ] {
            assert_eq!(at(text).to_string(), text);
        }
        assert_eq!(format!("{:?}", at("1997-01-31T16:00:00Z")), "1997-01-31T16:00:00Z");
        assert_eq!(format!("{:>22}|", at("1997-01-31T16:00:00Z")), "  1997-01-31T16:00:00Z|");
    }

    #[test]
    fn digits_beyond_the_microsecond_are_cut_off_towards_the_past() {
        assert_eq!(at("1970-01-01T00:00:00.0000019Z").as_micros(), 1);
        assert_eq!(at("1969-12-31T23:59:59.9999999Z").as_micros(), -1);
        assert_eq!(at("1969-12-31T23:59:59.123456789123Z").as_micros(), -876_544);
    }

    #[test]
    fn a_leap_second_stays_in_its_day() {
        let last = at("2016-12-31T23:59:59.999999Z");
        assert_eq!(at("2016-12-31T23:59:60Z"), last);
        assert_eq!(at("2017-01-01T07:59:60.5+08:00"), last);
        assert_eq!(last.next(), at("2017-01-01T00:00:00Z"));
        assert_eq!(at("9999-12-31T23:59:60Z"), Timestamp::MAX);
        assert_eq!("2016-12-31T23:59:61Z".parse::<Timestamp>(), Err(TimeError::NotATimestamp));
    }

    #[test]
    fn time_ends_on_both_sides() {
        assert_eq!(at("0001-01-01T00:00:00Z"), Timestamp::MIN);
        assert_eq!(at("9999-12-31T23:59:59.999999Z"), Timestamp::MAX);
        for text in [
            "0000-12-31T23:59:59.999999Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(TimeError::OutOfRange), "{text}");
        }
        for (end, beyond) in [(Timestamp::MIN, -1), (Timestamp::MAX, 1)] {
            assert_eq!(Timestamp::from_micros(end.0), Ok(end));
            assert_eq!(Timestamp::from_micros(end.0 + beyond), Err(TimeError::OutOfRange));
            assert_eq!(end.saturating_add_seconds(beyond), end);
        }
        assert_eq!(Timestamp::from_micros(i64::MIN), Err(TimeError::OutOfRange));
        assert_eq!(Timestamp::from_micros(i64::MAX), Err(TimeError::OutOfRange));
        assert_eq!(Timestamp::MAX.next(), Timestamp::MAX);
        assert_eq!(Timestamp::MAX.previous().next(), Timestamp::MAX);
        assert_eq!(Timestamp::MIN.previous(), Timestamp::MIN);
        assert_eq!(Timestamp::MIN.next().previous(), Timestamp::MIN);
        assert_eq!(Timestamp::MAX.saturating_add_seconds(i64::MIN), Timestamp::MIN);
    }

    #[test]
    fn text_without_an_offset_is_no_instant() {
        for text in [
            "",
            "1997-01-31",
            "1997-01-31T16:00:00",
            "1997-02-29T00:00:00Z",
            "1997-01-31T24:00:00Z",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(TimeError::NotATimestamp), "{text:?}");
        }
    }

    #[test]
    fn json_refusals_say_what_was_expected() {
        let refused = serde_json::from_str::<Timestamp>("\"today\"").unwrap_err().to_string();
        assert!(refused.starts_with("not an RFC 3339 timestamp"), "{refused}");
        let refused = serde_json::from_str::<Timestamp>("0").unwrap_err().to_string();
        assert!(refused.contains("expected an RFC 3339 timestamp"), "{refused}");
    }
}
