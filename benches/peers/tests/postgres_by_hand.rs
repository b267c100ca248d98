//! The stores by hand keep the promises of `guanxi`'s own PostgreSQL store, on the same tables.
//!
//! A benchmark of a peer that promises less, or writes other rows, compares nothing. Without a server nothing
//! is tested, and that is said loudly.

use std::sync::LazyLock;

use guanxi::profile::{ExternalKey, ProfileCommand};
use guanxi::store::postgres::PostgresStore;
use guanxi::store::{Bulk, Commit, CommitError, Feed, FeedEntry, PageSize, Receipt, Scan};
use guanxi::{Actor, CommandId, Context, CustomerId, Timestamp};
use guanxi_peers::base::Base;
use guanxi_peers::commits::Maker;
use guanxi_peers::database::Database;
use guanxi_peers::ours::{self, Ask};
use guanxi_peers::postgres_by_hand::{ByHand, Way};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// The server, if there is one.
static SERVER: LazyLock<Option<Database>> = LazyLock::new(|| RUNTIME.block_on(Database::find()));

const WAYS: [Way; 2] = [Way::ReadsFirst, Way::Guarded];

/// A schema of a test's own. It stays for a look at it, until the next run makes it anew; so two runs
/// at the same time need two databases.
fn schema(name: &str) -> String {
    format!("guanxi_peers_{name}")
}

fn on_server(test: impl AsyncFnOnce(&Database)) {
    if let Some(database) = SERVER.as_ref() {
        RUNTIME.block_on(test(database));
    }
}

async fn ours(database: &Database, name: &str) -> PostgresStore {
    PostgresStore::open(database.pool_in(&schema(name)).await).await.unwrap()
}

async fn by_hand(database: &Database, name: &str, way: Way) -> ByHand {
    ByHand::open(database, &schema(name), way).await
}

fn profile(customer: usize, command: ProfileCommand, number: usize) -> Ask {
    let command_id = CommandId::derive("profiles", &number.to_string());
    let now: Timestamp = "1999-01-01T00:00:00Z".parse().unwrap();
    Ask { customer, command: command.into(), context: Context::new(now, Actor::System, command_id) }
}

fn key(key: &str) -> ExternalKey {
    ExternalKey::new("shop", key).unwrap()
}

/// Keys taken and given up, and a profile that is empty again; then orders of some customers.
fn commits(base: &Base) -> Vec<Commit> {
    let profiles = [
        (0, ProfileCommand::LinkKey(key("C-0"))),
        (1, ProfileCommand::LinkKey(key("C-1"))),
        (0, ProfileCommand::UnlinkKey(key("C-0"))),
        (2, ProfileCommand::LinkKey(key("C-0"))),
    ];
    let profiles = profiles.into_iter().enumerate();
    let profiles = profiles.map(|(number, (customer, command))| profile(customer, command, number));
    let orders = ours::asks(base).into_iter().filter(|ask| ask.customer < 100);
    let (ids, maker) = (ours::ids(base), Maker::default());
    profiles.chain(orders).map(|ask| maker.make(ids[ask.customer], &ask)).collect()
}

/// Carries out some commits alone and the others together.
async fn carry_out<S: Bulk>(store: &S, commits: &[Commit]) -> Vec<Result<Receipt, CommitError>> {
    let mut answers = Vec::new();
    let (alone, together) = commits.split_at(commits.len() / 2);
    for commit in alone {
        answers.push(store.commit(ours::tenant(), commit.clone()).await);
    }
    answers.extend(store.commit_many(ours::tenant(), together.to_vec()).await.unwrap());
    answers
}

/// The rows of each table that are in only one of two schemas. Of places in the feed only the order
/// compares: they are numbers of transactions.
async fn differences(database: &Database, one: &str, other: &str) -> Vec<(String, i64)> {
    const TABLES: &str = "
        SELECT table_name::text, string_agg(CASE column_name
            WHEN 'position' THEN '(dense_rank() OVER (ORDER BY position))::text'
            ELSE format('%I::text', column_name) END, ', ' ORDER BY ordinal_position)
        FROM information_schema.columns WHERE table_schema = $1 GROUP BY 1 ORDER BY 1";
    let mut connection = PgConnection::connect_with(&database.options()).await.unwrap();
    let tables: Vec<(String, String)> =
        sqlx::query_as(TABLES).bind(one).fetch_all(&mut connection).await.unwrap();
    let mut differences = Vec::new();
    for (table, columns) in tables {
        let rows = |schema: &str| format!("(SELECT {columns} FROM {schema}.{table})");
        let (one, other) = (rows(one), rows(other));
        let query = format!(
            "SELECT count(*) FROM (({one} EXCEPT {other}) UNION ALL ({other} EXCEPT {one})) AS lonely"
        );
        let count = sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&mut connection).await;
        differences.push((table, count.unwrap()));
    }
    connection.close().await.unwrap();
    differences
}

