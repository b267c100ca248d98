//! The checks of random histories for every store: answered as the store in memory answers them.

mod random;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};

__group! { model [group] (H: Harness) (on_trial) }
