//! Reviews through the store: made on the policy's cadence, by what the base said and the rulebook in
//! force then, whoever comes to a customer and by whatever path.

use guanxi::crm::{CrmError, Executed, Job};
use guanxi::customer::Reviewed;
use guanxi::lifecycle::Mode;
use guanxi::profile::ProfileCommand;
use guanxi::rulebook::CALIBRATIONS_MAX;
use guanxi::store::{Archive, Index, Inspect, MemoryStore, PageSize, StoredCalibration};
use guanxi::tier::{OverrideReason, Tier, TierCommand, TierEvent};
use guanxi::{
    Actor, Calibration, Command, CommandId, Context, Crm, Customer, CustomerId, DecideError, Entry,
    Event, Policy, Rulebook, Rulebooks, Stage, TenantId, Timestamp,
};
use pollster::block_on;
use proptest::collection::vec;
use proptest::prelude::*;

use super::generate::{Step, cases, histories, policies};
use super::run::{Act, Task, tasks};
use super::stories::{midnight, noon, order, short};

fn shop() -> TenantId {
    TenantId::derive("shop")
}

fn customer(nth: usize) -> CustomerId {
    CustomerId::derive(shop(), &nth.to_string())
}

fn context(now: Timestamp, command: &str) -> Context {
    Context::new(now, Actor::System, CommandId::derive("reviews", command))
}

fn days_after(at: Timestamp, days: i64) -> Timestamp {
    at.saturating_add_seconds(days * 86_400)
}

/// A random policy that has reviews.
fn reviewing() -> impl Strategy<Value = Policy> {
    (policies(), 1_u16..=40).prop_map(|(policy, days)| Policy {
        review_every_days: policy.review_every_days.or(Some(days)),
        ..policy
    })
}

/// How a task gets to its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Path {
    /// By itself.
    Single,
    /// In bulk.
    Bulk,
}

/// A shop on a store in memory.
struct Base {
    store: MemoryStore,
    books: Rulebooks,
}

impl Base {
    fn new(books: Rulebooks) -> Self {
        Self { store: MemoryStore::default(), books }
    }

    fn crm(&self) -> Crm<&MemoryStore> {
        Crm::new(&self.store, shop(), self.books.clone())
    }

    /// Carries out the tasks of every customer; refusals are part of a history. Runs of the scheduler
    /// are for everybody.
    fn carry_out(&self, tasks: &[(Timestamp, usize, Task)], path: Path) {
        let crm = self.crm();
        for (place, (now, nth, task)) in tasks.iter().enumerate() {
            let context = context(*now, &format!("task {place}"));
            let id = customer(*nth);
            match &task.act {
                Act::RunDue => self.run_due(*now, path, &format!("run {place}")),
                Act::Ask(Command::Profile(ProfileCommand::Erase)) => {
                    let _ = block_on(crm.erase(id, &context));
                }
                Act::Ask(command) if path == Path::Single => {
                    let _ = block_on(crm.execute(id, command, &context));
                }
                Act::Ask(command) => {
                    let jobs = [Job::new(id, command.clone(), context)];
                    let _ = block_on(crm.execute_many(&jobs)).unwrap();
                }
            }
        }
    }

    /// Takes everybody that is due to an instant, in small pages.
    fn run_due(&self, until: Timestamp, path: Path, name: &str) {
        let _ = self.count_due(until, path, name);
    }

    /// The same, and how many were looked at and how many changed.
    fn count_due(&self, until: Timestamp, path: Path, name: &str) -> (usize, usize) {
        let (crm, context) = (self.crm(), context(until, name));
        let (mut counts, mut after) = ((0, 0), None);
        loop {
            let size = PageSize::new(2).unwrap();
            let run = match path {
                Path::Single => block_on(crm.run_due(until, after, size, &context)),
                Path::Bulk => block_on(crm.run_due_in_bulk(until, after, size, &context)),
            };
            let run = run.unwrap();
            assert!(run.failed.is_empty(), "{:?}", run.failed);
            counts = (counts.0 + run.seen, counts.1 + run.changed);
            after = run.next;
            if after.is_none() {
                return counts;
            }
        }
    }

