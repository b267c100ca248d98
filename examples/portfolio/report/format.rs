//! Numbers as people read them.

use guanxi::Currency;
use guanxi::explain::Language;

/// The text in the language asked for.
pub(crate) fn pick<T>(language: Language, english: T, chinese: T) -> T {
    if language == Language::Chinese { chinese } else { english }
}

/// `2357` as `2,357`.
pub(crate) fn number(number: impl Into<i128>) -> String {
    grouped(&number.into().to_string())
}

/// English for a number of things.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
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

/// Minor units as a plain decimal of the currency, `24409194` as `244091.94`.
pub(crate) fn decimal(minor: i128, currency: Currency) -> String {
    let (whole, fraction) = parts(minor, currency);
    format!("{whole}{fraction}")
}

/// Minor units as `244,091.94 USD`.
pub(crate) fn money(minor: i128, currency: Currency) -> String {
    format!("{} {currency}", amount(minor, currency))
}

/// Minor units as `244,091.94`, where the currency is said elsewhere.
pub(super) fn amount(minor: i128, currency: Currency) -> String {
    let (whole, fraction) = parts(minor, currency);
    format!("{}{fraction}", grouped(&whole))
}

/// The whole units with their sign, and the point with what follows it.
fn parts(minor: i128, currency: Currency) -> (String, String) {
    let sign = if minor < 0 { "-" } else { "" };
    let places = usize::try_from(currency.minor_units()).unwrap_or_default();
    let digits = format!("{:0width$}", minor.unsigned_abs(), width = places.saturating_add(1));
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
    let fraction = if places == 0 { String::new() } else { format!(".{fraction}") };
    (format!("{sign}{whole}"), fraction)
}

/// A share with one decimal, a half rounded up. What is not nothing is never shown as nothing, and
/// what is not all never as all.
pub(crate) fn share(part: u64, whole: u64) -> String {
    let (part, whole) = (u128::from(part), u128::from(whole));
    let permille =
        part.saturating_mul(2_000).saturating_add(whole).checked_div(whole.saturating_mul(2));
    match permille {
        None => "-".to_owned(),
        Some(0) if part > 0 => "<0.1%".to_owned(),
        Some(1_000) if part < whole => ">99.9%".to_owned(),
        Some(permille) => format!("{}.{}%", permille / 10, permille % 10),
    }
}

/// As [`share`], of money; a dash where there is no more than nothing to have a share of.
pub(super) fn share_of_money(part: i128, whole: i128) -> String {
    match (u64::try_from(part), u64::try_from(whole)) {
        (Ok(part), Ok(whole)) => share(part, whole),
        (Err(_), Ok(whole)) if part < 0 && whole > 0 => {
            let part = u64::try_from(part.unsigned_abs()).unwrap_or(u64::MAX);
            format!("-{}", share(part, whole))
        }
        (_, _) => "-".to_owned(),
    }
}

/// A median from its double.
pub(super) fn days(doubled: Option<i64>) -> String {
    match doubled {
        None => "-".to_owned(),
        Some(doubled) if doubled % 2 == 0 => number(doubled / 2),
        Some(doubled) => format!("{}.5", number(doubled / 2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (plain, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (-12, "-12"), (-1_234_567, "-1,234,567")]
        {
            assert_eq!(number(plain), text);
        }
    }

    #[test]
    fn money_is_exact() {
        let jpy: Currency = "JPY".parse().unwrap();
        assert_eq!(money(24_409_194, Currency::USD), "244,091.94 USD");
        assert_eq!(decimal(24_409_194, Currency::USD), "244091.94");
        assert_eq!(decimal(-5, Currency::USD), "-0.05");
        assert_eq!(money(0, Currency::USD), "0.00 USD");
        assert_eq!(money(1_234, jpy), "1,234 JPY");
    }

    #[test]
    fn shares_round_and_do_not_lie() {
        assert_eq!(share(1, 3), "33.3%");
        assert_eq!(share(1, 2_000), "0.1%");
        assert_eq!(share(1, 3_000), "<0.1%");
        assert_eq!(share(2_999, 3_000), ">99.9%");
        assert_eq!(
            (share(0, 5), share(5, 5), share(0, 0)),
            ("0.0%".into(), "100.0%".into(), "-".into())
        );
    }

    #[test]
    fn a_share_of_money_may_be_less_than_nothing() {
        assert_eq!(share_of_money(1, 4), "25.0%");
        assert_eq!(share_of_money(-1, 4), "-25.0%");
        assert_eq!((share_of_money(3, 0), share_of_money(3, -4)), ("-".into(), "-".into()));
    }

    #[test]
    fn a_median_may_lie_between_two_days() {
        assert_eq!(days(Some(27)), "13.5");
        assert_eq!(days(Some(2_400)), "1,200");
        assert_eq!(days(None), "-");
    }
}
