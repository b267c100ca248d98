//! The checks for a store that outlives its process: one whose harness can [`Reopen`] it.

mod durability;

use super::check::{Check, Clause};
use super::harness::Reopen;
use super::subject::on_subject;
use super::suite::{__group, group};

__group! { reopening [group] (H: Reopen) (on_subject) }
