//! Several stores on one file, as several processes have them.

use std::sync::Barrier;

use guanxi::crm::{CrmError, Executed};
use guanxi::store::CommitError;

use super::base::{Folder, context, customer, link, noon, open, order, run};

const STORES: usize = 4;

/// So many threads, each with a store of its own, at the same time.
fn race<T: Send>(folder: &Folder, each: impl Fn(usize, &Folder, &Barrier) -> T + Sync) -> Vec<T> {
    run(async {
        open(folder).await.store().close().await;
    });
    let start = Barrier::new(STORES);
    std::thread::scope(|scope| {
        let racer = |nth| {
            let (start, each) = (&start, &each);
            scope.spawn(move || each(nth, folder, start))
        };
        let racers: Vec<_> = (0..STORES).map(racer).collect();
        racers.into_iter().map(|racer| racer.join().unwrap()).collect()
    })
}

#[test]
fn no_order_is_lost_and_none_comes_twice() {
    const ORDERS: u64 = 25;
    let folder = Folder::new("races-orders");
    let at = noon("01-01");
    race(&folder, |nth, folder, start| {
        run(async {
            let crm = open(folder).await;
            start.wait();
            for order_nth in 0..ORDERS {
                let name = format!("{nth} {order_nth}");
                // Contended is an answer; sent again, a command goes through.
                while let Err(error) =
                    crm.execute(customer("a"), &order(at), &context(at, &name)).await
                {
                    assert!(matches!(error, CrmError::Commit(CommitError::Conflict)), "{error:?}");
                }
            }
        });
    });
    run(async {
        let crm = open(&folder).await;
        let revisions: Vec<u64> =
            crm.history(customer("a")).await.unwrap().iter().map(|entry| entry.revision).collect();
        let all = ORDERS * u64::try_from(STORES).unwrap();
        assert_eq!(revisions, (1..=all).collect::<Vec<_>>());
    });
}

#[test]
fn a_key_has_one_winner_and_the_losers_learn_who() {
    for round in 0..5 {
        let folder = Folder::new(&format!("races-claims-{round}"));
        let at = noon("01-01");
        let answers = race(&folder, |nth, folder, start| {
            run(async {
                let crm = open(folder).await;
                let (id, now) = (customer(&nth.to_string()), context(at, &nth.to_string()));
                start.wait();
                crm.execute(id, &link("7"), &now).await
            })
        });
        let won = |answer: &Result<Executed, CrmError>| matches!(answer, Ok(Executed::Recorded(_)));
        let winner = answers.iter().position(won).unwrap();
        for (nth, answer) in answers.iter().enumerate().filter(|(nth, _)| *nth != winner) {
            let expected = customer(&winner.to_string());
            assert!(
                matches!(answer, Err(CrmError::Commit(CommitError::Claimed { holder })) if *holder == expected),
                "{nth}: {answer:?}"
            );
        }
    }
}
