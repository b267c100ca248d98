//! The checks for a store that is [`Bulk`] and whose caller may lose interest.

mod many;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::Bulk;

__group! { dropping_bulk [group] (H: Harness<Store: Bulk>) (on_trial) }
