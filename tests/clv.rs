//! The example `clv` from the outside: what it prints, writes and refuses.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "debug builds panic on overflow, which is what a test wants"
)]

#[cfg(test)]
mod clv {
    mod answers;
    mod outputs;
    mod program;
    mod refusals;
    mod report;
    mod silence;
}
