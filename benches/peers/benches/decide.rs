//! What it costs to decide and apply one command, in memory.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use guanxi::lifecycle::Mode;
use guanxi_peers::base::Base;
use guanxi_peers::ours::{self, Ask};

/// Every order of the base, each by a customer who is unknown before its first.
fn cdnow(criterion: &mut Criterion) {
    let base = Base::cdnow();
    let (asks, strangers) = (ours::asks(&base), ours::strangers(&base));
    let mut group = criterion.benchmark_group("decide/cdnow");
    group.throughput(Throughput::Elements(asks.len() as u64));
    for (name, mode) in [("default policy", Mode::Suggest), ("decline applied", Mode::Apply)] {
        let books = ours::books_with(mode);
        group.bench_function(name, |bencher| {
            bencher.iter_batched_ref(
                || strangers.clone(),
                |customers| {
                    for Ask { customer, command, context } in &asks {
                        let outcome = customers[*customer].decide(command, context, &books);
                        let _ = black_box(outcome);
                    }
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

/// The next hundred orders of one customer with a long past: does the cost grow with the history?
fn long_history(criterion: &mut Criterion) {
    const NEXT: usize = 100;
    let mut group = criterion.benchmark_group("decide/purchase days");
    group.throughput(Throughput::Elements(NEXT as u64));
    for (name, mode) in [("default policy", Mode::Suggest), ("decline applied", Mode::Apply)] {
        let books = ours::books_with(mode);
        for days in [10, 100, 1_000] {
            let base = Base::weekly(days + NEXT);
            let asks = ours::asks(&base);
            let (past, next) = asks.split_at(days);
            let mut customer = ours::strangers(&base).remove(0);
            for ask in past {
                ours::decide(&mut customer, ask, &books);
            }
            group.bench_function(format!("{name}, {days}"), |bencher| {
                bencher.iter_batched_ref(
                    || customer.clone(),
                    |customer| {
                        for Ask { command, context, .. } in next {
                            let _ = black_box(customer.decide(command, context, &books));
                        }
                    },
                    BatchSize::SmallInput,
                );
            });
        }
    }
    group.finish();
}

criterion_group!(benches, cdnow, long_history);
criterion_main!(benches);
