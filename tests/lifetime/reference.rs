//! What independent programs say.

use serde_json::Value;

use super::data::{self, ours};

pub(super) fn golden(name: &str) -> String {
    ours(&format!("tests/golden/{name}"))
}

/// One of the models of lifetimes.
pub(super) fn of_model(key: &str) -> Value {
    data::reference()[key].take()
}

/// One of the estimates of survival.
pub(super) fn of_survival(key: &str) -> Value {
    // Its infinity is no JSON.
    let text = golden("reference_rfm_abc_survival.json").replace(": Infinity", ": null");
    serde_json::from_str::<Value>(&text).unwrap()[key].take()
}

/// A count that rounding left a little beside a whole number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are small")]
pub(super) fn count(near: f64) -> u64 {
    near.round() as u64
}

/// Relatively; the line says of what.
#[track_caller]
pub(super) fn close(found: f64, expected: f64, tolerance: f64) {
    data::close(found, expected, tolerance, "here");
}
