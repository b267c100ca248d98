//! The rulebooks of a tenant, kept by its store.

use guanxi::crm::CrmError;
use guanxi::lifecycle::Mode;
use guanxi::rulebook::RulebookError;
use guanxi::store::{Archive, ArchiveError, MemoryStore, PageSize, StoredRulebook};
use guanxi::{
    Actor, CommandId, Context, Crm, Currency, CustomerId, DecideError, Policy, Rulebook, Rulebooks,
    TenantId, Timestamp,
};
use pollster::block_on;

use super::stories::{midnight, noon, order, short};

fn shop() -> TenantId {
    TenantId::derive("shop")
}

fn book(mode: Mode, from: Timestamp) -> Rulebook {
    let mut policy = short();
    policy.lifecycle.lapse.mode = mode;
    Rulebook::new(policy, from).unwrap()
}

fn first() -> Rulebook {
    book(Mode::Apply, Timestamp::MIN)
}

fn open(store: &MemoryStore) -> Crm<&MemoryStore> {
    block_on(Crm::open(store, shop(), first())).unwrap()
}

fn context(now: Timestamp, command: &str) -> Context {
    Context::new(now, Actor::System, CommandId::derive("archive", command))
}

#[test]
fn what_is_kept_counts_not_what_is_given() {
    let store = MemoryStore::default();
    assert_eq!(open(&store).books().latest(), &first());
    let other = book(Mode::Off, midnight("01-05"));
    let crm = block_on(Crm::open(&store, shop(), other.clone())).unwrap();
    assert_eq!(crm.books().iter().collect::<Vec<_>>(), [&first()]);
    // C9: another tenant begins with its own.
    let crm = block_on(Crm::open(&store, TenantId::derive("elsewhere"), other.clone())).unwrap();
    assert_eq!(crm.books().latest(), &other);
}

#[test]
fn a_rulebook_is_adopted_once_and_judges_from_its_instant_on() {
    let store = MemoryStore::default();
    let mut crm = open(&store);
    let other = open(&store);
    let id = CustomerId::derive(shop(), "a");
    let at = noon("01-01");
    block_on(crm.execute(id, &order(at), &context(at, "1"))).unwrap();

    let second = book(Mode::Off, midnight("01-05"));
    block_on(crm.adopt(second.clone())).unwrap();
    assert_eq!(crm.books().latest(), &second);
    block_on(crm.adopt(second.clone())).unwrap();
    assert_eq!(crm.books().iter().collect::<Vec<_>>(), [&first(), &second]);

    // Before its instant nobody is due for it; then everybody is, and once.
    let run = |until: Timestamp| {
        let name = format!("run {until}");
        block_on(crm.run_due(until, None, PageSize::MAX, &context(until, &name))).unwrap()
    };
    assert_eq!(run(midnight("01-05").previous()).changed, 0);
    assert_eq!(run(midnight("01-05")).changed, 1);
    assert_eq!(run(midnight("01-05")).seen, 0);
    let customer = block_on(crm.customer(id)).unwrap().unwrap();
    assert_eq!(customer.rulebook(), Some(second.reference()));

    // A handle that has not heard of it refuses the customer, until it asks.
    let mut other = other;
    let late = noon("01-06");
    let refused = block_on(other.execute(id, &order(late), &context(late, "2")));
    assert!(
        matches!(refused, Err(CrmError::Refused(DecideError::UnknownRulebook { .. }))),
        "{refused:?}"
    );
    block_on(other.refresh()).unwrap();
    block_on(other.execute(id, &order(late), &context(late, "2"))).unwrap();
    assert!(block_on(other.verify()).unwrap().is_sound());
}

#[test]
fn c16_nothing_is_adopted_before_what_was_adopted_already() {
    let store = MemoryStore::default();
    let (mut crm, mut other) = (open(&store), open(&store));
    let at = midnight("01-05");
    block_on(crm.adopt(book(Mode::Off, at))).unwrap();
    for from in [at, at.previous()] {
        let refused = block_on(other.adopt(book(Mode::Suggest, from)));
        assert!(
            matches!(refused, Err(CrmError::Rulebook(RulebookError::NotLater { latest, .. })) if latest == at),
            "{refused:?}"
        );
        // A store refuses on its own, too: two may adopt at the same time.
        let kept = block_on(store.keep(shop(), StoredRulebook::from(&book(Mode::Suggest, from))));
        assert!(matches!(kept, Err(ArchiveError::NotLater { latest }) if latest == at), "{kept:?}");
    }
    assert_eq!(block_on(store.rulebooks(shop())).unwrap().len(), 2);

    let euros = Rulebook::new(Policy::new(Currency::EUR), noon("02-01")).unwrap();
    let refused = block_on(other.adopt(euros));
    assert!(matches!(refused, Err(CrmError::Rulebook(RulebookError::CurrencyChanged { .. }))));
    assert_eq!(block_on(store.rulebooks(shop())).unwrap().len(), 2);
}

