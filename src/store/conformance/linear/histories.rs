//! Several at once, each with a few operations drawn at random, round after round.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, ValueTree};

use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::histories::runner;
use super::super::race::race;
use super::super::subject::Trial;
use super::record::{Done, Record, told};
use super::search::is_linear;
use super::specification::{Number, State};

/// How many are at it at once, and how many operations each of them has at most. Few: the fewer, the
/// easier it is to see what went wrong, and most faults need no more.
const THREADS: usize = 3;
const OPERATIONS: usize = 3;

/// How many rounds there are for each random history that the harness asks for.
const ROUNDS_PER_CASE: u32 = 2;

const CUSTOMERS: usize = 2;
const CLAIMS: usize = 2;

/// What one of them does next.
#[derive(Debug, Clone, Copy)]
enum Next {
    /// A command on what it knows of the customer.
    Order(Number),
    Link(Number, Number),
    /// A command that somebody has sent, or is about to send: of which thread, and which of its commands.
    Again(usize, usize),
    Load(Number),
    Receipt(usize, usize),
    Holder(Number),
}

/// What each of them does.
type Script = Vec<Vec<Next>>;

/// Scripts of operations by their weights.
fn scripts(weights: [u32; 6], customers: usize) -> BoxedStrategy<Script> {
    let [order, link, again, load, receipt, holder] = weights;
    let who = 0..customers;
    let command = || (0..THREADS, 0..OPERATIONS);
    let next = prop_oneof![
        order => who.clone().prop_map(Next::Order),
        link => (who.clone(), 0..CLAIMS).prop_map(|(who, claim)| Next::Link(who, claim)),
        again => command().prop_map(|(thread, nth)| Next::Again(thread, nth)),
        load => who.prop_map(Next::Load),
        receipt => command().prop_map(|(thread, nth)| Next::Receipt(thread, nth)),
        holder => (0..CLAIMS).prop_map(Next::Holder),
    ];
    vec(vec(next, 1..=OPERATIONS), THREADS).boxed()
}

/// The number of a command.
fn command(thread: usize, nth: usize) -> usize {
    thread.saturating_mul(OPERATIONS).saturating_add(nth)
}

/// Carries out one script, all at once.
fn carry_out<H: Harness>(
    trial: &Trial<'_, H>,
    name: &str,
    script: &Script,
) -> Result<Vec<Done>, Deviation> {
    let record = Record::new(trial, name, CUSTOMERS, CLAIMS)?;
    let threads: Vec<_> = script.iter().enumerate().collect();
    let each = race(threads, |(thread, steps)| follow(&record, thread, steps));
    Ok(each.into_iter().collect::<Result<Vec<_>, Deviation>>()?.concat())
}

fn follow<H: Harness>(
    record: &Record<'_, '_, H>,
    thread: usize,
    steps: &[Next],
) -> Result<Vec<Done>, Deviation> {
    let (mut history, mut known) = (Vec::new(), record.customers().to_vec());
    for (nth, step) in steps.iter().enumerate() {
        let decide = |who: Number, claim| {
            let decided =
                known.get(who).map(|known| record.decide(command(thread, nth), who, known, claim));
            decided.transpose()
        };
        let send =
            |who: Number| Ok(record.send(thread, command(thread, nth))?.map(|sent| (who, sent)));
        let sent = match *step {
            Next::Order(who) => {
                decide(who, None)?;
                send(who)?
            }
            Next::Link(who, claim) => match decide(who, Some(claim))?.flatten() {
                Some(_) => send(who)?,
                None => None,
            },
            Next::Again(other, nth) => {
                history.extend(record.send(thread, command(other, nth))?.map(|(done, _)| done));
                continue;
            }
            Next::Load(who) => {
                let loaded = record.load(thread, who)?;
                loaded.map(|(done, customer)| (who, (done, Some(customer))))
            }
            Next::Receipt(other, nth) => {
                history.extend(record.receipt(thread, command(other, nth))?);
                continue;
            }
            Next::Holder(claim) => {
                history.extend(record.holder(thread, claim)?);
                continue;
            }
        };
        let Some((who, (done, customer))) = sent else { continue };
        history.push(done);
        if let (Some(known), Some(customer)) = (known.get_mut(who), customer) {
            *known = customer;
        }
    }
    Ok(history)
}

/// Draws scripts, and looks for an order that explains what happened.
fn rounds<H: Harness>(
    trial: &Trial<'_, H>,
    weights: [u32; 6],
    customers: usize,
) -> Result<(), Deviation> {
    let sampling = trial.harness.sampling();
    let (mut runner, scripts) = (runner(sampling.seed()), scripts(weights, customers));
    for round in 1..=sampling.cases().saturating_mul(ROUNDS_PER_CASE) {
        let script = scripts.new_tree(&mut runner);
        let script = script.map_err(|reason| {
            Deviation::new("the check to draw a history", reason.message().to_owned())
        })?;
        let history = carry_out(trial, &format!("round {round}"), &script.current())?;
        if !is_linear(&State::new(CUSTOMERS, CLAIMS), &history) {
            let expected = "an order, one after the other, that explains every answer of";
            let saw = format!("none{}", told(&history));
            return Err(Deviation::new(format!("{expected} round {round}"), saw));
        }
    }
    Ok(())
}

// The weights: orders, links, repetitions, loads, receipts, holders.

pub(super) fn c2_concurrent_commits_fit_one_order<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    rounds(trial, [6, 0, 0, 2, 0, 0], 1)
}

pub(super) fn c4_concurrent_claims_fit_one_order<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    rounds(trial, [1, 5, 0, 1, 0, 3], 2)
}

pub(super) fn c5_concurrent_repetitions_fit_one_order<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    rounds(trial, [4, 0, 4, 1, 3, 0], 2)
}

pub(super) fn c7_concurrent_reads_fit_one_order<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    rounds(trial, [3, 0, 0, 5, 0, 0], 2)
}
