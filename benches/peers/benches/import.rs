//! What it costs to import a base through a store: one command and one commit for each customer.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use guanxi::Crm;
use guanxi::store::MemoryStore;
use guanxi_peers::base::Base;
use guanxi_peers::ours::{self, Ask};

fn import(criterion: &mut Criterion) {
    let books = ours::books();
    let mut group = criterion.benchmark_group("import");
    group.sample_size(10);
    for (name, base) in [("cdnow", Base::cdnow()), ("100,000 rows", Base::like_cdnow(100_000))] {
        let (ids, asks) = (ours::ids(&base), ours::imports(&base));
        group.throughput(Throughput::Elements(base.sales.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || Crm::new(MemoryStore::default(), ours::tenant(), books.clone()),
                |crm| {
                    pollster::block_on(async {
                        for Ask { customer, command, context } in &asks {
                            let executed = crm.execute(ids[*customer], command, context).await;
                            executed.expect("every import is accepted");
                        }
                    });
                    crm
                },
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, import);
criterion_main!(benches);
