//! What it costs to fold a journal into a customer.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use guanxi::Customer;
use guanxi_peers::base::Base;
use guanxi_peers::ours;

fn fold(criterion: &mut Criterion) {
    let books = ours::books();
    let mut group = criterion.benchmark_group("fold");
    for (name, base) in [("cdnow", Base::cdnow()), ("1,000 entries", Base::weekly(1_000))] {
        let (_, journals) = ours::run(&base, &books);
        let ids = ours::ids(&base);
        let events: usize = journals.iter().flatten().map(|entry| entry.events.len()).sum();
        group.throughput(Throughput::Elements(events as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || Vec::with_capacity(ids.len()),
                |mut customers: Vec<Customer>| {
                    let pairs = ids.iter().zip(&journals);
                    customers.extend(pairs.map(|(id, journal)| Customer::fold(*id, journal)));
                    customers
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, fold);
criterion_main!(benches);
