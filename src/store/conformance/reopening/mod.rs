//! The checks for a store that outlives its process: one whose harness can [`Reopen`] it.

mod durability;

use super::catalogue::{__group, group};
use super::check::{Check, Clause};
use super::harness::Reopen;
use super::subject::on_subject;

__group! { reopening [group] (H: Reopen) (on_subject) }
