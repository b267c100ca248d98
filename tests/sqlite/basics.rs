//! A commit and what is read of it.

use guanxi::crm::{CrmError, Executed};
use guanxi::store::{CommitError, CustomerStore};

use super::base::{Folder, context, customer, key, link, noon, open, order, run};

#[test]
fn a_commit_is_there_when_the_file_is_opened_again() {
    let folder = Folder::new("basics-reopen");
    run(async {
        let crm = open(&folder).await;
        let (id, at) = (customer("a"), noon("01-01"));
        for day in 1..=3 {
            let at = noon(&format!("01-0{day}"));
            let done = crm.execute(id, &order(at), &context(at, &day.to_string())).await.unwrap();
            assert!(matches!(done, Executed::Recorded(entry) if entry.revision == day));
        }
        let before = crm.customer(id).await.unwrap().unwrap();
        crm.store().close().await;

        let crm = open(&folder).await;
        assert_eq!(crm.customer(id).await.unwrap().unwrap(), before);
        assert_eq!(crm.history(id).await.unwrap().len(), 3);
        let again = crm.execute(id, &order(at), &context(noon("01-04"), "1")).await.unwrap();
        assert_eq!(again, Executed::Replayed { revision: 1 });
    });
}

#[test]
fn the_loser_of_a_claim_learns_who_holds_it_and_leaves_nothing() {
    let folder = Folder::new("basics-claims");
    run(async {
        let crm = open(&folder).await;
        let (a, b, at) = (customer("a"), customer("b"), noon("01-01"));
        crm.execute(a, &link("7"), &context(at, "1")).await.unwrap();
        let refused = crm.execute(b, &link("7"), &context(at, "2")).await;
        let Err(CrmError::Commit(CommitError::Claimed { holder })) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(holder, a);
        assert_eq!(crm.customer(b).await.unwrap(), None);
        assert_eq!(crm.store().holder(crm.tenant(), &key("7")).await.unwrap(), Some(a));
    });
}
