//! The storage contract as `Crm` uses it, on the store in memory. The clauses are cited by number.

use guanxi::crm::{ATTEMPTS_MAX, CrmError, Executed};
use guanxi::profile::{ExternalKey, ProfileCommand};
use guanxi::purchase::Order;
use guanxi::store::{Agenda, CommitError, CustomerStore, MemoryStore, PageSize, Scan, Waking};
use guanxi::{
    Actor, Command, CommandId, Context, Crm, Customer, CustomerId, Outcome, Policy, Rulebook,
    Rulebooks, Stage, TenantId, Timestamp,
};
use pollster::block_on;
use proptest::collection::vec;
use proptest::prelude::*;

use super::generate::{cases, histories, policies};
use super::meddled::Meddled;
use super::run::{Act, Run, books, tasks, usd};
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

fn context(now: Timestamp, command: &str) -> Context {
    Context::new(now, Actor::System, CommandId::derive("store", command))
}

fn key(name: &str) -> ExternalKey {
    ExternalKey::new("web", name).unwrap()
}

fn link(name: &str) -> Command {
    ProfileCommand::LinkKey(key(name)).into()
}

fn page(rows: u16) -> PageSize {
    PageSize::new(rows).unwrap()
}

#[test]
fn c5_the_same_command_is_carried_out_once() {
    let crm = crm(&short());
    let (id, at) = (customer("a"), noon("01-01"));
    let first = block_on(crm.execute(id, &order(at), &context(at, "1"))).unwrap();
    assert!(matches!(first, Executed::Recorded(ref entry) if entry.revision == 1));
    // Sent again later and by somebody else, it is still the same command.
    let later = Context::new(noon("01-05"), Actor::Customer, CommandId::derive("store", "1"));
    let again = block_on(crm.execute(id, &order(at), &later)).unwrap();
    assert_eq!(again, Executed::Replayed { revision: 1 });
    assert_eq!(block_on(crm.history(id)).unwrap().len(), 1);
}

#[test]
fn c5_other_content_under_a_used_id_is_refused() {
    let crm = crm(&short());
    let (id, at) = (customer("a"), noon("01-01"));
    block_on(crm.execute(id, &order(at), &context(at, "1"))).unwrap();
    let dearer = Order::new(at, usd(101)).into();
    for (id, command) in [(id, &dearer), (customer("b"), &order(at))] {
        let refused = block_on(crm.execute(id, command, &context(at, "1")));
        assert!(
            matches!(refused, Err(CrmError::Commit(CommitError::CommandReused))),
            "{refused:?}"
        );
    }
    assert_eq!(block_on(crm.history(id)).unwrap().len(), 1);
    assert_eq!(block_on(crm.customer(customer("b"))).unwrap(), None);
}

#[test]
fn c1_a_refused_command_leaves_nothing() {
    let crm = crm(&short());
    let at = noon("01-01");
    let refused = block_on(crm.execute(customer("a"), &order(noon("01-02")), &context(at, "1")));
    assert!(matches!(refused, Err(CrmError::Refused(_))));
    assert_eq!(block_on(crm.store().load(shop(), customer("a"))).unwrap(), None);
    // Its id is free for another attempt.
    let done = block_on(crm.execute(customer("a"), &order(at), &context(at, "1"))).unwrap();
    assert!(matches!(done, Executed::Recorded(_)));
}

#[test]
fn c4_a_claim_is_held_by_one_and_freed_in_the_same_commit() {
    let crm = crm(&short());
    let (a, b, at) = (customer("a"), customer("b"), noon("01-01"));
    block_on(crm.execute(a, &link("7"), &context(at, "1"))).unwrap();
    let holder = |name: &str| block_on(crm.store().holder(shop(), &key(name))).unwrap();
    assert_eq!(holder("7"), Some(a));
    let refused = block_on(crm.execute(b, &link("7"), &context(at, "2")));
    let Err(CrmError::Commit(CommitError::Claimed { holder: found })) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(found, a);
    // C1: the loser has no trace.
    assert_eq!(block_on(crm.customer(b)).unwrap(), None);
    // C9: another tenant has its own.
    let elsewhere = TenantId::derive("elsewhere");
    assert_eq!(block_on(crm.store().holder(elsewhere, &key("7"))).unwrap(), None);

    // A plain store may carry out all but an erasure, which asks more of it than to remove a part.
    let apart = block_on(crm.execute(a, &ProfileCommand::Erase.into(), &context(at, "3")));
    assert!(matches!(apart, Err(CrmError::ErasesApart)));
    block_on(crm.erase(a, &context(at, "3"))).unwrap();
    assert_eq!(holder("7"), None);
    block_on(crm.execute(b, &link("7"), &context(at, "4"))).unwrap();
    assert_eq!(holder("7"), Some(b));
}

