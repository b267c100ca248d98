//! Kills while a file and its tables are being made.

use std::future::pending;
use std::path::Path;
use std::time::Duration;

use guanxi::crm::{Crm, Executed};
use guanxi::purchase::Order;
use guanxi::store::sqlite::SqliteStore;
use guanxi::store::sqlite::sqlx::{self, Connection};
use guanxi::{Actor, Command, CommandId, Context, Currency, Money, Timestamp};

use super::base::{Folder, check_integrity, connect, open};
use super::carry::Answer;
use super::child::{Word, tell};
use super::process::Errand;
use super::shop::{book, customer, run, start, tenant};

const ROUNDS: u64 = 40;

fn order() -> (Command, Context) {
    let order = Order::new(start(), Money::from_minor(100, Currency::USD)).into();
    (order, Context::new(start(), Actor::Customer, CommandId::derive("crash", "opening")))
}

/// What the child does: opens the store and makes one order.
pub(super) async fn write(file: &Path) {
    let store = SqliteStore::open(file).await.unwrap();
    tell(&Word::Opened);
    let crm = Crm::open(store, tenant(0), book(10, Timestamp::MIN)).await.unwrap();
    let (order, context) = order();
    crm.execute(customer(tenant(0), "a"), &order, &context).await.unwrap();
    tell(&Word::Done { task: 0, step: 0, answers: vec![Answer::Recorded(1)] });
    pending::<()>().await;
}

/// The tables and indexes of the library.
async fn tables(file: &Path) -> Vec<String> {
    const OURS: &str = "SELECT name FROM sqlite_schema WHERE name GLOB 'guanxi_*' ORDER BY name";
    if !file.exists() {
        return Vec::new();
    }
    let mut connection = connect(file).await;
    let found = sqlx::query_scalar(OURS).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    found
}

#[test]
#[allow(clippy::print_stdout, reason = "what a run was worth, for who asks with --nocapture")]
fn tables_are_there_all_or_none_and_the_next_one_to_open_makes_them() {
    let folder = Folder::new("opening");
    let whole = run(async {
        let file = folder.file("whole.db");
        open(&file, tenant(0)).await.store().close().await;
        tables(&file).await
    });
    let (mut opened, mut without_tables) = (0, 0);
    let mut moment = Duration::from_millis(5);
    for round in 0..ROUNDS {
        let file = folder.file(&format!("{round}.db"));
        let told = Errand::Open { file: file.clone() }.start().kill(0, moment);
        let is_open = told.iter().any(|word| matches!(word, Word::Opened));
        let is_ordered = told.iter().any(|word| matches!(word, Word::Done { .. }));
        // On every machine the kills gather around the instant at which the store is open.
        moment = if is_open { moment * 3 / 4 } else { moment * 5 / 4 };
        opened += u64::from(is_open);

        run(async {
            let found = tables(&file).await;
            assert!(found == whole || (found.is_empty() && !is_open), "by half: {found:?}");
            without_tables += u64::from(found.is_empty());

            let crm = open(&file, tenant(0)).await;
            let (order, context) = order();
            let id = customer(tenant(0), "a");
            match crm.execute(id, &order, &context).await.unwrap() {
                Executed::Recorded(entry) => assert!(!is_ordered && entry.revision == 1),
                replayed => assert_eq!(replayed, Executed::Replayed { revision: 1 }),
            }
            let verification = crm.verify().await.unwrap();
            assert!(verification.is_sound(), "{:?}", verification.flaws);
            assert_eq!((verification.customers, verification.entries), (1, 1));
            crm.store().close().await;
            check_integrity(&file).await;
        });
    }
    println!(
        "{ROUNDS} kills while opening a new file; {opened} after it was open, \
         {without_tables} before there were tables"
    );
    assert!(0 < opened && opened < ROUNDS);
}
