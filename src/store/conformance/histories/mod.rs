//! Random histories, carried out on a store and on the model beside it.

mod act;
mod ask;
mod search;
mod stage;

pub(super) use act::{CUSTOMERS, Sent, sent};
pub(super) use ask::{tell, tell_customers};
pub(super) use search::{More, runner, search};
pub(super) use stage::{Stage, Told, customers, entries};
