//! The tier section at random.

#[path = "../../../tests/laws/tier/random.rs"]
#[allow(dead_code, reason = "the laws of the library need more of it")]
pub(super) mod random;

use guanxi::{Currency, Day, Money};

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::USD)
}

fn today() -> Day {
    Day::from_ymd(2026, 7, 1).expect("a day")
}
