//! The server is stopped at once, as by a crash, and started again.

use guanxi::store::postgres::PostgresFault;
use guanxi::store::postgres::sqlx::Executor as _;

use super::base::{buy, buy_at_last, buyer, check, open, shop, somebody_waits, transient};
use super::load::{Ledgers, Life};
use super::server::{Server, hasty_pool};
use super::shop::{Dice, run};

const STOPS: u64 = 4;

#[test]
#[allow(clippy::print_stdout, reason = "what a run was worth, for who asks with --nocapture")]
fn what_was_acknowledged_survives_every_stop_and_the_same_pool_goes_on() {
    let Some(mut server) = Server::start("stops") else { return };
    run(async {
        let pool = hasty_pool(server.options(), 4);
        let crm = open(pool, super::shop::tenant(u64::MAX)).await;
        let mut ledgers = Ledgers::default();
        let (mut acknowledged, mut bought) = (0, 0);
        for life in 0..STOPS {
            let living = Life::begin(crm.store(), life).await;
            // Somewhere in the middle.
            let steps = 10 + usize::try_from(Dice::of(&[life]).below(80)).unwrap();
            while living.steps() < steps {
                tokio::task::yield_now().await;
            }
            server.stop_at_once();
            // Idle connections are lost, and new ones are refused: each says that it passes.
            let name = format!("bought {life}");
            for _ in 0..3 {
                let error = buy(&crm, buyer("while it is down"), &name).await.unwrap_err();
                let fault = transient(&error);
                let is_expected = matches!(
                    fault,
                    PostgresFault::Unreachable(_)
                        | PostgresFault::NoConnection
                        | PostgresFault::NotServing(_)
                );
                assert!(is_expected, "{fault:?}");
            }
            server.start_again();
            acknowledged += living.end(&mut ledgers).await;
            bought += 1;
            buy_at_last(&crm, buyer("while it is down"), &name).await;
            check(&crm, bought).await;
            ledgers.examine(&server.pool(2), life).await;
        }
        ledgers.examine_all(&server.pool(2)).await;
        println!("{STOPS} stops; {acknowledged} entries acknowledged, all there");
    });
}

#[test]
fn a_commit_that_the_stop_met_on_its_way_is_not_there_and_can_be_sent_again() {
    let Some(mut server) = Server::start("stopped_waiting") else { return };
    run(async {
        let (host, looking) = (server.pool(1), server.pool(1));
        let crm = open(server.pool(2), shop()).await;
        let id = buyer("a");
        buy(&crm, id, "first").await.unwrap();
        let mut transaction = host.begin().await.unwrap();
        transaction.execute("LOCK TABLE guanxi_customers IN SHARE MODE").await.unwrap();
        let second = tokio::spawn({
            let crm = crm.clone();
            async move { buy(&crm, id, "second").await }
        });
        somebody_waits(&looking).await;
        server.stop_at_once();
        transient(&second.await.unwrap().unwrap_err());
        assert!(transaction.commit().await.is_err());
        server.start_again();
        buy_at_last(&crm, id, "second").await;
        check(&crm, 2).await;
    });
}
