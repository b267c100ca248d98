//! Many commands at once do what they would do one after the other.

use guanxi::crm::{CrmError, Executed, JOBS_MAX, Job};
use guanxi::profile::{ExternalKey, ProfileCommand};
use guanxi::store::{CommitError, MemoryStore, PageSize};
use guanxi::{
    Actor, Command, CommandId, Context, Crm, Customer, CustomerId, Policy, TenantId, Timestamp,
};
use pollster::block_on;
use proptest::collection::vec;
use proptest::prelude::*;

use super::generate::{cases, histories, policies};
use super::meddled::Meddled;
use super::run::{Act, books, tasks};
use super::stories::{midnight, noon, order, short};

fn crm(policy: &Policy) -> Crm<MemoryStore> {
    Crm::new(MemoryStore::default(), shop(), books(policy))
}

fn shop() -> TenantId {
    TenantId::derive("shop")
}

fn customer(key: &str) -> CustomerId {
    CustomerId::derive(shop(), key)
}

fn job(id: CustomerId, command: Command, now: Timestamp, name: &str) -> Job {
    Job::new(id, command, Context::new(now, Actor::System, CommandId::derive("bulk", name)))
}

fn link(key: &str) -> Command {
    ProfileCommand::LinkKey(ExternalKey::new("web", key).unwrap()).into()
}

/// What was answered, in a form that can be compared.
fn told(answer: &Result<Executed, CrmError>) -> String {
    match answer {
        Ok(executed) => format!("{executed:?}"),
        Err(error) => error.to_string(),
    }
}

fn all(crm: &Crm<MemoryStore>) -> Vec<(Customer, Vec<guanxi::Entry>)> {
    let customers = block_on(crm.scan(None, PageSize::MAX)).unwrap();
    let journal = |customer: &Customer| block_on(crm.history(customer.id())).unwrap();
    customers.into_iter().map(|customer| (customer.clone(), journal(&customer))).collect()
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn many_at_once_are_as_many_one_after_the_other(
        policy in policies(),
        histories in vec(histories(), 1..4),
        together in 1_usize..9,
    ) {
        let mut jobs: Vec<(Timestamp, Job)> = Vec::new();
        for (nth, steps) in histories.iter().enumerate() {
            for (step, task) in tasks(steps, policy.zone).into_iter().enumerate() {
                let Act::Ask(command) = task.act else { continue };
                let job = job(customer(&nth.to_string()), command, task.now, &format!("{nth} {step}"));
                jobs.push((task.now, job));
            }
        }
        jobs.sort_by_key(|(now, _)| *now);
        let jobs: Vec<Job> = jobs.into_iter().map(|(_, job)| job).collect();

        let (single, bulk) = (crm(&policy), crm(&policy));
        let mut recorded = Vec::new();
        for chunk in jobs.chunks(together) {
            let answers = block_on(bulk.execute_many(chunk)).unwrap();
            recorded.extend(answers.iter().map(|answer| matches!(answer, Ok(Executed::Recorded(_)))));
            prop_assert_eq!(answers.len(), chunk.len());
            for (Job { id, command, context, .. }, answer) in chunk.iter().zip(&answers) {
                let expected = block_on(single.execute(*id, command, context));
                prop_assert_eq!(told(answer), told(&expected));
            }
        }
        prop_assert_eq!(all(&bulk), all(&single));

        // Sent again in one go, what was recorded is replayed.
        let again = block_on(bulk.execute_many(&jobs)).unwrap();
        let sent = jobs.iter().zip(recorded);
        for (answer, (Job { id, command, context, .. }, recorded)) in again.iter().zip(sent) {
            prop_assert_eq!(matches!(answer, Ok(Executed::Replayed { .. })), recorded);
            prop_assert_eq!(told(answer), told(&block_on(single.execute(*id, command, context))));
        }
        prop_assert_eq!(all(&bulk), all(&single));
    }

    #[test]
    fn a_page_of_the_agenda_in_bulk_is_a_page_of_the_agenda(
        policy in policies(),
        orders in vec((0_u8..6, 1_u32..28), 1..20),
    ) {
        let (single, bulk) = (crm(&policy), crm(&policy));
        for (nth, (key, day)) in orders.iter().enumerate() {
            let at = noon(&format!("01-{day:02}"));
            let job = job(customer(&key.to_string()), order(at), midnight("02-01"), &nth.to_string());
            for crm in [&single, &bulk] {
                block_on(crm.execute(job.id, &job.command, &job.context)).unwrap();
            }
        }
        let now = Context::new(midnight("12-01"), Actor::System, CommandId::derive("bulk", "run"));
        let (page, mut after) = (PageSize::new(2).unwrap(), None);
        loop {
            let one = block_on(single.run_due(now.now, after, page, &now)).unwrap();
            let many = block_on(bulk.run_due_in_bulk(now.now, after, page, &now)).unwrap();
            prop_assert_eq!((one.changed, one.seen, one.next), (many.changed, many.seen, many.next));
            prop_assert!(one.failed.is_empty() && many.failed.is_empty());
            after = one.next;
            if after.is_none() {
                break;
            }
        }
        prop_assert_eq!(all(&bulk), all(&single));
    }
}