#[test]
fn all_leave_the_same_rows() {
    let commits = commits(&Base::cdnow());
    on_server(async |database| {
        let store = ours(database, "rows_guanxi").await;
        let answers = carry_out(&store, &commits).await;
        assert!(answers.iter().all(Result::is_ok));
        for (way, name) in WAYS.into_iter().zip(["rows_reads_first", "rows_guarded"]) {
            let store = by_hand(database, name, way).await;
            let by_hand = carry_out(&store, &commits).await;
            assert_eq!(format!("{answers:?}"), format!("{by_hand:?}"), "{way:?}");
            let found = differences(database, &schema("rows_guanxi"), &schema(name)).await;
            assert_eq!(found.iter().map(|(_, count)| count).sum::<i64>(), 0, "{way:?} {found:?}");
            let tables = ["claims", "cluster", "customers", "journal", "parts", "personal_parts"];
            for table in tables {
                let is_compared = found.iter().any(|(it, _)| *it == format!("guanxi_{table}"));
                assert!(is_compared, "{table}");
            }
        }
        // One fewer, and the comparison tells.
        let fewer = by_hand(database, "rows_fewer", Way::Guarded).await;
        carry_out(&fewer, &commits[..commits.len() - 1]).await;
        let found = differences(database, &schema("rows_guanxi"), &schema("rows_fewer")).await;
        assert!(found.iter().any(|(_, count)| *count > 0));
    });
}

/// Everything that is measured of reading, read by pages.
async fn readings<S: Scan + Feed>(store: &S, ids: &[CustomerId], entries: usize) -> String {
    let (tenant, size) = (ours::tenant(), PageSize::new(30).unwrap());
    let mut read = Vec::new();
    let mut last = None;
    loop {
        let page = store.scan(tenant, last, size).await.unwrap();
        let Some((id, _)) = page.last() else { break };
        last = Some(*id);
        for (id, mut stored) in page {
            // Parts come in any order.
            stored.parts.sort_by_key(|part| part.name);
            let documents = stored.parts.iter().map(|part| part.document.clone());
            read.push(format!("{id} {stored:?} {:?}", documents.collect::<Vec<_>>()));
        }
    }
    let (mut last, mut fed) = (None, 0);
    // Whoever else is at something on the server holds the feed up until it is done.
    while fed < entries {
        let page = store.feed(tenant, last, size).await.unwrap();
        last = page.last().map(FeedEntry::cursor).or(last);
        fed += page.len();
        read.extend(page.iter().map(|entry| format!("{entry:?} {:?}", entry.entry.document)));
    }
    for id in ids {
        let mut stored = store.load(tenant, *id).await.unwrap();
        if let Some(stored) = &mut stored {
            stored.parts.sort_by_key(|part| part.name);
        }
        read.push(format!("{stored:?} {:?}", store.history(tenant, *id, 1, size).await.unwrap()));
    }
    read.join("\n")
}

#[test]
fn all_read_the_same() {
    let base = Base::cdnow();
    let (commits, ids) = (commits(&base), ours::ids(&base));
    on_server(async |database| {
        let store = by_hand(database, "reads", Way::Guarded).await;
        carry_out(&store, &commits).await;
        // Some of them are on file, some are not.
        let by_hand = readings(&store, &ids[90..110], commits.len()).await;
        let ours = PostgresStore::open(store.pool().clone()).await.unwrap();
        assert!(
            readings(&ours, &ids[90..110], commits.len()).await == by_hand,
            "they read differently"
        );
        assert!(by_hand.lines().count() > 200, "{by_hand}");
    });
}

/// The promises themselves, each by name.
mod promises {
    use guanxi::store::StoreError;
    use guanxi::store::conformance::{self, Harness};

    use super::*;

    /// A schema that all checks share: each has tenants of its own.
    struct Shared(Way, &'static str);

    static SHARED: LazyLock<()> = LazyLock::new(|| {
        on_server(async |database| {
            for (way, name) in WAYS.into_iter().zip(["promises_reads_first", "promises_guarded"]) {
                by_hand(database, name, way).await.pool().close().await;
            }
        });
    });

    fn is_there() -> bool {
        LazyLock::force(&SHARED);
        SERVER.is_some()
    }

    impl Harness for Shared {
        type Store = ByHand;
        type Guard = ();

        async fn open(&self) -> Result<((), ByHand), StoreError> {
            let database = SERVER.as_ref().expect("there is a server");
            Ok(((), ByHand::on(database.pool_on(&schema(self.1), 4), self.0)))
        }

        fn block_on<F>(&self, future: F) -> F::Output
        where
            F: Future + Send,
            F::Output: Send,
        {
            RUNTIME.block_on(future)
        }

        fn run_id(&self) -> String {
            "the schemas are new".to_owned()
        }
    }

    mod reads_first {
        use super::*;

        conformance::tests! {
            harness: Shared(Way::ReadsFirst, "promises_reads_first"),
            when: is_there(),
            groups: [customers, bulk],
        }
    }

    mod guarded {
        use super::*;

        conformance::tests! {
            harness: Shared(Way::Guarded, "promises_guarded"),
            when: is_there(),
            groups: [customers, bulk],
        }
    }
}
