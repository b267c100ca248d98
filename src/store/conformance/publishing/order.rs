//! C10: whoever follows a feed misses nothing of commits that were under way while others ended.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::super::check::Deviation;
use super::super::follow::{Follower, size};
use super::super::harness::Hold;
use super::super::race::{Finish, race};
use super::super::subject::{Refusal, Trial};
use super::held::Held;
use crate::store::{Feed, PageSize};

/// How many keep commits under way while one follows, and how many each of them does. Few: each may
/// occupy a connection, and one more for the commits beside.
const HOLDERS: usize = 3;
const HELD: u64 = 8;

/// An order of somebody new, carried out beside whatever is under way.
fn beside<H: Hold<Store: Feed>>(trial: &Trial<'_, H>, name: &str) -> Result<(), Deviation> {
    trial.accepts(&trial.order(&mut trial.customer(name), 1, name)?)
}

/// An order of somebody new, kept under way.
fn under_way<'a, H: Hold<Store: Feed>>(
    trial: &Trial<'a, H>,
    name: &str,
) -> Result<Held<'a, H>, Deviation> {
    trial.held_with(&trial.order(&mut trial.customer(name), 1, name)?)
}

pub(super) fn c10_held_commit_is_not_skipped<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    // Several times, because ids are drawn at random and may happen to stand in the right order.
    let mut follower = Follower::new(trial, size(2));
    for round in 1..=5_usize {
        let held = under_way(trial, &format!("slow {round}"))?;
        beside(trial, &format!("first {round}"))?;
        beside(trial, &format!("second {round}"))?;
        follower.read_on()?;
        beside(trial, &format!("third {round}"))?;
        follower.read_on()?;
        trial.finish(held)?;
        follower.read_all(round.saturating_mul(4))?;
    }
    Ok(())
}

pub(super) fn c10_held_commits_end_in_any_order<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut follower = Follower::new(trial, PageSize::MAX);
    for (round, turned) in [(1_usize, true), (2, false), (3, true)] {
        let early = under_way(trial, &format!("early {round}"))?;
        beside(trial, &format!("between {round}"))?;
        let late = under_way(trial, &format!("late {round}"))?;
        beside(trial, &format!("after {round}"))?;
        follower.read_on()?;
        let (first, last) = if turned { (late, early) } else { (early, late) };
        trial.finish(first)?;
        follower.read_on()?;
        beside(trial, &format!("at last {round}"))?;
        follower.read_on()?;
        trial.finish(last)?;
        follower.read_all(round.saturating_mul(5))?;
    }
    Ok(())
}

pub(super) fn c10_abandoned_commit_holds_up_nothing<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut follower = Follower::new(trial, size(1));
    let abandoned = under_way(trial, "abandoned")?;
    beside(trial, "first")?;
    follower.read_on()?;
    trial.abandon(abandoned)?;
    follower.read_all(1)?;
    beside(trial, "second")?;
    follower.read_all(2)?;
    // One that is let go of without a word is rolled back as well.
    drop(under_way(trial, "dropped")?);
    beside(trial, "third")?;
    follower.read_all(3)
}

pub(super) fn c10_held_commit_keeps_the_order_of_revisions<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut follower = Follower::new(trial, size(2));
    let mut expected = 0_usize;
    for round in 1..=3_u64 {
        let mut held = under_way(trial, &format!("early {round}"))?;
        let mut customer = trial.customer(&format!("changed meanwhile {round}"));
        trial.accepts(&trial.order(&mut customer, 1, &format!("meanwhile {round}"))?)?;
        follower.read_on()?;
        let before = customer.clone();
        let next = trial.order(&mut customer, 2, &format!("then {round}"))?;
        match trial.carry_out(&mut held, &next) {
            Some(Ok(_)) => {
                beside(trial, &format!("beside {round}"))?;
                follower.read_on()?;
                trial.finish(held)?;
                expected = expected.saturating_add(4);
            }
            // A transaction that sees the state at its beginning cannot make the next revision.
            Some(Err(Refusal::Conflict | Refusal::Failed(_))) => {
                trial.abandon(held)?;
                customer = before;
                expected = expected.saturating_add(1);
            }
            answer => {
                let expected = "the next revision of a customer that changed meanwhile to be made, or \
                                a conflict";
                return Err(Deviation::new(expected, format!("{answer:?}")));
            }
        }
        trial.accepts(&trial.order(&mut customer, 3, &format!("at last {round}"))?)?;
        expected = expected.saturating_add(1);
        follower.read_all(expected)?;
        trial.holds(&customer)?;
    }
    Ok(())
}

pub(super) fn c10_reader_misses_nothing_of_held_commits<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    // Every second transaction is rolled back, and beside each somebody else is written.
    let entries = u64::try_from(HOLDERS).unwrap_or(u64::MAX).saturating_mul(HELD / 2 + HELD);
    let count = usize::try_from(entries).unwrap_or(usize::MAX);
    let pace = Pace::default();
    let outcomes = race((0..=HOLDERS).collect(), |role| match role {
        0 => {
            let _finish = Finish(&pace.over);
            let mut follower = Follower::new(trial, size(3));
            while pace.written.load(Ordering::SeqCst) < HOLDERS {
                follower.read_on()?;
                pace.reads.fetch_add(1, Ordering::SeqCst);
            }
            follower.read_all(count)
        }
        writer => {
            let _written = Written(&pace.written);
            overlap(trial, writer, &pace)
        }
    });
    outcomes.into_iter().collect()
}

/// How far the others have come.
#[derive(Default)]
struct Pace {
    /// How often the feed was read to its end.
    reads: AtomicUsize,
    /// How many writers are through.
    written: AtomicUsize,
    /// Nobody reads any more.
    over: AtomicBool,
}

/// A writer that is through, or gave up.
struct Written<'a>(&'a AtomicUsize);

impl Drop for Written<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Pace {
    /// Until the reader has gone past everything that is there now.
    fn await_reader(&self) {
        let enough = self.reads.load(Ordering::SeqCst).saturating_add(2);
        while self.reads.load(Ordering::SeqCst) < enough && !self.over.load(Ordering::SeqCst) {
            thread::yield_now();
        }
    }
}

fn overlap<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
    writer: usize,
    pace: &Pace,
) -> Result<(), Deviation> {
    let mut customer = trial.customer(&format!("writer {writer}"));
    for nth in 1..=HELD {
        let name = format!("{nth} of {writer}");
        let before = customer.clone();
        let held = trial.held_with(&trial.order(&mut customer, nth, &name)?)?;
        beside(trial, &format!("beside {name}"))?;
        pace.await_reader();
        if nth % 2 == 0 {
            trial.finish(held)?;
        } else {
            trial.abandon(held)?;
            customer = before;
        }
    }
    trial.holds(&customer)
}
