//! Whatever is done to both, the file answers as the store in memory does.

use std::fmt::Debug;

use guanxi::crm::Job;
use guanxi::profile::{Party, Person, ProfileCommand};
use guanxi::store::sqlite::{Durability, SqliteOptions, SqliteStore};
use guanxi::store::{
    Agenda, Archive, Bulk, Erase, Inspect, MemoryStore, PageSize, Scan, Stored, Waking,
};
use guanxi::tier::{OverrideReason, Tier, TierCommand};
use guanxi::{
    Command, CommandId, Crm, Currency, CustomerId, Policy, Rulebook, TenantId, Timestamp,
};
use proptest::collection::vec;
use proptest::prelude::*;

use super::base::{Folder, context, customer, key, link, order, run, shop};

#[derive(Debug, Clone)]
enum Act {
    Order {
        who: u8,
    },
    Link {
        who: u8,
        key: u8,
    },
    Unlink {
        who: u8,
        key: u8,
    },
    Name {
        who: u8,
        length: usize,
    },
    Erase {
        who: u8,
    },
    Review {
        who: u8,
    },
    /// For so many days.
    Override {
        who: u8,
        days: i64,
    },
    /// A rulebook of its own, in force from now on.
    Adopt,
    Calibrate,
    RunDue,
    Together(Vec<Act>),
    /// An earlier command again: its place, and whether with other content.
    Again {
        back: usize,
        other: bool,
    },
}

fn acts() -> impl Strategy<Value = Act> {
    let who = 0_u8..5;
    let key = 0_u8..4;
    let single = prop_oneof![
        6 => who.clone().prop_map(|who| Act::Order { who }),
        3 => (who.clone(), key.clone()).prop_map(|(who, key)| Act::Link { who, key }),
        1 => (who.clone(), key).prop_map(|(who, key)| Act::Unlink { who, key }),
        2 => (who.clone(), 1_usize..400).prop_map(|(who, length)| Act::Name { who, length }),
        1 => who.clone().prop_map(|who| Act::Erase { who }),
        1 => who.clone().prop_map(|who| Act::Review { who }),
        1 => (who, 1_i64..30).prop_map(|(who, days)| Act::Override { who, days }),
    ];
    prop_oneof![
        10 => single.clone(),
        1 => Just(Act::Adopt),
        1 => Just(Act::Calibrate),
        2 => Just(Act::RunDue),
        2 => vec(single, 1..6).prop_map(Act::Together),
        2 => (0_usize..6, any::<bool>()).prop_map(|(back, other)| Act::Again { back, other }),
    ]
}

/// Noon, so many days after the first of 2026; an act has ten days to itself, enough for a lapse now
/// and then.
fn day(days: usize) -> Timestamp {
    let start: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
    start.saturating_add_seconds(i64::try_from(days).unwrap() * 864_000)
}

fn policy(floor_days: u16) -> Policy {
    let mut policy = Policy::new(Currency::USD);
    let lapse = &mut policy.lifecycle.lapse;
    (lapse.floor_days, lapse.ceiling_days, lapse.without_cadence_days) = (10, 90, floor_days);
    policy
}

trait Whole: Bulk + Scan + Agenda + Archive + Erase + Inspect {}
impl<S: Bulk + Scan + Agenda + Archive + Erase + Inspect> Whole for S {}

/// One shop on one store, and what was asked of it.
struct Side<S> {
    crm: Crm<S>,
    jobs: Vec<Job>,
    adopted: u16,
}

impl<S: Whole> Side<S> {
    async fn new(store: S, tenant: TenantId) -> Self {
        let first = Rulebook::new(policy(30), Timestamp::MIN).unwrap();
        let crm = Crm::open(store, tenant, first).await.unwrap();
        Self { crm, jobs: Vec::new(), adopted: 0 }
    }

    fn job(&mut self, act: &Act, at: Timestamp) -> Option<Job> {
        let (who, command): (u8, Command) = match act {
            Act::Order { who } => (*who, order(at)),
            Act::Link { who, key } => (*who, link(&key.to_string())),
            Act::Unlink { who, key: text } => {
                (*who, ProfileCommand::UnlinkKey(key(&text.to_string())).into())
            }
            Act::Name { who, length } => {
                let person = Person::new("张".repeat(length / 3 + 1)).unwrap();
                (*who, ProfileCommand::Identify(Party::Person(person)).into())
            }
            Act::Erase { who } => (*who, ProfileCommand::Erase.into()),
            Act::Review { who } => (*who, Command::Review),
            Act::Override { who, days } => {
                let until = at.saturating_add_seconds(days * 86_400);
                let reason = OverrideReason::Potential;
                (*who, TierCommand::Override { tier: Tier::B, until, reason }.into())
            }
            Act::Adopt | Act::Calibrate | Act::RunDue | Act::Together(_) | Act::Again { .. } => {
                return None;
            }
        };
        let name = format!("{}", self.jobs.len());
        let job = Job::new(customer(&who.to_string()), command, context(at, &name));
        self.jobs.push(job.clone());
        Some(job)
    }

