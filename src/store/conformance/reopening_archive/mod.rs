//! The checks for a store that outlives its process and is an archive.

mod durability;

use super::check::{Check, Clause};
use super::harness::Reopen;
use super::subject::on_subject;
use super::suite::{__group, group};
use crate::store::Archive;

__group! { reopening_archive [group] (H: Reopen<Store: Archive>) (on_subject) }
