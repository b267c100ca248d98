//! What a store that has everything can be asked beyond what all can.

use std::collections::BTreeMap;

use super::super::check::Deviation;
use super::super::follow::{Follower, size};
use super::super::harness::Harness;
use super::super::histories::{Sent, Stage, Told, customers, entries, tell, tell_customers};
use super::super::subject::{Answer, NOW, Refusal};
use super::random::More;
use crate::customer::{Customer, Entry};
use crate::id::{CommandId, CustomerId};
use crate::rulebook::RulebookRef;
use crate::store::{
    Agenda, Bulk, Erase, Feed, FeedEntry, Inspect, Inspection, PageSize, Scan, Waking,
};
use crate::time::Timestamp;

/// A journal by what its entries mean.
type Journal = Vec<(u64, Timestamp, Entry)>;

impl<H> Stage<'_, H>
where
    H: Harness<Store: Bulk + Scan + Agenda + Feed + Erase + Inspect>,
{
    /// Asks both; `None` where it cannot be asked as things are.
    pub(super) fn more(&mut self, more: &More) -> Result<Option<Told>, Deviation> {
        let told = match more {
            More::Many(all) => self.send_many(all)?,
            More::LoadMany(who) => self.load_many(who)?,
            More::Receipts(back) => self.receipts(back)?,
            More::Scan(rows) => self.scan(size(*rows))?,
            More::Due { days, rows, is_other } => self.due(*days, size(*rows), *is_other)?,
            More::Feed(rows) => self.feed(size(*rows))?,
            More::Inspect(who) => self.inspect(*who)?,
            More::Forget(who) => return self.forget(*who),
        };
        Ok(Some(told))
    }

    fn send_many(&mut self, all: &[Sent]) -> Result<Told, Deviation> {
        let (mut decided, mut made): (Vec<_>, Vec<Customer>) = (Vec::new(), Vec::new());
        let mut makers: BTreeMap<CustomerId, CommandId> = BTreeMap::new();
        for sent in all {
            let Some(mut next) = self.decide(sent, &made, None) else { continue };
            let maker = next.after().iter().find_map(|after| makers.get(&after.id()).copied());
            next.commit = next.commit.building_on(maker);
            let command_id = next.commit.command_id();
            makers.extend(next.after().iter().map(|after| (after.id(), command_id)));
            made.extend(next.after().iter().cloned());
            decided.push(next);
        }
        let commits = || decided.iter().map(|decided| decided.commit.clone()).collect::<Vec<_>>();
        let what: Vec<&str> = decided.iter().map(|decided| decided.what.as_str()).collect();
        let what = format!("in one call: {}", what.join("; "));

        let trial = &self.trial;
        let send = || trial.store.commit_many(trial.tenant, commits());
        let (store, repeated) = trial.ask_counted("many commits", send)?;
        let sent = || self.model.commit_many(trial.tenant, commits());
        let model = trial.ask("the model", sent)?;
        let answer = |answer: Result<_, _>| answer.map_err(Refusal::from);
        let mut store: Vec<Answer> = store.into_iter().map(answer).collect();
        let model: Vec<Answer> = model.into_iter().map(answer).collect();
        if repeated {
            // The answers to the first call may have been lost on their way.
            for (store, model) in store.iter_mut().zip(&model) {
                if *store == model.clone().map(|receipt| receipt.replay()) {
                    store.clone_from(model);
                }
            }
        }
        for (decided, answer) in decided.iter().zip(&model) {
            self.learn(decided, answer);
        }
        let list = |all: &Vec<Answer>| all.iter().map(tell).collect::<Vec<_>>().join("; ");
        Ok(Told::new(what, &store, &model, list))
    }

    fn load_many(&self, who: &[u8]) -> Result<Told, Deviation> {
        let (trial, ids): (_, Vec<_>) =
            (&self.trial, who.iter().map(|who| self.id(*who)).collect());
        let store = trial.ask("many loads", || trial.store.load_many(trial.tenant, &ids))?;
        let model = trial.ask("the model", || self.model.load_many(trial.tenant, &ids))?;
        let read = |all: Vec<_>| customers(ids.iter().copied().zip(all));
        let same_count = store.len() == model.len();
        let told = Told::new(format!("load {ids:?}"), &read(store)?, &read(model)?, |all| {
            tell_customers(all)
        });
        Ok(Told { agree: told.agree && same_count, ..told })
    }

    fn receipts(&self, back: &[usize]) -> Result<Told, Deviation> {
        let earlier = back.iter().filter_map(|back| self.earlier(*back));
        let ids: Vec<CommandId> = earlier.map(|decided| decided.commit.command_id()).collect();
        let trial = &self.trial;
        let store = trial.ask("many receipts", || trial.store.receipts(trial.tenant, &ids))?;
        let model = trial.ask("the model", || self.model.receipts(trial.tenant, &ids))?;
        Ok(Told::new(format!("the receipts of {ids:?}"), &store, &model, |all| format!("{all:?}")))
    }

    fn scan(&self, rows: PageSize) -> Result<Told, Deviation> {
        let trial = &self.trial;
        let store = pages(rows, |after: Option<CustomerId>| {
            let page = trial.ask("a scan", || trial.store.scan(trial.tenant, after, rows))?;
            Ok((page.last().map(|(id, _)| *id), page))
        })?;
        let model =
            trial.ask("the model", || self.model.scan(trial.tenant, None, PageSize::MAX))?;
        let ids = |all: &[(CustomerId, _)]| all.iter().map(|(id, _)| *id).collect::<Vec<_>>();
        let agree = ids(&store) == ids(&model);
        let read = |all: Vec<(CustomerId, _)>| {
            customers(all.into_iter().map(|(id, stored)| (id, Some(stored))))
        };
        let what = format!("a scan in pages of {}", rows.rows());
        let told = Told::new(what, &read(store)?, &read(model)?, |all| tell_customers(all));
        Ok(Told { agree: told.agree && agree, ..told })
    }

    fn due(&self, days: i64, rows: PageSize, is_other: bool) -> Result<Told, Deviation> {
        let (trial, until) = (&self.trial, NOW.saturating_add_seconds(days.saturating_mul(86_400)));
        let own = trial.books.latest().reference();
        // Two times of one policy are two rulebooks.
        let judged_by = if is_other { RulebookRef::new(own.policy, NOW) } else { own };
        let store = pages(rows, |after: Option<Waking>| {
            let due = || trial.store.due(trial.tenant, until, judged_by, after, rows);
            let page = trial.ask("a page of the agenda", due)?;
            Ok((page.last().copied(), page))
        })?;
        let model = || self.model.due(trial.tenant, until, judged_by, None, PageSize::MAX);
        let model = trial.ask("the model", model)?;
        let by = if is_other { "another rulebook" } else { "the rulebook" };
        let what = format!("who is due until day {days} by {by}, in pages of {}", rows.rows());
        Ok(Told::new(what, &store, &model, |all| format!("{all:?}")))
    }

    fn feed(&self, rows: PageSize) -> Result<Told, Deviation> {
        let trial = &self.trial;
        let model =
            trial.ask("the model", || self.model.feed(trial.tenant, None, PageSize::MAX))?;
        let mut follower = Follower::new(trial, rows);
        follower.read_all(model.len())?;
        let what = format!("a feed in pages of {}", rows.rows());
        let (store, model) = (journals(&follower.seen)?, journals(&model)?);
        Ok(Told::new(what, &store, &model, |all: &BTreeMap<_, Journal>| {
            let each = all.iter().map(|(id, journal)| format!("{} of {id}", journal.len()));
            each.collect::<Vec<_>>().join(", ")
        }))
    }

    fn inspect(&self, who: u8) -> Result<Told, Deviation> {
        let (id, trial) = (self.id(who), &self.trial);
        let mut store = trial.ask("a look", || trial.store.inspect(trial.tenant, id))?;
        let mut model = trial.ask("the model", || self.model.inspect(trial.tenant, id))?;
        for Inspection { claims, .. } in store.iter_mut().chain(&mut model) {
            claims.sort_unstable();
        }
        Ok(Told::new(format!("a look at {id}"), &store, &model, |found| {
            let claims = found.iter().flat_map(|found| &found.claims);
            let claims: Vec<&str> = claims.map(|claim| claim.key()).collect();
            format!("{found:?} with the claims {claims:?}")
        }))
    }

    fn forget(&mut self, who: u8) -> Result<Option<Told>, Deviation> {
        let erased = self.decide(&Sent::erasure(who), &[], None);
        let erased = erased.map(|erased| self.send(&erased));
        if erased.as_ref().is_some_and(|told| !told.agree) {
            return Ok(erased);
        }
        let (ids, trial) = ([self.id(who)], &self.trial);
        trial.ask("forgetting", || trial.store.forget(trial.tenant, &ids))?;
        trial.ask("the model", || self.model.forget(trial.tenant, &ids))?;
        let what = format!("forget {}", ids.map(|id| id.to_string()).concat());
        Ok(Some(Told::new(what, &(), &(), |()| "forgotten".to_owned())))
    }
}

/// Everything, page after page, until one is not full.
fn pages<T, C: Copy>(
    rows: PageSize,
    mut page: impl FnMut(Option<C>) -> Result<(Option<C>, Vec<T>), Deviation>,
) -> Result<Vec<T>, Deviation> {
    let (mut all, mut after) = (Vec::new(), None);
    // A store whose pages do not come forward would be read for ever.
    for _ in 0..1_000 {
        let (last, more) = page(after)?;
        let is_full = more.len() == rows.rows();
        all.extend(more);
        if !is_full {
            return Ok(all);
        }
        after = last;
    }
    Err(Deviation::new("pages to come to an end", "a thousand full ones"))
}

/// The journals in a feed, each in the order in which it was given.
fn journals(feed: &[FeedEntry]) -> Result<BTreeMap<CustomerId, Journal>, Deviation> {
    let mut journals: BTreeMap<CustomerId, Journal> = BTreeMap::new();
    for given in feed {
        let entry = entries(std::slice::from_ref(&given.entry))?;
        journals.entry(given.customer).or_default().extend(entry);
    }
    Ok(journals)
}
