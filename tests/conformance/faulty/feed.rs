//! The feed of the store, and what can be wrong with it.
//!
//! A commit draws a ticket when it begins, and its entries stand at that number, or where the customer's
//! last entry stands if that is later. So a feed may give what stands before every ticket that is still
//! out.

use std::collections::{BTreeMap, BTreeSet};

use guanxi::store::{
    Commit, CommitError, CustomerChange, Feed, FeedCursor, FeedEntry, PageSize, Receipt,
    StoreError, StoredEntry,
};
use guanxi::{CustomerId, TenantId};

use super::disk::{Disk, FaultyStore, nobody, yield_until};
use super::fault::Fault;

/// Where an entry stands.
type Place = (u64, CustomerId, u64);

/// What is published, by tenant.
#[derive(Clone, Default)]
pub(super) struct Published {
    entries: BTreeMap<TenantId, BTreeMap<Place, StoredEntry>>,
    tickets: u64,
    /// The tickets of transactions that are open.
    pub(super) out: BTreeSet<u64>,
    /// An entry that is not given at its first chance.
    torn: Option<Place>,
    /// The last position that was given.
    given: u64,
}

impl Published {
    pub(super) fn next_ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    pub(super) fn number_anew(&mut self) {
        self.tickets = 0;
    }

    fn last_of(&self, tenant: TenantId, customer: CustomerId) -> u64 {
        let places = self.entries.get(&tenant).into_iter().flat_map(BTreeMap::keys);
        let own = places.filter(|(_, whose, _)| *whose == customer);
        own.map(|(position, ..)| *position).max().unwrap_or(0)
    }
}

fn cursor_place(cursor: FeedCursor) -> Place {
    (cursor.position(), cursor.customer(), cursor.revision())
}

impl FaultyStore {
    fn feed_tenant(&self, tenant: TenantId) -> TenantId {
        if self.is(Fault::FeedSharesTenants) { nobody() } else { tenant }
    }

    pub(super) fn publish(
        &self,
        disk: &mut Disk,
        tenant: TenantId,
        change: &CustomerChange,
        ticket: u64,
    ) {
        let (tenant, feed) = (self.feed_tenant(tenant), &mut disk.feed);
        let CustomerChange { id, entry, .. } = change;
        if self.is(Fault::FeedLosesFirstEntries) && entry.revision == 1 {
            return;
        }
        let position = match self.fault {
            Fault::FeedOrdersByClock => entry.recorded_at.as_micros().unsigned_abs(),
            Fault::FeedOrdersByCustomer => u64::from(id.uuid().as_bytes()[0]),
            Fault::FeedNumbersAnewWhenReopened | Fault::FeedStandsAtTickets => ticket,
            _ => ticket.max(feed.last_of(tenant, *id)),
        };
        let place = (position, *id, entry.revision);
        let entries = feed.entries.entry(tenant).or_default();
        let beside = entries.keys().rfind(|(beside, ..)| *beside == position).copied();
        if self.is(Fault::FeedTearsCommits) && beside.is_some() {
            feed.torn = beside.max(Some(place));
        }
        entries.insert(place, entry.clone());
    }

    /// Publishes what was not carried out, or not now.
    pub(super) fn publish_again(&self, disk: &mut Disk, tenant: TenantId, commit: &Commit) {
        let ticket = disk.feed.next_ticket();
        commit.changes().iter().for_each(|change| self.publish(disk, tenant, change, ticket));
    }

