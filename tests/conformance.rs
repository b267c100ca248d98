//! The conformance kit: the stores of the library pass it, and a store with any one fault does not.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "debug builds panic on overflow, which is what a test wants"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "each place of a faulty store is about one fault or two, not about all there are"
)]

#[cfg(test)]
mod conformance {
    mod faults;
    mod faulty;
    mod kit;
    mod memory;
    mod page;
    #[cfg(feature = "postgres")]
    mod postgres;
    #[cfg(feature = "postgres")]
    #[path = "../postgres/server.rs"]
    mod server;
    #[cfg(feature = "sqlite")]
    mod sqlite;
}