/// What was decided after a command that is refused counted on it, and is decided anew.
#[test]
fn one_that_is_refused_holds_up_no_other() {
    let crm = crm(&short());
    let (a, b, at) = (customer("a"), customer("b"), noon("01-01"));
    let jobs = [
        job(a, link("1"), at, "1"),
        job(b, link("1"), at, "2"),
        job(b, order(at), at, "3"),
        job(b, link("2"), at, "4"),
        job(b, ProfileCommand::Erase.into(), at, "5"),
        job(a, link("1"), at, "6"),
        job(a, link("1"), at, "1"),
    ];
    let answers = block_on(crm.execute_many(&jobs)).unwrap();
    let recorded = |place: usize, expected: u64| {
        assert!(
            matches!(&answers[place], Ok(Executed::Recorded(entry)) if entry.revision == expected),
            "{place}: {:?}",
            answers[place]
        );
    };
    recorded(0, 1);
    let claimed = &answers[1];
    assert!(
        matches!(claimed, Err(CrmError::Commit(CommitError::Claimed { holder })) if *holder == a),
        "{claimed:?}"
    );
    recorded(2, 1);
    recorded(3, 2);
    assert!(matches!(answers[4], Err(CrmError::ErasesApart)));
    assert!(matches!(answers[5], Ok(Executed::Unchanged)));
    assert!(matches!(answers[6], Ok(Executed::Replayed { revision: 1 })));
    assert_eq!(block_on(crm.history(b)).unwrap().len(), 2);
}

/// An answer that counted on a commit which was refused is no answer.
#[test]
fn what_was_decided_on_a_refused_command_is_decided_anew() {
    let crm = crm(&short());
    let (a, b, at) = (customer("a"), customer("b"), noon("01-01"));
    // Of the two last, the second would change nothing, if only the first were carried out.
    let jobs = [job(a, link("1"), at, "1"), job(b, link("1"), at, "2"), job(b, link("1"), at, "3")];
    let answers = block_on(crm.execute_many(&jobs)).unwrap();
    assert!(matches!(answers[0], Ok(Executed::Recorded(_))));
    for answer in &answers[1..] {
        assert!(
            matches!(answer, Err(CrmError::Commit(CommitError::Claimed { holder })) if *holder == a),
            "{answer:?}"
        );
    }
}

fn meddled(store: Meddled) -> Crm<Meddled> {
    Crm::new(store, shop(), books(&short()))
}

/// Somebody else carries out one of the commands, and another one, in the meantime.
#[test]
fn what_others_do_meanwhile_is_met_as_if_it_had_been_done_before() {
    let (a, b, at) = (customer("a"), customer("b"), noon("01-01"));
    let crm = meddled(Meddled::with_meddling(move |store| {
        let other = Crm::new(store, shop(), books(&short()));
        for job in [job(a, order(at), at, "elsewhere"), job(a, order(at), at, "1")] {
            block_on(other.execute(job.id, &job.command, &job.context)).unwrap();
        }
    }));
    let jobs = [
        job(a, order(at), at, "1"),
        job(a, order(at), at, "2"),
        job(b, order(at), at, "3"),
        job(a, link("1"), at, "4"),
        job(a, link("1"), at, "5"),
    ];
    let answers = block_on(crm.execute_many(&jobs)).unwrap();
    let recorded = |place: usize| match &answers[place] {
        Ok(Executed::Recorded(entry)) => entry.revision,
        other => panic!("{place}: {other:?}"),
    };
    assert!(matches!(answers[0], Ok(Executed::Replayed { revision: 2 })), "{:?}", answers[0]);
    assert_eq!([recorded(1), recorded(2), recorded(3)], [3, 1, 4]);
    assert!(matches!(answers[4], Ok(Executed::Unchanged)), "{:?}", answers[4]);
    assert_eq!(block_on(crm.history(a)).unwrap().len(), 4);
}

