//! What is kept beside the documents: as the last commit wrote it, and nothing else.

use super::super::check::{Deviation, same};
use super::super::harness::Harness;
use super::super::race::COMMITS_READ;
use super::super::subject::{Refusal, Trial, key};
use crate::churn::RiskBand;
use crate::customer::Customer;
use crate::id::PolicyId;
use crate::lifecycle::Stage;
use crate::profile::ExternalKey;
use crate::rulebook::RulebookRef;
use crate::store::{Commit, Index, Inspect, Inspection};
use crate::tier::Tier;
use crate::time::Timestamp;

impl<H: Harness<Store: Inspect>> Trial<'_, H> {
    fn inspected(&self, customer: &Customer) -> Result<Option<Inspection>, Deviation> {
        let ask = || self.store.inspect(self.tenant, customer.id());
        let saw = self.ask("an inspection", ask)?;
        Ok(saw.map(|mut saw| {
            saw.claims.sort_unstable();
            saw
        }))
    }

    /// The store shows this revision, the columns of this commit, and the claims that the customer holds.
    pub(in super::super) fn shows(
        &self,
        customer: &Customer,
        last: &Commit,
    ) -> Result<(), Deviation> {
        let Some(saw) = self.inspected(customer)? else {
            return Err(Deviation::new("an inspection of a known customer", "no such customer"));
        };
        same("the revision of an inspection", &customer.revision(), &saw.revision)?;
        let mut changes = last.changes().iter();
        if let Some(change) = changes.find(|change| change.id == customer.id()) {
            same("the columns of an inspection", &change.index, &saw.index)?;
        }
        same(
            "the claims of an inspection",
            &texts(customer.profile().external_keys()),
            &texts(&saw.claims),
        )
    }
}

/// Keys as they are written: shown, they say nothing.
fn texts<'k>(keys: impl IntoIterator<Item = &'k ExternalKey>) -> Vec<(&'k str, &'k str)> {
    keys.into_iter().map(|key| (key.system(), key.key())).collect()
}

/// Each value of each column at least once, the ends of time and nothing at all.
pub(in super::super) fn columns() -> Vec<Index> {
    let instants = [
        Timestamp::MIN,
        Timestamp::MAX,
        Timestamp::UNIX_EPOCH,
        Timestamp::UNIX_EPOCH.previous(),
        Timestamp::UNIX_EPOCH.next(),
    ];
    let judged = |number: u8, at| Some(RulebookRef::new(PolicyId::from_bytes([number; 32]), at));
    let full = instants.into_iter().zip([0, 1, 127, 128, 255]).map(|(at, number)| {
        Index::new(Stage::Growing, Some(at), judged(number, at)).with_review(None, None, Some(at))
    });
    let judgements = Tier::ALL.map(|tier| (Some(tier), None)).into_iter();
    let judgements = judgements.chain(RiskBand::ALL.map(|band| (None, Some(band))));
    let reviewed = judgements.map(|(tier, risk)| {
        let index = Index::new(Stage::Growing, None, judged(9, Timestamp::UNIX_EPOCH));
        index.with_review(tier, risk, Some(Timestamp::UNIX_EPOCH))
    });
    let staged = Stage::ALL.map(|stage| Index::new(stage, None, None));
    full.chain(reviewed).chain(staged).collect()
}

pub(super) fn c7_unknown_customers_have_no_columns<H: Harness<Store: Inspect>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut known, unknown) = (trial.customer("known"), trial.customer("unknown"));
    same("an inspection of nobody", &None, &trial.inspected(&unknown)?)?;
    trial.accepts(&trial.order(&mut known, 1, "order")?)?;
    same("an inspection of nobody, beside somebody", &None, &trial.inspected(&unknown)?)
}

pub(super) fn c7_columns_are_those_of_the_last_commit<H: Harness<Store: Inspect>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut one, mut two) = (trial.customer("one"), trial.customer("two"));
    let mut last = None;
    for nth in 1..=4 {
        let commit = match nth {
            2 => trial.link(&mut one, &key("linked")?, "link")?,
            _ => trial.order(&mut one, nth, &format!("order {nth}"))?,
        };
        let beside = trial.order(&mut two, nth, &format!("order {nth}"))?;
        let at = Timestamp::UNIX_EPOCH.saturating_add_seconds(i64::try_from(nth).unwrap_or(0));
        let commit = commit.joined(beside).altered(|change| change.index.wake_at = Some(at));
        trial.accepts(&commit)?;
        trial.shows(&one, &commit)?;
        trial.shows(&two, &commit)?;
        last = Some(commit);
    }
    last.iter().try_for_each(|last| {
        trial.replays(last)?;
        trial.shows(&one, last)
    })
}

