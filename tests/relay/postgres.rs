//! A base on a server is relayed as one in a file is.

use std::io::{BufRead as _, BufReader};
use std::time::Duration;

use guanxi::Crm;
use guanxi::store::postgres::sqlx::{
    self, AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection,
};
use guanxi::store::postgres::{PostgresOptions, PostgresStore};

use super::base::{TENANT, journals_of, order, wired};
use super::program::{Folder, Ran};
use super::received::check;
use super::server;

/// How often to look for what is held back.
const RUNS_MAX: u32 = 1_000;

/// The same, each a millisecond.
const LOOKS_MAX: u32 = 60_000;

async fn open(schema: &str) -> Crm<PostgresStore> {
    wired(PostgresOptions::new(server::pool(1)).with_schema(schema).open().await.unwrap()).await
}

/// The address of a schema, for whoever goes by this name.
fn address(schema: &str, name: &str) -> String {
    let mut address = server::options().to_url_lossy();
    let mut parameters = address.query_pairs_mut();
    parameters.append_pair("options[search_path]", schema).append_pair("application_name", name);
    drop(parameters);
    address.to_string()
}

#[test]
fn a_base_on_a_server_is_relayed() {
    if !server::is_there() {
        return;
    }
    let folder = Folder::new("postgres");
    let schema = server::schema("relay");
    let address = address(&schema, "relay");
    let arguments = ["--db", &address, "--tenant", TENANT, "--to", "out", "--page", "4"];

    let sentence = folder.refusal(1, &arguments);
    assert!(sentence.contains("the tables are missing"), "{sentence}");
    for orders in [0..10, 10..13] {
        let entries = orders.end;
        server::RUNTIME.block_on(async {
            let crm = open(&schema).await;
            for nth in orders {
                order(&crm, nth).await;
            }
        });
        // An entry is held back while an older transaction of anybody on the server is under way.
        let mut runs = 0;
        while runs == 0 || folder.read("out").lines().count() as u64 != entries {
            let Ran { code, err, .. } = folder.run(&arguments);
            assert_eq!(code, Some(0), "{err}");
            runs += 1;
            assert!(runs < RUNS_MAX, "held back for good: {err}");
        }
    }
    let journals = server::RUNTIME.block_on(async { journals_of(&open(&schema).await).await });
    assert_eq!(check(&folder.read("out"), &journals), 0);
}

/// Ends the connection of this name when it waits for a lock.
async fn end_waiting(connection: &mut PgConnection, name: &str) {
    const END: &str = "
        SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)), pg_sleep(0.002)::text
        FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'";
    loop {
        let ended = sqlx::query_as(END).bind(name).fetch_one(&mut *connection);
        let (count, _): (i64, String) = ended.await.unwrap();
        if count > 0 {
            return;
        }
    }
}

#[test]
fn a_relay_that_follows_outlives_its_connection() {
    if !server::is_there() {
        return;
    }
    let folder = Folder::new("postgres_following");
    let schema = server::schema("relay_following");
    let name = format!("relay-{}", std::process::id());
    let address = address(&schema, &name);
    let crm = server::RUNTIME.block_on(open(&schema));
    let arguments = ["--db", &address, "--tenant", TENANT, "--to", "out"];
    let following = [&arguments[..], &["--follow", "--interval", "10"]].concat();
    let mut child = folder.start(&following);
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut word = || said.next().unwrap().unwrap();
    assert!(word().starts_with("following: "));

    server::RUNTIME.block_on(async {
        order(&crm, 0).await;
        let mut host = PgConnection::connect_with(&server::options()).await.unwrap();
        let mut transaction = host.begin().await.unwrap();
        let lock = format!("LOCK TABLE {schema}.guanxi_journal IN ACCESS EXCLUSIVE MODE");
        sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut *transaction).await.unwrap();
        let mut other = PgConnection::connect_with(&server::options()).await.unwrap();
        end_waiting(&mut other, &name).await;
    });
    let warning = word();
    assert!(warning.starts_with("warning: cannot read the feed"), "{warning}");
    server::RUNTIME.block_on(order(&crm, 1));
    let mut looks = 0;
    while folder.read("out").lines().count() < 2 {
        assert!(child.try_wait().unwrap().is_none(), "it ended");
        std::thread::sleep(Duration::from_millis(1));
        looks += 1;
        assert!(looks < LOOKS_MAX, "held back for good");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let journals = server::RUNTIME.block_on(journals_of(&crm));
    assert_eq!(check(&folder.read("out"), &journals), 0);
}
