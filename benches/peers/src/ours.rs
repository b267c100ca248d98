//! The facts as `guanxi` takes them.

use guanxi::customer::Fact;
use guanxi::lifecycle::{Facts, LifecycleEvent, Mode, Mover};
use guanxi::portfolio::Portfolio;
use guanxi::purchase::{Order, PurchaseEvent};
use guanxi::{
    Actor, Command, CommandId, Context, Currency, Customer, CustomerId, Entry, Event, Money,
    Outcome, Policy, Rulebook, Rulebooks, Stage, TenantId, Timestamp, Trigger, Zone,
};

use crate::base::{Base, Sale};

/// A command as it reaches a customer.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Whose.
    pub customer: usize,
    /// What.
    pub command: Command,
    /// When, by whom, under which id.
    pub context: Context,
}

/// The documented default policy.
#[must_use]
pub fn books() -> Rulebooks {
    books_with(Mode::Suggest)
}

/// The default policy, with falling purchases in this mode. [`Mode::Apply`] is the dearest rule there
/// is: it compares windows of purchases at every decision.
#[must_use]
pub fn books_with(decline: Mode) -> Rulebooks {
    let mut policy = Policy::new(Currency::USD);
    policy.lifecycle.decline.mode = decline;
    Rulebook::new(policy, Timestamp::MIN).expect("a sound policy").into()
}

/// The tenant.
#[must_use]
pub fn tenant() -> TenantId {
    TenantId::derive("example-shop")
}

/// One id for each customer.
#[must_use]
pub fn ids(base: &Base) -> Vec<CustomerId> {
    (0..base.customers).map(|key| CustomerId::derive(tenant(), &key.to_string())).collect()
}

/// The customers before their first order.
#[must_use]
pub fn strangers(base: &Base) -> Vec<Customer> {
    ids(base).into_iter().map(Customer::unknown).collect()
}

fn order(sale: &Sale) -> Order {
    Order::new(Zone::UTC.start_of(sale.day), Money::from_minor(sale.minor, Currency::USD))
}

fn context(now: Timestamp, source: &str, key: usize) -> Context {
    Context::new(now, Actor::System, CommandId::derive(source, &key.to_string()))
}

/// An order as a command, decided when it occurs; no two have the same key.
#[must_use]
pub fn ask(key: usize, sale: &Sale) -> Ask {
    let order = order(sale);
    let context = context(order.occurred_at, "orders", key);
    Ask { customer: sale.customer, command: order.into(), context }
}

/// Every order as a command of its own, in the order of days, each decided when it occurs.
#[must_use]
pub fn asks(base: &Base) -> Vec<Ask> {
    base.sales.iter().enumerate().map(|(key, sale)| ask(key, sale)).collect()
}

/// Every customer's orders as one import, decided after the last order of the base.
#[must_use]
pub fn imports(base: &Base) -> Vec<Ask> {
    let last = base.sales.last().expect("a base with orders").day;
    let now = Zone::UTC.end_of(last);
    let facts = |sales: &Vec<Sale>| {
        sales.iter().map(|sale| Fact::Purchase(order(sale).into())).collect::<Vec<_>>()
    };
    let import = |(customer, sales)| Ask {
        customer,
        command: Command::Import(facts(&sales)),
        context: context(now, "imports", customer),
    };
    base.by_customer().into_iter().enumerate().map(import).collect()
}

/// Decides a command that is to be recorded.
pub fn decide(customer: &mut Customer, ask: &Ask, books: &Rulebooks) -> Entry {
    match customer.decide(&ask.command, &ask.context, books) {
        Ok(Outcome::Changed(change)) => change.entry,
        Ok(Outcome::Unchanged) => unreachable!("every order changes its customer"),
        Err(error) => unreachable!("every order is accepted: {error}"),
    }
}

/// Decides everything, and keeps the journals.
#[must_use]
pub fn run(base: &Base, books: &Rulebooks) -> (Vec<Customer>, Vec<Vec<Entry>>) {
    let mut customers = strangers(base);
    let mut journals = vec![Vec::new(); base.customers];
    for ask in asks(base) {
        let entry = decide(&mut customers[ask.customer], &ask, books);
        journals[ask.customer].push(entry);
    }
    (customers, journals)
}

/// The customers of a base on the day after its last order: taken there, measured, and reviewed by what the
/// base says; with the rulebooks and the instant, to ask about them.
#[must_use]
pub fn reviewed(base: &Base) -> (Vec<Customer>, Rulebooks, Timestamp) {
    let books = books();
    let last = base.sales.last().expect("a base with orders").day;
    let at = Zone::UTC.end_of(last);
    let mut customers = strangers(base);
    for ask in imports(base) {
        decide(&mut customers[ask.customer], &ask, &books);
    }
    let mut portfolio = Portfolio::new(books.latest(), at);
    customers.iter().for_each(|customer| portfolio.add(customer));
    let calibration = portfolio.calibrate();
    let books = books.with_calibration(calibration);
    for (key, customer) in customers.iter_mut().enumerate() {
        let _ = customer.advance_to(at, &context(at, "reviews", key), &books);
    }
    (customers, books, at)
}

/// One question to the edge table, with the facts its guards look at.
#[derive(Debug, Clone)]
pub struct Step {
    /// Whose.
    pub customer: usize,
    /// What is asked.
    pub trigger: Trigger,
    /// On which facts.
    pub facts: Facts,
}

/// Every question that the base puts to the edge table: Purchase for each order, and each trigger
/// that the policy found due, with the facts as they were then.
#[must_use]
pub fn steps(base: &Base, books: &Rulebooks) -> Vec<Step> {
    let (_, journals) = run(base, books);
    let mut steps = Vec::new();
    for (customer, (id, journal)) in ids(base).into_iter().zip(journals).enumerate() {
        let mut known = Customer::unknown(id);
        for entry in journal {
            for event in &entry.events {
                // One event at a time, so that the facts can be read in between.
                let mut one = entry.clone();
                one.events = vec![event.clone()];
                let asked = asked(&known, event, books);
                steps.extend(asked.map(|(trigger, facts)| Step { customer, trigger, facts }));
                known.apply(&one);
            }
        }
    }
    steps
}

fn asked(known: &Customer, event: &Event, books: &Rulebooks) -> Option<(Trigger, Facts)> {
    let (trigger, at) = match event {
        Event::Purchase(PurchaseEvent::Ordered(ordered)) => {
            (Trigger::Purchase, ordered.occurred_at)
        }
        Event::Lifecycle(LifecycleEvent::Moved(moved)) if moved.mover == Mover::Policy => {
            (moved.trigger, moved.at)
        }
        _ => return None,
    };
    let mut facts = known.progression(books.in_force_at(at)).facts_for(trigger, at);
    if known.stage() == Stage::Lost {
        // An order of a lost customer is judged by the episode that it begins.
        facts.silence_days = 0;
    }
    Some((trigger, facts))
}
