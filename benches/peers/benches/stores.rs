//! The SQLite store beside one written by hand with sqlx on the same tables, in one run.
//! `benches/README.md` says what each line does.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{
    Bencher, BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};
use guanxi::rulebook::RulebookRef;
use guanxi::store::sqlite::{Durability, SqliteStore};
use guanxi::store::{Commit, PageSize};
use guanxi::{Crm, CustomerId, Timestamp};
use guanxi_peers::base::Base;
use guanxi_peers::commits::{Newcomers, Work, until_due};
use guanxi_peers::contender::Contender;
use guanxi_peers::files::{Files, timed};
use guanxi_peers::sqlx_by_hand::ByHand;
use guanxi_peers::{import, ours};
use tokio::runtime::{Builder, Runtime};

/// How many commits a measured run makes.
const COMMITS: usize = 1_000;
/// How many commits go into one transaction.
const BULK: usize = 500;
/// How many tasks commit at once.
const TASKS: usize = 8;
/// How many customers are in a page.
const PAGE: usize = 1_000;
/// How many customers are on file for those who only read.
const CUSTOMERS: usize = 20_000;

/// What every line needs.
struct Desk {
    runtime: Runtime,
    files: Files,
    work: Work,
    /// A closed database with what the work expects on file.
    base: PathBuf,
}

impl Desk {
    fn new(name: &str) -> Self {
        let runtime = Builder::new_multi_thread().enable_all().build().expect("threads");
        let files = Files::new(Path::new(env!("CARGO_TARGET_TMPDIR")), name);
        let work = Work::cdnow(COMMITS);
        let base = files.path("base.db");
        runtime.block_on(load(&base, work.on_file.chunks(BULK).map(<[Commit]>::to_vec)));
        Self { runtime, files, work, base }
    }

    /// Times a run over the next commits, each time on a new copy of the base.
    fn write<S: Contender>(
        &self,
        bencher: &mut Bencher<'_>,
        durability: Durability,
        run: impl AsyncFn(Arc<S>, Vec<Commit>),
    ) {
        let once = async || {
            let file = self.files.copy(&self.base, "copy.db");
            let store = Arc::new(S::open_file(&file, durability).await.expect("a new file"));
            // The first commit of a connection finds nothing prepared.
            commit_alone(&*store, self.work.on_file[..2].to_vec()).await;
            let ((), time) = timed(run(Arc::clone(&store), self.work.next.clone())).await;
            store.close_file().await;
            time
        };
        bencher.iter_custom(|times| self.runtime.block_on(sum(times, once)));
    }
}

async fn sum(times: u64, once: impl AsyncFn() -> Duration) -> Duration {
    let mut total = Duration::ZERO;
    for _ in 0..times {
        total += once().await;
    }
    total
}

/// Makes a database of these commits, and closes it.
async fn load(file: &Path, commits: impl Iterator<Item = Vec<Commit>>) {
    let store = SqliteStore::open_file(file, Durability::Process).await.expect("a new file");
    for commits in commits {
        commit_in_bulk(&store, commits).await;
    }
    store.close_file().await;
}

async fn commit_alone<S: Contender>(store: &S, commits: Vec<Commit>) {
    for commit in commits {
        store.commit(ours::tenant(), commit).await.expect("a commit in its order");
    }
}

async fn commit_in_bulk<S: Contender>(store: &S, commits: Vec<Commit>) {
    let answers = store.commit_many(ours::tenant(), commits).await.expect("the store works");
    assert!(answers.iter().all(Result::is_ok));
}

/// Commits of one customer stay with one task.
async fn commit_at_once<S: Contender>(store: Arc<S>, commits: Vec<Commit>) {
    let mut lots: [Vec<Commit>; TASKS] = Default::default();
    for commit in commits {
        let id = commit.changes()[0].id;
        lots[usize::from(id.uuid().as_bytes()[0]) % TASKS].push(commit);
    }
    let spawn = |lot| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { commit_alone(&*store, lot).await })
    };
    for task in lots.map(spawn) {
        task.await.expect("no commit fails");
    }
}

type Group<'a> = BenchmarkGroup<'a, WallTime>;

fn group<'a>(criterion: &'a mut Criterion, name: &str, elements: usize) -> Group<'a> {
    let mut group = criterion.benchmark_group(format!("stores/{name}"));
    group.throughput(Throughput::Elements(elements as u64));
    group.sample_size(30).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    group
}

