//! The SQLite store.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "debug builds panic on overflow, which is what a test wants"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "events are non-exhaustive, and a test picks the ones it is about"
)]

#[cfg(test)]
mod sqlite {
    mod base;
    mod basics;
    mod dropped;
    mod erasure;
    #[path = "../laws/generate.rs"]
    #[expect(dead_code, reason = "the laws use more of it")]
    mod generate;
    mod histories;
    mod model;
    mod opening;
    mod races;
    #[path = "../laws/run.rs"]
    #[expect(dead_code, reason = "the laws use more of it")]
    mod run;
    mod tampered;
    mod together;
}
