//! Zones of the time zone database, whose offset changes.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::zone::{day_at, midnight_at};
use super::{Day, MICROS_PER_SECOND, Timestamp};

pub(super) fn day_of(zone: Tz, at: Timestamp) -> Day {
    let shown = day_shown(zone, at);
    // Clocks that fall back across midnight show the day before once more.
    let next = shown.next();
    if start_of(zone, next) <= at { next } else { shown }
}

pub(super) fn start_of(zone: Tz, day: Day) -> Timestamp {
    let midnight = naive(midnight_at(day, 0));
    match zone.offset_from_local_datetime(&midnight) {
        MappedLocalTime::Single(offset) => midnight_at(day, micros(&offset)),
        // Shown twice: the larger offset is the earlier instant.
        MappedLocalTime::Ambiguous(one, other) => {
            midnight_at(day, micros(&one).max(micros(&other)))
        }
        MappedLocalTime::None => first_instant_after_gap(zone, day),
    }
}

/// Clocks jump over this day's midnight; halves the time around it until the jump is found.
fn first_instant_after_gap(zone: Tz, day: Day) -> Timestamp {
    // No offset, and no jump, is longer than a day.
    const REACH_SECONDS: i64 = 2 * 86_400;
    let midnight_utc = midnight_at(day, 0);
    let (mut before, mut after) = (REACH_SECONDS.saturating_neg(), REACH_SECONDS);
    while before.saturating_add(1) < after {
        let middle = before.midpoint(after);
        if day_shown(zone, midnight_utc.saturating_add_seconds(middle)) < day {
            before = middle;
        } else {
            after = middle;
        }
    }
    midnight_utc.saturating_add_seconds(after)
}

fn day_shown(zone: Tz, at: Timestamp) -> Day {
    day_at(at, micros(&zone.offset_from_utc_datetime(&naive(at))))
}

fn naive(at: Timestamp) -> NaiveDateTime {
    DateTime::from_timestamp_micros(at.as_micros()).unwrap_or_default().naive_utc()
}

fn micros(offset: &impl Offset) -> i64 {
    i64::from(offset.fix().local_minus_utc()).saturating_mul(MICROS_PER_SECOND)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows should fail")]
mod tests {
    use proptest::prelude::*;

    use super::super::zone::tests::{any_day, check_partition, zone_day_instant};
    use super::super::{TimeError, Zone};
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// Clocks that jump at midnight, around it, by half an hour, by a day, and never.
    const ZONES: [&str; 12] = [
        "Africa/Cairo",
        "America/Havana",
        "America/New_York",
        "America/Sao_Paulo",
        "America/St_Johns",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Asia/Shanghai",
        "Atlantic/Azores",
        "Australia/Lord_Howe",
        "Europe/London",
        "Pacific/Apia",
    ];

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn any_named() -> impl Strategy<Value = Zone> {
        proptest::sample::select(&ZONES).prop_map(zone)
    }

    fn recent_day() -> impl Strategy<Value = Day> {
        (-47_000..=47_000).prop_map(|days| Day::from_days_since_epoch(days).unwrap())
    }

    proptest! {
        #[test]
        fn named_days_partition_time(
            (zone, day, at) in zone_day_instant(any_named(), prop_oneof![recent_day(), any_day()])
        ) {
            check_partition(zone, day, at);
        }
    }

    /// Random days seldom meet a jump; here is every one since 1990 in every zone above.
    #[test]
    fn named_days_follow_one_another() {
        for zone in ZONES.map(zone) {
            let mut day = day("1990-01-01");
            while day.year() < 2030 {
                let start = zone.start_of(day);
                let is_skipped = zone.start_of(day.next()) == start;
                assert_eq!(is_skipped, zone.day_of(start) != day, "{zone} {day}");
                check_partition(zone, day, start);
                check_partition(zone, day, start.previous());
                assert!(zone.day_of(start.previous()) < day, "{zone} {day}");
                day = day.next();
            }
        }
    }

    fn assert_start(name: &str, of: &str, expected: &str) {
        assert_eq!(zone(name).start_of(day(of)).to_string(), expected, "{name} {of}");
    }

    #[test]
    fn a_day_without_midnight_begins_after_the_gap() {
        // 00:00 to 01:00 local time did not exist.
        assert_start("America/Sao_Paulo", "2018-11-03", "2018-11-03T03:00:00Z");
        assert_start("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z");
        assert_start("America/Sao_Paulo", "2018-11-05", "2018-11-05T02:00:00Z");
        assert_start("Asia/Beirut", "2022-03-27", "2022-03-26T22:00:00Z");
        assert_start("Asia/Beirut", "2022-03-28", "2022-03-27T21:00:00Z");
    }

    #[test]
    fn a_skipped_day_is_empty() {
        let apia = zone("Pacific/Apia");
        let (skipped, next) = (day("2011-12-30"), day("2011-12-31"));
        assert_eq!(apia.start_of(skipped).to_string(), "2011-12-30T10:00:00Z");
        assert_eq!(apia.start_of(skipped), apia.start_of(next));
        assert_eq!(apia.end_of(skipped), apia.start_of(skipped).previous());
        assert_eq!(apia.day_of(apia.start_of(skipped)), next);
        assert_eq!(apia.day_of(apia.end_of(skipped)), day("2011-12-29"));
    }

    #[test]
    fn a_midnight_shown_twice_begins_the_day_once() {
        // At 01:00 clocks went back to 00:00.
        assert_start("America/Havana", "2023-11-05", "2023-11-05T04:00:00Z");
        assert_start("America/Havana", "2023-11-06", "2023-11-06T05:00:00Z");
    }

    #[test]
    fn what_clocks_repeat_of_yesterday_belongs_to_today() {
        // At 00:01 clocks went back to 23:01 of the day before.
        let st_johns = zone("America/St_Johns");
        let sunday = day("2010-11-07");
        let start = st_johns.start_of(sunday);
        assert_eq!(start.to_string(), "2010-11-07T02:30:00Z");
        for minutes in [0, 1, 30, 60, 61] {
            assert_eq!(st_johns.day_of(start.saturating_add_seconds(minutes * 60)), sunday);
        }
        assert_eq!(st_johns.day_of(start.previous()), day("2010-11-06"));
    }

    #[test]
    fn names_read_back() {
        for name in ZONES {
            let zone = zone(name);
            assert_eq!(zone.to_string(), name);
            assert_eq!(serde_json::from_value::<Zone>(name.into()).unwrap(), zone);
        }
        assert_eq!("Asia/Nowhere".parse::<Zone>(), Err(TimeError::NotAZone));
        assert_eq!("asia/shanghai".parse::<Zone>(), Err(TimeError::NotAZone));
    }
}
