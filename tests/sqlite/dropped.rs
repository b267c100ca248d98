//! C14: a future that is dropped leaves all or nothing, and a store that goes on.

use guanxi::crm::Job;
use guanxi::store::CustomerStore;
use guanxi::store::sqlite::sqlx::{self, AssertSqlSafe};

use super::base::{
    Cut, Folder, SLOW_CUSTOMERS, connect, context, customer, key, link, noon, open, order, run,
    shop,
};

/// So that many cuts come in the middle of a commit.
async fn slow_down(folder: &Folder) {
    let slow = AssertSqlSafe(format!("CREATE {SLOW_CUSTOMERS}"));
    sqlx::query(slow).execute(&mut connect(folder).await).await.unwrap();
}

#[test]
fn a_dropped_commit_leaves_all_or_nothing() {
    let folder = Folder::new("dropped-commit");
    run(async {
        let crm = open(&folder).await;
        slow_down(&folder).await;
        let at = noon("01-01");
        for (nth, cut) in Cut::all().enumerate() {
            let who = nth.to_string();
            let now = context(at, &who);
            let finished = cut.apply(crm.execute(customer(&who), &link(&who), &now)).await;
            // The next call waits for whatever is still going on.
            let now = context(at, &format!("next {who}"));
            crm.execute(customer("next"), &order(at), &now).await.unwrap();
            let there = crm.customer(customer(&who)).await.unwrap().is_some();
            let holder = crm.store().holder(shop(), &key(&who)).await.unwrap();
            assert_eq!(holder.is_some(), there, "{cut:?}");
            assert_eq!(crm.history(customer(&who)).await.unwrap().len(), usize::from(there));
            if let Some(answer) = finished {
                answer.unwrap();
                assert!(there, "{cut:?}");
            }
        }
    });
}

#[test]
fn a_dropped_batch_leaves_all_or_nothing() {
    let folder = Folder::new("dropped-batch");
    run(async {
        let crm = open(&folder).await;
        slow_down(&folder).await;
        let at = noon("01-01");
        for (nth, cut) in Cut::all().enumerate() {
            let job = |place: u32| {
                let name = format!("{nth} {place}");
                Job::new(customer(&name), order(at), context(at, &name))
            };
            let jobs: Vec<Job> = (0..5).map(job).collect();
            let finished = cut.apply(crm.execute_many(&jobs)).await;
            let now = context(at, &format!("next {nth}"));
            crm.execute(customer("next"), &order(at), &now).await.unwrap();
            let mut there = 0;
            for job in &jobs {
                there += usize::from(crm.customer(job.id).await.unwrap().is_some());
            }
            assert!(there == 0 || there == jobs.len(), "{there} after {cut:?}");
            if let Some(answers) = finished {
                assert!(answers.unwrap().iter().all(Result::is_ok));
                assert_eq!(there, jobs.len());
            }
        }
    });
}

#[test]
fn dropped_reads_leave_connections_for_others() {
    let folder = Folder::new("dropped-reads");
    run(async {
        let crm = open(&folder).await;
        let (id, at) = (customer("a"), noon("01-01"));
        crm.execute(id, &order(at), &context(at, "1")).await.unwrap();
        for cut in Cut::all() {
            let _ = cut.apply(crm.customer(id)).await;
        }
        assert_eq!(crm.customer(id).await.unwrap().unwrap().revision(), 1);
    });
}