#[test]
fn c8_history_comes_in_order_and_in_stable_pages() {
    let crm = crm(&short());
    let id = customer("a");
    for day in 1..=7 {
        let at = noon(&format!("01-0{day}"));
        block_on(crm.execute(id, &order(at), &context(at, &day.to_string()))).unwrap();
    }
    for rows in 1..=8 {
        let mut revisions: Vec<u64> = Vec::new();
        loop {
            let after = revisions.last().copied().unwrap_or(0);
            let page = block_on(crm.store().history(shop(), id, after, page(rows))).unwrap();
            assert!(page.len() <= usize::from(rows));
            assert!(page.first().is_none_or(|entry| entry.revision > after));
            if page.is_empty() {
                break;
            }
            revisions.extend(page.iter().map(|entry| entry.revision));
        }
        // C3: no gaps.
        assert_eq!(revisions, (1..=7).collect::<Vec<_>>());
    }
}

#[test]
fn c9_tenants_never_see_each_other() {
    let crm = crm(&short());
    let (id, at) = (customer("a"), noon("01-01"));
    block_on(crm.execute(id, &order(at), &context(at, "1"))).unwrap();
    let (store, other) = (crm.store(), TenantId::derive("elsewhere"));
    assert_eq!(block_on(store.load(other, id)).unwrap(), None);
    assert_eq!(block_on(store.history(other, id, 0, page(9))).unwrap(), []);
    assert_eq!(block_on(store.scan(other, None, page(9))).unwrap(), []);
    let judged_by = crm.books().latest().reference();
    assert_eq!(block_on(store.due(other, Timestamp::MAX, judged_by, None, page(9))).unwrap(), []);
}

#[test]
fn c11_a_scan_gives_every_customer_once_in_the_order_of_ids() {
    let crm = crm(&short());
    let at = noon("01-01");
    let mut ids: Vec<CustomerId> = (0..7).map(|nth| customer(&nth.to_string())).collect();
    for (nth, id) in ids.iter().enumerate() {
        block_on(crm.execute(*id, &order(at), &context(at, &nth.to_string()))).unwrap();
    }
    ids.sort_unstable();
    for rows in 1..=8 {
        let mut seen: Vec<CustomerId> = Vec::new();
        loop {
            let after = seen.last().copied();
            let found = block_on(crm.scan(after, page(rows))).unwrap();
            assert!(found.first().is_none_or(|customer| Some(customer.id()) > after));
            if found.is_empty() {
                break;
            }
            seen.extend(found.iter().map(Customer::id));
        }
        assert_eq!(seen, ids);
    }
}

/// Everybody who is due until `until`, page by page.
fn due(crm: &Crm<MemoryStore>, until: Timestamp, rows: u16) -> Vec<Waking> {
    let judged_by = crm.books().in_force_at(until).reference();
    let mut all: Vec<Waking> = Vec::new();
    loop {
        let after = all.last().copied();
        let due = block_on(crm.store().due(shop(), until, judged_by, after, page(rows))).unwrap();
        assert!(due.first().is_none_or(|waking| Some(*waking) > after), "stands still");
        if due.is_empty() {
            return all;
        }
        all.extend(due);
    }
}

#[test]
fn c12_the_agenda_gives_everybody_that_is_due_earliest_first() {
    let crm = crm(&short());
    for day in 1..=5 {
        let at = noon(&format!("01-0{day}"));
        let name = day.to_string();
        block_on(crm.execute(customer(&name), &order(at), &context(at, &name))).unwrap();
    }
    // Silent for more than ten days: the first on the 12th, the others day by day.
    for rows in 1..=6 {
        assert_eq!(due(&crm, midnight("01-12").previous(), rows), []);
        let found = due(&crm, midnight("01-14"), rows);
        let expected: Vec<Waking> = (1..=3)
            .map(|day| Waking {
                wake_at: midnight(&format!("01-{}", day + 11)),
                id: customer(&day.to_string()),
            })
            .collect();
        assert_eq!(found, expected, "pages of {rows}");
    }
    let context = context(midnight("01-14"), "run");
    let run = block_on(crm.run_due(midnight("01-14"), None, page(9), &context)).unwrap();
    assert_eq!((run.changed, run.seen, run.failed.len(), run.next), (3, 3, 0, None));
    assert_eq!(due(&crm, midnight("01-14"), 9), []);
    let lost = block_on(crm.customer(customer("1"))).unwrap().unwrap();
    assert_eq!(lost.stage(), Stage::Lost);
}

