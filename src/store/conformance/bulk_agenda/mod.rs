//! The checks for a store that takes many customers at once and knows who is due.

mod due;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::{Agenda, Bulk};

__group! { bulk_agenda [group] (H: Harness<Store: Agenda + Bulk>) (on_trial) }
