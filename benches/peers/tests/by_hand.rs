//! The store by hand keeps the promises of `guanxi`'s own, on the same tables.
//!
//! A benchmark of a peer that promises less, or writes other rows, compares nothing.

use std::path::{Path, PathBuf};

use guanxi::lifecycle::Mode;
use guanxi::profile::{ExternalKey, ProfileCommand};
use guanxi::store::sqlite::{Durability, SqliteStore};
use guanxi::store::{
    Accepted, Commit, CommitError, PageSize, Receipt, Stored, StoredEntry, Waking,
};
use guanxi::{Actor, CommandId, Context, CustomerId, Timestamp};
use guanxi_peers::base::Base;
use guanxi_peers::commits::Maker;
use guanxi_peers::contender::Contender;
use guanxi_peers::ours::{self, Ask};
use guanxi_peers::sqlx_by_hand::ByHand;
use sqlx::{Connection, SqliteConnection};

type Answers = Vec<Result<Receipt, CommitError>>;

/// A new file for each test and store.
fn new_file(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("by_hand").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::create_dir_all(&folder).unwrap();
    folder.join("crm.db")
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(future)
}

fn profile(customer: usize, command: ProfileCommand, number: usize) -> Ask {
    let command_id = CommandId::derive("profiles", &number.to_string());
    let now: Timestamp = "1999-01-01T00:00:00Z".parse().unwrap();
    Ask { customer, command: command.into(), context: Context::new(now, Actor::System, command_id) }
}

fn key(key: &str) -> ExternalKey {
    ExternalKey::new("shop", key).unwrap()
}

/// Orders of some customers, keys taken and given up, and a profile that is empty again.
fn asks(base: &Base) -> Vec<Ask> {
    let mut asks: Vec<Ask> =
        ours::asks(base).into_iter().filter(|ask| ask.customer < 100).collect();
    let profiles = [
        (0, ProfileCommand::LinkKey(key("C-0"))),
        (1, ProfileCommand::LinkKey(key("C-1"))),
        (0, ProfileCommand::UnlinkKey(key("C-0"))),
        (2, ProfileCommand::LinkKey(key("C-0"))),
    ];
    let profiles = profiles.into_iter().enumerate();
    asks.extend(profiles.map(|(number, (customer, command))| profile(customer, command, number)));
    asks
}

fn commits(base: &Base) -> Vec<Commit> {
    let (ids, maker) = (ours::ids(base), Maker::default());
    asks(base).iter().map(|ask| maker.make(ids[ask.customer], ask)).collect()
}

/// Carries out some commits alone and the others together, then some again.
async fn carry_out<S: Contender>(file: &Path, commits: &[Commit]) -> Answers {
    let store = S::open_file(file, Durability::Process).await.unwrap();
    let mut answers = Vec::new();
    let (alone, together) = commits.split_at(commits.len() / 2);
    for commit in alone {
        answers.push(store.commit(ours::tenant(), commit.clone()).await);
    }
    answers.extend(store.commit_many(ours::tenant(), together.to_vec()).await.unwrap());
    store.close_file().await;
    answers
}

/// The rows of a table that are in only one of two files.
async fn differences(one: &Path, other: &Path) -> Vec<(String, i64, i64)> {
    const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    let mut connection = SqliteConnection::connect(&one.display().to_string()).await.unwrap();
    let attach = sqlx::query("ATTACH ? AS other").bind(other.display().to_string());
    attach.execute(&mut connection).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut connection).await.unwrap();
    let mut differences = Vec::new();
    for table in tables {
        let only = |one, other| {
            sqlx::AssertSqlSafe(format!(
                "SELECT count(*) FROM (SELECT * FROM {one}.{table} EXCEPT SELECT * FROM {other}.{table})"
            ))
        };
        let here = sqlx::query_scalar(only("main", "other")).fetch_one(&mut connection).await;
        let there = sqlx::query_scalar(only("other", "main")).fetch_one(&mut connection).await;
        differences.push((table, here.unwrap(), there.unwrap()));
    }
    connection.close().await.unwrap();
    differences
}

