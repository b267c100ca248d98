//! C15: what this version does not know, or what somebody else wrote, is an error and never a guess; and
//! no error shows a value.

use std::error::Error;

use guanxi::profile::{Party, Person, ProfileCommand};
use guanxi::store::sqlite::SqliteFault;
use guanxi::store::sqlite::sqlx::{self, AssertSqlSafe};
use guanxi::store::{
    Agenda, Bulk, CustomerStore, Inspect, PageSize, Scan, StoreError, StoreErrorKind,
};
use guanxi::{Crm, Timestamp};

use super::base::{Folder, connect, context, customer, fault, link, noon, open, order, run, shop};

/// Stands in every value of the profile here.
const MARKER: &str = "zhenshi";

async fn tamper(folder: &Folder, text: String) {
    sqlx::query(AssertSqlSafe(text)).execute(&mut connect(folder).await).await.unwrap();
}

/// The error with everything under it, as a log would have it.
fn chain(error: &dyn Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text} {inner} {inner:?}");
        source = inner.source();
    }
    text
}

/// The first error among everything that can be read of one customer.
async fn first_error<S: Agenda + Bulk + Inspect + Scan>(crm: &Crm<S>) -> Option<StoreError> {
    let (store, id) = (crm.store(), customer("a"));
    let judged_by = crm.books().latest().reference();
    let command = context(noon("01-01"), "order").command_id;
    let mut all = vec![
        crm.customer(id).await.err(),
        store.load_many(shop(), &[id]).await.err(),
        crm.scan(None, PageSize::MAX).await.err(),
        crm.history(id).await.err(),
        store.receipts(shop(), &[command]).await.err(),
        store.inspect(shop(), id).await.err(),
    ];
    let due = store.due(shop(), Timestamp::MAX, judged_by, None, PageSize::MAX).await;
    all.push(due.err());
    all.into_iter().flatten().next()
}

#[test]
fn what_is_not_known_is_refused_and_not_shown() {
    use StoreErrorKind::{Document, Newer};
    for (nth, (kind, change)) in [
        (Newer, "guanxi_parts SET schema = 2 WHERE part = 'lifecycle'"),
        (Newer, "guanxi_parts SET schema = 70000 WHERE part = 'lifecycle'"),
        (Newer, "guanxi_personal_parts SET schema = 2"),
        (Newer, "guanxi_journal SET schema = 2"),
        (Document, "guanxi_parts SET part = 'loyalty' WHERE part = 'lifecycle'"),
        (Document, "guanxi_parts SET document = '{}' WHERE part = 'lifecycle'"),
        (Document, "guanxi_personal_parts SET document = substr(document, 1, 30)"),
        (Document, "guanxi_customers SET stage = 'delighted'"),
        (Document, "guanxi_customers SET tier = 'D'"),
        (Document, "guanxi_customers SET risk = 'grave'"),
        (Document, "guanxi_customers SET reviewed_at = 9223372036854775807"),
        (Document, "guanxi_customers SET revision = -1"),
        (Document, "guanxi_customers SET wake_at = 9223372036854775807"),
        (Document, "guanxi_customers SET policy = x'00'"),
        (Document, "guanxi_customers SET in_force_from = NULL"),
        (Document, "guanxi_journal SET fingerprint = x'00'"),
        (Document, "guanxi_journal SET recorded_at = 9223372036854775807"),
        (Document, "guanxi_journal SET document = '[]'"),
        (Document, "guanxi_claims SET key = key || char(10)"),
        (Document, "guanxi_claims SET system = ''"),
        // Not UTF-8: SQLite takes it for text all the same.
        (Document, "guanxi_parts SET document = CAST(x'ff' AS TEXT)"),
        (Document, "guanxi_personal_parts SET document = CAST(x'ff' AS TEXT) || document"),
        (Document, "guanxi_parts SET part = CAST(x'ff' AS TEXT) WHERE part = 'lifecycle'"),
        (Document, "guanxi_journal SET document = CAST(x'ff' AS TEXT)"),
        (Document, "guanxi_customers SET stage = CAST(x'ff' AS TEXT)"),
        (Document, "guanxi_claims SET key = CAST(x'ff' AS TEXT) || key"),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = Folder::new(&format!("tampered-{nth}"));
        run(async {
            let crm = open(&folder).await;
            let (id, at) = (customer("a"), noon("01-01"));
            let name = Person::new(format!("{MARKER} name")).unwrap();
            for (command, text) in [
                ("order", order(at)),
                ("name", ProfileCommand::Identify(Party::Person(name)).into()),
                ("link", link(&format!("{MARKER} key"))),
            ] {
                crm.execute(id, &text, &context(at, command)).await.unwrap();
            }
            assert!(first_error(&crm).await.is_none());
            tamper(&folder, format!("UPDATE {change}")).await;
            let error = first_error(&crm).await.expect(change);
            assert_eq!(error.kind(), kind, "{change}: {error:?}");
            assert!(!chain(&error).contains(MARKER), "{change}: {}", chain(&error));
        });
    }
}

/// A journal that knows more than the customer's row: no commit can be right, and none is carried out.
#[test]
fn tables_that_contradict_each_other_are_named() {
    let folder = Folder::new("tampered-contradiction");
    run(async {
        let crm = open(&folder).await;
        let (id, at) = (customer("a"), noon("01-01"));
        for name in ["1", "2"] {
            crm.execute(id, &order(at), &context(at, name)).await.unwrap();
        }
        tamper(&folder, "UPDATE guanxi_customers SET revision = 1".to_owned()).await;
        let guanxi::crm::Prepared::Commit { commit, .. } =
            crm.prepare(id, &order(at), &context(at, "3")).await.unwrap()
        else {
            panic!("not a commit")
        };
        let error = match crm.store().commit(shop(), *commit).await.unwrap_err() {
            guanxi::store::CommitError::Store(error) => error,
            other => panic!("{other:?}"),
        };
        assert_eq!(error.kind(), StoreErrorKind::Document);
        assert!(matches!(fault(&error), SqliteFault::Contradiction(_)), "{error:?}");
        assert_eq!(crm.store().history(shop(), id, 0, PageSize::MAX).await.unwrap().len(), 2);
    });
}
