//! The text of one cell: dates, amounts, currencies.

use guanxi::{Currency, Day, Money, MoneyError};

use super::Reason;

/// The day that a cell names. A time of day after it is checked and dropped, and so is an offset: the
/// day is the one that was written.
pub(super) fn day(text: &str) -> Result<Day, Reason> {
    if text.is_empty() {
        return Err(Reason::NoDate);
    }
    let (year, month, day) = civil(text).ok_or(Reason::NotADate)?;
    let year = i32::try_from(year).map_err(|_| Reason::NoSuchDay)?;
    Day::from_ymd(year, month, day).map_err(|_| Reason::NoSuchDay)
}

fn civil(text: &str) -> Option<(u32, u32, u32)> {
    match *text.as_bytes() {
        [a, b, c, d, b'-', e, f, b'-', g, h, ref time @ ..] => {
            let date = (number(&[a, b, c, d])?, number(&[e, f])?, number(&[g, h])?);
            is_time(time).then_some(date)
        }
        [a, b, c, d, e, f, g, h] if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some((number(&[a, b, c, d])?, number(&[e, f])?, number(&[g, h])?))
        }
        [a, b, c, d, b'/', ref rest @ ..] => {
            let slash = rest.iter().position(|&byte| byte == b'/')?;
            let (month, day) = rest.split_at_checked(slash)?;
            let day = day.get(1..)?;
            let short = |digits: &[u8]| (1..=2).contains(&digits.len());
            if !short(month) || !short(day) {
                return None;
            }
            Some((number(&[a, b, c, d])?, number(month)?, number(day)?))
        }
        _ => None,
    }
}

/// Nothing, or a separator and `HH:MM`, with seconds, their fraction and an offset as they come.
fn is_time(text: &[u8]) -> bool {
    let [b' ' | b'T' | b't', a, b, b':', c, d, rest @ ..] = text else {
        return text.is_empty();
    };
    if number(&[*a, *b]).is_none_or(|hour| hour > 23) || !is_sixtieth(*c, *d) {
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
pub(super) fn amount_minor(text: &str, currency: Currency) -> Result<i64, Reason> {
    if text.is_empty() {
        return Err(Reason::NoAmount);
    }
    match Money::parse(text, currency) {
        Ok(amount) => Ok(amount.minor()),
        Err(MoneyError::TooPrecise { .. }) => Err(Reason::TooPrecise),
        Err(MoneyError::Overflow) => Err(Reason::AmountOutOfRange),
        Err(_) if is_grouped(text) => Err(Reason::Grouped),
        Err(_) => Err(Reason::NotANumber),
    }
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
        ] {
            assert_eq!(day(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_told_from_a_day_that_never_was() {
        for text in [
            "yesterday",
            "2024-2-9",
            "09.02.2024",
            "2/9/2024",
            "24-02-09",
            "2024-02",
            "2024-02-0x",
            "2024-02-09 ",
            "2024-02-09 8:00",
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
            assert_eq!(day(text), Err(Reason::NotADate), "{text}");
        }
        for text in ["2024-02-30", "2023-02-29", "20241301", "2024/0/1", "0000-01-01", "1900/2/29"]
        {
            assert_eq!(day(text), Err(Reason::NoSuchDay), "{text}");
        }
        assert_eq!(day(""), Err(Reason::NoDate));
    }

    #[test]
    fn an_amount_is_exact_or_refused() {
        let dollars = |text| amount_minor(text, Currency::USD);
        assert_eq!(dollars("29.33"), Ok(2933));
        assert_eq!(dollars("+29.3"), Ok(2930));
        assert_eq!(dollars("-0.01"), Ok(-1));
        assert_eq!(dollars("-0.00"), Ok(0));
        assert_eq!(dollars("29.3300000"), Ok(2933));
        assert_eq!(dollars("29.331"), Err(Reason::TooPrecise));
        assert_eq!(dollars("92233720368547758.07"), Ok(i64::MAX));
        assert_eq!(dollars("92233720368547758.08"), Err(Reason::AmountOutOfRange));
        assert_eq!(dollars(""), Err(Reason::NoAmount));
        assert_eq!(amount_minor("1.5", Currency::JPY), Err(Reason::TooPrecise));
        assert_eq!(amount_minor("1.0", Currency::JPY), Ok(1));
        for text in ["$5", "5 USD", "free", "1e3", "NaN", "inf", "--1", "(5.00)", ".5", "5.", "٣"]
        {
            assert_eq!(dollars(text), Err(Reason::NotANumber), "{text}");
        }
        for text in ["1,234.50", "1.234,50", "1 234.50", "1\u{a0}234", "-1'234", "12,5", "1_000"] {
            assert_eq!(dollars(text), Err(Reason::Grouped), "{text}");
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
