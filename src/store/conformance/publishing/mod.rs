//! The checks for a store that is a [`Feed`] and lets commits overlap: its harness can [`Hold`] one.

mod contests;
mod held;
mod isolation;
mod order;

use super::check::{Check, Clause};
use super::harness::Hold;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::Feed;

__group! { publishing [group] (H: Hold<Store: Feed>) (on_trial) }
