//! Names, numbers and reasons as people read them, for the report and the page.

use guanxi::explain::Language;
use guanxi::value::lifetime::{Boundary, FitError};

use crate::answers::Worth;
use crate::options::Unit;

/// The text in the language asked for.
pub(crate) fn pick<T>(language: Language, english: T, chinese: T) -> T {
    if language == Language::Chinese { chinese } else { english }
}

/// A unit of time as programs write it.
pub(crate) const fn unit_code(unit: Unit) -> &'static str {
    match unit {
        Unit::Days => "days",
        Unit::Weeks => "weeks",
    }
}

/// A unit of time.
pub(crate) fn unit(language: Language, unit: Unit) -> &'static str {
    match unit {
        Unit::Days => pick(language, "days", "天"),
        Unit::Weeks => pick(language, "weeks", "周"),
    }
}

/// A model as papers write it.
pub(crate) fn model(code: &str) -> &str {
    match code {
        "bgnbd" => "BG/NBD",
        "mbgnbd" => "MBG/NBD",
        "pnbd" => "Pareto/NBD",
        "nbd" => "NBD",
        other => other,
    }
}

/// `2357` as `2,357`.
pub(crate) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// A number with so many decimals, its thousands apart.
pub(crate) fn decimals(number: f64, places: usize) -> String {
    let text = format!("{number:.places$}");
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{}.{fraction}", grouped(whole)),
        None => grouped(&text),
    }
}

/// The same, or a dash.
pub(crate) fn maybe(number: Option<f64>, places: usize) -> String {
    number.map_or_else(|| "-".to_owned(), |number| decimals(number, places))
}

/// A number to so many digits that count: parameters may be of any size.
pub(crate) fn significant(number: f64) -> String {
    let size = number.abs();
    if (1e-3..1e6).contains(&size) || size == 0.0 {
        let places = if size >= 100.0 {
            2
        } else if size >= 1.0 {
            3
        } else {
            4
        };
        decimals(number, places)
    } else {
        format!("{number:.3e}")
    }
}

fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (place, digit) in digits.chars().enumerate() {
        let to_come = digits.len().saturating_sub(place);
        if place > 0 && to_come.is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Why something could not be estimated.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "more reasons may come; one word does for the rest"
)]
pub(crate) fn untold(language: Language, error: FitError) -> String {
    let english = error.to_string();
    let chinese = match error {
        FitError::NoCustomers => "没有可用的客户",
        FitError::NothingRepeats => "没有人再次购买",
        FitError::NoTime => "观察时间为零",
        FitError::TooFewDistinct { .. } => "数据差异太少",
        FitError::OutOfRange => "数据超出可计算的范围",
        _ => "未能收敛",
    };
    pick(language, english, chinese.to_owned())
}

/// What it means that a parameter has run to its end.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "more limits may come; one sentence does for the rest"
)]
pub(crate) fn boundary(language: Language, boundary: Boundary) -> &'static str {
    let (english, chinese) = match boundary {
        Boundary::NoDropout => (
            "The data shows nobody who left: everybody is taken for a customer for good.",
            "数据中看不出有人流失：所有人都视为仍是客户。",
        ),
        Boundary::EqualRates => (
            "As far as the data shows, all customers buy at the same rate.",
            "就数据所见，所有客户的购买频率相同。",
        ),
        Boundary::EqualDropout => (
            "As far as the data shows, all customers leave with the same chance.",
            "就数据所见，所有客户的流失概率相同。",
        ),
        Boundary::ExtremeDropout => (
            "As far as the data shows, customers leave at once or never.",
            "就数据所见，客户要么立即流失，要么从不流失。",
        ),
        Boundary::EqualSpending => (
            "As far as the data shows, all customers spend the same on average.",
            "就数据所见，所有客户的平均消费相同。",
        ),
        Boundary::ConstantSpending => (
            "As far as the data shows, each customer always spends the same.",
            "就数据所见，每位客户每次消费相同。",
        ),
        _ => (
            "A parameter has no maximum within the data; what is foretold is that of the limit.",
            "有参数在数据内没有最大值；预测取其极限。",
        ),
    };
    pick(language, english, chinese)
}

/// A chance of being still a customer, marked where silence says nothing of that.
pub(crate) fn alive(one: &Worth<'_>, places: usize) -> String {
    format!("{}{}", decimals(one.p_alive, places), if one.is_told { "" } else { "*" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are() {
        assert_eq!((count(999), count(1_234_567)), ("999".into(), "1,234,567".into()));
        assert_eq!(decimals(-9582.4256, 2), "-9,582.43");
        assert_eq!((maybe(None, 2), maybe(Some(0.5), 0)), ("-".into(), "0".into()));
        for (number, text) in [
            (0.242_592_9, "0.2426"),
            (4.413_5, "4.413"),
            (1_234.567, "1,234.57"),
            (1e-9, "1.000e-9"),
            (2.5e7, "2.500e7"),
            (0.0, "0.0000"),
        ] {
            assert_eq!(significant(number), text);
        }
    }
}
