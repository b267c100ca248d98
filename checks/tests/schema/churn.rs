//! The churn section at random.

#[path = "../../../tests/laws/churn/random.rs"]
#[allow(dead_code, reason = "the laws of the library need more of it")]
pub(super) mod random;
