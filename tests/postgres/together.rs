//! A host's rows and ours in one transaction.

use guanxi::Crm;
use guanxi::store::postgres::sqlx::{self, PgTransaction};
use guanxi::store::postgres::{PostgresFault, PostgresStore};
use guanxi::store::{Commit, CommitError, CustomerStore, Receipt, StoreErrorKind};

use super::base::{
    context, customer, fault, in_schema, key, link, noon, open, order, prepare, run, shop,
};
use super::server;

/// A table of the host's, in the schema of the test.
async fn make_invoices(crm: &Crm<PostgresStore>, schema: &str) {
    run(crm.store().pool(), &format!("CREATE TABLE {schema}.invoices (number bigserial)")).await;
}

async fn invoices(crm: &Crm<PostgresStore>, schema: &str) -> i64 {
    let text = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {schema}.invoices"));
    sqlx::query_scalar(text).fetch_one(crm.store().pool()).await.unwrap()
}

async fn begin(crm: &Crm<PostgresStore>, schema: &str) -> PgTransaction<'static> {
    let mut transaction = crm.store().pool().begin().await.unwrap();
    run(&mut *transaction, &format!("INSERT INTO {schema}.invoices DEFAULT VALUES")).await;
    transaction
}

async fn commit_in(
    crm: &Crm<PostgresStore>,
    transaction: &mut PgTransaction<'_>,
    commit: &Commit,
) -> Result<Receipt, CommitError> {
    crm.store().commit_in(transaction, shop(), commit).await
}

#[test]
fn both_are_there_after_the_commit_and_neither_after_a_rollback() {
    in_schema("together_both", async |schema| {
        let crm = open(&schema).await;
        make_invoices(&crm, &schema).await;
        let commit = prepare(&crm, "a", order(noon("01-01")), "1").await;

        let mut transaction = begin(&crm, &schema).await;
        let receipt = commit_in(&crm, &mut transaction, &commit).await.unwrap();
        assert_eq!(receipt, commit.receipt());
        transaction.rollback().await.unwrap();
        assert_eq!(crm.customer(customer("a")).await.unwrap(), None);
        assert_eq!(invoices(&crm, &schema).await, 0);

        let mut transaction = begin(&crm, &schema).await;
        commit_in(&crm, &mut transaction, &commit).await.unwrap();
        // Not before the host says so.
        assert_eq!(crm.customer(customer("a")).await.unwrap(), None);
        transaction.commit().await.unwrap();
        assert_eq!(crm.history(customer("a")).await.unwrap().len(), 1);
        assert_eq!(invoices(&crm, &schema).await, 1);
    });
}

#[test]
fn a_refusal_leaves_the_hosts_row_and_nothing_of_ours() {
    in_schema("together_refused", async |schema| {
        let crm = open(&schema).await;
        make_invoices(&crm, &schema).await;
        // Prepared before somebody else writes.
        let conflict = prepare(&crm, "a", order(noon("01-01")), "1").await;
        let claimed = prepare(&crm, "b", link("7"), "2").await;
        let replayed = prepare(&crm, "a", link("7"), "3").await;
        let reused = prepare(&crm, "a", order(noon("01-01")), "3").await;
        let now = context(noon("01-02"), "3");
        crm.execute(customer("a"), &link("7"), &now).await.unwrap();
        let fits = prepare(&crm, "c", order(noon("01-01")), "4").await;

        let mut transaction = begin(&crm, &schema).await;
        let answer = commit_in(&crm, &mut transaction, &conflict).await;
        assert!(matches!(answer, Err(CommitError::Conflict)), "{answer:?}");
        let answer = commit_in(&crm, &mut transaction, &claimed).await;
        assert!(
            matches!(answer, Err(CommitError::Claimed { holder }) if holder == customer("a")),
            "{answer:?}"
        );
        assert!(commit_in(&crm, &mut transaction, &replayed).await.unwrap().replayed);
        let answer = commit_in(&crm, &mut transaction, &reused).await;
        assert!(matches!(answer, Err(CommitError::CommandReused)), "{answer:?}");
        assert!(!commit_in(&crm, &mut transaction, &fits).await.unwrap().replayed);
        transaction.commit().await.unwrap();

        assert_eq!(invoices(&crm, &schema).await, 1);
        assert_eq!(crm.history(customer("a")).await.unwrap().len(), 1);
        assert_eq!(crm.customer(customer("b")).await.unwrap(), None);
        assert_eq!(crm.history(customer("c")).await.unwrap().len(), 1);
        assert_eq!(crm.store().holder(shop(), &key("7")).await.unwrap(), Some(customer("a")));
    });
}

#[test]
fn a_transaction_that_has_failed_takes_no_commit() {
    in_schema("together_failed", async |schema| {
        let crm = open(&schema).await;
        let commit = prepare(&crm, "a", order(noon("01-01")), "1").await;
        let mut transaction = crm.store().pool().begin().await.unwrap();
        sqlx::query("SELECT 1 / 0").execute(&mut *transaction).await.unwrap_err();
        let answer = commit_in(&crm, &mut transaction, &commit).await;
        let Err(CommitError::Store(error)) = answer else { panic!("{answer:?}") };
        assert_eq!(error.kind(), StoreErrorKind::Refused);
        assert!(matches!(fault(&error), PostgresFault::FailedTransaction), "{error:?}");
    });
}

/// Two transactions that wait for each other: one of them is told so, and goes through when it is repeated.
#[test]
fn a_deadlock_is_transient() {
    in_schema("together_deadlock", async |schema| {
        let crm = open(&schema).await;
        for who in ["a", "b"] {
            let now = context(noon("01-02"), who);
            crm.execute(customer(who), &order(noon("01-01")), &now).await.unwrap();
        }
        let mut commits = Vec::new();
        for (nth, who) in [("1", "a"), ("2", "b"), ("3", "b"), ("4", "a")] {
            commits.push(prepare(&crm, who, order(noon("01-02")), nth).await);
        }
        let (mut one, mut other) =
            (crm.store().pool().begin().await.unwrap(), crm.store().pool().begin().await.unwrap());
        commit_in(&crm, &mut one, &commits[0]).await.unwrap();
        commit_in(&crm, &mut other, &commits[2]).await.unwrap();
        let crossing = [(one, commits[1].clone()), (other, commits[3].clone())];
        let crossing = crossing.map(|(mut transaction, commit)| {
            let store = crm.store().clone();
            server::RUNTIME.spawn(async move {
                let answer = store.commit_in(&mut transaction, shop(), &commit).await;
                transaction.rollback().await.unwrap();
                answer
            })
        });
        let mut failed = Vec::new();
        for crossing in crossing {
            failed.extend(crossing.await.unwrap().err());
        }
        let [CommitError::Store(error)] = failed.as_slice() else { panic!("{failed:?}") };
        assert!(error.is_transient());
        assert!(matches!(fault(error), PostgresFault::Contended(_)), "{error:?}");
        for who in ["a", "b"] {
            assert_eq!(crm.history(customer(who)).await.unwrap().len(), 1);
        }
        crm.store().commit(shop(), commits[1].clone()).await.unwrap();
    });
}
