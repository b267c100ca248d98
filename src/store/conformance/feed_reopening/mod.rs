//! The checks for a store that is a [`Feed`] and outlives its process.

mod cursors;

use super::check::{Check, Clause};
use super::harness::Reopen;
use super::subject::on_subject;
use super::suite::{__group, group};
use crate::store::Feed;

__group! { feed_reopening [group] (H: Reopen<Store: Feed>) (on_subject) }
