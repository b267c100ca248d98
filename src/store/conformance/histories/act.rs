//! What happens in a random history.

use proptest::collection::vec;
use proptest::prelude::*;

/// How many customers, and keys that they claim, a history is about: few, so that they meet.
pub(in super::super) const CUSTOMERS: u8 = 3;
pub(super) const KEYS: u8 = 4;

/// The most acts of one history.
const ACTS_MAX: usize = 40;

/// One act. Whatever cannot be done as things are is left out.
#[derive(Debug, Clone)]
pub(in super::super) enum Act<M> {
    /// A new commit.
    Send(Sent),
    /// A commit that was sent before, so many places back.
    Again(usize),
    /// Another commit, under the id of an earlier one.
    Reuse(usize, Sent),
    Load(u8),
    History {
        who: u8,
        after: u64,
        rows: u16,
    },
    /// The receipt of a command that was sent before, so many places back.
    Receipt(usize),
    Holder(u8),
    /// What only some stores can be asked.
    More(M),
}

/// A commit of one customer, or of two.
#[derive(Debug, Clone)]
pub(in super::super) struct Sent {
    pub(super) one: Step,
    pub(super) two: Option<Step>,
}

impl Sent {
    /// A commit that erases this customer.
    pub(in super::super) const fn erasure(who: u8) -> Self {
        Self { one: Step { who, deed: Deed::Erase, on: On::Latest }, two: None }
    }
}

/// What a commit does to one customer.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) who: u8,
    pub(super) deed: Deed,
    pub(super) on: On,
}

#[derive(Debug, Clone)]
pub(super) enum Deed {
    Order,
    Link(u8),
    Unlink(u8),
    /// A name of so many letters.
    Name(usize),
    Erase,
    Review,
    /// The tier by a person's word, for so many days.
    Override(i64),
}

/// The state that a commit is decided on.
#[derive(Debug, Clone, Copy)]
pub(super) enum On {
    Latest,
    /// The one before the latest.
    Earlier,
    /// One that the store has not come to.
    Later,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => Just(Deed::Order),
        6 => (0..KEYS).prop_map(Deed::Link),
        2 => (0..KEYS).prop_map(Deed::Unlink),
        2 => (1_usize..40).prop_map(Deed::Name),
        2 => Just(Deed::Erase),
        1 => Just(Deed::Review),
        1 => (1_i64..30).prop_map(Deed::Override),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let on = prop_oneof![8 => Just(On::Latest), 1 => Just(On::Earlier), 1 => Just(On::Later)];
    (0..CUSTOMERS, deed(), on).prop_map(|(who, deed, on)| Step { who, deed, on })
}

/// Commits, now and then of two customers.
pub(in super::super) fn sent() -> impl Strategy<Value = Sent> {
    let two = prop_oneof![3 => Just(None), 1 => step().prop_map(Some)];
    (step(), two).prop_map(|(one, two)| Sent { one, two })
}

/// Histories, with as many acts of `more` as of all reads together; without, where there is none.
pub(super) fn histories<M: super::More>() -> BoxedStrategy<Vec<Act<M>>> {
    let back = 0_usize..6;
    let history = (0..CUSTOMERS, 0_u64..6, 1_u16..5);
    let common = prop_oneof![
        10 => sent().prop_map(Act::Send),
        2 => back.clone().prop_map(Act::Again),
        1 => (back.clone(), sent()).prop_map(|(back, sent)| Act::Reuse(back, sent)),
        2 => (0..CUSTOMERS).prop_map(Act::Load),
        2 => history.prop_map(|(who, after, rows)| Act::History { who, after, rows }),
        1 => back.prop_map(Act::Receipt),
        1 => (0..KEYS).prop_map(Act::Holder),
    ];
    let act = match M::strategy() {
        Some(more) => prop_oneof![3 => common, 1 => more.prop_map(Act::More)].boxed(),
        None => common.boxed(),
    };
    vec(act, 1..ACTS_MAX).boxed()
}

/// What is asked in the end: everything about every customer.
pub(super) fn finale<M: super::More>() -> Vec<Act<M>> {
    let customers = (0..CUSTOMERS)
        .flat_map(|who| [Act::Load(who), Act::History { who, after: 0, rows: 1_000 }]);
    let common = customers.chain((0..KEYS).map(Act::Holder));
    common.chain(M::finale().into_iter().map(Act::More)).collect()
}
