//! The checks for a store that is an [`Archive`]: it keeps rulebooks and calibrations for good.

mod calibrations;
mod rulebooks;

use super::catalogue::{__group, group};
use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use crate::store::Archive;

__group! { archive [group] (H: Harness<Store: Archive>) (on_trial) }
