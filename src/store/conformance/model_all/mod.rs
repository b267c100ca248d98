//! The checks of random histories for a store that has everything: [`Bulk`], [`Scan`], [`Agenda`],
//! [`Feed`], [`Erase`] and [`Inspect`].

mod ask;
mod random;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::{Agenda, Bulk, Erase, Feed, Inspect, Scan};

__group! {
    model_all [group]
    (H: Harness<Store: Bulk + Scan + Agenda + Feed + Erase + Inspect>) (on_trial)
}
