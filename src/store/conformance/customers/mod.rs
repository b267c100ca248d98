//! The checks for every store: what [`CustomerStore`](crate::store::CustomerStore) promises.

mod atomicity;
mod claims;
mod commands;
pub(super) mod documents;
mod errors;
pub(super) mod keys;
mod ranges;
mod reading;
mod revisions;
mod tenants;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};

__group! { customers [group] (H: Harness) (on_trial) }
