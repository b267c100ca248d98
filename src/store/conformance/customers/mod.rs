//! The checks for every store: what [`CustomerStore`](crate::store::CustomerStore) promises.

mod atomicity;
mod claims;
mod commands;
mod reading;
mod revisions;
mod tenants;

use super::catalogue::{__group, group};
use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;

__group! { customers [group] (H: Harness) (on_trial) }
