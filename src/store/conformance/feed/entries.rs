//! C10 and C9: what is in a feed.

use std::sync::atomic::{AtomicBool, Ordering};

use super::super::check::{Deviation, same};
use super::super::follow::{Follower, size};
use super::super::harness::Harness;
use super::super::race::{Finish, race};
use super::super::subject::{Refusal, Trial, key};
use crate::customer::{Customer, Entry};
use crate::store::{Commit, Feed, FeedEntry, PageSize};

/// How many commits of two customers the reader reads through.
const PAIRS: u64 = 20;

pub(super) fn c10_feed_of_nobody_is_empty<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    same("the entries of a feed of nobody", &0, &trial.whole_feed(0)?.len())?;
    // One that was refused is nobody, too.
    let mut customer = trial.customer("refused");
    let _unsent = trial.order(&mut customer, 1, "unsent")?;
    trial.refuses(&trial.order(&mut customer, 2, "refused")?, Refusal::Conflict)?;
    same("the entries of a feed of nobody", &0, &trial.whole_feed(0)?.len())
}

pub(super) fn c10_feed_gives_every_entry_once<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customers = ["one", "two", "three"].map(|name| trial.customer(name));
    let mut expected = Vec::new();
    for nth in 1..=4 {
        for (who, customer) in customers.iter_mut().enumerate() {
            let name = format!("order {nth} of {who}");
            trial.accepts(&trial.order(customer, nth, &name)?)?;
            expected.push((customer.id(), nth));
        }
    }
    let feed = trial.whole_feed(expected.len())?;
    let mut saw: Vec<_> = feed.iter().map(|given| (given.customer, given.entry.revision)).collect();
    // In any order: that is for the checks of the cursors.
    expected.sort_unstable();
    saw.sort_unstable();
    same("the customers and revisions in a feed", &expected, &saw)
}

pub(super) fn c10_feed_gives_what_history_gives<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let linked = key("linked")?;
    let mut customers = ["one", "two"].map(|name| trial.customer(name));
    let [one, two] = &mut customers;
    let commits = [
        trial.order(one, 1, "order")?,
        trial.link(two, &linked, "link")?,
        trial.order(two, 2, "order of the other")?,
        trial.erase(two, "erase")?,
        trial.order(one, 3, "last order")?,
    ];
    commits.iter().try_for_each(|commit| trial.accepts(commit))?;
    let feed = trial.whole_feed(commits.len())?;
    customers.iter().try_for_each(|customer| same_journal(trial, customer, &feed))
}

/// What a feed gives of a customer is its history.
fn same_journal<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
    customer: &Customer,
    feed: &[FeedEntry],
) -> Result<(), Deviation> {
    let history = trial.page(customer.id(), 0, PageSize::MAX)?;
    let given: Vec<_> = feed.iter().filter(|given| given.customer == customer.id()).collect();
    same("the entries of a customer in a feed", &history.len(), &given.len())?;
    for (kept, given) in history.iter().zip(given) {
        let given = &given.entry;
        same("the revision of an entry of a feed", &kept.revision, &given.revision)?;
        same("when an entry of a feed was recorded", &kept.recorded_at, &given.recorded_at)?;
        same("the schema of an entry of a feed", &kept.schema, &given.schema)?;
        let decoded: Result<(Entry, Entry), _> =
            kept.decode().and_then(|kept| Ok((kept, given.decode()?)));
        let (kept, given) =
            decoded.map_err(|error| Deviation::failed("reading an entry", &error))?;
        same("an entry of a feed, as history gives it", &kept, &given)?;
    }
    Ok(())
}

