//! Exact amounts of money.
//!
//! A [`Money`] is a whole number of minor units (cents) of one [`Currency`]. Amounts enter as
//! [`Decimal`] or text, either [exactly](Money::exact) or [rounded by a stated rule](Money::rounded),
//! and from then on every sum is exact or an error. There are no operators: `a + b` could only panic
//! on an overflow or on two currencies, and here both are answers.
//!
//! ```
//! use guanxi::{Currency, Money};
//!
//! let goods = Money::parse("29.33", Currency::USD)?;
//! let shipping = Money::from_minor(499, Currency::USD);
//!
//! assert_eq!(goods.checked_add(shipping)?.to_string(), "34.32 USD");
//! # Ok::<(), guanxi::MoneyError>(())
//! ```

mod amount;
mod currency;
mod iso4217;
mod text;

pub use amount::Money;
pub use currency::Currency;

#[cfg(doc)]
use rust_decimal::Decimal;

/// An amount or a currency cannot be had as asked.
///
/// ```
/// use guanxi::{Currency, Money, MoneyError};
///
/// let refused = MoneyError::TooPrecise { scale: 1, minor_units: 0 };
/// assert_eq!(Money::parse("0.5", Currency::JPY), Err(refused));
/// assert_eq!(refused.to_string(), "1 decimal places where the currency has 0");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoneyError {
    /// Not an alphabetic code of ISO 4217, in upper case.
    #[error("unknown currency code")]
    UnknownCurrency,
    /// A code of ISO 4217 that is not divided into minor units, such as XAU (gold) or XXX (none).
    #[error("the currency code has no minor unit")]
    NoMinorUnit,
    /// The amount has digits, not all zero, beyond the minor unit.
    #[error("{scale} decimal places where the currency has {minor_units}")]
    TooPrecise {
        /// Decimal places of the amount, trailing zeros not counted.
        scale: u32,
        /// Decimal places of the currency.
        minor_units: u32,
    },
    /// The amount in minor units is beyond the range of `i64`.
    #[error("amount out of range")]
    Overflow,
    /// Two amounts of different currencies.
    #[error("cannot combine {left} with {right}")]
    CurrencyMismatch {
        /// The currency of the amount that was asked.
        left: Currency,
        /// The currency of the amount that was given.
        right: Currency,
    },
    /// Not a plain decimal number.
    #[error("not a decimal number")]
    NotANumber,
}
