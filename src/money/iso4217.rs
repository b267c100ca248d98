//! The alphabetic codes of ISO 4217, list one, and the minor units each is divided into.
//!
//! Codes of money withdrawn since 2020 (ANG, BGN, CUC, HRK, SLL, ZWL) are in the table too: ledgers
//! outlive currencies, and an amount that could once be written must be readable for ever. For the same
//! reason a code of a released version is never removed.

macro_rules! codes {
    ($($code:ident $minor_units:literal,)*) => {
        /// A code of the table. Declared in alphabetical order, which is the order of `Ord` and what
        /// the search by text relies on.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(clippy::upper_case_acronyms, reason = "the codes are spelled as ISO spells them")]
        pub(super) enum Code {
            $($code,)*
        }

        pub(super) const CODES: &[Code] = &[$(Code::$code,)*];

        impl Code {
            pub(super) const fn text(self) -> &'static str {
                match self {
                    $(Self::$code => stringify!($code),)*
                }
            }

            pub(super) const fn minor_units(self) -> u32 {
                match self {
                    $(Self::$code => $minor_units,)*
                }
            }
        }
    };
}

codes! {
    AED 2, AFN 2, ALL 2, AMD 2, ANG 2, AOA 2, ARS 2, AUD 2, AWG 2, AZN 2, BAM 2, BBD 2,
    BDT 2, BGN 2, BHD 3, BIF 0, BMD 2, BND 2, BOB 2, BOV 2, BRL 2, BSD 2, BTN 2, BWP 2,
    BYN 2, BZD 2, CAD 2, CDF 2, CHE 2, CHF 2, CHW 2, CLF 4, CLP 0, CNY 2, COP 2, COU 2,
    CRC 2, CUC 2, CUP 2, CVE 2, CZK 2, DJF 0, DKK 2, DOP 2, DZD 2, EGP 2, ERN 2, ETB 2,
    EUR 2, FJD 2, FKP 2, GBP 2, GEL 2, GHS 2, GIP 2, GMD 2, GNF 0, GTQ 2, GYD 2, HKD 2,
    HNL 2, HRK 2, HTG 2, HUF 2, IDR 2, ILS 2, INR 2, IQD 3, IRR 2, ISK 0, JMD 2, JOD 3,
    JPY 0, KES 2, KGS 2, KHR 2, KMF 0, KPW 2, KRW 0, KWD 3, KYD 2, KZT 2, LAK 2, LBP 2,
    LKR 2, LRD 2, LSL 2, LYD 3, MAD 2, MDL 2, MGA 2, MKD 2, MMK 2, MNT 2, MOP 2, MRU 2,
    MUR 2, MVR 2, MWK 2, MXN 2, MXV 2, MYR 2, MZN 2, NAD 2, NGN 2, NIO 2, NOK 2, NPR 2,
    NZD 2, OMR 3, PAB 2, PEN 2, PGK 2, PHP 2, PKR 2, PLN 2, PYG 0, QAR 2, RON 2, RSD 2,
    RUB 2, RWF 0, SAR 2, SBD 2, SCR 2, SDG 2, SEK 2, SGD 2, SHP 2, SLE 2, SLL 2, SOS 2,
    SRD 2, SSP 2, STN 2, SVC 2, SYP 2, SZL 2, THB 2, TJS 2, TMT 2, TND 3, TOP 2, TRY 2,
    TTD 2, TWD 2, TZS 2, UAH 2, UGX 0, USD 2, USN 2, UYI 0, UYU 2, UYW 4, UZS 2, VED 2,
    VES 2, VND 0, VUV 0, WST 2, XAD 2, XAF 0, XCD 2, XCG 2, XOF 0, XPF 0, YER 2, ZAR 2,
    ZMW 2, ZWG 2, ZWL 2,
}

/// Codes whose minor unit ISO gives as "N.A.": precious metals, units of account, the code for
/// testing and the code for no currency.
pub(super) const WITHOUT_MINOR_UNIT: [&str; 13] =
    ["XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"];

impl Code {
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let found = CODES.binary_search_by_key(&text, |code| code.text()).ok()?;
        CODES.get(found).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ours alone: withdrawn in 2025 and dropped by the other table, kept here for ledgers that hold it.
    const NOT_IN_THE_OTHER_TABLE: [&str; 1] = ["ANG"];

    #[test]
    fn codes_are_in_alphabetical_order_and_found() {
        assert!(CODES.is_sorted_by(|a, b| a.text() < b.text() && a < b));
        for &code in CODES {
            assert!(Code::from_text(code.text()) == Some(code), "{}", code.text());
            assert!(!WITHOUT_MINOR_UNIT.contains(&code.text()), "{}", code.text());
        }
    }

    #[test]
    fn every_three_letters_agree_with_an_independent_table() {
        let letters = || 'A'..='Z';
        let codes = letters().flat_map(|a| {
            letters().flat_map(move |b| letters().map(move |c| String::from_iter([a, b, c])))
        });
        for text in codes {
            let ours = Code::from_text(&text).map(Code::minor_units);
            if NOT_IN_THE_OTHER_TABLE.contains(&text.as_str()) {
                assert_eq!(
                    (ours, iso_currency::Currency::from_code(&text)),
                    (Some(2), None),
                    "{text}"
                );
                continue;
            }
            let theirs = iso_currency::Currency::from_code(&text);
            let their_minor_units = theirs.and_then(|code| code.exponent()).map(u32::from);
            assert_eq!(ours, their_minor_units, "{text}");
            let without_minor_unit = theirs.is_some() && their_minor_units.is_none();
            assert_eq!(WITHOUT_MINOR_UNIT.contains(&text.as_str()), without_minor_unit, "{text}");
        }
    }
}
