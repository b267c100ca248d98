//! The checks for a store that takes many customers at once and shows what it keeps.

mod columns;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::{Bulk, Inspect};

__group! { bulk_inspect [group] (H: Harness<Store: Bulk + Inspect>) (on_trial) }
