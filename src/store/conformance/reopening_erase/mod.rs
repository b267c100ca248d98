//! The checks for a store that outlives its process and can forget.

mod durability;

use super::check::{Check, Clause};
use super::harness::Reopen;
use super::subject::on_subject;
use super::suite::{__group, group};
use crate::store::Erase;

__group! { reopening_erase [group] (H: Reopen<Store: Erase>) (on_subject) }
