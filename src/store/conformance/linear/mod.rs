//! The checks of small concurrent histories: there is an order, one operation after the other, that
//! explains every answer and goes against no operation that had ended before another began.
//!
//! That is linearizability (Herlihy and Wing 1990, *Linearizability: a correctness condition for
//! concurrent objects*). The order is searched for as by Wing and Gong (1993, *Testing and verifying
//! concurrent objects*), with the memory of Lowe (2017, *Testing for linearizability*): a state that
//! was reached by the same operations once before is not searched again.

mod histories;
mod record;
mod search;
mod specification;

use super::check::{Check, Clause};
use super::harness::Harness;
use super::subject::on_trial;
use super::suite::{__group, group};

__group! { linear [group] (H: Harness) (on_trial) }
