//! A host's rows and ours in one transaction.

use guanxi::crm::Prepared;
use guanxi::store::sqlite::sqlx::sqlite::SqliteConnectOptions;
use guanxi::store::sqlite::sqlx::{
    self, AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, SqliteTransaction,
};
use guanxi::store::sqlite::{SqliteFault, SqliteStore};
use guanxi::store::{Commit, CommitError, CustomerStore, PageSize, Receipt, StoreErrorKind};
use guanxi::{Command, Crm};

use super::base::{
    Cut, Folder, SLOW_CUSTOMERS, connect, context, customer, fault, key, link, noon, open, order,
    run, shop,
};

const INVOICES: &str = "CREATE TABLE invoices (number INTEGER NOT NULL PRIMARY KEY) STRICT";

async fn invoices(connection: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM invoices").fetch_one(connection).await.unwrap()
}

async fn begin(connection: &mut SqliteConnection) -> SqliteTransaction<'_> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.unwrap();
    sqlx::query("INSERT INTO invoices DEFAULT VALUES").execute(&mut *transaction).await.unwrap();
    transaction
}

async fn prepare(crm: &Crm<SqliteStore>, who: &str, command: Command, name: &str) -> Commit {
    let now = context(noon("01-02"), name);
    match crm.prepare(customer(who), &command, &now).await.unwrap() {
        Prepared::Commit { commit, .. } => *commit,
        settled => panic!("{settled:?}"),
    }
}

async fn commit_in(
    transaction: &mut SqliteTransaction<'_>,
    commit: &Commit,
) -> Result<Receipt, CommitError> {
    SqliteStore::commit_in(transaction, shop(), commit).await
}

#[test]
fn both_are_there_after_the_commit_and_neither_after_a_rollback() {
    let folder = Folder::new("together-both");
    run(async {
        let crm = open(&folder).await;
        let mut connection = connect(&folder).await;
        sqlx::query(INVOICES).execute(&mut connection).await.unwrap();
        let commit = prepare(&crm, "a", order(noon("01-01")), "1").await;

        let mut transaction = begin(&mut connection).await;
        let receipt = commit_in(&mut transaction, &commit).await.unwrap();
        assert_eq!(
            (receipt.revisions.as_slice(), receipt.replayed),
            (&[(customer("a"), 1)][..], false)
        );
        transaction.rollback().await.unwrap();
        assert_eq!(crm.customer(customer("a")).await.unwrap(), None);
        assert_eq!(invoices(&mut connection).await, 0);

        let mut transaction = begin(&mut connection).await;
        commit_in(&mut transaction, &commit).await.unwrap();
        // Not before the host says so.
        assert_eq!(crm.customer(customer("a")).await.unwrap(), None);
        transaction.commit().await.unwrap();
        assert_eq!(crm.history(customer("a")).await.unwrap().len(), 1);
        assert_eq!(invoices(&mut connection).await, 1);
    });
}

#[test]
fn a_refusal_leaves_the_hosts_row_and_nothing_of_ours() {
    let folder = Folder::new("together-refused");
    run(async {
        let crm = open(&folder).await;
        let mut connection = connect(&folder).await;
        sqlx::query(INVOICES).execute(&mut connection).await.unwrap();
        // Prepared before somebody else writes.
        let conflict = prepare(&crm, "a", order(noon("01-01")), "1").await;
        let claimed = prepare(&crm, "b", link("7"), "2").await;
        let replayed = prepare(&crm, "a", link("7"), "3").await;
        let reused = prepare(&crm, "a", order(noon("01-01")), "3").await;
        let now = context(noon("01-02"), "3");
        crm.execute(customer("a"), &link("7"), &now).await.unwrap();
        let fits = prepare(&crm, "c", order(noon("01-01")), "4").await;

        let mut transaction = begin(&mut connection).await;
        let answer = commit_in(&mut transaction, &conflict).await;
        assert!(matches!(answer, Err(CommitError::Conflict)), "{answer:?}");
        let answer = commit_in(&mut transaction, &claimed).await;
        assert!(
            matches!(answer, Err(CommitError::Claimed { holder }) if holder == customer("a")),
            "{answer:?}"
        );
        assert!(commit_in(&mut transaction, &replayed).await.unwrap().replayed);
        let answer = commit_in(&mut transaction, &reused).await;
        assert!(matches!(answer, Err(CommitError::CommandReused)), "{answer:?}");
        assert!(!commit_in(&mut transaction, &fits).await.unwrap().replayed);
        transaction.commit().await.unwrap();

        assert_eq!(invoices(&mut connection).await, 1);
        assert_eq!(crm.history(customer("a")).await.unwrap().len(), 1);
        assert_eq!(crm.customer(customer("b")).await.unwrap(), None);
        assert_eq!(crm.history(customer("c")).await.unwrap().len(), 1);
        assert_eq!(crm.store().holder(shop(), &key("7")).await.unwrap(), Some(customer("a")));
    });
}

