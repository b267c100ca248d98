//! What is measured of stores on one server, by turns.
//!
//! Whatever else a machine does, it does to all contenders: each line is measured of one after the
//! other, again in the next round, and the rates are those of rounds. Not by criterion, which is done
//! with one before it begins with the next.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use guanxi::crm::{Crm, CrmError};
use guanxi::store::{Bulk, Commit, Feed, PageSize, Scan};

use crate::files::timed;
use crate::orders::{CUSTOMERS, FEW, Order, Orders};
use crate::ours::{self, Ask};

/// How many rounds at the beginning do not count: in them connections are made and statements prepared.
const WARMING: usize = 1;
/// How many rounds there are unless an argument tells.
const ROUNDS_UNLESS_TOLD: usize = 5;
/// How many commits or orders a round has of each number of writers.
const ORDERS: usize = 128;
/// How many commits go into one transaction.
const BULK: usize = 500;
/// How many customers are loaded one after the other.
const LOADS: usize = 500;

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Commits made beforehand, by so many writers at once, each of another customer.
    Commit(usize),
    /// A page of commits at once.
    Bulk,
    /// Orders, decided and stored, by so many writers at once, each of another customer.
    Order(usize),
    /// The same, but all of them of a few customers, so that they get in each other's way.
    Rush(usize),
    /// Customers by their ids.
    Load,
    /// Pages of customers.
    Scan,
    /// Pages of the feed.
    Feed,
}

impl Line {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Commit(1),
        Self::Commit(8),
        Self::Commit(64),
        Self::Bulk,
        Self::Order(1),
        Self::Order(8),
        Self::Order(64),
        Self::Rush(8),
        Self::Load,
        Self::Scan,
        Self::Feed,
    ];

    fn name(self) -> String {
        match self {
            Self::Commit(1) => "commit".to_owned(),
            Self::Commit(writers) => format!("commit, {writers} writers"),
            Self::Bulk => format!("commit in bulk of {BULK}"),
            Self::Order(1) => "load, decide, commit".to_owned(),
            Self::Order(writers) => format!("load, decide, commit, {writers} writers"),
            Self::Rush(writers) => format!("the same, {writers} writers on {FEW} customers"),
            Self::Load => "load".to_owned(),
            Self::Scan => "scan, page of 1,000".to_owned(),
            Self::Feed => "feed, page of 1,000".to_owned(),
        }
    }
}

/// What all contenders do in one round of a line.
#[derive(Debug, Clone)]
pub struct Round {
    /// The orders.
    pub orders: Vec<Order>,
    /// Their commits, where they are to be made beforehand.
    pub commits: Vec<Commit>,
}

impl Round {
    fn new(line: Line, orders: &mut Orders) -> Self {
        let (orders, commits) = match line {
            Line::Commit(_) | Line::Order(_) => Self::spread(orders, ORDERS),
            Line::Bulk => Self::spread(orders, BULK),
            Line::Rush(_) => (orders.rush(ORDERS), Vec::new()),
            // Nothing is written, so what is made is forgotten.
            Line::Load => (orders.spread(LOADS), Vec::new()),
            Line::Scan | Line::Feed => (Vec::new(), Vec::new()),
        };
        Self { orders, commits }
    }

    fn spread(orders: &mut Orders, count: usize) -> (Vec<Order>, Vec<Commit>) {
        let made = orders.spread(count);
        let commits = orders.commits(&made);
        (made, commits)
    }
}

/// A store of `guanxi`'s contract.
#[derive(Debug)]
pub struct Store<S> {
    crm: Arc<Crm<S>>,
}