#[test]
fn of_those_who_adopt_at_once_one_does() {
    for round in 1..=20_i64 {
        let store = MemoryStore::default();
        let at = Timestamp::UNIX_EPOCH.saturating_add_seconds(round);
        let adopted: usize = std::thread::scope(|scope| {
            let adopt = |nth: u32| {
                let mut crm = open(&store);
                scope.spawn(move || {
                    let mut policy = short();
                    policy.future_tolerance_seconds = 100 + nth;
                    let book = Rulebook::new(policy, at).unwrap();
                    usize::from(block_on(crm.adopt(book)).is_ok())
                })
            };
            let all: Vec<_> = (0..8).map(adopt).collect();
            all.into_iter().map(|one| one.join().unwrap()).sum()
        });
        assert_eq!((adopted, block_on(store.rulebooks(shop())).unwrap().len()), (1, 2));
    }
}

#[test]
fn those_who_open_at_once_agree() {
    for _ in 0..20 {
        let store = MemoryStore::default();
        let barrier = std::sync::Barrier::new(8);
        let opened: Vec<_> = std::thread::scope(|scope| {
            let open = |nth: u32| {
                let (store, barrier) = (&store, &barrier);
                scope.spawn(move || {
                    let mut policy = short();
                    policy.future_tolerance_seconds = 100 + nth;
                    let first = Rulebook::new(policy, Timestamp::MIN).unwrap();
                    barrier.wait();
                    block_on(Crm::open(store, shop(), first)).unwrap().books().clone()
                })
            };
            let all: Vec<_> = (0..8).map(open).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(opened.iter().all(|books| *books == opened[0]));
        assert_eq!(block_on(store.rulebooks(shop())).unwrap().len(), 1);
    }
}

/// A host that kept its rulebooks itself begins to keep them in the store.
#[test]
fn a_handle_brings_its_rulebooks_into_the_archive() {
    let store = MemoryStore::default();
    let (second, third) =
        (book(Mode::Off, midnight("01-05")), book(Mode::Apply, midnight("01-09")));
    let own = Rulebooks::from(first()).with_next(second.clone()).unwrap();
    let mut crm = Crm::new(&store, shop(), own.clone());
    let (id, at) = (CustomerId::derive(shop(), "a"), noon("01-06"));
    block_on(crm.execute(id, &order(at), &context(at, "1"))).unwrap();

    block_on(crm.adopt(third.clone())).unwrap();
    let all = [&first(), &second, &third];
    assert_eq!(crm.books().iter().collect::<Vec<_>>(), all);
    let opened = open(&store);
    assert_eq!(opened.books().iter().collect::<Vec<_>>(), all);
    assert_eq!(
        block_on(opened.customer(id)).unwrap().unwrap().rulebook(),
        Some(second.reference())
    );
    assert!(block_on(opened.verify()).unwrap().is_sound());

    // Opened with a whole succession, a store keeps all of it.
    let store = MemoryStore::default();
    let crm = block_on(Crm::open(&store, shop(), own.clone())).unwrap();
    assert_eq!(crm.books(), &own);
    assert_eq!(open(&store).books(), &own);
}

#[test]
fn a_handle_forgets_no_rulebook_and_mixes_no_successions() {
    let store = MemoryStore::default();
    let second = book(Mode::Off, midnight("01-05"));
    let longer = open(&store).books().clone().with_next(second.clone()).unwrap();
    let mut ahead = Crm::new(&store, shop(), longer.clone());
    block_on(ahead.refresh()).unwrap();
    assert_eq!(ahead.books(), &longer);

    // Somebody else adopts another one meanwhile: neither of the two may be lost silently.
    block_on(open(&store).adopt(book(Mode::Suggest, midnight("01-04")))).unwrap();
    let before = ahead.books().clone();
    for refused in [
        block_on(ahead.refresh()),
        block_on(ahead.adopt(book(Mode::Apply, midnight("01-09")))),
        block_on(ahead.adopt(second)),
    ] {
        assert!(matches!(refused, Err(CrmError::OtherRulebooks)), "{refused:?}");
    }
    assert_eq!(ahead.books(), &before);
    assert_eq!(block_on(store.rulebooks(shop())).unwrap().len(), 2);
}