    fn all(&self) -> Vec<(Customer, Vec<Entry>)> {
        let crm = self.crm();
        let customers = block_on(crm.scan(None, PageSize::MAX)).unwrap();
        let journal = |customer: &Customer| block_on(crm.history(customer.id())).unwrap();
        customers.into_iter().map(|customer| (customer.clone(), journal(&customer))).collect()
    }

    fn index(&self, id: CustomerId) -> Index {
        block_on(self.store.inspect(shop(), id)).unwrap().unwrap().index
    }

    /// Measures the base and uses what it says from now on.
    fn calibrate(&mut self, at: Timestamp) {
        let mut crm = self.crm();
        let calibration = block_on(crm.calibrate(at)).unwrap();
        block_on(crm.adopt_calibration(calibration)).unwrap();
        self.books = crm.books().clone();
    }

    fn assert_sound(&self) {
        let verification = block_on(self.crm().verify()).unwrap();
        assert!(verification.is_sound(), "{:?}", verification.flaws);
    }
}

/// The tasks of all customers, in the order of the host's clock.
fn shared(histories: &[Vec<Step>], policy: &Policy) -> Vec<(Timestamp, usize, Task)> {
    let of = |(nth, steps): (usize, &Vec<Step>)| {
        let tasks = tasks(steps, policy.zone).into_iter();
        tasks.map(move |task| (task.now, nth, task)).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = histories.iter().enumerate().flat_map(of).collect();
    all.sort_by_key(|(now, nth, _)| (*now, *nth));
    all
}

fn end(tasks: &[(Timestamp, usize, Task)]) -> Timestamp {
    tasks.last().map_or(Timestamp::UNIX_EPOCH, |(now, ..)| *now)
}

fn reviews(journal: &[Entry]) -> impl Iterator<Item = &Reviewed> {
    journal.iter().flat_map(|entry| &entry.events).filter_map(|event| match event {
        Event::Reviewed(review) => Some(review),
        _ => None,
    })
}

/// Every review in a journal found what the customer as it was before, asked alone, would have said.
fn assert_reviewed_as_asked_alone(journal: &[Entry], id: CustomerId, books: &Rulebooks) {
    for (place, entry) in journal.iter().enumerate() {
        for event in &entry.events {
            let Event::Reviewed(review) = event else { continue };
            let before = Customer::fold(id, &journal[..place]);
            let verdict = before.verdict(review.at, books).unwrap();
            assert_eq!(review.tier, verdict.tier.reviewed, "{review:?}");
            assert_eq!(review.risk, verdict.risk.state, "{review:?}");
            let assessment = before.assess(review.at, books).unwrap();
            assert_eq!(review.calibration, assessment.tier.ids.calibration);
            assert_eq!(assessment.tier.value, verdict.tier);
        }
    }
}

/// Every review was made while the rulebook judged that was in force at its instant.
fn assert_judged_by_the_rulebook_in_force(journal: &[Entry], books: &Rulebooks) {
    let mut judging = None;
    for event in journal.iter().flat_map(|entry| &entry.events) {
        match event {
            Event::Admitted(admitted) => judging = Some(admitted.rulebook),
            Event::RulebookAdopted { rulebook, .. } => judging = Some(*rulebook),
            Event::Reviewed(review) => {
                let in_force = books.in_force_at(review.at).reference();
                assert_eq!(judging, Some(in_force), "{review:?}");
            }
            _ => {}
        }
    }
}

/// From the first purchase until the relationship is over.
const fn is_with_us(stage: Stage) -> bool {
    matches!(stage, Stage::Onboarding | Stage::Growing | Stage::Loyal | Stage::Declining)
}

proptest! {
    #![proptest_config(cases(60))]

    /// The whole flow: a base comes in, is measured, and is swept.
    #[test]
    fn a_sweep_puts_on_record_what_each_customer_alone_is_told(
        policy in reviewing(),
        histories in vec(histories(), 1..6),
        // What was reviewed at the very instant of the calibration was reviewed without it.
        days in 1_i64..60,
    ) {
        let first = Rulebook::new(policy.clone(), Timestamp::MIN).unwrap();
        let store = MemoryStore::default();
        let books = block_on(Crm::open(&store, shop(), first)).unwrap().books().clone();
        let mut base = Base { store, books };
        let tasks = shared(&histories, &policy);
        base.carry_out(&tasks, Path::Single);

        let now = days_after(end(&tasks), days);
        base.calibrate(now);
        let before = base.all();
        base.run_due(now, Path::Single, "sweep");
        for ((before, _), (after, journal)) in before.iter().zip(base.all()) {
            let id = after.id();
            assert_reviewed_as_asked_alone(&journal, id, &base.books);
            let index = base.index(id);
            prop_assert_eq!(index.reviewed_at, after.reviews().last().map(|review| review.at));
            if before.reviews() == after.reviews() || index.reviewed_at != Some(now) {
                continue;
            }
            for alone in [before, &after] {
                let verdict = alone.verdict(now, &base.books).unwrap();
                let told = verdict.risk.risk.level().map(|level| level.band);
                // Asked again, the next step towards the tier may be taken.
                if alone.revision() == before.revision() {
                    prop_assert_eq!(index.tier, verdict.tier.tier.value());
                }
                prop_assert!(told.is_none() || told == index.risk);
            }
        }
        base.assert_sound();
    }

    /// Nobody is passed over, nothing is made up for, and customers that are gone are left alone.
    #[test]
    fn whoever_is_with_us_is_reviewed_in_time(
        policy in reviewing(),
        histories in vec(histories(), 1..4),
        nights in vec(1_i64..50, 1..5),
    ) {
        let base = Base::new(Rulebook::new(policy.clone(), Timestamp::MIN).unwrap().into());
        let tasks = shared(&histories, &policy);
        base.carry_out(&tasks, Path::Single);
        let mut now = end(&tasks);
        for (nth, days) in nights.into_iter().enumerate() {
            now = days_after(now, days);
            let before = base.all();
            base.run_due(now, Path::Single, &format!("night {nth}"));
            for ((before, _), (after, journal)) in before.iter().zip(base.all()) {
                if !after.is_admitted() {
                    continue;
                }
                let book = base.books.latest();
                prop_assert!(after.next_review_at(book).is_none_or(|due| due > now));
                prop_assert_eq!(is_with_us(after.stage()), after.next_review_at(book).is_some());
                let new = &journal[usize::try_from(before.revision()).unwrap()..];
                let made = reviews(new).count();
                prop_assert!(made <= 1);
                if !is_with_us(after.stage()) {
                    prop_assert_eq!(made, 0);
                }
                // What is the same as before has its beginning from before.
                let both = before.reviews().last().zip(after.reviews().last());
                if let Some((old, new)) = both {
                    let tiers = old.tier.zip(new.tier);
                    prop_assert!(tiers.is_none_or(|(old, new)| old.tier != new.tier || old == new));
                    let risks = old.risk.zip(new.risk);
                    prop_assert!(risks.is_none_or(|(old, new)| old.band != new.band || old == new));
                }
            }
        }
        base.assert_sound();
    }

    /// Once everybody was taken somewhere, taking them there again finds nobody; nor does a night before
    /// the next one wakes. A review alone touches nothing but what is remembered of reviews.
    #[test]
    fn an_idle_night_changes_nothing(
        policy in reviewing(),
        histories in vec(histories(), 1..4),
        days in 0_i64..60,
    ) {
        let base = Base::new(Rulebook::new(policy.clone(), Timestamp::MIN).unwrap().into());
        let tasks = shared(&histories, &policy);
        base.carry_out(&tasks, Path::Single);
        let now = days_after(end(&tasks), days);
        base.run_due(now, Path::Single, "first");
        let all = base.all();
        let next = all.iter().filter_map(|(one, _)| one.wake_at(&base.books)).min();
        prop_assert!(next.is_none_or(|next| next > now));
        for (path, name) in [(Path::Single, "again"), (Path::Bulk, "in bulk")] {
            prop_assert_eq!(base.count_due(now, path, name), (0, 0));
            let eve = next.unwrap_or(now).previous().max(now);
            prop_assert_eq!(base.count_due(eve, path, &format!("{name}, on the eve")), (0, 0));
        }
        prop_assert_eq!(&base.all(), &all);

        let Some(next) = next else { return Ok(()) };
        base.run_due(next, Path::Single, "next");
        for ((before, _), (after, journal)) in all.iter().zip(base.all()) {
            let entries = &journal[usize::try_from(before.revision()).unwrap()..];
            let mut events = entries.iter().flat_map(|entry| &entry.events);
            if !events.all(|event| matches!(event, Event::Reviewed(_))) {
                continue;
            }
            prop_assert_eq!(before.lifecycle(), after.lifecycle());
            prop_assert_eq!(before.purchases(), after.purchases());
            prop_assert_eq!(before.profile(), after.profile());
            prop_assert_eq!(before.advanced_to(), after.advanced_to());
            prop_assert_eq!(before.rulebook(), after.rulebook());
        }
    }

    /// Whatever comes to a customer, and however: until a new policy is in force, the old one reviews.
    #[test]
    fn a_new_policy_reviews_from_its_instant_on_by_every_path(
        (old, new) in (reviewing(), reviewing()),
        histories in vec(histories(), 1..4),
        (days, microseconds) in (0_i64..150, 0_i64..3),
        nights in vec(0_i64..50, 1..5),
    ) {
        let new = Policy { zone: old.zone, ..new };
        let start: Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
        let from = (0..microseconds).fold(days_after(start, days), |at, _| at.next());
        let first = Rulebook::new(old.clone(), Timestamp::MIN).unwrap();
        let books = Rulebooks::from(first).with_next(Rulebook::new(new, from).unwrap()).unwrap();
        let tasks = shared(&histories, &old);
        let [single, bulk] = [Path::Single, Path::Bulk].map(|path| {
            let base = Base::new(books.clone());
            base.carry_out(&tasks, path);
            let mut now = end(&tasks);
            for (nth, days) in nights.iter().enumerate() {
                now = days_after(now, *days);
                base.run_due(now, path, &format!("night {nth}"));
            }
            base
        });
        prop_assert_eq!(single.all(), bulk.all());
        for (customer, journal) in single.all() {
            assert_judged_by_the_rulebook_in_force(&journal, &books);
            assert_reviewed_as_asked_alone(&journal, customer.id(), &books);
            let Some(advanced_to) = customer.advanced_to() else { continue };
            for at in [advanced_to, from.previous(), from, days_after(advanced_to, 90)] {
                if at < advanced_to {
                    continue;
                }
                let assessment = match customer.assess(at, &books) {
                    // A review or a person's word is as of a later instant.
                    Err(DecideError::AlreadyDecided { .. }) => continue,
                    answer => answer.unwrap(),
                };
                let in_force = books.in_force_at(at).ids();
                prop_assert_eq!(assessment.tier.ids, in_force);
                prop_assert_eq!(assessment.risk.ids, in_force);
                prop_assert_eq!(assessment.stage.ids, in_force);
            }
        }
        single.assert_sound();
    }

    /// A run up to an instant that a customer is ahead of does not take it back: not to an earlier
    /// rulebook, and not to an earlier review.
    #[test]
    fn a_run_that_lags_behind_reviews_nobody_in_the_past(
        (old, new) in (reviewing(), reviewing()),
        histories in vec(histories(), 1..4),
        days in 0_i64..150,
        lag in 0_i64..60,
    ) {
        let new = Policy { zone: old.zone, ..new };
        let from = days_after("2024-01-01T00:00:00Z".parse().unwrap(), days);
        let first = Rulebook::new(old.clone(), Timestamp::MIN).unwrap();
        let books = Rulebooks::from(first).with_next(Rulebook::new(new, from).unwrap()).unwrap();
        let tasks = shared(&histories, &old);
        let base = Base::new(books.clone());
        base.carry_out(&tasks, Path::Single);
        let before = base.all();
        base.run_due(days_after(end(&tasks), -lag), Path::Single, "late");
        for ((before, _), (after, journal)) in before.iter().zip(base.all()) {
            assert_judged_by_the_rulebook_in_force(&journal, &books);
            let new = &journal[usize::try_from(before.revision()).unwrap()..];
            for review in reviews(new) {
                prop_assert!(Some(review.at) >= before.advanced_to());
                prop_assert!(Some(review.at) > before.reviews().last().map(|last| last.at));
            }
            prop_assert!(after.advanced_to() >= before.advanced_to());
        }
    }

    /// A person's word on a tier wakes the customer when it ends, and is gone then.
    #[test]
    fn an_override_that_ends_wakes_the_customer(
        policy in policies(),
        histories in vec(histories(), 1..4),
    ) {
        let base = Base::new(Rulebook::new(policy.clone(), Timestamp::MIN).unwrap().into());
        let tasks = shared(&histories, &policy);
        base.carry_out(&tasks, Path::Single);
        let now = end(&tasks);
        let overridden: Vec<_> = base
            .all()
            .into_iter()
            .filter_map(|(one, _)| Some((*one.reviews().tier_override()?, one)))
            .collect();
        for (word, one) in &overridden {
            prop_assert!(one.wake_at(&base.books).is_some_and(|wakes| wakes <= word.until));
            prop_assert_eq!(base.index(one.id()).tier, Some(word.tier));
        }
        for (nth, (word, one)) in overridden.into_iter().enumerate() {
            base.run_due(word.until.max(now), Path::Single, &format!("end {nth}"));
            let after = block_on(base.crm().customer(one.id())).unwrap().unwrap();
            prop_assert_eq!(after.reviews().tier_override(), None);
            let reviewed = after.reviews().last().and_then(|review| review.tier);
            prop_assert_eq!(base.index(one.id()).tier, reviewed.map(|reviewed| reviewed.tier));
            let journal = block_on(base.crm().history(one.id())).unwrap();
            let expired = Event::Tier(TierEvent::Expired { at: word.until });
            let count = journal.iter().flat_map(|entry| &entry.events).filter(|it| **it == expired);
            prop_assert!(count.count() >= 1);
        }
    }
}

/// Reviews every thirty days, and losses only where they are wanted.
fn monthly(lapse: Mode) -> Policy {
    let mut policy = Policy { review_every_days: Some(30), ..short() };
    policy.lifecycle.lapse.mode = lapse;
    policy
}

/// Four customers of very different spend, known since the first of January, and what they say.
fn four(policy: Policy) -> (Base, [CustomerId; 4]) {
    let mut base = Base::new(Rulebook::new(policy, Timestamp::MIN).unwrap().into());
    let ids = [0, 1, 2, 3].map(customer);
    fill(&base.crm());
    base.calibrate(midnight("01-10"));
    (base, ids)
}

fn fill(crm: &Crm<&MemoryStore>) {
    for nth in 0..4 {
        for day in 1..=9 - 2 * nth {
            let at = noon(&format!("01-{day:02}"));
            let context = context(at, &format!("{nth} {day}"));
            block_on(crm.execute(customer(nth), &order(at), &context)).unwrap();
        }
    }
}

fn tier_of(base: &Base, id: CustomerId) -> Option<Tier> {
    base.index(id).tier
}

#[test]
fn a_new_calibration_is_used_by_answers_at_once_and_by_records_from_the_next_review() {
    let (base, ids) = four(monthly(Mode::Off));
    assert_eq!(tier_of(&base, ids[0]), None);
    let at = midnight("01-10");
    let told = block_on(base.crm().assess(ids[0], at)).unwrap().unwrap();
    assert_eq!(told.tier.value.tier.value(), Some(Tier::A));
    // Measured later, it says nothing about the past.
    let told = block_on(base.crm().assess(ids[0], at.previous())).unwrap().unwrap();
    assert_eq!(told.tier.value.tier.value(), None);
    // Nobody is swept for it; a review on request is.
    assert_eq!(base.count_due(at, Path::Single, "sweep").1, 0);
    block_on(base.crm().execute(ids[0], &Command::Review, &context(at, "review"))).unwrap();
    assert_eq!(tier_of(&base, ids[0]), Some(Tier::A));
    assert_eq!(tier_of(&base, ids[1]), None);
}

#[test]
fn two_handles_agree_once_the_other_has_refreshed() {
    let store = MemoryStore::default();
    let first = Rulebook::new(monthly(Mode::Off), Timestamp::MIN).unwrap();
    let open = || block_on(Crm::open(&store, shop(), first.clone())).unwrap();
    let (mut crm, mut other) = (open(), open());
    fill(&crm);
    let at = midnight("01-10");
    let told = |crm: &Crm<&MemoryStore>| {
        [0, 1, 2, 3].map(|nth| block_on(crm.assess(customer(nth), at)).unwrap().unwrap())
    };
    let before = told(&other);
    let calibration = block_on(crm.calibrate(at)).unwrap();
    block_on(crm.adopt_calibration(calibration.clone())).unwrap();
    block_on(crm.adopt_calibration(calibration.clone())).unwrap();
    assert_eq!(crm.books().calibrations().count(), 1);
    assert_eq!(told(&other), before);
    assert_ne!(told(&crm), before);
    block_on(other.refresh()).unwrap();
    assert_eq!(told(&other), told(&crm));
    assert_eq!(told(&open()), told(&crm));
    // Adopting a rulebook keeps what is known of the base, here and there.
    let next = Rulebook::new(short(), midnight("06-01")).unwrap();
    block_on(other.adopt(next)).unwrap();
    assert_eq!(other.books().calibrations().collect::<Vec<_>>(), [&calibration]);
    block_on(crm.refresh()).unwrap();
    assert_eq!(crm.books(), other.books());
    assert_eq!(&open().books().clone(), other.books());
}

/// Another handle has calibrations that this one lacks; both go on with those of both.
#[test]
fn handles_without_kept_rulebooks_share_calibrations_too() {
    let (base, _) = four(monthly(Mode::Off));
    let policy = base.books.latest().clone();
    let mut other = Crm::new(&base.store, shop(), Rulebooks::from(policy));
    assert_eq!(other.books().calibrations().count(), 0);
    block_on(other.refresh()).unwrap();
    assert_eq!(other.books(), &base.books);
}

#[test]
fn a_handle_uses_the_newest_calibrations_and_the_store_keeps_all() {
    let store = MemoryStore::default();
    let first = Rulebook::new(short(), Timestamp::MIN).unwrap();
    let mut crm = block_on(Crm::open(&store, shop(), first.clone())).unwrap();
    let count = i64::try_from(CALIBRATIONS_MAX).unwrap() + 6;
    let all: Vec<Calibration> = (0..count)
        .map(|days| block_on(crm.calibrate(days_after(midnight("01-01"), days))).unwrap())
        .collect();
    // The newest not last.
    for calibration in all[3..].iter().chain(&all[..3]) {
        block_on(crm.adopt_calibration(calibration.clone())).unwrap();
    }
    let newest: Vec<_> = all[6..].iter().collect();
    assert_eq!(crm.books().calibrations().collect::<Vec<_>>(), newest);
    let opened = block_on(Crm::open(&store, shop(), first)).unwrap();
    assert_eq!(opened.books(), crm.books());
    for calibration in &all {
        let kept = block_on(store.calibration(shop(), calibration.id())).unwrap().unwrap();
        assert_eq!(kept.decode().unwrap(), *calibration);
    }
}

/// A succession that is opened with calibrations is kept with them.
#[test]
fn what_a_first_succession_knows_of_the_base_is_kept() {
    let (base, ids) = four(monthly(Mode::Off));
    let store = MemoryStore::default();
    let crm = block_on(Crm::open(&store, shop(), base.books.clone())).unwrap();
    assert_eq!(crm.books(), &base.books);
    let rulebook = base.books.latest().clone();
    let opened = block_on(Crm::open(&store, shop(), rulebook)).unwrap();
    assert_eq!(opened.books(), &base.books);
    assert!(block_on(opened.customer(ids[0])).unwrap().is_none());
}

#[test]
fn a_calibration_that_was_not_taken_when_it_says_is_refused() {
    let (base, _) = four(monthly(Mode::Off));
    let calibration = base.books.calibrations().next().unwrap();
    let mut stored = StoredCalibration::from(calibration);
    assert_eq!(stored.decode().unwrap(), *calibration);
    stored.taken_at = stored.taken_at.next();
    let store = MemoryStore::default();
    block_on(store.keep_calibration(shop(), stored)).unwrap();
    let first = base.books.latest().clone();
    let refused = block_on(Crm::open(&store, shop(), first));
    assert!(matches!(refused, Err(CrmError::Store(_))), "{refused:?}");
}

#[test]
fn a_customer_that_is_gone_is_not_reviewed_any_more() {
    let (base, ids) = four(monthly(Mode::Apply));
    // Silent for more than ten days, everybody is lost before the first review is due.
    base.run_due(midnight("12-01"), Path::Single, "winter");
    for id in ids {
        let index = base.index(id);
        assert_eq!((index.stage, index.reviewed_at), (Stage::Lost, None));
        assert_eq!(index.wake_at, None);
    }
    // Back again, it is due at once.
    let at = noon("12-02");
    block_on(base.crm().execute(ids[0], &order(at), &context(at, "back"))).unwrap();
    assert!(base.index(ids[0]).wake_at.is_some_and(|wake_at| wake_at <= at));
    assert_eq!(base.count_due(at, Path::Single, "night"), (1, 1));
    assert_eq!(base.index(ids[0]).reviewed_at, Some(at));
}

#[test]
fn a_word_on_a_tier_stands_in_its_column_until_it_ends() {
    let (base, ids) = four(monthly(Mode::Off));
    let (at, until) = (midnight("01-10"), midnight("01-12"));
    let word = TierCommand::Override { tier: Tier::C, until, reason: OverrideReason::Dispute };
    block_on(base.crm().execute(ids[0], &Command::Review, &context(at, "review"))).unwrap();
    block_on(base.crm().execute(ids[0], &word.into(), &context(at, "word"))).unwrap();
    assert_eq!(tier_of(&base, ids[0]), Some(Tier::C));
    assert_eq!(base.index(ids[0]).wake_at, Some(until));
    assert_eq!(base.count_due(until.previous(), Path::Single, "eve"), (0, 0));
    assert_eq!(base.count_due(until, Path::Single, "end"), (1, 1));
    assert_eq!(tier_of(&base, ids[0]), Some(Tier::A));
    base.assert_sound();
}

/// However many schedulers come, whether under one id or each under its own: one review each.
#[test]
fn schedulers_that_race_review_once() {
    let (single, _) = four(monthly(Mode::Off));
    let now = midnight("01-31");
    single.run_due(now, Path::Single, "alone");
    for round in 0..20 {
        let (base, ids) = four(monthly(Mode::Off));
        let barrier = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for nth in 0..4_usize {
                let (base, barrier) = (&base, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    let path = [Path::Single, Path::Bulk][nth % 2];
                    base.run_due(now, path, &format!("{round} {}", nth / 2));
                });
            }
        });
        for id in ids {
            let journal = |base: &Base| {
                let journal = block_on(base.crm().history(id)).unwrap();
                journal.into_iter().map(|entry| entry.events).collect::<Vec<_>>()
            };
            assert_eq!(journal(&base), journal(&single));
            assert_eq!(base.index(id), single.index(id));
        }
        base.assert_sound();
    }
}

/// A run that was cut off and is taken up again, under the same id, makes nothing twice.
#[test]
fn a_sweep_taken_up_again_makes_nothing_twice() {
    let (base, ids) = four(monthly(Mode::Off));
    let now = midnight("01-31");
    let page = PageSize::new(2).unwrap();
    let first = block_on(base.crm().run_due(now, None, page, &context(now, "sweep"))).unwrap();
    assert_eq!(first.seen, 2);
    base.run_due(now, Path::Single, "sweep");
    base.run_due(now, Path::Bulk, "sweep");
    for id in ids {
        let journal = block_on(base.crm().history(id)).unwrap();
        let runs = journal.iter().filter(|entry| entry.recorded_at == now);
        assert_eq!(runs.count(), 1);
    }
    // A command that was carried out is answered with what it did, whatever it finds now.
    let again = block_on(base.crm().advance(ids[0], now, &context(now, "other"))).unwrap();
    assert_eq!(again, Executed::Unchanged);
}
