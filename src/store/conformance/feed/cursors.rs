//! C10: the order of a feed, and the places in it to go on from.

use std::collections::BTreeMap;

use super::super::check::{Deviation, same};
use super::super::follow::{Follower, size};
use super::super::harness::Harness;
use super::super::race::race;
use super::super::subject::{NOW, Trial};
use crate::customer::Customer;
use crate::id::CustomerId;
use crate::store::{Feed, FeedCursor, FeedEntry, PageSize};

/// How many write while one follows, and how many commits each of them makes.
const CROWD: u64 = 6;
const COMMITS: u64 = 15;

/// Five customers with two entries each, one after the other, and a commit of two at the end; gives who
/// was written last, and the feed.
fn written<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(Option<Customer>, Vec<FeedEntry>), Deviation> {
    let mut customers: Vec<_> = (1..=5).map(|nth| trial.customer(&format!("who {nth}"))).collect();
    for round in 1..=2 {
        for (who, customer) in customers.iter_mut().enumerate() {
            trial.accepts(&trial.order(customer, round, &format!("order {round} of {who}"))?)?;
        }
    }
    if let [first, .., last] = customers.as_mut_slice() {
        let both = trial.order(first, 3, "both")?;
        trial.accepts(&both.joined(trial.order(last, 3, "both")?))?;
    }
    Ok((customers.pop(), trial.whole_feed(12)?))
}

pub(super) fn c10_feed_is_in_the_order_of_its_cursors<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    written(trial)?;
    let page = trial.feed_page(None, PageSize::MAX)?;
    let given: Vec<FeedCursor> = page.iter().map(FeedEntry::cursor).collect();
    let mut sorted = given.clone();
    sorted.sort_unstable();
    sorted.dedup();
    same("the cursors of a page of a feed", &sorted, &given)
}

pub(super) fn c10_what_comes_later_stands_later<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    // Neither the ids nor the clocks of those who write may order a feed: ids are drawn at random, and a
    // clock may be behind.
    let mut follower = Follower::new(trial, PageSize::MAX);
    for nth in 1..=12 {
        let name = format!("nth {nth}");
        let behind =
            NOW.saturating_add_seconds(3_600_i64.saturating_mul(12_i64.saturating_sub(nth)));
        let minor = nth.unsigned_abs();
        trial.accepts(&trial.order_at(&mut trial.customer(&name), minor, behind, &name)?)?;
        follower.read_all(usize::try_from(nth).unwrap_or(usize::MAX))?;
    }
    Ok(())
}

pub(super) fn c10_revisions_come_in_their_order<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    written(trial)?;
    let mut last: BTreeMap<CustomerId, u64> = BTreeMap::new();
    for given in trial.feed_page(None, PageSize::MAX)? {
        let before = last.insert(given.customer, given.entry.revision).unwrap_or(0);
        let next = before.saturating_add(1);
        same("the next revision of one customer in a feed", &next, &given.entry.revision)?;
    }
    Ok(())
}

pub(super) fn c10_feed_in_pages_of_any_size<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (_, whole) = written(trial)?;
    // One at a time; pages that divide the feed, and that do not; exactly all; more than all.
    for rows in [1, 2, 3, 5, 11, 12, 13] {
        let mut follower = Follower::new(trial, size(rows));
        follower.read_all(whole.len())?;
        same(&format!("a feed in pages of {rows}"), &whole, &follower.seen)?;
    }
    Ok(())
}

pub(super) fn c10_page_may_end_within_a_commit<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customers: Vec<_> = (1..=5).map(|nth| trial.customer(&format!("who {nth}"))).collect();
    let mut together = None;
    for customer in &mut customers {
        let commit = trial.order(customer, 1, "all")?;
        together = Some(match together.take() {
            None => commit,
            Some(before) => commit.joined(before),
        });
    }
    together.iter().try_for_each(|commit| trial.accepts(commit))?;
    let whole = trial.whole_feed(5)?;
    for rows in 1..5 {
        let mut follower = Follower::new(trial, size(rows));
        follower.read_all(5)?;
        same(&format!("one commit in pages of {rows}"), &whole, &follower.seen)?;
    }
    Ok(())
}

pub(super) fn c10_feed_ends_with_an_empty_page<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (_, whole) = written(trial)?;
    let Some(last) = whole.last().map(FeedEntry::cursor) else { return Ok(()) };
    for rows in [1, 2, 1_000] {
        let given = trial.feed_page(Some(last), size(rows))?.len();
        same("the entries after the last one of a feed", &0, &given)?;
    }
    Ok(())
}

pub(super) fn c10_feed_goes_on_from_any_cursor<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (known, before) = written(trial)?;
    let mut late = trial.customer("late");
    trial.accepts(&trial.order(&mut late, 1, "late")?)?;
    if let Some(mut known) = known {
        trial.accepts(&trial.order(&mut known, 4, "late, too")?)?;
    }
    let whole = trial.whole_feed(before.len().saturating_add(2))?;
    for (nth, given) in whole.iter().enumerate() {
        // As text, which is how a reader keeps it.
        let kept = given.cursor().to_string().parse::<FeedCursor>();
        let kept = kept.map_err(|error| Deviation::failed("reading a cursor", &error))?;
        let page = trial.feed_page(Some(kept), PageSize::MAX)?;
        let expected: Vec<_> = whole.iter().skip(nth.saturating_add(1)).cloned().collect();
        same("what a feed gives after one of its cursors", &expected, &page)?;
    }
    same("what was given before", &before, &whole.into_iter().take(before.len()).collect())
}

pub(super) fn c10_reader_misses_nothing_of_racing_writers<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let count = CROWD.saturating_mul(COMMITS);
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    // The first two read while the others write.
    let outcomes = race((0..CROWD.saturating_add(2)).collect(), |role| match role {
        0 => follow(trial, 1, count),
        1 => follow(trial, 7, count),
        writer => {
            let mut customer = trial.customer(&format!("writer {writer}"));
            for nth in 1..=COMMITS {
                let name = format!("order {nth} of {writer}");
                trial.accepts(&trial.order(&mut customer, nth, &name)?)?;
            }
            Ok(Vec::new())
        }
    });
    let outcomes = outcomes.into_iter().collect::<Result<Vec<_>, Deviation>>()?;
    let whole: Vec<_> = trial
        .whole_feed(count)?
        .iter()
        .map(|given| (given.customer, given.entry.revision))
        .collect();
    let mut readers = outcomes.iter().filter(|order| !order.is_empty());
    readers.try_for_each(|order| {
        same("a feed that was read while it was written, against the whole", &whole, order)
    })
}

fn follow<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
    rows: u16,
    count: usize,
) -> Result<Vec<(CustomerId, u64)>, Deviation> {
    let mut follower = Follower::new(trial, size(rows));
    follower.read_all(count)?;
    Ok(follower.order())
}
