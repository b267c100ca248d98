//! In what an axis of amounts is counted.

use rust_decimal::Decimal;

use crate::html::reader::Reader;

/// What one on the axis is worth, so that its labels stay short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    /// Zeros behind the one, in whole units of the currency.
    zeros: u32,
    /// The name as it stands before the currency; empty for the currency itself.
    pub(super) name: &'static str,
}

/// The largest first.
const ENGLISH: [Unit; 3] = [
    Unit { zeros: 9, name: "billion " },
    Unit { zeros: 6, name: "million " },
    Unit { zeros: 3, name: "thousand " },
];

/// Chinese counts in ten thousands.
const CHINESE: [Unit; 3] = [
    Unit { zeros: 12, name: "万亿" },
    Unit { zeros: 8, name: "亿" },
    Unit { zeros: 4, name: "万" },
];

const PLAIN: Unit = Unit { zeros: 0, name: "" };

impl Unit {
    /// The largest of which the axis has at least ten.
    pub(super) fn of(least: i64, most: i64, reader: Reader) -> Self {
        let farthest = u128::from(least.unsigned_abs().max(most.unsigned_abs()));
        let places = reader.currency.minor_units();
        let ten_of = |unit: &Self| 10_u128.saturating_pow(unit.zeros + places + 1);
        let units = reader.pick(ENGLISH, CHINESE);
        units.into_iter().find(|unit| farthest >= ten_of(unit)).unwrap_or(PLAIN)
    }

    /// An amount in this unit, without zeros that say nothing.
    pub(super) fn label(self, reader: Reader, minor: i64) -> String {
        let exact = Decimal::new(minor, self.zeros + reader.currency.minor_units()).normalize();
        let text = exact.to_string();
        match text.split_once('.') {
            Some((whole, fraction)) => format!("{}.{fraction}", grouped(reader, whole)),
            None => grouped(reader, &text),
        }
    }
}

/// Minus nothing keeps its sign.
fn grouped(reader: Reader, whole: &str) -> String {
    match whole.parse::<i128>() {
        Ok(number) if number != 0 => reader.number(number),
        Ok(_) | Err(_) => whole.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use guanxi::Currency;
    use guanxi::explain::Language;

    use super::*;

    fn reader(language: Language, currency: &str) -> Reader {
        let currency: Currency = currency.parse().unwrap();
        Reader { language, currency }
    }

    #[test]
    fn labels_are_short_and_exact() {
        let (english, yen) = (reader(Language::English, "USD"), reader(Language::Chinese, "JPY"));
        for (reader, most, at, name, label) in [
            (english, 999_999, 200_000, "", "2,000"),
            (english, 1_000_000, 250_000, "thousand ", "2.5"),
            (english, 24_409_194, -20_000_000, "thousand ", "-200"),
            (english, 1_000_000_000, 1_000_000_000, "million ", "10"),
            (english, i64::MAX, -50, "billion ", "-0.0000000005"),
            (yen, 99_999, 80_000, "", "80,000"),
            (yen, 100_000, 80_000, "万", "8"),
            (yen, 0, 0, "", "0"),
        ] {
            let unit = Unit::of(0, most, reader);
            assert_eq!((unit.name, unit.label(reader, at).as_str()), (name, label), "{most}");
            assert_eq!(Unit::of(-most, 0, reader), unit, "below nothing as above");
        }
    }
}
