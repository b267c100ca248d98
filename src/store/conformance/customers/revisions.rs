//! C2 and C3: every change names the revision it expects, and makes the next.

use std::collections::BTreeSet;

use super::super::check::{Deviation, same};
use super::super::harness::Harness;
use super::super::race::{Entrant, ROUNDS, WRITERS, race};
use super::super::subject::{Refusal, Trial, key};
use crate::customer::Customer;
use crate::store::PageSize;

/// How many updates each writer makes in the race that must lose none.
const UPDATES: u64 = 10;

pub(super) fn c2_stale_revision_is_refused<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("changed");
    trial.accepts(&trial.order(&mut customer, 1, "first")?)?;
    let mut stale = customer.clone();
    trial.accepts(&trial.order(&mut customer, 2, "second")?)?;
    let late = trial.order(&mut stale, 3, "late")?;
    trial.refuses(&late, Refusal::Conflict)?;
    trial.never_heard(&late)?;
    trial.holds(&customer)
}

pub(super) fn c2_later_revision_is_refused<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("changed");
    trial.accepts(&trial.order(&mut customer, 1, "first")?)?;
    let known = customer.clone();
    let _unsent = trial.order(&mut customer, 2, "second")?;
    trial.refuses(&trial.order(&mut customer, 3, "third")?, Refusal::Conflict)?;
    trial.holds(&known)
}

pub(super) fn c2_creating_the_known_is_refused<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut known = trial.customer("known");
    let mut again = known.clone();
    trial.accepts(&trial.order(&mut known, 1, "create")?)?;
    trial.refuses(&trial.order(&mut again, 2, "create again")?, Refusal::Conflict)?;
    trial.holds(&known)
}

pub(super) fn c2_changing_the_unknown_is_refused<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut unknown = trial.customer("unknown");
    let _unsent = trial.order(&mut unknown, 1, "first")?;
    let second = trial.order(&mut unknown, 2, "second")?;
    trial.refuses(&second, Refusal::Conflict)?;
    trial.lacks(&unknown)
}

pub(super) fn c2_conflict_is_told_before_a_claim<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let contested = key("contested")?;
    let (mut holder, mut stale) = (trial.customer("holder"), trial.customer("stale"));
    trial.accepts(&trial.link(&mut holder, &contested, "hold")?)?;
    let mut known = stale.clone();
    trial.accepts(&trial.order(&mut known, 1, "create")?)?;
    trial.refuses(&trial.link(&mut stale, &contested, "lose")?, Refusal::Conflict)
}

pub(super) fn c2_race_at_one_revision<H: Harness>(trial: &Trial<'_, H>) -> Result<(), Deviation> {
    let mut customer = trial.customer("contested");
    trial.accepts(&trial.order(&mut customer, 1, "create")?)?;
    for round in 1..=ROUNDS {
        let entrants = writers(trial, &customer, &format!("round {round}"))?;
        customer = trial.one_winner(&entrants, |_| Refusal::Conflict)?.customer.clone();
    }
    Ok(())
}

pub(super) fn c2_race_to_create<H: Harness>(trial: &Trial<'_, H>) -> Result<(), Deviation> {
    for round in 1..=ROUNDS {
        let round = format!("round {round}");
        let entrants = writers(trial, &trial.customer(&round), &round)?;
        trial.one_winner(&entrants, |_| Refusal::Conflict)?;
    }
    Ok(())
}

/// Several who have read the same state, each with an order of its own.
fn writers<H: Harness>(
    trial: &Trial<'_, H>,
    read: &Customer,
    round: &str,
) -> Result<Vec<Entrant>, Deviation> {
    let writer = |nth| {
        let mut customer = read.clone();
        let commit = trial.order(&mut customer, nth, &format!("{round}, writer {nth}"))?;
        Ok(Entrant { customer, commit })
    };
    (1..=WRITERS).map(writer).collect()
}

pub(super) fn c2_race_loses_no_update<H: Harness>(trial: &Trial<'_, H>) -> Result<(), Deviation> {
    let unknown = trial.customer("updated");
    let outcomes = race((1..=WRITERS).collect(), |writer| keep_updating(trial, &unknown, writer));
    outcomes.into_iter().collect::<Result<(), Deviation>>()?;
    let updates = WRITERS.saturating_mul(UPDATES);
    let Some(customer) = trial.load(unknown.id())? else {
        return Err(Deviation::new("a customer of many updates", "no such customer"));
    };
    same("the revision after that many updates", &updates, &customer.revision())?;
    let journal = trial.journal(unknown.id(), PageSize::MAX)?;
    let commands: BTreeSet<_> = journal.iter().map(|entry| entry.command_id.uuid()).collect();
    let count = u64::try_from(commands.len()).unwrap_or(u64::MAX);
    same("the commands in the journal after that many updates", &updates, &count)?;
    trial.holds(&customer)
}

/// What a host does: load, decide, commit, and again from the start when somebody was faster.
fn keep_updating<H: Harness>(
    trial: &Trial<'_, H>,
    unknown: &Customer,
    writer: u64,
) -> Result<(), Deviation> {
    // A conflict means that somebody else went through since the load, so there are no more of them
    // than updates.
    let mut conflicts_left = WRITERS.saturating_mul(UPDATES);
    for nth in 1..=UPDATES {
        loop {
            let mut customer = trial.load(unknown.id())?.unwrap_or_else(|| unknown.clone());
            let commit = trial.order(&mut customer, nth, &format!("update {nth} of {writer}"))?;
            match trial.commit(&commit) {
                Ok(_) => break,
                Err(Refusal::Conflict) if conflicts_left > 0 => {
                    conflicts_left = conflicts_left.saturating_sub(1);
                }
                Err(refusal) => {
                    let expected = "an update on what was just loaded to go through, or a \
                                    conflict where another one did";
                    return Err(Deviation::new(expected, format!("{refusal:?}")));
                }
            }
        }
    }
    Ok(())
}

pub(super) fn c3_journal_has_no_gaps<H: Harness>(trial: &Trial<'_, H>) -> Result<(), Deviation> {
    let mut customer = trial.customer("journalled");
    for nth in 1..=5 {
        let mut stale = customer.clone();
        trial.accepts(&trial.order(&mut customer, nth, &format!("order {nth}"))?)?;
        trial.holds(&customer)?;
        // What was refused makes no revision.
        let refused = trial.order(&mut stale, 100, &format!("refused {nth}"))?;
        trial.refuses(&refused, Refusal::Conflict)?;
        trial.holds(&customer)?;
    }
    Ok(())
}