pub(super) fn c7_every_column_is_given_back<H: Harness<Store: Inspect>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("customer");
    for (nth, index) in (1..).zip(columns()) {
        let commit = trial.order(&mut customer, nth, &format!("order {nth}"))?;
        let commit = commit.altered(|change| change.index = index);
        trial.accepts(&commit)?;
        trial.shows(&customer, &commit)?;
    }
    Ok(())
}

pub(super) fn c4_inspection_shows_the_claims_held<H: Harness<Store: Inspect>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let keys = [key("one")?, key("two")?, key("three")?];
    let [moved, kept, given_up] = &keys;
    let (mut holder, mut next) = (trial.customer("holder"), trial.customer("next"));
    for key in &keys {
        let commit = trial.link(&mut holder, key, &format!("link {}", key.key()))?;
        trial.accepts(&commit)?;
        trial.shows(&holder, &commit)?;
    }
    let commit = trial.unlink(&mut holder, given_up, "unlink")?;
    trial.accepts(&commit)?;
    trial.shows(&holder, &commit)?;
    let commit = trial.unlink(&mut holder, moved, "move")?;
    let commit = commit.joined(trial.link(&mut next, moved, "move")?);
    trial.accepts(&commit)?;
    trial.shows(&holder, &commit)?;
    trial.shows(&next, &commit)?;
    // Given up and taken again at once: what is taken counts.
    let commit = trial.order(&mut holder, 1, "keep")?.altered(|change| {
        change.claims_released = vec![kept.clone()];
        change.claims_taken = vec![kept.clone()];
    });
    trial.accepts(&commit)?;
    trial.shows(&holder, &commit)?;
    trial.held(kept, Some(&holder))?;

    let commit = trial.erase(&mut holder, "erase")?;
    trial.accepts(&commit)?;
    trial.shows(&holder, &commit)
}

pub(super) fn c1_refused_commit_changes_no_column<H: Harness<Store: Inspect>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let contested = key("contested")?;
    let (mut holder, mut customer) = (trial.customer("holder"), trial.customer("customer"));
    trial.accepts(&trial.link(&mut holder, &contested, "hold")?)?;
    let mut stale = customer.clone();
    let commit = trial.order(&mut customer, 1, "create")?;
    trial.accepts(&commit)?;
    let other = |commit: Commit| {
        commit.altered(|change| change.index = Index::new(Stage::Lost, Some(Timestamp::MIN), None))
    };
    trial.refuses(&other(trial.order(&mut stale, 2, "late")?), Refusal::Conflict)?;
    trial.shows(&customer, &commit)?;
    let refused = other(trial.link(&mut customer.clone(), &contested, "lose")?);
    trial.refuses(&refused, Refusal::Claimed { holder: holder.id() })?;
    trial.shows(&customer, &commit)
}

/// Every other revision has the claim, and a column tells which revision it is of.
pub(super) fn c1_inspection_sees_no_half_commit<H: Harness<Store: Inspect>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("inspected");
    let linked = key("linked")?;
    let at = |revision: u64| {
        let seconds = i64::try_from(revision).unwrap_or(i64::MAX);
        Timestamp::UNIX_EPOCH.saturating_add_seconds(seconds)
    };
    let mut commits = Vec::new();
    for nth in 1..=COMMITS_READ {
        let name = format!("commit {nth}");
        let commit = match nth % 2 {
            0 => trial.unlink(&mut customer, &linked, &name)?,
            _ => trial.link(&mut customer, &linked, &name)?,
        };
        commits.push(commit.altered(|change| change.index.wake_at = Some(at(nth))));
    }
    trial.read_while_writing(&commits, || {
        let Some(saw) = trial.inspected(&customer)? else { return Ok(()) };
        let (revision, claims) = (saw.revision, saw.claims.len());
        let expected = (Some(at(revision)), usize::from(revision % 2 == 1));
        let what = format!("the column and the claims of revision {revision}");
        same(&what, &expected, &(saw.index.wake_at, claims))
    })
}

pub(super) fn c9_tenants_are_inspected_apart<H: Harness<Store: Inspect>>(
    here: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let there = here.elsewhere();
    let (mut ours, mut theirs) = (here.customer("same id"), there.customer("same id"));
    let commit = here.link(&mut ours, &key("ours")?, "link")?;
    here.accepts(&commit)?;
    same("an inspection of another tenant's customer", &None, &there.inspected(&theirs)?)?;
    let their_commit = there.order(&mut theirs, 1, "order")?;
    there.accepts(&their_commit)?;
    let their_commit = there.link(&mut theirs, &key("theirs")?, "link")?;
    there.accepts(&their_commit)?;
    here.shows(&ours, &commit)?;
    there.shows(&theirs, &their_commit)
}
