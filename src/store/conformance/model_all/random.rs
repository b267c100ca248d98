//! C7 and all that it takes, of everything that a store can be asked.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::histories::{self, CUSTOMERS, Sent, search, sent};
use super::super::subject::Trial;
use crate::store::{Agenda, Bulk, Erase, Feed, Inspect, Scan};

/// What only a store that has everything can be asked.
#[derive(Debug, Clone)]
pub(super) enum More {
    /// Many commits in one call, each of which may build on those before it.
    Many(Vec<Sent>),
    LoadMany(Vec<u8>),
    /// The receipts of commands that were sent so many places back.
    Receipts(Vec<usize>),
    /// The whole scan, in pages of so many.
    Scan(u16),
    /// Who is due so many days after the first act, in pages of so many, judged by the rulebook of the
    /// history or by another.
    Due {
        days: i64,
        rows: u16,
        is_other: bool,
    },
    /// The whole feed, in pages of so many.
    Feed(u16),
    Inspect(u8),
    /// Erases a customer and forgets it.
    Forget(u8),
}

impl histories::More for More {
    fn strategy() -> Option<BoxedStrategy<Self>> {
        let who = 0..CUSTOMERS;
        let rows = 1_u16..5;
        let due = (0_i64..600, rows.clone(), any::<bool>());
        let more = prop_oneof![
            3 => vec(sent(), 1..5).prop_map(Self::Many),
            1 => vec(who.clone(), 0..5).prop_map(Self::LoadMany),
            1 => vec(0_usize..6, 0..4).prop_map(Self::Receipts),
            1 => rows.clone().prop_map(Self::Scan),
            2 => due.prop_map(|(days, rows, is_other)| Self::Due { days, rows, is_other }),
            1 => rows.prop_map(Self::Feed),
            1 => who.clone().prop_map(Self::Inspect),
            1 => who.prop_map(Self::Forget),
        ];
        Some(more.boxed())
    }

    fn finale() -> Vec<Self> {
        let all =
            [Self::Scan(2), Self::Feed(3), Self::Due { days: 10_000, rows: 2, is_other: true }];
        all.into_iter().chain((0..CUSTOMERS).map(Self::Inspect)).collect()
    }
}

pub(super) fn c7_random_histories_of_everything_are_answered_as_by_the_model<H>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation>
where
    H: Harness<Store: Bulk + Scan + Agenda + Feed + Erase + Inspect>,
{
    search(trial, |stage, more: &More| stage.more(more))
}
