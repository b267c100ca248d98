//! What becomes of the SQLite store as its file grows, beside one written by hand on the same rows; and
//! how long an import of as many orders takes.
//!
//! Not by criterion: to make a base of a million customers takes minutes, and the two stores take turns
//! on it, so that both meet the same disturbances. `benches/README.md` says what each line does. An
//! argument is the size of the largest base; without one it is small, so that trying takes seconds.

use std::collections::HashSet;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use guanxi::rulebook::RulebookRef;
use guanxi::store::sqlite::{Durability, SqliteStore};
use guanxi::store::{Bulk, Commit, PageSize};
use guanxi::{Crm, CustomerId, Timestamp};
use guanxi_peers::base::Base;
use guanxi_peers::commits::{Maker, Newcomers};
use guanxi_peers::contender::Contender;
use guanxi_peers::files::{self, Files, timed};
use guanxi_peers::sqlx_by_hand::ByHand;
use guanxi_peers::{import, ours};
use tokio::runtime::Builder;

/// How many customers are on file, from one table to the next.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// The largest base when no argument says another.
const LARGEST_UNLESS_TOLD: usize = 10_000;
/// How many times the two take turns; the first does not count.
const ROUNDS: usize = 16;
/// How many commits a round makes one by one.
const ALONE: usize = 200;
/// How many commits it makes in one transaction.
const BULK: usize = 500;
/// How many customers it loads.
const LOADS: usize = 1_000;
/// How many times it asks who is due.
const PAGES: usize = 10;
/// How many customers it is told then, of however many.
const DUE: usize = 100;
/// How many customers of the base are written in one transaction.
const BASE_BULK: usize = 2_000;

const LINES: [&str; 4] = ["commit", "commit, bulk of 500", "load", "due, page of 100"];

/// What a round does. Both stores do the same.
struct Round {
    alone: Vec<Commit>,
    bulk: Vec<Commit>,
    loads: Vec<CustomerId>,
    judged_by: RulebookRef,
}

impl Round {
    /// The time that one of each line takes.
    async fn run<S: Contender>(&self, store: &S) -> [Duration; LINES.len()] {
        let tenant = ours::tenant();
        let alone = async |commits: Vec<Commit>| {
            for commit in commits {
                store.commit(tenant, commit).await.expect("a commit in its order");
            }
        };
        let bulk = async |commits: Vec<Commit>| {
            let answers = store.commit_many(tenant, commits).await.expect("the store works");
            assert!(answers.iter().all(Result::is_ok));
        };
        let loads = async || {
            for id in &self.loads {
                let stored = store.load(tenant, *id).await.expect("the store works");
                black_box(stored.expect("it is on file"));
            }
        };
        let due = async || {
            for _ in 0..PAGES {
                let size = PageSize::new(DUE as u16).expect("a page");
                let due = store.due(tenant, Timestamp::MAX, self.judged_by, None, size).await;
                assert_eq!(black_box(due).expect("the store works").len(), DUE);
            }
        };
        let mean = |((), time): ((), Duration), count: usize| time / count as u32;
        [
            mean(timed(alone(self.alone.clone())).await, self.alone.len()),
            mean(timed(bulk(self.bulk.clone())).await, self.bulk.len()),
            mean(timed(loads()).await, self.loads.len()),
            mean(timed(due()).await, PAGES),
        ]
    }
}

/// Orders that come on top of a base, and of each other.
#[derive(Default)]
struct Orders {
    newcomers: Newcomers,
    maker: Maker,
    /// Those who have ordered since they came.
    known: HashSet<usize>,
    made: usize,
}

impl Orders {
    fn next(&mut self, customer: usize) -> Commit {
        let id = self.newcomers.id(customer);
        if self.known.insert(customer) {
            let _ = self.maker.make(id, &self.newcomers.ask(customer));
        }
        self.made += 1;
        self.maker.make(id, &self.newcomers.next_ask(customer, self.made))
    }

