//! The checks for a store that knows who is due: one that is an [`Agenda`].

pub(super) mod due;
mod rescheduling;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::Agenda;

__group! { agenda [group] (H: Harness<Store: Agenda>) (on_trial) }