#[test]
fn both_leave_the_same_rows() {
    let commits = commits(&Base::cdnow());
    let (ours, theirs) = (new_file("rows-guanxi"), new_file("rows-by-hand"));
    run(async {
        let answers = carry_out::<SqliteStore>(&ours, &commits).await;
        let by_hand = carry_out::<ByHand>(&theirs, &commits).await;
        assert_eq!(format!("{answers:?}"), format!("{by_hand:?}"));
        assert!(by_hand.iter().all(Result::is_ok));

        let same = |table: &str| (table.to_owned(), 0, 0);
        let tables = [
            "calibrations",
            "claims",
            "customers",
            "journal",
            "migrations",
            "parts",
            "personal_parts",
            "rulebooks",
        ];
        let tables = tables.map(|table| same(&format!("guanxi_{table}")));
        assert_eq!(differences(&ours, &theirs).await, tables);
        // One fewer, and the comparison tells.
        let fewer = new_file("rows-fewer");
        carry_out::<ByHand>(&fewer, &commits[..commits.len() - 1]).await;
        assert_ne!(differences(&ours, &fewer).await, tables);
    });
}

/// Refused by itself, and in the middle of others that are not.
async fn refusals<S: Contender>(file: &Path) -> Vec<String> {
    let base = Base::cdnow();
    let ids = ours::ids(&base);
    let orders: Vec<Ask> =
        ours::asks(&base).into_iter().filter(|ask| ask.customer == 0).take(2).collect();
    let make = |asks: &[Ask]| -> Vec<Commit> {
        let maker = Maker::default();
        asks.iter().map(|ask| maker.make(ids[ask.customer], ask)).collect()
    };
    let known = make(&orders);
    // The second order under the first one's id.
    let context = Context::new(orders[1].context.now, Actor::System, orders[0].context.command_id);
    let reused = Ask { context, ..orders[1].clone() };
    // The first order under another id: made as if it were the first one, and on top of that.
    let now = orders[0].context.now;
    let context = Context::new(now, Actor::System, CommandId::derive("refusals", "another"));
    let another = Ask { context, ..orders[0].clone() };
    let second = [orders[0].clone(), another.clone()];
    let taken = profile(1, ProfileCommand::LinkKey(key("C-0")), 0);
    let takes_again = profile(2, ProfileCommand::LinkKey(key("C-0")), 1);
    let free = profile(3, ProfileCommand::LinkKey(key("C-3")), 2);
    let cases = [
        known[0].clone(),
        known[0].clone(),
        make(&[reused]).remove(0),
        make(&[another]).remove(0),
        make(&second).remove(1),
        make(&[taken]).remove(0),
        make(&[takes_again]).remove(0),
        make(&[free]).remove(0),
        known[1].clone(),
        make(&second).remove(1),
    ];
    let store = S::open_file(file, Durability::Process).await.unwrap();
    let mut answers = Vec::new();
    for case in cases.clone() {
        answers.push(format!("{:?}", store.commit(ours::tenant(), case).await));
    }
    for answer in store.commit_many(ours::tenant(), cases.to_vec()).await.unwrap() {
        answers.push(format!("{answer:?}"));
    }
    let holder = store.holder(ours::tenant(), &key("C-0")).await;
    answers.push(format!("{holder:?}"));
    store.close_file().await;
    answers
}

#[test]
fn both_refuse_the_same() {
    run(async {
        let (ours, theirs) = (new_file("refusals-guanxi"), new_file("refusals-by-hand"));
        let answers = refusals::<SqliteStore>(&ours).await;
        assert_eq!(refusals::<ByHand>(&theirs).await, answers);
        assert!(differences(&ours, &theirs).await.iter().all(|(_, here, there)| here + there == 0));
        for wanted in ["replayed: true", "CommandReused", "Conflict", "Claimed"] {
            assert!(answers.iter().any(|answer| answer.contains(wanted)), "{wanted}: {answers:#?}");
        }
    });
}

/// Everything that a store reads. Compared as values: what is printed leaves out documents.
#[derive(PartialEq)]
struct Readings {
    pages: Vec<Vec<(CustomerId, Stored)>>,
    many: Vec<Option<Stored>>,
    each: Vec<Option<Stored>>,
    journals: Vec<Vec<StoredEntry>>,
    ever: Vec<Waking>,
    due: Vec<Vec<Waking>>,
    judged_otherwise: Vec<Waking>,
    receipts: Vec<Option<Accepted>>,
    receipt: Option<Accepted>,
}

/// Parts come in any order.
fn sorted(mut stored: Stored) -> Stored {
    stored.parts.sort_by_key(|part| part.name);
    stored
}

