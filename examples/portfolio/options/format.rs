//! How a log is written.

/// What to do with a negative amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Negative {
    /// The row is bad.
    #[default]
    Reject,
    /// The amount comes back from an earlier purchase of the customer.
    Return,
}

/// The order of the parts of a date in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum DateFormat {
    /// Year, month, day.
    #[default]
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

impl DateFormat {
    /// Dates that are read.
    pub(crate) const fn example(self) -> &'static str {
        match self {
            Self::Ymd => "1997-01-31, 19970131 or 1997/1/31",
            Self::Dmy => "31.01.1997 or 31/1/1997",
            Self::Mdy => "01/31/1997 or 1-31-1997",
        }
    }
}

/// What stands before the decimals of an amount in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Decimal {
    /// A point; thousands are not separated.
    #[default]
    Point,
    /// A comma; points may separate thousands.
    Comma,
}

impl Decimal {
    /// An amount that is read.
    pub(crate) const fn example(self) -> &'static str {
        match self {
            Self::Point => "1234.56",
            Self::Comma => "1234,56 or 1.234,56",
        }
    }
}

pub(super) fn delimiter(text: &str) -> Option<u8> {
    match text {
        "tab" | "\t" => Some(b'\t'),
        "," => Some(b','),
        ";" => Some(b';'),
        "|" => Some(b'|'),
        _ => None,
    }
}

pub(super) fn negative(text: &str) -> Option<Negative> {
    match text {
        "reject" => Some(Negative::Reject),
        "return" => Some(Negative::Return),
        _ => None,
    }
}

pub(super) fn date_format(text: &str) -> Option<DateFormat> {
    match text {
        "ymd" => Some(DateFormat::Ymd),
        "dmy" => Some(DateFormat::Dmy),
        "mdy" => Some(DateFormat::Mdy),
        _ => None,
    }
}

pub(super) fn decimal(text: &str) -> Option<Decimal> {
    match text {
        "point" => Some(Decimal::Point),
        "comma" => Some(Decimal::Comma),
        _ => None,
    }
}
