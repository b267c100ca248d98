//! The value section at random.

#[path = "../../../tests/laws/value/random.rs"]
#[allow(dead_code, reason = "the laws of the library need more of it")]
pub(super) mod random;

use guanxi::{Currency, Money};

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}
