//! C6 and C10: a feed goes on where it was when the store was closed.

use super::super::check::{Deviation, same};
use super::super::harness::Reopen;
use super::super::subject::Subject;
use crate::store::{Feed, FeedCursor, PageSize};

pub(super) fn c6_reopened_feed_gives_the_same<H: Reopen<Store: Feed>>(
    subject: Subject<'_, H>,
) -> Result<(), Deviation> {
    let trial = subject.trial();
    let (mut first, mut second) = (trial.customer("first"), trial.customer("second"));
    for nth in 1..=3 {
        let name = format!("order {nth}");
        let both = trial.order(&mut first, nth, &name)?;
        trial.accepts(&both.joined(trial.order(&mut second, nth, &name)?))?;
    }
    let before = trial.whole_feed(6)?;

    let subject = subject.reopen()?;
    let after = subject.trial().whole_feed(6)?;
    before.iter().zip(&after).try_for_each(|(before, after)| {
        same("an entry of a feed that was opened again", before, after)
    })
}

pub(super) fn c10_reopened_feed_goes_on<H: Reopen<Store: Feed>>(
    mut subject: Subject<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = subject.trial().customer("customer");
    let mut place: Option<String> = None;
    for nth in 1..=4_u64 {
        let (trial, even) = (subject.trial(), nth.saturating_mul(2));
        // Several before each closing: whoever begins to count anew is then behind.
        let odd = even.saturating_sub(1);
        for nth in [odd, even] {
            trial.accepts(&trial.order(&mut customer, nth, &format!("order {nth}"))?)?;
        }
        trial.whole_feed(usize::try_from(even).unwrap_or(usize::MAX))?;
        // A reader keeps its place as text, as it would across restarts of its own.
        let kept = place.as_deref().map(str::parse::<FeedCursor>).transpose();
        let kept = kept.map_err(|error| Deviation::failed("reading a cursor", &error))?;
        let page = trial.feed_page(kept, PageSize::MAX)?;
        let revisions: Vec<u64> = page.iter().map(|given| given.entry.revision).collect();
        same("the revisions that a feed gives since it was closed", &vec![odd, even], &revisions)?;
        place = page.last().map(|given| given.cursor().to_string());
        subject = subject.reopen()?;
    }
    Ok(())
}
