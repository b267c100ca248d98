//! What it costs to answer what is true of one customer, in memory.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use guanxi::{Customer, Rulebooks, Timestamp, Zone};
use guanxi_peers::base::Base;
use guanxi_peers::by_hand::Card;
use guanxi_peers::ours;

/// Every customer of a base that was measured and reviewed.
fn cdnow(criterion: &mut Criterion) {
    let base = Base::cdnow();
    let (customers, books, at) = ours::reviewed(&base);
    let mut group = criterion.benchmark_group("assess/cdnow");
    group.throughput(Throughput::Elements(customers.len() as u64));
    answers(&mut group, &customers, &books, at);

    let histories = base.by_customer();
    let card = Card::of(&histories, Zone::UTC.day_of(at));
    group.bench_function("by hand, no reasons", |bencher| {
        bencher.iter(|| {
            for history in &histories {
                let _ = black_box(card.judge(history));
            }
        });
    });
    group.finish();
}

fn answers(
    group: &mut BenchmarkGroup<'_, WallTime>,
    customers: &[Customer],
    books: &Rulebooks,
    at: Timestamp,
) {
    group.bench_function("verdict", |bencher| {
        bencher.iter(|| {
            for customer in customers {
                let _ = black_box(customer.verdict(at, books));
            }
        });
    });
    group.bench_function("assess, with reasons and what would change them", |bencher| {
        bencher.iter(|| {
            for customer in customers {
                let _ = black_box(customer.assess(at, books));
            }
        });
    });
}

/// One customer with a long past: does the cost grow with the history?
fn long_history(criterion: &mut Criterion) {
    for days in [10, 100, 1_000] {
        let (customers, books, at) = ours::reviewed(&Base::weekly(days));
        let mut group = criterion.benchmark_group(format!("assess/{days} purchase days"));
        group.throughput(Throughput::Elements(customers.len() as u64));
        answers(&mut group, &customers, &books, at);
        group.finish();
    }
}

criterion_group!(benches, cdnow, long_history);
criterion_main!(benches);
