//! Lifetime models against published tables, independent values and their own laws.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "debug builds panic on overflow, which is what a test wants"
)]

#[cfg(test)]
mod lifetime {
    mod arbitrary;
    mod bgbb;
    mod choose;
    mod data;
    mod extremes;
    mod found;
    mod gamma_gamma;
    mod geometric_edges;
    mod geometric_laws;
    mod geometric_reference;
    mod grocery;
    mod grouping;
    mod holdout;
    mod limits;
    mod pnbd;
    mod pnbd_laws;
    mod reference;
    mod sbg;
    mod survival;
    mod values;
}
