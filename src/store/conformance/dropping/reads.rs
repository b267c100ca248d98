//! C14: reads that are dropped half-way.

use super::super::check::Deviation;
use super::super::cut::Cuts;
use super::super::harness::Harness;
use super::super::subject::{Trial, key};
use super::commits::goes_on;
use crate::store::{CustomerStore, PageSize};

pub(super) fn c14_store_goes_on_after_dropped_reads<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let linked = key("linked")?;
    let mut customer = trial.customer("read");
    let id = customer.id();
    let commit = trial.link(&mut customer, &linked, "link")?;
    trial.accepts(&commit)?;

    let (tenant, store) = (trial.tenant, trial.store);
    let mut cuts = Cuts::new();
    while cuts.go_on()? {
        let _ = cuts.apply(trial, store.load(tenant, id));
    }
    let mut cuts = Cuts::new();
    while cuts.go_on()? {
        let _ = cuts.apply(trial, store.history(tenant, id, 0, PageSize::MAX));
    }
    let mut cuts = Cuts::new();
    while cuts.go_on()? {
        let _ = cuts.apply(trial, store.receipt(tenant, commit.command_id()));
    }
    let mut cuts = Cuts::new();
    while cuts.go_on()? {
        let _ = cuts.apply(trial, store.holder(tenant, &linked));
    }
    trial.holds(&customer)?;
    goes_on(trial, "afterwards")
}
