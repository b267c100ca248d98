//! The checks for every store whose caller may lose interest: calls that are dropped half-way.

mod commits;
mod reads;
mod traces;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};

__group! { dropping [group] (H: Harness) (on_trial) }
