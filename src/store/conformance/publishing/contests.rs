//! C2, C4 and C5: who wants what a commit that is under way has touched waits, or is refused.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::super::check::{Deviation, same};
use super::super::harness::Hold;
use super::super::race::{Finish, race};
use super::super::subject::{Answer, Refusal, Trial, key};
use crate::customer::Customer;
use crate::store::{Commit, Feed};

/// How long whoever ends the transaction waits for the other one, who may be waiting for it. What is
/// right is right whoever comes first; a store that does not wait is caught if this is enough.
const YIELDS_MAX: usize = 20_000;

/// How the transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Finished,
    Abandoned,
}

/// A customer and a commit that changes it.
struct Claimant {
    customer: Customer,
    commit: Commit,
}

/// One keeps its commit under way, the other sends its own, and then the first one ends. Gives the answer
/// to the first one and the last answer to the other.
fn contest<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
    slow: &Commit,
    other: &Commit,
    end: End,
) -> Result<(Answer, Answer), Deviation> {
    let held = trial.held_with(slow)?;
    let answered = AtomicBool::new(false);
    let outcomes = race(vec![Some(held), None], |held| match held {
        None => {
            let _answered = Finish(&answered);
            Ok(trial.commit(other))
        }
        Some(held) => {
            let waiting = (0..YIELDS_MAX).take_while(|_| !answered.load(Ordering::SeqCst));
            waiting.for_each(|_| thread::yield_now());
            match end {
                End::Finished => {
                    let ended = held.end().unwrap_or(Err(Refusal::Conflict));
                    Ok(ended.map(|()| slow.receipt()))
                }
                End::Abandoned => trial.abandon(held).map(|()| Err(Refusal::Conflict)),
            }
        }
    });
    let mut outcomes =
        outcomes.into_iter().collect::<Result<Vec<Answer>, Deviation>>()?.into_iter();
    let (Some(first), Some(second)) = (outcomes.next(), outcomes.next()) else {
        return Err(Deviation::new("two answers", "fewer"));
    };
    // Whoever was told to come again does so, now that nobody is in the way.
    let second = match second {
        Err(Refusal::Failed(_)) => trial.commit(other),
        second => second,
    };
    Ok((first, second))
}

/// Holds the contest for both ends. Exactly one of the two went through, and the store holds that one.
fn one_of_two<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
    claimants: impl Fn(&str) -> Result<[Claimant; 2], Deviation>,
    lost: impl Fn(&Claimant) -> Refusal,
) -> Result<(), Deviation> {
    for end in [End::Finished, End::Abandoned] {
        let [slow, other] = claimants(&format!("{end:?}"))?;
        let answers = contest(trial, &slow.commit, &other.commit, end)?;
        let (winner, loser, answer) = match answers {
            (Ok(_), Err(refusal)) => (&slow, &other, refusal),
            (Err(refusal), Ok(_)) => (&other, &slow, refusal),
            both => {
                let expected = "exactly one of two commits that exclude each other to go through";
                return Err(Deviation::new(expected, format!("{both:?}")));
            }
        };
        if end == End::Finished {
            same("the answer to whoever came too late", &lost(winner), &answer)?;
        } else {
            same(
                "who goes through when the other was rolled back",
                &&other.commit,
                &&winner.commit,
            )?;
        }
        trial.holds(&winner.customer)?;
        trial.remembers(&winner.commit)?;
        trial.never_heard(&loser.commit)?;
        if loser.customer.id() != winner.customer.id() {
            trial.lacks(&loser.customer)?;
        }
    }
    Ok(())
}

pub(super) fn c2_held_change_is_not_overwritten<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let claimants = |round: &str| {
        let mut known = trial.customer(&format!("contested, {round}"));
        trial.accepts(&trial.order(&mut known, 1, &format!("create, {round}"))?)?;
        let claimant = |minor, name: &str| {
            let mut customer = known.clone();
            let commit = trial.order(&mut customer, minor, &format!("{name}, {round}"))?;
            Ok(Claimant { customer, commit })
        };
        Ok([claimant(2, "slow")?, claimant(3, "other")?])
    };
    one_of_two(trial, claimants, |_| Refusal::Conflict)
}

pub(super) fn c4_held_claim_has_one_holder<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let claimants = |round: &str| {
        let contested = key(round)?;
        trial.held(&contested, None)?;
        let claimant = |name: &str| {
            let name = format!("{name}, {round}");
            let mut customer = trial.customer(&name);
            let commit = trial.link(&mut customer, &contested, &name)?;
            Ok(Claimant { customer, commit })
        };
        Ok([claimant("slow")?, claimant("other")?])
    };
    one_of_two(trial, claimants, |winner| Refusal::Claimed { holder: winner.customer.id() })
}

pub(super) fn c5_held_command_is_carried_out_once<H: Hold<Store: Feed>>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    for end in [End::Finished, End::Abandoned] {
        let name = format!("{end:?}");
        let mut customer = trial.customer(&name);
        let commit = trial.order(&mut customer, 1, &name)?;
        let (_, answer) = contest(trial, &commit, &commit, end)?;
        // Carried out by the transaction or beside it, that is all the same.
        let again = answer.as_ref().is_ok_and(|receipt| receipt.replayed);
        let expected = if again { commit.receipt().replay() } else { commit.receipt() };
        same("the answer to a command that is under way", &Ok(expected), &answer)?;
        trial.holds(&customer)?;
        trial.remembers(&commit)?;
    }
    trial.whole_feed(2).map(|_| ())
}
