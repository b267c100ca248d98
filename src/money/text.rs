//! Plain decimal text, read straight into minor units.

use super::MoneyError;

/// The amount in minor units that a plain decimal writes, for a currency with this many of them.
pub(super) fn parse_minor(text: &str, minor_units: u32) -> Result<i64, MoneyError> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    let (whole, fraction) = split_digits(digits).ok_or(MoneyError::NotANumber)?;
    let places = usize::try_from(minor_units).unwrap_or(usize::MAX);
    if fraction.len() > places {
        let scale = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
        return Err(MoneyError::TooPrecise { scale, minor_units });
    }
    let zeros = std::iter::repeat_n(&b'0', places.saturating_sub(fraction.len()));
    // Summed with its sign on, since i64 reaches one further below zero than above.
    let minor = whole.iter().chain(fraction).chain(zeros).try_fold(0_i64, |sum, &digit| {
        let units = i64::from(digit.checked_sub(b'0')?);
        let tens = sum.checked_mul(10)?;
        if negative { tens.checked_sub(units) } else { tens.checked_add(units) }
    });
    minor.ok_or(MoneyError::Overflow)
}

/// The digits before and after the point, without the zeros at the end of the latter; nothing if the
/// text is no plain decimal.
fn split_digits(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut parts = text.split(|&byte| byte == b'.');
    let (whole, fraction, more) = (parts.next()?, parts.next(), parts.next());
    let all_digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    if more.is_some() || !all_digits(whole) || !fraction.is_none_or(all_digits) {
        return None;
    }
    let mut fraction = fraction.unwrap_or_default();
    while let [shorter @ .., b'0'] = fraction {
        fraction = shorter;
    }
    Some((whole, fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_decimals_are_numbers() {
        for text in [
            "", "+", "-", ".", "1.", ".5", "1.2.3", "--1", "+-1", "1e3", "1_000", "1,5", " 1",
            "1 ", "$1", "１", "NaN",
        ] {
            assert_eq!(parse_minor(text, 2), Err(MoneyError::NotANumber), "{text:?}");
        }
        // What is no number is not judged for its precision or size.
        assert_eq!(parse_minor("0.001x", 2), Err(MoneyError::NotANumber));
        let long = format!("{}x", "9".repeat(100));
        assert_eq!(parse_minor(&long, 2), Err(MoneyError::NotANumber));
    }

    #[test]
    fn signs_and_zeros_at_either_end_do_not_matter() {
        for text in ["29.3", "+29.3", "0029.3", "29.30", "29.300000"] {
            assert_eq!(parse_minor(text, 2), Ok(2930), "{text}");
        }
        assert_eq!(parse_minor("-0.00", 2), Ok(0));
        let zeros = "0".repeat(1000);
        assert_eq!(parse_minor(&format!("{zeros}7.{zeros}"), 0), Ok(7));
    }

    #[test]
    fn long_numbers_overflow_or_are_too_precise() {
        let nines = "9".repeat(1000);
        assert_eq!(parse_minor(&nines, 0), Err(MoneyError::Overflow));
        assert_eq!(parse_minor(&format!("-{nines}"), 0), Err(MoneyError::Overflow));
        let too_precise = MoneyError::TooPrecise { scale: 1000, minor_units: 4 };
        assert_eq!(parse_minor(&format!("1.{nines}"), 4), Err(too_precise));
    }
}
