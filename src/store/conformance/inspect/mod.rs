//! The checks for a store that shows what it keeps beside the documents: one that is an [`Inspect`].

pub(super) mod columns;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::Inspect;

__group! { inspect [group] (H: Harness<Store: Inspect>) (on_trial) }