pub(super) fn c10_commit_of_two_is_given_whole<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut first, mut second) = (trial.customer("first"), trial.customer("second"));
    let mut commits = Vec::new();
    for nth in 1..=PAIRS {
        let name = format!("both {nth}");
        let commit = trial.order(&mut first, nth, &name)?;
        commits.push(commit.joined(trial.order(&mut second, nth, &name)?));
    }
    let over = AtomicBool::new(false);
    let outcomes = race(vec![true, false], |writes| {
        let _finish = Finish(&over);
        match writes {
            true => commits.iter().try_for_each(|commit| trial.accepts(commit)),
            false => read_pairs(trial, commits.len(), &over),
        }
    });
    outcomes.into_iter().collect()
}

/// Whenever there is nothing more to read for the moment, both of every commit have been read.
fn read_pairs<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
    pairs: usize,
    over: &AtomicBool,
) -> Result<(), Deviation> {
    let mut follower = Follower::new(trial, size(1));
    loop {
        let was_over = over.load(Ordering::SeqCst);
        follower.read_on()?;
        let (even, odd) = (follower.seen.len() / 2, follower.seen.len() % 2);
        if odd != 0 {
            let expected = "the entries of a commit of two customers to be in a feed together";
            return Err(Deviation::new(expected, format!("one and a half after {even} commits")));
        }
        if was_over {
            return follower.read_all(pairs.saturating_mul(2));
        }
    }
}

pub(super) fn c10_refused_commits_are_not_given<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let contested = key("contested")?;
    let (mut holder, mut loser) = (trial.customer("holder"), trial.customer("loser"));
    let mut stale = holder.clone();
    trial.accepts(&trial.link(&mut holder, &contested, "hold")?)?;
    trial.refuses(&trial.order(&mut stale, 1, "stale")?, Refusal::Conflict)?;
    let mut beside = trial.customer("beside");
    let fine = trial.order(&mut beside, 2, "lose")?;
    let refused = trial.link(&mut loser, &contested, "lose")?;
    let claimed = Refusal::Claimed { holder: holder.id() };
    trial.refuses(&fine.joined(refused), claimed)?;
    trial.refuses(&trial.order(&mut loser.clone(), 3, "hold")?, Refusal::CommandReused)?;
    only(trial, &[(&holder, 1)])
}

/// Nothing is in the feed but these, in any order.
fn only<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
    entries: &[(&Customer, u64)],
) -> Result<(), Deviation> {
    let mut expected: Vec<_> =
        entries.iter().map(|(who, revision)| (who.id(), *revision)).collect();
    let feed = trial.whole_feed(expected.len())?;
    let mut saw: Vec<_> = feed.iter().map(|given| (given.customer, given.entry.revision)).collect();
    expected.sort_unstable();
    saw.sort_unstable();
    same("all that is in a feed", &expected, &saw)
}

pub(super) fn c10_repeated_commands_are_given_once<H: Harness<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut first, mut second) = (trial.customer("first"), trial.customer("second"));
    let both = trial.order(&mut first, 1, "both")?;
    let both = both.joined(trial.order(&mut second, 2, "both")?);
    let again = |commit: &Commit| {
        trial.accepts(commit)?;
        trial.replays(commit)?;
        trial.replays(commit)
    };
    again(&both)?;
    again(&trial.order(&mut first, 3, "order")?)?;
    trial.replays(&both)?;
    only(trial, &[(&first, 1), (&second, 1), (&first, 2)])
}

pub(super) fn c9_tenants_share_no_feed<H: Harness<Store: Feed>>(
    here: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let there = here.elsewhere();
    let mut ours = here.customer("same id");
    let mut theirs = ours.clone();
    here.accepts(&here.order(&mut ours, 1, "ours")?)?;
    only(&there, &[])?;
    there.accepts(&there.order(&mut theirs, 2, "theirs")?)?;
    there.accepts(&there.order(&mut theirs, 3, "theirs again")?)?;
    here.accepts(&here.order(&mut ours, 4, "ours again")?)?;
    same_journal(here, &ours, &here.whole_feed(2)?)?;
    same_journal(&there, &theirs, &there.whole_feed(2)?)
}