fn writes(criterion: &mut Criterion) {
    fn of<S: Contender>(
        group: &mut Group<'_>,
        desk: &Desk,
        durability: Durability,
        run: impl AsyncFn(Arc<S>, Vec<Commit>),
    ) {
        group.bench_function(S::NAME, |bencher| desk.write(bencher, durability, &run));
    }
    let desk = Desk::new("stores-writes");
    for durability in [Durability::Power, Durability::Process] {
        let mut group = group(criterion, &format!("commit, {durability:?}"), COMMITS);
        of::<SqliteStore>(&mut group, &desk, durability, async |s, c| commit_alone(&*s, c).await);
        of::<ByHand>(&mut group, &desk, durability, async |s, c| commit_alone(&*s, c).await);
        group.finish();
    }
    let mut tasks = group(criterion, "commit, 8 tasks", COMMITS);
    of::<SqliteStore>(&mut tasks, &desk, Durability::Power, commit_at_once);
    of::<ByHand>(&mut tasks, &desk, Durability::Power, commit_at_once);
    tasks.finish();

    async fn in_bulk<S: Contender>(store: Arc<S>, mut commits: Vec<Commit>) {
        while !commits.is_empty() {
            let rest = commits.split_off(BULK.min(commits.len()));
            commit_in_bulk(&*store, std::mem::replace(&mut commits, rest)).await;
        }
    }
    let mut bulk = group(criterion, "bulk of 500", COMMITS);
    of::<SqliteStore>(&mut bulk, &desk, Durability::Power, in_bulk);
    of::<ByHand>(&mut bulk, &desk, Durability::Power, in_bulk);
    bulk.bench_function("by hand, all or nothing", |bencher| {
        desk.write::<ByHand>(bencher, Durability::Power, async |store, commits| {
            for commits in commits.chunks(BULK) {
                store.commit_all(ours::tenant(), commits).await.expect("commits in their order");
            }
        });
    });
    bulk.finish();
}

/// Decide and store, through the same `Crm` with either store.
fn execute(criterion: &mut Criterion) {
    fn of<S: Contender>(group: &mut Group<'_>, desk: &Desk) {
        let once = async || {
            let file = desk.files.copy(&desk.base, "copy.db");
            let store = S::open_file(&file, Durability::Power).await.expect("a new file");
            commit_alone(&store, desk.work.on_file[..2].to_vec()).await;
            let crm = Crm::new(store, ours::tenant(), ours::books());
            let run = async {
                for (id, ask) in &desk.work.asks {
                    let executed = crm.execute(*id, &ask.command, &ask.context).await;
                    executed.expect("every order is accepted");
                }
            };
            let ((), time) = timed(run).await;
            crm.store().close_file().await;
            time
        };
        group.bench_function(S::NAME, |bencher| {
            bencher.iter_custom(|times| desk.runtime.block_on(sum(times, once)));
        });
    }
    let desk = Desk::new("stores-execute");
    let mut group = group(criterion, "load, decide, commit", COMMITS);
    of::<SqliteStore>(&mut group, &desk);
    of::<ByHand>(&mut group, &desk);
    group.finish();
}

fn replays(criterion: &mut Criterion) {
    fn of<S: Contender>(group: &mut Group<'_>, desk: &Desk) {
        let store = S::open_file(&desk.base, Durability::Power);
        let store = desk.runtime.block_on(store).expect("it is on file");
        let known = &desk.work.on_file[..COMMITS];
        let once = async || timed(commit_alone(&store, known.to_vec())).await.1;
        group.bench_function(S::NAME, |bencher| {
            bencher.iter_custom(|times| desk.runtime.block_on(sum(times, once)));
        });
        desk.runtime.block_on(store.close_file());
    }
    let desk = Desk::new("stores-replays");
    let mut group = group(criterion, "commit again", COMMITS);
    of::<SqliteStore>(&mut group, &desk);
    of::<ByHand>(&mut group, &desk);
    group.finish();
}

/// What is asked of a base of many customers.
struct Questions {
    newcomers: Newcomers,
    until: Timestamp,
    judged_by: RulebookRef,
}

