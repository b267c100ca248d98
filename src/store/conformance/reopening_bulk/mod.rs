//! The checks for a store that outlives its process and takes many customers at once.

mod durability;

use super::check::{Check, Clause};
use super::harness::Reopen;
use super::subject::on_subject;
use super::suite::{__group, group};
use crate::store::Bulk;

__group! { reopening_bulk [group] (H: Reopen<Store: Bulk>) (on_subject) }
