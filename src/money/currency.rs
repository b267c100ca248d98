use std::fmt;
use std::str::FromStr;

use super::MoneyError;
use super::iso4217::{CODES, Code, WITHOUT_MINOR_UNIT};

/// A currency of ISO 4217 that is divided into minor units.
///
/// Gold, special drawing rights, the code for testing and the like have no minor unit, so no amount of
/// them can be kept exactly; they cannot be constructed. It prints, parses and is stored as its
/// alphabetic code in upper case, and sorts by it. One byte, `Copy`.
///
/// ```
/// use guanxi::{Currency, MoneyError};
///
/// let dinar: Currency = "KWD".parse()?;
/// assert_eq!(dinar.minor_units(), 3);
/// assert_eq!("kwd".parse::<Currency>(), Err(MoneyError::UnknownCurrency));
/// assert_eq!("XAU".parse::<Currency>(), Err(MoneyError::NoMinorUnit));
/// # Ok::<(), MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(Code);

impl Currency {
    /// Australian dollar.
    pub const AUD: Self = Self(Code::AUD);
    /// Canadian dollar.
    pub const CAD: Self = Self(Code::CAD);
    /// Swiss franc.
    pub const CHF: Self = Self(Code::CHF);
    /// Chinese yuan (renminbi).
    pub const CNY: Self = Self(Code::CNY);
    /// Euro.
    pub const EUR: Self = Self(Code::EUR);
    /// Pound sterling.
    pub const GBP: Self = Self(Code::GBP);
    /// Hong Kong dollar.
    pub const HKD: Self = Self(Code::HKD);
    /// Indian rupee.
    pub const INR: Self = Self(Code::INR);
    /// Japanese yen, which has no smaller unit than itself.
    pub const JPY: Self = Self(Code::JPY);
    /// South Korean won, which has no smaller unit than itself.
    pub const KRW: Self = Self(Code::KRW);
    /// Singapore dollar.
    pub const SGD: Self = Self(Code::SGD);
    /// New Taiwan dollar.
    pub const TWD: Self = Self(Code::TWD);
    /// United States dollar.
    pub const USD: Self = Self(Code::USD);

    /// The alphabetic code, three upper-case letters.
    ///
    /// ```
    /// assert_eq!(guanxi::Currency::CNY.code(), "CNY");
    /// ```
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0.text()
    }

    /// How many decimal digits the currency is divided into: 2 for cents, 0 if into none.
    #[must_use]
    pub const fn minor_units(self) -> u32 {
        self.0.minor_units()
    }

    /// Every currency that can be constructed, by code.
    ///
    /// ```
    /// use guanxi::Currency;
    ///
    /// assert!(Currency::all().any(|currency| currency == Currency::HKD));
    /// ```
    pub fn all() -> impl Iterator<Item = Self> {
        CODES.iter().copied().map(Self)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        match Code::from_text(text) {
            Some(code) => Ok(Self(code)),
            None if WITHOUT_MINOR_UNIT.contains(&text) => Err(MoneyError::NoMinorUnit),
            None => Err(MoneyError::UnknownCurrency),
        }
    }
}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// Reads a string without owning it.
        struct CodeVisitor;

        impl serde::de::Visitor<'_> for CodeVisitor {
            type Value = Currency;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ISO 4217 currency code")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Currency, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(CodeVisitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let codes: Vec<&str> = Self::all().map(Self::code).collect();
        schemars::json_schema!({
            "description": "The alphabetic code of a currency of ISO 4217.",
            "type": "string",
            "enum": codes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_currency_reads_back() {
        for currency in Currency::all() {
            assert_eq!(currency.to_string().parse(), Ok(currency));
            let json = serde_json::to_value(currency).unwrap();
            assert_eq!(json, currency.code());
            assert_eq!(serde_json::from_value::<Currency>(json).unwrap(), currency);
        }
    }

    #[test]
    fn constants_bear_their_own_code() {
        for (currency, code, minor_units) in [
            (Currency::AUD, "AUD", 2),
            (Currency::CAD, "CAD", 2),
            (Currency::CHF, "CHF", 2),
            (Currency::CNY, "CNY", 2),
            (Currency::EUR, "EUR", 2),
            (Currency::GBP, "GBP", 2),
            (Currency::HKD, "HKD", 2),
            (Currency::INR, "INR", 2),
            (Currency::JPY, "JPY", 0),
            (Currency::KRW, "KRW", 0),
            (Currency::SGD, "SGD", 2),
            (Currency::TWD, "TWD", 2),
            (Currency::USD, "USD", 2),
        ] {
            assert_eq!((currency.code(), currency.minor_units()), (code, minor_units));
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "US", "USDT", "usd", "Usd", " USD", "USD ", "AAA", "ZZZ", "DEM", "€"] {
            assert_eq!(text.parse::<Currency>(), Err(MoneyError::UnknownCurrency), "{text:?}");
        }
        for text in WITHOUT_MINOR_UNIT {
            assert_eq!(text.parse::<Currency>(), Err(MoneyError::NoMinorUnit), "{text}");
        }
    }

    #[test]
    fn sorts_by_code() {
        let sorted = Currency::all().is_sorted_by(|a, b| a < b && a.code() < b.code());
        assert!(sorted);
    }

    #[test]
    fn json_takes_escaped_text_and_refuses_with_a_reason() {
        assert_eq!(serde_json::from_str::<Currency>("\"\\u0055SD\"").unwrap(), Currency::USD);
        let refused = serde_json::from_str::<Currency>("\"XAU\"").unwrap_err().to_string();
        assert!(refused.starts_with("the currency code has no minor unit"), "{refused}");
        let refused = serde_json::from_str::<Currency>("840").unwrap_err().to_string();
        assert!(refused.contains("expected an ISO 4217 currency code"), "{refused}");
    }
}
