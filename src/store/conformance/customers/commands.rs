//! C5: one command, one effect.

use super::super::check::{Deviation, same};
use super::super::harness::Harness;
use super::super::race::{Entrant, ROUNDS, WRITERS, race};
use super::super::subject::{Refusal, Trial, key};
use crate::store::Receipt;

pub(super) fn c5_same_command_gives_the_first_receipt<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("ordering");
    let commit = trial.order(&mut customer, 1, "order")?;
    trial.accepts(&commit)?;
    trial.replays(&commit)?;
    trial.replays(&commit)?;
    trial.holds(&customer)
}

pub(super) fn c5_replay_is_told_before_a_conflict<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("ordering");
    let first = trial.order(&mut customer, 1, "first")?;
    trial.accepts(&first)?;
    for nth in 2..=4 {
        trial.accepts(&trial.order(&mut customer, nth, &format!("order {nth}"))?)?;
    }
    trial.replays(&first)?;
    trial.holds(&customer)
}

pub(super) fn c5_replay_is_told_before_a_claim<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let passed_on = key("passed on")?;
    let (mut first, mut second) = (trial.customer("first"), trial.customer("second"));
    let link = trial.link(&mut first, &passed_on, "link")?;
    trial.accepts(&link)?;
    trial.accepts(&trial.unlink(&mut first, &passed_on, "unlink")?)?;
    trial.accepts(&trial.link(&mut second, &passed_on, "link again")?)?;
    trial.replays(&link)?;
    trial.holds(&first)?;
    trial.holds(&second)
}

pub(super) fn c5_other_content_is_refused<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("ordering");
    let first = trial.order(&mut customer, 1, "order")?;
    trial.accepts(&first)?;
    let mut changed = customer.clone();
    trial.refuses(&trial.order(&mut changed, 2, "order")?, Refusal::CommandReused)?;
    trial.remembers(&first)?;
    trial.holds(&customer)
}

pub(super) fn c5_other_customer_is_other_content<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (mut customer, mut other) = (trial.customer("ordering"), trial.customer("other"));
    let first = trial.order(&mut customer, 1, "order")?;
    trial.accepts(&first)?;
    trial.refuses(&trial.order(&mut other, 1, "order")?, Refusal::CommandReused)?;
    trial.lacks(&other)?;
    trial.remembers(&first)
}

pub(super) fn c5_reuse_is_told_before_a_conflict<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("ordering");
    let mut stale = customer.clone();
    trial.accepts(&trial.order(&mut customer, 1, "order")?)?;
    trial.refuses(&trial.order(&mut stale, 2, "order")?, Refusal::CommandReused)?;
    trial.holds(&customer)
}

pub(super) fn c5_refused_command_leaves_its_id_free<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let contested = key("contested")?;
    let (mut holder, mut customer) = (trial.customer("holder"), trial.customer("customer"));
    trial.accepts(&trial.link(&mut holder, &contested, "hold")?)?;
    let mut stale = customer.clone();
    trial.accepts(&trial.order(&mut customer, 1, "create")?)?;

    trial.refuses(&trial.order(&mut stale, 2, "conflicting")?, Refusal::Conflict)?;
    trial.accepts(&trial.order(&mut customer, 2, "conflicting")?)?;
    let refused = trial.link(&mut customer.clone(), &contested, "claiming")?;
    trial.refuses(&refused, Refusal::Claimed { holder: holder.id() })?;
    // A refused command was never one: its id may serve for something else.
    trial.accepts(&trial.order(&mut customer, 3, "claiming")?)?;
    trial.holds(&customer)
}

/// What a caller does that lost to somebody else: the same command, on the customer as it is now.
pub(super) fn c5_command_decided_anew_is_the_same_command<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = trial.customer("ordering");
    let mut stale = customer.clone();
    trial.accepts(&trial.order(&mut customer, 1, "meanwhile")?)?;
    let first = trial.order(&mut stale, 2, "order")?;
    trial.refuses(&first, Refusal::Conflict)?;
    trial.refuses(&first, Refusal::Conflict)?;
    let anew = trial.order(&mut customer, 2, "order")?;
    trial.accepts(&anew)?;
    trial.accepts(&trial.order(&mut customer, 3, "later")?)?;
    trial.replays(&anew)?;
    // Also where the first try comes again, late: what was made is told, not what it would have made.
    let receipt = Ok(anew.receipt().replay());
    same("the answer to a command that was decided anew since", &receipt, &trial.commit(&first))?;
    trial.remembers(&anew)?;
    trial.holds(&customer)
}

pub(super) fn c5_receipt_is_remembered<H: Harness>(trial: &Trial<'_, H>) -> Result<(), Deviation> {
    let (mut first, mut second) = (trial.customer("first"), trial.customer("second"));
    let one = trial.order(&mut first, 1, "one")?;
    let both = trial.order(&mut first, 2, "both")?.joined(trial.order(&mut second, 3, "both")?);
    trial.never_heard(&one)?;
    trial.accepts(&one)?;
    trial.accepts(&both)?;
    trial.accepts(&trial.order(&mut second, 4, "later")?)?;
    // Given again does not change what is remembered.
    trial.replays(&both)?;
    trial.replays(&one)?;
    trial.remembers(&one)?;
    trial.remembers(&both)
}

pub(super) fn c5_race_of_one_command<H: Harness>(trial: &Trial<'_, H>) -> Result<(), Deviation> {
    let mut customer = trial.customer("ordering");
    for round in 1..=ROUNDS {
        let commit = trial.order(&mut customer, round, &format!("round {round}"))?;
        let answers = race((1..=WRITERS).collect(), |_| trial.insist(&commit));
        let (mut first, mut repeated) = (0_u64, false);
        for (answer, sent_again) in answers {
            repeated |= sent_again;
            match answer {
                Ok(receipt) => {
                    first = first.saturating_add(u64::from(!receipt.replayed));
                    let receipt = Receipt { replayed: false, ..receipt };
                    same("the receipt of one command, for all", &commit.receipt(), &receipt)?;
                }
                Err(refusal) => {
                    let expected = "one command, sent several times at once, to go through";
                    return Err(Deviation::new(expected, format!("{refusal:?}")));
                }
            }
        }
        // An answer that was lost may have been the first.
        if first > 1 || !repeated {
            same("the receipts of one command that are not a replay", &1, &first)?;
        }
        trial.remembers(&commit)?;
        trial.holds(&customer)?;
    }
    Ok(())
}

pub(super) fn c5_race_for_one_command_id<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    for round in 1..=ROUNDS {
        let entrant = |nth| {
            let mut customer = trial.customer(&format!("round {round}, customer {nth}"));
            let commit = trial.order(&mut customer, nth, &format!("round {round}"))?;
            Ok(Entrant { customer, commit })
        };
        let entrants = (1..=WRITERS).map(entrant).collect::<Result<Vec<_>, Deviation>>()?;
        let winner = trial.one_winner(&entrants, |_| Refusal::CommandReused)?;
        let mut losers = entrants.iter().filter(|entrant| entrant.customer != winner.customer);
        losers.try_for_each(|loser| trial.lacks(&loser.customer))?;
    }
    Ok(())
}
