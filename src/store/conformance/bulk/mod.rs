//! The checks for a store that is [`Bulk`]: it takes many customers at once.

mod edges;
pub(super) mod many;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::Bulk;

__group! { bulk [group] (H: Harness<Store: Bulk>) (on_trial) }
