//! The PostgreSQL store, against a real server.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "debug builds panic on overflow, which is what a test wants"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "errors are non-exhaustive, and a test picks the ones it is about"
)]

#[cfg(test)]
mod postgres {
    mod base;
    mod dropped;
    mod erasure;
    mod feed;
    mod opening;
    mod round_trips;
    mod server;
    mod together;
}
