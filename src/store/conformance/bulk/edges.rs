//! What is asked and written with others, at its edges: a store may do that by other statements.

use super::super::check::{Deviation, same};
use super::super::customers::documents::{DOCUMENTS, NEWER};
use super::super::customers::keys::{longest_keys, odd_keys};
use super::super::expect::in_order;
use super::super::harness::Harness;
use super::super::subject::Trial;
use super::many::done;
use crate::store::{Bulk, Commit};
use crate::time::Timestamp;

/// As many as one call of `execute_many` asks for.
const QUESTIONS: usize = 10_000;

/// Many enough that a store must not make one statement of all, few enough to be written in a moment.
const COMMITS: usize = 500;

impl<H: Harness<Store: Bulk>> Trial<'_, H> {
    /// Carries out all of these in one call.
    fn accepts_all(&self, commits: &[Commit]) -> Result<(), Deviation> {
        let answers: Vec<_> = commits.iter().map(|commit| (commit, done(commit))).collect();
        self.answer_in_order(&answers)
    }

    /// Many loads give what as many single ones give.
    fn loads_alike(&self, commits: &[Commit]) -> Result<(), Deviation> {
        let changes = commits.iter().flat_map(Commit::changes);
        let ids: Vec<_> = changes.map(|change| change.id).collect();
        let loaded = self.ask("many loads", || self.store.load_many(self.tenant, &ids))?;
        same("the answers to many loads", &ids.len(), &loaded.len())?;
        for (id, saw) in ids.into_iter().zip(loaded) {
            same("one of many loads, beside a single one", &self.stored(id)?, &saw.map(in_order))?;
        }
        Ok(())
    }
}

pub(super) fn c7_documents_of_many_are_given_back_to_the_byte<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut commits = Vec::new();
    for (nth, document) in DOCUMENTS.iter().enumerate() {
        let mut customer = trial.customer(&format!("customer {nth}"));
        let name = format!("order {nth}");
        commits.push(trial.documented(&mut customer, document.as_bytes(), &name)?);
    }
    for (schema, at) in NEWER.into_iter().zip([Timestamp::MIN, Timestamp::MAX].into_iter().cycle())
    {
        let mut customer = trial.customer(&format!("of schema {schema}"));
        let commit =
            trial.documented(&mut customer, b"{}", &format!("order of schema {schema}"))?;
        commits.push(commit.altered(|change| {
            (change.entry.schema, change.entry.recorded_at) = (schema, at);
            change.put.iter_mut().for_each(|part| part.schema = schema);
        }));
    }
    trial.accepts_all(&commits)?;
    commits.iter().try_for_each(|commit| trial.has_documents(commit))?;
    trial.loads_alike(&commits)
}

pub(super) fn c4_keys_of_many_are_kept_whole<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let keys: Vec<_> = longest_keys()?.into_iter().chain(odd_keys()?).collect();
    let (mut holders, mut commits) = (Vec::new(), Vec::new());
    for (nth, key) in keys.iter().enumerate() {
        let mut holder = trial.customer(&format!("holder {nth}"));
        commits.push(trial.link(&mut holder, key, &format!("link {nth}"))?);
        holders.push(holder);
    }
    trial.accepts_all(&commits)?;
    holders.iter().try_for_each(|holder| trial.holds(holder))?;
    trial.loads_alike(&commits)
}

/// Known ones at both ends and in the middle of very many that are not.
pub(super) fn c7_very_many_are_answered_in_one_call<H: Harness<Store: Bulk>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut ids, mut command_ids, mut commits) = (Vec::new(), Vec::new(), Vec::new());
    for nth in 0..QUESTIONS {
        let (mut customer, order) =
            (trial.customer(&format!("customer {nth}")), format!("order {nth}"));
        ids.push(customer.id());
        command_ids.push(trial.command_id(&order));
        let (first, last) = (COMMITS / 2, QUESTIONS.saturating_sub(COMMITS / 2));
        let known = nth < first || nth >= last || nth == QUESTIONS / 2;
        commits.push(known.then(|| trial.order(&mut customer, 1, &order)).transpose()?);
    }
    let sent: Vec<Commit> = commits.iter().flatten().cloned().collect();
    trial.accepts_all(&sent)?;

    let loaded = trial.ask("very many loads", || trial.store.load_many(trial.tenant, &ids))?;
    let loaded: Vec<_> = loaded.iter().map(Option::is_some).collect();
    let known: Vec<_> = commits.iter().map(Option::is_some).collect();
    same("how many of very many loads are answered", &known.len(), &loaded.len())?;
    let wrong = known.iter().zip(&loaded).position(|(known, loaded)| known != loaded);
    same("which of very many loads is answered wrongly", &None, &wrong)?;

    let ask = || trial.store.receipts(trial.tenant, &command_ids);
    let receipts = trial.ask("a question for very many receipts", ask)?;
    same("how many of very many receipts are answered", &known.len(), &receipts.len())?;
    let expected = commits.iter().map(|commit| commit.as_ref().map(Commit::accepted));
    let wrong = expected.zip(&receipts).position(|(expected, receipt)| expected != *receipt);
    same("which of very many receipts is answered wrongly", &None, &wrong)
}
