//! The laws of the library, tested from outside on its public interface.
//!
//! Random policies and histories come from `generate`, `run` carries them out, and `simulation` says
//! independently, day by day, what must come of them. Every other module is a family of laws.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "debug builds panic on overflow, which is what a test wants"
)]
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "events and triggers are non-exhaustive, and a test picks the ones it is about"
)]

#[cfg(test)]
mod laws {
    mod answers;
    mod archive;
    mod bulk;
    mod cdnow;
    mod churn;
    mod coverage;
    mod declines;
    mod documents;
    mod generate;
    mod guards;
    mod histories;
    mod lenses;
    mod measured;
    mod meddled;
    mod mended;
    mod observations;
    mod orders;
    mod page;
    mod paths;
    mod policy;
    mod privacy;
    mod random;
    mod rank;
    mod reviews;
    mod run;
    mod schedule;
    #[cfg(feature = "schema")]
    mod schema;
    mod sections;
    mod simulation;
    mod store;
    mod stories;
    mod strategy;
    mod successions;
    mod table;
    mod tier;
    mod turning;
    mod value;
    mod verify;
    mod worklist;
    mod worth;
}
