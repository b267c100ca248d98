//! The checks for a store that can list its customers: one that is a [`Scan`].

mod pages;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::Scan;

__group! { scan [group] (H: Harness<Store: Scan>) (on_trial) }
