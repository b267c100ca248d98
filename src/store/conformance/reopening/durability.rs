//! C6: durable before return.

use super::super::check::{Deviation, same};
use super::super::harness::Reopen;
use super::super::subject::{Refusal, Subject, key};

pub(super) fn c6_reopened_store_gives_the_same<H: Reopen>(
    subject: Subject<'_, H>,
) -> Result<(), Deviation> {
    let trial = subject.trial();
    let (kept, given_up) = (key("kept")?, key("given up")?);
    let (mut first, mut second) = (trial.customer("first"), trial.customer("second"));
    let done = [
        trial.link(&mut first, &kept, "link")?,
        trial.link(&mut second, &given_up, "link, too")?,
        trial.order(&mut first, 1, "both")?.joined(trial.order(&mut second, 2, "both")?),
        trial.unlink(&mut second, &given_up, "unlink")?,
    ];
    done.iter().try_for_each(|commit| trial.accepts(commit))?;
    let unlinked = second.clone();
    let refused = trial.link(&mut second, &kept, "lose")?;
    trial.refuses(&refused, Refusal::Claimed { holder: first.id() })?;

    let subject = subject.reopen()?;
    let trial = subject.trial();
    trial.holds(&first)?;
    trial.holds(&unlinked)?;
    trial.held(&given_up, None)?;
    trial.never_heard(&refused)?;
    done.iter().try_for_each(|commit| trial.remembers(commit))
}

pub(super) fn c6_reopened_store_goes_on<H: Reopen>(
    subject: Subject<'_, H>,
) -> Result<(), Deviation> {
    let trial = subject.trial();
    let claimed = key("claimed")?;
    let (mut customer, mut loser) = (trial.customer("customer"), trial.customer("loser"));
    let mut stale = customer.clone();
    let first = trial.link(&mut customer, &claimed, "first")?;
    trial.accepts(&first)?;

    let subject = subject.reopen()?;
    let trial = subject.trial();
    trial.replays(&first)?;
    trial.refuses(&trial.order(&mut stale.clone(), 1, "first")?, Refusal::CommandReused)?;
    trial.refuses(&trial.order(&mut stale, 1, "late")?, Refusal::Conflict)?;
    let refused = trial.link(&mut loser, &claimed, "lose")?;
    trial.refuses(&refused, Refusal::Claimed { holder: customer.id() })?;
    trial.accepts(&trial.order(&mut customer, 2, "second")?)?;
    trial.holds(&customer)
}

pub(super) fn c6_every_commit_survives_by_itself<H: Reopen>(
    mut subject: Subject<'_, H>,
) -> Result<(), Deviation> {
    let mut customer = subject.trial().customer("customer");
    for nth in 1..=5 {
        let commit = subject.trial().order(&mut customer, nth, &format!("order {nth}"))?;
        subject.trial().accepts(&commit)?;
        subject = subject.reopen()?;
        subject.trial().holds(&customer)?;
    }
    Ok(())
}

pub(super) fn c6_command_decided_anew_survives<H: Reopen>(
    subject: Subject<'_, H>,
) -> Result<(), Deviation> {
    let trial = subject.trial();
    let mut customer = trial.customer("customer");
    let mut stale = customer.clone();
    trial.accepts(&trial.order(&mut customer, 1, "meanwhile")?)?;
    let first = trial.order(&mut stale, 2, "order")?;
    trial.refuses(&first, Refusal::Conflict)?;

    // Refused before it was closed and carried out after, and then closed once more.
    let subject = subject.reopen()?;
    let trial = subject.trial();
    trial.never_heard(&first)?;
    let anew = trial.order(&mut customer, 2, "order")?;
    trial.accepts(&anew)?;

    let subject = subject.reopen()?;
    let trial = subject.trial();
    let receipt = Ok(anew.receipt().replay());
    for commit in [&anew, &first] {
        same("the answer to a command that was decided anew", &receipt, &trial.commit(commit))?;
    }
    trial.remembers(&anew)?;
    trial.holds(&customer)
}
