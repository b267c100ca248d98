//! The checks for a store that is a [`Feed`]: it gives a tenant's journals as one.

mod cursors;
mod entries;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};
use crate::store::Feed;

__group! { feed [group] (H: Harness<Store: Feed>) (on_trial) }
