//! A reader that follows a feed.

use std::collections::BTreeMap;
use std::thread;

use super::check::{Deviation, same};
use super::harness::Harness;
use super::subject::Trial;
use crate::id::CustomerId;
use crate::store::{Feed, FeedCursor, FeedEntry, PageSize};

/// How often a reader looks for entries that are not there yet. An entry may be given later than its
/// commit returned while other commits are under way, also those of other checks in a shared database.
const LOOKS_MAX: usize = 20_000;

/// Reads a feed page after page and goes on from its last cursor. What must hold at every moment is
/// checked with every page.
pub(super) struct Follower<'a, 'b, H: Harness> {
    trial: &'a Trial<'b, H>,
    size: PageSize,
    place: Option<FeedCursor>,
    /// Everything that was given, in the order it was given.
    pub(super) seen: Vec<FeedEntry>,
    /// The last revision of each customer that was given.
    revisions: BTreeMap<CustomerId, u64>,
}

impl<'a, 'b, H: Harness<Store: Feed>> Follower<'a, 'b, H> {
    /// From the first entry on.
    pub(super) fn new(trial: &'a Trial<'b, H>, size: PageSize) -> Self {
        Self { trial, size, place: None, seen: Vec::new(), revisions: BTreeMap::new() }
    }

    /// Reads one page. Gives how many entries were on it.
    pub(super) fn read_page(&mut self) -> Result<usize, Deviation> {
        let page = self.trial.feed_page(self.place, self.size)?;
        let rows = page.len();
        if rows > self.size.rows() {
            let expected = format!("a page of a feed of at most {} entries", self.size.rows());
            return Err(Deviation::new(expected, format!("{rows} entries")));
        }
        for given in page {
            self.take(given)?;
        }
        Ok(rows)
    }

    fn take(&mut self, given: FeedEntry) -> Result<(), Deviation> {
        let cursor = given.cursor();
        if let Some(place) = self.place
            && cursor <= place
        {
            let expected = format!("the next entry of a feed to stand after {place}");
            return Err(Deviation::new(expected, format!("one at {cursor}")));
        }
        let last = self.revisions.insert(given.customer, given.entry.revision).unwrap_or(0);
        let what = format!("the next revision of customer {} in a feed", given.customer);
        same(&what, &last.saturating_add(1), &given.entry.revision)?;
        self.place = Some(cursor);
        self.seen.push(given);
        Ok(())
    }

    /// Reads until a page is empty.
    pub(super) fn read_on(&mut self) -> Result<(), Deviation> {
        while self.read_page()? > 0 {}
        Ok(())
    }

    /// Reads until there have been so many entries in all; there are no more than these.
    pub(super) fn read_all(&mut self, count: usize) -> Result<(), Deviation> {
        for _ in 0..LOOKS_MAX {
            if self.read_page()? == 0 && self.seen.len() >= count {
                return same("the entries of a feed", &count, &self.seen.len());
            }
            if self.seen.len() < count {
                thread::yield_now();
            }
        }
        let expected = format!("{count} entries in a feed, once nothing is under way");
        Err(Deviation::new(expected, format!("{}, however often it is read", self.seen.len())))
    }

    /// Who was given with which revision, in the order it was given.
    pub(super) fn order(&self) -> Vec<(CustomerId, u64)> {
        self.seen.iter().map(|given| (given.customer, given.entry.revision)).collect()
    }
}

impl<H: Harness<Store: Feed>> Trial<'_, H> {
    /// One page of the feed, as it is given.
    pub(super) fn feed_page(
        &self,
        after: Option<FeedCursor>,
        size: PageSize,
    ) -> Result<Vec<FeedEntry>, Deviation> {
        self.ask("a page of a feed", || self.store.feed(self.tenant, after, size))
    }

    /// The whole feed, once so many entries are in it and nothing is under way.
    pub(super) fn whole_feed(&self, count: usize) -> Result<Vec<FeedEntry>, Deviation> {
        let mut follower = Follower::new(self, PageSize::MAX);
        follower.read_all(count)?;
        Ok(follower.seen)
    }
}

/// A page of so many rows.
pub(super) fn size(rows: u16) -> PageSize {
    PageSize::new(rows).unwrap_or(PageSize::MAX)
}
