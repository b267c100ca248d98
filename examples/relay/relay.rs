//! The relay itself: a page from the feed to the sink, then a note of the place.

use guanxi::TenantId;
use guanxi::store::{Feed, FeedCursor, PageSize};

use crate::failure::Failure;
use crate::message::Message;
use crate::options::Options;
use crate::place::{Place, PlaceFile};
use crate::sink::{End, Sink};
use crate::tell;

/// A relay on its way through a feed.
pub(crate) struct Relay<'s, S, K> {
    store: &'s S,
    tenant: TenantId,
    page: PageSize,
    sink: K,
    /// Where the place is noted, if anywhere.
    file: Option<PlaceFile>,
    /// Everything until here is delivered and noted.
    after: Option<FeedCursor>,
    delivered: u64,
}

impl<'s, S: Feed, K: Sink> Relay<'s, S, K> {
    /// Goes on from the place noted, if that and the sink agree with the base.
    ///
    /// # Errors
    ///
    /// [`Failure`], if going on from there would skip entries.
    pub(crate) async fn begin(
        store: &'s S,
        options: &Options,
        mut sink: K,
        file: Option<PlaceFile>,
    ) -> Result<Self, Failure> {
        let noted = file.as_ref().map(PlaceFile::noted).transpose()?.flatten();
        if let (Some(place), Some(file)) = (noted, &file)
            && !stands(store, options.tenant, place).await?
        {
            return Err(Failure::OtherBase { path: file.path().to_owned() });
        }
        match sink.end().await? {
            End::Unknown => {}
            End::Nothing => {
                if noted.is_some() {
                    return Err(Failure::LostSink { sink: sink.name() });
                }
            }
            End::At(end) => {
                if !stands(store, options.tenant, end).await? {
                    return Err(Failure::OtherSink { sink: sink.name() });
                }
                let (end, noted) = (Some(end.cursor), noted.map(|place| place.cursor));
                if end < noted {
                    return Err(Failure::LostSink { sink: sink.name() });
                }
                if end > noted {
                    tell(
                        "note",
                        "the sink is ahead of the cursor; some entries are delivered again",
                    );
                }
            }
        }
        Ok(Self {
            store,
            tenant: options.tenant,
            page: options.page,
            sink,
            file,
            after: noted.map(|place| place.cursor),
            delivered: 0,
        })
    }

    /// Delivers the next page. Gives how many entries were in it; none if there is nothing new now.
    ///
    /// # Errors
    ///
    /// [`Failure`]. The place is as it was, so the same page comes again.
    pub(crate) async fn page(&mut self) -> Result<usize, Failure> {
        let page = self.store.feed(self.tenant, self.after, self.page).await?;
        let messages: Result<Vec<_>, _> =
            page.iter().map(|entry| Message::of(self.tenant, entry)).collect();
        let messages = messages?;
        let Some(last) = messages.last() else { return Ok(0) };
        self.sink.deliver(&messages).await?;
        // Only now: what is noted is never delivered again.
        if let Some(file) = &self.file {
            file.note(last.place)?;
        }
        self.after = Some(last.place.cursor);
        let count = messages.len();
        self.delivered = self.delivered.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(count)
    }

    /// How many entries were delivered.
    pub(crate) const fn delivered(&self) -> u64 {
        self.delivered
    }

    /// What was done, in a sentence.
    pub(crate) fn summary(&self) -> String {
        let (entries, sink) = (self.delivered, self.sink.name());
        if self.after.is_none() {
            return format!("there is nothing to deliver now of tenant {}", self.tenant);
        }
        match &self.file {
            Some(file) => {
                format!("{entries} entries to {sink}; the cursor is in `{}`", file.path().display())
            }
            None => format!("{entries} entries to {sink}"),
        }
    }
}

/// Whether a base has the entry that a place is right after, in this very place.
async fn stands(store: &impl Feed, tenant: TenantId, place: Place) -> Result<bool, Failure> {
    if place.tenant != tenant {
        return Ok(false);
    }
    // Several entries may share a position, so from the one before.
    let before = place.cursor.position().saturating_sub(1);
    let mut after = FeedCursor::new(before, place.cursor.customer(), place.cursor.revision());
    loop {
        let page = store.feed(tenant, Some(after), PageSize::MAX).await?;
        if let Some(found) = page.iter().find(|entry| entry.cursor() == place.cursor) {
            return Ok(found.entry.decode()?.command_id == place.command_id);
        }
        match page.last() {
            Some(last) if last.cursor() < place.cursor => after = last.cursor(),
            Some(_) | None => return Ok(false),
        }
    }
}
