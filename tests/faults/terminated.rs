//! Connections are ended by the server, at any moment.

use guanxi::store::postgres::PostgresFault;
use guanxi::store::postgres::sqlx::{self, Executor as _, PgPool};

use super::base::{buy, buy_at_last, buyer, check, open, shop, somebody_waits, transient};
use super::load::{Ledgers, Life};
use super::server::Server;
use super::shop::run;

const TERMINATIONS: i64 = 100;

/// Ends one connection that is in the middle of a statement, if there is any, after a moment that is never
/// the same. Gives how many were ended.
async fn terminate_one(pool: &PgPool) -> i64 {
    const WAIT: &str = "SELECT pg_sleep(random() * 0.03)";
    const END: &str = "
        SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM (
            SELECT pid FROM pg_stat_activity
            WHERE application_name = 'load' AND state = 'active' ORDER BY random() LIMIT 1
        ) AS one";
    pool.execute(WAIT).await.unwrap();
    sqlx::query_scalar(END).fetch_one(pool).await.unwrap()
}

#[test]
#[allow(clippy::print_stdout, reason = "what a run was worth, for who asks with --nocapture")]
fn what_was_acknowledged_stays_however_often_connections_are_ended() {
    let Some(server) = Server::start("terminated") else { return };
    run(async {
        let (axe, looking) = (server.pool(1), server.pool(2));
        let pool = super::server::pool_of(server.options().application_name("load"), 4);
        let store = open(pool, shop()).await.store().clone();
        let mut ledgers = Ledgers::default();
        let (mut terminated, mut acknowledged, mut life) = (0, 0, 0);
        while terminated < TERMINATIONS {
            let mut living = Life::begin(&store, life).await;
            while !living.is_over() {
                terminated += terminate_one(&axe).await;
            }
            acknowledged += living.end(&mut ledgers).await;
            ledgers.examine(&looking, life).await;
            life += 1;
        }
        ledgers.examine_all(&looking).await;
        println!("{terminated} statements ended, {life} lives, {acknowledged} entries, all there");
    });
}

#[test]
fn a_commit_that_was_ended_in_the_middle_can_be_sent_again() {
    const END: &str =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    let Some(server) = Server::start("terminated_waiting") else { return };
    run(async {
        let (axe, host) = (server.pool(1), server.pool(1));
        let crm = open(server.pool(1), shop()).await;
        let id = buyer("a");
        buy(&crm, id, "first").await.unwrap();

        // The host is in the way, so that the commit is under way for as long as it takes.
        let mut transaction = host.begin().await.unwrap();
        transaction.execute("LOCK TABLE guanxi_customers IN SHARE MODE").await.unwrap();
        let second = tokio::spawn({
            let crm = crm.clone();
            async move { buy(&crm, id, "second").await }
        });
        somebody_waits(&axe).await;
        axe.execute(END).await.unwrap();
        let error = second.await.unwrap().unwrap_err();
        let fault = transient(&error);
        let is_expected =
            matches!(fault, PostgresFault::NotServing(_) | PostgresFault::Unreachable(_));
        assert!(is_expected, "{fault:?}");
        check(&crm, 1).await;

        transaction.rollback().await.unwrap();
        buy_at_last(&crm, id, "second").await;
        check(&crm, 2).await;
    });
}
