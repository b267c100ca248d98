//! `guanxi` beside published peers on the same orders. `benches/README.md` says what each line does
//! and does not do.

use std::hint::black_box;

use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::PersistedEventStore;
use cqrs_es::{Aggregate, CqrsFramework, EventStore};
use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main,
};
use disintegrate::{Decision, StateMutate};
use guanxi::store::MemoryStore;
use guanxi::{Crm, Customer, Stage};
use guanxi_peers::base::Base;
use guanxi_peers::chart::{self, Chart};
use guanxi_peers::model::{self, Model};
use guanxi_peers::ours::{self, Ask};
use guanxi_peers::{cqrs, streams};
use statig::prelude::*;

/// Decide and apply every order, in memory, without a store.
fn decide(criterion: &mut Criterion) {
    let base = Base::cdnow();
    let (asks, orders, books) = (ours::asks(&base), model::orders(&base), ours::books());
    let strangers = ours::strangers(&base);
    let mut group = criterion.benchmark_group("peers/decide");
    group.throughput(Throughput::Elements(orders.len() as u64));
    group.bench_function("guanxi", |bencher| {
        bencher.iter_batched_ref(
            || strangers.clone(),
            |customers| {
                for Ask { customer, command, context } in &asks {
                    let _ = black_box(customers[*customer].decide(command, context, &books));
                }
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("by hand", |bencher| {
        bencher.iter_batched_ref(
            || vec![Model::default(); base.customers],
            |models| {
                for (customer, order) in &orders {
                    let events = models[*customer].decide(*order).expect("accepted");
                    events.iter().for_each(|event| models[*customer].apply(event));
                    black_box(events);
                }
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("cqrs-es aggregate", |bencher| {
        bencher.iter_batched_ref(
            || vec![cqrs::Account::default(); base.customers],
            |accounts| {
                pollster::block_on(async {
                    for (customer, order) in &orders {
                        let sink = EventSink::default();
                        accounts[*customer].handle(*order, &(), &sink).await.expect("accepted");
                        black_box(sink.collect().await);
                    }
                });
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("disintegrate decision", |bencher| {
        bencher.iter_batched_ref(
            || (0..base.customers).map(streams::Account::unknown).collect::<Vec<_>>(),
            |accounts| {
                for (customer, order) in &orders {
                    let account = &mut accounts[*customer];
                    let decision = streams::TakeOrder::new(*customer, *order);
                    let events = decision.process(account).expect("accepted");
                    events.iter().for_each(|event| account.mutate(event.clone()));
                    black_box(events);
                }
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

/// Fold every journal.
fn fold(criterion: &mut Criterion) {
    let base = Base::cdnow();
    let (ids, entries) = (ours::ids(&base), ours::run(&base, &ours::books()).1);
    let journals = model::run(&base).1;
    let streams: Vec<_> =
        journals.iter().enumerate().map(|(key, events)| streams::stream(key, events)).collect();
    let mut group = criterion.benchmark_group("peers/fold");
    let events: usize = journals.iter().map(Vec::len).sum();
    group.throughput(Throughput::Elements(events as u64));
    group.bench_function("guanxi", |bencher| {
        bencher.iter_with_large_drop(|| {
            let pairs = ids.iter().zip(&entries);
            pairs.map(|(id, journal)| Customer::fold(*id, journal)).collect::<Vec<_>>()
        });
    });
    group.bench_function("by hand", |bencher| {
        bencher.iter_with_large_drop(|| {
            let fold = |events: &Vec<_>| {
                let mut model = Model::default();
                events.iter().for_each(|event| model.apply(event));
                model
            };
            journals.iter().map(fold).collect::<Vec<_>>()
        });
    });
    group.bench_function("cqrs-es aggregate", |bencher| {
        bencher.iter_with_large_drop(|| {
            let fold = |events: &Vec<_>| {
                let mut account = cqrs::Account::default();
                events.iter().for_each(|event| account.apply(*event));
                account
            };
            journals.iter().map(fold).collect::<Vec<_>>()
        });
    });
    group.bench_function("disintegrate state query", |bencher| {
        bencher.iter_with_large_drop(|| {
            let folded = streams.iter().enumerate().map(|(key, stream)| streams::fold(key, stream));
            folded.collect::<Vec<_>>()
        });
    });
    group.finish();
}

/// The state machine alone, with the facts of every guard given.
fn machine(criterion: &mut Criterion) {
    let base = Base::cdnow();
    let steps = ours::steps(&base, &ours::books());
    let stages = || vec![Stage::Prospect; base.customers];
    let charts = || (0..base.customers).map(|_| Chart.state_machine()).collect::<Vec<_>>();
    let mut group = criterion.benchmark_group("peers/machine");
    group.throughput(Throughput::Elements(steps.len() as u64));
    let size = BatchSize::SmallInput;
    group.bench_function("guanxi edge, no guards", |bencher| {
        bencher.iter_batched_ref(stages, |stages| chart::run_edges(stages, &steps), size);
    });
    group.bench_function("guanxi answer, guards with reasons", |bencher| {
        bencher.iter_batched_ref(stages, |stages| chart::run_answers(stages, &steps), size);
    });
    group.bench_function("statig, guards without reasons", |bencher| {
        bencher.iter_batched_ref(charts, |charts| chart::run_statig(charts, &steps), size);
    });
    group.finish();
}

/// Every order through a store in memory: load, decide, commit.
fn store(criterion: &mut Criterion) {
    let base = Base::cdnow();
    let (ids, asks, books) = (ours::ids(&base), ours::asks(&base), ours::books());
    let mut group = criterion.benchmark_group("peers/store");
    group.throughput(Throughput::Elements(asks.len() as u64));
    group.sample_size(20);
    group.bench_function("guanxi, documents and journal", |bencher| {
        bencher.iter_batched(
            || Crm::new(MemoryStore::default(), ours::tenant(), books.clone()),
            |crm| {
                pollster::block_on(async {
                    for Ask { customer, command, context } in &asks {
                        let executed = crm.execute(ids[*customer], command, context).await;
                        black_box(executed.expect("accepted"));
                    }
                });
                crm
            },
            BatchSize::PerIteration,
        );
    });
    let quiet = || CqrsFramework::new(cqrs::Quiet::default(), Vec::new(), ());
    framework(&mut group, "cqrs-es, events as values", &base, quiet);
    let stored = || {
        let store = PersistedEventStore::new_event_store(cqrs::Repository::default());
        CqrsFramework::new(store, Vec::new(), ())
    };
    framework(&mut group, "cqrs-es, events as documents", &base, stored);
    group.finish();
}

fn framework<S: EventStore<cqrs::Account>>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    base: &Base,
    fresh: impl Fn() -> CqrsFramework<cqrs::Account, S>,
) {
    let keys: Vec<String> = ours::ids(base).iter().map(ToString::to_string).collect();
    let orders = model::orders(base);
    group.bench_function(name, |bencher| {
        bencher.iter_batched(
            &fresh,
            |framework| {
                pollster::block_on(async {
                    for (customer, order) in &orders {
                        framework.execute(&keys[*customer], *order).await.expect("accepted");
                    }
                });
                framework
            },
            BatchSize::PerIteration,
        );
    });
}

criterion_group!(benches, decide, fold, machine, store);
criterion_main!(benches);
