//! The checks for a store that is an [`Archive`]: it keeps rulebooks and calibrations for good.

pub(super) mod calibrations;
pub(super) mod rulebooks;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::Archive;

__group! { archive [group] (H: Harness<Store: Archive>) (on_trial) }
