//! C7: whoever is written with others has columns like any other.

use super::super::bulk::many::done;
use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::inspect::columns::columns;
use super::super::subject::{Trial, key};
use crate::store::{Bulk, Inspect};

pub(super) fn c7_columns_of_many_commits_are_given_back<H: Harness<Store: Bulk + Inspect>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut customers, mut commits) = (Vec::new(), Vec::new());
    for (nth, index) in columns().into_iter().enumerate() {
        let mut customer = trial.customer(&format!("customer {nth}"));
        let commit = match nth % 3 {
            0 => {
                let linked = key(&format!("key {nth}"))?;
                trial.link(&mut customer, &linked, &format!("link {nth}"))?
            }
            _ => trial.order(&mut customer, 1, &format!("order {nth}"))?,
        };
        commits.push(commit.altered(|change| change.index = index));
        customers.push(customer);
    }
    let answers: Vec<_> = commits.iter().map(|commit| (commit, done(commit))).collect();
    trial.answer_in_order(&answers)?;
    customers.iter().zip(&commits).try_for_each(|(customer, commit)| trial.shows(customer, commit))
}
