//! The text of one cell: dates, amounts, currencies.

use std::borrow::Cow;

use guanxi::{Currency, Day, Money, MoneyError};

use super::Reason;
use crate::options::{DateFormat, Decimal};

/// The day that a cell names. A time of day after it is checked and dropped, and so is an offset: the
/// day is the one that was written.
pub(super) fn day(text: &str, format: DateFormat) -> Result<Day, Reason> {
    if text.is_empty() {
        return Err(Reason::NoDate);
    }
    let (year, month, day) = civil(text, format).ok_or(Reason::NotADate { format })?;
    let year = i32::try_from(year).map_err(|_| Reason::NoSuchDay)?;
    Day::from_ymd(year, month, day).map_err(|_| Reason::NoSuchDay)
}

fn civil(text: &str, format: DateFormat) -> Option<(u32, u32, u32)> {
    let is_part = |&byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'/' | b'.');
    let length = text.bytes().take_while(is_part).count();
    let (date, time) = text.as_bytes().split_at_checked(length)?;
    if !is_time(time) {
        return None;
    }
    if let (&[a, b, c, d, e, f, g, h], DateFormat::Ymd) = (date, format)
        && date.iter().all(u8::is_ascii_digit)
    {
        return Some((number(&[a, b, c, d])?, number(&[e, f])?, number(&[g, h])?));
    }
    let mark = *date.iter().find(|byte| !byte.is_ascii_digit())?;
    let mut parts = date.split(|&byte| byte == mark);
    let parts = (parts.next()?, parts.next()?, parts.next()?, parts.next());
    let (year, month, day) = match (parts, format) {
        ((a, b, c, None), DateFormat::Ymd) => (a, b, c),
        ((a, b, c, None), DateFormat::Dmy) => (c, b, a),
        ((a, b, c, None), DateFormat::Mdy) => (c, a, b),
        ((_, _, _, Some(_)), _) => return None,
    };
    let short = |digits: &[u8]| (1..=2).contains(&digits.len());
    (year.len() == 4 && short(month) && short(day))
        .then(|| Some((number(year)?, number(month)?, number(day)?)))?
}

/// Nothing, or a separator and `HH:MM`, with seconds, their fraction and an offset as they come. The
/// hour may have one digit, as spreadsheets write it.
fn is_time(text: &[u8]) -> bool {
    let (hour, c, d, rest) = match text {
        [b' ' | b'T' | b't', a, b, b':', c, d, rest @ ..] => (number(&[*a, *b]), c, d, rest),
        [b' ' | b'T' | b't', a, b':', c, d, rest @ ..] => (number(&[*a]), c, d, rest),
        _ => return text.is_empty(),
    };
    if hour.is_none_or(|hour| hour > 23) || !is_sixtieth(*c, *d) {
        return false;
    }
    match rest {
        // A leap second is the sixtieth.
        [b':', b'6', b'0', rest @ ..] => is_offset(after_fraction(rest)),
        [b':', a, b, rest @ ..] => is_sixtieth(*a, *b) && is_offset(after_fraction(rest)),
        _ => is_offset(rest),
    }
}

fn is_sixtieth(tens: u8, units: u8) -> bool {
    number(&[tens, units]).is_some_and(|count| count < 60)
}

fn after_fraction(text: &[u8]) -> &[u8] {
    let [b'.', first, rest @ ..] = text else { return text };
    if !first.is_ascii_digit() {
        return text;
    }
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    rest.get(digits..).unwrap_or_default()
}

fn is_offset(text: &[u8]) -> bool {
    match text {
        [] | [b'Z' | b'z'] => true,
        [b'+' | b'-', a, b, b':', c, d] | [b'+' | b'-', a, b, c, d] => {
            number(&[*a, *b]).is_some_and(|hours| hours < 24) && is_sixtieth(*c, *d)
        }
        _ => false,
    }
}

/// The number that ASCII digits write.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |sum, &digit| {
        let units = char::from(digit).to_digit(10)?;
        sum.checked_mul(10)?.checked_add(units)
    })
}