/// A claim that is given up earlier in the batch is free, also when giving it up takes a second try.
#[test]
fn a_claim_given_up_in_vain_is_waited_for() {
    let (a, b, at) = (customer("a"), customer("b"), noon("01-01"));
    let crm = meddled(Meddled::with_meddling(move |store| {
        let other = Crm::new(store, shop(), books(&short()));
        let job = job(a, order(at), at, "elsewhere");
        block_on(other.execute(job.id, &job.command, &job.context)).unwrap();
    }));
    let held = job(a, link("1"), at, "hold");
    block_on(crm.execute(held.id, &held.command, &held.context)).unwrap();
    let unlink = ProfileCommand::UnlinkKey(ExternalKey::new("web", "1").unwrap()).into();
    let jobs = [job(a, unlink, at, "give up"), job(b, link("1"), at, "take")];
    for answer in block_on(crm.execute_many(&jobs)).unwrap() {
        assert!(matches!(answer, Ok(Executed::Recorded(_))), "{answer:?}");
    }
}

#[test]
fn at_most_so_many_are_taken_at_once() {
    let crm = crm(&short());
    // Refused one by one, which is quick.
    let job = job(customer("a"), ProfileCommand::Erase.into(), noon("01-01"), "1");
    let most = vec![job; JOBS_MAX];
    assert_eq!(block_on(crm.execute_many(&most)).unwrap().len(), JOBS_MAX);
    let more = [&most[..], &most[..1]].concat();
    let refused = block_on(crm.execute_many(&more));
    assert!(matches!(refused, Err(CrmError::TooManyJobs { count }) if count == JOBS_MAX + 1));
}

/// Asked for everybody in turn, a store that cannot be reached would be waited for as often.
#[test]
fn a_run_ends_where_the_store_cannot_be_reached() {
    let crm = meddled(Meddled::default());
    let at = noon("01-01");
    for key in ["a", "b", "c"] {
        let job = job(customer(key), order(at), at, key);
        block_on(crm.execute(job.id, &job.command, &job.context)).unwrap();
    }
    let now = Context::new(midnight("12-01"), Actor::System, CommandId::derive("bulk", "run"));
    crm.store().lose(1);
    let failed = block_on(crm.run_due(now.now, None, PageSize::MAX, &now)).unwrap_err();
    assert!(failed.is_transient(), "{failed:?}");
    assert_eq!(crm.store().asked_in_vain(), 1);
    let run = block_on(crm.run_due(now.now, None, PageSize::MAX, &now)).unwrap();
    assert_eq!((run.changed, run.failed.len()), (3, 0));
}

#[test]
fn a_store_that_leaves_out_an_answer_is_not_believed() {
    let crm = meddled(Meddled::with_answers_left_out(1));
    let at = noon("01-01");
    let jobs = [job(customer("a"), order(at), at, "1"), job(customer("b"), order(at), at, "2")];
    let failed = block_on(crm.execute_many(&jobs)).unwrap_err();
    assert!(!failed.is_transient());
}

#[test]
fn racing_batches_are_carried_out_once() {
    let crm = crm(&short());
    let at = noon("01-01");
    let jobs: Vec<Job> = (0..40)
        .map(|nth| job(customer(&(nth % 5).to_string()), order(at), at, &nth.to_string()))
        .collect();
    let recorded: usize = std::thread::scope(|scope| {
        let race = |_| {
            scope.spawn(|| {
                let mut recorded = 0;
                // Contended is an answer; sent again, a command goes through.
                loop {
                    let answers = block_on(crm.execute_many(&jobs)).unwrap();
                    let is_new = |answer: &&_| matches!(answer, Ok(Executed::Recorded(_)));
                    recorded += answers.iter().filter(is_new).count();
                    if answers.iter().all(Result::is_ok) {
                        return recorded;
                    }
                }
            })
        };
        let races: Vec<_> = (0..8).map(race).collect();
        races.into_iter().map(|race| race.join().unwrap()).sum()
    });
    assert_eq!(recorded, jobs.len());
    for (customer, journal) in all(&crm) {
        assert_eq!((customer.revision(), journal.len()), (8, 8));
        assert_eq!(customer.purchases().known(None).orders, 8);
    }
}
