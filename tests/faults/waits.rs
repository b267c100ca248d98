//! Others are in the way: timeouts, failed serializations, deadlocks.

use guanxi::crm::Prepared;
use guanxi::store::postgres::sqlx::{self, PgPool, PgTransaction};
use guanxi::store::postgres::{PostgresFault, PostgresStore};
use guanxi::store::{Commit, CommitError};
use guanxi::{Crm, CustomerId};

use super::base::{
    buy, buy_at_last, buyer, check, fault, open, order, shop, somebody_waits, transient,
};
use super::load::{Ledgers, Life};
use super::server::{Server, pool_of};
use super::shop::run;

/// The commit of an order.
async fn prepared(crm: &Crm<PostgresStore>, who: CustomerId, name: &str) -> Commit {
    let (order, context) = order(name);
    match crm.prepare(who, &order, &context).await.unwrap() {
        Prepared::Commit { commit, .. } => *commit,
        other => panic!("nothing to do: {other:?}"),
    }
}

async fn commit_in(
    crm: &Crm<PostgresStore>,
    transaction: &mut PgTransaction<'_>,
    commit: &Commit,
) -> Result<(), CommitError> {
    crm.store().commit_in(transaction, crm.tenant(), commit).await.map(drop)
}

/// The code of a report that others were in the way.
fn contended(fault: &PostgresFault) -> &str {
    let PostgresFault::Contended(report) = fault else { panic!("{fault:?}") };
    report.code()
}

fn failed_in(error: &CommitError) -> &PostgresFault {
    let CommitError::Store(error) = error else { panic!("not the store's: {error:?}") };
    assert!(error.is_transient(), "{error:?}");
    fault(error)
}

#[test]
fn a_wait_that_takes_too_long_is_transient() {
    let Some(server) = Server::start("timeouts") else { return };
    run(async {
        let host = server.pool(1);
        let crm = open(server.pool(1), shop()).await;
        let id = buyer("a");
        buy(&crm, id, "first").await.unwrap();
        for (entries, timeout, code) in
            [(1, "statement_timeout", "57014"), (2, "lock_timeout", "55P03")]
        {
            let options = server.options().options([(timeout, "50ms")]);
            let hasty = open(pool_of(options, 1), shop()).await;
            // The host changes the same customer, and takes its time.
            let commit = prepared(&crm, id, "of the host").await;
            let mut transaction = host.begin().await.unwrap();
            commit_in(&crm, &mut transaction, &commit).await.unwrap();
            let error = buy(&hasty, id, timeout).await.unwrap_err();
            assert_eq!(contended(transient(&error)), code);
            transaction.rollback().await.unwrap();
            check(&crm, entries).await;
            buy_at_last(&hasty, id, timeout).await;
        }
        check(&crm, 3).await;
    });
}

/// Waits until the server has ended an idle transaction, of which there is only one.
async fn transaction_ended(pool: &PgPool) {
    const IDLE: &str = "
        SELECT count(*), pg_sleep(0.002)::text FROM pg_stat_activity
        WHERE state LIKE 'idle in transaction%'";
    loop {
        let (count, _): (i64, String) = sqlx::query_as(IDLE).fetch_one(pool).await.unwrap();
        if count == 0 {
            return;
        }
    }
}

#[test]
fn a_transaction_that_idles_too_long_is_ended_whole_and_can_be_done_again() {
    let Some(server) = Server::start("idle") else { return };
    run(async {
        let options = server.options().options([("idle_in_transaction_session_timeout", "50ms")]);
        let (host, looking) = (pool_of(options, 1), server.pool(1));
        let crm = open(server.pool(1), shop()).await;
        let first = prepared(&crm, buyer("a"), "first").await;
        let second = prepared(&crm, buyer("b"), "second").await;
        let mut transaction = host.begin().await.unwrap();
        commit_in(&crm, &mut transaction, &first).await.unwrap();
        transaction_ended(&looking).await;
        let error = commit_in(&crm, &mut transaction, &second).await.unwrap_err();
        let fault = failed_in(&error);
        let is_expected =
            matches!(fault, PostgresFault::NotServing(_) | PostgresFault::Unreachable(_));
        assert!(is_expected, "{fault:?}");
        // Whoever did not look is told at the latest here.
        assert!(transaction.commit().await.is_err());
        check(&crm, 0).await;

        let mut transaction = host.begin().await.unwrap();
        commit_in(&crm, &mut transaction, &first).await.unwrap();
        commit_in(&crm, &mut transaction, &second).await.unwrap();
        transaction.commit().await.unwrap();
        check(&crm, 2).await;
    });
}

