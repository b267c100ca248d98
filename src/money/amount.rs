use std::cmp::Ordering;
use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::text::parse_minor;
use super::{Currency, MoneyError};

/// An exact amount: a whole number of minor units of one currency.
///
/// It prints as `29.33 USD`, with exactly the digits of the minor unit, and is stored as
/// `{"minor":2933,"currency":"USD"}`. Readers that keep numbers as 64-bit floats, as JavaScript does, are
/// exact up to 2^53 minor units; larger amounts are written as integers all the same.
///
/// Amounts of two currencies have no order, so neither has `Money`; see
/// [`checked_cmp`](Self::checked_cmp).
///
/// ```
/// use guanxi::{Currency, Money};
///
/// let price = Money::parse("29.33", Currency::USD)?;
/// assert_eq!(price.minor(), 2933);
/// assert_eq!(price.to_string(), "29.33 USD");
/// # Ok::<(), guanxi::MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// This many minor units: 2933 is 29.33 dollars, but 2933 yen.
    #[must_use]
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in this currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::from_minor(0, currency)
    }

    /// This amount, if the currency can hold it as it is.
    ///
    /// # Errors
    ///
    /// [`MoneyError::TooPrecise`] if digits beyond the minor unit are not zero,
    /// [`MoneyError::Overflow`] beyond `i64` minor units.
    ///
    /// ```
    /// use guanxi::{Currency, Money, MoneyError};
    /// use rust_decimal::Decimal;
    ///
    /// let amount = Decimal::new(2_933_000, 5);
    /// assert_eq!(Money::exact(amount, Currency::USD), Ok(Money::from_minor(2933, Currency::USD)));
    /// let refused = MoneyError::TooPrecise { scale: 2, minor_units: 0 };
    /// assert_eq!(Money::exact(amount, Currency::JPY), Err(refused));
    /// ```
    pub fn exact(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let amount = amount.normalize();
        let (scale, minor_units) = (amount.scale(), currency.minor_units());
        let missing =
            minor_units.checked_sub(scale).ok_or(MoneyError::TooPrecise { scale, minor_units })?;
        10_i128
            .checked_pow(missing)
            .and_then(|factor| amount.mantissa().checked_mul(factor))
            .and_then(|minor| i64::try_from(minor).ok())
            .map(|minor| Self::from_minor(minor, currency))
            .ok_or(MoneyError::Overflow)
    }

    /// This amount rounded to the minor unit; a half goes to the even neighbour (banker's rounding), so
    /// many roundings do not drift to one side.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] beyond `i64` minor units.
    ///
    /// ```
    /// use guanxi::{Currency, Money};
    /// use rust_decimal::Decimal;
    ///
    /// let cents = |thousandths| Money::rounded(Decimal::new(thousandths, 3), Currency::EUR);
    /// assert_eq!(cents(1_005)?.minor(), 100);
    /// assert_eq!(cents(1_015)?.minor(), 102);
    /// # Ok::<(), guanxi::MoneyError>(())
    /// ```
    pub fn rounded(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let strategy = RoundingStrategy::MidpointNearestEven;
        Self::exact(amount.round_dp_with_strategy(currency.minor_units(), strategy), currency)
    }

    /// The amount that a plain decimal writes: an optional sign, digits, and optionally a point with
    /// digits after it. No exponent, no separators, no spaces.
    ///
    /// # Errors
    ///
    /// [`MoneyError::NotANumber`] for any other text, else as [`exact`](Self::exact).
    ///
    /// ```
    /// use guanxi::{Currency, Money, MoneyError};
    ///
    /// assert_eq!(Money::parse("-0.5", Currency::CNY)?.minor(), -50);
    /// assert_eq!(Money::parse("1,000", Currency::CNY), Err(MoneyError::NotANumber));
    /// # Ok::<(), MoneyError>(())
    /// ```
    pub fn parse(amount: &str, currency: Currency) -> Result<Self, MoneyError> {
        parse_minor(amount, currency.minor_units()).map(|minor| Self::from_minor(minor, currency))
    }

    /// The amount in minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The amount in units of the currency, with the scale of its minor unit.
    ///
    /// ```
    /// use guanxi::{Currency, Money};
    ///
    /// assert_eq!(Money::from_minor(2930, Currency::USD).amount().to_string(), "29.30");
    /// ```
    #[must_use]
    pub fn amount(self) -> Decimal {
        Decimal::new(self.minor, self.currency.minor_units())
    }

    /// Whether the amount is exactly nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// The sum of both amounts.
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`] for two currencies, [`MoneyError::Overflow`] beyond `i64` minor
    /// units.
    ///
    /// ```
    /// use guanxi::{Currency, Money, MoneyError};
    ///
    /// let (yen, dollar) = (Money::from_minor(1, Currency::JPY), Money::from_minor(1, Currency::USD));
    /// assert_eq!(yen.checked_add(yen)?.minor(), 2);
    /// assert!(matches!(yen.checked_add(dollar), Err(MoneyError::CurrencyMismatch { .. })));
    /// # Ok::<(), MoneyError>(())
    /// ```
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with_minor(self.minor.checked_add(other.minor))
    }

    /// This amount less the other.
    ///
    /// # Errors
    ///
    /// As [`checked_add`](Self::checked_add).
    ///
    /// ```
    /// use guanxi::{Currency, Money};
    ///
    /// let (paid, due) = (Money::from_minor(500, Currency::USD), Money::from_minor(700, Currency::USD));
    /// assert_eq!(paid.checked_sub(due)?.to_string(), "-2.00 USD");
    /// # Ok::<(), guanxi::MoneyError>(())
    /// ```
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with_minor(self.minor.checked_sub(other.minor))
    }

    /// The amount with its sign turned.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] for `i64::MIN` minor units, which have no positive counterpart.
    ///
    /// ```
    /// use guanxi::{Currency, Money, MoneyError};
    ///
    /// assert_eq!(Money::from_minor(5, Currency::USD).checked_neg()?.minor(), -5);
    /// let least = Money::from_minor(i64::MIN, Currency::USD);
    /// assert_eq!(least.checked_neg(), Err(MoneyError::Overflow));
    /// # Ok::<(), MoneyError>(())
    /// ```
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        self.with_minor(self.minor.checked_neg())
    }

    /// Which of the two amounts is larger.
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`] for two currencies, zero amounts included.
    ///
    /// ```
    /// use std::cmp::Ordering;
    ///
    /// use guanxi::{Currency, Money};
    ///
    /// let (less, more) = (Money::zero(Currency::USD), Money::from_minor(1, Currency::USD));
    /// assert_eq!(less.checked_cmp(more), Ok(Ordering::Less));
    /// assert!(less.checked_cmp(Money::zero(Currency::JPY)).is_err());
    /// ```
    pub fn checked_cmp(self, other: Self) -> Result<Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        let (left, right) = (self.currency, other.currency);
        if left == right { Ok(()) } else { Err(MoneyError::CurrencyMismatch { left, right }) }
    }

    fn with_minor(self, minor: Option<i64>) -> Result<Self, MoneyError> {
        minor.map(|minor| Self { minor, ..self }).ok_or(MoneyError::Overflow)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        let (minor, places) = (self.minor.unsigned_abs(), self.currency.minor_units());
        if places == 0 {
            return write!(f, "{sign}{minor} {}", self.currency);
        }
        let unit = 10_u64.saturating_pow(places);
        let (whole, fraction) = (minor.checked_div(unit), minor.checked_rem(unit));
        let (Some(whole), Some(fraction)) = (whole, fraction) else { return Err(fmt::Error) };
        let width = usize::try_from(places).map_err(|_| fmt::Error)?;
        write!(f, "{sign}{whole}.{fraction:0width$} {}", self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows should fail")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const USD: Currency = Currency::USD;
    const JPY: Currency = Currency::JPY;

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    fn decimal(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn any_money() -> impl Strategy<Value = Money> {
        let currencies: Vec<Currency> = Currency::all().collect();
        (any::<i64>(), proptest::sample::select(currencies))
            .prop_map(|(minor, currency)| Money::from_minor(minor, currency))
    }

    proptest! {
        #[test]
        fn every_way_in_gives_back_what_came_out(money in any_money()) {
            let currency = money.currency();
            prop_assert_eq!(Money::exact(money.amount(), currency), Ok(money));
            prop_assert_eq!(Money::rounded(money.amount(), currency), Ok(money));
            prop_assert_eq!(Money::parse(&money.amount().to_string(), currency), Ok(money));
            prop_assert_eq!(money.to_string(), format!("{} {currency}", money.amount()));
            let json = serde_json::to_string(&money).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        }

        #[test]
        fn sums_agree_with_wider_integers(left in any::<i64>(), right in any::<i64>()) {
            let (a, b) = (Money::from_minor(left, USD), Money::from_minor(right, USD));
            let expected = |wide: i128| {
                i64::try_from(wide).map(|sum| Money::from_minor(sum, USD)).map_err(|_| MoneyError::Overflow)
            };
            prop_assert_eq!(a.checked_add(b), expected(i128::from(left) + i128::from(right)));
            prop_assert_eq!(a.checked_sub(b), expected(i128::from(left) - i128::from(right)));
            prop_assert_eq!(a.checked_neg(), expected(-i128::from(left)));
            prop_assert_eq!(a.checked_cmp(b), Ok(left.cmp(&right)));
        }

        #[test]
        fn parsing_agrees_with_decimals(text in "[+-]?[0-9]{1,22}(\\.[0-9]{1,5})?", any in any_money()) {
            let currency = any.currency();
            prop_assert_eq!(Money::parse(&text, currency), Money::exact(decimal(&text), currency));
        }

        #[test]
        fn rounding_is_to_the_nearest(mantissa in any::<i64>(), scale in 0_u32..=28, any in any_money()) {
            let (amount, currency) = (Decimal::new(mantissa, scale), any.currency());
            let half = Decimal::new(5, currency.minor_units() + 1);
            match Money::rounded(amount, currency) {
                Ok(money) => prop_assert!((money.amount() - amount).abs() <= half),
                Err(error) => prop_assert_eq!(error, MoneyError::Overflow),
            }
        }

        #[test]
        fn any_decimal_and_any_text_is_answered(
            parts in any::<(u32, u32, u32, bool)>(), scale in 0_u32..=28, text in "\\PC{0,30}", any in any_money()
        ) {
            let amount = Decimal::from_parts(parts.0, parts.1, parts.2, parts.3, scale);
            let _ = Money::exact(amount, any.currency());
            let _ = Money::rounded(amount, any.currency());
            let _ = Money::parse(&text, any.currency());
        }
    }

    #[test]
    fn money_is_small() {
        assert_eq!(size_of::<Money>(), 16);
        assert_eq!(size_of::<Option<Money>>(), 16);
    }

    #[test]
    fn digits_beyond_the_minor_unit_must_be_zero() {
        for (code, fits, refused, scale, minor_units) in [
            ("JPY", "29.000", "29.1", 1, 0),
            ("USD", "29.330", "29.331", 3, 2),
            ("KWD", "29.3330", "29.3331", 4, 3),
            ("CLF", "29.33330", "-29.33331", 5, 4),
        ] {
            let refusal = Err(MoneyError::TooPrecise { scale, minor_units });
            assert!(Money::exact(decimal(fits), currency(code)).is_ok(), "{code}");
            assert!(Money::parse(fits, currency(code)).is_ok(), "{code}");
            assert_eq!(Money::exact(decimal(refused), currency(code)), refusal, "{code}");
            assert_eq!(Money::parse(refused, currency(code)), refusal, "{code}");
        }
    }

    #[test]
    fn a_half_goes_to_the_even_neighbour() {
        for (amount, code, minor) in [
            ("0.5", "JPY", 0),
            ("1.5", "JPY", 2),
            ("2.5", "JPY", 2),
            ("-0.5", "JPY", 0),
            ("-1.5", "JPY", -2),
            ("1.005", "USD", 100),
            ("1.015", "USD", 102),
            ("1.0050000001", "USD", 101),
            ("1.0149999999", "USD", 101),
            ("-1.005", "USD", -100),
            ("1.0005", "KWD", 1000),
            ("1.00015", "CLF", 10_002),
        ] {
            let rounded = Money::rounded(decimal(amount), currency(code)).unwrap();
            assert_eq!(rounded.minor(), minor, "{amount} {code}");
        }
    }

    #[test]
    fn amounts_end_on_both_sides() {
        for (end, within, beyond) in [
            (i64::MAX, "92233720368547758.07", "92233720368547758.08"),
            (i64::MIN, "-92233720368547758.08", "-92233720368547758.09"),
        ] {
            let money = Money::from_minor(end, USD);
            assert_eq!(Money::parse(within, USD), Ok(money));
            assert_eq!(Money::exact(decimal(within), USD), Ok(money));
            assert_eq!(money.to_string(), format!("{within} USD"));
            assert_eq!(Money::parse(beyond, USD), Err(MoneyError::Overflow));
            assert_eq!(Money::exact(decimal(beyond), USD), Err(MoneyError::Overflow));
            assert_eq!(Money::rounded(decimal(beyond), USD), Err(MoneyError::Overflow));
        }
        assert_eq!(Money::exact(Decimal::MAX, currency("CLF")), Err(MoneyError::Overflow));
        assert_eq!(Money::exact(Decimal::MIN, JPY), Err(MoneyError::Overflow));
    }

    #[test]
    fn two_currencies_never_meet() {
        let (dollar, yen) = (Money::from_minor(i64::MAX, USD), Money::from_minor(i64::MAX, JPY));
        let mismatch = MoneyError::CurrencyMismatch { left: USD, right: JPY };
        assert_eq!(dollar.checked_add(yen), Err(mismatch));
        assert_eq!(dollar.checked_sub(yen), Err(mismatch));
        assert_eq!(dollar.checked_cmp(yen), Err(mismatch));
        // Nor do two that are divided alike.
        let mismatch = MoneyError::CurrencyMismatch { left: USD, right: Currency::EUR };
        assert_eq!(Money::zero(USD).checked_add(Money::zero(Currency::EUR)), Err(mismatch));
        assert_ne!(Money::zero(USD), Money::zero(Currency::EUR));
        assert_eq!(mismatch.to_string(), "cannot combine USD with EUR");
        assert!(Money::zero(USD).checked_cmp(Money::zero(JPY)).is_err());
    }

    #[test]
    fn prints_exactly_the_minor_digits() {
        for (minor, code, text) in [
            (0, "USD", "0.00 USD"),
            (5, "USD", "0.05 USD"),
            (-5, "USD", "-0.05 USD"),
            (-2933, "USD", "-29.33 USD"),
            (2933, "JPY", "2933 JPY"),
            (-1, "JPY", "-1 JPY"),
            (2933, "KWD", "2.933 KWD"),
            (1, "CLF", "0.0001 CLF"),
        ] {
            let money = Money::from_minor(minor, currency(code));
            assert_eq!(money.to_string(), text);
            assert_eq!(format!("{money:?}"), text);
        }
    }

    #[test]
    fn signs_are_told() {
        assert!(Money::from_minor(-1, USD).is_negative());
        assert!(!Money::zero(USD).is_negative() && Money::zero(USD).is_zero());
        assert!(!Money::from_minor(1, USD).is_negative() && !Money::from_minor(1, USD).is_zero());
    }

    #[test]
    fn stored_form_is_fixed() {
        let stored = r#"{"minor":2933,"currency":"USD"}"#;
        assert_eq!(serde_json::to_string(&Money::from_minor(2933, USD)).unwrap(), stored);
        assert_eq!(serde_json::from_str::<Money>(stored).unwrap(), Money::from_minor(2933, USD));
        for refused in [
            r#"{"minor":29.33,"currency":"USD"}"#,
            r#"{"minor":9223372036854775808,"currency":"USD"}"#,
            r#"{"minor":1,"currency":"XAU"}"#,
            r#"{"minor":1,"currency":"USD","scale":3}"#,
            r#"{"minor":1}"#,
        ] {
            assert!(serde_json::from_str::<Money>(refused).is_err(), "{refused}");
        }
    }
}