    /// Rounds of orders by customers from all over a base of this size.
    fn rounds(&mut self, customers: usize) -> Vec<Round> {
        // A stride that has no divisor in common with their number comes by everybody, in no order.
        let mut steps = (0..).map(|step: usize| step * 7_919 % customers);
        let mut round = |_| Round {
            alone: steps.by_ref().take(ALONE).map(|customer| self.next(customer)).collect(),
            bulk: steps.by_ref().take(BULK).map(|customer| self.next(customer)).collect(),
            loads: steps.by_ref().take(LOADS).map(|customer| self.newcomers.id(customer)).collect(),
            judged_by: ours::books().latest().reference(),
        };
        (0..ROUNDS).map(&mut round).collect()
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A line of the table: the medians, and the median of the ratios round by round.
fn print_line(customers: usize, bytes: u64, line: usize, times: &[[[Duration; LINES.len()]; 2]]) {
    let micros = |both: &[[Duration; LINES.len()]; 2]| both.map(|of| of[line].as_secs_f64() * 1e6);
    let micros: Vec<[f64; 2]> = times.iter().map(micros).collect();
    println!(
        "| {customers} | {} MB | {} | {:.1} µs | {:.1} µs | {:.2} |",
        bytes / 1_000_000,
        LINES[line],
        median(micros.iter().map(|[ours, _]| *ours).collect()),
        median(micros.iter().map(|[_, by_hand]| *by_hand).collect()),
        median(micros.iter().map(|[ours, by_hand]| by_hand / ours).collect())
    );
}

async fn grow(files: &Files, largest: usize) {
    println!("| customers | file | what | guanxi | by hand | rate, by hand = 1 |");
    println!("|---|---|---|---|---|---|");
    let (mut orders, file) = (Orders::default(), files.path("guanxi.db"));
    let mut on_file = 0;
    for size in SIZES.into_iter().filter(|size| *size <= largest) {
        let store = SqliteStore::open_file(&file, Durability::Process).await.expect("our file");
        while on_file < size {
            let until = size.min(on_file + BASE_BULK);
            let commits = orders.newcomers.commits(on_file..until);
            store.commit_many(ours::tenant(), commits).await.expect("the store works");
            on_file = until;
        }
        store.close_file().await;
        // The next size goes on from here: what is measured changes both files alike.
        let other = files.copy(&file, "by-hand.db");
        let bytes = fs::metadata(&file).expect("it was made").len();
        // Whichever was written first may have left the memory of the system since.
        files::read_through(&file);
        files::read_through(&other);

        let ours = SqliteStore::open_file(&file, Durability::Power).await.expect("our file");
        let by_hand = ByHand::open_file(&other, Durability::Power).await.expect("a copy");
        let mut times = Vec::new();
        for (turn, round) in orders.rounds(size).iter().enumerate() {
            // By turns, so that neither always comes second.
            let both = if turn % 2 == 0 {
                let first = round.run(&ours).await;
                [first, round.run(&by_hand).await]
            } else {
                let first = round.run(&by_hand).await;
                [round.run(&ours).await, first]
            };
            times.push(both);
        }
        (0..LINES.len()).for_each(|line| print_line(size, bytes, line, &times[1..]));
        ours.close_file().await;
        by_hand.close_file().await;
    }
    files.remove("guanxi.db");
    files.remove("by-hand.db");
}

async fn import_orders(files: &Files, orders: usize) {
    let base = Base::like_cdnow(orders);
    let (jobs, end) = (import::jobs(&base), import::end(&base));
    let file = files.path("import.db");
    let whole = async {
        let store = SqliteStore::open_file(&file, Durability::Power).await.expect("a new file");
        let crm = Crm::new(store, ours::tenant(), ours::books());
        let moved = import::import(&crm, &jobs, end).await;
        crm.store().close_file().await;
        moved
    };
    let (moved, time) = timed(whole).await;
    let megabytes = fs::metadata(&file).expect("it was made").len() / 1_000_000;
    println!(
        "\n{} commands of {} customers, and {moved} moves that fell due: {:.1} s, {megabytes} MB",
        jobs.len(),
        base.customers,
        time.as_secs_f64()
    );
}

fn main() {
    // Cargo adds arguments of its own.
    let largest = std::env::args().find_map(|argument| argument.parse().ok());
    let largest = largest.unwrap_or(LARGEST_UNLESS_TOLD);
    let runtime = Builder::new_multi_thread().enable_all().build().expect("threads");
    let files = Files::new(Path::new(env!("CARGO_TARGET_TMPDIR")), "growth");
    runtime.block_on(async {
        grow(&files, largest).await;
        import_orders(&files, largest).await;
    });
}