impl Questions {
    /// Comes by everybody, in no order: the stride has no divisor in common with their number.
    fn id(&self, step: usize) -> CustomerId {
        self.newcomers.id(step * 7_919 % CUSTOMERS)
    }

    async fn load<S: Contender>(&self, store: &S, step: usize) {
        let stored = store.load(ours::tenant(), self.id(step)).await.expect("the store works");
        black_box(stored.expect("it is on file"));
    }

    async fn scan<S: Contender>(&self, store: &S) {
        let page = store.scan(ours::tenant(), None, PageSize::MAX).await;
        assert_eq!(black_box(page).expect("the store works").len(), PAGE);
    }

    async fn due<S: Contender>(&self, store: &S) {
        let (until, judged_by) = (self.until, self.judged_by);
        let page = store.due(ours::tenant(), until, judged_by, None, PageSize::MAX).await;
        assert_eq!(black_box(page).expect("the store works").len(), PAGE);
    }
}

fn reads(criterion: &mut Criterion) {
    fn of<S: Contender>(
        group: &mut Group<'_>,
        (runtime, file): (&Runtime, &Path),
        read: impl AsyncFn(&S, usize),
    ) {
        let store = runtime.block_on(S::open_file(file, Durability::Power)).expect("it is on file");
        let mut steps = 0..;
        group.bench_function(S::NAME, |bencher| {
            bencher.iter(|| {
                let step = steps.next().expect("there is no end");
                runtime.block_on(read(&store, step));
            });
        });
        runtime.block_on(store.close_file());
    }
    let runtime = Builder::new_multi_thread().enable_all().build().expect("threads");
    let files = Files::new(Path::new(env!("CARGO_TARGET_TMPDIR")), "stores-reads");
    let (file, newcomers) = (files.path("base.db"), Newcomers::default());
    let commits = newcomers.commits(0..CUSTOMERS);
    runtime.block_on(load(&file, commits.chunks(BULK).map(<[Commit]>::to_vec)));
    let until = until_due(&commits, PAGE);
    let judged_by = ours::books().latest().reference();
    let (asked, on) = (Questions { newcomers, until, judged_by }, (&runtime, &*file));

    let mut loads = group(criterion, "load", 1);
    of::<SqliteStore>(&mut loads, on, async |store, step| asked.load(store, step).await);
    of::<ByHand>(&mut loads, on, async |store, step| asked.load(store, step).await);
    loads.finish();
    let mut scans = group(criterion, "scan, page of 1,000", PAGE);
    of::<SqliteStore>(&mut scans, on, async |store, _| asked.scan(store).await);
    of::<ByHand>(&mut scans, on, async |store, _| asked.scan(store).await);
    scans.finish();
    let mut agenda = group(criterion, "due, page of 1,000", PAGE);
    of::<SqliteStore>(&mut agenda, on, async |store, _| asked.due(store).await);
    of::<ByHand>(&mut agenda, on, async |store, _| asked.due(store).await);
    agenda.finish();
}

/// The whole sample into a new file: each order and each key a command, then everybody who is due.
fn import_cdnow(criterion: &mut Criterion) {
    fn of<S: Contender>(group: &mut Group<'_>, runtime: &Runtime, files: &Files, base: &Base) {
        let (jobs, end) = (import::jobs(base), import::end(base));
        let once = async || {
            files.remove("import.db");
            let whole = async {
                let store = S::open_file(&files.path("import.db"), Durability::Power).await;
                let crm = Crm::new(store.expect("a new file"), ours::tenant(), ours::books());
                import::import(&crm, &jobs, end).await;
                crm.store().close_file().await;
            };
            timed(whole).await.1
        };
        group.bench_function(S::NAME, |bencher| {
            bencher.iter_custom(|times| runtime.block_on(sum(times, once)));
        });
    }
    let runtime = Builder::new_multi_thread().enable_all().build().expect("threads");
    let files = Files::new(Path::new(env!("CARGO_TARGET_TMPDIR")), "stores-import");
    let base = Base::cdnow();
    let mut group = group(criterion, "import of CDNOW", base.sales.len());
    group.sample_size(10);
    of::<SqliteStore>(&mut group, &runtime, &files, &base);
    of::<ByHand>(&mut group, &runtime, &files, &base);
    group.finish();
}

criterion_group!(benches, writes, execute, replays, reads, import_cdnow);
criterion_main!(benches);