impl<S: Bulk + Scan + Feed + Clone + 'static> Store<S> {
    /// A store with the base of orders in it.
    ///
    /// # Panics
    ///
    /// When it does not work.
    pub async fn with_base(store: S, orders: &Orders) -> Self {
        let answers = store.commit_many(ours::tenant(), orders.base().to_vec()).await;
        for answer in answers.expect("the store works") {
            answer.expect("a commit in its order");
        }
        // Whoever was at something before holds the feed up until it is done.
        while store.feed(ours::tenant(), None, PageSize::MAX).await.expect("it works").is_empty() {}
        Self { crm: Arc::new(Crm::new(store, ours::tenant(), ours::books())) }
    }

    fn store(&self) -> &S {
        self.crm.store()
    }

    /// The time that one element of a line takes.
    ///
    /// # Panics
    ///
    /// When the store fails, or does not do what it is to do.
    pub async fn run(&self, line: Line, round: Round) -> Option<Duration> {
        let time = match line {
            Line::Commit(writers) => self.commit(round.commits, writers).await,
            Line::Bulk => self.bulk(round.commits).await,
            Line::Order(writers) | Line::Rush(writers) => self.order(round.orders, writers).await,
            Line::Load => self.load(&round.orders).await,
            Line::Scan => self.scan().await,
            Line::Feed => self.feed().await,
        };
        Some(time)
    }

    async fn commit(&self, commits: Vec<Commit>, writers: usize) -> Duration {
        let store = self.store().clone();
        let commit = move |commit| {
            let store = store.clone();
            async move {
                store.commit(ours::tenant(), commit).await.expect("a commit in its order");
            }
        };
        at_once(commits, writers, commit).await
    }

    async fn bulk(&self, commits: Vec<Commit>) -> Duration {
        let count = commits.len();
        let (answers, time) = timed(self.store().commit_many(ours::tenant(), commits)).await;
        assert!(answers.expect("the store works").iter().all(Result::is_ok));
        mean(time, count)
    }

    /// Whoever comes too late too often comes again: it is the same command.
    async fn order(&self, orders: Vec<Order>, writers: usize) -> Duration {
        let crm = Arc::clone(&self.crm);
        let order = move |order: Order| {
            let crm = Arc::clone(&crm);
            async move {
                let Ask { command, context, .. } = &order.ask;
                while let Err(error) = crm.execute(order.id, command, context).await {
                    let conflict = matches!(error, CrmError::Contended);
                    assert!(conflict, "every order is accepted: {error}");
                }
            }
        };
        at_once(orders, writers, order).await
    }

    async fn load(&self, orders: &[Order]) -> Duration {
        one_by_one(orders, async |order| {
            let stored = self.store().load(ours::tenant(), order.id).await;
            black_box(stored.expect("the store works").expect("it is on file"));
        })
        .await
    }

    async fn scan(&self) -> Duration {
        let (mut last, mut pages) = (None, 0);
        let scan = async {
            loop {
                let page = self.store().scan(ours::tenant(), last, PageSize::MAX).await;
                let page = black_box(page.expect("the store works"));
                last = page.last().map(|(id, _)| *id);
                if page.len() < PageSize::MAX.rows() {
                    break;
                }
                pages += 1;
            }
        };
        let time = timed(scan).await.1;
        assert_eq!(pages, CUSTOMERS / PageSize::MAX.rows());
        mean(time, pages)
    }

    /// The base: what has come since is as much for everybody, but more from round to round.
    async fn feed(&self) -> Duration {
        let (mut last, mut fed) = (None, 0);
        let feed = async {
            while fed < CUSTOMERS {
                let page = self.store().feed(ours::tenant(), last, PageSize::MAX).await;
                let page = black_box(page.expect("the store works"));
                last = Some(page.last().expect("no transaction is as old as the base").cursor());
                fed += page.len();
            }
        };
        let time = timed(feed).await.1;
        mean(time, fed / PageSize::MAX.rows())
    }
}

/// Does each of these things, by so many tasks at once, and tells the time for one of them.
///
/// # Panics
///
/// When one of them does.
pub async fn at_once<T, F>(
    things: Vec<T>,
    tasks: usize,
    each: impl Fn(T) -> F + Clone + Send + 'static,
) -> Duration
where
    T: Send + 'static,
    F: Future<Output = ()> + Send,
{
    let count = things.len();
    let mut lots: Vec<Vec<T>> = (0..tasks).map(|_| Vec::new()).collect();
    for (place, thing) in things.into_iter().enumerate() {
        lots[place % tasks].push(thing);
    }
    let all = async {
        let spawn = |lot: Vec<T>| {
            let each = each.clone();
            tokio::spawn(async move {
                for thing in lot {
                    each(thing).await;
                }
            })
        };
        let running: Vec<_> = lots.into_iter().map(spawn).collect();
        for task in running {
            task.await.expect("nothing fails");
        }
    };
    mean(timed(all).await.1, count)
}

/// How many rounds are to be measured: the number among the arguments, beside which Cargo adds its own.
#[must_use]
pub fn rounds() -> usize {
    let told = std::env::args().find_map(|argument| argument.parse().ok());
    told.unwrap_or(ROUNDS_UNLESS_TOLD)
}

fn mean(time: Duration, count: usize) -> Duration {
    time / u32::try_from(count).expect("fewer")
}

/// Does each of these things, one after the other, and tells the time for one of them.
pub async fn one_by_one<T>(things: &[T], each: impl AsyncFn(&T)) -> Duration {
    let all = async {
        for thing in things {
            each(thing).await;
        }
    };
    mean(timed(all).await.1, things.len())
}

/// Measures every line of every contender by turns, and prints the table: the medians, and how the first one's
/// rate compares with each of the others', round by round. `run` measures a line of the contender of a number;
/// `None` where there is nothing to compare.
pub async fn take_turns(
    names: &[&str],
    orders: &mut Orders,
    rounds: usize,
    run: impl AsyncFn(usize, Line, Round) -> Option<Duration>,
) {
    let mut times: Vec<Vec<Vec<f64>>> = vec![vec![Vec::new(); names.len()]; Line::ALL.len()];
    for turn in 0..WARMING + rounds {
        eprintln!("round {turn} of {}", WARMING + rounds);
        for (line, times) in Line::ALL.into_iter().zip(&mut times) {
            let round = Round::new(line, orders);
            for place in 0..names.len() {
                // Nobody always comes first.
                let contender = (place + turn) % names.len();
                let time = run(contender, line, round.clone()).await;
                if let Some(time) = time.filter(|_| turn >= WARMING) {
                    times[contender].push(time.as_secs_f64() * 1e6);
                }
            }
        }
    }
    print(names, &times);
}

fn print(names: &[&str], times: &[Vec<Vec<f64>>]) {
    let rates = names[1..].iter().map(|name| format!(" {name} | rate |")).collect::<String>();
    println!("| what | {} |{rates}", names[0]);
    println!("|---|---|{}", "---|---|".repeat(names.len() - 1));
    for (line, times) in Line::ALL.into_iter().zip(times) {
        print!("| {} | {:.0} µs |", line.name(), median(times[0].clone()));
        for other in &times[1..] {
            if other.is_empty() {
                print!(" - | - |");
            } else {
                let rates = other.iter().zip(&times[0]).map(|(other, first)| other / first);
                let rate = median(rates.collect());
                print!(" {:.0} µs | {rate:.2} |", median(other.clone()));
            }
        }
        println!();
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
