//! The example `relay` from the outside: what it delivers, whatever happens to it, and what it refuses.
//!
//! - `killed`: kills at any moment while somebody writes, and begun again;
//! - `places`: a cursor and a sink that do not fit together, or not the base;
//! - `refusals`: what is no base, no sink, no cursor;
//! - `postgres`: a base on a server;
//! - `following`: entries as they come, and a quiet end.
//!
//! What this does not prove: that anything survives a loss of power. That is left to what the file system
//! promises of `fsync` and `rename`.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "debug builds panic on overflow, which is what a test wants"
)]

#[cfg(test)]
mod relay {
    mod base;
    #[cfg(unix)]
    mod following;
    mod killed;
    mod places;
    #[cfg(feature = "postgres")]
    mod postgres;
    mod program;
    mod received;
    mod refusals;
    #[cfg(feature = "postgres")]
    #[path = "../postgres/server.rs"]
    mod server;
}
