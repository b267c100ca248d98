//! The checks for a store that takes many customers at once and can forget.

mod forgetting;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::{Bulk, Erase};

__group! { bulk_erase [group] (H: Harness<Store: Bulk + Erase>) (on_trial) }
