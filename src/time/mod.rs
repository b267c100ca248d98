//! Instants, business days, and the zone that relates them.
//!
//! A [`Timestamp`] is an instant on the time line, the same everywhere. A [`Day`] is a square on the
//! wall calendar of the business. Which day an instant belongs to is the choice of a [`Zone`], made
//! once, where a fact enters; from then on the two are kept apart, so that a rule in days never
//! depends on the zone of the machine that judges it.
//!
//! Nothing here reads a clock: every instant is given by the host.
//!
//! All three read and write one text form each, in [`FromStr`], [`Display`](std::fmt::Display) and
//! serde alike:
//!
//! | type | text |
//! |---|---|
//! | [`Timestamp`] | `1997-01-31T16:00:00Z`, `1997-01-31T16:00:00.250Z` |
//! | [`Day`] | `1997-01-31` |
//! | [`Zone`] | `UTC`, `+08:00`, `Asia/Shanghai` |
//!
//! ```
//! use guanxi::{Day, Timestamp, Zone};
//!
//! let ordered: Timestamp = "1997-01-31T16:00:00Z".parse()?;
//! let shop: Zone = "+08:00".parse()?;
//!
//! assert_eq!(shop.day_of(ordered), Day::from_ymd(1997, 2, 1)?);
//! assert_eq!(Zone::UTC.day_of(ordered), Day::from_ymd(1997, 1, 31)?);
//! # Ok::<(), guanxi::TimeError>(())
//! ```

mod day;
mod lookback;
#[cfg(feature = "tz")]
mod named;
#[cfg(feature = "schema")]
mod schema;
mod timestamp;
mod zone;

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

pub use day::Day;
pub use lookback::Lookback;
pub use timestamp::Timestamp;
pub use zone::{DAY_OFFSET_DAYS_MAX, DayTooFar, Zone};

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// A text or number is not a time of the expected kind.
///
/// ```
/// use guanxi::{Day, TimeError};
///
/// assert_eq!("1997-02-29".parse::<Day>(), Err(TimeError::NotADate));
/// assert_eq!("0000-01-01".parse::<Day>(), Err(TimeError::OutOfRange));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Well formed, but before the year 1, after the year 9999, or an offset beyond 18 hours.
    #[error("out of the supported range of times")]
    OutOfRange,
    /// Not of the form `1997-01-31`, or no such day in the calendar.
    #[error("not a date of the form 1997-01-31")]
    NotADate,
    /// Not an RFC 3339 timestamp with an offset.
    #[error("not an RFC 3339 timestamp")]
    NotATimestamp,
    /// Not `UTC`, not an offset such as `+08:00`, and not a name of the time zone database.
    #[error("not a time zone")]
    NotAZone,
    /// It looks like a name of the time zone database, which needs the crate feature `tz`.
    #[error("named time zones need the crate feature `tz`")]
    ZoneNeedsFeature,
}

/// Reads a string without owning it, so borrowed, owned and escaped JSON strings all work.
struct TextVisitor<T> {
    expecting: &'static str,
    parsed: PhantomData<T>,
}

impl<T: FromStr<Err = TimeError>> serde::de::Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! as_text {
    ($name:ident, $expecting:literal) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let visitor = TextVisitor { expecting: $expecting, parsed: PhantomData };
                deserializer.deserialize_str(visitor)
            }
        }
    };
}

as_text!(Timestamp, "an RFC 3339 timestamp");
as_text!(Day, "a date of the form 1997-01-31");
as_text!(Zone, "a time zone such as UTC, +08:00 or Asia/Shanghai");

/// The last two decimal digits of a number, as ASCII.
const fn two_digits(number: u32) -> [u8; 2] {
    [b'0' | (number / 10 % 10) as u8, b'0' | (number % 10) as u8]
}

/// The number that ASCII digits write, or nothing if one of them is no digit.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |sum, &digit| {
        let units = char::from(digit).to_digit(10)?;
        sum.checked_mul(10)?.checked_add(units)
    })
}
