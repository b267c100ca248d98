//! Processes that write are killed.

use std::time::Duration;

use guanxi::store::postgres::PostgresStore;
use guanxi::store::postgres::sqlx::{self, ConnectOptions as _, PgPool};

use super::load::{CHILD, Ledgers};
use super::process::Errand;
use super::server::Server;
use super::shop::{Dice, run};

const KILLS: u64 = 100;

/// How many kills pass before somebody looks: in between, one child goes on right where another was
/// killed.
const KILLS_UNSEEN: u64 = 5;

/// Waits until the server has noticed that a child is no more: what it had been asked for, it still does.
async fn nobody_left(pool: &PgPool) {
    const LEFT: &str = "
        SELECT count(*), pg_sleep(0.001)::text FROM pg_stat_activity WHERE application_name = $1";
    loop {
        let left = sqlx::query_as(LEFT).bind(CHILD).fetch_one(pool);
        let (count, _): (i64, String) = left.await.unwrap();
        if count == 0 {
            return;
        }
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "what a run was worth, for who asks with --nocapture")]
fn what_was_acknowledged_survives_every_kill_and_nothing_is_there_by_half() {
    let Some(server) = Server::start("kills") else { return };
    let address = server.options().to_url_lossy().to_string();
    let mut ledgers = Ledgers::default();
    let (mut acknowledged, mut beyond) = (0, 0);
    run(async {
        let pool = server.pool(2);
        PostgresStore::open(pool.clone()).await.unwrap();
        for life in 0..KILLS {
            // Now and then before anything was told: while the store is being opened.
            let mut dice = Dice::of(&[life]);
            let (words, moment) = (dice.below(30), Duration::from_micros(dice.below(4_000)));
            let child = Errand { address: address.clone(), life }.start();
            acknowledged += ledgers.of(life).hear(life, &child.kill(words, moment));
            if (life + 1) % KILLS_UNSEEN == 0 {
                nobody_left(&pool).await;
                beyond += ledgers.examine(&pool, life).await;
            }
        }
        nobody_left(&pool).await;
        ledgers.examine_all(&pool).await;
    });
    println!(
        "{KILLS} kills; {acknowledged} entries acknowledged, all there; \
         {beyond} more that were committed and not acknowledged yet"
    );
    // Kills that all hit between two commits would prove little.
    assert!(acknowledged > KILLS && beyond > 0);
}