    /// Does it, and tells what was answered.
    async fn act(&mut self, act: &Act, at: Timestamp) -> String {
        match act {
            Act::Adopt => {
                self.adopted += 1;
                let book = Rulebook::new(policy(30 + self.adopted), at).unwrap();
                told(&self.crm.adopt(book).await)
            }
            Act::Calibrate => {
                let calibration = self.crm.calibrate(at).await.unwrap();
                told(&self.crm.adopt_calibration(calibration).await)
            }
            Act::RunDue => {
                let now = context(at, &format!("run {at}"));
                let (mut all, mut after) = (String::new(), None);
                loop {
                    let size = PageSize::new(2).unwrap();
                    let run = self.crm.run_due(at, after, size, &now).await.unwrap();
                    all += &format!("{} {} {:?};", run.changed, run.seen, run.next);
                    after = run.next;
                    if after.is_none() {
                        return all;
                    }
                }
            }
            Act::Together(acts) => {
                let jobs: Vec<Job> = acts.iter().filter_map(|act| self.job(act, at)).collect();
                let answers = self.crm.execute_many(&jobs).await.unwrap();
                answers.iter().map(told).collect()
            }
            Act::Again { back, other } => {
                let place = self.jobs.len().checked_sub(back + 1);
                let Some(mut job) = place.map(|place| self.jobs[place].clone()) else {
                    return String::new();
                };
                if *other {
                    job.command = link("other");
                }
                self.one(&job).await
            }
            Act::Order { .. }
            | Act::Link { .. }
            | Act::Unlink { .. }
            | Act::Name { .. }
            | Act::Review { .. }
            | Act::Override { .. }
            | Act::Erase { .. } => {
                let job = self.job(act, at).unwrap();
                self.one(&job).await
            }
        }
    }

    async fn one(&self, Job { id, command, context, .. }: &Job) -> String {
        match command {
            Command::Profile(ProfileCommand::Erase) => told(&self.crm.erase(*id, context).await),
            _ => told(&self.crm.execute(*id, command, context).await),
        }
    }

    /// Everything that the store tells, in a form that can be compared.
    async fn everything(&self, until: Timestamp) -> Vec<String> {
        let (store, tenant) = (self.crm.store(), shop());
        let ids: Vec<CustomerId> = (0..7).map(|who| customer(&who.to_string())).collect();
        let mut all = Vec::new();
        for id in &ids {
            all.push(format!("{:?}", store.load(tenant, *id).await.unwrap().map(sorted)));
            let mut after = 0;
            loop {
                let size = PageSize::new(3).unwrap();
                let page = store.history(tenant, *id, after, size).await.unwrap();
                let Some(last) = page.last() else { break };
                assert!(page[0].revision > after, "a page begins before its cursor");
                after = last.revision;
                all.push(format!(
                    "{:?}",
                    page.iter().map(|entry| entry.decode()).collect::<Vec<_>>()
                ));
            }
            let mut inspection = store.inspect(tenant, *id).await.unwrap();
            inspection.iter_mut().for_each(|inspection| inspection.claims.sort());
            let claims = inspection.iter().flat_map(|found| &found.claims);
            let claims: Vec<&str> = claims.map(|claim| claim.key()).collect();
            all.push(format!("{inspection:?} {claims:?}"));
        }
        let asked = [&ids[..], &ids[2..4]].concat();
        let loaded = store.load_many(tenant, &asked).await.unwrap();
        all.extend(loaded.into_iter().map(|stored| format!("{:?}", stored.map(sorted))));
        all.push(format!("{:?}", store.load_many(tenant, &[]).await.unwrap()));
        for name in 0..4 {
            all.push(format!("{:?}", store.holder(tenant, &key(&name.to_string())).await.unwrap()));
        }
        let commands: Vec<CommandId> = self
            .jobs
            .iter()
            .map(|job| job.context.command_id)
            .chain([CommandId::derive("", "")])
            .collect();
        let receipts = store.receipts(tenant, &commands).await.unwrap();
        for (command, together) in commands.iter().zip(&receipts) {
            assert_eq!(&store.receipt(tenant, *command).await.unwrap(), together);
        }
        all.push(format!(
            "{:?}",
            receipts
                .iter()
                .map(|it| it
                    .as_ref()
                    .map(|it| (&it.receipt, it.fingerprint.map(|it| *it.as_bytes()))))
                .collect::<Vec<_>>()
        ));
        for rows in [1, 2, 1_000] {
            all.extend(pages(&self.crm, until, PageSize::new(rows).unwrap()).await);
        }
        all.push(format!("{:?}", store.rulebooks(tenant).await.unwrap()));
        for rows in [1, 3, 1_000] {
            let newest = PageSize::new(rows).unwrap();
            let kept = store.calibrations(tenant, newest).await.unwrap();
            for calibration in &kept {
                let found = store.calibration(tenant, calibration.id()).await.unwrap();
                assert_eq!(found.as_ref(), Some(calibration));
            }
            all.push(format!("{kept:?}"));
        }
        let verification = self.crm.verify().await.unwrap();
        assert!(verification.is_sound(), "{:?}", verification.flaws);
        all
    }
}