#[test]
fn c12_the_agenda_gives_everybody_judged_by_another_policy() {
    let mut policy = short();
    policy.lifecycle.lapse.mode = guanxi::lifecycle::Mode::Off;
    let old = Rulebook::new(short(), Timestamp::MIN).unwrap();
    let new = Rulebook::new(policy, midnight("01-05")).unwrap();
    let both = Rulebooks::new(vec![old, new.clone()]).unwrap();
    let crm = Crm::new(MemoryStore::default(), shop(), both);
    let at = noon("01-01");
    block_on(crm.execute(customer("a"), &order(at), &context(at, "1"))).unwrap();

    let (id, until) = (customer("a"), midnight("01-05"));
    assert_eq!(due(&crm, until.previous(), 9), []);
    assert_eq!(due(&crm, until, 9).iter().map(|waking| waking.id).collect::<Vec<_>>(), [id]);
    // A run adopts the new policy, and nobody is left.
    let run = block_on(crm.run_due(until, None, page(9), &context(until, "run"))).unwrap();
    assert_eq!((run.changed, run.seen), (1, 1));
    assert_eq!(due(&crm, until, 9), []);
    let known = block_on(crm.customer(id)).unwrap().unwrap();
    assert_eq!(known.rulebook(), Some(new.reference()));
}

#[test]
fn c2_a_conflict_is_decided_anew_as_often_as_promised() {
    for (conflicts, granted) in [(1, true), (ATTEMPTS_MAX - 1, true), (ATTEMPTS_MAX, false)] {
        let store = Meddled::with_conflicts(conflicts);
        let crm = Crm::new(store, shop(), books(&short()));
        let at = noon("01-01");
        let outcome = block_on(crm.execute(customer("a"), &order(at), &context(at, "1")));
        match outcome {
            Ok(Executed::Recorded(entry)) => assert!(granted && entry.revision == 1),
            Err(CrmError::Contended) => assert!(!granted),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn c2_c3_c5_racing_commands_are_carried_out_once_each() {
    let crm = crm(&short());
    let (id, at) = (customer("a"), noon("01-01"));
    let twice = || (0..8_u32).chain(0..8);
    std::thread::scope(|scope| {
        for nth in twice() {
            let crm = &crm;
            scope.spawn(move || {
                let context = context(at, &nth.to_string());
                // Contended is an answer; sent again, the command goes through.
                while let Err(error) = block_on(crm.execute(id, &order(at), &context)) {
                    assert!(matches!(error, CrmError::Contended), "{error}");
                }
            });
        }
    });
    let history = block_on(crm.history(id)).unwrap();
    let revisions: Vec<u64> = history.iter().map(|entry| entry.revision).collect();
    assert_eq!(revisions, (1..=8).collect::<Vec<_>>());
    let customer = block_on(crm.customer(id)).unwrap().unwrap();
    assert_eq!(customer.purchases().known(None).orders, 8);
}

proptest! {
    #![proptest_config(cases(50))]

    /// A customer through the store is the customer that never left memory.
    #[test]
    fn c7_what_is_committed_is_what_is_read(
        policy in policies(),
        histories in vec(histories(), 1..3),
    ) {
        let crm = crm(&policy);
        for (nth, steps) in histories.iter().enumerate() {
            let id = CustomerId::derive(shop(), &nth.to_string());
            let mut run = Run::new(books(&policy));
            for (step, task) in tasks(steps, policy.zone).iter().enumerate() {
                let context = context(task.now, &format!("{nth} {step}"));
                let stored = match &task.act {
                    Act::Ask(Command::Profile(ProfileCommand::Erase)) => {
                        block_on(crm.erase(id, &context))
                    }
                    Act::Ask(command) => block_on(crm.execute(id, command, &context)),
                    Act::RunDue => block_on(crm.advance(id, task.now, &context)),
                };
                let live = run.carry_out(task);
                match (stored, live) {
                    (Ok(Executed::Recorded(entry)), Ok(Outcome::Changed(change))) => {
                        prop_assert_eq!(entry.events, change.entry.events);
                    }
                    (Ok(Executed::Unchanged), Ok(Outcome::Unchanged)) => {}
                    (Err(CrmError::Refused(stored)), Err(live)) => prop_assert_eq!(stored, live),
                    (Err(CrmError::Commit(CommitError::Claimed { .. })), _) => {}
                    (stored, live) => prop_assert!(false, "{stored:?} but {live:?}"),
                }
            }
            let stored = block_on(crm.customer(id)).unwrap();
            let parts = |customer: &Customer| customer.to_parts();
            prop_assert_eq!(stored.as_ref().map(parts).unwrap_or_default(), run.customer.to_parts());
            // As of any recording, through the store.
            for entry in &run.journal {
                let known = block_on(crm.as_of(id, entry.recorded_at)).unwrap().unwrap();
                let told = Customer::as_of(id, &run.journal, entry.recorded_at);
                prop_assert_eq!(known.lifecycle(), told.lifecycle());
                prop_assert_eq!(known.revision(), told.revision());
            }
        }
        let verification = block_on(crm.verify()).unwrap();
        prop_assert!(verification.is_sound(), "{:?}", verification.flaws);
    }
}