    /// Draws a number, and writes when a reader has gone past it.
    pub(super) fn carry_out_numbered_before(
        &self,
        tenant: TenantId,
        commit: &Commit,
    ) -> Result<Receipt, CommitError> {
        let mut ticket = self.lock().feed.next_ticket();
        if ticket % 3 == 1 {
            yield_until(|| self.lock().feed.given > ticket);
        }
        let mut disk = self.lock();
        let receipt = self.carry_out(&mut disk, tenant, commit)?;
        // Carried out under a number of its own; moved to the one that was drawn first.
        let Disk { feed, .. } = &mut *disk;
        let entries = feed.entries.entry(self.feed_tenant(tenant)).or_default();
        for change in commit.changes() {
            let revision = change.entry.revision;
            let whose = |place: &Place| place.1 == change.id && place.2 == revision;
            entries.retain(|place, _| !whose(place));
            let own = entries.keys().filter(|place| place.1 == change.id).map(|place| place.0);
            ticket = ticket.max(own.max().unwrap_or(0));
            entries.insert((ticket, change.id, revision), change.entry.clone());
        }
        Ok(receipt)
    }

    /// The first place that may not be given yet.
    fn horizon(&self, feed: &Published) -> u64 {
        let bar = match self.fault {
            Fault::FeedKnowsNoHorizon => None,
            Fault::FeedWaitsForTheLastOnly => feed.out.last(),
            _ => feed.out.first(),
        };
        bar.copied().unwrap_or(u64::MAX)
    }

    fn is_after(
        &self,
        place: Place,
        cursor: FeedCursor,
        entries: &BTreeMap<Place, StoredEntry>,
    ) -> bool {
        let from = cursor_place(cursor);
        match self.fault {
            Fault::FeedRepeatsAtBorders => place >= from,
            Fault::FeedResumesByPosition => place.0 > from.0,
            Fault::FeedResumesByCustomer => {
                let own = entries.keys().filter(|place| place.1 == from.1);
                own.max().is_none_or(|last| place > *last)
            }
            _ => place > from,
        }
    }
}

impl Feed for FaultyStore {
    async fn feed(
        &self,
        tenant: TenantId,
        after: Option<FeedCursor>,
        size: PageSize,
    ) -> Result<Vec<FeedEntry>, StoreError> {
        self.fail_for_the_moment()?;
        let (mut disk, tenant) = (self.lock(), self.feed_tenant(tenant));
        let horizon = self.horizon(&disk.feed);
        let Some(entries) = disk.feed.entries.get(&tenant) else { return Ok(Vec::new()) };
        let mut after = after;
        if self.is(Fault::FeedBeginsAnewAtTheEnd)
            && entries.keys().next_back().copied() == after.map(cursor_place)
        {
            after = None;
        }
        let skipped = usize::from(self.is(Fault::FeedSkipsBetweenPages) && after.is_some());
        let given = entries
            .iter()
            .filter(|(place, _)| place.0 < horizon)
            .filter(|(place, _)| after.is_none_or(|after| self.is_after(**place, after, entries)))
            .skip(skipped)
            .take(size.rows())
            .map(|(place, entry)| self.given(*place, entry, entries));
        let mut page: Vec<FeedEntry> = given.collect();
        if self.is(Fault::FeedGivesPagesBackwards) {
            page.reverse();
        }
        if let Some(last) = page.last() {
            if disk.feed.torn == Some(cursor_place(last.cursor())) {
                disk.feed.torn = None;
                page.pop();
            } else {
                disk.feed.given = disk.feed.given.max(last.position);
            }
        }
        Ok(page)
    }
}

impl FaultyStore {
    fn given(
        &self,
        (position, customer, _): Place,
        entry: &StoredEntry,
        entries: &BTreeMap<Place, StoredEntry>,
    ) -> FeedEntry {
        let mut own = entries.iter().filter(|(place, _)| place.1 == customer).map(|(_, own)| own);
        let mut entry = entry.clone();
        match self.fault {
            Fault::FeedGivesLatestDocument => {
                own.next_back().unwrap().document.clone_into(&mut entry.document);
            }
            Fault::FeedTurnsRevisions => {
                let turned = own.clone().count() as u64 + 1 - entry.revision;
                entry = own.find(|entry| entry.revision == turned).unwrap().clone();
            }
            _ => {}
        }
        FeedEntry { position, customer, entry }
    }
}
