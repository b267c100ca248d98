//! The model as a `disintegrate` decision over an event stream.
//!
//! `disintegrate` stores events in PostgreSQL; it has no store in memory but its test harness. What it
//! does without a database is compared: processing a decision on a state, mutating the state, and
//! folding a stream through a state query, which checks every event against the query.

use disintegrate::{
    Decision, Event, IntoState, IntoStatePart, MultiState, PersistedEvent, StateMutate, StateQuery,
};
use serde::{Deserialize, Serialize};

use crate::model::{Happened, Model, Placed, Refused};

/// What happened, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Event, Serialize, Deserialize)]
pub enum AccountEvent {
    /// Something happened to a customer.
    Recorded {
        /// Whose.
        #[id]
        customer: i64,
        /// What.
        what: Happened,
    },
}

/// One customer, as the events of the stream tell.
#[derive(Debug, Clone, PartialEq, Eq, Default, StateQuery, Serialize, Deserialize)]
#[state_query(AccountEvent)]
pub struct Account {
    #[id]
    customer: i64,
    /// The model.
    pub model: Model,
}

impl Account {
    /// A customer nothing is known of.
    #[must_use]
    pub fn unknown(customer: usize) -> Self {
        Self { customer: key(customer), model: Model::default() }
    }
}

impl StateMutate for Account {
    fn mutate(&mut self, event: AccountEvent) {
        let AccountEvent::Recorded { what, .. } = event;
        self.model.apply(&what);
    }
}

/// The decision about one order.
#[derive(Debug, Clone)]
pub struct TakeOrder {
    customer: i64,
    order: Placed,
}

impl TakeOrder {
    /// The decision about an order of a customer.
    #[must_use]
    pub fn new(customer: usize, order: Placed) -> Self {
        Self { customer: key(customer), order }
    }
}

impl Decision for TakeOrder {
    type Event = AccountEvent;
    type StateQuery = Account;
    type Error = Refused;

    fn state_query(&self) -> Account {
        Account { customer: self.customer, model: Model::default() }
    }

    fn process(&self, state: &Account) -> Result<Vec<AccountEvent>, Refused> {
        let customer = self.customer;
        let events = state.model.decide(self.order)?.into_iter();
        Ok(events.map(|what| AccountEvent::Recorded { customer, what }).collect())
    }
}

fn key(customer: usize) -> i64 {
    i64::try_from(customer).expect("fewer customers")
}

/// A customer's events as its stream holds them, numbered from 1.
#[must_use]
pub fn stream(customer: usize, events: &[Happened]) -> Vec<PersistedEvent<i64, AccountEvent>> {
    let customer = key(customer);
    let recorded = |(id, what): (i64, &Happened)| {
        PersistedEvent::new(id, AccountEvent::Recorded { customer, what: *what })
    };
    (1..).zip(events).map(recorded).collect()
}

/// Folds a stream through a state query, as loading a state does.
#[must_use]
pub fn fold(customer: usize, stream: &[PersistedEvent<i64, AccountEvent>]) -> Account {
    let mut part = Account::unknown(customer).into_state_part();
    for event in stream {
        part.mutate_all(event.clone());
    }
    part.into_state()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Base;
    use crate::model;

    #[test]
    fn it_decides_and_folds_as_the_model() {
        let base = Base::cdnow();
        let mut accounts: Vec<_> = (0..base.customers).map(Account::unknown).collect();
        for (customer, order) in model::orders(&base) {
            let events = TakeOrder::new(customer, order).process(&accounts[customer]).unwrap();
            events.into_iter().for_each(|event| accounts[customer].mutate(event));
        }
        let (models, journals) = model::run(&base);
        for (customer, (model, journal)) in models.iter().zip(&journals).enumerate() {
            assert_eq!(accounts[customer].model, *model);
            assert_eq!(fold(customer, &stream(customer, journal)).model, *model);
        }
    }
}
