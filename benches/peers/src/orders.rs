//! Orders that come on top of a base on file, as each contender takes them.

use guanxi::store::Commit;
use guanxi::{CustomerId, Day};

use crate::base::{Base, Sale};
use crate::commits::{Maker, Newcomers};
use crate::model::{self, Happened, Model, Placed};
use crate::ours::{self, Ask};

/// How many customers are on file.
pub const CUSTOMERS: usize = 2_000;
/// How many of them only order in [rushes](Orders::rush).
pub const FEW: usize = 8;

/// An order of a customer.
#[derive(Debug, Clone)]
pub struct Order {
    /// Whose, counted from 0.
    pub customer: usize,
    /// The same, as `guanxi` knows the customer.
    pub id: CustomerId,
    /// The command.
    pub ask: Ask,
    /// The same order, as the model takes it.
    pub placed: Placed,
}

/// Makes orders, each on top of those that were made before.
#[derive(Debug)]
pub struct Orders {
    newcomers: Newcomers,
    maker: Maker,
    base: Vec<Commit>,
    made: usize,
    steps: usize,
    batches: usize,
}

impl Default for Orders {
    fn default() -> Self {
        let (newcomers, maker) = (Newcomers::default(), Maker::default());
        let commit = |customer| maker.make(newcomers.id(customer), &newcomers.ask(customer));
        let base = (0..CUSTOMERS).map(commit).collect();
        Self { newcomers, maker, base, made: 0, steps: 0, batches: 0 }
    }
}

impl Orders {
    /// What is to be on file beforehand: each customer with all of its orders, one commit each.
    #[must_use]
    pub fn base(&self) -> &[Commit] {
        &self.base
    }

    /// The same as the model's events, customer by customer.
    ///
    /// # Panics
    ///
    /// When the model refuses an order of the sample.
    #[must_use]
    pub fn base_events(&self) -> Vec<Vec<Happened>> {
        let (_, mut journals) = model::run(&Base::cdnow());
        journals.truncate(CUSTOMERS);
        journals
    }

    /// So many orders, each by another customer, from all over the base.
    pub fn spread(&mut self, orders: usize) -> Vec<Order> {
        let first = self.steps;
        self.steps += orders;
        let customers = CUSTOMERS - FEW;
        // A stride that has no divisor in common with their number comes by everybody, in no order.
        let customer = move |step: usize| FEW + step * 7_919 % customers;
        self.batch((first..first + orders).map(customer))
    }

    /// So many orders by a few customers, by turns. Their commits cannot be made beforehand: nobody
    /// knows in which order they come.
    pub fn rush(&mut self, orders: usize) -> Vec<Order> {
        self.batch((0..orders).map(|order| order % FEW))
    }

    /// Orders of one day, because whoever comes second must not come late.
    fn batch(&mut self, customers: impl Iterator<Item = usize>) -> Vec<Order> {
        self.batches += 1;
        let first = Day::from_ymd(1998, 7, 2).expect("a day");
        let day = first.saturating_add_days(self.batches as i64);
        customers.map(|customer| self.order(Sale { customer, day, minor: 2_933 })).collect()
    }

    fn order(&mut self, sale: Sale) -> Order {
        self.made += 1;
        Order {
            customer: sale.customer,
            id: self.newcomers.id(sale.customer),
            // Far beyond the keys of any base.
            ask: ours::ask(usize::MAX - self.made, &sale),
            placed: model::placed(&sale),
        }
    }

    /// The commits of orders; what comes later builds on them.
    #[must_use]
    pub fn commits(&self, orders: &[Order]) -> Vec<Commit> {
        orders.iter().map(|order| self.maker.make(order.id, &order.ask)).collect()
    }
}

/// What the model decides of orders, on top of what it decided before.
#[derive(Debug)]
pub struct Decided {
    models: Vec<Model>,
    /// How many events there are of each.
    pub events: Vec<usize>,
}

impl Decided {
    /// Those who did this.
    #[must_use]
    pub fn after(journals: &[Vec<Happened>]) -> Self {
        let mut models = vec![Model::default(); journals.len()];
        for (model, journal) in models.iter_mut().zip(journals) {
            journal.iter().for_each(|event| model.apply(event));
        }
        Self { models, events: journals.iter().map(Vec::len).collect() }
    }

    /// What happens by an order.
    ///
    /// # Panics
    ///
    /// When the model refuses it.
    pub fn decide(&mut self, order: &Order) -> Vec<Happened> {
        let model = &mut self.models[order.customer];
        let events = model.decide(order.placed).expect("every order is accepted");
        events.iter().for_each(|event| model.apply(event));
        self.events[order.customer] += events.len();
        events
    }
}