async fn readings<S: Contender>(file: &Path, ids: &[CustomerId]) -> Readings {
    let tenant = ours::tenant();
    let store = S::open_file(file, Durability::Process).await.unwrap();
    let size = PageSize::new(30).unwrap();

    let mut pages: Vec<Vec<(CustomerId, Stored)>> = Vec::new();
    loop {
        let last = pages.last().map(|page| page.last().unwrap().0);
        let page = store.scan(tenant, last, size).await.unwrap();
        if page.is_empty() {
            break;
        }
        pages.push(page.into_iter().map(|(id, stored)| (id, sorted(stored))).collect());
    }

    let judged_by = ours::books().latest().reference();
    let ever = store.due(tenant, Timestamp::MAX, judged_by, None, PageSize::MAX).await.unwrap();
    // Somebody wakes at that very instant.
    let until = ever[ever.len() / 2].wake_at;
    let mut due: Vec<Vec<Waking>> = Vec::new();
    loop {
        let last = due.last().map(|page| *page.last().unwrap());
        let page = store.due(tenant, until, judged_by, last, size).await.unwrap();
        if page.is_empty() {
            break;
        }
        due.push(page);
    }
    let other = ours::books_with(Mode::Apply).latest().reference();
    let judged_otherwise = store.due(tenant, Timestamp::MIN, other, None, size).await.unwrap();

    let many = store.load_many(tenant, ids).await.unwrap();
    let (mut each, mut journals) = (Vec::new(), Vec::new());
    for id in ids {
        each.push(store.load(tenant, *id).await.unwrap().map(sorted));
        journals.push(store.history(tenant, *id, 1, size).await.unwrap());
    }
    let command = |key: usize| CommandId::derive("orders", &key.to_string());
    let commands: Vec<CommandId> = (0..50).map(command).collect();
    let receipts = store.receipts(tenant, &commands).await.unwrap();
    let receipt = store.receipt(tenant, command(0)).await.unwrap();
    store.close_file().await;
    let many = many.into_iter().map(|stored| stored.map(sorted)).collect();
    Readings { pages, many, each, journals, ever, due, judged_otherwise, receipts, receipt }
}

#[test]
fn both_read_the_same() {
    let base = Base::cdnow();
    let (commits, ids, file) = (commits(&base), ours::ids(&base), new_file("reads"));
    run(async {
        carry_out::<ByHand>(&file, &commits).await;
        // Some of them are on file, some are not.
        let ids = &ids[90..110];
        let by_hand = readings::<ByHand>(&file, ids).await;
        assert!(readings::<SqliteStore>(&file, ids).await == by_hand, "they read differently");

        assert_eq!(by_hand.pages.iter().map(Vec::len).collect::<Vec<_>>(), [30, 30, 30, 10]);
        assert!(by_hand.each == by_hand.many && by_hand.each.iter().flatten().count() == 10);
        assert!(by_hand.due.len() > 1 && by_hand.judged_otherwise.len() == 30);
        assert!(by_hand.journals.iter().any(|journal| !journal.is_empty()));
        assert!(by_hand.receipt.is_some() && by_hand.receipts[0] == by_hand.receipt);
    });
}

/// The promises themselves, each by name.
mod promises {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use guanxi::store::StoreError;
    use guanxi::store::conformance::{self, Harness, Reopen};
    use guanxi::store::sqlite::Durability;
    use guanxi_peers::sqlx_by_hand::ByHand;

    use super::{new_file, run};

    struct Files;

    impl Harness for Files {
        type Store = ByHand;
        type Guard = PathBuf;

        async fn open(&self) -> Result<(PathBuf, ByHand), StoreError> {
            static COUNT: AtomicUsize = AtomicUsize::new(0);
            let file = new_file(&format!("promise-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
            let store = ByHand::open(&file, Durability::Process).await?;
            Ok((file, store))
        }

        fn block_on<F>(&self, future: F) -> F::Output
        where
            F: Future + Send,
            F::Output: Send,
        {
            run(future)
        }

        fn run_id(&self) -> String {
            "every file is new".to_owned()
        }
    }

    impl Reopen for Files {
        async fn reopen(&self, file: &PathBuf, store: ByHand) -> Result<ByHand, StoreError> {
            store.close().await;
            ByHand::open(file, Durability::Process).await
        }
    }

    conformance::tests! {
        harness: Files,
        groups: [customers, bulk, reopening],
    }
}
