//! What every store can be asked.

use super::super::check::Deviation;
use super::super::follow::size;
use super::super::harness::Harness;
use super::super::subject::{Answer, Refusal, key};
use super::act::Act;
use super::stage::{Decided, Stage, Told, customers, entries};
use crate::customer::Customer;
use crate::store::{CustomerStore, Receipt};

/// An answer to a commit, in short.
pub(in super::super) fn tell(answer: &Answer) -> String {
    match answer {
        Ok(Receipt { replayed: true, .. }) => "carried out before".to_owned(),
        Ok(_) => "carried out".to_owned(),
        Err(refusal) => format!("{refusal:?}"),
    }
}

/// Customers, in short.
pub(in super::super) fn tell_customers(all: &[Option<Customer>]) -> String {
    let tell = |customer: &Option<Customer>| match customer {
        Some(customer) => format!("{} at revision {}", customer.id(), customer.revision()),
        None => "nobody".to_owned(),
    };
    all.iter().map(tell).collect::<Vec<_>>().join(", ")
}

impl<H: Harness> Stage<'_, H> {
    /// Sends a commit to both.
    pub(in super::super) fn send(&mut self, decided: &Decided) -> Told {
        let (mut store, repeated) = self.trial.insist(&decided.commit);
        let sent = self.model.commit(self.trial.tenant, decided.commit.clone());
        let model = self.trial.harness.block_on(sent).map_err(Refusal::from);
        self.learn(decided, &model);
        // Where the first receipt was lost on its way, the store takes it for a repetition.
        if repeated && store == model.clone().map(|receipt| receipt.replay()) {
            store.clone_from(&model);
        }
        Told::new(decided.what.clone(), &store, &model, tell)
    }

    /// Takes note of what the model has carried out.
    pub(in super::super) fn learn(&mut self, decided: &Decided, model: &Answer) {
        if model.as_ref().is_ok_and(|receipt| !receipt.replayed) {
            self.carried_out(decided);
        }
    }

    /// Does one act on both; `None` where it cannot be done.
    pub(super) fn act<M>(
        &mut self,
        act: &Act<M>,
        more: impl Fn(&mut Self, &M) -> Result<Option<Told>, Deviation>,
    ) -> Result<Option<Told>, Deviation> {
        let told = match act {
            Act::Send(sent) => self.decide(sent, &[], None).map(|decided| self.send(&decided)),
            Act::Again(back) => self.earlier(*back).cloned().map(|decided| {
                let told = self.send(&decided);
                Told { what: format!("again: {}", told.what), ..told }
            }),
            Act::Reuse(back, sent) => {
                let earlier = self.earlier(*back).cloned();
                let decided = earlier.and_then(|earlier| self.decide(sent, &[], Some(&earlier)));
                decided.map(|decided| {
                    let told = self.send(&decided);
                    Told { what: format!("under an earlier command's id: {}", told.what), ..told }
                })
            }
            Act::Load(who) => Some(self.load(*who)?),
            Act::History { who, after, rows } => Some(self.history(*who, *after, *rows)?),
            Act::Receipt(back) => match self.earlier(*back).cloned() {
                Some(decided) => Some(self.receipt(&decided)?),
                None => None,
            },
            Act::Holder(number) => Some(self.holder(*number)?),
            Act::More(asked) => more(self, asked)?,
        };
        Ok(told)
    }

    fn load(&self, who: u8) -> Result<Told, Deviation> {
        let (id, trial) = (self.id(who), &self.trial);
        let store = trial.ask("a load", || trial.store.load(trial.tenant, id))?;
        let model = trial.ask("the model", || self.model.load(trial.tenant, id))?;
        let (store, model) = (customers([(id, store)])?, customers([(id, model)])?);
        Ok(Told::new(format!("load {id}"), &store, &model, |all| tell_customers(all)))
    }

    fn history(&self, who: u8, after: u64, rows: u16) -> Result<Told, Deviation> {
        let (id, trial, rows) = (self.id(who), &self.trial, size(rows));
        let store = trial.page(id, after, rows)?;
        let model = || self.model.history(trial.tenant, id, after, rows);
        let model = trial.ask("the model", model)?;
        let what = format!("{} entries of {id} after revision {after}", rows.rows());
        let (store, model) = (entries(&store)?, entries(&model)?);
        Ok(Told::new(what, &store, &model, |entries| {
            let revisions: Vec<u64> = entries.iter().map(|(revision, ..)| *revision).collect();
            format!("the revisions {revisions:?}")
        }))
    }

    fn receipt(&self, decided: &Decided) -> Result<Told, Deviation> {
        let (id, trial) = (decided.commit.command_id(), &self.trial);
        let store = trial.ask("a receipt", || trial.store.receipt(trial.tenant, id))?;
        let model = trial.ask("the model", || self.model.receipt(trial.tenant, id))?;
        let what = format!("the receipt of {id} ({})", decided.what);
        Ok(Told::new(what, &store, &model, |accepted| format!("{accepted:?}")))
    }

    fn holder(&self, number: u8) -> Result<Told, Deviation> {
        let (claim, trial) = (key(&format!("key {number}"))?, &self.trial);
        let store = trial.ask("a holder", || trial.store.holder(trial.tenant, &claim))?;
        let model = trial.ask("the model", || self.model.holder(trial.tenant, &claim))?;
        let what = format!("the holder of key {number}");
        Ok(Told::new(what, &store, &model, |holder| match holder {
            Some(id) => id.to_string(),
            None => "nobody".to_owned(),
        }))
    }
}
