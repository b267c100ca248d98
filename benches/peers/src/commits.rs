//! Commits as the library makes them, made beforehand, so that only storing them is measured.

use std::ops::Range;

use guanxi::crm::{Crm, Prepared};
use guanxi::store::{Commit, CustomerStore, MemoryStore};
use guanxi::{Actor, CommandId, Context, CustomerId, Day, Timestamp};

use crate::base::{Base, Sale};
use crate::ours::{self, Ask};

/// Makes commits, each on top of those that it made before.
#[derive(Debug)]
pub struct Maker {
    crm: Crm<MemoryStore>,
}

impl Default for Maker {
    fn default() -> Self {
        Self { crm: Crm::new(MemoryStore::default(), ours::tenant(), ours::books()) }
    }
}

impl Maker {
    /// The commit of a command that changes its customer; what comes later builds on it.
    #[must_use]
    pub fn make(&self, id: CustomerId, ask: &Ask) -> Commit {
        let commit = self.make_alone(id, ask);
        let built_on = self.crm.store().commit(ours::tenant(), commit.clone());
        pollster::block_on(built_on).expect("nobody else writes");
        commit
    }

    /// The commit of a command on which nothing is to build: it is made and forgotten, so that a base
    /// of any size can be made piece by piece.
    #[must_use]
    pub fn make_alone(&self, id: CustomerId, ask: &Ask) -> Commit {
        let prepared = self.crm.prepare(id, &ask.command, &ask.context);
        match pollster::block_on(prepared).expect("every command is accepted") {
            Prepared::Commit { commit, .. } => *commit,
            other => unreachable!("every command changes its customer: {other:?}"),
        }
    }
}

/// A base on file, and what comes next.
#[derive(Debug)]
pub struct Work {
    /// To be on file beforehand.
    pub on_file: Vec<Commit>,
    /// The commands that come next, in this order: half of them are first orders of new customers.
    pub asks: Vec<(CustomerId, Ask)>,
    /// Their commits.
    pub next: Vec<Commit>,
}

impl Work {
    /// The CDNOW sample without its last orders, every order a commit; then as many of those last orders
    /// as of first ones by other customers, by turns.
    #[must_use]
    pub fn cdnow(next: usize) -> Self {
        let base = Base::like_cdnow(2 * Base::cdnow().sales.len());
        let known = Base::cdnow().customers;
        let (ids, maker) = (ours::ids(&base), Maker::default());
        let commit = |ask: &Ask| maker.make(ids[ask.customer], ask);
        let (here, elsewhere): (Vec<Ask>, Vec<Ask>) =
            ours::asks(&base).into_iter().partition(|ask| ask.customer < known);
        let (past, last) = here.split_at(here.len() - next / 2);
        let on_file = past.iter().map(commit).collect();
        let by_turns = last.iter().zip(&elsewhere).flat_map(|(last, first)| [last, first]);
        let asks: Vec<_> = by_turns.map(|ask| (ids[ask.customer], ask.clone())).collect();
        let next = asks.iter().map(|(_, ask)| commit(ask)).collect();
        Self { on_file, asks, next }
    }
}

/// First commits of a base of any size, one for each customer with all of its orders, made when asked
/// for.
#[derive(Debug)]
pub struct Newcomers {
    maker: Maker,
    /// The orders of the customers of the sample, which come again and again.
    sample: Vec<Ask>,
}

impl Default for Newcomers {
    fn default() -> Self {
        Self { maker: Maker::default(), sample: ours::imports(&Base::cdnow()) }
    }
}

impl Newcomers {
    /// The id of a customer, counted from 0.
    #[must_use]
    pub fn id(&self, customer: usize) -> CustomerId {
        CustomerId::derive(ours::tenant(), &customer.to_string())
    }

    /// What the customer of this number did.
    #[must_use]
    pub fn ask(&self, customer: usize) -> Ask {
        let like = &self.sample[customer % self.sample.len()];
        let command_id = CommandId::derive("imports", &customer.to_string());
        let context = Context::new(like.context.now, Actor::System, command_id);
        Ask { customer, context, command: like.command.clone() }
    }

    /// The next order of a customer, some days after the last one of the sample. No two have the same
    /// number.
    #[must_use]
    pub fn next_ask(&self, customer: usize, number: usize) -> Ask {
        let day =
            Day::from_ymd(1998, 7, 2).expect("a day").saturating_add_days(number as i64 / 100);
        // Far beyond the keys of any base.
        ours::ask(usize::MAX - number, &Sale { customer, day, minor: 2_933 })
    }

    /// The commits of these customers.
    #[must_use]
    pub fn commits(&self, customers: Range<usize>) -> Vec<Commit> {
        let commit = |customer| self.maker.make_alone(self.id(customer), &self.ask(customer));
        customers.map(commit).collect()
    }
}

/// The instant until which this many of these commits' customers are due, one commit each.
///
/// # Panics
///
/// When fewer of them ever wake.
#[must_use]
pub fn until_due(commits: &[Commit], customers: usize) -> Timestamp {
    let changes = commits.iter().flat_map(Commit::changes);
    let mut wakings: Vec<Timestamp> = changes.filter_map(|change| change.index.wake_at).collect();
    wakings.sort_unstable();
    wakings[customers - 1]
}
