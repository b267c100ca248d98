//! Several writers from one starting line.

use std::panic::resume_unwind;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::check::{Deviation, same};
use super::harness::Harness;
use super::subject::{Refusal, Trial};
use crate::customer::Customer;
use crate::store::Commit;

/// How many run at once: enough that some meet on any machine, few enough for a small one.
pub(super) const WRITERS: u64 = 8;

/// How often a race is run: a store that checks and writes in two steps may win one by luck.
pub(super) const ROUNDS: u64 = 20;

/// How many commits the readers read through, and how many read.
pub(super) const COMMITS_READ: u64 = 40;
const READERS: usize = 3;

/// Who takes part in a race, and the customer as it is if this commit goes through.
pub(super) struct Entrant {
    pub(super) customer: Customer,
    pub(super) commit: Commit,
}

/// Lets everybody run at once, each on a thread of its own; gives the results in the order of the
/// entrants.
pub(super) fn race<T, R>(entrants: Vec<T>, run: impl Fn(T) -> R + Sync) -> Vec<R>
where
    T: Send,
    R: Send,
{
    let start = Barrier::new(entrants.len());
    let go = |entrant| {
        start.wait();
        run(entrant)
    };
    thread::scope(|scope| {
        let go = &go;
        let runners: Vec<_> =
            entrants.into_iter().map(|entrant| scope.spawn(move || go(entrant))).collect();
        let finish = |runner: thread::ScopedJoinHandle<'_, R>| {
            runner.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        runners.into_iter().map(finish).collect()
    })
}

impl<H: Harness> Trial<'_, H> {
    /// Sends all of these at once. Exactly one goes through; the others are answered as the one that
    /// won says, and none of them is remembered. Gives the winner.
    pub(super) fn one_winner<'r>(
        &self,
        entrants: &'r [Entrant],
        lost: impl Fn(&Entrant) -> Refusal,
    ) -> Result<&'r Entrant, Deviation> {
        let answers = race(entrants.iter().collect(), |entrant| self.commit(&entrant.commit));
        let count = answers.iter().filter(|answer| answer.is_ok()).count();
        let mut answered = entrants.iter().zip(&answers);
        let winner = answered.find(|(_, answer)| answer.is_ok());
        let (Some((winner, _)), 1) = (winner, count) else {
            let expected = format!("exactly one of {} racing commits to go through", answers.len());
            let saw = match count {
                0 => format!("none: {answers:?}"),
                _ => format!("{count} of them do"),
            };
            return Err(Deviation::new(expected, saw));
        };
        let lost = Err(lost(winner));
        for (entrant, answer) in entrants.iter().zip(&answers) {
            if answer.is_ok() {
                continue;
            }
            same("the answer to whoever lost the race", &lost, answer)?;
            // Under one id, what is remembered is the winner's.
            if entrant.commit.command_id() != winner.commit.command_id() {
                self.never_heard(&entrant.commit)?;
            }
        }
        self.remembers(&winner.commit)?;
        self.holds(&winner.customer)?;
        Ok(winner)
    }
    /// Sends these one after the other, while others read over and over again.
    pub(super) fn read_while_writing(
        &self,
        commits: &[Commit],
        read: impl Fn() -> Result<(), Deviation> + Sync,
    ) -> Result<(), Deviation> {
        let (reads, over) = (AtomicUsize::new(0), AtomicBool::new(false));
        let write = || {
            for commit in commits {
                // Not before somebody has read again, or all could be written before the first read.
                let before = reads.load(Ordering::SeqCst);
                while reads.load(Ordering::SeqCst) == before && !over.load(Ordering::SeqCst) {
                    thread::yield_now();
                }
                self.accepts(commit)?;
            }
            Ok(())
        };
        let read_on = || {
            while !over.load(Ordering::SeqCst) {
                read()?;
                reads.fetch_add(1, Ordering::SeqCst);
            }
            Ok(())
        };
        let outcomes = race((0..=READERS).collect(), |role| {
            let _finish = Finish(&over);
            if role == 0 { write() } else { read_on() }
        });
        outcomes.into_iter().collect()
    }
}

/// Whoever ends, at the last commit, at a fault or in a panic, ends it for all: they wait for each other.
pub(super) struct Finish<'a>(pub(super) &'a AtomicBool);

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}