/// SQLite then ends the host's transaction by itself, and what comes next would be written alone.
#[test]
fn a_full_disk_takes_the_hosts_row_too_and_nothing_is_committed_alone() {
    let folder = Folder::new("together-full");
    run(async {
        let crm = open(&folder).await;
        let mut connection = connect(&folder).await;
        sqlx::query(INVOICES).execute(&mut connection).await.unwrap();
        let next = prepare(&crm, "next", link("next"), "next").await;
        let mut transaction = begin(&mut connection).await;
        // As if the disk were full.
        sqlx::query("PRAGMA max_page_count = 1").execute(&mut *transaction).await.unwrap();
        let mut answer = Ok(());
        for nth in 0..200 {
            let name = nth.to_string();
            let commit = prepare(&crm, &name, link(&name), &name).await;
            answer = commit_in(&mut transaction, &commit).await.map(drop);
            if answer.is_err() {
                break;
            }
        }
        let Err(CommitError::Store(error)) = answer else { panic!("{answer:?}") };
        assert_eq!(error.kind(), StoreErrorKind::Refused);
        assert!(matches!(fault(&error), SqliteFault::Full(_)), "{error:?}");

        // Now there is space again.
        sqlx::query("PRAGMA max_page_count = 100000").execute(&mut *transaction).await.unwrap();
        for _ in 0..2 {
            let answer = commit_in(&mut transaction, &next).await;
            let Err(CommitError::Store(error)) = answer else { panic!("{answer:?}") };
            assert_eq!(error.kind(), StoreErrorKind::Refused);
            assert!(matches!(fault(&error), SqliteFault::NoTransaction), "{error:?}");
        }
        // There is nothing to roll back any more, of which SQLite complains.
        let _ = transaction.rollback().await;
        connection.close().await.unwrap();
        assert_eq!(invoices(&mut connect(&folder).await).await, 0);
        assert_eq!(crm.scan(None, PageSize::MAX).await.unwrap(), []);

        // On another connection it goes through.
        let mut connection = connect(&folder).await;
        let mut transaction = begin(&mut connection).await;
        commit_in(&mut transaction, &next).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(crm.history(customer("next")).await.unwrap().len(), 1);
    });
}

#[test]
fn a_file_that_can_only_be_read_is_named() {
    let folder = Folder::new("together-read-only");
    run(async {
        let crm = open(&folder).await;
        let read_only = SqliteConnectOptions::new().filename(folder.file()).read_only(true);
        let mut connection = read_only.connect().await.unwrap();
        let mut transaction = connection.begin().await.unwrap();
        let commit = prepare(&crm, "a", link("a"), "a").await;
        let answer = commit_in(&mut transaction, &commit).await;
        let Err(CommitError::Store(error)) = answer else { panic!("{answer:?}") };
        assert_eq!(error.kind(), StoreErrorKind::Refused);
        assert!(matches!(fault(&error), SqliteFault::ReadOnly(_)), "{error:?}");
    });
}

/// A host that lets go of our future and commits all the same (C14).
#[test]
fn dropped_half_way_nothing_of_ours_is_in_the_hosts_transaction() {
    let folder = Folder::new("together-dropped");
    run(async {
        let crm = open(&folder).await;
        let mut connection = connect(&folder).await;
        sqlx::query(INVOICES).execute(&mut connection).await.unwrap();
        // So that many cuts come in the middle of the commit.
        let slow = format!("CREATE TEMP {SLOW_CUSTOMERS}");
        sqlx::query(AssertSqlSafe(slow)).execute(&mut connection).await.unwrap();
        for (nth, cut) in Cut::all().enumerate() {
            let who = nth.to_string();
            let commit = prepare(&crm, &who, link(&who), &who).await;
            let mut transaction = begin(&mut connection).await;
            let finished = cut.apply(commit_in(&mut transaction, &commit)).await;
            transaction.commit().await.unwrap();
            assert_eq!(invoices(&mut connection).await, i64::try_from(nth).unwrap() + 1);
            let there = crm.customer(customer(&who)).await.unwrap().is_some();
            let holder = crm.store().holder(shop(), &key(&who)).await.unwrap();
            assert_eq!(holder.is_some(), there, "{cut:?}");
            if let Some(answer) = finished {
                answer.unwrap();
                assert!(there, "{cut:?}");
            }
        }
    });
}