#[test]
fn a_failed_serialization_is_transient() {
    let Some(server) = Server::start("serialization") else { return };
    run(async {
        let options = server.options().options([("default_transaction_isolation", "serializable")]);
        let (host, looking) = (server.pool(1), server.pool(1));
        let crm = open(pool_of(options, 4), shop()).await;
        let id = buyer("a");
        buy(&crm, id, "first").await.unwrap();
        let commit = prepared(&crm, id, "of the host").await;
        let mut transaction = host.begin().await.unwrap();
        commit_in(&crm, &mut transaction, &commit).await.unwrap();
        let second = tokio::spawn({
            let crm = crm.clone();
            async move { buy(&crm, id, "second").await }
        });
        somebody_waits(&looking).await;
        transaction.commit().await.unwrap();
        let error = second.await.unwrap().unwrap_err();
        assert_eq!(contended(transient(&error)), "40001");
        check(&crm, 2).await;
        buy_at_last(&crm, id, "second").await;
        check(&crm, 3).await;
    });
}

#[test]
fn whole_lives_go_well_under_serializable_isolation() {
    let Some(server) = Server::start("serializable") else { return };
    run(async {
        let options = server.options().options([("default_transaction_isolation", "serializable")]);
        let store = PostgresStore::open(pool_of(options, 4)).await.unwrap();
        let mut ledgers = Ledgers::default();
        for life in 0..2 {
            Life::begin(&store, life).await.end(&mut ledgers).await;
            ledgers.examine(&server.pool(2), life).await;
        }
    });
}

#[test]
fn a_deadlock_is_transient_and_the_whole_transaction_can_be_done_again() {
    let Some(mut server) = Server::make("deadlock") else { return };
    server.set("deadlock_timeout=50ms");
    server.start_again();
    run(async {
        let (host, looking) = (server.pool(2), server.pool(1));
        let crm = open(server.pool(2), shop()).await;
        let (a, b) = (buyer("a"), buyer("b"));
        for who in [a, b] {
            buy(&crm, who, &format!("first {who}")).await.unwrap();
        }
        let one = [prepared(&crm, a, "one a").await, prepared(&crm, b, "one b").await];
        let two = [prepared(&crm, b, "two b").await, prepared(&crm, a, "two a").await];
        let mut first = host.begin().await.unwrap();
        let mut second = host.begin().await.unwrap();
        commit_in(&crm, &mut first, &one[0]).await.unwrap();
        commit_in(&crm, &mut second, &two[0]).await.unwrap();
        let crossing = tokio::spawn({
            let (crm, commit) = (crm.clone(), one[1].clone());
            async move {
                let done = commit_in(&crm, &mut first, &commit).await;
                // Whoever fails lets the other one go on at once.
                match done {
                    Ok(()) => first.commit().await.unwrap(),
                    Err(_) => first.rollback().await.unwrap(),
                }
                done
            }
        });
        somebody_waits(&looking).await;
        let second_done = commit_in(&crm, &mut second, &two[1]).await;
        // One of the two was in the way; it goes, and the other one goes on.
        let (loser, names) = match second_done {
            Err(error) => {
                second.rollback().await.unwrap();
                crossing.await.unwrap().unwrap();
                (error, ["two b", "two a"])
            }
            Ok(()) => {
                second.commit().await.unwrap();
                (crossing.await.unwrap().unwrap_err(), ["one b", "one a"])
            }
        };
        assert_eq!(contended(failed_in(&loser)), "40P01");
        check(&crm, 4).await;
        // Decided anew, for the customers have changed.
        let again = [prepared(&crm, a, names[1]).await, prepared(&crm, b, names[0]).await];
        let mut transaction = host.begin().await.unwrap();
        for commit in &again {
            commit_in(&crm, &mut transaction, commit).await.unwrap();
        }
        transaction.commit().await.unwrap();
        check(&crm, 6).await;
    });
}