fn sorted(mut stored: Stored) -> (u64, Vec<(String, u16, String)>) {
    stored.parts.sort_by_key(|part| part.name);
    let text = |document| String::from_utf8(document).unwrap();
    let parts = stored.parts.into_iter();
    (
        stored.revision,
        parts.map(|part| (part.name.to_string(), part.schema, text(part.document))).collect(),
    )
}

/// The scan, and the agenda for several ends and rulebooks, page after page.
async fn pages<S: Whole>(crm: &Crm<S>, until: Timestamp, size: PageSize) -> Vec<String> {
    let (store, mut all, mut after) = (crm.store(), Vec::new(), None);
    loop {
        let page = store.scan(shop(), after, size).await.unwrap();
        let Some((last, _)) = page.last() else { break };
        assert!(Some(page[0].0) > after, "a page begins before its cursor");
        after = Some(*last);
        all.extend(page.into_iter().map(|(id, stored)| format!("{id} {:?}", sorted(stored))));
    }
    let unknown = Rulebook::new(policy(77), until).unwrap();
    let books: Vec<&Rulebook> = crm.books().iter().chain([&unknown]).collect();
    for book in books {
        for until in
            [Timestamp::MIN, until, until.saturating_add_seconds(5_000_000), Timestamp::MAX]
        {
            let mut after: Option<Waking> = None;
            loop {
                let due = store.due(shop(), until, book.reference(), after, size).await.unwrap();
                assert!(after.is_none() || due.first().copied() > after || due.is_empty());
                after = due.last().copied();
                all.push(format!("{due:?}"));
                if due.len() < size.rows() {
                    break;
                }
            }
        }
    }
    all
}

fn told<T: Debug, E: std::fmt::Display>(answer: &Result<T, E>) -> String {
    match answer {
        Ok(answer) => format!("{answer:?}"),
        Err(error) => error.to_string(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_file_answers_as_memory_does(acts in vec(acts(), 1..40)) {
        let folder = Folder::new("model");
        run(async {
            let file = SqliteOptions::new(folder.file()).with_durability(Durability::Process);
            let file: SqliteStore = file.open().await.unwrap();
            let memory = MemoryStore::default();
            // The same ids under another tenant, which must never be seen.
            let neighbour = TenantId::derive("neighbour");
            let beside = Side::new(&file, neighbour).await;
            let at = day(0);
            for who in 0..5 {
                let id = customer(&who.to_string());
                let linked = link(&who.to_string());
                beside.crm.execute(id, &linked, &context(at, &who.to_string())).await.unwrap();
                beside.crm.execute(id, &order(at), &context(at, &format!("{who} order"))).await.unwrap();
            }
            let mut left = Side::new(&file, shop()).await;
            let mut right = Side::new(&memory, shop()).await;
            for (nth, act) in acts.iter().enumerate() {
                let answer = left.act(act, day(nth)).await;
                prop_assert_eq!(answer, right.act(act, day(nth)).await);
            }
            let until = day(acts.len());
            let (left, right) = (left.everything(until).await, right.everything(until).await);
            for (left, right) in left.iter().zip(&right) {
                prop_assert_eq!(left, right);
            }
            prop_assert_eq!(left.len(), right.len());
            Ok(())
        })?;
    }
}
