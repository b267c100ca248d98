//! Futures that are dropped half-way.

use std::future::{Future, poll_fn};
use std::task::Poll;

use super::check::Deviation;
use super::harness::Harness;
use super::subject::Trial;

/// How many futures are dropped one after the other at least: more than any pool has connections, so
/// that each may lose none.
const DROPS: usize = 64;

/// How often a future may be polled before it has to be through.
const POLLS_MAX: usize = 4_096;

/// When, after its last poll, a future is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// At once, while what it waits for is under way.
    AtOnce,
    /// When it was woken, so that what it waited for has come and nobody takes it.
    Woken,
}

/// Where a future is dropped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    polls: usize,
    moment: Moment,
}

impl Cut {
    /// What a future comes to; `None` where it was not through and was dropped.
    async fn apply<F: Future>(self, future: F) -> Option<F::Output> {
        // Dropped in here, where the runtime that it belongs to is at hand.
        let mut future = Box::pin(future);
        let mut left = self.polls;
        poll_fn(move |context| {
            if left == 0 {
                return Poll::Ready(None);
            }
            left = left.saturating_sub(1);
            match future.as_mut().poll(context) {
                Poll::Ready(output) => Poll::Ready(Some(output)),
                Poll::Pending if left == 0 && self.moment == Moment::AtOnce => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }
}

/// One cut after the other, each later than the one before, until a future comes through; then from the
/// start.
pub(super) struct Cuts {
    next: Cut,
    drops: usize,
    /// How often one came through.
    through: usize,
}

impl Cuts {
    pub(super) const fn new() -> Self {
        Self { next: Cut { polls: 0, moment: Moment::AtOnce }, drops: 0, through: 0 }
    }

    /// Runs a future up to the next cut; `None` where it was dropped.
    pub(super) fn apply<H, F>(&mut self, trial: &Trial<'_, H>, future: F) -> Option<F::Output>
    where
        H: Harness,
        F: Future + Send,
        F::Output: Send,
    {
        let Cut { polls, moment } = self.next;
        let output = trial.harness.block_on(self.next.apply(future));
        if output.is_none() {
            self.drops = self.drops.saturating_add(1);
            self.next.polls = polls.saturating_add(1);
            return None;
        }
        self.through = self.through.saturating_add(1);
        let moment = match moment {
            Moment::AtOnce => Moment::Woken,
            Moment::Woken => Moment::AtOnce,
        };
        self.next = Cut { polls: 0, moment };
        output
    }

    /// Whether there is another cut to make: until enough have been made, and every kind to its end.
    ///
    /// # Errors
    ///
    /// [`Deviation`] for a future that does not come through.
    pub(super) fn go_on(&self) -> Result<bool, Deviation> {
        if self.next.polls > POLLS_MAX {
            let expected = format!("a call to be through after {POLLS_MAX} polls");
            return Err(Deviation::new(expected, "one that is not"));
        }
        Ok(self.drops < DROPS || self.through < 2)
    }
}
