//! The PostgreSQL store beside event stores and one written by hand, by turns, on the server of the
//! environment variable `GUANXI_TEST_POSTGRES`. `benches/README.md` says what each line does. An argument is the
//! number of rounds; without one there are few, so that trying takes seconds.

use guanxi::store::postgres::PostgresStore;
use guanxi_event_stores::cqrs::Cqrs;
use guanxi_event_stores::streams::Streams;
use guanxi_peers::database::Database;
use guanxi_peers::orders::Orders;
use guanxi_peers::postgres_by_hand::{ByHand, Way};
use guanxi_peers::turns::{Store, rounds, take_turns};
use tokio::runtime::Builder;

async fn measure() {
    let Some(database) = Database::find().await else { return };
    let mut orders = Orders::default();
    let pool = database.pool_in("guanxi_bench").await;
    let ours = PostgresStore::open(pool).await.expect("an empty schema");
    let ours = Store::with_base(ours, &orders).await;
    let reads_first = ByHand::open(&database, "guanxi_bench_reads_first", Way::ReadsFirst).await;
    let reads_first = Store::with_base(reads_first, &orders).await;
    let guarded = ByHand::open(&database, "guanxi_bench_guarded", Way::Guarded).await;
    let guarded = Store::with_base(guarded, &orders).await;
    let cqrs = Cqrs::with_base(&database, "guanxi_bench_cqrs", &orders).await;
    let streams = Streams::with_base(&database, "guanxi_bench_streams", &orders).await;

    let names = [
        "guanxi",
        "by hand, reads first",
        "by hand, guarded",
        "postgres-es 0.5.0",
        "disintegrate-postgres 4.0.1",
    ];
    take_turns(&names, &mut orders, rounds(), async |contender, line, round| match contender {
        0 => ours.run(line, round).await,
        1 => reads_first.run(line, round).await,
        2 => guarded.run(line, round).await,
        3 => cqrs.run(line, round).await,
        _ => streams.run(line, round).await,
    })
    .await;
}

fn main() {
    let runtime = Builder::new_multi_thread().enable_all().build().expect("threads");
    runtime.block_on(measure());
}
