//! The checks for a store that outlives its process and knows who is due.

mod durability;

use super::check::{Check, Clause};
use super::harness::Reopen;
use super::subject::on_subject;
use super::suite::{__group, group};
use crate::store::Agenda;

__group! { reopening_agenda [group] (H: Reopen<Store: Agenda>) (on_subject) }