/// The amount that a cell names, in minor units. Nothing is rounded.
pub(super) fn amount_minor(
    text: &str,
    currency: Currency,
    decimal: Decimal,
) -> Result<i64, Reason> {
    if text.is_empty() {
        return Err(Reason::NoAmount);
    }
    let plain = match decimal {
        Decimal::Point => Some(Cow::Borrowed(text)),
        Decimal::Comma => with_point(text),
    };
    match plain.map(|plain| Money::parse(&plain, currency)) {
        Some(Ok(amount)) => Ok(amount.minor()),
        Some(Err(MoneyError::TooPrecise { .. })) => Err(Reason::TooPrecise),
        Some(Err(MoneyError::Overflow)) => Err(Reason::AmountOutOfRange),
        Some(Err(_)) | None if is_grouped(text) => Err(Reason::Grouped { decimal }),
        Some(Err(_)) | None => Err(Reason::NotANumber { decimal }),
    }
}

/// An amount with a decimal comma as it is written with a point; points stand between groups of three
/// digits, or nowhere. Nothing for `12.50`, which has none, and for `0.500`, which is no thousand.
fn with_point(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['.', ',']) {
        return Some(Cow::Borrowed(text));
    }
    let (whole, fraction) = match text.split_once(',') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut groups = whole.strip_prefix(['-', '+']).unwrap_or(whole).split('.');
    let first = groups.next()?;
    if groups.clone().next().is_some()
        && (!(1..=3).contains(&first.len()) || first.starts_with('0'))
    {
        return None;
    }
    let is_fraction = fraction.is_none_or(|fraction| !fraction.contains(['.', ',']));
    if !is_fraction || groups.any(|group| group.len() != 3) {
        return None;
    }
    let whole = whole.replace('.', "");
    Some(Cow::Owned(fraction.map_or(whole.clone(), |fraction| format!("{whole}.{fraction}"))))
}

/// Whether the text would be a number but for what people put between digits. Which of `1,234` and
/// `1.234,00` is meant depends on the country, so neither is guessed.
fn is_grouped(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let separator = |c: char| matches!(c, '.' | ',' | '\'' | '’' | '_') || c.is_whitespace();
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || separator(c))
}

/// The currency that a cell names, in upper or lower case.
pub(super) fn currency(text: &str, base: Currency) -> Result<Currency, Reason> {
    if text.eq_ignore_ascii_case(base.code()) {
        return Ok(base);
    }
    if text.is_empty() {
        return Err(Reason::NoCurrency);
    }
    known_currency(text).ok_or(Reason::UnknownCurrency)
}

