//! The checks for a store that can forget: one that is an [`Erase`].

pub(super) mod forgetting;
mod sparing;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::Erase;

__group! { erase [group] (H: Harness<Store: Erase>) (on_trial) }