/// The currency of this code, in upper or lower case and without the spaces around it.
pub(super) fn known_currency(text: &str) -> Option<Currency> {
    let code = text.trim();
    // Only a text as short as a code is worth copying.
    (code.len() == Currency::USD.code().len()).then(|| code.to_ascii_uppercase().parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(text: &str) -> Result<Day, Reason> {
        day(text, DateFormat::Ymd)
    }

    #[test]
    fn every_form_of_a_date_is_read() {
        let expected = Day::from_ymd(2024, 2, 9).unwrap();
        for text in [
            "2024-02-09",
            "2024-02-09 23:59",
            "2024-02-09 23:59:60",
            "2024-02-09 00:00:00.123456",
            "2024-02-09T08:00",
            "2024-02-09T08:00Z",
            "2024-02-09t08:00:01z",
            "2024-02-09T08:00:01.5+08:00",
            "2024-02-09T08:00-0330",
            "20240209",
            "2024/2/9",
            "2024/02/09",
            "2024/2/09",
            "2024-2-9",
            "2024.02.09",
            "2024.2.9 7:05",
            "2024/2/9 10:00",
            "2024-02-09 8:00",
            "20240209 23:59:01",
        ] {
            assert_eq!(ymd(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_told_from_a_day_that_never_was() {
        for text in [
            "yesterday",
            "2024-2/9",
            "09.02.2024",
            "2/9/2024",
            "24-02-09",
            "2024-02",
            "2024-02-0x",
            "2024-02-09 ",
            "2024-02-09 :00",
            "2024-02-09 24:00",
            "2024-02-09 23:60",
            "2024-02-09X",
            "2024-02-09 08:00:",
            "2024-02-09 08:00:01.",
            "2024-02-09 08:00+8",
            "2024-02-09 08:00 PM",
            "2024/2",
            "2024/2/",
            "2024//9",
            "2024/2/9/1",
            "2024/002/9",
            "+2024029",
            "202402091",
            "2024\u{2011}02\u{2011}09",
            "²024-02-09",
        ] {
            assert_eq!(ymd(text), Err(Reason::NotADate { format: DateFormat::Ymd }), "{text}");
        }
        for text in ["2024-02-30", "2023-02-29", "20241301", "2024/0/1", "0000-01-01", "1900/2/29"]
        {
            assert_eq!(ymd(text), Err(Reason::NoSuchDay), "{text}");
        }
        assert_eq!(ymd(""), Err(Reason::NoDate));
    }

    #[test]
    fn the_order_of_a_date_is_the_one_that_was_named() {
        let expected = Ok(Day::from_ymd(2020, 12, 31).unwrap());
        for text in ["31.12.2020", "31/12/2020", "31-12-2020", "31.12.2020 9:30"] {
            assert_eq!(day(text, DateFormat::Dmy), expected, "{text}");
            assert_eq!(day(text, DateFormat::Mdy), Err(Reason::NoSuchDay), "{text}");
        }
        assert_eq!(day("12/31/2020", DateFormat::Mdy), expected);
        assert_eq!(day("1/2/2020", DateFormat::Mdy), ymd("2020-01-02"));
        assert_eq!(day("1.2.2020", DateFormat::Dmy), ymd("2020-02-01"));
        for format in [DateFormat::Dmy, DateFormat::Mdy] {
            for text in ["2020-12-31", "20201231", "1.2.20", "1.2/2020", "1.2.2020.", "1.2."] {
                assert_eq!(day(text, format), Err(Reason::NotADate { format }), "{text}");
            }
        }
    }

    #[test]
    fn a_decimal_comma_has_points_between_thousands_only() {
        let euros = |text| amount_minor(text, Currency::EUR, Decimal::Comma);
        assert_eq!(euros("12,50"), Ok(1250));
        assert_eq!(euros("-1.234,50"), Ok(-123_450));
        assert_eq!(euros("+1.234.567"), Ok(123_456_700));
        assert_eq!(euros("1234,5"), Ok(123_450));
        assert_eq!(euros("0,5"), Ok(50));
        assert_eq!(euros("7"), Ok(700));
        assert_eq!(euros("1,234"), Err(Reason::TooPrecise));
        let decimal = Decimal::Comma;
        for text in ["12.50", "1.23,4", "1234.567", "0.500", "1..234", "1,2,3", "1,234.50", "1'234"]
        {
            assert_eq!(euros(text), Err(Reason::Grouped { decimal }), "{text}");
        }
        for text in [",5", "5,", ".123", "1.234,", "-", "--1,0", "1.+23", "€5"] {
            assert_eq!(euros(text), Err(Reason::NotANumber { decimal }), "{text}");
        }
    }

    #[test]
    fn an_amount_is_exact_or_refused() {
        let dollars = |text| amount_minor(text, Currency::USD, Decimal::Point);
        assert_eq!(dollars("29.33"), Ok(2933));
        assert_eq!(dollars("+29.3"), Ok(2930));
        assert_eq!(dollars("-0.01"), Ok(-1));
        assert_eq!(dollars("-0.00"), Ok(0));
        assert_eq!(dollars("29.3300000"), Ok(2933));
        assert_eq!(dollars("29.331"), Err(Reason::TooPrecise));
        assert_eq!(dollars("92233720368547758.07"), Ok(i64::MAX));
        assert_eq!(dollars("92233720368547758.08"), Err(Reason::AmountOutOfRange));
        assert_eq!(dollars(""), Err(Reason::NoAmount));
        assert_eq!(amount_minor("1.5", Currency::JPY, Decimal::Point), Err(Reason::TooPrecise));
        assert_eq!(amount_minor("1.0", Currency::JPY, Decimal::Point), Ok(1));
        for text in ["$5", "5 USD", "free", "1e3", "NaN", "inf", "--1", "(5.00)", ".5", "5.", "٣"]
        {
            assert_eq!(
                dollars(text),
                Err(Reason::NotANumber { decimal: Decimal::Point }),
                "{text}"
            );
        }
        for text in ["1,234.50", "1.234,50", "1 234.50", "1\u{a0}234", "-1'234", "12,5", "1_000"] {
            assert_eq!(dollars(text), Err(Reason::Grouped { decimal: Decimal::Point }), "{text}");
        }
    }

    #[test]
    fn a_currency_is_known_in_either_case() {
        let read = |text| currency(text, Currency::USD);
        assert_eq!(read("USD"), Ok(Currency::USD));
        assert_eq!(read("usd"), Ok(Currency::USD));
        assert_eq!(read("eur"), Ok(Currency::EUR));
        assert_eq!(read(""), Err(Reason::NoCurrency));
        for text in ["$", "XAU", "dollars", "ABC", "元元"] {
            assert_eq!(read(text), Err(Reason::UnknownCurrency), "{text}");
        }
    }
}
